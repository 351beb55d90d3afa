"""What has a theme keeps it; what is new joins one, waits, or makes one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.themes.clustering import LeidenClusterer
from pipeline.themes.graph import neighbour_graph
from pipeline.themes.sticky import Placed, place, settle_new
from tests.themes.test_clustering import apart, blobs, nearly, unit

VECTORS, GROUP = blobs(6, 40)
NAMES = np.array([f"T{group + 1:02d}" for group in GROUP])


def themes_of(previous: np.ndarray, vectors: np.ndarray = VECTORS, **settings: int) -> np.ndarray:
    fitted = LeidenClusterer(min_themes=2, previous=previous, **settings).fit(vectors)
    names = [theme or f"new-{n}" for n, theme in enumerate(fitted.themes_)]
    return np.array([names[label] if label >= 0 else "" for label in fitted.labels_])


def test_what_has_a_theme_keeps_it_however_odd_it_is() -> None:
    odd = NAMES.copy()
    odd[[0, 50, 100]] = "T77"
    assert (themes_of(odd) == odd).all()


@given(st.integers(0, 2**32 - 1))
def test_no_row_that_had_a_theme_ever_moves(seed: int) -> None:
    rng = np.random.default_rng(seed)
    previous = np.where(rng.random(60) < 0.6, rng.choice(["T01", "T02", "T03"], 60), "")
    graph = neighbour_graph(VECTORS[:60], 5)
    found = [rng.integers(-1, 4, 60)]
    placed = place(previous, found, graph, np.ones(60), 4)
    had = previous != ""
    assert (np.array([*placed.themes, ""])[placed.labels][had] == previous[had]).all()
    assert placed.themes[: len(set(previous[had]))] == sorted(set(previous[had]))
    assert all(placed.themes[label] == "" for label in placed.labels[placed.starts])


def test_new_rows_join_the_theme_of_their_neighbours() -> None:
    previous = NAMES.copy()
    previous[::5] = ""
    assert (themes_of(previous) == NAMES).mean() > 0.97


def test_a_group_that_is_wholly_new_becomes_a_theme() -> None:
    previous = np.where(GROUP == 3, "", NAMES)
    found = themes_of(previous)
    assert len(set(found[GROUP == 3])) == 1
    assert found[GROUP == 3][0].startswith("new")
    assert (found[GROUP != 3] == NAMES[GROUP != 3]).all()


@pytest.mark.parametrize(("times", "new"), [(4, False), (5, True)])
def test_what_enough_come_to_say_word_for_word_becomes_a_theme(times: int, new: bool) -> None:
    found = themes_of(np.concatenate([NAMES, [""] * times]), np.concatenate([VECTORS, apart().repeat(times, axis=0)]))
    assert (found[:-times] == NAMES).all()
    assert set(found[-times:]) == ({"new-6"} if new else {""})


def test_what_says_nearly_the_same_joins_the_theme_of_that_though_this_is_like_no_other() -> None:
    vectors = np.concatenate([VECTORS, apart().repeat(6, axis=0), nearly(apart(), 3)])
    found = themes_of(np.concatenate([NAMES, ["T07"] * 6, [""] * 3]), vectors)
    assert set(found[-3:]) == {"T07"}


def test_what_is_like_a_new_theme_joins_it_though_no_cluster_holds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    late = VECTORS[GROUP == 5][0]
    monkeypatch.setattr(
        LeidenClusterer,
        "_communities",
        lambda _, texts: [np.where((texts.known == "") & (texts.vectors != late).any(axis=1), 0, -1)],
    )
    assert themes_of(np.where(GROUP == 5, "", NAMES))[GROUP == 5].tolist() == ["new-5"] * 40


def test_what_is_like_none_and_too_few_say_joins_no_new_theme_either() -> None:
    """Four times the same; what it is least unlike is new, too."""
    odd = unit(apart() + 0.15 * VECTORS[GROUP == 5].mean(axis=0))
    found = themes_of(
        np.concatenate([np.where(GROUP == 5, "", NAMES), [""] * 4]), np.concatenate([VECTORS, odd.repeat(4, axis=0)])
    )
    assert found[:-4][GROUP == 5].tolist() == ["new-5"] * 40
    assert found[-4:].tolist() == [""] * 4


def test_too_few_of_a_new_kind_make_no_theme_yet() -> None:
    kept = (GROUP != 3) | (np.cumsum(GROUP == 3) <= 4)
    found = themes_of(np.where(GROUP == 3, "", NAMES)[kept], VECTORS[kept])
    assert not any(name.startswith("new") for name in found)


def test_the_same_words_get_the_theme_they_have_elsewhere() -> None:
    vectors = np.concatenate([VECTORS, VECTORS[:3]])
    previous = np.concatenate([NAMES, [""] * 3])
    assert (themes_of(previous, vectors)[-3:] == NAMES[:3]).all()


def test_a_row_like_nothing_waits() -> None:
    stranger = np.zeros((1, 32), dtype=np.float32)
    stranger[0] = -VECTORS.mean(axis=0) / np.linalg.norm(VECTORS.mean(axis=0))
    fitted = LeidenClusterer(min_themes=2, min_similarity=0.3, previous=np.concatenate([NAMES, [""]])).fit(
        np.concatenate([VECTORS, stranger])
    )
    assert fitted.labels_[-1] == -1


@pytest.mark.parametrize("floor", [None, 0.3])
def test_a_few_of_a_new_kind_do_not_vouch_for_each_other(floor: float | None) -> None:
    """Four alike stray into a theme, as do two of its own that are late: those wait, these join."""
    kind = unit(np.random.default_rng(1).standard_normal((1, 32)) - VECTORS.mean(axis=0))
    few = unit(kind + np.random.default_rng(2).standard_normal((4, 32)) * 0.02)
    previous = np.concatenate([np.where(np.arange(len(VECTORS)) < 2, "", NAMES), [""] * 4])
    labels = np.concatenate([GROUP, [GROUP[0]] * 4])
    placed = Placed(labels, sorted(set(NAMES)), np.zeros(len(labels), dtype=bool))
    settled = settle_new(np.concatenate([VECTORS, few]), placed, previous, 10, floor)
    assert settled.tolist() == [*GROUP.tolist(), -1, -1, -1, -1]


def test_a_new_theme_takes_in_nothing_that_is_unlike_it() -> None:
    """One group is new, and with it come strange rows that no other group is nearer to."""
    rng = np.random.default_rng(5)
    kind = VECTORS[GROUP == 5].mean(axis=0)
    away = rng.standard_normal((6, 32))
    means = np.linalg.qr(np.stack([VECTORS[g == GROUP].mean(axis=0) for g in range(6)]).T)[0]
    strange = unit(0.2 * kind / np.linalg.norm(kind) + unit(away - away @ means @ means.T))
    found = themes_of(np.concatenate([np.where(GROUP == 5, "", NAMES), [""] * 6]), np.concatenate([VECTORS, strange]))
    assert all(name.startswith("new") for name in found[:-6][GROUP == 5])
    assert (found[-6:] == "").all()


def test_what_is_like_none_does_not_make_a_new_theme_of_too_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four of a new kind, which resembles a known one, and two strange rows: they are found in one cluster."""
    rng = np.random.default_rng(8)
    means = np.linalg.qr(np.stack([VECTORS[group == GROUP].mean(axis=0) for group in range(6)]).T)[0]
    strange = rng.standard_normal((2, 32))
    few = unit(VECTORS[:4] + 0.5 * unit(rng.standard_normal((1, 32))))
    vectors = np.concatenate([VECTORS, few, unit(strange - strange @ means @ means.T)])
    previous = np.concatenate([NAMES, [""] * 6])
    monkeypatch.setattr(LeidenClusterer, "_communities", lambda _, texts: [np.where(texts.known == "", 0, 1)])
    assert len(LeidenClusterer(previous=previous).fit(vectors).themes_) == 6
    more = np.concatenate([vectors[:-2], unit(VECTORS[4:6] + 0.5 * unit(rng.standard_normal((1, 32))))])
    assert len(LeidenClusterer(previous=previous).fit(more).themes_) == 7, "six that are like others would make one"


