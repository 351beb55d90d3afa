"""Readers of passages that people coded, and of the codebook they coded by.

Passages:

- JSON lines with text and labels (a list), or label;
- CSV with columns text and label or labels, several joined by `|`;
- CSV with a column for each code of the codebook, empty or 0 where it does not apply, and one for the text, by name.

A codebook is a CSV with columns theme_id, label, definition, include, exclude, seeds and examples (the last two joined
by `|`; all but one of theme_id and label may be missing), a `codebook.yaml`, or the first table of a Markdown file:
code, definition and, if there is a third column, what is excluded.
"""

import csv
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import yaml

from pipeline.coding import Code
from pipeline.errors import InputError, Problem
from pipeline.passages import is_non_answer

_NO = frozenset({"", "0", "0.0", "false", "no"})
_REMEDY = "give JSON lines or CSV with text and labels, or CSV with a column for each code and --text NAME"


@dataclass(frozen=True)
class CodedGold:
    """Passages and the ids of all codes that people gave each; none where no code fits. Non-answers are left out."""

    texts: tuple[str, ...]
    labels: tuple[frozenset[str], ...]
    codes: tuple[Code, ...]
    n_left_out: int


def read_coded(path: Path, codebook: Path | None, text_column: str | None = None) -> CodedGold:
    """Coded passages and their codes; without a codebook, the labels are all that is known of the codes.

    Raises:
        InputError: a file cannot be read, is in no known format, or uses a code that the codebook lacks.
    """
    codes = read_codes(codebook) if codebook is not None else ()
    rows = list(_lines(path) if path.suffix.casefold() in (".jsonl", ".json") else _table(path, codes, text_column))
    if not codes:
        names = sorted({label for _, _, labels in rows for label in labels})
        codes = tuple(Code(name, _readable(name)) for name in names)
    by_name = {code.label: code.theme_id for code in codes} | {code.theme_id: code.theme_id for code in codes}
    unknown = [Problem(f"{path.name}, {where}", "has a code that the codebook lacks", "add it to the codebook")
               for where, _, labels in rows if not labels <= set(by_name)]  # fmt: skip
    if unknown:
        raise InputError(*unknown[:20])
    said = [(text, labels) for _, text, labels in rows if not is_non_answer(text)]
    if len(said) < 2 or not codes:
        raise InputError(Problem(path.name, "holds too few coded passages", _REMEDY))
    return CodedGold(
        tuple(text for text, _ in said),
        tuple(frozenset(by_name[label] for label in labels) for _, labels in said),
        codes,
        len(rows) - len(said),
    )


def _text_of(path: Path) -> str:
    if not path.is_file():
        raise InputError(Problem(path.name, "is not there, or is no file", "check the path"))
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(Problem(path.name, "is not UTF-8", "save it as UTF-8")) from None


Row = tuple[str, str, frozenset[str]]  # where, text, labels


def _lines(path: Path) -> list[Row]:
    rows: list[Row] = []
    for number, line in enumerate(_text_of(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value: Any = json.loads(line)
            labels = value["labels"] if "labels" in value else [value["label"]]
            row = (f"line {number}", str(value["text"]), frozenset(str(label) for label in labels if label))
        except (ValueError, KeyError, TypeError):
            raise InputError(Problem(f"{path.name}, line {number}", "is no coded passage", _REMEDY)) from None
        rows.append(row)
    return rows


def _records(path: Path) -> list[dict[str, str]]:
    try:
        return [
            {_name(key or ""): (value or "").strip() for key, value in row.items() if isinstance(value, str | None)}
            for row in csv.DictReader(StringIO(_text_of(path), newline=""))
        ]
    except csv.Error:
        raise InputError(Problem(path.name, "is not a well-formed table", "export it again as CSV")) from None


def _name(header: str) -> str:
    return " ".join(header.split())


def _table(path: Path, codes: Sequence[Code], text_column: str | None) -> list[Row]:
    records = _records(path)
    columns = set(records[0]) if records else set[str]()
    text = _name(text_column or "text")
    by_code = [
        (code, next((name for name in (code.theme_id, code.label) if _name(name) in columns), "")) for code in codes
    ]
    wide = not {"label", "labels"} & columns
    if text not in columns or (wide and not any(name for _, name in by_code)):
        raise InputError(Problem(path.name, "has no such columns of text and codes", _REMEDY))
    rows: list[Row] = []
    for number, record in enumerate(records, start=2):
        if wide:
            labels = {
                code.theme_id for code, name in by_code if name and record.get(_name(name), "").casefold() not in _NO
            }
        else:
            labels = set((record.get("labels") or record.get("label") or "").split("|")) - {""}
        if record.get(text):
            rows.append((f"row {number}", record[text], frozenset(labels)))
    return rows


# ── codebooks ───────────────────────────────────────────────────────────────────────────────────────────────────


def read_codes(path: Path) -> tuple[Code, ...]:
    """The codes of a codebook. Raises InputError."""
    read = {".md": _markdown, ".yaml": _yaml, ".yml": _yaml}.get(path.suffix.casefold(), _records)
    codes = tuple(_code(row) for row in read(path) if row.get("theme_id") or row.get("label"))
    if not codes:
        raise InputError(Problem(path.name, "holds no codes", "give a CSV with columns label and definition"))
    if len({code.theme_id for code in codes}) < len(codes):
        raise InputError(Problem(path.name, "has a code twice", "give each code an id or label of its own"))
    return codes


def _code(row: dict[str, Any]) -> Code:
    theme_id = str(row.get("theme_id") or row.get("id") or row["label"])
    return Code(
        theme_id,
        _readable(str(row.get("label") or theme_id)),
        str(row.get("definition") or row.get("description") or ""),
        str(row.get("include") or ""),
        str(row.get("exclude") or ""),
        _several(row.get("seeds")),
        _several(row.get("examples")),
    )


def _readable(label: str) -> str:
    return label.replace("_", " ").strip()


def _several(value: Any) -> tuple[str, ...]:
    parts = value if isinstance(value, list) else str(value or "").split("|")
    return tuple(text for part in parts if (text := str(part).strip()))


def _yaml(path: Path) -> list[dict[str, Any]]:
    try:
        content: Any = yaml.safe_load(_text_of(path))
        rows = content["themes"]
        return [
            {**row, "label": row.get("label") or row["id"], "theme_id": row["id"]}
            for row in rows
            if not row.get("set_aside") and not row.get("merge_into")
        ]
    except (yaml.YAMLError, KeyError, TypeError, AttributeError):
        raise InputError(Problem(path.name, "is not a codebook", "it begins with themes: and a list")) from None


def _markdown(path: Path) -> list[dict[str, Any]]:
    rows: list[list[str]] = []
    for line in _text_of(path).splitlines():
        if line.lstrip().startswith("|"):
            rows.append([cell.strip().strip("`") for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))])
        elif rows:
            break
    body = rows[2:]  # after the header and the rule
    return [dict(zip(("label", "definition", "exclude"), row, strict=False)) for row in body]
