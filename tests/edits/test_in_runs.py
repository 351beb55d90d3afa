"""Decisions in whole runs: what is done again, what is noted, what is refused. The real stages, without models."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.codebook import came_from, codebook_log
from pipeline.codebook.centroids import centroids
from pipeline.codebook.importing import codes_of
from pipeline.edits import Edits, accept, proposals, reject
from pipeline.errors import QuotebankError, RefusedError
from pipeline.redaction import Person
from pipeline.registry import read_registry
from pipeline.steps import STAGE_NAMES, conclude, plan, run_study
from pipeline.study import Study
from pipeline.themes import Found
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


@pytest.mark.parametrize("verb", ["move", "split"])
def test_a_decision_is_undone_however_many_runs_followed_it(finished: Study, verb: str) -> None:
    edits = Edits.open(finished)
    two = edits.members("T01")[:2]
    to = "T02"
    if verb == "move":
        edits.move(two, to)
    else:
        (to,) = edits.split("T01", passages=two, labels=["Two"])
    decision = edits.events[-1]["hash"]
    for n in range(2):
        run_study(finished)
        edit(finished.root / "sources" / "answers.csv", "Training was", f"Nobody told {n}")
        run_study(finished)
        past = quick.CALLS[-1][1]["past"]
        assert past.moved == dict.fromkeys(two, to)
        assert set(past.ideas.loc[past.ideas["passage_id"].isin(two), "theme_id"]) == {"T01"}
    edits.undo(decision)
    run = run_study(finished)
    assert set(two) <= set(edits.members("T01")) and edits.conflicts == []
    edit(finished.root / "sources" / "answers.csv", "Nobody told", "Who told")
    run = run_study(finished)
    assert quick.CALLS[-1][1]["past"].moved == {}
    rows = run.read("coded_assignments")
    assert set(rows.loc[rows["passage_id"].isin(two), "theme_id"]) == {"T01"}


def test_a_rejected_proposal_is_not_made_again(finished: Study) -> None:
    assert not (plan(finished).run.folder / "draft" / "changes.md").exists(), "a first run changes nothing"
    edit(finished.root / "sources" / "answers.csv", "Training was", "Nobody told")
    run = run_study(finished)
    page = (run.folder / "draft" / "changes.md").read_text("utf-8")
    assert "A person decides" in page and "**Merge " in page
    edits = Edits.open(finished, encode=lambda texts: quick.HashEncoder().encode(list(texts)))
    edits.reject("merge", sorted(run.read("themes")["theme_id"]))
    again = run_study(finished)
    assert again.run_id != run.run_id
    page = (again.folder / "draft" / "changes.md").read_text("utf-8")
    assert "## Grown" in page and "**Merge " not in page and "A person decides" not in page


def test_a_new_theme_is_proposed_and_ends_if_it_is_rejected(finished: Study) -> None:
    assert proposals(Edits.open(finished)) == [], "all is new in a first run"
    rows = "".join(f'8{n},No,Police staff,"Zips on coats break on night {n}."\n' for n in range(4))
    with (finished.root / "sources" / "answers.csv").open("a", encoding="utf-8") as file:
        file.write(rows)
    run = run_study(finished)
    edits = Edits.open(finished)
    (new,) = [proposal for proposal in proposals(edits) if proposal.change == "new"]
    (theme,) = new.themes
    assert read_registry(finished.root)[theme].status == "proposed"
    assert {entry.status for name, entry in read_registry(finished.root).items() if name != theme} == {"active"}
    assert f"quotebank codebook accept STUDY new {theme}" in (run.folder / "draft" / "changes.md").read_text("utf-8")
    edit(finished.root / "sources" / "answers.csv", "break on night 3", "break on night 33")
    run_study(finished)
    assert new in proposals(Edits.open(finished)), "nobody has answered"
    reject(edits, new)
    assert new not in proposals(edits)
    rejected = run_study(finished)
    assert theme not in set(rejected.read("coded_assignments")["theme_id"])
    assert read_registry(finished.root)[theme].status == "retired"
    edits.undo(next(event for event in edits.events if event["verb"] == "reject")["hash"])
    assert theme in set(run_study(finished).read("coded_assignments")["theme_id"]), "it is back"


def test_a_new_theme_that_is_accepted_is_proposed_no_more(finished: Study) -> None:
    rows = "".join(f'8{n},No,Police staff,"Zips on coats break on night {n}."\n' for n in range(4))
    with (finished.root / "sources" / "answers.csv").open("a", encoding="utf-8") as file:
        file.write(rows)
    run_study(finished)
    edits = Edits.open(finished)
    (new,) = [proposal for proposal in proposals(edits) if proposal.change == "new"]
    reject(edits, new)
    edits.undo(edits.events[-1]["hash"])
    assert new in proposals(Edits.open(finished)), "nothing is decided"
    (theme,) = accept(edits, new, ["Broken zips"])
    assert proposals(edits) == [proposal for proposal in proposals(edits) if proposal.change != "new"]
    run = run_study(finished)
    assert run.read("coded_themes").set_index("theme_id").loc[theme, "label"] == "Broken zips"
    assert read_registry(finished.root)[theme].status == "active"
    assert "accept STUDY new" not in (run.folder / "draft" / "changes.md").read_text("utf-8")


def test_a_split_that_is_accepted_is_the_one_that_was_proposed(
    finished: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_two(passages: pd.DataFrame, vectors: np.ndarray, **told: Any) -> Found:
        found = quick.find_by_first_words(passages, vectors, **told)
        odd = np.arange(len(found.ideas)) % 3 == 0
        return replace(found, ideas=found.ideas.assign(cluster=found.ideas["theme_id"].str[1:].astype(int) * 2 + odd))

    monkeypatch.setattr("pipeline.themes.find_themes", in_two)
    more_answers(finished)
    run, edits = run_study(finished), Edits.open(finished)
    ideas = run.read("ideas")
    proposal = next(proposal for proposal in proposals(edits) if proposal.change == "split")
    (theme,) = proposal.themes
    edits.pin(theme, "membership")
    assert proposal not in proposals(edits), "whose passages are pinned is left alone"
    edits.unpin(theme, "membership")
    (new,) = accept(edits, proposal, ["The other half"])
    assert all(proposal.parts) and len(proposal.parts) == 2
    for name, part in ((theme, proposal.parts[0]), (new, proposal.parts[1])):
        assert set(edits.members(name)) == set(part)
        assert ideas.loc[ideas["passage_id"].isin(part), "cluster"].nunique() == 1
    assert proposal not in proposals(edits)
    again = run_study(finished).read("changes")
    assert theme not in set(again.loc[again["change"] == "split", "theme_id"])
    assert not any({theme, new} <= {row.theme_id, *row.related.split(",")} for row in again.itertuples())


MORE = (
    "The radios are dead in the lift.",
    "The radios crackle by the river.",
    "The radios crackle by the river.",
    "My laptop is too slow to be of use.",
    "The crime reports ask for it again.",
)


def more_answers(study: Study) -> None:
    rows = "".join(f'9{n},No,Police staff,"{text}"\n' for n, text in enumerate(MORE))
    with (study.root / "sources" / "answers.csv").open("a", encoding="utf-8") as file:
        file.write(rows)


def test_what_changed_is_told_of_the_bank_after_decisions_and_new_answers_in_one_run(finished: Study) -> None:
    edits = Edits.open(finished)
    ids = {code.label: code.id for code in edits.codebook.themes}
    radios, laptop, crime = (ids[label] for label in ("The radios", "My laptop", "The crime"))
    training, phones = ids["Training was"], ids["The new"]
    edits.pin(radios, "membership")
    edits.retire(laptop)
    edits.merge(training, phones)
    part = edits.split(crime, passages=edits.members(crime)[:4], labels=["Twice"])
    more_answers(finished)
    run = run_study(finished)
    changes, bank = run.read("changes"), run.read("coded_themes").set_index("theme_id")
    sizes = changes[~changes["change"].isin(["split", "merge", "ended"])].set_index("theme_id")
    assert sizes["passages_after"].to_dict() == bank["n_passages"].to_dict()
    assert sizes["people_after"].to_dict() == bank["n_contributors"].to_dict()
    assert sizes["change"].to_dict() == {**dict.fromkeys(bank.index, "kept"), crime: "grown"}
    page = (run.folder / "draft" / "changes.md").read_text("utf-8")
    assert f"The crime ({crime})**: people 4 → 5, passages 4 → 5 (1 new)" in page
    assert f"My laptop ({laptop})**, which was retired: 1 new passage is like it" in page
    assert f"The radios ({radios})**, whose passages are pinned: 3 new passages are like it" in page
    assert page.count("The radios crackle by the river.") == 1, "two people said it"
    proposed = page.partition("## Proposed")[2]
    assert training not in page and laptop not in proposed and radios not in proposed
    assert not (crime in proposed and part[0] in proposed), "people split them"


@pytest.mark.parametrize("rejected", [False, True])
def test_new_answers_that_decisions_keep_out_are_conflicts_until_settled(finished: Study, rejected: bool) -> None:
    edits = Edits.open(finished)
    _ = edits.reject("new", ["T01"]) if rejected else edits.retire("T01")
    retired = edits.events[-1]["hash"]
    first = edits.codebook.themes[0].label
    with (finished.root / "sources" / "answers.csv").open("a", encoding="utf-8") as file:
        file.write(f'91,No,Police staff,"{first} could be better, all of us think."\n')
    run_study(finished)
    (found,) = edits.conflicts
    assert (found.theme_id, found.event) == ("T01", retired)
    assert found.what == "1 new answer is like T01, which was retired"
    edits.settle(retired[:8])
    run_study(finished)
    assert edits.conflicts == []
    edits.undo(edits.events[-2]["hash"])
    edits.restore("T01")
    assert edits.conflicts == []


def test_a_decision_after_a_run_leaves_its_news(finished: Study) -> None:
    """However often people decide, changes are told from the run before the answers came."""
    more_answers(finished)
    before = run_study(finished).read("changes")
    Edits.open(finished).rename("T01", "Ours")
    run = run_study(finished)
    pd.testing.assert_frame_equal(run.read("changes"), before)
    assert "## Grown" in (run.folder / "draft" / "changes.md").read_text("utf-8")


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


def test_a_passage_coded_with_none_of_the_codes_is_in_no_theme(finished: Study) -> None:
    edits = Edits.open(finished)
    coded, made = edits.members("T01")[:2]
    edits.code([coded], [])
    (new,) = edits.split("T01", passages=[made], labels=["Ours"])
    edits.accept("merge", ["T02", "T01"])
    run = run_study(finished)
    rows = run.read("coded_assignments")
    first = rows[rows["rank"] == 1].set_index("passage_id")
    assert (first.loc[coded, "theme_id"], first.loc[coded, "source"]) == ("", "person")
    assert list(rows["passage_id"]).count(coded) == 1
    assert first.loc[made, "theme_id"] == new and came_from(finished.root) == {new: ("T01",)}


def test_what_is_taken_out_of_the_codebook_is_there_all_the_same(finished: Study) -> None:
    edits = Edits.open(finished)
    edits.rename("T02", "Ours")
    run_study(finished)
    whole, before = finished.codebook_path.read_text("utf-8"), edits.codebook
    for emptied in ("", whole.split("  - id: T02")[0]):
        finished.codebook_path.write_text(emptied, "utf-8")
        assert {code.id: code.label for code in edits.codebook.themes} == {c.id: c.label for c in before.themes}
        conclude(plan(finished).run)  # as the command does where nothing has changed
        assert edits.codebook == before and edits.conflicts == []
    finished.codebook_path.write_text("", "utf-8")
    edits.rename("T03", "Theirs")
    assert {code.id for code in edits.codebook.themes} == {code.id for code in before.themes}


def test_a_codebook_of_another_wave_brings_what_lets_its_themes_be_found_again(finished: Study, study: Study) -> None:
    old = Edits.open(finished)
    words = old.material.passages["text"].tolist()
    old.rename("T01", "Named by us")
    old.define("T02", definition="Any.", examples=[old.members("T02")[0], "In our own words"])
    run_study(finished)
    new = Edits.open(study)
    arrived = new.import_codes(codes_of(finished.root), "codebook")
    assert all(code.what == "added" for code in arrived)
    sources = {code.id: code.label_source for code in new.codebook.themes}
    assert sources["T01"] == "person" and set(sources.values()) == {"person", "machine"}
    assert new.state.themes["T02"].examples == ("In our own words",)
    run_study(study)
    told = quick.CALLS[-1][1]
    assert told["called"] == {c.id: c.label for c in old.codebook.themes if c.id != "T01"}
    people = {"T01"} | set(told["called"])
    assert set(told["awaited"]) <= people and told["awaited"]
    for vector in told["awaited"].values():
        assert abs(float((vector**2).sum()) - 1) < 1e-3
    assert centroids(finished.root, 1) and not centroids(finished.root, 99), "few people's words are their own"
    log = codebook_log(study.root).read_text("utf-8")
    assert not [said for said in words if said in log]
    other = [replace(code, label=f"{code.label} (2)", model="another") for code in codes_of(finished.root)]
    strangers = {code.theme_id for code in new.import_codes(other, "codebook")}
    assert not strangers & set(told["awaited"]), "vectors of another model say nothing here"
    assert not [theme for theme in strangers if new.state.themes[theme].centroid]
    again = new.import_codes(codes_of(finished.root), "codebook")
    assert {code.theme_id for code in again} <= people and not [c for c in again if c.what.startswith("added")]


def test_a_lost_log_stops_runs_and_decisions(finished: Study) -> None:
    edits = Edits.open(finished)
    edits.move(edits.members("T01")[:1], "T02")
    log, registry = finished.root / "decisions" / "codebook.jsonl", finished.root / "registry" / "themes.jsonl"
    for when in ("before a run", "after it"):
        for path in (log, registry):
            whole = path.read_bytes()
            for rest in (None, b"", whole.splitlines(keepends=True)[0] if when == "after it" and path == log else b""):
                path.unlink() if rest is None else path.write_bytes(rest)
                for verb in (lambda: edits.add("Heat"), lambda: run_study(finished)):
                    with pytest.raises(RefusedError, match=rf"{path.name}.*restore it from a backup") as refused:
                        verb()
                    assert "\n" not in str(refused.value)
                path.write_bytes(whole)
        run_study(finished)
    assert edits.events[0]["verb"] == "move"


def test_a_log_of_decisions_that_was_changed_stops_the_run(finished: Study) -> None:
    Edits.open(finished).rename("T01", "Ours")
    log = finished.root / "decisions" / "codebook.jsonl"
    edit(log, "Ours", "Mine")
    with pytest.raises(RefusedError, match=r"codebook\.jsonl, line 1"):
        run_study(finished)


@pytest.mark.parametrize(
    ("label", "description", "refused"),
    [
        ("What Josephine Quillfeather says", "", True),
        ("Radios", "PC quillfeather\u2019s radio", True),
        ("Ask jo.q@force.example", "", True),
        ("Call 07700 900123", "", True),
        ("Price of licences", "What it costs, and who pays", False),
    ],
)
def test_a_contributors_name_is_never_printed_as_a_themes(
    finished: Study, monkeypatch: pytest.MonkeyPatch, label: str, description: str, refused: bool
) -> None:
    people = [
        Person("c1", name="Josephine Quillfeather", email="jo.q@force.example", other=("07700 900123",)),
        Person("c2", name="Price"),
    ]
    monkeypatch.setattr("pipeline.stages._people", lambda work: people)
    first, edits = plan(finished).run.run_id, Edits.open(finished)
    edits.rename("T01", label)
    decisions = [edits.events[-1]["hash"]]
    if description:
        edits.define("T01", description=description)
        decisions.append(edits.events[-1]["hash"])
    if not refused:
        assert label in set(run_study(finished).read("coded_themes")["label"])
        return
    with pytest.raises(QuotebankError, match="theme T01: a contributor's name or number") as caught:
        run_study(finished)
    assert not any(word in str(caught.value) for word in f"{label} {description}".split() if len(word) > 6)
    for decision in reversed(decisions):
        edits.undo(decision)
    assert run_study(finished).run_id == first
