"""What is changed by hand, what only a person can settle, and codes from elsewhere."""

from pathlib import Path

import numpy as np
import pytest

from pipeline.codebook.importing import Imported, codes_of
from pipeline.edits import Edits
from pipeline.store import latest_run
from tests.edits.studies import bare_study, coded, file_label, found, hand_edit, rerun, run_found

# ── hand edits and conflicts ────────────────────────────────────────────────────────────────────────────────────


def test_hand_edits_become_events_before_the_next_decision(edits: Edits) -> None:
    hand_edit(edits, "label: Poor signal", "label: Signal  # as the board said")
    hand_edit(edits, "id: T02\n", "id: T02\n    merge_into: T03\n    include: Forgotten ones.\n")
    edits.rename("T04", "Batteries")
    assert [(e["verb"], e["role"]) for e in edits.events] == [
        ("rename", "file"), ("define", "file"), ("merge", "file"), ("rename", "analyst"),
    ]  # fmt: skip
    assert "# as the board said" in edits.study.codebook_path.read_text("utf-8")
    hand_edit(edits, "    merge_into: T03\n", "")
    edits.rename("T04", "Dead batteries")
    assert edits.events[-2]["verb"] == "restore" and len(edits.members("T02")) == 8


def test_a_theme_added_by_hand_is_added(edits: Edits) -> None:
    path = edits.study.codebook_path
    path.write_text(path.read_text("utf-8") + "  - id: T30\n    label: Heat\n    seeds: [too hot]\n", "utf-8")
    edits.merge("T01", "T30")
    assert edits.events[0]["verb"] == "add" and edits.events[0]["seeds"] == ["too hot"]
    assert coded(edits)[0]["T30"] == "Heat" and edits.add("Cold") == "T31"


def test_a_deleted_codebook_is_not_a_lost_one(edits: Edits) -> None:
    edits.rename("T01", "Signal")
    edits.set_aside("T02")
    edits.study.codebook_path.unlink()
    assert "T02" not in coded(edits)[0]
    assert {c.theme_id for c in edits.conflicts} == {"T01", "T02"}
    run = latest_run(edits.study.root)
    assert run is not None
    run_found(edits.study.root, "run2", run.read("passages"), run.read("themes"), run.read("assignments"))
    assert file_label(edits, "T01") == "Signal" and edits.codebook.get("T02").set_aside  # pyright: ignore
    assert edits.conflicts == []


def test_the_file_and_a_command_about_the_same_thing_are_a_conflict_until_somebody_settles_it(edits: Edits) -> None:
    hand_edit(edits, "label: Poor signal", "label: Signal")
    edits.rename("T01", "Reception")
    (conflict,) = edits.conflicts
    assert conflict.theme_id == "T01" and "codebook.yaml and by a command" in conflict.what
    assert file_label(edits, "T01") == "Reception"
    edits.settle(conflict.event[:8])
    assert edits.conflicts == []
    hand_edit(edits, "label: Reception", "label: Coverage")
    edits.define("T02", definition="x")
    assert len(edits.conflicts) == 1, "and another one is another one"
    run = latest_run(edits.study.root)
    assert run is not None
    run_found(edits.study.root, "run2", run.read("passages"), run.read("themes"), run.read("assignments"))
    assert len(edits.conflicts) == 1, "a run settles nothing"
    edits.rename("T01", "Bad coverage")
    assert edits.conflicts == [], "deciding once more does"


def test_after_a_run_the_file_may_change_what_a_command_said(edits: Edits) -> None:
    edits.rename("T01", "Signal")
    run = latest_run(edits.study.root)
    assert run is not None
    run_found(edits.study.root, "run2", run.read("passages"), run.read("themes"), run.read("assignments"))
    hand_edit(edits, "label: Signal", "label: Coverage")
    assert edits.conflicts == [] and edits.state.themes["T01"].label == "Coverage"


@pytest.mark.parametrize(("end", "said"), [("retire", "was retired"), ("set_aside", "was set aside")])
@pytest.mark.parametrize("put", ["move", "code"])
def test_passages_in_a_theme_that_was_ended_later_are_a_conflict(edits: Edits, put: str, end: str, said: str) -> None:
    two = edits.members("T01")[:2]
    edits.move(two, "T02") if put == "move" else edits.code(two, ["T02"])
    getattr(edits, end)("T02")
    (conflict,) = edits.conflicts
    assert conflict.theme_id == "T02" and conflict.what == f"{said}, but 2 passage(s) were put into it by a person"
    assert {coded(edits)[1][p] for p in two} == {""}, "not back to where the machine would have them"
    edits.restore("T02")
    assert edits.conflicts == [] and set(two) <= set(edits.members("T02"))
    getattr(edits, end)("T02")
    edits.move(two, "T03")
    assert edits.conflicts == []


def test_setting_a_theme_aside_that_others_were_merged_into_is_a_conflict_about_what_was_put_there(
    edits: Edits,
) -> None:
    one = edits.members("T01")[:1]
    edits.move(one, "T02")
    edits.merge("T02", "T03")
    edits.set_aside("T03")
    assert [(c.theme_id, "was set aside, but 1 passage(s)" in c.what) for c in edits.conflicts] == [("T02", True)]
    edits.settle(edits.conflicts[0].event)
    assert edits.conflicts == []


