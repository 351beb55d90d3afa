"""A filled-in workbook: what it decides, and for everything unclear one line that names the cell and not its words."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.review.importing import read_rows
from pipeline.review.vocabulary import Choice
from pipeline.review.words import find_words, named_words
from pipeline.review.workbook import CHECK, CHOICE, COMMENT, ID, INITIALS, SHOWN, WORDS
from tests.review.conftest import FIRST, Small, small


def words_of(extents) -> list[str]:
    return [FIRST[start:end] for start, end in extents]


def test_each_choice_becomes_offsets(study: Small, decide) -> None:
    cases = study.cases()
    row = {ID: "s1", INITIALS: "AB", COMMENT: "known to all"}
    ((also, remark),) = decide(cases, {**row, CHOICE: "Redact also these words ", WORDS: "Gaz"}).decided
    assert [(FIRST[m.start : m.end], m.noun) for m in also.masks] == [("Gaz", "redacted")]
    assert words_of(also.seen) == ["Gemma", "Niche"]
    assert (remark.initials, remark.comment) == ("AB", "known to all")
    ((general, _),) = decide(cases, {**row, CHOICE: "generalise", WORDS: "Gemma", SHOWN: "role"}).decided
    assert [(FIRST[m.start : m.end], m.noun) for m in general.masks] == [("Gemma", "role")]
    ((keep, _),) = decide(cases, {**row, CHOICE: "keep these words", WORDS: "niche"}).decided
    assert words_of(keep.keeps) == ["Niche"] and words_of(keep.seen) == ["Gemma"]
    ((drop, _),) = decide(cases, {**row, CHOICE: "drop the quote"}).decided
    assert drop.drops and drop.seen == ()


def test_two_rows_about_one_passage_add_up(study: Small, decide) -> None:
    checked = decide(
        study.cases(),
        {ID: "s1", CHOICE: "redact also these words", WORDS: "Gaz"},
        {ID: "s1", CHOICE: "keep these words", WORDS: "Niche"},
    )
    ((decision, _),) = checked.decided
    assert checked.problems == [] and decision.choices == (Choice.KEEP_WORDS, Choice.REDACT_ALSO)
    segments, _ = study.apply(decision)
    assert segments["s1"].text.startswith("[person] said Niche froze again. [redacted], our")


def test_empty_rows_stay_undecided(study: Small, decide) -> None:
    checked = decide(study.cases())
    assert (checked.decided, checked.problems, checked.undecided) == ([], [], 2)


MISTAKES = [
    ({CHOICE: "publish"}, "E2", "is not a decision of the list"),
    ({CHOICE: "redact also these words"}, "F2", "is empty"),
    ({CHOICE: "redact also these words", WORDS: "Gaz\nCanary"}, "F2", "number 2 of its words is not in the passage"),
    ({CHOICE: "redact also these words", WORDS: "[person]"}, "F2", "not in the passage"),
    ({CHOICE: "redact also these words", WORDS: "dispatch"}, "F2", "not in the passage"),
    ({CHOICE: "redact as proposed", WORDS: "Gaz"}, "F2", "does not use it"),
    ({CHOICE: "generalise", WORDS: "Gaz"}, "G2", "is empty"),
    ({CHOICE: "generalise", WORDS: "Gaz", SHOWN: "Canary"}, "G2", "is not a placeholder"),
    ({CHOICE: "drop the quote", SHOWN: "role"}, "G2", "does not use it"),
    ({CHOICE: "keep as it stands"}, "E2", "would show what was found to be a name"),
    ({WORDS: "Gaz"}, "E2", "is empty, but words are filled in"),
    ({CHOICE: "drop the quote", ID: "Canary"}, "A4", "is no id of this study"),
    ({CHOICE: "drop the quote", CHECK: "0123456789abcdef"}, "N2", "has changed since the export"),
]


@pytest.mark.parametrize(("row", "cell", "words"), MISTAKES, ids=[f"{cell} {words}" for _, cell, words in MISTAKES])
def test_each_mistake_is_one_line_that_names_its_cell(study: Small, decide, row, cell: str, words: str) -> None:
    checked = decide(study.cases(), {ID: "s1", **row}, {ID: "s2", CHOICE: "redact as proposed"})
    (problem,) = checked.problems
    line = str(problem)
    assert f"review.xlsx, Review!{cell}: " in line and words in line and "\n" not in line and "→" in line
    assert not any(word in line for word in ("Gaz", "Canary", "Gemma", "dispatch "))
    assert [decision.segment_id for decision, _ in checked.decided] == ["s2"]


def test_a_passage_that_changed_after_the_export_is_not_decided(study: Small, decide) -> None:
    exported = study.cases()
    now = study.with_text("s1", FIRST.replace("twice", "once")).cases()
    row = {ID: "s1", CHOICE: "keep these words", WORDS: "Niche", CHECK: exported["s1"].check}
    (problem,) = decide(now, row).problems
    assert "has changed since the export" in str(problem)


@pytest.mark.parametrize("row", [{CHOICE: "keep these words", WORDS: "Niche froze"}, {CHOICE: "keep as it stands"}])
def test_what_is_on_the_roster_cannot_be_kept(study: Small, decide, row) -> None:
    proposals = {"s1": (("Niche", "ORGANISATION", "organisation"),), "s2": ()}
    cases = small(study.document, proposals, protected=("Niche",)).cases()
    (problem,) = decide(cases, {ID: "s1", **row}).problems
    assert "particular of a contributor" in str(problem)
    assert decide(small(study.document, proposals).cases(), {ID: "s1", **row}).problems == []


def test_keep_as_it_stands_shows_the_original_again(study: Small, decide) -> None:
    quasi = small(study.document, {"s1": (("Niche", "ORGANISATION", "organisation"),), "s2": ()})
    ((decision, _),) = decide(quasi.cases(), {ID: "s1", CHOICE: "keep as it stands"}).decided
    assert quasi.apply(decision)[0]["s1"].text == FIRST


DISAGREEING = [
    ({CHOICE: "redact as proposed"}, {CHOICE: "drop the quote"}),
    ({CHOICE: "keep these words", WORDS: "Niche"}, {CHOICE: "redact also these words", WORDS: "Niche froze"}),
    ({CHOICE: "generalise", WORDS: "Gaz", SHOWN: "role"}, {CHOICE: "generalise", WORDS: "Gaz", SHOWN: "person"}),
]


@pytest.mark.parametrize(("one", "two"), DISAGREEING)
def test_rows_that_disagree_decide_nothing(study: Small, decide, one, two) -> None:
    checked = decide(study.cases(), {ID: "s1", **one}, {ID: "s1", **two})
    assert checked.decided == [] and len(checked.problems) == 1


def test_later_parts_of_a_long_passage_are_not_decided_in(study: Small, decide) -> None:
    long = study.with_text("s1", FIRST + " It went on and on." * 200)
    n = "s1 (part 2 of 3)"
    (problem,) = decide(long.cases(), {ID: n, CHOICE: "drop the quote"}).problems
    assert "decide in its first row" in str(problem)


def test_a_file_that_is_no_review_is_refused(tmp_path: Path, study: Small, decide) -> None:
    from openpyxl import Workbook, load_workbook

    other = tmp_path / "other.xlsx"
    Workbook().save(other)
    with pytest.raises(InputError, match="has no sheet Review"):
        read_rows(other)
    (tmp_path / "text.xlsx").write_text("just text, Decision\n")
    with pytest.raises(InputError, match="is not an Excel workbook"):
        read_rows(tmp_path / "text.xlsx")
    with pytest.raises(InputError, match=r"missing\.xlsx"):
        read_rows(tmp_path / "missing.xlsx")
    decide(study.cases())
    book = load_workbook(tmp_path / "review.xlsx")
    book["Review"].delete_cols(1)
    book.save(tmp_path / "cut.xlsx")
    with pytest.raises(InputError, match="has no column Id"):
        read_rows(tmp_path / "cut.xlsx")


def test_a_formula_decides_nothing_silently(study: Small, decide, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"review\.xlsx, Review!E2: holds a formula") as caught:
        decide(study.cases(), {ID: "s1", CHOICE: '="drop the "&"quote"'}, {ID: "s2", WORDS: "=A1"})
    cells = [message.partition(": ")[0] for message in caught.value.messages]
    assert cells == ["review.xlsx, Review!E2", "review.xlsx, Review!F3"]
    assert "drop" not in str(caught.value)
    from openpyxl import load_workbook

    decide(study.cases())
    book = load_workbook(tmp_path / "review.xlsx")
    book["Review"].cell(1, 30).value = "mine"
    book["Review"].cell(2, 30).value = "=1+1"
    book.save(tmp_path / "review.xlsx")
    assert len(read_rows(tmp_path / "review.xlsx")) == 2, "a column of one's own may hold what it likes"


def test_words_are_found_however_a_spreadsheet_renders_them() -> None:
    text = "Sgt O’Neill\nof the\u00a0Yard; the so\u00adcalled Łukasz."
    assert [text[a:b] for a, b in find_words(text, "O'Neill of the Yard")] == ["O’Neill\nof the\u00a0Yard"]
    assert [text[a:b] for a, b in find_words(text, "socalled")] == ["so\u00adcalled"]
    assert [text[a:b] for a, b in find_words(text, "lukasz")] == ["Łukasz"]
    assert find_words(text, "Neil") == [] and find_words(text, " ") == []
    assert find_words("May may", "may") == [(4, 7)]
    assert named_words("“Gaz”; our dispatcher\n\n Gaz ") == ["Gaz", "our dispatcher"]


def test_what_another_decision_redacts_cannot_be_kept_here(study: Small, decide) -> None:
    case = study.cases()["s1"]
    by_decision = tuple(replace(span, source="review", kind="quasi") for span in case.proposal)
    (problem,) = decide({"s1": replace(case, proposal=by_decision)}, {ID: "s1", CHOICE: "keep as it stands"}).problems
    assert "another passage" in str(problem)
