"""The order of the stages, when one is done already, and what must add up after it.

A stage's key is a hash of everything that could change its result: the code, its slice of study.yaml, the files it
reads and the models it uses. The same key means the same result, so the stage is skipped, or taken over from an
earlier run.
"""

import gc
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipeline import audit, chain, registry, stages
from pipeline.agreement.codings import codings_in_force
from pipeline.balance import FILES, Balance, reasons, weigh
from pipeline.codebook import codebook_log
from pipeline.errors import ConfigError, Problem, QuotebankError, RefusedError, StageFailed
from pipeline.fingerprint import code_hash, decisions_hash, input_hashes, model_hash, review_hash, run_id
from pipeline.ids import text_hash
from pipeline.models import ModelName
from pipeline.process import harden, peak_memory_mb
from pipeline.review.decisions import decisions_path
from pipeline.stages import Progress, Work
from pipeline.store import (
    MANIFEST,
    Output,
    Run,
    canonical_hash,
    latest_run,
    point_to,
    private_folder,
    study_key,
    study_lock,
    write_atomic,
)
from pipeline.study import Study


@dataclass(frozen=True)
class Stage:
    """One step of the pipeline: what it does, what it reads and makes, and what its result depends on."""

    name: str
    work: Callable[[Work], Output]
    reads: tuple[str, ...]
    makes: tuple[str, ...]
    settings: tuple[str, ...] = ()  # sections of study.yaml
    models: tuple[ModelName, ...] = ()
    balances: tuple[Balance, ...] = ()


STAGES = (
    Stage(
        "ingest",
        stages.ingest,
        reads=(),
        makes=("files", "rows", "contributors", "documents", "segments", "questions"),
        settings=("sources", "contributors", "consent"),
        balances=(
            Balance("file", ("files", "file_id"), ("files", "file_id"), where=("problem", "")),
            Balance("row", ("rows", "row_id"), ("rows", "row_id"), where=("is_used", True)),
        ),
    ),
    Stage(
        "consent",
        stages.consent,
        reads=("contributors",),
        makes=("attributions",),
        settings=("sources", "consent"),
        balances=(
            Balance(
                "contributor",
                ("contributors", "contributor_id"),
                ("attributions", "contributor_id"),
                where=("quotable", True),
            ),
        ),
    ),
    Stage(
        "redact",
        stages.redact,
        reads=("contributors", "documents", "segments", "attributions"),
        makes=("redacted_documents", "redacted_segments", "redactions", "reviews"),
        settings=("redaction",),
        models=("redactor",),
        balances=(
            Balance("document", ("documents", "document_id"), ("redacted_documents", "document_id")),
            Balance("segment", ("segments", "segment_id"), ("redacted_segments", "segment_id")),
        ),
    ),
    Stage(
        "split",
        stages.split,
        reads=("redacted_documents", "redacted_segments", "attributions", "questions"),
        makes=("passages",),
        settings=("passages",),
        balances=(Balance("segment", ("redacted_segments", "segment_id"), ("passages", "segment_id")),),
    ),
    Stage(
        "embed",
        stages.embed,
        reads=("passages",),
        makes=("vectors",),
        settings=("embedding",),
        models=("encoder",),
        balances=(Balance("passage", ("passages", "passage_id"), "vectors"),),
    ),
    Stage(
        "themes",
        stages.themes,
        reads=(
            *("passages", "vectors", "questions", "contributors", "attributions"),
            *("redacted_documents", "redacted_segments"),  # what interviewers asked
        ),
        makes=("themes", "ideas", "idea_vectors", "assignments", "earlier"),
        settings=("themes", "disclosure", "embedding", "seed"),
        models=("spacy", "encoder"),
        balances=(Balance("passage", ("passages", "passage_id"), ("assignments", "passage_id")),),
    ),
    Stage(
        "codebook",
        stages.codebook,
        reads=(
            *("themes", "assignments", "passages", "ideas", "idea_vectors", "earlier"),
            *("questions", "contributors", "attributions", "redacted_documents", "redacted_segments"),
        ),
        makes=("coded_themes", "coded_assignments", "codings", "changes"),
        settings=("themes", "disclosure", "embedding", "coding"),
        models=("encoder", "coder"),
        balances=(Balance("passage", ("assignments", "passage_id"), ("coded_assignments", "passage_id")),),
    ),
    Stage(
        "quotes",
        stages.quotes,
        reads=("passages", "vectors", "coded_themes", "coded_assignments", "attributions"),
        makes=("quotes",),
        settings=("quotes", "disclosure", "embedding"),
        models=("encoder",),
        balances=(Balance("passage", ("passages", "passage_id"), ("quotes", "passage_id")),),
    ),
    Stage(
        "draft",
        stages.draft,
        reads=(
            "quotes",
            "passages",
            "coded_themes",
            "coded_assignments",
            "attributions",
            "questions",
            "themes",
            "ideas",
            "codings",
            "changes",
        ),
        makes=(),
        balances=(Balance("quote", ("quotes", "quote_id"), FILES),),
    ),
)
STAGE_NAMES = tuple(stage.name for stage in STAGES)
_MAKER = {table: stage.name for stage in STAGES for table in stage.makes}


