"""What coders filled in, checked cell by cell before anything of it is believed. No message holds a cell's words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.agreement.codings import SETTLED, Coded, Coding, Codings, State
from pipeline.agreement.sampling import Sample
from pipeline.agreement.sheet import (
    ABOUT,
    ALL,
    CANNOT_TELL,
    CHECK,
    CODE,
    CODE_ID,
    CODEBOOK,
    CODES,
    CODING,
    DECISION,
    ID,
    KIND,
    NONE,
    NOTE,
    PASSAGE,
    SETTLING,
    SHARED,
    VALUE,
    as_coder,
    as_written,
    check_code,
)
from pipeline.errors import InputError, Problem
from pipeline.ingest.filled import Row, read_filled
from pipeline.ingest.text import folded

_OURS = "use a file from quotebank agreement export"
_AGAIN = "export again, and code it there"
_ALIKE = 70  # of 100: a label less like what is written is no likely slip of the pen


@dataclass(frozen=True)
class Sheet:
    """A workbook as a coder left it. `labels` are the folded labels of its codebook with their theme ids."""

    name: str
    kind: str
    study: str
    sample: str
    coder: str
    labels: Mapping[str, str]
    spelled: Mapping[str, str]  # theme id → its label as it stands in the list
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Present:
    """A passage as the study has it now."""

    text: str
    text_hash: str


@dataclass
class Checked:
    """What a sheet says: codings (also withdrawn ones), notes by passage id, problems, and rows not coded."""

    codings: list[Coding]
    notes: dict[str, str]
    problems: list[Problem]
    uncoded: int = 0


class _Wrong(Exception):
    """A cell that cannot be believed; holds the problem."""

    def __init__(self, row: Row, column: str, what: str, remedy: str) -> None:
        self.problem = Problem(row.places[column], what, remedy)
        super().__init__(str(self.problem))


def read_sheet(path: Path) -> Sheet:
    """A coder's workbook, or one of settled disagreements. Raises InputError for what is neither."""
    facts = {row.cells[KIND]: row.cells[VALUE] for row in read_filled(path, ABOUT, (KIND, VALUE), _OURS)}
    kind = facts.get("kind", "")
    if kind not in (CODING, SETTLING):
        raise InputError(Problem(f"{path.name}, {ABOUT}", "does not say what the file is", _OURS))
    needed = (ID, PASSAGE, *CODES, NOTE) if kind == CODING else (ID, PASSAGE, DECISION, NOTE, CHECK)
    rows = tuple(row for row in read_filled(path, kind, needed, _OURS) if any(row.cells.values()))
    codebook = [row for row in read_filled(path, CODEBOOK, (CODE, CODE_ID), _OURS) if row.cells[CODE_ID]]
    spelled = {row.cells[CODE_ID]: row.cells[CODE] for row in codebook}
    labels = {folded(row.cells[CODE]): row.cells[CODE_ID] for row in codebook}
    if len(labels) != len(codebook) or len(spelled) != len(codebook) or "" in labels:
        raise InputError(Problem(f"{path.name}, {CODEBOOK}", "has an empty label, or one twice", _OURS))
    study, sample, coder = (facts.get(name, "") for name in ("study", "sample", "coder"))
    return Sheet(path.name, kind, study, sample, coder, labels, spelled, rows)


def check_sheet(sheet: Sheet, study: str, codings: Codings, present: Mapping[str, Present]) -> Checked:
    """Everything a sheet says that is clear, and a problem for everything else.

    Args:
        study: the id of the study it is imported into.
        codings: those of the study so far.
        present: passage id → the passage as the study has it now.

    Raises:
        InputError: the whole sheet belongs elsewhere.
    """
    if sheet.study != study:
        raise InputError(Problem(sheet.name, "is a sheet of another study", "import it into that one"))
    if sheet.kind == SETTLING:
        return _check_settled(sheet, codings, present)
    sample = codings.samples.get(sheet.sample)
    if sample is None or sheet.coder not in sample.coders or set(sheet.spelled) != set(sample.themes):
        what = "is of a sample that this study has not drawn, or its codebook was changed"
        raise InputError(Problem(sheet.name, what, _OURS))
    return _check_coded(sheet, sample, codings, present)


def _check_coded(sheet: Sheet, sample: Sample, codings: Codings, present: Mapping[str, Present]) -> Checked:
    drawn = {one.passage_id: one.text_hash for one in sample.drawn}
    mine = {c.passage_id for c in codings.in_force if (c.sample, c.coder) == (sheet.sample, sheet.coder)}

    def read(row: Row, passage: str) -> Coding | None:
        if any(row.cells[column] for column in CODES):
            _refuse_other_words(row, drawn[passage], present.get(passage))
        state, themes = _codes(row, CODES, sheet)
        if state is None and passage not in mine:
            return None
        return Coding(sheet.sample, sheet.coder, passage, drawn[passage], state or State.WITHDRAWN, tuple(themes))

    checked = _check_rows(sheet, drawn, read)
    missing = len(drawn.keys() - {row.cells[ID] for row in sheet.rows})
    if missing:
        where, what = f"{sheet.name}, {CODING}", f"lacks {missing} of the {len(drawn)} passages that were exported"
        remedy = "put the rows back; leave the codes empty where nothing was coded"
        checked.problems.append(Problem(where, what, remedy))
    return checked


