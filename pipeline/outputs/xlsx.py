"""quote_bank.xlsx: a workbook of plain text. Every cell is a string, numbers too, so that nothing can be a formula."""

import io
import math
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from pipeline.outputs.bank import SOURCES, Bank, BankTheme
from pipeline.outputs.notes import HOW_TO_READ
from pipeline.outputs.text import DRAFT_NOTICE, SOURCE_OF, SOURCE_WORDS, counted, draft_notice

MAX_CELL = 32_767  # Excel's limit, in UTF-16 units
MAX_SHEET_NAME = 31
CREATED = datetime(2000, 1, 1, tzinfo=UTC)  # the same in every workbook: a date would tell runs apart
OWN_SHEETS = ("Overview", "Codebook", "Notes")
_RESERVED = (*OWN_SHEETS, "History")  # Excel keeps "History" for itself
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\s]+")
_COUNTS = ("People", "Passages", "Quotes")  # columns that begin so hold numbers
LINE_HEIGHT, MAX_ROW_HEIGHT = 13.5, 409.0  # points; the latter is Excel's limit
_INK, _ACCENT, _DRAFT_INK, _DRAFT_FILL, _RULE = "#1f2a30", "#14505c", "#6b3d00", "#fdf0d5", "#d5dadd"


def xlsx_bytes(bank: Bank) -> bytes:
    """The workbook's bytes: sheets Overview, one a theme, Codebook and Notes. The same bank, the same bytes."""
    from xlsxwriter import Workbook

    stream = io.BytesIO()
    options = {
        "in_memory": True,  # no temporary file with quotes in it
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Workbook(stream, options) as workbook:
        workbook.set_properties({"title": f"Quote bank ({bank.status})", "created": CREATED})
        sheets = _Sheets(workbook)
        sheets.table("Overview", _overview_heading(bank), *_overview(bank))
        for name, theme in zip(sheet_names([theme.label for theme in bank.themes]), bank.themes, strict=True):
            sheets.table(name, _theme_heading(theme), *_quotes(theme))
        sheets.table("Codebook", [("title", "Codebook"), ("draft", DRAFT_NOTICE)], *_codebook(bank))
        sheets.table("Notes", [("title", "How to read this bank"), ("draft", DRAFT_NOTICE)], *_notes())
    return stream.getvalue()


def sheet_names(labels: Sequence[str]) -> list[str]:
    """A worksheet name for each label: one that Excel accepts, no two alike in any case."""
    taken = {name.casefold() for name in _RESERVED}
    names: list[str] = []
    for label in labels:
        base = " ".join(_FORBIDDEN.sub(" ", label).split()).strip("' ") or "Theme"
        name, n = _shortened(base, MAX_SHEET_NAME), 1
        while name.casefold() in taken:
            n += 1
            suffix = f" ({n})"
            name = _shortened(base, MAX_SHEET_NAME - len(suffix)) + suffix
        taken.add(name.casefold())
        names.append(name)
    return names


def cell_parts(text: str) -> list[str]:
    """`text` in parts that each fit a cell, cut between words where there are any. Joined they are `text`."""
    parts: list[str] = []
    while _units(text) > MAX_CELL:
        head = _fitting(text, MAX_CELL)
        space = max(head.rfind(" "), head.rfind("\n")) + 1
        cut = space if space > len(head) // 2 else len(head)
        parts.append(text[:cut])
        text = text[cut:]
    return [*parts, text]


Row = tuple[str, ...]
Layout = tuple[Sequence[tuple[str, int]], list[Row]]  # columns with their widths, then the rows


def _overview_heading(bank: Bank) -> list[tuple[str, str]]:
    people, passages = counted(bank.n_contributors, "person", "people"), counted(bank.n_passages, "passage", "passages")
    return [
        ("title", bank.title),
        ("draft", draft_notice(bank.status)),
        ("quiet", f"{counted(bank.n_quotes, 'quote', 'quotes')} from {people} and {passages}"),
        (
            "quiet",
            f"{counted(bank.unassigned_passages, 'passage', 'passages')} fit no theme; others count in several, so the "
            "columns add up to more than the whole",
        ),
    ]


def _overview(bank: Bank) -> Layout:
    counts = [("People", 10), ("Passages", 10), ("Quotes", 10)]
    columns = [
        ("Id", 8),
        ("Theme", 40),
        *_question_column(bank),
        ("Heading", 24),
        ("Keywords", 34),
        *counts,
    ]
    rows = [
        (
            theme.theme_id,
            _title(theme),
            *([theme.question] if bank.themed else []),
            theme.heading,
            ", ".join(theme.keywords),
            *(str(n) for n in (theme.n_contributors, theme.n_passages, len(theme.quotes))),
            *(str(theme.by_group.get(group, 0)) for group in bank.groups),
        )
        for theme in bank.themes
    ]
    return [*columns, *((f"People: {group}", 14) for group in bank.groups)], rows


def _theme_heading(theme: BankTheme) -> list[tuple[str, str]]:
    people, passages = theme.n_contributors, theme.n_passages
    return [
        ("title", _title(theme)),
        ("draft", DRAFT_NOTICE),
        ("quiet", theme.question),
        ("quiet", f"Part of: {theme.heading}" if theme.heading else ""),
        ("quiet", ", ".join(theme.keywords)),
        ("quiet", f"{counted(people, 'person', 'people')}, {counted(passages, 'passage', 'passages')}"),
    ]


def _quotes(theme: BankTheme) -> Layout:
    columns = (
        ("Id", 10),
        ("Quote", 76),
        ("Attribution", 30),
        ("Stakeholder group", 18),
        ("Question", 34),
        ("Source", 13),
    )
    rows = [
        (q.quote_id, q.text, q.attribution_line, q.group, q.question, SOURCE_WORDS.get(q.source_kind, q.source_kind))
        for q in theme.quotes
    ]
    return columns, rows


def _codebook(bank: Bank) -> Layout:
    columns = (
        ("Id", 8),
        ("Label", 36),
        *_question_column(bank),
        ("Keywords", 34),
        ("Heading", 24),
        ("Description", 60),
        ("People", 10),
        ("Passages", 10),
        *((f"Passages: {SOURCE_OF[source]}", 13) for source in SOURCES),
    )
    rows = [
        (
            t.theme_id,
            _title(t),
            *([t.question] if bank.themed else []),
            ", ".join(t.keywords),
            t.heading,
            t.description,
            str(t.n_contributors),
            str(t.n_passages),
            *(str(t.by_source.get(source, 0)) for source in SOURCES),
        )
        for t in bank.themes
    ]
    return columns, rows


def _question_column(bank: Bank) -> list[tuple[str, int]]:
    return [("Question", 34)] if bank.themed else []


def _notes() -> Layout:
    return (("About", 28), ("Note", 100)), [*HOW_TO_READ]


def _title(theme: BankTheme) -> str:
    return f"{theme.label} (working title)" if theme.low_confidence else theme.label


class _Sheets:
    """Writes headed tables into one workbook, in one style."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        base = {"font_name": "Arial", "font_size": 10, "font_color": _INK, "valign": "top"}
        header = {"bold": True, "font_color": "#ffffff", "bg_color": _ACCENT, "text_wrap": True}
        looks: dict[str, dict[str, Any]] = {
            "title": {"font_size": 16, "bold": True, "font_color": _ACCENT},
            "draft": {"bold": True, "font_color": _DRAFT_INK, "bg_color": _DRAFT_FILL},
            "quiet": {"font_color": "#52606a"},
            "cell": {"text_wrap": True, "bottom": 1, "bottom_color": _RULE},
            "count": {"align": "right", "indent": 1, "bottom": 1, "bottom_color": _RULE},
            "cell header": header,
            "count header": {**header, "align": "right", "indent": 1},
        }
        self._format = {name: workbook.add_format({**base, **look}) for name, look in looks.items()}

    def table(self, name: str, heading: Iterable[tuple[str, str]], columns: Iterable[tuple[str, int]], rows: list[Row]):
        """A sheet with heading lines, each in its look, then a table with a frozen and filtered header."""
        sheet = self._workbook.add_worksheet(name)
        columns = list(columns)
        lines = [(look, part) for look, text in heading if text for part in cell_parts(text)]
        for line, (look, text) in enumerate(lines):
            sheet.set_row(line, 24 if look == "title" else 16)
            sheet.write_string(line, 0, text, self._format[look])
            if look == "draft":
                for column in range(1, len(columns)):
                    sheet.write_string(line, column, "", self._format[look])
        top = len(lines) + 1
        kinds = ["count" if title.startswith(_COUNTS) else "cell" for title, _ in columns]
        for column, (title, width) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(top, column, title, self._format[f"{kinds[column]} header"])
        sheet.set_row(top, _height([title for title, _ in columns], columns))
        bottom = top
        for row in rows:
            for part in _row_parts(row):
                bottom += 1
                sheet.set_row(bottom, _height(part, columns))
                for column, text in enumerate(part):
                    sheet.write_string(bottom, column, text, self._format[kinds[column]])
        sheet.freeze_panes(top + 1, 0)
        sheet.autofilter(top, 0, bottom, len(columns) - 1)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})  # meant: see the module's first line
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(top)
        sheet.set_header(f"&C{DRAFT_NOTICE}")
        sheet.set_footer("&CPage &P of &N")


def _row_parts(row: Row) -> list[Row]:
    """The row, or numbered rows that share out what does not fit one: a short cell stands in each of them."""
    cells = [cell_parts(text) for text in row]
    n = max(len(parts) for parts in cells)
    if n == 1:
        return [row]
    return [
        tuple(
            (parts[0] if len(parts) == 1 else parts[i] if i < len(parts) else "")
            + (f" (part {i + 1} of {n})" if column == 0 and len(parts) == 1 else "")
            for column, parts in enumerate(cells)
        )
        for i in range(n)
    ]


def _height(cells: Sequence[str], columns: Sequence[tuple[str, int]]) -> float:
    """Points that the wrapped cells of a row need. Estimated, because some programs do not do it when they open."""
    lines = max(
        sum(max(1, math.ceil(_width(line) / (1.2 * width))) for line in text.split("\n"))
        for text, (_, width) in zip(cells, columns, strict=True)
    )
    return min(LINE_HEIGHT * lines + 6, MAX_ROW_HEIGHT)


def _width(line: str) -> float:
    """How many ordinary letters the line is as wide as: capitals and ideographs are wider."""
    return sum(2.0 if character > "\u2e7f" else 1.4 if character.isupper() else 1.0 for character in line)


def _shortened(text: str, limit: int) -> str:
    """At most `limit` UTF-16 units of `text`, cut between words if that leaves enough, with an ellipsis."""
    if _units(text) <= limit:
        return text
    head = _fitting(text, limit - 1)
    words = head[: head.rfind(" ")] if head.rfind(" ") > limit // 2 else head
    return words.rstrip("' ,;–-") + "…"


def _fitting(text: str, limit: int) -> str:
    """The longest beginning of `text` of at most `limit` UTF-16 units."""
    head = text[:limit]
    while (over := _units(head) - limit) > 0:
        head = head[: -((over + 1) // 2)]
    return head


def _units(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)
