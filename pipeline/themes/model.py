"""BERTopic, with our clusterer in its place for one and no text written anywhere. The only file that imports it."""

import re
import sys
import warnings
from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import Any, Protocol

import numpy as np

from pipeline.study import Themes
from pipeline.themes.phrases import is_mask

_TOKEN = re.compile(r"[^\W\d_][\w'’+#-]*|\w+|[^\w\s]")
_KEYWORDS = 30  # asked for, of which three are shown
_MARK = "endofpassage"
_FEWEST_TO_PROJECT = 32  # UMAP's start needs more rows than neighbours


class Clusterer(Protocol):
    """What BERTopic asks of its `hdbscan_model`."""

    labels_: np.ndarray

    def fit(self, X: np.ndarray, y: object = None) -> Any: ...

    def predict(self, X: np.ndarray) -> np.ndarray: ...


def fit_topics(
    texts: Sequence[str],
    vectors: np.ndarray,
    leiden: Clusterer,
    settings: Themes,
    blocked: frozenset[str],
    seed: int,
) -> tuple[np.ndarray, dict[int, list[str]]]:
    """Topics of texts and the words that set each apart, by BERTopic's class-based TF-IDF.

    Args:
        texts: without placeholders, in an order that follows from their content.
        vectors: float32 (n, dimension), rows of length 1.
        leiden: the default clusterer, used on the vectors as they are.
        settings: which clusterer, the smallest theme, and words that are in no keyword.
        blocked: further such words, casefolded.
        seed: of UMAP, where it is used.

    Returns:
        Topic of each text, 0 the largest, -1 unassigned; and words and word pairs of each topic, best first.
    """
    from sklearn.feature_extraction.text import CountVectorizer

    stop = blocked | {word.casefold() for word in settings.stop_words} | _english()
    if not any(words_and_pairs(text, stop) for text in texts):
        return np.asarray(leiden.fit(vectors).labels_), {}  # BERTopic cannot do without words
    bertopic, reduction = _bertopic()
    projected = settings.clusterer == "hdbscan" and len(texts) >= _FEWEST_TO_PROJECT
    analyzer: Any = partial(words_and_pairs, stop=stop)
    model = bertopic(
        language="multilingual",  # "english" would strip punctuation, and pairs would reach across sentences
        embedding_model=None,
        umap_model=_umap(seed) if projected else reduction(),
        hdbscan_model=_hdbscan(len(texts), settings) if projected else leiden,
        vectorizer_model=CountVectorizer(analyzer=analyzer),
        top_n_words=_KEYWORDS,
        calculate_probabilities=False,
    )
    # BERTopic joins a topic's texts: the mark keeps pairs from reaching across, and a vocabulary from being empty.
    model.fit([f"{text} . {_MARK}" for text in texts], embeddings=vectors)
    keywords = {
        int(topic): [word for word, weight in pairs if word and word != _MARK and weight > 0]
        for topic, pairs in model.topic_representations_.items()
        if topic >= 0
    }
    return np.array(model.topics_), keywords


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
            from bertopic import BERTopic
            from bertopic.dimensionality import BaseDimensionalityReduction
    finally:
        for name in hidden:
            sys.modules.pop(name, None)
    return BERTopic, BaseDimensionalityReduction


def _umap(seed: int) -> Any:
    from umap import UMAP

    return UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed, n_jobs=1)


def _hdbscan(n: int, settings: Themes) -> Any:
    from hdbscan import HDBSCAN

    return HDBSCAN(min_cluster_size=max(settings.min_passages, n // 250), metric="euclidean")
