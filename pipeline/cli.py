"""The command line: the outermost layer, the only one that prints and the only one that starts flows."""

import json
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from pipeline import cli_agreement, cli_codebook, cli_compare, cli_evaluate, cli_review
from pipeline.errors import QuotebankError
from pipeline.process import harden

if TYPE_CHECKING:
    from pipeline.store import Run

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Themed banks of publishable quotes from survey answers, interviews and submissions, "
    "without exposing the people who spoke in confidence.",
    epilog="Exit codes: 0 done, 1 internal, 2 usage, 10 configuration, 11 input, 12 consent, 13 refused, 14 model",
)
app.add_typer(cli_review.app, name="review")
app.add_typer(cli_codebook.app, name="codebook")
app.add_typer(cli_agreement.app, name="agreement")
app.add_typer(cli_evaluate.app, name="evaluate")
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

StudyArgument = Annotated[Path, typer.Argument(help="The study's folder, or its study.yaml.", show_default=False)]
JsonOption = Annotated[bool, typer.Option("--json", help="A machine-readable summary on standard output.")]


def main() -> None:
    """Runs the command line; a person's mistake ends in one line and an exit code, never in a traceback."""
    harden()
    try:
        app()
    except QuotebankError as error:
        for message in error.messages:
            err.print(f"[bold red]{error.kind}:[/] ", end="")
            err.print(message, markup=False, soft_wrap=True)
        raise SystemExit(error.exit_code) from None
    except KeyboardInterrupt:
        err.print("Stopped. What was finished is kept; run again to go on.")
        raise SystemExit(130) from None


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="A new folder for the study.", show_default=False)],
    export: Annotated[
        Path | None, typer.Option("--from", help="A survey export to propose columns and consent from.")
    ] = None,
) -> None:
    """Make a new study, from scratch or from the look of a survey export."""
    from pipeline.scaffold import scaffold

    for path in scaffold(folder, export):
        out.print(f"wrote {path}", markup=False, soft_wrap=True)
    if export:
        out.print("Read study.yaml now: every line marked [bold]please check[/] is a guess.")
    out.print(f"Next: quotebank check {folder}", markup=False, soft_wrap=True)


@app.command()
def check(study: StudyArgument) -> None:
    """Look at configuration and inputs, list every problem by file, row and column; compute nothing."""
    from pipeline.errors import ConsentError, InputError
    from pipeline.ingest import check_sources, source_files
    from pipeline.study import Study

    loaded = Study.load(study)
    problems = check_sources(loaded)
    notes = [problem for problem in problems if problem.holds]
    fatal = [problem for problem in problems if not problem.holds]
    for note in notes:
        err.print(f"[yellow]note:[/] {escape(str(note))}", soft_wrap=True)
    if fatal:
        only_consent = all(problem.where.startswith("study.yaml [consent") for problem in fatal)
        raise ConsentError(*fatal) if only_consent else InputError(*fatal)
    n_files = sum(len(files) for files in source_files(loaded).values())
    noted = f"{len(notes)} note(s)" if notes else "nothing to note"
    out.print(
        f"{loaded.title}: {len(loaded.sources)} source(s), {n_files} file(s), no problem found, {noted}.", markup=False
    )


@app.command()
def run(
    study: StudyArgument,
    until: Annotated[str, typer.Option(help="Stop after this stage.", metavar="STAGE")] = "draft",
    as_json: JsonOption = False,
) -> None:
    """Run the study and write a draft quote bank; what is done and unchanged is not done again."""
    from pipeline.steps import STAGE_NAMES, conclude, plan, summary
    from pipeline.store import study_lock
    from pipeline.study import Study

    started = time.perf_counter()
    loaded = Study.load(study)
    planned = plan(loaded, until)
    if not planned.finished:
        from flows.start import start

        with _bars() as on_progress:
            start(loaded.root, until, on_progress)
    elif until == STAGE_NAMES[-1]:
        with study_lock(loaded.root):
            conclude(planned.run)  # it may be an earlier run that has become the present one again
    _report(planned.run, summary(planned.run), as_json, time.perf_counter() - started, planned.finished)


@app.command()
def status(study: StudyArgument, as_json: JsonOption = False) -> None:
    """Say how far the study's latest run came, what was set aside and why, and whether its inputs changed since."""
    from pipeline.errors import Problem, RefusedError
    from pipeline.steps import plan, summary
    from pipeline.store import latest_run
    from pipeline.study import Study

    loaded = Study.load(study)
    planned = plan(loaded)
    latest = planned.run if planned.run.manifest["stages"] else latest_run(loaded.root)
    if latest is None:
        raise RefusedError(Problem(loaded.study, "has not been run yet", "quotebank run STUDY"))
    _report(latest, summary(latest), as_json, None, planned.finished)
    if not as_json and not planned.finished:
        out.print("Inputs, settings or code have changed since, or the run did not end: quotebank run would go on.")


@app.command()
def redact(
    source: Annotated[Path, typer.Option("--in", help="JSON lines: passage_id, text, contributor, …")],
    target: Annotated[Path, typer.Option("--out", help="The same lines with redacted_text, spans, held, reasons.")],
) -> None:
    """Redact passages from a file of JSON lines, without a study."""
    from pipeline.redact_lines import redact_lines

    with _bars() as on_progress:
        counts = redact_lines(source, target, lambda done, total: on_progress("redact", done, total))
    err.print(
        f"{counts['passages']} passages, {counts['spans']} redactions, {counts['held']} held → {target}",
        markup=False,
        soft_wrap=True,
    )


