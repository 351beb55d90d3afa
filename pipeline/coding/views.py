"""How alike passages, ideas and codes are: meaning, meaning smoothed over neighbours, words, and parts of words.

Bag-of-words similarity adds much to sentence vectors on short texts; more so when a word counts a little as the words
nearest in meaning, so that *invoice* and *bill* have something in common. Smoothing lets the passages that nobody
coded speak: what lies in one dense region of them becomes more alike (the feature propagation of Wu et al. 2019,
"Simplifying graph convolutional networks").
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from pipeline.coding.codes import Code, Encode, Passages, pointed_at

_NEIGHBOURS = 10
_BLOCK = 1024  # rows whose similarities to all others are in memory at once
_FEW = 10  # passages; with so few, half of their mean is taken for what all texts have in common
_MOST_WORDS = 10_000  # that count as words; the rest only by their parts
_ALIKE = 1.0  # how much the words nearest to a word count, all together, beside the word itself
# Weights of the views in the sum of similarities; between .5 and 2 times these, nothing changed by more than a point.
_MEANING, _SMOOTHED, _WORDS, _PARTS = 0.5, 0.5, 0.7, 1.0
# Variances of what the codebook says, beside that of a person's coding, .2: a label, or one of many things a definition
# lists, says least of what belongs to a code, an example most.
_MEANING_NOISE, _ASPECT_NOISE, _EXAMPLE_NOISE = 0.7, 1.0, 0.4


@dataclass(frozen=True)
class Views:
    """All texts in one space: first the passages, then their ideas, then what is known of the codes (the anchors).

    meaning, smoothed: float32 (n_texts, dimension). words, parts: sparse (n_texts, n_terms), rows of length 1.
    nearness: float (n_passages + n_ideas, n_codes), cosine to the code's meaning. exclusion: the same shape, how much
    nearer a text is to what the code excludes, 0 where it is not. lexical: shared parts of words, standardised by code.
    """

    meaning: np.ndarray
    smoothed: np.ndarray
    words: Any
    parts: Any
    nearness: np.ndarray
    exclusion: np.ndarray
    lexical: np.ndarray
    anchor_of: np.ndarray  # int (n_anchors,): the code each anchor tells of; first each code's meaning, in order
    anchor_noise: np.ndarray  # float (n_anchors,): how far it may be off, as a variance

    def similarity(self, columns: np.ndarray) -> np.ndarray:
        """Float (n_texts, n_columns): a positive definite sum of the views' cosines."""
        dense = _MEANING * (self.meaning @ self.meaning[columns].T)
        dense += _SMOOTHED * (self.smoothed @ self.smoothed[columns].T)
        shared = _WORDS * (self.words @ self.words[columns].T) + _PARTS * (self.parts @ self.parts[columns].T)
        return dense.astype(float) + shared.toarray()


def make_views(passages: Passages, codes: list[Code], encode: Encode) -> Views:
    """The views of passages and codes. Encodes what belongs to codes, and single words."""
    ideas = passages.ideas
    idea_texts = list(ideas.texts) if ideas is not None else []
    meanings = [code.meaning for code in codes]
    anchors = [(meaning, row, _MEANING_NOISE) for row, meaning in enumerate(meanings)]
    pointed = pointed_at(codes)
    for row, code in enumerate(codes):
        listed = (code.label, *code.aspects, *pointed.get(code.theme_id, ()))
        anchors += [(text, row, _ASPECT_NOISE) for text in listed]
        anchors += [(text, row, _EXAMPLE_NOISE) for text in code.examples]
    known = [text for text, _, _ in anchors]
    excluded = [code.exclude.strip() for code in codes]
    encoded = encode([*known, *(text for text in excluded if text)])
    n = len(passages.ids)

    said = np.concatenate([passages.vectors, ideas.vectors]) if ideas is not None and idea_texts else passages.vectors
    nearness = (said @ encoded[: len(codes)].T).astype(float)
    exclusion = np.zeros_like(nearness)
    with_exclusion = [row for row, text in enumerate(excluded) if text]
    if with_exclusion:
        away = said @ encoded[len(known) :].T
        exclusion[:, with_exclusion] = np.maximum(0.0, away - nearness[:, with_exclusion])

    common = passages.vectors.mean(axis=0) * (n / (n + _FEW))
    meaning = _unit(np.concatenate([said, encoded[: len(known)]]) - common)
    texts, counted = [*passages.texts, *idea_texts, *known], [*passages.texts, *known]  # ideas do not count twice
    parts = _parts(texts, counted)
    first = n + len(idea_texts)
    lexical = (parts[:first] @ parts[first : first + len(codes)].T).toarray()
    spread = lexical[:n].std(axis=0)
    return Views(
        meaning=meaning,
        smoothed=_smoothed(meaning, n),
        words=_words(texts, counted, encode),
        parts=parts,
        nearness=nearness,
        exclusion=exclusion,
        lexical=(lexical - lexical[:n].mean(axis=0)) / np.where(spread > 0, spread, 1.0),
        anchor_of=np.array([row for _, row, _ in anchors]),
        anchor_noise=np.array([noise for _, _, noise in anchors]),
    )


