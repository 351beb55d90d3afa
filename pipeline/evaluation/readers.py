"""Readers of marked text. Which format a file is in shows in its first line that is not blank.

- Passages, JSON lines as `data/sample/gold.jsonl`: passage_id, text, spans [{start, end, label, kind, must}]; optional
  document_id, contributor, traps [{start, end}]. A span may name the core that identifies: core_start, and core_end or
  core_text.
- Annotated documents, JSON lines as the Text Anonymization Benchmark re-packed: id, text, annotators {name: [[start,
  end, type, entity id, DIRECT, QUASI or NO_MASK]]}; optional ignorable [[start, end]].
- Tagged tokens, as CoNLL (see `conll`).

Offsets are half-open and count code points.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.errors import InputError, Problem
from pipeline.evaluation.conll import is_tagged_line, read_conll
from pipeline.evaluation.gold import Gold, GoldPassage, Kind, Mark, Stretch, marks_names_only

FORMATS = "JSON lines with text and spans, JSON lines with text and annotators, or a token and its tag to a line"
_MOST_PROBLEMS = 20


class _Bad(Exception):
    """What is wrong with a line, and its remedy. Never holds text of the line."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what, self.remedy = what, remedy


def read_gold(path: Path) -> Gold:
    """The marked passages of a file, in its order.

    Raises:
        InputError: the file cannot be read, is in no known format or has bad lines; each message names file and line.
    """
    lines = [(n, line) for n, line in enumerate(_text(path).split("\n"), start=1) if line.strip()]
    if not lines:
        raise InputError(Problem(path.name, "is empty", f"give {FORMATS}"))
    number, first = lines[0]
    if is_tagged_line(first):
        return read_conll(path)
    read = _reader(first)
    if read is None:
        raise InputError(Problem(f"{path.name}, line {number}", "is in no format known here", f"give {FORMATS}"))
    passages: list[GoldPassage] = []
    problems: list[Problem] = []
    for number, line in lines:
        try:
            passages.append(read(_object(line), number))
        except _Bad as bad:
            problems.append(Problem(f"{path.name}, line {number}", bad.what, bad.remedy))
    if problems:
        more = [f"{path.name}: {len(problems) - _MOST_PROBLEMS} more lines like these"]
        raise InputError(*problems[:_MOST_PROBLEMS], *(more if len(problems) > _MOST_PROBLEMS else []))
    annotated = read is _document
    return Gold(tuple(passages), annotated, annotated and marks_names_only(passages))


def _text(path: Path) -> str:
    if not path.is_file():
        raise InputError(Problem(path.name, "is not there, or is no file", "check the path"))
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(Problem(path.name, "is not UTF-8 text", "save it as UTF-8")) from None
    except OSError:
        raise InputError(Problem(path.name, "cannot be read", "check its permissions")) from None


def _reader(first: str) -> Callable[[dict[str, Any], int], GoldPassage] | None:
    try:
        row = _object(first)
    except _Bad:
        return None
    return _document if "annotators" in row else _passage if "spans" in row else None


