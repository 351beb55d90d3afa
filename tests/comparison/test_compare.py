"""Comparisons of small invented studies, from frames to words."""

import csv
import io
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pipeline.comparison import as_json, co_occurrence, compare, csv_bytes, saturation
from pipeline.comparison.intervals import wilson
from pipeline.comparison.prevalence import Comparison
from pipeline.comparison.together import lift
from pipeline.frames import StudyFrames, frames_of
from pipeline.tables import QUOTES
from tests.comparison.helpers import Said, drawn, study_of


def cell(compared: Comparison, theme: str, level: str) -> dict[str, object]:
    rows = compared.cells[(compared.cells["theme_id"] == theme) & (compared.cells["level"] == level)]
    return rows.iloc[0].to_dict()


def test_people_count_once_and_passages_each_time() -> None:
    people = [Said("Officer", ("A", "A", "A")), Said("Officer", ("B",)), Said("Officer")] * 4
    compared = compare(study_of(people), "group", least=2)
    row = compared.overall.set_index("theme_id").loc["A"]
    assert (row["people"], row["of"], row["passages"]) == (4, 12, 12)
    assert row["passage_share"] == pytest.approx(12 / 20)
    assert row["low"] < row["share"] < row["high"]


def test_a_share_of_passages_has_the_interval_of_its_people() -> None:
    """Ninety passages of one person are not the word of ninety."""
    talker = [Said("Officer", ("A",) * 90)] + [Said("Officer", ("B",))] * 10
    of_one = compare(study_of(talker), "group", least=1).overall.set_index("theme_id").loc["A"]
    assert of_one["passage_share"] == pytest.approx(0.9)
    assert of_one["passage_low"] < 0.3 and of_one["passage_high"] > 0.9
    alone = compare(study_of(talker[:1]), "group", least=1).overall.set_index("theme_id").loc["A"]
    assert (alone["passage_low"], alone["passage_high"]) == pytest.approx(wilson(1, 1)), (
        "one person, whatever they said"
    )
    many = [Said("Officer", ("A",) * 9 + ("B",))] * 10
    of_many = compare(study_of(many), "group", least=1).overall.set_index("theme_id").loc["A"]
    assert of_many["passage_share"] == pytest.approx(0.9)
    assert 0.75 < of_many["passage_low"] < wilson(90, 100)[0] < 0.9 < of_many["passage_high"] < 0.98
    each = [Said("Officer", (theme,)) for theme in "AAAB"] * 10
    once = compare(study_of(each), "group", least=1)
    for table in (once.overall, once.cells):
        row = table.set_index("theme_id").loc["A"]
        assert (row["passage_low"], row["passage_high"]) == pytest.approx((row["low"], row["high"])), "one passage each"


def test_who_answers_two_questions_is_one_person_in_the_total() -> None:
    """Four say it in both answers, four in none: eight people in the total, and eight in each question."""
    people = [Said(questions={"q1": ("A",), "q2": ("A",)}), Said(questions={"q1": ("B",), "q2": ("B",)})] * 4
    compared = compare(study_of(people), "question", least=1)
    total, part = compared.overall.set_index("theme_id").loc["A"], compared.cells.set_index("theme_id").loc["A"].iloc[0]
    assert (total["passages"], part["passages"]) == (8, 4)
    for row in (total, part):
        assert (row["passage_low"], row["passage_high"]) == pytest.approx(wilson(4, 8))


def test_a_passage_of_several_themes_counts_in_each() -> None:
    frames = study_of([Said("Officer", ("A",))] * 8)
    both = pd.concat([frames.codings, frames.codings.assign(theme_id="B", rank=2)])
    people = frames.people[["contributor_id", "stakeholder_group", "force_type", "attribution", "wave"]]
    again = frames_of(
        attributions=people, passages=frames.passages, questions=frames.questions, quotes=QUOTES.empty(),
        themes=frames.themes, assignments=both,
    )  # fmt: skip
    compared = compare(again, "group", least=2)
    assert compared.overall["people"].tolist()[:2] == [8, 8]
    assert co_occurrence(again, 2).pairs.iloc[0][["people", "passages"]].tolist() == [8, 8]


def test_what_was_planted_is_found_and_what_was_not_is_not() -> None:
    sizes = {"Officer": 120, "Supplier": 60, "Buyer": 50}
    shares = {"Officer": (0.5, 0.3, 0.5), "Supplier": (0.5, 0.3, 0.5), "Buyer": (0.5, 0.8, 0.5)}
    compared = compare(drawn(sizes, shares, seed=2), "group", least=6)
    assert cell(compared, "T01", "Buyer")["comparison"] == "more"
    assert {cell(compared, theme, "Officer")["comparison"] for theme in ("T00", "T02")} <= {
        "about the same",
        "too few to say",
    }


