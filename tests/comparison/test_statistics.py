"""Intervals, the exchange test and words: what they must always hold to."""

from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from pipeline.comparison.axes import strata
from pipeline.comparison.exchange import exchange_test
from pipeline.comparison.intervals import adjusted, difference, wilson
from pipeline.comparison.words import (
    DEFAULT,
    LESS,
    MORE,
    SAME,
    SHARE_WORDS,
    TOO_FEW,
    comparison_words,
    share_words,
)

COUNTS = st.integers(1, 400).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@given(COUNTS)
def test_a_share_lies_in_its_interval_and_the_interval_between_none_and_all(counted: tuple[int, int]) -> None:
    count, of = counted
    low, high = wilson(count, of)
    assert 0 <= low <= count / of <= high <= 1
    assert high - low > 0


def test_wilson_is_the_published_one() -> None:
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)  # Newcombe 1998, table I: 81/263, 15/148, 0/20
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert difference(56, 70, 48, 80) == pytest.approx((0.0524, 0.3339), abs=5e-5)  # Newcombe 1998, table II (a)
    assert wilson(0, 0) == (0.0, 1.0)


@given(st.lists(st.floats(0, 1), max_size=30))
def test_adjusted_p_values_are_never_smaller_and_keep_their_order(p_values: list[float]) -> None:
    result = adjusted(p_values)
    assert all(a >= p - 1e-12 and a <= 1 for a, p in zip(result, p_values, strict=True))
    ranked = [result[n] for n in np.argsort(p_values, kind="stable")]
    assert ranked == sorted(ranked)


def test_adjusted_p_values_by_hand() -> None:
    assert adjusted([0.01, 0.04, 0.03, 0.5]) == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])


# ── the exchange test ───────────────────────────────────────────────────────────────────────────────────────────


def by_brute_force(mentions: np.ndarray, in_level: np.ndarray, of: np.ndarray) -> tuple[float, float]:
    """Expected count and p-value over every permutation of the level's marks within each stratum."""
    within = [sorted(set(permutations(in_level[of == s]))) for s in range(int(of.max()) + 1)]
    counts = []
    for choice in product(*within):
        marks = np.empty(len(of), dtype=bool)
        for stratum, placed in enumerate(choice):
            marks[of == stratum] = placed
        counts.append(int((mentions & marks).sum()))
    expected, seen = float(np.mean(counts)), int((mentions & in_level).sum())
    return expected, float(np.mean([abs(count - expected) >= abs(seen - expected) - 1e-9 for count in counts]))


ROWS = st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 2)), min_size=1, max_size=8)


@given(ROWS)
def test_it_is_what_all_permutations_say(rows: list[tuple[bool, bool, int]]) -> None:
    mentions, in_level = (np.array([row[n] for row in rows]) for n in (0, 1))
    of = np.unique([row[2] for row in rows], return_inverse=True)[1]
    test = exchange_test(mentions, in_level, of)
    expected, p = by_brute_force(mentions, in_level, of)
    assert (test.expected, test.p) == pytest.approx((expected, p))


def test_pairs_make_it_mcnemars() -> None:
    """Nine people took a theme up between two waves, two dropped it, twenty did not change."""
    first = [False] * 9 + [True] * 2 + [True] * 12 + [False] * 8
    second = [True] * 9 + [False] * 2 + [True] * 12 + [False] * 8
    mentions = np.array(second + first)
    in_second = np.array([True] * len(second) + [False] * len(first))
    who = [f"c{n}" for n in range(len(first))]
    test = exchange_test(mentions, in_second, strata(who + who, ["survey"] * len(mentions)))
    assert test.p == pytest.approx(binomtest(9, 11).pvalue)
    apart = exchange_test(mentions, in_second, np.zeros(len(mentions), dtype=int))
    assert apart.p > 1.5 * test.p, "the pairing is what makes it clear"


def test_strata_tell_a_setting_from_a_group() -> None:
    """Suppliers were interviewed and others filled in a form; interviewees say more. That is no difference of group."""
    mentions = np.array([True] * 18 + [False] * 2 + [True] * 9 + [False] * 1 + [True] * 2 + [False] * 28)
    in_level = np.array([True] * 20 + [False] * 40)
    setting = ["transcript"] * 30 + ["survey"] * 30
    who = [f"c{n}" for n in range(60)]
    assert exchange_test(mentions, in_level, np.zeros(60, dtype=int)).p < 0.001
    assert exchange_test(mentions, in_level, strata(who, setting)).p > 0.5


def test_nothing_to_exchange_is_said() -> None:
    mentions, in_level = np.array([True, False, True, False]), np.array([True, True, False, False])
    assert not exchange_test(mentions, in_level, np.array([0, 0, 1, 1])).comparable
    assert exchange_test(mentions, in_level, np.array([0, 0, 0, 0])).comparable


# ── words ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("count", "of", "words"),
    [
        (0, 40, "nobody"), (1, 40, "one person"), (3, 40, "a few"), (4, 40, "some"), (20, 40, "about half"),
        (27, 40, "most"), (26, 40, "about half"), (38, 40, "nearly all"), (40, 40, "all"), (0, 0, "nobody"),
        (400, 1000, "many"), (480, 1000, "about half"), (540, 1000, "most"), (5, 8, "about half"), (8, 8, "all"),
    ],
)  # fmt: skip
def test_words_for_shares(count: int, of: int, words: str) -> None:
    assert share_words(count, of) == words


@given(st.integers(1, 300), st.integers(1, 12))
def test_more_people_never_get_a_smaller_word(of: int, least: int) -> None:
    said = [share_words(count, of, least) for count in range(of + 1)]
    ranks = [1 if word.startswith("fewer than") else SHARE_WORDS.index(word) for word in said]
    assert ranks == sorted(ranks)
    assert len(set(said[1:least])) <= 1, "counts below the threshold are not told apart"


@given(COUNTS, COUNTS, st.floats(0, 1), st.floats(-1, 1))
def test_a_difference_is_real_and_big_or_it_has_no_words(one, other, p: float, leans: float) -> None:
    words = comparison_words(*one, *other, p, leans, DEFAULT)
    gap = one[0] / one[1] - other[0] / other[1]
    if words in (MORE, LESS):
        assert p <= 0.05 and abs(gap) >= 0.05 and gap * leans > 0
        assert (words == MORE) == (gap > 0)
    elif words == SAME and p > 0.05:
        assert abs(gap) < 0.15
    elif words == TOO_FEW:
        assert p > 0.05 or gap * leans <= 0


def test_words_for_differences() -> None:
    assert comparison_words(60, 100, 40, 100, 0.01, 10, DEFAULT) == MORE
    assert comparison_words(5200, 10000, 5000, 10000, 0.004, 100, DEFAULT) == SAME, "real, and not worth words"
    assert comparison_words(48, 400, 50, 400, 0.9, -1, DEFAULT) == SAME
    assert comparison_words(3, 9, 2, 9, 0.9, 0.5, DEFAULT) == TOO_FEW
    assert comparison_words(0, 0, 2, 9, 1.0, 0.0, DEFAULT) == TOO_FEW
