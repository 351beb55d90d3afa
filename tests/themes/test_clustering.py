"""The clusterer: order, repeats, range, weak passages; and the graph under it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_mutual_info_score

from pipeline.themes import clustering
from pipeline.themes.clustering import (
    _RESOLUTIONS,
    Clusterer,
    HdbscanClusterer,
    LeidenClusterer,
    _distance,
    neighbours_for,
)
from pipeline.themes.fit import assign, describe
from pipeline.themes.graph import consensus, neighbour_graph, sharpened_graph
from pipeline.themes.neighbours import nearest_rows


def unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def blobs(n_groups: int, size: int, spread: float = 0.6, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    centres = unit(rng.standard_normal((n_groups, 32)))
    group = np.repeat(np.arange(n_groups), size)
    return unit(centres[group] + spread * rng.standard_normal((len(group), 32)) / 32**0.5), group


VECTORS, GROUP = blobs(6, 40)


def test_groups_are_found() -> None:
    labels = LeidenClusterer(min_themes=4, max_themes=12).fit(VECTORS).labels_
    assert adjusted_mutual_info_score(GROUP, labels) > 0.9


@settings(max_examples=8)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_makes_no_difference(random: object) -> None:
    vectors, _ = blobs(4, 10)
    order = np.arange(len(vectors))
    random.shuffle(order)  # pyright: ignore[reportAttributeAccessIssue]
    straight = LeidenClusterer(min_themes=2).fit(vectors).labels_
    assert np.array_equal(LeidenClusterer(min_themes=2).fit(vectors[order]).labels_, straight[order])


def apart(n: int = 1) -> np.ndarray:
    """Texts that have nothing in common with any, float32 (n, 32)."""
    means = np.stack([VECTORS[group == GROUP].mean(axis=0) for group in range(6)])
    return np.linalg.svd(means)[2][-n:].astype(np.float32)


def nearly(text: np.ndarray, n: int) -> np.ndarray:
    """The same in other words, cosine about .98, float32 (n, 32)."""
    return unit(text + 0.035 * np.random.default_rng(6).standard_normal((n, text.shape[1])))


@pytest.mark.parametrize("clusterer", [LeidenClusterer, HdbscanClusterer])
@pytest.mark.parametrize(("times", "own"), [(3, False), (4, True)])
def test_what_enough_say_word_for_word_is_a_theme_though_like_nothing_else(
    clusterer: type[Clusterer], times: int, own: bool
) -> None:
    labels = clusterer(min_passages=4).fit(np.concatenate([VECTORS, apart().repeat(times, axis=0)])).labels_
    assert (labels[-times:] >= 0).all() == own
    assert set(labels[:-times]).isdisjoint(labels[-times:]) or not own


def test_each_thing_that_many_say_is_a_theme_with_what_says_nearly_the_same() -> None:
    one, two = apart(2)[:1], apart(2)[1:]
    clusterer = LeidenClusterer().fit(np.concatenate([VECTORS, one.repeat(3, axis=0), nearly(one, 2), nearly(two, 4)]))
    found = [set(part) for part in np.split(clusterer.labels_, [240, 245])]
    assert [len(part) for part in found] == [6, 1, 1]
    assert len(set.union(*found)) == 8
    assert clusterer.predict(np.concatenate([one, nearly(two, 5)])).tolist() == [*found[1], *[*found[2]] * 5]


def test_other_themes_are_as_fine_as_without_what_stands_apart() -> None:
    beside = LeidenClusterer(max_themes=6).fit(np.concatenate([VECTORS, apart(8).repeat(4, axis=0)]))
    assert len(beside.themes_) == 14
    assert beside.resolution_ == LeidenClusterer(max_themes=6).fit(VECTORS).resolution_


def test_the_same_rows_give_the_same_themes() -> None:
    one, two = (LeidenClusterer(seed=3).fit(VECTORS).labels_ for _ in range(2))
    assert np.array_equal(one, two)


def test_one_row_less_changes_little() -> None:
    vectors, _ = blobs(8, 25, spread=1.2)
    whole = LeidenClusterer().fit(vectors).labels_
    for dropped in (0, 77, 150):
        kept = np.arange(len(vectors)) != dropped
        part = LeidenClusterer().fit(vectors[kept]).labels_
        assert adjusted_mutual_info_score(whole[kept], part) > 0.9


@pytest.mark.parametrize(("low", "high"), [(2, 4), (5, 40), (1, 1)])
def test_the_number_of_themes_is_the_wanted_one_or_the_nearest(low: int, high: int) -> None:
    fitted = LeidenClusterer(min_themes=low, max_themes=high).fit(VECTORS)
    n = fitted.labels_.max() + 1
    assert n <= max(high, 6)
    assert n >= min(low, 2)


@pytest.mark.parametrize("n", [0, 1, 3, 4, 7, 8, 9, 20])
def test_few_rows_never_crash(n: int) -> None:
    vectors = VECTORS[:n]
    fitted = LeidenClusterer().fit(vectors)
    assert len(fitted.labels_) == n
    assert set(fitted.labels_) <= {-1, 0, 1, 2, 3, 4}
    if n < 4:
        assert (fitted.labels_ == -1).all()


def test_small_communities_are_dissolved() -> None:
    found = np.array([0] * 40 + [1] * 38 + [2] * 2)
    fit = assign(VECTORS[:80], found, np.ones(80), min_passages=4, min_similarity=-1.0)
    assert set(fit.labels) == {0, 1}


def test_a_floor_leaves_weak_passages_unassigned() -> None:
    far = unit(-VECTORS[:40].mean(axis=0, keepdims=True))
    vectors = np.concatenate([VECTORS[:40], far])
    fit = assign(vectors, np.zeros(41, dtype=int), np.ones(41), 4, min_similarity=0.3)
    assert fit.labels[-1] == -1
    assert fit.similarity[-1] < 0
    assert (fit.labels[:40] == 0).all()


def test_an_odd_one_out_is_found_without_a_floor() -> None:
    others = np.random.default_rng(9).standard_normal((3, 32))
    own, _ = np.linalg.qr(np.stack([VECTORS[g == GROUP].mean(axis=0) for g in range(6)]).T)
    odd = unit(others - others @ own @ own.T)  # at right angles to every group
    labels = LeidenClusterer().fit(np.concatenate([VECTORS, odd])).labels_
    assert (labels[:-3] >= 0).mean() > 0.98
    assert (labels[-3:] == -1).all()


def test_similarity_and_margin_are_cosines_to_centroids() -> None:
    fit = describe(VECTORS, GROUP, np.ones(len(GROUP)))
    similar = VECTORS @ fit.centroids.T
    row = 45
    assert fit.similarity[row] == pytest.approx(similar[row, 1], abs=1e-6)
    assert fit.margin[row] == pytest.approx(similar[row, 1] - np.delete(similar[row], 1).max(), abs=1e-6)


def test_the_last_runs_themes_decide_between_resolutions() -> None:
    vectors, _ = blobs(4, 60, spread=2.2)
    graph = neighbour_graph(vectors, 10)
    usual = LeidenClusterer(min_themes=1).fit(vectors).resolution_
    for other in (
        r for r in _RESOLUTIONS if r != usual and abs(_RESOLUTIONS.index(r) - _RESOLUTIONS.index(usual)) == 1
    ):
        before = consensus(graph, other, seed=0, n_runs=10).astype(str)
        assert LeidenClusterer(min_themes=1, previous=before).fit(vectors).resolution_ == other


@pytest.mark.parametrize(("low", "high"), [(5, 40), (2, 3), (30, 40), (90, 99), (1, 1), (11, 13)])
def test_a_few_tries_choose_as_all_would(low: int, high: int) -> None:
    asked: list[float] = []

    def labels_at(resolution: float) -> np.ndarray:
        asked.append(resolution)
        return np.arange(round(10 * resolution))  # as many themes

    clusterer = LeidenClusterer(min_themes=low, max_themes=high)
    everything = {r: labels_at(r) for r in _RESOLUTIONS}
    asked.clear()
    few = clusterer._few_tries(labels_at, 10_000)

    def chosen(scan: dict[float, np.ndarray]) -> float:
        return min(clusterer._allowed(scan, np.array([10_000])), key=_distance)

    assert chosen(few) == chosen(everything)
    assert len(asked) == len(few) <= 4


def test_later_rows_get_the_label_they_are_most_like_or_none() -> None:
    clusterer = LeidenClusterer(min_themes=2).fit(VECTORS[::2])
    later = clusterer.predict(np.concatenate([VECTORS[1::2], apart(), np.zeros((1, 32), dtype=np.float32)]))
    assert (later == [*clusterer.labels_, -1, -1]).all()


def test_rows_of_nothing_belong_nowhere() -> None:
    vectors = np.concatenate([VECTORS, np.zeros((5, 32), dtype=np.float32)])
    assert (LeidenClusterer().fit(vectors).labels_[-5:] == -1).all()
    assert (LeidenClusterer().fit(vectors[-5:]).labels_ == -1).all()


def test_a_row_that_no_run_puts_with_another_does_no_harm() -> None:
    chain = unit(np.eye(9, 32) + 0.2 * np.eye(9, 32, k=1))
    assert len(consensus(neighbour_graph(chain, 1), 50.0, seed=0, n_runs=3)) == 9


def test_the_graph_is_symmetric_exact_and_without_loops() -> None:
    graph = neighbour_graph(VECTORS, 5)
    assert (graph != graph.T).nnz == 0
    assert graph.diagonal().sum() == 0
    similar = VECTORS @ VECTORS.T
    np.fill_diagonal(similar, -2)
    nearest = set(np.argsort(-similar[17])[:5].tolist())
    assert nearest <= set(graph[[17]].indices.tolist())


def test_what_themes_vary_in_counts_less_for_who_is_near() -> None:
    rng = np.random.default_rng(3)
    subject = np.repeat(np.arange(6), 40)
    vectors = rng.standard_normal((240, 40)) * 0.1
    vectors[np.arange(240), subject] += 1.0
    vectors[:, 10:16] += rng.standard_normal((240, 6)) * 0.7  # a manner of speaking that is in every subject
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)

    def inside(graph: object) -> float:
        edges = graph.tocoo()  # type: ignore[attr-defined]
        return float(edges.data[subject[edges.row] == subject[edges.col]].sum() / edges.data.sum())

    sharpened = sharpened_graph(vectors, nearest_rows(vectors, 10), 4.0, seed=0, n_runs=10)
    assert inside(sharpened) > inside(neighbour_graph(vectors, 10)) + 0.03
    assert abs(sharpened - sharpened.T).max() < 1e-12
    assert sharpened.data.min() > 0 and sharpened.data.max() <= 1


def test_a_sharpened_graph_of_nothing_to_compare_has_no_edges() -> None:
    assert sharpened_graph(VECTORS[:1], nearest_rows(VECTORS[:1], 10), 4.0, seed=0, n_runs=2).nnz == 0


def test_consensus_needs_no_edges() -> None:
    graph = neighbour_graph(VECTORS[:6], 2)
    assert len(consensus(graph, 1.0, seed=0, n_runs=3)) == 6


def test_fewer_neighbours_for_small_studies() -> None:
    assert [neighbours_for(n) for n in (8, 20, 60, 1000)] == [3, 4, 8, 10]


@pytest.mark.parametrize("large", [False, True])
def test_of_resolutions_the_one_that_holds_better_is_taken(monkeypatch: pytest.MonkeyPatch, large: bool) -> None:
    vectors, _ = blobs(6, 50, spread=1.5, seed=1)
    if large:  # resolutions are compared on a part then
        monkeypatch.setattr(clustering, "_LARGE", 200)
        monkeypatch.setattr(clustering, "_DRAWN", 250)
    chosen = LeidenClusterer(min_themes=2).fit(vectors)
    monkeypatch.setattr(clustering, "_CLEARLY_MORE_STABLE", 9.0)
    usual = LeidenClusterer(min_themes=2).fit(vectors)
    assert (chosen.resolution_, usual.resolution_) == (3.0, 4.0)
    rng, held = np.random.default_rng(0), {3.0: [], 4.0: []}
    for _ in range(3):
        kept = np.sort(rng.permutation(len(vectors))[: len(vectors) * 9 // 10])
        graph = sharpened_graph(vectors[kept], nearest_rows(vectors[kept], 10), 4.0, 0, 5)
        for fitted in (chosen, usual):
            again = consensus(graph, fitted.resolution_, 0, 10)
            held[fitted.resolution_].append(adjusted_mutual_info_score(fitted.labels_[kept], again))
    assert np.mean(held[3.0]) > np.mean(held[4.0])


def test_what_neighbours_put_into_a_theme_it_is_not_like_goes_to_the_one_it_is_like() -> None:
    group = GROUP.copy()
    group[:2] = 3  # of the first group, among those of the fourth
    fit = assign(VECTORS, group, np.ones(len(group)), 4, None)
    assert (fit.labels == GROUP).all()


def test_a_theme_that_loses_its_passages_that_way_is_dissolved() -> None:
    group = GROUP.copy()
    group[:3], group[40] = 6, 6  # a theme of four, three of which are of the first and one of the second group
    fit = assign(VECTORS, group, np.ones(len(group)), 4, None)
    assert (fit.labels == GROUP).all() and len(fit.centroids) == 6