def test_chance_is_seldom_taken_for_a_difference() -> None:
    """Twenty studies of 3 groups and 8 themes without any difference: with a rate of 5% one table, give or take."""
    sizes = {"Officer": 60, "Supplier": 40, "Buyer": 30}
    shares = dict.fromkeys(sizes, tuple(0.15 + 0.08 * n for n in range(8)))
    tables = [compare(drawn(sizes, shares, seed), "group", least=2) for seed in range(20)]
    assert sum(bool(t.cells["comparison"].isin(["more", "less"]).any()) for t in tables) <= 3


def test_waves_know_who_is_the_same_person() -> None:
    """Thirty answer twice and twelve of them drop a theme; taken for sixty people, that could be chance."""
    stay = [Said(waves={1: ("A",), 2: ("A",)})] * 13 + [Said(waves={1: (), 2: ()})] * 60
    gone = [Said(waves={1: ("A",), 2: ()})] * 9 + [Said(waves={1: (), 2: ("A",)})]
    compared = compare(study_of(stay + gone), "wave", least=2)
    second = cell(compared, "A", "wave 2")
    assert compared.than == "the wave before" and math.isnan(float(str(cell(compared, "A", "wave 1")["p"])))
    assert second["p"] == pytest.approx(22 / 1024)  # ten changed their mind, one of them towards it
    assert (second["people"], second["of"]) == (14, 83)


def test_interviews_are_no_group() -> None:
    talkers = [Said("Supplier", ("A",), kind="transcript")] * 20 + [Said("Officer", ("A",), kind="transcript")] * 10
    others = [Said("Officer", ("A",))] * 4 + [Said("Officer")] * 40
    compared = compare(study_of(talkers + others), "group", least=2)
    assert cell(compared, "A", "Supplier")["comparison"] != "more"


def test_small_groups_have_no_number_and_no_name() -> None:
    people = (
        [Said("Officer", ("A",))] * 15
        + [Said("Officer")] * 15
        + [Said("Supplier", ("A",))] * 9
        + [Said("Supplier")] * 9
    )
    people += [Said("Chief of Borsetshire", ("A",))] * 2 + [Said("Buyer", ("A",))] * 4 + [Said("Buyer")] * 5
    compared = compare(study_of(people), "group", least=6)
    written = csv_bytes(compared).decode("utf-8-sig")
    assert "Borsetshire" not in written and "Buyer" not in written
    rows = [row for row in csv.DictReader(io.StringIO(written)) if row["level"].startswith("small group")]
    assert len(rows) == 2 * 3
    numbers = (
        "people",
        "of",
        "share",
        "low",
        "high",
        "passages",
        "passage_share",
        "passage_low",
        "passage_high",
        "p",
        "difference",
    )
    for row in rows:
        assert row["words"] == row["comparison"] == "suppressed"
        assert {row[name] for name in numbers} == {""}
    assert compared.levels["shown"].tolist() == [True, True, False, False]


def test_named_people_hide_nobody() -> None:
    people = [Said("Officer", ("A",), hidden=False)] * 10 + [Said("Officer")] * 20 + [Said("Officer", ("A",))] * 2
    people += [Said("Buyer", ("A",))] * 10 + [Said("Buyer")] * 10
    assert not cell(compare(study_of(people), "group", least=6), "A", "Officer")["shown"]
    named = [Said("Officer", ("A",), hidden=False)] + [Said("Officer", hidden=False)] * 9
    compared = compare(study_of(named), "group", least=6)
    assert compared.n_suppressed == 0 and cell(compared, "A", "Officer")["words"] == "one person"


def test_a_theme_of_few_is_suppressed_whole() -> None:
    people = [Said("Officer", ("A",))] * 3 + [Said("Officer")] * 30 + [Said("Buyer", ("A",))] + [Said("Buyer")] * 20
    compared = compare(study_of(people), "group", least=6)
    row = compared.overall.set_index("theme_id").loc["A"]
    assert math.isnan(row["people"]) and row["words"] == "fewer than 6 people" and not row["shown"]
    assert not compared.cells.loc[compared.cells["theme_id"] == "A", "shown"].any()


def test_a_laxer_threshold_for_cells_shows_more() -> None:
    frames = drawn({"Officer": 40, "Buyer": 30}, dict.fromkeys(("Officer", "Buyer"), (0.1,) * 6), seed=5)
    assert compare(frames, "group", 6, least_cell=2).n_suppressed < compare(frames, "group", 6).n_suppressed


