"""Redaction: what could identify somebody is found on a normalised shadow and masked in the original.

    redactor = Redactor(study.redaction, roster)
    redacted = redactor.redact(documents)

Layers: rules, gazetteers and our classifier as Presidio recognisers (`engine.py`), the contributors' own particulars
(`roster.py`), names found once masked throughout (`propagation.py`); then, apart from detection, what each consent lets
stand under the study's profile (`policy.py`), overlaps (`resolver.py`), placeholders (`placeholders.py`) and wider
classes (`generalise.py`), put together in `render.py`. A document that any layer fails on is held.
"""

from pipeline.redaction.documents import Document, Person, RedactedDocument, RedactedSegment, Segment, Span
from pipeline.redaction.redactor import Redactor
from pipeline.redaction.review import REASONS

__all__ = [
    "REASONS",
    "Document",
    "Person",
    "RedactedDocument",
    "RedactedSegment",
    "Redactor",
    "Segment",
    "Span",
]
