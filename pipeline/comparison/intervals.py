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
