"""Starting the flow from the command line: settings first, then Prefect, then the flow."""

from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from threading import Thread

from flows.outcome import Outcome, StageStopped, watched
from flows.settings import assert_effective, enforce
from pipeline.errors import Problem, RefusedError


def start(root: Path, until: str, on_progress: Callable[[str, int, int], None]) -> None:
    """Runs the study in `root` through Prefect: the embedded server, or the one that PREFECT_API_URL names.

    Raises:
        QuotebankError: as the stage that stopped raised it.
        RefusedError: Prefect or its server could not be used as a confidential run needs it.
    """
    server = enforce(root)
    assert_effective(server)
    from flows.quote_bank import quote_bank  # Prefect, never before its settings

    loading = Thread(target=_load_libraries, daemon=True)
    loading.start()
    outcome = Outcome(on_progress, before_first_stage=loading.join)
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


def _load_libraries() -> None:
    """Imports what most stages need while Prefect's server starts: both take seconds, on different cores."""
    for name in ("spacy", "presidio_analyzer", "sentence_transformers"):
        with suppress(ImportError):  # a stage that needs it will say so better
            import_module(name)
