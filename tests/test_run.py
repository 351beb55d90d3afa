"""Whole runs: the same twice, the same under another key, resumable after a kill, and skipped when nothing changed."""

import csv
import io
import json
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.errors import QuotebankError
from pipeline.steps import STAGE_NAMES, STAGES, plan, run_study, stage_key, summary
from pipeline.store import Run, file_sha256
from pipeline.study import Profile, Redaction, Study
from tests.conftest import SampleRun, copy_sample
from tests.helpers import guard

pytestmark = pytest.mark.models


def draft_hashes(folder: Path) -> dict[str, str]:
    return {path.name: file_sha256(path) for path in sorted(folder.iterdir())}


@pytest.mark.prefect
def test_the_sample_study_becomes_a_bank(sample_run: SampleRun) -> None:
    assert [stage["stage"] for stage in sample_run.summary["stages"]] == list(STAGE_NAMES)
    assert {path.name for path in sample_run.draft.iterdir()} == {
        "quote_bank.html",
        "quote_bank.xlsx",
        "quote_bank.csv",
        "methods.md",
    }
    for stage in sample_run.summary["stages"]:
        assert stage["peak_mb"] < 1500, stage
        assert stage["balances"], stage
        for balance in stage["balances"]:
            assert balance["in"] == balance["out"] + balance["set_aside"] and balance["out"] > 0


@pytest.mark.prefect
def test_an_unchanged_study_is_not_run_again(sample_run: SampleRun) -> None:
    before = {p: p.stat().st_mtime_ns for p in sample_run.root.rglob("*") if p.is_file()}
    started = time.monotonic()
    again = guard.run("run", str(sample_run.root), home=sample_run.home)
    assert again.code == 0 and "Nothing has changed" in again.out
    assert time.monotonic() - started < 10
    assert {p: p.stat().st_mtime_ns for p in sample_run.root.rglob("*") if p.is_file()} == before


def test_every_quote_is_in_its_redacted_source_and_comes_from_who_may_be_quoted(sample_run: SampleRun) -> None:
    run = Run.open(sample_run.root)
    documents = run.read("redacted_documents").set_index("document_id")["text"]
    passages = run.read("passages").set_index("passage_id")
    people = run.read("attributions").set_index("contributor_id")
    quotes = run.read("quotes")
    assert len(quotes) > 60
    for quote in quotes.to_dict("records"):
        assert documents[quote["document_id"]][quote["start"] : quote["end"]] == quote["text"]
        person = people.loc[passages.loc[quote["passage_id"], "contributor_id"]]
        assert person["quotable"]
        assert person["attribution"] != "non_attributable" or person["attribution_line"] == ""
    texts = run.read("passages")
    for row in texts.to_dict("records"):
        assert documents[row["document_id"]][row["start"] : row["end"]] == row["text"]


def test_another_key_and_another_order_of_rows_write_the_same_bank(sample_run: SampleRun, tmp_path: Path) -> None:
    """Nothing that leaves depends on the study's key, on the time, on Prefect, or on who answered first."""
    root = copy_sample(tmp_path / "study")
    table = list(csv.reader(io.StringIO((root / "sources" / "partners.csv").read_text("utf-8"), newline="")))
    with (root / "sources" / "partners.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\r\n").writerows([table[0], *table[:0:-1]])
    run = run_study(Study.load(root))
    assert (root / "private" / "key").read_bytes() != (sample_run.root / "private" / "key").read_bytes()
    theirs, ours = draft_hashes(sample_run.draft), draft_hashes(run.folder / "draft")
    assert theirs["quote_bank.csv"] == ours["quote_bank.csv"]


def test_the_same_study_twice_is_the_same_to_the_byte(sample_run: SampleRun, tmp_path: Path) -> None:
    root = copy_sample(tmp_path / "study")
    (root / "private").mkdir(mode=0o700)
    shutil.copyfile(sample_run.root / "private" / "key", root / "private" / "key")
    run = run_study(Study.load(root))
    first = Run.open(sample_run.root)
    assert run.run_id == first.run_id
    assert draft_hashes(run.folder / "draft") == draft_hashes(sample_run.draft)
    for stage in STAGE_NAMES:
        assert run.entry(stage)["files"] == first.entry(stage)["files"], stage


