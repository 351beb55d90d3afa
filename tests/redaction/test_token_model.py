"""The classifier: whole words, joined into details, doubt beside certainty, and nothing that depends on neighbours."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from pipeline import models
from pipeline.errors import ModelError, RefusedError
from pipeline.redaction import Document, Redactor, Segment
from pipeline.redaction.details import PREFIX, Word
from pipeline.redaction.findings import Entity, Finding
from pipeline.redaction.recognisers.model import ModelRecogniser
from pipeline.redaction.resolver import resolve
from pipeline.redaction.token_model import DOUBT, SUSPECT, TokenModel, _joined, casings
from pipeline.redaction.unknown import unknown_words
from pipeline.study import Redaction

TEXT = "I told Tamsin Quell and Bo-Ann about it, Imran."


class Told(TokenModel):
    """Finds what it is told to, by the model's own rules for thresholds and joins."""

    def __init__(self, **risks: tuple[str, float, bool]) -> None:
        self._told = risks
        self._thresholds = {"PERSON": 0.5, "LOCATION": 0.8, "ROLE": 0.5}
        self._doubt, self._suspicion = 0.3, 0.03

    def words(self, texts: Sequence[str], least: float = 0.0) -> list[list[Word]]:
        told = [(word, said) for word, said in self._told.items() if said[1] >= least]
        return [[Word(text.index(w), text.index(w) + len(w), *said) for w, said in told] for text in texts]


def found(text: str, **risks: tuple[str, float, bool]) -> list[tuple[str, str]]:
    return [(text[e.start : e.end], e.label) for e in Told(**risks).find([text])[0]]


def test_neighbours_of_one_label_are_one_detail_unless_the_second_begins_another() -> None:
    one = found(TEXT, Tamsin=("PERSON", 0.9, True), Quell=("PERSON", 0.7, False))
    assert one == [("Tamsin Quell", PREFIX + "PERSON")]
    # a double-barrelled name, though the model thinks that its second part begins anew, is two beside a hyphen
    assert len(found(TEXT, Bo=("PERSON", 0.9, True), Ann=("PERSON", 0.9, True))) == 2
    assert found(TEXT, Bo=("PERSON", 0.9, True), Ann=("PERSON", 0.9, False)) == [("Bo-Ann", PREFIX + "PERSON")]
    assert len(found(TEXT, Tamsin=("PERSON", 0.9, True), Imran=("PERSON", 0.9, False))) == 2
    assert len(found(TEXT, Tamsin=("PERSON", 0.9, True), Quell=("LOCATION", 0.9, False))) == 2


def test_each_label_has_its_own_threshold_and_below_it_lie_doubt_and_suspicion() -> None:
    said = found(
        TEXT,
        Tamsin=("LOCATION", 0.79, True),
        Quell=("PERSON", 0.5, True),
        Imran=("PERSON", 0.29, True),
        told=("PERSON", 0.029, True),
    )
    assert said == [("Quell", PREFIX + "PERSON"), ("Tamsin", DOUBT), ("Imran", SUSPECT)]


def test_a_score_runs_from_a_half_at_the_threshold_to_one() -> None:
    scores = [Told(Imran=("LOCATION", risk, True)).find([TEXT])[0][0].score for risk in (0.8, 0.9, 1.0)]
    assert scores == [0.5, 0.75, 1.0]


def test_a_role_takes_the_place_that_makes_it_unique_with_it() -> None:
    text = "She is the only drone sergeant in all of Kent, and hates Essex."
    role, place = text.index("only"), text.index("Kent")
    findings = [
        Finding(role, role + len("only drone sergeant"), "ROLE", 0.9, "model"),
        Finding(place, place + 4, "FORCE", 0.9, "gazetteer"),
        Finding(text.index("Essex"), text.index("Essex") + 5, "FORCE", 0.9, "gazetteer"),
    ]
    masked = [(text[f.start : f.end], f.label) for f in resolve(text, findings)]
    assert masked == [("only drone sergeant in all of Kent", "ROLE"), ("Essex", "FORCE")]


