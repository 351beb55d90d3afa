"""Approximate neighbours: nearly all of the true ones, and the same whatever the order and the number of threads."""

import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest

from pipeline.themes import neighbours
from pipeline.themes.neighbours import cell_centres, nearest_of, nearest_rows
from tests.themes.test_clustering import blobs, unit

VECTORS = np.unique(blobs(40, 100, spread=1.0, seed=3)[0], axis=0)
K = 10


def as_sets(found: np.ndarray) -> list[set[int]]:
    return [set(row) for row in found.tolist()]


def test_nearly_all_true_neighbours_are_found() -> None:
    exact, _ = nearest_rows(VECTORS, K)
    found, similar = nearest_rows(VECTORS, K, most_exact=0)
    assert found.shape == similar.shape == (len(VECTORS), K)
    hits = [len(one & other) for one, other in zip(as_sets(exact), as_sets(found), strict=True)]
    assert 0.95 * K < np.mean(hits) < K  # all of them would mean that nothing was saved


@pytest.mark.parametrize("most_exact", [0, 100_000])
def test_neighbours_are_others_each_once_with_their_cosines(most_exact: int) -> None:
    found, similar = nearest_rows(VECTORS, K, most_exact)
    assert all(len(row) == K and number not in row for number, row in enumerate(as_sets(found)))
    assert similar == pytest.approx(np.einsum("nd,nkd->nk", VECTORS, VECTORS[found]), abs=1e-5)


def test_the_nearest_of_others_are_those_with_the_greatest_cosines() -> None:
    asked, others = VECTORS[:700], VECTORS[700:]
    rows, found = nearest_of(asked, others, K)
    assert found == pytest.approx(np.einsum("nd,nkd->nk", asked, others[rows]), abs=1e-5)
    assert np.sort(found, axis=1) == pytest.approx(np.sort(asked @ others.T, axis=1)[:, -K:], abs=1e-6)
    assert nearest_of(asked[:0], others, K)[1].shape == (0, K)


def test_nearly_all_of_the_nearest_of_many_others_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "_PROBES", 5)  # 12 find all of these
    asked, others = VECTORS[::9], np.delete(VECTORS, slice(None, None, 9), axis=0)
    exact, _ = nearest_of(asked, others, K)
    rows, found = nearest_of(asked, others, K, most_exact=0)
    assert found == pytest.approx(np.einsum("nd,nkd->nk", asked, others[rows]), abs=1e-5)
    hits = [len(one & other) for one, other in zip(as_sets(exact), as_sets(rows), strict=True)]
    assert 0.95 * K < np.mean(hits) < K


@pytest.mark.parametrize("most_exact", [0, 100_000])
def test_the_other_of_the_same_number_is_no_row_itself(most_exact: int) -> None:
    """Every row asks with what is nearest to the other of its own number."""
    asked = unit(VECTORS + 0.01 * np.random.default_rng(1).standard_normal(VECTORS.shape))
    rows, _ = nearest_of(asked, VECTORS, K, most_exact)
    assert (rows == np.arange(len(VECTORS))[:, None]).any(axis=1).all()


@pytest.mark.parametrize("n", [1, 2, 5])
def test_of_few_rows_all_others_are_neighbours(n: int) -> None:
    found, similar = nearest_rows(VECTORS[:n], K)
    assert found.shape == similar.shape == (n, n - 1)


def test_small_cells_still_give_every_row_its_neighbours() -> None:
    few = VECTORS[:40]
    found, similar = nearest_rows(few, 20, most_exact=0)
    assert all(len(row) == 20 for row in as_sets(found))
    assert np.isfinite(similar).all()


def test_one_row_less_leaves_nearly_all_neighbours() -> None:
    whole, _ = nearest_rows(VECTORS, K, most_exact=0)
    part, _ = nearest_rows(VECTORS[1:], K, most_exact=0)
    same = [len(one & {row + 1 for row in other}) for one, other in zip(as_sets(whole[1:]), as_sets(part), strict=True)]
    assert np.mean(same) > 0.97 * K


def test_cells_do_not_depend_on_the_order_of_rows() -> None:
    order = np.random.default_rng(0).permutation(len(VECTORS))
    assert np.array_equal(cell_centres(VECTORS, 20), cell_centres(VECTORS[order], 20))


_PROGRAM = """
import hashlib, sys
from pipeline.themes.neighbours import nearest_rows
from tests.themes.test_neighbours import K, VECTORS
found, similar = nearest_rows(VECTORS, K, most_exact=0)
sys.stdout.write(hashlib.sha256(found.tobytes() + similar.tobytes()).hexdigest())
"""


def test_the_number_of_threads_makes_no_difference() -> None:
    here, similar = nearest_rows(VECTORS, K, most_exact=0)
    one_thread = {
        **os.environ,
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True, env=one_thread)
    assert done.stdout == hashlib.sha256(here.tobytes() + similar.tobytes()).hexdigest()
