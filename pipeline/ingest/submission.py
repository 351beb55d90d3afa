"""Written submissions: a Word document, text PDF or plain text as headings, paragraphs, list items and table cells."""

import re
from dataclasses import dataclass

from pipeline.ingest.pdf import paragraphs, read_pdf
from pipeline.ingest.safety import FileType, sniff
from pipeline.ingest.text import clean, decode, is_blank
from pipeline.ingest.unreadable import Unreadable
from pipeline.ingest.word import Block, read_word


@dataclass(frozen=True)
class Submission:
    """An opened submission: its blocks in reading order."""

    blocks: list[Block]


def read_submission(data: bytes, encoding: str | None = None) -> Submission:
    """What a submission says. Raises Unreadable."""
    match sniff(data):
        case FileType.WORD:
            blocks = read_word(data)
        case FileType.PDF:
            blocks = [Block(paragraph.kind, paragraph.text) for paragraph in paragraphs(read_pdf(data))]
        case FileType.TEXT:
            parts = re.split(r"\n[^\S\n]*\n", clean(decode(data, encoding)))
            blocks = [Block("paragraph", part.strip("\n")) for part in parts if not is_blank(part)]
        case _:
            raise Unreadable("unsupported_type")
    if not blocks:
        raise Unreadable("no_text")
    return Submission(blocks)
