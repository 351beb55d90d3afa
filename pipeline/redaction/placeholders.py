"""Readable placeholders, the same for the same person, force, place or organisation within a document only."""

from pipeline import forces
from pipeline.placeholders import MASKED, SUPPLIER
from pipeline.redaction.findings import Finding
from pipeline.redaction.gazetteer import Gram, tokens

_NUMBERED = frozenset({"PERSON", "FORCE", "LOCATION", "ORGANISATION"})
_FILLERS = frozenset("the of and ltd limited plc llp inc group uk police constabulary heddlu service".split())


class Placeholders:
    """Hands out the placeholders of one document, in reading order."""

    def __init__(self, suppliers: frozenset[str]) -> None:
        self._suppliers = suppliers  # `about` of organisations that employ a Supplier contributor
        self._known: dict[str, list[tuple[set[str], str]]] = {}

    def placeholder(self, found: str, finding: Finding, wider: str = "") -> str:
        """`[person]`, `[person 2]` … for a finding and the shadow text it covers; `wider` is its class, if known."""
        noun = wider or MASKED[finding.label]
        if finding.label == "ORGANISATION" and finding.about in self._suppliers:
            noun = SUPPLIER
        if finding.label not in _NUMBERED:
            return f"[{noun}]"
        number = self._number(noun, finding, tokens(found.removesuffix("'s")))
        return f"[{noun}]" if number == 1 else f"[{noun} {number}]"

    def _number(self, noun: str, finding: Finding, gram: Gram) -> int:
        known = self._known.setdefault(noun, [])
        key = _key(finding, gram)
        parts = {part for part in gram if part not in _FILLERS} or set(gram)
        for number, (names, other) in enumerate(known, start=1):
            if (key and key == other) or _is_same(finding.label, parts, names):
                names |= parts
                return number
        known.append((set(parts), key))
        return len(known)


def _key(finding: Finding, gram: Gram) -> str:
    return forces.force(gram) if finding.label == "FORCE" else finding.about


def _is_same(label: str, parts: set[str], names: set[str]) -> bool:
    """A person by any shared part of the name when one is given in part; everything else by the whole name."""
    if label == "PERSON":
        return parts <= names or names <= parts
    return parts == names
