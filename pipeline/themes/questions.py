"""Themes of each question by itself: whose ideas are grouped with whose, and names that say which question they are of.

A question is grouped as if it were a study of its own; what has no question is a group like any other. Only ids and
names are given over all, so that T07 and its name mean one theme in the whole study.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from pipeline.themes.labels import UNNAMED, Naming

_OUTSIDE = "outside a question"


def groups(asked: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """Every question in the order of ids, "" for none as the last, and its rows, int, in theirs.

    Args:
        asked: question id of each idea, str (n_ideas,).
    """
    found = sorted(set(asked.tolist()), key=lambda question: (question == "", question))
    return [(question, np.flatnonzero(asked == question)) for question in found]


def homes(themes: pd.DataFrame, before: np.ndarray, asked: np.ndarray) -> dict[str, str]:
    """Theme of the last run → the question it is of; that of most of its ideas if people made it, or if its question is
    not asked any more, or not under this id.

    Args:
        themes: THEMES of the last run.
        before: the theme that each idea had in it, "" for none, str (n_ideas,).
        asked: question id of each idea, str (n_ideas,).
    """
    pairs = Counter(zip(before.tolist(), asked.tolist(), strict=True))
    most = sorted(pairs.items(), key=lambda item: (item[1], item[0]))  # the later one stays
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
    told: dict[str, Naming] = {}
    for theme, name in names.items():
        question = questions[theme] or _OUTSIDE
        with_question = f"{name.label} ({question})"
        if name.label.startswith(UNNAMED[:-1]):  # it has a number in its question only
            label = f"{name.label[:-1]}, {question})"
        elif last.get(theme) in (name.label, with_question):
            label = last[theme]
        else:
            label = with_question if often[name.label.casefold()] > 1 else name.label
        told[theme] = replace(name, label=label)
    return told


def without_question(label: str, question: str) -> str:
    """What a theme is called within its question."""
    return label.removesuffix(f" ({question or _OUTSIDE})")
