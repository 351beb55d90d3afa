"""Names of people, where the words around them say so: ranks, titles, introductions, signatures, nicknames, initials."""

import regex

from pipeline.redaction import gazetteer
from pipeline.redaction.recognisers.base import Match, Rule

_I = regex.IGNORECASE
_RANK = r"(?:" + "|".join(regex.escape(r) for r in sorted(gazetteer.lines("ranks"), key=lambda r: (-len(r), r))) + r")"
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
    "who will with world you north east new old any all some said says my his her their".split()
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
    # "Chief Constable Connect", "Officer Safety": a system or ordinary noun after a generic word is no name.
    if match["rank"].casefold() in {"officer", "chief", "con", "special constable", "lord", "ci", "sc", "major"}:
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


_NOT_INITIALS = frozenset("U.K. U.S. E.U. A.I. I.T. P.C. P.S. N.B. R.I.P. A.M. P.M. I.D. H.R. Q.C. K.C. M.P. D.I. D.C. O.K. J.P. B.A. M.A. U.N. T.V. D.V. I.E. E.G.".split()) - {"J.P."}


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
    before = match.string[max(0, match.start() - 3) : match.start()].rstrip(' "(')
    starts_sentence = not before or before[-1:] in ".!?:\n-;" or "\n" in match.string[max(0, match.start() - 2) : match.start()]
    return starts_sentence or folded in _RARELY_NAMES or bool(surname)


_RARELY_NAMES = frozenset("will may mark bill rob art guy dale dean jack sandy penny gene kit kitty gale miles blessing mercy patience hope faith grace joy holly ivy daisy rose ruby pearl amber crystal violet heather hazel cliff basil sage chase mason hunter major max mac angel christian jan sue pat don ray drew grant may june april august summer autumn dawn eve harry jimmy peter tom frank ernest rich rick nick josh chuck buck jay robin martin lance stuart india chelsea jordan austin paris york una dev wally percy jose victor victoria morgan tyler taylor carol merle sam alec lee storm logan skye maria jesus connect ned mini".split()) - {"tom", "sam", "harry", "peter", "maria", "lee", "martin", "stuart", "victoria", "carol", "jordan", "taylor", "morgan", "nick", "josh"}


def _lower_first(match: Match) -> bool:
    name = match["x"]
    return len(name) >= 4 and gazetteer.is_first_name(name) and not gazetteer.is_ordinary(name) and not gazetteer.is_place_word(name) and (name,) not in gazetteer.grams("keep")


def _introduced(match: Match) -> bool:
    first = gazetteer.tokens(match["x"])[0]
    return _is_name(match["x"]) and (
        gazetteer.is_first_name(first) or not (gazetteer.is_ordinary(first) or (first,) in gazetteer.grams("keep"))
    )


def _two_names(match: Match) -> bool:
    return gazetteer.is_surname(match["surname"]) and not gazetteer.is_ordinary(match["surname"]) and _is_name(match["x"]) and not gazetteer.is_ordinary(match["first"]) and (match["first"].casefold(),) not in gazetteer.grams("keep")


_PERSON_NOUN = r"(?:colleague|friend|mate|sergeant|sarge|sgt|officer|inspector|boss|supervisor|skipper|PCSO|constable|lad|lass|woman|man|guy|bloke|girl|boy|lady|gentleman|trainer|victim|suspect|witness|manager|dispatcher|operator|analyst|detective|son|daughter|wife|husband|partner|brother|sister|mum|dad|neighbour|somebody|someone|person|chap|engineer|rep|technician|developer|consultant|salesman|nurse|doctor|student|probationer|tutor|kid|child|teenager|dog handler)"

