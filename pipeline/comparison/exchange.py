"""The permutation test over people, without drawing lots: all permutations are counted.

Had a theme nothing to do with a group, its people could change places with others without any difference being seen.
How many of them would mention the theme then is a sum of hypergeometric variables, one a stratum, whose distribution
can be written down. So the p-value is that of infinitely many shuffles and needs no seed. In one stratum this is
Fisher's exact test with a two-sided p-value by distance; where each person is a stratum of two answers it is McNemar's
(both: Agresti 2013, Categorical Data Analysis, chapters 3 and 11).
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Exchange:
    """What shuffling within strata would give: how many mentions are expected in the level, and how odd the count is.

    `comparable` is false where nobody of the level shares a stratum with anybody else: nothing is learned from p = 1.
    """

    expected: float
    p: float
    comparable: bool


def exchange_test(mentions: np.ndarray, in_level: np.ndarray, strata: np.ndarray) -> Exchange:
    """Compares how often one level's rows mention a theme with how often they would after shuffling within strata.

    Args:
        mentions: bool (rows,), one row a person and level they spoke in.
        in_level: bool (rows,), which rows are the level's.
        strata: int (rows,), 0 ≤ stratum; only rows of one stratum change places.

    Returns:
        p: the chance of a count at least as far from the expected one as the one seen.
    """
    n_strata = int(strata.max(initial=-1)) + 1
    sizes = np.bincount(strata, minlength=n_strata)
    marked = np.bincount(strata[mentions], minlength=n_strata)
    drawn = np.bincount(strata[in_level], minlength=n_strata)
    moving = (marked > 0) & (marked < sizes) & (drawn > 0) & (drawn < sizes)
    fixed = int(np.where(drawn == sizes, marked, 0).sum() + drawn[(marked == sizes) & (drawn < sizes)].sum())
    kinds = Counter(zip(*(array[moving].tolist() for array in (sizes, marked, drawn)), strict=True))
    chances = np.ones(1)
    for (size, n_marked, n_drawn), times in sorted(kinds.items()):
        chances = np.convolve(chances, _sum_of_draws(size, n_marked, n_drawn, times))
    counts = fixed + np.arange(len(chances))
    expected = float(fixed + (np.arange(len(chances)) * chances).sum())
    seen = int((mentions & in_level).sum())
    as_far = np.abs(counts - expected) >= abs(seen - expected) - 1e-7
    return Exchange(expected, float(min(1.0, chances[as_far].sum())), bool(((drawn > 0) & (drawn < sizes)).any()))


def _sum_of_draws(size: int, marked: int, drawn: int, times: int) -> np.ndarray:
    """Chances of 0, 1, … marked rows in `times` independent draws of `drawn` out of `size` rows."""
    from scipy.stats import binom, hypergeom

    if drawn == 1:
        return np.asarray(binom.pmf(np.arange(times + 1), times, marked / size))
    one = np.asarray(hypergeom.pmf(np.arange(min(marked, drawn) + 1), size, marked, drawn))
    chances = np.ones(1)
    for _ in range(times):
        chances = np.convolve(chances, one)
    return chances
