"""What is like nothing that others say is told by its neighbours, however wide the themes are."""

from pathlib import Path

import numpy as np
import pytest

from pipeline.encoder import embed_texts
from pipeline.evaluation.labelled import read_labelled
from pipeline.study import Embedding
from pipeline.themes.clustering import LeidenClusterer
from pipeline.themes.likeness import is_like, is_like_others, kinds_apart, likeness, settle
from pipeline.themes.neighbours import nearest_rows
from tests.bench.strange import AT_A_TIME, strange_sentences
from tests.themes.test_clustering import unit


def fan(n: int = 120) -> np.ndarray:
    """A theme that is all along a quarter of a circle: near to its neighbours, its ends far from its middle."""
    angle = np.linspace(0, np.pi / 2, n)
    vectors = np.zeros((n, 16), dtype=np.float32)
    vectors[:, 0], vectors[:, 1] = np.cos(angle), np.sin(angle)
    return unit(vectors + np.random.default_rng(0).standard_normal((n, 16)) * 0.02)


def test_the_ends_of_a_wide_theme_belong_to_it_and_what_is_beside_it_does_not() -> None:
    wide = fan()
    usual = likeness(nearest_rows(wide, 10)[1])
    assert (wide[[0, -1]] @ unit(wide.mean(axis=0, keepdims=True)).T < 0.8).all(), "by its middle they hardly would"
    beside = unit(wide.mean(axis=0, keepdims=True) + 3 * np.eye(16, dtype=np.float32)[2:3])
    assert is_like_others(np.concatenate([wide[:1], wide[-1:], beside]), wide, usual, 10).tolist() == [1, 1, 0]


def test_likeness_is_the_mean_cosine_to_neighbours_and_nothing_is_unlike_nobody() -> None:
    assert likeness(np.array([[0.2, 0.4], [1.0, 0.0]])) == pytest.approx([0.3, 0.5])
    assert likeness(np.zeros((3, 0))).tolist() == [1, 1, 1]
    assert is_like(np.ones(3), np.zeros((3, 0)), np.ones(3)).all()
    like, neighbours = np.array([0.22, 0.23, 0.23, -0.5]), np.array([[0.6], [0.5], [0.9], [-0.4]])
    assert is_like(like, neighbours, np.array([0.5])).tolist() == [0, 1, 1, 1]


def test_kinds_apart_are_said_by_enough_in_nearly_the_same_words() -> None:
    """0 and 1 say the same; so do 2 and 3, which are too few; 4 is said by many; 5 is as near to 6, which is like others."""
    nearest = np.array([[1, 2], [0, 2], [3, 0], [2, 0], [5, 0], [6, 0], [5, 0]]), np.tile([0.95, 0.5], (7, 1))
    is_like, counts = np.array([0, 0, 0, 0, 0, 0, 1], dtype=bool), np.array([2, 2, 1, 2, 7, 2, 3])
    nearest[1][4] = 0.5
    assert kinds_apart(is_like, nearest, counts, 4).tolist() == [0, 0, -1, -1, 1, -1, -1]
    assert kinds_apart(np.ones(7, dtype=bool), nearest, counts, 4).tolist() == [-1] * 7
    assert kinds_apart(is_like, (nearest[0], nearest[1] - 0.1), counts, 4).tolist() == [-1] * 4 + [0, -1, -1]


def test_what_varies_belongs_where_most_say_the_same() -> None:
    rng = np.random.default_rng(4)
    formula = unit(rng.standard_normal((1, 64)) * 2.4 + rng.standard_normal((300, 64)))
    varied = unit(rng.standard_normal((1, 64)) * 0.6 + rng.standard_normal((200, 64)))
    labels = LeidenClusterer(min_themes=1).fit(np.concatenate([formula, varied])).labels_
    assert (labels[300:] < 0).mean() < 0.02


def test_two_answers_that_have_nothing_in_common_are_no_outliers_of_each_other() -> None:
    two = unit(np.array([[1, 0.1], [-0.2, 1]])).repeat(5, axis=0)
    assert (LeidenClusterer().fit(two).labels_ == 0).all()


def test_neighbours_decide_between_themes_that_are_about_as_near() -> None:
    similar = np.array([[0.50, 0.55, 0.1], [0.30, 0.55, 0.1], [0.25, 0.2, 0.1]])
    own = np.zeros(3, dtype=int)
    assert settle(similar, own, None).tolist() == [0, 1, 0]
    assert settle(similar, own, 0.3).tolist() == [0, 1, -1]


@pytest.mark.models
@pytest.mark.real
@pytest.mark.parametrize("name", ["jux_pleasant_aspects", "jux_difficult_aspects"])
def test_strange_sentences_are_left_out_and_next_to_nothing_else(shared: Path, tmp_path: Path, name: str) -> None:
    texts = list(read_labelled(shared / "themes-bench" / f"{name}.csv").texts)
    strange, n = strange_sentences(), len(texts)
    vectors = embed_texts([*texts, *strange], Embedding(), tmp_path)
    left_out, others = [], []
    for first in range(n, n + len(strange), AT_A_TIME):
        rows = np.r_[0:n, first : first + AT_A_TIME]
        labels = LeidenClusterer(seed=7).fit(vectors[rows]).labels_
        left_out.append((labels[n:] < 0).mean())
        others.append((labels[:n] < 0).mean())
    assert np.mean(left_out) >= 0.75
    assert np.mean(others) <= 0.001
