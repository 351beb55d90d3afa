"""What a study can be compared by: rows of people and the levels they spoke in."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from pipeline.frames import StudyFrames


class By(StrEnum):
    """What people are told apart by."""

    GROUP = "group"
    FORCE_TYPE = "force-type"
    QUESTION = "question"
    WAVE = "wave"


UNKNOWN = {By.GROUP: "group not known", By.FORCE_TYPE: "no force, or not known", By.QUESTION: "outside a question"}


@dataclass(frozen=True)
class Axis:
    """A study laid out for one comparison, rows in canonical order.

    spoke: one row a person and level they said something in. contributor_id, level, passages (of the person there),
        hidden (non-attributable), setting (the kinds of source the person spoke in: an hour's interview is not three
        lines in a form).
    said: one row a passage, theme and level. passage_id, contributor_id, level, theme_id.
    levels: every level, in the order readers should see them.
    names: what to call each.
    in_turn: levels follow one another, and each is compared with the one before; otherwise with all others together.
    """

    by: By
    spoke: pd.DataFrame
    said: pd.DataFrame
    levels: tuple[str, ...]
    names: dict[str, str]
    in_turn: bool


def axis(frames: StudyFrames, by: By) -> Axis:
    """The study's people and what they said, by group, force type, question or wave."""
    people = frames.people.rename(columns={"source_kinds": "setting"}).copy()
    passages = frames.passages.merge(people[["contributor_id", "stakeholder_group", "force_type"]], on="contributor_id")
    column = {
        By.GROUP: "stakeholder_group",
        By.FORCE_TYPE: "force_type",
        By.QUESTION: "question_id",
        By.WAVE: "wave",
    }[by]
    passages["level"] = passages[column].astype("str")
    spoke = passages.groupby(["contributor_id", "level"]).size().rename("passages").reset_index()
    spoke = spoke.merge(people[["contributor_id", "hidden", "setting"]], on="contributor_id")
    said = frames.mentions[["passage_id", "theme_id"]].merge(
        passages[["passage_id", "contributor_id", "level"]], on="passage_id", validate="many_to_one"
    )
    levels = _in_order(by, spoke["level"], frames)
    wordings = dict(zip(frames.questions["question_id"], frames.questions["text"], strict=True))
    names = {level: wordings.get(level, level) if by is By.QUESTION else level for level in levels}
    names |= {level: f"wave {level}" for level in levels if by is By.WAVE}
    names |= {"": UNKNOWN[by]} if "" in levels else {}
    return Axis(
        by,
        spoke.sort_values(["level", "contributor_id"], ignore_index=True),
        said.sort_values(["level", "passage_id", "theme_id"], ignore_index=True),
        levels,
        names,
        in_turn=by is By.WAVE,
    )


def _in_order(by: By, levels: pd.Series, frames: StudyFrames) -> tuple[str, ...]:
    """Waves by number, questions as they are listed, others with most people first; what is not known last."""
    sizes = levels.value_counts()
    if by is By.WAVE:
        return tuple(sorted(sizes.index, key=int))
    listed = {str(question): n for n, question in enumerate(frames.questions["question_id"])}

    def place(level: str) -> tuple[bool, int, str]:
        return level == "", listed.get(level, 0) if by is By.QUESTION else -int(sizes[level]), level

    return tuple(sorted((str(level) for level in sizes.index), key=place))


def strata(contributors: Sequence[str], settings: Sequence[str]) -> np.ndarray:
    """int (rows,): whose rows may change places with whose.

    Somebody with several rows is the same person in each: their rows change places among themselves. The others change
    places with those who spoke in the same setting.
    """
    people, of_person, times = np.unique(np.asarray(contributors, dtype=str), return_inverse=True, return_counts=True)
    settings_seen, of_setting = np.unique(np.asarray(settings, dtype=str), return_inverse=True)
    again = times[of_person] > 1
    raw = np.where(again, len(settings_seen) + of_person, of_setting)
    return np.unique(raw, return_inverse=True)[1] if len(people) else raw
