"""What commands about the codebook share: the study's edits, what was noted, and tables. Part of the command line."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

if TYPE_CHECKING:
    from pipeline.edits import Edits

out = Console(highlight=False)

Study = Annotated[Path, typer.Argument(help="The study's folder, or its study.yaml.", show_default=False)]
Role = Annotated[str, typer.Option(help="What you are, never who.")]


def edits_of(study: Path, role: str = "analyst") -> "Edits":
    from pipeline.edits import Edits

    return Edits.open(study, role)


def done(study: Path, edits: "Edits", said: str) -> None:
    """Says what was noted, how to take it back, and what is open."""
    events = edits.events
    out.print(f"{said} [{events[-1]['hash'][:8]}]" if events else said, markup=False, soft_wrap=True)
    if open_ := len(edits.conflicts):
        out.print(f"{open_} conflict(s): quotebank codebook conflicts {study}", markup=False, soft_wrap=True)
    out.print(f"Next: quotebank run {study}", markup=False, soft_wrap=True)


def table(*columns: str) -> Any:
    from rich.table import Table

    made = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def row(made: Any, *cells: str) -> None:
    from rich.markup import escape

    made.add_row(*map(escape, cells))