@pytest.mark.parametrize("after", ["ingest", "redact", "embed", "themes"])
def test_a_killed_run_goes_on_where_it_was(after: str, small_study: Path) -> None:
    """SIGKILL in the middle of the stage after `after`; the next run redoes that stage only, to the same result."""
    code = f"""
import os, signal, sys, time
sys.path.insert(0, {str(guard.ROOT)!r})
from pathlib import Path
from pipeline import store, steps
from pipeline.study import Study
original = store.Run.note
def note(self, **facts):
    original(self, **facts)
    if {after!r} in facts.get("stages", {{}}):
        folder = self.folder / (steps.STAGE_NAMES[steps.STAGE_NAMES.index({after!r}) + 1] + ".partial")
        folder.mkdir(); (folder / "half.parquet").write_text("half")
        os.kill(os.getpid(), signal.SIGKILL)
store.Run.note = note
steps.run_study(Study.load({str(small_study)!r}))
"""
    killed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    study = Study.load(small_study)
    half = plan(study)
    assert not half.finished
    before = dict(half.run.manifest["stages"])
    assert set(before) == set(STAGE_NAMES[: STAGE_NAMES.index(after) + 1])
    run = run_study(study)
    assert {name: run.entry(name) for name in before} == before
    assert summary(run)["complete"]
    assert not list(run.folder.glob("*.partial"))


def test_a_changed_setting_redoes_only_what_depends_on_it(small_study: Path) -> None:
    first = run_study(Study.load(small_study))
    path = small_study / "study.yaml"
    path.write_text(path.read_text("utf-8") + "quotes: {per_theme: 2}\n", "utf-8")
    second = run_study(Study.load(small_study))
    assert second.run_id != first.run_id
    adopted = {name for name in STAGE_NAMES if second.entry(name).get("adopted_from") == first.run_id}
    assert adopted == {"ingest", "consent", "redact", "split", "embed", "themes", "codebook"}
    assert second.read("quotes").groupby("theme_id").size().max() <= 2
    assert first.read("themes").equals(second.read("themes"))


def test_another_profile_redacts_again(small_study: Path) -> None:
    study = Study.load(small_study)
    run = plan(study).run
    strict = study.model_copy(update={"redaction": Redaction(profile=Profile.STRICT)})
    changed = [stage.name for stage in STAGES if stage_key(study, run, stage) != stage_key(strict, run, stage)]
    assert changed == ["redact", "draft"]


def test_a_damaged_file_is_noticed_and_made_again(small_study: Path) -> None:
    study = Study.load(small_study)
    run = run_study(study)
    html = run.folder / "draft" / "quote_bank.html"
    good = html.read_bytes()
    html.write_bytes(good.replace(b"DRAFT", b"FINAL"))
    assert not plan(study).finished
    run_study(study)
    assert html.read_bytes() == good


def test_a_rename_in_the_codebook_reaches_the_bank_and_survives_new_data(small_study: Path) -> None:
    study = Study.load(small_study)
    run = run_study(study)
    theme = run.read("themes").iloc[0]
    book = small_study / "codebook.yaml"
    renamed_line = rf"(?m)^(\s+label: ).*{re.escape(theme['label'])}.*$"
    book.write_text(re.sub(renamed_line, r"\1Kit that lets us down", book.read_text("utf-8"), count=1), "utf-8")
    renamed = run_study(study)
    assert "Kit that lets us down" in set(renamed.read("coded_themes")["label"])
    assert "Kit that lets us down" in (renamed.folder / "draft" / "quote_bank.csv").read_text("utf-8-sig")
    answers = small_study / "sources" / "answers.csv"
    answers.write_text(
        answers.read_text("utf-8") + "999,No,Police officer,The new phones are good but the signal is not.\n", "utf-8"
    )
    third = run_study(study)
    kept = third.read("coded_themes").set_index("theme_id")["label"]
    assert kept[theme["theme_id"]] == "Kit that lets us down"
    old, new = (r.read("assignments").set_index("passage_id")["theme_id"] for r in (run, third))
    assert (old == new.reindex(old.index)).mean() > 0.8


def test_two_runs_at_once_do_not_mix(small_study: Path) -> None:
    code = f"import sys; sys.path.insert(0, {str(guard.ROOT)!r})\nfrom pipeline import Study, run_study\nrun_study(Study.load({str(small_study)!r}))"
    first = subprocess.Popen([sys.executable, "-c", code])
    deadline = time.monotonic() + 60
    while not (small_study / "runs").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    with pytest.raises(QuotebankError, match="another run"):
        run_study(Study.load(small_study))
    assert first.wait(timeout=300) == 0
    assert json.loads((Run.open(small_study).folder / "run.json").read_text())["stages"]
    assert (small_study / "runs" / "LATEST").exists()
