"""What spaCy's tagger says, read with care: it takes systems for people and ranks for firms."""

from typing import Any

import regex
from presidio_analyzer import EntityRecognizer, RecognizerResult

from pipeline.redaction import gazetteer
from pipeline.redaction.findings import SUPPLIER_NAME
from pipeline.redaction.gazetteer import GramIndex, begins_sentence

_ORGANISATION = regex.compile(
    r"\b(?:Council|Hospital|Infirmary|University|Uni|School|Academy|Trust|Ltd|Limited|plc|PLC|LLP|Inc|Housing|Hospice|Borough|Ambulance|Constabulary|Consulting|Solutions|Technologies|Associates)\b"
)


class NerRecogniser(EntityRecognizer):
    """Reads `nlp_artifacts.entities` (Entity tuples). Persons, places and local bodies, without what is to be kept."""

    def __init__(self) -> None:
        self._kept = GramIndex(gazetteer.grams("keep") | gazetteer.grams("foreign_places"))
        super().__init__(supported_entities=["PERSON", "LOCATION", "ORGANISATION", SUPPLIER_NAME], name="ner:spacy")

    def load(self) -> None:
        """The tagger runs before, in batches."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:  # noqa: ARG002
        wanted = [e for e in nlp_artifacts.entities if e.label in _JUDGES]
        if not wanted:
            return []
        kept = [(start, end) for start, end, _ in self._kept.find(text, gazetteer.located_tokens(text))]
        results: list[RecognizerResult] = []
        for entity in wanted:
            start, end = _trim(text, entity.start, entity.end)
            if entity.label == "PERSON":
                start = _after_imperative(text, start, end)
            if end - start < 2 or any(k[0] < end and start < k[1] for k in kept):
                continue
            label, score = _JUDGES[entity.label](text[start:end])
            if score:
                results.append(RecognizerResult(label, start, end, score))
        return results


_LEAD = regex.compile(
    r"(?i)(?:the|a|an|our|my|your|his|her|their|this|that|dear|hi|hello|thanks|cheers|and|but|so|if|when) "
)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Without leading articles, line breaks and what follows a bracket or line end."""
    end = start + len(regex.split(r"[\n()\[\]:;\"]", text[start:end], maxsplit=1)[0])
    while match := _LEAD.match(text, start, end):
        start = match.end()
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return start, end


_WORD_AHEAD = regex.compile(r"([^\W\d_]+)[ \n]+")


def _after_imperative(text: str, start: int, end: int) -> int:
    """Where the name begins in "Ring Tamsin". Only a word that has no capital of its own is taken for no name."""
    position = start
    while (word := _WORD_AHEAD.match(text, position, end)) and _is_no_name(text, word):
        position = word.end()
    return position if position < end and text[position].isupper() else start


def _is_no_name(text: str, word: "regex.Match[str]") -> bool:
    plain = word[1].casefold()
    by_itself = word[1][0].isupper() and not begins_sentence(text, word.start())
    may_be_a_name = gazetteer.is_first_name(plain) or gazetteer.is_surname(plain)
    return gazetteer.is_ordinary(plain) and not by_itself and not may_be_a_name


def _person(name: str) -> tuple[str, float]:
    words = gazetteer.tokens(name.removesuffix("'s"))
    if not words or any(any(c.isdigit() for c in w) for w in words) or (name.isupper() and len(name) < 6):
        return "PERSON", 0.0
    if not name[0].isupper():
        return "PERSON", 0.0
    unusual = [w for w in words if not gazetteer.is_ordinary(w)]
    known = [w for w in words if gazetteer.is_first_name(w) or gazetteer.is_surname(w)]
    if len(words) == 1 and gazetteer.is_place_word(words[0]):
        return "LOCATION", 0.6
    if len(words) > 1 and unusual and known:
        return "PERSON", 0.85
    if len(words) > 1:
        return "PERSON", 0.5 if unusual or len(known) == len(words) else 0.0
    if unusual:
        return "PERSON", 0.75 if known else 0.5
    return "PERSON", 0.0


def _place(name: str) -> tuple[str, float]:
    words = gazetteer.tokens(name)
    if not words or not name[0].isupper() or (name.isupper() and len(name) < 6) or any(c.isdigit() for c in name):
        return "LOCATION", 0.0
    if all(gazetteer.is_ordinary(w) for w in words):
        return "LOCATION", 0.0
    return "LOCATION", 0.55


def _organisation(name: str) -> tuple[str, float]:
    words = gazetteer.tokens(name)
    if not words or not name[0].isupper() or all(gazetteer.is_ordinary(w) for w in words):
        return "ORGANISATION", 0.0
    if _ORGANISATION.search(name):
        return "ORGANISATION", 0.65
    if gazetteer.is_first_name(words[0]) and len(words) > 1 and not name.isupper():
        return _person(name)
    if len(words) == 1 and gazetteer.is_place_word(words[0]):
        return "LOCATION", 0.6
    if len(words) == 1 and gazetteer.is_surname(words[0]):
        return "PERSON", 0.5
    return SUPPLIER_NAME, 0.0 if name.isupper() and len(name) < 4 else 0.5


def _product(name: str) -> tuple[str, float]:
    words = gazetteer.tokens(name)
    ordinary = all(gazetteer.is_ordinary(w) for w in words)
    return SUPPLIER_NAME, 0.5 if name[:1].isupper() and not ordinary else 0.0


_JUDGES = {"PERSON": _person, "GPE": _place, "LOC": _place, "FAC": _place, "ORG": _organisation, "PRODUCT": _product}
