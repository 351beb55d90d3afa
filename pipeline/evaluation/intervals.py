"""Totals of counted groups with bootstrap intervals: how far a number could be off had other people answered."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pipeline.evaluation.scoring import Counts, f_beta

RESAMPLES = 1000
SEED = 20


@dataclass(frozen=True)
class Estimate:
    """A ratio, its 95% interval, and the counts behind it; F scores have no counts (0 of 0)."""

    value: float
    low: float
    high: float
    count: int
    of: int


def estimates(groups: Mapping[str, Counts], resamples: int = RESAMPLES, seed: int = SEED) -> dict[str, Estimate]:
    """Every measure that any group counts, over all groups.

    Groups, not passages, are drawn with replacement, because what one person says is alike: percentiles 2.5 and 97.5 of
    `resamples` draws. The same seed gives the same intervals. Where both are counted, `f2` joins token recall and
    precision.
    """
    names = sorted({name for counts in groups.values() for name in counts})
    if not names:
        return {}
    # (groups, measures, 2): how many, of how many
    table = np.array([[counts.get(name, (0, 0)) for name in names] for counts in groups.values()], dtype=np.int64)
    n = len(groups)
    draws = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=resamples)  # (resamples, groups)
    some, of = draws @ table[:, :, 0], draws @ table[:, :, 1]
    ratios = np.divide(some, of, out=np.full(some.shape, np.nan), where=of > 0)  # (resamples, measures)
    totals = table.sum(axis=0)
    found = {
        name: Estimate(int(totals[i, 0]) / int(totals[i, 1]), *_interval(ratios[:, i]), *map(int, totals[i]))
        for i, name in enumerate(names)
    }
    if {"token_recall", "token_precision"} <= found.keys():
        precision, recall = (ratios[:, names.index(name)] for name in ("token_precision", "token_recall"))
        scores = np.array([f_beta(p, r) for p, r in zip(precision.tolist(), recall.tolist(), strict=True)])
        value = f_beta(found["token_precision"].value, found["token_recall"].value)
        found["f2"] = Estimate(value, *_interval(scores), 0, 0)
    return found


def _interval(values: "np.ndarray") -> tuple[float, float]:
    """Percentiles 2.5 and 97.5, without draws that had nothing to count."""
    low, high = np.nanpercentile(values, (2.5, 97.5))
    return float(low), float(high)
