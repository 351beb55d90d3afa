"""How foreign new answers are: an honest share, in words only where the interval allows them."""

import numpy as np
import pandas as pd
import pytest

from pipeline.comparison import Foreignness, foreignness


def ideas(new: np.ndarray, known: int = 400, each: int = 2) -> pd.DataFrame:
    """Ideas of people who said `each`: known ones at .4 to .8, new ones at what is given."""
    nearest = np.concatenate([np.linspace(0.4, 0.8, known), new])
    is_new = np.arange(len(nearest)) >= known
    return pd.DataFrame(
        {"contributor_id": [f"c{n // each}" for n in range(len(nearest))], "is_new": is_new, "nearest": nearest}
    )


def told(*args: object) -> Foreignness:
    found = foreignness(ideas(*args))
    assert found is not None
    return found


def test_new_ideas_like_those_before_fit_as_well() -> None:
    found = told(np.linspace(0.4, 0.8, 100))
    assert (found.ideas, found.people, found.foreign, found.known, found.known_foreign) == (100, 50, 10, 400, 40)
    assert found.low < found.share == 0.1 < found.high and found.known_share == 0.1
    assert found.comparison == "about the same"
    assert found.words == (
        "How well the themes known before fit 100 new ideas of 50 people: about as well as what came before. 10 (10%, 95% "
        "interval 4% to 21%) fit none, as against 10% of the 400 known before."
    )


def test_strangers_are_seen_and_those_who_fit_better_too() -> None:
    found = told(np.linspace(0.1, 0.8, 60))
    assert found.comparison == "more" and found.share > 0.4 and "worse than what came before" in found.words
    better = foreignness(ideas(np.full(300, 0.7)))
    assert better and better.comparison == "less" and "better" in better.words and better.foreign == 0


@pytest.mark.parametrize(("n", "people"), [(1, "1 person"), (8, "4 people")])
def test_of_a_few_people_nothing_is_said(n: int, people: str) -> None:
    found = told(np.full(n, 0.1))
    assert (
        found.comparison == "too few to say" and found.foreign == n and f"of {people}: too few to say." in found.words
    )
    assert told(np.full(10, 0.1)).comparison == "more"


def test_one_talkative_stranger_is_no_foreign_wave() -> None:
    odd = np.r_[np.full(12, 0.2), np.full(48, 0.7)]
    assert told(odd, 400, 1).comparison == "more"
    assert told(odd, 400, 12).comparison == "too few to say", "one of five people"


def test_where_nothing_is_new_or_known_there_is_nothing_to_say() -> None:
    assert foreignness(ideas(np.array([]))) is None and foreignness(ideas(np.full(9, 0.5), 0)) is None
