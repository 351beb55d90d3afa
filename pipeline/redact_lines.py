"""Redaction of loose passages: a file of JSON lines in, the same lines with redactions out, no study needed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import InputError, Problem
from pipeline.store import write_atomic
from pipeline.study import Redaction

if TYPE_CHECKING:
    from pipeline.redaction import Person


def redact_lines(source: Path, target: Path, progress: Callable[[int, int], None]) -> dict[str, int]:
    """Redacts every row of `source` as non-attributable and writes `target` atomically.

    Rows: passage_id, text; optional document_id (rows that share it are one document), contributor {name, email,
    force_or_organisation, role, stakeholder_group}, source_type, question. Each gains redacted_text, spans [{start,
    end, label, kind, score, source}] into `text`, held and reasons. A held row carries no redacted text. Everybody
    named as a contributor in the file is on the roster.

    Returns:
        Counts: passages, spans, held.

    Raises:
        InputError: a line is not such a row; the message gives its number.
    """
    rows = redact_rows(_read(source), progress)
    write_atomic(target, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode())
    counts = {"spans": sum(len(row["spans"]) for row in rows), "held": sum(row["held"] for row in rows)}
    return {"passages": len(rows), **counts}


def redact_rows(
    rows: list[dict[str, Any]], progress: Callable[[int, int], None], settings: Redaction | None = None
) -> list[dict[str, Any]]:
    """The same rows, each with what `redact_lines` says of it; by default settings where none are given.

    `progress` gets the number of documents done and of all; first 0, as soon as models are loaded.
    """
    from pipeline.redaction import Document, Redactor, Segment

    people = {_person_key(row): row for row in rows if row.get("contributor")}
    ids = {key: f"contributor-{n}" for n, key in enumerate(sorted(people))}
    roster = [_person(ids[key], row["contributor"]) for key, row in sorted(people.items())]
    documents: dict[str, list[int]] = {}
    for n, row in enumerate(rows):
        documents.setdefault(str(row.get("document_id") or f"passage {n}"), []).append(n)
    wanted = [
        Document(name, tuple(Segment(str(n), rows[n]["text"], ids.get(_person_key(rows[n]), "")) for n in members))
        for name, members in documents.items()
    ]
    redactor = Redactor(settings or Redaction(), roster)
    redactor.redact([])  # loads the models
    progress(0, len(wanted))
    redacted = redactor.redact(wanted, lambda n: progress(n, len(wanted)))
    for document in redacted:
        for segment in document.segments:
            spans = [{k: v for k, v in vars(span).items() if k != "placeholder"} for span in segment.spans]
            held = bool(document.held)
            reasons = list(document.held) if held else [r for r in segment.review.split(",") if r]
            text = None if held else segment.text
            rows[int(segment.segment_id)].update(redacted_text=text, spans=spans, held=held, reasons=reasons)
    return rows


def _read(source: Path) -> list[dict[str, Any]]:
    if not source.is_file():
        raise InputError(Problem(source.name, "is not there", "check the path after --in"))
    rows: list[dict[str, Any]] = []
    problems: list[Problem] = []
    try:
        lines = source.read_text("utf-8-sig").split("\n")
    except UnicodeDecodeError:
        raise InputError(Problem(source.name, "is not UTF-8 text", "save it as UTF-8")) from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            row = None
        if not isinstance(row, dict) or not isinstance(row.get("text"), str) or "passage_id" not in row:
            problems.append(Problem(f"{source.name}, line {number}", "is not a JSON object with passage_id and text"))
        elif not isinstance(row.get("contributor") or {}, dict):
            problems.append(Problem(f"{source.name}, line {number}", "has a contributor that is not an object"))
        else:
            rows.append(row)
    if problems:
        raise InputError(*problems)
    return rows


def _person_key(row: dict[str, Any]) -> str:
    contributor: dict[str, Any] = row.get("contributor") or {}
    return json.dumps(contributor, sort_keys=True, ensure_ascii=False) if contributor else ""


def _person(contributor_id: str, fields: dict[str, Any]) -> "Person":
    from pipeline.redaction import Person

    known = {field: str(fields.get(field) or "") for field in ("name", "email", "role", "stakeholder_group")}
    return Person(
        contributor_id,
        name=known["name"],
        email=known["email"],
        organisation=str(fields.get("force_or_organisation") or ""),
        role=known["role"],
        stakeholder_group=known["stakeholder_group"],
    )
