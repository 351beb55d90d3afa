"""Regular expressions as trees, as far as our own are written: what `prefilter` reasons about.

Read is what every pattern of ours needs. Anything else is refused when the pattern is made, never misread.
"""

from dataclasses import dataclass

import regex

_QUANTIFIER = regex.compile(r"(?:[*+?]|\{(?P<least>\d+)(?P<range>,(?P<most>\d*))?\})[?+]?")
_CLASSES = "dwsDWS"
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
_WORD = regex.compile(r"\w", regex.V1)
_SMALL_CLASS = 8  # a class of more characters says too little to be spelt out


@dataclass(frozen=True)
class Letter:
    """One character out of a few, case and digits folded."""

    options: frozenset[str]


@dataclass(frozen=True)
class Wild:
    """One character out of many: `some` or `every` letter, digit and underscore among them."""

    some: bool
    every: bool


@dataclass(frozen=True)
class Edge:
    """Nothing of the text, but a word can only begin (`starts`) or end (`ends`) here."""

    starts: bool
    ends: bool


@dataclass(frozen=True)
class Look:
    """A positive look ahead or behind."""

    inner: "Node"
    ahead: bool


@dataclass(frozen=True)
class Either:
    branches: tuple["Node", ...]


@dataclass(frozen=True)
class Row:
    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Repeat:
    inner: "Node"
    least: int
    most: int | None


Node = Letter | Wild | Edge | Look | Either | Row | Repeat
ANYTHING = Repeat(Wild(True, True), 0, None)
NOWHERE = Edge(False, False)


def folded(text: str) -> str:
    """Lower case, with every digit as 0."""
    return text.lower().translate(_ZEROS)


_ZEROS = str.maketrans("123456789", "000000000")


def is_word(character: str) -> bool:
    """As the regex module sees it."""
    return _WORD.match(character) is not None


def parse(pattern: str) -> Node:
    reader = _Reader(pattern)
    tree = reader.either()
    if reader.position < len(pattern):
        raise reader.refusal()
    return tree


class _Reader:
    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self.position = 0

    def refusal(self) -> ValueError:
        return ValueError(f"cannot read a pattern at {self.position}: {self._pattern[self.position :][:20]}")

    def _has(self, text: str) -> bool:
        """Whether `text` comes next; it is read if it does."""
        if not self._pattern.startswith(text, self.position):
            return False
        self.position += len(text)
        return True

    def _next(self) -> str:
        if self.position >= len(self._pattern):
            raise self.refusal()
        self.position += 1
        return self._pattern[self.position - 1]

    def either(self) -> Node:
        branches = [self._row()]
        while self._has("|"):
            branches.append(self._row())
        return branches[0] if len(branches) == 1 else Either(tuple(branches))

    def _row(self) -> Node:
        parts: list[Node] = []
        while self.position < len(self._pattern) and self._pattern[self.position] not in "|)":
            parts.append(self._quantified(self._atom()))
        return Row(tuple(parts))

    def _quantified(self, inner: Node) -> Node:
        match = _QUANTIFIER.match(self._pattern, self.position)
        if match is None:
            return inner
        self.position = match.end()
        sign = match.group()[0]
        if sign != "{":
            return Repeat(inner, int(sign == "+"), 1 if sign == "?" else None)
        least = int(match["least"])
        most = (int(match["most"]) if match["most"] else None) if match["range"] else least
        return Repeat(inner, least, most)

    def _atom(self) -> Node:
        character = self._next()
        if character == "(":
            return self._group()
        if character == "[":
            return self._set()
        if character == "\\":
            return self._escape()
        if character in "^$":
            return Edge(True, True)
        if character == ".":
            return Wild(True, True)
        if character in "*+?" or (character == "{" and not self._pattern[self.position : self.position + 1].isdigit()):
            raise self.refusal()  # a brace without a number after it would be a fuzzy match
        return _letter({character})

    def _group(self) -> Node:
        if self._has("?:") or not self._has("?"):
            return self._closed(self.either())
        if self._has("P<"):
            self.position = self._pattern.index(">", self.position) + 1
            return self._closed(self.either())
        if self._has("P="):
            self.position = self._pattern.index(")", self.position) + 1
            return ANYTHING  # what a group held before
        for opening, ahead in (("=", True), ("<=", False)):
            if self._has(opening):
                return Look(self._closed(self.either()), ahead)
        for opening, ahead in (("!", True), ("<!", False)):
            if self._has(opening):
                return _negative(self._closed(self.either()), ahead)
        if flags := regex.compile(r"[is]+(?P<end>[:)])").match(self._pattern, self.position):
            self.position = flags.end()
            return self._closed(self.either()) if flags["end"] == ":" else NOWHERE
        raise self.refusal()

    def _closed(self, inner: Node) -> Node:
        if not self._has(")"):
            raise self.refusal()
        return inner

    def _escape(self) -> Node:
        letter = self._next()
        if letter == "b":
            return Edge(True, True)
        if letter in _CLASSES:
            return _class({letter}, set(), False)
        if letter.isalnum() and letter not in _ESCAPES:
            self.position -= 1
            raise self.refusal()
        return _letter({_ESCAPES.get(letter, letter)})

    def _set(self) -> Node:
        negated = self._has("^")
        classes: set[str] = set()
        characters: set[str] = set()
        while not self._has("]"):
            first = self._next()
            if first == "[" or (first in "-&|~" and self._has(first)):
                raise self.refusal()  # sets of sets
            if first == "\\":
                first = self._next()
                if first in _CLASSES:
                    classes.add(first)
                    continue
                if first.isalnum() and first not in _ESCAPES:
                    raise self.refusal()
                first = _ESCAPES.get(first, first)
            last = first
            ahead = self._pattern[self.position : self.position + 2]
            if ahead[:1] == "-" and ahead != "-]":
                self.position += 1
                last = self._next()
                if last in "\\[":
                    raise self.refusal()
            characters |= set(map(chr, range(ord(first), ord(last) + 1)))
        if not classes and not characters:
            raise self.refusal()
        return _class(classes, characters, negated)


def _letter(characters: set[str]) -> Letter:
    return Letter(frozenset(folded(c) for c in characters))


def _class(classes: set[str], characters: set[str], negated: bool) -> Node:
    if negated:
        return Wild(not classes & {"w"}, classes <= {"s"} and not any(map(is_word, characters)))
    options = {folded(c) for c in characters} | {"0" for _ in classes & {"d"}}
    if classes <= {"d"} and len(options) <= _SMALL_CLASS:
        return Letter(frozenset(options))
    return Wild(bool(classes - {"s", "W"}) or any(map(is_word, characters)), bool(classes & {"w", "S"}))


def _negative(inner: Node, ahead: bool) -> Edge:
    r"""(?!\w) and (?<![\w.]) say that no word goes on here."""
    last = inner.parts[0] if isinstance(inner, Row) and len(inner.parts) == 1 else inner
    no_word = isinstance(last, Wild) and last.every
    return Edge(starts=no_word and not ahead, ends=no_word and ahead)
