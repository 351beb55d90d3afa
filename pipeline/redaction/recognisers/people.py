"""Names of people, where the words around them say so: ranks, titles, introductions, signatures, nicknames, initials."""
# ruff: noqa: E501 (a pattern reads best in one piece)

import regex

from pipeline.redaction import gazetteer
from pipeline.redaction.gazetteer import ABBREVIATIONS, begins_sentence
from pipeline.redaction.recognisers.base import Match, Rule

_I = regex.IGNORECASE
_RANK = gazetteer.pattern("ranks")
_PART = r"(?:O'|Mc|Mac|D')?[A-Z][a-z]+(?:-[A-Z][a-z]+)?"
_PARTICLE = r"(?:(?:de|da|del|van|von|der|den|el|al|bin|la|le|ap) ){0,2}"
_INITIAL = r"(?:[A-Z]\.? )"
_FULL = rf"(?:{_INITIAL}{{0,2}}{_PARTICLE}{_PART}(?: {_PARTICLE}{_PART}){{0,2}})"

# Words that follow a rank without being a name ("PC Training", "Sergeant Exam", "DC Comics").
_NOT_NAMES = frozenset(
    "academy access admin administration allocation analyst and application area association assistant at board "
    "boards book boarding brown-nose build call capability car card cars central chief clinic colleague comics command "
    "commissioner conference constable control council course crew custody data department desk detective digital "
    "director does exam exams federation firearms for from general group had has head hub i if in inspector intel is it "
    "job lead leads level line manager managers marple met neighbourhood network no number of office officer on online "
    "or our pc plod police policing post posts probation promotion public rank ranks response review reviews role room "
    "safety sergeant sergeants service shift south special specials staff station strange superintendent support system "
    "systems team teams that the they this time to traffic training unit user users volunteer was we west when where "
    "who with world you north east new old any all some said says my his her their".split()
)


def _is_name(words: str) -> bool:
    parts = gazetteer.tokens(words)
    return bool(parts) and not any(part in _NOT_NAMES for part in parts[:1]) and not gazetteer.is_kept(words)


def _after_rank(match: Match) -> bool:
    name = match["x"]
    first = gazetteer.tokens(name)[0]
    if first in _NOT_NAMES or first in gazetteer.words("month_names"):
        return False
    if gazetteer.tokens(match.group()) in gazetteer.grams("keep"):
        return False
    ends = "." in match.string[match.end("rank") : match.start("x")]  # an abbreviation, or a sentence
    if ends and gazetteer.is_ordinary(first) and not (gazetteer.is_surname(first) or gazetteer.is_first_name(first)):
        return False
    # "Chief Constable Connect", "Officer Safety": a system or ordinary noun after a generic word is no name.
    if match["rank"].casefold() in {
        "officer",
        "chief",
        "con",
        "special constable",
        "lord",
        "lady",
        "ci",
        "sc",
        "cc",
        "col",
        "major",
        "judge",
        "commander",
        "commissioner",
        "detective",
    }:
        return not gazetteer.is_ordinary(first) and (first,) not in gazetteer.grams("keep")
    # A rank makes a name of a system's word too ("DI Holmes", "Sgt Moore"), save for abbreviations of another sense.
    return match["rank"] not in {"DS", "PS", "DI", "CI", "SC", "DC", "PC"} or not (
        gazetteer.is_ordinary(first) and not gazetteer.is_surname(first) and not gazetteer.is_first_name(first)
    )


def _lower_after_rank(match: Match) -> bool:
    name = match["x"].casefold()
    if name in _NOT_NAMES or len(name) < 3 or (name,) in gazetteer.grams("keep"):
        return False
    return not gazetteer.is_ordinary(name)


_NOT_INITIALS = frozenset(
    "U.K. U.S. E.U. A.I. I.T. P.C. P.S. N.B. R.I.P. A.M. P.M. I.D. H.R. Q.C. K.C. M.P. D.I. D.C. O.K. B.A. M.A. U.N. T.V. D.V. I.E. E.G.".split()
)


