"""When something happened and how old somebody is: dates that pin an event, and ages of people."""
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
        r"\b(?:[Ee]arly|[Mm]id|[Ll]ate|[Ss]pring|[Ss]ummer|[Aa]utumn|[Ww]inter|[Cc]hristmas|[Ee]aster)(?: of)? (?P<x>(?:19|20)\d\d)\b",
        0.5,
        lambda m: False,
    ),
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


_TENS = r"(?:twenty|thirty|forty|fourty|fifty|sixty|seventy|eighty|ninety)"
_UNITS = r"(?:one|two|three|four|five|six|seven|eight|nine)"
_NUMBER = rf"(?:\d{{1,2}}|10\d|{_TENS}(?:[ -]{_UNITS})?|(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen))"
_SMALL = rf"(?:{_NUMBER}|{_UNITS})"
_RELATIVE = r"(?:son|daughter|lad|girl|boy|mum|dad|mother|father|nan|gran|grandad|grandmother|grandfather|wife|husband|brother|sister|kid|child|eldest|youngest|nephew|niece|grandson|granddaughter|man|woman|officer|sergeant|victim|suspect|pensioner|teenager|lady|colleague|bloke|guy|chap|witness|caller|patient)"
_THING = r"(?:systems?|laptops?|computers?|kit|software|database|technology|tech|phones?|cars?|vans?|buildings?|servers?|radios?|machines?|desktops?|infrastructure|PCs?|applications?|apps?|contracts?|platforms?|code|hardware|equipment|tablets?|devices?|printers?|monitors?|screens?|keyboards?|deal|plan|problem|policy|law|legislation|backlog|project|programme|version|spreadsheet|process|data|records?|files?|crimes?|cases?|murder|framework|Windows|website|interface|network|cameras?|vehicles?|estate|station|handsets?|tape|disks?|drive|cable|sentence|term|strategy|mainframe|jobs?|careers?|investigations?|warrants?|ban|order|lease)"
_AFTER_AGE = r"(?=\s*(?:[,.;:!?)\-]|$|I think|I'd say|I (?:think|reckon|guess)|at most|and\b|but\b|now\b|next\b|so\b|years? old|this (?:year|month|week)|when\b|in [A-Z]|with\b|not\b|or\b|yrs?\b|tomorrow|last\b|at the time|then\b))"

_NOT_AGE_UNIT = r"(?! ?(?:%|per ?cent|percent|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years? (?!old|of age)|yrs? (?!old)|miles?|times|people|officers|staff|stone|kg|metres?|feet|foot|jobs?|cases?|calls?|e-?mails?|deep|behind|short|down|pages?|clicks?|steps?|shifts?|of (?:us|them|those|the)|or so (?:minutes|hours)|in the queue|th\b|st\b|rd\b|pounds?|quid|grand|seconds?|secs?|[./:]\d|out of|on the list|passwords?|systems?|screens?|log-?ins?|ish minutes|km|mph|degrees))"

