"""The themes and assignments of a run as people decided. The machine never overrides a person."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.codebook.events import FILE, dated
from pipeline.codebook.hand_edits import hand_edits
from pipeline.codebook.located import located
from pipeline.codebook.model import Code, Codebook
from pipeline.codebook.replay import replay
from pipeline.codebook.state import Placement, State
from pipeline.tables import CODED_ASSIGNMENTS, CODED_THEMES, TableSpec, conform, is_unnamed, records

_NOWHERE = {"theme_id": "", "similarity": 0.0, "margin": 0.0, "source": "machine"}

Row = dict[str, Any]


def apply_codebook(
    codebook: Codebook | None,
    themes: pd.DataFrame,
    assignments: pd.DataFrame,
    passages: pd.DataFrame,
    state: State | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Themes and assignments as people decided: renamed, merged, split, set aside; passages where they were put.

    Args:
        codebook: None changes nothing.
        themes: THEMES.
        assignments: ASSIGNMENTS; of merged themes, similarity and margin stay those of the theme as found.
        passages: PASSAGES, to find those that decisions name and to count contributors anew.
        state: the decisions in force; those that `codebook` shows, if left out.

    Returns:
        CODED_THEMES and CODED_ASSIGNMENTS.
    """
    book = codebook or Codebook()
    decided = located(state or replay(dated(FILE, hand_edits(State(), book))), passages)
    coded = coded_assignments(decided, assignments)
    table = coded_themes(decided, book, themes, coded, passages)
    return _conform(table, CODED_THEMES), _conform(coded, CODED_ASSIGNMENTS)


def _conform(table: pd.DataFrame, spec: TableSpec) -> pd.DataFrame:
    return conform(table, spec) if len(table) else spec.empty()


def coded_assignments(state: State, assignments: pd.DataFrame) -> pd.DataFrame:
    """One row for each passage and theme: passage_id, theme_id, rank, similarity, margin, source.

    Themes a person chose come first, then the machine's in its order. `source` is "person" where a person's decision
    about the passage put it there (or out of all themes); similarity and margin are then the machine's, or 0.

    Args:
        state: as `located` in the run's passages.
        assignments: ASSIGNMENTS.
    """
    found: dict[str, list[Row]] = {}
    for row in records(assignments.sort_values(["passage_id", "rank"], kind="stable")):
        found.setdefault(row["passage_id"], []).append({"source": "machine", **row})
    placements = {ref.passage_id: placement for ref, placement in state.placements.items()}
    members = {
        state.resolve(theme): frozenset(ref.passage_id for ref in decided.members)
        for theme, decided in state.themes.items()
        if decided.members is not None
    }
    rows = [
        {**row, "passage_id": passage, "rank": rank}
        for passage, given in found.items()
        for rank, row in enumerate(_rows(state, passage, given, placements.get(passage), members), start=1)
    ]
    names = ["passage_id", "theme_id", "rank", "similarity", "margin", "source"]
    return pd.DataFrame(rows, columns=pd.Index(names))


def _rows(
    state: State,
    passage: str,
    given: list[Row],
    placement: Placement | None,
    members: Mapping[str, frozenset[str]],
) -> list[Row]:
    """A passage's rows in order; at least one."""
    by_theme = {state.resolve(row["theme_id"]): row for row in reversed(given) if row["theme_id"]}
    placed = placement or Placement()
    out = {state.resolve(theme) for theme in placed.out}
    put = list(placed.themes)
    if not placed.only:
        pinned = (theme for theme in sorted(members) if passage in members[theme] and theme not in out)
        put += [theme for theme in pinned if theme not in put and theme not in by_theme]
    rows = [{**by_theme.get(theme, _NOWHERE), "theme_id": theme, "source": "person"} for theme in put]
    if not placed.only:
        rows += [
            row
            for row in given
            if state.resolve(row["theme_id"]) not in out
            and row["theme_id"] not in put
            and passage in members.get(state.resolve(row["theme_id"]), (passage,))
        ]
    kept: dict[str, Row] = {}
    for row in rows:
        theme = state.target(row["theme_id"])
        if theme:
            kept.setdefault(theme, {**row, "theme_id": theme})
    by_person = placed.only or bool(put)
    empty = {**_NOWHERE, **given[0], "theme_id": "", "source": "person" if by_person else "machine"}
    return list(kept.values()) or [empty]


