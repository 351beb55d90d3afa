"""Every disguise of every identifier is masked whole, or its passage is held for a person."""

import pytest

from pipeline.redaction import Document, RedactedDocument, Redactor, Segment
from pipeline.study import Redaction
from tests.redaction.evasion import CONTROLS, DISGUISES, ROSTER, TARGETS, Case, cases

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def redactor() -> Redactor:
    return Redactor(Redaction(), ROSTER)


def redact(redactor: Redactor, texts: list[str]) -> list[RedactedDocument]:
    """Each text as a document on its own: a word that several documents share passes for common speech, so the same name
    in three disguises would be taken for the name of a system."""
    documents = [Document(str(n), (Segment("a", text, "c1"),)) for n, text in enumerate(texts)]
    return [redactor.redact([document])[0] for document in documents]


def is_safe(case: Case, document: RedactedDocument) -> bool:
    (segment,) = document.segments
    gone = {n for span in segment.spans for n in range(span.start, span.end)}
    masked = all(n in gone or not case.text[n].isalnum() for n in range(case.start, case.end))
    return masked or bool(document.held) or bool(segment.review)


def test_nothing_gets_through(redactor: Redactor) -> None:
    wanted = list(cases())
    assert len(wanted) > 1300 and {case.disguise for case in wanted} == set(DISGUISES)
    done = redact(redactor, [case.text for case in wanted])
    assert [str(case) for case, document in zip(wanted, done, strict=True) if not is_safe(case, document)] == []


def test_what_is_written_plainly_is_masked_and_not_only_held(redactor: Redactor) -> None:
    plain = [case for case in cases() if case.disguise == "as it is"]
    assert len(plain) == len(TARGETS)
    for case, document in zip(plain, redact(redactor, [case.text for case in plain]), strict=True):
        assert case.text[case.start : case.end] not in document.segments[0].text, str(case)


def test_the_sentences_themselves_are_neither_masked_nor_held(redactor: Redactor) -> None:
    """Otherwise the corpus would prove nothing."""
    for text, document in zip(CONTROLS, redact(redactor, list(CONTROLS)), strict=True):
        assert (document.held, document.segments[0].review, document.segments[0].text) == ((), "", text)
