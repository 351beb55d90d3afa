"""changes.md: true sizes, examples that may be shown, proposals that a person decides about."""

import pandas as pd

from pipeline.outputs.changes import changes_bytes, has_news

LABELS = {"T01": "Radio *signal*", "T02": "Passwords", "T03": "Vetting"}
SIZES = {
    "passages_before": 3, "passages_after": 5, "passages_new": 2, "passages_waited": 1, "passages_moved": 0,
    "passages_left": 1, "passages_out": 0, "people_before": 2, "people_after": 4,
}  # fmt: skip
PASSAGES = {"a": "No signal in <the> valley.", "b": "It drops out.", "c": "word " * 100}


def page(*rows: dict[str, object], counts: dict[str, int] | None = None, foreign: str = "") -> str:
    filler = {**SIZES, "related": "", "detail": "", "examples": "", "members": "", "proposed": False}
    table = pd.DataFrame([{**filler, **row} for row in rows])
    return changes_bytes(table, LABELS, PASSAGES, counts or {}, foreign).decode()


def test_sizes_are_told_in_people_and_passages() -> None:
    said = page({"theme_id": "T01", "change": "grown", "examples": "a,hidden"})
    assert "## Grown" in said
    assert r"**Radio \*signal\* (T01)**: people 2 → 4, passages 3 → 5 (2 new, 1 that had waited, 1 left)" in said
    assert "- “No signal in &lt;the&gt; valley.”" in said
    assert said.count("“") == 1  # of the other passage nothing may be shown


def test_kept_themes_are_only_counted_and_new_ideas_told() -> None:
    row = {"theme_id": "T01", "change": "kept", "passages_left": 0}
    said = page(row, counts={"new_ideas": 7, "joined_ideas": 2, "waiting_ideas": 8, "waiting_new_ideas": 3})
    assert "1 theme went on; passages that had a theme kept it." in said
    assert "7 ideas were new, 3 of which fit no theme and wait. 2 ideas that had waited joined a theme." in said
    assert "5 ideas of before still wait for more of the kind." in said
    assert "7 ideas were new." in page(row, counts={"new_ideas": 7, "waiting_ideas": 0, "waiting_new_ideas": 0})
    assert "Radio" not in said
    assert "1 theme went on; 4 passages moved between them." in page({**row, "passages_moved": 4})
    assert "1 theme went on; 2 left a theme." in page({**row, "passages_left": 2})


def test_a_new_name_is_told_with_the_old_one_and_long_examples_are_cut() -> None:
    said = page({"theme_id": "T02", "change": "renamed", "detail": "Log-in", "examples": "c"})
    assert "**Passwords (T02)**, was “Log-in”" in said
    assert " …”" in said and len(said) < 700


def test_proposals_say_what_would_be_done_and_by_which_command() -> None:
    said = page(
        {"theme_id": "T01", "change": "split", "detail": "3|2", "examples": "a|b"},
        {"theme_id": "T02", "change": "merge", "related": "T03", "examples": "a|b"},
        {"theme_id": "T03", "change": "kept", "passages_after": 9},
    )
    assert "Nothing of this was done" in said
    assert r"**Split Radio \*signal\* (T01)** (5 passages of 4 people): it speaks of 2 things." in said
    assert "3 passages, such as\n- “No signal" in said
    assert "**Merge Passwords (T02) and Vetting (T03)**" in said
    assert "\nVetting (T03), 9 passages of 4 people\n- “It drops" in said
    for verb in ("accept", "reject"):
        assert f"    quotebank codebook {verb} STUDY merge T02 T03\n" in said
        assert f"    quotebank codebook {verb} STUDY split T01\n" in said


def test_the_same_words_are_quoted_once_and_how_foreign_the_new_are_is_told() -> None:
    row = {"theme_id": "T01", "change": "grown", "examples": "a,again,b"}
    doubled = {**PASSAGES, "again": PASSAGES["a"]}
    said = changes_bytes(
        pd.DataFrame([{**SIZES, "related": "", "detail": "", "proposed": False, **row}]), LABELS, doubled, {}
    ).decode()
    assert said.count("“") == 2
    assert "\n\nThey fit about as well.\n\n" in page(row, foreign="They fit about as well.")


def test_what_decisions_keep_out_is_told_and_nothing_else_of_ended_themes() -> None:
    said = page(
        {"theme_id": "T01", "change": "ended", "detail": "retired", "passages_out": 3, "examples": "a,b"},
        {"theme_id": "T02", "change": "kept", "passages_out": 1, "examples": "c"},
    )
    assert said.startswith("# What changed") and "1 theme went on" in said
    assert r"**Radio \*signal\* (T01)**, which was retired: 3 new passages are like it" in said
    assert "**Passwords (T02)**, whose passages are pinned: 1 new passage is like it" in said
    assert said.count("T01") == 1 and said.count("“") == 3


def table(*rows: tuple[str, str, str], **sizes: int) -> pd.DataFrame:
    went = dict.fromkeys(("passages_new", "passages_waited", "passages_moved", "passages_left", "passages_out"), 0)
    return pd.DataFrame(rows, columns=["change", "theme_id", "related"]).assign(**{**went, **sizes})


def test_a_new_theme_is_proposed_until_somebody_decides() -> None:
    row = {"theme_id": "T02", "change": "new", "examples": "a", "proposed": True}
    said = page(row)
    assert "### New themes\n\n" in said and "in the bank unless they are rejected" in said and "## New\n" not in said
    assert "**New: Passwords (T02)**: 5 passages of 4 people\n- “No signal" in said
    for verb in ("accept", "reject"):
        assert f"    quotebank codebook {verb} STUDY new T02\n" in said
    accepted = page({**row, "proposed": False})
    assert "## New\n" in accepted and "**Passwords (T02)**" in accepted and "codebook accept" not in accepted
    waiting = page({**row, "change": "grown"})
    assert "**New: Passwords (T02)**, found in an earlier run: " in waiting and "## Grown" in waiting


def test_there_is_no_news_in_a_first_run_and_where_all_went_on() -> None:
    new, kept, grown = (table((change, "T01", "")) for change in ("new", "kept", "grown"))
    assert not has_news(new, {}) and not has_news(kept, {"new_ideas": 0}) and not has_news(new.head(0), {})
    assert has_news(table(("kept", "T01", ""), passages_moved=1, passages_left=1), {}), "two themes swapped a passage"
    assert has_news(table(("kept", "T01", ""), passages_out=1), {}), "it would have grown"
    assert has_news(kept, {"new_ideas": 2}) and has_news(grown, {}) and has_news(pd.concat([new, kept]), {})
