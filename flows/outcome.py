"""What stays in this process while Prefect runs the flow: who watches, and what went wrong in words.

In a module of its own, which a flow's subprocess imports: a context variable cannot be pickled with the flow.
"""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from pipeline.errors import QuotebankError

OnProgress = Callable[[str, int, int], None]  # stage, done, of how many


class StageStopped(Exception):
    """What Prefect may know of a failure: which stage, and the kind of error."""


@dataclass
class Outcome:
    """Callbacks in, the error for the person out."""

    on_progress: OnProgress = lambda stage, done, total: None
    before_first_stage: Callable[[], object] = lambda: None
    error: QuotebankError | None = None


watched: ContextVar[Outcome] = ContextVar("watched")


def current() -> Outcome:
    """The outcome that somebody watches, or one that nobody does."""
    return watched.get(Outcome())
