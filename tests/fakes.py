"""Stand-ins for slow things, and small tables, for tests of any room."""

import hashlib
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from pipeline.ids import text_hash
from pipeline.tables import PASSAGES, conform


class HashEncoder:
    """Vectors from the words of a text: texts that share words are alike. Counts what it was asked for."""

    dimension = 64

    def __init__(self, key: str = "hash") -> None:
        self.key = key
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str], progress: Callable[[int], object] | None = None) -> np.ndarray:
        self.asked += texts
        if progress:
            progress(len(texts))
        return np.stack([self._vector(text) for text in texts]).astype(np.float32)

    def _vector(self, text: str) -> np.ndarray:
        words = [word.strip(".,!?;:").casefold() for word in text.split()] or [""]
        return np.sum([_word_vector(word, self.dimension) for word in words], axis=0) + 0.01


def _word_vector(word: str, dimension: int) -> np.ndarray:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
    return np.random.default_rng(seed).standard_normal(dimension)


def passages_table(
    texts: Sequence[str], contributors: Sequence[str] | None = None, question_id: str = "q1"
) -> pd.DataFrame:
    """PASSAGES with one document a text; by default every text has a contributor of its own."""
    n = len(texts)
    ids = [text_hash("passage", str(row))[:16] for row in range(n)]
    rows = {
        "passage_id": ids,
        "segment_id": [f"s{name}" for name in ids],
        "document_id": [f"d{name}" for name in ids],
        "contributor_id": list(contributors) if contributors else [f"c{row}" for row in range(n)],
        "source_kind": "survey",
        "kind": "answer",
        "wave": 1,
        "question_id": question_id,
        "start": 0,
        "end": [len(text) for text in texts],
        "text": list(texts),
        "text_hash": [text_hash("", text) for text in texts],
        "review": "",
    }
    return conform(pd.DataFrame(rows), PASSAGES) if n else PASSAGES.empty()


SUBJECTS = {
    "radio": (
        "The radio signal drops in rural areas",
        "No radio signal inside concrete buildings",
        "Poor radio signal on the moors",
        "Radio signal is terrible in the valleys",
        "We lose radio signal in rural areas every night",
        "Better radio signal in rural areas would help",
        "The radio signal in rural areas is weak",
        "Radio signal fails when we leave town",
    ),
    "passwords": (
        "Too many passwords to remember",
        "I reset passwords every single week",
        "Different passwords for every system",
        "Passwords expire far too often",
        "Remembering passwords wastes my time",
        "Resetting passwords takes hours on the phone",
        "Why do passwords expire during leave",
        "A single login instead of ten passwords",
    ),
    "training": (
        "We had no proper training on the new software",
        "Software training was one short video",
        "Training should happen before the software arrives",
        "Proper training in the classroom please",
        "Nobody offers training on the software after launch",
        "The training did not cover real casework",
        "More training on the software for new starters",
        "Online training is no substitute for a trainer",
    ),
    "laptops": (
        "My laptop battery dies after two hours",
        "The laptop is heavy and the battery is weak",
        "Laptop battery life is far too short",
        "Old laptops with dead batteries",
        "Replace the laptop batteries",
        "The laptop battery never lasts a shift",
        "New laptops with a longer battery life",
        "Charging the laptop battery in the car does not work",
    ),
    "forms": (
        "The same form asks for the address four times",
        "Forms repeat the same questions again",
        "Duplicate data entry on every form",
        "Typing the same details into three forms",
        "Data entry is duplicated across forms",
        "One form instead of five duplicate forms",
        "The form loses what I typed and starts again",
        "Shorter forms with less duplicate data entry",
    ),
}
"""Fictional answers about five subjects, eight each."""


def answers() -> tuple[list[str], list[str]]:
    """All texts of SUBJECTS, and the subject of each."""
    pairs = [(text, subject) for subject, texts in SUBJECTS.items() for text in texts]
    return [text for text, _ in pairs], [subject for _, subject in pairs]
