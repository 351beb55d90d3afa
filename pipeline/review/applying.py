"""What redaction proposed, changed as reviewers decided. Pure: documents and decisions in, documents out.

Where a decision would uncover something and another would mask it, it is masked. A decision counts only for the text it
was taken about, and only while everything that its reviewer saw redacted is still proposed to be.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from typing import Any

from pipeline.labels import kind
from pipeline.redaction import gazetteer
from pipeline.redaction.documents import Document, RedactedDocument, RedactedSegment, Segment, Span
from pipeline.redaction.gazetteer import GramIndex, located_tokens, tokens
from pipeline.redaction.shadow import make_shadow
from pipeline.review.decisions import Decision, Decisions, Extent, Mask, keyed_hash, text_key
from pipeline.review.vocabulary import CHANGED, DROPPED, NOUNS, REDACTED

Spans = tuple[Span, ...]


def apply_decisions(
    documents: Sequence[Document], redacted: Sequence[RedactedDocument], decisions: Decisions, key: bytes
) -> tuple[list[RedactedDocument], list[dict[str, Any]]]:
    """The redacted documents as decided, and a row of REVIEWS for every segment that a contributor said.

    Args:
        documents: the originals of `redacted`, in the same order.
        key: the study's.
    """
    done: list[RedactedDocument] = []
    reviews: list[dict[str, Any]] = []
    for document, proposed in zip(documents, redacted, strict=True):
        if proposed.held:
            done.append(proposed)
            continue
        segments, rows = _document(document, proposed.segments, decisions, key)
        done.append(replace(proposed, segments=segments))
        reviews += rows
    return done, reviews


def _document(
    document: Document, proposed: tuple[RedactedSegment, ...], decisions: Decisions, key: bytes
) -> tuple[tuple[RedactedSegment, ...], list[dict[str, Any]]]:
    keys = [text_key(key, segment.text) for segment in document.segments]
    about = [
        decisions.about(segment.segment_id, document.document_id, known)
        for segment, known in zip(document.segments, keys, strict=True)
    ]
    everywhere = _repeated(document.segments, about)
    segments: list[RedactedSegment] = []
    rows: list[dict[str, Any]] = []
    for original, raw, known, decision in zip(document.segments, proposed, keys, about, strict=True):
        masks = [mask for mask in everywhere.get(original.segment_id, ()) if not decision or mask not in decision.masks]
        proposal = replace(raw, spans=masked(raw.spans, masks))
        was_decided = decision is not None or decisions.is_void(original.segment_id, known)
        segment, state = _segment(proposal, decision, was_decided, masks)
        segments.append(replace(segment, text=redacted_text(original.text, segment.spans)))
        if original.contributor_id:
            rows.append(
                {
                    "segment_id": original.segment_id,
                    "document_id": document.document_id,
                    "reasons": segment.review if state in ("waiting", "void") else raw.review,
                    "state": state,
                    "proposal": json.dumps([asdict(span) for span in proposal.spans]),
                    "protected": json.dumps(raw.protected),
                    "text_key": known,
                    "check": check_code(key, original.text, proposal.spans),
                }
            )
    return tuple(segments), rows


def check_code(key: bytes, text: str, spans: Iterable[Span]) -> str:
    """Stands for a text and what is proposed to be redacted in it: another one means that a reviewer saw another."""
    return keyed_hash(key, "proposal", text, *(f"{span.start}-{span.end}" for span in spans))[:16]


def _segment(
    proposal: RedactedSegment, decision: Decision | None, was_decided: bool, masks: Sequence[Mask]
) -> tuple[RedactedSegment, str]:
    """The segment as decided, and how its review stands. `masks` are other decisions', which no keep overrules."""
    if decision is None or not _holds(decision, proposal):
        spans = masked(proposal.spans, decision.masks) if decision else proposal.spans
        if was_decided:
            return replace(proposal, spans=spans, review=",".join(filter(None, [proposal.review, CHANGED]))), "void"
        return proposal, "waiting" if proposal.review else "none"
    spans = masked(kept(proposal.spans, decision.keeps), [*masks, *decision.masks])
    if decision.drops:
        return replace(proposal, spans=spans, review=DROPPED), "dropped"
    return replace(proposal, spans=spans, review=""), "decided"


def _holds(decision: Decision, proposal: RedactedSegment) -> bool:
    """Whether all that its reviewer saw redacted still is, and nothing it keeps is anybody's on the roster."""
    extents = [(span.start, span.end) for span in proposal.spans]
    covered = all(any(s <= start and end <= e for s, e in extents) for start, end in decision.seen)
    return covered and not any(_overlap(keep, extent) for keep in decision.keeps for extent in proposal.protected)


def _repeated(segments: Sequence[Segment], about: Sequence[Decision | None]) -> dict[str, list[Mask]]:
    """Segment id → words that a decision about another segment of the document redacts.

    Ordinary words ("the new one") are redacted only where the reviewer read them.
    """
    nouns = {
        gram: mask.noun
        for segment, decision in zip(segments, about, strict=True)
        for mask in (decision.masks if decision else ())
        if (gram := tokens(make_shadow(segment.text[mask.start : mask.end]).text))
        and not all(gazetteer.is_ordinary(word) or word.isdigit() for word in gram)
    }
    found: dict[str, list[Mask]] = {}
    index = GramIndex(nouns)
    for segment in segments if nouns else ():
        shadow = make_shadow(segment.text)
        for start, end, gram in index.find(shadow.text, located_tokens(shadow.text)):
            found.setdefault(segment.segment_id, []).append(Mask(*shadow.to_original(start, end), nouns[gram]))
    return found


# ── spans ───────────────────────────────────────────────────────────────────────────────────────────────────────


def masked(spans: Spans, masks: Iterable[Mask]) -> Spans:
    """The spans with further words masked. What overlaps is joined, and shown as the mask says if it says anything."""
    for mask in masks:
        touched = [span for span in spans if _overlap((span.start, span.end), (mask.start, mask.end))]
        start = min([mask.start, *(span.start for span in touched)])
        end = max([mask.end, *(span.end for span in touched)])
        if touched and mask.noun == REDACTED:
            new = replace(touched[0], start=start, end=end)
        else:
            label = NOUNS[mask.noun]
            new = Span(start, end, label, kind(label), 1.0, "review", f"[{mask.noun}]")
        spans = tuple(sorted([*(span for span in spans if span not in touched), new], key=lambda span: span.start))
    return spans


def kept(spans: Spans, keeps: Iterable[Extent]) -> Spans:
    """The spans without the extents that may be read: shortened, split in two, or gone."""
    for keep in keeps:
        parts: list[Span] = []
        for span in spans:
            if _overlap((span.start, span.end), keep):
                ends = ((span.start, min(span.end, keep[0])), (max(span.start, keep[1]), span.end))
                parts += [replace(span, start=start, end=end) for start, end in ends if start < end]
            else:
                parts.append(span)
        spans = tuple(parts)
    return spans


def redacted_text(original: str, spans: Iterable[Span]) -> str:
    """`original` with each span replaced by its placeholder."""
    text: list[str] = []
    position = 0
    for span in spans:
        text += [original[position : span.start], span.placeholder]
        position = span.end
    return "".join([*text, original[position:]])


def _overlap(one: Extent, other: Extent) -> bool:
    return one[0] < other[1] and other[0] < one[1]
