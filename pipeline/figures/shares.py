"""Shares of people: a bar for each theme, and themes by groups."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pipeline.comparison.axes import By
from pipeline.comparison.prevalence import Comparison
from pipeline.comparison.words import LESS, MORE
from pipeline.figures.style import BLUE, HATCH, INK, PALE, QUIET, listed, new_figure, style, wrapped
from pipeline.tables import records

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 32  # themes that fit on a page
_TITLES = {
    By.GROUP: "stakeholder group",
    By.FORCE_TYPE: "type of force",
    By.QUESTION: "question",
    By.WAVE: "wave",
}


def prevalence_bars(compared: Comparison) -> "Figure":
    """The share of all people who mention each theme, most first, with 95% intervals."""
    table = compared.overall.head(MOST)
    of = table.loc[table["shown"], "of"]
    n = f"{int(of.iloc[0]):,} people" if len(of) else "Too few people to show"
    caption = listed(
        [
            f"n = {n}." if len(of) else f"{n}.",
            "A person counts once however often they mention a theme, and in each theme they mention. Lines are 95% "
            "intervals (Wilson).",
            _left_out(len(compared.overall), len(table), "themes"),
            f"Hatched: suppressed, because fewer than {compared.least_cell} people who spoke in confidence mention it, "
            "or do not."
            if not table["shown"].all()
            else "",
        ]
    )
    with style():
        figure, axes = new_figure(0.245 * len(table) + 1.5, "Share of people who mention each theme", caption)
        places = range(len(table))
        shown = table["shown"].to_numpy(dtype=bool)
        share, low, high = (100 * table[name].fillna(0.0).to_numpy(dtype=float) for name in ("share", "low", "high"))
        edge = max([*high[shown], 10.0])
        axes.barh(places, share, height=0.66, color=BLUE, alpha=0.45, linewidth=0)
        axes.hlines(
            [p for p, s in zip(places, shown, strict=True) if s], low[shown], high[shown], color=INK, linewidth=1
        )
        for place, words in zip(places, table["words"], strict=True):
            if shown[place]:
                axes.text(high[place] + edge * 0.012, place, f"{share[place]:.0f}%", va="center", fontsize=7, color=INK)
            else:
                axes.barh(place, edge * 0.07, height=0.66, color="white", edgecolor=QUIET, hatch=HATCH, linewidth=0.4)
                axes.text(edge * 0.082, place, words, va="center", fontsize=7, color=QUIET, style="italic")
        _name_rows(axes, table["theme"].tolist())
        axes.set_ylim(len(table) - 0.4, -0.6)
        axes.set_xlim(0, edge * 1.08)
        axes.set_xlabel("% of people", loc="left")
        axes.tick_params(axis="y", length=0)
        axes.xaxis.grid(True, color=PALE, linewidth=0.6)
        axes.set_axisbelow(True)
        axes.spines["left"].set_visible(False)
    return figure


def heat_map(compared: Comparison) -> "Figure":
    """The share of people of each level who mention each theme. Levels that may not be shown have no column."""
    levels = compared.levels[compared.levels["shown"]]
    themes = compared.overall["theme_id"].head(MOST).tolist()
    cells = {(cell["theme_id"], cell["level"]): cell for cell in records(compared.cells)}
    n_hatched = sum(not cells[theme, level]["shown"] for theme in themes for level in levels["level"])
    n_left = int((~compared.levels["shown"]).sum())
    kind = _TITLES[compared.by]
    caption = listed(
        [
            f"Numbers are percentages of the people in each column. ▲ more, ▼ less than {compared.than}: beyond chance "
            "(false discovery rate 5%) and large enough to matter.",
            f"Hatched: suppressed ({n_hatched} of {len(themes) * len(levels)} cells), because fewer than "
            f"{compared.least_cell} people who spoke in confidence are behind them, or behind what could be worked out "
            "from them."
            if n_hatched
            else "",
            f"{n_left} {kind}{'' if n_left == 1 else 's'} suppressed: fewer than {compared.least} people who spoke in "
            "confidence, or needed to hide such a one."
            if n_left
            else "",
            _left_out(len(compared.overall), len(themes), "themes"),
        ]
    )
    with style():
        title = f"Share of people who mention each theme, by {kind}"
        figure, axes = new_figure(0.25 * len(themes) + 2.2, title, caption)
        _cells(axes, cells, themes, levels["level"].tolist())
        labels = dict(zip(compared.overall["theme_id"], compared.overall["theme"], strict=True))
        _name_rows(axes, [str(labels[theme]) for theme in themes])
        heads = [
            f"{wrapped(str(level), max(9, 66 // max(len(levels), 1)), 4)}\nn = {int(people):,}"
            for level, people in zip(levels["level"], levels["people"], strict=True)
        ]
        axes.set_xticks(range(len(levels)), heads)
        axes.xaxis.tick_top()
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        axes.set_xlim(-0.5, max(len(levels), 1) - 0.5)
        axes.set_ylim(len(themes) - 0.5, -0.5)
    return figure


def _cells(
    axes: "Axes", cells: Mapping[tuple[str, str], Mapping[str, Any]], themes: list[str], levels: list[str]
) -> None:
    from matplotlib import colormaps
    from matplotlib.patches import Rectangle

    top = max([0.2, *(cell["share"] for cell in cells.values() if cell["shown"])])
    colours = colormaps["Blues"]
    marks = {MORE: " ▲", LESS: " ▼"}
    for y, theme in enumerate(themes):
        for x, level in enumerate(levels):
            cell = cells[theme, level]
            if not cell["shown"]:
                box = Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor="#f4f4f4", edgecolor="white", linewidth=1)
                axes.add_patch(box)
                lines = Rectangle((x - 0.47, y - 0.44), 0.94, 0.88, fill=False, hatch=HATCH, linewidth=0)
                axes.add_patch(lines)
                continue
            depth = 0.85 * cell["share"] / top
            axes.add_patch(
                Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=colours(depth), edgecolor="white", linewidth=1)
            )
            words = f"{100 * cell['share']:.0f}{marks.get(cell['comparison'], '')}"
            axes.text(x, y, words, ha="center", va="center", fontsize=7.5, color="white" if depth > 0.6 else INK)


def _name_rows(axes: "Axes", labels: list[str]) -> None:
    words = [wrapped(label, 34, 2) for label in labels]
    axes.set_yticks(range(len(words)), words, fontsize=7.5, linespacing=0.95)


def _left_out(n: int, n_shown: int, what: str) -> str:
    return f"The {n_shown} largest of {n} {what}." if n > n_shown else ""