@dataclass(frozen=True)
class Plan:
    """A run of a study as it stands now, and whether there is anything left to do."""

    study: Study
    run: Run
    until: str
    finished: bool


def plan(study: Study, until: str = STAGE_NAMES[-1]) -> Plan:
    """Finds the run that belongs to the study's present inputs. Computes nothing.

    Raises ConfigError, InputError, and RefusedError where a log of decisions was lost or changed.
    """
    if until not in STAGE_NAMES:
        raise ConfigError(Problem("--until", "is not a stage", f"one of {', '.join(STAGE_NAMES)}"))
    run = Run(study.root, run_id(study))
    finished = all(run.is_finished(stage.name, stage_key(study, run, stage)) for stage in _through(until))
    return Plan(study, run, until, finished)


def stage_key(study: Study, run: Run, stage: Stage) -> str:
    """Hash of everything the stage's result depends on."""
    settings = study.model_dump(mode="json", include=set(stage.settings))
    content: dict[str, Any] = {"stage": stage.name, "code": code_hash(), "settings": settings}
    content["reads"] = {table: _made(run, table) for table in stage.reads}
    content["models"] = {name: model_hash(name, study) for name in stage.models}
    if stage.name == "ingest":
        content["inputs"] = input_hashes(study)
        content["key"] = text_hash("key", study_key(study.root).hex())[:16]
    if stage.name == "redact":
        content["decisions"] = review_hash(study)
    if stage.name in ("codebook", "quotes", "draft"):  # people decide about quotes and proposals, too
        content["decisions"] = decisions_hash(study)
    if stage.name == "draft":
        content["codings"] = codings_in_force(study.root)  # methods.md says how far people agree
        content["settings"] = study.model_dump(mode="json", exclude={"schedule"})
        content["counts"] = [(run.entry(name) or {}).get("balances") for name in STAGE_NAMES[:-1]]
        content["set_aside"] = [(run.entry(name) or {}).get("set_aside") for name in STAGE_NAMES[:-1]]
        content["run_id"] = run.run_id
    return canonical_hash(content)


def _made(run: Run, table: str) -> str | None:
    """The hash of a table's or array's file as the stage that makes it recorded it."""
    files: Mapping[str, str] = (run.entry(_MAKER[table]) or {"files": {}})["files"]
    return next((sha for name, sha in files.items() if Path(name).stem == table), None)


def _through(until: str) -> Iterator[Stage]:
    for stage in STAGES:
        yield stage
        if stage.name == until:
            return


# ── running ─────────────────────────────────────────────────────────────────────────────────────────────────────


def run_study(
    study: Study,
    until: str = STAGE_NAMES[-1],
    progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
) -> Run:
    """Runs a study without Prefect, as notebooks do, skipping what is done. Returns the run; raises QuotebankError."""
    planned = plan(study, until)
    with study_lock(study.root):
        for stage in _through(until):
            run_stage(study, planned.run, stage.name, lambda d, n, name=stage.name: progress(name, d, n))
        if until == STAGE_NAMES[-1]:
            conclude(planned.run)
    return planned.run


def conclude(run: Run) -> None:
    """Makes a complete run the study's latest, unless what it was made from changed meanwhile. Raises RefusedError.

    Themes that somebody took out of codebook.yaml since the run are in it again.
    """
    study = Study.load(run.root)
    if run_id(study) != run.run_id:
        raise RefusedError(Problem("study", "its inputs or settings changed during the run", "run it again"))
    _write_codebook(study, run)
    chain.remember(run, codebook_log(run.root), registry.registry_path(run.root))
    point_to(run)


def run_stage(study: Study, run: Run, name: str, progress: Progress = lambda done, total: None) -> dict[str, Any]:
    """Does one stage unless it is done, and returns its facts: counts, seconds, memory.

    Raises:
        QuotebankError: what a person can act on; messages hold no respondent text.
        StageFailed: anything unexpected; the traceback goes to private/errors.log and nowhere else.
    """
    stage = STAGES[STAGE_NAMES.index(name)]
    harden()
    try:
        key = stage_key(study, run, stage)
        if not run.is_finished(name, key) and not _adopt(study, run, stage, key):
            _do(study, run, stage, key, progress)
        audit.record(run, name, _hashes(study, stage))
        if name == "themes":
            _write_codebook(study, run)
        return dict(run.entry(name) or {})
    except QuotebankError as error:
        raise error.with_traceback(None) from None
    except Exception as error:  # noqa: BLE001 (the boundary: whatever it is, its text must not travel)
        with suppress(OSError):  # a full disk must not let the original through
            _log_privately(study.root, error)
        error_type = type(error).__name__
    raise StageFailed(name, error_type)


