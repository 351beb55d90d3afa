"""The spreadsheets in which people code: one a coder, blind; and one in which disagreements are settled.

They hold redacted text and codes, nothing of what the machine said, and nothing about who spoke. Every cell is a
string, so that nothing can be a formula. The same sample gives the same bytes.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.agreement.codes import CodeLine
from pipeline.agreement.codings import Coded
from pipeline.agreement.sampling import Sample
from pipeline.ids import text_hash
from pipeline.outputs import forms
from pipeline.outputs.text import printable
from pipeline.outputs.xlsx import CREATED, cell_parts

CODING, CODEBOOK, ABOUT, SETTLING = "Coding", "Codebook", "About", "Settling"
ID, PASSAGE, QUESTION, NOTE, DECISION, CHECK = "Id", "Passage", "Question", "Note", "Decision", "Check"
CODES = ("Code 1", "Code 2", "Code 3")
CODE, CODE_ID = "Code", "Code id"
NONE, CANNOT_TELL = "none of these", "cannot tell"
ALL, SHARED = "all of these codes", "the codes they share"
NOTICE = "For this study's team only: redacted text that nobody has cleared for publication."
KIND, VALUE = "What", "Value"  # the columns of the sheet About

_WIDTHS = {ID: 7, QUESTION: 26, PASSAGE: 78, **dict.fromkeys(CODES, 22), DECISION: 26, NOTE: 26, CHECK: 7}
_CODEBOOK_COLUMNS = (
    (CODE, 30), ("Belongs to", 22), ("What it means", 54), ("Include when", 36), ("Exclude when", 36), ("Keywords", 28),
    (CODE_ID, 7),
)  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """What a coder reads of a passage."""

    text: str
    question: str = ""


def with_own_labels(codes: Sequence[CodeLine]) -> dict[str, str]:
    """Theme id → what stands in the list. No two are alike in any case, and none is a choice of our own."""
    taken = [" ".join(code.label.split()).casefold() for code in codes]
    ours = {NONE, CANNOT_TELL, ALL, SHARED}
    return {
        code.theme_id: f"{one} ({code.theme_id})" if taken.count(one.casefold()) > 1 or one.casefold() in ours else one
        for code in codes
        for one in (" ".join(printable(code.label).split()),)
    }


def as_written(text: str) -> str:
    """A text as it stands in a cell."""
    return cell_parts(printable(text))[0]


def as_coder(coder: str) -> str:
    """The choice that takes over what one coder said."""
    return f"as coder {coder}"


def coding_sheet(
    title: str, study: str, sample: Sample, coder: str, codes: Sequence[CodeLine], shown: Mapping[str, Shown]
) -> bytes:
    """The workbook of one coder.

    Args:
        codes: those of the sample, in the order of the list.
        shown: passage id → what is read of it.
    """
    order = sample.order_for(coder)
    about = {"kind": CODING, "study": study, "sample": sample.sample_id, "coder": coder}
    guide = _coding_guide(title, coder, len(order))
    rows = [{ID: passage, PASSAGE: shown[passage].text, QUESTION: shown[passage].question} for passage in order]
    columns = (ID, QUESTION, PASSAGE, *CODES, NOTE)
    return _workbook(guide, codes, _OWN_CHOICES, about, CODING, columns, dict.fromkeys(CODES, True), rows)


def settling_sheet(
    title: str, study: str, coded: Sequence[Coded], codes: Sequence[CodeLine], shown: Mapping[str, Shown]
) -> bytes:
    """The workbook in which disagreements are settled: all codings side by side, and one column for the decision."""
    coders = sorted({coder for one in coded for coder in (*one.by_coder, *one.unsure)})
    labels = with_own_labels(codes)
    rows = [
        {
            ID: one.passage_id,
            PASSAGE: shown[one.passage_id].text,
            QUESTION: shown[one.passage_id].question,
            **{f"Coder {coder}": _said(one, coder, labels) for coder in coders},
            CHECK: check_code(one),
        }
        for one in coded
    ]
    choices = [
        *((as_coder(coder), f"What coder {coder} says is right.") for coder in coders),
        (ALL, "Everything that any of the coders says is right."),
        (SHARED, "Only what all coders say is right."),
        *_OWN_CHOICES,
    ]
    about = {"kind": SETTLING, "study": study, "sample": "", "coder": ""}
    columns = (ID, QUESTION, PASSAGE, *(f"Coder {coder}" for coder in coders), DECISION, NOTE, CHECK)
    guide = _settling_guide(title, len(coded))
    return _workbook(guide, codes, choices, about, SETTLING, columns, {DECISION: False}, rows)


def check_code(coded: Coded) -> str:
    """Stands for what the coders of a passage said: another one means that it has changed since."""
    said = [f"{coder}:{','.join(sorted(themes))}" for coder, themes in sorted(coded.by_coder.items())]
    return text_hash(coded.text_hash, *said, *coded.unsure)[:12]


_OWN_CHOICES = (
    (NONE, "The passage says something else, or too little for any code."),
    (CANNOT_TELL, "You have read it and the codebook twice, and cannot decide. It then counts for nobody."),
)


def _said(coded: Coded, coder: str, labels: Mapping[str, str]) -> str:
    if coder in coded.unsure:
        return CANNOT_TELL
    if coder not in coded.by_coder:
        return "–"
    return "\n".join(labels.get(theme, theme) for theme in sorted(coded.by_coder[coder])) or NONE


# ── what the first sheet says ───────────────────────────────────────────────────────────────────────────────────


def _coding_guide(title: str, coder: str, n: int) -> list[forms.GuideLine]:
    return [
        ("title", printable(f"Coding: {title} – you are coder {coder}"), ""),
        ("warning", NOTICE, ""),
        ("", "What this is", f"{n} passages from the study, drawn by lot. You and others say, each alone, which codes "
         "they have. How far people agree shows how clear the codebook is; what people say shows how often the "
         "software is right, and what it misses. What the software says is not in this file."),
        ("", "Before you begin", f"Read the sheet {CODEBOOK}: what each code means, when to use it and when not to. "
         "Please do not talk about passages with other coders until all of you have finished."),
        ("", "How to code", f"Go to the sheet {CODING}. Read the passage, and the question it answers. Choose from "
         "the list under Code 1 the code that fits best; if it says more than one thing, go on under Code 2 and "
         "Code 3. Code what is said, not what you know or suspect."),
        ("", NONE, f"Choose it under Code 1 if no code fits. {_OWN_CHOICES[0][1]}"),
        ("", CANNOT_TELL, f"Choose it under Code 1. {_OWN_CHOICES[1][1]}"),
        ("", "[person], [place], …", "stand for details that were taken out, so that nobody can be recognised."),
        ("", "Note", "Anything you want to remember or discuss. It stays in the study's private folder. Please write "
         "no names in it."),
        ("", "Pausing", "Leave rows empty that you have not come to. The file can be handed in half done, and again "
         "when you have gone on: what you changed replaces what you said before."),
        ("", "Please do not", "change, delete or copy rows, or anything but the yellow cells. Everything else is "
         "locked, so that nothing slips. Each coder has a file and an order of passages of their own: please do not "
         "pass yours on."),
        ("", "Then", "Give the file back. quotebank agreement import STUDY FILE.xlsx checks every cell before it "
         "stores anything, and names the cell of whatever is unclear."),
    ]  # fmt: skip


def _settling_guide(title: str, n: int) -> list[forms.GuideLine]:
    return [
        ("title", printable(f"Settling disagreements: {title}"), ""),
        ("warning", NOTICE, ""),
        ("", "What this is", f"{n} passages that people have coded differently. Best looked at together, by those who "
         "coded them: each says why, and you decide. What you decide is what the software learns from. How far people "
         "agreed stays as it was measured before."),
        ("", "How to decide", f"Go to the sheet {SETTLING} and choose from the list under Decision."),
        ("", "as coder A, as coder B, …", "What that coder says is right."),
        ("", ALL, "Everything that any of the coders says is right."),
        ("", SHARED, "Only what all coders say is right."),
        ("", "A code of the list", "That code alone is right. Several: type them, separated by semicolons."),
        ("", NONE, _OWN_CHOICES[0][1]),
        ("", CANNOT_TELL, "It stays open for good, and counts for nobody."),
        ("", "What it tells you", "The same two codes mixed up again and again? Sharpen what they mean in "
         "codebook.yaml, or merge them."),
        ("", "Please do not", "change, delete or copy rows, or anything but the yellow cells. Leave rows empty that "
         "you have not decided."),
        ("", "Then", "quotebank agreement import STUDY FILE.xlsx checks every cell before it stores anything."),
    ]  # fmt: skip


# ── sheets ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _workbook(
    guide: Sequence[forms.GuideLine],
    codes: Sequence[CodeLine],
    choices: Sequence[tuple[str, str]],
    about: Mapping[str, str],
    name: str,
    columns: Sequence[str],
    lists: Mapping[str, bool],
    rows: Sequence[Mapping[str, str]],
) -> bytes:
    """Args: `lists` are the columns to choose in, and whether nothing else may be written there."""
    from xlsxwriter import Workbook

    stream = io.BytesIO()
    with Workbook(stream, forms.OPTIONS) as workbook:
        workbook.set_properties({"title": name, "created": CREATED})
        formats = forms.looks(workbook)
        first = workbook.add_worksheet(forms.GUIDE)
        forms.write_guide(first, formats, guide)
        forms.print_setup(first, NOTICE)
        coding = workbook.add_worksheet(name)
        last = _write_codebook(workbook, formats, codes, choices)
        _write_rows(coding, formats, columns, lists, rows, f"='{CODEBOOK}'!$A$2:$A${last}")
        hidden = workbook.add_worksheet(ABOUT)
        for row, pair in enumerate([(KIND, VALUE), *about.items()]):
            hidden.write_row(row, 0, pair)
        hidden.very_hidden()
        coding.activate()
    return stream.getvalue()


def _write_rows(
    sheet: Any,
    formats: Mapping[str, Any],
    columns: Sequence[str],
    lists: Mapping[str, bool],
    rows: Sequence[Mapping[str, str]],
    choices: str,
) -> None:
    widths = {name: _WIDTHS.get(name, 22) for name in columns}
    for column, name in enumerate(columns):
        sheet.set_column(column, column, widths[name])
        sheet.write_string(0, column, name, formats["fill header" if name in lists or name == NOTE else "header"])
    sheet.set_row(0, 24)
    for number, row in enumerate(rows, start=1):
        cells = {name: as_written(row.get(name, "")) for name in columns}
        for column, name in enumerate(columns):
            look = "quiet" if name in (ID, CHECK) else "fill" if name in lists or name == NOTE else "cell"
            if cells[name]:
                sheet.write_string(number, column, cells[name], formats[look])
            else:
                sheet.write_blank(number, column, None, formats[look])
        read = {name: text for name, text in cells.items() if name not in (ID, CHECK)}
        sheet.set_row(number, max(forms.row_height(read, widths), 2 * forms.LINE + 6))
    for name, strict in lists.items():
        column = columns.index(name)
        sheet.data_validation(1, column, max(1, len(rows)), column, forms.choice_list(choices, strict))
    sheet.freeze_panes(1, 0)
    _protect(sheet)
    sheet.set_tab_color("#e0a83a")
    forms.print_setup(sheet, NOTICE)
    sheet.repeat_rows(0)


def _write_codebook(
    workbook: Any, formats: Mapping[str, Any], codes: Sequence[CodeLine], choices: Sequence[tuple[str, str]]
) -> int:
    """The codebook, followed by the choices that are no codes. Returns the last row of the list, as a cell names it."""
    sheet = workbook.add_worksheet(CODEBOOK)
    labels = with_own_labels(codes)
    lines = [(labels[c.theme_id], c.group, c.definition, c.include, c.exclude, c.keywords, c.theme_id) for c in codes]
    lines += [(choice, "", explained, "", "", "", "") for choice, explained in choices]
    used = [column for column in range(len(_CODEBOOK_COLUMNS)) if any(line[column] for line in lines)]
    widths = dict(_CODEBOOK_COLUMNS[column] for column in used)
    for column, (name, width) in enumerate(widths.items()):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, formats["header"])
    sheet.set_row(0, 24)
    for number, line in enumerate(lines, start=1):
        cells = {name: as_written(line[column]) for name, column in zip(widths, used, strict=True)}
        for column, (name, text) in enumerate(cells.items()):
            sheet.write_string(number, column, text, formats["quiet" if name == CODE_ID else "cell"])
        sheet.set_row(number, forms.row_height(cells, widths))
    sheet.freeze_panes(1, 1)
    _protect(sheet)
    forms.print_setup(sheet, NOTICE)
    sheet.repeat_rows(0)
    return len(lines) + 1


def _protect(sheet: Any) -> None:
    """Against slips, not against anybody: without a password. Widths, heights and filters can be changed."""
    allowed = ("format_columns", "format_rows", "autofilter", "select_locked_cells", "select_unlocked_cells")
    sheet.protect("", dict.fromkeys(allowed, True))
