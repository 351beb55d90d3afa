"""Every verb, from its checks to what the next run makes of it."""

import json
from pathlib import Path

import pandas as pd
import pytest

from pipeline.codebook import apply_codebook, codebook_log, current_state, read_codebook
from pipeline.codebook.importing import Imported, codes_of
from pipeline.edits import Edits
from pipeline.errors import RefusedError
from pipeline.store import Run, latest_run, study_lock
from tests.edits.studies import bare_study, encode, five_subjects, found, run_found
from tests.fakes import SUBJECTS, passages_table


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("five") / "study"
    five_subjects(root)
    return root


@pytest.fixture
def edits(once: Path, tmp_path: Path) -> Edits:
    import shutil

    return Edits.open(shutil.copytree(once, tmp_path / "study"), encode=encode)


def coded(edits: Edits) -> tuple[dict[str, str], dict[str, str]]:
    """Theme id → label and passage id → main theme, as the stage would make them now."""
    run = Run.open(edits.study.root)
    tables = (run.read(name) for name in ("themes", "assignments", "passages"))
    root = edits.study.root
    themes, assignments = apply_codebook(read_codebook(root / "codebook.yaml"), *tables, current_state(root))
    return (
        dict(zip(themes["theme_id"], themes["label"], strict=True)),
        dict(zip(assignments["passage_id"], assignments["theme_id"], strict=True)),
    )


def file_label(edits: Edits, theme: str) -> str:
    code = edits.codebook.get(theme)
    assert code is not None
    return code.label


def hand_edit(edits: Edits, old: str, new: str) -> None:
    path = edits.study.codebook_path
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


# ── verbs ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_rename_is_in_the_log_in_the_file_and_in_the_next_run(edits: Edits) -> None:
    edits.rename("T01", "  Signal   in the valleys ")
    event = edits.events[-1]
    assert (event["verb"], event["theme"], event["label"]) == ("rename", "T01", "Signal in the valleys")
    assert event["role"] == "analyst" and event["at"].endswith("Z")
    assert file_label(edits, "T01") == "Signal in the valleys"
    assert coded(edits)[0]["T01"] == "Signal in the valleys"


def test_a_merge_leaves_an_alias(edits: Edits) -> None:
    gone, kept = edits.members("T04"), edits.members("T01")
    edits.merge("T04", "T01")
    edits.merge("T01", "T02")
    labels, where = coded(edits)
    assert {where[p] for p in (*gone, *kept)} == {"T02"} and set(labels) == {"T02", "T03", "T05"}
    assert edits.state.resolve("T04") == edits.state.target("T04") == "T02"


def test_a_theme_is_split_by_what_a_phrase_asks_for(edits: Edits) -> None:
    edits.merge("T04", "T01")
    batteries = {p for p in edits.members("T01") if "batter" in text_of(edits, p).casefold()}
    new = edits.split("T01", phrase="laptop battery", labels=["Flat batteries again"])
    assert new == ["T06"]
    inside = set(edits.members("T06"))
    assert inside <= batteries and len(inside) >= 4, "those that share its words; the stand-in knows no others"
    assert len(edits.members("T01")) == 16 - len(inside)
    assert edits.events[-1]["by"] == "query" and file_label(edits, "T06") == "Flat batteries again"


def test_a_theme_is_split_by_its_communities(edits: Edits) -> None:
    edits.merge("T04", "T01")
    subjects = {text: name for name, lines in SUBJECTS.items() for text in lines}
    (new,) = edits.split("T01", n_parts=2)
    for theme in ("T01", new):
        inside = [subjects[text_of(edits, p)] for p in edits.members(theme)]
        assert max(inside.count("radio"), inside.count("laptops")) >= 0.75 * len(inside) > 0
    assert file_label(edits, new) == "Poor signal (2)"


def test_a_theme_is_split_by_naming_passages(edits: Edits) -> None:
    three = edits.members("T03")[:3]
    (new,) = edits.split("T03", passages=three, labels=["Videos"])
    assert edits.members(new) == three and len(edits.members("T03")) == 5
    assert coded(edits)[0][new] == "Videos"


@pytest.mark.parametrize("how", [{"phrase": "x", "n_parts": 2}, {"passages": []}, {"n_parts": 2, "labels": ["a", "b"]}])
def test_what_does_not_part_is_refused(edits: Edits, how: dict[str, object]) -> None:
    with pytest.raises(RefusedError):
        edits.split("T03", **how)
    with pytest.raises(RefusedError, match="move them instead"):
        edits.split("T03", passages=edits.members("T01")[:1])
    with pytest.raises(RefusedError, match="come apart"):
        edits.split("T03", passages=edits.members("T03"))
    assert not codebook_log(edits.study.root).exists()


