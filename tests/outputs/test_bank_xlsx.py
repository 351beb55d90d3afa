"""quote_bank.xlsx: strings only, nothing hidden, nothing about who or when."""

import io
import re
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.outputs import Bank
from pipeline.outputs.bank import printable_bank
from pipeline.outputs.xlsx import MAX_CELL, cell_parts, sheet_names, xlsx_bytes

FORBIDDEN = set("[]:*?/\\")


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@pytest.fixture(scope="module")
def hostile_xlsx(hostile_bank: Bank) -> bytes:
    return xlsx_bytes(printable_bank(hostile_bank))


def test_every_cell_is_a_string(bank: Bank, hostile_xlsx: bytes):
    for content in (xlsx_bytes(bank), hostile_xlsx):
        book = openpyxl.load_workbook(io.BytesIO(content))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert len(cells) > 100
        assert {cell.data_type for cell in cells} == {"s"}
        assert not [cell for cell in cells if cell.hyperlink or cell.comment]
        assert max(units(str(cell.value)) for cell in cells) <= MAX_CELL


def test_nothing_is_hidden_linked_or_named(hostile_xlsx: bytes):
    book = openpyxl.load_workbook(io.BytesIO(hostile_xlsx))
    assert {sheet.sheet_state for sheet in book} == {"visible"}
    with zipfile.ZipFile(io.BytesIO(hostile_xlsx)) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert all(re.fullmatch(r"[\w/.\[\]-]+\.(xml|rels)", name) for name in parts)
    for kind in ("externalLink", "comments", "vbaProject", "custom", "connections", "drawing"):
        assert not [name for name in parts if kind in name]
    sheets = "".join(text for name, text in parts.items() if "worksheets" in name)
    assert not re.search(r"<f[ >]|<hyperlink|<dataValidation|hidden=", sheets)
    assert 'TargetMode="External"' not in "".join(parts.values())
    names = re.findall(r'<definedName name="([^"]+)"', parts["xl/workbook.xml"])
    assert set(names) <= {"_xlnm._FilterDatabase", "_xlnm.Print_Titles"}


def test_properties_name_nobody_and_no_time(bank: Bank):
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes(bank))) as archive:
        core, app = archive.read("docProps/core.xml").decode(), archive.read("docProps/app.xml").decode()
    values = dict(re.findall(r"<(?:dc|cp|dcterms):(\w+)[^>]*>([^<]*)</", core))
    assert values == {
        "title": "Quote bank (DRAFT)",
        "creator": "",
        "lastModifiedBy": "",
        "created": "2000-01-01T00:00:00Z",
        "modified": "2000-01-01T00:00:00Z",
    }
    assert "<Company></Company>" in app
    assert "<Manager>" not in app


def test_sheets_hold_the_bank(bank: Bank):
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(bank)))
    names = book.sheetnames
    assert (names[0], names[-2:], len(names)) == ("Overview", ["Codebook", "Notes"], len(bank.themes) + 3)
    overview = [[cell or "" for cell in row] for row in book["Overview"].iter_rows(values_only=True)]
    assert overview[1][0] == "DRAFT – not cleared for publication"
    top = next(n for n, row in enumerate(overview) if row[0] == "Id")
    for row, theme in zip(overview[top + 1 :], bank.themes, strict=True):
        assert row[0] == theme.theme_id
        assert row[4:7] == [str(theme.n_contributors), str(theme.n_passages), str(len(theme.quotes))]
        assert row[7:] == [str(theme.by_group.get(group, 0)) for group in bank.groups]
    for name, theme in zip(names[1:-2], bank.themes, strict=True):
        sheet = book[name]
        body = [row for row in sheet.iter_rows(values_only=True) if str(row[0]).startswith(f"{theme.theme_id}-")]
        assert [(row[0], row[1], row[2], row[3]) for row in body] == [
            (q.quote_id, q.text, q.attribution_line, q.group) for q in theme.quotes
        ]
        assert sheet.auto_filter.ref
        assert sheet.freeze_panes
        assert sheet["B8"].alignment.wrap_text


def test_text_that_no_cell_can_hold_is_split_over_numbered_rows(hostile_bank: Bank):
    theme = printable_bank(hostile_bank).themes[-1]
    long = theme.quotes[0].text
    assert units(long) > MAX_CELL
    plain = replace(theme, label="Long", keywords=("x",), by_group={"Other": 9})
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(replace(printable_bank(hostile_bank), themes=(plain,)))))
    rows = [row for row in book["Long"].iter_rows(values_only=True) if str(row[0]).startswith("T")]
    parts = [row for row in rows if "-Q1 (part " in str(row[0])]
    assert [row[0] for row in parts] == [f"{theme.quotes[0].quote_id} (part {n} of 2)" for n in (1, 2)]
    assert "".join(str(row[1]) for row in parts) == long


