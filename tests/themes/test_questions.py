"""Themes per question: each question as if it were a study of its own, with ids and names of one study."""

import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.embedding import embed_texts
from pipeline.ids import text_hash
from pipeline.study import Disclosure, Embedding, Themes
from pipeline.tables import ASSIGNMENTS, IDEAS, PASSAGES, THEMES, check, conform
from pipeline.themes import Found, Past, find_themes
from pipeline.themes.labels import Naming
from pipeline.themes.naming import Said
from pipeline.themes.questions import headings_apart, homes, told_apart, without_question
from tests.fakes import SUBJECTS, HashEncoder, passages_table

PER_QUESTION = Themes(per="question", min_themes=2)
Answers = list[tuple[str, str]]  # question, text


def asked(answers: Answers) -> pd.DataFrame:
    """PASSAGES; a passage's id follows from its question and words, so that it is the same in every table."""
    rows = [
        passages_table([text], question_id=question).assign(
            passage_id=text_hash(question, text)[:16], contributor_id=text_hash(question, text)
        )
        for question, text in answers
    ]
    return conform(pd.concat(rows), PASSAGES) if rows else PASSAGES.empty()


def every(question: str, *subjects: str) -> Answers:
    return [(question, text) for subject in subjects for text in SUBJECTS[subject]]


def find(passages: pd.DataFrame, cache: Path, given: Themes = PER_QUESTION, **more: object) -> Found:
    encoder = HashEncoder()
    found = find_themes(
        passages,
        embed_texts(passages["text"].tolist(), Embedding(), cache, None, encoder)
        if len(passages)
        else np.zeros((0, 64)),
        settings=given,
        disclosure=Disclosure(),
        embedding=Embedding(),
        cache=cache,
        seed=7,
        questions={"q1": "What gets in the way?", "q2": "What would you change?"},
        blocked=frozenset(),
        encoder=encoder,
        **{"named": False, **more},
    )
    check(found.themes, THEMES), check(found.ideas, IDEAS), check(found.assignments, ASSIGNMENTS)
    assert set(found.assignments["passage_id"]) == set(passages["passage_id"])
    return found


def past(found: Found, **ideas: object) -> Past:
    return Past(found.themes, found.ideas.assign(**ideas))


def questions_of(found: Found, passages: pd.DataFrame) -> dict[str, set[str]]:
    """Theme → the questions that its ideas answer."""
    question = dict(zip(passages["passage_id"], passages["question_id"], strict=True))
    themed = found.ideas[found.ideas["theme_id"] != ""]
    return {str(t): {question[p] for p in rows["passage_id"]} for t, rows in themed.groupby("theme_id")}


def assert_kept_apart(found: Found, passages: pd.DataFrame) -> None:
    said = dict(zip(found.themes["theme_id"], found.themes["question_id"], strict=True))
    assert questions_of(found, passages) == {theme: {question} for theme, question in said.items()}


def placed(found: Found, passages: pd.DataFrame, question: str) -> dict[str, str]:
    """Idea → theme, of one question."""
    own = set(passages.loc[passages["question_id"] == question, "passage_id"])
    rows = found.ideas[found.ideas["passage_id"].isin(own)]
    return dict(zip(rows["idea_id"], rows["theme_id"], strict=True))


def themed(found: Found) -> dict[str, str]:
    """Idea → theme, of those that have one."""
    rows = found.ideas[found.ideas["theme_id"] != ""]
    return dict(zip(rows["idea_id"], rows["theme_id"], strict=True))


def together(themes: dict[str, str]) -> set[frozenset[str]]:
    """Which ideas share a theme, whatever it is called."""
    return {frozenset(i for i, own in themes.items() if own == theme) for theme in themes.values() if theme}


BOTH = every("q1", "radio", "passwords") + every("q2", "radio", "training") + every("", "forms", "radio")


