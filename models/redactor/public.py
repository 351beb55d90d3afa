"""Public annotated text as further lessons, where it lies on this machine: names and places in other people's English.

Only what agrees with our labels is a lesson; where another project marks what we keep, or the other way round, nothing
is learnt either way.

| set | licence | person | place | date, number | organisation and the rest |
|---|---|---|---|---|---|
| Text Anonymization Benchmark, 40 training cases | MIT | PERSON | LOCATION | DATE, REFERENCE_NUMBER | no lesson |
| Broad Twitter Corpus, sections B and H | CC BY 4.0 | PERSON, HANDLE | LOCATION | | no lesson |
| WNUT 2017, training part | CC BY 4.0 | PERSON | LOCATION | | no lesson |
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from corpus import Passage, Span

TAB_CASES = 40  # the others stay unseen, to measure on
SENTENCES = 1200  # of each CoNLL file at most
WINDOW = 700  # characters of a court case that are one example
_TAB = {"PERSON": "PERSON", "LOC": "LOCATION", "CODE": "REFERENCE_NUMBER", "DATETIME": "DATE"}
_CONLL = {"PER": "PERSON", "person": "PERSON", "LOC": "LOCATION", "location": "LOCATION"}
_KEPT = {"product", "creative-work"}  # plain text to us
_NO_SPACE_BEFORE = re.compile(r"[,.!?;:)\]'’%]")
_NO_SPACE_AFTER = ("@", "#", "(", "[", "$", "£")
_MONTH = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.IGNORECASE)


def read_public(folder: Path) -> list[Passage]:
    """All lessons in `folder`; none where it is absent."""
    found: list[Passage] = []
    if (path := folder / "tab100.jsonl").is_file():
        for case in court_cases(path)[:TAB_CASES]:
            found += _windows(case)
    for name in ("btc_b.conll", "btc_h.conll", "wnut17train.conll"):
        if (path := folder / name).is_file():
            sentences = [_sentence(name, block) for block in re.split(r"\n\s*\n", path.read_text("utf-8"))]
            with_names = [one for one in sentences if one.spans]
            without = [one for one in sentences if not one.spans and one.text]
            found += (with_names + without)[:SENTENCES]
    return found


def court_cases(path: Path) -> list[dict]:
    """The cases of the benchmark's file by their ids; the first TAB_CASES are trained on."""
    cases = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return sorted(cases, key=lambda case: case["id"])


def _sentence(name: str, block: str) -> Passage:
    text, spans = "", []
    previous = ""
    for line in block.strip().splitlines():
        token, _, tag = line.rpartition("\t")
        if text and not _NO_SPACE_BEFORE.match(token) and previous not in _NO_SPACE_AFTER:
            text += " "
        start = len(text)
        text += token
        kind = tag.partition("-")[2]
        if tag != "O" and kind not in _KEPT:
            is_handle = token == "@" or previous == "@"
            label = "HANDLE" if is_handle else _CONLL.get(kind, "ORGANISATION")
            spans.append(Span(start, len(text), label, kind not in _CONLL))
            if tag.startswith("I") or (previous == "@" and is_handle):
                spans[-2:] = [_joined(spans[-2:])]
        previous = token
    return Passage(name, text, tuple(spans))


def _joined(spans: list[Span]) -> Span:
    return Span(spans[0].start, spans[-1].end, spans[0].label, spans[0].optional)


def _windows(case: dict) -> Iterator[Passage]:
    """A case cut at line ends or sentences into examples, with the marks of its first annotator."""
    marks = sorted(next(iter(case["annotators"].values())))
    text, start = case["text"], 0
    while start < len(text):
        end = min(len(text), start + WINDOW)
        cut = max(text.rfind("\n", start + WINDOW // 2, end), text.rfind(". ", start + WINDOW // 2, end) + 1)
        end = end if end == len(text) or cut <= start else cut
        inside = [mark for mark in marks if start <= mark[0] and mark[1] <= end]
        spans = [Span(m[0] - start, m[1] - start, *_meaning(text[m[0] : m[1]], m[2], m[4])) for m in inside]
        yield Passage("tab", text[start:end], tuple(spans))
        start = end


def _meaning(words: str, kind: str, identifies: str) -> tuple[str, bool]:
    """Our label for a mark, and whether it is no lesson."""
    label = _TAB.get(kind, "ORGANISATION")
    agrees = kind in _TAB and identifies != "NO_MASK" and (label != "DATE" or bool(_MONTH.search(words)))
    return label, not agrees
