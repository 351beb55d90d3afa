"""Passages: exact slices, nothing lost, nothing quoted that nobody said."""

import subprocess
import sys

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
        {"document_id": ["d"], "source_kind": "survey", "wave": 1, "text": document, "sha256": "x", "n_redactions": 0}
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
            "wave": 1,
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
    "text",
    [
        "n/a", "N/A.", "none", "See above", "-", "...", "", "  ", "No comment", "Don\u2019t know", "same as Q1", "I don't know.",
        "see my answers to question 7", "See from previous answers", "So far nothing", "Sorry, I can't think of anything!",
        "Nothing that I can think of at the moment", "I'm not sure yet", "As per my earlier response", "No, thanks",
        "see last answer", "see Q2", "Refer to the comments above", "Please see previous entry.", "As in number 2.",
        "As described previously", "Nothing at all.", "None at all", "Nothing in particular", "Not a thing.", "Not relevant",
    ],
)  # fmt: skip
def test_non_answers(text: str) -> None:
    assert is_non_answer(text)


@pytest.mark.parametrize(
    "text",
    [
        "None of it works", "No", "Nothing works here", "See above the door", "NA systems are slow", "I don't know my password",
        "Not sure the radios help", "See the crime report", "I have no signal", "Same as Niche", "Questions go unanswered",
        "Nothing comes to mind faster than the log-in", "No radio", "Thanks",
        "Nothing at all works", "Not a lot", "Not a thing works", "As described, the radio failed", "As number 2 unit says",
        "Please see to the radios", "See me more",
    ],
)  # fmt: skip
def test_answers_that_look_like_non_answers(text: str) -> None:
    assert is_non_answer(text) == (text == "No")


def test_a_study_can_add_non_answers() -> None:
    assert is_non_answer("Did the survey already!", ("did the survey already",))


def test_sentences_end_at_line_breaks_and_not_at_abbreviations() -> None:
    text = "We have e.g. Niche and others. Why?\n- first thing\n- second thing\n\nDone"
    sentences = [text[a:b] for a, b in sentence_spans(text)]
    assert sentences == ["We have e.g. Niche and others.", "Why?", "- first thing", "- second thing", "Done"]


def test_just_enough_words_are_enough() -> None:
    passages, aside, _ = split(
        ("answer", "contributor", "jo", "Three words here"),
        ("turn", "contributor", "jo", "These are exactly five words."),
        ("answer", "contributor", "jo", "Only two"),
        ("turn", "contributor", "jo", "This has four words."),
    )
    assert set(passages["segment_id"]) == {"s0", "s1"}
    assert list(aside["id"]) == ["s2", "s3"]


def test_what_just_fits_is_one_passage_and_nothing_is_longer_unless_it_is_one_sentence() -> None:
    ten = "This one sentence is exactly ten words long, is it."
    passages, _, _ = split(("answer", "contributor", "jo", f"{ten} {ten}"))
    assert list(passages["text"]) == [f"{ten} {ten}"]
    eleven = "This one sentence is now exactly eleven words long, is it."
    passages, _, _ = split(("answer", "contributor", "jo", f"{ten} {eleven}"))
    assert sorted(passages["text"]) == [ten, eleven]
    uneven = " ".join(f"{'word ' * n}end." for n in (9, 8, 3, 1, 7, 9, 2, 5))
    passages, _, _ = split(("answer", "contributor", "jo", uneven))
    assert max(count_words(text) for text in passages["text"]) <= SETTINGS.max_words
    endless = "word " * 30 + "end."
    passages, _, _ = split(("answer", "contributor", "jo", endless))
    assert list(passages["text"]) == [endless]


