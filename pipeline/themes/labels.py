"""Names worth printing: for each theme the phrase that its passages use and other themes' do not."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.themes.phrases import Phrase, Read

_CANDIDATES = 40  # phrases a theme that are compared by meaning
_KEYWORDS = 3
_SAME_MEANING = 0.9  # cosine of two phrases that would read as one label
_MOST_OUTSIDE = 0.03  # share of other contributors who use a word that can name a theme by itself
_FEWEST_INSIDE = 0.3  # share of the theme's own who must
_FEWEST_SAYING = 2  # contributors of a theme who must use a phrase of several words,
_SHARED = 0.06  # and the share of them
_WEAK_SIMILARITY = 0.3
_KEEP = 0.15  # by so much another phrase must be better to replace the last run's
_WORD = re.compile(r"[^\W\d_]+")
# Nouns that name nothing by themselves.
GENERIC = frozenset(
    """ability access amount answer anything area aspect bit case change comment day deal detail difference difficulty
    effect end everything example experience fact feature form functionality future idea improvement individual issue
    item job kind level list lot matter month name need number one option part people person place point position
    possibility problem process question range reason respect response result set side situation something sort
    state step stuff suggestion support system task term thing time tool type use user value view way week work year
    good bad great nice easy hard difficult new old big small able available important useful different main general
    better easier simple simply overall current additional extra
    minute hour morning afternoon evening today monday tuesday wednesday thursday friday saturday sunday january
    february march april june july august september october november december
    man woman lady bloke lad lass boy girl guy fella mr mrs miss ms mate everybody everyone somebody someone anybody
    anyone nobody colleague friend mother father
    """.split()
)


@dataclass(frozen=True)
class Naming:
    """A theme's name. `keywords` are at most three."""

    label: str
    keywords: tuple[str, ...]
    low_confidence: bool


@dataclass(frozen=True)
class Rules:
    """What may be in a label or a keyword.

    blocked: words of the roster and such, casefolded. asked: lemmas of the questions' wording. min_contributors: a
    word that fewer distinct contributors used describes nothing. said_by: how many used each word, casefolded.
    """

    blocked: frozenset[str]
    asked: frozenset[str]
    min_contributors: int
    said_by: Counter[str]


def name_themes(
    labels: np.ndarray,
    reads: Sequence[Read],
    contributors: Sequence[str],
    centroids: np.ndarray,
    keywords: dict[int, list[str]],
    rules: Rules,
    encode: Callable[[list[str]], np.ndarray],
    last_labels: Mapping[int, str] | None = None,
) -> dict[int, Naming]:
    """A name for every theme, all distinct.

    A phrase scores by its cosine to the theme's centroid, its margin over other themes, the share of contributors of
    the theme who use its words, and how much more often they do than others.

    Args:
        labels: theme of each passage, 0..k-1 or -1.
        reads: phrases and lemmas of each passage.
        contributors: who said each passage.
        centroids: float32 (k, dimension).
        keywords: words and pairs of each theme, best first.
        rules: what may be in a name.
        encode: texts → unit vectors.
        last_labels: what a theme was called in the last run; kept unless another name is clearly better.
    """
    last = last_labels or {}
    usage = Usage.count(labels, reads, contributors, len(centroids))
    candidates = {theme: _candidates(theme, labels, reads, usage, rules) for theme in range(len(centroids))}
    texts = sorted({phrase.text for phrases in candidates.values() for phrase in phrases})
    vectors = dict(zip(texts, encode(texts), strict=True)) if texts else {}
    similar = {text: vector @ centroids.T for text, vector in vectors.items()}
    scored = [
        (_score(phrase, theme, similar[phrase.text], usage) + _kept(phrase, last.get(theme)), theme, phrase)
        for theme, phrases in candidates.items()
        for phrase in phrases
    ]
    chosen: dict[int, Phrase] = {}
    for _, theme, phrase in sorted(scored, key=lambda item: (-item[0], item[1], item[2].text)):
        others = (vectors[other.text] for other in chosen.values())
        if theme not in chosen and all(float(vectors[phrase.text] @ other) < _SAME_MEANING for other in others):
            chosen[theme] = phrase
    names: dict[int, Naming] = {}
    for theme in range(len(centroids)):
        phrase = chosen.get(theme)
        shown = _keywords(keywords.get(theme, []), phrase, rules)
        label = _sentence_case(phrase.text) if phrase else ", ".join(shown)
        weak = phrase is None or _is_weak(phrase, theme, similar[phrase.text], usage)
        names[theme] = Naming(label, shown, weak)
    return _distinct(names)


