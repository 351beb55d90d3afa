"""Names: what may be in one, and what makes one better than another. No model: phrases and lemmas are given."""

from collections import Counter
from dataclasses import replace

import numpy as np

from pipeline.tables import UNNAMED
from pipeline.themes.choice import Candidate, choose, is_doubtful, paired, put_together, score
from pipeline.themes.eligible import Rules
from pipeline.themes.labels import Naming, name_groups, name_themes
from pipeline.themes.phrases import Kind, Phrase, Read
from pipeline.themes.usage import Usage
from tests.fakes import HashEncoder
from tests.themes.test_choice import PHRASES, candidate

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
    vectors = encode([" ".join(phrase.text for phrase in r.phrases) for r in reads])
    return name_themes(np.array(labels), reads, people, vectors, centroids, keywords or {}, rules, encode, last)


TWO = [*[read("poor signal", "things")] * 4, *[read("reset passwords", "share stuff")] * 4]
LABELS = [0] * 4 + [1] * 4


def test_a_theme_is_called_by_what_is_said_in_it_in_sentence_case() -> None:
    assert [n.label for n in name(TWO, LABELS).values()] == ["Poor signal", "Reset passwords"]


def test_a_word_of_too_few_people_names_nothing() -> None:
    few = ["same"] * 4 + ["c1", "c2", "c3", "c4"]
    names = name(TWO, LABELS, contributors=few)
    assert names[0].label == UNNAMED
    assert names[0].low_confidence
    assert names[1].label == "Reset passwords"


def test_roster_words_are_in_no_label_and_no_keyword() -> None:
    reads = [read("olavsen radios", "signal")] * 5
    used = {"olavsen": 9, "radios": 9, "mast": 9}
    names = name(
        reads, [0] * 5, {0: ["olavsen radios", "olavsen", "mast"]}, blocked=frozenset({"olavsen"}), said_by=used
    )
    assert (names[0].label, names[0].keywords) == ("Signal", ("mast",))


def test_an_echo_of_the_question_is_no_name() -> None:
    names = name(TWO, LABELS, asked=frozenset({"poor", "signal"}))
    assert "signal" not in names[0].label.casefold()


def test_generic_words_are_no_name_even_with_a_verb() -> None:
    assert name([read("things", "share stuff")] * 4, [0] * 4)[0].label == UNNAMED


def test_a_generic_noun_names_a_theme_where_many_use_it_and_hardly_anybody_elsewhere() -> None:
    asked = [*[read("questions")] * 4, *[read("poor signal", "things")] * 8]
    assert name(asked, [*[0] * 4, *[1] * 8])[0] == Naming("Questions", (), False)
    elsewhere = [*[read("questions")] * 4, *[read("poor signal", "questions")] * 8]
    assert name(elsewhere, [*[0] * 4, *[1] * 8])[0].label == UNNAMED
    assert name([read("questions")] * 4, [0] * 4)[0].label == UNNAMED  # nobody is elsewhere
    things = [*[read("things")] * 4, *[read("poor signal")] * 8]
    assert name(things, [*[0] * 4, *[1] * 8])[0].label == UNNAMED


def test_a_blocked_word_is_seen_within_a_verb_and_its_particle() -> None:
    picking = Phrase("being picked up", ("pick up",), "pick up", "happening")
    said = [*[Read((picking,), frozenset(picking.lemmas))] * 4, *OTHERS]
    assert name(said, LABELS)[0].label == "Being picked up"
    assert name(said, LABELS, blocked=frozenset({"pick"}))[0].label == UNNAMED


def test_what_most_say_they_have_none_of_names_no_theme() -> None:
    none, some = read("no signal"), read("signal")
    assert name([none, none, none, some, *OTHERS], LABELS)[0].label == "No signal"
    assert name([none, none, some, some, *OTHERS], LABELS)[0].label == "Signal"


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


