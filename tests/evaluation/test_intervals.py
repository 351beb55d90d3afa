"""Totals and bootstrap intervals."""

import pytest

from pipeline.evaluation.intervals import estimates


def test_totals_are_over_all_groups_and_not_means_of_shares() -> None:
    found = estimates({"ann": {"recall.direct": (1, 1)}, "bob": {"recall.direct": (0, 3), "held": (1, 2)}})
    assert (found["recall.direct"].value, found["recall.direct"].count, found["recall.direct"].of) == (0.25, 1, 4)
    assert found["held"].value == 0.5
    assert estimates({}) == {}


def test_the_interval_is_that_of_drawing_people_and_not_passages() -> None:
    """Two people who are all or nothing: one draw in four has either of them twice."""
    few = estimates({"ann": {"x": (50, 50)}, "bob": {"x": (0, 50)}})["x"]
    assert (few.value, few.low, few.high) == (0.5, 0.0, 1.0)
    many = estimates({str(n): {"x": (n % 2, 1)} for n in range(100)})["x"]
    assert many.low == pytest.approx(0.5 - 1.96 * 0.05, abs=0.03) and many.high == pytest.approx(
        0.5 + 1.96 * 0.05, abs=0.03
    )


def test_the_same_seed_gives_the_same_interval() -> None:
    groups = {str(n): {"x": (n % 3, 3)} for n in range(40)}
    assert estimates(groups) == estimates(groups)
    assert estimates(groups)["x"] != estimates(groups, seed=1)["x"]


def test_draws_with_nothing_to_count_are_left_out() -> None:
    found = estimates({"ann": {"x": (1, 1)}, **{str(n): {"y": (1, 1)} for n in range(5)}})
    assert (found["x"].low, found["x"].high) == (1.0, 1.0)


def test_f2_is_made_of_both_totals() -> None:
    found = estimates({"d": {"token_recall": (3, 4), "token_precision": (1, 2)}})
    assert found["f2"].value == pytest.approx(5 * 0.5 * 0.75 / (4 * 0.5 + 0.75))
