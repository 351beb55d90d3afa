"""Decisions in whole runs: what is done again, what is noted, what is refused. The real stages, without models."""

import pytest

from pipeline.edits import Edits
from pipeline.errors import RefusedError
from pipeline.steps import STAGE_NAMES, plan, run_study
from pipeline.study import Study
from tests import quick
from tests.helpers.files import edit


def test_a_decision_by_command_does_the_codebook_again_and_nothing_before(finished: Study) -> None:
    edits = Edits.open(finished)
    one, other = edits.codebook.themes[:2]
    edits.merge(one.id, other.id)
    edits.move(edits.members(edits.codebook.themes[2].id)[:1], other.id)
    second = run_study(finished)
    done = {name for name in STAGE_NAMES if "adopted_from" not in second.entry(name)}
    assert done == {"codebook", "quotes", "draft"}
    assert one.id not in set(second.read("coded_themes")["theme_id"])
    assert edits.events[-1]["verb"] == "applied" and edits.events[-1]["run"] == second.run_id
    assert run_study(finished).run_id == second.run_id and len(edits.events) == 3, "nothing new, nothing noted"


def test_what_is_undone_is_the_run_of_before(finished: Study) -> None:
    first, edits = plan(finished).run.run_id, Edits.open(finished)
    edits.rename("T01", "Ours")
    assert plan(finished).run.run_id != first
    edits.undo(edits.events[-1]["hash"])
    assert plan(finished).run.run_id == first and plan(finished).finished


def test_a_rejected_proposal_is_not_made_again(finished: Study) -> None:
    assert not (plan(finished).run.folder / "draft" / "changes.md").exists(), "a first run changes nothing"
    edit(finished.root / "sources" / "answers.csv", "Training was", "Nobody told")
    run = run_study(finished)
    page = (run.folder / "draft" / "changes.md").read_text("utf-8")
    assert "a person decides" in page and "**Merge " in page
    edits = Edits.open(finished, encode=lambda texts: quick.HashEncoder().encode(list(texts)))
    edits.reject("merge", sorted(run.read("themes")["theme_id"]))
    again = run_study(finished)
    assert again.run_id != run.run_id
    page = (again.folder / "draft" / "changes.md").read_text("utf-8")
    assert "## Grown" in page and "**Merge " not in page and "a person decides" not in page


def test_a_hand_edit_is_in_the_log_after_the_run(finished: Study) -> None:
    edit(finished.codebook_path, "label: ", "label: Our own ")
    run = run_study(finished)
    assert [(e["verb"], e["role"]) for e in Edits.open(finished).events] == [("rename", "file"), ("applied", "machine")]
    assert plan(finished).finished and plan(finished).run.run_id == run.run_id
    finished.codebook_path.unlink()
    assert run_study(finished).run_id == run.run_id
    assert "label: Our own " in finished.codebook_path.read_text("utf-8"), "the log remembers"


def test_a_theme_can_be_added_before_the_first_run(study: Study) -> None:
    theme = Edits.open(study).add("Heat", definition="Being hot.")
    run = run_study(study)
    assert theme == "T01" and "T01" in quick.CALLS[-1][1]["taken"]
    assert "Heat" not in set(run.read("themes")["label"])


def test_a_log_of_decisions_that_was_changed_stops_the_run(finished: Study) -> None:
    Edits.open(finished).rename("T01", "Ours")
    log = finished.root / "decisions" / "codebook.jsonl"
    edit(log, "Ours", "Mine")
    with pytest.raises(RefusedError, match=r"codebook\.jsonl, line 1"):
        run_study(finished)
