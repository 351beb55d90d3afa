"""Measures of themes, with ways to find them of which it is known how well they do; and the commands."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from pipeline.evaluation.apart import run_apart
from pipeline.evaluation.labelled import Labelled
from pipeline.evaluation.theme_report import theme_tables, themes_as_json
from pipeline.evaluation.theme_systems import Found, members_of
from pipeline.evaluation.themes import best_f1, evaluate, measure
from pipeline.process import peak_memory_mb
from pipeline.study import Themes
from tests.fakes import HashEncoder, answers
from tests.helpers import guard

TEXTS, SUBJECTS = answers()
GOLD = Labelled(tuple(TEXTS), tuple(frozenset({subject}) for subject in SUBJECTS))


def encode(texts: Sequence[str]) -> np.ndarray:
    found = HashEncoder().encode(texts)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


VECTORS = encode(TEXTS)


def knowing(texts: Sequence[str], vectors: np.ndarray) -> Found:
    """Right about everything, and names each theme by its most telling word."""
    themes = np.array([SUBJECTS[TEXTS.index(text)] for text in texts])
    return Found(themes, members_of(themes), {theme: theme for theme in set(themes.tolist())}, 2.0, 1.0)


def careful(texts: Sequence[str], vectors: np.ndarray) -> Found:
    """Right about half of the texts, and leaves the others out."""
    found = knowing(texts, vectors)
    themes = np.where(np.array([TEXTS.index(text) % 2 == 0 for text in texts]), found.themes, "")
    return Found(themes, members_of(themes))


def restless(texts: Sequence[str], vectors: np.ndarray) -> Found:
    """Goes by the place of a text: another order, other themes."""
    themes = np.array([f"t{row % 5}" for row in range(len(texts))])
    return Found(themes, members_of(themes))


def test_full_marks() -> None:
    score = measure(knowing, GOLD, VECTORS, trials=2, encode=encode)
    for name in ("ami", "ari", "v", "f1_macro", "f1_weighted", "drop_one", "shuffled", "grown"):
        assert score.measures[name] == pytest.approx(1.0), name
    assert (score.measures["themes"], score.measures["unassigned"], score.unassigned) == (5, 0.0, ())
    assert score.measures["again_seconds"] == 3.0
    assert score.measures["naming"] == score.measures["naming_of_all"] > 0.6


def test_leaving_texts_out_earns_nothing() -> None:
    score = measure(careful, GOLD, VECTORS, trials=0)
    assert score.measures["unassigned"] == 0.5
    assert score.unassigned == tuple(range(1, 40, 2))
    assert score.measures["ami"] < 0.7
    assert score.measures["f1_macro"] == pytest.approx(2 / 3)
    assert "naming" not in score.measures and "shuffled" not in score.measures


def test_how_much_of_what_is_left_out_says_little_is_a_number() -> None:
    texts = ("n/a", "Too slow.", "The radio drops out in every valley.", "Nobody ever trained us on it.", "Fine")
    gold = Labelled(texts, tuple(frozenset({"a" if n < 4 else "b"}) for n in range(5)))

    def with_themes(*themes: str) -> dict[str, float]:
        found = Found(np.array(themes), members_of(np.array(themes)))
        return dict(measure(lambda texts, vectors: found, gold, np.eye(5), 0).measures)

    assert with_themes("", "", "", "t", "t")["unassigned_little"] == pytest.approx(2 / 3)
    assert with_themes("t", "t", "", "", "t")["unassigned_little"] == 0.0
    assert with_themes("", "", "", "t", "t")["little"] == pytest.approx(3 / 5)
    assert "unassigned_little" not in with_themes("t", "t", "u", "u", "u")


def test_everything_without_a_theme_is_told_by_its_reason() -> None:
    texts = ("Too slow.", "Fine", "The radio drops out in every valley.", "Nobody ever trained us on it.")
    themes = np.array(["", "t", "", "t"])
    found = Found(themes, members_of(themes))

    def measures(n_non_answers: int) -> dict[str, float]:
        gold = Labelled(texts, (frozenset({"a"}),) * 4, n_blank=7, n_non_answers=n_non_answers)
        return dict(measure(lambda texts, vectors: found, gold, np.eye(4), 0).measures)

    some = measures(6)
    assert some["without"] == pytest.approx(8 / 10)  # blank rows are no answers
    assert some["without_non_answer"] == pytest.approx(6 / 8)
    assert some["without_short"] == some["without_other"] == pytest.approx(1 / 8)
    assert some["unassigned"] == 0.5  # of what the system saw
    assert measures(0)["without_non_answer"] == 0.0
    everything = Found(np.array(["t"] * 4), {"t": np.arange(4)})
    gold = Labelled(texts, (frozenset({"a"}),) * 4)
    full = measure(lambda texts, vectors: everything, gold, np.eye(4), 0).measures
    assert full["without"] == 0.0 and "without_other" not in full


def test_what_does_not_hold_still_is_seen() -> None:
    measures = measure(restless, GOLD, VECTORS, trials=3).measures
    assert max(measures["ami"], measures["shuffled"]) < 0.2


def test_texts_with_several_codes_count_for_each_and_texts_without_one_for_none() -> None:
    codes = [frozenset({"a"}), frozenset({"a", "b"}), frozenset({"b"}), frozenset[str](), frozenset({"b"})]
    themes = np.array(["t", "t", "u", "t", ""])
    members = {"t": np.array([0, 1, 3]), "u": np.array([1, 2])}  # the second is in both
    best = best_f1(Found(themes, members), codes)
    assert best["a"] == (pytest.approx(1.0), 2)  # the text without a code does not make theme t any worse
    assert best["b"] == (pytest.approx(0.8), 3)
    score = measure(lambda texts, vectors: Found(themes, members), Labelled(tuple("vwxyz"), tuple(codes)), np.eye(5), 0)
    assert score.measures["f1_macro"] == pytest.approx(0.9)
    assert score.measures["f1_weighted"] == pytest.approx((2 * 1.0 + 3 * 0.8) / 5)


def test_names_are_tried_on_the_texts() -> None:
    right = knowing(TEXTS, VECTORS)
    first, *others = sorted(right.names)
    swapped = dict(zip([first, *others], [*others, first], strict=True))

    def naming(names: dict[str, str]) -> dict[str, float]:
        found = Found(right.themes, right.members, names)
        return dict(measure(lambda texts, vectors: found, GOLD, VECTORS, 0, encode).measures)

    assert naming(dict(right.names))["naming"] > 0.6
    assert naming(swapped)["naming"] < 0.2
    alone = naming({first: first})  # the others have no name: nobody knows them by one
    assert alone["naming"] == alone["naming_of_all"] == pytest.approx(8 / 40)
    assert "naming" not in naming({})


def test_several_systems_side_by_side_for_a_person_and_for_a_program(tmp_path: Path) -> None:
    told: list[str] = []
    found = evaluate(
        GOLD, Themes(), None, 1, tmp_path, told.append, systems={"quotebank": knowing, "other": careful}, encode=encode
    )
    assert told == ["embedding", "quotebank", "other"]
    numbers = themes_as_json(found)
    assert (numbers["texts"], numbers["coded"], numbers["codes"]) == (40, 40, 5)
    assert numbers["systems"]["other"]["unassigned"] == 0.5
    assert numbers["systems"]["other"]["without"] == 0.5
    agreement, without, stability, cost = theme_tables(found)
    assert [str(column.header) for column in agreement.columns] == ["agreement with codes", "quotebank", "other"]
    assert (without.row_count, stability.row_count, cost.row_count) == (4, 3, 5)


def fail() -> None:
    raise ValueError("there")


def test_a_process_of_its_own_says_what_it_found_and_what_went_wrong() -> None:
    assert run_apart(len, "four") == 4
    assert 0 < run_apart(peak_memory_mb) < 4000
    with pytest.raises(ValueError, match="there"):
        run_apart(fail)


@pytest.fixture
def coded(tmp_path: Path) -> Path:
    path = tmp_path / "coded.csv"
    lines = [f'"{text}",{subject}' for text, subject in zip(TEXTS, SUBJECTS, strict=True)]
    path.write_text("\n".join(["text,label", *lines]), "utf-8")
    return path


@pytest.mark.models
def test_the_command_measures_and_shows_no_text(coded: Path, tmp_path: Path) -> None:
    ran = guard.run("evaluate", "themes", str(coded), "--trials", "1", "--json", home=tmp_path / "home")
    assert (ran.code, ran.connections) == (0, []), ran.err
    ours = json.loads(ran.out)["systems"]["quotebank"]
    assert ours["ami"] > 0.5
    assert ours["shuffled"] == 1.0
    assert not any(text in ran.out + ran.err for text in TEXTS)


@pytest.mark.models
def test_the_stream_command_measures_and_shows_no_text(coded: Path, tmp_path: Path) -> None:
    ran = guard.run("evaluate", "stream", str(coded), "--batches", "2", home=tmp_path / "home")
    assert (ran.code, ran.connections) == (0, []), ran.err
    assert "themed passages that keep their id" in ran.out and "run 3" in ran.out
    assert not any(text in ran.out + ran.err for text in TEXTS)


@pytest.mark.parametrize("command", ["themes", "stream"])
@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["nowhere.csv"], 11, "nowhere.csv: is not there"),
        (["coded.csv", "--text", "said"], 11, "has no column said"),
        (["coded.csv", "--baseline", "magic"], 2, "bertopic"),
    ],
)
def test_mistakes_end_in_one_clear_line(
    coded: Path, tmp_path: Path, command: str, arguments: list[str], code: int, words: str
) -> None:
    ran = guard.run("evaluate", command, *arguments, cwd=coded.parent, home=tmp_path / "home")
    assert (ran.code, "Traceback" in ran.err) == (code, False), ran.err
    assert words in ran.err
