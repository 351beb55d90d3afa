"""The simulation of a growing study, with methods of which it is known how well they do."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.evaluation.stream import Decisions, arrivals, f1, mean_of, passages_of, simulate

THEMES = ("radio", "forms", "laptops", "passwords", "training")
GOLD = [THEMES[n % 5] for n in range(100)]
TEXTS = [f"{theme} {n}" for n, theme in enumerate(GOLD)]
VECTORS = np.eye(5, dtype=np.float32)[[THEMES.index(theme) for theme in GOLD]]


def subjects(passages: pd.DataFrame) -> list[str]:
    return [text.split()[0] for text in passages["text"]]


def sticky(passages: pd.DataFrame, vectors: np.ndarray, previous: dict[str, str] | None) -> tuple[list[str], Any]:
    """Knows the gold, and gives each theme the next number when it first hears of it."""
    ids = dict(previous or {})
    for subject in sorted(set(subjects(passages)) - set(ids)):
        ids[subject] = f"T{len(ids) + 1:02d}"
    return [ids[subject] for subject in subjects(passages)], ids


def renumbering(passages: pd.DataFrame, vectors: np.ndarray, previous: int | None) -> tuple[list[str], Any]:
    """Right about every theme, and calls each by another id at every step."""
    turn = (previous or 0) + 1
    return [f"{turn}-{subject}" for subject in subjects(passages)], turn


def random_ids(passages: pd.DataFrame, vectors: np.ndarray, previous: int | None) -> tuple[list[str], Any]:
    turn = (previous or 0) + 1
    return [str(n) for n in np.random.default_rng(turn).integers(50, size=len(passages))], turn


def test_a_method_that_remembers_scores_full_marks() -> None:
    outcome = simulate(sticky, TEXTS, VECTORS, GOLD)
    assert (outcome.same_id, outcome.lost_ids, outcome.ami, outcome.late_f1) == (1.0, 0.0, 1.0, 1.0)
    assert (outcome.late_themes, outcome.new_ids, outcome.spurious, outcome.surviving) == (1, 1, 0, 1.0)
    assert outcome.refit_agreement == pytest.approx(1.0)
    assert [step.n_passages for step in outcome.steps] == [50, 63, 76, 88, 100]
    assert [step.themes for step in outcome.steps] == [4, 5, 5, 5, 5]


def test_ids_that_change_score_nothing_however_right_the_themes_are() -> None:
    outcome = simulate(renumbering, TEXTS, VECTORS, GOLD)
    assert (outcome.same_id, outcome.lost_ids, outcome.surviving) == (0.0, 1.0, 0.0)
    assert outcome.ami == outcome.refit_ami == pytest.approx(1.0)
    assert (outcome.new_ids, outcome.spurious, outcome.late_f1) == (20, 16, 1.0)
    assert (outcome.new_per_late, outcome.spurious_per_late) == (20.0, 16.0)


def test_random_ids_score_about_nothing() -> None:
    outcome = simulate(random_ids, TEXTS, VECTORS, GOLD)
    assert outcome.same_id < 0.1
    assert abs(outcome.ami) < 0.1
    assert outcome.surviving == 0.0


def test_an_id_for_what_was_there_before_is_spurious_and_one_for_what_is_new_is_not() -> None:
    def splitting(passages: pd.DataFrame, vectors: np.ndarray, previous: Any) -> tuple[list[str], Any]:
        """Remembers, but whatever is new of an old theme gets an id of its own; late themes are left unassigned."""
        known = dict(previous or {})
        before = set(known.values())
        for passage, subject in zip(passages["passage_id"], subjects(passages), strict=True):
            old = subject in before or not previous
            known.setdefault(passage, subject if not previous else f"new {subject}" if old else "")
        return [known[passage] for passage in passages["passage_id"]], known

    outcome = simulate(splitting, TEXTS, VECTORS, GOLD)
    assert (outcome.same_id, outcome.new_ids, outcome.spurious, outcome.late_f1) == (1.0, 4, 4, 0.0)
    assert outcome.steps[0].unassigned == 0.0
    assert outcome.steps[-1].unassigned == 0.2


def test_nothing_of_a_late_theme_comes_first_and_everything_comes_once() -> None:
    arrival = arrivals(GOLD, batches=3, late=0.4, seed=5)
    late = np.isin(GOLD, sorted(arrival.late))
    assert len(arrival.late) == 2
    assert (arrival.step[late] > 0).all()
    assert set(arrival.step[late]) == {1, 2, 3}
    assert np.bincount(arrival.step).tolist() == [50, 17, 17, 16]
    assert arrivals(GOLD, late=0.0).late == frozenset()


def test_uncoded_texts_arrive_and_are_not_scored() -> None:
    gold = ["" if n % 10 == 0 else theme for n, theme in enumerate(GOLD)]
    outcome = simulate(sticky, TEXTS, VECTORS, gold)
    assert outcome.steps[-1].n_passages == 100
    assert outcome.ami == pytest.approx(1.0)


def test_decisions_that_the_method_keeps_itself_are_asked_for() -> None:
    decided: list[Decisions] = []

    def decide(state: Any, decisions: Decisions) -> Any:
        decided.append(decisions)
        return state

    outcome = simulate(sticky, TEXTS, VECTORS, GOLD, decide=decide, stands=lambda state, made: [True, False, True])
    assert outcome.surviving == pytest.approx(2 / 3)
    (made,) = decided
    assert len({made.renamed, made.merged, made.into, made.set_aside}) == 4
    assert simulate(renumbering, TEXTS, VECTORS, GOLD, stands=lambda state, made: [True] * 3).surviving == 0.0


def test_the_same_draw_is_the_same_and_another_is_not() -> None:
    one, two = (simulate(sticky, TEXTS, VECTORS, GOLD, seed=seed) for seed in (1, 1))
    assert one == two
    assert not np.array_equal(arrivals(GOLD, seed=1).step, arrivals(GOLD, seed=2).step)
    mean = mean_of([one, simulate(renumbering, TEXTS, VECTORS, GOLD)])
    assert (mean.same_id, mean.new_ids) == (0.5, 10.5)


def test_passages_keep_the_order_of_their_texts_and_equal_texts_are_different_passages() -> None:
    passages = passages_of(["b", "a", "b"], ["x", "y", "y"])
    assert passages["text"].tolist() == ["b", "a", "b"]
    assert passages["passage_id"].nunique() == 3
    assert passages["text_hash"].nunique() == 2
    assert passages["contributor_id"].tolist() == ["x", "y", "y"]


def test_f1_of_rows() -> None:
    assert f1(np.array([1, 2, 3]), np.array([2, 3, 4])) == pytest.approx(2 / 3)
    assert f1(np.array([]), np.array([])) == 0.0
