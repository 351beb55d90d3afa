"""What each contributor agreed to, and what a reader may therefore be told about them.

Exact wordings only: a wording that is not in the study's map, two that disagree, or none at all makes a contributor
non-attributable *and* held for a person. Nothing here guesses.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.errors import ConsentError, Problem
from pipeline.study import Attribution, Study
from pipeline.tables import ATTRIBUTIONS, SET_ASIDE, conform, records, set_aside_rows

OPENNESS = tuple(Attribution)  # from most open to most restrictive


@dataclass(frozen=True)
class Decision:
    """The attribution that applies, and why a person must look first; `held` is empty if nobody has to."""

    attribution: Attribution
    held: str = ""


def normalise(wording: str) -> str:
    """The wording as it is compared: outer and repeated white space removed, nothing else."""
    return " ".join(wording.split())


def meaning_of(wordings: tuple[str, ...], known: Mapping[str, Attribution]) -> Decision:
    """The truth table. `known` maps normalised wordings to meanings; `wordings` is everything found for one person.

    Every wording known and all of one meaning → that meaning. None → held as missing. Any unknown → held as unknown.
    Known but different → held as conflicting. Held contributors are non-attributable until a person decides, or asked
    not to be quoted if that was among what they said: the most restrictive always wins.
    """
    said = [normalise(wording) for wording in wordings if normalise(wording)]
    meanings = {known[wording] for wording in said if wording in known}
    strictest = Attribution.DO_NOT_QUOTE if Attribution.DO_NOT_QUOTE in meanings else Attribution.NON_ATTRIBUTABLE
    if not said:
        return Decision(Attribution.NON_ATTRIBUTABLE, "consent_missing")
    if any(wording not in known for wording in said):
        return Decision(strictest, "consent_unknown_wording")
    if len(meanings) > 1:
        return Decision(strictest, "consent_conflicting")
    return Decision(meanings.pop())


def decide(contributors: pd.DataFrame, study: Study) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Attributions of all contributors, and those set aside. Raises ConsentError if nobody at all may be used.

    Args:
        contributors: the CONTRIBUTORS table.

    Returns:
        attributions: a row for every contributor, held ones included (non-attributable, not quotable).
        set_aside: the held contributors, with the reason; and those who asked not to be quoted.
    """
    known = {normalise(wording): meaning for wording, meaning in study.consent.wording.items()}
    assumed = {source.id: source.consent.meaning for source in study.sources if source.consent}
    decisions = [
        Decision(assumed[source_id])
        if not wording.strip() and source_id in assumed
        else meaning_of(tuple(wording.split("\n")), known)
        for source_id, wording in zip(contributors["source_id"], contributors["consent_wording"], strict=True)
    ]
    reasons = [
        d.held or ("consent_do_not_quote" if d.attribution is Attribution.DO_NOT_QUOTE else "") for d in decisions
    ]
    rows = contributors.assign(
        attribution=[
            str(Attribution.NON_ATTRIBUTABLE if d.attribution is Attribution.DO_NOT_QUOTE else d.attribution)
            for d in decisions
        ],
        quotable=[not reason for reason in reasons],
    )
    rows["attribution_line"] = [attribution_line(row) for row in records(rows)]
    if len(rows) and not rows["quotable"].any():
        raise ConsentError(
            Problem(
                "study.yaml [consent.wording]",
                f"no contributor of {len(rows)} has a consent that is known",
                "list each wording of the consent question exactly, with its meaning",
            )
        )
    held = pd.DataFrame({"id": contributors["contributor_id"], "reason": reasons})
    parts = [
        set_aside_rows("consent", "contributor", sorted(group["id"]), str(reason))
        for reason, group in held[held["reason"] != ""].groupby("reason")
    ]
    set_aside = pd.concat(parts) if parts else SET_ASIDE.empty()
    return conform(rows, ATTRIBUTIONS), conform(set_aside, SET_ASIDE)


def attribution_line(contributor: Mapping[str, object]) -> str:
    """What this contributor agreed to have printed beside a quote; empty for a non-attributable one."""
    described = [str(contributor[part]).strip() for part in ("role", "organisation")]
    match contributor["attribution"]:
        case Attribution.ATTRIBUTABLE:
            parts = [str(contributor["name"]).strip(), *described]
        case Attribution.ROLE_ONLY:
            parts = described
        case _:
            parts = []
    return ", ".join(" ".join(part.split()) for part in parts if part)