def _object(line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (json.JSONDecodeError, RecursionError):
        row = None
    if not isinstance(row, dict):
        raise _Bad("is not a JSON object", "write one object to a line")
    if not isinstance(row.get("text"), str):
        raise _Bad("has no text", 'add "text", a string')
    return row


# ── passages ────────────────────────────────────────────────────────────────────────────────────────────────────


def _passage(row: dict[str, Any], number: int) -> GoldPassage:
    text = row["text"]
    contributor = row.get("contributor")
    if "passage_id" not in row:
        raise _Bad("has no passage_id", "give every passage an id")
    if not isinstance(contributor, dict | None):
        raise _Bad("has a contributor that is not an object", "see data/sample/gold.jsonl")
    marks = tuple(_mark(text, span) for span in _list(row, "spans"))
    traps = tuple(_stretch(text, trap, "trap") for trap in _list(row, "traps"))
    document = str(row.get("document_id") or f"line {number}")
    group = json.dumps(contributor, sort_keys=True) if contributor else document
    return GoldPassage(str(row["passage_id"]), document, group, text, marks, traps, contributor=contributor or None)


def _list(row: dict[str, Any], name: str) -> list[Any]:
    values = row.get(name, [])
    if not isinstance(values, list):
        raise _Bad(f"has {name} that are not a list", "see data/sample/gold.jsonl")
    return values


def _mark(text: str, span: Any) -> Mark:
    start, end = _stretch(text, span, "span")
    label, must = span.get("label"), span.get("must", True)
    if not isinstance(label, str) or not label:
        raise _Bad("has a span without a label", "see GLOSSARY.md for the labels")
    if not isinstance(must, bool):
        raise _Bad('has a span whose "must" is neither true nor false', "say true where it has to go")
    return Mark(start, end, label, _kind(span.get("kind")), must, _core(text, span, start, end))


def _kind(value: Any) -> Kind:
    if value not in ("direct", "quasi"):
        raise _Bad("has a span whose kind is neither direct nor quasi", "say which it is")
    return value


def _core(text: str, span: dict[str, Any], start: int, end: int) -> Stretch | None:
    if not {"core_start", "core_end", "core_text"} & span.keys():
        return None
    words = span.get("core_text", "")
    if not isinstance(words, str):
        raise _Bad("has a span whose core_text is not a string", "copy it from the text")
    first = span.get("core_start", start)
    last = span.get("core_end", first + len(words) if words and _is_offset(first) else end)
    if not _is_offset(first) or not _is_offset(last) or not start <= first < last <= end:
        raise _Bad("has a span whose core is not inside it", "count its offsets in code points")
    if words and text[first:last] != words:
        raise _Bad("has a span whose core_text is not at its offsets", "count them in code points")
    return first, last


def _stretch(text: str, value: Any, what: str) -> Stretch:
    if not isinstance(value, dict):
        raise _Bad(f"has a {what} that is not an object", "give its start and end")
    return _offsets(text, value.get("start"), value.get("end"), what)


def _offsets(text: str, start: Any, end: Any, what: str) -> Stretch:
    if not _is_offset(start) or not _is_offset(end) or not 0 <= start < end <= len(text):
        raise _Bad(f"has a {what} that does not lie in the text", "count offsets in code points, end exclusive")
    return start, end


def _is_offset(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


# ── annotated documents ─────────────────────────────────────────────────────────────────────────────────────────

_KINDS: dict[str, Kind] = {"DIRECT": "direct", "QUASI": "quasi"}


def _document(row: dict[str, Any], number: int) -> GoldPassage:
    """Mentions that need no masking (NO_MASK) are left out: masking one is a mistake."""
    text, annotators = row["text"], row.get("annotators")
    name = str(row.get("id") or f"line {number}")
    if not isinstance(annotators, dict) or not all(isinstance(mentions, list) for mentions in annotators.values()):
        raise _Bad("has annotators that are not lists by name", "see the reader's description")
    marks = [_mention(text, annotator, m) for annotator, mentions in annotators.items() for m in mentions]
    ignorable = [_pair(text, pair) for pair in _list(row, "ignorable")]
    return GoldPassage(
        name,
        name,
        name,
        text,
        tuple(mark for mark in marks if mark),
        ignorable=tuple(ignorable),
        annotators=tuple(annotators),
    )


def _mention(text: str, annotator: str, mention: Any) -> Mark | None:
    if not isinstance(mention, list) or len(mention) < 5:
        raise _Bad(
            "has a mention without its five parts", "give start, end, type, entity id, DIRECT or QUASI or NO_MASK"
        )
    start, end = _offsets(text, mention[0], mention[1], "mention")
    label, entity, identifier = mention[2:5]
    if not isinstance(label, str) or not isinstance(entity, str):
        raise _Bad("has a mention whose type or entity id is not a string", "see the reader's description")
    if identifier == "NO_MASK":
        return None
    if identifier not in _KINDS:
        raise _Bad("has a mention that is none of DIRECT, QUASI and NO_MASK", "say which it is")
    return Mark(start, end, label, _KINDS[identifier], entity=entity, annotator=annotator)


def _pair(text: str, pair: Any) -> Stretch:
    if not isinstance(pair, list) or len(pair) != 2:
        raise _Bad("has an ignorable stretch that is not a pair", "give its start and end")
    return _offsets(text, pair[0], pair[1], "ignorable stretch")
