"""The ways to find themes that are compared: ours as a study would use it, and BERTopic as it comes."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd

from pipeline.evaluation.stream import Decisions, Method, passages_of
from pipeline.study import Disclosure, Embedding, Themes

OURS, BERTOPIC, MERGED = "quotebank", "BERTopic", "BERTopic merge_models"
_SEED = 7
_NAMED = "named by an analyst"
_SAME_TOPIC = 0.7  # merge_models' min_similarity, its default


@dataclass(frozen=True)
class Found:
    """Themes of n texts.

    Attributes:
        themes: str (n,), the id of each text's main theme, "" for none.
        members: rows of each theme; a row may be in several.
        names: what a theme is called, for those that have a name.
        fit_seconds, naming_seconds: spent on each.
    """

    themes: np.ndarray
    members: Mapping[str, np.ndarray] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    fit_seconds: float = 0.0
    naming_seconds: float = 0.0


class Discover(Protocol):
    """A way to find themes: texts and their vectors, float32 (n, dimension), to what is found."""

    def __call__(self, texts: Sequence[str], vectors: np.ndarray) -> Found: ...


def members_of(themes: np.ndarray) -> dict[str, np.ndarray]:
    """The rows of each theme, where no row is in several."""
    return {theme: np.flatnonzero(themes == theme) for theme in sorted(set(themes.tolist()) - {""})}


# ── ours ────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class OurState:
    """What a study remembers from run to run: its last tables, and every id that was ever given."""

    themes: pd.DataFrame
    assignments: pd.DataFrame
    taken: frozenset[str]


def run_ours(
    passages: pd.DataFrame,
    vectors: np.ndarray,
    previous: OurState | None,
    settings: Themes,
    cache: Path,
    progress: Callable[[int], object] | None = None,
) -> OurState:
    """The themes stage, as a study would run it. The only place that knows how it is called."""
    from pipeline.themes import find_themes

    themes, assignments = find_themes(
        passages,
        vectors,
        settings=settings,
        disclosure=Disclosure(min_keyword_contributors=2),
        embedding=Embedding(),
        cache=cache,
        seed=_SEED,
        questions={},
        blocked=frozenset(),
        previous=previous.assignments if previous else None,
        spacy_model=settings.spacy_model,
        progress=progress,
        taken=previous.taken if previous else frozenset(),
        previous_themes=previous.themes if previous else None,
    )
    taken = (previous.taken if previous else frozenset[str]()) | set(themes["theme_id"])
    return OurState(themes, assignments, taken)


def ours(settings: Themes, cache: Path) -> Discover:
    """Ours with these settings; `cache` keeps the vectors of names."""

    def discover(texts: Sequence[str], vectors: np.ndarray) -> Found:
        passages = passages_of(texts)
        started = time.perf_counter()
        named: list[float] = []
        state = run_ours(passages, vectors, None, settings, cache, lambda _: named.append(time.perf_counter()))
        done = time.perf_counter()
        fitted = named[0] if named else done  # progress is first told when themes are found and not yet named
        ids = passages["passage_id"]
        rows = dict(zip(ids, range(len(ids)), strict=True))
        assigned = state.assignments[state.assignments["theme_id"] != ""]
        members = {
            str(theme): np.array(sorted(rows[passage] for passage in group["passage_id"]))
            for theme, group in assigned.groupby("theme_id", sort=True)
        }
        names = dict(zip(state.themes["theme_id"], state.themes["label"], strict=True))
        return Found(_main_themes(state, passages), members, names, fitted - started, done - fitted)

    return discover


def ours_growing(settings: Themes, cache: Path) -> Method:
    """Ours as it is run again and again."""

    def method(passages: pd.DataFrame, vectors: np.ndarray, previous: Any | None) -> tuple[np.ndarray, Any]:
        state = run_ours(passages, vectors, previous, settings, cache)
        return _main_themes(state, passages), state

    return method


def _main_themes(state: OurState, passages: pd.DataFrame) -> np.ndarray:
    """Each passage's first theme, where it may have several."""
    assignments = state.assignments
    if "rank" in assignments.columns:
        assignments = assignments[assignments["rank"] == 1]
    return passages["passage_id"].map(assignments.set_index("passage_id")["theme_id"]).fillna("").to_numpy(str)


# ── BERTopic ────────────────────────────────────────────────────────────────────────────────────────────────────


def bertopic() -> Discover:
    """BERTopic with its defaults, but for a seed given to its UMAP: without one no two runs agree at all."""

    def discover(texts: Sequence[str], vectors: np.ndarray) -> Found:
        started = time.perf_counter()
        model = _fit(texts, vectors)
        themes = _ids(model.topics_)
        words = {str(topic): pairs[0][0] for topic, pairs in model.topic_representations_.items() if topic >= 0}
        return Found(themes, members_of(themes), words, time.perf_counter() - started)

    return discover


def bertopic_refitted(passages: pd.DataFrame, vectors: np.ndarray, previous: Any | None) -> tuple[np.ndarray, Any]:  # noqa: ARG001 (it has no past)
    """BERTopic fitted anew at each step; its ids as they come."""
    return _ids(_fit(passages["text"].tolist(), vectors).topics_), None


def bertopic_merged(passages: pd.DataFrame, vectors: np.ndarray, previous: Any | None) -> tuple[np.ndarray, Any]:
    """BERTopic's own answer to new texts: a model of what is new, merged into the model of before."""
    texts = passages["text"].tolist()
    if previous is None:
        model = _fit(texts, vectors)
        return _ids(model.topics_), (model, len(texts))
    before, n_before = previous
    fresh = _fit(texts[n_before:], vectors[n_before:])
    from bertopic import BERTopic

    merged: Any = BERTopic.merge_models([before, fresh], min_similarity=_SAME_TOPIC)
    return _ids(merged.topics_), (merged, len(texts))


def label_in_bertopic(state: Any, decisions: Decisions) -> Any:
    """Renames a topic by BERTopic's own means. Merging and setting aside have none that keeps ids; see `simulate`."""
    model, _ = state
    if decisions.renamed:
        model.set_topic_labels({int(decisions.renamed): _NAMED})
    return state


def label_is_in_bertopic(state: Any, _: Decisions) -> list[bool]:
    """Whether the topic is still called so."""
    model, _ = state
    labels = model.custom_labels_ or []
    return [_NAMED in labels, True, True]


def _fit(texts: Sequence[str], vectors: np.ndarray) -> Any:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from bertopic import BERTopic
        from umap import UMAP

        # what BERTopic makes of UMAP where it is given none, and a seed
        reduction = UMAP(
            n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", low_memory=False, random_state=42
        )
        return BERTopic(umap_model=reduction, embedding_model=None).fit(list(texts), vectors)


def _ids(topics: Sequence[int]) -> np.ndarray:
    return np.array(["" if topic < 0 else str(topic) for topic in topics])
