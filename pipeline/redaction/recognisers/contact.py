"""Where somebody can be reached: e-mail in every spelling, web, handles, postcodes and street addresses."""
# ruff: noqa: E501 (a pattern reads best in one piece)

import regex

from pipeline.redaction import gazetteer
from pipeline.redaction.recognisers.base import Match, Rule

_I = regex.IGNORECASE
_LOCAL = r"[A-Za-z0-9](?:[A-Za-z0-9._%+'-]{0,63}[A-Za-z0-9_])?"
_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})(?:\.[A-Za-z0-9][A-Za-z0-9-]{0,62}){0,6}"
_AT = (r" ?@ ?", r" ?[\[({<] ?(?:at|AT|At) ?[\])}>] ?", r"[-_]at[-_]")
_DOT = r"(?: ?\. ?| ?[\[({<] ?(?:dot|DOT|Dot) ?[\])}>] ?|[-_]dot[-_])"
_WORD = r"[a-z0-9][a-z0-9_-]{0,40}"

EMAILS = (
    Rule("EMAIL", rf"(?<![\w.@]){_LOCAL}@{_HOST}", 0.99),
    *(
        Rule(
            "EMAIL",
            rf"(?<![\w.@]){_LOCAL}(?:{_DOT}{_LOCAL}){{0,3}}{at}{_WORD}(?:{_DOT}{_WORD}){{1,6}}\b",
            0.95,
            lambda m: _spaced(m),
            _I,
        )
        for at in _AT  # one by one: few texts hold the signs that each needs
    ),
    # "kelly dot moss at westshire dot police dot uk": the last parts must be spelt with "dot", so "me at work" is not one.
    Rule(
        "EMAIL",
        rf"\b{_WORD}(?:(?: dot |\.| underscore | dash ){_WORD}){{0,3}} at {_WORD}(?:(?: dot |\.| dash ){_WORD}){{0,5}} dot (?:{_WORD})\b",
        0.9,
        flags=_I,
    ),
    Rule(
        "EMAIL",
        r"(?<![\w.])[a-z0-9]{1,30}(?:[._][a-z0-9]{1,30}){1,3} at [a-z0-9-]{2,30}(?:\.[a-z-]{2,20}){1,4}\b",
        0.85,
        flags=_I,
    ),
    Rule(
        "EMAIL",
        rf"\b{_WORD}(?: dot | underscore ){_WORD}(?: dot {_WORD})? at {_WORD}\.[a-z0-9.-]{{2,40}}\b",
        0.9,
        flags=_I,
    ),
    # One word at a provider that everybody has an account with: "jobloggs at gmail.com".
    Rule(
        "EMAIL",
        r"\b(?P<x>(?P<local>\w{4,40}) at (?:aol|btinternet|gmail|googlemail|hotmail|icloud|live|outlook|proton(?:mail)?|sky|virginmedia|yahoo)\.(?:com|co\.uk|net|org|me))\b",
        0.85,
        lambda m: not gazetteer.is_ordinary(m["local"]),
        _I,
    ),
)


def _spaced(match: Match) -> bool:
    """An address written with spaces or brackets; plain prose such as "meet me @ work. Then" is not one."""
    host = regex.split(r"@|(?i:[\[({<] ?at ?[\])}>])", match.group())[-1]
    return not regex.search(r"\. [A-Z]", host)


_TLD = r"(?:com|org|net|uk|io|gov|police|example|ac|co|info|biz|eu|local|intranet|corp|app|dev|scot|wales|cymru|london|tv|me|ly)"

URLS = (
    Rule("URL", r"\b(?:https?|ftp|sftp)://[^\s<>\"')\]]+[^\s<>\"')\].,;:!?]", 0.95, flags=_I),
    Rule("URL", r"\bwww\.[^\s<>\"')\]]+[^\s<>\"')\].,;:!?]", 0.95, flags=_I),
    Rule(
        "URL",
        rf"(?<![\w@.])(?:[a-z0-9][a-z0-9-]{{0,40}}\.){{1,5}}{_TLD}(?:/[^\s<>\"')\]]*[^\s<>\"')\].,;:!?])?(?![\w@])(?!\.\w)",
        0.8,
        lambda m: _is_address(m),
        _I,
    ),
    Rule("URL", r"(?<!\w)\\\\[\w.$-]+(?:\\[\w.$ -]+)*[\w$]", 0.85),
)
_PLAIN_SITES = regex.compile(
    r"(?i)(?:www\.)?(?:evidence\.com|(?:ask\.)?police\.uk|gov\.uk|asp\.net|booking\.com|amazon\.co\.uk|e\.g|i\.e)"
)


