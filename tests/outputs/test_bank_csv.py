"""quote_bank.csv: harmless in a spreadsheet program, and back to the same words."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from pipeline.outputs import Bank
from pipeline.outputs.bank import printable_bank
from pipeline.outputs.csv_file import COLUMNS, csv_bytes, escape, unescape

FORMULA_STARTS = tuple("=+-@\t\r\n\0＝＋－＠")


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@given(st.text() | st.text(alphabet="'=+-@\t\r\n\0 x"))
def test_unescape_is_the_inverse_of_escape(text: str):
    assert unescape(escape(text)) == text
    assert not escape(text).lstrip(" ").startswith(FORMULA_STARTS)


def test_ordinary_text_is_left_alone():
    for text in ("It’s fine.", "'tis the season", "a = b", "", "9 - 3"):
        assert escape(text) == text


def test_every_quote_comes_back(bank: Bank, hostile_bank: Bank):
    for some in (bank, printable_bank(hostile_bank)):
        header, *body = rows(csv_bytes(some))
        assert tuple(header) == COLUMNS
        expected = [
            [t.theme_id, t.label, t.question, "yes" if t.low_confidence else "no", ", ".join(t.keywords), t.heading, t.description,
             q.quote_id, q.text, q.attribution_line, q.group, q.question, q.source_kind] for t in some.themes for q in t.quotes
        ]  # fmt: skip
        assert [[unescape(cell) for cell in row] for row in body] == expected


def test_no_cell_can_be_a_formula(hostile_bank: Bank):
    cells = [cell for row in rows(csv_bytes(printable_bank(hostile_bank))) for cell in row]
    assert not [cell for cell in cells if cell.lstrip(" ").startswith(FORMULA_STARTS)]


def test_layout_of_the_file(bank: Bank):
    content = csv_bytes(bank)
    assert content.startswith(b'\xef\xbb\xbf"theme_id","theme",')
    assert content.endswith(b'"\r\n')
    assert content.count(b"\r\n") == bank.n_quotes + 1


def test_a_theme_comes_with_its_question(bank_per_question: Bank, bank: Bank):
    questions = {theme.theme_id: theme.question for theme in bank_per_question.themes}
    rows = list(csv.DictReader(io.StringIO(csv_bytes(bank_per_question).decode("utf-8-sig"), newline="")))
    assert {row["theme_id"]: row["theme_question"] for row in rows} == questions
    plain = csv.DictReader(io.StringIO(csv_bytes(bank).decode("utf-8-sig"), newline=""))
    assert {row["theme_question"] for row in plain} == {""}
