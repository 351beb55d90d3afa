"""The ingest stage: a study's files in, checked tables out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.errors import InputError
from pipeline.ids import opaque_id
from pipeline.ingest.gather import Gathered, Item, gather, row_id
from pipeline.ingest.merge import one_row_a_person
from pipeline.ingest.opening import Opening, Progress, open_study
from pipeline.ingest.survey import Survey
from pipeline.ingest.text import squeezed
from pipeline.study import Study
from pipeline.tables import (
    CONTRIBUTORS,
    DOCUMENTS,
    FILES,
    QUESTIONS,
    ROWS,
    SEGMENTS,
    SET_ASIDE,
    TableSpec,
    conform,
    set_aside_rows,
)

_STAGE = "ingest"
_BETWEEN = "\n\n"  # segments in a document's text


@dataclass(frozen=True)
class Ingested:
    """What ingest makes of a study: one checked table each."""

    files: pd.DataFrame
    rows: pd.DataFrame
    contributors: pd.DataFrame
    documents: pd.DataFrame
    segments: pd.DataFrame
    questions: pd.DataFrame
    set_aside: pd.DataFrame


def read_sources(study: Study, key: bytes, progress: Progress | None = None) -> Ingested:
    """Reads every file of a study. A file that cannot be read is set aside with its reason, and the run goes on.

    Args:
        key: the study's own random key, which makes ids opaque.
        progress: called with files done, and of how many.

    Raises:
        InputError: study.yaml does not fit the files, with everything that is wrong: a pattern that matches nothing,
            a column that is not there or is there twice, a worksheet that is not there.
    """
    opening = open_study(study, progress)
    if opening.problems:
        raise InputError(*opening.problems)
    gathered = gather(study, opening)
    documents, segments, segments_aside = _documents(gathered.items, key)
    aside = [(opened.file.file_id, opened.problem) for opened in opening.files if opened.problem]
    people, spoken = one_row_a_person(
        _table(_contributors(gathered, key), CONTRIBUTORS), _table(segments, SEGMENTS), key
    )
    return Ingested(
        files=_table(_files(opening), FILES),
        rows=_table(_rows(opening, {item.row_id for item in gathered.items if item.pieces}), ROWS),
        contributors=conform(people, CONTRIBUTORS),
        documents=_table(documents, DOCUMENTS),
        segments=conform(spoken, SEGMENTS),
        questions=_table(_questions(study, opening), QUESTIONS),
        set_aside=_set_aside({"file": aside, "row": gathered.rows_aside, "segment": segments_aside}),
    )


def _table(rows: Sequence[dict[str, Any]], spec: TableSpec) -> pd.DataFrame:
    return conform(pd.DataFrame(rows, columns=spec.names) if rows else spec.empty(), spec)


def _files(opening: Opening) -> list[dict[str, Any]]:
    return [
        {
            "file_id": opened.file.file_id,
            "source_id": opened.file.source.id,
            "path": opened.file.path,
            "sha256": opened.sha256,
            "problem": opened.problem,
        }
        for opened in opening.files
    ]


def _rows(opening: Opening, used: set[str]) -> list[dict[str, Any]]:
    """Every row of every survey as it was opened, for what was made of them to be held against."""
    return [
        {
            "row_id": (one := row_id(opened.file, number)),
            "file_id": opened.file.file_id,
            "is_used": one in used,
        }
        for opened in opening.files
        if isinstance(opened.content, Survey)
        for number in (*opened.content.table.row_numbers, *opened.content.table.misaligned)
    ]


def _contributors(gathered: Gathered, key: bytes) -> list[dict[str, Any]]:
    return [
        {
            "contributor_id": person.contributor_id(key),
            "source_id": person.source_id,
            "name": person.name,
            "email": person.email,
            "organisation": person.organisation,
            "role": person.role,
            "stakeholder_group": person.group,
            "other_identifiers": "\n".join(person.identifiers),
            "consent_wording": "\n".join(person.wordings),
            "wave": person.wave,
        }
        for person in gathered.people.values()
    ]


def _documents(
    items: Sequence[Item], key: bytes
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[tuple[str, str]]]:
    """Rows of documents and segments, and (segment id, reason) of what was left out of them."""
    documents: list[dict[str, Any]] = []
    segments: list[dict[str, Any]] = []
    aside: list[tuple[str, str]] = []
    for item in items:
        document_id = opaque_id(key, "document", item.source.id, *item.key)
        aside += [(opaque_id(key, "segment", document_id, *piece_key), reason) for piece_key, reason in item.aside]
        start = 0
        for position, piece in enumerate(item.pieces):
            segments.append(
                {
                    "segment_id": opaque_id(key, "segment", document_id, *piece.key),
                    "document_id": document_id,
                    "position": position,
                    "start": start,
                    "end": start + len(piece.text),
                    "kind": piece.kind,
                    "speaker": "contributor" if piece.person else "interviewer",
                    "contributor_id": piece.person.contributor_id(key) if piece.person else "",
                    "question_id": piece.question_id,
                }
            )
            start += len(piece.text) + len(_BETWEEN)
        if item.pieces:
            text = _BETWEEN.join(piece.text for piece in item.pieces)
            documents.append(
                {
                    "document_id": document_id,
                    "source_id": item.source.id,
                    "source_kind": item.source.kind,
                    "text": text,
                }
            )
    return documents, segments, aside


def _questions(study: Study, opening: Opening) -> list[dict[str, Any]]:
    """Each question's wording: study.yaml's, else its header in the first file, without markup."""
    headers: dict[str, str] = {}
    for opened in opening.files:
        if isinstance(opened.content, Survey):
            for question_id, columns in opened.content.layout.questions.items():
                header = squeezed(re.sub(r"<[^<>]+>", " ", opened.content.table.headers[columns[0]]))
                headers.setdefault(question_id, header or f"Question {question_id}")
    given = {q.id: q.text for source in study.sources for q in source.questions if q.text}
    return [
        {"question_id": question_id, "text": given.get(question_id, headers.get(question_id, named))}
        for question_id, named in study.questions().items()
    ]


def _set_aside(found: dict[str, list[tuple[str, str]]]) -> pd.DataFrame:
    parts = [
        set_aside_rows(_STAGE, what, [one for one, why in rows if why == reason], reason)
        for what, rows in found.items()
        for reason in sorted({why for _, why in rows})
    ]
    return conform(pd.concat(parts) if parts else SET_ASIDE.empty(), SET_ASIDE)
