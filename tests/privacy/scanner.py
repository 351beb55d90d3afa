"""Finds words anywhere below a folder, however they are wrapped: a plain search misses most of the ways text hides.

Two things are undone again and again, to a small depth: containers of bytes (archives, compression, databases, base64)
and spellings of text (character sets, escapes, entities, markup, white space, composed characters).
"""

import base64
import bz2
import gzip
import html
import io
import json
import lzma
import pickletools
import quopri
import re
import sqlite3
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pandas as pd

_CONTAINERS, _SPELLINGS = 4, 2  # depths
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{8,}")
_WRAPPED = re.compile(rb"(?<=[A-Za-z0-9+/_-]{60})\r?\n")
_STANDARD = bytes.maketrans(b"-_", b"+/")
_HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){6,}")
# Four or more Latin letters and signs, anywhere in a file: most bytes of a database are no such text.
_WIDE = {
    "utf-16-le": re.compile(rb"(?:[\x00-\xff][\x00-\x02]){4,}"),
    "utf-16-be": re.compile(rb"(?:[\x00-\x02][\x00-\xff]){4,}"),
    "utf-32-le": re.compile(rb"(?:[\x00-\xff][\x00-\x02]\0\0){4,}"),
    "utf-32-be": re.compile(rb"(?:\0\0[\x00-\x02][\x00-\xff]){4,}"),
}
_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[nrt\"\\/])")
_PERCENT = re.compile("(?:%[0-9a-fA-F]{2})+")
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_MARKS = (b"\x1f\x8b", b"\x78", b"BZh", b"\xfd7zXZ", b"PK\x03\x04", b"PAR1", b"SQLite format 3", b"\x80", b"{", b"[")


def find(folder: Path, words: Iterable[str], exclude: Iterable[Path] = ()) -> dict[str, list[str]]:
    """Word → the files below `folder` that hold it, in any case and wrapping. `exclude` are files or folders."""
    wanted = {word.casefold(): fold(word) for word in words}
    left_out = [path.resolve() for path in exclude]
    hits: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("*")):
        if any(path.parent.resolve().joinpath(path.name).is_relative_to(out) for out in left_out):
            continue
        name = str(path.relative_to(folder))
        readings = [fold(name), fold(str(path.readlink())) if path.is_symlink() else ""]
        seen = {word for word, folded in wanted.items() if any(folded in reading for reading in readings)}
        if path.is_file():
            seen |= {w for text in texts(path.read_bytes(), path) for w, folded in wanted.items() if folded in text}
        for word in seen:
            hits.setdefault(word, []).append(name)
    return hits


def fold(text: str) -> str:
    """The text as it is compared: case, composition and runs of white space make no difference."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def texts(content: bytes, path: Path | None = None, depth: int = 0) -> Iterator[str]:
    """Every reading of `content` as text, folded."""
    for encoding in ("utf-8",) if content.isascii() else ("utf-8", "cp1252"):
        yield from map(fold, _spellings(content.decode(encoding, "ignore"), _SPELLINGS))
    for encoding, run in _WIDE.items() if b"\0" in content else ():
        yield fold(" ".join(found.decode(encoding, "ignore") for found in run.findall(content)))
    if depth < _CONTAINERS:
        for inner in _contents(content, path):
            yield from texts(inner, None, depth + 1)


# ── spellings of text ───────────────────────────────────────────────────────────────────────────────────────────


def _spellings(text: str, depth: int) -> Iterator[str]:
    """The text, and what it says once escapes and entities are undone, and markup as well, to that depth."""
    yield text
    plain = _unprintable(_unquoted(html.unescape(_unescaped(text))))
    if plain != text and depth:
        yield from _spellings(plain, depth - 1)
    elif "<" in text:
        yield re.sub(r"<[^<>]*>", "", text)


def _unescaped(text: str) -> str:
    def one(found: re.Match[str]) -> str:
        code = found[0][1:]
        return chr(int(code[1:], 16)) if code[0] in "ux" else {"n": "\n", "r": "\r", "t": "\t"}.get(code, code)

    plain = _ESCAPE.sub(one, text) if "\\" in text else text
    return _SURROGATES.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), plain)


def _unquoted(text: str) -> str:
    def one(found: re.Match[str]) -> str:
        return bytes.fromhex(found[0].replace("%", "")).decode("utf-8", "replace")

    return _PERCENT.sub(one, text.replace("+", " "))


def _unprintable(text: str) -> str:
    """Quoted-printable undone."""
    return quopri.decodestring(text.encode("utf-8", "ignore")).decode("utf-8", "ignore") if "=" in text else text


# ── containers of bytes ─────────────────────────────────────────────────────────────────────────────────────────


def _contents(content: bytes, path: Path | None) -> Iterator[bytes]:
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                yield member.encode()
                yield archive.read(member)
    yield from _decompressed(content)
    if content[:4] == b"PAR1":
        yield pd.read_parquet(io.BytesIO(content)).to_json(force_ascii=False).encode()
    if content[:15] == b"SQLite format 3":
        yield from _sqlite(content, path)
    if content[:1] == b"\x80":
        yield from _pickled(content)
    if content[:1] in (b"{", b"["):
        with suppress(ValueError):
            yield json.dumps(json.loads(content), ensure_ascii=False).encode("utf-8", "surrogatepass")
    yield from _decoded(content)


def _decompressed(content: bytes) -> Iterator[bytes]:
    if content[:2] == b"\x1f\x8b":
        with suppress(OSError, EOFError, zlib.error):
            yield gzip.GzipFile(fileobj=io.BytesIO(content)).read1(2**30)
    if content[:1] == b"\x78":
        with suppress(zlib.error):
            yield zlib.decompressobj().decompress(content)
    if content[:3] == b"BZh":
        with suppress(OSError, ValueError):
            yield bz2.BZ2Decompressor().decompress(content)
    if content[:5] == b"\xfd7zXZ":
        with suppress(lzma.LZMAError):
            yield lzma.LZMADecompressor().decompress(content)


def _decoded(content: bytes) -> Iterator[bytes]:
    """What runs of base64 and hexadecimal digits stand for: containers one by one, all the rest in one piece."""
    decoded = [bytes.fromhex(run.decode()) for run in _HEX.findall(content)]
    for run in _BASE64.findall(_WRAPPED.sub(b"", content)):
        # A run may begin with what only looks like a part of it, and end before its last group of four is full.
        parts = (run[first:].translate(_STANDARD) for first in range(4))
        decoded += [
            base64.b64decode(part[: len(part) - (len(part) % 4 == 1)] + b"=" * (-len(part) % 4)) for part in parts
        ]
    yield from (found for found in decoded if found.startswith(_MARKS))
    if decoded:
        yield b"\n".join(decoded)


def _sqlite(content: bytes, path: Path | None) -> Iterator[bytes]:
    """Cells of all tables; from `path` where there is one, for it may have a journal beside it."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro" if path else ":memory:", uri=True)) as database:
        if path is None:
            database.deserialize(content)
        names = [name for (name,) in database.execute("select name from sqlite_master where type = 'table'")]
        for name in names:
            for row in database.execute(f'select * from "{name}"'):
                yield from (
                    cell.encode() if isinstance(cell, str) else cell for cell in row if isinstance(cell, str | bytes)
                )


def _pickled(content: bytes) -> Iterator[bytes]:
    """The strings of a pickle, without ever loading it."""
    with suppress(ValueError, IndexError):
        for _, argument, _ in pickletools.genops(content):
            if isinstance(argument, str):
                yield argument.encode("utf-8", "surrogatepass")
            elif isinstance(argument, bytes):
                yield argument
