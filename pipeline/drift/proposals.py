"""What a fresh look would do with themes: come apart, or be one. People decide."""

from collections import Counter
from collections.abc import Callable, Collection

import pandas as pd

from pipeline.codebook import State

_PART = 0.3  # of a theme's ideas: a cluster with at least so many is a part of it that could stand alone
_MOSTLY = 0.5  # of such a cluster's own ideas must be of that theme, and none of another may be as many
_TOGETHER = 0.6  # of both themes' ideas must lie in one cluster for them to be one
_EXAMPLES = 3

Row = dict[str, object]


def as_decided(ideas: pd.DataFrame, coded: pd.DataFrame, state: State) -> pd.DataFrame:
    """IDEAS with the themes that people see: merges followed, and a passage's ideas in what a person put it into alone.

    Args:
        coded: CODED_ASSIGNMENTS.
        state: the decisions in force.
    """
    put = put_by_people(coded)
    inside = set(zip(coded["passage_id"], coded["theme_id"], strict=True))
    pairs = zip(ideas["passage_id"], ideas["theme_id"], strict=True)
    seen = ((passage, put.get(passage) or state.target(found)) for passage, found in pairs)
    return ideas.assign(theme_id=[theme if (passage, theme) in inside else "" for passage, theme in seen])


def put_by_people(coded: pd.DataFrame) -> dict[str, str]:
    """Passage → its theme, of CODED_ASSIGNMENTS, where a person gave it that and no other; "" for none."""
    only = coded[~coded["passage_id"].duplicated(keep=False) & (coded["source"] == "person")]
    return dict(zip(only["passage_id"], only["theme_id"], strict=True))


def splits(ideas: pd.DataFrame, min_passages: int, leave: Collection[str]) -> list[Row]:
    """Themes that a fresh look sees as several things, as rows of CHANGES; without those to `leave`, which people made
    one. `members` holds what each part would take, the largest first: every passage in the part that most of it is in.

    Args:
        ideas: theme_id, cluster, passage_id, contributor_id, similarity, words; as decided.
    """
    found: list[Row] = []
    size: Counter[int] = Counter(ideas["cluster"].tolist())
    for theme, rows in ideas[~ideas["theme_id"].isin({"", *leave})].groupby("theme_id", sort=True):
        inside: Counter[int] = Counter(rows["cluster"].tolist())
        parts = [
            cluster
            for cluster, n in sorted(inside.items())
            if cluster >= 0 and n >= max(_PART * len(rows), min_passages) and n > _MOSTLY * size[cluster]
        ]
        if len(parts) < 2:
            continue
        own = rows[rows["cluster"].isin(parts)]
        most = own.groupby(["passage_id", "cluster"]).size().reset_index(name="n")
        most = most.sort_values(["n", "cluster"], ascending=[False, True]).drop_duplicates("passage_id")
        taken = [sorted(most.loc[most["cluster"] == part, "passage_id"]) for part in parts]
        order = sorted(range(len(parts)), key=lambda n: (-len(taken[n]), parts[n]))
        found.append(
            {
                "theme_id": str(theme),
                "change": "split",
                "related": "",
                "detail": "|".join(str(len(taken[n])) for n in order),
                "examples": "|".join(typical(own[own["passage_id"].isin(taken[n])]) for n in order),
                "members": "|".join(",".join(taken[n]) for n in order),
            }
        )
    return found


def merges(ideas: pd.DataFrame, family: Callable[[str], str]) -> list[Row]:
    """Themes that a fresh look sees as one, as rows of CHANGES, the largest first; of a family that people split, only
    the largest.

    Args:
        ideas: as of `splits`.
        family: a theme's ancestor, itself if it was not split from another.
    """
    pairs: Counter[tuple[int, str]] = Counter(zip(ideas["cluster"].tolist(), ideas["theme_id"].tolist(), strict=True))
    sizes: Counter[str] = Counter(ideas["theme_id"].tolist())
    together: dict[int, list[str]] = {}
    for (cluster, theme), n in pairs.items():
        if cluster >= 0 and theme and n >= _TOGETHER * sizes[theme]:
            together.setdefault(cluster, []).append(theme)
    found: list[Row] = []
    for themes in together.values():
        ordered = sorted(themes, key=lambda theme: (-sizes[theme], theme))
        one = [theme for n, theme in enumerate(ordered) if family(theme) not in map(family, ordered[:n])]
        if len(one) > 1:
            found.append(
                {
                    "theme_id": one[0],
                    "change": "merge",
                    "related": ",".join(one[1:]),
                    "detail": "",
                    "examples": "|".join(typical(ideas[ideas["theme_id"] == theme]) for theme in one),
                    "members": "",
                }
            )
    return found


def typical(rows: pd.DataFrame) -> str:
    """Up to three passages most like their theme, of different people and in different words, comma-separated."""
    best = rows.sort_values(["similarity", "passage_id"], ascending=[False, True])
    best = best.drop_duplicates("contributor_id").drop_duplicates("words")
    return ",".join(best["passage_id"].head(_EXAMPLES))
