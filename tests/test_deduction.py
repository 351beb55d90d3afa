"""A codebook's own codes, looked for in every passage; people's word stays law."""

import numpy as np
import pandas as pd
import pytest

from pipeline import embedding
from pipeline.agreement.codings import Coded
from pipeline.codebook import Codebook, State
from pipeline.codebook.state import Decided, Placement, Ref
from pipeline.coding import Code
from pipeline.deduction import codes_of, deduce, human_codings, with_codings
from pipeline.edits import Edits
from pipeline.reading import facts
from pipeline.steps import run_study
from pipeline.study import CODER, Embedding
from pipeline.tables import CODINGS, check
from pipeline.themes.ideas import split_ideas
from tests.fakes import SUBJECTS, HashEncoder, answers, passages_table


def encode(texts: list[str]) -> np.ndarray:
    vectors = HashEncoder().encode(list(texts))
    return (vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)).astype(np.float32)


PASSAGES = passages_table(answers()[0])
TEXTS = (PASSAGES, split_ideas(PASSAGES))
CODES = [Code(f"T9{n}", name, examples=tuple(lines[:3])) for n, (name, lines) in enumerate(SUBJECTS.items())]


def test_codes_find_their_passages_and_every_passage_has_its_likeliest() -> None:
    found = check(deduce(CODES, {}, *TEXTS, encode), CODINGS)
    assert set(found["passage_id"]) == set(PASSAGES["passage_id"])
    given = found[found["accepted"]]
    subject = {text: f"T9{n}" for n, lines in enumerate(SUBJECTS.values()) for text in lines}
    by_id = dict(zip(PASSAGES["passage_id"], PASSAGES["text"], strict=True))
    right = [
        subject[by_id[passage]] == theme for passage, theme in zip(given["passage_id"], given["theme_id"], strict=True)
    ]
    assert len(right) >= 10 and np.mean(right) > 0.8
    assert (given["probability"] >= 0.5).all()
    assert sorted(set(found["next"]) - {0}) == list(range(1, found["next"].max() + 1))


def test_a_persons_coding_is_returned_as_it_is() -> None:
    ids = PASSAGES["passage_id"].tolist()
    human = {ids[0]: frozenset({"T92"}), ids[1]: frozenset()}
    found = deduce(CODES, human, *TEXTS, encode)
    own = found[found["passage_id"] == ids[0]]
    assert own.loc[own["accepted"], "theme_id"].tolist() == ["T92"]
    assert not found.loc[found["passage_id"] == ids[1], "accepted"].any()
    assert found.loc[found["passage_id"].isin(ids[:2]), "by_person"].all()


def test_the_order_of_rows_makes_no_difference() -> None:
    shuffled = PASSAGES.sample(frac=1, random_state=2).reset_index(drop=True)
    again = deduce(CODES[::-1], {}, shuffled, split_ideas(shuffled), encode)
    pd.testing.assert_frame_equal(deduce(CODES, {}, *TEXTS, encode), again)


def test_without_codes_nothing_changes() -> None:
    codings = deduce([], {}, *TEXTS, encode)
    rows = pd.DataFrame(
        {"passage_id": ["a", "b"], "theme_id": ["T01", ""], "rank": 1, "similarity": 0.5, "margin": 0.1}
    )
    kept = with_codings(rows, codings)
    assert codings.empty
    assert kept[rows.columns].reset_index(drop=True).equals(rows)
    assert set(kept["source"]) == {"machine"}


def test_what_is_accepted_comes_before_what_was_found_and_blind_codings_assign_nothing() -> None:
    rows = pd.DataFrame(
        {
            "passage_id": ["a", "b", "c", "d"],
            "theme_id": ["T01", "", "T01", "T02"],
            "rank": 1,
            "similarity": 0.5,
            "margin": 0.1,
        }
    )
    given = [("a", "T90", 0.9, True, False), ("a", "T91", 0.95, True, False), ("b", "T90", 0.6, True, False),
             ("c", "T90", 1.0, True, True), ("d", "T90", 0.4, False, False)]  # fmt: skip
    codings = pd.DataFrame(given, columns=["passage_id", "theme_id", "probability", "accepted", "by_person"])
    found = with_codings(rows, codings)
    placed = {p: list(zip(g["theme_id"], g["rank"], g["source"], strict=True)) for p, g in found.groupby("passage_id")}
    assert placed["a"] == [("T91", 1, "definition"), ("T90", 2, "definition"), ("T01", 3, "machine")]
    assert placed["b"] == [("T90", 1, "definition")]
    assert placed["c"] == [("T01", 1, "machine")]
    assert placed["d"] == [("T02", 1, "machine")]