PEOPLE = st.lists(
    st.builds(
        Said,
        group=st.sampled_from(["Officer", "Staff", "Buyer", ""]),
        themes=st.lists(st.sampled_from("ABC"), max_size=3).map(tuple),
        hidden=st.booleans(),
        kind=st.sampled_from(["survey", "transcript"]),
    ),
    min_size=1,
    max_size=40,
)


@settings(max_examples=12, phases=[Phase.generate])  # each example compares eight times: shrinking takes minutes
@given(PEOPLE, st.randoms(use_true_random=False), st.integers(2, 6))
def test_the_order_of_rows_makes_no_difference(people: list[Said], lots, least: int) -> None:
    frames = study_of(people)
    shuffled = StudyFrames(
        **{
            name: table.sample(frac=1, random_state=lots.randrange(1000)).reset_index(drop=True)
            for name, table in vars(frames).items()
            if name != "questions"
        },
        questions=frames.questions,
    )
    assert everything(shuffled, least) == everything(frames, least)


def everything(frames: StudyFrames, least: int) -> list[object]:
    tables = [csv_bytes(compare(frames, by, least)) for by in ("group", "force-type", "question", "wave")]
    grown = saturation(frames, least)
    return [*tables, grown.curve.to_csv(), grown.reading, co_occurrence(frames, least).pairs.to_csv()]


@settings(max_examples=25)
@given(PEOPLE, st.integers(2, 6))
def test_what_is_suppressed_is_nowhere(people: list[Said], least: int) -> None:
    compared = compare(study_of(people), "group", least)
    for table in (compared.overall, compared.cells):
        covered = table[~table["shown"]]
        numbers = covered[["people", "of", "share", "low", "high", "passages"]]
        assert numbers.isna().all().all() and covered.filter(like="passage_").isna().all().all()
    covered = compared.cells[~compared.cells["shown"]]
    assert covered[["difference", "difference_low", "difference_high", "p", "p_adjusted"]].isna().all().all()
    assert set(covered["words"]) | set(covered["comparison"]) <= {"suppressed"}


# ── pairs of themes ─────────────────────────────────────────────────────────────────────────────────────────────


def test_pairs_by_hand() -> None:
    people = [Said(themes=("A", "B"))] * 20 + [Said(themes=("A",))] * 10 + [Said(themes=("B",))] * 10 + [Said()] * 40
    pair = co_occurrence(study_of(people), 6).pairs.iloc[0]
    assert (pair["people"], pair["passages"]) == (20, 0)
    assert pair["lift"] == pytest.approx(20 * 80 / (30 * 30))
    assert 1 < pair["low"] < pair["lift"] < pair["high"]


def test_a_pair_is_suppressed_where_any_of_its_four_groups_is_small() -> None:
    most = [Said(themes=("A", "B"))] * 20 + [Said(themes=("B",))] * 10 + [Said()] * 40
    for n, shown in ((0, True), (1, False), (5, False), (6, True)):
        assert bool(co_occurrence(study_of(most + [Said(themes=("A",))] * n), 6).pairs.iloc[0]["shown"]) is shown


@given(*[st.integers(0, 60)] * 4)
def test_the_interval_of_a_lift_holds_it(both: int, one: int, other: int, neither: int) -> None:
    times, low, high = lift(both, one, other, neither)
    if not both + one or not both + other:
        assert math.isnan(times)
    else:
        assert 0 <= low <= times <= high + 1e-9


def test_the_interval_of_a_lift_is_as_wide_as_chance_makes_it() -> None:
    lots = np.random.default_rng(4)
    truth = 0.2 / (0.4 * 0.35)
    held = [lift(*lots.multinomial(200, [0.2, 0.2, 0.15, 0.45])) for _ in range(400)]
    assert 0.92 <= np.mean([low <= truth <= high for _, low, high in held]) <= 0.98


# ── saturation ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_saturation_is_the_mean_over_orders() -> None:
    frames = study_of([Said(themes=("A",))] * 12 + [Said(themes=("B",))] + [Said()] * 7)
    found = saturation(frames, 1)
    curve = found.curve.set_index("people")["themes"]
    assert curve[1] == pytest.approx(13 / 20)
    assert curve[20] == pytest.approx(2)
    assert curve[19] == pytest.approx(2 - 1 / 20)
    assert "not in the curve" not in found.reading
    assert (found.curve["low"] <= found.curve["themes"] + 1e-9).all()
    assert found.curve["new"].sum() == pytest.approx(2)


