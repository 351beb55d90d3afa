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


def code_lines(themes: pd.DataFrame, assigned: set[str], book: Codebook | None) -> list[CodeLine]:
    """The codes in the order of the codebook: of two levels, each group together.

    A theme that only groups others, with no passage of its own, is no code.

    Args:
        themes: CODED_THEMES; columns parent and description are used where they are there.
        assigned: themes that passages are in.
        book: what people wrote about the codes.
    """
    written = {code.id: code for code in book.themes} if book else {}
    rows = {row["theme_id"]: row for row in records(themes)}
    parents = {theme: str(row.get("parent", "") or "") for theme, row in rows.items()}
    labels = {theme: str(row["label"]) for theme, row in rows.items()}
    lines = [
        CodeLine(
            theme,
            labels[theme],
            labels.get(parents[theme], ""),
            _words(written.get(theme), "definition", "description") or str(row.get("description", "") or ""),
            _words(written.get(theme), "include"),
            _words(written.get(theme), "exclude"),
            str(row["keywords"]),
        )
        for theme, row in rows.items()
        if theme in assigned or theme not in parents.values()
    ]
    return sorted(lines, key=lambda line: (parents[line.theme_id] or line.theme_id, line.theme_id))


def _words(code: Any, *names: str) -> str:
    """The first of a code's fields that says something; several sentences one a line."""
    for name in names:
        value = getattr(code, name, "") or ""
        text = value if isinstance(value, str) else "\n".join(map(str, value)) if isinstance(value, Sequence) else ""
        if text.strip():
            return text.strip()
    return ""
