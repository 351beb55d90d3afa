"""Against people's own codes: public labelled sets, numbers only."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_mutual_info_score

from pipeline.encoder import embed_texts
from pipeline.evaluation.naming import naming_accuracy
from pipeline.study import Embedding
from pipeline.themes.clustering import LeidenClusterer
from tests.bench.naming import Clusters, first_words, ours

pytestmark = [pytest.mark.models, pytest.mark.real]


@pytest.mark.parametrize(
    ("name", "rows", "max_themes", "agreement"),
    [("jux_features_changes", None, 40, 0.42), ("banking77", 2500, 80, 0.74)],
)
def test_themes_agree_with_peoples_codes_and_hold_still(
    shared: Path, tmp_path: Path, name: str, rows: int | None, max_themes: int, agreement: float
) -> None:
    table = pd.read_csv(shared / "themes-bench" / f"{name}.csv", keep_default_na=False)
    table = table.sample(rows, random_state=0).reset_index(drop=True) if rows else table
    vectors = embed_texts(table["text"].tolist(), Embedding(), tmp_path)

    def themes_of(rows: np.ndarray) -> np.ndarray:
        return LeidenClusterer(max_themes=max_themes, seed=7).fit(vectors[rows]).labels_

    everything = np.arange(len(table))
    found = themes_of(everything)
    coded = (table["label"] != "").to_numpy()
    assert adjusted_mutual_info_score(table["label"][coded], found[coded]) >= agreement
    assert (found == -1).mean() <= 0.08
    shuffled = np.random.default_rng(1).permutation(everything)
    assert np.array_equal(themes_of(shuffled), found[shuffled])
    without = np.delete(everything, 123)
    assert adjusted_mutual_info_score(found[without], themes_of(without)) >= 0.9


def test_a_name_alone_tells_its_theme_from_others(shared: Path, tmp_path: Path) -> None:
    table = pd.read_csv(shared / "themes-bench" / "jux_features_changes.csv", keep_default_na=False)

    def encode(texts: list[str]) -> np.ndarray:
        return embed_texts(texts, Embedding(), tmp_path)

    clusters = Clusters.find(table["text"].tolist(), encode, max_themes=40)
    names = ours(clusters, encode, np.arange(len(clusters.texts)))
    labels = [names[theme].label for theme in range(len(names))]
    assert naming_accuracy(clusters.vectors, clusters.labels, encode(labels)) >= 0.70
    assert naming_accuracy(clusters.vectors, clusters.labels, encode(first_words(clusters))) <= 0.55
    assert sum(" " in label for label in labels) >= 0.6 * len(labels), "most say more than a word does"