def test_the_last_runs_label_is_kept_as_long_as_its_words_may_name_the_theme() -> None:
    reads = [*[read("poor signal", "signal")] * 4, *[read("reset passwords")] * 4]
    free = name(reads, LABELS)[0].label
    other = "Signal" if free == "Poor signal" else "Poor signal"
    assert name(reads, LABELS, last={0: other})[0].label == other
    assert name(reads, LABELS, last={0: "Long gone"})[0].label == free
    blocked = frozenset({"poor"})
    assert name(reads, LABELS, last={0: "Poor signal"}, blocked=blocked)[0].label == "Signal"


def test_the_last_runs_label_is_kept_in_its_own_number_and_though_it_was_of_two_parts() -> None:
    reads = [*[read("poor signal", "signal", "hill")] * 4, *[read("reset passwords")] * 4]
    assert name(reads, LABELS, last={0: "Poor signals"})[0].label == "Poor signals"
    assert name(reads, LABELS, last={0: "Signal and hills"})[0].label == "Signal and hills"
    now_a_name = frozenset({"hills"})
    assert "ill" not in name(reads, LABELS, last={0: "Signal and hills"}, blocked=now_a_name)[0].label


def test_nothing_to_say() -> None:
    names = name([Read((), frozenset())] * 4, [0] * 4)
    assert names[0] == Naming(UNNAMED, (), True)


OTHERS = [read("reset passwords", "share stuff")] * 4


def test_a_phrase_is_shared_if_its_words_are_though_only_one_person_put_them_together() -> None:
    apart = [read("hill signal"), *[read("hill")] * 2, *[read("signal")] * 2, *OTHERS]
    elsewhere = [read("hill"), read("signal")]  # so that neither is a subject by itself
    assert name([*apart, *elsewhere], [0, *LABELS, 1, 1])[0].label == "Hill signal"
    alone = [read("hill signal"), read("signal"), read("signal"), read("signal"), *OTHERS, read("hill"), read("hill")]
    assert name(alone, [*LABELS, 1, 1])[0].label == "Signal"


def test_a_word_of_one_person_in_the_theme_names_nothing() -> None:
    reads = [read("hill"), read("things"), read("things"), read("things"), *OTHERS, read("hill"), read("hill")]
    names = name(reads, [*LABELS, 1, 1])
    assert names[0].label == UNNAMED
    assert names[0].low_confidence


def test_a_thing_reads_better_than_an_action_of_the_same_words() -> None:
    assert name([*[read("hill signal", "signal hill")] * 4, *OTHERS], LABELS)[0].label == "Hill signal"


def test_a_single_noun_stands_in_the_plural_if_people_use_it() -> None:
    assert name([*[read("signal")] * 2, *[read("signals")] * 2, *OTHERS], LABELS)[0].label == "Signals"
    assert name([*[read("signal")] * 4, read("signals"), *OTHERS], [0, *LABELS])[0].label == "Signal"


def test_reach_counts_people_with_a_passage_more_like_a_phrase_than_those_elsewhere() -> None:
    usage = Usage.count(np.array([0, 0, 0, 1, 1]), [read("signal")] * 5, ["a", "a", "b", "c", "d"], 2)
    similar = np.array([[0.9, 0.1], [0.2, 0.1], [0.1, 0.1], [0.5, 0.5], [0.4, 0.5]])
    assert usage.reach(0, similar).tolist() == [0.5, 0.0]
    whole = Usage.count(np.array([0, 0]), [read("signal")] * 2, ["a", "b"], 1)
    assert whole.reach(0, similar[:2]).tolist() == [1.0, 1.0]


def test_a_word_that_one_in_ten_uses_stays_out_of_the_name_of_all() -> None:
    """More telling by itself, "poor signal" would stand over twenty people of whom two find the signal poor."""

    def label(poor: int) -> str:
        said = [*[read("poor signal", "signal")] * poor, *[read("signal")] * (20 - poor), *OTHERS, read("signal")]
        return name(said, [0] * 20 + [1] * (len(OTHERS) + 1))[0].label

    assert (label(2), label(10)) == ("Signal", "Poor signal")


