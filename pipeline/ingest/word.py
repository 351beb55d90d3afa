"""Word documents as blocks of text in the order a person reads them, or a refusal where some of it would be lost.

Headers, footers and document properties are never read: they are the page's furniture, and the properties name authors.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipeline.ingest.text import clean, is_blank
from pipeline.ingest.unreadable import Unreadable

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_TRACKED = ("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel")
_WRAPPERS = ("sdt", "smartTag", "customXml", "fldSimple", "dir", "bdo")  # python-docx passes over what is in them


@dataclass(frozen=True)
class Block:
    """A heading, paragraph, list item or table cell. Line breaks inside it are newlines."""

    kind: str
    text: str


def read_word(data: bytes) -> list[Block]:
    """The blocks of a .docx that has passed `safety.sniff`, blank ones left out. Raises Unreadable."""
    try:
        return _read(data)
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001 (whatever a damaged file makes the reader raise, it is set aside)
        raise Unreadable("unreadable") from None


def _read(data: bytes) -> list[Block]:
    from docx import Document

    document = Document(io.BytesIO(data))
    body = document.element.body
    _refuse_what_would_be_lost(document, body)
    for element in list(body.iter(*(_W + name for name in _WRAPPERS))):
        _unwrap(element)
    blocks = [Block(block.kind, clean(block.text)) for block in _blocks(document)]
    written = sum(len("".join((element.text or "").split())) for element in body.iter(f"{_W}t", f"{_M}t"))
    read = sum(len("".join(block.text.split())) for block in blocks)
    if read < written:
        raise Unreadable("unread_text")
    return [block for block in blocks if block.kind != "contents" and not is_blank(block.text)]


def _refuse_what_would_be_lost(document: Any, body: Any) -> None:
    if any(True for _ in body.iter(*(_W + name for name in _TRACKED))):
        raise Unreadable("tracked_changes")
    if any(_text_of(box) for box in body.iter(f"{_W}txbxContent")):
        raise Unreadable("text_boxes")
    if any(True for _ in body.iter(f"{_W}altChunk")):
        raise Unreadable("embedded_file")
    if any(_is_on(mark) and _text_of(mark.getparent().getparent()) for mark in body.iter(f"{_W}vanish")):
        raise Unreadable("hidden_text")
    for part in document.part.package.iter_parts():
        name = str(part.partname).rsplit("/", 1)[-1]
        if name.startswith("comments") and name.endswith(".xml") and _text_of(_parsed(part.blob)):
            raise Unreadable("comments")
        if name in ("footnotes.xml", "endnotes.xml") and _text_of(_parsed(part.blob)):
            raise Unreadable("footnotes")


def _parsed(blob: bytes) -> Any:
    from docx.oxml.parser import parse_xml

    return parse_xml(blob)


def _text_of(element: Any) -> str:
    return "".join(part.text or "" for part in element.iter(f"{_W}t")).strip()


def _is_on(mark: Any) -> bool:
    return mark.get(f"{_W}val") not in ("0", "false", "off")


def _unwrap(element: Any) -> None:
    """Puts the contents of a content control, smart tag or simple field where the wrapper stood."""
    parent = element.getparent()
    content = element.find(f"{_W}sdtContent") if element.tag == f"{_W}sdt" else element
    at = parent.index(element)
    children = [] if content is None else [child for child in content if not str(child.tag).endswith("Pr")]
    parent.remove(element)
    for n, child in enumerate(children):
        parent.insert(at + n, child)


def _blocks(container: Any, in_cell: bool = False) -> Iterator[Block]:
    from docx.table import Table

    cell_text: list[str] = []
    for inner in container.iter_inner_content():
        if isinstance(inner, Table):
            if cell_text:
                yield Block("cell", "\n".join(cell_text))
                cell_text = []
            yield from _cells(inner)
        elif in_cell:
            cell_text.append(inner.text)
        else:
            yield Block(_kind(inner), inner.text)
    if cell_text:
        yield Block("cell", "\n".join(cell_text))


def _cells(table: Any) -> Iterator[Block]:
    """Each cell once, row by row, merged ones where they begin."""
    seen: set[Any] = set()
    for row in table.rows:
        for cell in row.cells:
            if cell._tc not in seen:
                seen.add(cell._tc)
                yield from _blocks(cell, in_cell=True)


def _kind(paragraph: Any) -> str:
    style = str(paragraph.style.name if paragraph.style is not None else "").casefold()
    if style.startswith("toc "):
        return "contents"  # Word's own table of contents repeats the headings
    if style.startswith(("heading", "title", "subtitle")):
        return "heading"
    properties = paragraph._p.pPr
    if style.startswith("list") or (properties is not None and properties.numPr is not None):
        return "item"
    return "paragraph"
