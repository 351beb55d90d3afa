"""When a person should look before a passage is quoted. Light checks on words; never a reason to publish."""

from collections.abc import Collection, Sequence

from pipeline.redaction.disguise import has_spaced_letters, is_disguised
from pipeline.redaction.findings import Finding
from pipeline.redaction.incidents import names_incident, tells_of_crime, tells_of_illness
from pipeline.redaction.language import language
from pipeline.redaction.shadow import has_mixed_script

REASONS = (
    "mixed_script",
    "spaced_letters",
    "disguised",
    "possible_detail",
    "disagreement",
    "low_score",
    "not_english",
    "welsh",
    "rare_role",
    "rare_event",
    "health",
    "crime",
    "family",
    "unknown_name",
)

_GREY = 0.5  # a finding at or below it rests on one weak sign
_PINS = frozenset({"LOCATION", "FORCE", "ORGANISATION", "UNIT", "ADDRESS", "DATE"})
_TOLD_WITH = frozenset({"ROLE", "FAMILY"})


def reasons(
    original: str,
    shadow: str,
    masked: Sequence[Finding],
    kept: Collection[str] = (),
    doubtful: bool = False,
    disagreed: bool = False,
    found: Sequence[Finding] = (),
) -> str:
    """Comma-separated reasons in the order of REASONS; empty when there is none.

    Args:
        kept: labels a policy let stand.
        doubtful: something was left that the classifier is not sure about.
        disagreed: what one layer lets stand another would not.
        found: everything that was found, also what is kept and what became part of something longer.
    """
    labels = {finding.label for finding in masked} | set(kept)
    # Who is the only one, or whose sister, says most where a place, a body or a date is told with it, also within it.
    absorbed = {f.label for f in found if any(m.label in _TOLD_WITH and m.overlaps(f) for m in masked)}
    telling = not _PINS.isdisjoint(labels | absorbed)
    spoken = language(shadow)
    everything = (*masked, *found)
    holds = {
        "mixed_script": has_mixed_script(original),
        "spaced_letters": has_spaced_letters(shadow, masked),
        "disguised": is_disguised(original, shadow, masked),
        "possible_detail": doubtful,
        "disagreement": disagreed,
        "low_score": any(finding.score <= _GREY for finding in masked),
        "not_english": spoken == "other",
        "welsh": spoken == "welsh",
        "rare_role": "ROLE" in kept or ("ROLE" in labels and telling),
        "rare_event": names_incident(shadow, everything),
        "health": "HEALTH" in labels or tells_of_illness(shadow),
        "crime": tells_of_crime(shadow, everything),
        "family": "FAMILY" in kept or ("FAMILY" in labels and telling),
    }
    return ",".join(reason for reason in REASONS if holds.get(reason))
