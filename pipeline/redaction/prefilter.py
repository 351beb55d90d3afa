"""Which patterns can match a text at all, told from its words in one pass.

Most patterns need a word or a number that most texts do not hold, and to look for each alone is what costs. What a
pattern needs is derived from the pattern itself: `needs` gives clauses, of each of which a matching text holds at least
one atom. An atom is part of a word or a sign, in lower case and with 0 for every digit: "‹pc›" is a whole word, "‹dysl"
a beginning, "0000" four digits in a row, "@" itself. A clause may ask too little, never too much.
"""

from collections.abc import Iterable, Sequence, Set
from functools import cache, lru_cache
from itertools import product

import regex

from pipeline.redaction.pattern_syntax import (
    Edge,
    Either,
    Letter,
    Look,
    Node,
    Repeat,
    Row,
    Wild,
    folded,
    is_word,
    parse,
)

Clause = frozenset[str]

_STRINGS = 150  # spelt-out alternatives of a stretch of pattern
_COPIES = 6
_ATOM = 12  # characters; a part of a word is as good
_CLAUSES = 6  # for one pattern
_NOTHING = frozenset({""})
_CACHED_WORDS = 50_000
_LONG_WORD = 40
_BEGIN, _END = "‹", "›"
_PIECE = regex.compile(r"\w+|[^\w\s]", regex.V1)
_ZERO_RUN = regex.compile(r"0+")

# Only to choose what to ask for: words that most texts hold.
_COMMON = frozenset(
    "a about all am an and any are as at back be been but by can do for from get go got had has have he her him "
    "his i if in into is it just like me more my no not now of off on one or our out over she so some than that "
    "the their them then there they this time to two up us was we were what when where which who with work you "
    "your m s t ve d re".split()
)


@cache
def needs(pattern: str) -> tuple[Clause, ...]:
    """Clauses that every text with a match of `pattern` fulfils, the rarest first; none if anything may match."""
    clauses = set(_clauses(parse(pattern), False, False))
    ranked = sorted(clauses, key=lambda c: (_likelihood(c), sorted(c)))
    return tuple(ranked[:_CLAUSES])


def one_of(words: Set[str]) -> Clause:
    """What a text fulfils that holds one of the words, each one piece, whole and in any case."""
    return frozenset(map(_whole, words))


class Prefilter:
    """Tells for a text which searches are worth trying. Build one for all that see the same texts.

    `needed` has for each search a bit for every clause of it, as `fulfilled` has for a text.
    """

    def __init__(self, searches: Iterable[Iterable[Clause]]) -> None:
        self.needed: list[int] = []
        self._bits: dict[str, int] = {}
        bit_of: dict[Clause, int] = {}
        for clauses in searches:
            needed = 0
            for clause in clauses:
                if clause not in bit_of:
                    bit_of[clause] = 1 << len(bit_of)
                    for atom in clause:
                        self._bits[atom] = self._bits.get(atom, 0) | bit_of[clause]
                needed |= bit_of[clause]
            self.needed.append(needed)
        self._all = (1 << len(bit_of)) - 1
        self._lengths: dict[str, set[int]] = {}  # of the atoms that begin with two letters and are no whole words
        self._letters = {atom for atom in self._bits if len(atom) == 1}
        for atom in self._bits:
            if len(atom) > 1 and not (atom[0] == _BEGIN and atom[-1] == _END):
                self._lengths.setdefault(atom[:2], set()).add(len(atom))
        self._words: dict[str, int] = {}

    def fulfilled(self, text: str) -> int:
        """A bit for every clause that `text` fulfils."""
        bits = 0
        for piece in set(_PIECE.findall(text)):
            known = self._words.get(piece)
            bits |= self._look_up(piece) if known is None else known
        return bits

    def _look_up(self, piece: str) -> int:
        bits = self._bits_of(piece)
        if len(piece) <= _LONG_WORD:
            if len(self._words) >= _CACHED_WORDS:
                self._words.clear()
            self._words[piece] = bits
        return bits

    def _bits_of(self, piece: str) -> int:
        if not is_word(piece[0]):
            return self._bits.get(piece, 0)
        if not piece.isascii():
            return self._all  # what such letters match in either case is the regex module's business
        shape = _whole(piece)
        bits = self._bits.get(shape, 0)
        for letter in self._letters.intersection(shape):
            bits |= self._bits[letter]
        for start in range(len(shape) - 1):
            for length in self._lengths.get(shape[start : start + 2], ()):
                bits |= self._bits.get(shape[start : start + length], 0)
        return bits


