"""When a person should look before a passage is quoted. Light checks on words; never a reason to publish."""

from collections.abc import Collection, Sequence
from functools import cache

import regex

from pipeline.redaction.conditions import CONDITION
from pipeline.redaction.disguise import has_spaced_letters, is_disguised
from pipeline.redaction.findings import Finding
from pipeline.redaction.prefilter import Prefilter
from pipeline.redaction.shadow import has_mixed_script

REASONS = (
    "mixed_script",
    "spaced_letters",
    "disguised",
    "possible_detail",
    "low_score",
    "not_english",
    "welsh",
    "rare_role",
    "health",
    "family",
    "unknown_name",
)

_GREY = 0.5  # a finding at or below it rests on one weak sign
_PINS = frozenset({"LOCATION", "FORCE", "ORGANISATION", "UNIT", "ADDRESS", "DATE"})
_MIN_WORDS = 8
_ENGLISH = frozenset(
    "the a an and or but of to in on at for with from by as is are was were be been it its that this these those i you "
    "he she we they my our your his her their me us them not no do does did have has had can could will would "
    "should if when what which who there so just about into out up than then all any some more very get got "
    "too like because only "
    "how where don't it's i'm can't too still now one also nothing every never always".split()
)
_WELSH = frozenset(
    "y yr yn a ac i o ar am mae mae'n yw ydy dw dwi ddim nid oes bod wedi gan gyda ond neu hefyd hyn hwn fel ei eu ein "
    "eich fy roedd bydd heddlu'r i'r o'r a'r mewn dim pob iawn gwaith cael gallu rhaid angen".split()
)
_WELSH_ONLY = _WELSH - _ENGLISH - {"y", "am", "ar", "o", "dim", "ei", "bod", "neu", "gan", "a", "ac", "fy"}
_ILLNESS = regex.compile(rf"\b{CONDITION}(?!\w)", regex.IGNORECASE)
_WORD = regex.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def reasons(
    original: str, shadow: str, masked: Sequence[Finding], kept: Collection[str] = (), doubtful: bool = False
) -> str:
    """Comma-separated reasons in the order of REASONS; empty when there is none.

    Args:
        kept: labels a policy let stand.
        doubtful: something was left that the classifier is not sure about.
    """
    labels = {finding.label for finding in masked} | set(kept)
    # Who is the only one, or whose sister, says most where a place, a body or a date is told with it.
    telling = not labels.isdisjoint(_PINS)
    language = _language(shadow)
    holds = {
        "mixed_script": has_mixed_script(original),
        "spaced_letters": has_spaced_letters(shadow, masked),
        "disguised": is_disguised(original, shadow, masked),
        "possible_detail": doubtful,
        "low_score": any(finding.score <= _GREY for finding in masked),
        "not_english": language == "other",
        "welsh": language == "welsh",
        "rare_role": "ROLE" in kept or ("ROLE" in labels and telling),
        "health": "HEALTH" in labels or _names_illness(shadow),
        "family": "FAMILY" in kept or ("FAMILY" in labels and telling),
    }
    return ",".join(reason for reason in REASONS if holds.get(reason))


@cache
def _illness_filter() -> Prefilter:
    return Prefilter([_ILLNESS.pattern])


def _names_illness(shadow: str) -> bool:
    may_do = _illness_filter().fulfilled(shadow) == _illness_filter().needed(_ILLNESS.pattern)
    return may_do and _ILLNESS.search(shadow) is not None


def _language(text: str) -> str:
    words = [word.casefold() for word in _WORD.findall(text)]
    if len(words) < _MIN_WORDS:
        return "english"
    english = sum(word in _ENGLISH for word in words) / len(words)
    if sum(word in _WELSH_ONLY for word in words) / len(words) > max(0.08, english / 2):
        return "welsh"
    return "english" if english >= 0.12 else "other"
