"""Every measure against examples counted by hand."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluation.gold import GoldPassage, Mark, Stretch
from pipeline.evaluation.scoring import (
    Prediction,
    count_groups,
    count_passage,
    coverage,
    f_beta,
    is_masked,
    merged,
    missed,
)

TEXT = "Ask Sgt Anwen Pugh of Kent, badge 4471, not Will."
#       0123456789012345678901234567890123456789012345678
NAME = Mark(8, 18, "PERSON", "direct")
FORCE = Mark(22, 26, "FORCE", "quasi")
BADGE = Mark(28, 38, "OFFICER_NUMBER", "direct", core=(34, 38))
MAYBE = Mark(4, 7, "ROLE", "quasi", must=False)
WILL = (44, 48)


def passage(*marks: Mark, **more: object) -> GoldPassage:
    return GoldPassage("p", "d", str(more.pop("group", "d")), TEXT, marks, **more)  # pyright: ignore[reportArgumentType]


def masks(*spans: Stretch, label: str = "PERSON", held: bool = False) -> Prediction:
    return Prediction(tuple((start, end, label) for start, end in spans), held)


def test_a_mark_counts_only_if_all_of_it_is_masked_but_for_its_punctuation() -> None:
    marked = passage(NAME)
    assert missed(marked, masks((8, 18))) == []
    assert missed(marked, masks((8, 13), (14, 18))) == []  # the space may stay
    assert missed(marked, masks((8, 17))) == [NAME]
    assert missed(marked, masks()) == [NAME]
    assert missed(passage(MAYBE), masks()) == []


def test_masking_the_core_alone_is_enough() -> None:
    assert missed(passage(BADGE), masks((34, 38))) == []
    assert missed(passage(BADGE), masks((28, 33))) == [BADGE]


def test_a_passage_counted_by_hand() -> None:
    marked = passage(NAME, FORCE, BADGE, MAYBE, traps=(WILL,))
    counts = count_passage(marked, masks((8, 18), (41, 48)), annotated=False, names_only=False)
    assert counts == {
        "recall.direct": (1, 2),
        "recall.quasi": (0, 1),
        "label_recall.PERSON": (1, 1),
        "label_recall.FORCE": (0, 1),
        "label_recall.OFFICER_NUMBER": (0, 1),
        "recall_after_holding.direct": (1, 2),
        "recall_after_holding.quasi": (0, 1),
        "traps_hit": (1, 1),
        "other_words_masked": (2, 4),  # Ask, of, not, Will; what may go is no other word
        "held": (0, 1),
        "passages_with_leak": (1, 1),
        "passages_with_leak_after_holding": (1, 1),
    }


def test_what_is_held_has_not_leaked() -> None:
    counts = count_passage(passage(NAME, FORCE), masks((22, 26), held=True), annotated=False, names_only=False)
    assert counts["recall.direct"] == (0, 1) and counts["recall_after_holding.direct"] == (1, 1)
    assert counts["held"] == counts["passages_with_leak"] == (1, 1)
    assert counts["passages_with_leak_after_holding"] == (0, 1)


ANNOTATED = passage(
    Mark(8, 18, "PERSON", "direct", entity="e1", annotator="a"),
    Mark(44, 48, "PERSON", "direct", entity="e1", annotator="a"),
    Mark(22, 26, "ORG", "quasi", entity="e2", annotator="a"),
    Mark(8, 18, "PERSON", "direct", entity="e1", annotator="b"),
    annotators=("a", "b"),
)


def test_annotated_gold_counted_by_hand() -> None:
    counts = count_passage(ANNOTATED, masks((4, 18), (22, 26)), annotated=True, names_only=False)
    assert counts["entity_recall.direct"] == (1, 2)  # for a, "Will" is left; for b, nothing is
    assert counts["entity_recall.quasi"] == (1, 1)
    assert counts["token_recall"] == (5, 6)  # a: Anwen, Pugh, Kent of these and Will; b: Anwen, Pugh
    assert counts["token_recall.direct"] == (4, 5)
    # Sgt, Anwen, Pugh, Kent, asked of two annotators each: a wanted three of them, b two
    assert counts["token_precision"] == (5, 8)
    assert counts["mention_precision"] == (1, 4)  # nobody marked "Sgt Anwen Pugh" whole; a marked Kent


def test_overlapping_masks_are_one_and_punctuation_at_their_ends_is_nobodys_mistake() -> None:
    prediction = masks((7, 13), (8, 18), (26, 27))
    counts = count_passage(ANNOTATED, prediction, annotated=True, names_only=False)
    assert counts["token_precision"] == (4, 4)
    assert counts["mention_precision"] == (2, 4)  # " Anwen Pugh" by both; the comma by neither


def test_what_is_ignorable_may_stay() -> None:
    mark = Mark(4, 18, "PERSON", "direct")
    assert missed(passage(mark, ignorable=((4, 7),)), masks((8, 18))) == []
    assert missed(passage(mark), masks((8, 18))) == [mark]


def test_where_only_names_are_marked_other_masks_are_no_mistakes_and_still_hide() -> None:
    counts = count_passage(ANNOTATED, masks((8, 18), (34, 38), label="DATE"), annotated=True, names_only=True)
    assert counts["other_words_masked"][0] == 0 and "token_precision" not in counts
    assert counts["token_recall"] == (4, 6)


def test_leaks_are_counted_by_whom_they_harm() -> None:
    passages = [
        passage(NAME, group="ann"),
        passage(FORCE, group="ann"),
        passage(FORCE, group="bob"),
        passage(group="cy"),
    ]
    predictions = [masks((8, 18)), masks(), masks(held=True), masks()]
    counted = [
        count_passage(p, m, annotated=False, names_only=False) for p, m in zip(passages, predictions, strict=True)
    ]
    groups = count_groups(passages, counted)
    leaks = {name: [counts[name] for counts in groups.values()] for name in groups["cy"] if name.startswith("groups_")}
    assert leaks == {
        "groups_with_direct_leak": [(0, 1), (0, 1), (0, 1)],
        "groups_with_leak": [(1, 1), (1, 1), (0, 1)],
        "groups_with_direct_leak_after_holding": [(0, 1), (0, 1), (0, 1)],
        "groups_with_leak_after_holding": [(1, 1), (0, 1), (0, 1)],
    }
    assert groups["ann"]["recall.quasi"] == (0, 1) and groups["ann"]["recall.direct"] == (1, 1)


@pytest.mark.parametrize(
    ("precision", "recall", "expected"), [(0.5, 1.0, 2.5 / 3), (1.0, 0.5, 2.5 / 4.5), (0, 0, 0), (1, 1, 1)]
)
def test_f2_believes_recall_twice_as_much(precision: float, recall: float, expected: float) -> None:
    assert f_beta(precision, recall) == pytest.approx(expected)


STRETCHES = st.lists(
    st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, 9)).map(lambda s: (s[0], min(sum(s), len(TEXT))))
)


@given(STRETCHES)
def test_merging_keeps_the_same_characters_and_parts_overlaps(stretches: list[Stretch]) -> None:
    together = merged(stretches)
    assert coverage(len(TEXT), together) == coverage(len(TEXT), stretches)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(together))


@given(STRETCHES, STRETCHES)
def test_more_masking_never_leaves_more(some: list[Stretch], more: list[Stretch]) -> None:
    marked = passage(NAME, FORCE, BADGE)
    assert set(missed(marked, masks(*some, *more))) <= set(missed(marked, masks(*some)))


@given(STRETCHES)
def test_masked_is_what_leaves_no_letter_or_digit(stretches: list[Stretch]) -> None:
    gone = coverage(len(TEXT), stretches)
    left = "".join(c for c, away in zip(TEXT, gone, strict=True) if not away)
    assert is_masked(TEXT, gone, 0, len(TEXT)) == (not any(c.isalnum() for c in left))
