"""Names: what may be in one, and what makes one better than another. No model: phrases and lemmas are given."""

from collections import Counter

import numpy as np

from pipeline.themes.labels import Naming, Rules, name_themes
from pipeline.themes.phrases import Phrase, Read
from tests.fakes import HashEncoder

PHRASES = {
    "poor signal": Phrase("poor signal", ("poor", "signal"), "signal", False),
    "signal": Phrase("signal", ("signal",), "signal", False),
    "reset passwords": Phrase("reset passwords", ("reset", "password"), "password", True),
    "things": Phrase("things", ("thing",), "thing", False),
    "share stuff": Phrase("share stuff", ("share", "stuff"), "stuff", True),
    "olavsen radios": Phrase("Olavsen radios", ("olavsen", "radio"), "radio", False),
}
ENCODER = HashEncoder()


def encode(texts: list[str]) -> np.ndarray:
    vectors = ENCODER.encode(texts)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def read(*names: str) -> Read:
    phrases = tuple(PHRASES[name] for name in names)
    return Read(phrases, frozenset(lemma for phrase in phrases for lemma in phrase.lemmas))


def name(
    reads: list[Read],
    labels: list[int],
    keywords: dict[int, list[str]] | None = None,
    *,
    blocked: frozenset[str] = frozenset(),
    asked: frozenset[str] = frozenset(),
    contributors: list[str] | None = None,
    said_by: dict[str, int] | None = None,
    last: dict[int, str] | None = None,
) -> dict[int, Naming]:
    k = max(labels) + 1
    centroids = np.stack(
        [
            encode([" ".join(p.text for r, at in zip(reads, labels, strict=True) if at == theme for p in r.phrases)])[0]
            for theme in range(k)
        ]
    )
    people = contributors or [f"c{n}" for n in range(len(reads))]
    rules = Rules(blocked, asked, 3, Counter(said_by or {}))
    return name_themes(np.array(labels), reads, people, centroids, keywords or {}, rules, encode, last)


TWO = [*[read("poor signal", "things")] * 4, *[read("reset passwords", "share stuff")] * 4]
LABELS = [0] * 4 + [1] * 4


def test_a_theme_is_called_by_what_is_said_in_it_in_sentence_case() -> None:
    assert [n.label for n in name(TWO, LABELS).values()] == ["Poor signal", "Reset passwords"]


def test_a_word_of_too_few_people_names_nothing() -> None:
    few = ["same"] * 4 + ["c1", "c2", "c3", "c4"]
    names = name(TWO, LABELS, contributors=few)
    assert names[0].label.startswith("Unnamed")
    assert names[0].low_confidence
    assert names[1].label == "Reset passwords"


def test_roster_words_are_in_no_label_and_no_keyword() -> None:
    reads = [read("olavsen radios", "signal")] * 5
    used = {"olavsen": 9, "radios": 9, "mast": 9}
    names = name(
        reads, [0] * 5, {0: ["olavsen radios", "olavsen", "mast"]}, blocked=frozenset({"olavsen"}), said_by=used
    )
    assert names[0] == Naming("Signal", ("mast",), False)


def test_an_echo_of_the_question_is_no_name() -> None:
    names = name(TWO, LABELS, asked=frozenset({"poor", "signal"}))
    assert "signal" not in names[0].label.casefold()


def test_generic_words_are_no_name_even_with_a_verb() -> None:
    assert name([read("things", "share stuff")] * 4, [0] * 4)[0].label.startswith("Unnamed")


def test_keywords_are_three_add_to_the_label_and_were_used_by_enough_people() -> None:
    words = ["signal", "valley", "rare", "valleys", "masts", "mast height", "rural areas", "tunnel", "night"]
    used = dict.fromkeys(["signal", "valley", "valleys", "masts", "mast", "height", "rural", "areas", "tunnel"], 5)
    names = name(TWO, LABELS, {0: words}, said_by={**used, "rare": 2})
    assert names[0].keywords == ("valley", "masts", "rural areas")


def test_two_themes_never_share_a_label() -> None:
    reads = [read("poor signal")] * 8
    names = name(reads, [0] * 4 + [1] * 4, {1: ["valley"]}, said_by={"valley": 4})
    assert len({n.label for n in names.values()}) == 2


def test_a_single_word_that_others_use_too_is_marked() -> None:
    reads = [*[read("signal")] * 4, *[read("reset passwords", "signal")] * 4]
    assert name(reads, LABELS)[0].low_confidence
    assert not name([*[read("signal")] * 4, *[read("reset passwords")] * 4], LABELS)[0].low_confidence


def test_the_last_runs_label_is_kept_unless_another_is_clearly_better() -> None:
    reads = [*[read("poor signal", "signal")] * 4, *[read("reset passwords")] * 4]
    free = name(reads, LABELS)[0].label
    other = "Signal" if free == "Poor signal" else "Poor signal"
    assert name(reads, LABELS, last={0: other})[0].label == other
    assert name(reads, LABELS, last={0: other}, blocked=frozenset(other.casefold().split()) - {"signal"})[0].label
    assert name(reads, LABELS, last={0: "Long gone"})[0].label == free


def test_nothing_to_say() -> None:
    names = name([Read((), frozenset())] * 4, [0] * 4)
    assert names[0] == Naming("Unnamed theme", (), True)
