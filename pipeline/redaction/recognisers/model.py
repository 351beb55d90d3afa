"""What our own token classifier says, save for what the project keeps."""

from typing import Any

from presidio_analyzer import EntityRecognizer, RecognizerResult

from pipeline.labels import LABELS
from pipeline.redaction import gazetteer
from pipeline.redaction.gazetteer import GramIndex, located_tokens
from pipeline.redaction.token_model import PREFIX

# National bodies and systems are kept whatever the classifier takes them for; a number with a form never is one.
_MAY_BE_KEPT = frozenset({"PERSON", "LOCATION", "ORGANISATION", "UNIT", "ROLE", "FORCE"})


class ModelRecogniser(EntityRecognizer):
    """Reads those of `nlp_artifacts.entities` that the classifier found before, in batches."""

    def __init__(self) -> None:
        self._kept = GramIndex(gazetteer.grams("keep") | gazetteer.grams("foreign_places"))
        super().__init__(supported_entities=sorted(LABELS - {"REDACTED"}), name="model:redactor")

    def load(self) -> None:
        """The classifier is loaded before."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:  # noqa: ARG002
        found = [entity for entity in nlp_artifacts.entities if entity.label.startswith(PREFIX)]
        kept = [(start, end) for start, end, _ in self._kept.find(text, located_tokens(text))] if found else []
        return [
            RecognizerResult(label, entity.start, entity.end, entity.score)
            for entity in found
            if (label := entity.label.removeprefix(PREFIX)) not in _MAY_BE_KEPT
            or not any(start <= entity.start and entity.end <= end for start, end in kept)
        ]
