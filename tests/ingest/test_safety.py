"""Hostile, damaged and awkward files: each set aside with its reason, and the run goes on."""

import io
import os
import zipfile

import pytest

from pipeline.errors import InputError
from pipeline.ingest import file_hashes, safety, source_files
from pipeline.ingest.safety import FileType, sniff
from pipeline.ingest.submission import read_submission
from pipeline.ingest.unreadable import Unreadable
from pipeline.reasons import FILE_REASONS
from tests.ingest.helpers import (
    aside,
    docx,
    part,
    pdf,
    read,
    repacked,
    study_in,
    submission,
    survey,
    texts,
    transcript,
    write,
    xlsx,
)

CANARY = "Canary Quillfeather 4471"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def with_body(inner: str) -> bytes:
    data = docx("Radio works.")
    xml = part(data, "word/document.xml").decode()
    return repacked(data, word__document_xml=xml.replace("<w:sectPr", inner + "<w:sectPr", 1).encode())


def with_part(name: str, xml: str, kind: str) -> bytes:
    """A .docx with a further part, related to the main one as Word would."""
    data = docx("Radio works.")
    schema = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    types = part(data, "[Content_Types].xml").decode()
    override = f'<Override PartName="/word/{name}.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.{name}+xml"/>'
    rels = part(data, "word/_rels/document.xml.rels").decode()
    relation = f'<Relationship Id="rId99" Type="{schema}/{kind}" Target="{name}.xml"/>'
    return repacked(
        data,
        **{
            "[Content_Types]_xml": types.replace("</Types>", override + "</Types>").encode(),
            "word___rels__document_xml.rels": rels.replace("</Relationships>", relation + "</Relationships>").encode(),
            f"word__{name}_xml": xml.encode(),
        },
    )


def other_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "a")
    return out.getvalue()


