"""Which passages people code: a stratified draw that finds errors of both kinds, and weights that undo its slant.

What the machine put into each theme shows how often it was right (precision). What it missed lies mostly among the
passages near a theme that it left out, so these are drawn more often than the rest, and some of the rest as well
(recall). Within a theme, passages nearly as like another one are drawn more often. Each drawn passage stands for
`weight` passages of the study.

Drawing is by a hash of seed and passage id: the order of rows makes no difference, and a larger sample with the same
seed and strata holds the smaller one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.ids import text_hash
from pipeline.store import canonical_hash
from pipeline.tables import records

NEAR, ELSEWHERE, SMALL = "near", "elsewhere", "small themes"
CLOSE = " close call"  # added to a theme's id
MIN_THEME = 3  # passages; smaller themes are drawn from together
OUTSIDE_SHARE = 0.3  # of the sample comes from outside the themes, where there is anything
NEAR_SHARE = 2 / 3  # of that from the nearest third
THIRD = 1 / 3
SPLIT_FROM = 4  # draws from which on a theme's close calls are a stratum of their own


@dataclass(frozen=True)
class Drawn:
    """A passage of the sample, known by its id and by what it said."""

    passage_id: str
    text_hash: str
    stratum: str


@dataclass(frozen=True)
class Sample:
    """What was drawn, from how many, and which codes its coders are offered. Without a word of anybody's."""

    drawn: tuple[Drawn, ...]
    sizes: Mapping[str, int]  # stratum → passages of the study in it
    themes: tuple[str, ...]
    coders: tuple[str, ...]
    seed: int

    @property
    def sample_id(self) -> str:
        """The same for the same draw for the same coders."""
        drawn = [[one.passage_id, one.text_hash, one.stratum] for one in self.drawn]
        return canonical_hash([drawn, dict(self.sizes), self.themes, self.coders, self.seed])[:12]

    def order_for(self, coder: str) -> list[str]:
        """Passage ids in an order of this coder's own, so that tiredness does not fall on the same passages."""
        return sorted((one.passage_id for one in self.drawn), key=lambda p: text_hash(self.sample_id, coder, p))


