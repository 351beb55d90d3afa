"""Out to a spreadsheet and back: blind, safe, and every mistake is one line that names its cell."""

import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline.agreement.codes import CodeLine
from pipeline.agreement.codings import (
    Coding,
    Codings,
    State,
    Status,
    codings_in_force,
    codings_path,
    keep_notes,
    read_codings,
    record_codings,
    record_sample,
)
from pipeline.agreement.importing import Checked, check_sheet, read_sheet, refuse_twice
from pipeline.agreement.sheet import (
    ABOUT,
    ALL,
    CANNOT_TELL,
    CODEBOOK,
    CODES,
    CODING,
    ID,
    NONE,
    PASSAGE,
    SHARED,
    Shown,
    coding_sheet,
    settling_sheet,
    with_own_labels,
)
from pipeline.errors import InputError, RefusedError
from tests.agreement.conftest import CODES_OF_STUDY, LABELS, Small, sheet_for


def check(path: Path, small: Small, codings: Codings) -> Checked:
    return check_sheet(read_sheet(path), "small", codings, small.present)


def codings_of(root: Path, small: Small, sample, **by_coder: dict[str, list[str]]) -> Codings:
    """A study in which coders said so much about so many passages."""
    record_sample(root, sample)
    hashes = {one.passage_id: one.text_hash for one in sample.drawn}
    for coder, said in by_coder.items():
        for passage, themes in said.items():
            state = State.CANNOT_TELL if themes == [CANNOT_TELL] else State.CODED
            given = () if state is State.CANNOT_TELL else tuple(themes)
            record_codings(root, [Coding(sample.sample_id, coder, passage, hashes[passage], state, given)])
    return read_codings(root)


# ── out ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_coder_sees_passages_and_codes_and_nothing_of_the_machine(small: Small) -> None:
    sample = small.sample(20)
    content = sheet_for(small, sample, "A")
    book = load_workbook(io.BytesIO(content))
    sheet = book[CODING]
    place = {cell.value: cell.column for cell in sheet[1]}
    ids = [sheet.cell(n, place[ID]).value for n in range(2, sheet.max_row + 1)]
    assert ids == sample.order_for("A")
    texts = small.passages.set_index("passage_id")["text"]
    assert [sheet.cell(n, place[PASSAGE]).value for n in range(2, 22)] == [texts[p] for p in ids]
    assert all(sheet.cell(n, place[column]).value is None for n in range(2, 22) for column in CODES)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        everything = "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    hints = ["near", "elsewhere", "close call", "0.5", *(f"c{n}<" for n in range(40))]
    assert [hint for hint in hints if f">{hint}" in everything] == []
    assert content == sheet_for(small, sample, "A"), "the same sample, the same bytes"


def test_codes_come_from_a_list_and_only_cells_to_fill_in_are_open(small: Small) -> None:
    book = load_workbook(io.BytesIO(sheet_for(small, small.sample(10), "A")))
    sheet, codebook = book[CODING], book[CODEBOOK]
    place = {cell.value: cell.column for cell in sheet[1]}
    (source,) = {rule.formula1 for rule in sheet.data_validations.dataValidation}
    first, last = source.split("!")[1].replace("$", "").split(":")
    assert [cell.value for (cell,) in codebook[f"{first}:{last}"]] == [*LABELS.values(), NONE, CANNOT_TELL]
    assert len(sheet.data_validations.dataValidation) == 3
    assert sheet.protection.sheet and codebook.protection.sheet and sheet.freeze_panes == "A2"
    locked = {name: sheet.cell(2, column).protection.locked for name, column in place.items()}
    assert [name for name, is_locked in locked.items() if not is_locked] == [*CODES, "Note"]
    assert sheet.column_dimensions["A"].width < 9 and book[ABOUT].sheet_state == "veryHidden"
    assert sheet.cell(2, place[PASSAGE]).alignment.wrap_text
    assert {cell.value for cell in codebook[1]} == {"Code", "What it means", "Code id"}, "no empty columns"


