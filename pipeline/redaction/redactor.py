"""Documents in, redacted documents out, in the same order; whatever goes wrong with one holds that one."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from pipeline import forces
from pipeline.errors import Problem, RefusedError
from pipeline.labels import DIRECT
from pipeline.process import settled, usable_cores
from pipeline.redaction import gazetteer, known_answer, unknown
from pipeline.redaction.documents import Document, Person, RedactedDocument
from pipeline.redaction.findings import Entity, Finding
from pipeline.redaction.gazetteer import Gram, GramIndex, located_tokens
from pipeline.redaction.policy import policies
from pipeline.redaction.propagation import propagate
from pipeline.redaction.render import MarkedDocument, MarkedSegment, render
from pipeline.redaction.resolver import drop_kept
from pipeline.redaction.roster import Roster, is_supplier, organisation_key
from pipeline.redaction.shadow import Shadow, make_shadow
from pipeline.redaction.token_model import DOUBT, PREFIX
from pipeline.study import Overrides, Profile, Redaction

HELD = ("timeout", "recogniser_error", "classifier_error")
_BATCH_SEGMENTS = 512  # more would leave other cores idle while the rules read the last batch
_ALONE = 4  # times as many on one core, so that more texts of one length run together
_SURE = 0.95  # of the classifier's scores, which are from 0.5 to 1
# In a text all in capitals only what has a shape of its own is read as it stands; words are read in lower case.
_SHAPED = (DIRECT - {"PERSON"}) | {"FORCE", "DATE", "AGE"}
_NAME = re.compile(r"\b[A-Z][^\W\d_]{2,}")

Said = Sequence[list[Entity] | None]
"""Of every segment of some documents what the classifier says; None where it failed."""


class _Held(Exception):
    """A document that cannot go on; the argument is one of HELD."""


@dataclass(frozen=True)
class _Job:
    """A document with the shadows of its segments."""

    document: Document
    shadows: list[Shadow]


class Redactor:
    """Masks what could identify a contributor or somebody they speak of.

    Loads its models when first used and then redacts a document with one of every identifier; RefusedError names the
    labels if any of it is missed, and nothing else is redacted. Raises ModelError for a missing model.
    """

    def __init__(self, settings: Redaction, roster: Sequence[Person]) -> None:
        self._settings = settings
        self._roster = Roster(roster)
        self._suppliers = _suppliers(roster)
        self._keep: frozenset[Gram] = frozenset(gazetteer.tokens(word) for word in settings.keep)
        self._mask = GramIndex(gazetteer.tokens(word) for word in settings.mask)
        self._policies = policies(settings)
        self._cores = min(settings.cores, usable_cores())
        self._ready = False

    def redact(
        self, documents: Sequence[Document], progress: Callable[[int], None] | None = None
    ) -> list[RedactedDocument]:
        """Redacted documents in the order given. `progress` is called with the number of documents done so far."""
        self._prepare()  # also where there is nothing to do: whoever asks wants to know whether it could be done
        redacted: list[RedactedDocument] = []
        suspects: dict[tuple[str, str], frozenset[str]] = {}
        with settled():
            for batch, said in self._classified(self._batches(documents)):
                marked = self._mark_batch(batch, said)
                redacted += [self._render(document) for document in marked]
                suspects |= {(d.document_id, s.segment.segment_id): s.suspects for d in marked for s in d.segments}
                if progress:
                    progress(len(redacted))
            return unknown.add_reason(redacted, suspects)

    def mark(self, documents: Sequence[Document]) -> list[MarkedDocument]:
        """What was found in each document, in the order given, for `render` under any policy. Holds original text."""
        self._prepare()
        batches = self._classified(self._batches(documents))
        with settled():
            return [marked for batch, said in batches for marked in self._mark_batch(batch, said)]

    def _batches(self, documents: Sequence[Document]) -> list[list[Document]]:
        return list(_batches(documents, _BATCH_SEGMENTS * (_ALONE if self._cores == 1 else 1)))

    def _classified(self, batches: Sequence[Sequence[Document]]) -> Iterator[tuple[Sequence[Document], Said]]:
        """Each batch and what the classifier says of it, which with several cores reads on meanwhile."""
        if self._cores == 1:
            yield from zip(batches, map(self._classify, batches), strict=True)
            return
        with ThreadPoolExecutor(1) as ahead:
            yield from zip(batches, ahead.map(self._classify, batches), strict=True)

    def _classify(self, documents: Sequence[Document]) -> Said:
        return self._engine.classify([make_shadow(s.text).text for document in documents for s in document.segments])

    def _prepare(self) -> None:
        if self._ready:
            return
        from pipeline.redaction.engine import Engine

        settings = self._settings
        self._engine = Engine(settings.model, settings.minimum_score, settings.timeout_seconds, self._cores)
        self._ready = True
        try:
            self._check_known_answer()
        except BaseException:
            self._ready = False
            raise

    def _check_known_answer(self) -> None:
        """The same engine and settings of recognition, with the roster and policy the answer is known for.

        Once without the classifier, which would hide that a rule has stopped working, and once as it will be.
        """
        everything = {"keep": (), "profile": Profile.STRICT, "policy": Overrides()}
        check = Redactor(self._settings.model_copy(update=everything), [known_answer.PERSON])
        check._engine, check._ready = self._engine, True
        missed: set[str] = set()
        said = check._classify([known_answer.DOCUMENT])
        for classify in (False, True):
            (marked,) = check._mark_batch([known_answer.DOCUMENT], said, classify)
            missed |= set(known_answer.missed(check._render(marked), classify))
        if missed:
            what = f"missed {', '.join(sorted(missed))} in its own test document"
            raise RefusedError(Problem("redaction", what, "nothing was redacted"))

    def _render(self, marked: MarkedDocument) -> RedactedDocument:
        deadline = time.monotonic() + self._settings.timeout_seconds
        held = "timeout"
        try:
            redacted = render(marked, self._policies)
            if time.monotonic() <= deadline:
                return redacted
        except Exception:  # noqa: BLE001 (fail closed: what went wrong may hold text, so only that it did is kept)
            held = "recogniser_error"
        return render(replace(marked, held=(held,)), self._policies)

    def _mark_batch(self, documents: Sequence[Document], said: Said, classify: bool = True) -> list[MarkedDocument]:
        of_segments = iter(said)
        marked: list[MarkedDocument] = []
        for document in documents:
            job = _Job(document, [make_shadow(segment.text) for segment in document.segments])
            answers = [next(of_segments) for _ in job.shadows]
            try:
                if any(answer is None for answer in answers):
                    raise _Held("classifier_error")
                entities = [answer or [] if classify else [] for answer in answers]
                found = self._find_all(job, entities)
                marked.append(self._marked(job, found, entities))
            except _Held as held:
                marked.append(self._marked(job, held=str(held)))
            except TimeoutError:
                marked.append(self._marked(job, held="timeout"))
            except Exception:  # noqa: BLE001 (as above)
                marked.append(self._marked(job, held="recogniser_error"))
        return marked

    def _marked(
        self,
        job: _Job,
        found: Sequence[Sequence[Finding]] = (),
        entities: Sequence[Sequence[Entity]] = (),
        held: str = "",
    ) -> MarkedDocument:
        nothing = [()] * len(job.shadows)
        segments = tuple(
            MarkedSegment(
                segment,
                shadow,
                self._roster.person(segment.contributor_id),
                tuple(findings),
                tuple((e.start, e.end) for e in said if e.label == DOUBT),
                any(self._is_overruled(shadow.text, e, findings) for e in said),
                frozenset(
                    (
                        *(word for e in said for word in _suspects(shadow.text, e)),
                        *self._products(shadow.text, segment.contributor_id),
                    )
                ),
            )
            for segment, shadow, findings, said in zip(
                job.document.segments, job.shadows, found or nothing, entities or nothing, strict=True
            )
        )
        return MarkedDocument(job.document.document_id, segments, self._suppliers, (held,) if held else ())

    def _products(self, text: str, contributor_id: str) -> Iterator[str]:
        """What may be a supplier's own product, which gives it away: to the classifier it is one system among many."""
        person = self._roster.person(contributor_id)
        if person and is_supplier(person):
            names = (match.group().casefold() for match in _NAME.finditer(text))
            yield from (name for name in names if not gazetteer.is_ordinary(name))

    def _is_overruled(self, text: str, entity: Entity, found: Sequence[Finding]) -> bool:
        """Whether the classifier is sure of a name that a list of ours, and not the study, lets stand."""
        return (
            entity.label == f"{PREFIX}PERSON"
            and entity.score >= _SURE
            and not any(f.start < entity.end and entity.start < f.end for f in found)
            and gazetteer.tokens(text[entity.start : entity.end]) not in self._keep
        )

    def _find_all(self, job: _Job, entities: list[list[Entity]]) -> list[list[Finding]]:
        """Findings of every segment, without what the study says to keep."""
        deadline = time.monotonic() + self._settings.timeout_seconds
        contributors = sorted({s.contributor_id for s in job.document.segments if s.contributor_id})
        texts = [shadow.text for shadow in job.shadows]
        found: list[list[Finding]] = []
        for text, said in zip(texts, entities, strict=True):
            found.append(self._find(text, said, contributors))
            if time.monotonic() > deadline:
                raise _Held("timeout")
        found = [a + b for a, b in zip(found, propagate(texts, found), strict=True)]
        if time.monotonic() > deadline:
            raise _Held("timeout")
        return [drop_kept(text, findings, self._keep) for text, findings in zip(texts, found, strict=True)]

    def _find(self, text: str, said: list[Entity], contributors: Sequence[str]) -> list[Finding]:
        if not text.strip():
            return []
        shouting = _is_shouting(text)
        if shouting:
            findings = [f for f in self._engine.find(text, []) if f.label in _SHAPED]
            findings += self._engine.find(_lower(text), said)
        else:
            findings = self._engine.find(text, said)
        findings += self._roster.find(text, contributors, shouting)
        findings += [
            Finding(start, end, "REDACTED", 1.0, "mask")
            for start, end, _ in self._mask.find(text, located_tokens(text))
        ]
        return [_completed(text, finding) for finding in findings]


