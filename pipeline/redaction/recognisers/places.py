"""Forces, places and local bodies: from gazetteers, and by the words that make a name of them."""
# ruff: noqa: E501 (a pattern reads best in one piece)

from typing import Any

import regex
from presidio_analyzer import EntityRecognizer, RecognizerResult

from pipeline.redaction import gazetteer
from pipeline.redaction.gazetteer import Gram, GramIndex
from pipeline.redaction.recognisers.base import Match, Rule

_CAP = r"[A-Z][a-z]+(?:['-][A-Za-z]+)*"
_CAPS = rf"(?:{_CAP} (?:(?:of|on|upon|the|and|&|in|le|St\.?|St) )?(?:the )?){{0,3}}{_CAP}"
_STARTERS = frozenset(
    "the a an our my your his her their this that every each any local new when if then at in on from of and but so or some most we i it".split()
)


def _without_starter(match: Match) -> bool:
    first = match["x"].split()[0].casefold()
    return first not in _STARTERS and not gazetteer.is_kept(match["x"]) and not _all_ordinary(match["x"], match)


def _all_ordinary(words: str, match: Match) -> bool:
    """Whether a single ordinary word begins a sentence: "Local council", "Police station"."""
    parts = gazetteer.tokens(words)
    return all(gazetteer.is_ordinary(p) for p in parts) and (len(parts) == 1 or match.start() == 0)


FORCES = (
    Rule("FORCE", r"\b[Tt]he (?P<x>Met|MET)\b(?! (?:Office|Gala|Line))", 0.95),
    Rule("FORCE", r"\b(?:in|at|from|to|for|joined|left|of|with) the (?P<x>met)\b(?! office)", 0.85),
    Rule("FORCE", r"\b(?P<x>Met)(?='s\b)|(?<=\b(?:ex|former)[- ])(?P<x>Met)\b", 0.85),
    Rule("FORCE", r"\b(?P<x>[Mm]et (?:[Pp]olice|[Oo]fficers?|[Pp]ol))\b", 0.85),
    # Beside its partners in one collaboration, "beds" is a force and no furniture.
    Rule("FORCE", r"(?s)\b(?P<x>beds)\b(?:(?=.{0,300}\b(?:herts|cambs)\b)|(?<=\b(?:herts|cambs)\b.{0,300}))", 0.85),
    Rule(
        "FORCE",
        rf"\b(?P<x>(?P<p>{_CAP}(?: {_CAP}){{0,2}}) (?:Police|Constabulary|Con|Polcie|Plod))\b",
        0.85,
        lambda m: _is_place(m["p"]),
    ),
    Rule(
        "FORCE",
        r"\b(?P<x>(?P<p>[a-z]{4,15}(?: [a-z]{4,15})?) (?:police|constabulary))\b",
        0.75,
        lambda m: _is_place(m["p"]) and not gazetteer.is_ordinary(m["p"]),
    ),
    Rule("FORCE", rf"\b(?P<x>Heddlu(?: {_CAP})+)", 0.9),
)


def _is_place(name: str) -> bool:
    plain, in_context = gazetteer.places()
    gram = gazetteer.tokens(name)
    return gram in plain or gram in in_context


_LOCAL_HEAD = r"(?:estate|Estate|nick|police station|Police Station|station house|custody suite|Custody Suite|custody centre|Custody Centre|custody|town centre|city centre|village|BCU|division|Division|district|borough|Borough|valley|Valley|LPA|basic command unit|sector|beat|ward|suburb|peninsula|bypass|ring road|retail park|industrial estate|Industrial Estate|Retail Park|shopping centre|railway station|bus station|football ground|marina|seafront|High Street|high street|marketplace|market place|Market Place|docks|Docks|harbour|airport|Airport|prison|Prison|magistrates|Magistrates|crown court|Crown Court|racecourse)"

PLACES = (
    Rule("LOCATION", rf"(?<![\w.])(?P<x>{_CAPS})(?='?s? {_LOCAL_HEAD}\b)", 0.75, _without_starter),
    Rule(
        "LOCATION",
        rf"(?<![\w.])(?P<x>{_CAPS} (?:Police Station|Custody Suite|Custody Centre|Nick|Estate|Division|Valley|BCU|House|Bridge|Airport|Docks|Retail Park|Business Park|Industrial Estate|Crown Court|Barracks|Racecourse|Stadium|Common|Heath|Moor|Marina|Forest|Beach|Bay))\b",
        0.65,
        lambda m: _without_starter(m) and not _all_generic(m["x"]),
    ),
    Rule("LOCATION", rf"\b(?:HMP|HMYOI|RAF|HMS) (?P<x>{_CAP}(?: {_CAP})?)", 0.85),
    Rule(
        "LOCATION",
        rf"\b(?:[Bb]ased|[Ll]iv(?:e|es|ed|ing)|[Pp]osted|[Ss]tationed|born|grew up|moved|commut(?:e|es|ing)|transferred|[Pp]atroll(?:ing|ed)?|neighbourhood) (?:out |up |down |over )?(?:in|at|from|to|near|around|outside) (?P<x>{_CAP}(?: {_CAP})?)",
        0.7,
        lambda m: (
            _without_starter(m)
            and not _all_generic(m["x"])
            and (gazetteer.tokens(m["x"]) not in gazetteer.grams("foreign_places"))
        ),
    ),
    Rule("LOCATION", r"\b(?:[AMB]\d{1,4}(?:\(M\))?)(?= (?:near|at|between|outside|by|in) [A-Z])", 0.5, lambda m: False),
)
_GENERIC = frozenset(
    "command control digital custody police data open public local contact call help training head house full white green common business crown opera light source code safe work power clearing court service central main county upper lower north south east west new old front back".split()
)