@dataclass(frozen=True)
class Usage:
    """How many distinct contributors use each lemma, in each theme and in all, and where lemmas meet."""

    labels: Sequence[int]  # theme of each passage
    contributors: Sequence[str]  # of each passage
    where: Mapping[str, frozenset[int]]  # lemma → passages that use it
    people: np.ndarray  # (k,) contributors of each theme
    in_theme: list[Counter[str]]
    in_all: Counter[str]
    n_all: int
    common: frozenset[str]  # lemmas that many themes share

    @classmethod
    def count(cls, labels: np.ndarray, reads: Sequence[Read], contributors: Sequence[str], k: int) -> "Usage":
        said: dict[tuple[int, str], set[str]] = {}
        for label, read, contributor in zip(labels.tolist(), reads, contributors, strict=True):
            said.setdefault((label, contributor), set()).update(read.lemmas)
        in_theme: list[Counter[str]] = [Counter() for _ in range(k)]
        people = np.zeros(k, dtype=int)
        everything: dict[str, set[str]] = {}
        for (label, contributor), lemmas in said.items():
            everything.setdefault(contributor, set()).update(lemmas)
            if label >= 0:
                in_theme[label].update(lemmas)
                people[label] += 1
        in_all: Counter[str] = Counter()
        for lemmas in everything.values():
            in_all.update(lemmas)
        shared = Counter(
            lemma for theme in range(k) for lemma, n in in_theme[theme].items() if n >= max(2, 0.15 * people[theme])
        )
        common = frozenset(lemma for lemma, n in shared.items() if n > max(2, 0.2 * k))
        where: dict[str, set[int]] = {}
        for row, read in enumerate(reads):
            for lemma in read.lemmas:
                where.setdefault(lemma, set()).add(row)
        rows = {lemma: frozenset(found) for lemma, found in where.items()}
        return cls(labels.tolist(), contributors, rows, people, in_theme, in_all, len(everything), common)

    def said(self, phrase: Phrase, theme: int | None = None) -> int:
        """Contributors who use all of its lemmas in one passage, in whatever order; of one theme or of all."""
        rows = frozenset[int].intersection(*(self.where.get(lemma, frozenset()) for lemma in phrase.lemmas))
        return len({self.contributors[row] for row in rows if theme is None or self.labels[row] == theme})

    def is_shared(self, phrase: Phrase, theme: int) -> bool:
        """False for one or two people's turn of phrase, which names nothing; a single word needs no such test."""
        fewest = max(_FEWEST_SAYING, _SHARED * int(self.people[theme]))
        return len(set(phrase.lemmas)) == 1 or self.people[theme] < 2 or self.said(phrase, theme) >= fewest

    def coverage(self, phrase: Phrase, theme: int) -> float:
        """Share of the theme's contributors who say it."""
        return self.said(phrase, theme) / max(1, self.people[theme])

    def is_typical(self, lemma: str, theme: int) -> bool:
        """True for a word that many of the theme's contributors use and hardly any others."""
        inside = self.in_theme[theme][lemma]
        others = max(1, self.n_all - int(self.people[theme]))
        return inside >= _FEWEST_INSIDE * self.people[theme] and self.in_all[lemma] - inside <= _MOST_OUTSIDE * others

    def lift(self, phrase: Phrase, theme: int) -> float:
        """log2 of how much more common its most telling word is in the theme than in all."""
        inside = self.coverage(phrase, theme)
        outside = min(self.in_all[lemma] for lemma in phrase.lemmas) / max(1, self.n_all)
        return float(np.log2((inside + 0.01) / (outside + 0.01)))


