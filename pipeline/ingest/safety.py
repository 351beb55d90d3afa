"""What a file really is, and whether it may be opened at all. Types are sniffed: an extension proves nothing."""

import io
import re
import zipfile
from enum import StrEnum
from pathlib import Path, PurePosixPath
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

from pipeline.ingest.unreadable import Unreadable

MAX_FILE = 100_000_000  # bytes
MAX_MEMBERS = 5_000  # files inside a .docx or .xlsx
MAX_UNPACKED = 300_000_000  # bytes
MAX_XML = 150_000_000  # bytes of it that a reader builds a tree from, at some seven times their size in memory
MAX_RATIO = 120  # unpacked to packed; documents measure 5 to 25. Small archives may exceed it
_XML = (".xml", ".rels", ".vml")
_SMALL = 5_000_000  # bytes unpacked
MAX_ELEMENTS = 5_000_000  # XML elements in one part
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NOT_TEXT = (b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"MZ", b"\x7fELF", b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b")
_MARKUP = re.compile(rb"\s*(<!doctype html|<html|<\?xml|(received|return-path|message-id|mime-version):)", re.I)


class FileType(StrEnum):
    WORD = "word"
    EXCEL = "excel"
    PDF = "pdf"
    TEXT = "text"


def read_bytes(path: Path) -> bytes:
    """The file's bytes. Raises Unreadable for one that is empty, too large or cannot be opened."""
    try:
        if path.stat().st_size > MAX_FILE:
            raise Unreadable("too_large")
        data = path.read_bytes()
    except OSError:
        raise Unreadable("unreadable") from None
    if not data.strip(b"\x00\r\n\t \xef\xbb\xbf"):
        raise Unreadable("empty")
    return data


def sniff(data: bytes) -> FileType:
    """What the file is, safe to hand to its reader. Raises Unreadable."""
    if data.startswith(b"PK\x03\x04"):
        return _office_type(data)
    if data.startswith(_OLE):  # an encrypted .docx is one of these, too
        raise Unreadable("encrypted" if "EncryptedPackage".encode("utf-16-le") in data else "old_office_format")
    if b"%PDF-" in data[:1024]:
        return FileType.PDF
    if data.startswith(_NOT_TEXT) or data.startswith(b"PK") or _MARKUP.match(data[:2000]):
        raise Unreadable("unsupported_type")
    return FileType.TEXT


def _office_type(data: bytes) -> FileType:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [member.filename for member in archive.infolist()]
            _check_archive(archive)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
        raise Unreadable("unreadable") from None
    if any(PurePosixPath(name).name.lower() in ("vbaproject.bin", "vbadata.xml") for name in names):
        raise Unreadable("macros")
    if any("/embeddings/" in f"/{name}" for name in names):
        raise Unreadable("embedded_file")
    if "word/document.xml" in names:
        return FileType.WORD
    if "xl/workbook.xml" in names:
        return FileType.EXCEL
    raise Unreadable("unsupported_type")


def _check_archive(archive: zipfile.ZipFile) -> None:
    """Refuses archives that would swamp memory, reach outside themselves or carry a DTD, before any reader sees them.

    Limits come first, from the directory; then every part is unpacked once, which also proves the directory right:
    zipfile stops at the declared size and compares checksums.
    """
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    xml = sum(member.file_size for member in members if member.filename.lower().endswith(_XML))
    packed = sum(member.compress_size for member in members) or 1
    swollen = unpacked > _SMALL and unpacked > MAX_RATIO * packed
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or xml > MAX_XML or swollen:
        raise Unreadable("archive_limits")
    for member in members:
        name = PurePosixPath(member.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts or ":" in member.filename:
            raise Unreadable("archive_limits")
        if member.flag_bits & 0x1:
            raise Unreadable("encrypted")
        with archive.open(member) as part:
            start = part.read(4)
            if start == b"PK\x03\x04" and name.suffix.lower() in (".zip", ".docx", ".xlsx", ".docm", ".xlsm"):
                raise Unreadable("embedded_file")
        if name.name.lower().endswith(_XML):
            with archive.open(member) as part:
                check_xml(part.read())
        else:
            with archive.open(member) as part:
                while part.read(1 << 20):
                    pass


class _Counter(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.elements = 0

    def startElement(self, name: str, attrs: object) -> None:  # noqa: ARG002 (the handler's interface)
        self.elements += 1
        if self.elements > MAX_ELEMENTS:
            raise Unreadable("archive_limits")


def check_xml(part: bytes) -> None:
    """Raises Unreadable for a part with a document type or entity declaration, or that is not well-formed XML."""
    from defusedxml import sax
    from defusedxml.common import DefusedXmlException

    try:
        sax.parseString(part, _Counter(), forbid_dtd=True)
    except DefusedXmlException:
        raise Unreadable("dtd") from None
    except (SAXException, ValueError, LookupError):
        raise Unreadable("unreadable") from None