def test_each_word_of_a_phrase_must_be_used_by_one_in_twelve() -> None:
    def usage(poor: int) -> Usage:
        said = [*[read("poor signal")] * poor, *[read("signal")] * (30 - poor)]
        return Usage.count(np.zeros(30, dtype=int), said, [f"c{n}" for n in range(30)], 1)

    phrase = PHRASES["poor signal"]
    assert [usage(poor).is_shared(phrase, 0) for poor in (1, 2, 3)] == [False, False, True]
    assert [usage(poor).is_shared(phrase, 0, by=0.0) for poor in (1, 2)] == [False, True]
    assert usage(6).borne_out(phrase, 0) == 0.2


def test_a_phrase_is_meant_by_those_nearer_to_it_than_to_its_parts() -> None:
    """Of four passages three are more like "poor signal" than "signal", and one more than "hill signal"."""
    phrases = [PHRASES[text] for text in ("signal", "poor signal", "hill signal", "things")]
    similar = np.array([[0.5, 0.6, 0.4, 0.1], [0.5, 0.7, 0.4, 0.1], [0.5, 0.8, 0.6, 0.1], [0.5, 0.2, 0.4, 0.1]])

    def meant(*said: str) -> list[float]:
        usage = Usage.count(np.zeros(4, dtype=int), [read(text) for text in said], list("abcd"), 1)
        return usage.meant(0, phrases, similar).tolist()

    assert meant(*["signal"] * 4) == [0.5, 0.75, 0.25, 0.5]
    assert meant(*["things"] * 4) == [0.5, 0.5, 0.25, 0.5]  # hardly anybody speaks of a signal


def test_more_of_a_thing_is_wished_for_by_fewer_than_must_have_none_of_it() -> None:
    more = Phrase("more signal", ("more", "signal"), "signal")
    wish, spoken = Read((more,), frozenset({"more", "signal"})), read("signal")
    named = [name([*[wish] * n, *[spoken] * (20 - n), *OTHERS], [0] * 20 + [1] * len(OTHERS))[0].label for n in (2, 12)]
    assert named == ["Signal", "More signal"]


def test_what_many_do_to_a_generic_thing_names_them_if_no_others_do() -> None:
    sharing, other = [read("share stuff")] * 4, [read("poor signal")] * 4
    assert name([*sharing, *other], LABELS)[0].label == "Share stuff"
    assert name([*sharing, *[read("poor signal", "share stuff")] * 4], LABELS)[0].label == UNNAMED


def test_a_group_of_themes_has_a_name_of_its_own() -> None:
    reads = [
        *[read("poor signal", "hill")] * 4,
        *[read("signal from hill", "hill")] * 4,
        *[read("reset passwords", "share stuff")] * 4,
    ]
    labels = np.array([0] * 4 + [1] * 4 + [2] * 4)
    people = [f"c{n}" for n in range(len(reads))]
    vectors = encode([" ".join(phrase.text for phrase in r.phrases) for r in reads])
    rules = Rules(frozenset(), frozenset(), 3, Counter({"mast": 9, "pole": 9}))
    names = {
        theme: Naming(label, (), False) for theme, label in enumerate(("Poor signal", "Signal from hill", "Reset"))
    }
    words = {0: ["mast"], 1: ["pole"]}
    found = name_groups([[0, 1], [2]], names, labels, reads, people, vectors, words, rules, encode)
    assert list(found) == [0]  # one theme alone is no group
    assert found[0].label == "Hill"
    assert found[0].keywords == ("mast", "pole")
    assert name_groups([[0], [1]], names, labels, reads, people, vectors, words, rules, encode) == {}


def test_a_heading_of_two_parts_is_made_of_short_phrases_that_many_use_and_that_differ() -> None:
    def part(text: str, *vector: float, **changes: object) -> Candidate:
        return replace(candidate(text, telling=1, **changes), vector=np.array(vector))

    hill, signal = part("hill", 1.0, 0.0), part("signal", 0.0, 1.0)
    clear = replace(candidate("signal from hill"), similarity=0.95)  # too long to be a part, and names the theme
    made = put_together([signal, hill, clear])
    assert [phrase.text for phrase in made] == ["hill and signal"]
    assert made[0].parts == (hill.phrase, signal.phrase)
    assert put_together([part("hill", 0.0, 1.0), signal, clear]) == []  # they say the same
    for changes in ({"worded_by": 1}, {"coverage": 0.12}, {"margin": -0.05}, {"lift": 0.5}, {"similarity": 0.3}):
        assert put_together([part("hill", 1.0, 0.0, **changes), signal, clear]) == [], changes
    assert put_together([part("reset passwords", 1.0, 0.0), signal, clear]) == []  # an action beside a thing


