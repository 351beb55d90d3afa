"""The wider class of a detail, where it is known and many share it; otherwise the detail is masked.

Every answer is a noun of `pipeline.placeholders.GENERALISED` or, for a date, its year.
"""

import re
from collections.abc import Callable

from pipeline import forces
from pipeline.redaction import gazetteer
from pipeline.redaction.gazetteer import tokens


def generalised(label: str, found: str) -> str:
    """The noun for a placeholder instead of `found`, a stretch of shadow text; empty where none is safe."""
    classify = _CLASSES.get(label)
    return classify(found) if classify else ""


def _force(found: str) -> str:
    return forces.force_classes().get(forces.force(tokens(found)), "")


def _place(found: str) -> str:
    return gazetteer.place_classes().get(tokens(found), "")


# A class is a claim about the body, so only what its name ends in counts: a housing trust is no hospital's.
_BODIES = {
    "NHS trust": r"(?:nhs|foundation) trust",
    "hospital": r"hospitals?|infirmary",
    "university": r"university|uni|polytechnic",
    "school": r"school",
    "charity": r"charity|hospice|food ?bank",
    "council": r"council",
    "company": r"ltd|limited|plc|llp|inc|gmbh",
}


_ENDS_IN = {noun: re.compile(rf"\b(?:{words})\W*$", re.IGNORECASE) for noun, words in _BODIES.items()}


def _organisation(found: str) -> str:
    if re.match(r"university of ", found, re.IGNORECASE):
        return "university"
    return next((noun for noun, ending in _ENDS_IN.items() if ending.search(found)), "")


def _unit(found: str) -> str:
    return "operation" if re.fullmatch(r"(?:Operation|Op)(?: [A-Z]\w+)+", found) else ""


_DETAILS = re.compile(r" (?:with|who|that|in|on|at|for|from|to|across|covering|left)\b|[,(]")
_RANK = re.compile(r"\b(?:(?i:sergeant|inspector|constable|superintendent|police officer)|Sgt|Supt|D[CSI]|DCI|DCC)$")
_MANAGER = re.compile(
    r"(?i)(?:(?:the|our|only|deputy|assistant) )*(?:head of\b|director\b|chief \w+(?: \w+)? officer$)"
)


def _role(found: str) -> str:
    """By the noun that the rest describes: "the only sergeant in Sheppey who rides" is a sergeant."""
    head = _DETAILS.split(found, maxsplit=1)[0]
    if _RANK.search(head):
        return "police officer"
    return "senior manager" if _MANAGER.match(head) else ""


_DATE_WORDS = frozenset(
    "jan january feb february mar march apr april may jun june jul july aug august sep sept september oct october nov "
    "november dec december mon monday tue tues tuesday wed wednesday thu thur thurs thursday fri friday sat saturday "
    "sun sunday spring summer autumn winter christmas easter eve day the of in on and to early mid late".split()
)
_DAY_OR_MONTH = re.compile(r"\d{1,2}(?:st|nd|rd|th)?")
_YEAR = re.compile(r"(?:19|20)\d\d")


def _date(found: str) -> str:
    """The year, if there is one, in four figures, and nothing else but a day and a month is there."""
    words = tokens(found)
    years = [word for word in words if _YEAR.fullmatch(word)]
    rest = [word for word in words if word not in years]
    plain = all(word in _DATE_WORDS or _DAY_OR_MONTH.fullmatch(word) for word in rest)
    return years[0] if len(years) == 1 and plain else ""


_UNITS = "one two three four five six seven eight nine".split()
_UNDER_TWENTY = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen teens".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_AGES = {
    **{word: n for n, word in enumerate(_UNITS, start=1)},
    **{word: n for n, word in enumerate(_UNDER_TWENTY[:-1], start=10)},
    "teens": 13,
    **{form: 10 * n for n, word in enumerate(_TENS, start=2) for form in (word, f"{word[:-1]}ies", f"{10 * n}s")},
    **{f"{ten} {unit}": 10 * t + u for t, ten in enumerate(_TENS, start=2) for u, unit in enumerate(_UNITS, start=1)},
}


def _age(found: str) -> str:
    """A band of ten years; the young and the old, who are few, in one band each."""
    said = " ".join(tokens(found.replace("'s", "s")))
    age = int(said) if re.fullmatch(r"\d{1,3}", said) else _AGES.get(said)
    if age is None or age > 120:
        return ""
    if age < 20:
        return "under 20"
    return "80 or over" if age >= 80 else f"in {age // 10}0s"


_RELATIVE = re.compile(
    r"(?:(?:my|me|his|her|our) )?(?:(?:late|twin|elder|older|younger|little|big|own|adopted|foster|step|ex)[ -])*"
    r"(?:wife|husband|partner|fianc\w+|mum|mam|mother|dad|father|brother|sister|son|daughter|uncle|aunt|cousin|nephew|"
    r"niece|nan|nana|gran|grandad|grandmother|grandfather|grandson|granddaughter|girlfriend|boyfriend|"
    r"(?:mother|father|brother|sister)-in-law)",
    re.IGNORECASE,
)


def _family(found: str) -> str:
    return "family member" if _RELATIVE.fullmatch(found) else ""


_CLASSES: dict[str, Callable[[str], str]] = {
    "FORCE": _force,
    "LOCATION": _place,
    "ORGANISATION": _organisation,
    "UNIT": _unit,
    "ROLE": _role,
    "DATE": _date,
    "AGE": _age,
    "FAMILY": _family,
}
