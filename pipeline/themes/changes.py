"""What a run changed about themes, and what it would change if it were let: a report in place of silent change."""

from collections import Counter
from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline.tables import CHANGES, conform

_PART = 0.3  # of a theme's ideas: a cluster with at least so many is a part of it that could stand alone
_MOSTLY = 0.5  # of such a cluster's own ideas must be of that theme, and none of another may be as many
_TOGETHER = 0.6  # of both themes' ideas must lie in one cluster for them to be one
_EXAMPLES = 3


def find_changes(
    ideas: pd.DataFrame, shadow: np.ndarray, before: pd.DataFrame | None, labels: Mapping[str, str], min_passages: int
) -> pd.DataFrame:
    """CHANGES: every theme's size before and now, and the splits and merges that a fresh look proposes.

    What joined a theme is counted by where it was before: not in the study, waiting, or in other themes only. So
    passages_before + passages_new + passages_waited + passages_moved − passages_left = passages_after.

    Args:
        ideas: passage_id, contributor_id, theme_id, similarity of the ideas of this run.
        shadow: cluster found anew for each row of `ideas`, -1 for none.
        before: the same of the last run, waiting ones included, without similarity; None in the first one, when all
            themes are new.
        labels: theme id → what it was called in the last run and is not any more.
        min_passages: a smaller part is no theme.
    """
    earlier = ideas.iloc[:0] if before is None else before
    rows = [
        _size(theme, now, then, earlier, "renamed" if theme in labels else "", labels.get(theme, ""))
        for theme, now, then in _both(ideas, earlier)
    ]
    if before is not None:
        rows += _splits(ideas, shadow, min_passages) + _merges(ideas, shadow)
    return conform(pd.DataFrame(rows), CHANGES) if rows else CHANGES.empty()


def _both(ideas: pd.DataFrame, earlier: pd.DataFrame) -> list[tuple[str, pd.DataFrame, pd.DataFrame]]:
    """Each theme of either run, with its ideas now and then."""
    themes = sorted({*ideas["theme_id"], *earlier["theme_id"]} - {""})
    return [(theme, ideas[ideas["theme_id"] == theme], earlier[earlier["theme_id"] == theme]) for theme in themes]


def _size(
    theme: str, now: pd.DataFrame, then: pd.DataFrame, earlier: pd.DataFrame, special: str = "", detail: str = ""
) -> dict[str, object]:
    after, was = now["passage_id"].nunique(), then["passage_id"].nunique()
    change = "new" if not was else "gone" if not after else "grown" if after > was else "shrunk" if after < was else ""
    return {
        "theme_id": theme,
        "change": special or change or "kept",
        "related": "",
        "passages_before": was,
        "passages_after": after,
        **_joined(now, then, earlier),
        "people_before": then["contributor_id"].nunique(),
        "people_after": now["contributor_id"].nunique(),
        "detail": detail,
        "examples": _typical(now[~now["passage_id"].isin(then["passage_id"])] if was else now),
    }


def _joined(now: pd.DataFrame, then: pd.DataFrame, earlier: pd.DataFrame) -> dict[str, int]:
    """How many passages joined a theme, by where they were in the last run, and how many left it."""
    members, were = set(now["passage_id"]), set(then["passage_id"])
    known, waiting = set(earlier["passage_id"]), set(earlier.loc[earlier["theme_id"] == "", "passage_id"])
    joined = members - were
    return {
        "passages_new": len(joined - known),
        "passages_waited": len(joined & waiting),
        "passages_moved": len((joined & known) - waiting),
        "passages_left": len(were - members),
    }


def _splits(ideas: pd.DataFrame, shadow: np.ndarray, min_passages: int) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    size: Counter[int] = Counter(shadow.tolist())
    for theme, rows in ideas.assign(cluster=shadow).groupby("theme_id", sort=True):
        inside: Counter[int] = Counter(rows["cluster"].tolist())
        parts = [
            cluster
            for cluster, n in sorted(inside.items())
            if cluster >= 0 and n >= max(_PART * len(rows), min_passages) and n > _MOSTLY * size[cluster]
        ]
        if theme and len(parts) > 1:
            members = [rows[rows["cluster"] == part] for part in parts]
            found.append(
                {
                    **_size(str(theme), rows, rows, rows, "split"),
                    "detail": "|".join(str(part["passage_id"].nunique()) for part in members),
                    "examples": "|".join(_typical(part) for part in members),
                }
            )
    return found


def _merges(ideas: pd.DataFrame, shadow: np.ndarray) -> list[dict[str, object]]:
    pairs: Counter[tuple[int, str]] = Counter(zip(shadow.tolist(), ideas["theme_id"].tolist(), strict=True))
    sizes: Counter[str] = Counter(ideas["theme_id"].tolist())
    together: dict[int, list[str]] = {}
    for (cluster, theme), n in pairs.items():
        if cluster >= 0 and theme and n >= _TOGETHER * sizes[theme]:
            together.setdefault(cluster, []).append(theme)
    found: list[dict[str, object]] = []
    for themes in (sorted(themes, key=lambda theme: (-sizes[theme], theme)) for themes in together.values()):
        if len(themes) > 1:
            members = [ideas[ideas["theme_id"] == theme] for theme in themes]
            found.append(
                {
                    **_size(themes[0], members[0], members[0], members[0], "merge"),
                    "related": ",".join(themes[1:]),
                    "examples": "|".join(_typical(part) for part in members),
                }
            )
    return found


def _typical(ideas: pd.DataFrame) -> str:
    best = ideas.sort_values(["similarity", "passage_id"], ascending=[False, True]).drop_duplicates("contributor_id")
    return ",".join(best["passage_id"].head(_EXAMPLES))
