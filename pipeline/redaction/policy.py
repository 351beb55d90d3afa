"""What becomes of each detail: kept, generalised or masked, by profile and by what its speaker agreed to.

Detection knows nothing of it: the same findings can be rendered under every profile.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline import forces
from pipeline.labels import LABELS
from pipeline.redaction.documents import Person
from pipeline.redaction.findings import Finding
from pipeline.redaction.roster import is_supplier, organisation_key
from pipeline.study import Attribution, Profile, Redaction, Treatment


@dataclass(frozen=True)
class Policy:
    """For the words of everybody who agreed to the same."""

    treatments: Mapping[str, Treatment]  # of every label; what is about another contributor is never kept
    own: frozenset[str] = frozenset()  # labels kept where the detail is the contributor's own

    def keeps(self, label: str) -> bool:
        return self.treatments[label] is Treatment.KEEP

    def generalises(self, label: str) -> bool:
        return self.treatments[label] is Treatment.GENERALISE


def _policy(own: str = "", keep: str = "", generalise: str = "") -> Policy:
    """A policy from labels separated by spaces; every other label is masked."""
    return Policy(
        {
            **dict.fromkeys(sorted(LABELS), Treatment.MASK),
            **dict.fromkeys(keep.split(), Treatment.KEEP),
            **dict.fromkeys(generalise.split(), Treatment.GENERALISE),
        },
        frozenset(own.split()),
    )


MASK_ALL = _policy()
# From the most to the least open consent. Who asked not to be quoted is masked whole, and so are interviewers and
# strangers, whose words are never quoted.
PROFILES: dict[Profile, dict[Attribution, Policy]] = {
    Profile.INTERNAL: {
        Attribution.ATTRIBUTABLE: _policy(
            own="PERSON FORCE ORGANISATION",
            keep="FORCE LOCATION ORGANISATION UNIT DATE",
            generalise="ROLE AGE FAMILY",
        ),
        Attribution.ROLE_ONLY: _policy(
            own="FORCE ORGANISATION",
            keep="LOCATION ORGANISATION DATE",
            generalise="FORCE UNIT ROLE AGE FAMILY",
        ),
        Attribution.NON_ATTRIBUTABLE: _policy(
            keep="DATE", generalise="FORCE LOCATION ORGANISATION UNIT ROLE AGE FAMILY"
        ),
        Attribution.DO_NOT_QUOTE: MASK_ALL,
    },
    Profile.PUBLIC: {
        Attribution.ATTRIBUTABLE: _policy(
            own="PERSON FORCE ORGANISATION", keep="FORCE LOCATION ORGANISATION UNIT DATE"
        ),
        Attribution.ROLE_ONLY: _policy(own="FORCE ORGANISATION", keep="LOCATION"),
        Attribution.NON_ATTRIBUTABLE: MASK_ALL,
        Attribution.DO_NOT_QUOTE: MASK_ALL,
    },
    Profile.STRICT: dict.fromkeys(Attribution, MASK_ALL),
}


def policies(settings: Redaction) -> dict[Attribution, Policy]:
    """The profile the study chose, with what it overrides. Masking or generalising a label includes one's own."""
    chosen = settings.policy
    overrides = {
        Attribution.ATTRIBUTABLE: chosen.attributable,
        Attribution.ROLE_ONLY: chosen.role_only,
        Attribution.NON_ATTRIBUTABLE: chosen.non_attributable,
    }
    return {
        attribution: _overridden(policy, overrides.get(attribution, {}))
        for attribution, policy in PROFILES[settings.profile].items()
    }


def _overridden(policy: Policy, overrides: Mapping[str, Treatment]) -> Policy:
    hidden = {label for label, treatment in overrides.items() if treatment is not Treatment.KEEP}
    return Policy({**policy.treatments, **overrides}, policy.own - hidden)


def policy_for(person: Person | None, policies: Mapping[Attribution, Policy]) -> Policy:
    """The policy for words of `person`; None is an interviewer or somebody unknown."""
    return policies[person.attribution] if person else MASK_ALL