def test_a_moved_passage_stays_where_it_was_put(edits: Edits) -> None:
    one, other, third = edits.members("T01")[:3]
    edits.move([one], "T02")
    edits.move([other], "")
    edits.move([third], "T03", origin="T01")
    where = coded(edits)[1]
    assert (where[one], where[other], where[third]) == ("T02", "", "T03")
    sources = edits.assignments().set_index("passage_id")["source"]
    assert list(sources[[one, other, third]]) == ["person"] * 3 and sources.value_counts()["machine"] == 37


def test_a_coding_says_exactly_which_themes_a_passage_has(edits: Edits) -> None:
    one, other = edits.members("T01")[:2]
    edits.code([one], ["T05", "T02"])
    edits.code([other], [])
    rows = edits.assignments()
    assert rows[rows["passage_id"] == one][["theme_id", "rank"]].values.tolist() == [["T05", 1], ["T02", 2]]
    assert rows[rows["passage_id"] == other]["theme_id"].tolist() == [""]
    assert edits.state.human_codings == {one: frozenset({"T05", "T02"}), other: frozenset()}
    edits.merge("T05", "T02")
    assert edits.state.human_codings[one] == {"T02"}
    edits.move([one], "T03")
    assert one not in edits.state.human_codings, "a move says where a passage belongs, not all that it is about"


def test_pins_keep_the_machine_out(edits: Edits) -> None:
    inside = edits.members("T01")
    edits.pin("T01", "label")
    edits.pin("T01", "membership")
    edits.pin_quote(inside[:1])
    assert edits.state.pinned_quotes == {inside[0]}
    run = latest_run(edits.study.root)
    assert run is not None
    passages, before = run.read("passages"), run.read("assignments")
    swap = {"T01": "T02", "T02": "T01"}
    placed = {row.passage_id: swap.get(row.theme_id, row.theme_id) for row in before.itertuples()}
    labels = {"T01": "Something else", "T02": "T2", "T03": "T3", "T04": "T4", "T05": "T5"}
    run_found(edits.study.root, "run2", passages, *found(labels, placed))
    assert edits.members("T01") == inside
    assert coded(edits)[0]["T01"] == "Poor signal"
    edits.move(inside[:1], "T03")
    assert edits.members("T01") == inside[1:], "a person may do what the machine may not"
    edits.unpin("T01", "membership")
    edits.unpin("T01", "label")
    edits.unpin_quote(inside[:1])
    assert coded(edits)[0]["T01"] == "Something else" and not set(edits.members("T01")) & set(inside)
    with pytest.raises(RefusedError, match="no pinned"):
        edits.unpin("T01", "label")


def test_retired_and_set_aside_themes_can_come_back(edits: Edits) -> None:
    inside = edits.members("T01")
    for verb in (edits.retire, edits.set_aside):
        verb("T01")
        labels, where = coded(edits)
        assert "T01" not in labels and {where[p] for p in inside} == {""}
        with pytest.raises(RefusedError, match="restore"):
            edits.move(edits.members("T02")[:1], "T01")
        edits.restore("T01")
        assert edits.members("T01") == inside
    with pytest.raises(RefusedError, match="nothing to restore"):
        edits.restore("T01")


def test_a_retired_theme_s_label_can_be_used_again_and_then_not_come_back(edits: Edits) -> None:
    edits.retire("T01")
    assert edits.add("Poor signal") == "T06"
    with pytest.raises(RefusedError, match="that of T06"):
        edits.restore("T01")


def test_a_theme_can_be_added_before_there_are_any_data(tmp_path: Path) -> None:
    edits = Edits.open(bare_study(tmp_path / "new"))
    theme = edits.add("Heat", definition="Being hot.", seeds="too hot", examples=["The van is an oven."])
    part = edits.add("Hot vans", parent=theme)
    assert (theme, part) == ("T01", "T02")
    assert edits.state.codes["T01"].seeds == ("too hot",)
    run_found(edits.study.root, "run1", passages_table(["a b", "c d"]), *found({"T03": "Found"}, {}))
    code = edits.codebook.get("T01")
    assert code is not None and not code.stale and code.label == "Heat"
    assert edits.conflicts == []


