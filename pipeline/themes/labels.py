"""Names worth printing: for each theme the phrase that its passages use and other themes' do not."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.themes.phrases import Phrase, Read
from pipeline.themes.usage import Usage

_CANDIDATES = 60  # phrases a theme that are compared by meaning
_KEYWORDS = 3
_SAME_MEANING = 0.9  # cosine of two phrases that would read as one label
_DOUBTFUL_SIMILARITY = 0.35
_DOUBTFUL_REACH = 0.4
_DOUBTFUL_REACH_OF_ONE = 0.5  # of a phrase that one person alone put that way
_DOUBTFUL_MARGIN = 0.02
_PLURAL = 3  # a plural is preferred if the singular is at most so many times as frequent
_KEEP = 10.0  # a published name stays as long as it may name its theme: more than any other can score
_WORD = re.compile(r"[^\W\d_]+")
# Nouns that name nothing by themselves.
GENERIC = frozenset(
    """
    ability access amount answer anything area aspect bit case change comment day deal detail difference difficulty
    effect end couple everything example experience fact feature form functionality future idea improvement
    individual issue item job kind level list look lot matter mind month name need number one option part people
    person place point position possibility problem process question range reason respect response rest result sense
    set side situation something sort state step stuff suggestion support system task term thank thing time tool
    type use user value view want way week work year good bad great nice easy hard difficult new old big able
    available important useful different main general better easier simple simply overall current additional extra
    minute hour morning afternoon evening today monday tuesday wednesday thursday friday saturday sunday january
    february march april june july august september october november december man woman lady bloke lad lass boy girl
    guy fella mr mrs miss ms mate everybody everyone somebody someone anybody anyone nobody colleague friend mother
    father wife husband
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


@dataclass(frozen=True)
class Candidate:
    """A phrase that might name a theme, and how well it does.

    vector: of length 1. similarity, margin: cosine to the theme's centroid, and by how much that is more than to any
    other's. coverage, reach, lift, said_by, is_typical: see `Usage`. telling: how many of its words tell this theme
    from others.
    """

    theme: int
    phrase: Phrase
    vector: np.ndarray
    similarity: float
    margin: float
    coverage: float
    reach: float
    lift: float
    telling: int
    is_typical: bool
    said_by: int

    @property
    def is_subject(self) -> bool:
        """True for a single word that is what the theme is about, and so needs no other beside it."""
        marked = self.reach >= 0.5 and self.lift >= 1.75 and self.margin >= 0.12 and self.similarity >= 0.45
        return len(self.phrase.lemmas) == 1 and self.telling == 1 and (self.is_typical or marked)


def name_themes(
    labels: np.ndarray,
    reads: Sequence[Read],
    contributors: Sequence[str],
    vectors: np.ndarray,
    centroids: np.ndarray,
    keywords: dict[int, list[str]],
    rules: Rules,
    encode: Callable[[list[str]], np.ndarray],
    last_labels: Mapping[int, str] | None = None,
) -> dict[int, Naming]:
    """A name for every theme, all distinct.

    Args:
        labels: theme of each passage, 0..k-1 or -1.
        reads: phrases and lemmas of each passage.
        contributors: who said each passage.
        vectors: float32 (n_passages, dimension), rows of length 1.
        centroids: float32 (k, dimension).
        keywords: words and pairs of each theme, best first.
        rules: what may be in a name.
        encode: texts → unit vectors.
        last_labels: what a theme was called in the last run; kept as long as its phrase may still name it.
    """
    last = last_labels or {}
    usage = Usage.count(labels, reads, contributors, len(centroids))
    phrases = {theme: _phrases(theme, labels, reads, usage, rules) for theme in range(len(centroids))}
    texts = sorted({phrase.text for found in phrases.values() for phrase in found})
    known = dict(zip(texts, encode(texts), strict=True)) if texts else {}
    scored = [
        (score(candidate) + _kept(candidate.phrase, last.get(theme)), candidate)
        for theme, found in phrases.items()
        if found
        for candidate in _candidates(theme, found, np.stack([known[p.text] for p in found]), vectors, centroids, usage)
    ]
    chosen: dict[int, Candidate] = {}
    for _, candidate in sorted(scored, key=lambda pair: (-pair[0], pair[1].theme, pair[1].phrase.text)):
        alike = (float(candidate.vector @ other.vector) >= _SAME_MEANING for other in chosen.values())
        if candidate.theme not in chosen and not any(alike):
            chosen[candidate.theme] = candidate
    names: dict[int, Naming] = {}
    for theme in range(len(centroids)):
        best = chosen.get(theme)
        shown = _keywords(keywords.get(theme, []), best.phrase if best else None, rules)
        label = _sentence_case(best.phrase.text if best else ", ".join(shown))
        names[theme] = Naming(label, shown, best is None or is_doubtful(best))
    return _distinct(names)


