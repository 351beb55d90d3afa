"""Several cores: the same results in the same order."""

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from pipeline.redaction import Document, Person, Redactor, Segment, token_model
from pipeline.redaction import redactor as module
from pipeline.study import Redaction

ANNIE = Person("c1", "Annie Okonjo-Field", "annie.field@northmoor.police.example", "Kent Police")
TEXTS = (
    "I'm Annie and DI Thackeray's laptop died in Margate.",
    "the radio is fine",
    "ring 07700 900123 and ask for Bronwen Achterberg, she told Zanthorpe about it",
    "My tutor, Zanthorpe, is dyslexic. Niche is slow.",
)
DOCUMENTS = [Document(str(n), (Segment("a", TEXTS[n % len(TEXTS)], "c1"),)) for n in range(24)]


@pytest.mark.models
def test_two_cores_find_what_one_does_and_leave_nothing_running(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BATCH_SEGMENTS", 5)
    one = Redactor(Redaction(cores=1), [ANNIE]).redact(DOCUMENTS)
    monkeypatch.setattr(module, "usable_cores", lambda: 2)
    counts: list[int] = []
    readers: set[str] = set()
    two = Redactor(Redaction(cores=2), [ANNIE])
    two.redact([])
    softmax = token_model._softmax

    def noting(logits: np.ndarray) -> np.ndarray:
        readers.add(threading.current_thread().name)
        return softmax(logits)

    monkeypatch.setattr(token_model, "_softmax", noting)
    before = threading.active_count()
    assert two.redact(DOCUMENTS, counts.append) == one
    assert counts == [5, 10, 15, 20, 24]
    assert {d.segments[0].review for d in one} == {"", "health"}
    assert readers and threading.main_thread().name not in readers, "the classifier did not read ahead"
    assert threading.active_count() == before


@pytest.mark.models
def test_who_stops_in_the_middle_waits_for_no_other_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BATCH_SEGMENTS", 1)
    monkeypatch.setattr(module, "usable_cores", lambda: 2)
    redactor = Redactor(Redaction(cores=2), [ANNIE])
    redactor.redact([])
    batches: list[int] = []
    classify = redactor._engine.classify
    stopped = threading.Event()

    def slowly(texts: Sequence[str]) -> Any:
        batches.append(len(texts))
        if len(batches) > 1:
            stopped.wait(10)
        return classify(texts)

    def stop(_: int) -> None:
        stopped.set()
        raise KeyboardInterrupt

    monkeypatch.setattr(redactor._engine, "classify", slowly)
    with pytest.raises(KeyboardInterrupt):
        redactor.redact(DOCUMENTS, stop)
    assert len(batches) < len(DOCUMENTS)