def test_a_definition_reaches_file_state_and_back(edits: Edits) -> None:
    passage = edits.members("T01")[0]
    edits.define(
        "T01",
        definition="Whether a radio works.\n\nIndoors and out.",
        include=["Dead zones."],
        exclude=["Flat batteries: T04.", "Broken aerials."],
        seeds=["no signal"],
        examples=["Nothing past the bridge.", passage],
        parent="T05",
    )
    code = edits.codebook.get("T01")
    assert code is not None and code.definition == "Whether a radio works.\n\nIndoors and out."
    assert code.exclude == ("Flat batteries: T04.", "Broken aerials.") and code.parent == "T05"
    assert edits.state.codes["T01"].examples == ("Nothing past the bridge.", passage)
    assert edits.state.examples[passage].passage_id == passage
    edits.define("T01", exclude=[], definition="", parent="")
    decided = edits.state.themes["T01"]
    assert (decided.exclude, decided.definition, decided.parent, decided.seeds) == ((), "", "", ("no signal",))
    assert "exclude" not in edits.study.codebook_path.read_text("utf-8").split("themes:")[1]


def test_proposals_are_accepted_or_refused_for_good(edits: Edits) -> None:
    three = edits.members("T03")[:3]
    assert edits.accept("merge", ["T01", "T04"]) == "T01"
    new = edits.accept("split", ["T03"], three, label="Videos")
    other = edits.accept("new", [], edits.members("T05")[:2], label="Addresses")
    assert edits.members(new) == three and len(edits.members("T01")) == 16 and len(edits.members(other)) == 2
    edits.reject("merge", ["T02", "T05"])
    assert [(v.change, v.accepted) for v in edits.state.verdicts] == [
        ("merge", True),
        ("split", True),
        ("new", True),
        ("merge", False),
    ]
    edits.undo(next(e for e in edits.events if e["verb"] == "accept")["hash"])
    assert len(edits.members("T01")) == 8
    for nothing in (("merge", ["T01"], ()), ("split", ["T01"], ()), ("paint", ["T01"], three)):
        with pytest.raises(RefusedError, match="proposal"):
            edits.accept(*nothing)


# ── refusals ────────────────────────────────────────────────────────────────────────────────────────────────────

