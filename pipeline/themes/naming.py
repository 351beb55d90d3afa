"""All that is said about themes: names, keywords, a line in people's own words, and headings over several."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipeline.study import Themes
from pipeline.themes.descriptions import describe_themes
from pipeline.themes.eligible import Rules
from pipeline.themes.endpoint import Limits, name_by_endpoint, people_by_stem
from pipeline.themes.fit import Fit
from pipeline.themes.hierarchy import group_themes, heading
from pipeline.themes.labels import Naming, name_groups, name_themes, rows_to_read
from pipeline.themes.phrases import read_phrases
from pipeline.themes.words import words

Encode = Callable[[list[str]], np.ndarray]
_QUOTES = 20  # ideas that an endpoint may choose its own from, those most like the theme


@dataclass(frozen=True)
class Said:
    """By theme, 0..k-1; descriptions and headings may be empty. reasons: what an endpoint was refused for, counted."""

    names: Mapping[int, Naming]
    descriptions: Mapping[int, str]
    headings: Mapping[int, str]
    reasons: Mapping[str, int]


@dataclass(frozen=True)
class Last:
    """What themes of this run were called in the last one, by theme, who said so, and what stood above them."""

    labels: Mapping[int, str]
    sources: Mapping[int, str]
    headings: Mapping[int, str]


def say(
    ideas: pd.DataFrame,
    vectors: np.ndarray,
    fit: Fit,
    keywords: dict[int, list[str]],
    last: Last,
    settings: Themes,
    questions: Sequence[str],
    blocked: frozenset[str],
    min_contributors: int,
    quotable: np.ndarray,
    encode: Encode,
) -> Said:
    """Names, descriptions and headings of themes.

    Args:
        ideas: text, redacted, contributor_id; see `split_ideas`.
        vectors: float32 (n_ideas, dimension), rows of length 1.
        fit: themes of the ideas.
        keywords: words and pairs that set each theme apart, best first; see `find_topics`.
        last: of the last run; names and headings stay as long as they may.
        settings: of the study.
        questions: wordings that must not come back as a name.
        blocked: casefolded words that may be in no label or keyword.
        min_contributors: a word that fewer distinct contributors used describes nothing.
        quotable: bool (n_ideas,), which may be shown to readers in their own words.
        encode: texts → unit vectors.
    """
    texts, contributors = ideas["text"].tolist(), ideas["contributor_id"].tolist()
    rows = rows_to_read(fit.labels, fit.similarity)
    reads = read_phrases([*(texts[row] for row in rows), *questions], settings.spacy_model)
    rules = Rules(
        blocked=blocked,
        asked=frozenset(lemma for read in reads[len(rows) :] for lemma in read.lemmas),
        min_contributors=min_contributors,
        said_by=_said_by(texts, contributors),
    )
    read_of = fit.labels[rows], reads[: len(rows)], [contributors[row] for row in rows], vectors[rows]
    named = name_themes(*read_of, fit.centroids, keywords, rules, encode, last.labels)
    names = {theme: _as_before(name, theme, last) for theme, name in named.items()}
    reasons: Counter[str] = Counter()
    if settings.namer is not None:
        limits = Limits(rules, people_by_stem(texts, fit.labels, contributors), encode)
        new = {theme: name for theme, name in names.items() if last.labels.get(theme) != name.label}
        proposed, reasons = name_by_endpoint(new, _quotes(ideas, fit, quotable), limits, settings.namer)
        names |= proposed
    headings = dict(last.headings)
    if not any(headings.values()):
        groups = group_themes(fit.centroids)
        found = name_groups(groups, names, *read_of, keywords, rules, encode)
        sizes = np.bincount(fit.labels[fit.labels >= 0], minlength=len(fit.centroids))
        headings = {
            theme: heading(found[n], [names[inside] for inside in group], sizes[group].tolist())
            for n, group in enumerate(groups)
            if n in found
            for theme in group
        }
    described = describe_themes(
        ideas["redacted"].tolist(), fit.labels, contributors, vectors, fit.centroids, quotable, encode
    )
    return Said(names, {theme: found.line for theme, found in described.items()}, headings, reasons)


def _as_before(name: Naming, theme: int, last: Last) -> Naming:
    """A name that stays is still the proposal of whoever made it."""
    return replace(name, label_source=last.sources[theme]) if last.labels.get(theme) == name.label else name


def _quotes(ideas: pd.DataFrame, fit: Fit, quotable: np.ndarray) -> dict[int, list[str]]:
    redacted, ordered = ideas["redacted"].tolist(), np.argsort(-fit.similarity, kind="stable")
    ordered = ordered[quotable[ordered]]
    return {
        theme: [redacted[row] for row in ordered[fit.labels[ordered] == theme][:_QUOTES].tolist()]
        for theme in range(len(fit.centroids))
    }


def _said_by(texts: Sequence[str], contributors: Sequence[str]) -> Counter[str]:
    """How many distinct contributors used each word, casefolded."""
    pairs = {(word, who) for text, who in zip(texts, contributors, strict=True) for word in words(text)}
    return Counter(word for word, _ in pairs)
