"""A comparison as a file: one tidy CSV that a spreadsheet may open, and plain values for a program."""

import csv
import io
from typing import Any

import pandas as pd

from pipeline.comparison.prevalence import Comparison
from pipeline.comparison.saturation import Saturation
from pipeline.comparison.together import Together
from pipeline.outputs.csv_file import escape
from pipeline.tables import records

EVERYBODY = "everybody"
_TEXT = ("theme_id", "theme", "level")
_WHOLE = ("people", "of", "passages")
COLUMNS = (
    "theme_id", "theme", "level", "people", "of", "share", "low", "high", "words", "passages", "passage_share",
    "passage_low", "passage_high", "difference", "difference_low", "difference_high", "p", "p_adjusted", "comparison",
)  # fmt: skip


def csv_bytes(compared: Comparison) -> bytes:
    """One row a theme and level, after one for everybody. UTF-8 with a byte order mark, lines ended by \\r\\n.

    Labels are made safe for spreadsheets as in quote_bank.csv; numbers are not, or a difference below zero would be
    words. What is suppressed is empty and says so in `words`.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    by_theme: dict[str, list[dict[str, Any]]] = {}
    for cell in records(compared.cells):
        by_theme.setdefault(cell["theme_id"], []).append(cell)
    for total in records(compared.overall):
        for row in ({**total, "level": EVERYBODY}, *by_theme.get(total["theme_id"], [])):
            writer.writerow([_cell(name, row.get(name, "")) for name in COLUMNS])
    return stream.getvalue().encode("utf-8-sig")


def _cell(name: str, value: Any) -> str:
    plain = _plain(name, value)
    return "" if plain is None else escape(plain) if name in _TEXT else str(plain)


def _plain(name: str, value: Any) -> Any:
    """Whole numbers whole, others to four decimals (which is less than they are known to), None for what is missing."""
    if isinstance(value, bool | str):
        return value
    if value is None or pd.isna(value):
        return None
    return int(value) if name in _WHOLE else round(float(value), 4)


def as_json(compared: Comparison, found: Saturation, together: Together) -> dict[str, Any]:
    """What `quotebank compare --json` prints.

    saturation: people and themes in all, reading, and curve, a row for each number of people who might have been asked:
        people, themes, low and high, new (themes that the last of them adds); see `Saturation`. Empty if suppressed.
    """
    return {
        "by": str(compared.by),
        "compared_with": compared.than,
        "min_group": compared.least,
        "min_cell": compared.least_cell,
        "suppressed_cells": compared.n_suppressed,
        "levels": _rows(compared.levels),
        "overall": _rows(compared.overall),
        "cells": _rows(compared.cells),
        "together": _rows(together.pairs),
        "saturation": {
            "people": found.people,
            "themes": found.themes,
            "reading": found.reading,
            "curve": _rows(found.curve),
        },
    }


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{name: _plain(name, value) for name, value in row.items()} for row in records(table)]
