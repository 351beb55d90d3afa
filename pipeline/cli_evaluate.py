"""`quotebank evaluate`: measures against gold that somebody marked. Loads nothing until a command runs."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

if TYPE_CHECKING:
    from rich.table import Table

    from pipeline.study import Themes

app = typer.Typer(no_args_is_help=True, help="Measure how well the pipeline does, on text that people have marked.")
out = Console(highlight=False, width=None if sys.stdout.isatty() else 110)
err = Console(stderr=True, highlight=False)


class Baseline(StrEnum):
    """What can be compared with."""

    PRESIDIO = "presidio"


class ThemeBaseline(StrEnum):
    """What themes can be compared with."""

    BERTOPIC = "bertopic"


class CodingBaseline(StrEnum):
    """What coding can be compared with, beside what it always is."""

    ENCODER = "encoder"


_File = Annotated[Path, typer.Argument(help="CSV of texts and the codes people gave them.", show_default=False)]
_Text = Annotated[str, typer.Option("--text", help="Column of the texts.")]
_Label = Annotated[str | None, typer.Option("--label", help="Column of the code, blank for none. [default: label]")]
_Labels = Annotated[
    str | None, typer.Option("--labels", help='Column of all codes, joined by "|". [default: labels, if there]')
]
_OneHot = Annotated[
    str | None, typer.Option(help="First of the last columns, one a code, with 1 where it applies. [default: found]")
]
_NoCode = Annotated[list[str] | None, typer.Option(help="A code that says nothing; may be given several times.")]
_Limit = Annotated[int | None, typer.Option(min=1, help="So many texts only, drawn with a fixed seed.")]
_MaxThemes = Annotated[int, typer.Option(min=1, help="Of ours, as max_themes in study.yaml.")]
_ThemeBaseline = Annotated[
    ThemeBaseline | None, typer.Option("--baseline", help="Run this beside, with its defaults, on the same vectors.")
]
_Json = Annotated[bool, typer.Option("--json", help="Numbers for a program, on standard output.")]


@app.callback()
def evaluate() -> None:
    """Measure how well the pipeline does, on text that people have marked."""


@app.command()
def redaction(
    gold: Annotated[Path, typer.Argument(help="Marked passages, documents or tokens.", show_default=False)],
    baseline: Annotated[
        Baseline | None, typer.Option(help="Run this beside, as it is shipped, on the same passages.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="The first so many passages only.")] = None,
    errors: Annotated[
        Path | None, typer.Option(help="Write what was missed, with its words, to this file: restricted, mode 0600.")
    ] = None,
    cores: Annotated[
        int, typer.Option(min=1, max=64, help="That share our work; above 1, speed is by the clock on the wall.")
    ] = 1,
    as_json: _Json = False,
) -> None:
    """Recall, leaks, over-redaction and speed against marks; intervals are 95% bootstraps. Shows no passage."""
    from pipeline.evaluation.readers import read_gold
    from pipeline.evaluation.redaction import evaluate as run
    from pipeline.evaluation.report import as_json as numbers
    from pipeline.evaluation.report import tables

    if errors is not None:
        _check_target(errors, gold)
    wanted = read_gold(gold).first(limit)
    with err.status("loading models") as status:

        def progress(system: str, done: int, total: int) -> None:
            status.update(f"{system}: {done}/{total}")

        evaluation = run(wanted, baseline.value if baseline else None, progress, errors, cores)
    if errors is not None:
        err.print(f"{errors} holds words that were missed: keep it as close as the gold.", markup=False, soft_wrap=True)
    if as_json:
        _print_json(numbers(evaluation))
        return
    size = f"{evaluation.n_passages} passages, {evaluation.n_characters:,} characters"
    out.print(f"{size}, {evaluation.n_groups} {evaluation.unit}")
    _print_tables(tables(evaluation))


@app.command()
def themes(
    file: _File,
    text: _Text = "text",
    label: _Label = None,
    labels: _Labels = None,
    one_hot_from: _OneHot = None,
    no_code: _NoCode = None,
    baseline: _ThemeBaseline = None,
    limit: _Limit = None,
    max_themes: _MaxThemes = 40,
    trials: Annotated[int, typer.Option(min=0, help="How often each measure of stability is taken.")] = 3,
    show_unassigned: Annotated[
        int, typer.Option(min=0, help="Print so many of the texts that we assign to no theme: words of the file.")
    ] = 0,
    as_json: _Json = False,
) -> None:
    """Agreement of themes with people's codes, how still they hold, names and cost. Shows no text unless asked."""
    from tempfile import TemporaryDirectory

    from pipeline.evaluation.labelled import read_labelled
    from pipeline.evaluation.theme_report import theme_tables, themes_as_json
    from pipeline.evaluation.themes import evaluate as run

    gold = read_labelled(file, text, label, labels, one_hot_from, no_code or ()).draw(limit)
    settings = _settings(max_themes)
    with err.status("reading") as status, TemporaryDirectory() as cache:
        evaluation = run(gold, settings, baseline, trials, Path(cache), status.update)
    if as_json:
        _print_json(themes_as_json(evaluation))
    else:
        beside = f"{evaluation.n_non_answers:,} non-answers, {evaluation.n_blank:,} blank rows"
        coded = f"{evaluation.n_coded:,} coded with {evaluation.n_codes} codes"
        out.print(f"{evaluation.n_texts:,} texts, {coded}; set aside: {beside}")
        _print_tables(theme_tables(evaluation))
    if show_unassigned:
        unassigned = next(iter(evaluation.systems.values())).unassigned
        err.print(f"\n{min(show_unassigned, len(unassigned))} of {len(unassigned)} unassigned texts:")
        for row in unassigned[:show_unassigned]:
            err.print(gold.texts[row], markup=False, soft_wrap=True)


