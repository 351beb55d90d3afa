"""What each contributor agreed to, and what a reader may therefore be told about them.

Exact wordings only: a wording that is not in the study's map, two that disagree, or none at all makes a contributor
non-attributable *and* held for a person. Nothing here guesses.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.errors import ConsentError, Problem
from pipeline.forces import force_type
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


def meaning_of(
    wordings: tuple[str, ...], known: Mapping[str, Attribution], told: Collection[Attribution] = ()
) -> Decision:
    """The truth table.

    Every wording known and all of one meaning → that meaning. None → held as missing. Any unknown → held as unknown.
    Known but different → held as conflicting. Held contributors are non-attributable until a person decides, or asked
    not to be quoted if that was among what they said: the most restrictive always wins.

    Args:
        wordings: everything found for one person.
        known: normalised wordings → meanings.
        told: what the sources without a consent question promised this person.
    """
    said = [normalise(wording) for wording in wordings if normalise(wording)]
    meanings = {known[wording] for wording in said if wording in known} | set(told)
    strictest = Attribution.DO_NOT_QUOTE if Attribution.DO_NOT_QUOTE in meanings else Attribution.NON_ATTRIBUTABLE
    if not said and not told:
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
    promised = {source.id: source.consent.meaning for source in study.sources if source.consent}
    people = records(contributors)
    names = [_words(person["name"]) for person in people]
    decisions = [_decision(person, own, known, promised, names) for person, own in zip(people, names, strict=True)]
    reasons = [
        d.held or ("consent_do_not_quote" if d.attribution is Attribution.DO_NOT_QUOTE else "") for d in decisions
    ]
    rows = contributors.assign(
        attribution=[
            str(Attribution.NON_ATTRIBUTABLE if d.held or d.attribution is Attribution.DO_NOT_QUOTE else d.attribution)
            for d in decisions
        ],
        quotable=[not reason for reason in reasons],
        force_type=[force_type(str(organisation)) for organisation in contributors["organisation"]],
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


def _decision(
    person: Mapping[str, Any],
    own: set[str],
    known: Mapping[str, Attribution],
    promised: Mapping[str, Attribution],
    names: Sequence[set[str]],
) -> Decision:
    told = {promised[source] for source in person["source_id"].split("\n") if source in promised}
    decision = meaning_of(tuple(person["consent_wording"].split("\n")), known, told)
    if decision.held or decision.attribution not in (Attribution.ATTRIBUTABLE, Attribution.ROLE_ONLY):
        return decision
    line = _words(f"{person['role']} {person['organisation']} {person['stakeholder_group']}")
    names_them = decision.attribution is Attribution.ROLE_ONLY and bool((_long(own) or own) & line)
    others = (part for name in names if name != own for part in (name, _long(name)))
    names_another = any(len(part) > 1 and part <= line for part in others)
    return (
        Decision(decision.attribution, "attribution_line_names_somebody") if names_them or names_another else decision
    )


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", text.casefold()))


def _long(words: set[str]) -> set[str]:
    """Those of three letters or more: initials and particles name somebody only beside the other words of a name."""
    return {word for word in words if len(word) > 2}


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
