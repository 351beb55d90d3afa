"""Awkward tables: encodings, delimiters, quoting, cells that libraries like to change."""

import csv
import datetime
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest.tabular import SheetMissing, as_seen, read_table
from pipeline.ingest.text import clean, decode, folded, is_blank
from pipeline.ingest.unreadable import Unreadable
from tests.ingest.helpers import aside, read, repacked, survey, texts, write, xlsx

TEXT = "Café – “it’s fine”, £5"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman"])
def test_encodings_are_detected(encoding):
    table = read_table(f'Name,Answer\nIda,"{TEXT}"\n'.encode(encoding))
    assert table.headers == ["Name", "Answer"] and table.rows == [["Ida", TEXT]]


def test_a_given_encoding_is_used_and_a_wrong_one_sets_the_file_aside(tmp_path):
    write(tmp_path, "survey.csv", "What works?\nŽluťoučký\n".encode("cp1250"))
    assert texts(read(tmp_path, survey(encoding="cp1250"))) == ["Žluťoučký"]
    assert aside(read(tmp_path, survey(encoding="ascii"))) == {("file", "encoding"): 1}
    assert aside(read(tmp_path, survey(encoding="no-such"))) == {("file", "encoding"): 1}


@pytest.mark.parametrize("text", ["donâ€™t worry, cafÃ© Â£5 " * 20, "lost \ufffd\ufffd text " * 20])
def test_text_damaged_before_it_came_to_us_is_refused(text):
    with pytest.raises(Unreadable, match="encoding"):
        decode(text.encode())


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_detected(delimiter):
    out = io.StringIO()
    rows = [["ID", "What, then; works?"], ["1", "one, two; three"], ["2", "a|b"], ["3", "plain"]]
    csv.writer(out, delimiter=delimiter).writerows(rows)
    table = read_table(out.getvalue().encode())
    assert [table.headers, *table.rows] == rows


def test_cells_that_libraries_take_for_something_else_stay_as_they_are():
    cells = ["001", "NA", "None", "null", "nan", "1e5", "TRUE", "12/01/2026", "=1+1", "-", "N/A"]
    table = read_table(("What works?\n" + "\n".join(cells) + "\n").encode())
    assert [row[0] for row in table.rows] == cells


def test_a_very_long_cell_is_whole(tmp_path):
    write(tmp_path, "survey.csv", f'What works?\n"{"word " * 40_000}"\n')
    assert len(texts(read(tmp_path, survey()))[0]) == 200_000
    write(tmp_path, "survey.csv", b"")
    (tmp_path / "survey.csv").unlink()
    write(tmp_path, "survey.xlsx", xlsx([["What works?"], ["x" * 32_000]]))
    assert len(texts(read(tmp_path, survey()))[0]) == 32_000


def test_line_breaks_and_control_characters():
    table = read_table(b'What works?\r\n"one\r\ntwo\rthree"\r\nNUL\x00 and bell\x07\r\n')
    assert [row[0] for row in table.rows] == ["one\ntwo\nthree", "NUL and bell"]
    assert read_table(b"What works?\rRadio\rVan\r").rows == [["Radio"], ["Van"]]
    assert read_table(b"sep=;\r\nA;B\r\n1;2\r\n").headers == ["A", "B"]


def test_a_trailing_comma_makes_no_column():
    table = read_table(b"\xef\xbb\xbfA,B,\n1,2,\n")
    assert table.headers == ["A", "B"] and table.rows == [["1", "2"]] and table.misaligned == []


def test_torn_quotation_marks_are_refused_and_unquoted_tabs_are_read():
    with pytest.raises(Unreadable, match="malformed_table"):
        read_table(b'A,B\n1,"two" three\n')
    with pytest.raises(Unreadable, match="malformed_table"):
        read_table(b'A,B\n1,"never closed\n2,x\n')
    assert read_table(b'A\tB\n1\t"two" three\n2\t"four\n').rows == [["1", '"two" three'], ["2", '"four']]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        (b"What works?\n", "no_answers"),
        (b"What works?\n,\n", "no_answers"),
    ],
)
def test_files_without_answers(tmp_path, content, reason):
    write(tmp_path, "survey.csv", content)
    got = read(tmp_path, survey())
    assert aside(got) == {("file", reason): 1}
    assert list(got.files["problem"]) == [reason] and list(got.set_aside["id"]) == ["survey-1"]


def test_excel_cells_are_what_a_person_saw():
    day = datetime.date(2026, 9, 1)
    rows = [["ID", "n", "x", "day", "when", "yes"], ["007", 1, 2.5, day, datetime.datetime(2026, 9, 1, 8, 30), True]]
    table = read_table(xlsx(rows))
    assert table.rows == [["007", "1", "2.5", "2026-09-01", "2026-09-01 08:30:00", "TRUE"]]
    assert as_seen(0.1 + 0.2) == "0.3" and as_seen(1234567890123456.0) == "1234567890123456"


def test_a_hidden_sheet_is_read_only_when_it_is_named(tmp_path):
    book = xlsx([["What works?"], ["Radio"]], hidden_first=[["What works?"], ["canary"]])
    assert read_table(book).rows == [["Radio"]]
    assert read_table(book, sheet="Old").rows == [["canary"]]
    with pytest.raises(SheetMissing):
        read_table(book, sheet="None such")


def test_excel_row_numbers_are_the_spreadsheet_s():
    table = read_table(xlsx([[None], [None, "A", "B"], [None, 1, 2], [], [None, 3, 4]]))
    assert table.headers == ["", "A", "B"]
    assert [n for n, row in zip(table.row_numbers, table.rows, strict=True) if any(row)] == [3, 5]


def test_a_workbook_named_csv_is_still_a_workbook(tmp_path):
    write(tmp_path, "survey.csv", xlsx([["What works?"], ["Radio"]]))
    assert texts(read(tmp_path, survey())) == ["Radio"]
    write(tmp_path, "survey.csv", repacked(xlsx([["What works?"], ["Radio"]]), xl__vbaProject_bin=b"x"))
    assert aside(read(tmp_path, survey())) == {("file", "macros"): 1}


PRINTABLE = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Co", "Cn", "Zl", "Zp"]), max_size=30)
CELLS = PRINTABLE.filter(lambda cell: "�" not in cell and "Ã" not in cell and "â" not in cell and "Â" not in cell)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6))
def test_what_was_written_is_what_is_read(rows):
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([("Head one", "Head two"), *rows, ("end", "end")])
    table = read_table(out.getvalue().encode("utf-8"))
    assert table.rows == [[one, two] for one, two in [*rows, ("end", "end")]]


@given(st.text())
def test_cleaning_is_idempotent_and_leaves_no_control_character(text):
    once = clean(text)
    assert clean(once) == once
    assert not any(ord(char) < 32 and char not in "\n\t" for char in once)
    assert folded(folded(text)) == folded(text)
    assert is_blank(text) or text.strip()
