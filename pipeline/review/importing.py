"""What reviewers filled in, checked cell by cell before anything of it is believed. No message holds a cell's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import Problem
from pipeline.ingest.filled import Row, read_filled
from pipeline.redaction.documents import Span
from pipeline.review.applying import kept
from pipeline.review.cases import Case
from pipeline.review.decisions import Decision, Extent, Mask, Remark
from pipeline.review.vocabulary import NEED_WORDS, NOUNS, REDACTED, WHOLE, Choice
from pipeline.review.words import find_words, named_words
from pipeline.review.workbook import CHECK, CHOICE, COMMENT, ID, INITIALS, SHEET, SHOWN, WORDS

_NEEDED = (ID, CHOICE, WORDS, SHOWN, COMMENT, INITIALS, CHECK)
_OURS = "use a file from quotebank review export"
_AGAIN = "export the review again, and decide there"


@dataclass(frozen=True)
class Checked:
    """What a workbook decides, and what is wrong with it."""

    decided: list[tuple[Decision, Remark]]
    problems: list[Problem]
    undecided: int  # rows without a decision


@dataclass(frozen=True)
class _Part:
    """What one row decides about its segment."""

    row: Row
    choice: Choice
    masks: tuple[Mask, ...] = ()
    keeps: tuple[Extent, ...] = ()


class _Wrong(Exception):
    """A cell that cannot be applied; holds the problem."""

    def __init__(self, row: Row, column: str, what: str, remedy: str) -> None:
        self.problem = Problem(row.places[column], what, remedy)
        super().__init__(str(self.problem))


def read_rows(path: Path) -> list[Row]:
    """The rows of a workbook's sheet Review. Raises InputError for what is no such workbook."""
    return read_filled(path, SHEET, _NEEDED, _OURS)


def check_rows(rows: Sequence[Row], cases: Mapping[str, Case]) -> Checked:
    """Decisions of all rows that are clear, problems of the others; a segment with one problem is not decided.

    Args:
        cases: by segment id, of the run that the study has now.
    """
    parts: dict[str, list[_Part]] = {}
    wrong: set[str] = set()
    problems: list[Problem] = []
    undecided = 0
    for row in rows:
        try:
            part = _part(row, cases)
        except _Wrong as error:
            problems.append(error.problem)
            wrong.add(row.cells[ID])
            continue
        if part is None:
            undecided += " (part " not in row.cells[ID]
        else:
            parts.setdefault(row.cells[ID], []).append(part)
    decided: list[tuple[Decision, Remark]] = []
    for segment, given in parts.items():
        if segment in wrong:
            continue
        try:
            decided.append(_decision(given, cases[segment]))
        except _Wrong as error:
            problems.append(error.problem)
    return Checked(decided, problems, undecided)


def _part(row: Row, cases: Mapping[str, Case]) -> _Part | None:
    """What a row decides; None if it decides nothing. Raises _Wrong."""
    written = " ".join(row.cells[CHOICE].split()).casefold()
    if not written:
        if row.cells[WORDS] or row.cells[SHOWN]:
            raise _Wrong(row, CHOICE, "is empty, but words are filled in beside it", "choose a decision from the list")
        return None
    if written not in set(Choice):
        raise _Wrong(row, CHOICE, "is not a decision of the list", f"one of: {', '.join(Choice)}")
    choice = Choice(written)
    if " (part " in row.cells[ID]:
        raise _Wrong(row, CHOICE, "decides in a later part of a long passage", "decide in its first row")
    case = cases.get(row.cells[ID])
    if case is None:
        raise _Wrong(row, ID, "is no id of this study's review", _AGAIN)
    if row.cells[CHECK] != case.check:
        raise _Wrong(row, CHECK, "the passage, or what is proposed for it, has changed since the export", _AGAIN)
    noun = _noun(row, choice)
    extents = _extents(row, choice, case)
    if choice is Choice.KEEP_ALL:
        extents = [(span.start, span.end) for span in case.proposal]
        if any(span.kind == "direct" for span in case.proposal):
            remedy = f"name each word that identifies nobody, with {Choice.KEEP_WORDS}"
            raise _Wrong(row, CHOICE, "would show what was found to be a name, number or address", remedy)
    if choice in (Choice.KEEP_ALL, Choice.KEEP_WORDS):
        _refuse_to_uncover(row, CHOICE if choice is Choice.KEEP_ALL else WORDS, extents, case)
        return _Part(row, choice, keeps=tuple(extents))
    return _Part(row, choice, masks=tuple(Mask(start, end, noun) for start, end in extents))


