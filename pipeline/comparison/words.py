"""Words for shares and for differences, by rule: what a report may say without a number, and when it may not."""

from dataclasses import dataclass

from pipeline.comparison.intervals import Z90, difference, wilson

SUPPRESSED = "suppressed"
MORE, LESS, SAME, TOO_FEW = "more", "less", "about the same", "too few to say"

# From least to most; `rank` in tests. Between them stands "fewer than K people" where a number may not be told.
SHARE_WORDS = ("nobody", "one person", "a few", "some", "many", "about half", "most", "nearly all", "all")


def share_words(count: int, of: int, least: int = 1) -> str:
    """How many of `of` people, in words that hold for the whole interval rather than for the point.

    | word | when |
    |---|---|
    | all | everybody |
    | nearly all | at least nine in ten, and three quarters even at the interval's low end |
    | most | more than half, even at the low end |
    | about half | at least two in five, and half lies below the high end |
    | many | more than a quarter, even at the low end |
    | some | at least one in ten |
    | a few | fewer |
    | one person, nobody | exactly that |

    Each condition, once true, stays true as `count` grows, so more people never get a smaller word. A count below
    `least` is not told apart from other such counts: "fewer than 6 people".

    Args:
        least: the smallest count, other than none, that may be told.
    """
    low, high = wilson(count, of)
    share = count / of if of else 0.0
    if count == 0:
        return "nobody"
    if count < least:
        return f"fewer than {least} people"
    if count == 1:
        return "one person"
    rungs = (
        ("all", count == of),
        ("nearly all", share >= 0.9 and low >= 0.75),
        ("most", low > 0.5),
        ("about half", share >= 0.4 and high >= 0.5),
        ("many", low > 0.25),
        ("some", share >= 0.1),
    )
    return next((word for word, holds in rungs if holds), "a few")


@dataclass(frozen=True)
class Floor:
    """When a difference is worth words. Shares are of people, 0 to 1.

    alpha: adjusted p-values above it may be chance.
    effect: Cohen's h below it is small (Cohen 1988: 0.2 is "small"); it weighs 2% against 8% like 43% against 53%.
    points: a difference in shares below it is small whatever h says: five people in a hundred.
    same: "about the same" is only said where the 90% interval of the difference lies within this (two one-sided tests,
        Schuirmann 1987); otherwise too few people answered to say.
    """

    alpha: float = 0.05
    effect: float = 0.2
    points: float = 0.05
    same: float = 0.15


DEFAULT = Floor()


def comparison_words(
    count: int, of: int, other: int, of_other: int, p_adjusted: float, leans: float, floor: Floor
) -> str:
    """Whether `count` of `of` people is more, less or about the same than `other` of `of_other`, or too few to say.

    Args:
        p_adjusted: of the exchange test, after allowing for how many comparisons the table makes.
        leans: how many more mentions the exchange test saw than it expected. A difference whose sign it does not share
            comes from how people were asked, not from who they are.
    """
    if not of or not of_other:
        return TOO_FEW
    gap = count / of - other / of_other
    if p_adjusted <= floor.alpha and gap * leans > 0:
        big = abs(gap) >= floor.points and cohen_h(count / of, other / of_other) >= floor.effect
        return (MORE if gap > 0 else LESS) if big else SAME
    low, high = difference(count, of, other, of_other, Z90)
    return SAME if -floor.same < low and high < floor.same else TOO_FEW


def cohen_h(share: float, other: float) -> float:
    """The distance of two shares on the arcsine scale, where equal steps are equally hard to see (Cohen 1988)."""
    from math import asin, sqrt

    return abs(2 * asin(sqrt(share)) - 2 * asin(sqrt(other)))
