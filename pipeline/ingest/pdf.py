"""Text PDFs as lines and paragraphs, without page numbers, running headers and margin numbers."""

import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from pipeline.ingest.text import clean, is_blank
from pipeline.ingest.unreadable import Unreadable

MAX_PAGES = 500
_MIN_CHARACTERS = 20  # of text a page, on average; less is a scan with a stray stamp
_NAMELESS = re.compile("[\ufffd\ue000-\uf8ff]")  # characters that the PDF's font does not name
_GUTTER = 10.0  # points between two columns, at least
_Words = list[dict[str, Any]]
_PAGE_NUMBER = re.compile(r"(page\s+)?[-–—\s]*(\d{1,4}|[ivxl]{1,6})(\s*(/|of)\s*\d{1,4})?[-–—\s]*", re.IGNORECASE)
_BULLET = re.compile(r"([•●▪◦‣■□–—*·\uf0b7]|\(?[0-9]{1,2}[.)]|\(?[a-z][.)]|[-])\s+\S")
_HYPHENATED = re.compile(r"[^\W\d_]{2,}-$")
_PREFIXES = tuple("non self multi cross well long short high low real third user cost".split())


@dataclass(frozen=True)
class Line:
    """One line of print. Positions are points from the page's upper left corner."""

    text: str
    page: int
    left: float
    right: float
    top: float
    bottom: float
    size: float  # of its type, median
    bold: bool


@dataclass(frozen=True)
class Paragraph:
    kind: str  # heading, paragraph or item
    text: str


def read_pdf(data: bytes) -> list[Line]:
    """The lines of a PDF's body, in reading order. Raises Unreadable."""
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            _refuse_attachments(document)
            heights = [float(page.height) for page in document.pages]
            pages = [_read_page(page, number) for number, page in enumerate(document.pages)]
    except Unreadable:
        raise
    except PdfminerException as error:
        locked = any(isinstance(cause, PDFPasswordIncorrect) for cause in error.args)
        raise Unreadable("encrypted" if locked else "unreadable") from None
    except Exception:  # noqa: BLE001 (whatever a damaged file makes the reader raise, it is set aside)
        raise Unreadable("unreadable") from None
    text = "".join(line.text for page in pages for line in page)
    if len(text) < _MIN_CHARACTERS * len(pages):
        raise Unreadable("no_text")
    if "(cid:" in text or len(_NAMELESS.findall(text)) > 0.02 * len(text):
        raise Unreadable("encoding")
    return _without_furniture(pages, heights)


def _refuse_attachments(document: Any) -> None:
    from pdfminer.pdftypes import resolve1

    if len(document.pages) > MAX_PAGES:
        raise Unreadable("too_large")
    names = resolve1(document.doc.catalog.get("Names")) or {}
    if "EmbeddedFiles" in names:
        raise Unreadable("embedded_file")


def _read_page(page: Any, number: int) -> list[Line]:
    if len(page.chars) < _MIN_CHARACTERS and _is_picture(page):
        raise Unreadable("no_text")
    for annotation in page.annots:
        kind = str(annotation["data"].get("Subtype")).strip("/'")
        if kind == "Widget" and annotation["data"].get("V"):
            raise Unreadable("form_fields")
        if kind not in ("Link", "Widget", "Popup") and annotation.get("contents"):
            raise Unreadable("comments")
    lines = _page_lines(page, number)
    page.close()  # forgets its characters: a long report would not fit into memory
    return lines


def _is_picture(page: Any) -> bool:
    """True if a page is a scan, or letters drawn as outlines."""
    area = max((abs(i["x1"] - i["x0"]) * abs(i["bottom"] - i["top"]) for i in page.images), default=0)
    return area > 0.3 * float(page.width) * float(page.height) or len(page.curves) > 100


def _page_lines(page: Any, number: int) -> list[Line]:
    """Lines that are on the page: some writers leave numbers far below its edge."""
    words = page.crop(page.bbox).extract_words(
        extra_attrs=["size", "fontname"], keep_blank_chars=False, use_text_flow=False
    )
    words = _without_margin_numbers(words)
    rows: list[_Words] = []
    for word in sorted(words, key=lambda word: (word["bottom"], word["x0"])):
        if rows and abs(rows[-1][0]["bottom"] - word["bottom"]) <= max(2.0, 0.25 * word["size"]):
            rows[-1].append(word)
        else:
            rows.append([word])
    rows = [sorted(row, key=lambda word: word["x0"]) for row in rows]
    return [_line(row, number) for row in _in_columns(rows)]


def _in_columns(rows: list[_Words]) -> list[_Words]:
    """Rows in reading order: of two columns, the left one down to the next full line, then the right one.

    Two columns are believed in if one upright strip is free of words in most rows and has words to both sides.
    """
    if not rows:
        return rows
    left, right = min(row[0]["x0"] for row in rows), max(word["x1"] for row in rows for word in row)

    def free(row: _Words, x: float) -> bool:
        return all(word["x1"] <= x - _GUTTER / 2 or word["x0"] >= x + _GUTTER / 2 for word in row)

    def both_sides(row: _Words, x: float) -> bool:
        return free(row, x) and row[0]["x0"] < x < row[-1]["x0"]

    strips = [left + (right - left) * share / 40 for share in range(14, 27)]
    gutter = max(strips, key=lambda x: sum(both_sides(row, x) for row in rows))
    if sum(both_sides(row, gutter) for row in rows) < max(5, 0.5 * len(rows)):
        return rows
    ordered: list[_Words] = []
    columns: tuple[list[_Words], list[_Words]] = ([], [])
    for row in rows:
        if not free(row, gutter):
            ordered += [*columns[0], *columns[1], row]
            columns = ([], [])
            continue
        for column, is_left in zip(columns, (True, False), strict=True):
            if part := [word for word in row if (word["x0"] < gutter) is is_left]:
                column.append(part)
    return [*ordered, *columns[0], *columns[1]]