def _do(study: Study, run: Run, stage: Stage, key: str, progress: Progress) -> None:
    started = time.perf_counter()
    if stage.name == "themes":
        _refuse_lost_decisions(study)
    work = Work(study, run, study_key(study.root), progress, _previous(study))
    output = stage.work(work)
    gc.collect()  # models hold themselves in cycles; the next stage loads its own
    facts = {
        "position": STAGE_NAMES.index(stage.name),
        "balances": [weigh(stage.name, balance, _ids_in(run, balance, output), output) for balance in stage.balances],
        "set_aside": reasons(output),
        "counts": dict(output.counts or {}),
        "made_with": output.made_with,
        "seconds": round(time.perf_counter() - started, 2),
        "peak_mb": peak_memory_mb(),
    }
    run.save(stage.name, key, output, facts)


def _ids_in(run: Run, balance: Balance, output: Output) -> set[str]:
    table, column = balance.before
    return set((output.tables[table] if table in output.tables else run.read(table))[column])


def _hashes(study: Study, stage: Stage) -> dict[str, Any]:
    """What a stage was made from beside tables, for the audit log. Paths of sources may identify and stay out."""
    facts: dict[str, Any] = {"models": {name: model_hash(name, study) for name in stage.models}}
    if stage.name == "ingest":
        facts["inputs"] = sorted(input_hashes(study).values())
    if stage.name == "redact":
        facts["decisions"] = chain.head(decisions_path(study.root))
    if stage.name == "codebook":
        facts["decisions"] = chain.head(codebook_log(study.root))
    return facts


def _adopt(study: Study, run: Run, stage: Stage, key: str) -> bool:
    folder = study.root / "runs"
    others = sorted(path.parent.name for path in folder.glob(f"*/{MANIFEST}"))
    return any(run.adopt(stage.name, key, Run(study.root, other)) for other in others)


def _previous(study: Study) -> Run | None:
    """The run whose themes keep their identity: the latest, or the newest that came so far; this one, if redone."""
    runs = [Run(study.root, path.parent.name) for path in study.root.glob(f"runs/*/{MANIFEST}")]
    with_themes = [other for other in runs if other.has_table("ideas") and other.holds("themes")]
    latest = latest_run(study.root)
    if latest and latest.run_id in {other.run_id for other in with_themes}:
        return latest
    newest = sorted(with_themes, key=lambda other: ((other.folder / MANIFEST).stat().st_mtime, other.run_id))
    return newest[-1] if newest else None


def _refuse_lost_decisions(study: Study) -> None:
    """A theme that people set aside or renamed must not come back under another id. Raises RefusedError."""
    from pipeline.codebook import current_state, read_codebook

    book, state = read_codebook(study.codebook_path), current_state(study.root)
    made = {theme for theme, decided in state.themes.items() if decided.added}  # by people, or in another study
    found = [code for code in (book.themes if book else ()) if code.machine_label and code.id not in made]
    decided = [code.id for code in found if code.is_decided]
    if decided and _previous(study) is None:
        what = f"decides about {len(decided)} theme(s), but the run they were found in is gone"
        raise RefusedError(Problem("codebook.yaml", what, "restore runs/, or move the file away and decide again"))


def _write_codebook(study: Study, run: Run) -> None:
    """Adds new themes to codebook.yaml and the registry. What a person wrote stays, and goes into the log."""
    from pipeline.codebook import Codebook, came_from, current_state, read_codebook, synchronise

    themes = run.read("themes")
    synchronise(study.root, themes, run.run_id)
    book = read_codebook(study.codebook_path) or Codebook()
    decided, known = current_state(study.root).themes, registry.read_registry(study.root)
    entries = registry.entries_of(themes, run.read("ideas"), book, came_from(study.root), decided, known)
    registry.note(study.root, run.run_id, entries)


def _log_privately(root: Path, error: Exception) -> None:
    """The full traceback may quote respondents: it goes where their words may lie."""
    path = private_folder(root / "private") / "errors.log"
    text = "".join(traceback.format_exception(error))
    before = path.read_bytes()[-200_000:] if path.is_file() else b""
    write_atomic(path, before + f"{time.strftime('%Y-%m-%dT%H:%M:%S')}\n{text}\n".encode("utf-8", "replace"))


def summary(run: Run) -> dict[str, Any]:
    """A run's counts, seconds and outputs as plain values, for --json and for methods.md."""
    manifest = run.manifest
    entries = {name: manifest["stages"][name] for name in STAGE_NAMES if name in manifest["stages"]}
    draft = run.folder / "draft"
    return {
        "run_id": run.run_id,
        "complete": len(entries) == len(STAGES),
        "stages": [
            {"stage": name, **{k: v for k, v in entry.items() if k not in ("key", "files")}}
            for name, entry in entries.items()
        ],
        "seconds": round(sum(entry.get("seconds", 0) for entry in entries.values()), 2),
        "peak_mb": max((entry.get("peak_mb", 0) for entry in entries.values()), default=0),
        "outputs": sorted(str(path) for path in draft.glob("*")) if "draft" in entries else [],
        "version": version("quotebank"),
    }


__all__ = ["STAGES", "STAGE_NAMES", "Plan", "conclude", "plan", "run_stage", "run_study", "summary"]
