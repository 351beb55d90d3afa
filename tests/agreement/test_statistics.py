"""The formulas against published worked examples and another library, and what must hold of them whatever is coded."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from pipeline.agreement.statistics import (
    alphas,
    cohen_kappa,
    figure,
    jaccard,
    kappas,
    krippendorff_alpha,
    masi,
    ratings,
    resampled,
    share,
    wilson,
)

# Krippendorff (2011), section C: four observers, twelve units, values missing; nominal .743, interval .849.
OBSERVERS = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3),
    (None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None),
)
UNITS = list(zip(*OBSERVERS, strict=True))


def test_alpha_of_krippendorffs_own_examples() -> None:
    assert krippendorff_alpha(UNITS) == pytest.approx(0.743, abs=5e-4)
    assert krippendorff_alpha(UNITS, lambda a, b: (a - b) ** 2) == pytest.approx(0.849, abs=5e-4)
    # sections A and B: two observers, binary .095 and nominal .692
    binary = zip((0, 1, 0, 0, 0, 0, 0, 0, 1, 0), (1, 1, 1, 0, 0, 1, 0, 0, 0, 0), strict=True)
    assert krippendorff_alpha(list(binary)) == pytest.approx(0.095, abs=5e-4)
    nominal = zip("aabbdcccedda", "babbbccceddd", strict=True)
    assert krippendorff_alpha(list(nominal)) == pytest.approx(0.692, abs=5e-4)


def test_kappa_of_a_table_worked_by_hand() -> None:
    """Fifty grants, two readers: both yes 20, only one 5, only the other 10, both no 15; p_o .70, p_e .50, kappa .40."""
    one = ["yes"] * 25 + ["no"] * 25
    other = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    assert cohen_kappa(one, other) == pytest.approx(0.40)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=60))
def test_kappa_is_scikit_learns(pairs: list[tuple[int, int]]) -> None:
    one, other = zip(*pairs, strict=True)
    ours = cohen_kappa(one, other)
    if np.isnan(ours):
        assert len({*one, *other}) == 1
        return
    assert ours == pytest.approx(cohen_kappa_score(one, other), abs=1e-9)
    weighted = cohen_kappa(one, other, lambda a, b: (a - b) ** 2)
    assert weighted == pytest.approx(cohen_kappa_score(one, other, labels=range(5), weights="quadratic"), abs=1e-9)


def test_sets_are_compared_as_passonneau_does() -> None:
    a, b, c = "abc"
    assert masi({a}, {a}) == masi(set(), set()) == jaccard(set(), set()) == 0
    assert masi({a}, {b}) == masi({a}, set()) == jaccard({a}, set()) == 1
    assert masi({a}, {a, b}) == pytest.approx(1 - 2 / 3 * 1 / 2)
    assert masi({a, b}, {b, c}) == pytest.approx(1 - 1 / 3 * 1 / 3)
    assert jaccard({a, b}, {b, c}) == pytest.approx(2 / 3)


def test_alpha_with_masi_worked_by_hand() -> None:
    """Two coders, three passages: {a}/{a}, {a}/{a,b}, {b}/{b}. Observed: 2 * 2/3 of 6. Expected: over all 30 pairs."""
    a, ab, b = frozenset("a"), frozenset("ab"), frozenset("b")
    near, far = 2 / 3, 1.0  # a or b to ab; a to b. Values: a three times, ab once, b twice
    expected = 2 * (3 * 1 * near + 1 * 2 * near + 3 * 2 * far) / 30
    assert krippendorff_alpha([(a, a), (a, ab), (b, b)], masi) == pytest.approx(1 - (2 * near / 6) / expected)


units = st.lists(st.lists(st.integers(0, 3) | st.none(), min_size=3, max_size=3), min_size=1, max_size=30)


@given(units)
def test_alpha_is_the_same_whoever_is_named_first(rows: list[list[int | None]]) -> None:
    expected = krippendorff_alpha(rows)
    for order in ((1, 0, 2), (2, 1, 0)):
        turned = [[row[i] for i in order] for row in rows]
        assert krippendorff_alpha(turned) == pytest.approx(expected, nan_ok=True, abs=1e-9)
    assert krippendorff_alpha(rows[::-1]) == pytest.approx(expected, nan_ok=True, abs=1e-9)


@given(st.lists(st.frozensets(st.sampled_from("abc"), max_size=3), min_size=2, max_size=30), st.integers(2, 4))
def test_coders_who_say_the_same_agree_perfectly(said: list[frozenset[str]], coders: int) -> None:
    rows = [[value] * coders for value in said]
    if len(set(said)) == 1:
        assert np.isnan(krippendorff_alpha(rows, masi)), "nothing varies, so nothing is shown"
        return
    assert krippendorff_alpha(rows, masi) == pytest.approx(1.0)
    assert cohen_kappa(said, said, jaccard) == pytest.approx(1.0)


def test_coders_who_draw_lots_agree_by_chance() -> None:
    rng = np.random.default_rng(1)
    values = [frozenset(np.flatnonzero(row).tolist()) for row in rng.random((4000, 4)) < 0.3]
    shuffled = [values[i] for i in rng.permutation(len(values))]
    for distance in (masi, jaccard):
        assert abs(krippendorff_alpha(list(zip(values, shuffled, strict=True)), distance)) < 0.03
        assert abs(cohen_kappa(values, shuffled, distance)) < 0.03


@given(units)
def test_weights_count_a_unit_as_often_as_they_say(rows: list[list[int | None]]) -> None:
    counts = [(n * 7) % 3 for n in range(len(rows))]
    repeated = [row for row, n in zip(rows, counts, strict=True) for _ in range(n)]
    weighted = alphas(ratings(rows), np.array([counts], dtype=float))[0]
    assert weighted == pytest.approx(krippendorff_alpha(repeated), nan_ok=True, abs=1e-9)
    pairs = [row[:2] for row in rows]
    both = [row for row in repeated if row[0] is not None and row[1] is not None]
    expected = cohen_kappa([row[0] for row in both], [row[1] for row in both]) if both else np.nan
    assert kappas(ratings(pairs), np.array([counts], dtype=float))[0] == pytest.approx(expected, nan_ok=True, abs=1e-9)


def test_intervals_hold_the_value_and_narrow_with_more_passages() -> None:
    rng = np.random.default_rng(3)
    widths = []
    for n in (40, 640):
        one = rng.integers(0, 3, n)
        other = np.where(rng.random(n) < 0.3, rng.integers(0, 3, n), one)
        found = figure(kappas, ratings(list(zip(one.tolist(), other.tolist(), strict=True))))
        assert found.low is not None and found.high is not None and found.value is not None
        assert found.low < found.value < found.high and found.n == n
        widths.append(found.high - found.low)
    assert widths[1] < widths[0] / 2.5
    assert figure(alphas, ratings([])).value is None
    assert np.array_equal(resampled(5), resampled(5))


def test_wilsons_interval() -> None:
    """Newcombe (1998), table I: 81 of 263, .2553 to .3662; 0 of 20, 0 to .1611; 29 of 29, .8830 to 1."""
    assert wilson(81 / 263, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson(0, 20) == pytest.approx((0, 0.1611), abs=1e-4)
    assert wilson(1, 29) == pytest.approx((0.8830, 1), abs=1e-4)
    assert share([True, False]).value == 0.5 and share([]).value is None
