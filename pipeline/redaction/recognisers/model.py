"""What our own token classifier says, save for what the project keeps."""

from collections.abc import Iterable
from typing import Any

import regex
from presidio_analyzer import EntityRecognizer, RecognizerResult

from pipeline.labels import LABELS
from pipeline.redaction import gazetteer
from pipeline.redaction.details import PREFIX
from pipeline.redaction.findings import Entity
from pipeline.redaction.gazetteer import GramIndex, located_tokens

# National bodies and systems are kept whatever the classifier takes them for; a number with a form never is one.
_MAY_BE_KEPT = frozenset({"PERSON", "LOCATION", "ORGANISATION", "UNIT", "ROLE", "FORCE"})

# The classifier takes "… at all. For example" for an address on the web; several words are one only in some form.
_FORMS = {
    "URL": regex.compile(r"(?i)^\S+$|\w\.\w|\bdot\b|\bslash\b|\bwww\b|://|\w/\w"),
    "EMAIL": regex.compile(r"(?i)^\S+$|@|\b(?:at|dot)\b"),
}


class ModelRecogniser(EntityRecognizer):
    """Reads those of `nlp_artifacts.entities` that the classifier found before, in batches."""

    def __init__(self) -> None:
        self._kept = GramIndex(gazetteer.grams("keep"))
        self._foreign = GramIndex(gazetteer.grams("foreign_places"))
        super().__init__(supported_entities=sorted(LABELS - {"REDACTED"}), name="model:redactor")

    def load(self) -> None:
        """The classifier is loaded before."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:  # noqa: ARG002
        found = [entity for entity in nlp_artifacts.entities if entity.label.startswith(PREFIX)]
        words = located_tokens(text) if found else []
        kept = [(start, end) for start, end, _ in self._kept.find(text, words)]
        # Only as a place: "Florence" and "Chad" are also people.
        foreign = [(start, end) for start, end, _ in self._foreign.find(text, words)]
        return [
            RecognizerResult(label, entity.start, entity.end, entity.score)
            for entity in found
            if not _is_in(entity, kept if (label := entity.label.removeprefix(PREFIX)) in _MAY_BE_KEPT else ())
            and not _is_in(entity, foreign if label == "LOCATION" else ())
            and (label not in _FORMS or _FORMS[label].search(text[entity.start : entity.end]) is not None)
        ]


def _is_in(entity: Entity, stretches: Iterable[tuple[int, int]]) -> bool:
    return any(start <= entity.start and entity.end <= end for start, end in stretches)
