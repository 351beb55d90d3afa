"""Words that set topics apart, by BERTopic on topics that were found already. The only file that imports it."""

import re
import sys
import warnings
from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from pipeline.themes.phrases import is_mask

_TOKEN = re.compile(r"[^\W\d_][\w'’+#-]*|\w+|[^\w\s]")
_KEYWORDS = 30  # asked for, of which three are shown
_MARK = "endofpassage"


class _Given:
    """Topics found already, in the place of BERTopic's clusterer."""

    def __init__(self, labels: np.ndarray) -> None:
        self.labels_ = labels

    def fit(self, X: np.ndarray, y: object = None) -> "_Given":  # noqa: ARG002 (scikit-learn's names)
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        raise NotImplementedError  # never asked for: whoever comes later goes through the clusterer


def words_of_topics(
    texts: Sequence[str], vectors: np.ndarray, labels: np.ndarray, stop_words: frozenset[str]
) -> dict[int, list[str]]:
    """Words and pairs of words that set each topic apart, best first, by BERTopic's class-based TF-IDF.

    Args:
        texts: without placeholders, in an order that follows from their content.
        vectors: float32 (n, dimension), rows of length 1.
        labels: topic of each text, int (n,), -1 for none.
        stop_words: casefolded words that are in no keyword, beside the usual English ones.

    Returns:
        By label; empty if there is nothing to tell apart.
    """
    from sklearn.feature_extraction.text import CountVectorizer

    stop = stop_words | _english()
    if not (labels >= 0).any() or not any(words_and_pairs(text, stop) for text in texts):
        return {}  # BERTopic cannot do without words
    bertopic, reduction = _bertopic()
    analyzer: Any = partial(words_and_pairs, stop=stop)
    model = bertopic(
        language="multilingual",  # "english" would strip punctuation, and pairs would reach across sentences
        embedding_model=None,
        umap_model=reduction(),
        hdbscan_model=_Given(labels),
        vectorizer_model=CountVectorizer(analyzer=analyzer),
        top_n_words=_KEYWORDS,
        calculate_probabilities=False,
    )
    # BERTopic joins a topic's texts: the mark keeps pairs from reaching across, and a vocabulary from being empty.
    model.fit([f"{text} . {_MARK}" for text in texts], embeddings=vectors)
    topics = np.array(model.topics_)  # numbered anew, by size
    own = {int(topic): int(labels[np.flatnonzero(topics == topic)[0]]) for topic in np.unique(topics[topics >= 0])}
    return {
        own[int(topic)]: [word for word, weight in pairs if word and word != _MARK and weight > 0]
        for topic, pairs in model.topic_representations_.items()
        if topic >= 0
    }


def words(text: str) -> list[str]:
    """The words of a text, casefolded, with "" wherever something else stands, or a mask such as "xxx"."""
    tokens = (token.casefold().rstrip("'’-") for token in _TOKEN.findall(text))
    return [token if token[:1].isalpha() and len(token) > 1 and not is_mask(token) else "" for token in tokens]


def words_and_pairs(text: str, stop: frozenset[str]) -> list[str]:
    """Words that are neither stop words nor contractions, and pairs of such words that stand side by side."""
    kept = ["" if word in stop or "'" in word or "’" in word else word for word in words(text)]
    pairs = [f"{one} {two}" for one, two in pairwise(kept) if one and two and one != two]
    return [word for word in kept if word] + pairs


# What people say while they think, and what transcripts are full of.
_SPOKEN = frozenset(
    """ah actually basically bit er erm get go going gonna got gotta guess hmm just kind know like literally lot maybe
    mean mm mhm obviously oh ok okay people really right say see sort stuff thing things think um uh want wanna way
    well whatever yeah yep yes aye ye nae
    """.split()
)


def _english() -> frozenset[str]:
    from spacy.lang.en.stop_words import STOP_WORDS

    return frozenset(STOP_WORDS) | _SPOKEN


def _bertopic() -> tuple[Any, Any]:
    """BERTopic and its reduction that does nothing, imported without the libraries that this use never calls.

    They are optional to BERTopic, which does without where they are missing: so they are made to look missing, which
    saves seconds and 300 MB. It also silences all warnings for good, which is undone.
    """
    unused = ("umap", "hdbscan", "plotly", "sentence_transformers", "transformers", "spacy")
    hidden = [name for name in unused if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # pyright: ignore[reportArgumentType, reportCallIssue]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that a notebook lacks a widget for progress bars that nobody sees
            from bertopic import BERTopic
            from bertopic.dimensionality import BaseDimensionalityReduction
    finally:
        for name in hidden:
            sys.modules.pop(name, None)
    return BERTopic, BaseDimensionalityReduction
