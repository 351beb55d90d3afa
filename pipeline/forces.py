"""UK police forces: every way of naming one, and the wide class that each belongs to.

Redaction masks them by name; consent notes only the class, `force_type`, of the one a contributor works for.
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TOKEN = re.compile(r"[^\W_]+")

Gram = tuple[str, ...]

SMALLEST_CLASS = 5  # a class of fewer forces would all but name its members
_LIST = Path(__file__).parent / "redaction" / "gazetteers" / "forces.txt"


def tokens(text: str) -> Gram:
    """Words and numbers of `text`, casefolded; punctuation separates ("O'Brien-Cole" is three)."""
    return tuple(TOKEN.findall(text.casefold()))


@dataclass(frozen=True)
class _Force:
    name: str
    aliases: tuple[str, ...]
    kind: str  # county, metropolitan, national or empty


@cache
def _listed() -> tuple[_Force, ...]:
    lines = (line.split("#", 1)[0].strip() for line in _LIST.read_text("utf-8").splitlines())
    cells = [[cell.strip() for cell in line.split("|")] for line in lines if line]
    return tuple(_Force(name, tuple(a.strip() for a in aliases.split(";")), kind) for name, aliases, kind in cells)


@cache
def forces() -> dict[Gram, str]:
    """Every way of naming a police force → its canonical name."""
    found: dict[Gram, str] = {}
    for listed in _listed():
        for alias in (listed.name, *listed.aliases):
            if gram := tokens(alias):
                found.setdefault(gram, listed.name)
    return found


def force(gram: Gram) -> str:
    """The canonical name of the force that `gram` names; empty if it is none of the list."""
    return "Metropolitan Police Service" if gram[:1] == ("met",) else forces().get(gram, "")


@cache
def force_abbreviations() -> frozenset[Gram]:
    """Force names that are only read as such in capitals (GMP, D&C, Staffs)."""
    return frozenset(tokens(alias) for listed in _listed() for alias in listed.aliases if alias.startswith("="))


@cache
def force_classes() -> dict[str, str]:
    """Canonical name → `county force`, `metropolitan force` or `national force`, where enough share the class."""
    sizes = Counter(listed.kind for listed in _listed() if listed.kind)
    return {f.name: f"{f.kind} force" for f in _listed() if sizes[f.kind] >= SMALLEST_CLASS}


_BETWEEN_NAMES = re.compile(r"[/(),;\n]+")


def force_type(organisation: str) -> str:
    """The class of the force that an organisation's name is, as `force_classes`; empty for anything else.

    Only a whole name counts, or two names of one force ("Heddlu Gwent / Gwent Police"): a federation, a commissioner's
    office and a company that serves a force are not that force, and a county alone is no police.
    """
    grams = [tokens(part) for part in _BETWEEN_NAMES.split(organisation)]
    named = {_named_by_all_of(gram) for gram in grams if gram}
    return force_classes().get(named.pop(), "") if len(named) == 1 else ""


def _named_by_all_of(gram: Gram) -> str:
    bare = gram[1:] if gram[0] == "the" else gram
    if bare == ("met",):
        return force(bare)
    stem = bare[:-1] if bare[-1:] in (("police",), ("constabulary",)) else bare
    return forces().get(bare) or forces().get(gram) or forces().get(stem, "")
