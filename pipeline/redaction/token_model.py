"""Our own token classifier: what each word of a text could give away, with a probability.

MiniLM fine-tuned on data/training/ (see models/redactor/README.md), as int8 ONNX. One text is one batch: numbers
quantised on the fly would otherwise depend on what else is in the study.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from pipeline.errors import ModelError, Problem
from pipeline.models import model_folder
from pipeline.redaction.findings import Entity

WINDOW = 192  # tokens; a longer text is read in windows that overlap
OVERLAP = 48
PREFIX = "model:"  # of the labels of what it finds, to tell them from the tagger's
DOUBT = "doubt"  # the label of a word below its threshold that a person should look at,
SUSPECT = "suspect"  # and of one that a person should look at if it also looks like an unknown name
_JOINS = frozenset(" -/&.,'’\n")


class Word(NamedTuple):
    """Half-open characters of a word, the label it most resembles, how likely it is one, and whether it begins it."""

    start: int
    end: int
    label: str
    risk: float
    begins: bool


class TokenModel:
    """The classifier. Raises ModelError if its files are not there, are others, or cannot be loaded."""

    def __init__(self, name: str) -> None:
        folder = model_folder(name)
        try:
            import onnxruntime
            from tokenizers import Tokenizer

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1  # texts are short: threads would wait for each other
            options.enable_cpu_mem_arena = False  # it never gives memory back, and texts differ in length
            options.log_severity_level = 3
            self._session: Any = onnxruntime.InferenceSession(
                str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
            facts = json.loads((folder / "labels.json").read_text("utf-8"))
            self._labels: list[str] = facts["labels"]
            self._thresholds: dict[str, float] = facts["thresholds"]
            self._doubt: float = facts["doubt"]
            self._suspicion: float = facts["suspicion"]
        except Exception as error:  # noqa: BLE001 (whatever is wrong with the files, the remedy is the same)
            what = f"cannot be loaded ({type(error).__name__})"
            raise ModelError(Problem("redaction model", what, "check out models/redactor/ again")) from None
        self._tokenizer.enable_truncation(WINDOW, stride=OVERLAP)
        self._tokenizer.no_padding()

    def find(self, text: str) -> list[Entity]:
        """Details whose probability reaches their label's threshold, scored from 0.5 there to 1; and other words that
        are not beyond doubt."""
        words = [word for word in self.words(text) if word.risk >= self._suspicion and _says(text, word)]
        sure = [word for word in words if word.risk >= self._thresholds[word.label]]
        found = [entity._replace(score=self._score(entity)) for entity in _entities(text, sure)]
        return found + [
            Entity(word.start, word.end, DOUBT if word.risk >= self._doubt else SUSPECT, word.risk)
            for word in words
            if word.risk < self._thresholds[word.label]
        ]

    def words(self, text: str) -> list[Word]:
        """Every word of the text with its likeliest label, whatever the probability."""
        if not text.strip():
            return []
        whole = self._tokenizer.encode(text)
        best: dict[tuple[int, int], np.ndarray] = {}
        for window in [whole, *whole.overflowing]:
            ids = np.array([window.ids], dtype=np.int64)
            (logits,) = self._session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
            for place, chances in zip(window.offsets, _softmax(logits[0]), strict=True):
                if place[1] > place[0] and (place not in best or chances[0] < best[place][0]):
                    best[place] = chances
        return [_word(pieces, self._labels) for pieces in _by_word(text, sorted(best.items(), key=lambda p: p[0]))]

    def _score(self, entity: Entity) -> float:
        threshold = self._thresholds[entity.label.removeprefix(PREFIX)]
        return round(0.5 + 0.5 * (entity.score - threshold) / (1.0 - threshold), 4)


def is_classified(entity: Entity) -> bool:
    """Whether an entity is the classifier's and not the tagger's."""
    return entity.label.startswith(PREFIX) or entity.label in (DOUBT, SUSPECT)


Piece = tuple[tuple[int, int], np.ndarray]  # a token's characters and its chances: none, then begin and inside by label


def _by_word(text: str, pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Tokens that touch are one word: no part of a word is ever masked alone."""
    group: list[Piece] = []
    for piece in pieces:
        start = piece[0][0]
        if group and not (group[-1][0][1] >= start and text[start].isalnum() and text[start - 1].isalnum()):
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def _word(pieces: Sequence[Piece], labels: Sequence[str]) -> Word:
    chances = np.stack([chance for _, chance in pieces])
    label = int((chances[:, 1::2] + chances[:, 2::2]).mean(axis=0).argmax())
    risk = float(1.0 - chances[:, 0].min())
    begins = bool(chances[0, 1 + 2 * label] > chances[0, 2 + 2 * label])
    return Word(pieces[0][0][0], pieces[-1][0][1], labels[label], round(risk, 4), begins)


def _says(text: str, word: Word) -> bool:
    return any(character.isalnum() for character in text[word.start : word.end])


def _entities(text: str, words: Sequence[Word]) -> list[Entity]:
    """Neighbouring words of one label are one detail, unless the second begins another."""
    found: list[Entity] = []
    for word in words:
        label = PREFIX + word.label
        last = found[-1] if found else None
        gap = text[last.end : word.start] if last else ""
        apart = len(gap) > 2 or not set(gap) <= _JOINS or (word.begins and bool(gap.strip()))
        if last and last.label == label and not apart:
            found[-1] = last._replace(end=word.end, score=max(last.score, word.risk))
        else:
            found.append(Entity(word.start, word.end, label, word.risk))
    return found


def _softmax(logits: np.ndarray) -> np.ndarray:
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return shifted / shifted.sum(axis=-1, keepdims=True)
