"""Tagged tokens, one to a line as `token<TAB>tag`, a blank line between texts, tags O, B-TYPE and I-TYPE.

The Broad Twitter Corpus and WNUT-17 come like this. Tokens are put together again as a person would type them, and each
text is a document of its own. Names of people are direct, of places and organisations quasi; products and works that
WNUT-17 marks may go or stay.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import InputError, Problem
from pipeline.evaluation.gold import Gold, GoldPassage, Kind, Mark, marks_names_only

_TAG = re.compile(r"O|[BI]-\S+")
_KINDS: dict[str, Kind] = {"PER": "direct", "PERSON": "direct"}
_OPTIONAL = frozenset({"PRODUCT", "CREATIVE-WORK"})
_STICKS_TO_NEXT = frozenset("@#([")
_STICKS_TO_LAST = re.compile(r"[.,!?;:)\]…%]+|n't|['’](?:s|m|re|ve|ll|d)", re.IGNORECASE)


def is_tagged_line(line: str) -> bool:
    """Whether a line is a token and its tag. The token may be empty: the corpora lost some characters on their way."""
    _, tab, tag = line.rstrip("\r").partition("\t")
    return bool(tab) and _TAG.fullmatch(tag) is not None


def read_conll(path: Path) -> Gold:
    """The texts of a file of tagged tokens. Raises InputError, which names file and line."""
    passages: list[GoldPassage] = []
    text = _Text()
    for number, line in enumerate([*path.read_text("utf-8-sig").split("\n"), ""], start=1):
        if not line.strip():
            if text.joined:
                passages.append(text.passage(f"text {len(passages) + 1}"))
            text = _Text()
        elif is_tagged_line(line):
            token, _, tag = line.rstrip("\r").partition("\t")
            if token:
                text.add(token, tag)
        else:
            raise InputError(
                Problem(f"{path.name}, line {number}", "is not a token and its tag", "write token, tab, O, B-… or I-…")
            )
    return Gold(tuple(passages), annotated=True, names_only=marks_names_only(passages))


@dataclass
class _Text:
    """A text that is being put together."""

    joined: str = ""
    last: str = ""
    mentions: list[tuple[int, int, str]] = field(default_factory=lambda: list[tuple[int, int, str]]())
    open: str = ""  # the type of the mention that the next I- tag would go on with

    def add(self, token: str, tag: str) -> None:
        glued = not self.joined or self.last in _STICKS_TO_NEXT or _STICKS_TO_LAST.fullmatch(token) is not None
        start = len(self.joined) + (not glued)
        self.joined += token if glued else f" {token}"
        self.last = token
        if tag == "O":
            self.open = ""
            return
        kind = tag[2:]
        # "@" and the handle after it are two mentions in the corpus, and one to a reader.
        goes_on = kind == self.open and (tag[0] == "I" or (glued and self.mentions[-1][1] == start))
        if goes_on:
            self.mentions[-1] = (self.mentions[-1][0], len(self.joined), kind)
        else:
            self.mentions.append((start, len(self.joined), kind))
        self.open = kind

    def passage(self, name: str) -> GoldPassage:
        marks = (
            Mark(start, end, kind.upper(), _KINDS.get(kind.upper(), "quasi"), kind.upper() not in _OPTIONAL)
            for start, end, kind in self.mentions
        )
        return GoldPassage(name, name, name, self.joined, tuple(marks))