class Blind:
    def __init__(self, *coded: Coded) -> None:
        self.coded = {one.passage_id: one for one in coded}

    def passages(self) -> dict[str, Coded]:
        return self.coded


def test_blind_codings_count_while_the_words_are_the_same_and_decisions_outrank_them() -> None:
    (first, second, third, fourth), hashes = PASSAGES["passage_id"][:4], PASSAGES["text_hash"].tolist()
    agreed = frozenset({"T01"})
    blind = Blind(
        Coded(first, hashes[0], {"A": agreed}, (), "agreed", agreed),
        Coded(second, "other words", {"A": agreed}, (), "agreed", agreed),
        Coded(third, hashes[2], {"A": agreed, "B": frozenset()}, (), "disagreement", None),
        Coded(fourth, hashes[3], {"A": agreed}, (), "agreed", agreed),
    )
    state = State(themes={"T01": Decided("T01", merge_into="T05"), "T05": Decided("T05")})
    object.__setattr__(state, "placements", {Ref(fourth, hashes[3]): Placement(("T05", "T02"), only=True, coded=True)})
    found = human_codings(state, blind, PASSAGES)
    assert found == {first: frozenset({"T05"}), fourth: frozenset({"T05", "T02"})}


def test_codes_are_those_that_people_said_something_about() -> None:
    state = State(
        themes={
            "T01": Decided("T01", label="Renamed only"),
            "T02": Decided("T02", label="Kit", definition="Kit that fails.", examples=(PASSAGES["passage_id"][0],)),
            "T03": Decided("T03", definition="Gone.", retired=True),
        }
    )
    (code,) = codes_of(state, Codebook(), PASSAGES)
    assert (code.theme_id, code.label, code.definition) == ("T02", "Kit", "Kit that fails.")
    assert code.examples == (PASSAGES["text"][0],)


def test_a_code_added_by_its_examples_is_assigned_in_the_next_run(study, monkeypatch: pytest.MonkeyPatch) -> None:
    run = run_study(study)
    texts = run.read("passages")["text"].tolist()
    assert run.read("codings").empty
    assert len(facts(study, run)["models"]) == 3, "where nothing is looked for, nothing is said of who looks"
    edits = Edits.open(study, encode=encode)
    new = edits.add("Kit", examples=texts[:3])
    asked: list[tuple[str, str]] = []
    encoded = embedding.embed_texts

    def embed(said: list[str], settings: Embedding, *rest: object) -> np.ndarray:
        asked.extend((settings.model, text) for text in said)
        return encoded(said, settings, *rest)

    monkeypatch.setattr(embedding, "embed_texts", embed)
    again = run_study(study)
    for text in (*texts, *split_ideas(again.read("passages"))["text"], "Kit"):
        assert (CODER, text) in asked, "codes are looked for by the coder"
    coded = again.read("coded_assignments")
    assert (coded.loc[coded["source"] == "definition", "theme_id"] == new).any()
    assert new in set(again.read("coded_themes")["theme_id"])
    assert len(facts(study, again)["models"]) == 4


def test_a_theme_of_one_question_is_not_looked_for_in_another() -> None:
    """A code that people made is, and what a person coded stays. Each passage has the likeliest of those it may have."""
    ids = PASSAGES["passage_id"].tolist()
    asked = dict(zip(ids, ["a", "b"] * (len(ids) // 2), strict=True))
    passages = PASSAGES.assign(question_id=list(asked.values()))
    homes = {"T90": "a", "T91": "a", "T92": "b"}
    human = {ids[1]: frozenset({"T90"})}
    everywhere = deduce(CODES, human, passages, TEXTS[1], encode)
    found = check(deduce(CODES, human, passages, TEXTS[1], encode, homes), CODINGS)
    own = found["theme_id"].map(homes).fillna("")
    assert (found["by_person"] | (own == "") | (own == found["passage_id"].map(asked))).all()
    assert found.loc[found["passage_id"] == ids[1], "accepted"].any()
    assert (found.groupby("passage_id").size() >= 3).all()
    keys = ["passage_id", "theme_id"]
    both = found.merge(everywhere, on=keys, suffixes=("", "_before"))
    assert (both["accepted"] == both["accepted_before"]).all() and set(found["theme_id"]) == set(everywhere["theme_id"])
    nowhere = {code.theme_id: "z" for code in CODES}
    assert deduce(CODES, {}, passages, TEXTS[1], encode, nowhere).empty
