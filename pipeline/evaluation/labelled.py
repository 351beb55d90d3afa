"""Texts with the codes that people gave them, from a CSV of one of three forms.

- A column `label` with the one code, blank where there is none; or
- a column `labels` with all codes, joined by "|"; both may be there; or
- one column a code, filled with 1, and with 0 or nothing elsewhere: the last columns of the file.

Other columns are passed over. What somebody typed who had nothing to say is set aside and counted, as a study does.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline.errors import InputError, Problem
from pipeline.passages import is_non_answer

_MARKED, _UNMARKED = "1", ("", "0")
_FEWEST_CODES = 3  # columns of ones at the end of a file; fewer are rather a yes or no
_JOIN = "|"
_SHOWN = 8  # names of columns in a message


@dataclass(frozen=True)
class Labelled:
    """Texts and their codes, and how many rows beside them were blank or held a non-answer."""

    texts: tuple[str, ...]
    codes: tuple[frozenset[str], ...]
    n_blank: int = 0
    n_non_answers: int = 0

    @property
    def single(self) -> list[str]:
        """The code of each text that has exactly one, else ""."""
        return [next(iter(codes)) if len(codes) == 1 else "" for codes in self.codes]

    @property
    def is_multiple(self) -> bool:
        return any(len(codes) > 1 for codes in self.codes)

    def draw(self, n: int | None) -> "Labelled":
        """At most n texts, drawn with a fixed seed, in the order of the file; and that share of what is beside."""
        if n is None or n >= len(self.texts):
            return self
        rows = sorted(pd.Series(range(len(self.texts))).sample(n, random_state=1))
        return Labelled(
            tuple(self.texts[row] for row in rows),
            tuple(self.codes[row] for row in rows),
            round(self.n_blank * n / len(self.texts)),
            round(self.n_non_answers * n / len(self.texts)),
        )


def read_labelled(
    path: Path,
    text: str = "text",
    label: str | None = None,
    labels: str | None = None,
    one_hot_from: str | None = None,
    no_code: Sequence[str] = (),
) -> Labelled:
    """Reads such a file.

    Args:
        path: a CSV, UTF-8, with a header.
        text, label, labels: names of its columns; by default "text", and of "label" and "labels" what is there.
        one_hot_from: the first of the columns with one code each, which go on to the last column; found where neither
            `label` nor `labels` is there.
        no_code: codes that say nothing about a text, such as "could not be coded".

    Raises:
        InputError: the file cannot be read, or has no such columns. The message holds names of columns only.
    """
    table = _read(path)
    _check(path, table, text)
    if one_hot_from is None and label is None and labels is None:
        label, labels = (name if name in table.columns else None for name in ("label", "labels"))
    for name in (label, labels, one_hot_from):
        if name is not None:
            _check(path, table, name)
    columns: list[str] = []
    if label is None and labels is None:
        columns = _from(path, table, one_hot_from) if one_hot_from else _found(path, table)
    left_out = {name.casefold() for name in no_code}
    texts: list[str] = []
    codes: list[frozenset[str]] = []
    n_blank = 0
    for row in table.to_dict("records"):
        said = row[text].strip()
        n_blank += not said
        if is_non_answer(said):
            continue
        given = [column for column in columns if row[column].strip() == _MARKED]
        given += row[labels].split(_JOIN) if labels else []
        given += [row[label]] if label and not (labels and row[labels].strip()) else []
        texts.append(said)
        codes.append(frozenset(code for one in given if (code := one.strip()) and code.casefold() not in left_out))
    if not any(codes):
        raise InputError(Problem(path.name, "has no row with a text and a code", "name the columns that hold them"))
    return Labelled(tuple(texts), tuple(codes), n_blank, len(table) - len(texts) - n_blank)


def _read(path: Path) -> pd.DataFrame:
    if not path.is_file():
        raise InputError(Problem(path.name, "is not there, or is no file", "check the path"))
    try:
        rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    except UnicodeDecodeError:
        raise InputError(Problem(path.name, "is not UTF-8 text", "save it as UTF-8")) from None
    except (OSError, csv.Error):
        raise InputError(Problem(path.name, "cannot be read as a CSV", "export it again")) from None
    rows = [row for row in rows if row]
    if len(rows) < 2:
        raise InputError(Problem(path.name, "is empty", "it begins with a header, and a row a text"))
    header = [" ".join(name.split()) for name in rows[0]]  # cells of a header hold line breaks and hard spaces
    if len(set(header)) != len(header):
        raise InputError(Problem(path.name, "has two columns of the same name", "rename one of them"))
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            raise InputError(
                Problem(
                    f"{path.name}, row {number}",
                    f"has {len(row)} cells where the header has {len(header)}",
                    "check the quotation marks around its cells",
                )
            )
    return pd.DataFrame(rows[1:], columns=header, dtype=str)


def _check(path: Path, table: pd.DataFrame, column: str) -> None:
    if column not in table.columns:
        there = ", ".join(table.columns[:_SHOWN]) + (", …" if len(table.columns) > _SHOWN else "")
        raise InputError(Problem(path.name, f"has no column {column}", f"name one of its columns: {there}"))


def _found(path: Path, table: pd.DataFrame) -> list[str]:
    """The last columns, as far back as they hold nothing but marks."""
    columns: list[str] = []
    for column in reversed(table.columns):
        if not _is_marked(table[column]):
            break
        columns.insert(0, column)
    if len(columns) < _FEWEST_CODES:
        raise InputError(
            Problem(path.name, "has no column label or labels, nor one column a code", "name them with --label")
        )
    return columns


def _from(path: Path, table: pd.DataFrame, first: str) -> list[str]:
    columns = list(table.columns)[list(table.columns).index(first) :]
    for column in columns:
        if not _is_marked(table[column]):
            raise InputError(
                Problem(
                    f"{path.name}, column {column}", "holds other things than 1, 0 and blanks", "move it to the left"
                )
            )
    return columns


def _is_marked(cells: pd.Series) -> bool:
    return bool(cells.str.strip().isin([_MARKED, *_UNMARKED]).all())
