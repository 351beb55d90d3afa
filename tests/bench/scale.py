"""How theme discovery grows: seconds and memory to find themes in vectors that are ready, and what approximation loses.

    .venv/bin/python -m tests.bench.scale FILE.csv [N ...] [--bertopic]

FILE.csv: column text, as the sets in ../shared/data/themes-bench; N passages each (1,000, 10,000 and 50,000). Where the file
has fewer, its vectors are taken several times, each moved at random by NOISE of its length, so that copies are as alike
as near neighbours are. Every size runs in a process of its own. `loading`: of libraries; compiling is in `seconds`, as is
`graph`. `grown`: seconds of the next run, for which a tenth of the passages is new. No names are given; ours is asked as
BERTopic asks its cluster model.
Recall: share of the exact neighbours of 1,000 rows that the graph's search finds. Processor seconds tell more than
seconds where the machine is busy.
"""

import sys
import time
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pandas as pd

from pipeline.encoder import embed_texts
from pipeline.evaluation.apart import run_apart
from pipeline.process import peak_memory_mb
from pipeline.study import Embedding

SIZES = (1_000, 10_000, 50_000)
NOISE = 0.5
ASKED = 1_000


def enlarged(vectors: np.ndarray, n: int, noise: float = NOISE) -> np.ndarray:
    """n unit vectors: a draw of these, or these and moved copies of them, float32 (n, dimension)."""
    rng = np.random.default_rng(0)
    if n <= len(vectors):
        return vectors[rng.permutation(len(vectors))[:n]]
    times = -(-n // len(vectors))
    rows = np.concatenate([rng.permutation(len(vectors)) for _ in range(times)])[:n]
    moved = rng.standard_normal((n, vectors.shape[1]), dtype=np.float32) * (noise / vectors.shape[1] ** 0.5)
    moved[: len(vectors)] = 0  # each once as it is
    found = vectors[rows] + moved
    return (found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-12)).astype(np.float32)


def ours(vectors: np.ndarray) -> dict[str, str]:
    started = time.perf_counter()
    import graspologic_native  # noqa: F401 (loaded late by what uses it, as is the next)
    import sklearn.metrics  # noqa: F401

    from pipeline.themes.clustering import N_NEIGHBOURS, LeidenClusterer
    from pipeline.themes.graph import neighbour_graph
    from pipeline.themes.neighbours import nearest_rows

    loading = time.perf_counter() - started
    started, cpu = time.perf_counter(), time.process_time()
    fitted = LeidenClusterer(seed=7).fit(vectors)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    memory = peak_memory_mb()
    themes = np.array([f"T{label}" if label >= 0 else "" for label in fitted.labels_.tolist()])
    previous = np.where(np.arange(len(vectors)) % 10 == 0, "", themes)
    started = time.perf_counter()
    LeidenClusterer(seed=7, previous=previous).fit(vectors)
    grown = time.perf_counter() - started
    distinct = np.unique(vectors, axis=0)
    started = time.perf_counter()
    neighbour_graph(distinct, N_NEIGHBOURS)
    graph = time.perf_counter() - started
    asked = np.random.default_rng(1).permutation(len(distinct))[:ASKED]
    found, _ = nearest_rows(distinct, N_NEIGHBOURS)
    similar = distinct[asked] @ distinct.T
    similar[np.arange(len(asked)), asked] = -np.inf
    true = np.argpartition(similar, -N_NEIGHBOURS, axis=1)[:, -N_NEIGHBOURS:]
    hits = [len(set(a) & set(b)) for a, b in zip(found[asked].tolist(), true.tolist(), strict=True)]
    return {
        "loading": f"{loading:.1f}",
        "seconds": f"{seconds:.1f}",
        "processor seconds": f"{cpu:.1f}",
        "grown": f"{grown:.1f}",
        "graph": f"{graph:.1f}",
        "memory": f"{memory:,} MB",
        "themes": str(int(fitted.labels_.max()) + 1),
        "recall": f"{np.mean(hits) / N_NEIGHBOURS:.3f}",
    }


def bertopic(vectors: np.ndarray) -> dict[str, str]:
    started = time.perf_counter()
    from pipeline.evaluation.bertopic_systems import bertopic as system
    from pipeline.evaluation.bertopic_systems import load

    load()
    loading = time.perf_counter() - started
    started, cpu = time.perf_counter(), time.process_time()
    found = system()([f"word{n % 100}" for n in range(len(vectors))], vectors)
    return {
        "loading": f"{loading:.1f}",
        "seconds": f"{time.perf_counter() - started:.1f}",
        "processor seconds": f"{time.process_time() - cpu:.1f}",
        "grown": "",
        "graph": "",
        "memory": f"{peak_memory_mb():,} MB",
        "themes": str(len(set(found.themes.tolist()) - {""})),
        "recall": "",
    }


def main(path: str, sizes: tuple[int, ...], with_bertopic: bool) -> None:
    texts = pd.read_csv(path, dtype=str, keep_default_na=False)["text"].tolist()
    vectors = embed_texts(texts, Embedding(), Path(mkdtemp()))
    systems = {"quotebank": ours, **({"BERTopic": bertopic} if with_bertopic else {})}
    names = ("passages", "", "loading", "seconds", "processor seconds", "grown", "graph", "memory", "themes", "recall")
    sys.stdout.write(f"| {' | '.join(names)} |\n|{'---|' * len(names)}\n")
    for n in sizes:
        for name, system in systems.items():
            row = run_apart(system, enlarged(vectors, n))
            sys.stdout.write(f"| {n:,} | {name} | {' | '.join(row.values())} |\n")
            sys.stdout.flush()


if __name__ == "__main__":
    given = [argument for argument in sys.argv[1:] if argument != "--bertopic"]
    main(given[0], tuple(map(int, given[1:])) or SIZES, "--bertopic" in sys.argv)
