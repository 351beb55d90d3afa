"""Which passages belong together, as a clusterer that fits BERTopic's `hdbscan_model` seam."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pipeline.themes.graph import consensus, neighbour_graph

N_NEIGHBOURS = 10  # 10 and 15 measured alike; 10 is the faster
_FEWEST_TO_CLUSTER = 8  # different texts; fewer are one theme at most

# Modularity resolutions to choose from. 2.5 was good on all labelled sets measured; another is taken only where it is
# clearly more stable, so that a handful of new passages does not reshape a study.
_RESOLUTIONS = (0.25, 0.5, 1.0, 1.25, 1.5, 2.0, 2.5, 4.0)
_USUAL_RESOLUTION = 2.5
_CLEARLY_MORE_STABLE = 0.05  # AMI; several times the standard error of the estimate
_FOLDS = 3
_UNRELATED = 0.2  # cosine of unrelated short texts, where there are too few themes to see it
_FEWEST_TO_CALIBRATE = 4
_CLEAR_MARGIN = 0.1
_MOST_WEAK = 0.05
_LARGE = 5_000  # rows above which fewer runs are made: there, runs differ less
_VAST = 20_000  # rows above which fewer still are made, and no other resolution is tried than must be


@dataclass(frozen=True)
class Fit:
    """How well each passage fits its theme. Arrays of length n.

    labels: 0..k-1, or -1 for unassigned. similarity: cosine to the theme's centroid (for unassigned, to the nearest).
    margin: that, less the cosine to the best other theme's; 0 where there is only one.
    """

    labels: np.ndarray
    similarity: np.ndarray
    margin: np.ndarray
    centroids: np.ndarray


class LeidenClusterer:
    """Consensus Leiden on the graph of nearest neighbours, with an honest unassigned share.

    The order of rows makes no difference, and equal rows always share a theme.

    Attributes:
        labels_: int (n,), -1 for unassigned.
        resolution_: the one chosen.
        centroids_: float32 (k, dimension), rows of length 1.
    """

    def __init__(
        self,
        min_themes: int = 5,
        max_themes: int = 40,
        min_passages: int = 4,
        min_similarity: float | None = None,
        seed: int = 0,
        previous: np.ndarray | None = None,
    ) -> None:
        """`previous` holds a theme for each row to be fitted, "" where there is none: the scan then prefers the
        resolution that agrees with it best."""
        self.min_themes = min_themes
        self.max_themes = max_themes
        self.min_passages = min_passages
        self.min_similarity = min_similarity
        self.seed = seed
        self.previous = previous

    def fit(self, X: np.ndarray, y: object = None) -> "LeidenClusterer":  # noqa: ARG002 (scikit-learn's names)
        vectors = np.ascontiguousarray(X, dtype=np.float32)
        rows, inverse, counts = _distinct(vectors)
        distinct = vectors[rows]
        empty = ~distinct.any(axis=1)  # nothing but placeholders was said
        previous = self.previous[rows] if self.previous is not None else None
        found, self.resolution_ = self._communities(distinct, counts, previous)
        fit = assign(distinct, found, np.where(empty, 0, counts), self.min_passages, self.min_similarity)
        self.labels_ = np.where(empty, -1, fit.labels)[inverse]
        self.centroids_ = fit.centroids
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        """The nearest theme of each row, or -1 where it is like none."""
        if len(self.centroids_) == 0:
            return np.full(len(X), -1)
        similar = np.asarray(X, dtype=np.float32) @ self.centroids_.T
        nearest = similar.argmax(axis=1)
        return np.where(is_weak(similar, nearest, self.min_similarity), -1, nearest)

    def _communities(
        self, vectors: np.ndarray, counts: np.ndarray, previous: np.ndarray | None
    ) -> tuple[np.ndarray, float]:
        n = len(vectors)
        if n < _FEWEST_TO_CLUSTER:
            return np.zeros(n, dtype=np.int64), 0.0
        graph = neighbour_graph(vectors, neighbours_for(n))
        n_runs = 30 if n <= _LARGE else 10 if n <= _VAST else 5

        def labels_at(resolution: float) -> np.ndarray:
            found = consensus(graph, resolution, self.seed, max(5, n_runs // 3) if n <= _VAST else 1)
            return assign(vectors, found, counts, self.min_passages, self.min_similarity).labels

        one_will_do = n > _VAST or (n > _LARGE and previous is None)
        scan = self._few_tries(labels_at, int(counts.sum())) if one_will_do else {r: labels_at(r) for r in _RESOLUTIONS}
        allowed = self._in_range({r: int(labels.max()) + 1 for r, labels in scan.items()}, int(counts.sum()))
        if previous is not None and (previous != "").any():
            scores = {r: _agreement(scan[r], previous) for r in allowed}
            chosen = max(allowed, key=lambda r: (scores[r], -_distance(r)))
        else:
            chosen = self._most_stable(vectors, scan, allowed)
        return consensus(graph, chosen, self.seed, n_runs), chosen

    def _few_tries(self, labels_at: Callable[[float], np.ndarray], n: int) -> dict[float, np.ndarray]:
        """Labels at the usual resolution and, where that gives no wanted number of themes, at some others.

        A higher resolution gives more themes. So the nearest one that gives a wanted number is found by halving.
        """
        scan: dict[float, np.ndarray] = {}
        left, resolution = sorted(_RESOLUTIONS), _USUAL_RESOLUTION
        while True:
            scan[resolution] = labels_at(resolution)
            size = int(scan[resolution].max()) + 1
            if size > self.max_themes:
                left = [r for r in left if r < resolution]
            elif size < self._fewest(n):
                left = [r for r in left if r > resolution]
            else:
                left = [r for r in left if _distance(r) < _distance(resolution)]
            if not left:
                return scan
            resolution = left[len(left) // 2]

    def _fewest(self, n: int) -> int:
        return min(self.min_themes, max(1, n // (3 * self.min_passages)))  # twenty answers need not make five themes

    def _in_range(self, sizes: dict[float, int], n: int) -> list[float]:
        """The resolutions that give a wanted number of themes, or those that come nearest."""
        low = self._fewest(n)
        beyond = {r: max(low - size, size - self.max_themes, 0) for r, size in sizes.items()}
        return [r for r in sizes if beyond[r] == min(beyond.values())]

    def _most_stable(self, vectors: np.ndarray, scan: dict[float, np.ndarray], allowed: list[float]) -> float:
        usual = min(allowed, key=lambda r: (_distance(r), r))
        if len(allowed) == 1 or len(vectors) > _LARGE:
            return usual
        # A row's fold follows from its content, so that one row more or less leaves all others in theirs.
        folds = np.array([np.frombuffer(row.tobytes(), dtype=np.uint8).sum() % (2 * _FOLDS) for row in vectors])
        scores: dict[float, list[float]] = {r: [] for r in allowed}
        for fold in range(_FOLDS):
            kept = folds != fold
            graph = neighbour_graph(vectors[kept], neighbours_for(len(vectors)))
            for r in allowed:
                found = consensus(graph, r, self.seed, 5)
                scores[r].append(_agreement(scan[r][kept], found.astype(str)))
        means = {r: float(np.mean(values)) for r, values in scores.items()}
        best = max(allowed, key=lambda r: (means[r], -_distance(r)))
        return best if means[best] > means[usual] + _CLEARLY_MORE_STABLE else usual


def neighbours_for(n: int) -> int:
    """k for n different texts: 10, fewer below 100, where 10 would join everything with everything."""
    return int(np.clip(round(n**0.5), 3, N_NEIGHBOURS))


def assign(
    vectors: np.ndarray,
    found: np.ndarray,
    counts: np.ndarray,
    min_passages: int,
    min_similarity: float | None,
) -> Fit:
    """Themes from communities: small ones are dissolved into the nearest theme, weak passages are left unassigned.

    Args:
        vectors: float32 (n, dimension), rows of length 1.
        found: community of each row.
        counts: how many passages each row stands for.
        min_passages: a community with fewer passages is no theme.
        min_similarity: the floor, or None to find it.
    """
    sizes = np.bincount(found, weights=counts)
    themes = np.flatnonzero(sizes >= min_passages)
    labels = np.full(len(found), -1)
    if len(themes) == 0:
        nothing = np.zeros(len(found))
        return Fit(labels, nothing, nothing, np.zeros((0, vectors.shape[1]), dtype=np.float32))
    member = found[:, None] == themes[None, :]
    centroids = _centroids(vectors, member)
    similar = vectors @ centroids.T
    own = np.where(member.any(axis=1), member.argmax(axis=1), similar.argmax(axis=1))
    labels = np.where(is_weak(similar, own, min_similarity), -1, own)
    return describe(vectors, labels, counts, min_passages)


def describe(vectors: np.ndarray, labels: np.ndarray, counts: np.ndarray, min_passages: int = 1) -> Fit:
    """Similarity and margin of every row under the given labels; themes left too small are dropped."""
    sizes = np.bincount(labels[labels >= 0], weights=counts[labels >= 0], minlength=1)
    themes = np.flatnonzero(sizes >= max(min_passages, 1))
    if len(themes) == 0:
        nothing = np.zeros(len(labels))
        return Fit(np.full(len(labels), -1), nothing, nothing, np.zeros((0, vectors.shape[1]), dtype=np.float32))
    member = labels[:, None] == themes[None, :]
    centroids = _centroids(vectors, member)
    similar = vectors @ centroids.T
    labels = np.where(member.any(axis=1), member.argmax(axis=1), -1)
    nearest = np.where(labels >= 0, labels, similar.argmax(axis=1))
    own = similar[np.arange(len(labels)), nearest]
    similar[np.arange(len(labels)), nearest] = -np.inf
    margin = own - similar.max(axis=1) if len(themes) > 1 else np.zeros(len(labels))
    return Fit(labels, own, margin, centroids)


def is_weak(similar: np.ndarray, own: np.ndarray, given: float | None) -> np.ndarray:
    """True for passages that belong to no theme, bool (n,).

    With a floor given, those below it. Else it is found from the data: a passage is weak if it is no more like its
    theme than passages are like themes that are not theirs (mean and one standard deviation over all but the best
    two), unless it is still clearly more like its own than like any other. Never more than one in twenty for that
    reason: where all themes are alike, distance says little.

    Args:
        similar: cosine of each passage to each theme's centroid, (n, k).
        own: each passage's theme.
        given: `min_similarity` of the study, if any.
    """
    rows = np.arange(len(own))
    mine = similar[rows, own]
    if given is not None:
        return mine < given
    ordered = np.sort(similar, axis=1)
    others = ordered[:, :-2] if similar.shape[1] > _FEWEST_TO_CALIBRATE else np.full((1, 1), _UNRELATED)
    floor = min(float(others.mean() + others.std()), float(np.quantile(mine, _MOST_WEAK)))
    best_other = np.where(ordered[:, -1] > mine, ordered[:, -1], ordered[:, -2]) if similar.shape[1] > 1 else mine
    return (mine < floor) & (mine - best_other < _CLEAR_MARGIN)


def _centroids(vectors: np.ndarray, member: np.ndarray) -> np.ndarray:
    sums = member.T.astype(np.float32) @ vectors
    return sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)


def _distinct(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """First index, inverse and count of every different row, ordered by content, whatever order the rows came in."""
    content = np.ascontiguousarray(vectors).view(np.dtype((np.void, vectors.itemsize * vectors.shape[1]))).ravel()
    _, first, inverse, counts = np.unique(content, return_index=True, return_inverse=True, return_counts=True)
    return first, inverse.ravel(), counts


def _agreement(labels: np.ndarray, others: np.ndarray) -> float:
    """Adjusted mutual information over the rows that both assign."""
    from sklearn.metrics import adjusted_mutual_info_score

    both = (labels >= 0) & (others != "")
    return float(adjusted_mutual_info_score(others[both], labels[both])) if both.any() else 0.0


def _distance(resolution: float) -> float:
    return abs(float(np.log(resolution / _USUAL_RESOLUTION)))