def test_no_cell_is_a_formula_or_longer_than_a_cell(small: Small) -> None:
    shown = {p: Shown("=1+1 @x " + "y" * 40_000, "+cmd") for p in small.shown}
    codes = [CodeLine("T01", "=HYPERLINK(1)", include="=2", exclude="-3", keywords="@k")]
    content = coding_sheet("=1+1", "small", small.sample(10), "A", codes, shown)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = "".join(archive.read(name).decode() for name in archive.namelist() if "worksheets/" in name)
    assert "<f>" not in xml and "<hyperlink" not in xml
    assert all(len(str(c.value or "")) <= 32_767 for row in load_workbook(io.BytesIO(content))[CODING] for c in row)


def test_labels_that_are_alike_are_told_apart() -> None:
    codes = [
        CodeLine("T01", "Radio"),
        CodeLine("T02", "radio "),
        CodeLine("T03", "None of these"),
        CodeLine("T04", "Kit"),
    ]
    assert list(with_own_labels(codes).values()) == ["Radio (T01)", "radio (T02)", "None of these (T03)", "Kit"]


# ── back ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_round_trip(small: Small, tmp_path: Path, fill) -> None:
    sample = small.sample(10)
    record_sample(tmp_path, sample)
    p = sample.order_for("A")
    rows = {
        p[0]: "Radio signal",
        p[1]: ["  passwords", "Forms"],
        p[2]: NONE,
        p[3]: "Cannot tell",
        p[4]: "T03",
        p[5]: ["", "", "Forms"],
    }
    path = fill(sheet_for(small, sample, "A"), rows, notes={p[0]: "ask", p[9]: "later"})
    checked = check(path, small, read_codings(tmp_path))
    assert checked.problems == [] and checked.uncoded == 4 and checked.notes == {p[0]: "ask", p[9]: "later"}
    said = {coding.passage_id: (coding.state, coding.themes) for coding in checked.codings}
    assert said == {
        p[0]: (State.CODED, ("T01",)), p[1]: (State.CODED, ("T02", "T05")), p[2]: (State.CODED, ()),
        p[3]: (State.CANNOT_TELL, ()), p[4]: (State.CODED, ("T03",)), p[5]: (State.CODED, ("T05",)),
    }  # fmt: skip
    assert {coding.coder for coding in checked.codings} == {"A"}
    record_codings(tmp_path, checked.codings)
    assert {coding.key: coding for coding in read_codings(tmp_path).in_force} == {c.key: c for c in checked.codings}
    log = codings_path(tmp_path).read_text("utf-8")
    assert "Radio" not in log and "ask" not in log and not any(text[:12] in log for text in small.passages["text"])


def test_a_corrected_sheet_replaces_and_an_emptied_row_is_withdrawn(small: Small, tmp_path: Path, fill) -> None:
    sample = small.sample(10)
    first, second, third = sample.order_for("A")[:3]
    codings = codings_of(tmp_path, small, sample, A={first: ["T01"], second: ["T02"]}, B={first: ["T01"]})
    before = codings_in_force(tmp_path)
    checked = check(fill(sheet_for(small, sample, "A"), {first: "Forms", third: "Training"}), small, codings)
    record_codings(tmp_path, checked.codings)
    found = {coding.key[1:]: coding.themes for coding in read_codings(tmp_path).in_force}
    assert found == {("A", first): ("T05",), ("A", third): ("T03",), ("B", first): ("T01",)}
    assert codings_in_force(tmp_path) != before
    again = check(
        fill(sheet_for(small, sample, "A"), {first: "Forms", third: "Training"}), small, read_codings(tmp_path)
    )
    known = set(read_codings(tmp_path).in_force)
    assert set(again.codings) <= known and again.uncoded == 8


MISTAKES = [
    (["Radio sgnal"], "D2", "is no code of the codebook → perhaps “Radio signal”?"),
    (["Canary"], "D2", "is no code of the codebook → choose from the list"),
    (["Forms", "", "forms"], "F2", "is the same code"),
    ([NONE, "Forms"], "D2", "is “none of these”, but another code"),
    (["Forms", CANNOT_TELL], "E2", "is “cannot tell”, but another code"),
]


