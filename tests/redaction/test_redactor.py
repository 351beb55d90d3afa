"""The whole redactor with its models."""

import importlib
import socket
import subprocess
import sys
import time
from pkgutil import iter_modules
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import RefusedError
from pipeline.placeholders import PLACEHOLDER
from pipeline.redaction import REASONS, Document, Person, RedactedDocument, Redactor, Segment, recognisers
from pipeline.redaction import redactor as redactor_module
from pipeline.redaction.policy import PROFILES
from pipeline.redaction.recognisers import numbers, places
from pipeline.redaction.recognisers.base import Rule
from pipeline.redaction.recognisers.model import ModelRecogniser
from pipeline.redaction.render import render
from pipeline.redaction.roster import Roster
from pipeline.redaction.shadow import Shadow
from pipeline.study import Attribution, Profile, Redaction

pytestmark = pytest.mark.models

ANNIE = Person(
    "c1", "Annie Okonjo-Field", "annie.field@northmoor.police.example", "Kent Police", "Constable", "Police officer"
)
RAFE = Person("c2", "Rafe Quillon", "rafe@tarnsoft.example", "Tarnsoft Ltd", "Head of Sales", "Supplier")
OPEN = Person("c3", "Ines Barrowclough", "", "Essex Police", attribution=Attribution.ATTRIBUTABLE)
ROLE = Person("c4", "Tobias Wrenfield", "", "Essex Police", attribution=Attribution.ROLE_ONLY)


@pytest.fixture(scope="module")
def redactor() -> Redactor:
    made = Redactor(Redaction(), [ANNIE, RAFE, OPEN, ROLE])
    made.redact([])
    return made


def redact(redactor: Redactor, text: str, contributor: str = "c1") -> str:
    return redactor.redact([Document("d", (Segment("a", text, contributor),))])[0].segments[0].text


def rebuilt(original: Document, redacted: RedactedDocument) -> list[str]:
    """The redacted text made again from the original and the spans."""
    texts: list[str] = []
    for segment, result in zip(original.segments, redacted.segments, strict=True):
        parts: list[str] = []
        position = 0
        for span in result.spans:
            assert position <= span.start < span.end <= len(segment.text)
            parts += [segment.text[position : span.start], span.placeholder]
            position = span.end
        texts.append("".join([*parts, segment.text[position:]]))
    return texts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("My IP is 192.168.4.22 and it drops.", "My IP is [web address] and it drops."),
        ("IP address 192.168.4.22 is mine", "IP address [web address] is mine"),
        ("We stood at 51.5074, -0.1278 for an hour.", "We stood at [address] for an hour."),
        ("They wanted ///filled.count.soap of us.", "They wanted [address] of us."),
        ("My card is 4539 1488 0343 6467, twice.", "My card is [reference number], twice."),
        ("I paid into GB29 NWBK 6016 1331 9268 19 then.", "I paid into [reference number] then."),
        ("Sort code 20-00-00 it was.", "Sort code [reference number] it was."),
        ("The VAT number GB 980 7806 84 is on it.", "The VAT number [reference number] is on it."),
    ],
)
def test_numbers_of_machines_places_and_accounts_go_whole(redactor: Redactor, text: str, expected: str) -> None:
    assert redact(redactor, text) == expected


def test_a_passage_reads_as_it_should(redactor: Redactor) -> None:
    text = (
        "I’m Annie, PC 4471 at Kent Police. DI Thackeray’s laptop died in Margate, ring 07700 900123. Thackeray cried."
    )
    assert redact(redactor, text) == (
        "I’m [person], PC [officer number] at [police force]. DI [person 2]’s laptop died in [place], ring [phone number]. "
        "[person 2] cried."
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("I was raped by a colleague and the report went to his own team.", "crime"),
        ("I was convicted of shoplifting at nineteen and it still comes up.", "crime"),
        ("He is on the sex offenders register and the app does not show it.", "crime"),
        ("After the murder on the retail park in Keyham nothing was the same for us.", "rare_event"),
        ("I was first on scene at the helicopter crash in Glasgow.", "rare_event"),
        ("I was first on scene at the helicopter crash in Glasgow.", "rare_role"),
        ("The portal is slow, dwi ddim yn gwybod pam, and nobody tells us when it will be better.", "welsh"),
    ],
)
def test_what_a_person_must_look_at(redactor: Redactor, text: str, reason: str) -> None:
    for contributor in ("c1", "c3"):
        (document,) = redactor.redact([Document("d", (Segment("a", text, contributor),))])
        assert reason in document.segments[0].review.split(","), contributor


