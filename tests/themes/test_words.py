"""Words and pairs for the keywords of a theme."""

from pipeline.themes.words import words, words_and_pairs


def test_pairs_stand_side_by_side_in_one_sentence() -> None:
    stop = frozenset({"the", "in", "is"})
    found = words_and_pairs("The radio signal in valleys. Masts, rural areas", stop)
    assert found == ["radio", "signal", "valleys", "masts", "rural", "areas", "radio signal", "rural areas"]


def test_words_are_folded_and_numbers_are_none() -> None:
    assert words("PNC's 24 logins re-entered") == ["pnc's", "", "logins", "re-entered"]
