"""A study that grows: do themes keep their ids, their quality and people's decisions from run to run?

Half of the texts come first, the rest in batches; some gold themes are heard of only later. A method sees everything
that has come so far and whatever it chose to remember; what it says at each step is compared with the step before,
with the gold, and with the same method run on everything at once, without a past.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Any, Protocol

import numpy as np
import pandas as pd

from pipeline.ids import text_hash
from pipeline.tables import PASSAGES, conform

SEED = 1
_FIRST = 0.5  # share of the texts that come before any batch
_STILL_THE_SAME = 0.5  # share of a theme's passages that must still be in it for a decision about it to stand


class Method(Protocol):
    """What is simulated.

    Args:
        passages: all passages so far, oldest first; passage_id, contributor_id, text_hash, text and the other columns
            of PASSAGES.
        vectors: float32 (n, dimension), row i for row i of `passages`.
        previous: what it returned as state at the step before, or None.

    Returns:
        A theme id for each passage, "" for none; and its state.
    """

    def __call__(
        self, passages: pd.DataFrame, vectors: np.ndarray, previous: Any | None
    ) -> tuple[Sequence[str] | np.ndarray, Any]: ...


@dataclass(frozen=True)
class Decisions:
    """What an analyst decides after the first step: one theme renamed, one merged into another, one set aside.

    Theme ids; "" where there were too few themes.
    """

    renamed: str
    merged: str
    into: str
    set_aside: str


@dataclass(frozen=True)
class Arrival:
    """Who comes when. `step` of each text, 0 first; `late`: gold themes that no text of step 0 has."""

    step: np.ndarray
    late: frozenset[str]


@dataclass(frozen=True)
class Step:
    """After one step. `same_id`: share of the passages themed before that kept their theme's id; `lost_ids`: share of
    the ids of before that are gone. Both are None at the first step. `ami` is with the gold, unassigned passages as a
    theme of their own."""

    n_passages: int
    same_id: float | None
    lost_ids: float | None
    ami: float
    themes: int
    unassigned: float


@dataclass(frozen=True)
class Outcome:
    """A whole simulation.

    Attributes:
        steps: one a step.
        same_id, lost_ids: means over the steps after the first.
        ami, refit_ami: with the gold at the end, and of the same method on everything at once.
        refit_agreement: AMI of the two with each other.
        late_themes: how many gold themes came late.
        new_ids: ids that the first step did not have.
        spurious: those of them whose passages are mostly of gold themes that were there before.
        late_f1: for each late gold theme the best F1 of any new id, their mean.
        surviving: share of the decisions that still stand at the end.
    """

    steps: tuple[Step, ...]
    same_id: float
    lost_ids: float
    ami: float
    refit_ami: float
    refit_agreement: float
    late_themes: int
    new_ids: int
    spurious: int
    late_f1: float
    surviving: float

    @property
    def spurious_per_late(self) -> float:
        """Spurious new ids for each theme that is truly new."""
        return self.spurious / max(1, self.late_themes)

    @property
    def new_per_late(self) -> float:
        """New ids for each theme that is truly new; 1 is right."""
        return self.new_ids / max(1, self.late_themes)


def arrivals(gold: Sequence[str], batches: int = 4, late: float = 0.2, seed: int = SEED) -> Arrival:
    """Half of the texts first, the rest in batches of equal size, late themes anywhere in these.

    Args:
        gold: theme of each text, "" for none.
        batches: after the first step, at least 1.
        late: share of the gold themes that come late; one at least, unless it is 0.
        seed: of the draw.
    """
    rng = np.random.default_rng(seed)
    coded = np.array(gold, dtype=str)
    themes = np.array(sorted(set(coded.tolist()) - {""}))
    n_late = min(max(1, round(late * len(themes))), max(0, len(themes) - 1)) if late > 0 else 0
    chosen = frozenset(rng.choice(themes, n_late, replace=False).tolist()) if n_late else frozenset[str]()
    order = rng.permutation(len(coded))
    may_be_first = ~np.isin(coded[order], sorted(chosen))
    first = order[may_be_first][: int(_FIRST * len(coded))]
    step = np.zeros(len(coded), dtype=int)
    rest = order[~np.isin(order, first)]
    for number, batch in enumerate(np.array_split(rest, batches), start=1):
        step[batch] = number
    return Arrival(step, chosen)


def simulate(
    method: Method,
    texts: Sequence[str],
    vectors: np.ndarray,
    gold: Sequence[str],
    *,
    batches: int = 4,
    late: float = 0.2,
    seed: int = SEED,
    contributors: Sequence[str] | None = None,
    decide: Callable[[Any, Decisions], Any] | None = None,
    stands: Callable[[Any, Decisions], Sequence[bool]] | None = None,
    progress: Callable[[int], object] | None = None,
) -> Outcome:
    """Runs a method step by step, then once on everything without a past, and scores it.

    Args:
        method: see `Method`.
        texts: of any order; who comes when is drawn.
        vectors: float32 (n, dimension).
        gold: theme of each text, "" for none: such texts arrive with the others and are not scored.
        batches, late, seed: see `arrivals`.
        contributors: who said each text; by default each text has its own.
        decide: puts an analyst's decisions into the state after the first step, where the method keeps them itself.
        stands: whether the method's last state still holds the rename, the merge and the set-aside. Without it, a
            decision stands if its theme's passages still have the theme's id, for it is kept beside the id.
        progress: told how many runs are done, of batches + 2.

    Returns:
        See `Outcome`.
    """
    arrival = arrivals(gold, batches, late, seed)
    everything = passages_of(texts, contributors)
    coded = np.array(gold, dtype=str)
    state: Any = None
    seen: list[pd.Series] = []
    decisions = Decisions("", "", "", "")
    order = np.argsort(arrival.step, kind="stable")
    for number in range(batches + 1):
        rows = order[arrival.step[order] <= number]
        found, state = method(everything.iloc[rows].reset_index(drop=True), vectors[rows], state)
        seen.append(pd.Series(np.array(found, dtype=str), index=rows))
        if number == 0:
            decisions = _decisions(seen[0])
            state = decide(state, decisions) if decide else state
        if progress:
            progress(number + 1)
    refit, _ = method(everything.iloc[order].reset_index(drop=True), vectors[order], None)
    if progress:
        progress(batches + 2)
    by_ids = _stands(decisions, seen[0], seen[-1])
    held = [a and b for a, b in zip(by_ids, stands(state, decisions), strict=True)] if stands else by_ids
    return _outcome(seen, pd.Series(np.array(refit, dtype=str), index=order), coded, arrival, held)


def mean_of(outcomes: Sequence[Outcome]) -> Outcome:
    """The mean of several draws, with the steps of the first."""
    means = {
        name: fmean(getattr(outcome, name) for outcome in outcomes)
        for name in Outcome.__dataclass_fields__
        if name != "steps"
    }
    return replace(outcomes[0], **means)


def passages_of(texts: Sequence[str], contributors: Sequence[str] | None = None) -> pd.DataFrame:
    """PASSAGES of loose texts, as the stages before would have made them, each an answer to the same question."""
    n = len(texts)
    ids = [text_hash("passage", str(row), text)[:16] for row, text in enumerate(texts)]
    rows = {
        "passage_id": ids,
        "segment_id": ids,
        "document_id": ids,
        "contributor_id": list(contributors) if contributors is not None else [f"c{name}" for name in ids],
        "source_kind": "survey",
        "kind": "answer",
        "wave": 1,
        "question_id": "q1",
        "start": 0,
        "end": [len(text) for text in texts],
        "text": list(texts),
        "text_hash": [text_hash("", text) for text in texts],
        "review": "",
    }
    if not n:
        return PASSAGES.empty()
    given = {name: row for row, name in enumerate(ids)}
    return conform(pd.DataFrame(rows), PASSAGES).sort_values(
        "passage_id", key=lambda names: names.map(given), ignore_index=True
    )


def _outcome(
    seen: Sequence[pd.Series], refit: pd.Series, gold: np.ndarray, arrival: Arrival, held: Sequence[bool]
) -> Outcome:
    steps = tuple(_step(now, seen[n - 1] if n else None, gold) for n, now in enumerate(seen))
    last = seen[-1]
    late_rows = np.isin(gold, sorted(arrival.late))
    new = _new_ids(seen)
    spurious = sum(not _mostly_late(rows, gold, late_rows) for rows in new.values())
    there = {theme: rows for theme in new if len(rows := _rows(last, theme))}
    late_f1 = [
        max((f1(rows, np.flatnonzero(gold == theme)) for rows in there.values()), default=0.0)
        for theme in sorted(arrival.late)
    ]
    return Outcome(
        steps,
        fmean(step.same_id for step in steps[1:] if step.same_id is not None),
        fmean(step.lost_ids for step in steps[1:] if step.lost_ids is not None),
        steps[-1].ami,
        _ami(refit, gold),
        _agreement(last, refit),
        len(arrival.late),
        len(new),
        spurious,
        fmean(late_f1) if late_f1 else 0.0,
        fmean(held) if held else 0.0,
    )


def _step(now: pd.Series, before: pd.Series | None, gold: np.ndarray) -> Step:
    same_id = lost_ids = None
    if before is not None:
        themed = before[before != ""]
        same_id = float((now[themed.index] == themed).mean()) if len(themed) else 1.0
        ids = set(themed)
        lost_ids = len(ids - set(now)) / len(ids) if ids else 0.0
    return Step(len(now), same_id, lost_ids, _ami(now, gold), len(set(now) - {""}), float((now == "").mean()))


def _new_ids(seen: Sequence[pd.Series]) -> dict[str, np.ndarray]:
    """Ids that were given after the first step, each with its rows at the last step that has it."""
    first = set(seen[0]) | {""}
    return {theme: _rows(step, theme) for step in seen[1:] for theme in sorted(set(step) - first)}


def _mostly_late(rows: np.ndarray, gold: np.ndarray, late_rows: np.ndarray) -> bool:
    coded = rows[gold[rows] != ""]
    return len(coded) > 0 and bool(late_rows[coded].mean() > 0.5)


def _decisions(first: pd.Series) -> Decisions:
    """About the largest themes, whose fate says most: the largest renamed, the third merged into the second, the
    fourth set aside."""
    sizes = Counter(first[first != ""].tolist())
    themes = sorted(sizes, key=lambda theme: (-sizes[theme], theme))
    renamed, into, merged, aside = (*themes[:4], "", "", "", "")[:4]
    return Decisions(renamed, merged, into, aside)


def _stands(decisions: Decisions, first: pd.Series, last: pd.Series) -> list[bool]:
    """Whether the rename, the merge and the set-aside each still concern the passages they were made about."""
    renamed, merged, into, aside = (
        _same_theme(theme, first, last)
        for theme in (decisions.renamed, decisions.merged, decisions.into, decisions.set_aside)
    )
    return [renamed, merged and into, aside]


def _same_theme(theme: str, first: pd.Series, last: pd.Series) -> bool:
    if not theme:
        return False
    before, now = set(_rows(first, theme).tolist()), set(_rows(last, theme).tolist()) & set(first.index)
    return len(before & now) >= _STILL_THE_SAME * len(before | now)


def f1(found: np.ndarray, wanted: np.ndarray) -> float:
    """F1 of two sets of rows."""
    total = len(found) + len(wanted)
    return 2 * len(np.intersect1d(found, wanted)) / total if total else 0.0


def _rows(themes: pd.Series, theme: str) -> np.ndarray:
    return themes.index[themes == theme].to_numpy()


def _ami(themes: pd.Series, gold: np.ndarray) -> float:
    from sklearn.metrics import adjusted_mutual_info_score

    coded = themes[gold[themes.index] != ""]
    return float(adjusted_mutual_info_score(gold[coded.index], coded)) if len(coded) else 0.0


def _agreement(one: pd.Series, other: pd.Series) -> float:
    from sklearn.metrics import adjusted_mutual_info_score

    return float(adjusted_mutual_info_score(one, other[one.index]))
