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
from pipeline.tables import QUOTES, SET_ASIDE, conform

ALIKE = 0.9  # cosine above which two quotes say the same
GROUND_SET = 2_000  # passages of a theme that candidates are scored against; larger themes are thinned evenly
BULLET = re.compile(r"[\s•▪‣·*–—-]+")
# A quote that opens with one of these leans on a sentence the reader cannot see.
LEANING = re.compile(
    r"(?:and|but|so|because|or|also|then|which|whereas|however|therefore|although|though|plus|it|its|it's|they|they're|their"
    r"|them|this|that|that's|these|those|he|she|his|her|him|there|same|such|yes|yeah|yep|no|nope|well|um|erm|er|oh|again"
    r"|instead|otherwise|hence|thus|likewise|similarly|anyway|both|neither|either)\b",
    re.IGNORECASE,
)
LONGEST_RUN = 4  # sentences
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

    def overlaps(self, other: "Candidate") -> bool:
        """True for slices of one passage that share words."""
        return self.start < other.end and other.start < self.end


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
    pinned: frozenset[str] = frozenset(),
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The bank's quotes, a few for each theme.

    Args:
        passages: PASSAGES; `vectors` float32 (n_passages, dim), row i for passages.iloc[i].
        themes, assignments: after the codebook; a passage may have several themes.
        lines, groups: what may be shown of each contributor.
        embed: texts → float32 (n, dim), for slices of long passages.
        pinned: ids of passages that people want quoted: they come first, where they may be quoted at all.

    Returns:
        quotes: QUOTES, at most `settings.per_theme` a theme and `settings.per_contributor` a contributor.
        set_aside: every passage that is not quoted, and why.
    """
    themes_of = _themes_of(passages, assignments)
    quotable = passages["contributor_id"].isin(attributions.loc[attributions["quotable"], "contributor_id"])
    usable = (quotable & (passages["review"] == "")).to_numpy()
    names = [
        str(name) for name in themes.sort_values(["n_contributors", "theme_id"], ascending=[False, True])["theme_id"]
    ]
    asked = dict(zip(themes["theme_id"], themes["question_id"], strict=True))
    members = {name: np.array([r for r, own in enumerate(themes_of) if name in own], dtype=int) for name in names}
    centroids = {name: _unit(vectors[rows].mean(axis=0)) for name, rows in members.items() if len(rows)}
    candidates = _candidates(passages, [r for r, own in enumerate(themes_of) if usable[r] and own], themes_of, settings)
    candidate_vectors = _candidate_vectors(candidates, passages, vectors, embed)
    people = [str(passages["contributor_id"].iloc[c.row]) for c in candidates]
    of_row: dict[int, list[int]] = {}
    for index, candidate in enumerate(candidates):
        of_row.setdefault(candidate.row, []).append(index)
    answered = passages["question_id"].tolist()
    rivals = {
        question: [centroid for theme, centroid in centroids.items() if asked[theme] in (question, "")]
        for question in set(answered)
    }
    pools: dict[str, _Pool] = {}
    on_theme: set[int] = set()  # rows
    for name, centroid in centroids.items():
        mine = [i for i, c in enumerate(candidates) if name in themes_of[c.row]]
        mine = [i for i in mine if _is_closest(candidate_vectors[i], centroid, rivals[answered[candidates[i].row]])]
        on_theme |= {candidates[i].row for i in mine}
        mine.sort(key=lambda i: (candidates[i].text, lines[people[i]]))
        ground = members[name]
        shares = Counter(groups[str(p)] for p in set(passages["contributor_id"].iloc[ground]))
        pools[name] = _Pool(
            mine,
            [people[i] for i in mine],
            [groups[people[i]] for i in mine],
            np.array([passages["passage_id"].iloc[candidates[i].row] in pinned for i in mine], dtype=bool),
            candidate_vectors[mine],
            _similarity(candidate_vectors[mine], vectors[ground], [candidates[i].weight for i in mine]),
            {g: math.ceil(settings.per_theme * n / sum(shares.values())) + 1 for g, n in shares.items()},
        )
    used: Counter[str] = Counter()
    picked: dict[str, list[int]] = {name: [] for name in pools}
    for _ in range(settings.per_theme):  # a round a rank, so that no theme uses up a contributor before its turn
        for name, pool in pools.items():
            index = pool.take({person for person, n in used.items() if n >= settings.per_contributor})
            if index is not None:
                picked[name].append(index)
                used[people[index]] += 1
                said = {i for i in of_row[candidates[index].row] if candidates[i].overlaps(candidates[index])}
                for other in pools.values():  # a passage of several themes is not quoted twice with the same words
                    other.close(said)
    rows = [
        {
            "quote_id": f"{name}-Q{rank}",
            "theme_id": name,
            "rank": rank,
            **{field: getattr(candidates[index], field) for field in ("start", "end", "text")},
            "attribution_line": lines[people[index]],
            "stakeholder_group": groups[people[index]],
            **passages.iloc[candidates[index].row][["passage_id", "document_id", "question_id", "source_kind"]],
        }
        for name, indices in picked.items()
        for rank, index in enumerate(indices, start=1)
    ]
    in_theme = {(name, people[index]) for name, indices in picked.items() for index in indices}
    full = {person for person, n in used.items() if n >= settings.per_contributor}
    whose = [str(person) for person in passages["contributor_id"]]
    reasons = _first_reason(
        len(passages),
        ("unassigned", {row for row, own in enumerate(themes_of) if not own}),
        ("consent_held", set(np.flatnonzero(~quotable).tolist())),
        ("review", set(np.flatnonzero(passages["review"] != "").tolist())),
        ("not_quotable", set(range(len(passages))) - {c.row for c in candidates}),
        ("nearer_another_theme", set(range(len(passages))) - on_theme),
        (
            "contributor_quoted",
            {
                row
                for row, person in enumerate(whose)
                if person in full or any((theme, person) in in_theme for theme in themes_of[row])
            },
        ),
        otherwise="another_chosen",
    )
    quotes = conform(pd.DataFrame(rows) if rows else QUOTES.empty(), QUOTES)
    return quotes, _set_aside(passages["passage_id"], reasons, frozenset(quotes["passage_id"]))


def _themes_of(passages: pd.DataFrame, assignments: pd.DataFrame) -> list[frozenset[str]]:
    """The themes of each passage, in the order of its rows."""
    found: dict[str, set[str]] = {}
    for passage, theme in zip(assignments["passage_id"], assignments["theme_id"], strict=True):
        found.setdefault(passage, set()).update({theme} - {""})
    return [frozenset(found.get(passage, ())) for passage in passages["passage_id"]]


def _first_reason(n: int, *tests: tuple[str, set[int]], otherwise: str) -> list[str]:
    """For each row the first reason whose rows hold it."""
    return [next((reason for reason, rows in tests if row in rows), otherwise) for row in range(n)]


def _set_aside(ids: pd.Series, reasons: list[str], quoted: frozenset[str]) -> pd.DataFrame:
    rows = pd.DataFrame({"stage": "quotes", "what": "passage", "id": ids, "reason": reasons})
    rows = rows[~rows["id"].isin(quoted)]
    return conform(rows, SET_ASIDE) if len(rows) else SET_ASIDE.empty()


@dataclass
class _Pool:
    """A theme's candidates, best first by what they add to those already taken; ties go to the earlier one."""

    indices: list[int]
    people: list[str]
    groups: list[str]
    pinned: np.ndarray  # bool: taken before all others
    vectors: np.ndarray
    similarity: np.ndarray  # (candidates, ground set), weighted
    quota: dict[str, int]  # quotes a stakeholder group may have in this theme

    def __post_init__(self) -> None:
        self._covered = np.zeros(self.similarity.shape[1])
        self._open = np.ones(len(self.indices), dtype=bool)
        self._taken: Counter[str] = Counter()

    def close(self, indices: set[int]) -> None:
        """None of these candidates may be taken any more."""
        self._open &= np.array([index not in indices for index in self.indices], dtype=bool)

    def take(self, full: set[str]) -> int | None:
        """The next candidate by somebody not in `full`, or None. Closes all that say the same or are the same voice."""
        free = self._open & np.array([person not in full for person in self.people], dtype=bool)
        if not free.any():
            return None
        free &= self.pinned | ~(free & self.pinned).any()
        gains = np.where(free, np.maximum(self.similarity - self._covered, 0.0).sum(axis=1), -1.0).round(6)
        best = int(np.argmax(gains))
        if gains[best] <= 0:
            return None
        self._covered = np.maximum(self._covered, self.similarity[best])
        group = self.groups[best]
        self._taken[group] += 1
        self._open &= self.vectors @ self.vectors[best] < ALIKE
        self._open &= np.array([person != self.people[best] for person in self.people], dtype=bool)
        if self._taken[group] >= self.quota[group]:
            self._open &= np.array([other != group for other in self.groups], dtype=bool)
        return self.indices[best]