def themes_of(assignments: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Passage id → its themes, the main one first; none for an unassigned passage."""
    by = ["passage_id", "rank"] if "rank" in assignments.columns else ["passage_id"]
    found: dict[str, list[str]] = {}
    for row in records(assignments.sort_values(by, kind="stable")):
        themes = found.setdefault(row["passage_id"], [])
        if row["theme_id"] and row["theme_id"] not in themes:
            themes.append(row["theme_id"])
    return {passage: tuple(themes) for passage, themes in found.items()}


def nearness(
    vectors: np.ndarray, passage_ids: Sequence[str], themes: Mapping[str, Sequence[str]], wanted: Sequence[str]
) -> dict[str, float]:
    """Passage id → its cosine to the nearest of the `wanted` themes that it is not in; -1 where there is none.

    Args:
        vectors: float (n, dim); row i belongs to `passage_ids[i]`.
        themes: passage id → its themes.
    """
    nearest = np.full(len(passage_ids), -1.0)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    units = vectors / np.where(lengths > 0, lengths, 1)
    for theme in wanted:
        inside = np.array([theme in themes.get(passage, ()) for passage in passage_ids], dtype=bool)
        if not inside.any():
            continue
        centroid = units[inside].mean(axis=0)
        length = float(np.linalg.norm(centroid))
        similarity = units @ (centroid / length if length else centroid)
        nearest = np.where(inside, nearest, np.maximum(nearest, similarity))
    return dict(zip(passage_ids, np.round(nearest, 6).tolist(), strict=True))


def draw(
    passages: pd.DataFrame,
    assignments: pd.DataFrame,
    near: Mapping[str, float],
    themes: Sequence[str],
    n: int,
    coders: Sequence[str],
    seed: int,
) -> Sample:
    """A sample of at most `n` passages that are not held for review.

    Args:
        passages: PASSAGES.
        assignments: ASSIGNMENTS or CODED_ASSIGNMENTS, one row or several a passage.
        near: passage id → how near it is to a theme that it is not in, as `nearness` gives it.
        themes: those to look at, in the order of the codebook; passages of others count as outside.
    """
    free = passages[passages["review"] == ""]
    hashes = dict(zip(free["passage_id"], free["text_hash"], strict=True))
    chance = {passage: text_hash("agreement", str(seed), passage) for passage in hashes}
    strata = _strata(sorted(hashes, key=chance.__getitem__), assignments, near, themes, n)
    drawn = [
        Drawn(passage, hashes[passage], stratum)
        for stratum, (members, wanted) in strata.items()
        for passage in members[:wanted]
    ]
    sizes = {stratum: len(members) for stratum, (members, _) in strata.items()}
    return Sample(
        tuple(sorted(drawn, key=lambda one: chance[one.passage_id])), sizes, tuple(themes), tuple(coders), seed
    )


def _strata(
    ids: list[str], assignments: pd.DataFrame, near: Mapping[str, float], themes: Sequence[str], n: int
) -> dict[str, tuple[list[str], int]]:
    """Stratum → its passages, in the order of the draw, and how many of them to draw. Every passage is in one."""
    known = themes_of(assignments)
    wanted = set(themes)
    by_theme: dict[str, list[str]] = {}
    outside: list[str] = []
    for passage in ids:
        theme = next((theme for theme in known.get(passage, ()) if theme in wanted), None)
        (outside if theme is None else by_theme.setdefault(theme, [])).append(passage)
    n_outside = min(len(outside), max(round(OUTSIDE_SHARE * n), n - (len(ids) - len(outside))))
    inside = _with_room(by_theme, n - n_outside, ids)
    strata: dict[str, tuple[list[str], int]] = {}
    shares = _level({stratum: len(members) for stratum, members in inside.items()}, n - n_outside)
    margins = _margins(assignments, wanted)
    for stratum, members in inside.items():
        strata |= _by_margin(stratum, members, shares[stratum], margins)
    close, rest = _cut(outside, lambda passage: -near.get(passage, -1.0))
    n_near = min(len(close), max(round(NEAR_SHARE * n_outside), n_outside - len(rest)))
    strata |= {NEAR: (close, n_near), ELSEWHERE: (rest, n_outside - n_near)}
    return {stratum: found for stratum, found in strata.items() if found[0]}


def _with_room(by_theme: dict[str, list[str]], n: int, ids: Sequence[str]) -> dict[str, list[str]]:
    """The themes' passages by stratum; themes that are small, or too many to have two draws each, share one."""
    largest = sorted(by_theme, key=lambda theme: (-len(by_theme[theme]), theme))
    own = [theme for theme in largest if len(by_theme[theme]) >= MIN_THEME][: max(1, n // 2)]
    strata = {theme: by_theme[theme] for theme in sorted(own)}
    pooled = {passage for theme in largest if theme not in own for passage in by_theme[theme]}
    return {**strata, SMALL: [passage for passage in ids if passage in pooled]} if pooled else strata


def _level(sizes: Mapping[str, int], n: int) -> dict[str, int]:
    """`n` draws shared out evenly, none more than its stratum holds; what is left over goes to the larger ones."""
    shares = dict.fromkeys(sizes, 0)
    for _ in range(min(n, sum(sizes.values()))):
        open_ones = [name for name in sizes if shares[name] < sizes[name]]
        shares[min(open_ones, key=lambda name: (shares[name], -sizes[name], name))] += 1
    return shares


def _by_margin(
    stratum: str, members: list[str], n: int, margins: Mapping[str, float]
) -> dict[str, tuple[list[str], int]]:
    if n < SPLIT_FROM or n == len(members) or stratum == SMALL:
        return {stratum: (members, n)}
    close, clear = _cut(members, lambda passage: margins.get(passage, 0.0))
    n_close = min(len(close), max(n // 2, n - len(clear)))
    return {stratum: (clear, n - n_close), stratum + CLOSE: (close, n_close)}


def _cut(members: list[str], key: Callable[[str], float]) -> tuple[list[str], list[str]]:
    """The third with the lowest key, at least two if there are, and the rest; each in the order of `members`.

    Ties are broken by id, never by the order of the draw: the lots would no longer be fair.
    """
    size = max(round(THIRD * len(members)), min(2, len(members)))
    first = set(sorted(members, key=lambda passage: (key(passage), passage))[:size])
    return [m for m in members if m in first], [m for m in members if m not in first]


def _margins(assignments: pd.DataFrame, wanted: set[str]) -> dict[str, float]:
    """Passage id → the margin of the first wanted theme it is in."""
    rows = assignments[assignments["theme_id"].isin(wanted)]
    by = ["passage_id", "rank"] if "rank" in rows.columns else ["passage_id"]
    first = rows.sort_values(by, kind="stable").drop_duplicates("passage_id")
    return dict(zip(first["passage_id"], first["margin"], strict=True))
