"""The rules of choosing, one by one: whose line stands beside a quote, what is on theme, what adds most."""

import numpy as np
import pandas as pd
import pytest

from pipeline import quotes
from pipeline.quotes import choose_quotes
from pipeline.study import Quotes
from pipeline.tables import QUOTES, check

SETTINGS = Quotes(min_words=4, max_words=12, per_theme=3, per_contributor=2)


def choose(
    texts: list[str],
    vectors: object,
    *,
    themes: list[str] | None = None,
    groups: list[str] | None = None,
    slices: object = None,
    settings: Quotes = SETTINGS,
) -> pd.DataFrame:
    """Quotes from one passage a contributor: contributor p0 said texts[0]. `slices` is the vector of every slice."""
    n = len(texts)
    people = [f"p{i}" for i in range(n)]
    placed = themes or ["T01"] * n
    passages = pd.DataFrame(
        {
            "passage_id": [f"x{i}" for i in range(n)], "document_id": [f"d{i}" for i in range(n)], "contributor_id": people,
            "question_id": "q", "source_kind": "survey", "start": 0, "end": [len(t) for t in texts], "text": texts, "review": "",
        }
    )  # fmt: skip
    matrix = np.array(vectors, dtype=np.float32)
    matrix /= np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-9)
    sizes = pd.Series(placed).value_counts()
    found = choose_quotes(
        passages,
        matrix,
        pd.DataFrame({"theme_id": sizes.index, "question_id": "", "n_contributors": sizes.to_numpy()}),
        pd.DataFrame({"passage_id": passages["passage_id"], "theme_id": placed}),
        pd.DataFrame({"contributor_id": people, "quotable": True}),
        {person: f"line of {person}" for person in people},
        dict(zip(people, groups or [f"group of {person}" for person in people], strict=True)),
        settings,
        lambda wanted: np.array([slices] * len(wanted), dtype=np.float32),
    )
    return check(found[0] if isinstance(found, tuple) else found, QUOTES)


def test_beside_each_quote_stands_the_line_of_who_said_it() -> None:
    chosen = choose([f"The printer number {n} is broken." for n in "abc"], np.eye(3))
    assert len(chosen) == 3
    for quote in chosen.to_dict("records"):
        said_by = f"p{quote['passage_id'][1:]}"
        assert quote["attribution_line"] == f"line of {said_by}"
        assert quote["stakeholder_group"] == f"group of {said_by}"
        assert quote["document_id"] == f"d{quote['passage_id'][1:]}"


def test_what_is_nearer_to_another_theme_is_not_quoted_for_its_own() -> None:
    texts = [f"The printer number {n} is broken." for n in "abcdef"]
    vectors = [[1, 0.1], [1, 0.2], [0.1, 1], [0, 1], [0.2, 1], [0.3, 1]]
    chosen = choose(texts, vectors, themes=["T01", "T01", "T01", "T02", "T02", "T02"])
    assert "x2" not in set(chosen["passage_id"])
    assert {"T01", "T02"} == set(chosen["theme_id"])


def test_a_slice_is_judged_by_its_own_words() -> None:
    long = "Printers are broken. " * 3 + "My dog is called Rover and barks. It rained for days on end."
    texts = [long, *(f"The printer number {n} is broken." for n in "abc")]
    vectors, themes = [[1, 0], [1, 0.1], [0, 1], [0.1, 1]], ["T01", "T01", "T02", "T02"]
    assert "x0" in set(choose(texts, vectors, themes=themes, slices=[1, 0])["passage_id"])
    assert "x0" not in set(choose(texts, vectors, themes=themes, slices=[0, 1])["passage_id"])


def test_a_group_has_little_more_than_its_share() -> None:
    texts = [f"{letter}rdinary printers are all broken." for letter in "ABCDEFGHIJKL"]
    groups = ["Supplier"] * 4 + ["Officer"] * 8
    chosen = choose(texts, np.eye(12) + 0.2, groups=groups)
    assert len(chosen) == 3
    assert list(chosen["stakeholder_group"]).count("Supplier") == 2  # its share of three is one


@pytest.mark.parametrize(("mark", "said"), [("  • - ", "The printer is broken again."), ("* ", "It is never mended.")])
def test_the_mark_of_a_list_item_is_left_out(mark: str, said: str) -> None:
    chosen = choose([mark + said], [[1, 0]], slices=[1, 0])
    assert (chosen["text"].iloc[0], chosen["start"].iloc[0]) == (said, len(mark))


@pytest.mark.parametrize("lesser", ["All the printers are broken", "And the printers are broken."])
def test_of_two_that_say_the_same_the_one_that_stands_alone_is_chosen(lesser: str) -> None:
    chosen = choose([lesser, "Zillions of printers are broken."], [[1, 0], [1, 0.01]])
    assert list(chosen["passage_id"]) == ["x1"]


def test_a_passage_that_leans_on_what_went_before_is_quoted_from_where_it_stands_alone() -> None:
    text = "And so on. Nobody ever mends the printers."
    assert list(choose([text], [[1, 0]], slices=[1, 0])["text"]) == ["Nobody ever mends the printers."]


def test_what_adds_nothing_is_not_quoted() -> None:
    chosen = choose(["The printer is broken again.", "Nothing to do with it."], [[1, 0], [0, 0]])
    assert list(chosen["passage_id"]) == ["x0"]


def test_the_first_quote_says_most_and_no_more_are_chosen_than_asked_for() -> None:
    texts = [f"{letter}rdinary printers are all broken." for letter in "BCDEFA"]
    middle = np.eye(6) + np.array([[0] * 5 + [0.9]] * 6)  # all lean towards the last, which is thus most like all
    chosen = choose(texts, middle)
    assert list(chosen["rank"]) == [1, 2, 3]
    assert chosen["passage_id"].iloc[0] == "x5"


def test_a_second_quote_adds_what_the_first_left_out() -> None:
    """Three that say nearly the same outweigh two others, but only once."""
    texts = [f"{letter}rdinary printers are all broken." for letter in "ABCDE"]
    vectors = [[1, 0.5, 0, 0, 0], [1, 0, 0.5, 0, 0], [1, -0.4, 0, 0, 0], [0, 0, 0, 1, 0.5], [0, 0, 0, 1, -0.5]]
    chosen = choose(texts, vectors, settings=SETTINGS.model_copy(update={"per_theme": 2}))
    assert chosen["passage_id"].iloc[0] in ("x0", "x1", "x2")
    assert chosen["passage_id"].iloc[1] in ("x3", "x4")


def test_a_large_theme_is_thinned_evenly_not_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotes, "GROUND_SET", 4)
    texts = [f"{letter}rdinary printers are all broken." for letter in "ABCDEFGH"]
    chosen = choose(texts, [[1, 0]] * 4 + [[0, 1]] * 4)
    assert {passage < "x4" for passage in chosen["passage_id"]} == {True, False}
