"""A theme in two or more parts: by the communities within it, or by what a phrase asks for."""

import numpy as np

from pipeline.themes.clustering import N_NEIGHBOURS
from pipeline.themes.graph import consensus, neighbour_graph

_RESOLUTIONS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)
_FEWEST = 2  # passages a part
_N_RUNS = 20
_ROUNDS = 50
_UNRELATED = 0.2  # cosine of unrelated short texts, at most
_FIRST = 0.1  # share of passages nearest to the phrase, with which the search begins


def communities(vectors: np.ndarray, seed: int, n_parts: int | None = None) -> np.ndarray:
    """A part for each passage, int (n,), 0 the largest: by the coarsest resolution that parts them at all.

    Args:
        vectors: float32 (n, dimension), rows of length 1.
        seed: of the study.
        n_parts: take the resolution that comes nearest to so many parts instead, and no more.

    Returns:
        Only zeros where there is nothing to part. Parts of one passage join the part they are most like.
    """
    n = len(vectors)
    if n < 2 * _FEWEST:
        return np.zeros(n, dtype=np.int64)
    graph = neighbour_graph(vectors, min(N_NEIGHBOURS, max(2, n // 4)))
    best = np.zeros(n, dtype=np.int64)
    for resolution in _RESOLUTIONS:
        found = _largest_first(vectors, consensus(graph, resolution, seed, _N_RUNS), n_parts)
        size = int(found.max()) + 1
        if n_parts is None and size > 1:
            return found
        if n_parts is not None and abs(size - n_parts) < abs(int(best.max()) + 1 - n_parts):
            best = found
    return best


def _largest_first(vectors: np.ndarray, labels: np.ndarray, most: int | None) -> np.ndarray:
    """Parts numbered by size, those that are too small or too many joined to the nearest of the others."""
    names, counts = np.unique(labels, return_counts=True)
    order = [name for name, count in sorted(zip(names, counts, strict=True), key=lambda x: (-x[1], x[0]))
             if count >= _FEWEST][:most]  # fmt: skip
    if not order:
        return np.zeros(len(labels), dtype=np.int64)
    centres = np.stack([_unit(vectors[labels == name].sum(axis=0)) for name in order])
    number = {name: i for i, name in enumerate(order)}
    nearest = (vectors @ centres.T).argmax(axis=1)
    return np.array([number.get(label, near) for label, near in zip(labels, nearest, strict=True)], dtype=np.int64)


def speaks_of(vectors: np.ndarray, phrase: np.ndarray) -> bool:
    """True if some passages have to do with a phrase: the tenth that is nearest to it is more like it than unrelated
    texts are. Of phrases that name a part of a theme 99% pass, of those from other studies 28% (tests/bench/splitting).

    Args:
        vectors: float32 (n, dimension), rows of length 1.
        phrase: float32 (dimension,), of length 1.
    """
    similar = np.sort(vectors @ phrase)[::-1]
    return len(similar) > 0 and float(similar[: max(1, round(_FIRST * len(similar)))].mean()) >= _UNRELATED


def nearer_to_phrase(vectors: np.ndarray, phrase: np.ndarray) -> np.ndarray:
    """Which passages are nearer to a phrase than to the rest, bool (n,).

    A phrase of two words is less like any passage than the mean of many passages is, so it cannot be compared with the
    rest as it stands. It is one of the members of its own part: two means on the sphere, the first of which always
    holds the phrase and begins with the tenth of the passages that are nearest to it relative to the rest.

    Args:
        vectors: float32 (n, dimension), rows of length 1.
        phrase: float32 (dimension,), of length 1.
    """
    n = len(vectors)
    if n < 2:
        return np.zeros(n, dtype=bool)
    centre = _unit(vectors.sum(axis=0))
    lead = vectors @ phrase - vectors @ centre
    mine = np.zeros(n, dtype=bool)
    mine[np.argsort(-lead, kind="stable")[: max(1, round(_FIRST * n))]] = True
    for _ in range(_ROUNDS):
        part, rest = _unit(vectors[mine].sum(axis=0) + phrase), _unit(vectors[~mine].sum(axis=0))
        again = vectors @ part > vectors @ rest
        if (again == mine).all():
            break
        mine = again
    return mine


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / max(float(np.linalg.norm(vector)), 1e-12)
