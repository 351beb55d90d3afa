"""Themes that hold still: what has a theme keeps it, what is new joins one, and only what is truly new makes one.

Fitted again, any clusterer moves passages between themes, whatever its seed. So the clusters found anew are only a
shadow: they say which new passages belong together and what has changed, and people decide what follows from that.
Only what is new moves anything: where a run has left everything, the next one leaves it if nothing has come.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from pipeline.themes.fit import centroids_of
from pipeline.themes.likeness import is_like_others, likeness, settle
from pipeline.themes.neighbours import nearest_rows

_NOVEL = 0.6  # share of a cluster that has never had a theme
_SHARE_OF_NEW = 0.01  # of all that is new: fewer passages than this make no theme yet
_FEWEST_TO_START = 5
_ROUNDS = 5  # of neighbours' votes; later ones reach passages whose neighbours are all new


@dataclass(frozen=True)
class Placed:
    """Every row's theme, before it is asked whether the row is like it.

    labels: int (n,), an index into `themes`; -1 where no neighbour has a theme. themes: id of each label, "" for a new
    theme; known ones come first, in order. starts: bool (n,), the rows that new themes were made of.
    """

    labels: np.ndarray
    themes: list[str]
    starts: np.ndarray


def place(
    previous: np.ndarray,
    partitions: Sequence[np.ndarray],
    graph: sparse.csr_matrix,
    counts: np.ndarray,
    min_passages: int,
    waited: np.ndarray | None = None,
) -> Placed:
    """Every row's theme: its own, a new one, or that of its neighbours.

    A cluster of any partition that consists mostly of rows that never had a theme becomes a new one, if it is large
    enough. Other rows without a theme take the one that most of their neighbours have, by the weight of the edges. A
    row that has waited goes on waiting unless one that is new is in such a cluster with it, or its neighbour.

    Args:
        previous: theme id of each row, "" for rows that never had one, str (n,).
        partitions: clusters found anew, coarsest first, each int (n,), -1 for none.
        graph: neighbours, (n, n).
        counts: how many passages each row stands for, (n,).
        min_passages: a smaller cluster is no theme.
        waited: bool (n,), rows that were there in the last run and had no theme; none, if left out.
    """
    known = sorted(set(previous.tolist()) - {""})
    index = {theme: label for label, theme in enumerate(known)}
    labels = np.array([index.get(theme, -1) for theme in previous.tolist()], dtype=np.int64)
    is_new = labels < 0
    just_come = is_new if waited is None else is_new & ~waited
    fewest = max(min_passages, _FEWEST_TO_START, _SHARE_OF_NEW * float(counts[is_new].sum()))
    themes = list(known)
    for found in partitions:
        k = int(found.max(initial=-1)) + 1
        inside = found >= 0
        size = np.bincount(found[inside], weights=counts[inside], minlength=k)
        never = np.bincount(found[inside & is_new], weights=counts[inside & is_new], minlength=k)
        free = np.bincount(found[inside & (labels < 0)], weights=counts[inside & (labels < 0)], minlength=k)
        come = np.bincount(found[inside & just_come], minlength=k)
        for cluster in np.argsort(-free, kind="stable").tolist():
            if come[cluster] and free[cluster] >= fewest and never[cluster] >= _NOVEL * size[cluster]:
                labels[(found == cluster) & (labels < 0)] = len(themes)
                themes.append("")
    may_join = just_come | (graph @ just_come.astype(np.float64) > 0)
    return Placed(_by_vote(labels, may_join, graph, len(themes)), themes, labels >= len(known))


def settle_new(vectors: np.ndarray, placed: Placed, previous: np.ndarray, k: int, given: float | None) -> np.ndarray:
    """The labels, but what joins a theme joins the one it is like. What is like none waits until more of its kind come.

    What else has come and joins a theme does not count among a row's neighbours: four of a kind would vouch for each
    other, whatever theme they stray into.

    Args:
        vectors: float32 (n, dimension), rows of length 1, all different.
        previous: theme id of each row, "" for rows that never had one, str (n,).
        k: neighbours.
        given: `min_similarity` of the study, if any.
    """
    labels = placed.labels
    new = np.flatnonzero((labels >= 0) & (previous == ""))
    if not len(new):
        return labels
    centroids = centroids_of(vectors, labels[:, None] == np.arange(len(placed.themes))[None, :])
    settled = settle(vectors[new] @ centroids.T, labels[new], given)
    joins = ~placed.starts[new]
    if given is None and joins.any():
        others = vectors[(previous != "") | placed.starts]
        usual = likeness(nearest_rows(others, k)[1])
        settled[joins] = np.where(is_like_others(vectors[new[joins]], others, usual, k), settled[joins], -1)
    labels = labels.copy()
    labels[new] = settled
    return labels


def as_found(
    labels: np.ndarray, themes: list[str], decided: np.ndarray, own: np.ndarray
) -> tuple[np.ndarray, list[str]]:
    """Labels and the themes they stand for, with what people moved back where it was found: only what is new followed.

    Args:
        decided, own: the theme of each row as people have it and as it was found, "" for none, str (n,).
    """
    themes = [*themes, *sorted({*own.tolist()} - {*themes, ""})]
    index = {theme: label for label, theme in enumerate(themes) if theme}
    found = np.array([index.get(theme, -1) for theme in own.tolist()], dtype=np.int64)
    return np.where(own != decided, found, labels), themes


def _by_vote(labels: np.ndarray, may_join: np.ndarray, graph: sparse.csr_matrix, k: int) -> np.ndarray:
    labels = labels.copy()
    for _ in range(_ROUNDS):
        open_rows, settled = np.flatnonzero((labels < 0) & may_join), np.flatnonzero(labels >= 0)
        if not len(open_rows) or not len(settled):
            break
        member = sparse.csr_matrix((np.ones(len(settled)), (settled, labels[settled])), shape=(len(labels), k))
        votes = sparse.csr_matrix(graph[open_rows] @ member).toarray()
        labels[open_rows] = np.where(votes.max(axis=1) > 0, votes.argmax(axis=1), -1)
    return labels
