"""From overlapping findings to the spans that are masked: whole words, as short as they can be, none overlapping."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import regex

from pipeline.labels import DIRECT
from pipeline.placeholders import PLACEHOLDER
from pipeline.redaction import gazetteer
from pipeline.redaction.findings import CERTAIN, SOURCES, Finding

_LEADING = regex.compile(rf"(?i)(?:the|an?|our|my|{gazetteer.pattern('ranks')}|[TA]/)\b\.?[ /]*+")
_ARTICLE = regex.compile(r"(?i)(?:the|an?|our|my) +")
_WHERE = frozenset({"LOCATION", "FORCE", "ORGANISATION", "UNIT"})
_BETWEEN = regex.compile(r" (?:in|at|for|of|on|with|from)(?: the| all of| our)? ")
# Not of what the article is a part of ("The Gables, Tansy Row", "A 0447"), nor where it may be a role's or a person's.
_WITHOUT_ARTICLE = frozenset({"FORCE", "LOCATION", "ORGANISATION", "UNIT", "DATE", "AGE", "HEALTH", "REDACTED"})
_INITIALS = regex.compile(r"(?:[A-Z]\.? ?)+(?=[A-Z][\w'-])")
_INITIALS_BEFORE = regex.compile(r"(?<![\w.'’&/-])(?:[A-Z](?:\. ?| )){1,3}$")
_THREE_INITIALS = 12  # characters, and what stands before them
_CLOSED = frozenset({"EMAIL", "URL", "HANDLE", "PHONE"})


def resolve(text: str, findings: Iterable[Finding]) -> list[Finding]:
    """Non-overlapping findings in order. Where two overlap, the extents are joined and the longer one names it."""
    # Not a year: somebody's number in square brackets would be safe from us.
    barriers = [match.span() for match in PLACEHOLDER.finditer(text) if match["noun"]]
    tidy = [
        finding
        for raw in findings
        if (finding := _tidy(text, raw)) and not any(s < finding.end and finding.start < e for s, e in barriers)
    ]
    merged: list[Finding] = []
    for finding in sorted(tidy, key=lambda f: (f.start, -f.end, -SOURCES[f.source], -f.score, f.label, f.about)):
        if merged and (merged[-1].overlaps(finding) or _continues(text, merged[-1], finding)):
            merged[-1] = _join(merged[-1], finding)
        elif merged and _says_where(text, merged[-1], finding):
            merged[-1] = replace(merged[-1], end=finding.end, score=min(merged[-1].score, finding.score))
        else:
            merged.append(finding)
    return merged


def _join(first: Finding, second: Finding) -> Finding:
    has_form = {first.source, second.source} == {"rules", "model"}
    winner = max(
        first,
        second,
        key=lambda f: (has_form and _is_certain(f), f.end - f.start, SOURCES[f.source], f.score, f.label),
    )
    score = max(first.score, second.score)
    about = winner.about or (first.about or second.about if first.label == second.label else "")
    source = max(first, second, key=lambda f: SOURCES[f.source]).source
    return Finding(first.start, max(first.end, second.end), winner.label, score, source, about)


def _is_certain(finding: Finding) -> bool:
    """A number whose check digit is right is what the rule says, whatever the classifier takes it for."""
    return finding.source == "rules" and finding.label in DIRECT and finding.score >= CERTAIN


def _continues(text: str, first: Finding, second: Finding) -> bool:
    """First name and surname found apart are one name."""
    return first.label == second.label == "PERSON" and text[first.end : second.start] in {" ", "-", ". "}


def _says_where(text: str, role: Finding, finding: Finding) -> bool:
    """ "only drone sergeant" "in" "Kent": the place is part of what makes the role unique."""
    gap = text[role.end : finding.start]
    return role.label == "ROLE" and finding.label in _WHERE and _BETWEEN.fullmatch(gap) is not None


def _tidy(text: str, finding: Finding) -> Finding | None:
    start, end = finding.start, finding.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while 0 < start < end and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while start < end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    if finding.label == "PERSON" and finding.source != "mask":
        while (match := _LEADING.match(text, start, end)) and match.end() < end:
            start = match.end()
        start = _with_initials(text, start, end)
    elif finding.label in _WITHOUT_ARTICLE and (match := _ARTICLE.match(text, start, end)):
        start = match.end() if match.end() < end else start
    if finding.label not in _CLOSED:
        if finding.label not in {"HEALTH", "FAMILY", "ROLE"} and text[max(start, end - 2) : end] in {"'s", "'S"}:
            end -= 2
        while end > start and text[end - 1] in " ,.;:!?'\"-" and not _is_abbreviation(text, start, end):
            end -= 1
        while start < end and text[start] in " ,;:!?'\"-":
            start += 1
    return finding.moved(start, end) if end > start else None


def _with_initials(text: str, start: int, end: int) -> int:
    """Where the initials before a name begin: several, or one with a stop. "I" alone says it, and a "U.K." is none."""
    before = _INITIALS_BEFORE.search(text, max(0, start - _THREE_INITIALS), start)
    if before is None:
        return start
    written = before.group()
    own = _INITIALS.match(text, start, end)
    letters = [*filter(str.isalpha, written + (own.group() if own else ""))]
    together = written.rstrip()
    if " " not in together and len(together) > 2 and "".join(letters).casefold() in gazetteer.ABBREVIATIONS:
        return start
    return before.start() if len(letters) > 1 or "." in written else start


def _is_abbreviation(text: str, start: int, end: int) -> bool:
    """ "J.P." keeps its last stop."""
    return text[end - 1] == "." and end - start > 2 and text[end - 3] == "."


def drop_kept(text: str, findings: Sequence[Finding], keep: frozenset[tuple[str, ...]]) -> list[Finding]:
    """Without what the study says to keep. The roster and the study's own mask list win over it."""
    return [f for f in findings if f.is_protected or gazetteer.tokens(text[f.start : f.end]) not in keep]
