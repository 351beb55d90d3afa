"""From words to details: what belongs together is one, and scraps that say nothing are let go."""

from pipeline.redaction.details import Word, details


def found(text: str, *said: tuple[str, str, float]) -> tuple[list[str], list[str]]:
    """(masked, let go) when the classifier says this of the words named."""
    words: list[Word] = []
    position = 0
    for name, label, risk in said:
        start = text.index(name, position)
        position = start + len(name)
        words.append(Word(start, position, label, risk, False))
    masked, let_go = details(text, words)
    return [text[e.start : e.end] for e in masked], [text[e.start : e.end] for e in let_go]


def test_a_function_word_alone_is_no_detail() -> None:
    assert found("One of my lads rang", ("of", "HEALTH", 0.9)) == ([], ["of"])
    assert found("he was on it", ("was on", "FAMILY", 0.9)) == ([], ["was on"])
    assert found("a loop of Rutland Water", ("of", "ADDRESS", 0.6), ("Rutland", "LOCATION", 0.9)) == (
        ["of", "Rutland"],
        [],
    )


def test_one_word_between_two_parts_of_a_phrase_belongs_to_it() -> None:
    parts = (("mum's", "FAMILY", 0.9), ("on my patch", "FAMILY", 0.8))
    assert found("my mum's tenant on my patch", *parts) == (["mum's tenant on my patch"], [])
    assert found("my mum's new tenant on my patch", *parts) == (["mum's", "on my patch"], [])
    assert found("my mum's. Tenant on my patch", *parts) == (["mum's", "on my patch"], [])
    assert found("Ann met Bob", ("Ann", "PERSON", 0.9), ("Bob", "PERSON", 0.9)) == (["Ann", "Bob"], [])


def test_nothing_is_about_a_family_where_nobody_is_kin() -> None:
    text = "One of my lads was arrested for domestic assault and got a suspended sentence"
    said = (("lads was", "FAMILY", 0.58), ("for domestic assault", "FAMILY", 0.68))
    assert found(text, *said) == ([], ["lads was arrested for domestic assault"])
    assert found(f"{text}, says his wife", *said) == (["lads was arrested for domestic assault"], [])
    assert found(text, ("lads", "FAMILY", 0.9)) == (["lads"], [])
    assert found("My mammy dries my shirts", ("mammy", "HEALTH", 0.8)) == ([], ["mammy"])


def test_an_ordinary_word_whose_capital_tells_nothing_has_to_be_likely() -> None:
    for text, word in (("It was so. Pitch dark", "Pitch"), ("nothing but gates here", "gates")):
        assert found(text, (word, "ADDRESS", 0.49)) == ([], [word])
        assert found(text, (word, "PERSON", 0.5)) == ([word], [])
    for text, word in (("we told Pitch so", "Pitch"), ("It ends. Tamsin knew", "Tamsin"), ("Grace knew", "Grace")):
        assert found(text, (word, "PERSON", 0.2)) == ([word], [])


def test_a_number_in_parts_goes_whole() -> None:
    assert found("it is 20-00-00 now", ("20", "REFERENCE_NUMBER", 0.5)) == (["20-00-00"], [])
    assert found("it is 10.168.4 now", ("4", "HANDLE", 0.5)) == (["10.168.4"], [])
