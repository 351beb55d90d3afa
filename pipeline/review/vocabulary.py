"""The words of the review: what can be decided, what can stand in place of words, and why somebody is asked."""

from enum import StrEnum

from pipeline.placeholders import GENERALISED, MASKED, SUPPLIER


class Choice(StrEnum):
    """What a reviewer can choose, as the spreadsheet says it."""

    AS_PROPOSED = "redact as proposed"
    REDACT_ALSO = "redact also these words"
    GENERALISE = "generalise"
    KEEP_WORDS = "keep these words"
    KEEP_ALL = "keep as it stands"
    DROP = "drop the quote"


# Several rows about the same words add up, but for these, each of which says everything about a passage.
WHOLE = frozenset({Choice.AS_PROPOSED, Choice.KEEP_ALL, Choice.DROP})
NEED_WORDS = frozenset({Choice.REDACT_ALSO, Choice.GENERALISE, Choice.KEEP_WORDS})

CHOICES_EXPLAINED = {
    Choice.AS_PROPOSED: "The proposed text may be quoted.",
    Choice.REDACT_ALSO: "As proposed, and the words you name are redacted as well, here and, unless they are ordinary "
    "words, wherever the same contribution repeats them.",
    Choice.GENERALISE: "As proposed, but the words you name are shown as what you choose under Shown instead, e.g. "
    "[role] instead of [person].",
    Choice.KEEP_WORDS: "As proposed, but the words you name identify nobody and stay. Names and particulars of "
    "contributors cannot be kept.",
    Choice.KEEP_ALL: "Nothing here identifies anybody: the original words may be quoted, with nothing redacted. "
    "Refused where a name or number was found; name such words with keep these words.",
    Choice.DROP: "Never quoted. It still counts towards its theme.",
}

NOUNS = {  # shown instead → label
    **{noun: label for label, noun in MASKED.items()},
    **{noun: label for label, nouns in GENERALISED.items() for noun in nouns},
    SUPPLIER: "ORGANISATION",
}
REDACTED = "redacted"

DROPPED = "dropped"
CHANGED = "decision_void"

# Most worrying first: the order of the spreadsheet's rows.
REASONS_IN_WORDS = {
    "unknown_name": "a word that could be a name nobody recognised",
    "disguised": "something written so that only a person would see it",
    "possible_detail": "a word that could be an identifying detail",
    "disagreement": "words that one check takes for a name or detail, and another for something harmless",
    "spaced_letters": "letters spaced out, perhaps to hide a name",
    "mixed_script": "letters of different alphabets in one word",
    "low_score": "a detail that was found on one weak sign",
    "rare_role": "a role that few people hold, told with a place, body or date",
    "rare_event": "an incident of a rare kind, told with its place or date",
    "health": "health",
    "crime": "crime that the speaker, somebody near to them, or somebody named suffered or stood trial for",
    "family": "family, told with a place, body or date",
    "welsh": "Welsh, which is not read well",
    "not_english": "a language that is not read",
    CHANGED: "decided before, but its words or what is proposed have changed since",
    DROPPED: "dropped by a reviewer",
}


def in_words(reasons: str) -> list[str]:
    """Comma-separated reasons in plain words, most worrying first."""
    order = list(REASONS_IN_WORDS)
    given = sorted(filter(None, reasons.split(",")), key=lambda r: (order.index(r) if r in order else -1, r))
    return [REASONS_IN_WORDS.get(reason, reason.replace("_", " ")) for reason in given]


def is_waiting(reasons: str) -> bool:
    """Whether a person still has to look."""
    return bool(reasons) and reasons != DROPPED