def to_replace(findings: Sequence[Finding], policy: Policy, person: Person | None) -> list[Finding]:
    """The findings that may not stand in a segment by `person`, to be masked or generalised."""
    own = [f for f in findings if person and f.label in policy.own and _is_own(f, person)]
    kept = [f for f in findings if policy.treatments.get(f.label) is Treatment.KEEP and not _betrays(f, person)]
    return [
        f
        for f in findings
        if f.source == "mask"
        or (
            f not in own
            and f not in kept
            # The classifier finds the contributor's own name too, not knowing whose it is.
            and not (f.source != "roster" and any(o.label == f.label and o.overlaps(f) for o in own))
            and not (f.source == "roster" and any(o.label == f.label and _explains(o, f) for o in own))
            and not any(_is_named_after(f, name) for name in (*own, *kept))
        )
    ]


def is_generalised(finding: Finding, replaced: Sequence[Finding], policy: Policy) -> bool:
    """Whether a wider class may stand for a resolved finding, given all that had to go around it.

    A class says nothing but itself; a year repeats a part of what was said, so nothing else may have been found there.
    """
    around = [f for f in replaced if f.overlaps(finding)]
    if not policy.generalises(finding.label) or any(f.source == "mask" for f in around):
        return False
    return finding.label not in {"DATE", "AGE"} or all(f.label == finding.label for f in around)


def is_disputed(found: Sequence[Finding], replaced: Sequence[Finding]) -> bool:
    """Whether one layer would let words stand that another sees as part of a detail that has to go.

    Not where the one lies within the other, such as the town in somebody's surname: then nothing of it stands.
    """
    kept = [f for f in found if f not in replaced]
    return any(
        one.source != other.source and one.overlaps(other) and not (other.start <= one.start and one.end <= other.end)
        for one in kept
        for other in replaced
    )


def described(policies: Mapping[Attribution, Policy]) -> dict[str, dict[str, str]]:
    """Label → attribution → keep, own (kept if the contributor's own), generalise or mask, for labels that vary."""
    return {
        label: {
            attribution.value: "own" if label in policy.own and not policy.keeps(label) else policy.treatments[label]
            for attribution, policy in policies.items()
            if attribution is not Attribution.DO_NOT_QUOTE
        }
        for label in sorted(LABELS)
        if any(policy.own & {label} or policy.treatments[label] is not Treatment.MASK for policy in policies.values())
    }


def _betrays(finding: Finding, person: Person | None) -> bool:
    """Whether a detail of a kind that is kept would say who speaks, or name another contributor."""
    if finding.source == "roster" or finding.about.startswith("organisation:"):  # also found again by propagation
        return True
    if not person or person.attribution in (Attribution.ATTRIBUTABLE, Attribution.ROLE_ONLY):
        return False
    # A supplier's firm and products are found as organisations in the supplier's own text.
    return (
        _is_own(finding, person)
        or _may_be_own_force(finding, person)
        or (finding.label == "ORGANISATION" and is_supplier(person))
    )


def _may_be_own_force(finding: Finding, person: Person) -> bool:
    """An employer written as a county may be its force."""
    county = forces.tokens(person.organisation)
    named = {forces.force((*county, word)) for word in ("police", "constabulary")}
    return finding.label == "FORCE" and finding.about in named - {""}


def _is_named_after(part: Finding, name: Finding) -> bool:
    """Whether something is only a part of a name that stands: the Kent of Kent Police, as a place or as an employer.

    As an employer ("Kent" on the roster) only within a force that is known by its whole name.
    """
    if not (name.start <= part.start and part.end <= name.end):
        return False
    if part.label == "LOCATION":
        return name.label in {"FORCE", "ORGANISATION"}
    is_longer = name.end - name.start > part.end - part.start
    return part.label == "ORGANISATION" and name.label == "FORCE" and bool(name.about) and is_longer


def _explains(own: Finding, other: Finding) -> bool:
    """Whether a roster hit is the contributor's own after all: a form that others share, or part of a longer name."""
    longer = own.end - own.start > other.end - other.start
    return own.start <= other.start and other.end <= own.end and (longer or not other.about)


def _is_own(finding: Finding, person: Person) -> bool:
    key = organisation_key(person.organisation)
    return finding.about == person.contributor_id or bool(key and finding.about in {key, f"organisation:{key}"})
