"""Chance-corrected agreement: Cohen's kappa and Krippendorff's alpha, for single codes and for sets of codes.

Both are 1 - observed / expected disagreement. They differ in what they expect: kappa takes two coders who each keep
their own habits (Cohen 1960; with degrees of disagreement, Cohen 1968), alpha any number of coders who are
interchangeable, with codings missing where they may (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability").
Sets of codes are compared by MASI (Passonneau 2006, "Measuring Agreement on Set-valued Items") or by Jaccard.

A ratio with nothing to expect (everybody always said the same one thing) says nothing, and is NaN.
"""

from collections.abc import Callable, Hashable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

import numpy as np

RESAMPLES = 1000
SEED = 20
MISSING = -1
Distance = Callable[[Any, Any], float]


def nominal(one: Hashable, other: Hashable) -> float:
    """0 if they are the same, otherwise 1."""
    return float(one != other)


def jaccard(one: AbstractSet[Hashable], other: AbstractSet[Hashable]) -> float:
    """1 less the share of both sets' members that both have; 0 for two empty sets."""
    return 1.0 - len(one & other) / len(one | other) if one or other else 0.0


def masi(one: AbstractSet[Hashable], other: AbstractSet[Hashable]) -> float:
    """Jaccard, stricter where neither set contains the other: the share counts 2/3 if one does, 1/3 if they cross."""
    if one == other:
        return 0.0
    if not one & other:
        return 1.0
    monotonicity = 2 / 3 if one <= other or other <= one else 1 / 3
    return 1.0 - monotonicity * len(one & other) / len(one | other)


@dataclass(frozen=True)
class Ratings:
    """Who said what about which unit.

    `codes`: int (units, coders), an index of `distances` or MISSING. `distances`: float (values, values).
    """

    codes: np.ndarray
    distances: np.ndarray

    @property
    def n_values(self) -> int:
        return len(self.distances)


@dataclass(frozen=True)
class Figure:
    """A statistic with its 95% interval and how many passages it rests on; None where it cannot be computed."""

    value: float | None
    low: float | None
    high: float | None
    n: int


def ratings(units: Sequence[Sequence[Hashable | None]], distance: Distance = nominal) -> Ratings:
    """The ratings of units, each a row with a value (None: missing) for every coder, in the same order."""
    values = list(dict.fromkeys(value for unit in units for value in unit if value is not None))
    index = {value: n for n, value in enumerate(values)}
    width = max((len(unit) for unit in units), default=0)
    codes = np.full((len(units), width), MISSING, dtype=np.int64)
    for row, unit in enumerate(units):
        for column, value in enumerate(unit):
            if value is not None:
                codes[row, column] = index[value]
    distances = np.array([[distance(one, other) for other in values] for one in values], dtype=float)
    return Ratings(codes, distances.reshape(len(values), len(values)))


def cohen_kappa(one: Sequence[Hashable], other: Sequence[Hashable], distance: Distance = nominal) -> float:
    """Kappa of two coders who coded the same units. With a distance other than nominal, weighted kappa."""
    return float(kappas(ratings(list(zip(one, other, strict=True)), distance), _once(len(one)))[0])


def krippendorff_alpha(units: Sequence[Sequence[Hashable | None]], distance: Distance = nominal) -> float:
    """Alpha of any number of coders. Units that fewer than two coded are left out.

    Args:
        distance: what Krippendorff writes as the squared metric difference: for intervals, (a - b) ** 2.
    """
    return float(alphas(ratings(units, distance), _once(len(units)))[0])


def kappas(rated: Ratings, draws: np.ndarray) -> np.ndarray:
    """Kappa for each draw of units. `draws`: (draws, units), how often each unit counts. Needs two coders."""
    both = (rated.codes != MISSING).all(axis=1)
    one, other = rated.codes[both].T if both.any() else np.zeros((2, 0), dtype=np.int64)
    draws = draws[:, both]
    observed = draws @ rated.distances[one, other] if both.any() else np.zeros(len(draws))
    habits = [draws @ _indicator(codes, rated.n_values) for codes in (one, other)]  # (draws, values) each
    expected = ((habits[0] @ rated.distances) * habits[1]).sum(axis=1)
    return _one_less(observed * draws.sum(axis=1), expected)


