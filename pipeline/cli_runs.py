"""Which run of a study a command speaks of. Part of the command line."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.store import Run
    from pipeline.study import Study


def present_run(study: "Study", until: str) -> "Run":
    """The run of the study as it stands now. Raises RefusedError if it has not come so far."""
    from pipeline.errors import Problem, RefusedError
    from pipeline.steps import plan

    planned = plan(study, until)
    if not planned.finished:
        what = "has not been run since its inputs, settings or decisions changed"
        raise RefusedError(Problem(study.study, what, "quotebank run STUDY, then export again"))
    return planned.run


def newest_run(study: "Study", stage: str) -> "Run":
    """The run that came as far as `stage` most recently: files of several people come in one after another."""
    from pipeline.errors import Problem, RefusedError
    from pipeline.store import MANIFEST, Run

    found = sorted(study.root.glob(f"runs/*/{MANIFEST}"), key=lambda path: (path.stat().st_mtime, path))
    runs = [run for path in found if (run := Run(study.root, path.parent.name)).entry(stage)]
    if not runs:
        raise RefusedError(Problem(study.study, "has not been run yet", "quotebank run STUDY"))
    return runs[-1]
