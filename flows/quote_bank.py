"""The flow that makes a study's quote bank: one task per stage, paths and stage names in, counts out.

Nothing else may cross into Prefect: it stores parameters, results, names and the text of exceptions. Errors therefore
leave a task only as a stage and a class; the message for the person is kept in this process (see `Outcome`).
"""

from prefect import Task, flow
from prefect.cache_policies import NO_CACHE

from flows import outcome as outcome_of
from pipeline.errors import QuotebankError
from pipeline.steps import STAGE_NAMES, conclude, run_id, run_stage
from pipeline.store import Run, study_lock
from pipeline.study import Study


def _task(stage: str) -> Task[[str, str], dict[str, int]]:
    def work(study_path: str, run: str) -> dict[str, int]:
        outcome = outcome_of.current()
        try:
            study = Study.load(study_path)
            facts = run_stage(study, Run(study.root, run), stage, lambda d, n: outcome.on_progress(stage, d, n))
        except QuotebankError as error:
            outcome.error = error
            kind = error.kind
        else:
            return {f"{unit['unit']}s {name}": int(unit[name]) for unit in facts["balances"] for name in ("in", "out")}
        raise outcome_of.StageStopped(f"{stage}: {kind}") from None

    work.__name__ = work.__qualname__ = stage
    return Task(work, name=stage, cache_policy=NO_CACHE, persist_result=False, log_prints=False)


TASKS = {name: _task(name) for name in STAGE_NAMES}


@flow(name="quote-bank", persist_result=False, log_prints=False)
def quote_bank(study_path: str, until: str = STAGE_NAMES[-1]) -> dict[str, int]:
    """Runs the study at `study_path` through all stages up to `until`. Returns the last stage's counts."""
    outcome = outcome_of.current()
    try:
        study = Study.load(study_path)
        return _all_stages(study, Run(study.root, run_id(study)), until)
    except outcome_of.StageStopped:
        raise
    except QuotebankError as error:
        outcome.error = error
        kind = error.kind
    except Exception as error:  # noqa: BLE001 (its text could name a file; Prefect would keep it)
        kind = type(error).__name__
    raise outcome_of.StageStopped(f"start: {kind}") from None


def _all_stages(study: Study, run: Run, until: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    with study_lock(study.root):
        outcome_of.current().before_first_stage()
        for name in STAGE_NAMES[: STAGE_NAMES.index(until) + 1]:
            counts = TASKS[name](str(study.root), run.run_id)
        if until == STAGE_NAMES[-1]:
            conclude(run)
    return counts
