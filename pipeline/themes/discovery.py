"""From passages and their vectors to named themes."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.encoder import Encoder, embed_texts
from pipeline.placeholders import without_placeholders
from pipeline.study import Disclosure, Embedding, Themes
from pipeline.tables import ASSIGNMENTS, THEMES, conform
from pipeline.themes.clustering import Fit, LeidenClusterer, describe
from pipeline.themes.identity import theme_ids
from pipeline.themes.labels import Naming, Rules, name_themes, rows_to_read
from pipeline.themes.model import fit_topics, words
from pipeline.themes.phrases import read_phrases


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
    previous: pd.DataFrame | None,
    spacy_model: str,
    progress: Callable[[int], object] | None = None,
    encoder: Encoder | None = None,
    taken: frozenset[str] = frozenset(),
    previous_themes: pd.DataFrame | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Themes of a study and the theme of every passage. The order of rows makes no difference.

    Args:
        passages: PASSAGES.
        vectors: float32 (n_passages, dimension), row i for row i of `passages`; see `pipeline.embedding.embed`.
        settings, disclosure, embedding, seed: of the study.
        cache: folder that keeps vectors between runs.
        questions: question id → wording, which must not come back as a theme's name.
        blocked: casefolded words that may be in no label or keyword, such as the names on the roster.
        previous: ASSIGNMENTS of the last run, whose themes keep their ids.
        spacy_model: package or path of a pipeline with tagger, parser and lemmatizer.
        progress: told how much is done, in percent.
        encoder: instead of the model in `embedding`.
        previous_themes: THEMES of the last run, whose labels are kept where they still fit.
        taken: theme ids that may not be given to a new theme, such as those of themes that vanished.

    Returns:
        THEMES and ASSIGNMENTS (every passage; theme_id empty where it is unassigned).

    Raises:
        ModelError: a model is missing.
    """
    tell = progress or (lambda _: None)
    if len(passages) == 0:
        return THEMES.empty(), ASSIGNMENTS.empty()
    order = np.lexsort((passages["passage_id"].to_numpy(str), passages["text_hash"].to_numpy(str)))
    passages, vectors = passages.iloc[order].reset_index(drop=True), vectors[order]
    ids: list[str] = passages["passage_id"].tolist()
    contributors: list[str] = passages["contributor_id"].tolist()
    texts = [without_placeholders(text) for text in passages["text"].tolist()]

    labels, keywords = _topics(texts, vectors, _last_themes(ids, previous), settings, blocked, seed)
    fit = describe(vectors, labels, np.ones(len(labels)))
    themes = theme_ids(ids, fit.labels, previous, taken)
    last_labels = _last_labels(themes, previous_themes)
    tell(40)
    rows = rows_to_read(fit.labels, fit.similarity)
    asked = sorted(set(questions.values()))
    reads = read_phrases([*(texts[row] for row in rows), *asked], spacy_model)
    tell(70)
    names = name_themes(
        fit.labels[rows],
        reads[: len(rows)],
        [contributors[row] for row in rows],
        vectors[rows],
        fit.centroids,
        keywords,
        Rules(
            blocked=blocked | {word.casefold() for word in settings.stop_words},
            asked=frozenset(lemma for read in reads[len(rows) :] for lemma in read.lemmas),
            min_contributors=disclosure.min_keyword_contributors,
            said_by=_said_by(texts, contributors),
        ),
        lambda phrases: embed_texts(phrases, embedding, cache, encoder=encoder),
        last_labels,
    )
    tell(100)
    return _themes_table(themes, names, fit, contributors), _assignments_table(themes, ids, fit)


def _topics(
    texts: list[str],
    vectors: np.ndarray,
    last_themes: np.ndarray | None,
    settings: Themes,
    blocked: frozenset[str],
    seed: int,
) -> tuple[np.ndarray, dict[int, list[str]]]:
    leiden = LeidenClusterer(
        settings.min_themes,
        settings.max_themes,
        settings.min_passages,
        settings.min_similarity,
        seed,
        last_themes,
    )
    return fit_topics(texts, vectors, leiden, settings, blocked, seed)


def _last_themes(ids: list[str], previous: pd.DataFrame | None) -> np.ndarray | None:
    """The theme each passage had in the last run, "" for none."""
    if previous is None:
        return None
    known = dict(zip(previous["passage_id"], previous["theme_id"], strict=True))
    return np.array([known.get(passage_id, "") for passage_id in ids])


def _last_labels(ids: dict[int, str], previous_themes: pd.DataFrame | None) -> dict[int, str]:
    if previous_themes is None:
        return {}
    known = dict(zip(previous_themes["theme_id"], previous_themes["label"], strict=True))
    return {label: known[theme] for label, theme in ids.items() if theme in known}


def _said_by(texts: list[str], contributors: list[str]) -> Counter[str]:
    """How many distinct contributors used each word, casefolded."""
    pairs = {(word, who) for text, who in zip(texts, contributors, strict=True) for word in words(text)}
    return Counter(word for word, _ in pairs)


def _themes_table(ids: dict[int, str], names: dict[int, Naming], fit: Fit, contributors: list[str]) -> pd.DataFrame:
    rows = [
        {
            "theme_id": ids[label],
            "label": name.label,
            "keywords": ", ".join(name.keywords),
            "low_confidence": name.low_confidence,
            "n_passages": int((fit.labels == label).sum()),
            "n_contributors": len({contributors[row] for row in np.flatnonzero(fit.labels == label)}),
        }
        for label, name in names.items()
    ]
    return conform(pd.DataFrame(rows, columns=THEMES.names), THEMES) if rows else THEMES.empty()


def _assignments_table(ids: dict[int, str], passage_ids: list[str], fit: Fit) -> pd.DataFrame:
    rows = {
        "passage_id": passage_ids,
        "theme_id": [ids.get(label, "") for label in fit.labels.tolist()],
        "similarity": np.round(fit.similarity.astype(float), 6),
        "margin": np.round(fit.margin.astype(float), 6),
    }
    return conform(pd.DataFrame(rows), ASSIGNMENTS)
