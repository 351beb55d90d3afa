"""Which passages belong together: communities of the neighbour graph, at a resolution chosen by how well they hold."""

import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy import sparse

from pipeline.themes.fit import assign, centroids_of, describe
from pipeline.themes.graph import consensus, sharpened_graph
from pipeline.themes.likeness import is_like, is_like_others, kinds_apart, likeness, settle
from pipeline.themes.neighbours import nearest_rows
from pipeline.themes.sticky import as_found, place, settle_new

N_NEIGHBOURS = 10  # 10 and 15 measured alike; 10 is the faster
_FEWEST_TO_CLUSTER = 8  # different texts; fewer are one theme at most

# Modularity resolutions to choose from. 4 was good on all labelled sets measured; another is taken only where it is
# clearly more stable, so that a handful of new passages does not reshape a study.
_RESOLUTIONS = (0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0)
_USUAL_RESOLUTION = 4.0
_PER_RESOLUTION = 50  # different texts for each 1 of it: of twenty, 4 makes ten communities, none of them a theme
_FINER = (2, 4)  # times the chosen resolution, at which new themes are looked for beside old ones that resemble them
_CLEARLY_MORE_STABLE = 0.05  # AMI; several times the standard error of the estimate
_FOLDS = 3
_FEWEST_TO_PROJECT = 32  # UMAP's start needs more rows than neighbours
_LARGE = 5_000  # rows above which fewer runs are made: there, runs differ less
_VAST = 20_000  # rows above which fewer still are made
_DRAWN = 2_500  # rows of a large study that resolutions are compared on


@dataclass(frozen=True)
class Texts:
    """What clusters are found from: n different texts, each of one or more passages.

    vectors: float32 (n, dimension). counts: of passages that say it, int (n,); spoken: the same, 0 where nothing but
    placeholders was said. known: the theme it had, "" for none, str (n,). graph: of neighbours, (n, n). is_like: it is
    like what others say, bool (n,). apart: the kind of what is not and yet many say, -1 for none, int (n,); see
    `kinds_apart`.
    """

    vectors: np.ndarray
    counts: np.ndarray
    spoken: np.ndarray
    known: np.ndarray
    graph: sparse.csr_matrix
    is_like: np.ndarray
    apart: np.ndarray

    def kinds(self, found: np.ndarray) -> np.ndarray:
        """The clusters, int (n,), without what is like none, and each kind apart as one more."""
        apart = np.where(self.apart >= 0, found.max(initial=-1) + 1 + self.apart, -1)
        return np.where(self.is_like, found, apart)


