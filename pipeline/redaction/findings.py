"""A finding: something in a segment's shadow that may have to go. All layers speak in findings."""

from dataclasses import dataclass, replace
from typing import NamedTuple

# Which layer is believed where two disagree.
SOURCES = {"mask": 6, "roster": 5, "rules": 4, "gazetteer": 3, "propagation": 2, "model": 1}

# The score of what is right by its check digit or called what it is: no other layer knows better.
CERTAIN = 0.95


@dataclass(frozen=True, order=True)
class Finding:
    """Half-open offsets into the shadow. `about` names whom a roster hit or a force name is about."""

    start: int
    end: int
    label: str
    score: float
    source: str
    about: str = ""  # a contributor id (roster), "organisation:<key>" (roster), or a force's canonical name
    from_roster: bool = False  # also where a roster hit was found again by propagation

    @property
    def is_protected(self) -> bool:
        """Whether no keep list and no reviewer may uncover it: from the roster, or a word that the study masks."""
        return self.from_roster or self.source in {"roster", "mask"}

    def moved(self, start: int, end: int) -> "Finding":
        return replace(self, start=start, end=end)

    def overlaps(self, other: "Finding") -> bool:
        return self.start < other.end and other.start < self.end


class Entity(NamedTuple):
    """What the classifier found in a text: a label of ours, or how much it doubts."""

    start: int
    end: int
    label: str
    score: float = 1.0
