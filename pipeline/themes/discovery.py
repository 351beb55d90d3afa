"""From passages and their vectors to named themes that hold still."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.encoder import Encoder, embed_texts
from pipeline.reasons import ENDPOINT
from pipeline.study import Disclosure, Embedding, Themes
from pipeline.tables import ASSIGNMENTS, IDEAS, THEMES, conform
from pipeline.themes.clustering import Clusterer, HdbscanClusterer, LeidenClusterer
from pipeline.themes.fit import Fit
from pipeline.themes.ideas import split_ideas
from pipeline.themes.identity import matched, new_ids, recognised
from pipeline.themes.labels import Naming
from pipeline.themes.naming import Last, Said, say
from pipeline.themes.past import Past, counts_of, has_waited, ids_of, is_new, nearness, themes_before
from pipeline.themes.questions import groups, headings_apart, told_apart, without_question
from pipeline.themes.topics import find_topics

_CLUSTERERS: dict[str, type[Clusterer]] = {"leiden": LeidenClusterer, "hdbscan": HdbscanClusterer}
_CONTEXT = 0.25  # weight of the passage in the vector of an idea, whose own is 1


@dataclass(frozen=True)
class Found:
    """THEMES, IDEAS and ASSIGNMENTS of a run, counts of what is new in it, and the ideas' vectors.

    vectors: float32 (n_ideas, dimension), row i for row i of `ideas`.
    """

    themes: pd.DataFrame
    ideas: pd.DataFrame
    assignments: pd.DataFrame
    vectors: np.ndarray
    counts: dict[str, int]


def find_themes(
    passages: pd.DataFrame,
    vectors: np.ndarray,
    *,
    settings: Themes,
    disclosure: Disclosure,
    embedding: Embedding,
    cache: Path,
    seed: int,
    questions: dict[str, str],
    blocked: frozenset[str],
    quotable: np.ndarray | None = None,
    past: Past | None = None,
    taken: frozenset[str] = frozenset(),
    awaited: Mapping[str, np.ndarray] | None = None,
    called: Mapping[str, str] | None = None,
    progress: Callable[[int], object] | None = None,
    encoder: Encoder | None = None,
    named: bool = True,
) -> Found:
    """Themes of a study and the themes of every passage. The order of rows makes no difference.

    What had a theme in the last run keeps it; what is new joins a theme, waits unassigned, or makes a new one.

    Args:
        passages: PASSAGES.
        vectors: float32 (n_passages, dimension), row i for row i of `passages`; see `pipeline.embedding.embed`.
        settings, disclosure, embedding, seed: of the study.
        cache: folder that keeps vectors between runs.
        questions: question id → wording, which must not come back as a theme's name.
        blocked: casefolded words that may be in no label or keyword, such as the names on the roster.
        quotable: bool (n_passages,), which passages may be shown in their own words; all, if left out.
        past: of the last run, if there was one.
        taken: theme ids that may not be given to a new theme, such as those of themes that vanished.
        awaited: theme id → centroid of a theme of another study: a new theme that is like it takes its id.
        called: theme id → what such a theme, or one that people made, is called until it has a better name.
        progress: told how much is done, in percent.
        encoder: instead of the model in `embedding`.
        named: False leaves new themes without a name, for those who only measure what belongs together.

    Raises:
        ModelError: a model is missing.
    """
    tell = progress or (lambda _: None)
    if len(passages) == 0:
        return Found(THEMES.empty(), IDEAS.empty(), ASSIGNMENTS.empty(), vectors, {})
    ideas = split_ideas(passages)
    vectors = _idea_vectors(ideas, vectors, lambda texts: embed_texts(texts, embedding, cache, encoder=encoder))
    tell(20)
    asked = passages["question_id"].to_numpy(str)[ideas["row"]]
    asked = asked if settings.per == "question" else np.full(len(ideas), "")
    before, own = themes_before(ideas, past and past.decided, asked), themes_before(ideas, past, asked)
    refit = past is None or past.refit
    if past is not None and past.refit and (past.themes["question_id"] != "").any() != (settings.per == "question"):
        past = replace(past, themes=past.themes.assign(heading=""))  # they were found among other themes
    waited = has_waited(ideas, past)
    if past is not None:
        own = np.where(ideas["passage_id"].isin(list(past.moved)), own, before)  # the same words elsewhere follow
    stop = blocked | {word.casefold() for word in settings.stop_words}
    texts = ideas["text"].to_numpy(object) if named else None  # only names need words
    parts = [
        _part(question, rows, texts, vectors, before, own, waited, settings, stop, seed, refit)
        for question, rows in groups(asked)
    ]
    parts = _identified(parts, before, refit, taken | ids_of(past), awaited or {})
    tell(50)
    spoken = [Said(_unnamed(part), {}, {}, {}) for part in parts]
    if named:
        shown = np.ones(len(ideas), dtype=bool) if quotable is None else quotable[ideas["row"]]
        spoken = [
            say(
                ideas.iloc[part.rows],
                vectors[part.rows],
                part.fit,
                part.keywords,
                _last(part, past, called or {}),
                settings,
                sorted(set(questions.values())),
                stop,
                disclosure.min_keyword_contributors,
                shown[part.rows],
                lambda texts: embed_texts(texts, embedding, cache, encoder=encoder),
            )
            for part in parts
        ]
    tell(95)
    ideas = ideas.assign(is_new=is_new(ideas, past), nearest=nearness(ideas, vectors, before, asked, past))
    table = _ideas_table(ideas, parts)
    last = {} if past is None else dict(zip(past.themes["theme_id"], past.themes["label"], strict=True))
    both = list(zip(parts, spoken, strict=True))
    names = {part.ids[n]: name for part, said in both for n, name in said.names.items()}
    headings = {part.ids[n]: heading for part, said in both for n, heading in said.headings.items()}
    if settings.per == "question":
        of = {theme: part.question for part in parts for theme in part.ids.values()}
        names = told_apart(names, of, last)
        headings = headings_apart(headings, of, names, THEMES.empty() if past is None else past.themes)
    sorted_ = np.lexsort((ideas["start"].to_numpy(), ideas["passage_id"].to_numpy(str)))  # as the table is
    counts = {} if past is None else counts_of(table, past.ideas)
    refused = sum((Counter(said.reasons) for said in spoken), Counter[str]())
    tell(100)
    return Found(
        themes=_themes_table(parts, spoken, names, headings, table),
        ideas=table,
        assignments=_assignments(table),
        vectors=vectors[sorted_],
        counts=counts | {f"{ENDPOINT}{reason}": n for reason, n in sorted(refused.items())},
    )


@dataclass(frozen=True)
class _Part:
    """The themes of one question, or of all. Their labels count from 0 in each part.

    rows: of its ideas, int. fit, shadow: row for row of those. keywords: of each theme, best first. ids: of each theme,
    at first as in the last run, "" for a new one.
    """

    question: str
    rows: np.ndarray
    fit: Fit
    shadow: np.ndarray
    keywords: dict[int, list[str]]
    ids: Mapping[int, str]


def _part(
    question: str,
    rows: np.ndarray,
    texts: np.ndarray | None,
    vectors: np.ndarray,
    before: np.ndarray,
    own: np.ndarray,
    waited: np.ndarray,
    settings: Themes,
    stop: frozenset[str],
    seed: int,
    refit: bool,
) -> _Part:
    clusterer = _CLUSTERERS[settings.clusterer](
        settings.min_themes,
        settings.max_themes,
        settings.min_passages,
        settings.min_similarity,
        seed,
        None if refit else before[rows],
        None if refit else waited[rows],
        None if refit else own[rows],
    )
    if texts is None:
        keywords: dict[int, list[str]] = {}
        clusterer.fit(vectors[rows])
    else:
        keywords = find_topics(texts[rows].tolist(), vectors[rows], clusterer, stop)
    return _Part(question, rows, clusterer.fit_, clusterer.shadow_, keywords, dict(enumerate(clusterer.themes_)))


def _identified(
    parts: Sequence[_Part],
    before: np.ndarray,
    refit: bool,
    taken: frozenset[str],
    awaited: Mapping[str, np.ndarray],
) -> list[_Part]:
    """The parts with an id for every theme. Where themes were found anew, over all parts each old id goes to one."""
    if refit:
        known = iter(matched(_together(parts, [part.fit.labels for part in parts]), before))
        parts = [replace(part, ids={n: next(known) for n in part.ids}) for part in parts]
    known = {theme for part in parts for theme in part.ids.values()}
    missing = {theme: vector for theme, vector in awaited.items() if theme not in known}
    new = [(part, n) for part in parts for n, theme in part.ids.items() if not theme]
    if missing and new:
        found = recognised(np.stack([part.fit.centroids[n] for part, n in new]), missing)
        ids = {(id(part), n): found.get(row, "") for row, (part, n) in enumerate(new)}
        parts = [replace(part, ids={n: t or ids[id(part), n] for n, t in part.ids.items()}) for part in parts]
    done: list[_Part] = []
    for part in parts:
        ids = new_ids(list(part.ids.values()), part.fit.labels, taken)
        taken |= set(ids.values())
        done.append(replace(part, ids=ids))
    return done


def _together(parts: Sequence[_Part], labels: Sequence[np.ndarray]) -> np.ndarray:
    """Labels of all ideas, int (n_ideas,): those of a part begin where those of the part before it end."""
    found = np.full(sum(len(part.rows) for part in parts), -1, dtype=np.int64)
    first = 0
    for part, own in zip(parts, labels, strict=True):
        found[part.rows] = np.where(own >= 0, own + first, -1)
        first += int(own.max(initial=-1)) + 1
    return found


def _unnamed(part: _Part) -> dict[int, Naming]:
    return {n: Naming(theme, (), low_confidence=True) for n, theme in sorted(part.ids.items())}


def _idea_vectors(ideas: pd.DataFrame, vectors: np.ndarray, encode: Callable[[list[str]], np.ndarray]) -> np.ndarray:
    """A whole passage has its vector already; a part of one is embedded, and leans on what it is a part of.

    Without that, a sentence in the middle of a story is sorted by what happens in it, not by what the story is about.
    """
    found = vectors[ideas["row"]].astype(np.float32, copy=True)
    parts = np.flatnonzero(~ideas["is_whole"].to_numpy(bool))
    if len(parts):
        mixed = encode(ideas["text"].iloc[parts].tolist()) + _CONTEXT * found[parts]
        found[parts] = mixed / np.maximum(np.linalg.norm(mixed, axis=1, keepdims=True), 1e-12)
    return found


def _last(part: _Part, past: Past | None, called: Mapping[str, str]) -> Last:
    """What themes were called; a new one stands under the heading of the theme it is most like."""
    new = {n: called[theme] for n, theme in part.ids.items() if theme in called}
    if past is None:
        return Last(new, dict.fromkeys(new, "machine"), {})
    labels = dict(zip(past.themes["theme_id"], past.themes["label"], strict=True))
    sources = dict(zip(past.themes["theme_id"], past.themes["label_source"], strict=True))
    same = past.themes[past.themes["question_id"] == part.question]  # others stood among themes of another question
    above = dict(zip(same["theme_id"], same["heading"], strict=True))
    headings = {n: without_question(above[theme], part.question) for n, theme in part.ids.items() if theme in above}
    if any(headings.values()):
        places = [n for n, heading in sorted(headings.items()) if heading]
        nearest = (part.fit.centroids @ part.fit.centroids[places].T).argmax(axis=1)
        headings = {n: headings.get(n, headings[places[nearest[n]]]) for n in part.ids}
    known = {n: theme for n, theme in part.ids.items() if theme in labels}
    return Last(
        new | {n: without_question(labels[theme], part.question) for n, theme in known.items()},
        dict.fromkeys(new, "machine") | {n: sources[theme] for n, theme in known.items()},
        headings,
    )


def _themes_table(
    parts: Sequence[_Part],
    spoken: Sequence[Said],
    names: Mapping[str, Naming],
    headings: Mapping[str, str],
    ideas: pd.DataFrame,
) -> pd.DataFrame:
    members = ideas.groupby("theme_id")
    n_passages, n_contributors = members["passage_id"].nunique(), members["contributor_id"].nunique()
    rows = [
        {
            "theme_id": theme,
            "question_id": part.question,
            "label": names[theme].label,
            "label_source": names[theme].label_source,
            "keywords": ", ".join(names[theme].keywords),
            "description": said.descriptions.get(n, ""),
            "heading": headings.get(theme, ""),
            "low_confidence": names[theme].low_confidence,
            "n_passages": n_passages[theme],
            "n_contributors": n_contributors[theme],
        }
        for part, said in zip(parts, spoken, strict=True)
        for n, theme in part.ids.items()
    ]
    return conform(pd.DataFrame(rows, columns=THEMES.names), THEMES) if rows else THEMES.empty()


def _ideas_table(ideas: pd.DataFrame, parts: Sequence[_Part]) -> pd.DataFrame:
    ideas = ideas.assign(cluster=_together(parts, [part.shadow for part in parts]))
    placed = [
        ideas.iloc[part.rows].assign(
            theme_id=[part.ids.get(label, "") for label in part.fit.labels.tolist()],
            similarity=np.round(part.fit.similarity.astype(float), 6),
            margin=np.round(part.fit.margin.astype(float), 6),
        )
        for part in parts
    ]
    return conform(pd.concat(placed), IDEAS)


def _assignments(ideas: pd.DataFrame) -> pd.DataFrame:
    """ASSIGNMENTS from IDEAS: a passage has the themes of its ideas, first the one that most of it is about."""
    length = (ideas["end"] - ideas["start"]).where(ideas["theme_id"] != "", 0)
    by_theme = ideas.assign(length=length).sort_values(["similarity", "idea_id"], ascending=[False, True])
    whole = by_theme.groupby(["passage_id", "theme_id"], sort=True).agg(
        length=("length", "sum"), similarity=("similarity", "first"), margin=("margin", "first")
    )
    whole = whole.reset_index().sort_values(["passage_id", "length", "theme_id"], ascending=[True, False, True])
    themed = whole.loc[whole["theme_id"] != "", "passage_id"]
    whole = whole[(whole["theme_id"] != "") | ~whole["passage_id"].isin(themed)]
    return conform(whole.assign(rank=whole.groupby("passage_id").cumcount() + 1), ASSIGNMENTS)
