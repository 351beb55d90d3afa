"""How foreign new answers are: whether the themes known before fit them as they fit what came before."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.comparison.intervals import Z90, difference, independent, wilson
from pipeline.comparison.words import DEFAULT, LESS, MORE, SAME, TOO_FEW

_ODD = 0.1  # of the ideas known before are less like any theme than the rest: what is as odd as they are is foreign
_FEWEST = 5  # people with new ideas; below, an interval says little
_SAID = {
    MORE: "worse than what came before, so some of it may need themes of its own",
    SAME: "about as well as what came before",
    LESS: "better than what came before",
    TOO_FEW: TOO_FEW,
}


@dataclass(frozen=True)
class Foreignness:
    """How many new ideas fit no theme known before, with the 95% interval of their share, and of those known before.

    An idea is foreign if it is less like the theme nearest to it than nine in ten of the ideas known before are, with
    what the same person said left out of every theme.

    comparison: more, less, about the same, too few to say: of the share among new ideas.
    """

    ideas: int
    people: int
    foreign: int
    low: float
    high: float
    known: int
    known_foreign: int
    comparison: str

    @property
    def share(self) -> float:
        return self.foreign / self.ideas

    @property
    def known_share(self) -> float:
        return self.known_foreign / self.known

    @property
    def words(self) -> str:
        """Two sentences for a report."""
        people = "1 person" if self.people == 1 else f"{self.people:,} people"
        new = "1 new idea" if self.ideas == 1 else f"{self.ideas:,} new ideas"
        return (
            f"How well the themes known before fit {new} of {people}: {_SAID[self.comparison]}. "
            f"{self.foreign:,} ({self.share:.0%}, 95% interval {self.low:.0%} to {self.high:.0%}) fit none, as against "
            f"{self.known_share:.0%} of the {self.known:,} known before."
        )


def foreignness(ideas: pd.DataFrame) -> Foreignness | None:
    """None where nothing is new, or nothing was known before.

    What one person says is alike, so intervals are those of fewer ideas than there are; see `independent`.

    Args:
        ideas: IDEAS: contributor_id, is_new, nearest.
    """
    new, known = ideas[ideas["is_new"]], ideas[~ideas["is_new"]]
    if new.empty or known.empty:
        return None
    floor = float(np.quantile(known["nearest"], _ODD))
    one, other = _counted(new, floor), _counted(known, floor)
    low, high = wilson(*one)
    people = new["contributor_id"].nunique()
    return Foreignness(
        len(new),
        people,
        int((new["nearest"] < floor).sum()),
        low,
        high,
        len(known),
        int((known["nearest"] < floor).sum()),
        _compared(one, other) if people >= _FEWEST else TOO_FEW,
    )


def _counted(ideas: pd.DataFrame, floor: float) -> tuple[float, float]:
    """How many independent ideas are foreign, of how many."""
    by_person = (ideas["nearest"] < floor).groupby(ideas["contributor_id"]).agg(["sum", "size"])
    return independent(by_person["sum"].to_numpy(), by_person["size"].to_numpy())


def _compared(one: tuple[float, float], other: tuple[float, float]) -> str:
    low, high = difference(*one, *other)
    gap = one[0] / one[1] - other[0] / other[1]
    if (low > 0 or high < 0) and abs(gap) >= DEFAULT.points:
        return MORE if gap > 0 else LESS
    low, high = difference(*one, *other, z=Z90)
    return SAME if -DEFAULT.same < low and high < DEFAULT.same else TOO_FEW
