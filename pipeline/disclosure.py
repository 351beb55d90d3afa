"""What may be said about who spoke: the only place where a non-attributable contributor is described."""

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


def attribution_lines(attributions: pd.DataFrame, groups: dict[str, str]) -> dict[str, str]:
    """Contributor id → what is printed beside their quotes: what they agreed to, or their shown group."""
    return {
        str(person): line or groups[str(person)]
        for person, line in zip(attributions["contributor_id"], attributions["attribution_line"], strict=True)
    }