def _all_generic(words: str) -> bool:
    return all(w in _GENERIC or gazetteer.is_ordinary(w) for w in gazetteer.tokens(words)) and not _is_place(words)


_ORG_HEAD = (
    r"(?:(?:(?:County|Borough|City|District|Town|Parish|Metropolitan Borough|Community|Unitary|Metropolitan|Regional) )?Council|(?:General |Royal |Memorial |District |Community |Teaching )*(?:Hospital|Infirmary)|"
    r"University(?: of [A-Z]\w+)?|Uni|Polytechnic|(?:Sixth Form |Community |Technical )?College|(?:Primary |High |Grammar |Secondary |Comprehensive |Junior |Infant )*School|Academy|"
    r"(?:NHS )?(?:Foundation )?Trust|Housing(?: Association| Trust| Group)?|Fire and Rescue(?: Service)?|Fire (?:Service|Brigade|Authority)|Ambulance(?: Service| Trust)?|Health Board|"
    r"Ltd|Limited|plc|PLC|LLP|Inc|GmbH|Solutions|Consulting|Consultancy|Consultants|Technologies|Digital|Labs|Networks|Logistics|Analytics|Software|Informatics|Associates|Partnership|Partners|Foundation|"
    r"Law Centre|Food Bank|Foodbank|Women's Centre|Rape Crisis|Carers|Mosque|Church|Cathedral|Temple|Gurdwara|Synagogue|FC|United|Rovers|Wanderers|RFC|Police Federation|Youth Club|Community Centre|Hospice|Surgery|Medical Centre|Charity|CIC)"
)


def _organisation(match: Match) -> bool:
    words = match["x"]
    return (
        not gazetteer.is_kept(words)
        and _without_starter(match)
        and not _all_generic(regex.sub(rf" {_ORG_HEAD}$", "", words))
    )


_JOINED = r"(?:work(?:s|ed|ing)? (?:for|at)|job (?:at|with)|joined|employ(?:ed|er) (?:by|at|is|was)|contract(?:ed|or|ing) (?:by|for|at|from|to)|on behalf of|consult(?:ed|ant|ing) (?:for|at|with)|career (?:at|with)|years (?:at|with)|time (?:at|with)|[Ww]e at|[Hh]ere at|stint at|when I (?:was|worked) (?:at|with|for)|I was (?:at|with)|[Uu]sed to (?:be|work) (?:at|with|for)|came (?:here |over |across )?from|moved (?:here |over |across )?from|my (?:old|last|previous) (?:firm|employer|company|place|job),?(?: at)?|spun out of|bought (?:out )?by|acquired by|subsidiary of|we(?:'ve)? (?:built|make|sell|supply|launched|developed|call(?:ed)? it)|[Oo]ur (?:own )?(?:product|platform|system|app|tool|software|flagship product),?(?: called)?|director (?:of|at)|founder of|[Bb]efore (?:that|this),? (?:I was )?(?:at|with)|graduat(?:ed|e) (?:from|of)|degree (?:at|from)|studied at|(?:Master's|PhD|thesis|MSc|BSc|MBA|doctorate) (?:at|from))"

ORGANISATIONS = (
    Rule(
        "ORGANISATION",
        rf"(?<![\w.])(?P<x>(?:(?:{_CAP}|[A-Z]{{2,6}}) (?:(?:and|&|of|for|the) )*){{1,4}}{_ORG_HEAD})(?!\w)",
        0.75,
        _organisation,
    ),
    Rule(
        "ORGANISATION",
        rf"\b(?P<x>(?:University|College|Diocese|Royal Borough|London Borough|Borough|City|County) (?:of|College) {_CAP}(?: (?:and |& )?{_CAP}){{0,2}})",
        0.8,
        lambda m: (
            not gazetteer.is_kept(m["x"])
            and m["x"] != "College of Policing"
            and not m["x"].startswith(("City of London Pol",))
        ),
    ),
    Rule(
        "ORGANISATION",
        r"\b(?P<x>(?P<p>[a-z]{4,15}) (?:city |borough |county |district |town )?(?:council|infirmary|hospital|uni|university))\b",
        0.7,
        lambda m: _is_place(m["p"]) and not gazetteer.is_ordinary(m["p"]),
    ),
    Rule(
        "ORGANISATION",
        rf"\b(?P<x>Royal (?:{_CAP} ){{0,2}}(?:Infirmary|Hospital)|St\.? {_CAP}(?:'s)? (?:Hospital|School|Hospice|Church|Academy|College))\b",
        0.8,
    ),
    Rule(
        "ORGANISATION",
        rf"\b{_JOINED} (?P<x>(?:{_CAP}|[A-Z]{{2,5}}\b)(?: (?:(?:and|&) )?{_CAP}){{0,3}})",
        0.6,
        lambda m: _employer(m),
    ),
    Rule(  # a national body is kept, but not as the place where the contributor once worked
        "ORGANISATION",
        rf"\b(?:[Mm]y|[Oo]ur) (?:time|years?|days|career|stint) (?:at|in|with) (?:the )?(?P<x>{_CAP}(?: {_CAP}){{0,3}})",
        0.7,
    ),
)