class Clusterer(ABC):
    """Clusters with an honest unassigned share and a memory; how they are found is for its subclasses.

    The order of rows makes no difference, and equal rows always share a theme, unless they had different ones before.
    It has what BERTopic asks of a cluster model, and is run by it (`pipeline.themes.topics`).

    Attributes:
        labels_: int (n,), 0..k-1, -1 for unassigned.
        themes_: the last run's theme that each label stands for, "" for a new one.
        fit_: how well each row fits its theme.
        shadow_: int (n,), the clusters found anew, from which `labels_` takes only what is new.
    """

    def __init__(
        self,
        min_themes: int = 5,
        max_themes: int = 40,
        min_passages: int = 4,
        min_similarity: float | None = None,
        seed: int = 0,
        previous: np.ndarray | None = None,
        waited: np.ndarray | None = None,
        found: np.ndarray | None = None,
    ) -> None:
        """`previous` holds a theme for each row to be fitted, "" where there is none: such rows keep their theme.
        `waited`: which of those without one were there before; they stay so until something new comes near. `found`:
        the themes of `previous` before people moved rows, to which these go back once what is new has followed them."""
        self.min_themes = min_themes
        self.max_themes = max_themes
        self.min_passages = min_passages
        self.min_similarity = min_similarity
        self.seed = seed
        self.previous = previous
        self.waited = waited
        self.found = found

    def fit(self, X: np.ndarray, y: object = None) -> Self:  # noqa: ARG002 (scikit-learn's names)
        vectors = np.ascontiguousarray(X, dtype=np.float32)
        rows, inverse, counts = _distinct(vectors)
        before = np.full(len(vectors), "") if self.previous is None else self.previous
        texts = self._texts(vectors[rows], counts, _most_common(before, inverse, len(rows)))
        found = self._communities(texts)
        shadow = self._assign(texts, texts.kinds(found[0]), texts.spoken)
        self.shadow_ = np.where(texts.spoken == 0, -1, shadow)[inverse]
        if (texts.known == "").all():
            self.labels_, self.themes_ = self.shadow_, [""] * (int(self.shadow_.max(initial=-1)) + 1)
        else:
            self._place(texts, found, inverse, before)
        self.fit_ = describe(vectors, self.labels_, np.ones(len(vectors)))
        self._themed = texts.vectors[np.isin(np.arange(len(rows)), inverse[self.labels_ >= 0])]
        return self

    def _texts(self, vectors: np.ndarray, counts: np.ndarray, known: np.ndarray) -> Texts:
        n = len(vectors)
        nearest = nearest_rows(vectors, neighbours_for(n))
        like = likeness(nearest[1])
        judged = is_like(like, like[nearest[0]], like) if self.min_similarity is None else np.ones(n, dtype=bool)
        spoken = np.where(vectors.any(axis=1), counts, 0)
        graph = sharpened_graph(vectors, nearest, usual_resolution(n), self.seed, _n_runs(n))
        apart = kinds_apart(judged, nearest, spoken, self.min_passages)
        return Texts(vectors, counts, spoken, known, graph, judged, apart)

    def _place(self, texts: Texts, found: list[np.ndarray], inverse: np.ndarray, before: np.ndarray) -> None:
        """Labels and themes where there is a past: only what is new is placed."""
        n = len(texts.vectors)
        come = np.ones(len(before), dtype=bool) if self.waited is None else ~self.waited
        waited = np.bincount(inverse, weights=come & (before == ""), minlength=n) == 0
        found = [texts.kinds(clusters) for clusters in found]
        placed = place(texts.known, found, texts.graph, texts.spoken, self.min_passages, waited)
        self.themes_ = placed.themes
        labels = settle_new(texts.vectors, placed, texts.known, neighbours_for(n), self.min_similarity)
        labels = np.where(texts.spoken == 0, -1, labels)
        index = {theme: label for label, theme in enumerate(self.themes_) if theme}
        own = np.array([index.get(theme, -1) for theme in before.tolist()], dtype=np.int64)
        labels = np.where(own >= 0, own, labels[inverse])
        if self.found is not None:
            labels, self.themes_ = as_found(labels, self.themes_, before, self.found)
        present, self.labels_ = np.unique(np.r_[-1, labels], return_inverse=True)
        self.labels_ = self.labels_[1:] - 1
        self.themes_ = [self.themes_[label] for label in present[1:].tolist()]

    def predict(self, X: np.ndarray) -> np.ndarray:
        """The label that each of other rows is most like, -1 for none: what BERTopic asks of texts that come later."""
        vectors = np.asarray(X, dtype=np.float32)
        if not len(self._themed):
            return np.full(len(vectors), -1)
        similar = vectors @ self.fit_.centroids.T
        labels = settle(similar, similar.argmax(axis=1), self.min_similarity)
        if self.min_similarity is None:
            k = neighbours_for(len(self._themed))
            usual = likeness(nearest_rows(self._themed, k)[1])
            labels = np.where(is_like_others(vectors, self._themed, usual, k), labels, -1)
        return np.where(vectors.any(axis=1), labels, -1)

    def _assign(self, texts: Texts, found: np.ndarray, counts: np.ndarray) -> np.ndarray:
        return assign(texts.vectors, found, counts, self.min_passages, self.min_similarity).labels

    @abstractmethod
    def _communities(self, texts: Texts) -> list[np.ndarray]:
        """Clusters of different texts, int (n,), -1 for none; finer ones after them, in which new themes may show."""


