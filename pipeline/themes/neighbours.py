"""The nearest rows of every row: exact for small studies, and above that only among cells of rows that are near.

An inverted file as in Jégou, Douze and Schmid, "Product quantization for nearest neighbor search" (2011), with the
vectors as they are: k-means divides the rows into cells of about equal size, and a row is compared with the rows of
those cells whose centres are nearest. Cost grows with n instead of n², and 99 of 100 true neighbours are found. Whole
cells are compared at a time, by products of matrices, each by one thread: on some processors the last bit of a product
depends on how many share it.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
from scipy import sparse
from threadpoolctl import threadpool_limits

from pipeline.process import usable_cores

Argument = TypeVar("Argument")
Result = TypeVar("Result")

_BLOCK = 256  # rows compared with all others at a time: 20 MB of similarities at 20,000 rows, in each thread
_EXACT = 20_000  # rows up to which everything is compared with everything
_CELL = 200  # rows a cell, on average
_PROBES = 12  # cells that a row is compared with
_SAMPLE = 64  # rows a cell that k-means sees
_ROUNDS = 6  # of k-means
_MIX = np.uint64(0x9E3779B97F4A7C15)  # odd, with its ones spread: spreads what it multiplies


def nearest_rows(vectors: np.ndarray, k: int, most_exact: int = _EXACT) -> tuple[np.ndarray, np.ndarray]:
    """The k rows most like each row, by cosine, in no particular order, itself not among them.

    Args:
        vectors: float32 (n, dimension), rows of length 1, all different, in an order that follows from their content.
        k: of these, n - 1 at most are found.
        most_exact: rows up to which the answer is exact.

    Returns:
        int32 (n, k), indices of rows; and float32 (n, k), their cosines.
    """
    return _nearest(vectors, vectors, max(0, min(k, len(vectors) - 1)), most_exact)


def nearest_of(
    vectors: np.ndarray, others: np.ndarray, k: int, most_exact: int = _EXACT
) -> tuple[np.ndarray, np.ndarray]:
    """The k of the others most like each vector and their cosines, as `nearest_rows` gives them.

    Args:
        vectors, others: float32 (n, dimension) and (m, dimension), rows of length 1; no row is in both.
        k: of these, m at most are found.
        most_exact: others up to which the answer is exact.
    """
    return _nearest(vectors, others, min(k, len(others)), most_exact)


def _nearest(asking: np.ndarray, others: np.ndarray, k: int, most_exact: int) -> tuple[np.ndarray, np.ndarray]:
    """The k most like each of those asking; where these are the others themselves, no row counts as its own."""
    if k == 0 or len(asking) == 0:
        return np.zeros((len(asking), k), dtype=np.int32), np.zeros((len(asking), k), dtype=np.float32)
    with threadpool_limits(1, "blas"):
        return (_exact if len(others) <= most_exact else _by_cells)(asking, others, k)


def _exact(asking: np.ndarray, others: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    def nearest(first: int) -> tuple[np.ndarray, np.ndarray]:
        similar = asking[first : first + _BLOCK] @ others.T
        if asking is others:
            similar[np.arange(len(similar)), np.arange(first, first + len(similar))] = -np.inf
        return _best(similar, k)

    blocks = _in_threads(nearest, range(0, len(asking), _BLOCK))
    return np.concatenate([block[0] for block in blocks]), np.concatenate([block[1] for block in blocks])


def _by_cells(asking: np.ndarray, others: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    n = len(asking)
    centres = cell_centres(others, max(_PROBES, len(others) // _CELL))
    near, own = _nearest_cells(asking, centres, _PROBES), _nearest_cells(others, centres, 1)
    members, asked = _grouped(own.ravel(), len(centres)), _grouped(near.ravel(), len(centres))
    # of each row and each cell it asks: the best of that cell
    found = np.zeros((n * _PROBES, k), dtype=np.int32)
    similar = np.full((n * _PROBES, k), -np.inf, dtype=np.float32)

    def compare(cell: int) -> None:
        slots, inside = asked[cell], members[cell]
        rows = slots // _PROBES
        cosine = asking[rows] @ others[inside].T
        if asking is others:
            cosine[rows[:, None] == inside[None, :]] = -np.inf
        most = min(k, len(inside))
        best, values = _best(cosine, most)
        found[slots, :most], similar[slots, :most] = inside[best], values

    _in_threads(compare, [cell for cell in range(len(centres)) if len(asked[cell]) and len(members[cell])])
    places, values = _best(similar.reshape(n, -1), k)
    return np.take_along_axis(found.reshape(n, -1), places, axis=1), values


def _nearest_cells(vectors: np.ndarray, centres: np.ndarray, n: int) -> np.ndarray:
    """The n cells whose centres are nearest to each vector, in no particular order, int32 (rows, n)."""
    starts = range(0, len(vectors), _BLOCK * 8)
    return np.concatenate(
        _in_threads(lambda first: _best(vectors[first : first + _BLOCK * 8] @ centres.T, n)[0], starts)
    )


def cell_centres(vectors: np.ndarray, n_cells: int) -> np.ndarray:
    """Centres of cells, float32 (n_cells, dimension), by k-means with cosines on rows drawn by their content.

    Drawn so, one row more or less leaves the others in the sample. Empty cells keep their centre.
    """
    with np.errstate(over="ignore"):
        drawn = np.argsort(vectors.view(np.uint32).sum(axis=1, dtype=np.uint64) * _MIX, kind="stable")
    sample = vectors[drawn[: _SAMPLE * n_cells]]
    centres = sample[:n_cells].copy()
    for _ in range(_ROUNDS):
        own = (sample @ centres.T).argmax(axis=1)
        member = sparse.csr_matrix(
            (np.ones(len(sample), dtype=np.float32), (own, np.arange(len(sample)))), shape=(n_cells, len(sample))
        )
        sums = np.asarray(member @ sample)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(lengths > 0, sums / np.maximum(lengths, 1e-12), centres).astype(np.float32)
    return centres


def _best(similar: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Columns of the k greatest values of each row, in no particular order, and these values."""
    columns = np.argpartition(similar, -k, axis=1)[:, -k:]
    return columns.astype(np.int32), np.take_along_axis(similar, columns, axis=1)


def _grouped(group: np.ndarray, n_groups: int) -> list[np.ndarray]:
    """Positions of each group, in order."""
    ordered = np.argsort(group, kind="stable")
    return np.split(ordered, np.searchsorted(group[ordered], np.arange(1, n_groups)))


def _in_threads(work: Callable[[Argument], Result], arguments: Iterable[Argument]) -> list[Result]:
    with ThreadPoolExecutor(usable_cores()) as pool:  # numpy lets go of the interpreter while it computes
        return list(pool.map(work, arguments))
