"""Themes over waves: how many people mention each, and which earlier theme each came from."""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipeline.figures.style import HATCH, INK, PALETTE, QUIET, listed, new_figure, style, wrapped
from pipeline.tables import records

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_GAP = 0.25  # between themes, in heights of an average one
_BAR = 0.035  # half the width of a theme's bar, in distances between waves


@dataclass
class _Node:
    """A theme in one wave; heights in people, `top` counted downwards."""

    theme_id: str
    label: str
    people: float
    shown: bool
    sources: list[str]
    top: float = 0.0
    colour: str = ""

    @property
    def middle(self) -> float:
        return self.top + self.people / 2


def lineage(themes: pd.DataFrame, of: dict[int, int] | None = None) -> "Figure":
    """Waves side by side, each theme as high as people mention it, bands to the theme of the wave before it came from.

    Args:
        themes: one row a theme and wave: theme_id, label, wave, people (NaN: suppressed), came_from (theme ids of the
            wave before, separated by commas or spaces; empty: new).
        of: wave → people who took part, for the caption.
    """
    waves = sorted(int(wave) for wave in themes["wave"].unique())
    columns = _placed(themes, waves)
    tallest = max((column[-1].top + column[-1].people for column in columns.values() if column), default=1.0)
    n_hidden = int(themes["people"].isna().sum())
    counts = "; ".join(f"wave {wave}: {of[wave]:,}" for wave in waves if wave in of) if of else ""
    caption = listed(
        [
            f"n = people who took part in {counts}." if counts else "",
            "Each bar is as high as the number of people who mention the theme in that wave; who mentions several is "
            "in several. A band leads to a theme from the one it came from; a theme without one on its left is new.",
            f"Hatched: suppressed ({n_hidden}), too few people to show; not to scale." if n_hidden else "",
        ]
    )
    n_most = max((len(column) for column in columns.values()), default=1)
    with style():
        figure, axes = new_figure(max(3.4, 0.3 * n_most + 1.8), "People who mention each theme, wave by wave", caption)
        for here, there in pairwise(waves):
            _bands(axes, waves.index(here), columns[here], columns[there])
        for x, wave in enumerate(waves):
            _bars(axes, x, columns[wave], x == 0, x == len(waves) - 1, _named(columns, waves, x), tallest)
        axes.set_xticks(range(len(waves)), [f"wave {wave}" for wave in waves], fontweight="bold")
        axes.xaxis.tick_top()
        axes.tick_params(length=0)
        axes.set_yticks([])
        axes.spines[:].set_visible(False)
        margin = 0.36 * max(len(waves) - 1, 1)
        axes.set_xlim(-margin, len(waves) - 1 + margin)
        axes.set_ylim(tallest * 1.01, -tallest * 0.01)
    return figure


def _placed(themes: pd.DataFrame, waves: list[int]) -> dict[int, list[_Node]]:
    """Themes of each wave from top to bottom: the largest first, later ones beside what they came from."""
    columns: dict[int, list[_Node]] = {}
    usual = float(themes["people"].mean()) if themes["people"].notna().any() else 1.0
    least = usual * 0.4
    before: dict[str, _Node] = {}
    n_new = 0
    for wave in waves:
        rows = themes[themes["wave"] == wave].sort_values("theme_id")
        column = [
            _Node(
                row["theme_id"],
                row["label"],
                float(row["people"]) if row["people"] == row["people"] else least,
                row["people"] == row["people"],
                [one for one in re.split(r"[,\s]+", row["came_from"]) if one in before],
            )
            for row in records(rows)
        ]
        column.sort(key=lambda node: (_beside(node, before), -node.people, node.theme_id))
        top = 0.0
        for node in column:
            node.top, top = top, top + node.people + _GAP * usual
            if node.sources:
                node.colour = before[max(node.sources, key=lambda one: (before[one].people, one))].colour
            else:
                node.colour, n_new = PALETTE[n_new % len(PALETTE)], n_new + 1
        columns[wave], before = column, {node.theme_id: node for node in column}
    return columns


def _beside(node: _Node, before: dict[str, _Node]) -> float:
    """How far down what it came from stands; new themes go to the bottom."""
    if not node.sources:
        return float("inf") if before else 0.0
    return sum(before[one].middle for one in node.sources) / len(node.sources)


def _bands(axes: "Axes", x: int, left: list[_Node], right: list[_Node]) -> None:
    """Bands between two waves; a theme that split or was put together shares its height among its bands."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    by_id = {node.theme_id: node for node in left}
    heirs = {node.theme_id: [other for other in right if node.theme_id in other.sources] for node in left}
    used = dict.fromkeys(by_id, 0.0)
    for node in right:
        done = 0.0
        whole = sum(by_id[one].people for one in node.sources) or 1.0
        for one in sorted(node.sources, key=lambda source: by_id[source].top):
            source = by_id[one]
            out = source.people * node.people / (sum(heir.people for heir in heirs[one]) or 1.0)
            into = node.people * source.people / whole
            a, b = source.top + used[one], node.top + done
            used[one], done = used[one] + out, done + into
            x0, x1, mid = x + _BAR, x + 1 - _BAR, x + 0.5
            points = [
                (x0, a),
                (mid, a),
                (mid, b),
                (x1, b),
                (x1, b + into),
                (mid, b + into),
                (mid, a + out),
                (x0, a + out),
            ]
            codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3]
            axes.add_patch(PathPatch(Path(points, codes), facecolor=source.colour, alpha=0.3, linewidth=0))


def _named(columns: dict[int, list[_Node]], waves: list[int], x: int) -> set[str]:
    """Themes whose name has to be read in this wave: new ones, renamed ones, and all that do not go on."""
    here = columns[waves[x]]
    if x + 1 == len(waves):
        return {node.theme_id for node in here}
    going_on = {one for node in columns[waves[x + 1]] for one in node.sources}
    before = {node.theme_id: node.label for node in columns[waves[x - 1]]} if x else {}
    same = {node.theme_id for node in here if node.label in {before.get(one) for one in node.sources}}
    return {node.theme_id for node in here} - (going_on & same)


def _bars(axes: "Axes", x: int, column: list[_Node], first: bool, last: bool, named: set[str], tallest: float) -> None:
    from matplotlib.patches import Rectangle

    for node in column:
        style_of: dict[str, Any] = {"facecolor": node.colour, "linewidth": 0.0}
        if not node.shown:
            style_of = {"facecolor": "white", "edgecolor": QUIET, "hatch": HATCH, "linewidth": 0.4}
        axes.add_patch(Rectangle((x - _BAR, node.top), 2 * _BAR, node.people, zorder=3, **style_of))
    height = tallest * 0.3 / (0.3 * max(len(column), 1) + 0.4) * 0.62  # of a line of words, in people
    for side, nodes in (
        ("left", column if first else []),
        ("right", column),
    ):
        if side == "right" and first and not last:
            continue  # named on the left already
        places = _spread([node.middle for node in nodes], height)
        for node, y in zip(nodes, places, strict=True):
            people = f"{int(node.people):,}" if node.shown else "suppressed"
            words = wrapped(f"{node.label}, {people}", 30, 2) if node.theme_id in named else people
            edge = x - _BAR - 0.02 if side == "left" else x + _BAR + 0.02
            axes.text(edge, y, words, ha="right" if side == "left" else "left", va="center", fontsize=7, color=INK)


def _spread(wanted: list[float], height: float) -> list[float]:
    """Middles of lines of words in the same order, at least `height` apart, moved as little as a single pass allows."""
    places: list[float] = []
    for y in wanted:
        places.append(max(y, places[-1] + height) if places else y)
    return places