def _similarity(candidates: np.ndarray, ground: np.ndarray, weights: list[float]) -> np.ndarray:
    """Cosine of each candidate to each passage of its theme (a large theme thinned evenly), times its weight."""
    step = max(1, -(-len(ground) // GROUND_SET))
    return np.clip(candidates @ ground[::step].T, 0.0, None) * np.array(weights).reshape(-1, 1)


def _candidates(
    passages: pd.DataFrame, rows: list[int], themes_of: list[frozenset[str]], settings: Quotes
) -> list[Candidate]:
    found: list[Candidate] = []
    for row, passage_start, text in zip(rows, passages["start"].iloc[rows], passages["text"].iloc[rows], strict=True):
        slices = [(0, len(text))] if _is_quotable(text, settings) else []
        if not slices or LEANING.match(text) or len(themes_of[row]) > 1:  # each theme finds its own part
            slices += _windows(text, settings.max_words)
        for start, end in dict.fromkeys((_after_bullet(text, start), end) for start, end in slices):
            words = text[start:end]
            if _is_quotable(words, settings):
                found.append(Candidate(row, passage_start + start, passage_start + end, words, _stands_alone(words)))
    return found


def _after_bullet(text: str, start: int) -> int:
    """Where the words begin: the mark of a list item is not part of what was said."""
    bullet = BULLET.match(text, start)
    return bullet.end() if bullet else start


def _windows(text: str, max_words: int) -> list[tuple[int, int]]:
    """All runs of up to four whole sentences and `max_words` words."""
    sentences = sentence_spans(text)
    runs = [(start, end) for n, (start, _) in enumerate(sentences) for _, end in sentences[n : n + LONGEST_RUN]]
    return [(start, end) for start, end in runs if count_words(text[start:end]) <= max_words]


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


def _is_closest(vector: np.ndarray, own: np.ndarray, rivals: list[np.ndarray]) -> bool:
    """On theme: no rival's centroid is nearer. Themes of questions that its passage does not answer are none."""
    return all(float(vector @ centroid) <= float(vector @ own) for centroid in rivals)
