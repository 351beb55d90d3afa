"""Words as outputs show them: what is removed because no file can safely hold it, placeholders, counts in prose."""

import re
from collections.abc import Iterator

from pipeline.placeholders import PLACEHOLDER

DRAFT_NOTICE = "Draft – not cleared for publication"
SOURCE_OF = {"machine": "by the machine", "person": "by a person", "definition": "by a definition"}
SOURCE_WORDS = {"survey": "Survey", "transcript": "Interview", "submission": "Written submission"}

# Controls other than tab and newline break spreadsheets and XML. Bidirectional overrides and isolates (the ten of
# Unicode's "Trojan Source" report) could show one attribution line as another. Lone surrogates have no UTF-8 form.
_UNSAFE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_MARKDOWN = re.compile(r"([\\`*_\[\]|#~$])")
_NEWLINE = re.compile(r"\r\n?|[\u2028\u2029]")


def printable(text: str) -> str:
    """`text` with line ends as \\n and without the characters named above; everything else as it stood."""
    return _SURROGATE.sub("\ufffd", _UNSAFE.sub("", _NEWLINE.sub("\n", text)))


def markdown(text: str) -> str:
    """`text` on one line, with nothing in it that Markdown or HTML would act on."""
    line = " ".join(printable(text).split())
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKDOWN.sub(r"\\\1", line).replace("://", "&#58;//")


def pieces(text: str) -> Iterator[tuple[bool, str]]:
    """The parts of `text` in order, each with whether it is a placeholder such as [person]. Joined they are `text`."""
    end = 0
    for found in PLACEHOLDER.finditer(text):
        if found.start() > end:
            yield False, text[end : found.start()]
        yield True, found.group()
        end = found.end()
    if end < len(text):
        yield False, text[end:]


def counted(n: int, one: str, many: str) -> str:
    """1 person, 2 people, 1,034 passages."""
    return f"{n:,} {one if n == 1 else many}"


def draft_notice(status: str) -> str:
    """The notice with the bank's own status in front."""
    return DRAFT_NOTICE.replace("Draft", status)
