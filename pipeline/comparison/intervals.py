"""Intervals of shares and of differences between shares, and p-values that allow for how many were looked at."""

from collections.abc import Sequence

import numpy as np

Z95 = 1.959963984540054  # two-sided 95% of a normal distribution
Z90 = 1.6448536269514722


def wilson(count: float, of: float, z: float = Z95) -> tuple[float, float]:
    """The score interval of a share (Wilson 1927): holds its width near 0 and 1, and always contains count/of.

    Of nobody nothing is known: (0, 1).
    """
    if of <= 0:
        return 0.0, 1.0
    share = count / of
    middle = share + z * z / (2 * of)
    half = z * np.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    scale = 1 + z * z / of
    return float(max(0.0, min((middle - half) / scale, share))), float(min(1.0, max((middle + half) / scale, share)))


def difference(count: float, of: float, other: float, of_other: float, z: float = Z95) -> tuple[float, float]:
    """The interval of count/of − other/of_other from the two score intervals (Newcombe 1998, method 10).

    For shares of different people. For shares of the same people it is too wide, never too narrow, as long as those who
    mention a theme once are more likely than others to mention it again.
    """
    share, rest = count / of, other / of_other
    low, high = wilson(count, of, z)
    rest_low, rest_high = wilson(other, of_other, z)
    gap = share - rest
    return (
        float(gap - np.hypot(share - low, rest_high - rest)),
        float(gap + np.hypot(high - share, rest - rest_low)),
    )


def independent(hits: np.ndarray, sizes: np.ndarray) -> tuple[float, float]:
    """As how many independent cases those of several people count, and how many of these are hits: for `wilson`.

    What one person says is alike, and one who says much weighs much. So cases count as many independent ones as would
    make the share as sure as people do, whose spread is seen by leaving out each of them in turn (the jackknife; Wolter
    2007, chapter 4). Few people show little of it: fewer count for that (Korn and Graubard 1998). Never more than there
    are cases, and never fewer than if each person always said the same (Kish 1965), which is what is taken where it
    cannot be seen: of one person, or where everything or nothing is a hit.

    Args:
        hits, sizes: (people,), how many cases of each person are hits, of how many. People without cases do not count.
    """
    from scipy.stats import t

    hits, sizes = hits[sizes > 0].astype(float), sizes[sizes > 0].astype(float)
    people, n = len(sizes), float(sizes.sum())
    if not people:
        return 0.0, 0.0
    share, fewest = float(hits.sum()) / n, n * n / float((sizes**2).sum())
    if people == 1 or not 0 < share < 1:
        return share * fewest, fewest
    without = (hits.sum() - hits) / (n - sizes)
    spread = float(((without - share) ** 2).sum()) * (people - 1) / people
    seen = min(n, share * (1 - share) / spread) if spread else n
    certain = (Z95 / float(t.ppf(0.975, fewest - 1))) ** 2 if fewest > 1 else 0.0
    effective = max(fewest, seen * certain)
    return share * effective, effective


def adjusted(p_values: Sequence[float]) -> list[float]:
    """p-values that keep the share of false findings among all findings below what they say.

    Benjamini & Hochberg 1995, as step-up adjusted p-values: each is at least the p-value it stands for, in their order.
    """
    p = np.asarray(p_values, dtype=float)
    if not p.size:
        return []
    order = np.argsort(-p, kind="stable")
    scaled = p[order] * p.size / np.arange(p.size, 0, -1)
    result = np.empty(p.size)
    result[order] = np.minimum(1.0, np.minimum.accumulate(scaled))
    return [float(value) for value in result]
