"""BERTopic as it comes, to be compared with. Nothing else here imports it."""

import time
import warnings
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd

from pipeline.evaluation.stream import Decisions
from pipeline.evaluation.theme_systems import Discover, Found, members_of

BERTOPIC, MERGED = "BERTopic", "BERTopic merge_models"
_NAMED = "named by an analyst"
_SAME_TOPIC = 0.7  # merge_models' min_similarity, its default


def bertopic() -> Discover:
    """BERTopic with its defaults, but for a seed given to its UMAP: without one no two runs agree at all."""

    def discover(texts: Sequence[str], vectors: np.ndarray) -> Found:
        started = time.perf_counter()
        load()
        loaded = time.perf_counter()
        model = _fit(texts, vectors)
        themes = _ids(model.topics_)
        words = {str(topic): pairs[0][0] for topic, pairs in model.topic_representations_.items() if topic >= 0}
        return Found(themes, members_of(themes), words, time.perf_counter() - loaded, load_seconds=loaded - started)

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


def load() -> None:
    """Libraries that a fit would load late."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in ("hdbscan", "umap", "bertopic"):
            import_module(name)


def _fit(texts: Sequence[str], vectors: np.ndarray) -> Any:
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
