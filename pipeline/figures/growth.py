"""The saturation curve: whether more people would have brought more themes."""

from typing import TYPE_CHECKING

from pipeline.comparison.saturation import ORDERS, Saturation
from pipeline.figures.style import BLUE, PALE, QUIET, listed, new_figure, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def saturation_curve(found: Saturation) -> "Figure":
    """Themes found by number of people asked, with the band in which 95% of orders lie."""
    caption = listed(
        [
            found.reading,
            f"n = {found.people:,} people. Line: mean over all orders in which they could have been asked; band: "
            f"95% of {ORDERS} orders. Themes are those found in all answers together."
            if len(found.curve)
            else "",
        ]
    )
    with style():
        figure, axes = new_figure(3.6, "Themes found by number of people asked", caption)
        curve = found.curve
        axes.fill_between(curve["people"], curve["low"], curve["high"], color=BLUE, alpha=0.2, linewidth=0)
        axes.plot(curve["people"], curve["themes"], color=BLUE, linewidth=1.8)
        axes.axhline(found.themes, color=QUIET, linewidth=0.7, linestyle=(0, (4, 3)))
        axes.text(
            found.people, found.themes * 1.015, f"all {found.themes} themes", ha="right", va="bottom", color=QUIET
        )
        axes.set_xlim(0, max(found.people, 1))
        axes.set_ylim(0, max(found.themes, 1) * 1.1)
        axes.set_xlabel("people", loc="left")
        axes.set_ylabel("themes", loc="top")
        axes.yaxis.grid(True, color=PALE, linewidth=0.6)
        axes.set_axisbelow(True)
    return figure
