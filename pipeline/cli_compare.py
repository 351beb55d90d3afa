"""quotebank compare: themes between groups, force types, questions or waves. Part of the command line."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from rich.table import Table

    from pipeline.comparison import Comparison, Saturation, Together
    from pipeline.frames import StudyFrames
    from pipeline.store import Run

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def compare(
    study: Annotated[Path, typer.Argument(help="The study's folder, or its study.yaml.", show_default=False)],
    by: Annotated[str, typer.Option(help="group, force-type, question or wave.")] = "group",
    headings: Annotated[
        bool, typer.Option("--headings", help="Headings in place of the themes under them; people count once in each.")
    ] = False,
    folder: Annotated[
        Path | None, typer.Option("--out", help="A folder for comparison.csv and figures (PNG, SVG).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Everything shown, on standard output.")] = False,
) -> None:
    """Say which themes which people mention more or less, in words and numbers; small groups are suppressed."""
    from pipeline import comparison
    from pipeline.errors import ConfigError, Problem
    from pipeline.frames import study_frames
    from pipeline.steps import plan
    from pipeline.store import Run
    from pipeline.study import Study

    if by not in set(comparison.By):
        raise ConfigError(Problem("--by", "is not known", f"one of {', '.join(comparison.By)}"))
    if folder is not None and not folder.is_dir() and (folder.exists() or not folder.absolute().parent.is_dir()):
        raise ConfigError(Problem("--out", "is no folder that can be made", "name one in a folder that exists"))
    loaded = Study.load(study)
    run = Run.open(loaded.root)
    if plan(loaded, until="codebook").run.run_id != run.run_id:
        err.print("[yellow]This is the latest complete run; the study has changed since:[/] quotebank run STUDY")
    frames, least = study_frames(run), loaded.disclosure.min_group
    if headings:
        if not frames.themes["heading"].any():
            what = "are not there: no theme of this run stands under one"
            raise ConfigError(
                Problem("--headings", what, "leave it out, or quotebank codebook define STUDY T01 --parent T02")
            )
        frames = comparison.by_heading(frames)
    compared = comparison.compare(frames, by, least, loaded.disclosure.min_cell)
    found = comparison.saturation(frames, least, loaded.disclosure.min_cell, seed=loaded.seed)
    together = comparison.co_occurrence(frames, least)
    written = _write(folder, run, frames, compared, found, together) if folder else []
    if as_json:
        files = {"files": [str(path) for path in written]}
        json.dump({**comparison.as_json(compared, found, together), **files}, sys.stdout, indent=1)
        sys.stdout.write("\n")
        return
    out.print(_table(compared, headings))
    for line in (*_notes(compared), found.reading):
        out.print(escape(line), soft_wrap=True)
    for path in written:
        out.print(f"wrote {path}", markup=False, soft_wrap=True)


def _table(compared: "Comparison", by_heading: bool) -> "Table":
    from rich.table import Table

    from pipeline.tables import records

    shown = [level for level in records(compared.levels) if level["shown"]]
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 1, 0))
    table.add_column("heading" if by_heading else "theme", max_width=28)
    table.add_column("everybody")
    for level in shown:
        table.add_column(f"{escape(level['level'])}\n[dim]{int(level['people']):,} people[/]", max_width=24)
    cells = {(cell["theme_id"], cell["level"]): cell for cell in records(compared.cells)}
    for theme in records(compared.overall):
        row = [cells[theme["theme_id"], level["level"]] for level in shown]
        table.add_row(escape(theme["theme"]), _said(theme, theme["words"]), *(_said(c, c["comparison"]) for c in row))
    return table


def _said(cell: dict[str, Any], words: str) -> str:
    """21% (16–29), and what it amounts to."""
    if not cell["shown"]:
        return f"[dim]{escape(words)}[/]"
    low, high = (f"{100 * cell[name]:.0f}" for name in ("low", "high"))
    strong = f"[bold]{escape(words)}[/]" if words in ("more", "less") else escape(words)
    return f"{100 * cell['share']:.0f}% [dim]({low}–{high})[/]\n{strong}"


def _notes(compared: "Comparison") -> list[str]:
    n_levels = int((~compared.levels["shown"]).sum())
    return [
        f"Share of people who mention each theme, with 95% intervals; more or less than {compared.than}.",
        f"Suppressed: {compared.n_suppressed} of {len(compared.cells)} cells and {n_levels} of {len(compared.levels)} "
        f"columns, where fewer than {compared.least} people who spoke in confidence would be told of, or could be "
        "worked out.",
        "Another table of the same people may differ from this one by a few of them: look before both are printed.",
    ]


def _write(
    folder: Path,
    run: "Run",
    frames: "StudyFrames",
    compared: "Comparison",
    found: "Saturation",
    together: "Together",
) -> list[Path]:
    """The table and the figures, each as PNG and SVG. Nothing that may not be shown is in any of them."""
    from pipeline import comparison, figures
    from pipeline.codebook import came_from
    from pipeline.store import write_atomic

    drawn: dict[str, Any] = {
        "prevalence": figures.prevalence_bars(compared),
        f"by_{str(compared.by).replace('-', '_')}": figures.heat_map(compared),
        "together": figures.co_occurrence_map(together),
        "saturation": figures.saturation_curve(found),
        "theme_map": _theme_map(run, frames, compared),
    }
    if compared.by is comparison.By.WAVE and len(compared.levels) > 1:
        drawn["lineage"] = figures.lineage(*comparison.wave_by_wave(compared, came_from(run.root)))
    pictures = figures.save_each({name: one for name, one in drawn.items() if one is not None}, folder)
    table = folder / "comparison.csv"
    write_atomic(table, comparison.csv_bytes(compared))
    return [table, *pictures]


def _theme_map(run: "Run", frames: "StudyFrames", compared: "Comparison") -> Any:
    """The map, or None where no passage has a theme."""
    from pipeline import figures

    if frames.mentions.empty:
        return None
    order = run.read("passages")["passage_id"].tolist()  # row i of the vectors belongs to row i of this table
    passages = figures.places(run.read_array("embed", "vectors"), order, frames.mentions)
    themes = compared.overall[compared.overall["shown"]].rename(columns={"theme": "label"})
    return figures.theme_map(passages, themes)
