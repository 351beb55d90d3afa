"""Other ways of writing the same passage: other names, other capitals. Every epoch sees another one, by its seed.

What identifies is rarely in the name itself, so names are exchanged for others of their label, and the words around
them have to tell; people write without capitals or with nothing else, so that is exchanged too.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from corpus import Passage, Span

EXCHANGED = frozenset({"PERSON", "LOCATION", "FORCE", "ORGANISATION"})
_EXCHANGE = 0.3  # of the passages that have one of them
_LOWER, _UPPER = 0.08, 0.04  # of all passages


class Mentions:
    """How people, places, forces and organisations are called in the lessons, by label and form."""

    def __init__(self, passages: Iterable[Passage], places: Sequence[str] = ()) -> None:
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for passage in passages:
            for span in passage.spans:
                if span.label in EXCHANGED and not span.optional:
                    name = passage.text[span.start : span.end]
                    found[span.label, _form(name)].add(name)
        for name in places:
            found["LOCATION", _form(name)].add(name)
        self.names = {key: sorted(names) for key, names in found.items()}

    def other(self, name: str, label: str, chance: random.Random) -> str:
        """Another name of the same label and form, or the same where there is none."""
        return chance.choice(self.names.get((label, _form(name)), [name]))


def varied(passage: Passage, mentions: Mentions, chance: random.Random) -> Passage:
    """The passage, perhaps with other names, perhaps with other capitals."""
    if chance.random() < _EXCHANGE and any(span.label in EXCHANGED for span in passage.spans):
        passage = _exchanged(passage, mentions, chance)
    case = chance.random()
    if case < _LOWER:
        return replace(passage, text=_recased(passage.text, str.lower))
    if case < _LOWER + _UPPER:
        return replace(passage, text=_recased(passage.text, str.upper))
    return passage


def _exchanged(passage: Passage, mentions: Mentions, chance: random.Random) -> Passage:
    """A name that is repeated is exchanged for the same one each time."""
    chosen: dict[tuple[str, str], str] = {}
    text, end = "", 0
    moved: dict[Span, Span] = {}
    for span in sorted({*passage.spans, *passage.traps}, key=lambda span: span.start):
        text += passage.text[end : span.start]
        words = passage.text[span.start : span.end]
        if span.label in EXCHANGED:
            if (words, span.label) not in chosen:
                chosen[words, span.label] = mentions.other(words, span.label, chance)
            words = chosen[words, span.label]
        moved[span] = replace(span, start=len(text), end=len(text) + len(words))
        text += words
        end = span.end
    return replace(
        passage,
        text=text + passage.text[end:],
        spans=tuple(moved[span] for span in passage.spans),
        traps=tuple(moved[span] for span in passage.traps),
    )


def _form(name: str) -> str:
    """Names of one form can stand for each other: as many words, with the same sort of capitals."""
    words = name.split()
    if any(character.isdigit() for character in name):
        return name  # a name with a number in it stands for itself
    case = "upper" if name.isupper() else "lower" if name.islower() else "mixed"
    return f"{min(len(words), 3)} {case} {'initials' if max(map(len, words), default=0) <= 2 else ''}"


def _recased(text: str, change) -> str:
    """Of the same length, so that spans hold."""
    return "".join(changed if len(changed := change(character)) == 1 else character for character in text)