class Searcher:
    """Subjects, each with patterns in any case, of which it is enough that one matches."""

    def __init__(self, **subjects: Sequence[str]) -> None:
        prefilter = Prefilter(needs(pattern) for patterns in subjects.values() for pattern in patterns)
        needed = iter(prefilter.needed)
        self._fulfilled = lru_cache(maxsize=1)(prefilter.fulfilled)  # several subjects are looked for in a text
        self.patterns = {
            subject: [(regex.compile(pattern, regex.IGNORECASE | regex.V1), next(needed)) for pattern in patterns]
            for subject, patterns in subjects.items()
        }

    def is_in(self, text: str, subject: str) -> bool:
        fulfilled = self._fulfilled(text)
        return any(needed & fulfilled == needed and pattern.search(text) for pattern, needed in self.patterns[subject])


def _whole(word: str) -> str:
    return f"{_BEGIN}{folded(word)}{_END}"


def _clauses(node: Node, starts: bool, ends: bool) -> list[Clause]:
    """What `node` needs where a word can only begin before it (`starts`), or end after it (`ends`)."""
    if isinstance(node, Row):
        return _of_row(node.parts, starts, ends)
    strings = _strings(node)
    if strings is not None:
        clause = _clause(strings, starts, ends)
        return [clause] if clause else []
    match node:
        case Either(branches):
            return _of_either([_clauses(branch, starts, ends) for branch in branches])
        case Repeat(inner, least, most):
            if least == 0:
                return []
            once = most == 1
            return _clauses(
                inner, starts and (once or _bounds(inner, False, True)), ends and (once or _bounds(inner, False, False))
            )
        case Look(inner):
            return _clauses(inner, False, False)
        case _:
            return []


def _of_row(parts: Sequence[Node], starts: bool, ends: bool) -> list[Clause]:
    parts = [copy for part in parts for copy in _copies(part)]
    before = [starts]
    for part in parts:
        before.append(_bounds(part, before[-1], True))
    after = [ends]
    for part in reversed(parts):
        after.append(_bounds(part, after[-1], False))
    after.reverse()

    clauses: list[Clause] = []
    run, begun, ended = _NOTHING, 0, 0  # what the parts from `begun` to `ended` spell out
    for i, part in enumerate([*parts, None]):
        strings = None if part is None else _strings(part)
        if strings is not None and (_is_loose(strings) or _is_sign(strings)):
            strings = None  # what stands on either side is asked for on its own
        if run != _NOTHING and (strings is None or len(strings) * len(run) > _STRINGS):
            clauses += filter(None, [_clause(run, before[begun], after[ended])])
            run = _NOTHING
        if part is not None and strings is None:
            clauses += _clauses(part, before[i], after[i + 1])
        elif strings is not None and strings != _NOTHING:
            begun = i if run == _NOTHING else begun
            ended = i + 1
            run = _joined(run, strings)
    return clauses


def _of_either(branches: Sequence[list[Clause]]) -> list[Clause]:
    """Of every branch the best clause, and the best that asks for digits: a match needs one of them."""
    joint: list[Clause] = []
    for of_digits in (False, True):
        fitting = [[c for c in clauses if not of_digits or _is_of_digits(c)] for clauses in branches]
        if all(fitting):
            joint.append(_simplest(atom for clauses in fitting for atom in min(clauses, key=_likelihood)))
    return joint


def _copies(node: Node) -> list[Node]:
    """x{2,} as x, x and any number more."""
    match node:
        case Repeat(inner, least, most) if least > 0:
            copies = min(least, _COPIES)
            more = None if most is None else most - copies
            return [inner] * copies + ([Repeat(inner, least - copies, more)] if more != 0 else [])
        case _:
            return [node]


