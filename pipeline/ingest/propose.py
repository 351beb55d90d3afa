"""A first study.yaml for a survey export: guesses for a person to confirm, never decisions."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

from pipeline.errors import InputError, Problem
from pipeline.ingest.check import rows_in_words
from pipeline.ingest.people import name_columns
from pipeline.ingest.safety import read_bytes
from pipeline.ingest.survey import PERSON_COLUMNS
from pipeline.ingest.tabular import SheetMissing, Table, read_table
from pipeline.ingest.text import folded, is_blank, squeezed
from pipeline.ingest.unreadable import Unreadable
from pipeline.reasons import FILE_REASONS
from pipeline.study import Attribution

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_TIME_OR_NUMBER = re.compile(r"[\d.,:/ \-+%£$]*|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}[T ]?[\d:. ]*(?:[ap]m)?(?: gmt.*)?")
# Words of a header that give a column's role away; the first that fits wins. Contents must agree, see _fits.
_ROLE_WORDS = {
    "respondent": r"(respondent|response|participant|submission)? ?(id|no|number|ref)|(respondent|response)id",
    "email": r".*\be-?mail\b.*",
    "consent": r".*\b(consent|attribut\w+|anonym\w+|quot(e|ed|ing)|permission|associate you|name you|be named)\b.*",
    "organisation": r".*\b(organi[sz]ation|employer|company|which force|your force|police force|agency)\b.*",
    "role": r".*\b(role|job title|rank|position|occupation|job)\b.*",
    "group": r".*\b(group|best describes|are you an?|respondent type|stakeholder|category|responding as)\b.*",
    "name": r"(your |full |respondent |contact )*name",
}
_IDENTIFYING = (
    r".*\b((tele)?phone|mobile|collar|shoulder|warrant|(first|given|last|family) ?name|forename|surname|post ?code)\b.*"
    r"|.*\b(latitude|longitude)\b.*"
    r"|(ip|home|postal|work|street)? ?address|external ?reference|recipient ?\w*|location ?\w*"
)
_FEW = 15  # different values of a closed question, at most
# Of wordings, in this order. An openness with an "if" or a "but" to it is for a person to read; so is anything else.
_MEANINGS: tuple[tuple[Attribution | None, str], ...] = (
    (
        Attribution.DO_NOT_QUOTE,
        r".*\b(not|never|don.?t)( be| to be| want to be)? (quote|quoted|use|used|publish\w*)\b.*",
    ),
    (Attribution.DO_NOT_QUOTE, r".*\b(not|don.?t) (consent|agree|take part)\b.*"),
    (Attribution.ROLE_ONLY, r".*\b(role|job title|rank|organisation|force)\b.*\b(not|without)\b.*\bname\b.*"),
    (Attribution.ROLE_ONLY, r".*\b(only|just)\b.*\b(role|job title|rank)\b.*|.*\b(role|job title|rank)\b.* only\b.*"),
    (Attribution.NON_ATTRIBUTABLE, r"no\b.*|.*\b(non-?attributable|not attribut\w+|anonym\w+|unattribut\w+)\b.*"),
    (Attribution.NON_ATTRIBUTABLE, r".*\b(not|never|don.?t) (be )?(named?|identif\w+|associate\w*|attribute\w*)\b.*"),
    (None, r".*\b(but|not|no|nobody|never|without|only|unless|except|if|ask|first|apart|role|title|initials?)\b.*"),
    (Attribution.ATTRIBUTABLE, r"yes\b.*|.*\b(may|can|happy to)( be)? (named?|quote\w*|attribut\w+|associate\w*)\b.*"),
)


_NAMING = r"\b(names?|named|attribut\w+|associate\w*|identif\w+)\b"


@dataclass(frozen=True)
class _Column:
    position: int  # from 0
    header: str
    filled: list[str]
    reference: str  # as study.yaml should name it
    rows: list[int]  # of each filled cell, as a spreadsheet counts them

    @property
    def distinct(self) -> int:
        return len(set(self.filled))


def propose_study(file: Path, files: str | None = None) -> str:
    """The text of a study.yaml for a survey export, with its guesses marked for a person to confirm.

    Args:
        file: a CSV, TSV or XLSX export.
        files: what study.yaml is to say under `files`; `sources/<the file's name>` if left out.

    Raises:
        InputError: the file cannot be read, or has no column with answers in words.
    """
    try:
        data = read_bytes(file)
        table = read_table(data)
        two_rows = _has_two_header_rows(table)
        table = read_table(data, 2) if two_rows else table
    except Unreadable as error:
        raise InputError(Problem(file.name, *FILE_REASONS[error.reason])) from None
    except SheetMissing:
        raise InputError(Problem(file.name, "has no worksheet that can be seen", "show one, and save it")) from None
    columns = _columns(table)
    roles = _roles(columns)
    identifying = [c for c in columns if c not in roles.values() and _identifies(c)]
    taken = {c.position for c in (*roles.values(), *identifying)}
    questions = _questions([c for c in columns if c.position not in taken])
    if not questions:
        raise InputError(Problem(file.name, "has no column with answers in words", "is this the right export?"))
    return "\n".join(
        [
            *_head(file, files or f"sources/{file.name}", table, two_rows),
            *_columns_section(roles, identifying),
            *_questions_section(questions),
            "",
            *_consent_section(roles.get("consent")),
            "",
        ]
    )


def _has_two_header_rows(table: Table) -> bool:
    """SurveyMonkey's second header row says what each column of a question holds."""
    return bool(table.rows) and any(folded(cell) in ("response", "open-ended response") for cell in table.rows[0])


