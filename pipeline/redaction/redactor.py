"""Documents in, redacted documents out, in the same order; whatever goes wrong with one holds that one."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.errors import ConfigError, Problem, RefusedError
from pipeline.redaction import gazetteer, known_answer, unknown
from pipeline.redaction.documents import Document, Person, RedactedDocument, RedactedSegment, Segment, Span
from pipeline.redaction.findings import Entity, Finding
from pipeline.redaction.gazetteer import Gram, GramIndex, located_tokens
from pipeline.redaction.labels import DIRECT, QUASI, SUPPLIER_NAME, kind
from pipeline.redaction.placeholders import Placeholders
from pipeline.redaction.policy import apply_policy
from pipeline.redaction.propagation import propagate
from pipeline.redaction.resolver import drop_kept, resolve
from pipeline.redaction.review import reasons
from pipeline.redaction.roster import Roster, is_supplier, organisation_key
from pipeline.redaction.shadow import Shadow, make_shadow
from pipeline.study import Redaction

HELD = ("timeout", "recogniser_error", "tagger_error")
_BATCH_SEGMENTS = 512
# In a text all in capitals only what has a shape of its own is read as it stands; words are read in lower case.
_SHAPED = (DIRECT - {"PERSON"}) | {"FORCE", "DATE", "AGE"}


class _Held(Exception):
    """A document that cannot go on; the argument is one of HELD."""


@dataclass(frozen=True)
class _Job:
    """A document with the shadows of its segments and what the tagger found in each."""

    document: Document
    shadows: list[Shadow]


class Redactor:
    """Masks what could identify a contributor or somebody they speak of.

    Loads its models at the first `redact` and then redacts a document with one of every identifier; RefusedError names
    the labels if any of it is missed, and nothing else is redacted. Raises ModelError for a missing spaCy model and
    ConfigError for a label that cannot be kept.
    """

    def __init__(self, settings: Redaction, roster: Sequence[Person]) -> None:
        unknown = [label for label in settings.keep_labels if label not in QUASI]
        if unknown:
            raise ConfigError(
                Problem(
                    "study.yaml [redaction.keep_labels]",
                    "has labels that cannot be kept",
                    f"only {', '.join(sorted(QUASI))}",
                )
            )
        self._settings = settings
        self._roster = Roster(roster)
        self._suppliers = _suppliers(roster)
        self._keep: frozenset[Gram] = frozenset(gazetteer.tokens(word) for word in settings.keep)
        self._mask = GramIndex(gazetteer.tokens(word) for word in settings.mask)
        self._keep_labels = frozenset(settings.keep_labels)
        self._ready = False

    def redact(
        self, documents: Sequence[Document], progress: Callable[[int], None] | None = None
    ) -> list[RedactedDocument]:
        """Redacted documents in the order given. `progress` is called with the number of documents done so far."""
        self._prepare()
        redacted: list[RedactedDocument] = []
        for batch in _batches(documents):
            redacted += self._redact_batch(batch)
            if progress:
                progress(len(redacted))
        return unknown.add_reason(redacted)

    def _prepare(self) -> None:
        if self._ready:
            return
        from pipeline.redaction.engine import Engine

        self._engine = Engine(self._settings.spacy_model, self._settings.minimum_score, self._settings.timeout_seconds)
        self._ready = True
        try:
            self._check_known_answer()
        except BaseException:
            self._ready = False
            raise

    def _check_known_answer(self) -> None:
        """The same engine and settings of recognition, with the roster and policy the answer is known for."""
        check = Redactor(self._settings.model_copy(update={"keep": (), "keep_labels": ()}), [known_answer.PERSON])
        check._engine, check._ready = self._engine, True
        missed = known_answer.missed(check._redact_batch([known_answer.DOCUMENT])[0])
        if missed:
            raise RefusedError(
                Problem("redaction", f"missed {', '.join(missed)} in its own test document", "nothing was redacted")
            )

    def _redact_batch(self, documents: Sequence[Document]) -> list[RedactedDocument]:
        jobs = [_Job(document, [make_shadow(segment.text) for segment in document.segments]) for document in documents]
        tagged = iter(self._engine.tag([shadow.text for job in jobs for shadow in job.shadows]))
        redacted: list[RedactedDocument] = []
        for job in jobs:
            entities = [next(tagged) for _ in job.shadows]
            try:
                if any(e is None for e in entities):
                    raise _Held("tagger_error")
                redacted.append(self._redact_document(job, [e or [] for e in entities]))
            except _Held as held:
                redacted.append(_held(job.document, str(held)))
            except TimeoutError:
                redacted.append(_held(job.document, "timeout"))
            except Exception:  # noqa: BLE001 (fail closed: what went wrong may hold text, so only that it did is kept)
                redacted.append(_held(job.document, "recogniser_error"))
        return redacted

    def _redact_document(self, job: _Job, entities: list[list[Entity]]) -> RedactedDocument:
        deadline = time.monotonic() + self._settings.timeout_seconds
        contributors = sorted({s.contributor_id for s in job.document.segments if s.contributor_id})
        texts = [shadow.text for shadow in job.shadows]
        found: list[list[Finding]] = []
        for text, tagged in zip(texts, entities, strict=True):
            found.append(self._find(text, tagged, contributors))
            if time.monotonic() > deadline:
                raise _Held("timeout")
        found = [a + b for a, b in zip(found, propagate(texts, found), strict=True)]
        placeholders = Placeholders(self._suppliers)
        segments = tuple(
            self._mask_segment(segment, shadow, findings, placeholders)
            for segment, shadow, findings in zip(job.document.segments, job.shadows, found, strict=True)
        )
        if time.monotonic() > deadline:
            raise _Held("timeout")
        return RedactedDocument(job.document.document_id, segments)

    def _find(self, text: str, tagged: list[Entity], contributors: Sequence[str]) -> list[Finding]:
        if not text.strip():
            return []
        shouting = _is_shouting(text)
        if shouting:
            findings = [f for f in self._engine.find(text, []) if f.label in _SHAPED]
            findings += self._engine.find(_lower(text), [])
        else:
            findings = self._engine.find(text, tagged)
        findings += self._roster.find(text, contributors, shouting)
        findings += [
            Finding(start, end, "REDACTED", 1.0, "mask")
            for start, end, _ in self._mask.find(text, located_tokens(text))
        ]
        by_supplier = any((p := self._roster.person(c)) and is_supplier(p) for c in contributors)
        return [_completed(text, finding) for finding in findings if by_supplier or finding.label != SUPPLIER_NAME]

    def _mask_segment(
        self, segment: Segment, shadow: Shadow, findings: list[Finding], placeholders: Placeholders
    ) -> RedactedSegment:

        person = self._roster.person(segment.contributor_id)
        findings = apply_policy(drop_kept(shadow.text, findings, self._keep), person, self._keep_labels)
        masked = resolve(shadow.text, findings)
        spans: list[Span] = []
        text: list[str] = []
        position = 0
        for f in masked:
            start, end = shadow.to_original(f.start, f.end)
            placeholder = placeholders.placeholder(shadow.text[f.start : f.end], f)
            spans.append(Span(start, end, f.label, kind(f.label), f.score, f.source, placeholder))
            text += [segment.text[position:start], placeholder]
            position = end
        text.append(segment.text[position:])
        review = reasons(segment.text, shadow.text, masked)
        protected = tuple(sorted({shadow.to_original(f.start, f.end) for f in findings if f.is_protected}))
        return RedactedSegment(segment.segment_id, "".join(text), tuple(spans), review, protected)


def _batches(documents: Sequence[Document]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    segments = 0
    for document in documents:
        batch.append(document)
        segments += len(document.segments)
        if segments >= _BATCH_SEGMENTS:
            yield batch
            batch, segments = [], 0
    if batch:
        yield batch


def _held(document: Document, reason: str) -> RedactedDocument:
    segments = tuple(RedactedSegment(segment.segment_id, "") for segment in document.segments)
    return RedactedDocument(document.document_id, segments, (reason,))


def _suppliers(roster: Sequence[Person]) -> frozenset[str]:
    return frozenset(f"organisation:{organisation_key(p.organisation)}" for p in roster if is_supplier(p))


def _completed(text: str, finding: Finding) -> Finding:
    """A force finding says which force, so that a policy can tell the contributor's own."""
    if finding.label == SUPPLIER_NAME:
        return replace(finding, label="ORGANISATION")
    if finding.label != "FORCE" or finding.about:
        return finding
    gram = gazetteer.tokens(text[finding.start : finding.end])
    force = "Metropolitan Police Service" if gram[:1] == ("met",) else gazetteer.forces().get(gram, "")
    return replace(finding, about=force)


def _is_shouting(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return len(letters) >= 20 and sum(c.isupper() for c in letters) / len(letters) > 0.8


def _lower(text: str) -> str:
    """Lower case of the same length, so that offsets hold."""
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
