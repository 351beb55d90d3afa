"""The theme map: passages and themes placed by meaning, with labels that do not lie on each other."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pipeline.figures.style import INK, PALETTE, QUIET, listed, new_figure, style, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_FARTHER = (0, 3, 6, 10, 15, 22, 30, 44, 60)  # pixels between a dot and its label that are tried
_COVERING = 4.0  # what a covered square pixel costs; two pixels farther away cost as much
_SWEEPS = 30
_ROUNDING = 1e-3  # of an extent; less is none
_USUAL = 3.0  # times the median distance from the middle, within which a map is drawn evenly


def plane(vectors: np.ndarray, theme_of: Sequence[str]) -> np.ndarray:
    """float (passages, 2): passages on the plane that separates the themes' centres best.

    A principal component analysis of the centres rather than of the passages, so that the map shows themes.

    Args:
        vectors: float (passages, dimension).
        theme_of: theme id of each passage, empty where it has none.
    """
    of = np.asarray(theme_of)
    centred = vectors - vectors.mean(axis=0)
    centres = np.stack([centred[of == theme].mean(axis=0) for theme in sorted(set(of[of != ""]))])
    axes = np.linalg.svd(centres - centres.mean(axis=0), full_matrices=False)[2][:2]
    axes = np.vstack([axes, np.zeros((2 - len(axes), vectors.shape[1]))])
    signs = np.sign(axes[np.arange(2), np.abs(axes).argmax(axis=1)])  # a mirror image is the same map: choose one
    turned = (axes * np.where(signs == 0, 1, signs)[:, None]).T
    return _drawn_in(centred @ turned, centres @ turned)


def _drawn_in(places: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Far places nearer, in their order: evenly among most centres and by logarithms beyond, or one theme unlike all
    others would leave no room between these.
    """
    middle = np.median(centres, axis=0)
    spread = _USUAL * np.median(np.abs(centres - middle), axis=0)
    return np.arcsinh((places - middle) / _wide(spread))


def _wide(extents: np.ndarray) -> np.ndarray:
    """Float (2,), above 0: where centres do not differ, as those of two themes do not in one direction, the other's."""
    most = float(extents.max())
    return np.where(extents > _ROUNDING * most, extents, most if most > 0 else 1.0)


def places(vectors: np.ndarray, passage_ids: Sequence[str], mentions: pd.DataFrame) -> pd.DataFrame:
    """Where each passage lies on the `plane`, as `theme_map` wants it: passage_id, x, y, theme_id of its main theme.

    Args:
        vectors: float (passages, dimension).
        passage_ids: whose vector each row is: those of table `passages`, in its order.
        mentions: passage_id, theme_id, rank, as in `study_frames`. At least one.
    """
    main = mentions.sort_values("rank", kind="stable").drop_duplicates("passage_id")
    theme_of = pd.Series(list(passage_ids)).map(main.set_index("passage_id")["theme_id"]).fillna("").astype("str")
    where = plane(vectors, theme_of.tolist())
    return pd.DataFrame({"passage_id": list(passage_ids), "x": where[:, 0], "y": where[:, 1], "theme_id": theme_of})


def theme_map(passages: pd.DataFrame, themes: pd.DataFrame) -> "Figure":
    """A dot for each passage, a larger one and a label at the middle of each theme.

    Args:
        passages: x, y, theme_id (of none of `themes`: grey).
        themes: theme_id, label, people; those that may be shown.
    """
    themes = themes.sort_values(["people", "theme_id"], ascending=[False, True], ignore_index=True)
    caption = listed(
        [
            f"n = {len(passages):,} passages, one small dot each; grey: of no theme that is shown. Large dots: middles "
            f"of the {len(themes)} themes, by people who mention them.",
            "What lies close together is alike in meaning; the directions mean nothing, a plane shows only part of how "
            "alike themes are, and what is unlike most is drawn nearer. What is far from every middle lies outside the "
            "picture.",
        ]
    )
    with style():
        figure, axes = new_figure(5.6, "Themes by likeness of meaning", caption)
        known = passages["theme_id"].isin(themes["theme_id"])
        axes.scatter(passages.loc[~known, "x"], passages.loc[~known, "y"], s=3, color="#cccccc", linewidths=0)
        middles: list[tuple[float, float]] = []
        largest = max([*themes["people"], 1])
        for n, theme_id in enumerate(themes["theme_id"]):
            own = passages[passages["theme_id"] == theme_id]
            colour = PALETTE[n % len(PALETTE)]
            axes.scatter(own["x"], own["y"], s=4, color=colour, alpha=0.4, linewidths=0)
            middles.append((float(own["x"].mean()), float(own["y"].mean())))
        sizes = [20 + 100 * float(people) / largest for people in themes["people"]]  # areas, in square points
        for n, (middle, size) in enumerate(zip(middles, sizes, strict=True)):
            axes.scatter(*middle, s=size, color=PALETTE[n % len(PALETTE)], edgecolors="white", linewidths=0.8, zorder=4)
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
        if middles:
            _look_at(axes, np.array(middles))
            _label(figure, axes, middles, sizes, [wrapped(str(label), 20, 2) for label in themes["label"]])
    return figure


def _look_at(axes: "Axes", middles: np.ndarray) -> None:
    """Shows the middles with room around them for their labels; a few stray passages are no reason to step back."""
    low, high = middles.min(axis=0), middles.max(axis=0)
    extent, middle = _wide(high - low), (low + high) / 2
    half = extent * (0.5 + np.array([0.22, 0.16]))
    axes.set_xlim(middle[0] - half[0], middle[0] + half[0])
    axes.set_ylim(middle[1] - half[1], middle[1] + half[1])


