"""A rule that is not tried would not have matched: no prefilter may ever ask too much."""

import re
import time
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.redaction import gazetteer
from pipeline.redaction.pattern_syntax import parse
from pipeline.redaction.prefilter import Prefilter, needs
from pipeline.redaction.recognisers.base import Rule, RuleRecogniser
from pipeline.redaction.recognisers.people import PEOPLE
from tests.redaction.rule_cases import TABLE
from tests.redaction.test_fail_closed import GROUPS, HOSTILE

RULES = [rule for group in GROUPS for rule in group]
PREFILTER = Prefilter(needs(rule.compiled.pattern) for rule in RULES)
NEEDED = dict(zip((rule.compiled.pattern for rule in RULES), PREFILTER.needed, strict=True))
LINES = [re.sub("[⟦⟧]", "", line) for table in TABLE.values() for line in table]


def is_tried(rule: Rule, text: str) -> bool:
    return is_fulfilled(rule, PREFILTER.fulfilled(text))


def is_fulfilled(rule: Rule, bits: int) -> bool:
    needed = NEEDED[rule.compiled.pattern]
    return needed & bits == needed


def wrongly_left(text: str) -> list[str]:
    bits = PREFILTER.fulfilled(text)
    return [rule.pattern for rule in RULES if not is_fulfilled(rule, bits) and rule.compiled.search(text, timeout=10)]


@pytest.mark.parametrize("change", [str, str.lower, str.upper, str.swapcase])
def test_no_rule_that_matches_a_case_is_left_out(change: "type[str]") -> None:
    for line in LINES:
        assert wrongly_left(change(line)) == [], line


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(LINES), st.integers(0, 80), st.integers(1, 40)), min_size=1, max_size=6))
def test_nor_one_that_matches_scraps_of_cases(scraps: list[tuple[str, int, int]]) -> None:
    assert wrongly_left("".join(line[start : start + length] for line, start, length in scraps)) == []


def as_re(rule: Rule) -> "re.Pattern[str] | None":
    """The pattern for the standard library, where that can read it and texts can be made from it."""
    if "(?<=" in rule.pattern or "(?=(?:" in rule.pattern:
        return None
    names = iter(range(1000))
    pattern = re.sub(r"\(\?P<x>", lambda _: f"(?P<x{next(names)}>", rule.compiled.pattern)
    try:
        return re.compile(pattern, rule.compiled.flags & re.IGNORECASE)
    except re.error:
        return None


GENERATED = [(rule, pattern) for rule in RULES if (pattern := as_re(rule))]


def test_most_patterns_are_put_to_the_test_below() -> None:
    assert len(GENERATED) > 0.94 * len(RULES)


@pytest.mark.parametrize(("rule", "pattern"), GENERATED, ids=lambda value: getattr(value, "pattern", "")[:40])
def test_what_is_made_from_a_pattern_lets_it_be_tried(rule: Rule, pattern: "re.Pattern[str]") -> None:
    @settings(max_examples=8, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.from_regex(pattern, alphabet=st.characters(max_codepoint=0x24F)))
    def every(text: str) -> None:
        assert is_tried(rule, text) or not rule.compiled.search(text, timeout=10)

    every()


@pytest.mark.parametrize("change", [str, str.lower, str.upper])
def test_a_recogniser_finds_what_its_rules_find(change: "type[str]") -> None:
    for group in GROUPS:
        recogniser = RuleRecogniser("group", group, 10.0)
        for line in map(change, LINES):
            unfiltered = [result for rule in group for result in rule.find(line, 10.0)]
            assert recogniser.analyze(line, []) == unfiltered, line


def test_no_name_is_left_out_that_a_rule_knows() -> None:
    recogniser = RuleRecogniser("people", PEOPLE, 10.0)
    for name in sorted(gazetteer.words("first_names") | gazetteer.words("surnames")):
        for n, s in product((name, name.title(), name.upper()), ("zorkin", "Zorkin", "ZORKIN")):
            text = f"{n} went. Big {n} {s}'s, {s} {n}, {n}-{s} {n} and {s}"
            unfiltered = [result for rule in PEOPLE for result in rule.find(text, 10.0)]
            assert recogniser.analyze(text, []) == unfiltered, text


def test_what_patterns_need() -> None:
    assert needs(r"\b(?:PC|DC) \d{4}\b") == (frozenset({"‹0000›"}), frozenset({"‹pc›", "‹dc›"}))
    assert needs(r"epilep\w+|\bdeaf") == (frozenset({"epilep", "‹deaf"}),)
    assert needs(r"(?<![\w.])[A-Z]\w+ (?:of|at) (?=Leeds)") == (frozenset({"leeds"}), frozenset({"‹of›", "‹at›"}))
    assert needs(r"log-?in(?: name)?(?!\w)") == (frozenset({"log›", "login›"}),)
    assert needs(r"(?:one|two)? ?(?!three)\w+") == ()
    assert needs(r"\d{2}[./]\d|x|\w@") == (frozenset({"00›", "x", "@"}),)


@pytest.mark.parametrize(
    "pattern", [r"a{,3}", r"(?:ab){e<=1}", r"[[a-z]--b]", r"\p{L}", r"(?>a)", r"a(b", r"a)", "*", r"(?x)a b"]
)
def test_what_cannot_be_read_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="cannot read a pattern"):
        parse(pattern)


def test_letters_that_only_the_regex_module_knows_how_to_match_are_left_to_it() -> None:
    rule = Rule("PERSON", r"\b(?:first|office|india|street)\b", 0.9, flags=re.IGNORECASE)
    recogniser = RuleRecogniser("one", [rule], 1.0)
    for text in ("ﬁrst", "oﬃce", "İndia", "ſtreet", "ﬆreet"):
        assert len(recogniser.analyze(text, [])) == len(rule.find(text, 1.0)) == 1, text


def test_no_sign_beyond_ascii_is_another_case_of_a_letter() -> None:
    beyond = "".join(c for c in map(chr, range(128, 0x110000)) if not 0xD800 <= ord(c) < 0xE000)
    word = re.compile(r"\w")
    for letter in "abcdefghijklmnopqrstuvwxyz0123456789_":
        rule = Rule("PERSON", letter, 0.9, flags=re.IGNORECASE)
        assert all(word.match(match.group()) for match in rule.compiled.finditer(beyond)), letter


def test_reading_a_text_takes_no_longer_than_a_rule_would() -> None:
    for text in (*HOSTILE, "é" * 4000, "ab1_" * 5000):
        fresh = Prefilter(rule.needs for rule in RULES[:40])
        start = time.process_time()
        fresh.fulfilled(text)
        assert time.process_time() - start < 0.5, text[:12]
