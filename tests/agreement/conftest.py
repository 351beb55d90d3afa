"""A small study that the machine has coded, and coders who fill in their sheets as people do."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from pipeline.agreement.codes import CodeLine
from pipeline.agreement.importing import Present
from pipeline.agreement.sampling import Sample, draw
from pipeline.agreement.sheet import CODES, CODING, DECISION, ID, NOTE, SETTLING, Shown, coding_sheet
from tests.fakes import answers, passages_table

SUBJECT_IDS = {"radio": "T01", "passwords": "T02", "training": "T03", "laptops": "T04", "forms": "T05"}
LABELS = {"T01": "Radio signal", "T02": "Passwords", "T03": "Training", "T04": "Laptop batteries", "T05": "Forms"}
CODES_OF_STUDY = [CodeLine(theme, label, definition=f"Says something about {label}") for theme, label in LABELS.items()]


@dataclass(frozen=True)
class Small:
    """Forty passages, eight a theme; the machine leaves two of each unassigned and gives one of each a second theme."""

    passages: pd.DataFrame
    assignments: pd.DataFrame
    truth: dict[str, frozenset[str]]

    def sample(self, n: int = 40, coders: Sequence[str] = ("A", "B"), seed: int = 7, themes=tuple(LABELS)) -> Sample:
        return draw(self.passages, self.assignments, {}, themes, n, coders, seed)

    @property
    def shown(self) -> dict[str, Shown]:
        rows = zip(self.passages["passage_id"], self.passages["text"], strict=True)
        return {passage: Shown(text, "What gets in the way?") for passage, text in rows}

    @property
    def present(self) -> dict[str, Present]:
        table = self.passages
        rows = zip(table["passage_id"], table["text"], table["text_hash"], strict=True)
        return {passage: Present(text, hashed) for passage, text, hashed in rows}


@pytest.fixture
def small() -> Small:
    texts, subjects = answers()
    passages = passages_table(texts)
    subject_of = dict(zip(texts, subjects, strict=True))
    rows, truth, seen = [], {}, dict.fromkeys(SUBJECT_IDS, 0)
    for passage, text in zip(passages["passage_id"], passages["text"], strict=True):
        subject = subject_of[text]
        theme, nth = SUBJECT_IDS[subject], seen[subject]
        seen[subject] += 1
        truth[passage] = frozenset({theme})
        given = [""] if nth < 2 else [theme, "T01" if theme != "T01" else "T02"] if nth == 2 else [theme]
        for rank, one in enumerate(given, start=1):
            rows.append((passage, one, rank, 0.5, 0.1 * nth))
    columns = ["passage_id", "theme_id", "rank", "similarity", "margin"]
    return Small(passages, pd.DataFrame(rows, columns=columns), truth)


@pytest.fixture
def fill(tmp_path: Path) -> Callable:
    """Writes a workbook's bytes, changes cells by passage id with openpyxl, saves it. Returns the path."""

    def filled(content: bytes, rows: dict[str, Sequence[str] | str], name: str = "mine.xlsx", notes=None) -> Path:
        book = load_workbook(io.BytesIO(content))
        kind = CODING if CODING in book.sheetnames else SETTLING
        sheet = book[kind]
        place = {cell.value: cell.column for cell in sheet[1]}
        numbers = {sheet.cell(n, place[ID]).value: n for n in range(2, sheet.max_row + 1)}
        for passage, said in rows.items():
            columns = CODES if kind == CODING else (DECISION,)
            for column, value in zip(columns, [said] if isinstance(said, str) else said, strict=False):
                sheet.cell(numbers[passage], place[column]).value = value or None
        for passage, note in (notes or {}).items():
            sheet.cell(numbers[passage], place[NOTE]).value = note
        path = tmp_path / name
        book.save(path)
        return path

    return filled


def sheet_for(small: Small, sample: Sample, coder: str) -> bytes:
    codes = [code for code in CODES_OF_STUDY if code.theme_id in sample.themes]
    return coding_sheet("Small", "small", sample, coder, codes, small.shown)


def some_vectors(small: Small) -> np.ndarray:
    """A vector a passage: its true theme's corner, with a little of everything."""
    rng = np.random.default_rng(5)
    corners = np.eye(5)
    themes = [int(next(iter(small.truth[p]))[1:]) - 1 for p in small.passages["passage_id"]]
    return (corners[themes] + rng.random((len(themes), 5)) * 0.1).astype(np.float32)
