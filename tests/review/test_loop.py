"""The whole loop by the real commands: what waits goes out, comes back decided, and later runs follow it."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline import audit
from pipeline.redaction import known_answer
from pipeline.redaction.findings import Entity
from pipeline.redaction.token_model import SUSPECT, TokenModel
from pipeline.steps import plan, run_study
from pipeline.store import Run
from pipeline.study import Study
from tests.helpers import guard
from tests.privacy.scanner import find

pytestmark = pytest.mark.models

ANSWERS = {
    "product": "We bought Fernglade last year and it does everything that we asked of it.",
    "handset": "The new Brackwell handset drops every call inside the custody block at night.",
    "ill": "My depression got worse when the system changed and nobody told us about it.",
    "story": "I said to Zanthorpe that the export was broken and that was the end of my career.",
}


@pytest.fixture(autouse=True)
def without_the_classifier(monkeypatch: pytest.MonkeyPatch) -> None:
    """It recognises these names. The loop is about the ones that nothing recognises, and that it only suspects."""

    def suspects(_self: TokenModel, texts: Sequence[str]) -> list[list[Entity]]:
        return [[Entity(0, len(text), SUSPECT, 0.2)] for text in texts]

    monkeypatch.setattr(TokenModel, "find", suspects)
    monkeypatch.setattr(known_answer, "missed", lambda *_: [])


@pytest.fixture
def study(small_study: Path) -> Path:
    answers = small_study / "sources" / "answers.csv"
    rows = [f'{name},No,Police officer,"{text}"\n' for name, text in ANSWERS.items()]
    answers.write_text(answers.read_text("utf-8") + "".join(rows), "utf-8")
    return small_study


def said(run: Run, beginning: str) -> dict:
    """The passage that begins so."""
    (row,) = [row for row in run.read("passages").to_dict("records") if row["text"].startswith(beginning)]
    return row


def fill(path: Path, decisions: dict[str, dict[str, str]]) -> None:
    """Fills in the rows whose original begins with each key."""
    book = load_workbook(path)
    sheet = book["Review"]
    place = {cell.value: cell.column for cell in sheet[1]}
    for beginning, cells in decisions.items():
        (row,) = [n for n in range(2, sheet.max_row + 1) if str(sheet.cell(n, 3).value).startswith(beginning)]
        for name, value in cells.items():
            sheet.cell(row, place[name]).value = value
    book.save(path)


def test_the_loop(study: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    run = run_study(Study.load(study))
    waiting = run.read("passages").query("review != ''")
    assert len(waiting) == 4 and not set(run.read("quotes")["passage_id"]) & set(waiting["passage_id"])

    first = [event for event in audit.chain.read(run.folder / audit.LOG) if event["stage"] == "redact"][-1]
    assert first["reviews"] == {"none": 48, "waiting": 4} and sum(first["reasons"].values()) >= 4

    status = guard.run("status", str(study), home=home)
    assert "4  not quoted until decided" in status.out and "review export" in status.out
    exported = guard.run("review", "export", str(study), home=home)
    book = study / "private" / "review" / "review.xlsx"
    assert exported.code == 0 and str(book) in exported.out and "Confidential" in exported.err
    assert book.stat().st_mode & 0o077 == 0
    assert "Fernglade" not in exported.out + exported.err

    fill(book, {"We bought": {"Decision": "redact also these words", "Which words": "nobody said this"}})
    refused = guard.run("review", "import", str(study), str(book), home=home)
    assert refused.code == 11 and "Review!F" in refused.err and "nobody said" not in refused.err
    assert not (study / "decisions").exists()

    fill(
        book,
        {
            "We bought": {
                "Which words": "Fernglade",
                "Shown instead": "[organisation]",
                "Your initials": "Quokkington",
            },
            "The new Brackwell": {"Decision": "redact as proposed", "Comment": "Brackwell is sold everywhere"},
            "My depression": {"Decision": "keep as it stands"},
            "I said to": {"Decision": "drop the quote"},
        },
    )
    imported = guard.run("review", "import", str(study), str(book), home=home)
    assert imported.code == 0 and "4 decision(s) added" in imported.out, imported.err
    again = guard.run("review", "import", str(study), str(book), home=home)
    assert again.code == 0 and "4 known already" in again.out
    assert not plan(Study.load(study)).finished
    assert guard.run("review", "export", str(study), home=home).code == 13, "decisions wait to be applied"

    second = run_study(Study.load(study))
    assert second.entry("ingest")["adopted_from"] == run.run_id and "adopted_from" not in second.entry("redact")
    assert said(second, "We bought [organisation] last year")["review"] == ""
    assert said(second, "The new Brackwell handset")["review"] == ""
    assert said(second, "My depression got worse")["review"] == ""
    assert said(second, "I said to")["review"] == "dropped"
    assert said(second, "I said to")["passage_id"] not in set(second.read("quotes")["passage_id"])
    assert plan(Study.load(study)).finished, "what was decided is part of the run"
    assert guard.run("review", "export", str(study), home=home).out.startswith("Nothing is waiting")

    last = [event for event in audit.chain.read(second.folder / audit.LOG) if event["stage"] == "redact"][-1]
    assert last["reviews"] == {"decided": 3, "dropped": 1, "none": 48} and last["reasons"] == {}
    assert audit.verify(second.folder) is None
    words = ["Fernglade", "Zanthorpe", "Quokkington", "sold everywhere"]
    assert find(study / "decisions", words) == {}
    assert find(second.folder, ["Fernglade", "Quokkington", "sold everywhere"]) == {}

    changed = study / "sources" / "answers.csv"
    changed.write_text(changed.read_text("utf-8").replace("asked of it", "asked for"), "utf-8")
    third = run_study(Study.load(study), until="split")
    assert "decision_void" in said(third, "We bought Fernglade")["review"]
    assert said(third, "My depression got worse")["review"] == ""
    reported = guard.run("status", str(study), "--json", home=home)
    assert '"waiting": 1' in reported.out and '"void": 1' in reported.out


def test_a_decision_can_be_changed_and_part_of_a_file_applied(study: Path, tmp_path: Path) -> None:
    home, out = tmp_path / "home", tmp_path / "mine.xlsx"
    run_study(Study.load(study), until="split")
    assert guard.run("review", "export", str(study), "--out", str(out), home=home).code == 0
    fill(out, {"I said to": {"Decision": "drop the quote"}, "My depression": {"Decision": "publish"}})
    ran = guard.run("review", "import", str(study), str(out), "--skip-invalid", home=home)
    assert ran.code == 0 and "skipped: mine.xlsx, Review!E" in ran.err and "1 decision(s) added" in ran.out
    run_study(Study.load(study), until="split")
    assert guard.run("review", "export", str(study), "--which", "decided", "--out", str(out), home=home).code == 0
    sheet = load_workbook(out)["Review"]
    assert sheet.max_row == 2 and sheet["E2"].value == "drop the quote"
    fill(out, {"I said to": {"Decision": "redact as proposed"}})
    ran = guard.run("review", "import", str(study), str(out), home=home)
    assert "1 of them in place of an earlier one" in ran.out
    assert said(run_study(Study.load(study), until="split"), "I said to")["review"] == ""


def test_a_log_that_was_tampered_with_stops_the_run(study: Path, tmp_path: Path) -> None:
    (study / "decisions").mkdir()
    (study / "decisions" / "review.jsonl").write_text('{"segment_id": "s"}\n', "utf-8")
    ran = guard.run("run", str(study), "--until", "split", home=tmp_path / "home")
    assert ran.code == 13 and "review.jsonl, line 1" in ran.err and not (study / "runs").exists()
    shutil.rmtree(study / "decisions")


def test_a_new_contributor_called_like_a_kept_word_covers_it_again(study: Path) -> None:
    """The product of one day's review is the surname of the next day's respondent."""
    from pipeline.review.cases import all_cases
    from pipeline.review.decisions import record
    from pipeline.review.importing import Row, check_rows
    from pipeline.store import study_key

    named = (study / "study.yaml").read_text("utf-8").replace("consent: Consent,", "consent: Consent, name: Name,")
    (study / "study.yaml").write_text(named, "utf-8")
    answers = study / "sources" / "answers.csv"
    lines = answers.read_text("utf-8").splitlines()
    rows = [lines[0] + ",Name", *(f"{line}," for line in lines[1:])]
    answers.write_text("\n".join(rows) + "\n", "utf-8")
    run = run_study(Study.load(study), until="split")
    cases = all_cases(run, {})
    (case,) = [case for case in cases.values() if case.original.startswith("The new Brackwell")]
    cells = {"Id": case.segment_id, "Check": case.check, "Decision": "redact as proposed"}
    row = Row({**dict.fromkeys(("Which words", "Shown instead", "Comment", "Your initials"), ""), **cells}, {})
    record(study, study_key(study), check_rows([row], cases).decided)
    assert said(run_study(Study.load(study), until="split"), "The new Brackwell")["review"] == ""
    answers.write_text("\n".join([*rows, "900,No,Police staff,The lift is slow on most days.,Orla Brackwell"]) + "\n")
    later = run_study(Study.load(study), until="split")
    assert "Brackwell" not in " ".join(later.read("redacted_documents")["text"])