def _initials(match: Match) -> bool:
    compact = match.group().replace(" ", "").upper()
    return compact not in _NOT_INITIALS and not gazetteer.is_kept(compact)


def _first_and_more(match: Match) -> bool:
    """A first name, with a capitalised word after it where that can be its surname."""
    first = match["first"]
    return gazetteer.is_first_name(first) and not _is_ordinary_use(match, first) and _is_name(match["x"])


def _is_ordinary_use(match: Match, word: str) -> bool:
    """Whether a first name that is also a word, a month or a place is more likely that here."""
    folded = word.casefold()
    if folded in gazetteer.words("month_names") or (folded,) in gazetteer.grams("keep"):
        return True
    if not gazetteer.is_ordinary(folded) and not gazetteer.is_place_word(folded):
        return False
    surname = match["surname"] or ""
    if surname and not gazetteer.is_ordinary(surname):
        return False
    return bool(surname) or begins_sentence(match.string, match.start("first"))


_SHORT = frozenset(
    "kev bev baz caz daz gaz loz shaz ian kim zak zac lee sue ros jez jaz raj sid vic viv ash deb meg peg tam ste seb bex".split()
)


def _lower_first(match: Match) -> bool:
    name = match["x"]
    return (
        (len(name) >= 4 or name in _SHORT)
        and name not in {"nick", "glen"}
        and gazetteer.is_first_name(name)
        and not gazetteer.is_ordinary(name)
        and (name,) not in gazetteer.grams("keep")
    )


def _one_case(match: Match) -> bool:
    """First name and surname in small letters or capitals: the second is no word, and a surname where the first is one."""
    first, surname = match.captures("x")
    folded = surname.casefold()
    return (
        gazetteer.is_first_name(first)
        and not gazetteer.is_ordinary(surname)
        and (
            any(map(gazetteer.is_surname, surname.split("-")))
            if gazetteer.is_ordinary(first)
            else folded not in _NO_SURNAMES
        )
        and (folded,) not in gazetteer.grams("keep")
    )


_NO_SURNAMES = ABBREVIATIONS | frozenset("mon tue tues wed weds thu thur thurs fri sat sun".split())


def _introduced(match: Match) -> bool:
    first = gazetteer.tokens(match["x"])[0]
    return (
        (first,) not in gazetteer.grams("ranks")
        and _is_name(match["x"])
        and (
            gazetteer.is_first_name(first) or not (gazetteer.is_ordinary(first) or (first,) in gazetteer.grams("keep"))
        )
    )


_DEPARTMENTS = frozenset(
    "command finance custody procurement management everyone everybody nobody somebody someone anyone people police policing they he she we you i it "
    "this that who what which legal fleet training intel control dispatch headquarters operators officers staff users suppliers vendors victims "
    "sergeant inspector superintendent constable sarge boss management leadership security digital communications god one others another most many "
    "some all both neither then and but so nothing something everything research evidence experience head procurement colleagues friends".split()
)


def _speaks(match: Match) -> bool:
    """A capitalised word that says, rings or retires is somebody, unless it is a department or a body."""
    word = match["x"].casefold()
    if word in _DEPARTMENTS or (word,) in gazetteer.grams("keep") or word in gazetteer.words("month_names"):
        return False
    return not gazetteer.is_place_word(word) and not (
        gazetteer.is_ordinary(word) and begins_sentence(match.string, match.start("x"))
    )


def _after_verb(match: Match) -> bool:
    """ "ask Oyelaran": no word, place, body or system; after the loose "with" and "by" only what looks like a name."""
    name = gazetteer.tokens(match["x"])
    if any(gazetteer.is_ordinary(w) or gazetteer.is_place_word(w) or (w,) in gazetteer.grams("keep") for w in name):
        return False
    loose = match.group().casefold().startswith(("with ", "by ", "met "))
    return not gazetteer.is_kept(match["x"]) and (
        not loose or any(gazetteer.is_surname(w) or gazetteer.is_first_name(w) for w in name)
    )


