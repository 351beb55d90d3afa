"""The scanner itself: plant a word in each wrapping and see it found, or the tests that rely on it prove nothing."""

import base64
import binascii
import bz2
import gzip
import html
import io
import json
import lzma
import pickle
import quopri
import sqlite3
import unicodedata
import urllib.parse
import zipfile
import zlib
from pathlib import Path

import docx
import numpy as np
import openpyxl
import pandas as pd
import pytest

from tests.privacy.scanner import find

WORD = "Qwyzzel-Ötzi"


def plant_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("deep/inside.xml", f"<a>{html.escape(WORD)}</a>")


def plant_sqlite(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("create table run (state text, data blob)")
        database.execute("insert into run values (?, ?)", ("x", base64.b64encode(pickle.dumps({"text": WORD}))))


def plant_sqlite_in_zip(path: Path) -> None:
    """A compressed cell of a database that has no file of its own."""
    database = sqlite3.connect(":memory:")
    database.execute("create table run (data blob)")
    database.execute("insert into run values (?)", (gzip.compress(WORD.encode()),))
    database.commit()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("run.db", database.serialize())


def plant_xlsx(path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = WORD
    book.save(path)


def plant_docx(path: Path) -> None:
    """Word cuts words into runs wherever somebody stopped typing."""
    document = docx.Document()
    paragraph = document.add_paragraph()
    paragraph.add_run(WORD[:4])
    paragraph.add_run(WORD[4:])
    document.save(str(path))


def plant_zip_in_zip(path: Path) -> None:
    inner = io.BytesIO()
    plant_xlsx(inner)  # pyright: ignore[reportArgumentType] (openpyxl writes into either)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.xlsx", inner.getvalue())


def plant_array(path: Path) -> None:
    with path.open("wb") as file:
        np.savez_compressed(file, words=np.array([WORD]))


SAID = f"“{WORD}” they said".encode()
PLANTS = {
    "plain": lambda p: p.write_text(f"hello {WORD}", "utf-8"),
    "upper": lambda p: p.write_text(WORD.upper(), "utf-8"),
    "composed differently": lambda p: p.write_text(unicodedata.normalize("NFD", WORD), "utf-8"),
    "utf16": lambda p: p.write_text(WORD, "utf-16"),
    "utf16 at an odd place": lambda p: p.write_bytes(b"x" + WORD.encode("utf-16-le")),
    "utf16 the other way round": lambda p: p.write_bytes(b"x" + WORD.encode("utf-16-be")),
    "utf32": lambda p: p.write_text(WORD, "utf-32"),
    "latin1": lambda p: p.write_text(WORD, "latin-1"),
    "entities": lambda p: p.write_text("".join(f"&#{ord(c)};" for c in WORD)),
    "entities twice": lambda p: p.write_text(html.escape("".join(f"&#{ord(c)};" for c in WORD))),
    "markup": lambda p: p.write_text(f"<b>{WORD[:3]}</b>{WORD[3:]}", "utf-8"),
    "json escapes": lambda p: p.write_text(json.dumps({"a": [WORD]})),
    "json escapes twice": lambda p: p.write_text(json.dumps({"a": json.dumps([WORD])})),
    "url": lambda p: p.write_text(urllib.parse.quote(WORD)),
    "quoted printable": lambda p: p.write_bytes(quopri.encodestring(WORD.encode())),
    "gzip": lambda p: p.write_bytes(gzip.compress(WORD.encode())),
    "zlib": lambda p: p.write_bytes(zlib.compress(WORD.encode() * 3)),
    "bz2": lambda p: p.write_bytes(bz2.compress(WORD.encode())),
    "xz": lambda p: p.write_bytes(lzma.compress(WORD.encode())),
    "zip": plant_zip,
    "zip in zip": plant_zip_in_zip,
    "xlsx": plant_xlsx,
    "docx": plant_docx,
    "array": plant_array,
    "sqlite": plant_sqlite,
    "sqlite in zip": plant_sqlite_in_zip,
    "pickle": lambda p: p.write_bytes(pickle.dumps([1, {"k": WORD}])),
    "gzip in pickle": lambda p: p.write_bytes(pickle.dumps(gzip.compress(WORD.encode()))),
    "base64": lambda p: p.write_bytes(base64.b64encode(SAID)),
    "base64 of the word alone": lambda p: p.write_bytes(base64.b64encode(WORD.encode())),
    "base64 after letters": lambda p: p.write_bytes(b"id/" + base64.b64encode(SAID)),
    "base64 for urls": lambda p: p.write_bytes(base64.urlsafe_b64encode("ÿþ>?".encode() + SAID)),
    "base64 in lines": lambda p: p.write_bytes(base64.encodebytes(b"-" * 45 + SAID * 3)),
    "base64 utf16": lambda p: p.write_bytes(base64.b64encode(WORD.encode("utf-16"))),
    "base64 pickle in json": lambda p: p.write_text(
        json.dumps({"result": base64.b64encode(pickle.dumps(WORD)).decode()})
    ),
    "hexadecimal": lambda p: p.write_bytes(binascii.hexlify(WORD.encode())),
    "parquet": lambda p: pd.DataFrame({"a": [WORD] * 50}).to_parquet(p),
    "column of parquet": lambda p: pd.DataFrame({WORD: [1]}).to_parquet(p, compression="zstd"),
    "name": lambda p: (p.parent / f"{WORD}.txt").write_text("nothing"),
    "name of a folder": lambda p: (p.parent / WORD).mkdir(),
    "link": lambda p: p.symlink_to(f"/nowhere/{WORD}"),
}


@pytest.mark.parametrize("wrapping", PLANTS)
def test_finds(tmp_path: Path, wrapping: str) -> None:
    PLANTS[wrapping](tmp_path / "file")
    assert list(find(tmp_path, [WORD])) == [WORD.casefold()]


def test_finds_nothing_where_there_is_nothing_and_respects_exclusions(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "file").write_text(WORD, "utf-8")
    (tmp_path / "b").write_text("nothing", "utf-8")
    assert find(tmp_path, [WORD], exclude=[tmp_path / "a"]) == {}
    assert find(tmp_path, ["absent"]) == {}


def test_a_name_is_found_across_a_line_end(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("so said Anwen\n    Qwyzzel of Môr Data", "utf-8")
    assert sorted(find(tmp_path, ["Anwen Qwyzzel", "Qwyzzel Of\u00a0Môr"])) == ["anwen qwyzzel", "qwyzzel of\u00a0môr"]


def test_damaged_archives_are_still_read_as_text(tmp_path: Path) -> None:
    whole = gzip.compress(b"x" * 999)
    for name, content in (
        ("cut", whole[:-9]),
        ("more", whole + b"junk"),
        ("magic", b"\x1f\x8b"),
        ("zip", b"PK\x03\x04"),
    ):
        (tmp_path / name).write_bytes(content + WORD.encode())
    assert find(tmp_path, [WORD])[WORD.casefold()] == ["cut", "magic", "more", "zip"]
