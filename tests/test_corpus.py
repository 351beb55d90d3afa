"""The training corpus: well-formed, rich in every label, and strand by strand."""

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from tests.helpers import guard

STRANDS = sorted((guard.ROOT / "data" / "training").glob("strand_*.yaml"))
MARK = re.compile(r"\[\[([A-Z_]+)(\??):(.*?)\]\]", re.DOTALL)
LABELS = set(
    "PERSON EMAIL PHONE NATIONAL_ID OFFICER_NUMBER REFERENCE_NUMBER VEHICLE POSTCODE ADDRESS HANDLE URL "
    "FORCE LOCATION ORGANISATION UNIT ROLE DATE AGE HEALTH FAMILY".split()
)
# Spans are minimal: these words stay outside (data/training/README.md).
OUTSIDE = re.compile(
    r"(?:the|an?|my|his|her|our|their)\s|(?:mon|tues|wednes|thurs|fri|satur|sun)day\s+(?:the\s+)?\d", re.IGNORECASE
)
MINIMAL = {"FAMILY", "HEALTH", "ROLE", "UNIT", "DATE"}


def passages(path: Path) -> list[str]:
    return [passage["text"] for person in yaml.safe_load(path.read_text("utf-8")) for passage in person["passages"]]


@pytest.mark.parametrize("path", STRANDS, ids=lambda p: p.stem)
def test_marks_are_well_formed(path: Path) -> None:
    for text in passages(path):
        plain, end = "", 0
        for mark in MARK.finditer(text):
            plain += text[end : mark.start()]
            label, _, words = mark.groups()
            assert label in LABELS | {"TRAP"} and words == words.strip() != "", mark.group()
            assert not (plain[-1:].isalnum() and words[0].isalnum()), mark.group()
            assert not (text[mark.end() : mark.end() + 1].isalnum() and words[-1].isalnum()), mark.group()
            plain, end = plain + words, mark.end()
        assert "[[" not in plain + text[end:] and "]]" not in plain + text[end:]


@pytest.mark.parametrize("path", STRANDS, ids=lambda p: p.stem)
def test_articles_possessives_and_weekdays_stay_outside_the_span(path: Path) -> None:
    marks = [mark for text in passages(path) for mark in MARK.finditer(text) if mark[1] in MINIMAL]
    assert [mark.group() for mark in marks if OUTSIDE.match(mark[3])] == []


def test_every_label_is_there_in_numbers() -> None:
    counts = Counter(m[1] for path in STRANDS for text in passages(path) for m in MARK.finditer(text) if not m[2])
    assert len(STRANDS) == 19
    assert {label: n for label in LABELS if (n := counts[label]) < 200} == {}
    texts = [text for path in STRANDS for text in passages(path)]
    assert len(texts) >= 3000
    long = [text for text in texts if len(text) > 40]
    assert len(set(long)) == len(long)
