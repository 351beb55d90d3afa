"""Headings over themes that belong together."""

import numpy as np

from pipeline.themes.hierarchy import group_themes
from tests.themes.test_clustering import blobs


def test_close_themes_share_a_heading_and_a_short_list_has_none() -> None:
    centroids, family = blobs(4, 4, spread=0.4)
    groups = group_themes(centroids)
    assert sorted(map(tuple, groups)) == [tuple(np.flatnonzero(family == n)) for n in range(4)]
    assert group_themes(centroids[:12]) == []


def test_a_theme_on_its_own_has_no_heading() -> None:
    centroids, _ = blobs(4, 4, spread=0.4)
    lonely = -centroids.mean(axis=0) / np.linalg.norm(centroids.mean(axis=0))
    groups = group_themes(np.concatenate([centroids, lonely[None].astype(np.float32)]))
    assert 16 not in {theme for group in groups for theme in group}
