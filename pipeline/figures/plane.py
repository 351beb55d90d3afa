"""The theme map: passages and themes placed by meaning, with labels that do not lie on each other."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pipeline.figures.style import INK, PALETTE, QUIET, listed, new_figure, style, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ROUNDS = 400


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
    return centred @ (axes * np.where(signs == 0, 1, signs)[:, None]).T


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
            "What lies close together is alike in meaning; the directions mean nothing, and a plane shows only part of "
            "how alike themes are. What is far from every middle lies outside the picture.",
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
            _label(figure, axes, middles, sizes, [wrapped(str(label), 20, 3) for label in themes["label"]])
    return figure


def _look_at(axes: "Axes", middles: np.ndarray) -> None:
    """Shows the middles with room around them for their labels; a few stray passages are no reason to step back."""
    low, high = middles.min(axis=0), middles.max(axis=0)
    room = np.where(high > low, high - low, 1.0) * (0.22, 0.16)
    axes.set_xlim(low[0] - room[0], high[0] + room[0])
    axes.set_ylim(low[1] - room[1], high[1] + room[1])


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
    beside = _beside(sizes, points, radii)
    placed = apart(beside, sizes, points, radii, (frame.x0, frame.y0, frame.x1, frame.y1))
    for text, anchor, place, point, size, radius in zip(texts, anchors, placed, points, sizes, radii, strict=True):
        where = to_data.transform(place)
        text.set_position(where)
        low, high = to_data.transform([place - size / 2 + 1, place + size / 2 - 1])
        # beneath the middles: a box of the text itself would lie above them, and hide a part of its own
        axes.add_patch(Rectangle(low, *(high - low), facecolor="white", alpha=0.75, linewidth=0, zorder=2))
        edge = np.clip(point, place - size / 2, place + size / 2)
        if np.hypot(*(edge - point)) > radius + 5:
            end = to_data.transform(edge)
            axes.plot([anchor[0], end[0]], [anchor[1], end[1]], color=QUIET, linewidth=0.6, zorder=3)


def _beside(sizes: np.ndarray, dots: np.ndarray, radii: np.ndarray) -> np.ndarray:
    """float (n, 2): a place for each box above, below, right or left of its dot, the first that covers least."""
    half = sizes / 2 + radii[:, None]
    placed: list[np.ndarray] = []
    for one, dot in enumerate(dots):
        sides = [dot + half[one] * side for side in ((0, 1), (0, -1), (1, 0), (-1, 0))]
        covered = [
            len(_on(place, sizes[one] / 2 + radii[:, None] * 0.99, dots))
            + len(_on(place, (sizes[one] + sizes[: len(placed)]) / 2, np.array(placed).reshape(-1, 2)))
            for place in sides
        ]
        placed.append(sides[covered.index(min(covered))])
    return np.array(placed)


def apart(
    wanted: np.ndarray,
    sizes: np.ndarray,
    dots: np.ndarray,
    radii: np.ndarray,
    frame: tuple[float, float, float, float],
) -> np.ndarray:
    """Centres of boxes, moved until none lies on another, on a dot or outside the frame, as near to `wanted` as may be.

    Each round pushes overlapping boxes apart along the shorter way and pulls every box a little towards its place; the
    pull weakens to nothing, so that the last rounds only push.

    Args:
        wanted, sizes, dots: float (n, 2), in pixels. radii: float (n,). frame: left, bottom, right, top.

    Returns:
        float (n, 2). Where there are too many boxes for the frame, some still overlap.
    """
    places = wanted.astype(float).copy()
    low, high = np.array(frame[:2]) + sizes / 2, np.array(frame[2:]) - sizes / 2
    for turn in range(_ROUNDS):
        places += (wanted - places) * 0.08 * max(0.0, 1 - turn / (0.6 * _ROUNDS))
        for one in range(len(places)):
            for other in _on(places[one], (sizes[one] + sizes) / 2, places):
                if other != one:
                    push = _out(places[one] - places[other], (sizes[one] + sizes[other]) / 2, one > other) / 2
                    places[one] += push
                    places[other] -= push
            for dot in _on(places[one], sizes[one] / 2 + radii[:, None], dots):
                places[one] += _out(places[one] - dots[dot], sizes[one] / 2 + radii[dot], True) / 2
        places = np.clip(places, np.minimum(low, high), np.maximum(low, high))
    return places


def _on(place: np.ndarray, reach: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Which of `others` (n, 2) lie nearer to `place` than `reach` (n, 2) in both directions."""
    return np.flatnonzero((np.abs(place - others) < reach).all(axis=1))


def _out(gap: np.ndarray, reach: np.ndarray, forward: bool) -> np.ndarray:
    """The shortest step, along one axis, that makes `gap` as wide as `reach`."""
    over = reach - np.abs(gap)
    side = int(over.argmin())
    step = np.zeros(2)
    step[side] = over[side] * (np.sign(gap[side]) or (1.0 if forward else -1.0))
    return step
