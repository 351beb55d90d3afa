"""When something happened: dates that pin an event, an absence or a career."""
# ruff: noqa: E501 (a pattern reads best in one piece)

import regex

from pipeline.redaction.recognisers.base import Match, Rule

_I = regex.IGNORECASE
_MONTH = r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_YEAR = r"(?:(?:19|20)\d\d|'\d\d)"
_WEEKDAY = r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thur?s?|Fri|Sat(?:ur)?|Sun)(?:day)?,? (?:the )?)?"

_ORDINAL = r"(?:(?:twenty|thirty)[ -])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth"
_SPOKEN_YEAR = r"(?:two thousand(?: and)?(?: [a-z]+(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?)?|(?:nineteen|twenty)[ -](?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|oh)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?)"
_HOLIDAY = r"(?:Christmas(?: Day| Eve)?|Boxing Day|New Year's(?: Day| Eve)?|Halloween|Bonfire Night|Easter(?: Sunday| Monday)?|Good Friday|St Patrick's Day|Spring|Summer|Autumn|Winter)"

_YOUNG = r"tenth|eleventh|twelfth|(?:thir|four|fif|six|seven|eigh|nine)teenth"
_LIMIT = r"(?! ?(?:\+|-|–|%|plus\b|(?:or|and) (?:over|under|above|below|older|younger|up)\b|to \d))"  # "aged 18 or over" is nobody
# Ages as people mostly write them, and numbered birthdays: the classifier takes some for a date and some for nothing.
AGES = (
    Rule("AGE", rf"\baged? (?P<x>[1-9]\d){_LIMIT}(?![\w.,]*\d)\b", 0.8, flags=_I),
    Rule(
        "AGE",
        r"\bI(?:['’]m| am) (?:only |just |now )?(?P<x>[1-9]\d)(?= (?:now|years old|and|next|this)\b|[,.;!](?!\d)|$)",
        0.8,
        flags=_I,
    ),
    Rule(
        "AGE",
        rf"\b(?P<x>\d{{1,2}}(?:st|nd|rd|th)|{_YOUNG}|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[ -]?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|(?:twen|thir|for|fif|six|seven|eigh|nine)tieth) birthday\b",
        0.85,
        flags=_I,
    ),
)
DATES = (
    Rule("DATE", rf"\b(?:{_ORDINAL}) (?:of |day of )?{_MONTH}(?:,? (?:{_YEAR}|{_SPOKEN_YEAR}))?(?!\w)", 0.85, flags=_I),
    Rule(
        "DATE",
        rf"\b{_MONTH} (?:the )?(?:{_ORDINAL})(?:,? (?:{_YEAR}|{_SPOKEN_YEAR}))?(?!\w)",
        0.85,
        lambda m: m.group()[0].isupper() and not m.group().endswith("second"),
        _I,
    ),
    Rule("DATE", rf"\b{_MONTH},? (?:of )?{_SPOKEN_YEAR}\b", 0.85, flags=_I),
    Rule("DATE", rf"\b{_MONTH}(?:/|-| to | and | or ){_MONTH},? {_YEAR}(?!\w)", 0.85, flags=_I),
    Rule(
        "DATE",
        rf"(?<![\w/-])(?:0?[1-9]|[12]\d|3[01])[-/. ]?{_MONTH}[-/. ]?(?:\d{{4}}|\d\d)(?![\w/-])",
        0.85,
        lambda m: not regex.search(r"(?i)\d ?(?:may|mar|march) ?\d\d?$", m.group()),
        _I,
    ),
    Rule("DATE", rf"\b{_HOLIDAY},? (?:of |in )?(?:{_YEAR}|{_SPOKEN_YEAR})(?!\w)", 0.75, flags=_I),
    Rule(
        "DATE",
        r"\b(?:on|dated|by|since|before|until|from|till|commencing|w/c) (?:the )?(?P<x>(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2]))(?![\w/%])",
        0.7,
    ),
    Rule(
        "DATE",
        r"\b(?:on|of|from|since|until|dated) the (?P<x>(?:[12]?\d|3[01])(?:st|nd|rd|th))(?=[,.;]| (?:when|at|he|she|I|we|it)\b)",
        0.6,
    ),
    Rule(
        "DATE",
        rf"\b{_WEEKDAY}{_DAY}(?: ?(?:-|/|to|and|&|or|till|until) ?{_DAY})?(?: of)? {_MONTH}\.?(?:,? (?:of )?(?:{_YEAR}|{_SPOKEN_YEAR}))?(?: (?:last|this|that|the same) year)?(?!\w)",
        0.9,
        lambda m: _day_first(m),
        _I,
    ),
    Rule(
        "DATE",
        rf"\b{_WEEKDAY}{_MONTH}\.? (?:the )?{_DAY}(?:,? {_YEAR})?(?![\w:%])",
        0.85,
        lambda m: _month_first(m),
        _I,
    ),
    Rule(
        "DATE",
        rf"\b(?:{_DAY} )?{_MONTH} (?:to|and|until|through|-) (?:{_DAY} )?{_MONTH},? {_YEAR}(?!\w)",
        0.85,
        flags=_I,
    ),
    Rule(
        "DATE",
        rf"\b{_MONTH}\.?(?: of|,)? {_YEAR}(?!\w)",
        0.9,
        lambda m: not m.group()[0].islower() or not m.group().casefold().startswith(("may", "mar ")),
        _I,
    ),
    Rule(
        "DATE",
        r"(?<![\w/.-])(?:0?[1-9]|[12]\d|3[01])(?P<s>[/.-])(?:0?[1-9]|1[0-2])(?P=s)(?:(?:19|20)\d\d|\d\d)(?![\w/-])(?!\.\d)",
        0.85,
        lambda m: m["s"] != "." or len(m.group()) > 6,
    ),
    Rule("DATE", r"(?<![\w/.-])(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?![\w/-])", 0.9),
    Rule(
        "DATE",
        r"\b(?P<x>(?:[Ss]pring|[Ss]ummer|[Aa]utumn|[Ww]inter|[Cc]hristmas|[Ee]aster|New Year's Eve)(?: of)? (?:(?:19|20)\d\d|'\d\d))\b",
        0.7,
    ),
)


def _month_first(match: Match) -> bool:
    """ "May 12" is a date; "may 3 times" is not."""
    text = match.group()
    return bool(regex.search(r"\d(?:st|nd|rd|th)|\d{4}$", text)) or not regex.match(
        r"(?:may|mar|march|dec|sun|sat)\b", text
    )


def _day_first(match: Match) -> bool:
    """ "10 may be enough" and "3 march on" are no dates."""
    text = match.group()
    return bool(regex.search(r"(?i)\d(?:st|nd|rd|th)|\d{4}$| of ", text)) or not regex.search(
        r"\b(?:may|mar|march|dec)$", text
    )
