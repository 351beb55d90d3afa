"""Words that might be a name nobody recognised: whoever is unsure should ask a person.

Recognisers miss nicknames, products and small places. What gives them away is only that they are capitals in the middle
of a sentence and on no list of ours; where a text has no capitals to go by, any word that is in no dictionary. A word
that several documents use is common speech of the field, such as the name of a system, and nobody's own.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from functools import cache, lru_cache

from pipeline.placeholders import PLACEHOLDER
from pipeline.redaction import gazetteer
from pipeline.redaction.documents import RedactedDocument, RedactedSegment
from pipeline.redaction.gazetteer import GramIndex, located_tokens
from pipeline.redaction.shadow import make_shadow

Suspects = Mapping[tuple[str, str], Set[str]]

REASON = "unknown_name"
COMMON = 3  # documents; a word that so many use is nobody's own
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_STARTS_A_SENTENCE = frozenset(".!?:;•\n\"“‘(—–-*/'’")
_SHOUTED = 6  # letters; capitals that are more are rather a name than an abbreviation
_MODALS = frozenset({"will", "may"})  # the first names that most often stand before a word
_FEWEST_WORDS = 5  # a shorter text without capitals is no evidence of a habit


def add_reason(documents: Sequence[RedactedDocument], suspects: Suspects) -> list[RedactedDocument]:
    """The same documents; segments with a word that may be an unrecognised name have it among their review reasons.

    Args:
        suspects: by document and segment, the words, casefolded, that the classifier does not take for quite harmless;
            of a segment that is not in it, all words.
    """
    found = {
        (d.document_id, s.segment_id): unknown_words(s.text, suspects.get((d.document_id, s.segment_id)))
        for d in documents
        for s in d.segments
    }
    users: dict[str, set[str]] = defaultdict(set)
    for (document_id, _), words in found.items():
        for word in words:
            users[word].add(document_id)

    def judged(document: RedactedDocument, segment: RedactedSegment) -> RedactedSegment:
        words = found[document.document_id, segment.segment_id]
        if not any(len(users[word]) < COMMON for word in words):
            return segment
        return replace(segment, review=",".join(filter(None, [segment.review, REASON])))

    return [replace(d, segments=tuple(judged(d, segment) for segment in d.segments)) for d in documents]


@lru_cache(maxsize=20_000)
def _parts(word: str) -> frozenset[str]:
    """The word as the classifier sees it, and what a hyphen or an apostrophe joins in it."""
    folded = make_shadow(word).text.casefold()
    return frozenset({folded, *re.split(r"[-'’]", folded)})


def unknown_words(text: str, suspects: Set[str] | None = None) -> set[str]:
    """Casefolded words of a redacted text that may be names, by the rules above. Without `suspects` all words are."""
    after_a_name = {match.end() for match in PLACEHOLDER.finditer(text) if match.group().startswith("[person")}
    text = PLACEHOLDER.sub(lambda placeholder: " " * len(placeholder.group()), text)
    words = [(match.start(), match.group().removesuffix("'s").removesuffix("’s")) for match in _WORD.finditer(text)]
    after_a_name |= {start + len(word) for start, word in words if _is_lower_first_name(word)}
    words = [
        (start, word)
        for start, word in words
        if len(word) > 1 and (suspects is None or start - 1 in after_a_name or not suspects.isdisjoint(_parts(word)))
    ]
    if not words:
        return set()
    kept = {n for start, end, _ in _known().find(text, located_tokens(text)) for n in range(start, end)}
    without_case = _is_without_case(text)
    found: set[str] = set()
    for start, word in words:
        if start in kept:
            continue
        if without_case or start - 1 in after_a_name:
            suspicious = len(word) > 2 and not _is_ordinary(word)
        elif word.isupper():  # short, it is an abbreviation, which names no person
            suspicious = len(word) >= _SHOUTED and not _is_ordinary(word)
        elif not word[0].isupper():
            suspicious = False
        else:
            before = text[:start].rstrip(" ")
            starts_sentence = not before or before[-1] in _STARTS_A_SENTENCE
            suspicious = not (starts_sentence and _is_ordinary(word))
        if suspicious:
            found.add(word.casefold())
    return found


@lru_cache(maxsize=20_000)
def _is_lower_first_name(word: str) -> bool:
    return word.islower() and word not in _MODALS and gazetteer.is_first_name(word)


def _is_without_case(text: str) -> bool:
    """Whether capitals tell nothing, for nearly all letters are or none is."""
    letters = "".join(filter(str.isalpha, text))
    upper = sum(map(str.isupper, letters))
    return upper > 0.8 * len(letters) or (upper == 0 and len(text.split()) >= _FEWEST_WORDS)


@cache
def _known() -> GramIndex:
    """What is capitalised for another reason than being somebody's: bodies, systems, days, ranks, nations."""
    singles = {(word,) for gram in gazetteer.grams("ranks") for word in gram}
    return GramIndex({*gazetteer.grams("keep"), *gazetteer.grams("ranks"), *gazetteer.grams("capitalised"), *singles})


def _is_ordinary(word: str) -> bool:
    parts = [part for part in re.split(r"[-'’]", word) if len(part) > 1]
    return gazetteer.is_ordinary(word) or all(gazetteer.is_ordinary(part) for part in parts)