def test_hidden_names_are_found(redactor: Redactor) -> None:
    assert redact(redactor, "Then An\u200bnie Оkonjo said") == "Then [person] said"
    assert redact(redactor, "mail annie.field&#64;northmoor.police.example now") == "mail [email] now"
    assert redact(redactor, "ASK ANNIE FIELD ABOUT THE VAN LK19 XTR IN MARGATE NOT ME") == (
        "ASK [person] ABOUT THE VAN [vehicle] IN [place] NOT ME"
    )


def test_consent_decides(redactor: Redactor) -> None:
    text = "Ines Barrowclough here from Essex Police. Annie Field rang 07700 900123, and Tarnsoft sold it."
    assert redact(redactor, text, "c3") == (
        "Ines Barrowclough here from Essex Police. [person] rang [phone number], and [supplier] sold it."
    )
    assert redact(redactor, "Tobias Wrenfield of Essex Police, once Kent Police.", "c4") == (
        "[person] of Essex Police, once [police force]."
    )
    interviewer = Document("d", (Segment("q", "Thanks Ines, of Essex Police."), Segment("a", "Yes, Ines.", "c3")))
    first, second = redactor.redact([interviewer])[0].segments
    assert first.text == "Thanks [person], of [police force]."
    assert second.text == "Yes, Ines."


def test_what_does_not_identify_stays(redactor: Redactor) -> None:
    for text in (
        "Niche and Athena never talk to each other, and HOLMES is worse.",
        "The Home Office and the College of Policing should fix it for England and Wales.",
        "Will it ever work? I waited two hours on Monday, and again in May.",
        "A 30-year-old system with Section 47 forms, ISO 27001 and Windows 10.",
        "The Chief Constable and my sergeant were frank about it.",
    ):
        assert redact(redactor, text) == text


PIECES = [
    "Annie ",
    "ring 07700 900123 ",
    "DI Thackeray ",
    "é",
    "\u200b",
    "&amp;",
    "[person] ",
    "in Margate ",
    "Kent Police ",
    "aged 47 ",
    "on 14 March 2017 ",
    "[2017] ",
    "at Leeds City Council ",
    "ok, ",
    "\n",
    "😀",
    "LK19 XTR ",
]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PIECES), max_size=9), st.text(max_size=12), st.sampled_from(["c1", "c3", "c4", ""]))
def test_outside_the_placeholders_nothing_changes_and_placeholders_stay(
    redactor: Redactor, pieces: list[str], tail: str, contributor: str
) -> None:
    """Under every profile, from one marking."""
    document = Document("d", (Segment("a", "".join(pieces) + tail, contributor),))
    marked = redactor.mark([document])[0]
    for policies in PROFILES.values():
        once = render(marked, policies)
        assert rebuilt(document, once) == [segment.text for segment in once.segments]
        again = Document("d", tuple(Segment(s.segment_id, s.text, contributor) for s in once.segments))
        twice = render(redactor.mark([again])[0], policies)
        assert rebuilt(again, twice) == [segment.text for segment in twice.segments]
        placeholders = [[m.span() for m in PLACEHOLDER.finditer(s.text) if m["noun"]] for s in once.segments]
        for segment, found in zip(twice.segments, placeholders, strict=True):
            assert not any(span.start < end and start < span.end for span in segment.spans for start, end in found)