PEOPLE = (
    Rule("PERSON", rf"(?<![\w.])(?P<rank>(?:[TA]/)?{_RANK})s?\.?,? (?P<x>{_FULL})", 0.9, _after_rank),
    Rule("PERSON", r"(?i:\b(?P<rank>mr|mrs|ms|dr|sgt|sergeant|insp|inspector|dc|pc|ds|di|dci|supt|pcso|cllr|prof|sarge))\.? (?P<x>[a-z]{3,20}(?:-[a-z]{3,20})?)\b", 0.8, _lower_after_rank),
    Rule("PERSON", r"\b(?P<rank>Miss|MISS|MR|MRS|MS|DR|PC|DC|DS|DI|DCI|SGT|INSP|PCSO) (?P<x>[A-Z]{3,20})\b", 0.8, _lower_after_rank),
    Rule("PERSON", rf"\b(?:[Mm]y name(?:'s| is)|(?:[Tt]his|[Tt]hat) is|I'm|I am|[Ss]igned|[Yy]ours(?: sincerely| faithfully)?|[Rr]egards|[Cc]heers|[Tt]hanks|[Ss]incerely|[Aa]sk for|[Ss]peak to|[Ss]poke to|[Cc]ontact|[Dd]ear|[Hh]i|[Hh]ello|cc|[Aa]ttn),?\s+(?P<x>{_FULL})", 0.75, _introduced),
    Rule("PERSON", rf"\b{_PERSON_NOUN},? (?:is |was )?(?:called|named|known as|by the name of) ['\"]?(?P<x>{_FULL})", 0.85, lambda m: _is_name(m["x"])),
    Rule("PERSON", rf"\b(?:nicknamed|aka|a\.k\.a\.|better known as|known (?:to \w+ |locally |affectionately )?as|(?:they|we|people|everyone|everybody) (?:all )?calls? (?:him|her|me)|(?:call|calls|called) (?:him|her|me)) ['\"]?(?P<x>{_PART})['\"]?", 0.8, lambda m: _is_name(m["x"])),
    Rule("PERSON", rf"\b[Mm]y (?:then )?(?:{_PERSON_NOUN}|oppo|crewmate|line manager),? (?P<x>{_PART}(?: {_PART})?)", 0.8, lambda m: _introduced(m)),
    # "big Dave", "wee Jimmy": the epithet belongs to the name.
    Rule("PERSON", rf"(?<!\w)(?P<x>(?:[Bb]ig|[Ww]ee|[Ll]ittle|[Yy]oung|[Mm]ad|[Aa]untie|[Uu]ncle|[Oo]ld|[Ll]ong|[Ss]mall|[Ff]at|[Tt]all|[Gg]inger|[Ll]anky|[Dd]odgy|[Aa]ngry) (?P<first>{_PART}))\b(?! (?:Brother|Ben|Bang|Data|Apple))", 0.8, lambda m: gazetteer.is_first_name(m["first"])),
    Rule("PERSON", r"(?<!\w)(?P<x>(?:big|wee|mad|auntie|uncle) (?P<first>[a-z]{3,12}))\b", 0.75, lambda m: gazetteer.is_first_name(m["first"]) and not gazetteer.is_ordinary(m["first"])),
    Rule("PERSON", rf"(?<![\w.'])(?P<x>(?P<first>[A-Z][a-z]{{1,15}})(?: (?:[A-Z]\.? )?(?P<surname>{_PART}))?)(?![\w])", 0.75, _first_and_more),
    Rule("PERSON", r"(?<![\w@./-])(?P<x>[a-z]{4,14})(?![\w@/-])(?!\.\w)", 0.6, _lower_first),
    Rule("PERSON", rf"(?<![\w.])(?P<x>(?P<first>{_PART}) (?P<surname>{_PART}))(?!\w)", 0.65, _two_names),
    Rule("PERSON", rf"(?<![\w.&/])(?P<x>[A-Z]\.? (?P<surname>{_PART}))(?!\w)", 0.7, lambda m: not m.group().startswith(("I ", "A ")) and (gazetteer.is_surname(m["surname"]) or not gazetteer.is_ordinary(m["surname"])) and _is_name(m["surname"])),
    Rule("PERSON", r"(?<![\w.])(?:[A-Z]\. ?){1,2}[A-Z]\.(?!\w)", 0.75, _initials),
)