def test_of_unknown_words_only_those_that_the_classifier_suspects_hold() -> None:
    for text in ("I drove fae Zanthorpe to the office today.", "i told zanthorpe about it and then left"):
        assert unknown_words(text, frozenset()) == set()
        assert unknown_words(text, frozenset({"zanthorpe"})) == {"zanthorpe"}


def test_a_surname_left_after_a_masked_first_name_is_held_whatever_the_classifier_thinks() -> None:
    assert unknown_words("[person] Zanthorpe told me about it.", frozenset()) == {"zanthorpe"}
    assert unknown_words("[person] zanthorpe told me about it then", frozenset()) == {"zanthorpe"}


def test_how_a_word_is_written_is_told_for_each_of_its_tokens() -> None:
    text = "so PC Bo-Ann, I/O 42 iPad K2x"
    words = ["so", "PC", "Bo", "-", "Ann", ",", "I", "O", "42", "iPad", "K2x"]
    starts = [text.index(word) for word in words]
    starts[6], starts[7] = text.index("I/O"), text.index("I/O") + 2
    places = [(start, start + len(word)) for start, word in zip(starts, words, strict=True)]
    assert casings(text, [*places, (0, 0)]) == [1, 3, 2, 0, 2, 0, 4, 4, 0, 5, 2, 0]


def test_a_classifier_that_is_not_there_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setitem(models.OWN, "quotebank-redactor", tmp_path / "gone")
    with pytest.raises(ModelError, match="is not there"):
        TokenModel("quotebank-redactor")
    with pytest.raises(ModelError, match="cannot be loaded"):
        TokenModel(str(tmp_path))  # a folder with nothing in it


@pytest.fixture(scope="module")
def model() -> TokenModel:
    return TokenModel(Redaction().model)


@pytest.mark.models
def test_the_end_of_a_long_text_is_read_like_its_beginning(model: TokenModel) -> None:
    name = "My sergeant, Rebecca Thornton, retired last week."
    text = " ".join(["The printer on the second floor is slow in the morning."] * 120) + " " + name
    masked = {text[e.start : e.end] for e in model.find([text])[0] if e.label == PREFIX + "PERSON"}
    assert any("Thornton" in words for words in masked)


@pytest.mark.models
def test_no_word_is_found_in_part_and_every_offset_is_of_this_text(model: TokenModel) -> None:
    text = "ring zbigniew szczepanski-howells on 07700 900123 or z.szczepanski@northmoor.example, él también"
    for word in model.words([text])[0]:
        assert 0 <= word.start < word.end <= len(text)
        before, after = text[word.start - 1 : word.start], text[word.end : word.end + 1]
        assert not (before.isalnum() and text[word.start].isalnum())
        assert not (after.isalnum() and text[word.end - 1].isalnum())


@pytest.mark.models
def test_a_classifier_that_fails_holds_its_document_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    redactor = Redactor(Redaction(), [])
    redactor.redact([])
    find = TokenModel.find

    def failing(self: TokenModel, texts: Sequence[str]) -> list[list[Entity]]:
        if any("Zanthorpe" in text for text in texts):
            raise RuntimeError(*texts)
        return find(self, texts)

    monkeypatch.setattr(TokenModel, "find", failing)
    texts = ("Zanthorpe came late.", "The radio is fine.")
    bad, good = redactor.redact([Document(str(n), (Segment("a", text),)) for n, text in enumerate(texts)])
    assert (bad.held, bad.segments[0].text) == (("classifier_error",), "")
    assert (good.held, good.segments[0].text) == ((), texts[1])