AGES = (
    Rule("AGE", rf"\b[A-Z][a-z]+, (?:only |just )?(?P<x>{_SMALL}),", 0.65),
    Rule(
        "AGE",
        rf"\b(?:[Mm]y|[Hh]is|[Hh]er|[Oo]ur) {_RELATIVE},? [A-Z][a-z]+,? (?:is |was |who is |who was )?(?P<x>{_SMALL}){_AFTER_AGE}",
        0.75,
    ),
    Rule(
        "AGE",
        r"\b(?P<x>(?:\w+(?:teenth|tieth|-first|-third|-fifth|-eighth|-ninth|-fourth|-sixth|-seventh)|\d{1,2}(?:st|nd|rd|th))) birthday\b",
        0.7,
    ),
    Rule("AGE", rf"\b(?:gentleman|lassie|laddie|lad|youth|old boy|old girl|fella) of (?P<x>{_SMALL})\b", 0.75),
    Rule(
        "AGE",
        rf"(?:\b(?:I'm|I am|he's|she's|be|turn|turning|turned|who's|now|is|was)\b|,|-) (?P<x>1[6-9]|[2-7]\d|{_TENS}(?:[ -]{_UNITS})?) (?:in {_MONTH}|this year|next year|next month|last {_MONTH}|next {_MONTH})\b",
        0.65,
        flags=_I,
    ),
    Rule(
        "AGE",
        r"\b(?:[Aa]ged?|[Aa]ge group|in the|bracket|band) (?P<x>\d\d ?(?:-|to) ?\d\d)\b(?= (?:bracket|group|band|range|age)|[,.;)]|$)",
        0.7,
        lambda m: "age" in m.group().casefold() or bool(regex.match(r" (?:bracket|age)", m.string[m.end() :])),
    ),
    Rule(
        "AGE",
        rf"\b(?:an?|the|old|young) (?:\w+ )?(?:lad|lass|man|woman|bloke|fella|boy|girl|officer|copper|PC) of (?P<x>{_SMALL})\b(?! (?:the|these|those|our|my|us))",
        0.7,
    ),
    Rule(
        "AGE",
        rf"\b(?:[Aa]t|[Aa]t the age of|[Ff]rom the age of|[Ss]ince (?:I was|the age of)) (?P<x>{_NUMBER}),? (?:years old,? )?(?:I|I'm|I've|I'd|he|she|you)\b",
        0.6,
        lambda m: "age" in m.group() or not regex.fullmatch(r"[1-9]|1\d|2[0-4]|ten|eleven|twelve", m["x"]),
    ),
    Rule(
        "AGE",
        rf"\b(?:I'm|I am|I was|I'll be|he's|she's|he was|she was|he is|she is)(?: only| just| about| nearly| almost| now| over| already| a)? (?P<x>1[6-9]|[2-7]\d|{_TENS}(?:[ -]{_UNITS})?)\b{_NOT_AGE_UNIT}",
        0.75,
        flags=_I,
    ),
    Rule(
        "AGE",
        rf"\b(?:pushing|nearly|approaching|hitting|hit|turned|turn|wrong side of|right side of|not far off|coming up to|the far side of) (?P<x>{_TENS}|[3-7]0)\b{_NOT_AGE_UNIT}",
        0.65,
        lambda m: (
            not regex.search(r"(?i)nearly|approaching|hit", m.group())
            or bool(
                regex.search(
                    r"(?i)\b(?:I'm|I am|he's|she's|who's|mum|dad|is|was)\s$",
                    m.string[max(0, m.start() - 8) : m.start()],
                )
            )
        ),
        _I,
    ),
    Rule("AGE", rf"\b(?:when (?:I|he|she) (?:was|were|turned)) (?P<x>{_SMALL}){_AFTER_AGE}", 0.75),
    Rule(
        "AGE",
        rf"\bages? (?:of )?(?P<x>{_SMALL})(?:(?:, |,? and | to | or )(?P<x>{_SMALL}))*\b(?! ?(?:%|hours|minutes))",
        0.75,
    ),
    Rule("AGE", r"\b[A-Z][a-z]+(?:,? ?\((?P<x>\d{2})\)|, (?P<x>\d{2}),)", 0.7),
    Rule(
        "AGE",
        rf"\b(?:I'm|I am|he's|she's|aged|an?|at|was) (?P<x>{_TENS})[ -](?:odd|something)\b(?! \w+s\b)",
        0.6,
        flags=_I,
    ),
    Rule("AGE", r"\b(?P<x>\d{1,2} (?:months|weeks)) old\b", 0.7, lambda m: _of_a_person(m)),
    Rule("AGE", rf"\b[Aa]t (?P<x>{_TENS}[ -]{_UNITS}),? (?:I|I'm|I've|he|she)\b", 0.75),
    Rule(
        "AGE",
        rf"\b[Aa]ged?(?: of| at| about| only| just|:)? (?P<x>{_NUMBER})\b(?! ?(?:%|hours|days|minutes|months|to \d|-\d))",
        0.9,
    ),
    Rule("AGE", rf"\b[Aa]ged? (?:of )?(?P<x>{_UNITS})\b(?! (?:months|weeks|days|of))", 0.7),
    Rule(
        "AGE",
        rf"(?<![\w.-])(?P<x>{_SMALL})[ -](?:years?|yrs?)[ -]old\b(?![ -]{_THING}\b)(?! \w+ {_THING}\b)",
        0.85,
        lambda m: _of_a_person(m),
        _I,
    ),
    Rule("AGE", r"(?<![\w.-])(?P<x>\d{1,2})[ -]?(?:yo|y/o|y\.o\.)(?!\w)", 0.85),
    Rule(
        "AGE",
        rf"\b(?:I'm|I am|I was|he's|she's|he is|she is|he was|she was|who's|who is|who was|he'd be|she'd be|he'll be|she'll be|would be|I'd be|[Tt]hey're|being|been|am|turned|turning|turn|I'll be|just gone)(?: only| just| about| nearly| almost| now| over| already)? (?P<x>{_NUMBER}){_AFTER_AGE}(?!\s*(?:in (?:the queue|line)|and a half (?:hours|minutes)|or \w+ (?:hours|minutes|miles|years in)))(?! (?:years?|yrs) (?!old))",
        0.8,
        lambda m: m.string[m.end("x") : m.end("x") + 1] != ":",
        _I,
    ),
    Rule(
        "AGE",
        r"\bin (?:my|his|her|their)(?: early| mid| late|-)?[- ]?(?P<x>(?:teens|twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties|[2-9]0'?s))\b",
        0.8,
        flags=_I,
    ),
    Rule(
        "AGE",
        rf"\b(?:[Mm]y|[Hh]is|[Hh]er|[Oo]ur|[Tt]he|[Tt]heir|[Aa]) (?:\w+ )?{_RELATIVE}(?:'s|,)? (?:is |was |who is |who's |who was )?(?:about |only |just |maybe |nearly |almost |all of )?(?P<x>{_SMALL}){_AFTER_AGE}",
        0.8,
    ),
    Rule("AGE", r"\b[Aa]t (?P<x>(?:2[5-9]|[3-7]\d)),? (?:I|I'm|I've|he|she|he's|she's|my)\b", 0.75),
    Rule(
        "AGE",
        rf"\b(?:an?|the) (?:\w+ )?{_RELATIVE} of (?P<x>{_NUMBER})\b(?! (?:years'?|%|per|us|them|officers|people))",
        0.75,
    ),
    Rule("AGE", rf"\b(?P<x>{_NUMBER}) (?:next|this|on my (?:next|last)) birthday\b", 0.85),
    Rule(
        "AGE",
        r"\b(?:man|woman|girl|boy|lad|male|female|officer|victim|suspect|pensioner|teenager|lady)(?: \w+)?, (?P<x>\d{2})(?=,)",
        0.8,
    ),
    Rule("AGE", r"\b(?:born in|[Dd]\.?[Oo]\.?[Bb]\.?:?) (?P<x>(?:19|20)\d\d)\b", 0.75),
    Rule("AGE", rf"(?<!\w)(?P<x>{_NUMBER}) years (?:of age|young)\b", 0.85),
)


def _of_a_person(match: Match) -> bool:
    """ "A system that is ten years old" is about a thing; look back in the clause for one."""
    before = match.string[max(0, match.start() - 60) : match.start()]
    clause = regex.split(r"[.;!?\n]", before)[-1]
    return not regex.search(
        rf"(?i)\b(?:{_THING}|it|it's|that's|they're|which|these|those|are|stuff|everything)\b[^.;]{{0,25}}$", clause
    )
