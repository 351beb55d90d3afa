"""Ideas: one or two sentences, with offsets that find them again."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipeline.themes.ideas import idea_spans, split_ideas
from tests.fakes import passages_table

LONG = (
    "The radios drop out in every valley we police. Passwords expire each month and nobody warns us. Really annoying."
)


def test_each_full_sentence_is_an_idea_and_a_short_one_leans_on_the_one_before() -> None:
    assert [LONG[start:end] for start, end in idea_spans(LONG)] == [
        "The radios drop out in every valley we police.",
        "Passwords expire each month and nobody warns us. Really annoying.",
    ]


def test_a_short_opening_goes_with_what_it_opens() -> None:
    text = "Two things. The radios drop out in every valley. The laptops never charge in the police car."
    assert [text[start:end] for start, end in idea_spans(text)] == [
        "Two things. The radios drop out in every valley.",
        "The laptops never charge in the police car.",
    ]


def test_a_short_end_goes_with_what_it_ends() -> None:
    text = "The radios drop out in every valley we police. The laptops never charge either."
    assert idea_spans(text) == [(0, len(text))]


@given(st.text(alphabet="ab .!?\n[]", max_size=80).filter(lambda text: text.strip()))
def test_spans_are_in_order_and_lose_no_word(text: str) -> None:
    spans = idea_spans(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] <= two[0] for one, two in pairwise(spans))
    assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())


def test_many_short_sentences_are_several_ideas() -> None:
    text = (
        "Staff were kind. Parking was quite awful there. Food was cold. The ward was clean, too. "
        "Nobody came to see me. Ever."
    )
    assert [text[start:end] for start, end in idea_spans(text)] == [
        "Staff were kind. Parking was quite awful there.",
        "Food was cold. The ward was clean, too.",
        "Nobody came to see me. Ever.",
    ]


def test_ideas_are_found_again_in_the_document_and_say_no_placeholder() -> None:
    passages = passages_table([LONG.replace("Passwords", "[person] says passwords"), "Short answer"])
    passages["start"] += 100
    ideas = split_ideas(passages)
    by_id = passages.set_index("passage_id")
    for idea in ideas.itertuples():
        words = by_id.loc[idea.passage_id, "text"][idea.start - 100 : idea.end - 100]
        assert words.replace("[person] ", "") == idea.text
    assert ideas["is_whole"].tolist().count(True) == 1
    assert ideas["idea_id"].is_unique
    shuffled = split_ideas(passages.iloc[::-1].reset_index(drop=True)).drop(columns="row")
    assert shuffled.equals(ideas.drop(columns="row"))
