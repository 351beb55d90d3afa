"""How well a theme of two subjects comes apart, by the name of one of them and by its communities.

    .venv/bin/python -m tests.bench.splitting FILE.csv …

FILE.csv: columns text, label, as the sets in ../shared/data/themes-bench.

Pairs of labelled subjects are joined to one theme; F1 is of the passages of the subject asked for, against those that
`nearer_to_phrase` takes out for its label. "plain" compares each passage's cosine to the phrase with that to the mean
of all. AMI is of `communities` in two parts. Nothing was tuned on these sets.
"""

import sys
from itertools import combinations
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_mutual_info_score, f1_score

from pipeline.encoder import embed_texts
from pipeline.study import Embedding
from pipeline.themes.parting import communities, nearer_to_phrase

N_PAIRS, AT_MOST = 30, 60


def measure(file: Path, cache: Path) -> dict[str, float]:
    table = pd.read_csv(file).dropna(subset=["label"])
    sizes = table["label"].value_counts()
    labels = sorted(sizes[sizes >= 15].index)
    pairs = Random(0).sample(list(combinations(labels, 2)), min(N_PAIRS, len(labels) * (len(labels) - 1) // 2))
    found: list[tuple[float, float, float]] = []
    for one, other in pairs:
        rows = pd.concat([table[table["label"] == label].head(AT_MOST) for label in (one, other)])
        vectors = embed_texts(rows["text"].tolist(), Embedding(), cache)
        phrase = embed_texts([str(one).replace("_", " ")], Embedding(), cache)[0]
        wanted = (rows["label"] == one).to_numpy()
        plain = vectors @ phrase > vectors @ (vectors.mean(axis=0) / np.linalg.norm(vectors.mean(axis=0)))
        found.append(
            (
                float(f1_score(wanted, nearer_to_phrase(vectors, phrase))),
                float(f1_score(wanted, plain)),
                float(adjusted_mutual_info_score(wanted, communities(vectors, 7, 2))),
            )
        )
    ours, plain_f1, ami = np.mean(found, axis=0)
    return {"pairs": len(pairs), "F1": float(ours), "F1 plain": float(plain_f1), "AMI communities": float(ami)}


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        for file in map(Path, sys.argv[1:]):
            print(file.stem, {key: round(value, 3) for key, value in measure(file, Path(folder)).items()})
