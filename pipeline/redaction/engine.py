"""Presidio's engine with our recognisers and classifier, set up to be fast, offline and unable to fail silently."""

import os
from collections.abc import Sequence
from typing import Any

from pipeline.errors import ModelError
from pipeline.redaction.findings import Entity, Finding
from pipeline.redaction.token_model import TokenModel


class Engine:
    """All recognisers that look at one segment at a time. Build once: loading takes seconds."""

    def __init__(self, token_model: str, minimum_score: float, timeout: float, cores: int = 1) -> None:
        # Presidio's e-mail code and tldextract would fetch a list of domains; an empty value keeps them offline.
        os.environ["TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS"] = ""
        self._minimum_score = minimum_score
        self._classifier = TokenModel(token_model, cores)
        self._analyzer = _analyzer(timeout)
        self._entities = self._analyzer.get_supported_entities("en")

    def classify(self, texts: Sequence[str]) -> list[list[Entity] | None]:
        """What the classifier says of every text; None where it failed."""
        try:
            return [*self._classifier.find(texts)]
        except Exception:  # noqa: BLE001 (one bad text must hold its own document only)
            return [self._try(text) for text in texts]

    def find(self, text: str, entities: Sequence[Entity]) -> list[Finding]:
        """What the recognisers find in one shadow text. Raises whatever a recogniser raises."""
        from presidio_analyzer import RecognizerResult
        from presidio_analyzer.nlp_engine import NlpArtifacts

        from pipeline.redaction.recognisers.base import layer, threshold, without_hair

        artifacts = NlpArtifacts(list(entities), None, [], [], None, "en")  # pyright: ignore[reportArgumentType]
        results = self._analyzer.analyze(
            text, "en", entities=self._entities, nlp_artifacts=artifacts, score_threshold=threshold(self._minimum_score)
        )
        name = RecognizerResult.RECOGNIZER_NAME_KEY
        return sorted(
            Finding(r.start, r.end, r.entity_type, without_hair(r.score), layer(str(r.recognition_metadata[name])))
            for r in results
        )

    def _try(self, text: str) -> list[Entity] | None:
        try:
            return self._classifier.find([text])[0]
        except Exception:  # noqa: BLE001 (the document is held)
            return None


def _analyzer(timeout: float) -> Any:
    import spacy
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    from pipeline.redaction.recognisers import (
        accounts,
        contact,
        dates,
        family,
        numbers,
        people,
        places,
        roles_units,
        whereabouts,
    )
    from pipeline.redaction.recognisers.base import Guarded, RuleRecogniser
    from pipeline.redaction.recognisers.model import ModelRecogniser

    class NoSpacy(SpacyNlpEngine):
        """No recogniser of ours needs spaCy's; Presidio would otherwise download a model."""

        def __init__(self) -> None:
            super().__init__(models=[{"lang_code": "en", "model_name": "none"}])
            self.nlp = {"en": spacy.blank("en")}

        def load(self) -> None:
            raise ModelError("no spaCy model is loaded for redaction")

        @staticmethod
        def _download_spacy_model_if_needed(model_name: str) -> None:  # noqa: ARG004
            raise ModelError("spaCy models are never downloaded")

    class NoContext(ContextAwareEnhancer):
        """Our rules read the context themselves; Presidio's would need lemmas."""

        def __init__(self) -> None:
            super().__init__(0.0, 0.0, 0, 0)

        def enhance_using_context(self, text: str, raw_results: Any, *_: Any, **__: Any) -> Any:  # noqa: ARG002
            return raw_results

    rules = (
        *numbers.NATIONAL_IDS,
        *numbers.OFFICER_NUMBERS,
        *numbers.REFERENCES,
        *numbers.SPOKEN,
        *accounts.CARDS,
        *accounts.ACCOUNTS,
        *accounts.TAXES,
        *accounts.DEVICES,
        *whereabouts.NETWORK,
        *whereabouts.COORDINATES,
        *whereabouts.THREE_WORDS,
        *numbers.VEHICLES,
        *contact.EMAILS,
        *contact.URLS,
        *contact.HANDLES,
        *contact.POSTCODES,
        *contact.ADDRESSES,
        *people.PEOPLE,
        *places.FORCES,
        *dates.DATES,
        *dates.AGES,
        *roles_units.ROLES,
        *roles_units.UNITS,
        *family.FAMILY,
    )
    recognisers = [
        RuleRecogniser("all", rules, timeout),  # as one: Presidio takes its time over each recogniser
        numbers.PhoneRecogniser(timeout),
        places.GazetteerRecogniser(),
        ModelRecogniser(),
    ]
    registry = RecognizerRegistry(recognizers=[Guarded(r) for r in recognisers], supported_languages=["en"])
    return AnalyzerEngine(
        registry=registry, nlp_engine=NoSpacy(), supported_languages=["en"], context_aware_enhancer=NoContext()
    )
