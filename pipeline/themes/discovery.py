"""From passages and their vectors to named themes that hold still."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.encoder import Encoder, embed_texts
from pipeline.study import Disclosure, Embedding, Themes
from pipeline.tables import ASSIGNMENTS, CHANGES, IDEAS, THEMES, conform
from pipeline.themes.changes import find_changes
from pipeline.themes.clustering import Clusterer, Fit, HdbscanClusterer, LeidenClusterer, describe
from pipeline.themes.hierarchy import group_themes
from pipeline.themes.ideas import split_ideas
from pipeline.themes.identity import matched, new_ids
from pipeline.themes.labels import Naming, Rules, name_themes, rows_to_read
from pipeline.themes.phrases import read_phrases
from pipeline.themes.words import words, words_of_topics

_CLUSTERERS: dict[str, type[Clusterer]] = {"leiden": LeidenClusterer, "hdbscan": HdbscanClusterer}


@dataclass(frozen=True)
class Past:
    """What the last run found: THEMES, and IDEAS with the themes that people moved them to, if they did.

    refit: themes are to be found anew, as after a change of settings, and keep only their ids, where they match.
    """

    themes: pd.DataFrame
    ideas: pd.DataFrame
    refit: bool = False


@dataclass(frozen=True)
class Found:
    """THEMES, IDEAS, ASSIGNMENTS and CHANGES of a run, and counts of what is new in it."""

    themes: pd.DataFrame
    ideas: pd.DataFrame
    assignments: pd.DataFrame
    changes: pd.DataFrame
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
    past: Past | None = None,
    taken: frozenset[str] = frozenset(),
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
        past: of the last run, if there was one.
        taken: theme ids that may not be given to a new theme, such as those of themes that vanished.
        progress: told how much is done, in percent.
        encoder: instead of the model in `embedding`.
        named: False leaves new themes without a name, for those who only measure what belongs together.

    Raises:
        ModelError: a model is missing.
    """
    tell = progress or (lambda _: None)
    if len(passages) == 0:
        return Found(THEMES.empty(), IDEAS.empty(), ASSIGNMENTS.empty(), CHANGES.empty(), {})
    ideas = split_ideas(passages)
    vectors = _idea_vectors(ideas, vectors, lambda texts: embed_texts(texts, embedding, cache, encoder=encoder))
    tell(20)
    before = _before(ideas, past)
    refit = past is None or past.refit
    clusterer = _CLUSTERERS[settings.clusterer](
        settings.min_themes,
        settings.max_themes,
        settings.min_passages,
        settings.min_similarity,
        seed,
        None if refit else before,
    ).fit(vectors)
    fit = describe(vectors, clusterer.labels_, np.ones(len(ideas)))
    present = np.unique(clusterer.labels_[clusterer.labels_ >= 0])
    known = matched(fit.labels, before) if refit else [clusterer.themes_[label] for label in present]
    ids = new_ids(known, fit.labels, taken | _ids(past))
    tell(50)
    last = {} if past is None else dict(zip(past.themes["theme_id"], past.themes["label"], strict=True))
    names = {n: Naming(theme, (), low_confidence=True) for n, theme in sorted(ids.items())}
    if named:
        names = _names(
            ideas,
            vectors,
            fit,
            {n: last[ids[n]] for n in ids if ids[n] in last},
            settings,
            disclosure,
            questions,
            blocked,
            lambda texts: embed_texts(texts, embedding, cache, encoder=encoder),
        )
    tell(95)
    table = _ideas_table(ideas, ids, fit)
    renamed = {ids[n]: last[ids[n]] for n in ids if last.get(ids[n], names[n].label) != names[n].label}
    changes = find_changes(
        table, clusterer.shadow_, None if past is None else past.ideas, renamed, settings.min_passages
    )
    counts = {"new_ideas": int((before == "").sum()), "waiting_ideas": int((fit.labels < 0).sum())} if past else {}
    tell(100)
    return Found(
        themes=_themes_table(ids, names, fit, ideas, _headings(fit, ids, names, past)),
        ideas=table,
        assignments=_assignments(table),
        changes=changes,
        counts=counts,
    )


def _idea_vectors(ideas: pd.DataFrame, vectors: np.ndarray, encode: Callable[[list[str]], np.ndarray]) -> np.ndarray:
    """A whole passage has its vector already; only parts of passages are embedded."""
    found = vectors[ideas["row"]].astype(np.float32, copy=True)
    parts = np.flatnonzero(~ideas["is_whole"].to_numpy(bool))
    if len(parts):
        found[parts] = encode(ideas["text"].iloc[parts].tolist())
    return found