def test_where_no_phrase_names_a_theme_its_heading_may_be_of_two_less_alike() -> None:
    def part(text: str, *vector: float, **changes: object) -> Candidate:
        known = candidate(text, telling=1, similarity=0.4, margin=0.0, reach=0.3, borne_out=0.3)
        return replace(known, **changes, vector=np.array(vector))

    signal = part("signal", 0.0, 1.0)
    assert [phrase.text for phrase in put_together([signal, part("hill", 1.0, 0.0)])] == ["hill and signal"]
    for changes in ({"worded_by": 1}, {"coverage": 0.12}, {"margin": -0.05}, {"similarity": 0.3}):
        assert put_together([signal, part("hill", 1.0, 0.0, **changes)]), changes
    once = replace(part("hill", 1.0, 0.0, worded_by=1), phrase=Phrase("old hill", ("old", "hill"), "hill"))
    assert put_together([signal, once]) == []  # that one person put so
    for changes in ({"coverage": 0.09}, {"margin": -0.15}, {"lift": 0.5}, {"similarity": 0.2}):
        assert put_together([signal, part("hill", 1.0, 0.0, **changes)]) == [], changes


def test_a_heading_of_two_parts_does_not_say_one_thing_twice() -> None:
    one = replace(candidate("hill", telling=1), phrase=Phrase("JetBlue", ("jetblue",), "jetblue"), vector=np.eye(2)[0])
    two = replace(one, phrase=Phrase("jet Blue", ("jet", "blue"), "blue"), vector=np.eye(2)[1])
    other = replace(one, phrase=Phrase("gates", ("gate",), "gate"), vector=np.eye(2)[1])
    assert paired([one, two]) == []
    assert [phrase.text for phrase in paired([one, other])] == ["JetBlue and gates"]


def test_how_somebody_was_goes_with_how_they_were_and_with_nothing_else() -> None:
    def part(text: str, kind: Kind, *vector: float) -> Candidate:
        known = candidate("signal", telling=1, coverage=0.1 if kind == "quality" else 0.5, margin=0.1)
        return replace(known, phrase=Phrase(text, (text,), text, kind), vector=np.array(vector))

    kind, helpful = part("kind", "quality", 1.0, 0.0), part("helpful", "quality", 0.0, 1.0)
    assert [phrase.text for phrase in put_together([kind, helpful])] == ["helpful and kind"]
    assert put_together([kind, part("staff", "thing", 0.0, 1.0)]) == []
    things = [part(f"thing{n}", "thing", *np.eye(8)[n].tolist()) for n in range(6)]
    beside = put_together([*things, *(replace(c, vector=np.eye(8)[6 + n]) for n, c in enumerate((kind, helpful)))])
    assert "helpful and kind" in {phrase.text for phrase in beside}  # things do not take their place
    assert score(kind) < score(part("kindness", "thing", 1.0, 0.0))
    assert is_doubtful(replace(kind, is_typical=True))


def test_of_a_heading_of_two_parts_those_count_who_use_either() -> None:
    signal, hill = PHRASES["signal"], PHRASES["hill"]
    both = Phrase("hill and signal", ("hill", "signal"), "signal", parts=(hill, signal))
    usage = Usage.count(
        np.array([0, 0, 0, 0]), [read("hill"), read("signal"), read("hill"), read("things")], list("abcd"), 1
    )
    assert usage.said(both, 0) == 3
    assert usage.coverage(both, 0) == usage.borne_out(both, 0) == 0.75
    whole = Phrase("poor hill signal", ("poor", "hill", "signal"), "signal")
    few = [*[read("hill")] * 2, *[read("signal")] * 2, *[read("things")] * 12]
    usage = Usage.count(np.zeros(16, int), few, [f"c{n}" for n in range(16)], 1)
    meant = usage.meant(0, [whole, both], np.tile([1.0, 0.5], (16, 1)))
    assert meant[0] == 0.5  # neither of its parts is said by many


