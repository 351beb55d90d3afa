"""The scanner itself: plant a word in each wrapping and see it found, or the tests that rely on it prove nothing."""

import base64
import gzip
import html
import json
import pickle
import sqlite3
import zipfile
import zlib
from pathlib import Path

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


PLANTS = {
    "plain": lambda p: p.write_text(f"hello {WORD}", "utf-8"),
    "upper": lambda p: p.write_text(WORD.upper(), "utf-8"),
    "utf16": lambda p: p.write_text(WORD, "utf-16"),
    "latin1": lambda p: p.write_text(WORD, "latin-1"),
    "entities": lambda p: p.write_text("".join(f"&#{ord(c)};" for c in WORD)),
    "json escapes": lambda p: p.write_text(json.dumps({"a": [WORD]})),
    "gzip": lambda p: p.write_bytes(gzip.compress(WORD.encode())),
    "zlib": lambda p: p.write_bytes(zlib.compress(WORD.encode() * 3)),
    "zip": plant_zip,
    "sqlite": plant_sqlite,
    "pickle": lambda p: p.write_bytes(pickle.dumps([1, {"k": WORD}])),
    "base64 pickle in json": lambda p: p.write_text(
        json.dumps({"result": base64.b64encode(pickle.dumps(WORD)).decode()})
    ),
    "parquet": lambda p: pd.DataFrame({"a": [WORD] * 50}).to_parquet(p),
    "name": lambda p: (p.parent / f"{WORD}.txt").write_text("nothing"),
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
