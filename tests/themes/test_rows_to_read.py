"""Which passages are parsed for names."""

import numpy as np

from pipeline.themes.labels import rows_to_read


def test_passages_to_read_are_capped_and_reach_from_the_most_to_the_least_typical() -> None:
    labels = np.array([0] * 1_000 + [1] * 20 + [-1] * 500)
    similarity = np.linspace(1, 0, len(labels))
    rows = rows_to_read(labels, similarity)
    assert np.all(np.diff(rows) > 0)
    assert [int((labels[rows] == theme).sum()) for theme in (0, 1, -1)] == [100, 20, 100]
    assert {0, 999} <= set(rows.tolist())
    many = rows_to_read(np.arange(50_000) % 500, np.ones(50_000))
    assert len(many) <= 10_000
    assert len(rows_to_read(np.zeros(0, dtype=int), np.zeros(0))) == 0