@pytest.mark.models
def test_an_answer_that_is_no_number_is_no_answer(model: TokenModel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every comparison with it is false, so that all would pass for harmless."""
    nothing = SimpleNamespace(run=lambda _, read: [np.full((*read["input_ids"].shape, 41), np.nan)])
    monkeypatch.setattr(model, "_session", nothing)
    with pytest.raises(ModelError, match="gives no numbers"):
        model.find(["My sergeant, Rebecca Thornton, retired."])


@pytest.mark.models
def test_what_is_said_of_a_text_does_not_depend_on_its_neighbours(model: TokenModel) -> None:
    texts = [
        "ring zbigniew on 07700 900123",
        "the radio is fine",
        "My sergeant, Rebecca Thornton, retired in March 2019.",
        "MY SERGEANT RETIRED",
        "",
        "the tills are slow",
    ]
    alone = [model.words([text])[0] for text in texts]
    assert model.words(texts) == alone
    assert model.words(texts[::-1] * 3) == alone[::-1] * 3
    assert alone[4] == []


@pytest.mark.models
def test_only_words_at_risk_can_be_asked_for(model: TokenModel) -> None:
    text = "My sergeant, Rebecca Thornton, retired in March 2019 after 9½ years of work."
    every = model.words([text])[0]
    assert 2 < len([word for word in every if word.risk >= 0.5]) < len(every)
    assert model.words([text], 0.5)[0] == [word for word in every if word.risk >= 0.5]


def test_prepositions_at_its_edges_are_no_part_of_a_detail() -> None:
    text = "I came of Essex to Kent and left"
    said = found(text, of=("LOCATION", 0.9, True), Essex=("LOCATION", 0.9, False), to=("LOCATION", 0.9, False))
    assert said == [("Essex", PREFIX + "LOCATION")]
    assert found(text, of=("LOCATION", 0.9, True)) == []
    assert found(text, of=("ROLE", 0.9, True), Essex=("ROLE", 0.9, False)) == [("of Essex", PREFIX + "ROLE")]


def kept_by_form(text: str, words: str, label: str) -> list[str]:
    """What the recogniser passes on of one finding of the classifier."""
    start = text.index(words)
    artifacts = SimpleNamespace(entities=[Entity(start, start + len(words), PREFIX + label, 0.9)])
    return [text[r.start : r.end] for r in ModelRecogniser().analyze(text, [], artifacts)]


def test_an_address_has_a_form_whatever_the_classifier_thinks() -> None:
    text = "It fails everywhere. For example on nights, see wiki/thrive-bug-3 or trust dot example, not them all."
    assert kept_by_form(text, "everywhere. For example", "URL") == []
    assert kept_by_form(text, "wiki/thrive-bug-3", "URL") == ["wiki/thrive-bug-3"]
    assert kept_by_form(text, "trust dot example", "URL") == ["trust dot example"]
    assert kept_by_form(text, "them all.", "EMAIL") == []


def test_a_foreign_place_is_kept_as_a_place_and_masked_as_a_person() -> None:
    text = "Florence from Brisbane uses Niche in Margate."
    assert kept_by_form(text, "Brisbane", "LOCATION") == []
    assert kept_by_form(text, "Florence", "LOCATION") == []
    assert kept_by_form(text, "Florence", "PERSON") == ["Florence"]
    assert kept_by_form(text, "Niche", "PERSON") == []
    assert kept_by_form(text, "Margate", "LOCATION") == ["Margate"]


def test_of_a_token_that_two_windows_hold_what_worries_more_counts() -> None:
    harmless, worrying = np.array([0.9, 0.1]), np.array([0.2, 0.8])
    for chances in ((harmless, worrying), (worrying, harmless)):
        windows = [([(0, 0), (4, 7)], np.array([worrying, chance])) for chance in chances]
        places, joined = _joined(windows)
        assert places == [(4, 7)] and joined.tolist() == [worrying.tolist()]


@pytest.mark.models
def test_a_classifier_that_finds_nothing_refuses_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TokenModel, "find", lambda _self, texts: [[] for _ in texts])
    with pytest.raises(RefusedError, match="missed HEALTH"):
        Redactor(Redaction(), []).redact([])
