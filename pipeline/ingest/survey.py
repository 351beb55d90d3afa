"""Survey exports: which column is which, and each row's person and answers."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.errors import Problem
from pipeline.ingest.people import full_name, name_columns
from pipeline.ingest.tabular import Table
from pipeline.ingest.text import folded, is_blank
from pipeline.study import Source

PERSON_COLUMNS = ("respondent", "name", "email", "organisation", "role", "group", "consent")
_POSITION = re.compile(r"column\s+(\d{1,5})", re.IGNORECASE)
_LETTER = re.compile(r"([A-Za-z]{1,3})\s*:")


@dataclass(frozen=True)
class Layout:
    """Positions of the columns that study.yaml names, from 0."""

    person: dict[str, int]
    identifying: list[int]
    questions: dict[str, list[int]]  # question id → its columns
    full_name: tuple[int, int] | None = None  # first and last name, to make a name of where there is none


@dataclass(frozen=True)
class Survey:
    """An opened export."""

    table: Table
    layout: Layout


@dataclass(frozen=True)
class Row:
    """A row of a survey: cells by what they are. `answers` are (question id, column, cell), blank ones included."""

    number: int
    person: dict[str, str]
    identifying: list[str]
    answers: list[tuple[str, int, str]]


def find_columns(source: Source, headers: Sequence[str], file_name: str) -> tuple[Layout, list[Problem]]:
    """Where the source's columns are in this file, and everything that does not fit."""
    problems: list[Problem] = []

    def position(named: str, key: str) -> int:
        found = _match(named, headers)
        if len(found) == 1:
            return found[0]
        where = f"study.yaml [sources.{source.id}.{key}]"
        if found:
            places = ", ".join(str(at + 1) for at in found)
            problems.append(
                Problem(where, f"{file_name} has several such columns: {places}", f"write `column {found[0] + 1}`")
            )
        else:
            near = _near(named, headers)
            remedy = f"did you mean column {near + 1}? write `column {near + 1}`" if near is not None else ""
            what = f"{file_name} has no such column among its {len(headers)}"
            problems.append(Problem(where, what, remedy or "copy the header from the file"))
        return -1

    named = {part: getattr(source.columns, part) for part in PERSON_COLUMNS}
    layout = Layout(
        {part: position(column, f"columns.{part}") for part, column in named.items() if column},
        [position(column, f"columns.identifying.{n}") for n, column in enumerate(source.columns.identifying)],
        {
            question.id: [
                position(column, f"questions.{question.id}.columns.{n}") for n, column in enumerate(question.columns)
            ]
            for question in source.questions
        },
    )
    who = sorted({at for at in (*layout.identifying, layout.person.get("name", -1)) if at >= 0})
    if parts := name_columns([headers[at] for at in who]):
        layout = replace(layout, full_name=(who[parts[0]], who[parts[1]]))
    if not source.rows_are_people and (layout.person or layout.identifying):
        where = f"study.yaml [sources.{source.id}.columns]"
        problems.append(Problem(where, "describes people, but rows_are_people is false", "remove one of the two"))
    used = Counter([at for columns in layout.questions.values() for at in columns if at >= 0])
    for at, times in sorted(used.items()):
        if times > 1:
            where = f"study.yaml [sources.{source.id}.questions]"
            problems.append(Problem(where, f"column {at + 1} of {file_name} is named {times} times", "name it once"))
    return layout, problems


def _match(named: str, headers: Sequence[str]) -> list[int]:
    """Positions of the headers that `named` means: a header's own words first, then `column 3`, then `C:`."""
    wanted = folded(named)
    same = [at for at, header in enumerate(headers) if folded(header) == wanted]
    if same:
        return same
    number = 0
    if found := _POSITION.fullmatch(named.strip()):
        number = int(found[1])
    elif found := _LETTER.fullmatch(named.strip()):
        for letter in found[1].upper():
            number = number * 26 + ord(letter) - ord("A") + 1
    return [number - 1] if 1 <= number <= len(headers) else []


def _near(named: str, headers: Sequence[str]) -> int | None:
    from rapidfuzz import fuzz, process

    best = process.extractOne(folded(named), [folded(header) for header in headers], scorer=fuzz.ratio, score_cutoff=70)
    return None if best is None else int(best[2])


def rows_of(survey: Survey) -> Iterator[Row]:
    """The survey's rows, in the file's order."""
    layout = survey.layout
    for number, cells in zip(survey.table.row_numbers, survey.table.rows, strict=True):
        yield Row(
            number,
            _person(layout, cells),
            [cells[at] for at in layout.identifying],
            [(question, at, cells[at]) for question, columns in layout.questions.items() for at in columns],
        )


def _person(layout: Layout, cells: Sequence[str]) -> dict[str, str]:
    """The person's cells. A `name` that is only the first or the last name gives way to both."""
    person = {part: cells[at] for part, at in layout.person.items()}
    whole = full_name(cells, layout.full_name)
    if whole and (is_blank(person.get("name", "")) or layout.person["name"] in (layout.full_name or ())):
        person["name"] = whole
    return person


def has_answer(row: Row) -> bool:
    return any(not is_blank(cell) for _, _, cell in row.answers)


def duplicates(rows: Sequence[Row]) -> set[int]:
    """Numbers of the rows that share a respondent with another row of the same file."""
    keys = {row.number: folded(row.person.get("respondent", "")) for row in rows}
    times = Counter(key for key in keys.values() if key)
    return {number for number, key in keys.items() if times[key] > 1}
