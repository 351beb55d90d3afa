"""What decisions do to what redaction proposed, and when they no longer count."""

import json
from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipeline.redaction import Document, Segment, Span
from pipeline.review.applying import kept, masked, redacted_text
from pipeline.review.decisions import Decision, Mask, text_key
from pipeline.review.vocabulary import CHANGED, Choice
from tests.review.conftest import FIRST, KEY, SECOND, Small, small


def decision(text: str, choice: Choice, segment: str = "s1", **more) -> Decision:
    return Decision(segment, "d", text_key(KEY, text), (choice,), **more)


def at(text: str, words: str) -> tuple[int, int]:
    return text.index(words), text.index(words) + len(words)


SEEN = (at(FIRST, "Gemma"), at(FIRST, "Niche"))


def test_without_decisions_everything_is_as_proposed_and_waits(study: Small) -> None:
    segments, rows = study.apply()
    assert segments["s1"].text.startswith("[person] said [organisation] froze")
    assert {row["state"] for row in rows.values()} == {"waiting"}
    assert segments["s1"].review == "unknown_name"


def test_as_proposed_makes_it_quotable_and_changes_no_character(study: Small) -> None:
    segments, rows = study.apply(decision(FIRST, Choice.AS_PROPOSED, seen=SEEN))
    assert segments["s1"].review == "" and rows["s1"]["state"] == "decided"
    assert segments["s1"].text == study.proposed.segments[0].text
    assert segments["s2"].review == "unknown_name"


def test_words_redacted_in_one_answer_are_redacted_in_the_persons_others(study: Small) -> None:
    masks = (Mask(*at(FIRST, "Gaz"), "person"), Mask(*at(FIRST, "our only Welsh-speaking dispatcher"), "role"))
    segments, _ = study.apply(decision(FIRST, Choice.REDACT_ALSO, seen=SEEN, masks=masks))
    assert segments["s1"].text == "[person] said [organisation] froze again. [person], [role], rang twice."
    assert segments["s2"].text == "Nobody but [person] knows how the export works."
    assert segments["s2"].review == "unknown_name", "nobody has looked at that one yet"
    assert json.loads(study.apply(decision(FIRST, Choice.REDACT_ALSO, seen=SEEN, masks=masks))[1]["s2"]["proposal"])


def test_ordinary_words_are_redacted_only_where_they_were_read() -> None:
    one = small(
        Document("d", (Segment("s1", "I am the only one here.", "c"), Segment("s2", "The only one.", "c"))),
        {"s1": (), "s2": ()},
    )
    text = one.document.segments[0].text
    segments, _ = one.apply(decision(text, Choice.REDACT_ALSO, masks=(Mask(*at(text, "the only one"), "role"),)))
    assert segments["s1"].text == "I am [role] here." and segments["s2"].text == "The only one."


def test_kept_words_come_back_as_they_were_said(study: Small) -> None:
    keep = decision(FIRST, Choice.KEEP_WORDS, seen=SEEN[:1], keeps=SEEN[1:])
    segments, _ = study.apply(keep)
    assert segments["s1"].text.startswith("[person] said Niche froze")
    assert segments["s1"].review == ""


def test_a_dropped_passage_is_never_quoted_and_no_longer_waits(study: Small) -> None:
    segments, rows = study.apply(decision(FIRST, Choice.DROP))
    assert segments["s1"].review == "dropped" and rows["s1"]["state"] == "dropped"


def test_a_changed_text_voids_its_decision(study: Small) -> None:
    keep = decision(FIRST, Choice.KEEP_WORDS, seen=SEEN[:1], keeps=SEEN[1:])
    segments, rows = study.with_text("s1", FIRST.replace("twice", "once")).apply(keep)
    assert rows["s1"]["state"] == "void" and CHANGED in segments["s1"].review
    assert "Niche" not in segments["s1"].text


def test_a_decision_is_void_once_less_is_proposed_than_its_reviewer_saw(study: Small) -> None:
    approved = decision(FIRST, Choice.AS_PROPOSED, seen=SEEN)
    less = small(study.document, {"s1": (("Niche", "ORGANISATION", "organisation"),), "s2": ()})
    assert less.apply(approved)[1]["s1"]["state"] == "void"
    more = small(
        study.document, {"s1": (("Gemma", "PERSON", "person"), ("Niche froze", "ORGANISATION", "x")), "s2": ()}
    )
    segments, rows = more.apply(approved)
    assert rows["s1"]["state"] == "decided" and "froze" not in segments["s1"].text, "what is new stays redacted"


def test_a_word_that_joins_the_roster_later_is_covered_again(study: Small) -> None:
    keep = decision(FIRST, Choice.KEEP_WORDS, seen=SEEN[:1], keeps=SEEN[1:])
    now = small(study.document, protected=("Niche",))
    segments, rows = now.apply(keep)
    assert rows["s1"]["state"] == "void" and "Niche" not in segments["s1"].text


def test_a_keep_does_not_uncover_what_another_decision_redacts(study: Small) -> None:
    redact = decision(SECOND, Choice.REDACT_ALSO, "s2", masks=(Mask(*at(SECOND, "Gaz"), "person"),))
    keep = decision(FIRST, Choice.KEEP_WORDS, seen=SEEN, keeps=(at(FIRST, "Gaz"),))
    segments, _ = study.apply(redact, keep)
    assert "Gaz" not in segments["s1"].text


def test_moved_words_keep_their_decision_and_others_do_not_inherit_it(study: Small) -> None:
    drop = decision(FIRST, Choice.DROP)
    moved = replace(study.document, segments=(Segment("s1", "A new first answer.", "c"), Segment("s9", FIRST, "c")))
    proposals = {"s1": (), "s9": ()}
    segments, rows = small(moved, proposals).apply(drop)
    assert rows["s9"]["state"] == "dropped" and rows["s1"]["state"] == "void" and segments["s9"].review == "dropped"
    elsewhere = replace(moved, document_id="other")
    assert small(elsewhere, proposals).apply(drop)[1]["s9"]["state"] == "waiting"


def test_a_held_document_stays_held(study: Small) -> None:
    held = replace(study.proposed, held=("timeout",))
    segments, rows = Small(study.document, held).apply(decision(FIRST, Choice.KEEP_ALL))
    assert rows == {} and segments["s1"] == held.segments[0]


EXTENTS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 12)), max_size=5)


@given(proposed=EXTENTS, masks=EXTENTS, keeps=EXTENTS)
def test_spans_never_overlap_and_everything_else_stays_verbatim(proposed, masks, keeps) -> None:
    text = "".join(chr(97 + n % 26) for n in range(80))
    spans = masked((), [Mask(start, start + n, "role") for start, n in proposed])
    spans = kept(spans, [(start, start + n) for start, n in keeps])
    spans = masked(spans, [Mask(start, start + n, "redacted") for start, n in masks])
    assert all(a.end <= b.start for a, b in pairwise(spans))
    covered = {n for span in spans for n in range(span.start, span.end)}
    assert {n for start, length in masks for n in range(start, start + length)} <= covered
    for start, end in ((a.end, b.start) for a, b in zip((Span(0, 0, "", "", 0, "", ""), *spans), spans, strict=False)):
        assert text[start:end] in redacted_text(text, spans)
    plain = "".join(c for n, c in enumerate(text) if n not in covered)
    assert redacted_text(text, spans).replace("[role]", "").replace("[redacted]", "") == plain
