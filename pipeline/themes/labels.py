"""Names worth printing: for each theme the phrase that its passages use and other themes' do not."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest

import numpy as np

from pipeline.tables import UNNAMED
from pipeline.themes.choice import GENERIC, SAME_MEANING, Candidate, choose, is_doubtful, paired, put_together
from pipeline.themes.eligible import Rules, phrases_for, same_words, telling, words_of
from pipeline.themes.phrases import Phrase, Read, is_mask
from pipeline.themes.usage import Usage, stem

_READ_PER_THEME = 100
_READ_IN_ALL = 10_000
_KEYWORDS = 3
_KEEP = 10.0  # a published name stays as long as it may name its theme: more than any other can score
_DULL = frozenset(
    "ask asked came come gave give gone let lets redacted said says told took went tried try used".split()
)


@dataclass(frozen=True)
class Naming:
    """A theme's name. `keywords` are at most three."""

    label: str
    keywords: tuple[str, ...]
    low_confidence: bool
    label_source: str = "machine"  # or "endpoint"


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
    avoid: Sequence[str] = (),
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
        last_labels: what a theme was called in the last run; kept as long as its words may still name it.
        avoid: labels that no name may read like, such as those of other themes.
    """
    last = {theme: label for theme, label in (last_labels or {}).items() if not words_of(label) & rules.blocked}
    usage = Usage.count(labels, reads, contributors, len(centroids))
    candidates = _all_candidates(
        {
            theme: phrases_for(theme, labels, reads, usage, rules, last.get(theme, ""))
            for theme in range(len(centroids))
        },
        partial(_candidates, vectors=vectors, centroids=centroids, usage=usage),
        encode,
        last,
    )
    if avoid:
        candidates = _apart_from(avoid, candidates, encode)
    bonus = {
        theme: {c.phrase.text: _KEEP for c in candidates.get(theme, []) if same_words(c.phrase.text, label)}
        for theme, label in last.items()
    }
    chosen = choose(candidates, bonus, labels, vectors)
    names: dict[int, Naming] = {}
    for theme in range(len(centroids)):
        best = chosen.get(theme)
        said = {*best.phrase.lemmas, *words_of(best.phrase.text)} if best else set[str]()
        shown = keywords_beside(keywords.get(theme, []), said, rules)
        label = sentence_case(best.phrase.text) if best else ""
        if same_words(label, last.get(theme, "")):  # in another number or with other capitals
            label = last[theme]
        names[theme] = Naming(label, shown, best is None or is_doubtful(best))
    return _distinct(names)


def rows_to_read(labels: np.ndarray, similarity: np.ndarray) -> np.ndarray:
    """The passages that are parsed for names, in table order: the cost of naming is that of parsing.

    Of each theme and of the unassigned those most like it, and others evenly down to those least like it: the most
    typical alone say but one thing in one way.

    Args:
        labels: theme of each passage, 0..k-1 or -1.
        similarity: cosine of each to its theme's centroid.
    """
    themes = np.unique(labels)
    most = min(_READ_PER_THEME, _READ_IN_ALL // max(1, len(themes)))
    ordered = np.argsort(-similarity, kind="stable")
    kept: list[np.ndarray] = [np.zeros(0, dtype=np.int64)]
    for theme in themes:
        own = ordered[labels[ordered] == theme]
        if len(own) > most:
            typical = most // 2
            spread = np.linspace(typical, len(own) - 1, most - typical).round().astype(int)
            own = np.concatenate([own[:typical], own[spread]])
        kept.append(own)
    return np.sort(np.concatenate(kept))


def name_groups(
    groups: Sequence[Sequence[int]],
    names: Mapping[int, Naming],
    labels: np.ndarray,
    reads: Sequence[Read],
    contributors: Sequence[str],
    vectors: np.ndarray,
    keywords: Mapping[int, Sequence[str]],
    rules: Rules,
    encode: Callable[[list[str]], np.ndarray],
    last_labels: Mapping[int, str] | None = None,
) -> dict[int, Naming]:
    """A name for every group of themes, by its place in `groups`: as a theme's, and unlike those of its themes.

    Args:
        groups: the themes of each, 0..k-1, none in two. One theme alone is no group, and gets no name.
        names: of the themes.
        labels, reads, contributors, vectors, rules, encode: as for `name_themes`.
        keywords: words and pairs of each theme, best first.
        last_labels: what a group was called in the last run.
    """
    several = [place for place, group in enumerate(groups) if len(group) > 1]
    if not several:
        return {}
    member = {theme: n for n, place in enumerate(several) for theme in groups[place]}
    of_group = np.array([member.get(int(theme), -1) for theme in labels])
    sums = np.stack([vectors[of_group == n].sum(axis=0) for n in range(len(several))])
    inside = [groups[place] for place in several]
    found = name_themes(
        of_group,
        reads,
        contributors,
        vectors,
        sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12),
        {n: _in_turn([keywords.get(theme, []) for theme in group]) for n, group in enumerate(inside)},
        rules,
        encode,
        {n: last_labels[place] for n, place in enumerate(several) if last_labels and place in last_labels},
        avoid=[name.label for name in names.values()],
    )
    return {place: found[n] for n, place in enumerate(several)}


def _in_turn(lists: Sequence[Sequence[str]]) -> list[str]:
    """The first of every list, then the second of every list, and so on, each once."""
    return list(dict.fromkeys(word for row in zip_longest(*lists) for word in row if word))


def _all_candidates(
    said: Mapping[int, Mapping[Phrase, int]],
    weigh: Callable[[int, Mapping[Phrase, int], np.ndarray], list[Candidate]],
    encode: Callable[[list[str]], np.ndarray],
    last: Mapping[int, str],
) -> dict[int, list[Candidate]]:
    """What was said, and headings of two parts made from the best of it, or such as the last run made."""
    candidates: dict[int, list[Candidate]] = {theme: [] for theme in said}

    def pairs(theme: int) -> dict[Phrase, int]:
        known = [
            c
            for part in last.get(theme, "").split(" and ")
            for c in candidates[theme]
            if same_words(c.phrase.text, part)
        ]
        made = dict.fromkeys([*put_together(candidates[theme]), *paired(known)], 0)
        return {**said[theme], **made}

    vector: dict[str, np.ndarray] = {}
    for phrases_of in (lambda theme: said[theme], pairs):
        phrases = {theme: phrases_of(theme) for theme in said}
        new = sorted({phrase.text for found in phrases.values() for phrase in found} - vector.keys())
        vector |= dict(zip(new, encode(new), strict=True)) if new else {}
        for theme, found in phrases.items():
            if found:  # all of them anew: what a phrase adds is told beside all others
                candidates[theme] = weigh(theme, found, np.stack([vector[phrase.text] for phrase in found]))
    return {theme: found for theme, found in candidates.items() if found}


def _apart_from(
    avoid: Sequence[str], candidates: Mapping[int, list[Candidate]], encode: Callable[[list[str]], np.ndarray]
) -> dict[int, list[Candidate]]:
    """The candidates that would not read as one of these labels."""
    printed, known = {label.casefold() for label in avoid}, encode(list(avoid))
    kept = {
        theme: [
            c
            for c in found
            if c.phrase.text.casefold() not in printed and float((known @ c.vector).max()) < SAME_MEANING
        ]
        for theme, found in candidates.items()
    }
    return {theme: found for theme, found in kept.items() if found}


def _candidates(
    theme: int,
    phrases: Mapping[Phrase, int],
    known: np.ndarray,
    vectors: np.ndarray,
    centroids: np.ndarray,
    usage: Usage,
) -> list[Candidate]:
    """A phrase's worth for a theme.

    Args:
        phrases: with the number of contributors who put it so.
        known: the phrases' vectors, row for row.
        vectors: of all passages.
    """
    similar = known @ centroids.T
    nearest_other = np.delete(similar, theme, axis=1).max(axis=1, initial=0.0)
    likeness = vectors @ known.T
    reach, meant = usage.reach(theme, likeness), usage.meant(theme, list(phrases), likeness)
    return [
        Candidate(
            theme=theme,
            phrase=phrase,
            vector=known[row],
            similarity=float(similar[row, theme]),
            margin=float(similar[row, theme] - nearest_other[row]),
            coverage=usage.coverage(phrase, theme),
            borne_out=usage.borne_out(phrase, theme),
            reach=float(reach[row]),
            lift=usage.lift(phrase, theme),
            telling=len(telling(phrase, usage, theme)),
            is_typical=len(phrase.lemmas) == 1 and usage.is_typical(phrase.lemmas[0], theme),
            said_by=usage.said(phrase, theme),
            worded_by=phrases[phrase],
            meant=float(meant[row]),
        )
        for row, phrase in enumerate(phrases)
    ]


def keywords_beside(words: Sequence[str], said: Collection[str], rules: Rules) -> tuple[str, ...]:
    """Three words or pairs, of `words` (best first), that add to the words `said` in a label, none within another."""
    known = {stem(word) for word in said}
    kept: list[str] = []
    for entry in words:
        parts = words_of(entry)
        stems = {stem(part) for part in parts}
        if parts & (rules.blocked | _DULL) or any(is_mask(part) for part in parts):
            continue
        if any(rules.said_by[part] < rules.min_contributors for part in entry.split()):
            continue
        if stems <= known or stems <= {stem(word) for word in rules.asked | GENERIC}:
            continue
        if any(stems & {stem(word) for word in other.split()} for other in kept):
            continue
        kept.append(entry)
    return tuple(kept[:_KEYWORDS])


def sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def _distinct(names: dict[int, Naming]) -> dict[int, Naming]:
    """No label empty, none twice: a second one is told apart by its first keyword, or by a number."""
    seen: set[str] = set()
    result: dict[int, Naming] = {}
    for theme, name in names.items():
        label, n = name.label or UNNAMED, 2
        options = [f"{label} ({name.keywords[0]})"] if name.keywords and name.label else []
        if label in seen and options and options[0] not in seen:
            label = options[0]
        base = label
        while label in seen:
            label, n = f"{base.removesuffix(')')} {n})" if base == UNNAMED else f"{base} ({n})", n + 1
        seen.add(label)
        result[theme] = Naming(label, name.keywords, name.low_confidence or not name.label)
    return result