def test_a_thing_with_another_behind_it_is_borne_out_by_those_who_speak_of_both() -> None:
    reads = [read("signal"), read("hill"), read("signal"), read("signal from hill")]
    usage = Usage.count(np.zeros(4, dtype=int), reads, list("abcd"), 1)
    assert usage.borne_out(PHRASES["signal from hill"], 0) == 0.25
    assert usage.borne_out(PHRASES["hill signal"], 0) == 0.5


def test_a_word_and_what_is_made_of_it_make_no_two_parts() -> None:
    farm, farmer = Phrase("farm", ("farm",), "farm"), Phrase("farmers", ("farmer",), "farmer")
    parts = [
        replace(candidate("signal"), phrase=phrase, vector=np.array(vector), telling=1)
        for phrase, vector in ((farm, [1.0, 0.0]), (farmer, [0.0, 1.0]), (PHRASES["signal"], [0.0, 1.0]))
    ]
    assert paired(parts[:2]) == []
    assert [phrase.text for phrase in paired([parts[0], parts[2]])] == ["farm and signal"]


def test_a_sentence_names_a_theme_only_if_two_said_it() -> None:
    whole = Phrase("everything was perfect", ("everything", "perfect"), "perfect", "sentence")
    said, other = Read((whole,), frozenset(whole.lemmas)), Read((), frozenset(whole.lemmas))
    assert name([said, said, other, other], [0] * 4)[0].label == "Everything was perfect"
    assert name([said, other, other, other], [0] * 4)[0].label == UNNAMED


def test_a_name_that_draws_passages_from_another_theme_gives_way() -> None:
    """By itself "signal" scores best for theme 0; theme 1 speaks of signals too, so "hill" tells the two apart."""

    def option(theme: int, text: str, vector: list[float], similarity: float) -> Candidate:
        chosen = candidate(text, similarity=similarity, telling=1)
        return replace(chosen, theme=theme, vector=np.array(vector) / np.linalg.norm(vector))

    vectors = np.array([[1.0, 0.6, 0.0], [1.0, 0.8, 0.0], [1.0, 0.0, 0.6], [1.0, 0.0, 0.3]])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    options = {
        0: [option(0, "signal", [1.0, 0.0, 0.0], 0.7), option(0, "hill", [0.5, 1.0, 0.0], 0.6)],
        1: [option(1, "reset passwords", [0.6, 0.0, 1.0], 0.6)],
    }
    labels = np.array([0, 0, 1, 1])
    assert choose(options, {}, labels, vectors)[0].phrase.text == "hill"
    assert choose({0: options[0]}, {}, labels, vectors)[0].phrase.text == "signal"
    options[0][1] = option(0, "hill", [0.5, 1.0, 0.0], -0.3)
    assert choose(options, {}, labels, vectors)[0].phrase.text == "signal", "nothing like the theme, however telling"
    options[0][1] = option(0, "hill", [0.5, 1.0, 0.0], 0.55)
    fewer = np.vstack([vectors, vectors[[2, 2]]])
    assert choose(options, {}, np.array([*labels, 1, 1]), fewer)[0].phrase.text == "signal", "it draws one of four away"


def test_masks_and_words_of_telling_are_no_keywords() -> None:
    used = dict.fromkeys(["xxx", "said", "mast"], 9)
    assert name([*[read("poor signal")] * 4, *OTHERS], LABELS, {0: ["xxx", "said", "mast"]}, said_by=used)[
        0
    ].keywords == ("mast",)


def test_no_signal_names_a_theme_only_if_many_of_those_who_speak_of_it_have_none() -> None:
    def label(without: int) -> str:
        return name([*[read("no signal")] * without, *[read("signal")] * (12 - without), *OTHERS], [0] * 12 + [1] * 4)[
            0
        ].label

    assert label(12) == "No signal"
    assert label(2) == "Signal"
