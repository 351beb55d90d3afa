"""Topics by BERTopic: our clusterer in its seam for cluster models, and its class-based TF-IDF for the words that set
topics apart. Only what is compared with BERTopic imports it beside this file.
"""

import sys
import warnings
from collections.abc import Sequence
from functools import cache, partial
from typing import Any, Protocol

import numpy as np

from pipeline.themes.words import english_stop_words, words_and_pairs

_KEYWORDS = 30  # asked for, of which three are shown
_MARK = "endofpassage"


class ClusterModel(Protocol):
    """What BERTopic asks of whatever finds its topics. labels_: int (n,), -1 for none, once it is fitted."""

    labels_: np.ndarray

    def fit(self, X: np.ndarray, y: object = None) -> object: ...


class Given:
    """Topics that are known already, such as those that people decided on."""

    def __init__(self, labels: np.ndarray) -> None:
        self.labels_ = labels

    def fit(self, X: np.ndarray, y: object = None) -> "Given":  # noqa: ARG002 (scikit-learn's names)
        return self


def find_topics(
    texts: Sequence[str], vectors: np.ndarray, clusterer: ClusterModel, stop_words: frozenset[str]
) -> dict[int, list[str]]:
    """Fits the clusterer and says which words and pairs of words set each topic apart, best first.

    Args:
        texts: without placeholders, in an order that follows from their content.
        vectors: float32 (n, dimension), rows of length 1.
        clusterer: has found topics when this is done.
        stop_words: casefolded words that are in no keyword, beside the usual English ones.

    Returns:
        By label of the clusterer; empty if there is nothing to tell apart.
    """
    from sklearn.feature_extraction.text import CountVectorizer

    stop = stop_words | english_stop_words()
    if not any(words_and_pairs(text, stop) for text in texts):
        clusterer.fit(vectors)  # BERTopic cannot do without words
        return {}
    bertopic, reduction = load_bertopic()
    analyzer: Any = partial(words_and_pairs, stop=stop)
    model = bertopic(
        language="multilingual",  # "english" would strip punctuation, and pairs would reach across sentences
        embedding_model=None,
        umap_model=reduction(),
        hdbscan_model=clusterer,
        vectorizer_model=CountVectorizer(analyzer=analyzer),
        top_n_words=_KEYWORDS,
        calculate_probabilities=False,
    )
    # BERTopic joins a topic's texts: the mark keeps pairs from reaching across, and a vocabulary from being empty.
    model.fit([f"{text} . {_MARK}" for text in texts], embeddings=vectors)
    topics = np.array(model.topics_)  # numbered anew, by size
    first = {int(topic): int(np.flatnonzero(topics == topic)[0]) for topic in np.unique(topics[topics >= 0])}
    return {
        int(clusterer.labels_[first[int(topic)]]): [
            word for word, weight in pairs if word and word != _MARK and weight > 0
        ]
        for topic, pairs in model.topic_representations_.items()
        if topic >= 0
    }


@cache
def load_bertopic() -> tuple[Any, Any]:
    """BERTopic and its reduction that does nothing, imported without the libraries that this use never calls.

    They are optional to BERTopic, which does without where they are missing: so they are made to look missing, which
    saves seconds and 300 MB. Whoever imports BERTopic afterwards gets it whole. It also silences all warnings for good,
    which is undone.
    """
    is_whole = "bertopic" in sys.modules
    unused = ("umap", "hdbscan", "plotly", "sentence_transformers", "transformers", "spacy")
    hidden = [name for name in unused if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # pyright: ignore[reportArgumentType, reportCallIssue]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that a notebook lacks a widget for progress bars that nobody sees
            from bertopic import BERTopic
            from bertopic.dimensionality import BaseDimensionalityReduction
    finally:
        ours = [] if is_whole else [name for name in sys.modules if name.split(".")[0] == "bertopic"]
        for name in (*hidden, *ours):
            sys.modules.pop(name, None)
    return BERTopic, BaseDimensionalityReduction
