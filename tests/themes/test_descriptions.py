"""Descriptions: fragments, word for word, of people who may be quoted, none of them twice."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.themes.descriptions import LEAD, Description, describe_themes, fragments
from tests.fakes import HashEncoder

TEXTS = [
    "The login takes ten minutes, and then it starts again.",
    "Three passwords before the login starts",
    "[person] says the login takes forty minutes now",
    "The login locks everybody out on Mondays",
    "Radio signal drops behind the hill; we walk back up",
    "No radio signal inside the custody block",
]
LABELS = np.array([0, 0, 0, 0, 1, 1])
PEOPLE = ["a", "b", "c", "a", "d", "e"]
ENCODER = HashEncoder()


def encode(texts: list[str]) -> np.ndarray:
    vectors = ENCODER.encode(texts)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def describe(allowed: list[bool] | None = None) -> dict[int, Description]:
    vectors = encode(TEXTS)
    centroids = np.stack([vectors[theme == LABELS].mean(axis=0) for theme in (0, 1)])
    centroids /= np.linalg.norm(centroids, axis=1, keepdims=True)
    may = np.array(allowed or [True] * len(TEXTS))
    return describe_themes(TEXTS, LABELS, PEOPLE, vectors, centroids, may, encode)


def said(text: str) -> list[str]:
    return [text[part.start : part.end] for part in fragments(text)]


def test_a_line_is_made_of_slices_of_the_themes_own_passages() -> None:
    for theme, description in describe().items():
        texts = [TEXTS[part.row][part.start : part.end] for part in description.fragments]
        assert len(texts) >= 2
        assert description.line == LEAD + ", ".join(f"“{text}”" for text in texts)
        assert all(LABELS[part.row] == theme for part in description.fragments)


def test_nobody_is_heard_twice_in_a_theme() -> None:
    for description in describe().values():
        people = [PEOPLE[part.row] for part in description.fragments]
        assert len(set(people)) == len(people)


def test_what_may_not_be_quoted_is_not() -> None:
    found = describe([False, True, True, True, True, False])
    assert 0 not in {part.row for part in found[0].fragments}
    assert found[1] == Description((), "")  # one fragment alone is no description


def test_a_placeholder_is_in_no_fragment() -> None:
    assert said("[person] mended the laptop in a day") == []
    assert said("xxx mended the laptop in a day") == []
    assert said("[person], the log-in takes ten minutes") == ["the log-in takes ten minutes"]


@pytest.mark.parametrize(
    "text",
    [
        "I do not say, the laptop is slow today",
        "It would be nice but the laptop is slow",
        "If it rains, the laptop is slow today",
        "the laptop is slow today, but only on nights",
        "the laptop is slow because the",
        "too short",
        "this goes on and on without an end in sight for far more than the twelve words that are allowed",
    ],
)
def test_what_is_denied_conditional_cut_short_or_long_is_no_fragment(text: str) -> None:
    assert "the laptop is slow today" not in said(text)
    assert all(3 <= len(part.split()) <= 12 for part in said(text))
    assert "the laptop is slow because the" not in said(text)


def test_a_time_of_day_does_not_end_a_sentence() -> None:
    assert said("We waited until 8.20pm for the van") == ["We waited until 8.20pm for the van"]


@given(st.text(alphabet=" abcDE.,;!?'\"-[]0\n()", max_size=120))
def test_any_text_gives_slices_within_it(text: str) -> None:
    for part in fragments(text):
        assert 0 <= part.start < part.end <= len(text)
        assert not set(text[part.start : part.end]) & set('[]"\n')
        assert len(text[part.start : part.end].split()) <= 12
