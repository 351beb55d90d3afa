"""How many people mention each theme, in whom more than in others, and what of that may be shown."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from pipeline.comparison.axes import Axis, By, axis, strata
from pipeline.comparison.exchange import exchange_test
from pipeline.comparison.intervals import adjusted, difference, independent, wilson
from pipeline.comparison.suppression import shown_cells, shown_levels
from pipeline.comparison.words import DEFAULT, SUPPRESSED, TOO_FEW, Floor, comparison_words, share_words
from pipeline.frames import StudyFrames

_NUMBERS = ("people", "of", "share", "low", "high", "passages", "passage_share", "passage_low", "passage_high")
_AGAINST = ("difference", "difference_low", "difference_high", "p", "p_adjusted")


@dataclass(frozen=True)
class Comparison:
    """Themes compared between levels of one axis. What may not be shown is NaN and says "suppressed" in words.

    levels: level, people, shown.
    overall: a row a theme, most people first: theme_id, theme, people, of, share, low, high (95%, Wilson), passages,
        passage_share, passage_low, passage_high (95%, Wilson's of fewer passages, because people say several; see
        `intervals.independent`), words, shown.
    cells: a row a theme and level: the same, with level; difference of shares to the others (or to the level before)
        with its 95% interval, p, p_adjusted, comparison (more, less, about the same, too few to say, suppressed).
    than: what each level is compared with, in words.
    least, least_cell: the fewest hidden people that a level and a cell may tell of.
    """

    by: By
    levels: pd.DataFrame
    overall: pd.DataFrame
    cells: pd.DataFrame
    than: str
    least: int
    least_cell: int

    @property
    def n_suppressed(self) -> int:
        """Cells that are not shown, those of levels that are not shown included."""
        return int((~self.cells["shown"]).sum())


def compare(
    frames: StudyFrames, by: By | str, least: int, least_cell: int | None = None, floor: Floor = DEFAULT
) -> Comparison:
    """Compares themes between the levels of `by`, in shares of people.

    Args:
        least: `disclosure.min_group`; levels of fewer non-attributable people are suppressed, and so is what would give
            them away.
        least_cell: the same for cells and totals; `least` if left out.
    """
    least_cell = least_cell or least
    counted = _count(axis(frames, By(by)), frames.themes, least, least_cell)
    totals = [_total(counted, theme, least_cell) for theme in range(len(counted.theme_ids))]
    overall = pd.DataFrame(totals, columns=_OVERALL)
    overall = overall.sort_values(["shown", "people", "theme_id"], ascending=[False, False, True], ignore_index=True)
    order = {theme_id: n for n, theme_id in enumerate(overall["theme_id"])}
    rows = [
        row
        for theme in sorted(range(len(counted.theme_ids)), key=lambda n: order[counted.theme_ids[n]])
        for row in (_cell(counted, theme, level) for level in range(len(counted.axis.levels)))
    ]
    tested = [row for row in rows if row["p"] == row["p"]]
    for row, p in zip(tested, adjusted([row["p"] for row in tested]), strict=True):
        row["p_adjusted"] = p
        row["comparison"] = comparison_words(*row.pop("_counts"), p_adjusted=p, leans=row.pop("_leans"), floor=floor)
    levels = pd.DataFrame(
        {
            "level": counted.names,
            "people": np.where(counted.levels_shown, counted.sizes, np.nan),
            "shown": counted.levels_shown,
        }
    )
    cells = pd.DataFrame(rows, columns=_CELLS)
    than = "the wave before" if counted.axis.in_turn else "all others"
    return Comparison(counted.axis.by, levels, overall, cells, than, least, least_cell)


_OVERALL = ["theme_id", "theme", *_NUMBERS, "words", "shown"]
_CELLS = ["theme_id", "theme", "level", *_NUMBERS, "words", *_AGAINST, "comparison", "shown"]


@dataclass(frozen=True)
class _Counted:
    """An axis in numbers. Rows are people and levels; hidden counts decide what is shown, all counts are shown."""

    axis: Axis
    theme_ids: list[str]
    labels: list[str]
    mentions: np.ndarray  # bool (themes, rows)
    said: np.ndarray  # int (themes, rows): passages that mention
    passages: np.ndarray  # int (rows,)
    level_of: np.ndarray  # int (rows,)
    person_of: np.ndarray  # int (rows,)
    sizes: np.ndarray  # int (levels,): people
    counts: np.ndarray  # int (themes, levels): people who mention
    people: int  # distinct ones, whatever levels they spoke in
    totals: np.ndarray  # int (themes,): distinct people who mention
    levels_shown: np.ndarray  # bool (levels,)
    total_shown: np.ndarray  # bool (themes,)
    cells_shown: np.ndarray  # bool (themes, levels)
    names: list[str] = field(default_factory=list)  # as a reader may see them


def _count(laid: Axis, themes: pd.DataFrame, least: int, least_cell: int) -> _Counted:
    theme_ids, spoke, said = [str(theme) for theme in themes["theme_id"]], laid.spoke, laid.said
    place = {level: n for n, level in enumerate(laid.levels)}
    level_of = spoke["level"].map(place).to_numpy(dtype=int)
    row_of = {key: n for n, key in enumerate(zip(spoke["contributor_id"], spoke["level"], strict=True))}
    theme_of = {theme: n for n, theme in enumerate(theme_ids)}
    told = np.zeros((len(theme_ids), len(spoke)), dtype=int)
    for person, level, theme in zip(said["contributor_id"], said["level"], said["theme_id"], strict=True):
        told[theme_of[theme], row_of[person, level]] += 1
    mentions = told > 0
    in_level = np.eye(len(laid.levels), dtype=int)[level_of]  # (rows, levels)
    hidden = spoke["hidden"].to_numpy(dtype=bool)
    hidden_sizes, hidden_counts = in_level[hidden].sum(axis=0), mentions[:, hidden] @ in_level[hidden]
    people, person_of = np.unique(spoke["contributor_id"].to_numpy(dtype=str), return_inverse=True)
    by_person = np.zeros((len(theme_ids), len(people)), dtype=bool)
    for row, person in enumerate(person_of):
        by_person[:, person] |= mentions[:, row]
    is_hidden = np.zeros(len(people), dtype=bool)
    is_hidden[person_of[hidden]] = True
    hidden_totals = by_person[:, is_hidden].sum(axis=1)
    n_hidden = int(is_hidden.sum())
    levels_shown = shown_levels(hidden_sizes, n_hidden, least)
    allowed = [
        shown_cells(counts, int(total), hidden_sizes, n_hidden, levels_shown, least_cell)
        for counts, total in zip(hidden_counts, hidden_totals, strict=True)
    ]
    cells_shown = np.array([cells for _, cells in allowed], dtype=bool).reshape(len(theme_ids), len(laid.levels))
    return _Counted(
        axis=laid,
        theme_ids=theme_ids,
        labels=[str(label) for label in themes["label"]],
        mentions=mentions,
        said=told,
        passages=spoke["passages"].to_numpy(dtype=int),
        level_of=level_of,
        person_of=person_of,
        sizes=in_level.sum(axis=0),
        counts=mentions @ in_level,
        people=len(people),
        totals=by_person.sum(axis=1),
        levels_shown=levels_shown,
        total_shown=np.array([total for total, _ in allowed], dtype=bool),
        cells_shown=cells_shown,
        names=_names(laid, levels_shown),
    )


def _names(laid: Axis, shown: np.ndarray) -> list[str]:
    """A small group's own name can name its members; questions, waves and classes of force name nobody."""
    n_small = 0
    names: list[str] = []
    for level, is_shown in zip(laid.levels, shown, strict=True):
        n_small += not is_shown
        names.append(f"small group {n_small}" if laid.by is By.GROUP and not is_shown else laid.names[level])
    return names


