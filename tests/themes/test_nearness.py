"""How like the themes known before an idea is: by what other people said."""

import numpy as np

from pipeline.themes.nearness import nearest_known
from tests.themes.test_clustering import blobs

VECTORS, GROUP = blobs(5, 30)
NAMES = np.array([f"T{group + 1:02d}" for group in GROUP])


def slow(vectors: np.ndarray, themes: np.ndarray, who: np.ndarray) -> np.ndarray:
    def one(row: int) -> float:
        others = [(themes == theme) & (who != who[row]) for theme in sorted(set(themes) - {""})]
        centres = [vectors[rows].sum(axis=0) for rows in others if rows.any()]
        return max((float(vectors[row] @ centre / np.linalg.norm(centre)) for centre in centres), default=-1.0)

    return np.array([one(row) for row in range(len(vectors))])


def test_it_is_the_nearest_mean_of_what_others_said() -> None:
    rng = np.random.default_rng(3)
    who = rng.choice([f"c{n}" for n in range(25)], len(GROUP))
    who[GROUP == 4] = "c1"  # one person makes a theme: to them it is none
    themes = np.where(rng.random(len(GROUP)) < 0.2, "", NAMES)
    found = nearest_known(VECTORS, themes, who)
    np.testing.assert_allclose(found, slow(VECTORS, themes, who), atol=1e-4)
    assert found[GROUP == 4].max() < found[GROUP == 3].min()


def test_where_no_theme_is_known_nothing_is_near() -> None:
    assert (nearest_known(VECTORS, np.full(len(GROUP), ""), NAMES) == -1).all()


def test_who_is_new_is_measured_as_who_was_there() -> None:
    """New people who speak of what others speak of are as near as these; those who do not are farther than all."""
    who = np.array([f"c{n}" for n in range(len(GROUP))])
    new = (np.arange(len(GROUP)) % 3 == 0) | (GROUP == 0)
    found = nearest_known(VECTORS, np.where(new, "", NAMES), who)
    alike = new & (GROUP != 0)
    assert abs(np.median(found[alike]) - np.median(found[~new])) < 0.02
    assert (found[GROUP == 0] < np.quantile(found[~new], 0.1)).all()
