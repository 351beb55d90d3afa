"""Our own token classifier: what each word of a text could give away, with a probability.

MiniLM fine-tuned on data/training/ (see models/redactor/README.md), as int8 ONNX. What it says of a text does not
depend on what else is in the study.
"""

import json
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from operator import lt

import numpy as np

from pipeline.errors import ModelError, Problem
from pipeline.int8 import batches_of_one_length, load_int8, run_batches
from pipeline.models import model_folder
from pipeline.redaction.details import LIKELY, PREFIX, Word, details
from pipeline.redaction.findings import Entity

WINDOW = 192  # tokens; a longer text is read in windows that overlap
OVERLAP = 48
DOUBT = "doubt"  # the label of a word below its threshold that a person should look at,
SUSPECT = "suspect"  # and of one that a person should look at if it also looks like an unknown name
CASINGS = 6  # how a word may be written: see `casings`
_WRITTEN = re.compile(r"[^\W_]+")


class TokenModel:
    """The classifier, which reads with `threads` at a time.

    Raises ModelError if its files are not there, are others, or cannot be loaded.
    """

    def __init__(self, name: str, threads: int = 1) -> None:
        folder = model_folder(name)
        self._threads = threads
        try:
            self._session, self._tokenizer = load_int8(folder, ["input_ids", "casings"])
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

    def find(self, texts: Sequence[str]) -> list[list[Entity]]:
        """For each text, details whose probability reaches their label's threshold, scored from 0.5 there to 1; and
        other words that are not beyond doubt."""
        words = self.words(texts, self._suspicion)
        return [self._entities(text, of_text) for text, of_text in zip(texts, words, strict=True)]

    def words(self, texts: Sequence[str], least: float = 0.0) -> list[list[Word]]:
        """The words of each text whose risk is at least `least`, each with its likeliest label."""
        windows = [
            (row, window.ids, window.offsets)
            for row, whole in enumerate(self._tokenizer.encode_batch(list(texts)))
            for window in (whole, *whole.overflowing)
        ]

        def run(batch: Sequence[int]) -> np.ndarray:
            ids = np.array([windows[n][1] for n in batch], dtype=np.int64)
            case = np.array([casings(texts[windows[n][0]], windows[n][2]) for n in batch], dtype=np.int64)
            logits = self._session.run(None, {"input_ids": ids, "casings": case})[0]
            if not np.isfinite(logits).all():  # which would pass for harmless
                raise ModelError(Problem("redaction model", "gives no numbers", "check out models/redactor/ again"))
            return logits

        read: list[list[Read]] = [[] for _ in texts]
        batches = batches_of_one_length([len(ids) for _, ids, _ in windows])
        for batch, logits in zip(batches, run_batches(run, batches, self._threads), strict=True):
            for n, chances in zip(batch, _softmax(logits), strict=True):
                row, _, places = windows[n]
                read[row].append((places, chances))
        return [
            list(_words(text, _joined(parts), self._labels, least)) for text, parts in zip(texts, read, strict=True)
        ]

    def _entities(self, text: str, words: Sequence[Word]) -> list[Entity]:
        words = [word for word in words if _says(text, word)]
        sure = [word for word in words if word.risk >= self._thresholds[word.label]]
        found, let_go = details(text, sure)
        return [
            *(entity._replace(score=self._score(entity)) for entity in found),
            *(entity._replace(label=DOUBT if entity.score >= LIKELY else SUSPECT) for entity in let_go),
            *(
                Entity(word.start, word.end, DOUBT if word.risk >= self._doubt else SUSPECT, word.risk)
                for word in words
                if word.risk < self._thresholds[word.label]
            ),
        ]

    def _score(self, entity: Entity) -> float:
        threshold = self._thresholds[entity.label.removeprefix(PREFIX)]
        return round(0.5 + 0.5 * (entity.score - threshold) / (1.0 - threshold), 4)


def casings(text: str, places: Sequence[tuple[int, int]]) -> list[int]:
    """How the word of each token is written, for the tokenizer tells no capitals from small letters.

    0 without letters, 1 small letters, 2 a capital and small letters, 3 capitals, 4 one capital alone, 5 mixed.
    """
    written = [0] * (len(text) + 1)
    for word in _WRITTEN.finditer(text):
        start, end = word.span()
        written[start:end] = [_casing(word.group())] * (end - start)
    return [written[start] if end > start else 0 for start, end in places]


@lru_cache(maxsize=20_000)
def _casing(word: str) -> int:
    letters = "".join(character for character in word if character.isalpha())
    if not letters:
        return 0
    if letters.islower():
        return 1
    if len(letters) == 1:
        return 4
    if letters.isupper():
        return 3
    return 2 if letters[0].isupper() and letters[1:].islower() else 5


Read = tuple[Sequence[tuple[int, int]], np.ndarray]
"""The characters of tokens, and the chances of each: none, then begin and inside for each label."""


def _joined(windows: Sequence[Read]) -> Read:
    """A text's tokens in order; of one that two windows hold, what worries more. Without the model's own signs."""
    if len(windows) == 1:
        places, chances = windows[0]
        own = [n for n, (start, end) in enumerate(places) if end > start]
        places = [places[n] for n in own]
        if all(map(lt, places, places[1:])):
            return places, chances[own]
    best: dict[tuple[int, int], np.ndarray] = {}
    for places, chances in windows:
        for place, chance in zip(places, chances, strict=True):
            if place[1] > place[0] and (place not in best or chance[0] < best[place][0]):
                best[place] = chance
    places = sorted(best)
    return places, np.array([best[place] for place in places])


def _words(text: str, read: Read, labels: Sequence[str], least: float) -> Iterator[Word]:
    """Words whose risk is at least `least`. Tokens that touch are one word: no part of it is ever masked alone."""
    places, chances = read
    if not places:
        return
    first = [0]
    for n, ((_, end), (start, _)) in enumerate(pairwise(places), start=1):
        if not (end >= start and text[start].isalnum() and text[start - 1].isalnum()):
            first.append(n)
    risks = 1.0 - np.minimum.reduceat(chances[:, 0], first)
    edges = [*first, len(places)]
    for n, risk in enumerate(round(risk, 4) for risk in risks.tolist()):
        if risk >= least:
            one, following = edges[n : n + 2]
            of_word = chances[one:following]
            likeliest = int((of_word[:, 1::2] + of_word[:, 2::2]).sum(axis=0).argmax())
            begins = bool(of_word[0, 1 + 2 * likeliest] > of_word[0, 2 + 2 * likeliest])
            yield Word(places[one][0], places[following - 1][1], labels[likeliest], risk, begins)


def _says(text: str, word: Word) -> bool:
    return any(character.isalnum() for character in text[word.start : word.end])


def _softmax(logits: np.ndarray) -> np.ndarray:
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return shifted / shifted.sum(axis=-1, keepdims=True)