def test_decisions_follow_the_words_when_ids_change(edits: Edits) -> None:
    passages = edits.material.passages
    one, other = edits.members("T01")[:2]
    edits.move([one], "T02")
    edits.define("T01", examples=[other])
    renamed = passages.assign(passage_id="new" + passages["passage_id"])
    rerun(edits, renamed)
    assert edits.members("T02") == [f"new{one}"] and edits.conflicts == []
    other_key = renamed.assign(text_hash="other" + passages["text_hash"])  # and a group was corrected
    rerun(edits, other_key)
    assert edits.members("T02") == [f"new{one}"]
    regrouped = passages.assign(text_hash="other" + passages["text_hash"])  # a group was corrected, not the words
    rerun(edits, regrouped.sort_values(["text_hash", "passage_id"], ignore_index=True))
    assert edits.members("T02") == [one]


def test_decisions_about_words_that_changed_or_went_are_conflicts(edits: Edits) -> None:
    passages = edits.material.passages
    one, other, third = edits.members("T01")[:3]
    edits.move([one], "T02")
    edits.code([other], ["T03"])
    edits.pin_quote([third])
    changed = passages.assign(text=passages["text"].where(passages["passage_id"] != one, "Quite different words"))
    changed["text_hash"] = changed["text_hash"].where(changed["passage_id"] != one, "f" * 64)
    changed = changed[~changed["passage_id"].isin([other, third])].sort_values(
        ["text_hash", "passage_id"], ignore_index=True
    )
    rerun(edits, changed)
    assert edits.members("T02") == []
    assert sorted(c.what for c in edits.conflicts) == [
        "a decision names 1 passage(s) that are no longer there",
        "a decision names 1 passage(s) whose words have changed since",
        "a pinned quote is of 1 passage(s) that are no longer there",
    ]
    for conflict in edits.conflicts:
        edits.settle(conflict.event)
    assert edits.conflicts == []


def test_a_label_that_the_machine_comes_upon_too_is_a_conflict(edits: Edits) -> None:
    edits.rename("T01", "Signal")
    run = latest_run(edits.study.root)
    assert run is not None
    labels = {"T01": "a", "T02": "signal", "T03": "c", "T04": "d", "T05": "e"}
    placed = dict(zip(run.read("assignments")["passage_id"], run.read("assignments")["theme_id"], strict=True))
    run_found(edits.study.root, "run2", run.read("passages"), *found(labels, placed))
    assert [(c.theme_id, "gave to T01" in c.what) for c in edits.conflicts] == [("T02", True)]


# ── imports ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_codes_of_another_study_come_in_under_new_ids_where_theirs_are_taken(edits: Edits, tmp_path: Path) -> None:
    other = Edits.open(bare_study(tmp_path / "other"))
    parent = other.add("Kit")
    other.add("Radios that fail", definition="Any radio.", include=["Handsets."], seeds=["no signal"], parent=parent)
    other.add("poor SIGNAL")
    other.retire(other.add("Old"))
    other.merge(other.add("Kits"), parent)
    other.set_aside(other.add("Odds and ends"))
    for _ in range(2):
        other.add(f"Later {_}")
    arrived = {a.was: a for a in edits.import_codes(codes_of(other.study.root), "codebook")}
    assert arrived["T01"].theme_id == "T09" and "taken" in arrived["T01"].what
    assert arrived["T02"].theme_id == "T10" and arrived["T03"].theme_id == "T01"
    assert [arrived[t].what for t in ("T04", "T05", "T06")] == [
        "left out: is retired there", "left out: is merged into T01 there", "left out: is set aside there",
    ]  # fmt: skip
    assert (arrived["T07"].theme_id, arrived["T08"].theme_id) == ("T07", "T08"), "ids that are free are kept"
    code = edits.codebook.get("T10")
    assert code is not None and (code.label, code.parent, code.seeds) == ("Radios that fail", "T09", ("no signal",))
    again = edits.import_codes(codes_of(other.study.root), "codebook")
    assert not [a for a in again if a.what.startswith("added")], "a second import adds nothing"


def test_an_imported_theme_that_was_found_outlives_the_undoing_of_its_import(edits: Edits) -> None:
    far = np.zeros(64, dtype=np.float32)
    far[0] = 1
    said = Imported("T05", "Heat", "T09", by_machine=True, centroid=far, model=edits.study.embedding.model)
    (arrived,) = edits.import_codes([said], "codebook")
    assert arrived.theme_id == "T09" and edits.state.themes["T09"].title == "Heat"
    run = latest_run(edits.study.root)
    assert run is not None
    placed = dict(zip(run.read("assignments")["passage_id"], run.read("assignments")["theme_id"], strict=True))
    placed = {passage: "T09" if theme == "T05" else theme for passage, theme in placed.items()}
    labels = {"T01": "a", "T02": "b", "T03": "c", "T04": "d", "T09": "Heat"}
    run_found(edits.study.root, "run2", run.read("passages"), *found(labels, placed))
    edits.undo(edits.events[0]["hash"])
    assert len(edits.members("T09")) == 8 and coded(edits)[0]["T09"] == "Heat"


def test_what_cannot_be_a_label_is_made_one(edits: Edits) -> None:
    (arrived,) = edits.import_codes([Imported("code 1", "Names [person]")], "refi-qda")
    assert "changed" in arrived.what and file_label(edits, arrived.theme_id) == "Names (person)"
