"""Spreadsheets that a person fills in: the look they share, their first sheet, and lists to choose from.

Every cell is a string, so that nothing can be a formula.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

OPTIONS = {
    "in_memory": True,  # no temporary file with anybody's words in it
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
LINE, TALLEST = 13.5, 409.0  # points; the latter is Excel's limit
GUIDE = "How to work"
GuideLine = tuple[str, str, str]  # look ("title", "warning" or ""), left and right cell


def looks(workbook: Any, more: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, Any]:
    """The formats by name, with those of `more` beside."""
    base = {"font_name": "Arial", "font_size": 10, "font_color": "#1f2a30", "valign": "top", "text_wrap": True}
    rule = {"bottom": 1, "bottom_color": "#d5dadd"}
    all_looks: dict[str, Mapping[str, Any]] = {
        "title": {"font_size": 16, "bold": True, "font_color": "#14505c", "text_wrap": False},
        "warning": {"bold": True, "font_color": "#8a1c1c", "bg_color": "#fbe9e7"},
        "header": {"bold": True, "font_color": "#ffffff", "bg_color": "#14505c", "valign": "vcenter"},
        "fill header": {"bold": True, "font_color": "#6b3d00", "bg_color": "#f6dfae", "valign": "vcenter"},
        "plain": {},
        "cell": rule,
        "fill": {**rule, "bg_color": "#fffaf0", "left": 1, "left_color": "#ead9b0", "locked": False},
        "quiet": {**rule, "font_color": "#7a868d", "font_size": 8},
        "bold": {"bold": True},
        **(more or {}),
    }
    return {name: workbook.add_format({**base, **look}) for name, look in all_looks.items()}


def choice_list(source: Sequence[str] | str, strict: bool = True) -> dict[str, Any]:
    """A drop-down list, for xlsxwriter's data_validation.

    Args:
        source: what can be chosen; or a range of cells, which a list of more than 255 characters must lie in.
        strict: whether a spreadsheet refuses what is not in the list.
    """
    return {
        "validate": "list",
        "source": source,
        "error_type": "stop" if strict else "information",
        "error_title": "Please choose from the list",
        "error_message": f"The sheet “{GUIDE}” says what each choice means.",
    }


def write_guide(sheet: Any, formats: Mapping[str, Any], guide: Sequence[GuideLine]) -> None:
    """Two columns: what a line is about, and what it says."""
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 100)
    for row, (look, left, right) in enumerate(guide):
        if look == "title":
            sheet.write_string(row, 0, left, formats[look])
            sheet.set_row(row, 24)
        elif look:
            sheet.merge_range(row, 0, row, 1, left, formats[look])
            sheet.set_row(row, 20)
        else:
            sheet.write_string(row, 0, left, formats["bold"])
            sheet.write_string(row, 1, right, formats["cell"])
            sheet.set_row(row, LINE * max(1, math.ceil(len(right) / 105), math.ceil(len(left) / 30)) + 4)
    sheet.print_area(0, 0, len(guide) - 1, 1)


def lines(text: str, width: int) -> int:
    """How many lines a wrapped text needs in a column of `width` characters."""
    needed = 0
    for line in text.split("\n"):
        length = sum(1.3 if character.isupper() else 1.0 for character in line)
        needed += max(1, math.ceil(length / (1.1 * width)))
    return needed


def row_height(cells: Mapping[str, str], widths: Mapping[str, int]) -> float:
    """Points that the tallest cell of a row needs, by column."""
    return min(LINE * max(lines(text, widths[name]) for name, text in cells.items()) + 6, TALLEST)


def print_setup(sheet: Any, header: str) -> None:
    """Landscape A4, one page wide, with a line on top of each page."""
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(left=0.3, right=0.3, top=0.6, bottom=0.5)
    sheet.fit_to_pages(1, 0)
    sheet.set_header(f'&L&"Arial,Bold"&8{header}')
    sheet.set_footer("&C&8Page &P of &N")