@pytest.mark.parametrize(
    ("themes", "words"),
    [
        ([("A", "B", "C")] * 200, "the last 20 of 200 people brought no new theme"),
        ([("A",)] * 196 + [("B",)] * 4, "the last 20 of 200 people brought no new theme"),
        ([("A",)] * 199 + [("B",)], "the last 20 of 200 people hardly brought a new theme"),
        ([(label,) for label in "ABCDEFGHIJ"] + [()] * 190, "the last 20 of 200 people brought about one new theme"),
        ([("A",)] * 3, "the last of 3 people brought no new theme"),
    ],
)
def test_saturation_in_plain_words(themes: list[tuple[str, ...]], words: str) -> None:
    labels = sorted({label for said in themes for label in said})
    assert words in saturation(study_of([Said(themes=said) for said in themes], labels), 2).reading


def test_no_total_that_is_suppressed_follows_from_the_curve() -> None:
    said = [Said(themes=("A", "B"))] * 20 + [Said(themes=("A",))] * 10 + [Said(themes=("C",))] * 3 + [Said()] * 27
    frames = study_of(said)
    found, overall = saturation(frames, 6), compare(frames, "group", 6).overall
    assert not overall.set_index("theme_id").loc["C", "shown"] and found.themes == 3
    assert found.curve["themes"].iloc[0] * 60 == pytest.approx(50), "what is shown, and no more"
    assert found.curve["themes"].iloc[-1] == pytest.approx(2)
    assert found.reading.endswith(" 1 theme is not in the curve, because of totals that must not be told.")
    few = saturation(frames, 2, 6)
    assert few.curve["themes"].iloc[-1] == pytest.approx(2), "the limit of cells counts"


def test_a_theme_that_all_but_a_few_mention_is_not_in_the_curve_either() -> None:
    frames = study_of([Said(themes=("A", "B"))] * 20 + [Said(themes=("A",))] * 37 + [Said()] * 3)
    assert not compare(frames, "group", 6).overall.set_index("theme_id").loc["A", "shown"]
    assert saturation(frames, 6).curve["themes"].iloc[0] * 60 == pytest.approx(20)


def test_too_few_people_have_no_curve() -> None:
    found = saturation(study_of([Said(themes=("A",))] * 3), 6)
    assert found.curve.empty and found.reading == "Too few people to say."


def test_a_program_is_told_the_curve_and_nothing_where_it_is_suppressed() -> None:
    frames = study_of([Said(themes=("A",))] * 12 + [Said(themes=("B",))] + [Said()] * 7)
    compared, together = compare(frames, "group", 1), co_occurrence(frames, 1)
    told = as_json(compared, saturation(frames, 1), together)["saturation"]
    assert [row["people"] for row in told["curve"]] == list(range(1, 21)) and (told["people"], told["themes"]) == (
        20,
        2,
    )
    assert all(set(row) == {"people", "themes", "low", "high", "new"} for row in told["curve"])
    first, last = told["curve"][0], told["curve"][-1]
    assert first == {"people": 1, "themes": 0.65, "low": 0.0, "high": 1.0, "new": 0.65}
    assert last == {"people": 20, "themes": 2.0, "low": 2.0, "high": 2.0, "new": 0.05}, (
        "the chance of being the one for B"
    )
    assert as_json(compared, saturation(frames, 60), together)["saturation"]["curve"] == []


# ── files ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_spreadsheet_takes_labels_for_words_and_numbers_for_numbers() -> None:
    frames = drawn({"=Officer": 40, "Buyer": 30}, {"=Officer": (0.3,), "Buyer": (0.7,)}, seed=1)
    frames.themes.loc[0, "label"] = "+cmd|' /C calc'!A0"
    rows = list(csv.DictReader(io.StringIO(csv_bytes(compare(frames, "group", 6)).decode("utf-8-sig"))))
    assert [row["level"] for row in rows] == ["everybody", "'=Officer", "Buyer"]
    assert {row["theme"] for row in rows} == {"'+cmd|' /C calc'!A0"}
    assert float(rows[1]["difference"]) < 0 < float(rows[2]["difference"])
    assert rows[1]["people"].isdigit()


def test_plain_values_have_no_missing_numbers_that_json_cannot_say() -> None:
    import json

    frames = study_of([Said("Officer", ("A",))] * 3 + [Said("Officer")] * 20)
    said = as_json(compare(frames, "group", 6), saturation(frames, 6), co_occurrence(frames, 6))
    assert json.loads(json.dumps(said, allow_nan=False))["overall"][0]["people"] is None or said["min_group"] == 6
