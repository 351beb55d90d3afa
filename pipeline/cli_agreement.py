"""quotebank agreement: people code a sample blind, and their codings are compared. Part of the command line."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from pipeline.cli_runs import newest_run, present_run

if TYPE_CHECKING:
    from pipeline.agreement.codes import CodeLine
    from pipeline.agreement.sheet import Shown
    from pipeline.store import Run
    from pipeline.study import Study

app = typer.Typer(no_args_is_help=True, help="See how far people agree on codes, with each other and the machine.")
out = Console(highlight=False, width=None if sys.stdout.isatty() else 110)
err = Console(stderr=True, highlight=False)

StudyArgument = Annotated[Path, typer.Argument(help="The study's folder, or its study.yaml.", show_default=False)]


@app.command("export")
def export_(
    study: StudyArgument,
    passages: Annotated[int, typer.Option(min=1, help="How many passages each coder reads.")] = 60,
    coders: Annotated[int, typer.Option(min=1, max=26, help="How many people code, each in a file.")] = 2,
    themes: Annotated[str, typer.Option(help="Only these codes, e.g. T01,T05.", show_default="all")] = "",
    seed: Annotated[int | None, typer.Option(help="Another draw.", show_default="the study's")] = None,
    target: Annotated[
        Path | None,
        typer.Option("--out", help="A folder; the study's private/agreement/ if left out.", show_default=False),
    ] = None,
    disagreements: Annotated[
        bool, typer.Option("--disagreements", help="What was coded differently, for people to settle.")
    ] = False,
) -> None:
    """Draw passages and write a spreadsheet for each coder, who sees nothing of what the machine said."""
    from pipeline.agreement.sheet import NOTICE
    from pipeline.errors import ConfigError, Problem
    from pipeline.store import private_folder
    from pipeline.study import Study

    loaded = Study.load(study)
    if target is not None and not target.is_dir():
        raise ConfigError(Problem("--out", "is not a folder", "make the folder, or choose another"))
    run = newest_run(loaded, "codebook") if disagreements else present_run(loaded, until="codebook")
    folder = target or private_folder(private_folder(loaded.root / "private") / "agreement")
    if disagreements:
        written = _write_settling(loaded, run, folder)
    else:
        written = _write_coding(loaded, run, folder, passages, coders, themes, loaded.seed if seed is None else seed)
    if not written:
        out.print("Nobody disagrees about any passage: no file was written.")
        return
    for path in written:
        out.print(str(path), markup=False, soft_wrap=True)
    err.print(f"[bold red]{NOTICE}[/]", soft_wrap=True)
    out.print(f"Then: quotebank agreement import {study} FILE.xlsx …", markup=False, soft_wrap=True)


@app.command("import")
def import_(
    study: StudyArgument,
    sheets: Annotated[list[Path], typer.Argument(help="Spreadsheets as people left them.", show_default=False)],
    skip_invalid: Annotated[
        bool, typer.Option("--skip-invalid", help="Store what is clear, and leave the rest uncoded.")
    ] = False,
) -> None:
    """Check every cell of the spreadsheets, then store all of their codings, or none."""
    from pipeline.agreement.codings import Status, keep_notes, read_codings, record_codings
    from pipeline.agreement.importing import Present, check_sheet, read_sheet, refuse_twice
    from pipeline.errors import InputError
    from pipeline.store import study_lock
    from pipeline.study import Study
    from pipeline.tables import records

    loaded = Study.load(study)
    read = [read_sheet(path) for path in sheets]
    refuse_twice(read)
    rows = records(newest_run(loaded, "split").read("passages"))
    present = {row["passage_id"]: Present(row["text"], row["text_hash"]) for row in rows}
    with study_lock(loaded.root):
        before = read_codings(loaded.root)
        checked = [check_sheet(sheet, loaded.study, before, present) for sheet in read]
        problems = [problem for one in checked for problem in one.problems]
        if problems and not skip_invalid:
            err.print(f"Nothing was stored: {len(problems)} problem(s).", markup=False)
            raise InputError(*problems)
        known = {coding.key: coding for coding in before.in_force}
        new = [coding for one in checked for coding in one.codings if known.get(coding.key) != coding]
        if new:
            record_codings(loaded.root, new)
        for sheet, one in zip(read, checked, strict=True):
            keep_notes(loaded.root, f"{sheet.sample}-{sheet.coder}" if sheet.sample else "settling", one.notes)
    for problem in problems:
        err.print(f"skipped: {problem}", markup=False, soft_wrap=True)
    facts = {
        "coding(s) added": sum(coding.key not in known for coding in new),
        "in place of an earlier one": sum(coding.key in known for coding in new),
        "known already": sum(len(one.codings) for one in checked) - len(new),
        "row(s) not coded yet": sum(one.uncoded for one in checked),
        "skipped": len(problems),
    }
    out.print((", ".join(f"{n} {what}" for what, n in facts.items() if n) or "nothing to store") + ".", markup=False)
    coded = read_codings(loaded.root).passages().values()
    n = sum(one.status is Status.DISAGREEMENT for one in coded)
    if n:
        out.print(f"{n} passage(s) coded differently: quotebank agreement export {study} --disagreements", markup=False)
    out.print(f"Next: quotebank agreement report {study}", markup=False, soft_wrap=True)


@app.command()
def report(
    study: StudyArgument,
    as_json: Annotated[bool, typer.Option("--json", help="Numbers for a program, on standard output.")] = False,
) -> None:
    """How far people agree, and how often the machine is right, with 95% intervals. Shows no passage."""
    from dataclasses import asdict

    from pipeline.agreement.codings import read_codings
    from pipeline.agreement.report import report as compare
    from pipeline.agreement.tables import paragraph, tables
    from pipeline.codebook import current_state
    from pipeline.errors import Problem, RefusedError
    from pipeline.study import Study

    loaded = Study.load(study)
    codings = read_codings(loaded.root)
    if not codings.in_force:
        raise RefusedError(Problem(loaded.study, "nobody has coded anything yet", "quotebank agreement export STUDY"))
    run = newest_run(loaded, "codebook")
    found = compare(codings, run.read("passages"), run.read("coded_assignments"), current_state(loaded.root).target)
    themes = run.read("coded_themes")
    labels = dict(zip(themes["theme_id"], themes["label"], strict=True))
    if as_json:
        json.dump({"run_id": run.run_id, "labels": labels, **asdict(found)}, sys.stdout, indent=1)
        sys.stdout.write("\n")
        return
    for line in paragraph(found):
        out.print(line, markup=False, soft_wrap=True)
    for table in tables(found, labels):
        out.print()
        out.print(table)


# ── what is written ─────────────────────────────────────────────────────────────────────────────────────────────


def _write_coding(
    study: "Study", run: "Run", folder: Path, n: int, n_coders: int, themes: str, seed: int
) -> list[Path]:
    """A sample, noted in the study, and a file for each of its coders; files that are there stay as they are."""
    from pipeline.agreement.codings import record_sample
    from pipeline.agreement.sampling import draw, nearness, themes_of
    from pipeline.agreement.sheet import coding_sheet
    from pipeline.store import study_lock

    passages, assignments = run.read("passages"), run.read("coded_assignments")
    codes = _chosen(_codes(study, run), themes)
    wanted = [code.theme_id for code in codes]
    ids = passages["passage_id"].tolist()
    near = nearness(run.read_array("embed", "vectors"), ids, themes_of(assignments), wanted)
    letters = [chr(ord("A") + number) for number in range(n_coders)]
    sample = draw(passages, assignments, near, wanted, n, letters, seed)
    if not sample.drawn:
        from pipeline.errors import Problem, RefusedError

        raise RefusedError(
            Problem(study.study, "has no passage that anybody may read", "quotebank review export STUDY")
        )
    with study_lock(study.root):
        record_sample(study.root, sample)
    shown = _shown(run)
    files = {
        folder / f"coding-{sample.sample_id}-{coder}.xlsx": lambda coder=coder: coding_sheet(
            study.title, study.study, sample, coder, codes, shown
        )
        for coder in letters
    }
    out.print(_what_it_shows(len(sample.drawn), sum(sample.sizes.values()), len(codes), n_coders), markup=False)
    if not any(code.definition for code in codes):
        out.print("No code has a definition: say in codebook.yaml what each means first, or coders will guess.")
    return _written(files)


def _what_it_shows(drawn: int, population: int, n_codes: int, n_coders: int) -> str:
    each = round(drawn * 0.7 / max(1, n_codes))
    what = f"{drawn} of {population} passages, {n_codes} codes, {n_coders} coder(s)."
    if each < 10:
        what += (
            f" That is about {each} passages a code: enough for numbers over all codes; for numbers of each code, take "
            f"--passages {n_codes * 15}, or fewer codes with --themes."
        )
    return what


def _write_settling(study: "Study", run: "Run", folder: Path) -> list[Path]:
    from pipeline.agreement.codings import Status, read_codings
    from pipeline.agreement.sheet import check_code, settling_sheet
    from pipeline.store import canonical_hash

    coded = [one for one in read_codings(study.root).passages().values() if one.status is Status.DISAGREEMENT]
    hashes = dict(zip(*(run.read("passages")[name] for name in ("passage_id", "text_hash")), strict=True))
    open_ones = [one for one in coded if hashes.get(one.passage_id) == one.text_hash]
    if not open_ones:
        return []
    name = canonical_hash([[one.passage_id, check_code(one)] for one in open_ones])[:8]
    out.print(f"{len(open_ones)} passage(s) that were coded differently.", markup=False)
    path = folder / f"settling-{name}.xlsx"
    return _written(
        {path: lambda: settling_sheet(study.title, study.study, open_ones, _codes(study, run), _shown(run))}
    )


def _written(files: dict[Path, Any]) -> list[Path]:
    """Writes each file that is not there: one that is may be half filled in."""
    from pipeline.store import write_atomic

    for path, content in files.items():
        if path.exists():
            out.print(f"{path.name} is there already, and was left as it is:", markup=False)
        else:
            write_atomic(path, content())
    return list(files)


def _codes(study: "Study", run: "Run") -> "list[CodeLine]":
    from pipeline.agreement.codes import code_lines
    from pipeline.codebook import read_codebook

    return code_lines(run.read("coded_themes"), read_codebook(study.codebook_path))


def _chosen(codes: "list[CodeLine]", themes: str) -> "list[CodeLine]":
    from pipeline.errors import ConfigError, Problem

    wanted = [name.strip().upper() for name in themes.split(",") if name.strip()]
    known = [code.theme_id for code in codes]
    for name in wanted:
        if name not in known:
            raise ConfigError(Problem("--themes", f"{name} is no code of this study", f"of {', '.join(known)}"))
    return [code for code in codes if not wanted or code.theme_id in wanted]


def _shown(run: "Run") -> "dict[str, Shown]":
    from pipeline.agreement.sheet import Shown
    from pipeline.tables import records

    questions = dict(zip(*(run.read("questions")[name] for name in ("question_id", "text")), strict=True))
    return {
        row["passage_id"]: Shown(row["text"], questions.get(row["question_id"], ""))
        for row in records(run.read("passages"))
    }