app.command()(cli_compare.compare)


# ── what a person sees ──────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def _bars() -> Generator[Callable[[str, int, int], None]]:
    """A progress bar a stage, on standard error, only where somebody watches."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:9}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bars:
        starting = bars.add_task("starting", total=None)
        tasks: dict[str, Any] = {}

        def on_progress(stage: str, done: int, total: int) -> None:
            bars.update(starting, visible=False)
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield on_progress


def _report(run: "Run", facts: dict[str, Any], as_json: bool, seconds: float | None, unchanged: bool) -> None:
    from pipeline import audit
    from pipeline.edits import Edits
    from pipeline.review.cases import count_waiting

    changed_logs = audit.changed(run.root)
    waiting, void = count_waiting(run)
    n_conflicts = len(Edits.open(run.root).conflicts)
    if as_json:
        wall = {} if seconds is None else {"wall_seconds": round(seconds, 2)}
        decided = {"review": {"waiting": waiting, "void": void}, "codebook": {"conflicts": n_conflicts}}
        audited = {"audit": {"changed": {run_id: broken.line for run_id, broken in changed_logs.items()}}}
        json.dump({**facts, **decided, **audited, "unchanged": unchanged, **wall}, sys.stdout, indent=1)
        sys.stdout.write("\n")
        return
    from rich.table import Table

    if unchanged and seconds is not None:
        out.print(f"Nothing has changed since run {run.run_id}: nothing was done again.")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("stage", "in", "out", "set aside", "seconds"):
        table.add_column(name, justify="left" if name == "stage" else "right")
    for entry in facts["stages"]:
        stage, took = entry["stage"], f"{entry['seconds']:.1f}"
        for balance in entry["balances"]:
            counts = [str(balance[name] or "") for name in ("in", "out", "set_aside")]
            table.add_row(f"{stage:8} [dim]{balance['unit']}s[/]", *counts, took)
            stage = took = ""
    out.print(table)
    _report_set_aside(run, facts)
    for run_id, broken in changed_logs.items():
        what = f"the log of run {run_id} was changed: {audit.LOG}, line {broken.line} {broken.what}"
        out.print(f"\n[bold red]Please look:[/] {escape(what)}", soft_wrap=True)
    if waiting:
        changed = f" ({void} of them decided before, when they read differently)" if void else ""
        out.print(f"\n[bold]Waiting for a person[/]\n  {waiting:>5}  not quoted until decided{changed}")
        out.print("         quotebank review export STUDY writes them into a spreadsheet")
    if n_conflicts:
        out.print(f"\n[bold]Codebook[/]\n  {n_conflicts:>5}  conflict(s) between decisions that a person must settle")
        out.print("         quotebank codebook conflicts STUDY shows them")
    if n_unsure := (run.entry("codebook") or {}).get("counts", {}).get("unsure", 0):
        out.print(f"\n[bold]Coded with little confidence[/]\n  {n_unsure:>5}  passage(s) without a code of 50% or more")
        out.print("         quotebank codebook next STUDY --unsure lists them")
    outputs = {Path(path).name: path for path in facts["outputs"]}
    if bank := outputs.get("quote_bank.html"):
        out.print("\n[bold]Draft quote bank[/] (not cleared for publication):")
        out.print(bank, markup=False, soft_wrap=True)
    if changes := outputs.get("changes.md"):  # written only where there is something to say
        out.print("[bold]What changed:[/] ", end="")
        out.print(changes, markup=False, soft_wrap=True)


def _report_set_aside(run: "Run", facts: dict[str, Any]) -> None:
    """What was held or left out and why; files by the name their owner gave them, on this terminal only."""
    from pipeline.ingest import same_talks
    from pipeline.reading import endpoint_facts
    from pipeline.reasons import FILE_REASONS, endpoint_in_words, in_words
    from pipeline.tables import Zone

    reasons = [
        (n, unit, reason, entry["stage"])
        for entry in facts["stages"]
        for unit, counts in entry["set_aside"].items()
        for reason, n in counts.items()
    ]
    if reasons:
        out.print("\n[bold]Held or set aside[/]")
    for n, unit, reason, stage in reasons:
        what = f"{unit}{'' if n == 1 else 's'}"
        out.print(f"  {n:>5}  {what:12}  {in_words(reason)} [dim]({stage})[/]", soft_wrap=True)
    if proposals := endpoint_in_words(endpoint_facts(run)):
        out.print("\n[bold]Names asked of the endpoint[/]")
    for n, what in proposals:
        out.print(f"  {n:>5}  {what}", soft_wrap=True)

    if not run.stage_folder("ingest", Zone.PRIVATE).is_dir():
        return  # private/ was deleted, as it should be on the retention date
    files = run.read("files")
    for path, problem in zip(files["path"], files["problem"], strict=True):
        if problem:
            what, remedy = FILE_REASONS.get(problem, (problem, ""))
            out.print(f"         {path} {what} → {remedy}", markup=False, soft_wrap=True)
    read = files[files["problem"] == ""]
    for note in same_talks(zip(read["source_id"], read["path"], strict=True)):
        out.print(f"\n[bold]Please look:[/] {escape(str(note))}", soft_wrap=True)


if __name__ == "__main__":
    main()
