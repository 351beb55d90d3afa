"""Themes that the same people mention: how many, and whether more than chance would have it."""

from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Any

import numpy as np
import pandas as pd

from pipeline.comparison.intervals import Z95
from pipeline.comparison.suppression import small
from pipeline.frames import StudyFrames

_COLUMNS = ["theme_id", "theme", "other_id", "other", "people", "passages", "lift", "low", "high", "shown"]


@dataclass(frozen=True)
class Together:
    """Pairs of themes.

    pairs: a row a pair, in the order of `themes`: theme_id, theme, other_id, other, people and passages that mention
        both, lift (times as many people as if the two had nothing to do with each other) with its 95% interval, shown.
        NaN where it may not be shown.
    themes: theme_id, theme, most people first; without those that too few hidden people mention.
    people: how many there are in all.
    """

    pairs: pd.DataFrame
    themes: pd.DataFrame
    people: int
    least: int


def co_occurrence(frames: StudyFrames, least: int) -> Together:
    """Every pair of themes, by people and by passages.

    A pair tells of four groups of people: who mentions both, only one, only the other, and neither. If fewer than
    `least` hidden people are in any of them, but somebody is, the pair is suppressed.
    """
    people = frames.people["contributor_id"].tolist()
    hidden = frames.people["hidden"].to_numpy(dtype=bool)
    theme_ids = frames.themes["theme_id"].tolist()
    by_person = _matrix(frames.mentions, "contributor_id", people, theme_ids)
    by_passage = _matrix(frames.mentions, "passage_id", frames.passages["passage_id"].tolist(), theme_ids)
    both, both_hidden = by_person.T @ by_person, by_person[hidden].T @ by_person[hidden]
    passages = by_passage.T @ by_passage
    n_hidden = int(hidden.sum())
    may = [not 0 < n_hidden < least and not small(int(n), n_hidden, least) for n in both_hidden.diagonal()]
    # themes that may not be shown come last, and not by size
    order = sorted(range(len(may)), key=lambda n: (not may[n], -int(both[n, n]) if may[n] else 0, theme_ids[n]))
    labels = frames.themes["label"]
    rows: list[dict[str, Any]] = []
    for first, one in enumerate(order):
        for other in order[first + 1 :]:
            pair: dict[str, Any] = {"theme_id": theme_ids[one], "theme": labels.iloc[one]}
            pair |= {"other_id": theme_ids[other], "other": labels.iloc[other]}
            cells = _four(both_hidden, one, other, n_hidden)
            shown = may[one] and may[other] and not any(0 < n < least for n in cells)
            numbers: dict[str, Any] = dict.fromkeys(("people", "passages", "lift", "low", "high"), float("nan"))
            if shown:
                times, low, high = lift(*_four(both, one, other, len(people)))
                numbers = {"people": int(both[one, other]), "passages": int(passages[one, other])}
                numbers |= {"lift": times, "low": low, "high": high}
            rows.append(pair | numbers | {"shown": shown})
    listed = [n for n in order if may[n]]
    themes = pd.DataFrame({"theme_id": [theme_ids[n] for n in listed], "theme": [labels.iloc[n] for n in listed]})
    return Together(pd.DataFrame(rows, columns=_COLUMNS), themes, len(people), least)


def _matrix(mentions: pd.DataFrame, column: str, ids: list[str], theme_ids: list[str]) -> np.ndarray:
    """int (ids, themes): 1 where it mentions the theme."""
    place, theme_place = {one: n for n, one in enumerate(ids)}, {one: n for n, one in enumerate(theme_ids)}
    matrix = np.zeros((len(ids), len(theme_ids)), dtype=int)
    matrix[
        mentions[column].map(place).to_numpy(dtype=int), mentions["theme_id"].map(theme_place).to_numpy(dtype=int)
    ] = 1
    return matrix


def _four(both: np.ndarray, one: int, other: int, people: int) -> tuple[int, int, int, int]:
    """People who mention both, only `one`, only `other`, neither."""
    n = int(both[one, other])
    first, second = int(both[one, one]), int(both[other, other])
    return n, first - n, second - n, people - first - second + n


def lift(both: int, only_one: int, only_other: int, neither: int) -> tuple[float, float, float]:
    """How many times as many people mention both as if the two were unrelated, with its 95% interval.

    The interval is by the delta method on the logarithm, of four multinomial counts; where nobody mentions both, half a
    person is put into each of the four, and the interval begins at 0.
    """
    n = both + only_one + only_other + neither
    if not both + only_one or not both + only_other:
        return float("nan"), float("nan"), float("nan")
    counts = (
        (both, only_one, only_other, neither) if both else tuple(c + 0.5 for c in (0, only_one, only_other, neither))
    )
    times, spread = _log_lift(*counts)
    low, high = exp(times - Z95 * spread), exp(times + Z95 * spread)
    return both * n / ((both + only_one) * (both + only_other)), low if both else 0.0, high


def _log_lift(both: float, only_one: float, only_other: float, neither: float) -> tuple[float, float]:
    n, one, other = both + only_one + only_other + neither, both + only_one, both + only_other
    variance = 1 / both - 1 / one - 1 / other + 2 * both / (one * other) - 1 / n
    return log(both * n / (one * other)), sqrt(max(variance, 0.0))
