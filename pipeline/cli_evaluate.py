"""`quotebank evaluate`: measures against gold that somebody marked. Loads nothing until a command runs."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

app = typer.Typer(no_args_is_help=True, help="Measure how well the pipeline does, on text that people have marked.")
out = Console(highlight=False, width=None if sys.stdout.isatty() else 110)
err = Console(stderr=True, highlight=False)


class Baseline(StrEnum):
    """What can be compared with."""

    PRESIDIO = "presidio"


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
    processes: Annotated[
        int, typer.Option(min=1, max=64, help="That share our work; above 1, speed is by the clock on the wall.")
    ] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Numbers for a program, on standard output.")] = False,
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

        evaluation = run(wanted, baseline.value if baseline else None, progress, errors, processes)
    if errors is not None:
        err.print(f"{errors} holds words that were missed: keep it as close as the gold.", markup=False, soft_wrap=True)
    if as_json:
        json.dump(numbers(evaluation), sys.stdout, indent=1)
        sys.stdout.write("\n")
        return
    size = f"{evaluation.n_passages} passages, {evaluation.n_characters:,} characters"
    out.print(f"{size}, {evaluation.n_groups} {evaluation.unit}")
    for table in tables(evaluation):
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
    as_json: Annotated[bool, typer.Option("--json", help="Numbers for a program, on standard output.")] = False,
) -> None:
    """How well passages are coded from the codebook and some codings, beside two baselines. Shows no passage."""
    from tempfile import TemporaryDirectory

    from pipeline.encoder import embed_texts
    from pipeline.errors import InputError, Problem
    from pipeline.evaluation.coded_gold import read_coded
    from pipeline.evaluation.coding import as_json as numbers
    from pipeline.evaluation.coding import evaluate_coding, tables
    from pipeline.study import Embedding

    wanted = read_coded(gold, codebook, text)
    if codings >= len(wanted.texts):
        where = f"{len(wanted.texts)} passages, not enough to learn from {codings} and score the rest"
        raise InputError(Problem(gold.name, f"holds {where}", "ask for fewer --codings"))
    with err.status("embedding") as status, TemporaryDirectory() as cache:
        evaluation = evaluate_coding(
            wanted,
            lambda texts: embed_texts(texts, Embedding(), Path(cache)),
            codings,
            draws if codings else 1,
            lambda done, total: status.update(f"draw {done + 1} of {total}"),
        )
    if as_json:
        json.dump(numbers(evaluation), sys.stdout, indent=1)
        sys.stdout.write("\n")
        return
    learned = f"{evaluation.n_codings} codings drawn at random, {draws if codings else 1} times"
    left_out = f", {evaluation.n_left_out} non-answers left out" if evaluation.n_left_out else ""
    out.print(f"{evaluation.n_passages} passages{left_out}, {evaluation.n_codes} codes; {learned}")
    for table in tables(evaluation):
        out.print()
        out.print(table)
