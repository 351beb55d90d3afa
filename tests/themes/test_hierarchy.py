"""Headings over themes that belong together."""

import numpy as np

from pipeline.tables import UNNAMED
from pipeline.themes.hierarchy import group_themes, heading
from pipeline.themes.labels import Naming
from tests.themes.test_clustering import blobs


def test_close_themes_share_a_heading_and_a_short_list_has_none() -> None:
    centroids, family = blobs(4, 4, spread=0.4)
    groups = group_themes(centroids)
    assert sorted(map(tuple, groups)) == [tuple(np.flatnonzero(family == n)) for n in range(4)]
    assert group_themes(centroids[:12]) == []


def test_where_no_word_tells_what_themes_have_in_common_two_of_their_names_stand_over_them() -> None:
    def over(*themes: tuple[str, bool, int], doubtful: bool = True, group: str = "Phones") -> str:
        names = [Naming(label, (), low_confidence) for label, low_confidence, _ in themes]
        return heading(Naming(group, (), doubtful), names, [size for _, _, size in themes])

    kit = (("Radios", False, 25), ("Phone", True, 48), ("Laptops", False, 28), (UNNAMED, True, 60))
    assert over(*kit) == "Laptops · Radios · …"
    assert over(*kit, doubtful=False) == "Phones"
    assert over(*kit[:2]) == "Radios · Phone"
    assert over(("Coat", False, 23), *kit[1:3]) == "Laptops · Phone · …", "a small theme speaks for few"
    assert over(kit[0], kit[3]) == "Phones"
    assert over(kit[0], kit[3], group=UNNAMED) == "", "or a theme without a name would be taken for the heading"
