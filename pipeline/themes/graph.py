"""Communities in the graph of nearest neighbours: kNN, Leiden, and a consensus of many Leiden runs.

Weights of edges: McInnes, Healy and Melville, "UMAP" (2018), section 3.1, with the mean distance as the local scale.
Leiden: Traag, Waltman and van Eck, "From Louvain to Leiden" (2019), as implemented by graspologic-native.
Consensus: after Lancichinetti and Fortunato, "Consensus clustering in complex networks" (2012).
"""

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from scipy import sparse

from pipeline.themes.neighbours import nearest_rows

_WEAKEST_EDGE = 1e-3  # weights must be positive


def neighbour_graph(vectors: np.ndarray, n_neighbours: int) -> sparse.csr_matrix:
    """k-nearest-neighbour graph (see `nearest_rows`), an edge wherever either end chose the other, by local scale.

    A row's nearest neighbour counts 1 and others less, by how much farther they are than it on the row's own scale, so
    that sparse and dense regions are alike. An edge's weight is the fuzzy union of what its two ends make of it.

    Args:
        vectors: float32 (n, dimension), rows of length 1.
        n_neighbours: k; at most n - 1 is used.

    Returns:
        Symmetric (n, n) matrix of weights, above 0 and at most 1, without self-loops.
    """
    n = len(vectors)
    k = min(n_neighbours, n - 1)
    if k < 1:
        return sparse.csr_matrix((n, n))

    columns, similar = nearest_rows(vectors, k)
    return _union(columns, similar)


def _union(columns: np.ndarray, similar: np.ndarray) -> sparse.csr_matrix:
    """The weighted graph of the neighbours `columns` (n, k) that rows chose, at cosine `similar` (n, k)."""
    n, k = columns.shape
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
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = list(pool.map(lambda n: leiden(graph, resolution, seed + n), range(n_runs)))
    edges: Any = graph.tocoo()
    together = np.mean([run[edges.row] == run[edges.col] for run in runs], axis=0)
    weights = edges.data * np.maximum(together, _WEAKEST_EDGE)  # no node may be left without an edge
    agreed = sparse.csr_matrix((weights, (edges.row, edges.col)), shape=graph.shape)
    return leiden(agreed, resolution, seed, iterations=5)
