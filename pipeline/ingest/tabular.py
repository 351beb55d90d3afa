"""Tables out of CSV, TSV and XLSX files, every cell a string as a person saw it. There is no other way in."""

import csv
import datetime
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.ingest.safety import FileType, sniff
from pipeline.ingest.text import clean, decode, is_blank, squeezed
from pipeline.ingest.unreadable import Unreadable

_DELIMITERS = ",;\t|"
_FIELD_LIMIT = 50_000_000  # characters in one cell; the csv module's own limit would refuse long answers
_IMPORT_ID = '{"ImportId":'  # the last of Qualtrics' three header rows
_NO_SUB_HEADER = ("", "response", "open-ended response")


class SheetMissing(Exception):
    """study.yaml names a worksheet that the workbook lacks."""


@dataclass(frozen=True)
class Table:
    """A table's headers and rows. Rows have a cell per header; `row_numbers` are as a spreadsheet counts them, from 1.

    A row with more filled cells than there are headers is in `misaligned` instead: which cell is the consent is unsure.
    """

    headers: list[str]
    rows: list[list[str]]
    row_numbers: list[int]
    misaligned: list[int]


def read_table(data: bytes, header_rows: int = 1, sheet: str | None = None, encoding: str | None = None) -> Table:
    """The table in a file. Raises Unreadable, or SheetMissing."""
    match sniff(data):
        case FileType.EXCEL:
            lines = _excel_rows(data, sheet)
        case FileType.TEXT:
            lines = _csv_rows(_without_separator_line(decode(data, encoding).replace("\x00", "")))
        case _:
            raise Unreadable("unsupported_type")
    return _with_headers(list(lines), header_rows)


def _with_headers(lines: list[tuple[int, list[str]]], header_rows: int) -> Table:
    filled = [(number, cells) for number, cells in lines if any(not is_blank(cell) for cell in cells)]
    if not filled:
        raise Unreadable("empty")
    headers = _headers([cells for _, cells in filled[:header_rows]])
    table = Table(headers, [], [], [])
    width = len(headers)
    ids = [number for number, cells in filled[:3] if any(cell.startswith(_IMPORT_ID) for cell in cells)]
    header_end = ids[0] if ids else filled[:header_rows][-1][0]
    last = filled[-1][0]
    for number, cells in lines:
        if number <= header_end or number > last:
            continue
        if any(not is_blank(cell) for cell in cells[width:]):
            table.misaligned.append(number)
        else:
            table.rows.append([clean(cell) for cell in (*cells, *[""] * width)][:width])
            table.row_numbers.append(number)
    return table


def _headers(rows: list[list[str]]) -> list[str]:
    """One header a column. Of two rows, the first is filled forward and joined with the second: `Question — part`."""
    width = max(len(row) for row in rows)
    first, *rest = [[squeezed(cell) for cell in (*row, *[""] * width)][:width] for row in rows]
    if not rest:
        while first and not first[-1]:  # a comma at the end of each line makes an empty last column
            first.pop()
        return first
    joined: list[str] = []
    question = ""
    for above, below in zip(first, rest[0], strict=True):
        question = above or question
        joined.append(
            question if below.casefold() in _NO_SUB_HEADER else f"{question} — {below}" if question else below
        )
    return joined


# ── CSV ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _without_separator_line(text: str) -> str:
    """Excel's own first line `sep=;` is no data."""
    return re.sub(r'\A"?sep=.?"?\r?\n', "", text, flags=re.IGNORECASE)


def _csv_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Numbered rows, in the delimiter that gives the most even table. Raises Unreadable("malformed_table")."""
    delimiter = _delimiter(text)
    try:
        rows = _parse(text, delimiter)
    except csv.Error:
        rows = _unquoted(text, delimiter)
    return iter(enumerate(rows, start=1))


def _parse(text: str, delimiter: str, quoted: bool = True) -> list[list[str]]:
    quoting = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    old = csv.field_size_limit(_FIELD_LIMIT)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting, strict=True))
    finally:
        csv.field_size_limit(old)


def _unquoted(text: str, delimiter: str) -> list[list[str]]:
    """Some tab-separated exports do not quote at all; believed only if every line then has the same number of cells."""
    rows = _parse(text, delimiter, quoted=False)
    if delimiter != "\t" or len({len(row) for row in rows if row}) != 1:
        raise Unreadable("malformed_table")
    return rows


def _delimiter(text: str) -> str:
    """The delimiter under which most of the first rows are as wide as the widest common width."""

    start = _whole_rows(text)

    def evenness(delimiter: str) -> tuple[float, int]:
        try:
            rows = _parse(start, delimiter)
        except csv.Error:
            rows = _parse(start, delimiter, quoted=False) if delimiter == "\t" else []
        widths = Counter(len(row) for row in rows[:200] if row)
        width, count = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]), default=(1, 0))
        return (count / max(1, sum(widths.values())) if width > 1 else 0.0, width)

    return max(_DELIMITERS, key=lambda delimiter: (*evenness(delimiter), -_DELIMITERS.index(delimiter)))


def _whole_rows(text: str, size: int = 200_000) -> str:
    """The start of a long text, cut where quotation marks are balanced so that no cell is torn."""
    end = len(text)
    if end > size:
        breaks = (found.end() for found in re.finditer(r"[\r\n]+", text[size:]))
        end = next((size + at for at in breaks if text.count('"', 0, size + at) % 2 == 0), end)
    return text[:end]


# ── XLSX ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _excel_rows(data: bytes, sheet: str | None) -> Iterator[tuple[int, list[str]]]:
    """Numbered rows of the named sheet, or of the first visible one; a hidden sheet is read only if named."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [meta for meta in workbook.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
        if sheet is None:
            name = next((meta.name for meta in sheets if meta.visible == SheetVisibleEnum.Visible), None)
        else:
            name = next((meta.name for meta in sheets if squeezed(meta.name) == squeezed(sheet)), None)
        if name is None:
            raise SheetMissing
        cells = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError):
        raise Unreadable("unreadable") from None
    return iter([(number, [as_seen(cell) for cell in row]) for number, row in enumerate(cells, start=1)])


def as_seen(cell: object) -> str:
    """A cell's value as a person saw it: 1, not 1.0; TRUE; dates as ISO. Display formats such as 000 are not kept."""
    match cell:
        case bool():
            return str(cell).upper()
        case float():
            return format(cell, ".15g") if abs(cell) < 1e15 else format(cell, ".0f")
        case datetime.datetime():
            day = cell.date().isoformat()
            return day if cell.time() == datetime.time() else f"{day} {cell.time().isoformat('seconds')}"
        case datetime.date() | datetime.time():
            return cell.isoformat()
        case _:
            return str(cell)
