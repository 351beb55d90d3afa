"""Which numbers may be shown: small groups, small cells, and whatever would let somebody work those out.

People who may be named do not hide anybody, so every count here is of **hidden** people: non-attributable ones. A count
is *small* if it is of at least one and fewer than K of them (K: `disclosure.min_group`); so is the count of those in a
group who do *not* mention a theme, which is one subtraction away.

Numbers that are not shown can be worked out from totals unless enough go with them. What is left over when all shown
cells are taken from a total must be at least K hidden people who mention the theme and at least K who do not, which no
small cell is by itself. Then each suppressed cell of a level that is shown could be any of K + 1 numbers or more, and
which of them are the small ones cannot be told (a case of complementary suppression: Hundepool et al. 2012, Statistical
Disclosure Control, chapter 4). Where people count in several levels, as with questions, shown cells often add up to the
total or more: then nothing follows from it, and nothing more is suppressed.
"""

import numpy as np


def small(count: int, of: int, least: int) -> bool:
    """Whether `count` of `of` hidden people, or the rest of them, are too few to show."""
    return 0 < count < least or 0 < of - count < least


def shown_levels(sizes: np.ndarray, people: int, least: int) -> np.ndarray:
    """bool (levels,): levels that may be shown.

    One with fewer than `least` hidden people may not, and what is left over may not be so few either: the smallest
    other levels with hidden people go too.

    Args:
        sizes: int (levels,), hidden people.
        people: distinct hidden people of all levels.
    """
    shown = ~((sizes > 0) & (sizes < least))
    for level in np.argsort(sizes, kind="stable"):
        if shown.all() or not 0 < people - sizes[shown].sum() < least:
            break
        shown[level] &= sizes[level] == 0
    return shown


def shown_cells(
    counts: np.ndarray, total: int, sizes: np.ndarray, people: int, levels: np.ndarray, least: int
) -> tuple[bool, np.ndarray]:
    """Whether a theme's total may be shown, and bool (levels,): its cells that may be.

    Args:
        counts: int (levels,), hidden people who mention the theme; `total`: distinct ones.
        sizes: int (levels,), hidden people of each level; `people`: distinct ones.
        levels: bool (levels,), from `shown_levels`.
    """
    if 0 < people < least or small(total, people, least):
        return False, np.zeros(len(counts), dtype=bool)
    if total in (0, people):  # nobody hidden, or all: every cell is known from that, whatever is covered
        return True, levels.copy()
    shown = levels & ~np.array([small(int(c), int(n), least) for c, n in zip(counts, sizes, strict=True)], dtype=bool)
    partners = [level for level in np.argsort(sizes, kind="stable") if shown[level] and sizes[level] > 0]
    while not _is_covered(counts, total, sizes, people, shown, least) and partners:
        shown[partners.pop(0)] = False
    return True, shown


def _is_covered(counts: np.ndarray, total: int, sizes: np.ndarray, people: int, shown: np.ndarray, least: int) -> bool:
    """Whether what is not shown is nothing, or cannot be worked out from what is."""
    if shown.all():
        return True
    mentioning = total - int(counts[shown].sum())
    others = people - total - int((sizes - counts)[shown].sum())
    if sizes.sum() > people and mentioning <= 0 and others <= 0:
        return True
    return mentioning >= least and others >= least
