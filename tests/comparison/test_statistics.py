"""Intervals, the exchange test and words: what they must always hold to."""

from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from pipeline.comparison.axes import strata
from pipeline.comparison.exchange import exchange_test
from pipeline.comparison.intervals import adjusted, difference, independent, wilson
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


# ── shares of what several people said several times ────────────────────────────────────────────────────────────

SPOKEN = st.lists(st.integers(0, 30).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))), max_size=20)


@given(SPOKEN, st.randoms(use_true_random=False))
def test_cases_of_people_count_at_most_each_and_at_least_as_their_people(spoken: list[tuple[int, int]], lots) -> None:
    hits, sizes = (np.array([one[n] for one in spoken], dtype=int) for n in (0, 1))
    count, of = independent(hits, sizes)
    if not sizes.sum():
        assert (count, of) == (0, 0)
        return
    assert sizes.sum() ** 2 / (sizes**2).sum() - 1e-9 <= of <= sizes.sum() + 1e-9
    assert count / of == pytest.approx(hits.sum() / sizes.sum())
    order = lots.sample(range(len(spoken)), len(spoken))
    assert independent(hits[order], sizes[order]) == pytest.approx((count, of))


def test_independent_cases_by_hand() -> None:
    assert independent(np.array([1, 0, 1]), np.array([1, 1, 1])) == pytest.approx((2, 3)), "a case each is a case"
    assert independent(np.array([7]), np.array([10])) == pytest.approx((0.7, 1)), "one person is one case"
    assert independent(np.zeros(4), np.full(4, 9)) == pytest.approx((0, 4)), "nothing shows whether people are alike"
    assert independent(np.array([9, 9, 0, 0]), np.full(4, 9)) == pytest.approx((2, 4)), "each always says the same"
    # ten people, five of whom say it in 4 of 10 and five in 6: without one, 46/90 or 44/90, so the spread is 10 · 0.9 / 90²
    # and .25 / spread = 225 > 100 cases; ten people of one size: t of nine degrees of freedom, 2.2622
    count, of = independent(np.array([4, 6] * 5), np.full(10, 10))
    assert (count, of) == pytest.approx((50 * (1.95996 / 2.26216) ** 2, 100 * (1.95996 / 2.26216) ** 2), rel=1e-4)
    # five in 1 of 10 and five in 9: 49/90 and 41/90, spread 10 · .9 · (4/90)², .25 / spread = 14.0625, of which
    # t leaves 10.56
    assert independent(np.array([1, 9] * 5), np.full(10, 10))[1] == pytest.approx(14.0625 * 0.75067, rel=1e-4)


def test_the_interval_of_a_share_of_passages_is_as_wide_as_people_make_it() -> None:
    """Sixty people with one to four lines in a form and three who talked for an hour; who mentions it, mentions it often."""
    lots = np.random.default_rng(6)
    held, taken_for_people = [], []
    for _ in range(300):
        sizes = np.r_[lots.integers(1, 5, 60), lots.integers(40, 90, 3)]
        hits = lots.binomial(sizes, lots.beta(0.8, 3.2, len(sizes)))
        for counted, found in (((hits.sum(), sizes.sum()), taken_for_people), (independent(hits, sizes), held)):
            low, high = wilson(*counted)
            found.append(low <= 0.2 <= high)
    assert np.mean(taken_for_people) < 0.7 and 0.9 <= np.mean(held) <= 0.99


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