def _total(counted: _Counted, theme: int, least: int) -> dict[str, Any]:
    named = {"theme_id": counted.theme_ids[theme], "theme": counted.labels[theme]}
    shown = bool(counted.total_shown[theme])
    people = int(counted.totals[theme])
    said, passages = (np.bincount(counted.person_of, rows) for rows in (counted.said[theme], counted.passages))
    numbers = _numbers(people, counted.people, said, passages, shown)
    # a total is only ever covered for its own sake, so how it is covered may say that it is small
    words = share_words(people, counted.people, least) if not shown and people < least else numbers["words"]
    return named | numbers | {"words": words}


def _numbers(people: int, of: int, said: np.ndarray, passages: np.ndarray, shown: bool) -> dict[str, Any]:
    """A shown count of fewer than K people holds nobody hidden, so its words need not be vague about it.

    Args:
        said, passages: (people,), passages of each person that mention the theme, and all of them.
    """
    if not shown:
        return dict.fromkeys(_NUMBERS, float("nan")) | {"words": SUPPRESSED, "shown": False}
    low, high = wilson(people, of)
    passage_low, passage_high = wilson(*independent(said, passages))
    return {
        "people": people,
        "of": of,
        "share": people / of if of else 0.0,
        "low": low,
        "high": high,
        "passages": int(said.sum()),
        "passage_share": float(said.sum() / passages.sum()) if passages.sum() else 0.0,
        "passage_low": passage_low,
        "passage_high": passage_high,
        "words": share_words(people, of),
        "shown": True,
    }


def _cell(counted: _Counted, theme: int, level: int) -> dict[str, Any]:
    """One cell; `_counts` and `_leans` are for the words, which wait until all p-values are known."""
    shown = bool(counted.cells_shown[theme, level])
    count, size = int(counted.counts[theme, level]), int(counted.sizes[level])
    here = counted.level_of == level
    named = {
        "theme_id": counted.theme_ids[theme],
        "theme": counted.labels[theme],
        "level": counted.names[level],
    }
    cell = named | _numbers(count, size, counted.said[theme, here], counted.passages[here], shown)
    cell |= dict.fromkeys(_AGAINST, float("nan")) | {"comparison": SUPPRESSED if not shown else ""}
    others = [level - 1] if counted.axis.in_turn else [n for n in range(len(counted.sizes)) if n != level]
    others = [n for n in others if n >= 0]
    if not shown or not others or not counted.sizes[others].sum():
        return cell
    if counted.axis.in_turn and not counted.cells_shown[theme, others].all():
        return cell | {"comparison": SUPPRESSED}
    other, of_other = int(counted.counts[theme, others].sum()), int(counted.sizes[others].sum())
    rows = np.isin(counted.level_of, [level, *others])
    told = counted.axis.spoke.loc[rows]
    test = exchange_test(
        counted.mentions[theme][rows],
        counted.level_of[rows] == level,
        strata(told["contributor_id"].tolist(), told["setting"].tolist()),
    )
    if not test.comparable:
        return cell | {"comparison": TOO_FEW}
    low, high = difference(count, size, other, of_other)
    return cell | {
        "difference": count / size - other / of_other,
        "difference_low": low,
        "difference_high": high,
        "p": test.p,
        "_counts": (count, size, other, of_other),
        "_leans": count - test.expected,
    }