def test_two_passages_have_one_hash_only_if_a_reader_could_not_tell_them_apart() -> None:
    """Rows are ordered by it, so whatever a reader sees must be in it, and nothing of the key, the ids or the place."""
    people = pd.concat([PEOPLE[PEOPLE["quotable"]].assign(contributor_id=name) for name in ("a", "b", "c", "d")])
    people["stakeholder_group"] = ["Buyer", "Buyer", "Supplier", "Buyer"]
    people["attribution_line"] = ["", "", "", "PC, Acme"]
    words = "The radio fails again."
    rows = [("a", "q1"), ("b", "q1"), ("c", "q1"), ("d", "q1"), ("a", "q2")]
    segments = pd.DataFrame(
        [
            {"segment_id": f"s{n}", "document_id": f"d{n}", "position": n, "start": n, "end": n + len(words), "kind": "answer",
             "speaker": "contributor", "contributor_id": person, "question_id": question, "review": ""}
            for n, (person, question) in enumerate(rows)
        ]
    )  # fmt: skip
    documents = pd.DataFrame(
        {"document_id": segments["document_id"], "source_kind": "survey", "wave": 1, "sha256": "x"}
    )
    documents = documents.assign(text=[" " * n + words for n in range(len(rows))], n_redactions=0)
    passages, _ = split_passages(documents, segments, people, {"q1": "Why?", "q2": "How?"}, SETTINGS, b"key")
    hashes = passages.set_index("segment_id")["text_hash"]
    assert hashes["s0"] == hashes["s1"]
    assert hashes.nunique() == 4


def test_what_a_person_should_look_at_stays_marked() -> None:
    documents = pd.DataFrame(
        {"document_id": ["d"], "source_kind": "transcript", "wave": 2, "text": "The radio fails again."}
    )
    segment = {"segment_id": "s", "document_id": "d", "position": 0, "start": 0, "end": 22, "kind": "answer"}
    segment |= {"speaker": "contributor", "contributor_id": "jo", "question_id": "", "review": "health"}
    passages, _ = split_passages(documents, pd.DataFrame([segment]), PEOPLE, {}, SETTINGS, b"key")
    assert list(passages["review"]) == ["health"]
    assert list(passages["source_kind"]) == ["transcript"]
    assert list(passages["wave"]) == [2]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("   It fails.   Again. ", ["It fails.", "Again."]),
        ("  \n\t\n  Why?\n\n   Because.", ["Why?", "Because."]),
        ("So.\n!\nI", ["So.", "!", "I"]),
        ("\u00a0\u3000Wide spaces. Done", ["Wide spaces.", "Done"]),
        (" \n ", []),
        (
            "It broke. [person] saw it.[place 2] too. (I did.)",
            ["It broke.", "[person] saw it.[place 2] too.", "(I did.)"],
        ),
    ],
)
def test_spans_of_sentences_leave_out_white_space_and_nothing_else(text: str, sentences: list[str]) -> None:
    assert [text[a:b] for a, b in sentence_spans(text)] == sentences


def test_a_part_is_closed_before_it_grows_too_long() -> None:
    sentences = [f"{'word ' * (n - 1)}end." for n in (15, 6, 10, 9)]
    passages, _, _ = split(("answer", "contributor", "jo", " ".join(sentences)))
    assert sorted(count_words(text) for text in passages["text"]) == [9, 15, 16]


def test_a_passage_keeps_its_id_whatever_stands_before_its_segment() -> None:
    """People's other answers may change from one export to the next; themes must find what has not changed."""
    said = ("answer", "contributor", "jo", "The radio fails again.")
    first, _, _ = split(("heading", "contributor", "jo", "Short"), said)
    second, _, _ = split(("heading", "contributor", "jo", "A heading that is longer"), said)
    assert list(first["passage_id"]) == list(second["passage_id"])
    assert list(first["start"]) != list(second["start"])


def test_sentences_need_none_of_what_is_added_to_spacy() -> None:
    code = (
        "import sys; from pipeline.sentences import sentence_spans; assert len(sentence_spans('One. Two.')) == 2; "
        "sys.exit(bool({'presidio_analyzer', 'transformers'} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
