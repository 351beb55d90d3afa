"""Several processes: the same results in the same order, and the same refusals."""

import os
from pathlib import Path

import pytest

from pipeline.errors import RefusedError
from pipeline.redaction import Document, Person, Redactor, Segment
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
def test_two_processes_find_what_one_does_and_leave_nothing_running(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BATCH_SEGMENTS", 5)
    one = Redactor(Redaction(processes=1), [ANNIE]).redact(DOCUMENTS)
    monkeypatch.setattr(module, "_WORTH_PROCESSES", 1)
    monkeypatch.setattr(module, "usable_cores", lambda: 2)
    counts: list[int] = []
    two = Redactor(Redaction(processes=2), [ANNIE])
    assert two.redact(DOCUMENTS, counts.append) == one
    assert counts == [5, 10, 15, 20, 24]
    assert {d.segments[0].review for d in one} == {"", "health"}
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    if children.exists():
        commands = [Path(f"/proc/{pid}/cmdline").read_text() for pid in children.read_text().split()]
        assert not [command for command in commands if "loky" in command and "resource_tracker" not in command]


@pytest.mark.models
def test_a_process_that_misses_the_known_answer_refuses_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_WORTH_PROCESSES", 1)
    monkeypatch.setattr(module, "usable_cores", lambda: 2)
    redactor = Redactor(Redaction(processes=2, minimum_score=0.99), [ANNIE])
    with pytest.raises(RefusedError, match="its own test document"):
        redactor.redact(DOCUMENTS)