def _label(
    figure: "Figure", axes: "Axes", anchors: list[tuple[float, float]], areas: list[float], labels: list[str]
) -> None:
    """Writes labels near their anchors, moved apart, with a thin line to the anchor where one moved far."""
    from matplotlib.patches import Rectangle

    figure.draw_without_rendering()  # fixes the layout: from here on a pixel stays a pixel
    to_pixels, to_data = axes.transData, axes.transData.inverted()
    points = to_pixels.transform(anchors)
    texts: list[Any] = [
        axes.text(*anchor, label, fontsize=7, color=INK, ha="center", va="center", linespacing=1.05, zorder=5)
        for anchor, label in zip(anchors, labels, strict=True)
    ]
    renderer = figure.canvas.get_renderer()  # pyright: ignore[reportAttributeAccessIssue]
    boxes = [text.get_window_extent(renderer) for text in texts]
    sizes = np.array([(box.width + 4, box.height + 2) for box in boxes])
    radii = np.sqrt(np.array(areas) / np.pi) * figure.dpi / 72
    frame = axes.get_window_extent(renderer)
    placed = apart(sizes, points, radii, (frame.x0, frame.y0, frame.x1, frame.y1))
    for text, anchor, place, point, size, radius in zip(texts, anchors, placed, points, sizes, radii, strict=True):
        where = to_data.transform(place)
        text.set_position(where)
        low, high = to_data.transform([place - size / 2 + 1, place + size / 2 - 1])
        # beneath the middles: a box of the text itself would lie above them, and hide a part of its own
        axes.add_patch(Rectangle(low, *(high - low), facecolor="white", alpha=0.8, linewidth=0, zorder=2))
        edge = np.clip(point, place - size / 2, place + size / 2)
        if np.hypot(*(edge - point)) > radius + 5:
            end = to_data.transform(edge)
            axes.plot([anchor[0], end[0]], [anchor[1], end[1]], color=QUIET, linewidth=0.6, zorder=1.9)


def apart(
    sizes: np.ndarray, dots: np.ndarray, radii: np.ndarray, frame: tuple[float, float, float, float]
) -> np.ndarray:
    """Centres of boxes beside their dots: on no other box or dot, inside the frame, as near to the dot as may be.

    One after the other they go to the place that costs least with all others where they lie, until none wants to move.

    Args:
        sizes, dots: float (n, 2), in pixels. radii: float (n,). frame: left, bottom, right, top.

    Returns:
        float (n, 2). Where there are too many boxes for the frame, some still overlap.
    """
    squares = np.column_stack([2 * radii, 2 * radii])
    placed = np.full((len(dots), 2), np.inf)  # so far from everything that it is in nobody's way
    offered: list[tuple[np.ndarray, np.ndarray]] = []
    for one, (size, dot, radius) in enumerate(zip(sizes, dots, radii, strict=True)):
        others = np.arange(len(dots)) != one
        places, costs = _round(size, dot, radius)
        hidden = _overlaps(places, size, dots[others], squares[others]) + _outside(places, size, frame)
        costs += _COVERING * hidden + 30 * _crossings(places, size, dot, dots[others], radii[others])
        offered.append((places, costs))
    for _ in range(_SWEEPS):
        before = placed.copy()
        for one, (places, costs) in enumerate(offered):
            others = np.arange(len(dots)) != one
            total = costs + _COVERING * _overlaps(places, sizes[one], placed[others], sizes[others])
            placed[one] = places[int(total.argmin())]
        if np.array_equal(placed, before):
            break
    return placed


def _round(size: np.ndarray, dot: np.ndarray, radius: float) -> tuple[np.ndarray, np.ndarray]:
    """Centres (m, 2) at which a box lies around its dot, nearer and farther, and what each costs: above is best."""
    slides = (0, -0.25, 0.25, -0.5, 0.5, -0.75, 0.75, -1, 1)
    sides = np.array([(slide, 1) for slide in slides] + [(slide, -1) for slide in slides] + [(1, 0), (-1, 0)])
    corner = np.where(np.abs(sides).sum(axis=1) == 2, 0.7, 1.0)[:, None]  # of a box at a corner of the dot
    places = [dot + sides * (size / 2 + corner * (radius + 0.5 + far)) for far in _FARTHER]
    costs = [2.0 * far + 0.5 * np.arange(len(sides)) for far in _FARTHER]
    return np.concatenate(places), np.concatenate(costs)


def _overlaps(places: np.ndarray, size: np.ndarray, others: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """float (m,): square pixels of other boxes that a box would cover at each place."""
    over = (size + sizes) / 2 - np.abs(places[:, None] - others)
    return np.clip(np.minimum(over, np.minimum(size, sizes)), 0, None).prod(axis=2).sum(axis=1)


def _outside(places: np.ndarray, size: np.ndarray, frame: tuple[float, float, float, float]) -> np.ndarray:
    """float (m,): square pixels, or about as many, of a box that would lie outside the frame."""
    low, high = np.array(frame[:2]), np.array(frame[2:])
    over = np.clip(low - (places - size / 2), 0, None) + np.clip(places + size / 2 - high, 0, None)
    return (over * size[::-1]).sum(axis=1)


def _crossings(
    places: np.ndarray, size: np.ndarray, dot: np.ndarray, others: np.ndarray, radii: np.ndarray
) -> np.ndarray:
    """float (m,): how many of some points on the line from the dot to its box lie in other dots."""
    edges = np.clip(dot, places - size / 2, places + size / 2)
    points = dot + (edges - dot)[:, None] * np.linspace(0.3, 1, 9)[:, None]
    return (np.hypot(*np.moveaxis(points[:, :, None] - others, -1, 0)) < radii).sum(axis=(1, 2)).astype(float)