def test_beside_a_single_passage_nothing_is_unusual() -> None:
    three = unit(np.array([[1.0, 0, 0], [0.4, 1, 0], [0.4, 0, 1]]))
    placed = Placed(np.zeros(3, dtype=int), ["T01"], np.zeros(3, dtype=bool))
    assert settle_new(three, placed, np.array(["T01", "", ""]), 3, None).tolist() == [0] * 3


def test_what_waits_stays_as_it_is_until_something_new_comes_near() -> None:
    """The same rows again, whatever waits: nothing joins, nothing is made."""
    previous = np.where((GROUP == 3) | (np.arange(len(GROUP)) % 9 == 0), "", NAMES)
    waited = previous == ""
    again = LeidenClusterer(min_themes=2, previous=previous, waited=waited).fit(VECTORS)
    assert (np.array([*(theme or "new" for theme in again.themes_), ""])[again.labels_] == previous).all()
    assert (themes_of(previous) != previous).any(), "as new rows they would be placed"


@given(st.integers(0, 2**32 - 1))
def test_placing_is_done_once(seed: int) -> None:
    """Where a run has left everything is where the next one leaves it, whatever the clusters say by then."""
    rng = np.random.default_rng(seed)
    previous = np.where(rng.random(60) < 0.6, rng.choice(["T01", "T02", "T03"], 60), "")
    waited, graph = (previous == "") & (rng.random(60) < 0.5), neighbour_graph(VECTORS[:60], 5)
    placed = place(previous, [rng.integers(-1, 4, 60)], graph, np.ones(60), 4, waited)
    names = np.array([theme or f"T9{n}" for n, theme in enumerate(placed.themes)] + [""])[placed.labels]
    placed = place(names, [rng.integers(-1, 4, 60)], graph, np.ones(60), 4, names == "")
    assert (np.array([*(theme or "new" for theme in placed.themes), ""])[placed.labels] == names).all()


def test_what_waits_joins_what_comes_near_and_no_other() -> None:
    """Half of a group waits, too few to be a theme; the other half comes: they are one. Elsewhere nothing moves."""
    late = (GROUP == 3) & (np.cumsum(GROUP == 3) > 4)
    odd = (GROUP == 5) & (np.cumsum(GROUP == 5) <= 2)
    waited = ((GROUP == 3) & ~late) | odd
    previous = np.where((GROUP == 3) | odd, "", NAMES)
    fitted = LeidenClusterer(min_themes=2, previous=previous, waited=waited).fit(VECTORS)
    found = np.array([*(theme or "new" for theme in fitted.themes_), ""])[fitted.labels_]
    assert set(found[GROUP == 3]) == {"new"}
    assert set(found[odd]) == {""}, "no new row is near them"