def _line(words: Sequence[dict[str, Any]], page: int) -> Line:
    text = re.sub(r"^\(cid:\d+\)(?=\s)", "•", clean(" ".join(str(word["text"]) for word in words)))
    return Line(
        text=text.replace("\xad", "-"),
        page=page,
        left=words[0]["x0"],
        right=max(word["x1"] for word in words),
        top=min(word["top"] for word in words),
        bottom=max(word["bottom"] for word in words),
        size=median(word["size"] for word in words),
        bold=all("bold" in str(word["fontname"]).lower() for word in words),
    )


def _without_margin_numbers(words: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Words without line or paragraph numbers: a column of rising whole numbers left of everything else."""
    body = [word["x0"] for word in words if not str(word["text"]).isdigit()]
    if not body:
        return words
    margin = [word for word in words if str(word["text"]).isdigit() and word["x1"] < min(body)]
    numbers = [int(word["text"]) for word in sorted(margin, key=lambda word: word["top"])]
    rising = all(a < b for a, b in pairwise(numbers))
    if len(numbers) < 3 or not rising:
        return words
    dropped = {id(word) for word in margin}
    return [word for word in words if id(word) not in dropped]


def _without_furniture(pages: list[list[Line]], heights: list[float]) -> list[Line]:
    """All lines in order, less page numbers and what is printed at the same place on most pages."""

    def place(line: Line) -> tuple[str, int]:
        return re.sub(r"\d+", "0", line.text.casefold()), round(line.top / 4)

    def at_edge(line: Line) -> bool:
        return line.top < 0.1 * heights[line.page] or line.bottom > 0.9 * heights[line.page]

    times = Counter(seen for page in pages for seen in {place(line) for line in page if at_edge(line)})
    return [
        line
        for page in pages
        for line in page
        if not is_blank(line.text)
        and not (at_edge(line) and _PAGE_NUMBER.fullmatch(line.text.strip()))
        and not (len(pages) > 1 and at_edge(line) and times[place(line)] > max(1, len(pages) // 2))
    ]


def paragraphs(lines: Sequence[Line]) -> list[Paragraph]:
    """Lines joined into headings, paragraphs and list items, words broken at line ends mended.

    A new one begins where the gap is wider than between the lines before, the type changes, a bullet stands, or the
    line before stopped well short of the right edge after the end of a sentence.
    """
    if not lines:
        return []
    body_size = Counter(round(line.size, 1) for line in lines for _ in line.text.split()).most_common(1)[0][0]
    right_edge = sorted(line.right for line in lines)[int(0.9 * (len(lines) - 1))]
    spacing = [b.top - a.top for a, b in pairwise(lines) if a.page == b.page and b.top > a.top]
    usual = sorted(spacing)[len(spacing) // 4] if spacing else body_size * 1.2
    words = word_counts([line.text for line in lines])

    def heading(line: Line) -> bool:
        return line.size > 1.15 * body_size or (line.bold and line.right < 0.9 * right_edge)

    def begins(before: Line, line: Line) -> bool:
        if heading(before) != heading(line) or _BULLET.match(line.text):
            return True
        ended = before.text.rstrip().endswith((".", "!", "?", ":", "”", '"'))
        short = before.right < right_edge - 0.15 * (right_edge - before.left)
        if before.page != line.page:
            return ended
        gap = line.top - before.top
        return gap > 1.35 * usual * max(1.0, line.size / body_size) or (ended and short)

    groups: list[list[Line]] = [[lines[0]]]
    for before, line in pairwise(lines):
        if begins(before, line):
            groups.append([line])
        else:
            groups[-1].append(line)
    return [
        Paragraph(
            "heading" if heading(group[0]) else "item" if _BULLET.match(group[0].text) else "paragraph",
            joined([line.text for line in group], words),
        )
        for group in groups
    ]


def word_counts(lines: Sequence[str]) -> Counter[str]:
    """How often each word stands in the lines, hyphenated ones whole, lower case."""
    return Counter(word for line in lines for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", line.casefold()))


def joined(lines: Sequence[str], words: Counter[str]) -> str:
    """One line of text. A hyphen at a line's end stays if the document, or English, writes the word with one."""
    text = lines[0].strip()
    for line in lines[1:]:
        following = line.strip()
        head, tail = re.search(r"[^\W\d_]*(?=-$)", text), re.match(r"[^\W\d_]+", following)
        if head and tail and _HYPHENATED.search(text) and following[0].islower():
            first, second = head.group().casefold(), tail.group().casefold()
            keep = words[f"{first}-{second}"] > 0 or (words[first + second] == 0 and first in _PREFIXES)
            text = (text if keep else text[:-1]) + following
        else:
            text = f"{text} {following}"
    return text
