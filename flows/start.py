"""Starting the flow from the command line: settings first, then Prefect, then the flow."""

from collections.abc import Callable
from pathlib import Path

from flows.settings import assert_effective, enforce
from pipeline.errors import Problem, RefusedError


def start(root: Path, until: str, on_progress: Callable[[str, int, int], None]) -> None:
    """Runs the study in `root` through Prefect: the embedded server, or the one that PREFECT_API_URL names.

    Raises:
        QuotebankError: as the stage that stopped raised it.
        RefusedError: Prefect or its server could not be used as a confidential run needs it.
    """
    server = enforce(root)
    assert_effective()
    from flows.quote_bank import Outcome, StageStopped, quote_bank, watched  # Prefect, never before its settings

    outcome = Outcome(on_progress)
    token = watched.set(outcome)
    stopped = ""
    try:
        quote_bank(str(root), until)
    except StageStopped:
        stopped = "stage"
    except Exception as error:  # noqa: BLE001 (Prefect's own troubles: only the class may be shown)
        stopped = type(error).__name__
    finally:
        watched.reset(token)
    if outcome.error is not None:
        raise outcome.error
    if stopped:
        where = "the Prefect server that PREFECT_API_URL names" if server else "Prefect's embedded server"
        raise RefusedError(Problem(where, f"could not be used ({stopped})", "check that it runs, then run again"))

