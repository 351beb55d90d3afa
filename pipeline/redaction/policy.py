"""What each consent lets stand. One table, read from the most to the least open."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.redaction.documents import Person
from pipeline.redaction.findings import Finding
from pipeline.redaction.labels import QUASI
from pipeline.redaction.roster import organisation_key
from pipeline.study import Attribution


@dataclass(frozen=True)
class Policy:
    own: frozenset[str]  # kept where it is the contributor's own
    anyones: frozenset[str]  # kept whoever it is about, save for another contributor


POLICIES = {
    Attribution.ATTRIBUTABLE: Policy(
        own=frozenset({"PERSON", "FORCE", "ORGANISATION"}),
        anyones=frozenset({"FORCE", "LOCATION", "ORGANISATION", "UNIT", "DATE"}),
    ),
    Attribution.ROLE_ONLY: Policy(own=frozenset({"FORCE", "ORGANISATION"}), anyones=frozenset({"LOCATION"})),
    Attribution.NON_ATTRIBUTABLE: Policy(own=frozenset(), anyones=frozenset()),
    Attribution.DO_NOT_QUOTE: Policy(own=frozenset(), anyones=frozenset()),
}
STRICTEST = POLICIES[Attribution.NON_ATTRIBUTABLE]


def apply_policy(findings: Sequence[Finding], person: Person | None, keep_labels: frozenset[str]) -> list[Finding]:
    """The findings to mask in a segment by `person` (None: an interviewer or somebody unknown, the strictest)."""
    policy = POLICIES[person.attribution] if person else STRICTEST
    own = [f for f in findings if person and f.label in policy.own and _is_own(f, person)]
    kept = (policy.anyones | keep_labels) & QUASI
    return [
        f
        for f in findings
        if f.source == "mask"
        or (
            f not in own
            and not (f.label in kept and not _from_roster(f))
            # The tagger finds the contributor's own name too, not knowing whose it is.
            and not (f.source != "roster" and any(o.label == f.label and o.overlaps(f) for o in own))
            and not (f.source == "roster" and any(o.label == f.label and _explains(o, f) for o in own))
        )
    ]


def _from_roster(finding: Finding) -> bool:
    """Also where a roster hit was found again by propagation."""
    return finding.source == "roster" or finding.about.startswith("organisation:")


def _explains(own: Finding, other: Finding) -> bool:
    """Whether a roster hit is the contributor's own after all: a form that others share, or part of a longer name."""
    longer = own.end - own.start > other.end - other.start
    return own.start <= other.start and other.end <= own.end and (longer or not other.about)


def _is_own(finding: Finding, person: Person) -> bool:
    key = organisation_key(person.organisation)
    return finding.about == person.contributor_id or bool(key and finding.about in {key, f"organisation:{key}"})
