"""Spreadsheets of our own that a person has filled in: rows by column name, each cell with the place it stands at."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import InputError, Problem
from pipeline.ingest.safety import FileType, read_bytes, sniff
from pipeline.ingest.tabular import SheetMissing, read_table
from pipeline.ingest.text import squeezed
from pipeline.ingest.unreadable import Unreadable
from pipeline.reasons import FILE_REASONS


@dataclass(frozen=True)
class Row:
    """A filled-in row. `places` says where each of its cells is, e.g. "review.xlsx, Review!E7"."""

    cells: Mapping[str, str]
    places: Mapping[str, str]


def read_filled(path: Path, sheet: str, needed: Sequence[str], remedy: str) -> list[Row]:
    """The rows of a workbook's sheet with all columns of its header. Raises InputError for what is no such workbook.

    Args:
        needed: columns that the header must have, once each.
        remedy: what to do with a file that is another; e.g. "use a file from quotebank review export".
    """
    try:
        data = read_bytes(path)
        if sniff(data) is not FileType.EXCEL:
            raise InputError(Problem(path.name, "is not an Excel workbook, whatever it is called", remedy))
        table = read_table(data, sheet=sheet)
        formulas = _formulas(data, sheet)
    except SheetMissing:
        raise InputError(Problem(path.name, f"has no sheet {sheet}", remedy)) from None
    except Unreadable as error:
        if error.reason == "unsupported_type":
            raise InputError(Problem(path.name, "is not an .xlsx workbook", remedy)) from None
        what, remedy = FILE_REASONS[error.reason]
        raise InputError(Problem(path.name, what, remedy)) from None
    missing = [name for name in needed if table.headers.count(name) != 1]
    if missing:
        what = f"has no column {missing[0]} in its first row, or two"
        raise InputError(Problem(f"{path.name}, {sheet}", what, remedy))
    if table.misaligned:
        where = f"{path.name}, {sheet}, row {table.misaligned[0]}"
        raise InputError(Problem(where, "has something written beside the last column", "move or delete it"))
    columns = {name: column for column, name in enumerate(table.headers) if name}
    read = {_letter(columns[name]) for name in needed}
    written = [cell for cell in formulas if cell.rstrip("0123456789") in read]
    if written:
        what = "holds a formula, which nobody but a spreadsheet can read"
        instead = "write what it should say; before a leading = an apostrophe"
        raise InputError(*(Problem(f"{path.name}, {sheet}!{cell}", what, instead) for cell in written))
    return [
        Row(
            {name: cells[column].strip() for name, column in columns.items()},
            {name: f"{path.name}, {sheet}!{_letter(column)}{number}" for name, column in columns.items()},
        )
        for cells, number in zip(table.rows, table.row_numbers, strict=True)
    ]


def _formulas(data: bytes, sheet: str) -> list[str]:
    """The cells of a sheet that hold a formula, such as E7. Their values are what some program last made of them."""
    from openpyxl import load_workbook

    try:
        workbook = load_workbook(io.BytesIO(data), read_only=True)
        name = next(name for name in workbook.sheetnames if squeezed(name) == squeezed(sheet))
        return [cell.coordinate for row in workbook[name].iter_rows() for cell in row if cell.data_type == "f"]
    except Exception:  # noqa: BLE001 (whatever it stumbles over, nobody can say what the sheet holds)
        raise Unreadable("unreadable") from None


def _letter(column: int) -> str:
    return (_letter(column // 26 - 1) if column >= 26 else "") + chr(65 + column % 26)
