"""review.xlsx: what waits for a person, in a spreadsheet that a reviewer fills in. It holds original text.

Every cell is a string, so that nothing can be a formula. The sheet Review begins with its header, so that it can be
sorted and filtered; the first sheet says how to work.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.outputs import forms
from pipeline.outputs.text import pieces, printable
from pipeline.outputs.xlsx import cell_parts
from pipeline.review.applying import redacted_text
from pipeline.review.cases import Case
from pipeline.review.vocabulary import CHOICES_EXPLAINED, NOUNS, REASONS_IN_WORDS, Choice, in_words

GUIDE = forms.GUIDE
SHEET = "Review"
ID, CHOICE, WORDS, SHOWN, COMMENT, INITIALS, CHECK = (
    "Id", "Decision", "Which words", "Shown instead", "Comment", "Your initials", "Check",
)  # fmt: skip
CONFIDENTIAL = "Confidential: holds original words. Keep it in the study's private folder; never send it by e-mail."
LONGEST = 1_500  # characters of one row: what fits the tallest row that a spreadsheet has, and a page
CONTEXT = 1_500  # characters of what else the same person said
CONTEXT_LINES = 6  # of it make a row taller; all of it can be read in the cell itself

_ORIGINAL, _PROPOSED, _WHY = "What was said (confidential)", "As proposed", "Why you are asked"
_OTHERS = "Their other passages"
COLUMNS = (
    (ID, 10), (_WHY, 17), (_ORIGINAL, 44), (_PROPOSED, 44), (CHOICE, 14), (WORDS, 16), (SHOWN, 12), (COMMENT, 14),
    (INITIALS, 8), ("Consent", 15), ("Readers would see", 19), ("Question", 24), (_OTHERS, 90), (CHECK, 10),
)  # fmt: skip
_NOUNS_AT = 5  # column of the guide that holds the list for Shown instead
_NOUNS_RANGE = f"='{GUIDE}'!$F$1:$F${len(NOUNS)}"
_PRINTED = 8  # the last printed column: the rest is context for the screen
_CONSENTS = {
    "attributable": "may be named",
    "role_only": "role and organisation only",
    "non_attributable": "non-attributable",
}
Fragments = list[tuple[str, str]]  # look ("" or a format's name) and text


@dataclass(frozen=True)
class _Row:
    """A case, or one part of a long one."""

    id: str
    original: Fragments
    proposed: Fragments
    case: Case | None  # None in the second and later parts, where nothing is decided


def workbook_bytes(title: str, cases: Sequence[Case]) -> bytes:
    """The workbook of a study's cases, in their order."""
    from xlsxwriter import Workbook

    stream = io.BytesIO()
    with Workbook(stream, forms.OPTIONS) as workbook:
        looks = _looks(workbook)
        _write_guide(workbook, looks, title, len(cases))
        _write_cases(workbook, looks, [row for case in cases for row in rows_of(case)])
    return stream.getvalue()


def rows_of(case: Case) -> list[_Row]:
    """One row, or for a long text several: a cell has a limit, and a row taller than a screen cannot be read."""
    highlighted: Fragments = []
    position = 0
    for span in case.proposal:
        highlighted += [("", case.original[position : span.start]), ("marked", case.original[span.start : span.end])]
        position = span.end
    highlighted.append(("", case.original[position:]))
    originals = _parts(highlighted)
    redacted = _parts(_proposed(redacted_text(case.original, case.proposal), case.doubtful))
    n = max(len(originals), len(redacted))
    return [
        _Row(
            case.segment_id if i == 0 else f"{case.segment_id} (part {i + 1} of {n})",
            originals[i] if i < len(originals) else [],
            redacted[i] if i < len(redacted) else [],
            case if i == 0 else None,
        )
        for i in range(n)
    ]


def _proposed(text: str, doubtful: tuple[str, ...]) -> Fragments:
    """The proposed text with its placeholders, and the words that may be names, marked."""
    pattern = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, doubtful))})(?!\w)")
    fragments: Fragments = []
    for is_placeholder, piece in pieces(text):
        if is_placeholder or not doubtful:
            fragments.append(("placeholder" if is_placeholder else "", piece))
        else:
            fragments += [("doubtful" if n % 2 else "", part) for n, part in enumerate(pattern.split(piece))]
    return fragments


