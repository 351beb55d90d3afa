"""From what was found in a document to its redacted text, under one policy for each attribution. Pure functions."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.labels import kind
from pipeline.redaction.documents import Person, RedactedDocument, RedactedSegment, Segment, Span
from pipeline.redaction.findings import Finding
from pipeline.redaction.generalise import generalised
from pipeline.redaction.placeholders import Placeholders
from pipeline.redaction.policy import Policy, is_disputed, is_generalised, policy_for, to_replace
from pipeline.redaction.resolver import resolve
from pipeline.redaction.review import reasons
from pipeline.redaction.shadow import Shadow
from pipeline.study import Attribution


@dataclass(frozen=True)
class MarkedSegment:
    """A segment with everything found in its shadow, whatever is to become of it. Holds original text."""

    segment: Segment
    shadow: Shadow
    person: Person | None  # who says it; None: an interviewer or somebody unknown
    findings: tuple[Finding, ...] = ()
    doubts: tuple[tuple[int, int], ...] = ()  # words of the shadow that might be a detail
    disputed: bool = False  # whether the classifier sees a name in words that a list of ours lets stand
    suspects: frozenset[str] = frozenset()  # words, casefolded, that might be one if they look like an unknown name


@dataclass(frozen=True)
class MarkedDocument:
    """With `held` reasons nothing can be said about what its segments hold."""

    document_id: str
    segments: tuple[MarkedSegment, ...]
    suppliers: frozenset[str] = frozenset()  # `about` of organisations that employ a Supplier contributor
    held: tuple[str, ...] = ()


def render(marked: MarkedDocument, policies: Mapping[Attribution, Policy]) -> RedactedDocument:
    """The redacted document; of one that is held, no text."""
    if marked.held:
        empty = tuple(RedactedSegment(m.segment.segment_id, "") for m in marked.segments)
        return RedactedDocument(marked.document_id, empty, marked.held)
    placeholders = Placeholders(marked.suppliers)
    segments = tuple(
        _render(segment, policy_for(segment.person, policies), placeholders) for segment in marked.segments
    )
    return RedactedDocument(marked.document_id, segments)


def _render(marked: MarkedSegment, policy: Policy, placeholders: Placeholders) -> RedactedSegment:
    original, shadow = marked.segment.text, marked.shadow
    replaced = to_replace(marked.findings, policy, marked.person)
    resolved = resolve(shadow.text, replaced)
    spans: list[Span] = []
    text: list[str] = []
    position = 0
    for f in resolved:
        start, end = shadow.to_original(f.start, f.end)
        start = max(start, position)  # one character of the original can be several of the shadow: "¼" is "1/4"
        if end <= start:
            continue
        found = shadow.text[f.start : f.end]
        wider = generalised(f.label, found) if is_generalised(f, replaced, policy) else ""
        placeholder = placeholders.placeholder(found, f, wider)
        spans.append(Span(start, end, f.label, kind(f.label), f.score, f.source, placeholder))
        text += [original[position:start], placeholder]
        position = end
    text.append(original[position:])
    kept = {f.label for f in marked.findings} - {f.label for f in replaced}
    doubtful = any(not any(f.start <= start and end <= f.end for f in resolved) for start, end in marked.doubts)
    disagreed = marked.disputed or is_disputed(marked.findings, replaced)
    review = reasons(original, shadow.text, resolved, kept, doubtful, disagreed, marked.findings)
    protected = tuple(sorted({shadow.to_original(f.start, f.end) for f in replaced if f.is_protected}))
    return RedactedSegment(marked.segment.segment_id, "".join(text), tuple(spans), review, protected)
