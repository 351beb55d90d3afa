"""The draw: every theme is in it, near misses are, weights add up to the study, and order makes no difference."""

from collections import Counter

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.agreement.precision import weights
from pipeline.agreement.sampling import ELSEWHERE, NEAR, SMALL, draw, nearness, themes_of
from tests.agreement.conftest import LABELS, Small, some_vectors


def study(sizes: dict[str, int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Passages without words, so many of each theme; "" is unassigned."""
    rows = [(f"{theme or 'none'}-{n}", theme, n / 100) for theme, size in sizes.items() for n in range(size)]
    ids = [row[0] for row in rows]
    passages = pd.DataFrame({"passage_id": ids, "text_hash": [f"h{p}" for p in ids], "review": ""})
    assignments = pd.DataFrame(rows, columns=["passage_id", "theme_id", "margin"])
    return passages, assignments.assign(rank=1, similarity=0.5)


sizes = st.dictionaries(st.sampled_from(["", "T01", "T02", "T03", "T04", "T05"]), st.integers(1, 40), min_size=1)


@given(sizes, st.integers(1, 80), st.integers(0, 3))
def test_every_passage_is_stood_for_once(sizes: dict[str, int], n: int, seed: int) -> None:
    passages, assignments = study(sizes)
    themes = sorted(filter(None, sizes))
    sample = draw(passages, assignments, {}, themes, n, ["A"], seed)
    drawn = [one.passage_id for one in sample.drawn]
    assert len(drawn) == len(set(drawn)) == min(n, len(passages))
    assert sum(sample.sizes.values()) == len(passages)
    counts = Counter(one.stratum for one in sample.drawn)
    assert all(counts[stratum] <= size for stratum, size in sample.sizes.items())
    found, unrepresented = weights(sample, drawn)
    assert sum(found.values()) + unrepresented == pytest.approx(len(passages))
    shuffled = draw(passages[::-1], assignments.sample(frac=1, random_state=seed), {}, themes, n, ["A"], seed)
    assert shuffled.sample_id == sample.sample_id


def test_every_theme_of_some_size_is_there_and_so_is_what_is_in_none() -> None:
    passages, assignments = study({"": 60, "T01": 400, "T02": 30, "T03": 6, "T04": 2})
    sample = draw(passages, assignments, {}, ["T01", "T02", "T03", "T04"], 40, ["A"], 1)
    counts = Counter(one.stratum.split(" close")[0] for one in sample.drawn)
    assert all(counts[theme] >= 6 for theme in ("T01", "T02", "T03")) and counts[SMALL] == 2
    assert counts[NEAR] == 8 and counts[ELSEWHERE] == 4
    assert sample.sizes["T01 close call"] + sample.sizes["T01"] == 400


def test_near_misses_are_those_most_like_a_theme_they_are_not_in(small: Small) -> None:
    ids = small.passages["passage_id"].tolist()
    near = nearness(some_vectors(small), ids, themes_of(small.assignments), list(LABELS))
    unassigned = small.assignments.loc[small.assignments["theme_id"] == "", "passage_id"]
    assert min(near[p] for p in unassigned) > 0.9, "left out, and yet as like their theme as those in it"
    inside = [p for p, themes in themes_of(small.assignments).items() if len(themes) == 1]
    assert max(near[p] for p in inside) < 0.6
    passages, assignments = study({"": 30, "T01": 10})
    sample = draw(passages, assignments, {"none-3": 0.9, "none-4": 0.8}, ["T01"], 20, ["A"], 1)
    assert sample.sizes[NEAR] == 10
    again = draw(passages, assignments, {f"none-{n}": 0.9 for n in range(10)}, ["T01"], 30, ["A"], 1)
    near_ones = {one.passage_id for one in again.drawn if one.stratum == NEAR}
    assert near_ones <= {f"none-{n}" for n in range(10)}


def test_what_waits_for_review_is_not_drawn(small: Small) -> None:
    held = small.passages["passage_id"].tolist()[:5]
    review = ["unknown_name" if p in held else "" for p in small.passages["passage_id"]]
    sample = draw(small.passages.assign(review=review), small.assignments, {}, list(LABELS), 40, ["A"], 1)
    assert len(sample.drawn) == 35 and not {one.passage_id for one in sample.drawn} & set(held)


def test_only_some_themes(small: Small) -> None:
    sample = small.sample(12, themes=("T02",))
    assert {one.stratum for one in sample.drawn} <= {"T02", "T02 close call", NEAR, ELSEWHERE}
    assert (
        sum(size for stratum, size in sample.sizes.items() if stratum.startswith("T02")) == 7
    )  # one by its second row


def test_coders_have_orders_of_their_own_and_a_seed_another_draw(small: Small) -> None:
    sample = small.sample(20)
    assert sorted(sample.order_for("A")) == sorted(sample.order_for("B")) and sample.order_for("A") != sample.order_for(
        "B"
    )
    assert small.sample(20).sample_id == sample.sample_id != small.sample(20, seed=8).sample_id


def test_what_was_not_coded_is_stood_for_by_what_was_in_its_stratum() -> None:
    passages, assignments = study({"T01": 50, "T02": 10})
    sample = draw(passages, assignments, {}, ["T01", "T02"], 6, ["A"], 1)
    mine = [one.passage_id for one in sample.drawn if one.stratum == "T01"]
    assert weights(sample, mine[:1]) == ({mine[0]: 50.0}, 10)


def test_themes_come_main_one_first() -> None:
    rows = [("p", "T02", 2), ("p", "T01", 1), ("q", "", 1)]
    assert themes_of(pd.DataFrame(rows, columns=["passage_id", "theme_id", "rank"])) == {"p": ("T01", "T02"), "q": ()}