def _only_a_surname(word: str) -> bool:
    return gazetteer.is_surname(word) and not (
        gazetteer.is_ordinary(word) or gazetteer.is_place_word(word) or (word.casefold(),) in gazetteer.grams("keep")
    )


def _two_names(match: Match) -> bool:
    return (
        gazetteer.is_surname(match["surname"])
        and not gazetteer.is_ordinary(match["surname"])
        and _is_name(match["x"])
        and not gazetteer.is_ordinary(match["first"])
        and (match["first"].casefold(),) not in gazetteer.grams("keep")
    )


_PERSON_NOUN = r"(?:colleague|friend|mate|sergeant|sarge|sgt|officer|inspector|boss|supervisor|skipper|PCSO|constable|lad|lass|woman|man|guy|bloke|girl|boy|lady|gentleman|trainer|victim|suspect|witness|manager|dispatcher|operator|analyst|detective|son|daughter|wife|husband|partner|brother|sister|mum|dad|neighbour|somebody|someone|person|chap|engineer|rep|technician|developer|consultant|salesman|nurse|doctor|student|probationer|tutor|kid|child|teenager|dog handler)"

_DESK = r"(?:legal|estates|fleet|nights|earlies|lates|the project|projects|control|dispatch|HR|IT|finance|custody|CID|procurement|training|comms|vetting|data|admin|stores|the office|the control room|the help ?desk|the front desk|upstairs|downstairs|digital|intel|payroll|facilities|[A-Z][a-z]+)"


def _somebody_there(match: Match) -> bool:
    """ "Yas at Cambs", "Hindy on nights", "Will in legal": whoever sits there."""
    word = match["x"].casefold()
    if (word,) in gazetteer.grams("keep") or gazetteer.is_place_word(word) or word in _DEPARTMENTS:
        return word == "may" and " from " in match.group()
    return gazetteer.is_first_name(word) or not gazetteer.is_ordinary(word)


def _acts(match: Match) -> bool:
    """A first name that is a word, at a sentence's beginning, with a verb that only somebody does."""
    word = match["x"].casefold()
    return gazetteer.is_first_name(word) and (word,) not in gazetteer.grams("keep")


_FIRST_NAMES, _SURNAMES = gazetteer.words("first_names"), gazetteer.words("surnames")
_UNCOMMON_FIRST_NAMES, _UNCOMMON_SURNAMES = (
    frozenset(name for name in names if not gazetteer.is_ordinary(name)) for names in (_FIRST_NAMES, _SURNAMES)
)

