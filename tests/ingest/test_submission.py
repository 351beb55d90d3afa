"""Submissions: Word documents and PDFs in the order a person reads them."""

import io

import pytest
from docx import Document

from pipeline.ingest.pdf import joined, word_counts
from pipeline.ingest.submission import read_submission
from pipeline.tables import records
from tests.ingest.helpers import aside, docx, part, pdf, read, repacked, said, submission, texts, write


def saved(document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def blocks(data: bytes) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in read_submission(data).blocks]


def test_word_headings_lists_and_tables_in_order():
    document = Document()
    document.add_heading("Our view", 1)
    document.add_paragraph("Radio works.")
    document.add_paragraph("Buy fewer things", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "Both columns"
    table.cell(1, 0).text, table.cell(1, 1).text = "left", ""
    table.cell(1, 1).add_table(rows=1, cols=1).cell(0, 0).text = "nested"
    document.add_paragraph("After\tthe table.")
    document.sections[0].header.paragraphs[0].text = "CANARY header"
    document.core_properties.author = "CANARY author"
    assert blocks(saved(document)) == [
        ("heading", "Our view"),
        ("paragraph", "Radio works."),
        ("item", "Buy fewer things"),
        ("cell", "Both columns"),
        ("cell", "left"),
        ("cell", "nested"),
        ("paragraph", "After\tthe table."),
    ]


def test_a_table_the_reader_stumbles_over_is_set_aside(tmp_path):
    document = Document()
    document.add_paragraph("Radio works.")
    cell = document.add_table(rows=1, cols=1).cell(0, 0)
    cell._tc.vMerge = "continue"
    write(tmp_path, "letter1.docx", saved(document))
    write(tmp_path, "letter2.txt", "Van works.")
    got = read(tmp_path, submission())
    assert texts(got) == ["Van works."] and aside(got) == {("file", "unreadable"): 1}


def test_many_rows_of_a_table_are_all_read():
    document = Document()
    table = document.add_table(rows=60, cols=3)
    for n, row in enumerate(table.rows):
        for m, cell in enumerate(row.cells):
            cell.text = f"cell {n} {m}"
    assert len(blocks(saved(document))) == 180


def test_content_controls_links_and_fields_are_not_lost():
    data = docx("first", "second")
    xml = part(data, "word/document.xml").decode()
    control = (
        "<w:sdt><w:sdtPr/><w:sdtContent><w:p><w:r><w:t>in a control</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        '<w:p><w:smartTag w:element="x"><w:r><w:t>tagged </w:t></w:r></w:smartTag>'
        '<w:fldSimple w:instr="x"><w:r><w:t>field </w:t></w:r></w:fldSimple>'
        "<w:hyperlink><w:r><w:t>link</w:t></w:r></w:hyperlink></w:p><w:sectPr"
    )
    changed = repacked(data, word__document_xml=xml.replace("<w:sectPr", control, 1).encode())
    assert [text for _, text in blocks(changed)] == ["first", "second", "in a control", "tagged field link"]


def test_one_document_and_one_contributor_for_a_file(tmp_path):
    write(tmp_path, "letter.docx", docx("Radio works.", "Vans do not."))
    write(tmp_path, "contributors.csv", "file,name,organisation,consent\nletter.docx,Ida Quill,Quill Ltd,Role only\n")
    got = read(tmp_path, submission())
    assert said(got) == [("Ida Quill", "Radio works."), ("Ida Quill", "Vans do not.")]
    assert list(got.documents["text"]) == ["Radio works.\n\nVans do not."]


def test_joint_authors_pool_what_they_agreed_to(tmp_path):
    write(tmp_path, "letter.docx", docx("Radio works."))
    roster = "file,name,consent\nletter.docx,Ida Quill,Role only\nletter.docx,Max Orr,Do not name me\n"
    write(tmp_path, "contributors.csv", roster)
    (row,) = records(read(tmp_path, submission()).contributors)
    assert row["consent_wording"] == "Role only\nDo not name me" and row["other_identifiers"] == "Max Orr"


def test_pdf_paragraphs_headings_items_and_furniture():
    body = [
        (50, 60, "Quill Ltd submission"),
        (50, 100, "Our radio has worked for three years without a fault and we would buy the"),
        (50, 112, "same again, because everybody in the force knows how to use it and the inter-"),
        (50, 124, "face is plain."),
        (50, 152, "A second paragraph, whose lines stand as close together as those of the first"),
        (50, 164, "one do."),
        (50, 192, "- Buy fewer things."),
        (50, 204, "- Buy them once."),
        (290, 810, "Page 1 of 2"),
    ]
    more = [(50, 60, "Quill Ltd submission"), (50, 100, "The last page."), (290, 810, "Page 2 of 2")]
    assert blocks(pdf(body, more)) == [
        (
            "paragraph",
            "Our radio has worked for three years without a fault and we would buy the same again, because everybody in "
            "the force knows how to use it and the interface is plain.",
        ),
        ("paragraph", "A second paragraph, whose lines stand as close together as those of the first one do."),
        ("item", "- Buy fewer things."),
        ("item", "- Buy them once."),
        ("paragraph", "The last page."),
    ]


def test_two_columns_are_read_one_after_the_other():
    left = [(50, 100 + 12 * n, f"left line {n} of the first column") for n in range(8)]
    right = [(320, 100 + 12 * n, f"right line {n} of the second one") for n in range(8)]
    text = " ".join(
        text
        for _, text in blocks(
            pdf([(50, 60, "A heading that goes over both columns, from here to there"), *left, *right])
        )
    )
    assert text.index("left line 7") < text.index("right line 0")


def test_line_and_paragraph_numbers_in_the_margin_are_dropped():
    page = [(60, 100 + 12 * n, f"word {n} of this page") for n in range(6)]
    numbers = [(30, 100 + 12 * n, str(41 + n)) for n in range(6)]
    assert "41" not in " ".join(text for _, text in blocks(pdf([*page, *numbers])))


@pytest.mark.parametrize(
    ("lines", "elsewhere", "expected"),
    [
        (["the inter-", "face"], "", "the interface"),
        (["a non-", "attributable remark"], "", "a non-attributable remark"),
        (["a one-", "off"], "the one-off cost", "a one-off"),
        (["Anglo-", "Norman"], "", "Anglo- Norman"),
        (["pages 4-", "6"], "", "pages 4- 6"),
        (["the end", "of it"], "", "the end of it"),
    ],
)
def test_words_broken_at_line_ends(lines, elsewhere, expected):
    assert joined(lines, word_counts([elsewhere])) == expected


def test_plain_text_submissions_are_paragraphs(tmp_path):
    write(tmp_path, "letter.txt", "Radio works.\r\n\r\nVans do not.\r\nEver.\r\n")
    assert texts(read(tmp_path, submission())) == ["Radio works.", "Vans do not.\nEver."]


def test_a_blank_document_is_set_aside(tmp_path):
    write(tmp_path, "letter.docx", docx(""))
    assert aside(read(tmp_path, submission())) == {("file", "no_text"): 1}
