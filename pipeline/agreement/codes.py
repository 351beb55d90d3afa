"""The codes that coders are offered: the themes of a run as people decided, with what the codebook says about each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.codebook import Codebook
from pipeline.tables import records


@dataclass(frozen=True)
class CodeLine:
    """A code as its coders see it: one line of the codebook sheet."""

    theme_id: str
    label: str
    group: str = ""  # the label of the theme it belongs to
    definition: str = ""
    include: str = ""
    exclude: str = ""
    keywords: str = ""


def code_lines(themes: pd.DataFrame, book: Codebook | None) -> list[CodeLine]:
    """The codes in the order of the codebook, those under one heading together.

    Args:
        themes: CODED_THEMES.
        book: what people wrote about the codes. What the machine says of a theme is no definition, and not shown: it
            would tell coders what the machine put there.
    """
    written = {code.id: code for code in book.themes} if book else {}
    lines = [
        CodeLine(
            row["theme_id"],
            row["label"],
            row["heading"],
            _words(written.get(row["theme_id"]), "definition", "description"),
            _words(written.get(row["theme_id"]), "include"),
            _words(written.get(row["theme_id"]), "exclude"),
            row["keywords"],
        )
        for row in records(themes)
    ]
    first: dict[str, str] = {}
    for line in sorted(lines, key=lambda line: line.theme_id):
        first.setdefault(line.group, line.theme_id)
    return sorted(lines, key=lambda line: (first[line.group] if line.group else line.theme_id, line.theme_id))


def _words(code: Any, *names: str) -> str:
    """The first of a code's fields that says something; several sentences one a line."""
    for name in names:
        value = getattr(code, name, "") or ""
        text = value if isinstance(value, str) else "\n".join(map(str, value)) if isinstance(value, Sequence) else ""
        if text.strip():
            return text.strip()
    return ""
