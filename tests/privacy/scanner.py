"""Finds words anywhere below a folder, however they are wrapped: a plain search misses most of the ways text hides."""

import base64
import contextlib
import gzip
import html
import io
import json
import pickletools
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{24,}={0,2}")
_DEPTH = 4


def find(folder: Path, words: Iterable[str], exclude: Iterable[Path] = ()) -> dict[str, list[str]]:
    """Word → the files below `folder` that hold it, in any case and wrapping. `exclude` are files or folders."""
    wanted = {word.casefold() for word in words}
    left_out = [path.resolve() for path in exclude]
    hits: dict[str, list[str]] = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        if any(path.resolve().is_relative_to(out) for out in left_out):
            continue
        seen = {w for text in texts(path.read_bytes(), path) for w in wanted if w in text}
        name = str(path.relative_to(folder))
        seen |= {w for w in wanted if w in name.casefold()}
        for word in seen:
            hits.setdefault(word, []).append(name)
    return hits


def texts(content: bytes, path: Path | None = None, depth: int = 0) -> Iterator[str]:
    """Every reading of `content` as text, casefolded."""
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "latin-1"):
        text = content.decode(encoding, "ignore")
        yield text.casefold()
        if encoding == "utf-8":
            if "&" in text:
                yield html.unescape(text).casefold()
            if "\\u" in text or "\\x" in text:
                yield text.encode("latin-1", "backslashreplace").decode("unicode_escape", "ignore").casefold()
            if "%" in text:
                from urllib.parse import unquote

                yield unquote(text).casefold()
    if depth >= _DEPTH:
        return
    for inner in _unwrap(content, path):
        yield from texts(inner, None, depth + 1)


def _unwrap(content: bytes, path: Path | None) -> Iterator[bytes]:
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                yield member.encode() + b"\n" + archive.read(member)
    if content[:2] == b"\x1f\x8b":
        yield gzip.decompress(content)
    if content[:1] == b"\x78":
        with contextlib.suppress(zlib.error):
            yield zlib.decompress(content)
    if content[:4] == b"PAR1":
        yield pd.read_parquet(io.BytesIO(content)).to_json(force_ascii=False).encode()
    if content[:15] == b"SQLite format 3" and path is not None:
        yield from _sqlite(path)
    if content[:1] == b"\x80":
        yield _pickled(content)
    if content[:1] in b"{[":
        with contextlib.suppress(ValueError):
            yield json.dumps(json.loads(content), ensure_ascii=False).encode()
    for found in _BASE64.findall(content[:20_000_000]):
        try:
            decoded = base64.b64decode(
                found + b"=" * (-len(found) % 4), altchars=b"-_" if b"_" in found or b"-" in found else None
            )
        except ValueError:
            continue
        if decoded[:1] == b"\x80" or decoded[:2] in (b"\x1f\x8b", b"\x78\x9c", b"PK") or decoded.isascii():
            yield decoded


def _sqlite(path: Path) -> Iterator[bytes]:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        names = [name for (name,) in database.execute("select name from sqlite_master where type = 'table'")]
        for name in names:
            for row in database.execute(f'select * from "{name}"'):
                for cell in row:
                    if isinstance(cell, str):
                        yield cell.encode()
                    elif isinstance(cell, bytes):
                        yield cell


def _pickled(content: bytes) -> bytes:
    """The strings of a pickle, without ever loading it."""
    strings = []
    try:
        for _, argument, _ in pickletools.genops(content):
            if isinstance(argument, str):
                strings.append(argument)
            elif isinstance(argument, bytes):
                strings.append(argument.decode("utf-8", "ignore"))
    except (ValueError, IndexError):
        pass
    return "\n".join(strings).encode()
