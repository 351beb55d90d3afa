"""The frames of a run: nothing lost, nothing doubled, whatever the order of rows."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline import Study, passages_with_themes, run_study, study_frames
from pipeline.frames import frames_of
from tests import quick
from tests.comparison.helpers import Said, study_of


def test_frames_of_a_run(small_study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quick.without_models(monkeypatch)
    run = run_study(Study.load(small_study), until="codebook")
    frames = study_frames(run)
    assert len(frames.people) == 48 and len(frames.passages) == len(frames.codings) == len(run.read("passages"))
    assert frames.people["hidden"].all() and set(frames.people["source_kinds"]) == {"survey"}
    assert set(frames.passages["question"]) == {"What gets in the way"}
    assert frames.people["n_passages"].sum() == len(frames.passages)
    assert frames.themes["n_contributors"].is_monotonic_decreasing
    assert frames.quotes.empty, "none are chosen yet"
    table = passages_with_themes(run)
    assert len(table) == len(frames.passages) and set(table["rank"]) == {1}
    assert not any(table.isna().any())


def test_a_passage_of_two_themes_and_one_of_none() -> None:
    frames = study_of([Said(themes=("A",)), Said(), Said("Buyer", ("B", "A"))])
    second = frames.codings[frames.codings["theme_id"] == "A"].assign(theme_id="C", rank=2)
    assert len(again(frames, pd.concat([second, frames.codings])).mentions) == len(frames.mentions) + 2
    assert frames.people["n_themes"].tolist() == [1, 0, 2]
    assert len(frames.mentions) == 3 and len(frames.codings) == 4, "a passage of no theme is a coding, and no mention"


def test_whoever_answers_again_is_one_person_in_two_waves() -> None:
    frames = study_of([Said(waves={1: ("A",), 2: ("B",)})])
    assert len(frames.people) == 1
    assert dict(zip(frames.mentions["theme_id"], frames.mentions["wave"], strict=True)) == {"A": 1, "B": 2}


def again(frames, codings: pd.DataFrame):
    return frames_of(
        attributions=frames.people[["contributor_id", "stakeholder_group", "force_type", "attribution", "wave"]],
        passages=frames.passages, questions=frames.questions, quotes=frames.quotes, themes=frames.themes,
        assignments=codings,
    )  # fmt: skip