def _parts(fragments: Fragments) -> list[Fragments]:
    """The fragments in groups of at most LONGEST characters, cut between words where there are any."""
    groups: list[Fragments] = [[]]
    room = LONGEST
    for look, raw in fragments:
        text = printable(raw)
        while text:
            head = text if len(text) <= room else _head(text, room)
            if head:
                groups[-1].append((look, head))
            text, room = text[len(head) :], room - len(head)
            if text:
                groups.append([])
                room = LONGEST
    return groups


def _head(text: str, room: int) -> str:
    cut = max(text.rfind(" ", 0, room), text.rfind("\n", 0, room)) + 1
    return text[: cut or (room if room == LONGEST else 0)]


def _others(case: Case) -> str:
    """What else the person said, as much of it as can be read at a glance."""
    text = ""
    for n, passage in enumerate(case.others):
        line = f"– {printable(passage)}\n"
        if text and len(text) + len(line) > CONTEXT:
            return f"{text}… and {len(case.others) - n} more"
        text += line
    return cell_parts(text.strip())[0]


def _shown_as(case: Case) -> str:
    return f"{case.shown_as} (one of {case.crowd})" if case.crowd else case.shown_as


def _filled(case: Case) -> tuple[str, str, str]:
    """Decision, words and placeholder as a reviewer would have to write them, if that fits one row."""
    decision = case.decision
    if decision is None or len(decision.choices) != 1 or len({mask.noun for mask in decision.masks}) > 1:
        return "", "", ""
    (choice,) = decision.choices
    extents = [(mask.start, mask.end) for mask in decision.masks]
    extents += decision.keeps if choice is not Choice.KEEP_ALL else ()
    words = dict.fromkeys(printable(" ".join(case.original[start:end].split())) for start, end in extents)
    shown = f"[{decision.masks[0].noun}]" if decision.masks else ""
    return choice.value, "\n".join(words), shown


# ── sheets ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _looks(workbook: Any) -> dict[str, Any]:
    return forms.looks(
        workbook,
        {
            "marked": {"bold": True, "font_color": "#b3261e", "underline": 1},
            "doubtful": {"bold": True, "font_color": "#a15c00", "underline": 2},
            "placeholder": {"bold": True, "font_color": "#14505c"},
        },
    )


def _write_guide(workbook: Any, looks: dict[str, Any], title: str, n: int) -> None:
    sheet = workbook.add_worksheet(GUIDE)
    for number, noun in enumerate(sorted(NOUNS)):  # longer lists than 255 characters must lie in cells
        sheet.write_string(number, _NOUNS_AT, f"[{noun}]", looks["cell"])
    sheet.set_column(_NOUNS_AT, _NOUNS_AT, 0, None, {"hidden": True})
    forms.write_guide(sheet, looks, _guide(title, n))
    forms.print_setup(sheet, CONFIDENTIAL)


def _guide(title: str, n: int) -> list[tuple[str, str, str]]:
    """Look, left and right cell of every line of the first sheet."""
    choices = [("", choice.value, explained) for choice, explained in CHOICES_EXPLAINED.items()]
    reasons = ", ".join(REASONS_IN_WORDS.values())
    return [
        ("title", printable(f"Review: {title}"), ""),
        ("warning", CONFIDENTIAL, ""),
        ("", "What this is", f"{n} answers, turns and paragraphs in which the software is unsure whether somebody "
         "could be recognised. None of them is quoted until a person has decided. The most worrying come first."),
        ("", "The question to ask", "Could a colleague, a manager or a journalist tell from these words who said this, "
         "or whom it is about? Read it with their eyes, and with what the same person says elsewhere (to the right)."),
        ("", "How to read a row", "What would be redacted is bold, red and underlined on the left; the text as it "
         "would be quoted is beside it, with words that could be names in brown and underlined twice. Why you are "
         "asked is one or more of: " + reasons + "."),
        ("", "How to decide", "Go to the sheet Review. Choose from the list under Decision, and write your initials. "
         "Leave the decision empty where you are unsure or want to ask somebody: it stays unquoted, and waits."),
        *choices,
        ("", "Which words", "Copy the exact words from What was said, not from the proposed text. Several: one a line, "
         "or separated by semicolons. All places where the passage has them are meant."),
        ("", "Shown instead", "Needed to generalise: " + ", ".join(f"[{noun}]" for noun in sorted(NOUNS)) + "."),
        ("", "Two decisions on one passage", "Copy the whole row, and decide something else in the copy; for example "
         "redact also these words in one and keep these words in the other."),
        ("", "Long passages", "They continue in rows marked (part 2 of 3) and so on. Decide in the first of them."),
        ("", "Comment", "Why you decided so. It stays in the private folder, and so do your initials."),
        ("", "Please do not", "change Id, Check or any text. You may sort, filter, hide and widen columns."),
        ("", "Then", "quotebank review import STUDY FILE.xlsx checks everything before it applies anything, and names "
         "the cell of whatever is unclear. Delete this file when you have finished."),
    ]  # fmt: skip


