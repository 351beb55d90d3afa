"""A name found once is masked throughout its document, and so are its parts where they are safe alone."""

from collections.abc import Sequence

from pipeline.redaction import gazetteer
from pipeline.redaction.findings import SOURCES, Finding
from pipeline.redaction.gazetteer import Gram, GramIndex, begins_sentence, located_tokens, tokens

_SURE = 0.75
_WHOLE_ONLY = frozenset({"ORGANISATION", "LOCATION", "UNIT", "HANDLE", "OFFICER_NUMBER", "REFERENCE_NUMBER", "VEHICLE"})


def propagate(texts: Sequence[str], found: Sequence[Sequence[Finding]]) -> list[list[Finding]]:
    """Further findings per text: names of people (sure ones) and their parts, other names as they stand."""
    sources: dict[Gram, Finding] = {}
    of_roster: set[Gram] = set()
    everything = [(text, finding) for text, findings in zip(texts, found, strict=True) for finding in findings]
    for text, finding in sorted(everything, key=lambda pair: -SOURCES[pair[1].source]):  # rules know better than models
        for gram in _grams(text[finding.start : finding.end], finding):
            sources.setdefault(gram, finding)
            of_roster |= {gram} if finding.is_protected else set()
    index = GramIndex(sources)
    results: list[list[Finding]] = []
    for text, findings in zip(texts, found, strict=True):
        covered = [(f.start, f.end, f.label) for f in findings]
        hits = index.find(text, located_tokens(text)) if sources else ()
        results.append(
            [
                Finding(
                    start,
                    end,
                    sources[gram].label,
                    min(sources[gram].score, 0.8),
                    "propagation",
                    sources[gram].about,
                    gram in of_roster,
                )
                for start, end, gram in hits
                if not any(s <= start and end <= e and label == sources[gram].label for s, e, label in covered)
                and _is_same_use(text, start, gram, sources[gram])
            ]
        )
    return results


def _grams(name: str, finding: Finding) -> list[Gram]:
    gram = tokens(name.removesuffix("'s"))
    if finding.label == "PERSON" and (finding.score >= _SURE or finding.source == "roster"):
        parts = [(part,) for part in gram if len(part) > 2 and part not in _NEVER_ALONE and part.isalpha()]
        return [gram, *parts] if len(gram) > 1 else [g for g in [gram] if len(name) > 2]
    if finding.label in _WHOLE_ONLY and finding.score >= 0.65 and len(name) > 3:
        return [gram]
    return []


_NEVER_ALONE = frozenset("big wee little young mad auntie uncle old the van der von del and von mac".split())


def _is_same_use(text: str, start: int, gram: Gram, source: Finding) -> bool:
    """The same word can be a name and a word: a capital inside a sentence decides, or that it is no word at all."""
    common = all(gazetteer.is_ordinary(word) or (word,) in gazetteer.grams("keep") for word in gram)
    if text[start].isupper():
        return not common or (len(gram) > 1) or not begins_sentence(text, start)
    return source.label == "PERSON" and not common and len("".join(gram)) > 3
