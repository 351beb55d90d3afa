"""Which passages are like what others say, and which theme each of these belongs to.

A passage that is like none is told by its nearest neighbours, as in Ramaswamy, Rastogi and Shim, "Efficient algorithms
for mining outliers from large data sets" (2000), by their mean cosine. That to the middle of a theme says less: a wide
theme's own passages are far from it, and some that are about nothing of the kind are nearer by chance.
"""

import numpy as np
from scipy import sparse

from pipeline.themes.neighbours import nearest_of

_LEAST_LIKE = 0.45  # of the usual likeness
_SAME = 0.9  # cosine of passages that say the same in nearly the same words
_FAR_LESS = 0.1  # cosine


def likeness(similar: np.ndarray) -> np.ndarray:
    """How like its neighbours each passage is, (n,), from the cosines to them, (n, k); 1 where it has none."""
    return similar.mean(axis=1) if similar.shape[1] else np.ones(len(similar))


def is_like(like: np.ndarray, neighbours: np.ndarray, usual: np.ndarray) -> np.ndarray:
    """Whether each passage is about as like its neighbours as these are like theirs, or as is usual, bool (n,).

    Usual alone would leave out what varies where most answers say the same in the same words.

    Args:
        like: likeness of each, (n,).
        neighbours: the same of its neighbours, (n, k).
        usual: the same of many.
    """
    if neighbours.shape[1] == 0:
        return np.ones(len(like), dtype=bool)
    least = np.minimum(np.median(neighbours, axis=1), np.median(usual))
    return (like >= _LEAST_LIKE * least) | (least <= 0)


def is_like_others(vectors: np.ndarray, others: np.ndarray, usual: np.ndarray, k: int) -> np.ndarray:
    """The same of vectors beside others that are known, whose likeness among themselves is usual, (m,).

    What says nearly what one of them says is like them, though this one may be like no other.

    Args:
        vectors, others: float32 (n, dimension) and (m, dimension), rows of length 1.
    """
    if len(others) < 2:  # nothing is usual yet
        return np.ones(len(vectors), dtype=bool)
    nearest, similar = nearest_of(vectors, others, k)
    return is_like(likeness(similar), usual[nearest], usual) | (similar.max(axis=1) >= _SAME)


def kinds_apart(
    is_like: np.ndarray, nearest: tuple[np.ndarray, np.ndarray], counts: np.ndarray, least: int
) -> np.ndarray:
    """Of what is like none, what enough say in nearly the same words: 0.. for each kind, -1 for all else, int (n,).

    Args:
        is_like: bool (n,).
        nearest: see `nearest_rows`.
        counts: how many passages each row stands for, (n,); least: so many make a kind.
    """
    if is_like.all():
        return np.full(len(is_like), -1)
    rows, columns = np.nonzero(~is_like[:, None] & ~is_like[nearest[0]] & (nearest[1] >= _SAME))
    edges = (np.ones(len(rows)), (rows, nearest[0][rows, columns]))
    n = len(is_like)
    found = sparse.csgraph.connected_components(sparse.csr_matrix(edges, shape=(n, n)), directed=False)[1]
    said = np.bincount(found, weights=counts)[found]
    apart = ~is_like & (said >= least)
    return np.where(apart, np.searchsorted(np.unique(found[apart]), found), -1)


def settle(similar: np.ndarray, own: np.ndarray, given: float | None) -> np.ndarray:
    """Each passage's theme, int (n,): its own, or another that it is far more like; -1 if like none as much as given.

    So neighbours decide between themes that a passage is about as much like.

    Args:
        similar: cosine of each passage to each theme's centroid, (n, k).
        own: the theme that its neighbours give it.
        given: `min_similarity` of the study, if any.
    """
    best = similar.max(axis=1)
    settled = np.where(best - similar[np.arange(len(own)), own] > _FAR_LESS, similar.argmax(axis=1), own)
    return settled if given is None else np.where(best < given, -1, settled)
