"""Nothing that is suppressed can be worked out: an adversary who tries every possibility is left with several."""

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.comparison.suppression import shown_cells, shown_levels, small

LEVELS = st.lists(st.integers(0, 9).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=4)


def released(counts: np.ndarray, sizes: np.ndarray, least: int) -> tuple[np.ndarray, bool, np.ndarray]:
    """Levels that do not overlap: totals are sums."""
    levels = shown_levels(sizes, int(sizes.sum()), least)
    total, cells = shown_cells(counts, int(counts.sum()), sizes, int(sizes.sum()), levels, least)
    return levels, total, cells


def consistent(counts: np.ndarray, sizes: np.ndarray, levels: np.ndarray, cells: np.ndarray) -> set[tuple[int, ...]]:
    """All counts that agree with everything shown: sizes of shown levels, shown cells, and both totals."""
    left_over, n_small = int(sizes[~levels].sum()), int((~levels).sum())
    found: set[tuple[int, ...]] = set()
    for guess in product(range(1, left_over + 1), repeat=n_small):
        if sum(guess) != left_over:
            continue
        supposed = sizes.copy()
        supposed[~levels] = guess
        choices = [
            [int(c)] if shown else range(int(n) + 1) for c, n, shown in zip(counts, supposed, cells, strict=True)
        ]
        found |= {choice for choice in product(*choices) if sum(choice) == counts.sum()}
    return found


@settings(max_examples=300)
@given(LEVELS, st.integers(2, 5))
def test_no_suppressed_cell_can_be_worked_out_from_totals(rows: list[tuple[int, int]], least: int) -> None:
    counts, sizes = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    levels, total, cells = released(counts, sizes, least)
    assert not cells[~levels].any()
    if not total:
        assert not cells.any()
        return
    assert not small(int(counts.sum()), int(sizes.sum()), least)
    for count, size, is_shown in zip(counts, sizes, cells, strict=True):
        assert not is_shown or not small(int(count), int(size), least)
    if counts.sum() in (0, sizes.sum()):
        return  # nobody hidden mentions it, or all do: the total alone says so
    possible = consistent(counts, sizes, levels, cells)
    assert tuple(counts.tolist()) in possible
    for level in np.flatnonzero(~cells & (sizes > 0)):
        values = {choice[level] for choice in possible}
        assert len(values) >= (least + 1 if levels[level] else 2), (level, values)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=7), st.integers(2, 8))
def test_what_is_left_over_of_levels_is_a_crowd(sizes: list[int], least: int) -> None:
    hidden = np.array(sizes)
    levels = shown_levels(hidden, int(hidden.sum()), least)
    assert not ((hidden[levels] > 0) & (hidden[levels] < least)).any()
    left_over = int(hidden[~levels].sum())
    assert left_over == 0 or left_over >= least or not (hidden[levels] > 0).any()
    assert levels[hidden == 0].all(), "a level where everybody may be named hides nobody"


def test_levels_by_hand() -> None:
    assert shown_levels(np.array([30, 14, 10, 2]), 56, 6).tolist() == [True, True, False, False]
    assert shown_levels(np.array([30, 14, 4, 2]), 50, 6).tolist() == [True, True, False, False]
    assert shown_levels(np.array([30, 14, 10]), 54, 6).tolist() == [True, True, True]
    assert shown_levels(np.array([30, 2]), 32, 6).tolist() == [False, False]


def test_cells_by_hand() -> None:
    sizes, levels = np.array([40, 30, 20]), np.ones(3, dtype=bool)
    shown = shown_cells(np.array([12, 9, 3]), 24, sizes, 90, levels, 6)
    assert (shown[0], shown[1].tolist()) == (True, [True, False, False]), "the 3 goes, and the 9 with it"
    assert shown_cells(np.array([12, 9, 0]), 21, sizes, 90, levels, 6)[1].all(), "nobody is nobody"
    assert shown_cells(np.array([2, 2, 1]), 5, sizes, 90, levels, 6)[0] is False
    assert shown_cells(np.array([38, 12, 9]), 59, sizes, 90, levels, 6)[1].tolist() == [False, True, False]


def test_people_who_count_in_several_levels_hide_a_small_one_by_themselves() -> None:
    """Two questions that all answered: 20 + 15 mentions are more than the 24 people, so a third cell stays unknown."""
    sizes, levels = np.array([80, 80, 70]), np.ones(3, dtype=bool)
    assert shown_cells(np.array([20, 15, 3]), 24, sizes, 85, levels, 6)[1].tolist() == [True, True, False]
    assert shown_cells(np.array([12, 9, 3]), 24, sizes, 85, levels, 6)[1].sum() < 2, "but here three are left over"