def test_one_marking_reads_differently_under_each_profile(redactor: Redactor) -> None:
    text = "Ring Annie Field: Essex Police lost it on 14 March 2017, my sergeant is 47 and lives in Margate."
    marked = redactor.mark([Document("d", (Segment("a", text, "c1"),))])[0]
    shown = {profile: render(marked, policies).segments[0].text for profile, policies in PROFILES.items()}
    masked = "Ring [person]: [police force] lost it on [date], my sergeant is [age] and lives in [place]."
    assert shown == {
        Profile.INTERNAL: (
            "Ring [person]: [county force] lost it on 14 March 2017, my sergeant is [in 40s] and lives in [place]."
        ),
        Profile.PUBLIC: masked,
        Profile.STRICT: masked,
    }
    assert redactor.redact([Document("d", (Segment("a", text, "c1"),))])[0].segments[0].text == masked


def test_same_input_same_output_in_batches_or_alone(redactor: Redactor) -> None:
    texts = [
        "Annie said no.",
        "DI Thackeray in Margate",
        "",
        " ",
        "GMP on 14 March 2017",
        "x" * 30,
        "Ring Rafe at Tarnsoft.",
    ]
    documents = [Document(str(i), (Segment("a", t, "c1"),)) for i, t in enumerate(texts * 12)]
    together = redactor.redact(documents)
    assert together == [redactor.redact([document])[0] for document in documents]
    assert {reason for d in together for s in d.segments for reason in s.review.split(",") if reason} <= set(REASONS)


def test_a_very_long_text_is_redacted_in_pieces(redactor: Redactor) -> None:
    text = "It takes ages to log in at the desk. " * 1500 + "Then DI Thackeray rang."
    assert redact(redactor, text).endswith("Then DI [person] rang.")


def test_a_thousand_answers_take_seconds(redactor: Redactor) -> None:
    answer = "It takes ten minutes to log in and DI Thackeray says the new one in Margate is no better."
    documents = [Document(str(i), (Segment("a", answer, "c1"),)) for i in range(1000)]
    start = time.process_time()
    redactor.redact(documents)
    assert time.process_time() - start < 30  # 4 s on the machine it was written on


def as_it_stands(text: str) -> Shadow:
    return Shadow(text, tuple(range(len(text))), tuple(range(1, len(text) + 1)))


NOTHING: Any = lambda *_, **__: []  # noqa: E731
RULES = [
    (module, name, group[:0])
    for module in (
        importlib.import_module(f"{recognisers.__name__}.{m.name}") for m in iter_modules(recognisers.__path__)
    )
    for name, group in vars(module).items()
    if isinstance(group, tuple) and group and isinstance(group[0], Rule)
]
LAYERS = [
    (numbers.PhoneRecogniser, "analyze", NOTHING),
    (places.GazetteerRecogniser, "analyze", NOTHING),
    (ModelRecogniser, "analyze", NOTHING),
    (Roster, "find", NOTHING),
    (redactor_module, "propagate", lambda texts, _: [[] for _ in texts]),
    (redactor_module, "make_shadow", as_it_stands),
]


@pytest.mark.parametrize(
    ("owner", "name", "broken"), [*RULES, *LAYERS], ids=lambda part: getattr(part, "__name__", part)
)
def test_one_broken_layer_or_group_of_rules_refuses_everything(
    owner: Any, name: str, broken: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(owner, name, broken)
    made = Redactor(Redaction(), [])
    for _ in range(2):  # and stays refused
        with pytest.raises(RefusedError) as caught:
            made.redact([Document("d", (Segment("a", "Imogen Vale"),))])
        assert "missed" in str(caught.value) and "Imogen" not in str(caught.value)


def test_nothing_is_asked_of_the_network(monkeypatch: Any) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("tried to connect")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    made = Redactor(Redaction(), [ANNIE])
    assert "[email]" in redact(made, "write to jo.bloggs@intranet.local")


def test_importing_the_package_loads_no_model_library() -> None:
    code = "import sys, pipeline.redaction; print(sorted({'spacy', 'presidio_analyzer', 'torch'} & set(sys.modules)))"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )
