"""Lists of facts: places, ranks, names, and what is to be kept. One text file each in `gazetteers/`.

A line is one entry; `#` starts a comment. Read once and cached: the files are constants of the package. Forces, which
others than redaction ask about, are read by `pipeline.forces`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import groupby

from pipeline.forces import TOKEN, Gram, tokens

# Two and three letters that are not somebody's initials.
ABBREVIATIONS = frozenset(
    "ac ad ai am api app ba be bt bwv cad cc ceo cia cid cio co cps csi cto cv da dc dci di dm do dpa ds dv ea eg "
    "eu fa fm fr gb go gp gps he hq hr id ie if in ip is it jd ks la lpt ma mg mi mo mod mp ms my nb nca nhs ni no "
    "np ok on or os pa pac pc pcc pcs pd pdf pi pm pnc pnd po pr ps psd pt qa ra rms rp sc si sms so sp ss st tb tv "
    "uk un up us va vip vp we".split()
)


@cache
def lines(name: str) -> tuple[str, ...]:
    """Entries of gazetteers/<name>.txt in file order."""
    text = (files("pipeline.redaction") / "gazetteers" / f"{name}.txt").read_text("utf-8")
    stripped = (line.split("#", 1)[0].strip() for line in text.splitlines())
    return tuple(line for line in stripped if line)


@cache
def words(name: str) -> frozenset[str]:
    """Entries of a list of single words separated by spaces or lines, casefolded."""
    return frozenset(word.casefold() for line in lines(name) for word in line.split())


@cache
def grams(name: str) -> frozenset[Gram]:
    """Entries as token sequences, casefolded."""
    return frozenset(gram for line in lines(name) if (gram := tokens(line)))


def pattern(name: str) -> str:
    """A pattern of the entries in any case, longer ones first; by their first letters, so that few are tried."""
    longest = sorted(lines(name), key=lambda line: (line[0].casefold(), -len(line), line))
    by_letter = groupby(longest, key=lambda line: line[0].casefold())
    branches = (f"{first}(?:{'|'.join(re.escape(line[1:]) for line in those)})" for first, those in by_letter)
    return f"(?:{'|'.join(branches)})"


@cache
def place_classes() -> dict[Gram, str]:
    """Places that everybody knows as a `city` or a `county` and that are not both."""
    found: dict[Gram, str] = {}
    for line in lines("place_classes"):
        kind, _, names = line.partition("|")
        found |= {tokens(name): kind.strip() for name in names.split(";")}
    return found


@cache
def places() -> tuple[frozenset[Gram], frozenset[Gram]]:
    """UK places: those safe to mask wherever they are capitalised, and those that need "in", "at", "near" …"""
    plain: set[Gram] = set()
    in_context: set[Gram] = set()
    for line in (*lines("uk_places"), *lines("uk_places_extra")):
        name, needs_context = line.rstrip("?").strip(), line.endswith("?")
        (in_context if needs_context else plain).add(tokens(name))
    return frozenset(plain - in_context), frozenset(in_context)


def is_ordinary(word: str) -> bool:
    """Whether a word is common English, also as a simple inflection."""
    word = word.casefold()
    ordinary = words("ordinary_words")
    return word in ordinary or (len(word) > 4 and word.endswith("s") and word[:-1] in ordinary)


def is_first_name(word: str) -> bool:
    return word.casefold() in words("first_names")


def is_surname(word: str) -> bool:
    return word.casefold() in words("surnames")


def is_kept(text: str) -> bool:
    """Whether `text` as a whole is on the keep-list of bodies, systems, laws and public names."""
    return tokens(text) in grams("keep")


@cache
def is_place_word(word: str) -> bool:
    """Whether a single word is a UK place."""
    plain, in_context = places()
    return (word.casefold(),) in plain or (word.casefold(),) in in_context


class GramIndex:
    """Finds any of many token sequences in a text in one pass, longest first. Works with many thousands."""

    def __init__(self, entries: Iterable[Gram]) -> None:
        self._by_first: dict[str, dict[str, list[Gram]]] = {}  # and by the second word, or by "" without one
        for gram in sorted(set(entries), key=lambda g: (-len(g), g)):
            if gram:
                self._by_first.setdefault(gram[0], {}).setdefault("".join(gram[1:2]), []).append(gram)

    def find(self, text: str, words_of: Sequence[tuple[int, int, str]]) -> Iterator[tuple[int, int, Gram]]:
        """(start, end, entry) of every longest match; `words_of` is `located_tokens(text)`."""
        following = 0
        for position in [n for n, (_, _, word) in enumerate(words_of) if word in self._by_first]:
            if position >= following and (match := self._at(text, words_of, position)):
                following = position + len(match)
                yield words_of[position][0], words_of[following - 1][1], match

    def _at(self, text: str, words_of: Sequence[tuple[int, int, str]], position: int) -> Gram | None:
        by_second = self._by_first[words_of[position][2]]
        following = words_of[position + 1][2] if position + 1 < len(words_of) else ""
        for gram in by_second.get(following, ()):
            last = position + len(gram)
            if last <= len(words_of) and all(
                words_of[position + i][2] == gram[i]
                and _joins(text[words_of[position + i - 1][1] : words_of[position + i][0]])
                for i in range(1, len(gram))
            ):
                return gram
        return next(iter(by_second.get("", ())), None)


def _joins(between: str) -> bool:
    """Whether what stands between two words lets them be one name."""
    return len(between) <= 3 and "\n\n" not in between and not any(c in ';:!?()"' for c in between)


@lru_cache(maxsize=2)
def located_tokens(text: str) -> Sequence[tuple[int, int, str]]:
    """Start, end and casefolded form of every token of `text`; several layers ask for the same text in turn."""
    return [(m.start(), m.end(), m.group().casefold()) for m in TOKEN.finditer(text)]


def begins_sentence(text: str, start: int) -> bool:
    """Whether only a sentence's beginning explains a capital at `start`."""
    before = text[max(0, start - 4) : start].rstrip(" \"'(")
    return not before or before[-1] in ".!?:;\n-" or "\n" in text[max(0, start - 2) : start]
