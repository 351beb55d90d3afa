"""What people say: a theme in two or three short fragments of its passages, word for word."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.themes.phrases import is_mask

LEAD = "What people say: "
_FRAGMENTS = 3
_FEWEST_WORDS, _MOST_WORDS = 3, 12
_READ_PER_THEME = 10  # passages that fragments are looked for in, those most like the theme
_ALIKE = 0.7  # cosine of fragments that say the same
_FEWEST_LIKENESS = 0.3  # cosine to the theme that a fragment must have
_SENTENCE = re.compile(r"(?:[^.!?\n]|[.!?](?=\w))+")
# A fragment ends at punctuation, or before a word that joins clauses.
_CUT = re.compile(
    r"\s*[,;:()–—•*]+\s*|\s+-+\s+|\s+(?=(?:and|but|because|so|which|when|while|although|though|then)\s)", re.IGNORECASE
)
_WORD = re.compile(r"[^\W_][\w'’-]*")
_JOINING = re.compile(
    r"^(?:and|but|because|so|or|also|then|plus|which|that|when|while|although|though|as|well|i think|i feel"
    r"|e\.g\.?|etc)\s+",
    re.IGNORECASE,
)
# Said before a fragment, these may turn it into its opposite; said behind it, they limit it.
_TURNS = re.compile(
    r"\b(?:not|never|no|nobody|none|nothing|hardly|barely|without|if|unless|until|except|would|could|might|used to"
    r"|\w+n['’]t|cant|dont|doesnt|isnt|wasnt|didnt|wont|wish|imagine|pretend|claims?|supposed"
    r"|other than|rather than|instead of)\b",
    re.IGNORECASE,
)
_LIMITS = re.compile(r"^\W*(?:if|unless|until|except|only|but|although|though|when)\b", re.IGNORECASE)
_LOOSE_START = frozenset("it its this that these those they them he she his her him there of to than".split())
_LOOSE_END = frozenset(
    """a an the of to in on at for with by from and or but is are was were be been has have had do does did i we you my
    our your their his her its that which who if as than very so too not more hundred thousand million""".split()
)
_LOOSE = 0.12  # what a fragment that leans on words outside it is worth less
_SHORT = 0.06  # the same for one of three words


@dataclass(frozen=True)
class Fragment:
    """texts[row][start:end]; half-open."""

    row: int
    start: int
    end: int


@dataclass(frozen=True)
class Description:
    """`line` is empty where there are no two fragments to make it of."""

    fragments: tuple[Fragment, ...]
    line: str


def describe_themes(
    texts: Sequence[str],
    labels: np.ndarray,
    contributors: Sequence[str],
    vectors: np.ndarray,
    centroids: np.ndarray,
    allowed: np.ndarray,
    encode: Callable[[list[str]], np.ndarray],
) -> dict[int, Description]:
    """One line for every theme, made of fragments that are most typical of it and unlike each other.

    Fragments are quotes, and so obey the rules for quotes: what may not be quoted is for the caller to say. They are
    three to twelve words between punctuation marks or joining words, hold no placeholder, and are not what somebody
    denied, wished or made conditional. No person is heard twice in a theme.

    Args:
        texts: redacted passages, placeholders and all.
        labels: theme of each passage, 0..k-1 or -1.
        contributors: who said each passage.
        vectors: float32 (n_passages, dimension), rows of length 1.
        centroids: float32 (k, dimension), rows of length 1.
        allowed: bool (n_passages,), False for passages that are held or whose contributors may not be quoted.
        encode: texts → unit vectors.
    """
    found: dict[int, list[Fragment]] = {}
    for theme in range(len(centroids)):
        own = np.flatnonzero((labels == theme) & allowed)
        typical = own[np.argsort(-(vectors[own] @ centroids[theme]), kind="stable")][:_READ_PER_THEME]
        found[theme] = [fragment for row in typical.tolist() for fragment in fragments(str(texts[row]), row)]
    said = sorted({_text(texts, fragment) for several in found.values() for fragment in several})
    known = dict(zip(said, encode(said), strict=True)) if said else {}
    return {
        theme: _described(texts, contributors, several, known, centroids, theme) for theme, several in found.items()
    }


def fragments(text: str, row: int = 0) -> Iterator[Fragment]:
    """The parts of a passage that can stand alone."""
    for sentence in _SENTENCE.finditer(text):
        start, cuts = sentence.start(), [*_CUT.finditer(text, sentence.start(), sentence.end())]
        for cut, next_start in [*((c.start(), c.end()) for c in cuts), (sentence.end(), sentence.end())]:
            fragment = _trimmed(text, row, start, cut)
            if fragment is not None and not _turned(text, sentence.start(), fragment, sentence.end()):
                yield fragment
            start = next_start


def _trimmed(text: str, row: int, start: int, end: int) -> Fragment | None:
    """Without spaces and joining words around it; None if what is left is no fragment."""
    end = start + len(text[start:end].rstrip())
    start = end - len(text[start:end].lstrip())
    while joining := _JOINING.match(text[start:end]):
        start += joining.end()
    part = text[start:end]
    words = _WORD.findall(part)
    if not _FEWEST_WORDS <= len(words) <= _MOST_WORDS or len(part.split()) > _MOST_WORDS:
        return None
    if (
        any(is_mask(word) for word in words)
        or any(sign in part for sign in '[]"“”<>@/\\=')
        or words[-1].casefold() in _LOOSE_END
        or not part[0].isalnum()
    ):
        return None
    return Fragment(row, start, end)


def _turned(text: str, start: int, fragment: Fragment, end: int) -> bool:
    """True if the rest of its sentence, from `start` to `end`, may say that it is otherwise."""
    return bool(_TURNS.search(text[start : fragment.start]) or _LIMITS.search(text[fragment.end : end]))


def _described(
    texts: Sequence[str],
    contributors: Sequence[str],
    several: Sequence[Fragment],
    known: dict[str, np.ndarray],
    centroids: np.ndarray,
    theme: int,
) -> Description:
    worth: list[tuple[float, Fragment]] = []
    for fragment in several:
        similar = centroids @ known[_text(texts, fragment)]
        others = float(np.delete(similar, theme).max(initial=0.0))
        if similar[theme] >= max(_FEWEST_LIKENESS, others):
            worth.append(
                (float(similar[theme]) + 0.5 * (float(similar[theme]) - others) - _lost(texts, fragment), fragment)
            )
    chosen: list[Fragment] = []
    for _, fragment in sorted(worth, key=lambda pair: (-pair[0], _text(texts, pair[1]), pair[1].row)):
        heard = {contributors[other.row] for other in chosen}
        vector = known[_text(texts, fragment)]
        alike = any(float(vector @ known[_text(texts, other)]) > _ALIKE for other in chosen)
        if contributors[fragment.row] not in heard and not alike:
            chosen.append(fragment)
        if len(chosen) == _FRAGMENTS:
            break
    if len(chosen) < 2:
        return Description((), "")
    return Description(tuple(chosen), LEAD + ", ".join(f"“{_text(texts, fragment)}”" for fragment in chosen))


def _lost(texts: Sequence[str], fragment: Fragment) -> float:
    words = _WORD.findall(_text(texts, fragment).casefold())
    return _LOOSE * (words[0] in _LOOSE_START) + _SHORT * (len(words) == _FEWEST_WORDS)


def _text(texts: Sequence[str], fragment: Fragment) -> str:
    return texts[fragment.row][fragment.start : fragment.end]
