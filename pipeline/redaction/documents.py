"""What goes into the redactor and what comes out of it."""

from dataclasses import dataclass

from pipeline.study import Attribution


@dataclass(frozen=True)
class Person:
    """What intake knows of one contributor. Never published, and never written anywhere by this package."""

    contributor_id: str
    name: str = ""
    email: str = ""
    organisation: str = ""
    role: str = ""
    stakeholder_group: str = ""
    other: tuple[str, ...] = ()  # telephone, collar number, second name, address or employer
    attribution: Attribution = Attribution.NON_ATTRIBUTABLE


@dataclass(frozen=True)
class Segment:
    """One answer, speaker turn or paragraph. An empty `contributor_id` is the interviewer's."""

    segment_id: str
    text: str
    contributor_id: str = ""


@dataclass(frozen=True)
class Document:
    document_id: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Span:
    """One masked stretch: half-open code-point offsets into the original segment text."""

    start: int
    end: int
    label: str
    kind: str  # "direct" or "quasi"
    score: float
    source: str  # mask, roster, rules, gazetteer, propagation or model
    placeholder: str


@dataclass(frozen=True)
class RedactedSegment:
    segment_id: str
    text: str
    spans: tuple[Span, ...] = ()
    review: str = ""  # reasons from `review.REASONS`, comma-separated; empty when nobody need look
    protected: tuple[tuple[int, int], ...] = ()  # stretches of the original that no reviewer may uncover


@dataclass(frozen=True)
class RedactedDocument:
    """With `held` reasons the document must not go on, and its segments carry no text."""

    document_id: str
    segments: tuple[RedactedSegment, ...]
    held: tuple[str, ...] = ()
