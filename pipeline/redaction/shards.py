"""Batches of documents redacted in several processes at once, with the results and the order of one process."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, cast

from pipeline.redaction.documents import Document, Person, RedactedDocument
from pipeline.study import Redaction

if TYPE_CHECKING:
    from pipeline.redaction.redactor import Redactor

Batch = tuple[list[RedactedDocument], dict[tuple[str, str], frozenset[str]]]  # and suspects, see `unknown.Suspects`
_made: "tuple[Redaction, tuple[Person, ...], Redactor] | None" = None  # the redactor of this process


def redact_in_processes(
    settings: Redaction, roster: Sequence[Person], batches: Sequence[Sequence[Document]], n_processes: int
) -> Iterator[Batch]:
    """What `Redactor.redact_batch` says of each batch, in order; every process checks the known answer first.

    Raises what the redactor raises. Text crosses pipes only; processes end with the last batch, and their memory.
    """
    from joblib import Parallel, delayed
    from joblib.externals.loky import get_reusable_executor

    run = Parallel(n_jobs=n_processes, batch_size=1, max_nbytes=None, return_as="generator")  # pyright: ignore[reportArgumentType] (a number is fine)
    try:
        for batch in run(delayed(_redact)(settings, tuple(roster), batch) for batch in batches):
            yield cast(Batch, batch)
    finally:
        get_reusable_executor().shutdown(wait=True)


def _redact(settings: Redaction, roster: tuple[Person, ...], batch: Sequence[Document]) -> Batch:
    global _made
    from pipeline.redaction.redactor import Redactor

    if _made is None or _made[:2] != (settings, roster):
        _made = (settings, roster, Redactor(settings, roster))
    return _made[2].redact_batch(batch)