REFUSED = {
    "an unknown theme": (lambda e: e.rename("T77", "x"), "no theme of this study"),
    "an empty label": (lambda e: e.rename("T01", " "), "is empty"),
    "a label of another's": (lambda e: e.rename("T01", "too many PASSWORDS"), "that of T02"),
    "a placeholder": (lambda e: e.rename("T01", "What [person 2] said"), "placeholder"),
    "a label without end": (lambda e: e.rename("T01", "long " * 60), "longer than"),
    "a merge into itself": (lambda e: e.merge("T01", "T01"), "into itself"),
    "a merge into nothing": (lambda e: e.merge("T01", "T77"), "no theme"),
    "a passage nobody knows": (lambda e: e.move(["nobody"], "T01"), "unknown to run"),
    "no passage": (lambda e: e.code([], ["T01"]), "not named"),
    "a code nobody knows": (lambda e: e.code(e.members("T01")[:1], ["T01", "T77"]), "no theme"),
    "its own parent": (lambda e: e.define("T01", parent="T01"), "own parent"),
    "nothing to define": (lambda e: e.define("T01"), "by nothing"),
    "no such event": (lambda e: e.undo("ffff"), "no event"),
    "no such conflict": (lambda e: e.settle("ffff"), "no conflict"),
    "a quote that is not pinned": (lambda e: e.unpin_quote(["x"]), "not pinned"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_makes_no_sense_is_refused_and_leaves_no_trace(edits: Edits, case: str) -> None:
    verb, complaint = REFUSED[case]
    before = edits.study.codebook_path.read_bytes()
    with pytest.raises(RefusedError, match=complaint) as refused:
        verb(edits)
    assert "\n" not in str(refused.value)
    assert edits.study.codebook_path.read_bytes() == before and not codebook_log(edits.study.root).exists()


def test_circles_and_third_levels_are_refused(edits: Edits) -> None:
    edits.merge("T01", "T02")
    for verb in (
        lambda: edits.merge("T02", "T01"),
        lambda: edits.merge("T03", "T01"),
        lambda: edits.rename("T01", "x"),
    ):
        with pytest.raises(RefusedError, match="merged into T02"):
            verb()
    edits.define("T03", parent="T04")
    for theme, parent in (("T05", "T03"), ("T04", "T05")):
        with pytest.raises(RefusedError, match="two levels"):
            edits.define(theme, parent=parent)


@pytest.mark.parametrize(
    "role", ["jo@example.org", "Jo Bloggs", "J. Bloggs", "Émile Zola", "", "file", "machine", "x" * 41]
)
def test_a_role_is_never_a_name(edits: Edits, role: str) -> None:
    with pytest.raises(RefusedError, match="--role"):
        Edits.open(edits.study, role)


@pytest.mark.parametrize("role", ["analyst", "study lead", "Analyst 2", "second coder"])
def test_a_role_can_be_said(edits: Edits, role: str) -> None:
    Edits.open(edits.study, role).rename("T01", "Signal")
    assert edits.events[-1]["role"] == role


def test_nobody_edits_during_a_run(edits: Edits) -> None:
    with study_lock(edits.study.root), pytest.raises(RefusedError, match="another run"):
        edits.rename("T01", "Signal")


def test_a_log_that_was_tampered_with_is_not_followed(edits: Edits) -> None:
    edits.rename("T01", "Signal")
    path = codebook_log(edits.study.root)
    path.write_text(path.read_text("utf-8").replace("Signal", "Noise"), "utf-8")
    with pytest.raises(RefusedError, match="line 1"):
        edits.rename("T02", "Passwords")


def test_the_log_holds_no_words_of_passages(edits: Edits) -> None:
    edits.move(edits.members("T01"), "T02")
    edits.pin("T02", "membership")
    words = {text for lines in SUBJECTS.values() for text in lines}
    log = codebook_log(edits.study.root).read_text("utf-8")
    assert not [text for text in words if text in log]
    assert len(json.loads(log.splitlines()[0])["passages"]) == 8


# ── undo ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_undone_decision_no_longer_counts_and_can_be_had_back(edits: Edits) -> None:
    before = edits.study.codebook_path.read_bytes()
    edits.rename("T01", "Signal")
    edits.undo(edits.events[-1]["hash"][:8])
    assert edits.study.codebook_path.read_bytes() == before and coded(edits)[0]["T01"] == "Poor signal"
    assert [event["verb"] for event in edits.events] == ["rename", "undo"], "the file holds nothing new"
    edits.undo(edits.events[-1]["hash"])
    assert file_label(edits, "T01") == "Signal"


def test_an_undone_theme_is_gone_from_the_file_and_its_id_is_not_used_again(edits: Edits) -> None:
    before = edits.study.codebook_path.read_bytes()
    assert edits.add("Heat") == "T06"
    edits.undo(edits.events[-1]["hash"])
    assert edits.study.codebook_path.read_bytes() == before
    assert edits.add("Cold") == "T07"


def test_what_others_build_on_is_not_undone(edits: Edits) -> None:
    (new,) = edits.split("T03", passages=edits.members("T03")[:2])
    split = edits.events[-1]["hash"]
    edits.merge("T01", new)
    with pytest.raises(RefusedError, match="undo that first"):
        edits.undo(split)
    edits.undo(edits.events[-1]["hash"])
    edits.undo(split)
    assert len(edits.members("T03")) == 8
    with pytest.raises(RefusedError, match="already"):
        edits.undo(split)


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


def test_passages_in_a_theme_that_was_retired_later_are_a_conflict(edits: Edits) -> None:
    two = edits.members("T01")[:2]
    edits.move(two, "T02")
    edits.retire("T02")
    (conflict,) = edits.conflicts
    assert (conflict.theme_id, "2 passage(s)" in conflict.what) == ("T02", True)
    assert {coded(edits)[1][p] for p in two} == {""}, "not back to where the machine would have them"
    edits.move(two, "T03")
    assert edits.conflicts == []


def rerun(edits: Edits, passages: pd.DataFrame) -> None:
    run = latest_run(edits.study.root)
    assert run is not None
    theme = "T01"
    run_found(
        edits.study.root, "run2", passages, *found({theme: "Poor signal"}, dict.fromkeys(passages["passage_id"], theme))
    )


def test_decisions_follow_the_words_when_ids_change(edits: Edits) -> None:
    passages = edits.material.passages
    one, other = edits.members("T01")[:2]
    edits.move([one], "T02")
    edits.define("T01", examples=[other])
    renamed = passages.assign(passage_id="new" + passages["passage_id"])
    rerun(edits, renamed)
    assert edits.members("T02") == [f"new{one}"] and edits.conflicts == []
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


def test_what_cannot_be_a_label_is_made_one(edits: Edits) -> None:
    (arrived,) = edits.import_codes([Imported("code 1", "Names [person]")], "refi-qda")
    assert "changed" in arrived.what and file_label(edits, arrived.theme_id) == "Names (person)"


def text_of(edits: Edits, passage: str) -> str:
    return str(edits.material.passages.set_index("passage_id").loc[passage, "text"])
