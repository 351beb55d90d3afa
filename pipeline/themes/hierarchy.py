"""Two levels where there are many themes: headings over themes that belong together."""

import numpy as np

_FEWEST = 13  # themes; a list of a dozen is read at a glance
_THEMES_A_HEADING = 4


def group_themes(centroids: np.ndarray) -> list[list[int]]:
    """Themes that lie close together, by Ward's linkage of their centroids, so that no group swallows the others; none
    for a dozen themes or fewer.

    Args:
        centroids: float32 (k, dimension), rows of length 1.

    Returns:
        Indices of themes by group, groups of one left out; the group of the first theme first.
    """
    k = len(centroids)
    if k < _FEWEST:
        return []
    from sklearn.cluster import AgglomerativeClustering

    tree = AgglomerativeClustering(round(k / _THEMES_A_HEADING), linkage="ward")
    found = tree.fit_predict(centroids)
    groups = [np.flatnonzero(found == group).tolist() for group in np.unique(found)]
    return sorted(group for group in groups if len(group) > 1)