def _employer(match: Match) -> bool:
    name = match["x"]
    first = gazetteer.tokens(name)[0]
    return (
        not (gazetteer.is_kept(name) or (first,) in gazetteer.grams("keep") or _is_place(name))
        and not (gazetteer.is_ordinary(first) and (" " not in name or first in _STARTERS))
        and gazetteer.tokens(name) not in gazetteer.grams("foreign_places")
    )


_PREPOSITION = regex.compile(
    r"(?i)\b(?:in|at|near|from|around|outside|to|towards|into|across|covering|cover|covers|over|between|through|past|of|live|and|or)(?: the)?[ \n]$"
)
_STRICT = regex.compile(r"(?i)\b(?:in|at|near|from|around|outside|towards|into|across|covering)[ \n]$")
_HEAD_AFTER = regex.compile(rf"(?:'s)? (?:{_LOCAL_HEAD}|council|hospital|cops|officers|area|way|road|end|side)\b")


class GazetteerRecogniser(EntityRecognizer):
    """Forces by every name, and UK places wherever a capital or the words around them say that they are meant."""

    def __init__(self) -> None:
        self._forces = GramIndex(gazetteer.forces())
        self._plain, self._in_context = gazetteer.places()
        self._places = GramIndex(self._plain | self._in_context)
        self._bodies = {gazetteer.tokens(name): name for name in gazetteer.lines("local_bodies")}
        self._body_index = GramIndex(self._bodies)
        super().__init__(supported_entities=["FORCE", "LOCATION", "ORGANISATION"], name="gazetteer:places")

    def load(self) -> None:
        """Gazetteers are read at construction."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:  # noqa: ARG002
        words = gazetteer.located_tokens(text)
        results: list[RecognizerResult] = []
        for start, end, gram in self._forces.find(text, words):
            if _is_force(text[start:end], gram):
                results.append(RecognizerResult("FORCE", start, end, 0.9))
        for start, end, gram in self._body_index.find(text, words):
            if text[start : start + len(self._bodies[gram])] == self._bodies[gram]:
                results.append(RecognizerResult("ORGANISATION", start, end, 0.75))
        for start, end, gram in self._places.find(text, words):
            score = self._place_score(text, start, end, gram)
            if score:
                results.append(RecognizerResult("LOCATION", start, end, score))
        return results

    def _place_score(self, text: str, start: int, end: int, gram: Gram) -> float:
        found = text[start:end]
        capital = found[0].isupper()
        before = text[max(0, start - 16) : start]
        if (
            gram in gazetteer.grams("keep")
            or before[-1:] in {"@", "#", "/", "\\", "_"}
            or text[end : end + 1] in {"@", "_"}
        ):
            return 0.0
        if gram in self._in_context:
            head = _HEAD_AFTER.match(text, end)
            return 0.6 if capital and (_STRICT.search(before) or head) else 0.0
        if capital:
            return 0.8
        name_like = len(gram) == 1 and (gazetteer.is_surname(gram[0]) or gazetteer.is_first_name(gram[0]))
        distinctive = any(not gazetteer.is_ordinary(word) for word in gram) and len(found) >= 5
        return 0.65 if distinctive and (not name_like or _PREPOSITION.search(before)) else 0.0


_LOWER_CASE_WORDS = frozenset(
    {("city", "police"), ("transport", "police"), ("northern", "constabulary"), ("scottish", "police")}
)


def _is_force(found: str, gram: Gram) -> bool:
    if gram not in gazetteer.force_abbreviations():
        return found[0].isupper() or gram not in _LOWER_CASE_WORDS
    if len(gram) > 1:  # A&S, D&C
        return "&" in found
    if found[0].isupper():
        return found.isupper() or len(found) > 3
    return (
        len(found) >= 3
        and not gazetteer.is_ordinary(found)
        and found not in {"mps", "asp", "hants", "rmp", "mdp", "nwp", "hdc", "hgc", "dpp"}
    )