@pytest.mark.parametrize(("said", "cell", "words"), MISTAKES, ids=[words for _, _, words in MISTAKES])
def test_each_mistake_is_one_line_that_names_its_cell(small: Small, tmp_path: Path, fill, said, cell, words) -> None:
    sample = small.sample(10)
    record_sample(tmp_path, sample)
    first, second = sample.order_for("A")[:2]
    checked = check(fill(sheet_for(small, sample, "A"), {first: said, second: "Forms"}), small, read_codings(tmp_path))
    (problem,) = checked.problems
    line = str(problem)
    assert line.startswith(f"mine.xlsx, Coding!{cell}: ") and words in line and "Canary" not in line
    assert [coding.passage_id for coding in checked.codings] == [second]


def edited(path: Path, change) -> Path:
    book = load_workbook(path)
    change(book)
    book.save(path)
    return path


EDITS = [
    (lambda b: b[CODING].__setitem__("A3", b[CODING]["A2"].value), "Coding!A3: is the same passage as in a row above"),
    (lambda b: b[CODING].__setitem__("A3", "Canary"), "Coding!A3: is no passage of this sheet"),
    (lambda b: b[CODING].__setitem__("C2", "Canary words"), "Coding!C2: does not hold the words that were exported"),
    (lambda b: b[CODING].delete_rows(4, 2), "Coding: lacks 2 of the 10 passages"),
]


@pytest.mark.parametrize(("change", "words"), EDITS, ids=[words for _, words in EDITS])
def test_changed_rows_are_found(small: Small, tmp_path: Path, fill, change, words: str) -> None:
    sample = small.sample(10)
    record_sample(tmp_path, sample)
    path = fill(sheet_for(small, sample, "A"), dict.fromkeys(sample.order_for("A"), "Forms"))
    lines = [str(problem) for problem in check(edited(path, change), small, read_codings(tmp_path)).problems]
    assert any(words in line for line in lines) and not any("Canary" in line for line in lines)


def test_a_passage_that_changed_in_the_study_is_not_coded(small: Small, tmp_path: Path, fill) -> None:
    from dataclasses import replace

    sample = small.sample(10)
    record_sample(tmp_path, sample)
    first, second = sample.order_for("A")[:2]
    path = fill(sheet_for(small, sample, "A"), {first: "Forms", second: "Forms"})
    present = small.present
    present[first] = replace(present[first], text_hash="other")
    del present[second]
    checked = check_sheet(read_sheet(path), "small", read_codings(tmp_path), present)
    assert [str(p).split(": ")[0] for p in checked.problems] == ["mine.xlsx, Coding!C2", "mine.xlsx, Coding!A3"]


def test_sheets_that_belong_elsewhere_are_refused(small: Small, tmp_path: Path, fill) -> None:
    from openpyxl import Workbook

    sample = small.sample(10)
    (tmp_path / "codes.qdc").write_text('<?xml version="1.0"?><CodeBook/>')
    with pytest.raises(InputError, match=r"not an \.xlsx workbook.*agreement export"):
        read_sheet(tmp_path / "codes.qdc")
    path = fill(sheet_for(small, sample, "A"), {})
    with pytest.raises(InputError, match="a sample that this study has not drawn"):
        check(path, small, read_codings(tmp_path))
    record_sample(tmp_path, sample)
    with pytest.raises(InputError, match="a sheet of another study"):
        check_sheet(read_sheet(path), "other", read_codings(tmp_path), small.present)
    other = tmp_path / "other.xlsx"
    Workbook().save(other)
    with pytest.raises(InputError, match="has no sheet About"):
        read_sheet(other)
    with pytest.raises(InputError, match="is coder A's, and so is mine"):
        refuse_twice([read_sheet(path), read_sheet(path)])
    edited(path, lambda b: b[CODING].delete_cols(4))
    with pytest.raises(InputError, match="has no column Code 1"):
        read_sheet(path)


# ── what is kept ────────────────────────────────────────────────────────────────────────────────────────────────


def test_how_coders_stand_to_each_other(small: Small, tmp_path: Path) -> None:
    sample = small.sample(10)
    a, b, c, d, e = sample.order_for("A")[:5]
    codings = codings_of(
        tmp_path, small, sample,
        A={a: ["T01"], b: ["T01", "T02"], c: [CANNOT_TELL], d: [], e: ["T03"]},
        B={a: ["T01"], b: ["T02"], c: [CANNOT_TELL], d: [CANNOT_TELL]},
    )  # fmt: skip
    found = codings.passages()
    statuses = {passage: (found[passage].status, found[passage].themes) for passage in (a, b, c, d, e)}
    assert statuses == {
        a: (Status.AGREED, {"T01"}),
        b: (Status.DISAGREEMENT, None),
        c: (Status.CANNOT_TELL, None),
        d: (Status.DISAGREEMENT, None),
        e: (Status.ONE, {"T03"}),
    }
    assert found[b].shared == {"T02"} and found[b].by_coder == {"A": {"T01", "T02"}, "B": {"T02"}}


