"""Every class of rule in a table: what must be found is in ⟦brackets⟧, beside near misses that must stay."""

import re

import pytest

from pipeline.redaction.findings import Finding
from pipeline.redaction.recognisers import (
    accounts,
    contact,
    dates,
    family,
    numbers,
    people,
    places,
    roles_units,
    whereabouts,
)
from pipeline.redaction.recognisers.base import RuleRecogniser
from pipeline.redaction.resolver import resolve
from tests.redaction.rule_cases import TABLE

TIMEOUT = 5.0
RULES = {
    "people": [RuleRecogniser("people", people.PEOPLE, TIMEOUT)],
    "national": [RuleRecogniser("national", numbers.NATIONAL_IDS, TIMEOUT)],
    "officer": [RuleRecogniser("officer", numbers.OFFICER_NUMBERS, TIMEOUT)],
    "reference": [RuleRecogniser("reference", numbers.REFERENCES, TIMEOUT)],
    "vehicle": [RuleRecogniser("vehicle", numbers.VEHICLES, TIMEOUT)],
    "account": [
        RuleRecogniser("account", [*accounts.CARDS, *accounts.ACCOUNTS, *accounts.TAXES, *accounts.DEVICES], TIMEOUT)
    ],
    "whereabouts": [
        RuleRecogniser(
            "whereabouts", [*whereabouts.NETWORK, *whereabouts.COORDINATES, *whereabouts.THREE_WORDS], TIMEOUT
        )
    ],
    "phone": [numbers.PhoneRecogniser(TIMEOUT)],
    "email": [RuleRecogniser("email", contact.EMAILS, TIMEOUT)],
    "web": [RuleRecogniser("web", contact.URLS, TIMEOUT)],
    "handle": [RuleRecogniser("handle", contact.HANDLES, TIMEOUT)],
    "postcode": [RuleRecogniser("postcode", contact.POSTCODES, TIMEOUT)],
    "address": [RuleRecogniser("address", contact.ADDRESSES, TIMEOUT)],
    "role": [RuleRecogniser("role", roles_units.ROLES, TIMEOUT)],
    "unit": [RuleRecogniser("unit", roles_units.UNITS, TIMEOUT)],
    "family": [RuleRecogniser("family", family.FAMILY, TIMEOUT)],
    "date": [RuleRecogniser("date", dates.DATES, TIMEOUT)],
    "age": [RuleRecogniser("age", dates.AGES, TIMEOUT)],
    "place": [
        places.GazetteerRecogniser(),
        RuleRecogniser("forces", places.FORCES, TIMEOUT),
    ],
}

CASES = [(group, line) for group, table in TABLE.items() for line in table]


def masked(group: str, text: str) -> list[tuple[int, int]]:
    findings = [
        Finding(r.start, r.end, r.entity_type, r.score, "rules")
        for recogniser in RULES[group]
        for r in recogniser.analyze(text, recogniser.supported_entities)
    ]
    return [(f.start, f.end) for f in resolve(text, findings)]


def read(line: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without its brackets, and where they stood."""
    spans: list[tuple[int, int]] = []
    text = ""
    for part in re.split(r"(⟦[^⟧]*⟧)", line):
        if part.startswith("⟦"):
            spans.append((len(text), len(text) + len(part) - 2))
            text += part[1:-1]
        else:
            text += part
    return text, spans


@pytest.mark.parametrize(("group", "line"), CASES)
def test_rules_find_what_is_marked_and_nothing_else(group: str, line: str) -> None:
    text, expected = read(line)
    found = masked(group, text)
    letters = {i for s, e in expected for i in range(s, e) if text[i].isalnum()}
    covered = {i for s, e in found for i in range(s, e) if text[i].isalnum()}
    assert letters <= covered, f"left: {[text[s:e] for s, e in expected]}, masked: {[text[s:e] for s, e in found]}"
    overshoot = covered - letters
    if not expected:
        assert not overshoot, f"wrongly masked: {[text[s:e] for s, e in found]}"
    else:  # a word or two of the same phrase may go along
        assert len(overshoot) <= 12, f"masked: {[text[s:e] for s, e in found]}"
