"""Two levels where there are many themes: headings over themes that belong together."""

from collections.abc import Sequence

import numpy as np

from pipeline.tables import is_unnamed
from pipeline.themes.labels import Naming

_FEWEST = 13  # themes; a list of a dozen is read at a glance
_THEMES_A_HEADING = 4
_LARGE = 0.5  # times the largest theme of a group


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


def heading(group: Naming, themes: Sequence[Naming], sizes: Sequence[int]) -> str:
    """What stands over a group of themes: its own name, or where that is doubtful the names of two of its themes; ""
    for neither.

    What few words say of a mixed group is seldom true of it: "Laptops · Radios · …" tells more than "Phones".

    Args:
        group: the name of the group.
        themes: the names of its themes; sizes: their ideas.
    """
    told = [(name, size) for name, size in zip(themes, sizes, strict=True) if not is_unnamed(name.label)]
    largest = max((size for _, size in told), default=0)
    # a name to be sure of goes before a larger theme's, unless its own is so small that it speaks for few
    named = [(name.low_confidence or size < _LARGE * largest, -size, name.label) for name, size in told]
    if not group.low_confidence or len(named) < 2:
        return "" if is_unnamed(group.label) else group.label
    first, second = (label for _, _, label in sorted(named)[:2])
    return f"{first} · {second} · …" if len(themes) > 2 else f"{first} · {second}"