def _strings(node: Node) -> frozenset[str] | None:
    """Everything that `node` matches, folded; None if that is too much to say."""
    match node:
        case Letter(options):
            return options
        case Edge():
            return _NOTHING
        case Row(parts):
            row = _NOTHING
            for part in parts:
                strings = _strings(part)
                if strings is None or len(row) * len(strings) > _STRINGS:
                    return None
                row = _joined(row, strings)
            return row
        case Either(branches):
            either: set[str] = set()
            for branch in branches:
                strings = _strings(branch)
                if strings is None or len(either | strings) > _STRINGS:
                    return None
                either |= strings
            return frozenset(either)
        case Repeat(inner, least, 1):
            strings = _strings(inner)
            return strings if strings is None or least else strings | {""}
        case _:
            return None


def _joined(first: frozenset[str], second: frozenset[str]) -> frozenset[str]:
    return frozenset(a + b for a, b in product(first, second))


def _is_loose(strings: frozenset[str]) -> bool:
    """Words that may also be missing."""
    return "" in strings and any(len(s) > 1 and not all(map(is_word, s)) for s in strings)


def _is_sign(strings: frozenset[str]) -> bool:
    """A space or a sign that must be there."""
    return all(len(s) == 1 and not is_word(s) for s in strings)


def _bounds(node: Node, bound: bool, onward: bool) -> bool:
    """Whether a word can only begin after `node`, given whether it could only begin before (`bound`).

    Not `onward` it is the same seen from the other side: whether a word can only end before it.
    """
    match node:
        case Letter(options):
            return not any(is_word(c) for c in options)
        case Wild(some):
            return not some
        case Edge(starts, ends):
            return bound or (starts if onward else ends)
        case Look(inner, ahead):
            return bound or (ahead != onward and _bounds(inner, False, onward))
        case Either(branches):
            return all(_bounds(branch, bound, onward) for branch in branches)
        case Row(parts):
            for part in parts if onward else reversed(parts):
                bound = _bounds(part, bound, onward)
            return bound
        case Repeat(inner, least, most):
            after = _bounds(inner, bound, onward)
            again = most == 1 or _bounds(inner, after, onward)
            return after and again and (bound or least > 0)


def _clause(strings: Iterable[str], starts: bool, ends: bool) -> Clause | None:
    """Of every string its rarest piece; None if one of them has none."""
    atoms: set[str] = set()
    for string in strings:
        pieces = _pieces(string, starts, ends)
        if not pieces:
            return None
        atoms.add(min(pieces, key=lambda piece: (_chance(piece), piece)))
    return _simplest(atoms)


def _pieces(string: str, starts: bool, ends: bool) -> list[str]:
    pieces: list[str] = []
    for match in _PIECE.finditer(string):
        piece = match.group()
        if is_word(piece[0]):
            begin = _BEGIN if match.start() > 0 or starts else ""
            end = _END if match.end() < len(string) or ends else ""
            whole = f"{begin}{piece}{end}"
            piece = whole if len(whole) <= _ATOM else whole[:_ATOM]
        pieces.append(piece)
    return pieces


def _simplest(atoms: Iterable[str]) -> Clause:
    """Without atoms that hold another one."""
    distinct = set(atoms)
    return frozenset(a for a in distinct if not any(b != a and b in a for b in distinct))


def _is_of_digits(clause: Clause) -> bool:
    return all(_ZERO_RUN.fullmatch(atom.strip(_BEGIN + _END)) for atom in clause)


def _likelihood(clause: Clause) -> float:
    return sum(map(_chance, clause))


@cache
def _chance(atom: str) -> float:
    """Roughly how likely a text is to hold an atom."""
    core = atom.strip(_BEGIN + _END)
    if not is_word(core[0]):
        return 0.5 if core in ",.'-" else 0.03
    if _ZERO_RUN.fullmatch(core):
        return 0.3 / 3 ** (len(core) - 1)
    bounds = len(atom) - len(core)
    if bounds == 2:
        return 0.5 if core in _COMMON else 0.02
    return min(1.0, 2.0 * 0.4 ** (len(core) + bounds))
