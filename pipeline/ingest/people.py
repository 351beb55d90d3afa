"""Who is behind what was said: contributors.csv, and the several rows and files that are one person's."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.errors import Problem
from pipeline.ids import opaque_id
from pipeline.ingest.safety import read_bytes
from pipeline.ingest.tabular import SheetMissing, read_table
from pipeline.ingest.text import folded, is_blank, squeezed, unique
from pipeline.ingest.unreadable import Unreadable
from pipeline.study import Study

_KNOWN = ("file", "speaker", "name", "email", "organisation", "role", "group", "consent", "respondent")
_NOBODY = ("anonymous", "anonym", "n/a", "-")  # what exports write where no name was asked for

_PARTS_OF_A_NAME = (
    re.compile(r"(your |recipient ?)?(first ?name|given ?name|forename)"),
    re.compile(r"(your |recipient ?)?(last ?name|family ?name|surname)"),
)


@dataclass
class Person:
    """A contributor of one source while the files are being read. `key` is what tells them from all others."""

    key: tuple[str, ...]
    source_id: str
    wave: int = 1
    name: str = ""
    email: str = ""
    organisation: str = ""
    role: str = ""
    group: str = ""
    identifiers: list[str] = field(default_factory=list)
    wordings: list[str] = field(default_factory=list)

    def contributor_id(self, key: bytes) -> str:
        return opaque_id(key, "contributor", self.source_id, *self.key)

    def learn(self, facts: Mapping[str, str], identifiers: Iterable[str] = (), wordings: Iterable[str] = ()) -> None:
        """Adds what another row says. The first value stays; a different name or employer is kept as an identifier."""
        for part in ("name", "email", "organisation", "role", "group"):
            value = squeezed(facts.get(part, "")).removesuffix(";").strip()
            if not value or (part in ("name", "email") and value.casefold() in _NOBODY):
                continue
            known = getattr(self, part)
            if not known:
                setattr(self, part, value)
            elif folded(known) != folded(value) and part in ("name", "email", "organisation"):
                self.identifiers.append(value)
        self.identifiers = unique([*self.identifiers, *(squeezed(identifier) for identifier in identifiers)])
        self.wordings = unique([*self.wordings, *wordings])


@dataclass(frozen=True)
class RosterRow:
    """A row of contributors.csv."""

    number: int
    cells: Mapping[str, str]
    identifying: tuple[str, ...]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    @property
    def key(self) -> tuple[str, ...]:
        """The person: by e-mail, else respondent, else name and organisation, else what the row names."""
        return identity(self.cells) or (
            ("name", folded(self["name"]), folded(self["organisation"]))
            if self["name"]
            else ("roster", folded(self["file"]), folded(self["speaker"]), str(self.number) if not self["file"] else "")
        )


def read_roster(study: Study) -> tuple[list[RosterRow], list[Problem]]:
    """The rows of contributors.csv, and what is wrong with it. A study need not have one."""
    where = study.contributors
    path = study.root / where
    if not path.is_file():
        return [], []
    if not path.resolve().is_relative_to(study.root.resolve()) and ".." not in path.relative_to(study.root).parts:
        return [], [Problem(where, "is a link that leads out of the study", "copy the file itself")]
    try:
        table = read_table(read_bytes(path))
    except (Unreadable, SheetMissing):
        return [], [Problem(where, "cannot be read", "save it as CSV in UTF-8")]
    columns = [folded(header) for header in table.headers]
    problems = [
        Problem(
            f"{where}, columns {', '.join(str(at + 1) for at in same)}", "have the same header", "rename or remove one"
        )
        for name in dict.fromkeys(columns)
        if len(same := [at for at, column in enumerate(columns) if column == name]) > 1
    ]
    if "file" not in columns and "respondent" not in columns:
        problems.append(Problem(where, "has neither a column `file` nor `respondent`", "add the one that is known"))
    problems += [
        Problem(f"{where}, row {n}", "has more cells than the header", "check its commas") for n in table.misaligned
    ]
    parts = name_columns(columns)
    rows = [
        RosterRow(
            number,
            _known(columns, cells, full_name(cells, parts)),
            tuple(
                cell for column, cell in zip(columns, cells, strict=True) if column not in _KNOWN and not is_blank(cell)
            ),
        )
        for number, cells in zip(table.row_numbers, table.rows, strict=True)
        if any(not is_blank(cell) for cell in cells)
    ]
    return rows, problems


def _known(columns: Sequence[str], cells: Sequence[str], name: str) -> dict[str, str]:
    """The cells by column; `name` where they have none."""
    known = {column: squeezed(cell) for column, cell in zip(columns, cells, strict=True) if column in _KNOWN}
    return known | ({"name": name} if name and not known.get("name") else {})


def name_columns(headers: Sequence[str]) -> tuple[int, int] | None:
    """Positions of the first-name and the last-name column; None unless there is exactly one of each."""
    first, last = (
        [at for at, header in enumerate(headers) if part.fullmatch(folded(header).rstrip(":*"))]
        for part in _PARTS_OF_A_NAME
    )
    return (first[0], last[0]) if len(first) == len(last) == 1 else None


def full_name(cells: Sequence[str], columns: tuple[int, int] | None) -> str:
    """First and last name; empty without such columns, or where both are blank."""
    return squeezed(" ".join(cells[at] for at in columns)) if columns else ""


def identity(cells: Mapping[str, str]) -> tuple[str, ...]:
    """What makes two rows one person: their e-mail address, else their respondent id; empty if they have neither."""
    email, respondent = folded(cells.get("email", "")), folded(cells.get("respondent", ""))
    if "@" in email:
        return ("email", email)
    return ("respondent", respondent) if respondent else ()


def consents(wording: str, known: Iterable[str]) -> list[str]:
    """The consent wordings in a cell: the whole, or its parts where `A;B;` is a multiple choice of known wordings."""
    accepted = {" ".join(one.split()) for one in known}

    def same(text: str) -> str:
        plain = " ".join(text.split())
        return plain if plain in accepted else squeezed(plain)

    whole = same(wording)
    parts = [same(part) for part in wording.split(";") if not is_blank(part)]
    if whole not in accepted and parts and all(part in accepted for part in parts):
        return parts
    return [whole] if whole else []


def rows_for_file(roster: Iterable[RosterRow], path: str, all_paths: Iterable[str]) -> list[RosterRow]:
    """The rows that name this file: by its path, the end of its path, or its name where no other file has the same."""
    paths = [folded(one) for one in all_paths]

    def means(row: RosterRow) -> bool:
        named = folded(row["file"].replace("\\", "/").removeprefix("./"))
        matching = {one for one in paths if one == named or one.endswith(f"/{named}")}
        exact = {one for one in matching if one == named}
        return bool(named) and (exact or matching) == {folded(path)}

    return [row for row in roster if means(row)]