@settings(max_examples=3)
@given(st.integers(0, 2**32))
def test_no_theme_has_ideas_of_two_questions(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    """Whoever said what in answer to what, also where the same was said, and whatever people moved where."""
    cache, rng = tmp_path_factory.mktemp("cache"), random.Random(seed)
    texts = [text for lines in SUBJECTS.values() for text in lines]
    answers = [(question, text) for text in texts for question in rng.sample(("q1", "q2", ""), rng.choice((1, 1, 2)))]
    passages = asked(answers)
    first = find(passages.sample(frac=0.7, random_state=seed % 1000).reset_index(drop=True), cache)
    ids = sorted(first.themes["theme_id"])
    moved = [rng.choice([*ids, "T77"]) if rng.random() < 0.3 else theme for theme in first.ideas["theme_id"]]
    for memory in (None, past(first), past(first, theme_id=moved)):
        found = find(passages, cache, past=memory)
        assert_kept_apart(found, passages)


def test_more_answers_to_one_question_change_nothing_about_another(tmp_path: Path) -> None:
    before = asked(every("q1", "radio", "passwords") + every("q2", "radio", "training"))
    after = asked([*BOTH, *every("q1", "training", "laptops")])
    first, fresh = find(before, tmp_path), find(after, tmp_path)
    assert together(placed(fresh, after, "q2")) == together(placed(first, before, "q2"))
    later = find(after, tmp_path, past=past(first))
    alone = find(before, tmp_path, past=past(first))
    assert placed(later, after, "q2") == placed(alone, before, "q2")
    assert themed(first).items() <= themed(later).items()
    assert set(later.themes["theme_id"]) > set(first.themes["theme_id"])


def test_ids_go_from_question_to_question_and_the_order_of_rows_makes_no_difference(tmp_path: Path) -> None:
    passages = asked(BOTH)
    one, other = (
        find(table, tmp_path) for table in (passages, passages.sample(frac=1, random_state=3).reset_index(drop=True))
    )
    for table in ("themes", "ideas", "assignments"):
        pd.testing.assert_frame_equal(getattr(one, table), getattr(other, table))
    assert one.themes["theme_id"].is_unique and one.themes["theme_id"].is_monotonic_increasing
    assert list(dict.fromkeys(one.themes["question_id"])) == ["q1", "q2", ""]


def test_another_setting_finds_themes_anew_and_keeps_ids_that_match(tmp_path: Path) -> None:
    """From study to question and back; an id that could go to two themes goes to one."""
    answers = every("q1", "passwords", "laptops") + every("q2", "training", "forms") + every("q1", "radio")[:5]
    passages = asked([*answers, *every("q2", "radio")[5:]])
    across = find(passages, tmp_path, Themes(min_themes=2))
    assert set(across.themes["question_id"]) == {""}
    assert any(len(questions) > 1 for questions in questions_of(across, passages).values())
    apart = find(passages, tmp_path, past=Past(across.themes, across.ideas, refit=True))
    assert_kept_apart(apart, passages)
    kept = set(across.themes["theme_id"]) & set(apart.themes["theme_id"])
    assert len(kept) >= 3
    new = set(apart.themes["theme_id"]) - kept
    assert not new & set(across.themes["theme_id"])
    back = find(passages, tmp_path, Themes(min_themes=2), past=Past(apart.themes, apart.ideas, refit=True))
    assert set(back.themes["question_id"]) == {""}
    assert together(placed(back, passages, "q1") | placed(back, passages, "q2")) == together(
        placed(across, passages, "q1") | placed(across, passages, "q2")
    )


@pytest.mark.parametrize("n", [0, 1, 3])
def test_a_question_with_too_few_answers_has_no_theme_and_loses_none(tmp_path: Path, n: int) -> None:
    few = [*every("q2", "training")[:n], ("q9", "[person]"), ("q9", "[place]")]
    passages = asked([*every("q1", "radio", "passwords"), *few])
    found = find(passages, tmp_path)
    assert set(found.themes["question_id"]) == {"q1"}
    small = set(passages.loc[passages["question_id"] != "q1", "passage_id"])
    rows = found.assignments[found.assignments["passage_id"].isin(small)]
    assert len(rows) == n + 2 and set(rows["theme_id"]) == {""}
    grown = asked([*every("q1", "radio", "passwords"), *every("q2", "training")])
    later = find(grown, tmp_path, past=past(found))
    assert themed(found).items() <= themed(later).items()
    assert set(later.themes["question_id"]) == {"q1", "q2"}


def test_nothing_but_small_questions_and_nothing_at_all(tmp_path: Path) -> None:
    assert find(asked([("q1", "Too slow"), ("q2", "Too dear"), ("", "Too much")]), tmp_path).themes.empty
    assert find(asked([]), tmp_path).themes.empty


def test_a_passage_that_people_moved_to_another_questions_theme_takes_none_along(tmp_path: Path) -> None:
    passages = asked(BOTH)
    first = find(passages, tmp_path)
    of = dict(zip(first.themes["theme_id"], first.themes["question_id"], strict=True))
    theme = next(theme for theme in of if of[theme] == "q1")
    own = passages.loc[passages["question_id"] == "q2", "passage_id"].iloc[:3]
    moved = first.ideas["theme_id"].where(~first.ideas["passage_id"].isin(own), theme)
    found = find(passages, tmp_path, past=past(first, theme_id=moved))
    assert_kept_apart(found, passages)
    assert dict(zip(found.themes["theme_id"], found.themes["question_id"], strict=True)) == of
    still = find(passages, tmp_path, past=past(first))
    assert found.counts == still.counts, "what a person did is no news"


def test_a_question_under_another_id_keeps_its_themes(tmp_path: Path) -> None:
    first = find(asked(BOTH), tmp_path)
    renamed = asked([("obstacles" if question == "q1" else question, text) for question, text in BOTH])
    found = find(renamed, tmp_path, past=past(first))
    was = first.themes["question_id"].replace("q1", "obstacles")
    assert dict(zip(found.themes["theme_id"], found.themes["question_id"], strict=True)) == dict(
        zip(first.themes["theme_id"], was, strict=True)
    )


def test_a_theme_is_at_home_where_it_was_found_or_where_most_of_it_is() -> None:
    themes = pd.DataFrame({"theme_id": ["T01", "T02"], "question_id": ["q1", "q7"]})
    before = np.array(["T01", "T01", "T02", "T03", "T03", "T03", ""])
    questions = np.array(["q2", "q2", "q2", "q1", "q2", "q2", "q1"])
    words = np.array([f"w{n}" for n in range(7)])
    ideas = pd.DataFrame({"theme_id": before, "text_hash": words})
    found = homes(themes, ideas, words, questions)
    assert {theme: found[theme] for theme in ("T01", "T02", "T03")} == {"T01": "q1", "T02": "q2", "T03": "q2"}
    told_in_both = homes(themes, ideas, np.append(words, ["w2"]), np.append(questions, ["q9"]))
    assert told_in_both["T02"] == "q9", "rather under the id that is new"


def test_names_that_two_questions_have_say_of_which() -> None:
    labels = {"T01": "Radio", "T02": "radio", "T03": "Training", "T04": "(unnamed theme 2)", "T05": "Radio"}
    names = {theme: Naming(label, (), low_confidence=False) for theme, label in labels.items()}
    questions = {"T01": "q1", "T02": "q2", "T03": "q2", "T04": "q1", "T05": ""}

    def told(last: dict[str, str]) -> list[str]:
        return [name.label for name in told_apart(names, questions, last).values()]

    rest = ["Training", "(unnamed theme 2, q1)", "Radio (outside a question)"]
    assert told({}) == ["Radio (q1)", "radio (q2)", *rest]
    assert told({"T01": "Radio"}) == ["Radio", "radio (q2)", *rest]  # a published name stays
    assert told({"T03": "Training (q2)"})[2] == "Training (q2)"
    assert told({"T03": "Lessons"})[2] == "Training"


def test_headings_that_two_questions_have_say_of_which() -> None:
    headings = {
        "T01": "Kit",
        "T02": "Kit",
        "T03": "kit",
        "T04": "Radio",
        "T05": "(unnamed theme)",
        "T06": "Rest",
        "T07": "",
    }
    questions = {"T01": "q1", "T02": "q1", "T03": "q2", "T04": "q2", "T05": "q1", "T06": "", "T07": "q1"}
    names = {"T01": Naming("Radio", (), low_confidence=False)}

    def told(**last: str) -> list[str]:
        table = pd.DataFrame({"question_id": list(last), "heading": list(last.values())})
        return list(headings_apart(headings, questions, names, table).values())

    rest = ["kit (q2)", "Radio (q2)", "(unnamed theme, q1)", "Rest"]
    assert told() == ["Kit (q1)", "Kit (q1)", *rest]
    assert told(q1="Kit") == ["Kit", "Kit", *rest]  # as published, also over a new theme
    assert told(q2="Kit") == told(q1="Sets") == told()
    for theme, printed in zip(headings, told(), strict=False):
        assert without_question(printed, questions[theme]) == headings[theme]


def test_headings_are_found_and_kept_within_a_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def headed(*given: object) -> Said:
        names = {n: Naming(f"Name {len(heard)}-{n}", (), low_confidence=False) for n in range(len(given[2].centroids))}
        heard.append(given[4].headings)
        return Said(names, {}, dict.fromkeys(names, "Kit"), {})

    heard: list[dict[int, str]] = []
    monkeypatch.setattr("pipeline.themes.discovery.say", headed)
    passages = asked(BOTH)
    first = find(passages, tmp_path, named=True)
    expected = {"q1": "Kit (q1)", "q2": "Kit (q2)", "": "Kit (outside a question)"}
    assert first.themes["heading"].tolist() == [expected[question] for question in first.themes["question_id"]]
    assert not any(heard)
    heard.clear()
    find(passages, tmp_path, named=True, past=past(first))
    assert [set(last.values()) for last in heard] == [{"Kit"}] * 3
    heard.clear()
    find(passages, tmp_path, Themes(min_themes=2), named=True, past=Past(first.themes, first.ideas, refit=True))
    assert heard == [dict.fromkeys(heard[0], "")]


@pytest.mark.models
def test_names_are_distinct_in_the_study_and_stay(tmp_path: Path) -> None:
    answers = [
        (question, text if question == "q1" else f"{text}, as I said")
        for question in ("q1", "q2")
        for _, text in every("", *SUBJECTS)
    ]
    passages = asked(answers)
    first = find(passages, tmp_path, named=True)
    assert first.themes["label"].is_unique
    assert first.themes["label"].str.endswith(")").any()  # the questions were answered alike
    again = find(passages, tmp_path, named=True, past=past(first))
    columns = ["theme_id", "question_id", "label"]
    pd.testing.assert_frame_equal(again.themes[columns], first.themes[columns])
