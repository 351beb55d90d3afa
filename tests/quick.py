"""Whole runs in a second or two: the real stages, with stand-ins for whatever loads a model."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.encoder import embed_texts
from pipeline.redaction import Document, Person, RedactedDocument, RedactedSegment, Span
from pipeline.study import Redaction
from pipeline.tables import ASSIGNMENTS, IDEAS, THEMES, conform
from pipeline.themes import Found
from tests.fakes import HashEncoder

SECRET, MASK, HOLD = "Quixar", "[person]", "Zyboxar"


class FakeRedactor:
    """Masks every `SECRET` and holds every document that says `HOLD`. Remembers the roster and what it was given."""

    roster: Sequence[Person] = ()
    documents: Sequence[Document] = ()

    def __init__(self, settings: Redaction, roster: Sequence[Person]) -> None:
        type(self).roster = roster

    def redact(
        self, documents: Sequence[Document], progress: Callable[[int], None] | None = None
    ) -> list[RedactedDocument]:
        if progress:
            type(self).documents = documents
            progress(len(documents))
        return [self._redacted(document) for document in documents]

    def _redacted(self, document: Document) -> RedactedDocument:
        if any(HOLD in segment.text for segment in document.segments):
            empty = tuple(RedactedSegment(segment.segment_id, "") for segment in document.segments)
            return RedactedDocument(document.document_id, empty, held=("timeout",))
        return RedactedDocument(document.document_id, tuple(map(_masked, document.segments)))


def _masked(segment: Any) -> RedactedSegment:
    starts = [n for n in range(len(segment.text)) if segment.text.startswith(SECRET, n)]
    spans = tuple(Span(n, n + len(SECRET), "PERSON", "direct", 1.0, "roster", MASK) for n in starts)
    return RedactedSegment(
        segment.segment_id, segment.text.replace(SECRET, MASK), spans, "health" * ("ill" in segment.text)
    )


def find_by_first_words(passages: pd.DataFrame, vectors: np.ndarray, **told: Any) -> Found:
    """A theme for each pair of first words. Row i of `vectors` must be passage i's."""
    assert len(vectors) == len(passages)
    starts = passages["text"].str.split().str[:2].str.join(" ")
    ids = {start: f"T{n:02}" for n, start in enumerate(sorted(set(starts)), start=1)}
    placed = passages.assign(theme_id=starts.map(ids), first=starts, idea_id=passages["passage_id"], rank=1)
    there = set(told["past"].ideas["passage_id"]) if told["past"] else set()
    is_new = ~placed["passage_id"].isin(there)
    placed = placed.assign(similarity=0.5, margin=0.1, cluster=0, is_new=is_new, nearest=0.5)
    rows = [
        {"theme_id": ids[str(start)], "question_id": "", "label": str(start), "label_source": "machine", "keywords": str(start),
         "description": "", "heading": "", "low_confidence": False, "n_passages": len(rows), "n_contributors": rows["contributor_id"].nunique()}
        for start, rows in placed.groupby("first")
    ]  # fmt: skip
    told["progress"](100)
    CALLS.append(("themes", told))
    themes, ideas = conform(pd.DataFrame(rows), THEMES), conform(placed, IDEAS)
    return Found(themes, ideas, conform(placed, ASSIGNMENTS), vectors, {})


CALLS: list[tuple[str, Any]] = []  # what was worked on since `without_models`


def _embed(passages: pd.DataFrame, settings: Any, cache: Path, progress: Any) -> np.ndarray:
    CALLS.append(("embed", len(passages)))
    return embed_texts(passages["text"].tolist(), settings, cache, progress, HashEncoder())


def without_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand-ins until the test ends."""
    CALLS.clear()
    monkeypatch.setattr("pipeline.redaction.Redactor", FakeRedactor)
    monkeypatch.setattr("pipeline.embedding.embed", _embed)
    monkeypatch.setattr(
        "pipeline.embedding.embed_texts",
        lambda texts, settings, cache, progress=None, encoder=None: embed_texts(
            texts, settings, cache, progress, HashEncoder()
        ),
    )
    monkeypatch.setattr("pipeline.themes.find_themes", find_by_first_words)
    for module in ("steps", "fingerprint"):
        monkeypatch.setattr(f"pipeline.{module}.model_hash", lambda name, study: f"hash of {name}")
    facts = {"name": "m", "use": "u", "sha256": "0", "licence": "MIT"}
    monkeypatch.setattr("pipeline.reading.model_facts", lambda name, study: facts)