def _noun(row: Row, choice: Choice) -> str:
    noun = row.cells[SHOWN].strip("[] ").casefold()
    if choice in (Choice.GENERALISE, Choice.REDACT_ALSO):
        if noun and noun not in NOUNS:
            raise _Wrong(row, SHOWN, "is not a placeholder of the list", "choose one from the list")
        if choice is Choice.GENERALISE and not noun:
            raise _Wrong(row, SHOWN, "is empty", "choose what is to be shown instead")
    elif noun:
        raise _Wrong(row, SHOWN, "is filled in, but the decision does not use it", "clear it, or decide otherwise")
    return noun or REDACTED


def _extents(row: Row, choice: Choice, case: Case) -> list[Extent]:
    named = named_words(row.cells[WORDS])
    if choice not in NEED_WORDS:
        if named:
            raise _Wrong(row, WORDS, "is filled in, but the decision does not use it", "clear it, or decide otherwise")
        return []
    if not named:
        raise _Wrong(row, WORDS, "is empty", "copy the exact words from What was said")
    extents: list[Extent] = []
    for number, words in enumerate(named, start=1):
        found = find_words(case.original, words)
        if not found:
            which = "its words are" if len(named) == 1 else f"number {number} of its words is"
            raise _Wrong(row, WORDS, f"{which} not in the passage", "copy the exact, whole words from What was said")
        extents += found
    return sorted(set(extents))


def _refuse_to_uncover(row: Row, column: str, extents: Sequence[Extent], case: Case) -> None:
    """Whatever the decision, a contributor's particulars stay covered, and so does what another decision redacts."""
    if any(_overlap(one, other) for one in extents for other in case.protected):
        what = "would show a name or particular of a contributor, or a word that the study always masks"
        raise _Wrong(row, column, what, "leave it redacted; nothing can uncover it")
    others = [(span.start, span.end) for span in case.proposal if span.source == "review"]
    if any(_overlap(one, other) for one in extents for other in others):
        what = "would show words that a decision about another passage of the same contribution redacts"
        raise _Wrong(row, column, what, "decide otherwise there, or leave them redacted here")


def _decision(parts: Sequence[_Part], case: Case) -> tuple[Decision, Remark]:
    """One decision of all rows about a segment. Raises _Wrong where they disagree."""
    choices = tuple(sorted({part.choice for part in parts}))
    last = parts[-1].row
    if len(choices) > 1 and WHOLE & set(choices):
        raise _Wrong(last, CHOICE, "disagrees with another row about the same passage", "leave one of the two empty")
    masks = tuple(sorted({mask for part in parts for mask in part.masks}, key=lambda m: (m.start, m.end, m.noun)))
    keeps = tuple(sorted({keep for part in parts for keep in part.keeps}))
    unlike = any(a.noun != b.noun and _overlap((a.start, a.end), (b.start, b.end)) for a in masks for b in masks)
    if unlike or any(_overlap(keep, (mask.start, mask.end)) for keep in keeps for mask in masks):
        what = "names words about which another row decides otherwise"
        raise _Wrong(last, WORDS, what, "name each word in one row only")
    seen = () if Choice.DROP in choices else _extents_of(kept(case.proposal, keeps))
    initials = ", ".join(dict.fromkeys(filter(None, (part.row.cells[INITIALS] for part in parts))))
    comment = "\n".join(filter(None, (part.row.cells[COMMENT] for part in parts)))
    decision = Decision(case.segment_id, case.document_id, case.text_key, choices, seen, masks, keeps)
    return decision, Remark(initials, comment)


def _extents_of(spans: Sequence[Span]) -> tuple[Extent, ...]:
    return tuple((span.start, span.end) for span in spans)


def _overlap(one: Extent, other: Extent) -> bool:
    return one[0] < other[1] and other[0] < one[1]