def _write_cases(workbook: Any, looks: dict[str, Any], rows: Sequence[_Row]) -> None:
    sheet = workbook.add_worksheet(SHEET)
    place = {name: column for column, (name, _) in enumerate(COLUMNS)}
    to_fill = {CHOICE, WORDS, SHOWN, COMMENT, INITIALS}
    for column, (name, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, looks["fill header" if name in to_fill else "header"])
    sheet.set_row(0, 32)
    for number, row in enumerate(rows, start=1):
        cells = _cells(row.case) if row.case else {}
        for name, column in place.items():
            look = "quiet" if name in (ID, CHECK) else "fill" if name in to_fill and row.case else "cell"
            sheet.write_string(number, column, cells.get(name, ""), looks[look])
        sheet.write_string(number, place[ID], row.id, looks["quiet"])
        _write_fragments(sheet, number, place[_ORIGINAL], row.original, looks)
        _write_fragments(sheet, number, place[_PROPOSED], row.proposed, looks)
        sheet.set_row(number, _height(row, cells))
        if row.case is None:
            continue
        sheet.data_validation(
            number, place[CHOICE], number, place[CHOICE], forms.choice_list([c.value for c in Choice])
        )
        sheet.data_validation(number, place[SHOWN], number, place[SHOWN], forms.choice_list(_NOUNS_RANGE))
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(1, len(rows)), len(COLUMNS) - 1)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    sheet.set_tab_color("#b3261e")
    sheet.activate()
    forms.print_setup(sheet, CONFIDENTIAL)
    sheet.print_area(0, 0, max(1, len(rows)), _PRINTED)
    sheet.repeat_rows(0)


def _cells(case: Case) -> dict[str, str]:
    choice, words, shown = _filled(case)
    return {
        _WHY: "\n".join(f"• {reason}" for reason in in_words(case.reasons)),
        CHOICE: choice,
        WORDS: cell_parts(words)[0],
        SHOWN: shown,
        "Consent": _CONSENTS.get(case.attribution, case.attribution),
        "Readers would see": printable(_shown_as(case)),
        "Question": cell_parts(printable(case.question))[0],
        _OTHERS: _others(case),
        CHECK: case.check,
    }


def _write_fragments(sheet: Any, row: int, column: int, fragments: Fragments, looks: dict[str, Any]) -> None:
    """One string with parts of it in other looks; a rich string needs at least two parts."""
    filled = [(look, text) for look, text in fragments if text]
    if len(filled) > 1:
        parts: list[Any] = [part for look, text in filled for part in (looks[look or "plain"], text)]
        sheet.write_rich_string(row, column, *parts, looks["cell"])
    elif filled:
        look, text = filled[0]
        sheet.write_string(row, column, text, looks[look or "cell"])


def _height(row: _Row, cells: dict[str, str]) -> float:
    widths = dict(COLUMNS)
    texts = {**cells, _ORIGINAL: _plain(row.original), _PROPOSED: _plain(row.proposed), ID: row.id}
    needed = {name: forms.lines(texts.get(name, ""), width) for name, width in widths.items()}
    lines = max(min(n, CONTEXT_LINES) if name == _OTHERS else n for name, n in needed.items())
    return min(forms.LINE * lines + 6, forms.TALLEST)


def _plain(fragments: Fragments) -> str:
    return "".join(text for _, text in fragments)
