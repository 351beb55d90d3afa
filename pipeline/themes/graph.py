"""Communities in the graph of nearest neighbours: kNN, Leiden, and a consensus of many Leiden runs.

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
    """Cosine k-nearest-neighbour graph (see `nearest_rows`), an edge wherever either end chose the other.

    Args:
        vectors: float32 (n, dimension), rows of length 1.
        n_neighbours: k; at most n - 1 is used.

    Returns:
        Symmetric (n, n) matrix of cosine similarities, without self-loops.
    """
    n = len(vectors)
    k = min(n_neighbours, n - 1)

    columns, similar = nearest_rows(vectors, k)
    weights = np.maximum(similar.ravel(), _WEAKEST_EDGE).astype(np.float64)
    one_way = sparse.csr_matrix((weights, (np.repeat(np.arange(n), k), columns.ravel())), shape=(n, n))
    return sparse.csr_matrix(one_way.maximum(one_way.T))


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
