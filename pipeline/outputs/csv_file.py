"""quote_bank.csv: one row a quote, safe to open in a spreadsheet program.

A spreadsheet program takes a cell that begins with = + - @ (or their full-width forms), a tab, a line end or NUL, with
or without spaces before it, for a formula or a command. Such a cell gets one leading apostrophe, and so does one that
already begins with apostrophes before such a character; `unescape` takes exactly that apostrophe off again. No other
character is changed.
"""

import csv
import io
import re

from pipeline.outputs.bank import Bank

COLUMNS = (
    "theme_id", "theme", "theme_question", "working_title", "keywords", "heading", "description", "quote_id", "quote",
    "attribution", "stakeholder_group", "question", "source_kind",
)  # fmt: skip
_RISKY = re.compile(r"'*\s*[=+\-@＝＋－＠\t\r\n\0]")


def escape(cell: str) -> str:
    """`cell` with an apostrophe before it if a spreadsheet program could take it for a formula."""
    return f"'{cell}" if _RISKY.match(cell) else cell


def unescape(cell: str) -> str:
    """What `escape` was given."""
    return cell[1:] if cell.startswith("'") and _RISKY.match(cell) else cell


def csv_bytes(bank: Bank) -> bytes:
    """UTF-8 with a byte order mark, every cell quoted, lines ended by \\r\\n."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for theme in bank.themes:
        working = "yes" if theme.low_confidence else "no"
        described = (
            theme.theme_id, theme.label, theme.question, working, ", ".join(theme.keywords), theme.heading,
            theme.description,
        )  # fmt: skip
        for quote in theme.quotes:
            cells = (quote.quote_id, quote.text, quote.attribution_line, quote.group, quote.question, quote.source_kind)
            writer.writerow([escape(cell) for cell in (*described, *cells)])
    return stream.getvalue().encode("utf-8-sig")