def _batches(documents: Sequence[Document], size: int) -> Iterator[list[Document]]:
    batch: list[Document] = []
    segments = 0
    for document in documents:
        batch.append(document)
        segments += len(document.segments)
        if segments >= size:
            yield batch
            batch, segments = [], 0
    if batch:
        yield batch


def _suspects(text: str, entity: Entity) -> Iterator[str]:
    """The words of what the classifier does not take for harmless; also of what it is sure of, for elsewhere."""
    yield from re.findall(r"[^\W_]+", text[entity.start : entity.end].casefold())


def _suppliers(roster: Sequence[Person]) -> frozenset[str]:
    return frozenset(f"organisation:{organisation_key(p.organisation)}" for p in roster if is_supplier(p))


def _completed(text: str, finding: Finding) -> Finding:
    """A force finding says which force, so that a policy can tell the contributor's own."""
    if finding.label != "FORCE" or finding.about:
        return finding
    return replace(finding, about=forces.force(gazetteer.tokens(text[finding.start : finding.end])))


def _is_shouting(text: str) -> bool:
    letters = "".join(filter(str.isalpha, text))
    return len(letters) >= 20 and sum(map(str.isupper, letters)) / len(letters) > 0.8


def _lower(text: str) -> str:
    """Lower case of the same length, so that offsets hold."""
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
