"""Themes of each question by itself: whose ideas are grouped with whose, and names that say which question they are of.

A question is grouped as if it were a study of its own; what has no question is a group like any other. Only ids and
names are given over all, so that T07 and its name mean one theme in the whole study.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from pipeline.tables import is_unnamed
from pipeline.themes.labels import Naming

_OUTSIDE = "outside a question"


def groups(asked: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """Every question in the order of ids, "" for none as the last, and its rows, int, in theirs.

    Args:
        asked: question id of each idea, str (n_ideas,).
    """
    found = sorted(set(asked.tolist()), key=lambda question: (question == "", question))
    return [(question, np.flatnonzero(asked == question)) for question in found]


def homes(themes: pd.DataFrame, ideas: pd.DataFrame, words: np.ndarray, asked: np.ndarray) -> dict[str, str]:
    """Theme of the last run → the question it is of; the one whose answers hold most of its words if people made it, or
    if its question is not asked any more, or not under this id: rather one that is new than one that was there.

    Args:
        themes, ideas: THEMES and IDEAS of the last run.
        words: hash of each idea's text, str (n_ideas,).
        asked: question id of each idea, str (n_ideas,).
    """
    told = pd.DataFrame({"text_hash": words, "asked": asked})
    said = ideas.loc[ideas["theme_id"] != "", ["text_hash", "theme_id"]].drop_duplicates().merge(told, on="text_hash")
    pairs, known = Counter(zip(said["theme_id"], said["asked"], strict=True)), set(themes["question_id"])
    most = sorted(pairs.items(), key=lambda item: (item[1], item[0][1] not in known, item[0]))  # the later one stays
    was = zip(themes["theme_id"], themes["question_id"], strict=True)
    present = set(asked.tolist())
    return {theme: question for (theme, question), _ in most} | {t: q for t, q in was if q in present}


def told_apart(names: Mapping[str, Naming], questions: Mapping[str, str], last: Mapping[str, str]) -> dict[str, Naming]:
    """The names of all themes, by id, without two alike: one that themes of several questions have says of which.

    What a theme was called in the last run it is called again, with its question or without.

    Args:
        names: by theme id, distinct within a question.
        questions: theme id → question id.
        last: theme id → what it was called in the last run.
    """
    often = Counter(name.label.casefold() for name in names.values())
    return {
        theme: replace(
            name,
            label=_printed(name.label, questions[theme], {last.get(theme, "")}, often[name.label.casefold()] > 1),
        )
        for theme, name in names.items()
    }


def headings_apart(
    headings: Mapping[str, str], questions: Mapping[str, str], names: Mapping[str, Naming], last: pd.DataFrame
) -> dict[str, str]:
    """What themes stand under, by their id: as `told_apart` does with names, none like that of another question or like
    a theme's name.

    Args:
        headings: by theme id, unlike the names of the question's themes; empty for none.
        questions: theme id → question id.
        names: by theme id, told apart.
        last: THEMES of the last run.
    """
    pairs = {(questions[theme], heading.casefold()) for theme, heading in headings.items()}
    often = Counter(heading for _, heading in pairs) + Counter(name.label.casefold() for name in names.values())
    known = set(zip(last["question_id"], last["heading"], strict=True))
    return {
        theme: _printed(
            heading,
            questions[theme],
            {said for question, said in known if question == questions[theme]},
            often[heading.casefold()] > 1,
        )
        for theme, heading in headings.items()
        if heading
    }


def without_question(label: str, question: str) -> str:
    """What a theme, or what it stands under, is called within its question."""
    said = question or _OUTSIDE
    return label.replace(f", {said})", ")") if is_unnamed(label) else label.removesuffix(f" ({said})")


def _printed(label: str, question: str, last: Collection[str], is_shared: bool) -> str:
    """As it was called in the last run; or else with its question, where others are called the same."""
    said = question or _OUTSIDE
    if is_unnamed(label):  # it has a number in its question only
        return f"{label[:-1]}, {said})"
    with_question = f"{label} ({said})"
    return next((known for known in (label, with_question) if known in last), with_question if is_shared else label)