RUN = f"<w:r><w:t>{CANARY}</w:t></w:r>"
LOCKED = pdf([(50, 100, CANARY * 3)], password="secret")
BOMB = repacked(docx("x"), word__media__a_bin=b"\0" * 20_000_000)
PICTURE = pdf([])
HOSTILE = {
    "tracked insertion": (with_body(f'<w:p><w:ins w:id="1" w:author="x">{RUN}</w:ins></w:p>'), "tracked_changes"),
    "tracked deletion": (
        with_body(f'<w:p><w:del w:id="1" w:author="x"><w:r><w:delText>{CANARY}</w:delText></w:r></w:del></w:p>'),
        "tracked_changes",
    ),
    "moved text": (with_body(f'<w:p><w:moveTo w:id="1" w:author="x">{RUN}</w:moveTo></w:p>'), "tracked_changes"),
    "text box": (
        with_body(f"<w:p><w:r><w:pict><w:txbxContent><w:p>{RUN}</w:p></w:txbxContent></w:pict></w:r></w:p>"),
        "text_boxes",
    ),
    "hidden text": (with_body(f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>{CANARY}</w:t></w:r></w:p>"), "hidden_text"),
    "embedded document": (with_body('<w:altChunk w:id="x"/>'), "embedded_file"),
    "text outside every paragraph we can reach": (
        with_body(f"<w:p><w:ruby><w:rubyBase>{RUN}</w:rubyBase></w:ruby></w:p>"),
        "unread_text",
    ),
    "comments": (
        with_part("comments", f'<w:comments {W}><w:comment w:id="0"><w:p>{RUN}</w:p></w:comment></w:comments>', "comments"),
        "comments",
    ),
    "footnotes": (
        with_part("footnotes", f'<w:footnotes {W}><w:footnote w:id="2"><w:p>{RUN}</w:p></w:footnote></w:footnotes>', "footnotes"),
        "footnotes",
    ),
    "document type": (
        repacked(docx("x"), word__document_xml=b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "b">]><w>&a;</w>'),
        "dtd",
    ),
    "document type in UTF-16": (
        repacked(docx("x"), word__styles_xml='<?xml version="1.0" encoding="utf-16"?><!DOCTYPE w><w/>'.encode("utf-16")),
        "dtd",
    ),
    "broken XML": (repacked(docx("x"), word__document_xml=b"<w:document"), "unreadable"),
    "zip bomb": (BOMB, "archive_limits"),
    "path out of the archive": (repacked(docx("x"), **{"..__..__evil_xml": b"<a/>"}), "archive_limits"),
    "document in the document": (repacked(docx("x"), word__embeddings__a_bin=b"PK"), "embedded_file"),
    "macros": (repacked(docx("x"), word__vbaProject_bin=b"x"), "macros"),
    "still being copied": (docx("x" * 5000)[:-300], "unreadable"),
    "no zip at all": (b"PK\x03\x04 and nothing more", "unreadable"),
    "some other zip": (other_zip(), "unsupported_type"),
    "a workbook for a letter": (xlsx([["a"]]), "unsupported_type"),
    "old Word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_office_format"),
    "encrypted Word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    "rich text": (b"{\\rtf1 Radio works.}", "unsupported_type"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "unsupported_type"),
    "a web page": (b"<!DOCTYPE html><p>Radio works.</p>", "unsupported_type"),
    "an e-mail": (b"Received: from x\r\nSubject: Radio\r\n\r\nRadio works.", "unsupported_type"),
    "encrypted PDF": (LOCKED, "encrypted"),
    "PDF without text": (PICTURE, "no_text"),
    "damaged PDF": (b"%PDF-1.4\nnothing here", "unreadable"),
    "nothing": (b"", "empty"),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_files_are_set_aside_and_the_run_goes_on(tmp_path, case):
    data, reason = HOSTILE[case]
    write(tmp_path, "letter1", data)
    write(tmp_path, "letter2.txt", "Radio works.")
    got = read(tmp_path, submission())
    assert aside(got) == {("file", reason): 1}
    assert dict(zip(got.files["file_id"], got.files["problem"], strict=True)) == {"letters-1": reason, "letters-2": ""}
    assert texts(got) == ["Radio works."]
    everything = "".join(getattr(got, table).to_csv() for table in ("files", "contributors", "documents", "set_aside"))
    assert "Canary" not in everything


def test_comments_and_notes_without_text_are_no_reason(tmp_path):
    write(tmp_path, "letter.docx", with_part("comments", f"<w:comments {W}/>", "comments"))
    assert texts(read(tmp_path, submission())) == ["Radio works."]


def test_a_part_that_is_larger_than_the_directory_says_is_refused():
    data = bytearray(docx("x" * 4000))
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")  # uncompressed size, in the last directory entry
    with pytest.raises(Unreadable):
        sniff(bytes(data))


def test_size_limits(tmp_path, monkeypatch):
    monkeypatch.setattr(safety, "MAX_FILE", 10)
    write(tmp_path, "letter.txt", "more than ten bytes")
    assert aside(read(tmp_path, submission())) == {("file", "too_large"): 1}
    monkeypatch.undo()
    monkeypatch.setattr(safety, "MAX_MEMBERS", 3)
    with pytest.raises(Unreadable, match="archive_limits"):
        sniff(docx("x"))


def test_types_are_sniffed():
    assert sniff(docx("x")) is FileType.WORD
    assert sniff(xlsx([["x"]])) is FileType.EXCEL
    assert sniff(b"\n%PDF-1.7") is FileType.PDF
    assert sniff(b"plain") is FileType.TEXT


def test_the_same_file_twice_counts_once(tmp_path):
    write(tmp_path, "letter1.txt", "Radio works.")
    write(tmp_path, "letter2.txt", "Radio works.")
    got = read(tmp_path, submission())
    assert texts(got) == ["Radio works."] and aside(got) == {("file", "duplicate_file"): 1}


def test_links_out_of_the_folder_are_not_followed(tmp_path):
    outside = write(tmp_path / "elsewhere", "letter9.txt", "canary")
    home = tmp_path / "study"
    write(home, "sources/letter1.txt", "Radio works.")
    (home / "sources" / "letter2.txt").symlink_to(outside)
    got = read(home, submission(files="sources/letter*"))
    assert texts(got) == ["Radio works."] and aside(got) == {("file", "symlink"): 1}
    study = study_in(home, submission(files="sources/letter*"))
    assert source_files(study) == {"letters": [home.resolve() / "sources" / "letter1.txt"]}
    hashes = file_hashes(study)
    assert hashes["sources/letter2.txt"] == "not read" and len(hashes["sources/letter1.txt"]) == 64
    (home / "away").symlink_to(outside.parent)
    with pytest.raises(InputError, match="leads out of the study through a link"):
        read(home, submission(files="away/letter*"))


def test_a_study_may_name_a_folder_above_itself_but_no_absolute_path(tmp_path):
    write(tmp_path, "data/letter [1].txt", "Radio works.")
    home = tmp_path / "a" / "study"
    home.mkdir(parents=True)
    got = read(home, submission(files="../../data/letter [1].txt"))
    assert texts(got) == ["Radio works."] and list(got.files["path"]) == ["../../data/letter [1].txt"]
    for files in (str(tmp_path / "data/*"), "*/../../data/*"):
        with pytest.raises(InputError, match="not a path relative to the study"):
            read(home, submission(files=files))
    with pytest.raises(InputError, match="matches no file"):
        read(home, submission(files="nothing/*"))


def test_links_to_nothing_and_rings_of_links_are_set_aside_without_an_error(tmp_path):
    write(tmp_path, "letter1.txt", "Radio works.")
    (tmp_path / "letter2.txt").symlink_to(tmp_path / "gone.txt")
    (tmp_path / "letter3.txt").symlink_to(tmp_path / "letter3.txt")
    (tmp_path / "ring").symlink_to(tmp_path / "ring")
    assert aside(read(tmp_path, submission())) == {("file", "unreadable"): 2}
    hashes = file_hashes(study_in(tmp_path, submission()))
    assert [name for name, sha256 in hashes.items() if sha256 == "not read"] == ["letter2.txt", "letter3.txt"]
    with pytest.raises(InputError, match="matches no file"):
        read(tmp_path, submission(files="ring/letter*"))


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_that_may_not_be_read(tmp_path):
    write(tmp_path, "letter.txt", "Radio works.").chmod(0)
    assert aside(read(tmp_path, submission())) == {("file", "unreadable"): 1}


def test_folders_hidden_files_and_owner_files_are_no_sources(tmp_path):
    write(tmp_path, "letter1.txt", "Radio works.")
    write(tmp_path, "~$letter2.txt", "x")
    write(tmp_path, ".letter3.txt", "x")
    (tmp_path / "letter4").mkdir()
    assert len(read(tmp_path, submission(files="*letter*")).files) == 1


def test_every_reason_has_a_remedy():
    assert all(what and remedy for what, remedy in FILE_REASONS.values())


def test_a_study_of_all_kinds_with_one_bad_file_each_still_reads_the_good_ones(tmp_path):
    write(tmp_path, "survey.1.csv", "What works?\nRadio\n")
    write(tmp_path, "survey.2.csv", BOMB)
    write(tmp_path, "talk1.txt", "Q: Well?\nA: Slow.\n")
    write(tmp_path, "talk2.txt", b"PK\x03\x04")
    write(tmp_path, "letter1.txt", "Vans do not.")
    write(tmp_path, "letter2.pdf", LOCKED)
    got = read(tmp_path, survey(), transcript(), submission())
    assert sorted(texts(got)) == ["Radio", "Slow.", "Vans do not.", "Well?"]
    assert aside(got) == {("file", "archive_limits"): 1, ("file", "unreadable"): 1, ("file", "encrypted"): 1}
    assert study_in(tmp_path, survey()).root == tmp_path.resolve()


def test_comments_form_fields_attachments_and_scans_in_a_pdf():
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    plain = pdf([(50, 100, "Radio works, and has worked for years.")])

    def with_comment() -> bytes:
        out = io.BytesIO()
        canvas = Canvas(out)
        canvas.drawString(50, 700, "Radio works, and has worked for years.")
        canvas.textAnnotation(CANARY, (50, 600, 200, 650))
        canvas.save()
        return out.getvalue()

    def with_field() -> bytes:
        out = io.BytesIO()
        canvas = Canvas(out)
        canvas.drawString(50, 700, "Radio works, and has worked for years.")
        canvas.acroForm.textfield(name="answer", value=CANARY, x=50, y=600)
        canvas.save()
        return out.getvalue()

    def scan() -> bytes:
        from PIL import Image

        out = io.BytesIO()
        canvas = Canvas(out)
        canvas.drawString(50, 700, "Radio works, and has worked for years and years.")
        canvas.showPage()
        canvas.drawImage(ImageReader(Image.new("L", (60, 80), 200)), 0, 0, 595, 842)
        canvas.showPage()
        canvas.save()
        return out.getvalue()

    attached = b"/Type /Catalog /Names << /EmbeddedFiles << /Names [ ] >> >>"
    cases = {
        "comments": with_comment(),
        "embedded_file": plain.replace(b"/Type /Catalog", attached),
        "form_fields": with_field(),
        "no_text": scan(),
    }
    assert read_submission(plain).blocks
    for reason, data in cases.items():
        with pytest.raises(Unreadable, match=reason):
            read_submission(data)
