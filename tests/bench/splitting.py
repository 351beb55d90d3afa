"""How well a theme of two subjects comes apart, by the name of one of them and by its communities.

    .venv/bin/python -m tests.bench.splitting FILE.csv …

FILE.csv: columns text, label, as the sets in ../shared/data/themes-bench.

Pairs of labelled subjects are joined to one theme; F1 is of the passages of the subject asked for, against those that
`nearer_to_phrase` takes out for its label. "plain" compares each passage's cosine to the phrase with that to the mean
of all. AMI is of `communities` in two parts. Nothing of that was tuned on these sets. "accepted" and "foreign" are the
shares of such labels, and of labels from the other files, that `speaks_of` lets through; its limit was set on them.
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
from pipeline.themes.parting import communities, nearer_to_phrase, speaks_of

N_PAIRS, AT_MOST = 30, 60


def labelled(file: Path) -> tuple[pd.DataFrame, list[str]]:
    """The coded texts, and the labels of enough of them."""
    table = pd.read_csv(file).dropna(subset=["label"])
    sizes = table["label"].value_counts()
    return table, sorted(map(str, sizes[sizes >= 15].index))


def measure(file: Path, cache: Path, others: list[str]) -> dict[str, float]:
    table, labels = labelled(file)
    pairs = Random(0).sample(list(combinations(labels, 2)), min(N_PAIRS, len(labels) * (len(labels) - 1) // 2))
    foreign = embed_texts([label.replace("_", " ") for label in others], Embedding(), cache)
    found: list[tuple[float, ...]] = []
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
                float(speaks_of(vectors, phrase)),
                float(np.mean([speaks_of(vectors, other) for other in foreign])),
            )
        )
    names = ("F1", "F1 plain", "AMI communities", "accepted", "foreign")
    return {"pairs": len(pairs), **dict(zip(names, map(float, np.mean(found, axis=0)), strict=True))}


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        files = list(map(Path, sys.argv[1:]))
        for file in files:
            others = [label for other in files if other != file for label in labelled(other)[1]]
            print(file.stem, {key: round(value, 3) for key, value in measure(file, Path(folder), others).items()})
