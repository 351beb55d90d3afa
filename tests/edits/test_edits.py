"""Every verb, from its checks to what the next run makes of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.codebook import codebook_log
from pipeline.edits import Edits
from pipeline.edits.material import Material
from pipeline.errors import RefusedError
from pipeline.store import latest_run, study_lock
from tests.edits.studies import bare_study, coded, coded_table, encode, file_label, found, hand_edit, run_found, text_of
from tests.fakes import SUBJECTS, passages_table

# ── verbs ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_rename_is_in_the_log_in_the_file_and_in_the_next_run(edits: Edits) -> None:
    edits.rename("T01", "  Signal   in the valleys ")
    event = edits.events[-1]
    assert (event["verb"], event["theme"], event["label"]) == ("rename", "T01", "Signal in the valleys")
    assert event["role"] == "analyst" and event["at"].endswith("Z")
    assert file_label(edits, "T01") == "Signal in the valleys"
    assert coded(edits)[0]["T01"] == "Signal in the valleys"


def test_a_theme_has_nothing_but_what_can_be_said_of_one(edits: Edits) -> None:
    for said in (edits.define, edits.add):
        with pytest.raises(TypeError, match="no colour"):
            said("T01", colour="red", definition="Any.")  # pyright: ignore[reportCallIssue]
    assert edits.events == []


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
        assert max(inside.count("radio"), inside.count("laptops")) >= 0.7 * len(inside) > 0
    assert file_label(edits, new) == "Poor signal (2)"
    table = coded_table(edits).loc[new]
    assert (table["label_source"], table["low_confidence"]) == ("machine", True), "a working title is nobody's decision"
    run = edits.material.run
    run_found(edits.study.root, "run2", run.read("passages"), run.read("themes"), run.read("assignments"))
    code = edits.codebook.get(new)
    assert code is not None and (code.label_source, code.stale) == ("machine", False)
    assert [event["verb"] for event in edits.events] == ["merge", "split", "applied"]
    hand_edit(edits, "label: Poor signal (2)", "label: Batteries again")
    assert edits.state.themes[new].label == "Batteries again"


def test_a_part_without_a_label_has_the_machines_name_unless_another_theme_has_it(
    edits: Edits, monkeypatch: pytest.MonkeyPatch
) -> None:
    def titles(self: Material, event: dict[str, Any], labels: dict[str, str]) -> dict[str, str]:
        return {
            part["theme"]: title for part, title in zip(event["parts"], ("Cold batteries", labels["T02"]), strict=True)
        }

    monkeypatch.setattr(Material, "titles", titles)
    first, second = edits.split("T01", n_parts=3)
    assert file_label(edits, first) == "Cold batteries"
    assert file_label(edits, second) not in ("Cold batteries", file_label(edits, "T02"))


def test_a_phrase_that_nothing_has_to_do_with_is_refused(edits: Edits) -> None:
    far = Edits.open(edits.study, encode=lambda texts: -encode(["radio signal"] * len(texts)))
    with pytest.raises(RefusedError, match="near to nothing"):
        far.split("T01", phrase="zebra crossing penguins")
    assert edits.events == []


def test_a_theme_is_split_by_naming_passages(edits: Edits) -> None:
    three = edits.members("T03")[:3]
    (new,) = edits.split("T03", passages=three, labels=["Videos"])
    assert edits.members(new) == three and len(edits.members("T03")) == 5
    assert coded(edits)[0][new] == "Videos"


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"phrase": "x", "n_parts": 2}, "choose one of the three"),
        ({"passages": []}, "are not named"),
        ({"n_parts": 2, "labels": ["a", "b"]}, "are 2, but there are 1"),
        ({"n_parts": 3, "labels": ["Cold vans", "cold vans"]}, "are the same"),
    ],
)
def test_what_does_not_part_is_refused(edits: Edits, how: dict[str, Any], why: str) -> None:
    with pytest.raises(RefusedError, match=why):
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
    other = edits.accept("new", ["T05"], label="Addresses")
    assert edits.members(new) == three and len(edits.members("T01")) == 16 and other == "T05"
    assert edits.state.themes["T05"].label == "Addresses"
    edits.reject("merge", ["T02", "T05"])
    assert [(v.change, v.accepted) for v in edits.state.verdicts] == [
        ("merge", True),
        ("split", True),
        ("new", True),
        ("merge", False),
    ]
    edits.undo(next(e for e in edits.events if e["verb"] == "accept")["hash"])
    assert len(edits.members("T01")) == 8
    for nothing in (("merge", ["T01"], ()), ("split", ["T01"], ()), ("new", [], ()), ("paint", ["T01"], three)):
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


def test_what_joined_a_part_later_goes_back_with_it(edits: Edits) -> None:
    (part,) = edits.split("T03", passages=edits.members("T03")[:2])
    split = edits.events[-1]["hash"]
    run = edits.material.run
    placed = dict(zip(run.read("assignments")["passage_id"], run.read("assignments")["theme_id"], strict=True))
    joined, stays = edits.members("T01")[0], edits.members("T02")[0]
    labels = {f"T{n:02d}": f"Found {n}" for n in range(1, 7)}
    run_found(edits.study.root, "run2", run.read("passages"), *found(labels, {**placed, joined: part}))
    assert joined in edits.members(part)
    edits.undo(split)
    run_found(edits.study.root, "run3", run.read("passages"), *found(labels, {**placed, joined: part}))
    assert joined in edits.members("T03") and stays in edits.members("T02")
    assert part not in coded(edits)[0] and edits.codebook.get(part) is None and edits.conflicts == []
    edits.undo(edits.events[-2]["hash"])
    assert joined in edits.members(part), "and forth again"
