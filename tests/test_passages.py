"""Passages: exact slices, nothing lost, nothing quoted that nobody said."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.passages import is_non_answer, split_passages
from pipeline.sentences import count_words, sentence_spans
from pipeline.study import Passages

SETTINGS = Passages(max_words=20, min_words=3)
PEOPLE = pd.DataFrame(
    {
        "contributor_id": ["jo", "held"],
        "attribution": "non_attributable",
        "quotable": [True, False],
        "stakeholder_group": "Buyer",
        "attribution_line": "",
        "wave": 1,
    }
)


def split(
    *segments: tuple[str, str, str, str], settings: Passages = SETTINGS
) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    """Segments as (kind, speaker, contributor, text), joined into one document."""
    document, rows = "", []
    for n, (kind, speaker, person, text) in enumerate(segments):
        document += "\n\n" if n else ""
        rows.append(
            {"segment_id": f"s{n}", "document_id": "d", "position": n, "start": len(document), "end": len(document) + len(text),
             "kind": kind, "speaker": speaker, "contributor_id": person, "question_id": "", "review": ""}
        )  # fmt: skip
        document += text
    documents = pd.DataFrame(
        {"document_id": ["d"], "source_kind": "survey", "text": document, "sha256": "x", "n_redactions": 0}
    )
    passages, aside = split_passages(documents, pd.DataFrame(rows), PEOPLE, {}, settings, b"key")
    return passages, aside, document


def test_each_reason_for_leaving_a_segment_out() -> None:
    passages, aside, _ = split(
        ("turn", "interviewer", "", "And how did that go for you then?"),
        ("heading", "contributor", "jo", "Our view of the market today"),
        ("answer", "contributor", "held", "I never said you could use this."),
        ("answer", "contributor", "jo", "See above."),
        ("answer", "contributor", "jo", "Too short"),
        ("turn", "contributor", "jo", "Right, four words here."),
        ("answer", "contributor", "stranger", "Nobody knows who I am."),
        ("answer", "contributor", "jo", "The new phones are good."),
    )
    assert list(passages["text"]) == ["The new phones are good."]
    reasons = dict(zip(aside["id"], aside["reason"], strict=True))
    assert reasons == {
        "s0": "interviewer", "s1": "heading", "s2": "consent_held", "s3": "non_answer", "s4": "too_short", "s5": "too_short", "s6": "no_contributor",
    }  # fmt: skip


WORDS = st.sampled_from(
    ["The", "radio", "fails", "again.", "Why?", "Nobody", "knows", "Dr.", "e.g.", "\n", "«é»", "[person]", "!"]
)


@given(st.lists(WORDS, min_size=1, max_size=120).map(" ".join), st.integers(20, 40))
def test_passages_are_slices_that_cover_every_word_once(text: str, max_words: int) -> None:
    settings = Passages(max_words=max_words, min_words=1)
    passages, aside, document = split(("answer", "contributor", "jo", text), settings=settings)
    for start, end, words in zip(passages["start"], passages["end"], passages["text"], strict=True):
        assert document[start:end] == words == words.strip()
    if len(passages):
        ordered = passages.sort_values("start")
        assert (ordered["start"].iloc[1:].to_numpy() >= ordered["end"].iloc[:-1].to_numpy()).all()
        assert " ".join(" ".join(ordered["text"]).split()) == " ".join(text.split())
    assert len(aside) == (0 if len(passages) else 1)


def test_long_answers_are_cut_between_sentences_into_even_parts() -> None:
    text = " ".join(f"Sentence number {n} is exactly eight words long." for n in range(6))
    passages, _, _ = split(("answer", "contributor", "jo", text))
    lengths = [count_words(t) for t in passages["text"]]
    assert max(lengths) <= 20 and len(lengths) == 3
    assert all(t.endswith("long.") for t in passages["text"])


def test_the_order_of_rows_does_not_depend_on_the_key() -> None:
    texts = [("answer", "contributor", "jo", f"The radio fails {n} times a day.") for n in range(9)]
    first, _, _ = split(*texts)
    documents = pd.DataFrame(
        {
            "document_id": ["d"],
            "source_kind": "survey",
            "text": "\n\n".join(t[3] for t in texts),
            "sha256": "x",
            "n_redactions": 0,
        }
    )
    rows = first.rename(columns={"text": "x"})[
        ["segment_id", "document_id", "start", "end", "kind", "contributor_id", "question_id", "review"]
    ]
    rows = rows.assign(position=range(9), speaker="contributor")
    second, _ = split_passages(documents, rows, PEOPLE, {}, SETTINGS, b"another key")
    assert list(first["text"]) == list(second["text"])
    assert set(first["passage_id"]).isdisjoint(second["passage_id"])


@pytest.mark.parametrize(
    "text", ["n/a", "N/A.", "none", "See above", "-", "...", "", "  ", "No comment", "Don\u2019t know", "same as Q1"]
)
def test_non_answers(text: str) -> None:
    assert is_non_answer(text)


@pytest.mark.parametrize(
    "text", ["None of it works", "No", "Nothing works here", "See above the door", "NA systems are slow"]
)
def test_answers_that_look_like_non_answers(text: str) -> None:
    assert is_non_answer(text) == (text == "No")


def test_a_study_can_add_non_answers() -> None:
    assert is_non_answer("Did the survey already!", ("did the survey already",))


def test_sentences_end_at_line_breaks_and_not_at_abbreviations() -> None:
    text = "We have e.g. Niche and others. Why?\n- first thing\n- second thing\n\nDone"
    sentences = [text[a:b] for a, b in sentence_spans(text)]
    assert sentences == ["We have e.g. Niche and others.", "Why?", "- first thing", "- second thing", "Done"]
