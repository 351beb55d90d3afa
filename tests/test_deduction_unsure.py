"""What the coder is not sure of is all kept, and listed for a person."""

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from pipeline import deduction
from pipeline.cli import app
from pipeline.coding import Coding, code_passages
from pipeline.deduction import deduce, unsure, with_codings
from pipeline.edits import Edits
from pipeline.steps import run_study
from pipeline.store import Run
from pipeline.study import Study
from pipeline.tables import CODINGS
from tests import quick
from tests.fakes import SUBJECTS
from tests.test_deduction import CODES, PASSAGES, TEXTS, encode

IDS = PASSAGES["passage_id"].tolist()
SUBJECT = {text: f"T9{n}" for n, lines in enumerate(SUBJECTS.values()) for text in lines}
TRUE = dict(zip(IDS, PASSAGES["text"].map(SUBJECT), strict=True))
FIRST = {IDS[0]: frozenset({TRUE[IDS[0]]})}
HUMAN = FIRST | {next(name for name in IDS if TRUE[name] == "T94"): frozenset[str]()}


def test_all_that_the_coder_is_unsure_of_is_kept_most_doubtful_first(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Coding] = []

    def code(*args: Any, **kwargs: Any) -> Coding:
        made.append(code_passages(*args, **kwargs))
        return made[0]

    monkeypatch.setattr(deduction, "code_passages", code)
    codings = deduce(CODES[:3], FIRST, *TEXTS, encode)  # two of the five subjects have no code
    asked, doubts = unsure(codings), made[0].unsure
    assert 5 < doubts.sum() < len(IDS) - 5
    assert set(asked["passage_id"]) == {name for name, doubt in zip(IDS, doubts, strict=True) if doubt}
    best = asked.groupby("passage_id", sort=False)["probability"]
    assert best.max().is_monotonic_decreasing and 0.4 < best.max().iloc[0] < 0.5
    assert (best.first() == best.max()).all() and (best.size() == 3).all()
    assert asked.columns.tolist() == codings.columns.tolist()
    assert unsure(CODINGS.empty()).empty


def test_nobody_is_asked_about_what_a_person_coded_even_if_it_has_no_code() -> None:
    codings = deduce(CODES[:3], HUMAN, *TEXTS, encode)
    asked = set(unsure(codings)["passage_id"])
    assert asked and not asked & set(HUMAN) and set(HUMAN) <= set(codings["passage_id"])


def test_what_is_unsure_keeps_what_it_was_found_in() -> None:
    codings = deduce(CODES[:3], HUMAN, *TEXTS, encode)
    found = pd.DataFrame({"passage_id": IDS, "theme_id": ["T01", ""] * (len(IDS) // 2), "rank": 1, "similarity": 0.5,
                          "margin": 0.1})  # fmt: skip
    given = with_codings(found, codings)
    doubtful = given[given["passage_id"].isin(unsure(codings)["passage_id"])]
    assert set(doubtful["source"]) == {"machine"} and set(doubtful["theme_id"]) == {"T01", ""}


def typed(root: Path, *arguments: str) -> list[str]:
    result = CliRunner(env={"COLUMNS": "300"}).invoke(app, ["codebook", "next", str(root), *arguments])
    assert result.exit_code == 0, result.output
    return result.output.splitlines()


@pytest.fixture
def coded(small_study: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The small study with two codes that most of its answers are not about, and an answer that is held."""
    quick.without_models(monkeypatch)
    with (small_study / "sources" / "answers.csv").open("a", encoding="utf-8") as file:
        file.write('90,No,Police staff,"The kettle made me ill again."\n')
    study = Study.load(small_study)
    texts = run_study(study).read("passages")["text"].tolist()
    edits = Edits.open(study, encode=encode)
    edits.add("Radios", examples=[text for text in texts if "radios" in text][:4])
    edits.add("Laptops", examples=[text for text in texts if "laptop" in text][:4])
    return run_study(study)


def test_every_passage_that_is_unsure_is_listed_with_its_codes_and_how_many_there_are(coded: Run) -> None:
    asked, passages = unsure(coded.read("codings")), coded.read("passages").set_index("passage_id")
    expected = list(dict.fromkeys(asked["passage_id"]))
    assert len(expected) > 20, "more than are shown by default otherwise"
    assert (coded.entry("codebook") or {})["counts"] == {"unsure": len(expected)}
    lines = typed(coded.root, "--unsure")
    heads = [line.split("  ") for line in lines[: 2 * len(expected) : 2]]
    assert [passage for passage, _ in heads] == expected
    likely = asked.groupby("passage_id", sort=False).first()
    for (passage, guesses), words in zip(heads, lines[1 : 2 * len(expected) : 2], strict=True):
        first = likely.loc[passage]
        assert guesses.startswith(f"{first['theme_id']} {first['probability']:.0%}")
        held = passages.loc[passage, "review"] != ""
        assert words.strip().startswith("(held: ") if held else words.strip() == passages.loc[passage, "text"]
    assert any("(held: " in line for line in lines)
    assert f"{len(expected)} passage(s) have no code with a confidence of 50% or more." in lines
    assert len(typed(coded.root, "--unsure", "-n", "3")) == 2 * 3 + 2


def test_what_has_been_coded_since_is_asked_no_more(coded: Run) -> None:
    codings = coded.read("codings")
    n = unsure(codings)["passage_id"].nunique()
    both = set(unsure(codings)["passage_id"]) & set(codings.loc[codings["next"] > 0, "passage_id"])
    one = sorted(both)[0]
    Edits.open(coded.root, encode=encode).code([one], [])
    told = re.compile(
        rf"(\d+) passage\(s\) have no code .*: quotebank codebook next {re.escape(str(coded.root))} --unsure"
    )
    for arguments in (("-n", "40"), ("--unsure",)):
        assert not [line for line in typed(coded.root, *arguments) if line.startswith(one)]
    counts = [int(found[1]) for line in typed(coded.root) if (found := told.match(line))]
    assert counts == [n - 1]
    assert len([line for line in typed(coded.root) if re.match(r"\S+  T\d+ \d+%", line)]) == 20
