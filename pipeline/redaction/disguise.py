"""Signs that somebody wrote a detail so that only a person would see it. Whatever has one is held for a person.

What the shadow can undo, it undoes, and the recognisers see it. This looks at what is left after masking: letters set
apart, signs and digits for letters, words broken over lines, and numbers of a known shape with anything between digits.
"""

import re
from collections.abc import Sequence

import regex

from pipeline.redaction import gazetteer
from pipeline.redaction.check_digits import is_nhs_number
from pipeline.redaction.findings import SOURCES, Finding

_MASK = "\ufffc"  # stands for a masked stretch
_GAP = rf"(?:[^\w{_MASK}]|_){{0,4}}"
_DIGIT = r"[\dlIOo]"  # also as somebody writes who avoids digits
_APART = r"[ .\-_*/|+~]{1,3}"

# Each with the module that is the faster at it.
_SPELT = re.compile(rf"(?<![^\W_])(?:[A-Za-z0-9]{_APART}){{3,}}[A-Za-z0-9](?![^\W_'])")
_SIGNS = re.compile(
    rf"{_MASK}[*@$!%^~<>_=#\\]{{1,3}}\w|\w[*@$!%^~<>_=#\\]{{1,3}}{_MASK}"  # part of something is left
    r"|\w@|://"  # an address nobody recognised
    r"|\b[A-Z]\w*\*+\w|\d\*+\W?\d"  # B*rnadette, **Be**rnadette; not the swear words, which have no capital
    r"|%(?:20|40|2[DdEe])\w"
    r"|[A-Za-z](?:\d+[a-z]{2}|[!$][A-Za-z])"  # B3rnadette, M!ddlesbrough
    r"|\b[A-Z]{1,2}[\dl][A-Z\dlIO]? ?[\dlIO][A-Z]{2}\b"  # ZEl OAA
    r"|\b[A-Z]{2}(?:[\dlIO]l|l[\dlIO]|\d[IO]|[IO]\d) ?[A-Z]{3}\b"  # LKl9 XTR
    r"|\d[lIOo]\d|\bl\d{2}|\d{2}[OI]\b"
    r"|\b[a-z][A-Z]{3}|\b\w*[a-z][A-Z]\w*[a-z][A-Z]"  # tHACKERAY, tHaCkErAy
    rf"|[\d{_MASK}]-?\n\d|{_MASK}-?\n[a-z]"
)
_BIDI = regex.compile(r"[\u202a-\u202e\u2066-\u2069]")
_BROKEN = regex.compile(r"([^\W\d_]+)-?\n([a-z]+)")
_SHAPES = re.compile(
    rf"(?<![^\W_])(?:0(?:{_GAP}{_DIGIT}){{9,10}}"  # telephone
    rf"|(?i:[A-Z]{_GAP}[A-Z])(?:{_GAP}{_DIGIT}){{6}}{_GAP}[A-Da-d]"  # National Insurance
    rf"|[A-Z]{_GAP}[A-Z]?{_GAP}\d{_GAP}[A-Z\d]?{_GAP}\d{_GAP}[A-Z]{_GAP}[A-Z]"  # postcode
    rf"|[A-HJ-PR-Y]{_GAP}[A-HJ-PR-Y]{_GAP}\d{_GAP}\d{_GAP}(?:[A-HJ-PR-Z]{_GAP}){{2}}[A-HJ-PR-Z])(?![^\W_])"  # vehicle
)
_TEN_DIGITS = regex.compile(rf"(?<!\d)\d(?:{_GAP}{_DIGIT}){{9}}(?!\d)")
_FOR_DIGITS = str.maketrans("lIOo", "1100")


def is_disguised(original: str, shadow: str, masked: Sequence[Finding]) -> bool:
    """Whether anything that is not masked as a whole shows a sign of disguise. `masked`: findings in the shadow.

    What the classifier masks does not hide a sign: it finds scraps of what is disguised. Only where all of the sign is
    inside one of its findings nothing is left of it.
    """
    left = _left(shadow, [finding for finding in masked if _is_by_form(finding)])
    signs = [
        *_SIGNS.finditer(left),
        *_SHAPES.finditer(left),
        *(match for match in _BROKEN.finditer(left) if _is_broken(match)),
        *(match for match in _TEN_DIGITS.finditer(left) if _is_nhs(match.group())),
    ]
    return _BIDI.search(original) is not None or any(not _is_inside(match, masked) for match in signs)


def has_spaced_letters(shadow: str, masked: Sequence[Finding] = ()) -> bool:
    """Whether single letters or digits that are not masked are set apart to spell something, as in "b l o g g s"."""
    left = _left(shadow, [finding for finding in masked if _is_by_form(finding)])
    return any(_spells(match.group()) and not _is_inside(match, masked) for match in _SPELT.finditer(left))


def _is_by_form(finding: Finding) -> bool:
    return SOURCES[finding.source] > SOURCES["propagation"]


def _is_inside(match: "re.Match[str] | regex.Match[str]", masked: Sequence[Finding]) -> bool:
    return any(finding.start <= match.start() and match.end() <= finding.end for finding in masked)


def _left(shadow: str, masked: Sequence[Finding]) -> str:
    """The shadow with every masked stretch blotted out, at the same length."""
    parts: list[str] = []
    position = 0
    for finding in masked:
        parts += [shadow[position : finding.start], _MASK * (finding.end - finding.start)]
        position = finding.end
    return "".join([*parts, shadow[position:]])


def _spells(run: str) -> bool:
    """Full stops and slashes alone also make abbreviations (U.N.E.P., A/B/C/D): short ones, of capitals."""
    return any(c in " *_-|+~" or c.islower() or c.isdigit() for c in run) or sum(c.isalnum() for c in run) > 5


def _is_broken(match: "regex.Match[str]") -> bool:
    """Whether a line break goes through a word: what stands on either side of it is none."""
    return not all(gazetteer.is_ordinary(part) for part in match.groups())


def _is_nhs(run: str) -> bool:
    return is_nhs_number("".join(c for c in run.translate(_FOR_DIGITS) if c.isdigit()))