def _check_settled(sheet: Sheet, codings: Codings, present: Mapping[str, Present]) -> Checked:
    passages = codings.passages()

    def read(row: Row, passage: str) -> Coding | None:
        coded = passages[passage]
        if row.cells[DECISION]:
            _refuse_other_words(row, coded.text_hash, present.get(passage))
            _refuse_other_codings(row, coded)
        state, themes = _decided(row, coded, sheet)
        return Coding("", SETTLED, passage, coded.text_hash, state, tuple(themes)) if state else None

    return _check_rows(sheet, passages, read)


def _check_rows(sheet: Sheet, known: Mapping[str, object], read: Callable[[Row, str], Coding | None]) -> Checked:
    """Every row as `read` understands it: None where nothing is coded; it raises _Wrong for what cannot be believed."""
    checked, seen = Checked([], {}, []), set[str]()
    for row in sheet.rows:
        try:
            passage = _passage(row, known, seen)
            coding = read(row, passage)
        except _Wrong as error:
            checked.problems.append(error.problem)
            continue
        if row.cells[NOTE]:
            checked.notes[passage] = row.cells[NOTE]
        if coding is None or coding.state is State.WITHDRAWN:
            checked.uncoded += 1
        if coding is not None:
            checked.codings.append(coding)
    return checked


def _passage(row: Row, known: Mapping[str, object], seen: set[str]) -> str:
    """The row's passage id, noted as seen. Raises _Wrong."""
    passage = row.cells[ID]
    if passage not in known:
        raise _Wrong(row, ID, "is no passage of this sheet", "clear the row, or put its id back")
    if passage in seen:
        raise _Wrong(row, ID, "is the same passage as in a row above", "leave one of the two, and clear the other")
    seen.add(passage)
    return passage


def _refuse_other_words(row: Row, coded_hash: str, passage: Present | None) -> None:
    if passage is None:
        raise _Wrong(row, ID, "the passage is no longer in the study", "clear its codes")
    if passage.text_hash != coded_hash:
        raise _Wrong(
            row, PASSAGE, "the passage has changed in the study since the export", f"clear its codes, or {_AGAIN}"
        )
    if folded(row.cells[PASSAGE]) != folded(as_written(passage.text)):
        raise _Wrong(row, PASSAGE, "does not hold the words that were exported", "put them back, or clear its codes")


def _codes(row: Row, columns: Sequence[str], sheet: Sheet) -> tuple[State | None, list[str]]:
    """What a row says: its state (None: nothing) and its themes. Raises _Wrong."""
    themes: list[str] = []
    alone = ""
    filled = [column for column in columns if row.cells[column]]
    for column in filled:
        written = folded(row.cells[column])
        if written in (NONE, CANNOT_TELL):
            alone = written
            if len(filled) > 1:
                raise _Wrong(row, column, f"is “{written}”, but another code stands beside it", "clear one of the two")
            continue
        theme = _theme(row, column, row.cells[column], sheet)
        if theme in themes:
            raise _Wrong(row, column, "is the same code as in another cell of the row", "clear one of the two")
        themes.append(theme)
    if not filled:
        return None, []
    return (State.CANNOT_TELL if alone == CANNOT_TELL else State.CODED), themes


def _theme(row: Row, column: str, written: str, sheet: Sheet) -> str:
    """The theme that somebody wrote by its label or id. Raises _Wrong, which suggests the nearest label."""
    ids = {theme.casefold(): theme for theme in sheet.spelled}
    theme = sheet.labels.get(folded(written)) or ids.get(folded(written))
    if theme is None:
        raise _Wrong(row, column, "is no code of the codebook", _nearest(written, sheet))
    return theme


def _nearest(written: str, sheet: Sheet) -> str:
    from rapidfuzz import fuzz, process

    found = process.extractOne(folded(written), list(sheet.labels), scorer=fuzz.WRatio, score_cutoff=_ALIKE)
    return f"perhaps “{sheet.spelled[sheet.labels[found[0]]]}”?" if found else "choose from the list"


def _refuse_other_codings(row: Row, coded: Coded) -> None:
    if row.cells[CHECK] != check_code(coded):
        raise _Wrong(row, CHECK, "what was coded has changed since the export", "export the disagreements again")


def _decided(row: Row, coded: Coded, sheet: Sheet) -> tuple[State | None, list[str]]:
    """What a decision says. Raises _Wrong."""
    written = folded(row.cells[DECISION])
    if written == ALL:
        return State.CODED, sorted(frozenset().union(*coded.by_coder.values()))
    if written == SHARED:
        return State.CODED, sorted(coded.shared)
    for coder in coded.unsure:
        if written == folded(as_coder(coder)):
            return State.CANNOT_TELL, []
    for coder, themes in coded.by_coder.items():
        if written == folded(as_coder(coder)):
            return State.CODED, sorted(themes)
    if written in sheet.labels or ";" not in written:
        return _codes(row, (DECISION,), sheet)
    parts = [part for part in row.cells[DECISION].split(";") if part.strip()]
    return State.CODED, list(dict.fromkeys(_theme(row, DECISION, part, sheet) for part in parts))


def refuse_twice(sheets: Sequence[Sheet]) -> None:
    """Two files of one coder would each replace the other. Raises InputError."""
    seen: dict[tuple[str, str, str], str] = {}
    for sheet in sheets:
        key = (sheet.kind, sheet.sample, sheet.coder)
        if key in seen and sheet.kind == CODING:
            what = f"is coder {sheet.coder}'s, and so is {seen[key]}"
            raise InputError(Problem(sheet.name, what, "give each coder a file of their own from the export"))
        seen[key] = sheet.name
