"""Topics by BERTopic: our clusterer decides what they are, and its words tell them apart."""

from typing import Any

import numpy as np
import pytest

from pipeline.themes.clustering import LeidenClusterer
from pipeline.themes.topics import Given, find_topics
from tests.themes.test_clustering import blobs, unit

SAID = ("radio signal drops", "password reset takes", "custody printer jams")
VECTORS, GROUP = blobs(3, 20)
TEXTS = [f"The {SAID[group]} for number {n}." for n, group in enumerate(GROUP.tolist())]


def test_a_clusterer_finds_topics_in_bertopic_and_each_has_its_words() -> None:
    clusterer = LeidenClusterer(min_themes=2, max_themes=6)
    words = find_topics(TEXTS, VECTORS, clusterer, frozenset({"takes"}))
    alone = LeidenClusterer(min_themes=2, max_themes=6).fit(VECTORS).labels_
    assert np.array_equal(clusterer.labels_, alone) and set(words) == set(alone.tolist())
    for n, said in enumerate(SAID):
        (label,) = set(alone[n == GROUP].tolist())
        assert words[label][0] in said and "takes" not in words[label] and "endofpassage" not in words[label]


def test_analysts_may_put_the_clusterer_into_a_bertopic_of_their_own() -> None:
    from bertopic import BERTopic
    from bertopic.dimensionality import BaseDimensionalityReduction

    clusterer = LeidenClusterer(min_themes=2, max_themes=6)
    model: Any = BERTopic(embedding_model=None, umap_model=BaseDimensionalityReduction(), hdbscan_model=clusterer)  # type: ignore[arg-type]
    found, _ = model.fit_transform(TEXTS, VECTORS)
    assert [set(np.array(found)[n == GROUP].tolist()) for n in range(3)] == [{found[0]}, {found[20]}, {found[40]}]
    assert "radio" in dict(model.get_topic(found[0])) and len({found[0], found[20], found[40]}) == 3
    strange = unit(-VECTORS[:20].mean(axis=0, keepdims=True) - VECTORS[20:40].mean(axis=0) - VECTORS[40:].mean(axis=0))
    later, _ = model.transform(["radios", "custody", "bread"], np.concatenate([VECTORS[[0, 40]], strange]))
    assert list(later) == [found[0], found[40], -1]


def test_whoever_imports_bertopic_afterwards_has_it_whole() -> None:
    find_topics(TEXTS, VECTORS, Given(GROUP), frozenset())
    from bertopic import BERTopic
    from hdbscan import HDBSCAN

    assert isinstance(BERTopic().hdbscan_model, HDBSCAN)


@pytest.mark.parametrize("text", ["", "It is what it is.", "[NAME] …"])
def test_texts_without_a_word_have_topics_all_the_same(text: str) -> None:
    clusterer = LeidenClusterer(min_themes=2, max_themes=6)
    assert find_topics([text] * len(TEXTS), VECTORS, clusterer, frozenset({"name"})) == {}
    assert (clusterer.labels_ >= 0).all()


def test_nothing_is_a_topic_where_nothing_is_found() -> None:
    assert find_topics(TEXTS[:2], unit(VECTORS[:2]), Given(np.array([-1, -1])), frozenset()) == {}


def test_topics_that_are_given_keep_their_numbers_and_what_is_in_none_has_no_words() -> None:
    given = np.where(GROUP == 1, -1, GROUP + 7)
    words = find_topics(TEXTS, VECTORS, Given(given), frozenset())
    assert set(words) == {7, 9} and "radio" in words[7] and "custody" in words[9]
