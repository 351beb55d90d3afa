"""The whole pipeline on real exports, transcripts and documents; skipped where the public data is absent."""

from pathlib import Path

import pytest

from pipeline.steps import run_study
from pipeline.study import Study
from tests.real.measure import NAMES, place

pytestmark = [pytest.mark.real, pytest.mark.models]

# study → files read, files set aside; least passages and themes, and the most that may go unassigned
EXPECTED = {
    "flaky_survey": (1, 0, 60, 3, 0.25),
    "hitsave_interviews": (2, 0, 60, 3, 0.25),
    "jupyter_2015_ux": (1, 0, 6000, 20, 0.12),
    "pdpilot_interviews": (7, 0, 150, 5, 0.25),
    "poll_of_pollsters": (7, 0, 600, 10, 0.15),
    "teams2nvivo_vtt": (4, 2, 30, 2, 0.35),
}


def test_every_real_study_has_an_expectation() -> None:
    assert set(EXPECTED) == set(NAMES)


@pytest.mark.parametrize("name", sorted(set(EXPECTED) - {"jupyter_2015_ux"}))
def test_a_real_study_becomes_a_bank(name: str, shared: Path, tmp_path: Path) -> None:
    check(name, tmp_path)


@pytest.mark.timeout(900)
def test_seven_thousand_answers_become_a_bank(shared: Path, tmp_path: Path) -> None:
    check("jupyter_2015_ux", tmp_path)


def check(name: str, folder: Path) -> None:
    read, aside, passages, themes, unassigned = EXPECTED[name]
    run = run_study(Study.load(place(name, folder)))
    files = run.read("files")
    assert ((files["problem"] == "").sum(), (files["problem"] != "").sum()) == (read, aside)
    assignments, documents = (
        run.read("coded_assignments"),
        run.read("redacted_documents").set_index("document_id")["text"],
    )
    assert len(assignments) >= passages
    assert len(run.read("coded_themes")) >= themes
    assert (assignments["theme_id"] == "").mean() <= unassigned
    quotes = run.read("quotes")
    assert len(quotes) >= themes
    for quote in quotes.to_dict("records"):
        assert documents[quote["document_id"]][quote["start"] : quote["end"]] == quote["text"]
    people = run.read("contributors")
    names = {name for name in people["name"] if " " in name.strip()}
    attributed = set(run.read("attributions").query("attribution == 'attributable'")["contributor_id"])
    hidden = names - set(people.loc[people["contributor_id"].isin(attributed), "name"])
    assert not [
        quote["quote_id"] for quote in quotes.to_dict("records") if any(name in quote["text"] for name in hidden)
    ]
