"""The workbook a reviewer works in: nothing in it can run, nothing is lost, and it says what it holds."""

import io
import re
import zipfile
from dataclasses import replace

from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock

from pipeline.redaction import REASONS
from pipeline.review.cases import worry
from pipeline.review.vocabulary import CHANGED, NOUNS, REASONS_IN_WORDS, Choice, in_words
from pipeline.review.workbook import CHECK, CHOICE, COLUMNS, CONFIDENTIAL, ID, SHEET, SHOWN, rows_of, workbook_bytes
from tests.helpers import guard
from tests.review.conftest import FIRST, Small, small


def sheet_of(study: Small, **changes):
    cases = [replace(case, **changes) for case in study.cases().values()]
    return load_workbook(io.BytesIO(workbook_bytes("Small", cases)), rich_text=True)


def columns(sheet) -> dict[str, int]:
    return {cell.value: cell.column for cell in sheet[1]}


def test_a_row_shows_the_original_with_what_would_go_marked(study: Small) -> None:
    sheet = sheet_of(study)[SHEET]
    place = columns(sheet)
    original = sheet.cell(2, place["What was said (confidential)"]).value
    assert isinstance(original, CellRichText) and str(original) == FIRST
    marked = [part.text for part in original if isinstance(part, TextBlock) and part.font.u]
    assert marked == ["Gemma", "Niche"]
    assert str(sheet.cell(2, place["As proposed"]).value).startswith("[person] said [organisation] froze")
    assert sheet.cell(2, place["Consent"]).value == "non-attributable"
    assert sheet.cell(2, place["Readers would see"]).value == "Police staff (one of 9)"
    assert "Something else they said." in sheet.cell(2, place["Their other passages"]).value
    assert sheet.freeze_panes == "B2" and sheet.auto_filter.ref.startswith("A1:")


def test_words_that_may_be_names_are_marked_in_the_proposed_text(study: Small) -> None:
    sheet = sheet_of(study, doubtful=("Gaz",))[SHEET]
    proposed = sheet.cell(2, columns(sheet)["As proposed"]).value
    assert [p.text for p in proposed if isinstance(p, TextBlock) and p.font.u == "double"] == ["Gaz"]


def test_decisions_come_from_a_list(study: Small) -> None:
    sheet = sheet_of(study)[SHEET]
    lists = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    letter = {name: chr(64 + column) for name, column in columns(sheet).items()}
    assert lists[f"{letter[CHOICE]}2"] == f'"{",".join(Choice)}"'
    assert all(len(source) <= 257 for source in lists.values()), "longer lists are refused by Excel"
    book = sheet_of(study)
    first, last = re.findall(r"\$([A-Z]+\$\d+)", lists[f"{letter[SHOWN]}2"])
    nouns = [cell.value for (cell,) in book["How to work"][f"{first}:{last}".replace("$", "")]]
    assert nouns == [f"[{noun}]" for noun in sorted(NOUNS)]


def test_it_says_that_it_is_confidential(study: Small) -> None:
    book = sheet_of(study)
    guide = " ".join(str(cell.value) for row in book["How to work"] for cell in row if cell.value)
    assert CONFIDENTIAL in guide and all(choice in guide for choice in Choice)
    assert CONFIDENTIAL in book[SHEET].oddHeader.left.text and CONFIDENTIAL in book["How to work"].oddHeader.left.text


def test_no_cell_is_a_formula_a_number_or_a_link(study: Small) -> None:
    nasty = study.with_text("s2", '=HYPERLINK("http://x.example","y") @SUM(1) http://link.example \x07\u202e')
    cases = [replace(c, question="=1+1", others=("+cmd",), shown_as="@x") for c in nasty.cases().values()]
    data = workbook_bytes("=1+1", cases)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = "".join(archive.read(name).decode() for name in archive.namelist() if "worksheets/" in name)
        assert not [name for name in archive.namelist() if "hyperlink" in name.lower() or "external" in name.lower()]
    assert "<f>" not in xml and "<hyperlink" not in xml
    assert not re.search(r'<c [^>]*(?<!t="s")><v>', xml), "every value is a shared string"
    assert "\x07" not in xml and "\u202e" not in xml


def test_long_texts_continue_in_further_rows_and_lose_nothing() -> None:
    from pipeline.redaction import Document, Segment

    long = "Gemma said it again. " * 4000 + "x" * 40_000 + " Niche"
    study = small(Document("d", (Segment("s1", long, "c"),)))
    case = study.cases()["s1"]
    rows = rows_of(case)
    assert "".join(text for row in rows for _, text in row.original) == long
    assert [row.case is not None for row in rows] == [True] + [False] * (len(rows) - 1)
    assert rows[1].id == f"s1 (part 2 of {len(rows)})"
    sheet = load_workbook(io.BytesIO(workbook_bytes("Small", [replace(case, others=("y" * 50_000,))])))[SHEET]
    place = columns(sheet)
    for name, _ in COLUMNS:
        assert all(len(str(sheet.cell(n, place[name]).value or "")) <= 32_767 for n in range(2, sheet.max_row + 1))
    assert (
        "".join(sheet.cell(n, place["What was said (confidential)"]).value for n in range(2, sheet.max_row + 1)) == long
    )


def test_an_earlier_decision_is_filled_in_and_reads_back_as_itself(study: Small, decide) -> None:
    rows = ({ID: "s1", CHOICE: Choice.GENERALISE, "Which words": "Gaz; dispatcher", SHOWN: "[role]"},)
    ((decision, _),) = decide(study.cases(), *rows).decided
    decided = {"s1": replace(study.cases()["s1"], decision=decision)}
    ((again, _),) = decide(decided).decided
    assert again == decision


def test_every_reason_has_words_and_a_place(study: Small) -> None:
    assert {*REASONS, CHANGED} <= set(REASONS_IN_WORDS)
    assert in_words("health,unknown_name")[0] == REASONS_IN_WORDS["unknown_name"]
    assert sorted(["health", "health,unknown_name", "unknown_name", "welsh"], key=worry)[0] == "health,unknown_name"
    glossary = (guard.ROOT / "GLOSSARY.md").read_text("utf-8")
    assert [reason for reason in REASONS_IN_WORDS if f"`{reason}`" not in glossary] == []
    assert in_words("brand_new") == ["brand new"]


def test_check_and_id_are_the_cases_own(study: Small) -> None:
    sheet = sheet_of(study)[SHEET]
    place = columns(sheet)
    case = study.cases()["s1"]
    assert (sheet.cell(2, place[ID]).value, sheet.cell(2, place[CHECK]).value) == ("s1", case.check)
