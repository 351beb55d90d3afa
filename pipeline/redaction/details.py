"""From words and their risks to details: neighbours joined, what only leads to them left out, scraps let go.

The classifier decides word by word. A reader sees phrases, so a scrap of one that gives nothing away by itself is
not worth a placeholder that tears its sentence.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pipeline.redaction import gazetteer
from pipeline.redaction.findings import Entity

PREFIX = "model:"  # of the labels of what the classifier finds, to tell them from its doubts
_JOINS = frozenset(" -/&.,'’\n")
_PHRASES = frozenset({"ROLE", "FAMILY", "HEALTH", "ADDRESS"})  # which may begin or end with any word
_OF_SEVERAL_WORDS = frozenset({"ROLE", "FAMILY", "HEALTH"})
_LEADING = re.compile(r"(?:of|at|in|from|to|for|with|by|near|and|or)\b\s*")
_TRAILING = re.compile(r"(?:^|\s+)(?:of|at|in|from|to|for|with|by|near|and|or)$")
_WORD = re.compile(r"[^\W\d_]+")
_ONE_WORD = re.compile(r"[ \-'’\"]*[\w'’]+[ \-'’\"]*")
_DIGITS_BEFORE = re.compile(r"(?:\d+[.:/-])+$")
_DIGITS_AFTER = re.compile(r"(?:[.:/-]\d+)+")
_LONGEST_NUMBER = 40  # characters
_FUNCTION = frozenset(
    "a an the of at in on to for from with by as and or but if so than then that this these those there here is was "
    "are were be been being am have has had do does did got get i you he she it we they me him us them my our your his "
    "her its their who which what when where".split()
)
# What names somebody or something, and is told from an ordinary word by its capital or by a list.
_NAMES = frozenset({"PERSON", "LOCATION", "ORGANISATION", "UNIT", "HANDLE", "ADDRESS"})
LIKELY = 0.5  # more likely a detail than not
_FAMILY_WITHOUT_KIN = 0.7


class Word(NamedTuple):
    """Half-open characters of a word, the label it most resembles, how likely it is one, and whether it begins it."""

    start: int
    end: int
    label: str
    risk: float
    begins: bool


def details(text: str, words: Sequence[Word]) -> tuple[list[Entity], list[Entity]]:
    """(what is masked, what is let go after all), in order, each scored by the risk of its riskiest word.

    Args:
        words: those that reach their thresholds, in order.
    """
    found = list(_trimmed(text, _bridged(text, _neighbours(text, words))))
    alone = [not _touches(text, found, n) for n in range(len(found))]
    kept = [not (lone and is_scrap(text, entity)) for lone, entity in zip(alone, found, strict=True)]
    masked = [entity for keep, entity in zip(kept, found, strict=True) if keep]
    return masked, [entity for keep, entity in zip(kept, found, strict=True) if not keep]


def _neighbours(text: str, words: Sequence[Word]) -> list[Entity]:
    """Neighbouring words of one label are one detail, unless the second begins another."""
    found: list[Entity] = []
    for word in words:
        label = PREFIX + word.label
        last = found[-1] if found else None
        gap = text[last.end : word.start] if last else ""
        apart = len(gap) > 2 or not set(gap) <= _JOINS or (word.begins and bool(gap.strip()))
        if last and last.label == label and not apart:
            found[-1] = last._replace(end=word.end, score=max(last.score, word.risk))
        else:
            found.append(Entity(word.start, word.end, label, word.risk))
    return found


def _bridged(text: str, entities: Iterable[Entity]) -> list[Entity]:
    """One word left between two parts of a phrase belongs to it: "[mum's a] tenant [on my patch]"."""
    found: list[Entity] = []
    for entity in entities:
        last = found[-1] if found else None
        of_one = last is not None and last.label == entity.label and _label(entity) in _OF_SEVERAL_WORDS
        if last and of_one and _ONE_WORD.fullmatch(text, last.end, entity.start):
            found[-1] = last._replace(end=entity.end, score=max(last.score, entity.score))
        else:
            found.append(entity)
    return found


def _trimmed(text: str, entities: Iterable[Entity]) -> Iterator[Entity]:
    """Without what only leads to a detail or away from it; of a number written in parts, all parts."""
    for entity in entities:
        start, end = entity.start, entity.end
        if _label(entity) not in _PHRASES:
            while (lead := _LEADING.match(text, start, end)) is not None:
                start = lead.end()
            while (trail := _TRAILING.search(text, start, end)) is not None:
                end = trail.start()
        if start < end:
            if text[start].isdigit() and (
                before := _DIGITS_BEFORE.search(text, max(0, start - _LONGEST_NUMBER), start)
            ):
                start = before.start()
            if text[end - 1].isdigit() and (after := _DIGITS_AFTER.match(text, end)):
                end = after.end()
            yield entity._replace(start=start, end=end)


def _touches(text: str, found: Sequence[Entity], n: int) -> bool:
    """Whether another detail stands beside it: then it may be a part of that one."""
    beside = [(found[n - 1].end, found[n].start)] if n else []
    beside += [(found[n].end, found[n + 1].start)] if n + 1 < len(found) else []
    return any(end - start <= 2 and set(text[start:end]) <= _JOINS for start, end in beside)


def is_scrap(text: str, entity: Entity) -> bool:
    """Whether a detail that stands alone says nothing.

    Function words never do; ordinary words that no list knows as names, and whose capitals tell nothing, hardly do;
    and nothing is about a family where nobody is kin.
    """
    words = [word.casefold() for word in _WORD.findall(text[entity.start : entity.end])]
    if any(character.isdigit() for character in text[entity.start : entity.end]):
        return False
    if all(word in _FUNCTION for word in words):
        return True
    if _label(entity) == "HEALTH":
        return all(word in _FUNCTION or _is_kin(word) for word in words)  # "my mammy"
    if _label(entity) == "FAMILY":
        return entity.score < _FAMILY_WITHOUT_KIN and not _names_kin(text)
    if _label(entity) in _NAMES and entity.score < LIKELY:
        plain = text[entity.start].islower() or gazetteer.begins_sentence(text, entity.start)
        return plain and all(map(_is_only_a_word, words))
    return False


def _is_only_a_word(word: str) -> bool:
    return gazetteer.is_ordinary(word) and not (
        gazetteer.is_first_name(word) or gazetteer.is_surname(word) or gazetteer.is_place_word(word)
    )


def _names_kin(text: str) -> bool:
    return any(_is_kin(word.casefold()) for word in _WORD.findall(text))


def _is_kin(word: str) -> bool:
    kin = gazetteer.words("kin")
    return word in kin or word.removesuffix("s") in kin


def _label(entity: Entity) -> str:
    return entity.label.removeprefix(PREFIX)