def _unit(vectors: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)


def _words(texts: list[str], counted: list[str], encode: Encode) -> Any:
    """Tf-idf of words, but those of grammar; each counts as its nearest ones too, by the vectors of single words."""
    from sklearn.preprocessing import normalize
    from spacy.lang.en.stop_words import STOP_WORDS

    grammar = sorted(word for word in STOP_WORDS if word.isalpha())  # scikit-learn's list has "system" and "bill"
    terms, names = _terms(texts, counted, stop_words=grammar, norm=None, max_features=_MOST_WORDS)
    if not names:
        return terms
    vectors = encode(names)
    near = _neighbours(_unit(vectors - vectors.mean(axis=0)), len(names))
    return normalize(terms + _ALIKE * (terms @ near), copy=False)


def _parts(texts: list[str], counted: list[str]) -> Any:
    """Tf-idf of three to five letters within words."""
    return _terms(texts, counted, analyzer="char_wb", ngram_range=(3, 5))[0]


def _terms(texts: list[str], counted: list[str], **settings: Any) -> tuple[Any, list[str]]:
    """Tf-idf of `texts`, sparse (n_texts, n_terms), and the terms; how rare each is in `counted`."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    settings |= {"sublinear_tf": True, "strip_accents": "unicode", "dtype": np.float32}
    vectorizer = TfidfVectorizer(**settings)
    try:
        vectorizer.fit(counted)
    except ValueError:  # nothing but punctuation
        return sparse.csr_matrix((len(texts), 1), dtype=np.float32), []
    return sparse.csr_matrix(vectorizer.transform(texts)), vectorizer.get_feature_names_out().tolist()


def _smoothed(vectors: np.ndarray, n_passages: int) -> np.ndarray:
    """Each vector moved towards its neighbours among the passages, and by half as much towards theirs."""
    passages = vectors[:n_passages]
    near = _neighbours(vectors, n_passages)
    once = near @ passages
    return _unit(vectors + once + 0.5 * (near @ once[:n_passages]))


def _neighbours(vectors: np.ndarray, among: int) -> sparse.csr_matrix:
    """Weights (n, among) of each row's nearest of the first rows, but itself: squared cosines that add up to 1."""
    n, k = len(vectors), min(_NEIGHBOURS, among - 1)
    if k < 1:
        return sparse.csr_matrix((n, among), dtype=np.float32)
    columns, weights = np.empty((n, k), dtype=int), np.empty((n, k), dtype=np.float32)
    for first in range(0, n, _BLOCK):
        block = vectors[first : first + _BLOCK] @ vectors[:among].T
        inside = np.arange(first, min(first + len(block), among))
        block[inside - first, inside] = -2.0
        nearest = np.sort(np.argpartition(-block, k - 1, axis=1)[:, :k], axis=1)
        columns[first : first + len(block)] = nearest
        weights[first : first + len(block)] = np.maximum(np.take_along_axis(block, nearest, axis=1), 0.0) ** 2
    weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1e-9)
    rows = np.repeat(np.arange(n), k)
    return sparse.csr_matrix((weights.ravel(), (rows, columns.ravel())), shape=(n, among))