def mean_kappas(rated: Ratings, draws: np.ndarray) -> np.ndarray:
    """Kappa for each draw of units, the mean of all pairs of coders (Light 1971); of two coders, theirs."""
    n = rated.codes.shape[1]
    return _mean_of(rated, draws, [(i, j) for i in range(n) for j in range(i + 1, n)])


def kappas_with_last(rated: Ratings, draws: np.ndarray) -> np.ndarray:
    """Kappa for each draw of units, the mean of every coder's with the last."""
    last = rated.codes.shape[1] - 1
    return _mean_of(rated, draws, [(i, last) for i in range(last)])


def _mean_of(rated: Ratings, draws: np.ndarray, pairs: Sequence[tuple[int, int]]) -> np.ndarray:
    found = [kappas(Ratings(rated.codes[:, [i, j]], rated.distances), draws) for i, j in pairs]
    table = np.array(found).reshape(len(pairs), len(draws))
    known = ~np.isnan(table)
    total, n = np.where(known, table, 0).sum(axis=0), known.sum(axis=0)
    return np.divide(total, n, out=np.full(len(draws), np.nan), where=n > 0)


def alphas(rated: Ratings, draws: np.ndarray) -> np.ndarray:
    """Alpha for each draw of units. `draws`: (draws, units), how often each unit counts."""
    n_coders = (rated.codes != MISSING).sum(axis=1)
    pairable = n_coders >= 2
    draws, codes, n_coders = draws[:, pairable], rated.codes[pairable], n_coders[pairable]
    said = np.zeros((len(codes), rated.n_values))  # (units, values): how many coders
    for column in codes.T:
        present = column != MISSING
        np.add.at(said, (np.flatnonzero(present), column[present]), 1)
    within = ((said @ rated.distances) * said).sum(axis=1) / np.maximum(n_coders - 1, 1)
    totals = draws @ said  # (draws, values)
    n = draws @ n_coders
    expected = ((totals @ rated.distances) * totals).sum(axis=1)
    return _one_less((draws @ within) * (n - 1), expected)


def figure(statistic: Callable[[Ratings, np.ndarray], np.ndarray], rated: Ratings) -> Figure:
    """A statistic with percentiles 2.5 and 97.5 of draws of units with replacement; the same draws at every call."""
    present = (rated.codes != MISSING).sum(axis=1) >= 2
    rated = Ratings(rated.codes[present], rated.distances)
    n = int(present.sum())
    if not n:
        return Figure(None, None, None, 0)
    value = float(statistic(rated, _once(n))[0])
    return Figure(None if np.isnan(value) else value, *interval(statistic(rated, resampled(n))), n)


def share(hits: Sequence[bool]) -> Figure:
    """How many of a list are true, with the interval of a proportion (Wilson), which holds near 0 and 1 as well."""
    n = len(hits)
    if not n:
        return Figure(None, None, None, 0)
    return Figure(sum(hits) / n, *wilson(sum(hits) / n, n), n)


def wilson(value: float, n: float) -> tuple[float, float]:
    """The 95% interval of a proportion of `n` (which need not be whole) observations (Wilson 1927)."""
    z = 1.959964
    centre = (value + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * (value * (1 - value) / n + z * z / (4 * n * n)) ** 0.5
    return max(0.0, centre - half), min(1.0, centre + half)


def resampled(n: int, resamples: int = RESAMPLES, seed: int = SEED) -> np.ndarray:
    """(resamples, n): how often each of `n` units was drawn, with replacement."""
    return np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=resamples)


def interval(values: np.ndarray) -> tuple[float | None, float | None]:
    """Percentiles 2.5 and 97.5; none if most draws had nothing to measure."""
    valid = values[~np.isnan(values)]
    if len(valid) * 2 < len(values) or not len(valid):
        return None, None
    low, high = np.percentile(valid, (2.5, 97.5))
    return float(low), float(high)


def _once(n: int) -> np.ndarray:
    return np.ones((1, n))


def _indicator(codes: np.ndarray, n_values: int) -> np.ndarray:
    return (codes[:, None] == np.arange(n_values)[None, :]).astype(float)


def _one_less(observed: np.ndarray, expected: np.ndarray) -> np.ndarray:
    out = np.full(len(expected), np.nan)
    return np.subtract(1.0, np.divide(observed, expected, out=out, where=expected > 0))
