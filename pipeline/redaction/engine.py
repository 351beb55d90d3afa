"""Presidio's engine with spaCy's tagger, set up to be fast, offline and unable to fail silently."""

import os
from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.errors import ModelError, Problem
from pipeline.models import load_spacy
from pipeline.redaction.findings import Entity, Finding
from pipeline.redaction.token_model import TokenModel

BATCH = 64  # short answers cost call overhead, not computing: batches make them 2 to 3 times faster
CHUNK = 20_000  # characters the tagger sees at once; spaCy refuses a million, and memory grows with length
_USED = {"tok2vec", "transformer", "ner"}


class Engine:
    """All recognisers that look at one segment at a time. Build once: loading takes seconds."""

    def __init__(self, spacy_model: str, token_model: str, minimum_score: float, timeout: float) -> None:
        # Presidio's e-mail code and tldextract would fetch a list of domains; an empty value keeps them offline.
        os.environ["TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS"] = ""
        self._minimum_score = minimum_score
        self._nlp = load_spacy(spacy_model, _USED)
        if "ner" not in self._nlp.pipe_names:
            raise ModelError(Problem("study.yaml [redaction.spacy_model]", "has no entity tagger", "name one that has"))
        self._classifier = TokenModel(token_model)
        self._analyzer = _analyzer(self._nlp, timeout)
        self._entities = self._analyzer.get_supported_entities("en")

    def tag(self, texts: Sequence[str]) -> list[list[Entity] | None]:
        """The entities of tagger and classifier for every text; None where either failed."""
        pieces = [(i, offset, piece) for i, text in enumerate(texts) for offset, piece in _chunks(text)]
        found: list[list[Entity] | None] = [[] for _ in texts]
        try:
            docs: list[Any] = list(self._nlp.pipe((piece for _, _, piece in pieces), batch_size=BATCH))
        except Exception:  # noqa: BLE001 (one bad text must hold its own document only)
            docs = [self._try(piece) for _, _, piece in pieces]
        for (i, offset, _), doc in zip(pieces, docs, strict=True):
            entities = found[i]
            if doc is None:
                found[i] = None
            elif entities is not None:
                entities += [Entity(e.start_char + offset, e.end_char + offset, e.label_) for e in doc.ents]
        for i, text in enumerate(texts):
            entities = found[i]
            if entities is not None:
                try:
                    entities += self._classifier.find(text)
                except Exception:  # noqa: BLE001 (the document is held)
                    found[i] = None
        return found

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

    def _try(self, text: str) -> Any:
        try:
            return self._nlp(text)
        except Exception:  # noqa: BLE001 (the document is held)
            return None


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """Offset and text of pieces of at most CHUNK characters, cut at white space where there is any."""
    start = 0
    while len(text) - start > CHUNK:
        cut = max(
            text.rfind(" ", start + CHUNK // 2, start + CHUNK), text.rfind("\n", start + CHUNK // 2, start + CHUNK)
        )
        cut = cut if cut > start else start + CHUNK
        yield start, text[start:cut]
        start = cut
    yield start, text[start:]


def _analyzer(nlp: Any, timeout: float) -> Any:
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    from pipeline.redaction.recognisers import (
        contact,
        dates_ages,
        numbers,
        people,
        places,
        private_life,
        roles_units,
    )
    from pipeline.redaction.recognisers.base import Guarded, Rule, RuleRecogniser
    from pipeline.redaction.recognisers.model import ModelRecogniser
    from pipeline.redaction.recognisers.ner import NerRecogniser

    class LoadedSpacy(SpacyNlpEngine):
        """Holds a model that is already loaded; Presidio would otherwise download a missing one."""

        def __init__(self) -> None:
            super().__init__(models=[{"lang_code": "en", "model_name": "loaded"}])
            self.nlp = {"en": nlp}

        def load(self) -> None:
            raise ModelError("spaCy models are loaded from local folders only")

        @staticmethod
        def _download_spacy_model_if_needed(model_name: str) -> None:  # noqa: ARG004
            raise ModelError("spaCy models are never downloaded")

    class NoContext(ContextAwareEnhancer):
        """Our rules read the context themselves; Presidio's would need lemmas."""

        def __init__(self) -> None:
            super().__init__(0.0, 0.0, 0, 0)

        def enhance_using_context(self, text: str, raw_results: Any, *_: Any, **__: Any) -> Any:  # noqa: ARG002
            return raw_results

    rules: dict[str, tuple[Rule, ...]] = {
        "national ids": numbers.NATIONAL_IDS,
        "officer numbers": numbers.OFFICER_NUMBERS,
        "references": numbers.REFERENCES,
        "spoken numbers": numbers.SPOKEN,
        "vehicles": numbers.VEHICLES,
        "e-mail": contact.EMAILS,
        "web": contact.URLS,
        "handles": contact.HANDLES,
        "postcodes": contact.POSTCODES,
        "addresses": contact.ADDRESSES,
        "people": people.PEOPLE,
        "forces": places.FORCES,
        "places": places.PLACES,
        "organisations": places.ORGANISATIONS,
        "dates": dates_ages.DATES,
        "ages": dates_ages.AGES,
        "roles": roles_units.ROLES,
        "units": roles_units.UNITS,
        "health": private_life.HEALTH,
        "family": private_life.FAMILY,
    }
    recognisers = [
        *(RuleRecogniser(name, group, timeout) for name, group in rules.items()),
        numbers.PhoneRecogniser(timeout),
        places.GazetteerRecogniser(),
        NerRecogniser(),
        ModelRecogniser(),
    ]
    registry = RecognizerRegistry(recognizers=[Guarded(r) for r in recognisers], supported_languages=["en"])
    return AnalyzerEngine(
        registry=registry, nlp_engine=LoadedSpacy(), supported_languages=["en"], context_aware_enhancer=NoContext()
    )
