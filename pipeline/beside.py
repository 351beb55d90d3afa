"""What is printed beside themes as people decided them: keywords, a line in people's words, headings, working titles.

Runs say such things of themes as they found them. After a merge, a split or a move a theme has other passages, and what
is said of it is made of those, under the same rules and from the same vectors.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.codebook import Codebook, State
from pipeline.disclosure import keyword_rule, quotable, roster_words
from pipeline.placeholders import without_placeholders
from pipeline.store import Run
from pipeline.study import Study
from pipeline.tables import CODED_THEMES, conform, is_unnamed, records
from pipeline.themes.descriptions import describe_themes
from pipeline.themes.echoes import echoes
from pipeline.themes.eligible import Rules
from pipeline.themes.fit import Fit, describe
from pipeline.themes.hierarchy import heading
from pipeline.themes.labels import Naming, keywords_beside, name_themes, rows_to_read
from pipeline.themes.phrases import read_phrases
from pipeline.themes.topics import Given, find_topics
from pipeline.themes.words import words

Encode = Callable[[list[str]], np.ndarray]
_AND = " · "  # between the names of themes that a heading is made of


@dataclass(frozen=True)
class Sayable:
    """PASSAGES and IDEAS of a run, and what of them may be said.

    vectors: float32 (n_ideas, dimension), rows of length 1. quotable: ids of passages that readers may see.
    blocked: casefolded words that may be in no label or keyword. questions: wordings that name nothing.
    min_contributors: a word that fewer distinct contributors used describes nothing. encode: texts → unit vectors.
    """

    passages: pd.DataFrame
    ideas: pd.DataFrame
    vectors: np.ndarray
    quotable: Collection[str]
    blocked: frozenset[str]
    questions: Sequence[str]
    min_contributors: int
    encode: Encode


def asked_of(run: Run) -> dict[str, str]:
    """Wordings that name no theme: of questions by id, and words of interviewers that people only repeat."""
    questions = run.read("questions")
    asked = dict(zip(questions["question_id"], questions["text"], strict=True))
    return asked | echoes(run.read("redacted_documents"), run.read("redacted_segments"), run.read("passages"))


def sayable(study: Study, run: Run) -> Sayable:
    """Of a run that came as far as themes. Raises RefusedError if a table of it is gone."""
    from pipeline.embedding import embed_texts

    passages, attributions = run.read("passages"), run.read("attributions")
    cache, stop = study.root / "private" / "cache", {word.casefold() for word in study.themes.stop_words}
    return Sayable(
        passages,
        run.read("ideas"),
        run.read_array("themes", "idea_vectors"),
        frozenset(passages.loc[quotable(passages, attributions), "passage_id"]),
        roster_words(run.read("contributors")) | stop,
        sorted(set(asked_of(run).values())),
        keyword_rule(study.disclosure, attributions, passages).min_keyword_contributors,
        lambda texts: embed_texts(texts, study.embedding, cache),
    )


@dataclass(frozen=True)
class _Placed:
    """Ideas in the themes they are in now, one row for each pair. labels: int (n,), into `themes`, -1 for none."""

    themes: tuple[str, ...]
    labels: np.ndarray
    redacted: list[str]
    texts: list[str]
    contributors: list[str]
    vectors: np.ndarray
    quotable: np.ndarray
    fit: Fit


def restated(
    coded: pd.DataFrame,
    assignments: pd.DataFrame,
    themes: pd.DataFrame,
    state: State,
    book: Codebook,
    sayable: Sayable,
) -> pd.DataFrame:
    """CODED_THEMES with what is said of themes made of the passages they have now.

    A theme with the ideas it was found with keeps what was said; what a person wrote stays in any case.

    Args:
        coded: CODED_THEMES. assignments: CODED_ASSIGNMENTS. themes: THEMES of the run.
        state: as `located` in the run's passages.
        book: for descriptions that people wrote.
    """
    if coded.empty:
        return coded
    pairs = _pairs(sayable.ideas, assignments, state)
    found = sayable.ideas.groupby("theme_id")["idea_id"].agg(frozenset)
    now = pairs.groupby("theme_id")["idea_id"].agg(frozenset)
    changed = {theme for theme in now.index if now[theme] != found.get(theme)} & set(coded["theme_id"])
    placed = _placed(pairs, sayable) if changed else None
    by_theme = {row["theme_id"]: row for row in records(coded)}
    if placed is not None:
        labels = {theme: str(by_theme[theme]["label"]) for theme in changed}
        keywords, lines = _keywords(placed, labels, sayable), _lines(placed, sayable)
        written = {code.id for code in book.themes if code.for_readers}
        for theme in changed:
            by_theme[theme] |= {"keywords": keywords[theme]}
            by_theme[theme] |= {} if theme in written else {"description": lines[theme]}
    for theme, said in _headings(by_theme, _above(coded, themes, state, placed)).items():
        by_theme[theme] |= {"heading": said}
    return conform(pd.DataFrame(list(by_theme.values())), CODED_THEMES)


def titles(
    assignments: pd.DataFrame, state: State, labels: Mapping[str, str], sayable: Sayable, model: str
) -> dict[str, str]:
    """Names that the machine would give to themes without a label; without those for which it finds none.

    Args:
        assignments: CODED_ASSIGNMENTS, or as `coded_assignments` makes them, with the new themes in them.
        labels: of the other themes.
        model: the spaCy model that reads the ideas.
    """
    placed = _placed(_pairs(sayable.ideas, assignments, state), sayable)
    rows = rows_to_read(placed.fit.labels, placed.fit.similarity)
    reads = read_phrases([placed.texts[row] for row in rows], model)
    names = name_themes(
        placed.labels[rows],
        reads,
        [placed.contributors[row] for row in rows],
        placed.vectors[rows],
        placed.fit.centroids,
        find_topics(placed.texts, placed.vectors, Given(placed.labels), sayable.blocked),
        _rules(placed, sayable),
        sayable.encode,
        {n: labels[theme] for n, theme in enumerate(placed.themes) if theme in labels},
        tuple(labels.values()),
    )
    new = {theme: names[n] for n, theme in enumerate(placed.themes) if theme not in labels}
    return {theme: name.label for theme, name in new.items() if not is_unnamed(name.label)}


# ── which idea is in which theme ────────────────────────────────────────────────────────────────────────────────


def _pairs(ideas: pd.DataFrame, assignments: pd.DataFrame, state: State) -> pd.DataFrame:
    """idea_id, row (of IDEAS), theme_id of ideas in themes: the one it was found in, if its passage is still in it;
    else those of its passage in which none of its ideas were found.
    """
    has: dict[str, list[str]] = {}
    for passage, theme in zip(assignments["passage_id"], assignments["theme_id"], strict=True):
        has.setdefault(passage, []).append(theme)
    own = [state.target(theme) if theme else "" for theme in ideas["theme_id"]]
    spoken: dict[str, set[str]] = {}
    for passage, theme in zip(ideas["passage_id"], own, strict=True):
        spoken.setdefault(passage, set()).add(theme)
    rows = [
        (idea, row, theme)
        for row, (idea, passage, mine) in enumerate(zip(ideas["idea_id"], ideas["passage_id"], own, strict=True))
        for theme in _themes_of(mine, has.get(passage, []), spoken[passage])
        if theme
    ]
    return pd.DataFrame(rows, columns=pd.Index(["idea_id", "row", "theme_id"]))


def _themes_of(mine: str, has: Sequence[str], spoken: Collection[str]) -> Sequence[str]:
    return [mine] if mine in has else [theme for theme in has if theme not in spoken]


def _placed(pairs: pd.DataFrame, sayable: Sayable) -> _Placed:
    passages, ideas = sayable.passages, sayable.ideas
    starts = dict(zip(passages["passage_id"], passages["start"], strict=True))
    said = dict(zip(passages["passage_id"], passages["text"], strict=True))
    spans = zip(ideas["passage_id"], ideas["start"], ideas["end"], strict=True)
    redacted = [said[passage][start - starts[passage] : end - starts[passage]] for passage, start, end in spans]
    waiting = sorted(set(range(len(ideas))) - set(pairs["row"]))  # what is in no theme sets words of others apart, too
    rows = np.array([*pairs["row"], *waiting], dtype=np.int64)
    themes = tuple(sorted(set(pairs["theme_id"])))
    index = {theme: n for n, theme in enumerate(themes)}
    labels = np.array([*(index[theme] for theme in pairs["theme_id"]), *(-1 for _ in waiting)], dtype=np.int64)
    vectors = sayable.vectors[rows]
    chosen = ideas.iloc[rows]
    return _Placed(
        themes,
        labels,
        [redacted[row] for row in rows],
        [without_placeholders(redacted[row]) for row in rows],
        chosen["contributor_id"].tolist(),
        vectors,
        chosen["passage_id"].isin(list(sayable.quotable)).to_numpy(bool),
        describe(vectors, labels, np.ones(len(rows))),
    )


# ── what is said of them ────────────────────────────────────────────────────────────────────────────────────────


def _lines(placed: _Placed, sayable: Sayable) -> dict[str, str]:
    described = describe_themes(
        placed.redacted,
        placed.labels,
        placed.contributors,
        placed.vectors,
        placed.fit.centroids,
        placed.quotable,
        sayable.encode,
    )
    return {theme: described[n].line for n, theme in enumerate(placed.themes)}


def _rules(placed: _Placed, sayable: Sayable) -> Rules:
    used = {(word, who) for text, who in zip(placed.texts, placed.contributors, strict=True) for word in words(text)}
    return Rules(
        blocked=sayable.blocked,
        asked=frozenset(word for question in sayable.questions for word in words(question)),
        min_contributors=sayable.min_contributors,
        said_by=Counter(word for word, _ in used),
    )


def _keywords(placed: _Placed, labels: Mapping[str, str], sayable: Sayable) -> dict[str, str]:
    """Of each theme in `labels` three words that set it apart and add to its label."""
    found = find_topics(placed.texts, placed.vectors, Given(placed.labels), sayable.blocked)
    rules, at = _rules(placed, sayable), {theme: n for n, theme in enumerate(placed.themes)}
    return {
        theme: ", ".join(keywords_beside(found.get(at[theme], []), words(label), rules))
        for theme, label in labels.items()
    }


def _above(coded: pd.DataFrame, themes: pd.DataFrame, state: State, placed: _Placed | None) -> dict[str, str]:
    """Theme → what the machine put it under; one that people made stands where the theme it is most like stands."""
    under = dict(zip(themes["theme_id"], themes["heading"], strict=True))
    asked = dict(zip(coded["theme_id"], coded["question_id"], strict=True))
    parted = {theme for theme, decided in state.themes.items() if decided.parent and state.target(decided.parent)}
    above = {theme: under[theme] for theme in asked if theme in under and theme not in parted}
    if placed is None or not any(above.values()):
        return above
    index = {theme: n for n, theme in enumerate(placed.themes)}
    for theme in set(asked) - set(above) - parted:
        near = [other for other in sorted(above) if other in under and asked[other] == asked[theme] and other in index]
        if theme in index and near:
            like = placed.fit.centroids[[index[other] for other in near]] @ placed.fit.centroids[index[theme]]
            above[theme] = under[near[int(like.argmax())]]
    return above


def _headings(coded: Mapping[str, Mapping[str, object]], above: Mapping[str, str]) -> dict[str, str]:
    """Theme → its heading as it reads now. One made of the names of themes is made anew once they have others."""
    groups: dict[str, list[str]] = {}
    for theme, said in sorted(above.items()):
        groups.setdefault(said, []).append(theme)
    found: dict[str, str] = {}
    for said, group in groups.items():
        labels = [str(coded[theme]["label"]) for theme in group]
        names = said.removesuffix(f"{_AND}…").split(_AND)
        if said and len(group) < 2:
            said = ""
        elif len(names) > 1 and not (set(names) <= set(labels) and said.endswith("…") == (len(group) > 2)):
            namings = [Naming(str(coded[t]["label"]), (), bool(coded[t]["low_confidence"])) for t in group]
            said = heading(Naming("", (), True), namings, [int(str(coded[t]["n_passages"])) for t in group])
        found |= dict.fromkeys(group, said)
    return found
