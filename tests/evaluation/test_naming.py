"""Naming accuracy: who is nearest to whose name."""

import math

import numpy as np

from pipeline.evaluation.naming import naming_accuracy

NAMES = np.eye(3)


def test_a_passage_counts_if_its_own_themes_name_is_the_nearest() -> None:
    passages = np.array([[1.0, 0.1, 0.0], [0.2, 1.0, 0.0], [0.9, 0.8, 0.0], [0.0, 0.0, 1.0]])
    assert naming_accuracy(passages, [0, 1, 1, 2], NAMES) == 0.75


def test_a_theme_without_a_name_is_known_by_none() -> None:
    passages = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.9, 0.1], [0.0, 0.0, 1.0]])
    assert naming_accuracy(passages, [0, 1, 3, -1], NAMES) == 2 / 3


def test_unassigned_passages_do_not_count() -> None:
    passages = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    assert naming_accuracy(passages, [0, -1], NAMES) == 1.0
    assert math.isnan(naming_accuracy(passages, [-1, -1], NAMES))