def _before(ideas: pd.DataFrame, past: Past | None) -> np.ndarray:
    """The theme that each idea had in the last run, "" for none: its own, or that of the same words elsewhere."""
    if past is None:
        return np.full(len(ideas), "")
    themed = past.ideas[past.ideas["theme_id"] != ""]
    own = dict(zip(zip(themed["idea_id"], themed["text_hash"], strict=True), themed["theme_id"], strict=True))
    by_words = themed.drop_duplicates(["text_hash", "theme_id"])
    by_words = by_words[~by_words["text_hash"].duplicated(keep=False)]
    same = dict(zip(by_words["text_hash"], by_words["theme_id"], strict=True))
    keys = zip(ideas["idea_id"], ideas["text_hash"], strict=True)
    return np.array([own.get(key, same.get(key[1], "")) for key in keys], dtype=str)


def _ids(past: Past | None) -> frozenset[str]:
    return frozenset() if past is None else frozenset({*past.themes["theme_id"], *past.ideas["theme_id"]} - {""})


def _names(
    ideas: pd.DataFrame,
    vectors: np.ndarray,
    fit: Fit,
    last_labels: dict[int, str],
    settings: Themes,
    disclosure: Disclosure,
    questions: dict[str, str],
    blocked: frozenset[str],
    encode: Callable[[list[str]], np.ndarray],
) -> dict[int, Naming]:
    texts, contributors = ideas["text"].tolist(), ideas["contributor_id"].tolist()
    stop = blocked | {word.casefold() for word in settings.stop_words}
    rows = rows_to_read(fit.labels, fit.similarity)
    asked = sorted(set(questions.values()))
    reads = read_phrases([*(texts[row] for row in rows), *asked], settings.spacy_model)
    return name_themes(
        fit.labels[rows],
        reads[: len(rows)],
        [contributors[row] for row in rows],
        vectors[rows],
        fit.centroids,
        words_of_topics(texts, vectors, fit.labels, stop),
        Rules(
            blocked=stop,
            asked=frozenset(lemma for read in reads[len(rows) :] for lemma in read.lemmas),
            min_contributors=disclosure.min_keyword_contributors,
            said_by=_said_by(texts, contributors),
        ),
        encode,
        last_labels,
    )


def _said_by(texts: list[str], contributors: list[str]) -> Counter[str]:
    """How many distinct contributors used each word, casefolded."""
    pairs = {(word, who) for text, who in zip(texts, contributors, strict=True) for word in words(text)}
    return Counter(word for word, _ in pairs)


def _headings(fit: Fit, ids: dict[int, str], names: dict[int, Naming], past: Past | None) -> dict[int, str]:
    """What is printed above themes that belong together: of the last run where there was one, else found anew."""
    last = {} if past is None else dict(zip(past.themes["theme_id"], past.themes["heading"], strict=True))
    known = {n: heading for n, theme in ids.items() if (heading := last.get(theme, ""))}
    if known:
        places = sorted(known)
        nearest = (fit.centroids @ fit.centroids[places].T).argmax(axis=1)
        return {n: known.get(n, known[places[nearest[n]]] if ids[n] not in last else "") for n in ids}
    headings: dict[int, str] = {}
    for group in group_themes(fit.centroids):
        centre = fit.centroids[group].mean(axis=0)
        middle = max(group, key=lambda n: float(fit.centroids[n] @ centre))
        headings |= dict.fromkeys(group, names[middle].label)
    return headings


def _themes_table(
    ids: dict[int, str], names: dict[int, Naming], fit: Fit, ideas: pd.DataFrame, headings: dict[int, str]
) -> pd.DataFrame:
    rows = [
        {
            "theme_id": ids[label],
            "label": name.label,
            "keywords": ", ".join(name.keywords),
            "description": "",
            "heading": headings.get(label, ""),
            "low_confidence": name.low_confidence,
            "n_passages": ideas.loc[fit.labels == label, "passage_id"].nunique(),
            "n_contributors": ideas.loc[fit.labels == label, "contributor_id"].nunique(),
        }
        for label, name in names.items()
    ]
    return conform(pd.DataFrame(rows, columns=THEMES.names), THEMES) if rows else THEMES.empty()


def _ideas_table(ideas: pd.DataFrame, ids: dict[int, str], fit: Fit) -> pd.DataFrame:
    return conform(
        ideas.assign(
            theme_id=[ids.get(label, "") for label in fit.labels.tolist()],
            similarity=np.round(fit.similarity.astype(float), 6),
            margin=np.round(fit.margin.astype(float), 6),
        ),
        IDEAS,
    )


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
