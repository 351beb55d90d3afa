"""What people marked in a passage: the stretches that must go, those that may, and those that must stay.

All offsets are half-open and count code points of the passage's text.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["direct", "quasi"]
Stretch = tuple[int, int]


@dataclass(frozen=True)
class Mark:
    """One stretch that somebody marked. `must`: it has to go; otherwise it may, and is neither a miss nor a mistake."""

    start: int
    end: int
    label: str
    kind: Kind
    must: bool = True
    core: Stretch | None = None  # the part that identifies; masking it alone is enough
    entity: str = ""  # marks that share it, within a passage and an annotator, are mentions of one entity
    annotator: str = ""


@dataclass(frozen=True)
class GoldPassage:
    """One marked text. `group` is whom a leak harms: the contributor, or the document where nobody is known."""

    passage_id: str
    document_id: str
    group: str
    text: str
    marks: tuple[Mark, ...]
    traps: tuple[Stretch, ...] = ()  # stretches that look like something to mask and are not
    ignorable: tuple[Stretch, ...] = ()  # function words and titles that may stay inside a mark
    annotators: tuple[str, ...] = ("",)
    contributor: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Gold:
    """A file of marked passages.

    Attributes:
        annotated: marks are complete mentions by named annotators, so precision can be computed (TAB, BTC).
        names_only: nothing but names of people, places and organisations was marked, so a masked date is no mistake.
    """

    passages: tuple[GoldPassage, ...]
    annotated: bool
    names_only: bool

    @property
    def unit(self) -> str:
        """What groups are: "contributors" or "documents"."""
        return "contributors" if any(passage.contributor for passage in self.passages) else "documents"

    def first(self, n: int | None) -> "Gold":
        """The first `n` passages; all of them for None."""
        return self if n is None else Gold(self.passages[:n], self.annotated, self.names_only)


NAME_LIKE = frozenset(
    {"PERSON", "HANDLE", "FORCE", "LOCATION", "ADDRESS", "ORGANISATION", "UNIT"}  # ours
    | {"ORGANIZATION"}  # Presidio's
)
"""Labels of a redactor that stand for names; only these are held against it where only names are marked."""

_NAMES = frozenset(
    {"PER", "PERSON", "LOC", "LOCATION", "ORG", "ORGANISATION", "ORGANIZATION", "GROUP", "CORPORATION"}
    | {"PRODUCT", "CREATIVE-WORK"}
)


def marks_names_only(passages: Iterable[GoldPassage]) -> bool:
    """Whether every label among the marks is one of a corpus of named entities."""
    return {mark.label.upper() for passage in passages for mark in passage.marks} <= _NAMES
