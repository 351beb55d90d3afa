"""What a run changed about themes, and what it would change if it were let: a report in place of silent change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.codebook import State
from pipeline.codebook.applying import coded_assignments
from pipeline.drift.proposals import as_decided, merges, splits, typical
from pipeline.tables import CHANGES, conform, records


@dataclass(frozen=True)
class Decided:
    """A run and the decisions it follows.

    passages, ideas: PASSAGES and IDEAS. found: ASSIGNMENTS with what definitions found (`deduction.with_codings`).
    themes, coded: CODED_THEMES and CODED_ASSIGNMENTS. state: as `located` in the passages. came_from: theme id → the
    themes that people split it from.
    """

    passages: pd.DataFrame
    ideas: pd.DataFrame
    found: pd.DataFrame
    themes: pd.DataFrame
    coded: pd.DataFrame
    state: State
    came_from: Mapping[str, Sequence[str]]


def find_changes(run: Decided, earlier: pd.DataFrame, min_passages: int) -> pd.DataFrame:
    """CHANGES: every theme's size before and now, and the new themes, splits and merges that are proposed.

    What joined a theme is counted by where it was before: not in the study, waiting, or in other themes only. So
    passages_before + passages_new + passages_waited + passages_moved − passages_left = passages_after, which is its
    size in the bank. What a decision keeps out of a theme is counted beside that.

    Args:
        earlier: EARLIER; without rows in a first run, when all themes are new.
        min_passages: a smaller part of a theme is none.
    """
    now = _members(run.coded, run.passages)
    rows = [] if earlier.empty else _proposed(run, now, min_passages)
    then = now.head(0) if earlier.empty else _before(run.state, earlier)
    out = {} if earlier.empty else _kept_out(run, set(earlier["passage_id"]))
    labels, asked = _new_names(run.themes, earlier), set(earlier.loc[earlier["proposed"], "theme_id"])
    for theme in sorted({*now["theme_id"], *then["theme_id"], *out}):
        size = _size(theme, now[now["theme_id"] == theme], then[then["theme_id"] == theme], earlier)
        if theme in labels:
            size |= {"change": "renamed", "detail": labels[theme]}
        if kept := out.get(theme, ()):
            similar = run.found[(run.found["passage_id"].isin(kept)) & (run.found["theme_id"] != "")]
            size |= {"passages_out": len(kept), "examples": typical(similar.merge(_said(run.passages), "left"))}
        if theme in out and not run.state.target(theme):
            size |= {"change": "ended", "detail": "retired" if run.state.themes[theme].retired else "set aside"}
        is_open = bool(size["passages_after"]) and theme not in run.state.themes  # whoever decides on it has seen it
        size["proposed"] = is_open and (theme in asked or (size["change"] == "new" and not earlier.empty))
        rows.append(size)
    return conform(pd.DataFrame(rows), CHANGES) if rows else CHANGES.empty()


def _said(passages: pd.DataFrame) -> pd.DataFrame:
    """Who said a passage, and its words: two people who say the same need not be quoted twice."""
    words = passages["text"].str.casefold().str.split().str.join(" ") if "text" in passages else ""
    return passages[["passage_id", "contributor_id"]].assign(words=words)


def _members(coded: pd.DataFrame, passages: pd.DataFrame) -> pd.DataFrame:
    """A row a passage and theme: passage_id, theme_id, similarity, contributor_id, words."""
    themed = coded.loc[coded["theme_id"] != "", ["passage_id", "theme_id", "similarity"]]
    return themed.merge(_said(passages), "left")


def _before(state: State, earlier: pd.DataFrame) -> pd.DataFrame:
    """The same of EARLIER, under the decisions of today; similarity and words stay empty."""
    was = coded_assignments(state, earlier.assign(similarity=0.0, margin=0.0))
    return _members(was, earlier.drop_duplicates("passage_id"))


def _new_names(themes: pd.DataFrame, earlier: pd.DataFrame) -> dict[str, str]:
    """Theme → what it was called before, where the machine calls it otherwise now."""
    was = dict(zip(earlier["theme_id"], earlier["label"], strict=True))
    return {
        row["theme_id"]: was[row["theme_id"]]
        for row in records(themes)
        if row["label_source"] != "person" and was.get(row["theme_id"], row["label"]) != row["label"]
    }


def _kept_out(run: Decided, known: Iterable[str]) -> dict[str, list[str]]:
    """Theme that people ended, or whose passages they pinned → new passages that are like it."""
    placed = {ref.passage_id for ref in run.state.placements}
    pinned = {
        run.state.resolve(theme): {ref.passage_id for ref in decided.members}
        for theme, decided in run.state.themes.items()
        if decided.members is not None
    }
    rows = run.found[(run.found["theme_id"] != "") & ~run.found["passage_id"].isin(placed.union(known))]
    out: dict[str, list[str]] = {}
    for passage, found in zip(rows["passage_id"], rows["theme_id"], strict=True):
        theme = run.state.resolve(found)
        if not run.state.target(theme) or passage not in pinned.get(theme, {passage}):
            out.setdefault(theme, []).append(passage)
    return out


def _size(theme: str, now: pd.DataFrame, then: pd.DataFrame, earlier: pd.DataFrame) -> dict[str, object]:
    after, was = now["passage_id"].nunique(), then["passage_id"].nunique()
    change = "new" if not was else "gone" if not after else "grown" if after > was else "shrunk" if after < was else ""
    return {
        "theme_id": theme,
        "change": change or "kept",
        "related": "",
        "passages_before": was,
        "passages_after": after,
        **_joined(now, then, earlier),
        "passages_out": 0,
        "people_before": then["contributor_id"].nunique(),
        "people_after": now["contributor_id"].nunique(),
        "detail": "",
        "examples": typical(now[~now["passage_id"].isin(then["passage_id"])] if was else now),
        "members": "",
        "proposed": False,
    }


def _joined(now: pd.DataFrame, then: pd.DataFrame, earlier: pd.DataFrame) -> dict[str, int]:
    """How many passages joined a theme, by where they were in the last run, and how many left it."""
    members, were = set(now["passage_id"]), set(then["passage_id"])
    known, waiting = set(earlier["passage_id"]), set(earlier.loc[earlier["waits"], "passage_id"])
    joined = members - were
    return {
        "passages_new": len(joined - known),
        "passages_waited": len(joined & waiting),
        "passages_moved": len((joined & known) - waiting),
        "passages_left": len(were - members),
    }


def _proposed(run: Decided, now: pd.DataFrame, min_passages: int) -> list[dict[str, object]]:
    """Splits and merges, none of which undoes what people decided or was judged already."""
    state = run.state
    judged = {(said.change, frozenset(said.themes)) for said in state.verdicts}
    pinned = {state.resolve(theme) for theme, decided in state.themes.items() if decided.members is not None}
    joined = {state.resolve(theme) for theme, decided in state.themes.items() if decided.merge_into}
    ideas = as_decided(run.ideas, run.coded, state).merge(_said(run.passages), "left")
    ideas = ideas[~ideas["theme_id"].isin(pinned)]
    found = [
        *splits(ideas, min_passages, leave=joined),
        *merges(ideas, lambda theme: _family(theme, run.came_from)),
    ]
    sizes = {
        theme: _size(str(theme), rows, rows, now.head(0).assign(waits=False)) for theme, rows in now.groupby("theme_id")
    }
    return [
        {**sizes[str(row["theme_id"])], **row}
        for row in found
        if (row["change"], frozenset([row["theme_id"], *str(row["related"]).split(",")]) - {""}) not in judged
    ]


def _family(theme: str, came_from: Mapping[str, Sequence[str]]) -> str:
    """The theme that one was split from, and that from which others were."""
    seen = {theme}
    while (sources := came_from.get(theme)) and sources[0] and sources[0] not in seen:
        theme = sources[0]
        seen.add(theme)
    return theme