class LeidenClusterer(Clusterer):
    """Consensus Leiden on the graph of nearest neighbours. `resolution_` is the one chosen.

    Of the resolutions that give a wanted number of themes, the usual one, unless another is clearly more stable when
    passages are left out; where there is a past, the one that agrees with it best.
    """

    usual_ = _USUAL_RESOLUTION  # of many; fewer want a coarser look

    def _communities(self, texts: Texts) -> list[np.ndarray]:
        n, graph, counts = len(texts.vectors), texts.graph, texts.counts
        self.resolution_, self.usual_ = 0.0, usual_resolution(n)
        if n < _FEWEST_TO_CLUSTER:
            return [np.zeros(n, dtype=np.int64)]
        n_runs = _n_runs(n)

        def labels_at(resolution: float) -> np.ndarray:
            found = consensus(graph, resolution, self.seed, max(5, n_runs // 3) if n <= _VAST else 1)
            return self._assign(texts, np.where(texts.is_like, found, -1), counts)

        scan = self._few_tries(labels_at, int(counts.sum()))
        at = _RESOLUTIONS.index(min(self._allowed(scan, counts), key=lambda r: (_distance(r, self.usual_), r)))
        beside = _RESOLUTIONS[max(0, at - 1) : at + 2]
        scan |= {r: labels_at(r) for r in beside if r not in scan}
        allowed = self._allowed(scan, counts)
        if (texts.known == "").all():
            self.resolution_ = self._most_stable(texts.vectors, scan, allowed)
            return [consensus(graph, self.resolution_, self.seed, n_runs)]
        scores = {r: _agreement(scan[r], texts.known) for r in allowed}
        self.resolution_ = max(allowed, key=lambda r: (scores[r], -_distance(r, self.usual_)))
        return [
            consensus(graph, self.resolution_ * times, self.seed, n_runs if times == 1 else max(5, n_runs // 3))
            for times in (1, *_FINER)
        ]

    def _few_tries(self, labels_at: Callable[[float], np.ndarray], n: int) -> dict[float, np.ndarray]:
        """Labels at the usual resolution and, where that gives no wanted number of themes, at some others.

        A higher resolution gives more themes. So the nearest one that gives a wanted number is found by halving.
        """
        scan: dict[float, np.ndarray] = {}
        left, resolution = sorted(_RESOLUTIONS), self.usual_
        while True:
            scan[resolution] = labels_at(resolution)
            size = int(scan[resolution].max()) + 1
            if size > self.max_themes:
                left = [r for r in left if r < resolution]
            elif size < self._fewest(n):
                left = [r for r in left if r > resolution]
            else:
                left = [r for r in left if _distance(r, self.usual_) < _distance(resolution, self.usual_)]
            if not left:
                return scan
            resolution = left[len(left) // 2]

    def _fewest(self, n: int) -> int:
        return min(self.min_themes, max(1, n // (3 * self.min_passages)))  # twenty answers need not make five themes

    def _allowed(self, scan: dict[float, np.ndarray], counts: np.ndarray) -> list[float]:
        """The resolutions tried that give a wanted number of themes, or those that come nearest."""
        low = self._fewest(int(counts.sum()))
        sizes = {r: int(labels.max()) + 1 for r, labels in scan.items()}
        beyond = {r: max(low - size, size - self.max_themes, 0) for r, size in sizes.items()}
        return [r for r in sizes if beyond[r] == min(beyond.values())]

    def _most_stable(self, vectors: np.ndarray, scan: dict[float, np.ndarray], allowed: list[float]) -> float:
        usual = min(allowed, key=lambda r: (_distance(r, self.usual_), r))
        if len(allowed) == 1:
            return usual
        # What is drawn, and a row's fold, follow from its content: one row more or less leaves all others in theirs.
        content = np.array([zlib.crc32(row.tobytes()) for row in vectors])
        if len(vectors) > _LARGE:
            drawn = np.sort(np.argsort(content, kind="stable")[:_DRAWN])
            vectors, content = vectors[drawn], content[drawn]
            graph = self._drawn_graph(vectors, len(vectors))
            scan = {r: consensus(graph, r, self.seed, 5) for r in allowed}
        folds = content % (2 * _FOLDS)
        scores: dict[float, list[float]] = {r: [] for r in allowed}
        for fold in range(_FOLDS):
            kept = folds != fold
            graph = self._drawn_graph(vectors[kept], len(vectors))
            for r in allowed:
                found = consensus(graph, r, self.seed, 5)
                scores[r].append(_agreement(scan[r][kept], found.astype(str)))
        means = {r: float(np.mean(values)) for r, values in scores.items()}
        best = max(allowed, key=lambda r: (means[r], -_distance(r, self.usual_)))
        return best if means[best] > means[usual] + _CLEARLY_MORE_STABLE else usual

    def _drawn_graph(self, vectors: np.ndarray, n: int) -> sparse.csr_matrix:
        """Of some of n vectors, with as many neighbours as all of them have."""
        nearest = nearest_rows(vectors, neighbours_for(n))
        return sharpened_graph(vectors, nearest, usual_resolution(n), self.seed, 5)


class HdbscanClusterer(Clusterer):
    """UMAP and HDBSCAN, as BERTopic comes with them: slower, less stable, and a fifth or more goes unassigned.

    Clusters that are too many are joined.
    """

    def _communities(self, texts: Texts) -> list[np.ndarray]:
        vectors = texts.vectors
        if len(vectors) < _FEWEST_TO_PROJECT:
            return [np.zeros(len(vectors), dtype=np.int64)]
        from hdbscan import HDBSCAN
        from umap import UMAP

        reduction = UMAP(
            n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=self.seed, n_jobs=1
        )
        smallest = max(self.min_passages, len(vectors) // 250)
        found = HDBSCAN(min_cluster_size=smallest).fit_predict(reduction.fit_transform(vectors))
        return [_joined(vectors, np.asarray(found, dtype=np.int64), self.max_themes)]


def _joined(vectors: np.ndarray, found: np.ndarray, most: int) -> np.ndarray:
    """The clusters, those that lie closest together joined until there are no more than wanted; see `group_themes`."""
    k = int(found.max(initial=-1)) + 1
    if k <= most:
        return found
    from sklearn.cluster import AgglomerativeClustering

    centroids = centroids_of(vectors, found[:, None] == np.arange(k)[None, :])
    joined = AgglomerativeClustering(most, linkage="ward").fit_predict(centroids)
    return np.where(found >= 0, joined[found], -1)


def _most_common(before: np.ndarray, inverse: np.ndarray, n: int) -> np.ndarray:
    """The theme that most of the rows of each different content had, the first of equals; "" if none had one."""
    had = np.flatnonzero(before != "")
    themes, theme = np.unique(before[had], return_inverse=True)
    if not len(had):
        return np.full(n, "")
    counts = sparse.csr_matrix((np.ones(len(had)), (inverse[had], theme)), shape=(n, len(themes))).toarray()
    return np.where(counts.any(axis=1), themes[counts.argmax(axis=1)], "")


def _n_runs(n: int) -> int:
    return 30 if n <= _LARGE else 10 if n <= _VAST else 5


def neighbours_for(n: int) -> int:
    """k for n different texts: 10, fewer below 100, where 10 would join everything with everything."""
    return int(np.clip(round(n**0.5), 3, N_NEIGHBOURS))


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


def usual_resolution(n: int) -> float:
    """The one of n different texts: 4, but below two hundred as much less, down to 1, as there are fewer."""
    wanted = float(np.clip(n / _PER_RESOLUTION, 1.0, _USUAL_RESOLUTION))
    return min(_RESOLUTIONS, key=lambda r: _distance(r, wanted))


def _distance(resolution: float, usual: float = _USUAL_RESOLUTION) -> float:
    return abs(float(np.log(resolution / usual)))
