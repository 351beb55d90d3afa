"""Small studies on disk, and what was read from them in a form that is easy to assert on. All people are invented."""

import io
import zipfile
from pathlib import Path
from typing import Any

from pipeline.ingest import Ingested, read_sources
from pipeline.study import Study
from pipeline.tables import records

KEY = b"a key of the tests' own"
PROMISE = {"meaning": "non_attributable", "basis": "the invitation"}
WORDINGS = {"You may name me": "attributable", "Do not name me": "non_attributable", "Role only": "role_only"}


def study_in(folder: Path, *sources: dict[str, Any], **settings: Any) -> Study:
    consent = {"wording": WORDINGS}
    content = {"study": "small", "title": "Small", "consent": consent, "sources": list(sources), **settings}
    return Study.parse(content, root=folder.resolve())


def survey(**settings: Any) -> dict[str, Any]:
    asked = {"id": "works", "text": "What works?", "columns": ["What works?"]}
    return {"id": "survey", "kind": "survey", "files": "survey.*", "questions": [asked], **settings}


def transcript(**settings: Any) -> dict[str, Any]:
    return {"id": "talks", "kind": "transcript", "files": "talk*", **settings}


def submission(**settings: Any) -> dict[str, Any]:
    return {"id": "letters", "kind": "submission", "files": "letter*", **settings}


def write(folder: Path, name: str, content: str | bytes) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def read(folder: Path, *sources: dict[str, Any], **settings: Any) -> Ingested:
    return read_sources(study_in(folder, *sources, **settings), KEY)


def said(ingested: Ingested) -> list[tuple[str, str]]:
    """(who, text) of every segment, cut out of its document by its offsets; the interviewer is "interviewer"."""
    texts = dict(zip(ingested.documents["document_id"], ingested.documents["text"], strict=True))
    names = dict(zip(ingested.contributors["contributor_id"], ingested.contributors["name"], strict=True))
    return [
        (names.get(row["contributor_id"], "interviewer"), texts[row["document_id"]][row["start"] : row["end"]])
        for row in records(ingested.segments)
    ]


def texts(ingested: Ingested) -> list[str]:
    return [text for _, text in said(ingested)]


def aside(ingested: Ingested) -> dict[tuple[str, str], int]:
    return {(str(what), str(why)): len(rows) for (what, why), rows in ingested.set_aside.groupby(["what", "reason"])}


def only(ingested: Ingested) -> dict[str, Any]:
    """The one contributor there is."""
    (row,) = records(ingested.contributors)
    return row


def repacked(data: bytes, **changes: bytes) -> bytes:
    """A .docx or .xlsx with parts replaced or added: `word__document_xml` stands for word/document.xml."""
    parts = {name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"): b for name, b in changes.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def docx(*paragraphs: str, styles: tuple[str, ...] = ()) -> bytes:
    from docx import Document

    document = Document()
    for n, text in enumerate(paragraphs):
        document.add_paragraph(text, style=styles[n] if n < len(styles) else None)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pdf(*pages: list[tuple[float, float, str]], password: str = "", size: float = 10) -> bytes:
    """A PDF of the given lines: (points from the left, points from the top, text)."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, encrypt=password or None, invariant=1)
    for page in pages:
        canvas.setFont("Helvetica", size)
        for x, y, text in page:
            canvas.drawString(x, A4[1] - y, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def xlsx(rows: list[list[Any]], hidden_first: list[list[Any]] | None = None) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    if hidden_first is not None:
        sheet.title, sheet.sheet_state = "Old", "hidden"
        for row in hidden_first:
            sheet.append(row)
        sheet = book.create_sheet("Form1")
        book.active = 1
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
