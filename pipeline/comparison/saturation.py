"""Whether more people would have brought more themes: how many themes the first so many people mention."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.comparison.suppression import small
from pipeline.frames import StudyFrames

ORDERS = 500


@dataclass(frozen=True)
class Saturation:
    """The curve, and what it says.

    curve: people (1, 2, …), themes (the mean over all orders in which people could have been asked), low and high
        (between which 95% of orders lie), new (themes that this person adds on average). Empty if suppressed.
    reading: one sentence for a report.
    """

    curve: pd.DataFrame
    people: int
    themes: int
    reading: str


def saturation(
    frames: StudyFrames, least: int, least_cell: int | None = None, seed: int = 7, last: int = 20
) -> Saturation:
    """Themes found by number of people asked.

    The mean over all orders is exact (rarefaction, Hurlbert 1971): a theme that k of n people mention is missed by i
    people with chance C(n−k, i) / C(n, i). Only the band is from `ORDERS` seeded orders, of people put by what they
    mention, so that neither ids nor the order of rows matter.

    Args:
        least: of fewer hidden people than this nothing is told.
        least_cell: a theme that fewer hidden people mention, or do not, is not in the curve; `least`, if left out.
        last: the reading is about the last so many people, or the last tenth of a smaller study.
    """
    n_hidden = int(frames.people["hidden"].sum())
    n = len(frames.people)
    theme_ids = sorted(set(frames.mentions["theme_id"]))
    if 0 < n_hidden < least or not n or not theme_ids:
        empty = pd.DataFrame({name: pd.Series([], dtype=float) for name in ("people", "themes", "low", "high", "new")})
        return Saturation(empty, n, len(theme_ids), "Too few people to say.")
    told = _may_be_told(frames, theme_ids, least if least_cell is None else least_cell)
    themes, mentions = _expected(_mentions(frames, theme_ids).sum(axis=0), n), _mentions(frames, told)
    mean, (low, high) = _expected(mentions.sum(axis=0), n), _band(mentions, seed)
    curve = pd.DataFrame({"people": np.arange(1, n + 1), "themes": mean, "low": low, "high": high})
    curve["new"] = np.diff(mean, prepend=0.0)
    reading = _reading(themes, min(last, max(1, n // 10)) if n < 5 * last else last)
    if left_out := len(theme_ids) - len(told):
        themes_are = "theme is" if left_out == 1 else "themes are"
        reading += f" {left_out} {themes_are} not in the curve, because of totals that must not be told."
    return Saturation(curve if told else curve.head(0), n, len(theme_ids), reading)


def _may_be_told(frames: StudyFrames, theme_ids: list[str], least: int) -> list[str]:
    """The themes whose totals may be told: an exact curve gives away how many themes have how many people."""
    hidden = set(frames.people.loc[frames.people["hidden"], "contributor_id"])
    said = frames.mentions[frames.mentions["contributor_id"].isin(hidden)]
    counts = said.groupby("theme_id")["contributor_id"].nunique()
    return [theme for theme in theme_ids if not small(int(counts.get(theme, 0)), len(hidden), least)]


def _mentions(frames: StudyFrames, theme_ids: list[str]) -> np.ndarray:
    """bool (people, themes), sorted by rows."""
    person = {one: n for n, one in enumerate(frames.people["contributor_id"])}
    theme = {one: n for n, one in enumerate(theme_ids)}
    matrix = np.zeros((len(person), len(theme)), dtype=bool)
    said = frames.mentions[frames.mentions["theme_id"].isin(theme_ids)]
    matrix[said["contributor_id"].map(person).to_numpy(dtype=int), said["theme_id"].map(theme).to_numpy(dtype=int)] = (
        True
    )
    return matrix[np.lexsort(matrix.T[::-1])] if theme else matrix


def _expected(counts: np.ndarray, n: int) -> np.ndarray:
    """float (n,): themes that i = 1 … n people mention, on average over all orders."""
    missed = np.ones((n + 1, len(counts)))
    for i in range(n):  # the next person is one of n − i left, of whom n − k − i do not mention it
        missed[i + 1] = missed[i] * np.clip((n - counts - i) / (n - i), 0.0, 1.0)
    return (1 - missed[1:]).sum(axis=1)


def _band(mentions: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    lots = np.random.default_rng(seed)
    n = len(mentions)
    runs = np.array(
        [np.logical_or.accumulate(mentions[lots.permutation(n)], axis=0).sum(axis=1) for _ in range(ORDERS)]
    )  # (orders, people)
    low, high = np.percentile(runs, (2.5, 97.5), axis=0)
    return low, high


def _reading(themes: np.ndarray, last: int) -> str:
    """In plain words, from the mean number of themes that the last people brought."""
    n, n_themes = len(themes), round(float(themes[-1]))
    brought = float(themes[-1] - themes[-1 - last]) if n > last else float(themes[-1])
    enough = int(np.argmax(themes >= 0.95 * themes[-1])) + 1
    who = f"the last {last} of {n:,} people" if last > 1 else f"the last of {n:,} people"
    if brought < 0.05:
        new = f"On average over all orders of asking, {who} brought no new theme"
    elif brought < 0.5:
        new = f"On average over all orders of asking, {who} hardly brought a new theme"
    else:
        few = "about one new theme" if brought < 1.5 else f"about {brought:.0f} new themes"
        new = f"On average over all orders of asking, {who} brought {few}: more people would bring more"
    return f"{new}; {enough:,} people would have been enough for 95% of the {n_themes} themes."
