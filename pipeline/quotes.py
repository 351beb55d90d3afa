"""Choosing quotes: exact slices of redacted passages that together cover what a theme's passages say.

Method: greedy facility location (Krause & Golovin 2014, "Submodular function maximization") over cosine similarity,
with every passage of the theme as ground set, under hard rules: who may be quoted, length, at most one quote a
contributor and theme, no two alike.
"""

import math
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.placeholders import PLACEHOLDER
from pipeline.sentences import count_words, sentence_spans
from pipeline.study import Quotes
from pipeline.tables import QUOTES, conform

ALIKE = 0.9  # cosine above which two quotes say the same
GROUND_SET = 2_000  # passages of a theme that candidates are scored against; larger themes are thinned evenly
# A quote that opens with one of these leans on a sentence the reader cannot see.
LEANING = re.compile(
    r"(?:and|but|so|because|or|also|then|which|whereas|however|therefore|although|though|plus|it|its|it's|they|they're|their"
    r"|them|this|that|that's|these|those|he|she|his|her|him|there|same|such|yes|yeah|yep|no|nope|well|um|erm|er|oh|again"
    r"|instead|otherwise|hence|thus|likewise|similarly|anyway|both|neither|either)\b",
    re.IGNORECASE,
)
LEANING_WEIGHT = 0.6
FRAGMENT_WEIGHT = 0.8
Embed = Callable[[list[str]], np.ndarray]


@dataclass(frozen=True)
class Candidate:
    """A slice that could be quoted: `row` is its passage's row; `start` and `end` count in the redacted document."""

    row: int
    start: int
    end: int
    text: str
    weight: float  # 1.0 for a slice that stands alone, less for one that leans on what went before


def choose_quotes(
    passages: pd.DataFrame,
    vectors: np.ndarray,
    themes: pd.DataFrame,
    assignments: pd.DataFrame,
    attributions: pd.DataFrame,
    lines: dict[str, str],
    groups: dict[str, str],
    settings: Quotes,
    embed: Embed,
) -> pd.DataFrame:
    """The bank's quotes, a few for each theme.

    Args:
        passages: PASSAGES; `vectors` float32 (n_passages, dim), row i for passages.iloc[i].
        themes, assignments: after the codebook.
        lines, groups: what may be shown of each contributor.
        embed: texts → float32 (n, dim), for slices of long passages.

    Returns:
        QUOTES, at most `settings.per_theme` a theme and `settings.per_contributor` a contributor.
    """
    home = assignments.set_index("passage_id")["theme_id"]
    theme_of = passages["passage_id"].map(home).fillna("").to_numpy()
    quotable = passages["contributor_id"].isin(attributions.loc[attributions["quotable"], "contributor_id"])
    usable = (quotable & (passages["review"] == "")).to_numpy()
    names = [
        str(name) for name in themes.sort_values(["n_contributors", "theme_id"], ascending=[False, True])["theme_id"]
    ]
    centroids = {name: _unit(vectors[theme_of == name].mean(axis=0)) for name in names if (theme_of == name).any()}
    candidates = _candidates(passages, [r for r in range(len(passages)) if usable[r] and theme_of[r]], settings)
    candidate_vectors = _candidate_vectors(candidates, passages, vectors, embed)
    used: Counter[str] = Counter()
    rows: list[dict[str, object]] = []
    for name in names:
        if name not in centroids:
            continue
        mine = [
            i
            for i, c in enumerate(candidates)
            if theme_of[c.row] == name and used[_person(passages, c)] < settings.per_contributor
        ]
        mine = [i for i in mine if _is_closest(candidate_vectors[i], name, centroids)]
        mine.sort(key=lambda i: (candidates[i].text, lines[_person(passages, candidates[i])]))
        ground = np.flatnonzero(theme_of == name)
        picked = _facility_location(
            mine, candidates, candidate_vectors, vectors[ground], passages, ground, groups, settings
        )
        for rank, index in enumerate(picked, start=1):
            candidate = candidates[index]
            passage = passages.iloc[candidate.row]
            used[str(passage["contributor_id"])] += 1
            rows.append(
                {
                    "quote_id": f"{name}-Q{rank}",
                    "theme_id": name,
                    "rank": rank,
                    "start": candidate.start,
                    "end": candidate.end,
                    "text": candidate.text,
                    "attribution_line": lines[str(passage["contributor_id"])],
                    "stakeholder_group": groups[str(passage["contributor_id"])],
                    **{c: passage[c] for c in ("passage_id", "document_id", "question_id", "source_kind")},
                }
            )
    return conform(pd.DataFrame(rows) if rows else QUOTES.empty(), QUOTES)


