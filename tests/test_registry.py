"""The registry of themes: append-only, and it outlives runs."""

import shutil
from dataclasses import replace
from typing import Any

import pytest

from pipeline.edits import Edits
from pipeline.errors import RefusedError
from pipeline.registry import exemplars, read_registry, registry_path
from pipeline.steps import plan, run_study
from pipeline.study import Study
from pipeline.themes import Found
from tests import quick
from tests.helpers.files import edit


def lines(study: Study) -> list[str]:
    return registry_path(study.root).read_text("utf-8").splitlines()


def test_a_run_registers_its_themes_and_a_second_adds_nothing(study: Study) -> None:
    run = run_study(study)
    entries = read_registry(study.root)
    assert set(entries) == set(run.read("themes")["theme_id"])
    assert {(entry.status, entry.label_source) for entry in entries.values()} == {("active", "machine")}
    ideas = run.read("ideas")
    assert entries["T01"].exemplars == exemplars(ideas)["T01"]
    assert set(entries["T01"].exemplars) <= set(ideas.loc[ideas["theme_id"] == "T01", "text_hash"])
    before = lines(study)
    edit(study.root / "sources" / "answers.csv", "radios", "radio sets")
    run_study(Study.load(study.root))
    again = lines(study)
    assert again[: len(before)] == before
    changed = [theme for theme, entry in read_registry(study.root).items() if entry != entries.get(theme)]
    assert len(again) - len(before) == len(changed)


def test_what_people_decide_is_registered(study: Study) -> None:
    run_study(study)
    edits = Edits.open(study, encode=lambda texts: quick.HashEncoder().encode(list(texts)))
    edits.rename("T01", "Kit that fails")
    edits.merge("T03", "T02")
    edits.set_aside("T04")
    run_study(study)
    entries = read_registry(study.root)
    assert (entries["T01"].label, entries["T01"].label_source) == ("Kit that fails", "person")
    assert (entries["T03"].status, entries["T03"].into) == ("merged", "T02")
    assert entries["T04"].status == "set_aside"
    edits.retire("T01")
    run_study(study)
    assert read_registry(study.root)["T01"].status == "retired"


def test_a_name_that_an_endpoint_proposed_is_registered_as_such(
    study: Study,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def find(*given: Any, **told: Any) -> Found:
        found = quick.find_by_first_words(*given, **told)
        return replace(found, themes=found.themes.assign(label_source="endpoint"))

    monkeypatch.setattr("pipeline.themes.find_themes", find)
    run_study(study)
    assert {entry.label_source for entry in read_registry(study.root).values()} == {"endpoint"}
    Edits.open(study).rename("T01", "Kit that fails")
    run_study(study)
    sources = {theme: entry.label_source for theme, entry in read_registry(study.root).items()}
    assert sources["T01"] == "person" and set(sources.values()) == {"person", "endpoint"}


def test_what_is_not_found_again_is_gone(study: Study) -> None:
    known = set(run_study(study).read("themes")["theme_id"])
    first = read_registry(study.root)
    answers = study.root / "sources" / "answers.csv"
    answers.write_text(answers.read_text("utf-8").replace("Training was", "Nobody told"), "utf-8")
    left = set(run_study(Study.load(study.root)).read("themes")["theme_id"])
    (lost,) = known - left
    entries = read_registry(study.root)
    assert {theme: entry.status for theme, entry in entries.items()} == dict.fromkeys(left, "active") | {lost: "gone"}
    assert entries[lost].label and entries[lost].exemplars == first[lost].exemplars != (), "what it was stays known"


def test_what_was_split_off_remembers_where_it_came_from(study: Study) -> None:
    run = run_study(study)
    some = run.read("assignments").query("theme_id == 'T02'")["passage_id"].tolist()[:3]
    edits = Edits.open(study, encode=lambda texts: quick.HashEncoder().encode(list(texts)))
    (part,) = edits.split("T02", passages=some, labels=["Only at night"])
    run_study(study)
    entries = read_registry(study.root)
    assert (entries[part].came_from, entries[part].label_source) == (("T02",), "person")
    assert {entry.came_from for theme, entry in entries.items() if theme != part} == {()}


def test_ids_are_never_given_again_even_when_runs_are_gone(study: Study) -> None:
    known = set(run_study(study).read("themes")["theme_id"])
    shutil.rmtree(study.root / "runs")
    (study.root / "codebook.yaml").unlink()
    run_study(study)
    assert quick.CALLS[-1][1]["taken"] >= known


def test_a_registry_that_was_changed_is_refused(study: Study) -> None:
    run_study(study)
    path = registry_path(study.root)
    path.write_text(path.read_text("utf-8").replace('"active"', '"gone"', 1), "utf-8")
    with pytest.raises(RefusedError, match=r"themes\.jsonl, line 1"):
        read_registry(study.root)
    assert plan(study).finished  # what was made is still there