PEOPLE = (
    Rule(
        "PERSON",
        rf"(?<![\w.@/&-])(?P<x>[A-Z][a-z]{{2,15}}) (?:(?:up |over |down |out )?(?:in|from|at|on) (?:the |our )?{_DESK}|upstairs|downstairs)\b",
        0.6,
        _somebody_there,
    ),
    Rule(
        "PERSON",
        r"(?<![\w.@/&-])(?P<x>[A-Z][a-z]{2,15}) (?:had to|has to|wanted|went|took|came|left|who|always|never|got|fixed|wrote|drove|made me|gave me|helped|thinks|thought)\b",
        0.6,
        _acts,
        among=_FIRST_NAMES,
    ),
    Rule(
        "PERSON",
        r"(?<![\w@./&-])(?P<x>[A-Z]{4,15})(?![\w@/&-])",
        0.6,
        lambda m: (
            _only_a_surname(m["x"])
            or (
                gazetteer.is_first_name(m["x"])
                and not gazetteer.is_ordinary(m["x"])
                and not gazetteer.is_place_word(m["x"])
                and not gazetteer.is_kept(m["x"])
            )
        ),
        among=_FIRST_NAMES | _SURNAMES,
    ),
    # Initials without stops, where a person is meant: "ask KM".
    Rule(
        "PERSON",
        r"\b(?:[Aa]sk|[Aa]sked|[Tt]ell|[Tt]old|[Cc]heers|[Rr]egards|[Ss]igned|[Tt]hanks|[Ss]poke to|[Ss]peak to),? (?P<x>[A-Z]{2})\b(?! [A-Z])",
        0.6,
        lambda m: m["x"].casefold() not in ABBREVIATIONS,
    ),
    Rule("PERSON", rf"(?<![\w.])(?P<rank>(?:[TA]/)?(?i:{_RANK}))s?\.?,? (?P<x>{_FULL})", 0.9, _after_rank),
    Rule(
        "PERSON",
        r"(?i:\b(?P<rank>mr|mrs|ms|dr|sgt|sergeant|insp|inspector|dc|pc|ds|di|dci|supt|pcso|cllr|prof|sarge))\.? (?P<x>[a-z]{3,20}(?:-[a-z]{3,20})?)\b",
        0.8,
        _lower_after_rank,
    ),
    Rule(
        "PERSON",
        r"\b(?P<rank>Miss|MISS|MR|MRS|MS|DR|PC|DC|DS|DI|DCI|SGT|INSP|PCSO) (?P<x>[A-Z]{3,20})\b",
        0.8,
        _lower_after_rank,
    ),
    Rule(
        "PERSON",
        rf"\b(?:[Mm]y name(?:'s| is)|(?:[Tt]his|[Tt]hat) is|I'm|I am|[Ss]igned|[Yy]ours(?: sincerely| faithfully)?|[Rr]egards|[Cc]heers|[Tt]hanks|[Ss]incerely|[Aa]sk for|[Ss]peak to|[Ss]poke to|[Cc]ontact|[Dd]ear|[Hh]i|[Hh]ello|cc|[Aa]ttn),?\s+(?P<x>{_FULL})",
        0.75,
        _introduced,
    ),
    Rule(
        "PERSON",
        rf"\b{_PERSON_NOUN},? (?:is |was )?(?:called|named|known as|by the name of) ['\"]?(?P<x>{_FULL})",
        0.85,
        lambda m: _is_name(m["x"]),
    ),
    Rule(
        "PERSON",
        rf"\b(?:nicknamed|aka|a\.k\.a\.|better known as|known (?:to \w+ |locally |affectionately )?as|(?:they|we|people|everyone|everybody) (?:all )?calls? (?:him|her|me)|(?:call|calls|called) (?:him|her|me)) ['\"]?(?P<x>{_PART})['\"]?",
        0.8,
        lambda m: _is_name(m["x"]),
    ),
    Rule(
        "PERSON",
        rf"\b[Mm]y (?:then )?(?:{_PERSON_NOUN}|oppo|crewmate|line manager),? (?P<x>{_PART}(?: {_PART})?)",
        0.8,
        lambda m: _introduced(m),
    ),
    # "big Dave", "wee Jimmy": the epithet belongs to the name.
    Rule(
        "PERSON",
        rf"(?<!\w)(?P<x>(?:[Bb]ig|[Bb]aby|[Ww]ee|[Ll]ittle|[Yy]oung|[Mm]ad|[Aa]untie|[Uu]ncle|[Oo]ld|[Ll]ong|[Ss]mall|[Ff]at|[Tt]all|[Gg]inger|[Ll]anky|[Dd]odgy|[Aa]ngry) (?P<first>{_PART}))\b(?! (?:Brother|Ben|Bang|Data|Apple))",
        0.8,
        lambda m: gazetteer.is_first_name(m["first"]),
        among=_FIRST_NAMES,
    ),
    Rule(
        "PERSON",
        r"(?<!\w)(?P<x>(?:big|wee|mad|auntie|uncle) (?P<first>[a-z]{3,12}))\b",
        0.75,
        lambda m: gazetteer.is_first_name(m["first"]) and not gazetteer.is_ordinary(m["first"]),
    ),
    Rule(
        "PERSON",
        rf"(?<![\w.'])(?P<x>(?P<first>[A-Z][a-z]{{1,15}})(?: (?:[A-Z]\.? )?(?P<surname>{_PART}))?)(?![\w])",
        0.75,
        _first_and_more,
        among=_FIRST_NAMES,
    ),
    Rule(
        "PERSON", r"(?<![\w@./-])(?P<x>[a-z]{3,14})(?![\w@/-])(?!\.\w)", 0.6, _lower_first, among=_UNCOMMON_FIRST_NAMES
    ),
    Rule(
        "PERSON",
        r"(?<![\w@./-])(?P<x>[a-z]{2,14})(?= (?P<x>[A-Za-z][a-z]{2,15}(?:-[a-z]{3,15})?)(?![\w@/-]))(?! \w+\.\w)",
        0.65,
        _one_case,
        among=_FIRST_NAMES,
    ),
    Rule(
        "PERSON",
        r"(?<![\w@./-])(?P<x>[A-Z]{2,14})(?= (?P<x>[A-Z]{4,15}(?:-[A-Z]{3,15})?)(?![\w@/-]))",
        0.65,
        _one_case,
        among=_FIRST_NAMES,
    ),
    # What only people do makes a name of a word: "grant went mad".
    Rule(
        "PERSON",
        r"(?:^|[.!?]\s+)(?P<x>[a-z]{4,12}) (?:said|says|told|tells|reckons|asked|rang|retired|thinks|went (?:mad|sick|home|ballistic|mental|spare))\b",
        0.6,
        lambda m: gazetteer.is_first_name(m["x"]) and m["x"] not in gazetteer.words("month_names"),
    ),
    Rule(
        "PERSON",
        rf"\b(?i:asks?|asked|tells?|told|rang|rings?|phoned?|phones|e-?mailed|thanked?|thanks to|spoke (?:to|with)|speak (?:to|with)|spoken (?:to|with)|report(?:s|ed)? to|work(?:s|ed)? (?:with|for|alongside)|trained by|taught by|sat (?:with|next to|beside)|crewed with|shout (?:for|at)|wait(?:ed|ing)? for|married|covered for|replaced by|met|me and|with|by) (?P<x>{_PART}(?: {_PART})?)(?! (?:Team|Unit|Police|System|Department))",
        0.6,
        _after_verb,
    ),
    Rule(
        "PERSON",
        rf"\b(?:my|our|his|her|the) (?:oppo|mate|boss|sarge|sergeant|sgt|inspector|colleague|skipper|brother|sister|wife|husband|son|daughter|tutor|crewmate|partner|guvnor|neighbour),? (?P<x>[a-z]{3, 14})\b",
        0.65,
        lambda m: (
            not gazetteer.is_ordinary(m["x"])
            and (m["x"],) not in gazetteer.grams("keep")
            and not m["x"].endswith(("ing", "ed", "ly"))
        ),
    ),
    Rule(
        "PERSON",
        rf"(?<![\w.])(?P<x>(?P<first>{_PART}) (?P<surname>{_PART}))(?!\w)",
        0.65,
        _two_names,
        among=_UNCOMMON_SURNAMES,
    ),
    Rule(
        "PERSON",
        rf"(?<![\w.&/])(?P<x>(?:[A-Z]\. ?|[A-Z] ){{1,2}}(?P<surname>{_PART}))(?!\w)",
        0.7,
        lambda m: (
            not m.group().startswith(("I ", "A "))
            and (gazetteer.is_surname(m["surname"]) or not gazetteer.is_ordinary(m["surname"]))
            and _is_name(m["surname"])
        ),
    ),
    Rule(
        "PERSON",
        r"(?<![\w.@/&-])(?P<x>[A-Z][a-z]{2,15})(?![\w@])",
        0.65,
        lambda m: _only_a_surname(m["x"]),
        among=_UNCOMMON_SURNAMES,
    ),
    Rule(
        "PERSON",
        r"(?<![\w.@/&-])(?P<x>[A-Z][a-z]{2,15}) (?:said|says|reckons|reckoned|told (?:me|us)|rang|swears|retired|laughed|showed (?:me|us)|taught (?:me|us)|asked (?:me|us)|shouted|always says|knew|phoned|emailed|left last|left in|went off sick|covered for|and I|and me)\b",
        0.65,
        _speaks,
    ),
    Rule("PERSON", r"(?<![\w.])(?:[A-Z]\. ?){1,2}[A-Z]\.(?!\w)", 0.75, _initials),
)
