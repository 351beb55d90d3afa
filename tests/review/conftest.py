"""One document of two answers by one person, redacted as redaction would."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from pipeline.redaction import Document, RedactedDocument, RedactedSegment, Segment, Span
from pipeline.review.applying import apply_decisions, check_code, redacted_text
from pipeline.review.cases import Case
from pipeline.review.decisions import Decision, Decisions, text_key
from pipeline.review.importing import check_rows, read_rows
from pipeline.review.workbook import CHOICE, COMMENT, INITIALS, SHEET, SHOWN, WORDS, workbook_bytes

KEY = b"k" * 32
FIRST = "Gemma said Niche froze again. Gaz, our only Welsh-speaking dispatcher, rang twice."
SECOND = "Nobody but Gaz knows how the export works."
PROPOSALS = {"s1": (("Gemma", "PERSON", "person"), ("Niche", "ORGANISATION", "organisation")), "s2": ()}


def spans_of(text: str, found: tuple[tuple[str, str, str], ...]) -> tuple[Span, ...]:
    kinds = {"PERSON": "direct", "ORGANISATION": "quasi"}
    return tuple(
        Span(text.index(words), text.index(words) + len(words), label, kinds[label], 0.9, "model", f"[{noun}]")
        for words, label, noun in found
    )


@dataclass(frozen=True)
class Small:
    """The document, what redaction proposes, and what follows from decisions."""

    document: Document
    proposed: RedactedDocument

    def apply(self, *decisions: Decision) -> tuple[dict[str, RedactedSegment], dict[str, dict]]:
        (done,), rows = apply_decisions([self.document], [self.proposed], Decisions(decisions), KEY)
        return {s.segment_id: s for s in done.segments}, {row["segment_id"]: row for row in rows}

    def with_text(self, segment_id: str, text: str) -> "Small":
        segments = tuple(replace(s, text=text) if s.segment_id == segment_id else s for s in self.document.segments)
        return small(replace(self.document, segments=segments))

    def cases(self, *decisions: Decision) -> dict[str, Case]:
        found: dict[str, Case] = {}
        for original, raw in zip(self.document.segments, self.proposed.segments, strict=True):
            found[original.segment_id] = Case(
                original.segment_id, "d", "c", raw.review, original.text, raw.spans, raw.protected,
                text_key(KEY, original.text), check_code(KEY, original.text, raw.spans),
                question="What gets in the way?", attribution="non_attributable", shown_as="Police staff", crowd=9,
                others=("Something else they said.",),
            )  # fmt: skip
        return found


def small(document: Document, proposals: dict | None = None, protected: tuple[str, ...] = ()) -> Small:
    segments = []
    for segment in document.segments:
        found = [(w, *rest) for w, *rest in (proposals or PROPOSALS)[segment.segment_id] if w in segment.text]
        spans = spans_of(segment.text, tuple(found))
        extents = tuple((s.start, s.end) for s in spans if segment.text[s.start : s.end] in protected)
        text = redacted_text(segment.text, spans)
        segments.append(RedactedSegment(segment.segment_id, text, spans, "unknown_name", extents))
    return Small(document, RedactedDocument(document.document_id, tuple(segments)))


@pytest.fixture
def study() -> Small:
    return small(Document("d", (Segment("s1", FIRST, "c"), Segment("s2", SECOND, "c"))))


@pytest.fixture
def decide(tmp_path: Path) -> Callable:
    """Writes a workbook of cases, fills it in with openpyxl as a person would, and checks what came back."""

    def filled(cases: dict[str, Case], *rows: dict[str, str], title: str = "Small"):
        from openpyxl import load_workbook

        path = tmp_path / "review.xlsx"
        path.write_bytes(workbook_bytes(title, list(cases.values())))
        book = load_workbook(path)
        sheet = book[SHEET]
        headers = {cell.value: cell.column for cell in sheet[1]}
        ids = {sheet.cell(n, headers["Id"]).value: n for n in range(2, sheet.max_row + 1)}
        used: set[str] = set()
        for row in rows:
            segment = row["Id"]
            number = ids.get(segment, sheet.max_row + 1)
            if segment in used or segment not in ids:  # a copied row, or one that somebody made up
                number = sheet.max_row + 1
                for name, column in headers.items():
                    source = sheet.cell(ids.get(segment, 2), column).value
                    sheet.cell(number, column).value = (
                        None if name in (CHOICE, WORDS, SHOWN, COMMENT, INITIALS) else source
                    )
            used.add(segment)
            for name, value in row.items():
                sheet.cell(number, headers[name]).value = value
        book.save(path)
        return check_rows(read_rows(path), cases)

    return filled