def _is_address(match: Match) -> bool:
    """Public sites in general use stay; "word.Next" where a space was forgotten is not an address."""
    text = match.group()
    return not _PLAIN_SITES.fullmatch(text) and (len(text.split(".")[0]) > 2 or "/" in text)


HANDLES = (
    Rule("HANDLE", r"(?<![\w@.])@[A-Za-z_](?=\w{2})\w{2,30}\b", 0.9),
    Rule("HANDLE", r"(?<!\w)u/[A-Za-z0-9_-]{3,20}\b", 0.9),
    Rule(
        "HANDLE",
        r"\b(?:[Tt]witter|[Ii]nsta(?:gram)?|[Tt]ik[Tt]ok|[Ss]nap(?:chat)?|[Rr]eddit|[Dd]iscord|[Ff]acebook|Teams|X)(?:'s|:| (?:handle|account|name|username|as|is|under|on|she's|he's|I'm|it's))*[:,]? (?P<x>@?(?=\w*[_\d.])[A-Za-z0-9_.]{4,30}\w)",
        0.8,
    ),
    Rule(
        "HANDLE",
        r"\b(?:username|user name|handle|login|log-in|user id|userid|screen name|gamertag)(?: is| was|:)? ['\"]?(?P<x>(?=\S*[_\d.])[A-Za-z0-9_.]{3,30}\w)",
        0.8,
        flags=_I,
    ),
    Rule(
        "HANDLE",
        r"\b(?:post|blog|tweet|vlog|stream|goes?|posting|blogging|tweeting|going|posts|tweets|blogs|known|find me|follow me|followed)(?: \w+){0,2}? (?:as|under|by|@|at) ['\"]?(?P<x>@?(?=\w*[_\d])[A-Za-z][A-Za-z0-9_.]{3,30})\b",
        0.75,
        flags=_I,
    ),
    # Joined lower-case words with a number or underscore, as people name their accounts.
    Rule(
        "HANDLE",
        r"(?<![\w@./\\-])[a-z]{2,15}_[a-z]{2,15}(?:_?[a-z0-9]{1,10})?\b(?!\.(?:py|csv|txt|docx?|xlsx?|pdf))",
        0.7,
    ),
)

_POSTCODE = r"(?:GIR ?0AA|(?:[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d|[A-HK-Y]\d\d|\d[A-HJKPSTUW]|[A-HK-Y]\d[ABEHMNPRV-Y]))[ -]?\d[A-Z]{2})"

POSTCODES = (
    Rule("POSTCODE", rf"\b{_POSTCODE}\b", 0.9),
    Rule(
        "POSTCODE",
        r"\b[a-pr-uwyz][a-hk-y]?\d{1,2}[a-z]? \d[a-z]{2}\b",
        0.8,
        lambda m: not regex.search(r" \d(?:am|pm|st|nd|rd|th|gb)$", m.group()),
    ),
    Rule("POSTCODE", r"(?i)\b[a-pr-uwyz][a-hk-y]?\d{1,2}[a-z]? \d[a-z]{2}\b", 0.8, lambda m: _is_mixed(m.group())),
    Rule(
        "POSTCODE",
        r"(?i)\bpost ?code(?:s)?(?: (?:is|was|of|area|district|starts?|starting|with|:))* (?P<x>[A-Z]{1,2}\d{1,2}[A-Z]?)\b",
        0.85,
    ),
)

_ROAD = r"(?:Road|Rd|Street|St|Avenue|Ave|Lane|Ln|Terrace|Close|Drive|Crescent|Cres|Place|Gardens|Grove|Court|Way|Walk|Mews|Square|Row|Rise|Hill|Parade|Green|View|Park|Broadway|Wynd|Brae|Vale|Yard|Gate|Quay|Wharf|Villas|Buildings|House|Heol|Ffordd|Stryd|Mount|Croft|Bank|Fold|Meadow|Meadows|Chase|Brow|Drove|Fields?|Tannery|Maltings|Cottages|Cottage)"
_NAME = r"[A-Z][a-z]+(?:['-][A-Za-z]+)?"
_UNIT = r"(?:(?:[Ff]lat|[Uu]nit|[Aa]partment|[Aa]pt|[Rr]oom|[Ss]uite) ?\d{1,4}[A-Za-z]?,? )?"

