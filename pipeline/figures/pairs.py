"""Themes that the same people mention."""

from math import log2
from typing import TYPE_CHECKING

from pipeline.comparison.together import Together
from pipeline.figures.style import HATCH, INK, QUIET, listed, new_figure, style, wrapped
from pipeline.tables import records

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST = 16  # themes: more would not be readable on a page
_BLANK = (0.957, 0.957, 0.957, 1.0)
_DARK = 1.6  # of red, green and blue together: on less, words are white
_STRONGEST = 2.0  # doublings at which a colour is at its deepest


def co_occurrence_map(found: Together) -> "Figure":
    """People who mention both of two themes, coloured by how many times as many that is as chance would have it."""
    from matplotlib.patches import Rectangle

    themes = found.themes.head(MOST)
    ids = themes["theme_id"].tolist()
    place = {theme: n for n, theme in enumerate(ids)}
    pairs = found.pairs[found.pairs["theme_id"].isin(ids) & found.pairs["other_id"].isin(ids)]
    n_hatched = int((~pairs["shown"]).sum())
    caption = listed(
        [
            f"n = {found.people:,} people. Numbers: people who mention both themes. Colour: more (orange) or fewer "
            "(purple) than if the two had nothing to do with each other; a number in bold differs from that beyond its "
            "95% interval, without allowing for how many pairs there are.",
            f"Hatched: suppressed ({n_hatched} of {len(pairs)} pairs), because fewer than {found.least} people who "
            "spoke in confidence mention both, or only one of the two."
            if n_hatched
            else "",
            f"The {len(ids)} themes that most people mention." if len(found.themes) > len(ids) else "",
        ]
    )
    with style():
        figure, axes = new_figure(0.3 * len(ids) + 2.6, "People who mention both of two themes", caption)
        for pair in records(pairs):
            x, y, shown = place[pair["theme_id"]], place[pair["other_id"]] - 1, pair["shown"]
            face = _colour(pair["lift"]) if shown else _BLANK
            axes.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=face, edgecolor="white", linewidth=1))
            if not shown:
                axes.add_patch(Rectangle((x - 0.45, y - 0.45), 0.9, 0.9, fill=False, hatch=HATCH, linewidth=0))
                continue
            weight = "bold" if pair["low"] > 1 or pair["high"] < 1 else "normal"
            ink = "white" if sum(face[:3]) < _DARK else INK
            axes.text(x, y, f"{int(pair['people'])}", ha="center", va="center", color=ink, weight=weight)
        labels = [wrapped(str(label), 26, 1) for label in themes["theme"]]
        axes.set_yticks(range(len(ids) - 1), labels[1:])
        axes.set_xticks(range(len(ids) - 1), labels[:-1], rotation=40, ha="right", rotation_mode="anchor")
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        size = max(len(ids) - 1, 1)
        axes.set_xlim(-0.5, size - 0.5)
        axes.set_ylim(size - 0.5, -0.5)
        if not len(pairs):
            axes.text(0, 0, "no two themes that may be shown", ha="center", color=QUIET)
    return figure


def _colour(lift: float) -> tuple[float, float, float, float]:
    """Orange above 1, purple below, pale at 1; steps are doublings and halvings."""
    from matplotlib import colormaps

    steps = -_STRONGEST if lift <= 2**-_STRONGEST else min(log2(lift), _STRONGEST)
    red, green, blue, alpha = colormaps["PuOr_r"](0.5 + 0.32 * steps / _STRONGEST)
    return red, green, blue, alpha
