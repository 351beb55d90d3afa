"""What may be said about who spoke: the only place where a non-attributable contributor is described."""

import re

import numpy as np
import pandas as pd

from pipeline.study import Attribution, Disclosure

ANYBODY = "Contributor"


def shown_groups(attributions: pd.DataFrame, passages: pd.DataFrame, settings: Disclosure) -> dict[str, str]:
    """Contributor id → the stakeholder group a reader may see.

    A group is shown if at least `settings.min_group` distinct *non-attributable* contributors of it have a passage:
    named ones shrink the crowd a non-attributable one hides in, so they do not count. Everybody else is a
    "Contributor"; if those are themselves too few, the smallest shown group joins them, so that a reader cannot work
    out who they are by elimination. A contributor who agreed to be described keeps their group.

    Returns:
        One entry for every contributor in `attributions`.
    """
    hidden = attributions["attribution"] == "non_attributable"
    speaking = attributions["contributor_id"].isin(passages["contributor_id"])
    groups = attributions["stakeholder_group"].str.strip()
    crowd = groups[hidden & speaking]
    sizes = crowd[crowd != ""].value_counts().sort_index().sort_values(kind="stable")
    shown = [str(group) for group, n in sizes.items() if n >= settings.min_group]
    while shown and 0 < (~crowd.isin(shown)).sum() < settings.min_group:
        shown.pop(0)
    described = ~hidden & (groups != "")
    return {
        str(person): group if keeps or group in shown else ANYBODY
        for person, group, keeps in zip(attributions["contributor_id"], groups, described, strict=True)
    }


def keyword_rule(settings: Disclosure, attributions: pd.DataFrame, passages: pd.DataFrame) -> Disclosure:
    """How many must have used a word before it may describe a theme: no matter where everybody agreed to be named."""
    speaking = attributions["contributor_id"].isin(passages["contributor_id"])
    if (attributions.loc[speaking, "attribution"] == Attribution.ATTRIBUTABLE).all():
        return settings.model_copy(update={"min_keyword_contributors": 1})
    return settings


def quotable(passages: pd.DataFrame, attributions: pd.DataFrame) -> np.ndarray:
    """Which passages may be shown to readers, bool (n,): nobody has to look at them first, and their people agreed."""
    agreed = attributions.loc[attributions["quotable"], "contributor_id"]
    return (passages["contributor_id"].isin(agreed) & (passages["review"] == "")).to_numpy(bool)


_GENERIC = frozenset(
    """
    police constabulary force service services council university office department ministry group limited ltd plc llp
    company national county city borough metropolitan the of and for in to north south east west greater central crime
    commissioner security technology technologies systems solutions digital data home college trust hospital nhs health
    federation union society institute school support public safety software consulting partners labs
    custody mapping mobile procurement radio scheme telematics vehicle
    """.split()
)


def roster_words(contributors: pd.DataFrame) -> frozenset[str]:
    """Words that may never name a theme: those of contributors' names and, unless generic, of their organisations.

    Privacy: the result holds words of names; it must not leave the stage that asks for it.
    """
    names = " ".join([*contributors["name"], *(mail.split("@")[0] for mail in contributors["email"])])
    organisations = " ".join([*contributors["organisation"], *contributors["other_identifiers"]])
    words = {word.casefold() for word in re.findall(r"[^\W\d_]{3,}", names)}
    return frozenset(words | {word.casefold() for word in re.findall(r"[^\W\d_]{3,}", organisations)} - _GENERIC)


def attribution_lines(attributions: pd.DataFrame, groups: dict[str, str]) -> dict[str, str]:
    """Contributor id → what is printed beside their quotes: what they agreed to, or their shown group."""
    return {
        str(person): line or groups[str(person)]
        for person, line in zip(attributions["contributor_id"], attributions["attribution_line"], strict=True)
    }