ADDRESSES = (
    Rule(
        "ADDRESS",
        rf"\b{_UNIT}\d{{1,4}}[A-Za-z]? (?:{_NAME} ){{0,2}}{_NAME}(?=,? (?:[A-Z][a-z]+,? )?[A-Z]{{1,2}}\d)",
        0.75,
    ),
    Rule(
        "ADDRESS", rf"\b(?:[Ff]lat|[Uu]nit|[Aa]partment) ?\d{{1,4}}[A-Za-z]?, (?:The )?{_NAME}(?: {_NAME}){{0,2}}", 0.8
    ),
    Rule(
        "ADDRESS",
        rf"\b{_UNIT}(?:[Nn]o\.? |[Nn]umber )?\d{{1,4}}[A-Za-z]?,? (?:The |the )(?:Crescent|Green|Avenue|Close|Grove|Drive|Lane|Terrace|Street|Square|Parade|Mews|Row|Paddocks?|Meadows?|Spinney|Orchard|Cottages)\b(?:,? {_NAME}(?: {_NAME})?)?",
        0.85,
    ),
    Rule(
        "ADDRESS",
        rf"\b(?:[Ff]lat|[Uu]nit|[Aa]partment|[Rr]oom|[Bb]lock) ?\d{{1,4}}[A-Za-z]?,? (?:at |in |on )?(?:{_NAME} ){{1,3}}(?:Court|House|Tower|Point|Heights|Flats|Mansions|{_ROAD})\b(?:,? (?:\d{{1,4}} )?(?:{_NAME} ){{1,2}}{_ROAD}\b)?",
        0.85,
    ),
    Rule(
        "ADDRESS",
        rf"\b(?P<x>(?:The )?(?:{_NAME} ){{1,3}}?(?:House|Cottage|Farm|Lodge|Forge|Mill|Barn|Court|Hall|Rectory|Vicarage|Flats),? (?:{_NAME} ){{1,2}}{_ROAD})\b",
        0.8,
    ),
    Rule(
        "ADDRESS",
        rf"\b{_UNIT}\d{{1,4}}[A-Za-z]?(?:-\d{{1,4}})?,? (?:(?:St\.?|The|[A-Z][a-z]+'s) )?(?:{_NAME} ){{1,3}}{_ROAD}\b",
        0.9,
        lambda m: m.group() != "10 Downing Street",
    ),
    Rule("ADDRESS", rf"\b(?:[Ff]lat|[Aa]partment|[Aa]pt) \d{{1,4}}[A-Za-z]?,? (?:{_NAME} ?){{1,3}}", 0.85),
    Rule(
        "ADDRESS",
        r"\b\d{1,4}[a-z]? (?:[a-z]{3,15} ){1,2}(?:road|street|avenue|terrace|close|crescent|lane|drive|gardens|grove)\b(?! (?:closures?|ends?|traffic|users?|policing))",
        0.75,
        lambda m: (
            not regex.search(
                r"(?i)\b(?:miles?|minutes?|hours?|years?|cars?|the|on|of|per|feet|metres?|days?|down|up|from|officers?|people|different|local|and|or)\b",
                m.group(),
            )
        ),
    ),
    # A named road without a number is a place that points to somebody.
    Rule(
        "LOCATION",
        rf"\b(?:{_NAME} ){{1,2}}(?:Road|Rd|Street|Avenue|Terrace|Crescent|Close|Lane)\b(?! (?:Policing|Traffic|Unit|Crime|Safety|Users))",
        0.7,
        lambda m: (
            m.group()
            not in {
                "Downing Street",
                "Fleet Street",
                "Coronation Street",
                "High Street",
                "Sesame Street",
                "Wall Street",
            }
            and not regex.match(r"(?:The|A|Our|My|This|That|On|In|At|Every|One|From|Main) ", m.group())
        ),
    ),
)


def _is_mixed(postcode: str) -> bool:
    """Capitals and small letters in an order that "M25 2hr" has not."""
    first, second = postcode.split()
    return not (postcode.isupper() or postcode.islower() or (first.isupper() and second.islower()))
