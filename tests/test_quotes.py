"""Quotes: exact, allowed, varied and fair; never written by code."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.quotes import LEANING, choose_quotes
from pipeline.study import Quotes

SETTINGS = Quotes(min_words=4, max_words=12, per_theme=3, per_contributor=2)


def world(
    texts: list[str],
    people: list[str] | None = None,
    vectors: np.ndarray | None = None,
    review: list[str] | None = None,
):
    n = len(texts)
    people = people or [f"p{i}" for i in range(n)]
    passages = pd.DataFrame(
        {
            "passage_id": [f"x{i}" for i in range(n)], "document_id": [f"d{i}" for i in range(n)], "contributor_id": people,
            "question_id": "q", "source_kind": "survey", "start": 10, "end": [10 + len(t) for t in texts], "text": texts,
            "review": review or [""] * n,
        }
    )  # fmt: skip
    if vectors is None:
        vectors = np.eye(n, max(n, 2), dtype=np.float32) + 0.2
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    themes = pd.DataFrame({"theme_id": ["T01"], "question_id": "", "n_contributors": [n]})
    assignments = pd.DataFrame({"passage_id": passages["passage_id"], "theme_id": "T01"})
    names = sorted(set(people))
    attributions = pd.DataFrame({"contributor_id": names, "quotable": True})
    return (
        passages,
        vectors,
        themes,
        assignments,
        attributions,
        dict.fromkeys(names, "Officer"),
        dict.fromkeys(names, "Officer"),
    )


def choose(*args: object, settings: Quotes = SETTINGS, **kwargs: object) -> pd.DataFrame:
    tables = world(*args, **kwargs)
    dim = tables[1].shape[1]
    return choose_quotes(*tables, settings, lambda texts: np.full((len(texts), dim), dim**-0.5, dtype=np.float32))[0]


def test_short_long_and_doubtful_passages_are_not_quoted() -> None:
    chosen = choose(
        [
            "The radio fails indoors.",
            "Too short",
            "[person] told [person 2] about [person 3] there.",
            "Held for a good reason here.",
        ],
        review=["", "", "", "health"],
    )
    assert list(chosen["text"]) == ["The radio fails indoors."]


def test_every_passage_that_is_not_quoted_says_why() -> None:
    same = np.array([[1, 0, 0], [1, 0.01, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [0, 1, 1]], dtype=np.float32)
    texts = [f"The printer is broken again {i}." for i in range(4)] + ["Too short", "Look at me first please."]
    tables = world(texts, people=["a", "b", "c", "c", "d", "e"], vectors=same, review=[""] * 5 + ["health"])
    quotes, aside = choose_quotes(*tables, SETTINGS, lambda t: np.zeros((len(t), 3)))
    assert set(quotes["passage_id"]) | set(aside["id"]) == {f"x{i}" for i in range(6)}
    assert not set(quotes["passage_id"]) & set(aside["id"])
    reasons = dict(zip(aside["id"], aside["reason"], strict=True))
    assert reasons["x4"] == "not_quotable" and reasons["x5"] == "review"
    assert {reasons.get("x0"), reasons.get("x1")} == {None, "another_chosen"}
    assert {reasons.get("x2"), reasons.get("x3")} == {None, "contributor_quoted"}


def test_a_long_passage_is_cut_at_its_sentences() -> None:
    text = "And so it goes on and on. The new phones have changed how we work. It took two years. Nobody asked us at all about it."
    chosen = choose([text])
    quote = chosen.iloc[0]
    assert text[quote["start"] - 10 : quote["end"] - 10] == quote["text"]
    assert quote["text"] in (
        "The new phones have changed how we work. It took two years.",
        "Nobody asked us at all about it.",
    )


def test_one_quote_a_contributor_and_theme_and_none_alike() -> None:
    same = np.array([[1, 0, 0], [1, 0.01, 0], [0, 1, 0], [0, 0, 1]], dtype=np.float32)
    texts = [f"The printer is broken again {i}." for i in range(4)]
    chosen = choose(texts, people=["a", "b", "c", "c"], vectors=same)
    assert sorted(chosen["passage_id"]) in (["x0", "x2"], ["x1", "x2"], ["x0", "x3"], ["x1", "x3"])


def test_a_talkative_contributor_is_capped_over_the_whole_bank() -> None:
    texts = [f"The printer is broken again {i}." for i in range(6)]
    passages, vectors, _, assignments, people, lines, groups = world(texts, people=["a"] * 6)
    themes = pd.DataFrame({"theme_id": [f"T0{i}" for i in range(1, 7)], "question_id": "", "n_contributors": 1})
    assignments["theme_id"] = themes["theme_id"]
    chosen, aside = choose_quotes(
        passages, vectors, themes, assignments, people, lines, groups, SETTINGS, lambda t: np.zeros((len(t), 6))
    )
    assert set(aside["reason"]) == {"contributor_quoted"}
    assert len(chosen) == SETTINGS.per_contributor


def test_unassigned_and_unquotable_passages_are_never_quoted() -> None:
    texts = [f"The printer is broken again {i}." for i in range(3)]
    passages, vectors, themes, assignments, people, lines, groups = world(texts)
    assignments.loc[0, "theme_id"] = ""
    people.loc[people["contributor_id"] == "p1", "quotable"] = False
    chosen, aside = choose_quotes(
        passages, vectors, themes, assignments, people, lines, groups, SETTINGS, lambda t: np.zeros((len(t), 3))
    )
    assert list(chosen["passage_id"]) == ["x2"]
    assert dict(zip(aside["id"], aside["reason"], strict=True)) == {"x0": "unassigned", "x1": "consent_held"}


def test_a_pinned_passage_is_quoted_first_if_it_may_be() -> None:
    texts = [f"The printer number {i} is broken again." for i in range(6)]
    vectors = np.random.default_rng(1).random((6, 8)).astype(np.float32)
    tables = world(texts, vectors=vectors, review=[""] * 5 + ["health"])
    plain, _ = choose_quotes(*tables, SETTINGS, lambda t: np.zeros((len(t), 8)))
    left_out = next(f"x{i}" for i in range(5) if f"x{i}" not in set(plain["passage_id"]))
    chosen, aside = choose_quotes(
        *tables, SETTINGS, lambda t: np.zeros((len(t), 8)), pinned=frozenset({left_out, "x5", "gone"})
    )
    assert chosen["passage_id"].iloc[0] == left_out
    assert dict(zip(aside["id"], aside["reason"], strict=True))["x5"] == "review"


def test_a_passage_of_two_themes_is_quoted_for_each_with_other_words() -> None:
    texts = [
        "The radios fail in every valley. The laptops never charge at all.",
        "The radios fail.",
        "The laptops fail.",
    ]
    radio, laptop = np.array([1, 0.05], dtype=np.float32), np.array([0.05, 1], dtype=np.float32)
    passages, vectors, _, _, people, lines, groups = world(texts, vectors=np.stack([radio + laptop, radio, laptop]))
    themes = pd.DataFrame({"theme_id": ["T01", "T02"], "question_id": "", "n_contributors": [2, 2]})
    rows = [("x0", "T01"), ("x0", "T02"), ("x1", "T01"), ("x2", "T02")]
    assignments = pd.DataFrame(rows, columns=["passage_id", "theme_id"])

    def embed(slices: list[str]) -> np.ndarray:
        found = [("radios" in s) * radio + ("laptops" in s) * laptop for s in slices]
        return np.stack([v / np.linalg.norm(v) for v in found])

    chosen, aside = choose_quotes(
        passages, vectors, themes, assignments, people, lines, groups, Quotes(min_words=5, per_theme=2), embed
    )
    said = dict(zip(chosen["theme_id"], chosen["text"], strict=True))
    assert said == {"T01": "The radios fail in every valley.", "T02": "The laptops never charge at all."}
    assert set(aside["id"]) == {"x1", "x2"}


def test_ids_say_only_where_in_the_bank_a_quote_stands() -> None:
    texts = [f"The printer number {i} is broken again." for i in range(5)]
    vectors = np.random.default_rng(1).random((5, 8)).astype(np.float32)
    first, second = choose(texts, vectors=vectors), choose(texts[::-1], vectors=vectors[::-1])
    assert list(first["quote_id"]) == list(second["quote_id"]) == [f"T01-Q{n}" for n in range(1, len(first) + 1)]
    assert list(first["text"]) == list(second["text"])


SENTENCES = st.sampled_from(
    [
        "Radios fail.",
        "It never works for any of us here!",
        "[person] rang the desk twice.",
        "why",
        "So we wait.",
        "\n",
        "é ü [place]",
    ]
)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(SENTENCES, min_size=1, max_size=8).map(" ".join), min_size=1, max_size=6))
def test_every_quote_is_a_slice_of_its_passage(texts: list[str]) -> None:
    texts = [t.strip() or "why not" for t in texts]
    chosen = choose(texts)
    for quote in chosen.to_dict("records"):
        text = texts[int(quote["passage_id"][1:])]
        assert text[quote["start"] - 10 : quote["end"] - 10] == quote["text"]
        assert SETTINGS.min_words <= len(quote["text"].split()) <= SETTINGS.max_words


def test_leaning_openings() -> None:
    for opening in ("And then", "It's slow", "They never", "yeah it is", "But why"):
        assert LEANING.match(opening)
    for opening in ("Item one", "Italy", "Theatre", "Nowhere", "Butter", "Our radio"):
        assert not LEANING.match(opening)


def test_themes_of_other_questions_are_no_rivals() -> None:
    """Two questions may have much the same theme: what people said of it is quoted for both."""
    texts = [
        "The radio fails indoors.",
        "Our radio fails at night.",
        "Radios fail on the moors.",
        "A radio fails in rain.",
    ]
    near = np.array([[1, 0, 0.1], [1, 0.5, 0], [1, 0.1, 0], [0.9, 0.6, 0.1]])
    passages, vectors, _, _, *rest = world(texts, vectors=near)
    assignments = pd.DataFrame({"passage_id": passages["passage_id"], "theme_id": ["T01", "T01", "T02", "T02"]})

    def quoted(questions: list[str], answered: list[str]) -> int:
        said = passages.assign(question_id=answered)
        themes = pd.DataFrame({"theme_id": ["T01", "T02"], "question_id": questions, "n_contributors": 2})
        chosen, _ = choose_quotes(
            said, vectors, themes, assignments, *rest, SETTINGS, lambda texts: np.zeros((len(texts), 3), np.float32)
        )
        return len(chosen)

    both, one = ["a", "a", "b", "b"], ["a"] * 4
    assert quoted(["a", "b"], both) > quoted(["a", "a"], one) == quoted(["", ""], both)
    assert quoted(["", "b"], both) < quoted(["a", "b"], both), "a theme across questions competes with theirs"
