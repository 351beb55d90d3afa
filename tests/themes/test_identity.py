"""Ids that stay from run to run."""

import numpy as np
import pandas as pd

from pipeline.tables import ASSIGNMENTS, conform
from pipeline.themes.identity import theme_ids

IDS = [f"p{n:02d}" for n in range(20)]
LABELS = np.array([1] * 5 + [0] * 9 + [2] * 4 + [-1] * 2)


def assignments(themes: list[str], ids: list[str] = IDS) -> pd.DataFrame:
    rows = pd.DataFrame({"passage_id": ids, "theme_id": themes}).assign(similarity=0.5, margin=0.1)
    return conform(rows, ASSIGNMENTS)


def given(ids: dict[int, str], labels: np.ndarray) -> list[str]:
    return [ids.get(int(label), "") for label in labels]


def test_the_first_run_is_numbered_by_size() -> None:
    assert theme_ids(IDS, LABELS, None) == {0: "T01", 1: "T02", 2: "T03"}


def test_the_same_themes_keep_their_ids_whatever_their_labels() -> None:
    before = given(theme_ids(IDS, LABELS, None), LABELS)
    renumbered = np.array([{0: 2, 1: 0, 2: 1, -1: -1}[label] for label in LABELS.tolist()])
    assert given(theme_ids(IDS, renumbered, assignments(before)), renumbered) == before


def test_new_passages_do_not_take_a_theme_its_id() -> None:
    before = assignments(given(theme_ids(IDS, LABELS, None), LABELS))
    more, labels = [*IDS, *(f"q{n:02d}" for n in range(30))], np.concatenate([LABELS, np.repeat([1, 3], 15)])
    ids = theme_ids(more, labels, before)
    assert {0: "T01", 1: "T02", 2: "T03"}.items() <= ids.items()
    assert ids[3] == "T04"


def test_a_vanished_themes_number_is_not_used_again() -> None:
    before = assignments(["T01"] * 9 + ["T07"] * 5 + [""] * 6)
    labels = np.array([0] * 9 + [-1] * 5 + [1] * 6)
    assert theme_ids(IDS, labels, before) == {0: "T01", 1: "T08"}
    assert theme_ids(IDS, labels, before, frozenset({"T11"}))[1] == "T12"


def test_a_split_theme_leaves_its_id_with_the_larger_part() -> None:
    before = assignments(["T01"] * 10 + ["T02"] * 10)
    labels = np.array([0] * 3 + [1] * 7 + [2] * 10)
    assert theme_ids(IDS, labels, before) == {1: "T01", 2: "T02", 0: "T03"}


def test_too_little_in_common_is_another_theme() -> None:
    before = assignments(["T01"] + [""] * 19)
    assert theme_ids(IDS, np.zeros(20, dtype=int), before) == {0: "T02"}


def test_nothing_assigned() -> None:
    assert theme_ids(IDS, np.full(20, -1), assignments(["T01"] * 20)) == {}
    assert theme_ids([], np.array([], dtype=int), None) == {}
