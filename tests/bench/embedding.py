"""How fast texts become vectors, beside sentence-transformers' encode(), and what is lost by it.

    .venv/bin/python -m tests.bench.embedding FILE.csv [N]

FILE.csv: columns text, label, as the sets in ../shared/data/themes-bench; N texts are drawn (200). Every way takes its
turn right after encode() (float32, batches of 32), on as many cores and in the same process, ROUNDS times; ratios are
medians. The coder is a larger model than the others. V-measure: k-means with as many clusters as labels against the
labels, the mean of SEEDS starts.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ |= {"TOKENIZERS_PARALLELISM": "false", "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}

import numpy as np
import pandas as pd
import torch
from sentence_transformers import SentenceTransformer
from sklearn.cluster import KMeans
from sklearn.metrics import v_measure_score

from pipeline.encoder.quantised import QuantisedEncoder
from pipeline.encoder.sentences import SentenceEncoder
from pipeline.evaluation.coding import ORIGINAL
from pipeline.models import model_folder
from pipeline.study import CODER, ENCODER, Embedding

ROUNDS, SEEDS = 3, 8

Way = Callable[[list[str]], np.ndarray]


def ways(threads: int) -> tuple[Way, dict[str, Way]]:
    """encode(), and what is compared with it."""
    model = SentenceTransformer(str(model_folder(ORIGINAL) / "model"), device="cpu", local_files_only=True)
    ours, coder = (QuantisedEncoder(Embedding(model=name), threads) for name in (ENCODER, CODER))
    other = SentenceEncoder(Embedding(model=ORIGINAL))

    def encode(texts: list[str]) -> np.ndarray:
        return model.encode(texts, batch_size=32, show_progress_bar=False)

    return encode, {
        "one by one": lambda texts: np.concatenate([encode([text]) for text in texts]),
        f"quotebank, the original in {other.precision}": other.encode,
        "quotebank": ours.encode,
        "quotebank's coder": coder.encode,
    }


def seconds(way: Way, texts: list[str]) -> float:
    started = time.perf_counter()
    way(texts)
    return time.perf_counter() - started


def compare(texts: list[str], threads: int) -> list[list[str]]:
    torch.set_num_threads(threads)
    encode, others = ways(threads)
    for way in (encode, *others.values()):
        way(texts[:64])  # loading
    pairs: dict[str, list[tuple[float, float]]] = {name: [] for name in others}
    for _ in range(ROUNDS):
        for name, way in others.items():
            pairs[name].append((seconds(encode, texts), seconds(way, texts)))
    base = np.median([first for taken in pairs.values() for first, _ in taken])
    rows = [["encode()", str(threads), f"{len(texts) / base:.0f}", "1"]]
    for name, taken in pairs.items():
        ratios = [first / second for first, second in taken]
        speed = len(texts) / np.median([second for _, second in taken])
        spread = f"{np.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})"
        rows.append([name, str(threads), f"{speed:.0f}", spread])
    return rows


def agreement(vectors: np.ndarray, gold: np.ndarray) -> float:
    found = (KMeans(len(set(gold)), n_init=1, random_state=seed).fit_predict(vectors) for seed in range(SEEDS))
    return float(np.mean([v_measure_score(gold, clusters) for clusters in found]))


def main(path: str, n: int) -> None:
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table = table[(table["text"].str.strip() != "") & (table["label"] != "")]
    drawn = table.sample(n=min(n, len(table)), random_state=1)
    texts = drawn["text"].tolist()
    sys.stdout.write(
        f"{Path(path).stem}, {len(texts)} texts of {np.mean([len(t.split()) for t in texts]):.0f} words\n\n"
    )
    sys.stdout.write("| | cores | texts a second | times encode() |\n|---|---|---|---|\n")
    for threads in (1, 2):
        for row in compare(texts, threads):
            sys.stdout.write(f"| {' | '.join(row)} |\n")
            sys.stdout.flush()
    torch.set_num_threads(2)
    more = table.sample(n=min(1000, len(table)), random_state=2)
    texts, gold = more["text"].tolist(), more["label"].to_numpy(str)
    encode, others = ways(2)
    first, ours = encode(texts), others["quotebank"](texts)
    likeness = (first * ours).sum(axis=1)
    sys.stdout.write(
        f"\nV-measure of {len(texts)} texts: encode() {agreement(first, gold):.4f}, quotebank {agreement(ours, gold):.4f}; "
        f"cosine of the two: mean {likeness.mean():.4f}, least {likeness.min():.4f}\n"
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 200)