@given(st.text(alphabet=st.sampled_from("ab \n😀é"), min_size=0, max_size=60), st.integers(1, 3))
def test_parts_join_to_the_text_and_fit(text: str, times: int):
    long = text * (times * 1_000)
    parts = cell_parts(long)
    assert "".join(parts) == long
    assert all(units(part) <= MAX_CELL for part in parts)


@given(
    st.lists(st.text() | st.sampled_from(["History", "overview", "NOTES", "''", "a" * 40, "A" * 40, "😀" * 30, "/:*"]))
)
def test_sheet_names_are_what_excel_accepts(labels: list[str]):
    names = sheet_names(labels)
    assert len(names) == len(labels)
    assert len({name.casefold() for name in (*names, "Overview", "Codebook", "Notes", "History")}) == len(names) + 4
    for name in names:
        assert 0 < units(name) <= 31
        assert not set(name) & FORBIDDEN
        assert not name.startswith("'")
        assert not name.endswith("'")


def test_sheet_names_can_be_read():
    assert sheet_names(
        ["Slow systems that crash", "Buying takes so long that it is out of date", "A/B [x]", "A B x"]
    ) == [
        "Slow systems that crash",
        "Buying takes so long that it…",
        "A B x",
        "A B x (2)",
    ]


def test_limits_are_excels_own():
    """Beyond them Excel repairs the file, which is to say that it drops words."""
    assert MAX_CELL == 32_767


def test_every_printed_sheet_says_that_it_is_a_draft(bank: Bank):
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(bank)))
    assert {sheet.oddHeader.center.text for sheet in book} == {"Draft – not cleared for publication"}


def test_every_theme_says_that_it_is_a_draft_and_whether_its_title_is_one(bank: Bank):
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(bank)))
    for name, theme in zip(book.sheetnames[1:-2], bank.themes, strict=True):
        title, draft = (book[name].cell(row, 1).value for row in (1, 2))
        assert title == theme.label + (" (working title)" if theme.low_confidence else "")
        assert draft == "Draft – not cleared for publication"


def test_the_question_of_a_theme_has_a_column_where_it_has_one(bank_per_question: Bank, bank: Bank):
    for some, asked in ((bank_per_question, True), (bank, False)):
        book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(some)))
        for name in ("Overview", "Codebook"):
            rows = [[cell.value for cell in row] for row in book[name].iter_rows()]
            header = next(row for row in rows if row[0] == "Id")
            assert ("Question" in header) == asked
            if asked:
                column = header.index("Question")
                assert [row[column] for row in rows[rows.index(header) + 1 :]] == [t.question for t in some.themes]
        first = [row[0].value for row in book.worksheets[1].iter_rows()]
        assert (some.themes[0].question in first) == asked


def rows_by_id(content: bytes, sheet: str) -> tuple[list[str], dict[str, dict[str, str]]]:
    rows = [[cell or "" for cell in row] for row in openpyxl.load_workbook(io.BytesIO(content))[sheet].values]
    top = next(n for n, row in enumerate(rows) if row[0] == "Id")
    header = [str(cell) for cell in rows[top]]
    return header, {str(row[0]): dict(zip(header, map(str, row), strict=True)) for row in rows[top + 1 :]}


def test_the_codebook_says_who_put_passages_into_each_theme(bank: Bank):
    header, rows = rows_by_id(xlsx_bytes(bank), "Codebook")
    assert header[-3:] == ["Passages: by the machine", "Passages: by a person", "Passages: by a definition"]
    for theme in bank.themes:
        row = rows[theme.theme_id]
        assert [int(row[name]) for name in header[-3:]] == [theme.n_passages - 3, 1, 2]
        assert int(row["Passages"]) == theme.n_passages
    by_nobody = replace(bank, themes=(replace(bank.themes[0], by_source={"machine": 131}),))
    _, rows = rows_by_id(xlsx_bytes(by_nobody), "Codebook")
    assert [rows["T01"][name] for name in header[-3:]] == ["131", "0", "0"]


def test_what_a_theme_stands_under_is_on_every_sheet_about_it(shelved_bank: Bank):
    content = xlsx_bytes(shelved_bank)
    for sheet in ("Overview", "Codebook"):
        _, rows = rows_by_id(content, sheet)
        assert {i: row["Heading"] for i, row in rows.items()} == {t.theme_id: t.heading for t in shelved_bank.themes}
    book = openpyxl.load_workbook(io.BytesIO(content))
    for name, theme in zip(book.sheetnames[1:-2], shelved_bank.themes, strict=True):
        assert (book[name].cell(3, 1).value == f"Part of: {theme.heading}") == bool(theme.heading)