DECISIONS = [
    ("as coder A", {"T01", "T02"}), ("as coder B", {"T02", "T03"}), (ALL, {"T01", "T02", "T03"}), (SHARED, {"T02"}),
    ("Forms", {"T05"}), ("forms; Training", {"T05", "T03"}), (NONE, set()), (CANNOT_TELL, None),
]  # fmt: skip


@pytest.mark.parametrize(("decision", "themes"), DECISIONS, ids=[decision for decision, _ in DECISIONS])
def test_disagreements_are_settled(small: Small, tmp_path: Path, fill, decision: str, themes) -> None:
    sample = small.sample(10)
    first, second = sample.order_for("A")[:2]
    said = {"A": {first: ["T01", "T02"], second: ["T01"]}, "B": {first: ["T03", "T02"], second: ["T02"]}}
    codings = codings_of(tmp_path, small, sample, **said)
    content = settling_sheet("Small", "small", list(codings.passages().values()), CODES_OF_STUDY, small.shown)
    checked = check(fill(content, {first: decision}), small, codings)
    assert checked.problems == [] and checked.uncoded == 1
    record_codings(tmp_path, checked.codings)
    found = read_codings(tmp_path).passages()
    assert found[first].themes == themes and found[second].status is Status.DISAGREEMENT
    assert found[first].status is (Status.CANNOT_TELL if themes is None else Status.SETTLED)
    assert found[first].by_coder["A"] == {"T01", "T02"}, "what coders said stays"


def test_a_settling_that_no_longer_fits_is_refused(small: Small, tmp_path: Path, fill) -> None:
    sample = small.sample(10)
    first = sample.order_for("A")[0]
    codings = codings_of(tmp_path, small, sample, A={first: ["T01"]}, B={first: ["T02"]})
    content = settling_sheet("Small", "small", list(codings.passages().values()), CODES_OF_STUDY, small.shown)
    path = fill(content, {first: "as coder A"})
    codings = codings_of(tmp_path, small, sample, A={first: ["T03"]})
    (problem,) = check(path, small, codings).problems
    assert "what was coded has changed since the export" in str(problem)
    (problem,) = check(fill(content, {first: "Forms; Canary"}), small, read_codings(tmp_path)).problems
    assert "Canary" not in str(problem)


def test_what_is_said_about_other_words_no_longer_counts(small: Small, tmp_path: Path) -> None:
    sample = small.sample(10)
    first = sample.order_for("A")[0]
    codings_of(tmp_path, small, sample, A={first: ["T01"]}, B={first: ["T01"]})
    record_codings(tmp_path, [Coding("later", "A", first, "other words", State.CODED, ("T02",))])
    found = read_codings(tmp_path).passages()[first]
    assert (found.status, found.themes, found.text_hash) == (Status.ONE, {"T02"}, "other words")


def test_a_log_that_was_tampered_with_is_refused(small: Small, tmp_path: Path) -> None:
    sample = small.sample(10)
    codings_of(tmp_path, small, sample, A={sample.order_for("A")[0]: ["T01"]})
    path = codings_path(tmp_path)
    path.write_text(path.read_text("utf-8").replace('"T01"], "previous"', '"T02"], "previous"'), "utf-8")
    with pytest.raises(RefusedError, match=r"codings\.jsonl, line 2"):
        read_codings(tmp_path)


def test_notes_stay_private_and_are_replaced(tmp_path: Path) -> None:
    keep_notes(tmp_path, "s-A", {})
    assert not list((tmp_path / "private" / "agreement").iterdir())
    keep_notes(tmp_path, "s-A", {"p": "first"})
    keep_notes(tmp_path, "s-A", {"p": "second"})
    (path,) = (tmp_path / "private" / "agreement").iterdir()
    assert "second" in path.read_text() and "first" not in path.read_text() and path.stat().st_mode & 0o077 == 0
