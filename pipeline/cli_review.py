"""quotebank review: what waits for a person, out to a spreadsheet and back. Part of the command line."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pipeline.cli_runs import newest_run, present_run

app = typer.Typer(no_args_is_help=True, help="Have a person decide about what redaction is unsure of.")
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

StudyArgument = Annotated[Path, typer.Argument(help="The study's folder, or its study.yaml.", show_default=False)]


@app.command("export")
def export_(
    study: StudyArgument,
    target: Annotated[
        Path | None,
        typer.Option("--out", help="Where to write it; the study's private/review/ if left out.", show_default=False),
    ] = None,
    which: Annotated[
        str, typer.Option(help="waiting, decided (to change your mind) or quoted (in the draft bank).")
    ] = "waiting",
) -> None:
    """Write what waits for a person into a spreadsheet. It holds original words."""
    from pipeline.errors import ConfigError, Problem
    from pipeline.review.cases import Which, chosen_cases
    from pipeline.review.decisions import read_decisions
    from pipeline.review.workbook import CONFIDENTIAL, workbook_bytes
    from pipeline.store import private_folder, write_atomic
    from pipeline.study import Study

    if which not in set(Which):
        raise ConfigError(Problem("--which", "is not known", f"one of {', '.join(Which)}"))
    loaded = Study.load(study)
    run = present_run(loaded, until="quotes" if which == Which.QUOTED else "split")
    decisions = read_decisions(loaded.root).in_force
    cases = chosen_cases(run, decisions, loaded.disclosure, Which(which))
    if not cases:
        out.print(f"Nothing is {which}: no file was written.")
        return
    path = target or private_folder(private_folder(loaded.root / "private") / "review") / "review.xlsx"
    if path.suffix.lower() != ".xlsx":
        raise ConfigError(Problem("--out", "is not a spreadsheet's name", "end it in .xlsx"))
    if not path.parent.is_dir():
        raise ConfigError(Problem("--out", "is in a folder that is not there", "make the folder, or choose another"))
    write_atomic(path, workbook_bytes(loaded.title, cases))
    out.print(f"{len(cases)} to look at, the most worrying first:", markup=False)
    out.print(str(path), markup=False, soft_wrap=True)
    err.print(f"[bold red]{CONFIDENTIAL}[/]", soft_wrap=True)
    out.print(f"Then: quotebank review import {study} {path}", markup=False, soft_wrap=True)


@app.command("import")
def import_(
    study: StudyArgument,
    workbook: Annotated[Path, typer.Argument(help="The spreadsheet as its reviewer left it.", show_default=False)],
    skip_invalid: Annotated[
        bool, typer.Option("--skip-invalid", help="Apply what is clear, and leave the rest undecided.")
    ] = False,
) -> None:
    """Check every decision in a spreadsheet, then add all of them to the study, or none."""
    from pipeline.errors import InputError
    from pipeline.review.cases import all_cases
    from pipeline.review.decisions import read_decisions, record
    from pipeline.review.importing import check_rows, read_rows
    from pipeline.store import study_key, study_lock
    from pipeline.study import Study

    loaded = Study.load(study)
    rows = read_rows(workbook)
    run = newest_run(loaded, "redact")
    with study_lock(loaded.root):
        known = read_decisions(loaded.root).in_force
        checked = check_rows(rows, all_cases(run, known))
        if checked.problems and not skip_invalid:
            err.print(f"Nothing was applied: {len(checked.problems)} problem(s).", markup=False)
            raise InputError(*checked.problems)
        new = [(decision, remark) for decision, remark in checked.decided if known.get(decision.segment_id) != decision]
        replaced = sum(decision.segment_id in known for decision, _ in new)
        if new:
            record(loaded.root, study_key(loaded.root), new)
    for problem in checked.problems:
        err.print(f"skipped: {problem}", markup=False, soft_wrap=True)
    facts = {
        "decision(s) added": len(new),
        "of them in place of an earlier one": replaced,
        "known already": len(checked.decided) - len(new),
        "row(s) without a decision": checked.undecided,
        "skipped": len(checked.problems),
    }
    out.print(", ".join(f"{n} {what}" for what, n in facts.items() if n) + ".", markup=False)
    if new:
        out.print(f"Next: quotebank run {study}", markup=False, soft_wrap=True)
