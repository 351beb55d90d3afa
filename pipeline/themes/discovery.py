"""From passages and their vectors to named themes that hold still."""

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
from pipeline.themes.ideas import split_ideas
from pipeline.themes.identity import matched, new_ids
from pipeline.themes.labels import Naming
from pipeline.themes.naming import Last, Said, say

_CLUSTERERS: dict[str, type[Clusterer]] = {"leiden": LeidenClusterer, "hdbscan": HdbscanClusterer}
_CONTEXT = 0.25  # weight of the passage in the vector of an idea, whose own is 1


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
    """THEMES, IDEAS, ASSIGNMENTS and CHANGES of a run, counts of what is new in it, and the ideas' vectors.

    vectors: float32 (n_ideas, dimension), row i for row i of `ideas`.
    """

    themes: pd.DataFrame
    ideas: pd.DataFrame
    assignments: pd.DataFrame
    changes: pd.DataFrame
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
        progress: told how much is done, in percent.
        encoder: instead of the model in `embedding`.
        named: False leaves new themes without a name, for those who only measure what belongs together.

    Raises:
        ModelError: a model is missing.
    """
    tell = progress or (lambda _: None)
    if len(passages) == 0:
        return Found(THEMES.empty(), IDEAS.empty(), ASSIGNMENTS.empty(), CHANGES.empty(), vectors, {})
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
    unnamed = {n: Naming(theme, (), low_confidence=True) for n, theme in sorted(ids.items())}
    said = Said(unnamed, {}, {}, {})
    if named:
        said = say(
            ideas,
            vectors,
            fit,
            _last(fit, ids, past),
            settings,
            sorted(set(questions.values())),
            blocked,
            disclosure.min_keyword_contributors,
            np.ones(len(ideas), dtype=bool) if quotable is None else quotable[ideas["row"]],
            lambda texts: embed_texts(texts, embedding, cache, encoder=encoder),
        )
    tell(95)
    table = _ideas_table(ideas, ids, fit)
    last = {} if past is None else dict(zip(past.themes["theme_id"], past.themes["label"], strict=True))
    renamed = {ids[n]: last[ids[n]] for n, name in said.names.items() if last.get(ids[n], name.label) != name.label}
    sorted_ = np.lexsort((ideas["start"].to_numpy(), ideas["passage_id"].to_numpy(str)))  # as the table is
    changes = find_changes(
        table, clusterer.shadow_[sorted_], None if past is None else past.ideas, renamed, settings.min_passages
    )
    counts = {"new_ideas": int((before == "").sum()), "waiting_ideas": int((fit.labels < 0).sum())} if past else {}
    counts |= {f"namer_{reason}": n for reason, n in sorted(said.reasons.items())}
    tell(100)
    return Found(
        themes=_themes_table(ids, said, fit, ideas),
        ideas=table,
        assignments=_assignments(table),
        changes=changes,
        vectors=vectors[sorted_],
        counts=counts,
    )


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


def _last(fit: Fit, ids: dict[int, str], past: Past | None) -> Last:
    """What themes were called; a new one stands under the heading of the theme it is most like."""
    if past is None:
        return Last({}, {})
    labels = dict(zip(past.themes["theme_id"], past.themes["label"], strict=True))
    above = dict(zip(past.themes["theme_id"], past.themes["heading"], strict=True))
    headings = {n: above[theme] for n, theme in ids.items() if theme in above}
    if any(headings.values()):
        places = [n for n, heading in sorted(headings.items()) if heading]
        nearest = (fit.centroids @ fit.centroids[places].T).argmax(axis=1)
        headings = {n: headings.get(n, headings[places[nearest[n]]]) for n in ids}
    return Last({n: labels[theme] for n, theme in ids.items() if theme in labels}, headings)


def _themes_table(ids: dict[int, str], said: Said, fit: Fit, ideas: pd.DataFrame) -> pd.DataFrame:
    rows = [
        {
            "theme_id": ids[n],
            "label": name.label,
            "keywords": ", ".join(name.keywords),
            "description": said.descriptions.get(n, ""),
            "heading": said.headings.get(n, ""),
            "low_confidence": name.low_confidence,
            "n_passages": ideas.loc[fit.labels == n, "passage_id"].nunique(),
            "n_contributors": ideas.loc[fit.labels == n, "contributor_id"].nunique(),
        }
        for n, name in said.names.items()
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