def coded_themes(
    state: State, book: Codebook, themes: pd.DataFrame, coded: pd.DataFrame, passages: pd.DataFrame
) -> pd.DataFrame:
    """The themes that have passages, with the columns of THEMES.

    Args:
        state: as `located` in the run's passages.
        book: for the labels of themes that this run did not find.
        themes: THEMES.
        coded: what `coded_assignments` returns.
        passages: PASSAGES.
    """
    codes = {code.id: code for code in book.themes}
    who = dict(zip(passages["passage_id"], passages["contributor_id"], strict=True))
    people = coded.assign(contributor_id=coded["passage_id"].map(who)).groupby("theme_id")
    n_passages, n_contributors = people["passage_id"].nunique(), people["contributor_id"].nunique()
    largest_first = themes.sort_values(["n_passages", "theme_id"], ascending=[False, True])
    rows: dict[str, Row] = {}
    for row in records(largest_first):
        target = state.target(row["theme_id"])
        if target and (target not in rows or row["theme_id"] == target):
            rows[target] = {**row, "theme_id": target}  # keywords: its own, or else the largest merged theme's
    questions = _questions(state, themes, coded, passages)
    found = set(themes["theme_id"])
    made = {
        "label_source": "machine",
        **dict.fromkeys(("keywords", "heading", "description"), ""),
        "low_confidence": False,
    }
    kept = sorted(set(n_passages.index) - {""})
    for theme in kept:
        row, code = rows.setdefault(theme, {"theme_id": theme, **made}), codes.get(theme)
        decided = state.themes.get(theme)
        given = decided.label if decided else ""
        known = code.label if code is not None and (theme not in found or not row.get("label")) else ""
        label = given or known or row.get("label") or theme
        working = decided is not None and not given and label == decided.title and theme not in found
        if given or known:
            row |= {"label_source": "person" if given or code is None else code.label_source}
        row |= {
            "label": label,
            "question_id": questions.get(theme, ""),
            "low_confidence": (row["low_confidence"] and not given) or working or label == theme or is_unnamed(label),
            "n_passages": int(n_passages.get(theme, 0)),
            "n_contributors": int(n_contributors.get(theme, 0)),
            "heading": _heading(state, codes, theme, row["heading"]),
            "description": (code.for_readers if code else "") or row["description"],
        }
    return pd.DataFrame([rows[theme] for theme in kept], columns=pd.Index(CODED_THEMES.names))


def found_in(state: State, themes: pd.DataFrame) -> dict[str, str]:
    """Theme → the one question whose passages it was found among, "" for those of none. Only where themes are found per
    question; without themes that people made, or merged across questions.

    Args:
        state: the decisions in force.
        themes: THEMES.
    """
    found: dict[str, set[str]] = {}
    for theme, question in zip(themes["theme_id"], themes["question_id"], strict=True):
        found.setdefault(state.target(theme), set()).add(question)
    if not any(any(of) for of in found.values()):
        return {}
    made = {theme for theme, decided in state.themes.items() if decided.added}
    return {theme: next(iter(of)) for theme, of in found.items() if len(of) == 1 and theme not in made}


def _questions(state: State, themes: pd.DataFrame, coded: pd.DataFrame, passages: pd.DataFrame) -> dict[str, str]:
    """Theme → its question: see `found_in`; of other themes the one that all their passages answer, if it is one."""
    found = found_in(state, themes)
    if not found:
        return {}
    asked = dict(zip(passages["passage_id"], passages["question_id"], strict=True))
    others: dict[str, set[str]] = {}
    for theme, passage in zip(coded["theme_id"], coded["passage_id"], strict=True):
        if theme not in found:
            others.setdefault(theme, set()).add(asked[passage])
    return found | {theme: next(iter(of)) if len(of) == 1 else "" for theme, of in others.items()}


def _heading(state: State, codes: Mapping[str, Code], theme: str, machine: str) -> str:
    """What stands above the theme: its parent's label, if a person gave it one; else what the machine says."""
    decided = state.themes.get(theme)
    parent = state.target(decided.parent) if decided and decided.parent else ""
    if not parent or parent == theme:
        return machine
    above = state.themes.get(parent)
    return (above.label if above else "") or (codes[parent].label if parent in codes else machine)
