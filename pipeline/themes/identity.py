"""Theme ids that stay: T01, T02 … mean the same theme from run to run."""

import numpy as np
import pandas as pd

_SAME_THEME = 0.2  # Jaccard of shared passages; below it, it is another theme


def theme_ids(
    passage_ids: list[str], labels: np.ndarray, previous: pd.DataFrame | None, taken: frozenset[str] = frozenset()
) -> dict[int, str]:
    """An id for every label but -1.

    New themes are matched one to one to the last run's by the passages they share, so that the sum of Jaccard
    similarities is greatest; what is left gets numbers never used before, the largest theme first.

    Args:
        passage_ids: one a row.
        labels: int (n,); -1 is unassigned.
        previous: ASSIGNMENTS of the last run, or None.
        taken: further ids that may not be given to a new theme, such as those of vanished themes.
    """
    members = {
        int(label): {passage_ids[i] for i in np.flatnonzero(labels == label)}
        for label in np.unique(labels[labels >= 0])
    }
    ids: dict[int, str] = {}
    if previous is not None:
        now = set(passage_ids)
        assigned = previous[(previous["theme_id"] != "") & previous["passage_id"].isin(now)]
        before = {str(theme): set(rows["passage_id"]) for theme, rows in assigned.groupby("theme_id", sort=True)}
        shared = set(previous["passage_id"]) & now
        ids = _matched({label: passages & shared for label, passages in members.items()}, before)
        taken |= frozenset(previous["theme_id"]) - {""}
    number = max((int(theme[1:]) for theme in taken if theme[1:].isdigit()), default=0)
    unmatched = [label for label in members if label not in ids]
    first = {label: int(np.flatnonzero(labels == label)[0]) for label in members}  # rows are in canonical order
    for label in sorted(unmatched, key=lambda label: (-len(members[label]), first[label])):
        number += 1
        ids[label] = f"T{number:02d}"
    return ids


def _matched(members: dict[int, set[str]], before: dict[str, set[str]]) -> dict[int, str]:
    from scipy.optimize import linear_sum_assignment

    if not members or not before:
        return {}
    labels, themes = sorted(members), sorted(before)
    jaccard = np.array([[_jaccard(members[label], before[theme]) for theme in themes] for label in labels])
    jaccard[jaccard < _SAME_THEME] = 0.0
    rows, columns = linear_sum_assignment(jaccard, maximize=True)
    return {labels[row]: themes[column] for row, column in zip(rows, columns, strict=True) if jaccard[row, column] > 0}


def _jaccard(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 0.0
