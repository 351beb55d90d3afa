"""Ids that stay from run to run."""

import numpy as np

from pipeline.themes.identity import matched, new_ids, recognised

LABELS = np.array([1] * 5 + [0] * 9 + [2] * 4 + [-1] * 2)


def test_the_first_run_is_numbered_by_size() -> None:
    assert new_ids(["", "", ""], LABELS, frozenset()) == {0: "T01", 1: "T02", 2: "T03"}
    assert new_ids(["", ""], np.array([0, 1, 1]), frozenset()) == {1: "T01", 0: "T02"}


def test_equally_large_ones_are_numbered_in_the_order_of_rows() -> None:
    assert new_ids(["", ""], np.array([1, 0, 1, 0]), frozenset()) == {1: "T01", 0: "T02"}


def test_known_themes_keep_their_ids_and_new_ones_get_numbers_never_used() -> None:
    assert new_ids(["T02", "", "T09"], LABELS, frozenset({"T11"})) == {0: "T02", 1: "T12", 2: "T09"}
    assert new_ids(["T02", ""], np.array([0, 1]), frozenset()) == {0: "T02", 1: "T03"}


def test_nothing_assigned() -> None:
    assert new_ids([], np.full(20, -1), frozenset({"T01"})) == {}


def before(labels: np.ndarray) -> np.ndarray:
    return np.array([f"T{label + 1:02d}" if label >= 0 else "" for label in labels.tolist()])


def test_themes_found_anew_are_matched_whatever_their_labels() -> None:
    renumbered = np.array([{0: 2, 1: 0, 2: 1, -1: -1}[label] for label in LABELS.tolist()])
    assert matched(renumbered, before(LABELS)) == ["T02", "T03", "T01"]


def test_new_rows_do_not_take_a_theme_its_id() -> None:
    labels = np.concatenate([LABELS, np.repeat([1, 3], 15)])
    was = np.concatenate([before(LABELS), np.repeat("", 30)])
    assert matched(labels, was) == ["T01", "T02", "T03", ""]


def test_a_split_theme_leaves_its_id_with_the_larger_part() -> None:
    was = np.array(["T01"] * 10 + ["T02"] * 10)
    assert matched(np.array([0] * 3 + [1] * 7 + [2] * 10), was) == ["", "T01", "T02"]


def test_too_little_in_common_is_another_theme() -> None:
    assert matched(np.zeros(20, dtype=int), np.array(["T01"] * 1 + ["T02"] * 1 + ["T03"] * 18)) == ["T03"]
    assert matched(np.array([0] * 10 + [1] * 10), np.array(["T01"] * 10 + ["T01"] + [""] * 9)) == ["T01", ""]
    assert matched(np.full(3, -1), np.array(["T01", "", ""])) == []


def turned(*degrees: float) -> np.ndarray:
    angles = np.radians(degrees)
    return np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float32)


def test_themes_of_elsewhere_are_recognised_one_to_one_and_none_that_is_only_alike() -> None:
    elsewhere = dict(zip(["T40", "T41"], turned(0, 10), strict=True))
    assert recognised(turned(12, 120, 28), elsewhere) == {0: "T40", 2: "T41"}, "together they are the most alike"
    assert recognised(turned(44), elsewhere | {"T42": np.ones(3, dtype=np.float32)}) == {0: "T41"}
    assert recognised(turned(58, 120), elsewhere) == {}, "a cosine of .67 is too little"
    assert recognised(np.zeros((0, 2), dtype=np.float32), elsewhere) == {}
