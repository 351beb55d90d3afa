"""The redactors that are compared: ours as a study would use it, and Presidio as it is shipped."""

import logging
import os
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.evaluation.gold import GoldPassage
from pipeline.evaluation.scoring import Prediction
from pipeline.models import spacy_folder
from pipeline.study import Redaction, Themes

Progress = Callable[[int, int], None]
Clock = Callable[[], float]


@dataclass(frozen=True)
class Outcome:
    """A prediction for each passage, in order, and the seconds it took by the clock asked for, models being loaded."""

    predictions: tuple[Prediction, ...]
    seconds: float


def quotebank(
    passages: Sequence[GoldPassage], progress: Progress, clock: Clock = time.process_time, n_cores: int = 1
) -> Outcome:
    """Our redactor with its default settings; everybody named in the gold is on the roster and non-attributable."""
    from pipeline.redact_lines import redact_rows

    rows: list[dict[str, Any]] = [
        {
            "passage_id": passage.passage_id,
            "document_id": passage.document_id,
            "text": passage.text,
            "contributor": dict(passage.contributor) if passage.contributor else None,
        }
        for passage in passages
    ]
    started = 0.0

    def on_progress(done: int, total: int) -> None:
        nonlocal started
        if done == 0:
            started = clock()  # models are loaded now
        progress(done, total)

    redacted = redact_rows(rows, on_progress, Redaction(cores=n_cores))
    seconds = clock() - started
    predictions = (
        Prediction(
            tuple((span["start"], span["end"], span["label"]) for span in row["spans"]),
            held=row["held"] or bool(row["reasons"]),
        )
        for row in redacted
    )
    return Outcome(tuple(predictions), seconds)


def presidio(passages: Sequence[GoldPassage], progress: Progress, clock: Clock = time.process_time) -> Outcome:
    """Presidio's AnalyzerEngine with its default recognisers and our spaCy model, text by text, any score."""
    os.environ["TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS"] = ""  # as shipped it would fetch a list of domains
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
    model = {"lang_code": "en", "model_name": str(spacy_folder(Themes().spacy_model))}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "trained with spaCy 3.7": measured to work
        provider = NlpEngineProvider()  # the shipped configuration, which among others leaves organisations out
        provider.nlp_configuration["models"] = [model]
        engine = AnalyzerEngine(nlp_engine=provider.create_engine(), supported_languages=["en"])
    engine.analyze("Nobody was here.", language="en")  # what is loaded at first use is not part of the speed
    predictions: list[Prediction] = []
    started = clock()
    for done, passage in enumerate(passages, start=1):
        results = engine.analyze(passage.text, language="en")
        predictions.append(Prediction(tuple((r.start, r.end, r.entity_type) for r in results)))
        progress(done, len(passages))
    return Outcome(tuple(predictions), clock() - started)


BASELINES: dict[str, Callable[[Sequence[GoldPassage], Progress, Clock], Outcome]] = {"presidio": presidio}