def _phrases(theme: int, labels: np.ndarray, reads: Sequence[Read], usage: Usage, rules: Rules) -> list[Phrase]:
    """The phrases of a theme that may name it, one wording for each set of lemmas, most promising first."""
    wordings: dict[frozenset[str], Counter[Phrase]] = {}
    for row in np.flatnonzero(labels == theme).tolist():
        for phrase in reads[row].phrases:
            if may_name(phrase, usage, rules) and usage.is_shared(phrase, theme):
                wordings.setdefault(frozenset(phrase.lemmas), Counter())[phrase] += 1
    best = [_best_wording(counts) for counts in wordings.values()]
    promise = {phrase: usage.coverage(phrase, theme) ** 0.5 + 0.25 * usage.lift(phrase, theme) for phrase in best}
    return sorted(best, key=lambda phrase: (-promise[phrase], phrase.text))[:_CANDIDATES]


def _best_wording(counts: Counter[Phrase]) -> Phrase:
    """The most frequent, rather a thing than an action; of a single noun the plural, which makes the better heading."""
    best = min(counts, key=lambda phrase: (-counts[phrase], phrase.is_action, len(phrase.text), phrase.text))
    if len(best.lemmas) > 1:
        return best
    plurals = [phrase for phrase in counts if phrase.text == f"{best.text}s"]
    return next((phrase for phrase in plurals if _PLURAL * counts[phrase] >= counts[best]), best)


def _candidates(
    theme: int, phrases: list[Phrase], known: np.ndarray, vectors: np.ndarray, centroids: np.ndarray, usage: Usage
) -> list[Candidate]:
    """`known` are the phrases' vectors, row for row; `vectors` those of all passages."""
    similar = known @ centroids.T
    nearest_other = np.delete(similar, theme, axis=1).max(axis=1, initial=0.0)
    reach = usage.reach(theme, vectors @ known.T)
    return [
        Candidate(
            theme=theme,
            phrase=phrase,
            vector=known[row],
            similarity=float(similar[row, theme]),
            margin=float(similar[row, theme] - nearest_other[row]),
            coverage=usage.coverage(phrase, theme),
            reach=float(reach[row]),
            lift=usage.lift(phrase, theme),
            telling=len(_telling(phrase, usage)),
            is_typical=len(phrase.lemmas) == 1 and usage.is_typical(phrase.lemmas[0], theme),
            said_by=usage.said(phrase, theme),
        )
        for row, phrase in enumerate(phrases)
    ]


def may_name(phrase: Phrase, usage: Usage, rules: Rules) -> bool:
    """False for blocked words, words of too few people, mere generic words and mere echoes of the question."""
    printed = {word.casefold() for word in _WORD.findall(phrase.text)}
    if (printed | set(phrase.lemmas)) & rules.blocked:
        return False
    if any(usage.in_all[lemma] < rules.min_contributors for lemma in phrase.lemmas):
        return False
    return bool(phrase.about - GENERIC - rules.asked)


def _telling(phrase: Phrase, usage: Usage) -> frozenset[str]:
    """The words that tell one theme from another; a generic noun does so behind another, as in "response time"."""
    plain = GENERIC - {phrase.head} if phrase.is_compound else GENERIC
    return frozenset(phrase.lemmas) - plain - usage.common if phrase.about - GENERIC - usage.common else frozenset()


def score(candidate: Candidate) -> float:
    """How well a phrase names a theme, about -0.5 to 1.5.

    Its cosine to the theme's centroid, its margin over other themes, the share of contributors it describes and of
    those who use its words, how much more often they do than others, and how much it looks like a heading.
    """
    return (
        candidate.similarity
        + 0.5 * candidate.margin
        + 0.4 * candidate.reach
        + 0.1 * candidate.coverage**0.5
        + 0.05 * candidate.lift
        + _shape(candidate)
    )


def _shape(candidate: Candidate) -> float:
    """How far a phrase is from a heading, 0 at best."""
    phrase = candidate.phrase
    if len(phrase.lemmas) == 1:
        return -0.3 if candidate.telling == 0 else -0.15 if candidate.is_subject else -0.2
    padding = len(set(phrase.lemmas) & GENERIC - {phrase.head})  # "year contract"
    if candidate.telling < 2:
        return -0.25 if candidate.telling == 0 or padding else -0.1
    alone = 0.0  # one person put it so: a noun phrase may be a set one, anything longer hardly is
    if candidate.said_by < 2:
        alone = -0.3 if phrase.is_action or phrase.is_linked else -0.02
    empty = phrase.is_linked and phrase.head in GENERIC  # "number of forms"
    return alone - 0.1 * empty - 0.03 * padding


def _kept(phrase: Phrase, last_label: str | None) -> float:
    return _KEEP if last_label is not None and _sentence_case(phrase.text) == last_label else 0.0


def is_doubtful(candidate: Candidate) -> bool:
    """True for a name that a person should think over."""
    if candidate.similarity < _DOUBTFUL_SIMILARITY or candidate.margin < _DOUBTFUL_MARGIN:
        return True
    if len(candidate.phrase.lemmas) == 1:
        return not candidate.is_subject
    return candidate.reach < (_DOUBTFUL_REACH if candidate.said_by > 1 else _DOUBTFUL_REACH_OF_ONE)


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
