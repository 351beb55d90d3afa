"""Theme ids that stay: T01, T02 … mean the same theme from run to run, and are never given twice."""

from collections.abc import Mapping, Sequence

import numpy as np

_SAME_ELSEWHERE = 0.7  # cosine of centroids
_SAME_THEME = 0.2  # Jaccard of shared rows; below it, it is another theme


def matched(labels: np.ndarray, before: np.ndarray) -> list[str]:
    """The theme before that each label is now, "" for none: one to one, so that the sum of Jaccard similarities of the
    rows they share is greatest (Kuhn 1955). For themes that were found anew.

    Args:
        labels: int (n,), 0..k-1, -1 for none.
        before: theme of each row before, "" for none, str (n,).
    """
    from scipy.optimize import linear_sum_assignment

    known = (before != "") & (labels >= 0)
    themes = np.unique(before[before != ""])
    k = int(labels.max(initial=-1)) + 1
    shared = np.zeros((k, len(themes)))
    np.add.at(shared, (labels[known], np.searchsorted(themes, before[known])), 1)
    had = before != ""
    mine = np.bincount(labels[had & (labels >= 0)], minlength=k)[:, None]
    its = np.array([(before == theme).sum() for theme in themes])[None, :]
    jaccard = shared / np.maximum(mine + its - shared, 1)
    jaccard[jaccard < _SAME_THEME] = 0.0
    rows, columns = linear_sum_assignment(jaccard, maximize=True)
    found = {int(row): str(themes[column]) for row, column in zip(rows, columns, strict=True) if jaccard[row, column]}
    return [found.get(label, "") for label in range(k)]


def recognised(centroids: np.ndarray, awaited: Mapping[str, np.ndarray]) -> dict[int, str]:
    """Which of the themes from elsewhere each theme here is, for those that are one: one to one, so that the sum of
    cosines is greatest, and none below .7, which two halves of a theme reach in 97 of 100 cases.

    Args:
        centroids: float32 (k, dimension), rows of length 1.
        awaited: id of a theme elsewhere → its centroid; those of another dimension are no theme's.
    """
    from scipy.optimize import linear_sum_assignment

    known = {theme: vector for theme, vector in awaited.items() if vector.shape == centroids.shape[1:]}
    if not known or not len(centroids):
        return {}
    alike = centroids @ np.stack(list(known.values())).T
    alike[alike < _SAME_ELSEWHERE] = 0.0
    rows, columns = linear_sum_assignment(alike, maximize=True)
    themes = list(known)
    return {int(row): themes[column] for row, column in zip(rows, columns, strict=True) if alike[row, column]}


def new_ids(known: Sequence[str], labels: np.ndarray, taken: frozenset[str]) -> dict[int, str]:
    """An id for every label: the one it has, or a number never used before, the largest new theme first.

    Args:
        known: id of each label, "" for a new theme.
        labels: theme of each row, int (n,), -1 for none; rows in an order that follows from their content.
        taken: ids that may not be given again, such as those of themes that vanished.
    """
    ids = {label: theme for label, theme in enumerate(known) if theme}
    used = {*ids.values(), *taken}
    number = max((int(theme[1:]) for theme in used if theme[1:].isdigit()), default=0)
    new = [label for label, theme in enumerate(known) if not theme]
    first = {label: int(np.flatnonzero(labels == label)[0]) for label in new}
    for label in sorted(new, key=lambda label: (-int((labels == label).sum()), first[label])):
        number += 1
        ids[label] = f"T{number:02d}"
    return ids