@app.command()
def stream(
    file: _File,
    text: _Text = "text",
    label: _Label = None,
    labels: _Labels = None,
    one_hot_from: _OneHot = None,
    no_code: _NoCode = None,
    baseline: _ThemeBaseline = None,
    limit: _Limit = None,
    max_themes: _MaxThemes = 40,
    batches: Annotated[int, typer.Option(min=1, help="That come after the first half.")] = 4,
    late: Annotated[float, typer.Option(min=0.0, max=0.9, help="Share of the codes that only later texts have.")] = 0.2,
    draws: Annotated[int, typer.Option(min=1, help="Orders of arrival; means are shown.")] = 1,
    as_json: _Json = False,
) -> None:
    """A study that grows: whether themes keep their ids, decisions stand and new themes are seen. Shows no text."""
    from tempfile import TemporaryDirectory

    from pipeline.evaluation.labelled import read_labelled
    from pipeline.evaluation.stream_systems import evaluate_stream
    from pipeline.evaluation.theme_report import stream_as_json, stream_tables

    gold = read_labelled(file, text, label, labels, one_hot_from, no_code or ()).draw(limit)
    settings = _settings(max_themes)
    with err.status("reading") as status, TemporaryDirectory() as cache:
        found = evaluate_stream(gold, settings, baseline, batches, late, draws, Path(cache), status.update)
    if as_json:
        _print_json(stream_as_json(found))
        return
    out.print(f"{len(gold.texts):,} texts, half first and {batches} batches; {draws} order(s) of arrival")
    _print_tables(stream_tables(found))


def _settings(max_themes: int) -> "Themes":
    """Of a study that sets nothing else."""
    from pipeline.study import Themes

    return Themes(max_themes=max_themes, min_themes=min(Themes().min_themes, max_themes))


def _print_json(numbers: dict[str, Any]) -> None:
    json.dump(numbers, sys.stdout, indent=1)
    sys.stdout.write("\n")


def _print_tables(tables: "list[Table]") -> None:
    for table in tables:
        if table.row_count:
            out.print()
            out.print(table)


def _check_target(errors: Path, gold: Path) -> None:
    """Before the long run, not after it. Raises InputError."""
    from pipeline.errors import InputError, Problem

    if errors.is_dir() or not errors.absolute().parent.is_dir():
        raise InputError(Problem(errors.name, "cannot be written", "name a file in a folder that exists"))
    if errors.resolve() == gold.resolve():
        raise InputError(Problem(errors.name, "is the gold itself", "name another file for what was missed"))


@app.command()
def coding(
    gold: Annotated[Path, typer.Argument(help="Coded passages: JSON lines or CSV.", show_default=False)],
    codebook: Annotated[
        Path | None, typer.Option(help="What the codes mean: CSV, codebook.yaml or a Markdown table.")
    ] = None,
    text: Annotated[str | None, typer.Option(help="The column of text, where it is not called text.")] = None,
    codings: Annotated[int, typer.Option(min=0, help="So many codings are learned from, drawn at random.")] = 100,
    draws: Annotated[int, typer.Option(min=1, max=100, help="So often.")] = 5,
    baseline: Annotated[
        CodingBaseline | None, typer.Option(help="Run this beside, as it is shipped: the nearest definition by it.")
    ] = None,
    as_json: _Json = False,
) -> None:
    """How well passages are coded from codebook and codings, beside definitions alone and a probe. Shows no passage."""
    from tempfile import TemporaryDirectory

    from pipeline.encoder import embed_texts
    from pipeline.errors import InputError, Problem
    from pipeline.evaluation.coded_gold import read_coded
    from pipeline.evaluation.coding import ORIGINAL, evaluate_coding, tables
    from pipeline.evaluation.coding import as_json as numbers
    from pipeline.study import CODER, Embedding

    wanted = read_coded(gold, codebook, text)
    if codings >= len(wanted.texts):
        where = f"{len(wanted.texts)} passages, not enough to learn from {codings} and score the rest"
        raise InputError(Problem(gold.name, f"holds {where}", "ask for fewer --codings"))
    shipped = Embedding(model=ORIGINAL) if baseline else None
    with err.status("embedding") as status, TemporaryDirectory() as cache:
        evaluation = evaluate_coding(
            wanted,
            lambda texts: embed_texts(texts, Embedding(), Path(cache)),
            lambda texts: embed_texts(texts, Embedding(model=CODER), Path(cache)),
            codings,
            draws if codings else 1,
            lambda done, total: status.update(f"draw {done + 1} of {total}"),
            shipped and (lambda texts: embed_texts(texts, shipped, Path(cache))),
        )
    if as_json:
        _print_json(numbers(evaluation))
        return
    learned = f"{evaluation.n_codings} codings drawn at random, {draws if codings else 1} times"
    left_out = f", {evaluation.n_left_out} non-answers left out" if evaluation.n_left_out else ""
    out.print(f"{evaluation.n_passages} passages{left_out}, {evaluation.n_codes} codes; {learned}")
    _print_tables(tables(evaluation))
