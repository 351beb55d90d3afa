"""Communities in the graph of nearest neighbours: kNN, Leiden, and a consensus of many Leiden runs.

What passages of one theme differ in tells themes apart badly. So neighbours are looked for twice: by the vectors as
they are, and with the directions made shorter in which a first clustering varies inside its communities.

Weights of edges: McInnes, Healy and Melville, "UMAP" (2018), section 3.1, with the mean distance as the local scale.
Leiden: Traag, Waltman and van Eck, "From Louvain to Leiden" (2019), as implemented by graspologic-native.
Consensus: after Lancichinetti and Fortunato, "Consensus clustering in complex networks" (2012).
Directions: Hatch, Kajarekar and Stolcke, "Within-class covariance normalization" (2006); clusters in place of classes
as in Ding and Li, "Adaptive dimension reduction using discriminant analysis and k-means clustering" (2007).
"""

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from scipy import sparse
from threadpoolctl import threadpool_limits

from pipeline.themes.neighbours import nearest_rows

_WEAKEST_EDGE = 1e-3  # weights must be positive
_EVEN = 0.5  # share of the scatter that is taken to be the same in every direction
_COMMON = 0.5  # share of the mean that is taken off: every answer to a question is a little about its subject


def neighbour_graph(vectors: np.ndarray, n_neighbours: int) -> sparse.csr_matrix:
    """k-nearest-neighbour graph (see `nearest_rows`), an edge wherever either end chose the other, by local scale.

    A row's nearest neighbour counts 1 and others less, by how much farther they are than it on the row's own scale, so
    that sparse and dense regions are alike. An edge's weight is the fuzzy union of what its two ends make of it.

    Args:
        vectors: float32 (n, dimension), rows of length 1.
        n_neighbours: k.

    Returns:
        Symmetric (n, n) matrix of weights, above 0 and at most 1, without self-loops.
    """
    return _union(*nearest_rows(vectors, n_neighbours))


def sharpened_graph(
    vectors: np.ndarray, nearest: tuple[np.ndarray, np.ndarray], resolution: float, seed: int, n_runs: int
) -> sparse.csr_matrix:
    """The mean of two neighbour graphs: of the vectors, and of these with what varies inside communities made shorter.

    The scatter inside communities is a mean over `n_runs` Leiden runs at `resolution`: that of a single partition, even
    of the one they agree on, moves with every passage that comes or goes.

    Args:
        vectors: float32 (n, dimension), rows of length 1, all different.
        nearest: their `nearest_rows`.

    Returns:
        As `neighbour_graph`.
    """
    graph = _union(*nearest)
    if graph.nnz == 0:
        return graph
    with threadpool_limits(1, "blas"):  # see `nearest_rows`
        scatter = np.mean([_scatter(vectors, found) for found in _runs(graph, resolution, seed, n_runs)], axis=0)
        moved = _evened(vectors, scatter)
    return sparse.csr_matrix((graph + neighbour_graph(moved, nearest[0].shape[1])) / 2)


def _scatter(vectors: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Covariance of the vectors around the mean of their community, (dimension, dimension)."""
    rows = np.arange(len(found))
    member = sparse.csr_matrix((np.ones(len(found), dtype=np.float32), (found, rows)))
    means = (member @ vectors) / np.asarray(member.sum(axis=1))
    beyond = vectors - means[found]
    return beyond.T @ beyond / len(vectors)


def _evened(vectors: np.ndarray, scatter: np.ndarray) -> np.ndarray:
    """The vectors with directions scaled until that scatter would be more even, float32, rows of length 1."""
    dimension = len(scatter)
    values, directions = np.linalg.eigh(
        (1 - _EVEN) * scatter + _EVEN * np.trace(scatter) / dimension * np.eye(dimension)
    )
    scaled = directions / np.sqrt(np.maximum(values, 1e-12)) @ directions.T
    moved = (vectors - _COMMON * vectors.mean(axis=0)) @ scaled
    return (moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-12)).astype(np.float32)


def _union(columns: np.ndarray, similar: np.ndarray) -> sparse.csr_matrix:
    """The weighted graph of the neighbours `columns` (n, k) that rows chose, at cosine `similar` (n, k)."""
    n, k = columns.shape
    if k == 0:
        return sparse.csr_matrix((n, n))
    distance = np.sqrt(np.maximum(2.0 - 2.0 * similar.astype(np.float64), 0.0))
    beyond = distance - distance.min(axis=1, keepdims=True)
    scale = np.maximum(beyond.mean(axis=1, keepdims=True), 1e-6)
    weights = np.maximum(np.exp(-beyond / scale), _WEAKEST_EDGE)
    one_way = sparse.csr_matrix((weights.ravel(), (np.repeat(np.arange(n), k), columns.ravel())), shape=(n, n))
    other_way = one_way.T.tocsr()
    return sparse.csr_matrix(one_way + other_way - one_way.multiply(other_way))


def leiden(graph: sparse.csr_matrix, resolution: float, seed: int, iterations: int = 2) -> np.ndarray:
    """Community of each node, int (n,), by modularity at `resolution`."""
    import graspologic_native as native

    n = len(graph.indptr) - 1
    run: Any = getattr(native, "leiden_csr")  # noqa: B009 (the package has no type hints)
    _, found = run(
        graph.indptr.astype(np.int64),
        graph.indices.astype(np.int32),
        graph.data.astype(np.float64),
        n,
        resolution=resolution,
        seed=seed,
        iterations=iterations,
    )
    return np.fromiter((found[node] for node in range(n)), dtype=np.int64, count=n)


def consensus(graph: sparse.csr_matrix, resolution: float, seed: int, n_runs: int) -> np.ndarray:
    """Communities that many Leiden runs agree on, int (n,).

    One run depends on its seed, and on a single row more or less. So each edge is weighted by the share of `n_runs`
    runs that put its two ends together, and Leiden runs once more on the result.
    """
    if graph.nnz == 0:
        return np.arange(len(graph.indptr) - 1)
    runs = _runs(graph, resolution, seed, n_runs)
    edges: Any = graph.tocoo()
    together = np.mean([run[edges.row] == run[edges.col] for run in runs], axis=0)
    weights = edges.data * np.maximum(together, _WEAKEST_EDGE)  # no node may be left without an edge
    agreed = sparse.csr_matrix((weights, (edges.row, edges.col)), shape=graph.shape)
    return leiden(agreed, resolution, seed, iterations=5)


def _runs(graph: sparse.csr_matrix, resolution: float, seed: int, n_runs: int) -> list[np.ndarray]:
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda n: leiden(graph, resolution, seed + n), range(n_runs)))
