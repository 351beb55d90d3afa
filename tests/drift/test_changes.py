"""The report of what changed: sizes as the bank has them, and the splits and merges that a fresh look proposes."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest

from pipeline.codebook import State, replay
from pipeline.codebook.applying import coded_assignments
from pipeline.codebook.state import refs
from pipeline.drift import Decided, earlier_of, find_changes
from pipeline.tables import CHANGES, CODINGS, EARLIER, check

SIZES = ["passages_before", "passages_new", "passages_waited", "passages_moved", "passages_left", "passages_after"]


def ideas(themes: str, shadow: str | None = None) -> pd.DataFrame:
    """One idea a letter: A is T01, B is T02 …, "." has none; each its own passage and person."""
    ids = [f"p{n:03d}" for n in range(len(themes))]
    names = ["" if letter == "." else f"T{ord(letter) - 64:02d}" for letter in themes]
    clusters = [ord(letter) - 97 if letter != "." else -1 for letter in shadow or themes.lower()]
    rows = {"passage_id": ids, "contributor_id": ids, "theme_id": names, "cluster": clusters, "rank": 1, "margin": 0.1}
    return pd.DataFrame(rows).assign(similarity=[1 - n / 1000 for n in range(len(ids))])


def said(found: pd.DataFrame) -> pd.DataFrame:
    texts = [f"Words of {passage}." for passage in found["passage_id"]]
    return found[["passage_id", "contributor_id"]].assign(text=texts, text_hash=texts)


def named(found: pd.DataFrame, **labels: str) -> pd.DataFrame:
    themes = sorted(set(found["theme_id"]) - {""})
    called = [labels.get(theme, f"Name of {theme}") for theme in themes]
    return pd.DataFrame({"theme_id": themes, "label": called, "label_source": "machine"})


def event(verb: str, theme: str, passages: Sequence[int] = (), **more: Any) -> dict[str, Any]:
    known = refs(said(ideas("A" * 40)))
    named = [known[f"p{n:03d}"].content for n in passages]
    return {"verb": verb, "theme": theme, "role": "analyst", "hash": f"{verb} {theme}", "passages": named, **more}


def changes(
    now: str,
    before: str | None,
    shadow: str | None = None,
    decisions: Sequence[dict[str, Any]] = (),
    open_: Sequence[str] = (),
    **labels: str,
) -> pd.DataFrame:
    found, state = ideas(now, shadow), replay(list(decisions))
    passages = said(found)
    machine = found.drop(columns="cluster").assign(source="machine")
    coded = coded_assignments(state, machine)
    parted = {part["theme"]: (e["theme"],) for e in decisions for part in e.get("parts", ())}
    earlier = EARLIER.empty()
    if before is not None:
        was = ideas(before)
        told = pd.DataFrame({"theme_id": list(open_), "proposed": True})
        earlier = earlier_of(named(was, **labels), was, was.drop(columns="cluster"), CODINGS.empty(), said(was), told)
    run = Decided(passages, found, machine, named(coded), coded, state, parted)
    table = check(find_changes(run, earlier, 3), CHANGES)
    assert_adds_up(table, coded)
    return table.set_index(["theme_id", "change"])


def assert_adds_up(table: pd.DataFrame, coded: pd.DataFrame) -> None:
    joined = table["passages_new"] + table["passages_waited"] + table["passages_moved"]
    assert (table["passages_before"] + joined - table["passages_left"] == table["passages_after"]).all()
    bank = coded[coded["theme_id"] != ""].groupby("theme_id")["passage_id"].nunique()
    assert all(bank.get(row.theme_id, 0) == row.passages_after for row in table.itertuples()), "counts of the bank"


def test_every_theme_is_kept_grown_shrunk_new_or_gone() -> None:
    found = changes("AAAA" + "BBBB" + "CC" + "EEE", "AAAA" + "BB.." + "CCC" + "DD")
    assert set(found.index) == {("T01", "kept"), ("T02", "grown"), ("T03", "shrunk"), ("T04", "gone"), ("T05", "new")}
    assert found.loc[("T02", "grown"), ["passages_before", "passages_after", "people_after"]].tolist() == [2, 4, 4]
    assert found.loc[("T02", "grown"), "examples"] == "p006,p007"  # what it grew by
    assert found.loc[("T05", "new"), "examples"].count(",") == 2


def test_what_had_waited_is_no_new_data_and_all_adds_up() -> None:
    found = changes("AAAA" + "AAAAA" + "BB" + "..", "AAAA" + ".." + "BBBB" + ".")
    assert found.loc[("T01", "grown"), SIZES].tolist() == [4, 0, 2, 3, 0, 9]
    assert found.loc[("T02", "shrunk"), SIZES].tolist() == [4, 0, 1, 0, 3, 2]
    assert changes("AAAA", "AA.").loc[("T01", "grown"), SIZES].tolist() == [2, 1, 1, 0, 0, 4]
    assert changes("AAAA", None).loc[("T01", "new"), SIZES].tolist() == [0, 4, 0, 0, 0, 4]


def test_in_the_first_run_all_is_new_and_nothing_is_proposed() -> None:
    assert set(changes("AAAABBBB", None, "aaaaaaaa").index) == {("T01", "new"), ("T02", "new")}


def test_a_new_theme_is_proposed_from_run_to_run_until_somebody_decides() -> None:
    def proposed(*said: object, **more: object) -> list[str]:
        found = changes(*said, **more)  # pyright: ignore[reportArgumentType]
        return found.index[found["proposed"]].get_level_values("theme_id").tolist()

    assert proposed("AAAABBB", "AAAA") == ["T02"] and proposed("AAAABBB", None) == []
    assert proposed("AAAABBB", "AAAABB", open_=["T02"]) == ["T02"] and proposed("AAAABBB", "AAAABB") == []
    assert proposed("AAAA", "AAAABB", open_=["T02"]) == [], "it is gone"
    for decision in (
        event("accept", "", change="new", themes=["T02"]),
        event("rename", "T02", label="Ours"),
        event("reject", "", change="new", themes=["T02"]),
        event("merge", "T02", into="T01"),
    ):
        assert proposed("AAAABBB", "AAAA", decisions=[decision]) == [], decision["verb"]


def test_a_new_name_is_told_with_the_old_one() -> None:
    found = changes("AAAA", "AAAA", T01="Old name")
    assert found.loc[("T01", "renamed"), "detail"] == "Old name"


def test_a_theme_that_a_fresh_look_sees_as_two_is_proposed_for_a_split() -> None:
    found = changes("AAAAAAAA", "AAAAAAAA", "aaabbbbb").loc[("T01", "split")]
    assert found["detail"] == "5|3" and found["members"] == "p003,p004,p005,p006,p007|p000,p001,p002"
    assert found["examples"] == "p003,p004,p005|p000,p001,p002"
    assert ("T01", "split") not in changes("AAAAAAAA", "AAAAAAAA", "aaaaaabb").index  # 2 of 8 are no part


def test_a_part_that_belongs_to_others_is_no_reason_to_split() -> None:
    assert ("T01", "split") not in changes("AAAAAAAABBBBB", "AAAAAAAABBBBB", "aaaabbbbbbbbb").index


def test_two_themes_that_a_fresh_look_sees_as_one_are_proposed_for_a_merge() -> None:
    found = changes("AAAAABBB", "AAAAABBB", "aaaaaaaa")
    assert found.loc[("T01", "merge"), "related"] == "T02"
    assert found.loc[("T01", "merge"), "examples"] == "p000,p001,p002|p005,p006,p007"
    assert ("T01", "merge") not in changes("AAAAABBB", "AAAAABBB", "aaaaabbb").index


# ── as people decided ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_merged_theme_is_told_of_with_that_which_it_became() -> None:
    found = changes("AAAABBBBB", "AAAABBB", decisions=[event("merge", "T02", into="T01")])
    assert found.index.tolist() == [("T01", "grown")]
    assert found.loc[("T01", "grown"), SIZES].tolist() == [7, 2, 0, 0, 0, 9]


def test_what_people_decided_is_no_news() -> None:
    moved = [event("move", "", (0, 1), to="T02"), event("retire", "T03")]
    assert set(changes("AAAABBBBCCC", "AAAABBBBCCC", decisions=moved).index) == {("T01", "kept"), ("T02", "kept")}


@pytest.mark.parametrize(("verb", "how"), [("retire", "retired"), ("set_aside", "set aside")])
def test_new_answers_like_a_theme_that_people_ended_are_told_and_nothing_else_of_it(verb: str, how: str) -> None:
    ended = [event(verb, "T02"), event("merge", "T03", into="T02")]
    found = changes("AAAAABBBB" + "BBC", "AAAAABBBB", "a" * 12, ended)
    assert set(found.index) == {("T01", "kept"), ("T02", "ended")}, "and no merge"
    row = found.loc[("T02", "ended")]
    assert row["passages_out"] == 3 and row["detail"] == how and row["examples"] == "p009,p010,p011"
    assert set(changes("AAAAABBBB", "AAAAABBBB", "a" * 9, ended).index) == {("T01", "kept")}
    placed = [*ended, event("code", "", (9, 10, 11), themes=["T01"])]
    assert ("T02", "ended") not in changes("AAAAABBBBBBB", "AAAAABBBB", None, placed).index, "a person has decided"


def test_a_pinned_theme_does_not_grow_and_says_what_would_have_joined() -> None:
    pinned = [event("pin", "T01", (0, 1, 2), what="membership")]
    found = changes("AAAA" + "BBBB" + "AA", "AAAA" + "BBBB", "aabbaaaaaa", pinned)
    assert found.index.tolist() == [("T01", "kept"), ("T02", "kept")], "and neither a split nor a merge"
    assert found.loc[("T01", "kept"), SIZES].tolist() == [3, 0, 0, 0, 0, 3]
    assert found["passages_out"].tolist() == [2, 0] and found.loc[("T01", "kept"), "examples"] == "p008,p009"


def split(theme: str, new: str, passages: Sequence[int]) -> dict[str, Any]:
    part = {"theme": new, "label": f"Part {new}", "passages": event("", "", passages)["passages"]}
    return event("split", theme, parts=[part], by="passages", phrase="")


def test_no_merge_of_what_people_split_nor_split_of_what_they_merged() -> None:
    parts = [split("T01", "T09", (4, 5, 6, 7)), split("T09", "T10", (7,))]
    assert "merge" not in changes("AAAAIIIJ", "AAAAIIIJ", "a" * 8, parts).index.get_level_values("change")
    found = changes("AAAAIIIIBB", "AAAAIIIIBB", "a" * 10, parts[:1])
    assert found.loc[("T01", "merge"), "related"] == "T02", "with others they may be one"
    joined = [event("merge", "T02", into="T01")]
    assert ("T01", "split") in changes("AAAAAAAA", "AAAAAAAA", "aaaabbbb").index
    assert ("T01", "split") not in changes("AAAABBBB", "AAAABBBB", "aaaabbbb", joined).index


def test_a_merged_theme_is_as_large_as_all_that_is_in_it_where_merges_are_proposed() -> None:
    found = changes("AAABBBCCCC", "AAABBBCCCC", "a" * 10, [event("merge", "T02", into="T01")])
    assert found.loc[("T01", "merge"), "related"] == "T03"


def test_what_a_person_has_judged_is_not_proposed_again() -> None:
    said_no = [event("reject", "", change="merge", themes=["T02", "T01"])]
    assert ("T01", "merge") not in changes("AAAAABBB", "AAAAABBB", "aaaaaaaa", said_no).index
    others = [event("reject", "", change="merge", themes=["T01", "T03"])]
    assert ("T01", "merge") in changes("AAAAABBB", "AAAAABBB", "aaaaaaaa", others).index, "the same themes, no others"
    assert ("T01", "split") not in changes(
        "AAAAAAAA", "AAAAAAAA", "aaaabbbb", [event("reject", "", change="split", themes=["T01"])]
    ).index


def test_words_that_several_people_say_are_shown_once() -> None:
    found = ideas("AAAA")
    passages = said(found).assign(text=["No signal.", "no  SIGNAL.", "No signal.", "It drops."])
    machine = found.drop(columns="cluster").assign(source="machine")
    run = Decided(passages, found, machine, named(found), coded_assignments(State(), machine), State(), {})
    assert find_changes(run, EARLIER.empty(), 3)["examples"].tolist() == ["p000,p003"]