def _person(passages: pd.DataFrame, candidate: Candidate) -> str:
    return str(passages["contributor_id"].iloc[candidate.row])


def _candidates(passages: pd.DataFrame, rows: list[int], settings: Quotes) -> list[Candidate]:
    found: list[Candidate] = []
    for row, passage_start, text in zip(rows, passages["start"].iloc[rows], passages["text"].iloc[rows], strict=True):
        slices = [(0, len(text))] if count_words(text) <= settings.max_words else []
        if not slices or LEANING.match(text):
            slices += _windows(text, settings.max_words)
        for start, end in dict.fromkeys(slices):
            words = text[start:end]
            if _is_quotable(words, settings):
                found.append(Candidate(row, passage_start + start, passage_start + end, words, _stands_alone(words)))
    return found


def _windows(text: str, max_words: int) -> list[tuple[int, int]]:
    """From each sentence on, the longest run of whole sentences of at most `max_words` words."""
    sentences = sentence_spans(text)
    windows: list[tuple[int, int]] = []
    for first, (start, _) in enumerate(sentences):
        end = max((e for _, e in sentences[first:] if count_words(text[start:e]) <= max_words), default=0)
        if end:
            windows.append((start, end))
    return windows


def _is_quotable(text: str, settings: Quotes) -> bool:
    words = count_words(text)
    placeholders = len(PLACEHOLDER.findall(text))
    allowed = max(1, math.floor(words * settings.max_placeholders_per_word))
    return settings.min_words <= words <= settings.max_words and placeholders <= allowed


def _stands_alone(text: str) -> float:
    leaning = LEANING_WEIGHT if LEANING.match(text) else 1.0
    return leaning * (1.0 if text.rstrip("\"'”’)")[-1:] in ".!?" else FRAGMENT_WEIGHT)


def _candidate_vectors(
    candidates: list[Candidate], passages: pd.DataFrame, vectors: np.ndarray, embed: Embed
) -> np.ndarray:
    """A whole passage has its vector already; only slices are embedded."""
    whole = passages["text"].to_numpy()
    found = (
        vectors[[c.row for c in candidates]]
        if candidates
        else np.empty((0, vectors.shape[1] if vectors.ndim > 1 else 0))
    )
    found = found.astype(np.float32, copy=True)
    slices = [i for i, c in enumerate(candidates) if c.text != whole[c.row]]
    if slices:
        found[slices] = embed([candidates[i].text for i in slices])
    return found


def _unit(vector: np.ndarray) -> np.ndarray:
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector


def _is_closest(vector: np.ndarray, name: str, centroids: dict[str, np.ndarray]) -> bool:
    """On theme: no other theme's centroid is nearer (topics.md: raises on-theme quotes to all, at no coverage cost)."""
    own = float(vector @ centroids[name])
    return all(float(vector @ centroid) <= own for other, centroid in centroids.items() if other != name)


def _facility_location(
    mine: list[int],
    candidates: list[Candidate],
    candidate_vectors: np.ndarray,
    ground: np.ndarray,
    passages: pd.DataFrame,
    ground_rows: np.ndarray,
    groups: dict[str, str],
    settings: Quotes,
) -> list[int]:
    """Indices of the chosen candidates, best first; ties go to the earlier of `mine`."""
    if not mine:
        return []
    step = max(1, -(-len(ground) // GROUND_SET))
    own = candidate_vectors[mine]
    similarity = np.clip(own @ ground[::step].T, 0.0, None) * np.array([[candidates[i].weight] for i in mine])
    people = [_person(passages, candidates[i]) for i in mine]
    shares = Counter(groups[str(p)] for p in set(passages["contributor_id"].iloc[ground_rows]))
    quota = {g: math.ceil(settings.per_theme * n / sum(shares.values())) + 1 for g, n in shares.items()}
    covered = np.zeros(similarity.shape[1])
    open_ = np.ones(len(mine), dtype=bool)
    picked: list[int] = []
    while len(picked) < settings.per_theme and open_.any():
        gains = np.where(open_, np.maximum(similarity - covered, 0.0).sum(axis=1), -1.0)
        best = int(np.argmax(gains.round(6)))  # rounded, so that ties fall to the order of `mine`
        if gains[best] <= 0:
            break
        picked.append(best)
        covered = np.maximum(covered, similarity[best])
        group = groups[people[best]]
        full = sum(groups[people[p]] == group for p in picked) >= quota[group]
        for other in np.flatnonzero(open_):
            same_person = people[other] == people[best]
            if same_person or (full and groups[people[other]] == group) or float(own[other] @ own[best]) >= ALIKE:
                open_[other] = False
    return [mine[p] for p in picked]
