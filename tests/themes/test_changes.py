"""The report of what changed: sizes, and the splits and merges that a fresh look proposes."""

import numpy as np
import pandas as pd

from pipeline.tables import CHANGES, check
from pipeline.themes.changes import find_changes


def ideas(themes: str, first: int = 0) -> pd.DataFrame:
    """One idea a letter: A is T01, B is T02 …, "." has none; each its own passage and person."""
    ids = [f"p{n:03d}" for n in range(first, first + len(themes))]
    names = ["" if letter == "." else f"T{ord(letter) - 64:02d}" for letter in themes]
    rows = {"passage_id": ids, "contributor_id": ids, "theme_id": names}
    return pd.DataFrame(rows).assign(similarity=[1 - n / 1000 for n in range(len(ids))])


def changes(now: str, before: str | None, shadow: str | None = None, **labels: str) -> pd.DataFrame:
    clusters = np.array([ord(letter) - 97 if letter != "." else -1 for letter in shadow or now.lower()])
    past = None if before is None else ideas(before).drop(columns="similarity")
    found = find_changes(ideas(now), clusters, past, labels, 3)
    return check(found, CHANGES).set_index(["theme_id", "change"])


def test_every_theme_is_kept_grown_shrunk_new_or_gone() -> None:
    found = changes("AAAA" + "BBBB" + "CC" + "EEE", "AAAA" + "BB.." + "CCC" + "DD")
    assert set(found.index) == {("T01", "kept"), ("T02", "grown"), ("T03", "shrunk"), ("T04", "gone"), ("T05", "new")}
    assert found.loc[("T02", "grown"), ["passages_before", "passages_after", "people_after"]].tolist() == [2, 4, 4]
    assert found.loc[("T02", "grown"), "examples"] == "p006,p007"  # what it grew by
    assert found.loc[("T05", "new"), "examples"].count(",") == 2


def test_what_had_waited_is_no_new_data_and_all_adds_up() -> None:
    found = changes("AAAA" + "AAAAA" + "BB" + "..", "AAAA" + ".." + "BBBB" + ".")
    sizes = ["passages_before", "passages_new", "passages_waited", "passages_moved", "passages_left", "passages_after"]
    assert found.loc[("T01", "grown"), sizes].tolist() == [4, 0, 2, 3, 0, 9]
    assert found.loc[("T02", "shrunk"), sizes].tolist() == [4, 0, 1, 0, 3, 2]
    assert changes("AAAA", "AA.").loc[("T01", "grown"), sizes].tolist() == [2, 1, 1, 0, 0, 4]
    assert changes("AAAA", None).loc[("T01", "new"), sizes].tolist() == [0, 4, 0, 0, 0, 4]
    for rows in (found, changes("AACC" + "BBBBBB.", "AAA.." + "CC"), changes("AAAABBBB", "AAAABBBB", "aaaaaaaa")):
        joined = rows["passages_new"] + rows["passages_waited"] + rows["passages_moved"]
        assert (rows["passages_before"] + joined - rows["passages_left"] == rows["passages_after"]).all()


def test_in_the_first_run_all_is_new_and_nothing_is_proposed() -> None:
    assert set(changes("AAAABBBB", None, "aaaaaaaa").index) == {("T01", "new"), ("T02", "new")}


def test_a_new_name_is_told_with_the_old_one() -> None:
    found = changes("AAAA", "AAAA", T01="Old name")
    assert found.loc[("T01", "renamed"), "detail"] == "Old name"


def test_a_theme_that_a_fresh_look_sees_as_two_is_proposed_for_a_split() -> None:
    found = changes("AAAAAAAA", "AAAAAAAA", "aaaabbbb")
    assert found.loc[("T01", "split"), "detail"] == "4|4"
    assert found.loc[("T01", "split"), "examples"] == "p000,p001,p002|p004,p005,p006"
    assert ("T01", "split") not in changes("AAAAAAAA", "AAAAAAAA", "aaaaaabb").index  # 2 of 8 are no part


def test_a_part_that_belongs_to_others_is_no_reason_to_split() -> None:
    assert ("T01", "split") not in changes("AAAAAAAABBBBB", "AAAAAAAABBBBB", "aaaabbbbbbbbb").index


def test_two_themes_that_a_fresh_look_sees_as_one_are_proposed_for_a_merge() -> None:
    found = changes("AAAAABBB", "AAAAABBB", "aaaaaaaa")
    assert found.loc[("T01", "merge"), "related"] == "T02"
    assert found.loc[("T01", "merge"), "examples"] == "p000,p001,p002|p005,p006,p007"
    assert ("T01", "merge") not in changes("AAAAABBB", "AAAAABBB", "aaaaabbb").index
