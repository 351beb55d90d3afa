"""The simulation of `stream` for each system that is compared."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from pipeline.evaluation.apart import run_apart
from pipeline.evaluation.bertopic_systems import (
    BERTOPIC,
    MERGED,
    bertopic_merged,
    bertopic_refitted,
    label_in_bertopic,
    label_is_in_bertopic,
)
from pipeline.evaluation.labelled import Labelled
from pipeline.evaluation.stream import SEED, Outcome, simulate
from pipeline.evaluation.theme_systems import OURS, ours_growing
from pipeline.study import Embedding, Themes


def evaluate_stream(
    gold: Labelled,
    settings: Themes,
    baseline: str | None,
    batches: int,
    late: float,
    draws: int,
    cache: Path,
    progress: Callable[[str], object],
) -> Mapping[str, Sequence[Outcome]]:
    """Outcomes by system, one a draw, each system in a process of its own; the draws are the same for all.

    Args:
        gold: the coded texts.
        settings: of ours.
        baseline: "bertopic" for both ways of using it, or None.
        batches, late: see `stream.arrivals`.
        draws: how many orders of arrival.
        cache: folder for vectors.
        progress: told what is being done.

    Raises:
        ModelError: a model is missing.
    """
    from pipeline.encoder import embed_texts

    progress("embedding")
    vectors = embed_texts(list(gold.texts), Embedding(), cache)
    run = partial(simulate, texts=gold.texts, vectors=vectors, gold=gold.single, batches=batches, late=late)
    systems = {OURS: partial(run, ours_growing(settings, cache))}
    if baseline:
        systems[BERTOPIC] = partial(run, bertopic_refitted)
        systems[MERGED] = partial(run, bertopic_merged, decide=label_in_bertopic, stands=label_is_in_bertopic)
    found: dict[str, Sequence[Outcome]] = {}
    for name, system in systems.items():
        progress(name)
        found[name] = run_apart(_all_draws, system, draws)
    return found


def _all_draws(system: Callable[..., Outcome], draws: int) -> list[Outcome]:
    return [system(seed=SEED + draw) for draw in range(draws)]
