"""Headings over themes that belong together."""

import numpy as np

from pipeline.themes.hierarchy import group_themes
from tests.themes.test_clustering import blobs


def test_close_themes_share_a_heading_and_a_short_list_has_none() -> None:
    centroids, family = blobs(4, 4, spread=0.4)
    groups = group_themes(centroids)
    assert sorted(map(tuple, groups)) == [tuple(np.flatnonzero(family == n)) for n in range(4)]
    assert group_themes(centroids[:12]) == []
