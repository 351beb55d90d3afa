"""Forces, places and local bodies, from gazetteers and by how forces are spoken of."""
# ruff: noqa: E501 (a pattern reads best in one piece)

from typing import Any

import regex
from presidio_analyzer import EntityRecognizer, RecognizerResult

from pipeline import forces
from pipeline.redaction import gazetteer
from pipeline.redaction.gazetteer import Gram, GramIndex
from pipeline.redaction.recognisers.base import Rule

_CAP = r"[A-Z][a-z]+(?:['-][A-Za-z]+)*"


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

_PREPOSITION = regex.compile(
    r"(?i)\b(?:in|at|near|from|around|outside|to|towards|into|across|covering|cover|covers|over|between|through|past|of|live|and|or)(?: the)?[ \n]$"
)
_STRICT = regex.compile(r"(?i)\b(?:in|at|near|from|around|outside|towards|into|across|covering)[ \n]$")
_HEAD_AFTER = regex.compile(rf"(?:'s)? (?:{_LOCAL_HEAD}|council|hospital|cops|officers|area|way|road|end|side)\b")


class GazetteerRecogniser(EntityRecognizer):
    """Forces by every name, and UK places wherever a capital or the words around them say that they are meant."""

    def __init__(self) -> None:
        self._forces = GramIndex(forces.forces())
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
    if gram not in forces.force_abbreviations():
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
