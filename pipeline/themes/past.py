"""What the last run knew, and what is new beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from pipeline.themes.nearness import nearest_known
from pipeline.themes.questions import groups, homes


@dataclass(frozen=True)
class Past:
    """What the last run found: THEMES and IDEAS, as the machine had them.

    refit: themes are to be found anew, as after a change of settings, and keep only their ids, where they match.
    moved: passage id → the theme that people put it into. What is new follows it there; the passage itself keeps the
        theme it was found in beside that, for the day when people change their minds.
    """

    themes: pd.DataFrame
    ideas: pd.DataFrame
    refit: bool = False
    moved: Mapping[str, str] = field(default_factory=dict)

    @property
    def decided(self) -> "Past":
        """The same as people have it."""
        return replace(self, ideas=_as_decided(self.ideas, self.moved))


def _as_decided(ideas: pd.DataFrame, moved: Mapping[str, str]) -> pd.DataFrame:
    """IDEAS with all ideas of the passages that people moved in the theme they were moved to."""
    return ideas.assign(theme_id=ideas["passage_id"].map(moved).fillna(ideas["theme_id"])) if moved else ideas


def themes_before(ideas: pd.DataFrame, past: Past | None, asked: np.ndarray) -> np.ndarray:
    """The theme that each idea had in the last run, "" for none; where themes are of questions, one of its question."""
    if past is None:
        return np.full(len(ideas), "")
    before = _remembered(ideas, past.ideas)
    was_across = past.refit and (past.themes["question_id"] == "").all()
    if was_across or (asked == "").all():
        return before
    of = homes(past.themes, past.ideas, ideas["text_hash"].to_numpy(str), asked)
    home, found = past.ideas["theme_id"].map(of), before.astype(object)
    for question, rows in groups(asked):
        found[rows] = _remembered(ideas.iloc[rows], past.ideas[home == question])
    return found.astype(str)


def has_waited(ideas: pd.DataFrame, past: Past | None) -> np.ndarray:
    """Which ideas were in the last run, with the same words, and had no theme, bool (n_ideas,)."""
    without = past.ideas[past.ideas["theme_id"] == ""] if past else ideas.head(0)
    there = set(zip(without["idea_id"], without["text_hash"], strict=True))
    return np.array([key in there for key in zip(ideas["idea_id"], ideas["text_hash"], strict=True)], dtype=bool)


def _remembered(ideas: pd.DataFrame, past: pd.DataFrame) -> np.ndarray:
    """The theme of each idea in IDEAS of the last run: its own ("": it waited), or that of the same words."""
    own = dict(zip(zip(past["idea_id"], past["text_hash"], strict=True), past["theme_id"], strict=True))
    themed = past[past["theme_id"] != ""]
    by_words = themed.drop_duplicates(["text_hash", "theme_id"])
    by_words = by_words[~by_words["text_hash"].duplicated(keep=False)]
    same = dict(zip(by_words["text_hash"], by_words["theme_id"], strict=True))
    keys = zip(ideas["idea_id"], ideas["text_hash"], strict=True)
    return np.array([own.get(key, same.get(key[1], "")) for key in keys], dtype=str)


def is_new(ideas: pd.DataFrame, past: Past | None) -> np.ndarray:
    """Which ideas are of passages that were not in the last run, bool (n_ideas,)."""
    there = frozenset[str]() if past is None else frozenset(past.ideas["passage_id"])
    return ~ideas["passage_id"].isin(there).to_numpy(bool)


def nearness(
    ideas: pd.DataFrame, vectors: np.ndarray, before: np.ndarray, asked: np.ndarray, past: Past | None
) -> np.ndarray:
    """See `nearest_known`: of themes of the same question, where they are of questions; 0 where nothing is new."""
    come = is_new(ideas, past)
    found = np.zeros(len(ideas))
    if past is not None and come.any():
        known, who = np.where(come, "", before), ideas["contributor_id"].to_numpy(str)
        for _, rows in groups(asked):
            found[rows] = nearest_known(vectors[rows], known[rows], who[rows])
    return np.round(found, 6)


def counts_of(ideas: pd.DataFrame, past: pd.DataFrame) -> dict[str, int]:
    """Ideas that are new since the last run, that had waited in it and joined a theme now, and that wait now; of these,
    the new ones.

    Args:
        ideas: IDEAS.
        past: those of the last run.
    """
    waits, had_waited = ideas["theme_id"] == "", ideas["idea_id"].isin(past.loc[past["theme_id"] == "", "idea_id"])
    return {
        "new_ideas": int(ideas["is_new"].sum()),
        "joined_ideas": int((had_waited & ~waits).sum()),
        "waiting_ideas": int(waits.sum()),
        "waiting_new_ideas": int((waits & ideas["is_new"]).sum()),
    }


def ids_of(past: Past | None) -> frozenset[str]:
    return frozenset() if past is None else frozenset({*past.themes["theme_id"], *past.ideas["theme_id"]} - {""})