def _columns(table: Table) -> list[_Column]:
    times = Counter(folded(header) for header in table.headers)
    return [
        _Column(
            at,
            header,
            [squeezed(row[at]) for row in table.rows if not is_blank(row[at])],
            header if header and times[folded(header)] == 1 and len(header) <= 300 else f"column {at + 1}",
            [number for number, row in zip(table.row_numbers, table.rows, strict=True) if not is_blank(row[at])],
        )
        for at, header in enumerate(table.headers)
    ]


def _roles(columns: list[_Column]) -> dict[str, _Column]:
    found: dict[str, _Column] = {}
    for role, words in _ROLE_WORDS.items():
        for column in columns:
            if column not in found.values() and re.fullmatch(words, folded(column.header)) and _fits(role, column):
                found[role] = column
                break
    if "email" not in found:
        mails = [c for c in columns if c.filled and sum(map(_is_email, c.filled)) > 0.8 * len(c.filled)]
        found |= {"email": mails[0]} if mails else {}
    return found


def _is_email(cell: str) -> bool:
    return _EMAIL.fullmatch(cell) is not None


def _fits(role: str, column: _Column) -> bool:
    """Whether the cells could be what the header promises: a question *about* consent is no consent question."""
    if not column.filled:
        return role in ("name", "email")  # forms that do not ask for them export them empty
    match role:
        case "respondent":
            return column.distinct == len(column.filled)
        case "email":
            return sum(map(_is_email, column.filled)) > 0.5 * len(column.filled)
        case _ if all(_TIME_OR_NUMBER.fullmatch(cell) for cell in column.filled):
            return False
        case "consent" | "group":
            return column.distinct <= max(_FEW, len(column.filled) // 5) and median(map(len, column.filled)) < 150
        case _:
            return median(map(len, column.filled)) < 60


def _identifies(column: _Column) -> bool:
    return len(column.header.split()) <= 8 and re.fullmatch(_IDENTIFYING, folded(column.header)) is not None


def _is_open(column: _Column) -> bool:
    """Answers in people's own words: mostly different, several words long, and neither times nor numbers."""
    words = [cell for cell in column.filled if not _TIME_OR_NUMBER.fullmatch(folded(cell))]
    if not words or len(words) < 0.5 * len(column.filled):
        return False
    return mean(len(cell.split()) for cell in words) >= 4 and len(set(words)) > 0.5 * len(words)


def _questions(columns: list[_Column]) -> list[list[_Column]]:
    """The open questions, each with its columns: `Aspect #1: …` and `Aspect #2: …` are one question."""
    together: dict[str, list[_Column]] = {}
    for column in columns:
        together.setdefault(re.sub(r"#?\s*\d+", "#", folded(column.header)) or str(column.position), []).append(column)
    repeated = [group for group in together.values() if any(_is_open(column) for column in group)]
    return [group if _are_repeats(group) else [column] for group in repeated for column in _lead(group)]


def _are_repeats(group: list[_Column]) -> bool:
    return len(group) > 1 and all(re.search(r"\d", column.header) for column in group)


def _lead(group: list[_Column]) -> list[_Column]:
    return group[:1] if _are_repeats(group) else [column for column in group if _is_open(column)]


# ── the text ────────────────────────────────────────────────────────────────────────────────────────────────────


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _head(file: Path, files: str, table: Table, two_rows: bool) -> list[str]:
    names = {folded(header) for header in table.headers}
    if {"start time", "completion time"} <= names:
        made_by = "Microsoft Forms"
    elif table.headers and folded(table.headers[0]) == "timestamp":
        made_by = "Google Forms"
    else:
        made_by = "a survey tool"
    slug = re.sub(r"[^a-z0-9]+", "-", file.stem.casefold()).strip("-")[:40].strip("-") or "survey"
    return [
        f"# Proposed from an export of {made_by} with {len(table.rows)} rows and {len(table.headers)} columns.",
        "# Every line marked `please check` is a guess. Nothing is decided until a person has read it.",
        f"study: {_quoted(slug)}",
        f"title: {_quoted('Untitled study')}  # please change",
        "",
        "sources:",
        "  - id: survey",
        "    kind: survey",
        f"    files: {_quoted(files)}",
        *(["    header_rows: 2"] if two_rows else []),
    ]


def _columns_section(roles: dict[str, _Column], identifying: list[_Column]) -> list[str]:
    lines = [
        f"      {role}: {_quoted(roles[role].reference)}  # please check" for role in PERSON_COLUMNS if role in roles
    ]
    if identifying:
        named = ", ".join(_quoted(column.reference) for column in identifying)
        lines.append(f"      identifying: [{named}]  # please check")
        if name_columns([column.header for column in identifying]):
            lines.append("      # A name is made of the first and the last name where there is none under `name`.")
    if "consent" not in roles:
        return [
            "    # No consent question was found. Name its column under `columns`, or say what people were told:",
            "    # consent:",
            "    #   meaning: non_attributable",
            "    #   basis: where that was promised",
            *(["    columns:", *lines] if lines else []),
        ]
    return ["    columns:", *lines]


def _questions_section(questions: list[list[_Column]]) -> list[str]:
    lines = ["    questions:  # please check: the open questions, and what readers should see"]
    for n, group in enumerate(questions, start=1):
        text = re.sub(r"<[^<>]+>", " ", re.sub(r"^[^:?]{0,40}#\s*\d+\s*:\s*", "", group[0].header))
        lines += [
            f"      - id: q{n}",
            f"        text: {_quoted(squeezed(text) or f'Question {n}')}",
            f"        columns: [{', '.join(_quoted(column.reference) for column in group)}]",
        ]
    return lines


def _consent_section(column: _Column | None) -> list[str]:
    lines = [
        "consent:",
        "  version: 1",
        "  # Each wording exactly as it stands, and what it means: attributable, role_only, non_attributable,",
        "  # do_not_quote. Whoever used a wording that is not listed is held for a person to decide.",
    ]
    if column is None:
        return [*lines, "  wording: {}"]
    mapped: list[str] = []
    unmapped: list[str] = []
    for wording, rows in sorted(_wordings(column).items(), key=lambda item: (-len(item[1]), item[1], item[0])):
        meaning = proposed_meaning(wording, column.header) if len(wording) <= 500 else None
        if meaning is None:  # perhaps free text that names people: it stays in the export
            unmapped.append(f"  # A wording that was not understood; please read it in the export, {_in_words(rows)}.")
        else:
            mapped.append(f"    {_quoted(wording)}: {meaning}  # please check; {len(rows)} row(s)")
    return [*lines, *(["  wording:", *mapped] if mapped else ["  wording: {}"]), *unmapped]


def _in_words(rows: list[int]) -> str:
    return rows_in_words(list(dict.fromkeys(rows)))


def _wordings(column: _Column) -> dict[str, list[int]]:
    """Wordings and the rows in which each stands; the choices of a multiple choice one by one."""
    alone = {squeezed(cell.removesuffix(";")) for cell in column.filled if ";" not in cell.removesuffix(";")}
    found: dict[str, list[int]] = {}
    for cell, row in zip(column.filled, column.rows, strict=True):
        parts = [squeezed(part) for part in cell.split(";") if not is_blank(part)]
        for wording in parts if all(part in alone for part in parts) else [cell]:
            found.setdefault(wording, []).append(row)
    return found


def proposed_meaning(wording: str, question: str = "") -> Attribution | None:
    """What a consent wording probably means, or None. For a person to confirm: no run ever uses this.

    A yes to taking part is no yes to being named: either the wording or the question must speak of that.
    """
    plain = folded(wording)
    meaning = next((meaning for meaning, words in _MEANINGS if re.fullmatch(words, plain)), None)
    if meaning is Attribution.ATTRIBUTABLE and not re.search(_NAMING, f"{plain} {folded(question)}"):
        return None
    return meaning
