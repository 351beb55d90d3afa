"""What makes one phrase a better name than another, and when a name is doubtful."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pipeline.themes.choice import Candidate, is_doubtful, score
from pipeline.themes.phrases import Phrase

PHRASES = {
    "poor signal": Phrase("poor signal", ("poor", "signal"), "signal"),
    "signal": Phrase("signal", ("signal",), "signal"),
    "reset passwords": Phrase("reset passwords", ("reset", "password"), "password", "action"),
    "questions": Phrase("questions", ("question",), "question"),
    "signal time": Phrase("signal time", ("signal", "time"), "time"),
    "things": Phrase("things", ("thing",), "thing"),
    "share stuff": Phrase("share stuff", ("share", "stuff"), "stuff", "action"),
    "signals": Phrase("signals", ("signal",), "signal"),
    "hill signal": Phrase("hill signal", ("hill", "signal"), "signal"),
    "signal from hill": Phrase("signal from hill", ("signal", "hill"), "signal"),
    "year signal": Phrase("year signal", ("year", "signal"), "signal"),
    "hill": Phrase("hill", ("hill",), "hill"),
    "signal hill": Phrase("signal hill", ("signal", "hill"), "hill", "action"),
    "using signal": Phrase("using signal", ("use", "signal"), "signal", "action"),
    "mending signal": Phrase("mending signal", ("mend", "signal"), "signal", "action"),
    "no signal": Phrase("no signal", ("no", "signal"), "signal"),
    "better signal": Phrase("better signal", ("better", "signal"), "signal"),
    "olavsen radios": Phrase("Olavsen radios", ("olavsen", "radio"), "radio"),
}


def candidate(phrase: str, **changes: object) -> Candidate:
    values = {"similarity": 0.6, "margin": 0.2, "coverage": 0.2, "reach": 0.6, "lift": 2.0, "telling": 2, "said_by": 3}
    values |= {"borne_out": 0.3}
    given: dict[str, Any] = {**values, "is_typical": False, **changes}
    return Candidate(theme=0, phrase=PHRASES[phrase], vector=np.ones(2), **given)


def test_one_persons_turn_of_phrase_counts_for_less_if_it_is_more_than_a_noun_phrase() -> None:
    def lost(phrase: str) -> float:
        return score(candidate(phrase)) - score(candidate(phrase, said_by=1))

    assert lost("signal from hill") > 0.2
    assert lost("signal hill") > 0.2
    assert 0 < lost("hill signal") < 0.15


def test_a_generic_word_in_front_makes_no_better_name() -> None:
    common, generic = candidate("poor signal", telling=1), candidate("year signal", telling=1)
    assert score(generic) < score(candidate("signal", telling=1)) < score(common)


@pytest.mark.parametrize("telling", [1, 2])
def test_using_a_thing_says_less_than_another_action(telling: int) -> None:
    assert score(candidate("using signal", telling=telling)) < score(candidate("mending signal", telling=telling)) - 0.1


@pytest.mark.parametrize(
    ("phrase", "changes", "doubtful"),
    [
        ("poor signal", {}, False),
        ("poor signal", {"similarity": 0.55}, True),
        ("poor signal", {"similarity": 0.65}, False),
        ("poor signal", {"margin": 0.0}, True),
        ("poor signal", {"reach": 0.39}, True),
        ("poor signal", {"borne_out": 0.09}, True),
        ("poor signal", {"reach": 0.45}, False),
        ("poor signal", {"reach": 0.45, "said_by": 1}, True),
        ("signal", {"telling": 1}, False),
        ("signal", {"telling": 1, "lift": 1.0}, True),
        ("signal", {"telling": 1, "lift": 1.0, "is_typical": True}, False),
        ("signal", {"telling": 0, "is_typical": True}, True),
    ],
)
def test_a_name_is_marked_where_it_is_doubtful(phrase: str, changes: dict[str, object], doubtful: bool) -> None:
    assert is_doubtful(candidate(phrase, **changes)) == doubtful


def test_a_name_is_worth_less_the_fewer_use_its_rarest_word() -> None:
    used = [score(candidate("poor signal", borne_out=share)) for share in (0.0, 0.2, 0.5, 0.7)]
    assert used == sorted(used)
    assert used[0] < used[1] < used[2] == used[3]


def test_what_all_mean_makes_up_for_most_of_what_words_lack_that_few_use() -> None:
    scores = [score(candidate("poor signal", borne_out=0.1, meant=meant)) for meant in (0.5, 0.75, 1.0)]
    assert scores == sorted(scores)
    assert scores[2] - scores[0] > 0.6  # more than what it is worth by itself
    at_most = score(candidate("poor signal", borne_out=0.3, meant=1.0))
    assert scores[2] == at_most < score(candidate("poor signal", borne_out=0.5, meant=1.0))


@pytest.mark.parametrize("phrase", ["no signal", "better signal"])
def test_what_is_not_so_or_only_wished_for_must_have_been_said(phrase: str) -> None:
    lost = {name: score(candidate(name)) - score(candidate(name, borne_out=0.1)) for name in (phrase, "poor signal")}
    assert lost[phrase] == pytest.approx(lost["poor signal"])
    meant = {name: score(candidate(name, borne_out=0.1, meant=1.0)) for name in (phrase, "poor signal")}
    assert meant[phrase] < meant["poor signal"] - 0.4


def test_a_doubtful_name_gives_way_to_another_that_is_about_as_good() -> None:
    doubtful, plain = candidate("poor signal", similarity=0.65, reach=0.39), candidate("hill signal", reach=0.45)
    assert is_doubtful(doubtful)
    assert not is_doubtful(plain)
    assert score(doubtful) < score(plain) - 0.05


def test_words_used_far_more_here_than_elsewhere_are_no_better_than_those_used_much_more() -> None:
    scores = [score(candidate("poor signal", lift=lift)) for lift in (0.0, 1.0, 2.0, 6.0)]
    assert scores[0] < scores[1] < scores[2] == scores[3]


def test_a_generic_noun_behind_another_must_be_how_two_put_it() -> None:
    def lost(phrase: str) -> float:
        return score(candidate(phrase)) - score(candidate(phrase, worded_by=1))

    assert lost("signal time") > lost("hill signal") + 0.15


def test_what_has_something_behind_it_names_a_theme_less_well_and_behind_a_generic_word_worse() -> None:
    def worth(text: str, lemmas: tuple[str, ...], head: str, telling: int) -> float:
        return score(replace(candidate("signal", telling=telling), phrase=Phrase(text, lemmas, head)))

    compound, linked = (worth(text, ("signal", "hill"), "signal", 2) for text in ("hill signal", "signal from hill"))
    assert compound > linked + 0.2
    assert linked > worth("hours on hill", ("hour", "hill"), "hour", 1) + 0.4
    assert linked < worth("access to hill", ("access", "hill"), "access", 2) + 0.1  # where access is the subject


def test_a_word_that_many_themes_share_names_none_well() -> None:
    assert score(candidate("signal", telling=0)) < score(candidate("signal", telling=1)) - 0.5


def test_how_somebody_was_names_a_theme_only_where_nothing_else_does() -> None:
    quality = Phrase("helpful", ("helpful",), "helpful", "quality")
    assert score(replace(candidate("signal", telling=1), phrase=quality)) < score(candidate("things", telling=0)) - 0.5
