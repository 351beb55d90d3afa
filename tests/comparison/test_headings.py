"""Headings in place of themes: people count once in each, and the same is suppressed."""

import pandas as pd
import pytest

from pipeline.comparison import by_heading, co_occurrence, compare, saturation
from tests.comparison.helpers import Said, study_of

KIT = {"A": "Kit", "B": "Kit"}


def people_in(frames, theme: str) -> tuple[float, float, float]:
    row = compare(frames, "group", least=2).overall.set_index("theme_id").loc[theme]
    return row["people"], row["of"], row["passages"]


def test_a_person_in_two_themes_of_a_heading_counts_once() -> None:
    people = [Said(themes=("A", "B"))] * 6 + [Said(themes=("A",))] * 4 + [Said(themes=("C",))] * 5 + [Said()] * 5
    frames = study_of(people, headings=KIT)
    above = by_heading(frames)
    assert people_in(frames, "A")[0] + people_in(frames, "B")[0] == 16
    assert people_in(above, "HA") == (10, 20, 16), "not the sum of its themes"
    assert people_in(above, "C") == people_in(frames, "C"), "a theme without a heading stands for itself"
    assert above.themes.set_index("theme_id")["label"].to_dict() == {"HA": "Kit", "C": "Theme C"}
    assert above.themes[["n_contributors", "n_passages"]].to_numpy().tolist() == [[10, 16], [5, 5]]
    assert above.people["n_themes"].max() == 1
    pair = co_occurrence(above, 2).pairs
    assert pair[["theme_id", "other_id", "people"]].to_numpy().tolist() == [["HA", "C", 0]]
    assert saturation(above, 2).themes == 2


def test_a_passage_of_two_themes_of_a_heading_counts_once() -> None:
    frames = study_of([Said(themes=("A",))] * 8 + [Said()] * 4, headings=KIT)
    both = pd.concat([frames.mentions, frames.mentions.assign(theme_id="B", theme="Theme B", rank=2)])
    above = by_heading(type(frames)(**{**vars(frames), "mentions": both}))
    assert people_in(above, "HA") == (8, 12, 8)
    assert set(above.mentions["rank"]) == {1}


def test_two_questions_may_have_a_heading_of_one_name_each() -> None:
    people = [Said(themes=(theme,)) for theme in "ABC"]
    frames = study_of(people, headings=dict.fromkeys("ABC", "Kit"))
    asked = frames.themes["theme_id"].map({"A": "q1", "B": "q1", "C": "q2"})
    above = by_heading(type(frames)(**{**vars(frames), "themes": frames.themes.assign(question_id=asked)}))
    assert sorted(above.themes["n_contributors"]) == [1, 2] and set(above.themes["label"]) == {"Kit"}


def test_a_theme_that_a_heading_is_called_after_stands_under_it() -> None:
    people = [Said(themes=("A",))] * 4 + [Said(themes=("C",))] * 3
    above = by_heading(study_of(people, headings={"A": "Theme C", "B": "Theme C", "C": "Other"}))
    assert above.themes["label"].tolist() == ["Theme C"] and people_in(above, "HA") == (7, 7, 7)


@pytest.mark.parametrize(("in_a", "in_b", "shown"), [(3, 4, True), (2, 2, False)])
def test_what_is_suppressed_is_decided_for_the_heading(in_a: int, in_b: int, shown: bool) -> None:
    people = [Said("Officer", ("A",))] * in_a + [Said("Officer", ("B",))] * in_b + [Said("Officer")] * 20
    people += [Said("Buyer", ("A",))] * 8 + [Said("Buyer", ("B",))] * 8 + [Said("Buyer")] * 20
    frames = study_of(people, headings=KIT)
    cells = compare(frames, "group", least=6).cells.set_index(["theme_id", "level"])["shown"]
    assert not cells["A", "Officer"] and not cells["B", "Officer"]
    compared = compare(by_heading(frames), "group", least=6).cells.set_index(["theme_id", "level"])
    assert bool(compared.loc[("HA", "Officer"), "shown"]) is shown
    assert pd.isna(compared.loc[("HA", "Officer"), "people"]) is not shown