def _candidates(theme: int, labels: np.ndarray, reads: Sequence[Read], usage: Usage, rules: Rules) -> list[Phrase]:
    """The phrases of a theme that may name it, one wording for each set of lemmas, most promising first."""
    wordings: dict[frozenset[str], Counter[Phrase]] = {}
    for row in np.flatnonzero(labels == theme).tolist():
        for phrase in reads[row].phrases:
            if may_name(phrase, usage, rules) and usage.is_shared(phrase, theme):
                wordings.setdefault(frozenset(phrase.lemmas), Counter())[phrase] += 1
    best = [
        min(counts, key=lambda phrase: (-counts[phrase], len(phrase.text), phrase.text)) for counts in wordings.values()
    ]
    promise = {phrase: usage.coverage(phrase, theme) ** 0.5 + 0.25 * usage.lift(phrase, theme) for phrase in best}
    return sorted(best, key=lambda phrase: (-promise[phrase], phrase.text))[:_CANDIDATES]


def may_name(phrase: Phrase, usage: Usage, rules: Rules) -> bool:
    """False for blocked words, words of too few people, mere generic words and mere echoes of the question."""
    printed = {word.casefold() for word in _WORD.findall(phrase.text)}
    if (printed | set(phrase.lemmas)) & rules.blocked:
        return False
    if any(usage.in_all[lemma] < rules.min_contributors for lemma in phrase.lemmas):
        return False
    return bool(phrase.about - GENERIC - rules.asked)


def _score(phrase: Phrase, theme: int, similar: np.ndarray, usage: Usage) -> float:
    others = np.delete(similar, theme)
    margin = float(similar[theme] - others.max()) if len(others) else 0.0
    telling = phrase.about - GENERIC - usage.common
    shape = 0.0 if len(phrase.lemmas) > 1 else -0.08
    return (
        float(similar[theme])
        + 0.5 * margin
        + 0.25 * usage.coverage(phrase, theme) ** 0.5
        + 0.05 * usage.lift(phrase, theme)
        + (shape if telling else -0.2)
    )


def _kept(phrase: Phrase, last_label: str | None) -> float:
    return _KEEP if last_label is not None and _sentence_case(phrase.text) == last_label else 0.0


def _is_weak(phrase: Phrase, theme: int, similar: np.ndarray, usage: Usage) -> bool:
    vague = len(phrase.lemmas) == 1 and not usage.is_typical(phrase.lemmas[0], theme)
    return vague or not phrase.about - GENERIC - usage.common or float(similar[theme]) < _WEAK_SIMILARITY


def _keywords(words: Sequence[str], phrase: Phrase | None, rules: Rules) -> tuple[str, ...]:
    """Three words or pairs that add to the label, none of them within another."""
    known = set(phrase.lemmas) | {word.casefold() for word in _WORD.findall(phrase.text)} if phrase else set()
    kept: list[str] = []
    for entry in words:
        parts = set(_WORD.findall(entry.casefold()))
        stems = {_stem(part) for part in parts}
        if parts & rules.blocked or any(rules.said_by[part] < rules.min_contributors for part in entry.split()):
            continue
        if stems <= {_stem(word) for word in known} or stems <= {_stem(word) for word in rules.asked | GENERIC}:
            continue
        if any(stems & {_stem(word) for word in other.split()} for other in kept):
            continue
        kept.append(entry)
    return tuple(kept[:_KEYWORDS])


def _stem(word: str) -> str:
    """Enough to see that "cells" and "cell" are one word; not for anything that is shown."""
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)].rstrip("e")
    return word.rstrip("e")


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def _distinct(names: dict[int, Naming]) -> dict[int, Naming]:
    """No label empty, none twice: a second one is told apart by its first keyword, or by a number."""
    seen: set[str] = set()
    result: dict[int, Naming] = {}
    for theme, name in names.items():
        label, n = name.label or "Unnamed theme", 2
        options = [f"{label} ({name.keywords[0]})"] if name.keywords and name.label else []
        if label in seen and options and options[0] not in seen:
            label = options[0]
        base = label
        while label in seen:
            label, n = f"{base} ({n})", n + 1
        seen.add(label)
        result[theme] = Naming(label, name.keywords, name.low_confidence or not name.label)
    return result
