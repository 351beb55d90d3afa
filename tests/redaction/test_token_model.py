"""The classifier: whole words, joined into details, doubt beside certainty, and nothing that depends on neighbours."""

from typing import Any

import pytest

from pipeline import models
from pipeline.errors import ModelError
from pipeline.redaction import Document, Redactor, Segment
from pipeline.redaction.findings import Entity, Finding
from pipeline.redaction.redactor import is_classified
from pipeline.redaction.resolver import resolve
from pipeline.redaction.token_model import DOUBT, PREFIX, SUSPECT, TokenModel, Word
from pipeline.redaction.unknown import unknown_words
from pipeline.study import Redaction

TEXT = "I told Tamsin Quell and Bo-Ann about it, Imran."


class Told(TokenModel):
    """Finds what it is told to, by the model's own rules for thresholds and joins."""

    def __init__(self, **risks: tuple[str, float, bool]) -> None:
        self._told = risks
        self._thresholds = {"PERSON": 0.5, "LOCATION": 0.8}
        self._doubt, self._suspicion = 0.3, 0.03

    def words(self, text: str) -> list[Word]:
        return [Word(text.index(w), text.index(w) + len(w), *said) for w, said in self._told.items()]


def found(text: str, **risks: tuple[str, float, bool]) -> list[tuple[str, str]]:
    return [(text[e.start : e.end], e.label) for e in Told(**risks).find(text)]


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
    scores = [Told(Imran=("LOCATION", risk, True)).find(TEXT)[0].score for risk in (0.8, 0.9, 1.0)]
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


def test_where_capitals_tell_something_the_classifier_has_no_say() -> None:
    """It does not see them: a village that is also a word, or a surname left after a masked first name, is held."""
    assert unknown_words("I drove fae Tongue to the office today.", frozenset()) == {"tongue"}
    assert unknown_words("[person] Zanthorpe told me about it.", frozenset()) == {"zanthorpe"}
    assert unknown_words("[person] zanthorpe told me about it then", frozenset()) == {"zanthorpe"}
    assert unknown_words("i told zanthorpe about it and then left", frozenset()) == set()
    assert unknown_words("i told zanthorpe about it and then left", frozenset({"zanthorpe"})) == {"zanthorpe"}


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
    masked = {text[e.start : e.end] for e in model.find(text) if e.label == PREFIX + "PERSON"}
    assert any("Thornton" in words for words in masked)


@pytest.mark.models
def test_no_word_is_found_in_part_and_every_offset_is_of_this_text(model: TokenModel) -> None:
    text = "ring zbigniew szczepanski-howells on 07700 900123 or z.szczepanski@northmoor.example, él también"
    for word in model.words(text):
        assert 0 <= word.start < word.end <= len(text)
        before, after = text[word.start - 1 : word.start], text[word.end : word.end + 1]
        assert not (before.isalnum() and text[word.start].isalnum())
        assert not (after.isalnum() and text[word.end - 1].isalnum())


@pytest.mark.models
def test_a_classifier_that_fails_holds_its_document_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    redactor = Redactor(Redaction(), [])
    redactor.redact([])
    find = TokenModel.find

    def failing(self: TokenModel, text: str) -> list[Entity]:
        if "Zanthorpe" in text:
            raise RuntimeError(text)
        return find(self, text)

    monkeypatch.setattr(TokenModel, "find", failing)
    texts = ("Zanthorpe came late.", "The radio is fine.")
    bad, good = redactor.redact([Document(str(n), (Segment("a", text),)) for n, text in enumerate(texts)])
    assert (bad.held, bad.segments[0].text) == (("tagger_error",), "")
    assert (good.held, good.segments[0].text) == ((), texts[1])


def test_what_is_the_classifiers_is_told_from_the_taggers() -> None:
    assert [is_classified(Entity(0, 1, label)) for label in ("PERSON", PREFIX + "PERSON", DOUBT, SUSPECT)] == [
        False,
        True,
        True,
        True,
    ]
