"""Where somebody or their machine is, in numbers or three words: network addresses, coordinates, grid references."""
# ruff: noqa: E501 (a pattern reads best in one piece)

from ipaddress import ip_interface

import regex

from pipeline.redaction.findings import CERTAIN
from pipeline.redaction.recognisers.base import Match, Rule

_I = regex.IGNORECASE

# Of as many numbers as an address: "version 4.2.1.7", "section 3.5.1.2".
_NUMBERED = regex.compile(
    r"(?i)\b(?:versions?|ver|v|releases?|builds?|firmware|drivers?|sections?|paragraphs?|paras?|clauses?|chapters?|items?|requirements?|appendix|annex|see)\.? ?$"
)


def _on_a_network(match: Match) -> bool:
    """An address that numbers no version or paragraph, as four single digits do."""
    address = match.group()
    before = match.string[max(0, match.start() - 15) : match.start()]
    single_digits = regex.fullmatch(r"\d(?:\.\d){3}", address)
    return _is_interface(address) and not single_digits and not _NUMBERED.search(before)


def _is_interface(address: str) -> bool:
    try:
        return bool(ip_interface(address))
    except ValueError:
        return False


_IPV4 = r"\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?"

NETWORK = (
    Rule("URL", rf"(?<![\w.£$-]){_IPV4}(?![\w-]|\.\d)", 0.9, _on_a_network),
    Rule("URL", rf"\bIP(?:v4)?(?: addresses| address| is| was|:)* (?P<x>{_IPV4})(?![\w-]|\.\d)", CERTAIN, flags=_I),
    Rule(
        "URL",
        r"(?<![\w:.])(?=[A-Fa-f:]*\d)[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:/\d{1,3})?(?![\w:])",
        0.9,
        lambda m: not m.group().endswith(":") and _is_interface(m.group()),
    ),
    Rule("URL", r"(?<![\w:-])[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}(?![\w:-])", 0.9),
)

_LATITUDE, _LONGITUDE = r"[+-]?\d{1,2}", r"[+-]?\d{1,3}"
_SIDE = r"(?:° ?)?[NSEW]?"
_ANGLE = r"\d{1,3} ?° ?\d{1,2}(?:\.\d+)? ?'(?: ?\d{1,2}(?:\.\d+)? ?(?:\"|''))? ?[NSEW]\b"


def _is_here(pair: str) -> bool:
    """Whether two numbers point into the United Kingdom or Ireland, or say to which sides they are."""
    latitude, longitude = map(float, regex.findall(r"[+-]?\d+\.\d+", pair))
    return (49 <= latitude <= 61 and -11 <= longitude <= 2) or regex.search(r"[NSEW]", pair) is not None


COORDINATES = (
    # Four places are ten metres. Elsewhere than here, or shorter, only beside a word or a side.
    Rule(
        "ADDRESS",
        rf"(?<![\w.,£$+-])(?P<x>{_LATITUDE}\.\d{{4,}} ?{_SIDE}(?:,? | ?, ?|/){_LONGITUDE}\.\d{{4,}}(?: ?{_SIDE}(?!\w))?)(?![\w%])",
        0.9,
        lambda m: _is_here(m["x"]),
    ),
    Rule(
        "ADDRESS",
        r"(?<![\w.,£$+-])(?P<x>\d{1,2}\.\d{2,} ?(?:° ?)?[NS],? ?\d{1,3}\.\d{2,} ?(?:° ?)?[EW])\b",
        0.9,
    ),
    Rule(
        "ADDRESS",
        rf"\b(?:lat|long|lng|lon)(?:itude)?s?(?: is| was| of|[:=])* ?(?P<x>{_LONGITUDE}\.\d{{2,}}(?: ?{_SIDE}(?!\w))?)",
        CERTAIN,
        flags=_I,
    ),
    Rule(
        "ADDRESS",
        rf"\b(?:co-?ordinates?|coords?|lat[ /-]?longs?|GPS)\b[^.\n\d+-]{{0,30}}?(?P<x>{_LATITUDE}\.\d{{2,}} ?{_SIDE}(?:,? | ?, ?|/| and ){_LONGITUDE}\.\d{{2,}}(?: ?{_SIDE}(?!\w))?)",
        CERTAIN,
        flags=_I,
    ),
    Rule("ADDRESS", rf"(?P<x>{_ANGLE}),? ?(?:and )?(?P<x>{_ANGLE})?", 0.9),
    Rule("ADDRESS", r"(?<![\w/-])[HNST][A-HJ-Z] ?(?:\d{4} \d{4}|\d{5} \d{5})(?![\w-])", 0.9),
    Rule(
        "ADDRESS",
        r"\bgrid(?: ref(?:erence)?s?)?\b[^.\n\d]{0,20}?(?P<x>\b[HNST][A-HJ-Z] ?(?:\d{3} ?\d{3}|\d{4} ?\d{4}|\d{5} ?\d{5}))(?!\w)",
        CERTAIN,
        flags=_I,
    ),
)

_THREE_WORDS = r"[^\W\d_]{3,20}(?:\.[^\W\d_]{3,20}){2}"

THREE_WORDS = (
    Rule("ADDRESS", rf"(?<![\w/:])(?P<x>///{_THREE_WORDS})\b", CERTAIN),
    Rule(
        "ADDRESS",
        rf"\b(?:what ?3 ?words|what ?three ?words|w3w)\b[^.\n]{{0,30}}?(?P<x>\b{_THREE_WORDS})\b",
        CERTAIN,
        flags=_I,
    ),
)
