"""The marked corpus as texts with labelled character spans, and its split by strand."""

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

MARK = re.compile(r"\[\[([A-Z_]+)(\??):(.*?)\]\]", re.DOTALL)
LABELS = (
    "PERSON EMAIL PHONE NATIONAL_ID OFFICER_NUMBER REFERENCE_NUMBER VEHICLE POSTCODE ADDRESS HANDLE URL "
    "FORCE LOCATION ORGANISATION UNIT ROLE DATE AGE HEALTH FAMILY"
).split()  # fmt: skip
# Whole strands, so that no person, place or turn of phrase is on both sides.
HELD_OUT = ("strand_05", "strand_06", "strand_15", "strand_16")


@dataclass(frozen=True)
class Span:
    start: int
    end: int
    label: str
    optional: bool  # may be masked or not: no lesson either way


@dataclass(frozen=True)
class Passage:
    strand: str
    text: str
    spans: tuple[Span, ...]
    traps: tuple[Span, ...] = ()  # what looks identifying and is not; a label of no meaning


def unmark(strand: str, marked: str) -> Passage:
    """A passage without its marks."""
    text, spans, traps, end = "", [], [], 0
    for mark in MARK.finditer(marked):
        text += marked[end : mark.start()]
        label, optional, words = mark.groups()
        (traps if label == "TRAP" else spans).append(Span(len(text), len(text) + len(words), label, bool(optional)))
        text += words
        end = mark.end()
    return Passage(strand, text + marked[end:], tuple(spans), tuple(traps))


def read(folder: Path) -> tuple[list[Passage], list[Passage]]:
    """(to train on, to validate with)."""
    passages = [
        unmark(path.stem, passage["text"])
        for path in sorted(folder.glob("strand_*.yaml"))
        for person in yaml.safe_load(path.read_text("utf-8"))
        for passage in person["passages"]
    ]
    return (
        [p for p in passages if p.strand not in HELD_OUT],
        [p for p in passages if p.strand in HELD_OUT],
    )
