"""Runs on disk: all or nothing, verified by hash, closed to others."""

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import RefusedError
from pipeline.store import Output, Run, file_sha256, latest_run, point_to, study_key, study_lock, write_atomic
from pipeline.tables import THEMES, ContractBroken, Zone, conform

QUESTIONS = pd.DataFrame({"question_id": ["b", "a"], "text": ["Why?", "How?"]})


def saved(tmp_path: Path, key: str = "k1") -> Run:
    run = Run(tmp_path, "r1")
    output = Output({"questions": QUESTIONS}, {"vectors": np.eye(2, dtype=np.float32)})
    run.save("ingest", key, output, {"seconds": 1.0})
    return run


def test_a_saved_stage_reads_back_in_its_canonical_order(tmp_path: Path) -> None:
    run = saved(tmp_path)
    assert list(run.read("questions")["question_id"]) == ["a", "b"]
    assert run.read_array("ingest", "vectors").tolist() == [[1, 0], [0, 1]]
    assert run.is_finished("ingest", "k1")
    assert not run.is_finished("ingest", "k2")
    assert not run.is_finished("redact", "k1")


@pytest.mark.parametrize("damage", ["flip", "truncate", "delete"])
def test_a_damaged_stage_is_not_finished(tmp_path: Path, damage: str) -> None:
    run = saved(tmp_path)
    path = run.stage_folder("ingest", Zone.WORKING) / "questions.parquet"
    content = bytearray(path.read_bytes())
    if damage == "flip":
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    elif damage == "truncate":
        path.write_bytes(content[:-1])
    else:
        path.unlink()
    assert not run.is_finished("ingest", "k1")


def test_an_error_while_writing_leaves_the_stage_unfinished_and_the_old_one_whole(tmp_path: Path) -> None:
    run = saved(tmp_path)
    before = run.manifest

    def fail(folder: Path) -> None:
        (folder / "half.txt").write_text("half")
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        run.save("ingest", "k2", Output({"questions": QUESTIONS[:0]}, write_files=fail), {})
    assert run.manifest == before
    assert run.is_finished("ingest", "k1")


def test_a_table_that_breaks_its_contract_is_not_written(tmp_path: Path) -> None:
    run = Run(tmp_path, "r1")
    double = pd.DataFrame({"question_id": ["a", "a"], "text": ["canary one", "canary two"]})
    with pytest.raises(ContractBroken) as caught:
        run.save("ingest", "k", Output({"questions": double}), {})
    assert "question_id" in str(caught.value) and "canary" not in str(caught.value)
    assert run.entry("ingest") is None


def test_nobody_else_can_read_anything(tmp_path: Path) -> None:
    run = saved(tmp_path)
    run.note(extra=1)
    study_key(tmp_path)
    for path in [tmp_path / "runs", tmp_path / "private", *tmp_path.rglob("*")]:
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


def test_a_stage_with_the_same_inputs_is_taken_over(tmp_path: Path) -> None:
    first = saved(tmp_path)
    second = Run(tmp_path, "r2")
    assert not second.adopt("ingest", "other", first)
    assert second.adopt("ingest", "k1", first)
    assert second.is_finished("ingest", "k1")
    assert second.read("questions").equals(first.read("questions"))
    assert second.entry("ingest")["adopted_from"] == "r1"


def test_a_damaged_stage_is_not_taken_over(tmp_path: Path) -> None:
    first = saved(tmp_path)
    (first.stage_folder("ingest", Zone.WORKING) / "questions.parquet").unlink()
    assert not Run(tmp_path, "r2").adopt("ingest", "k1", first)


def test_the_key_is_made_once_and_is_nobody_elses(tmp_path: Path) -> None:
    assert study_key(tmp_path) == study_key(tmp_path)
    assert len(study_key(tmp_path)) == 32
    other = tmp_path / "other"
    assert study_key(other) != study_key(tmp_path)


def test_latest_points_to_a_run_that_exists(tmp_path: Path) -> None:
    assert latest_run(tmp_path) is None
    run = saved(tmp_path)
    point_to(run)
    assert latest_run(tmp_path).run_id == "r1"
    assert Run.open(tmp_path).run_id == Run.open(run.folder).run_id == "r1"
    (run.folder / "run.json").unlink()
    assert latest_run(tmp_path) is None
    with pytest.raises(RefusedError, match="holds no run"):
        Run.open(tmp_path)


def test_writing_atomically_replaces_or_keeps(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_atomic(path, b"one")
    write_atomic(path, b"two")
    assert path.read_bytes() == b"two"
    assert [p.name for p in tmp_path.iterdir()] == ["file"]
    assert file_sha256(path) == __import__("hashlib").sha256(b"two").hexdigest()


def test_one_run_at_a_time_and_a_killed_one_leaves_no_lock(tmp_path: Path) -> None:
    code = f"""
import sys, time; sys.path.insert(0, {str(Path(__file__).parent.parent)!r})
from pathlib import Path
from pipeline.store import study_lock
with study_lock(Path({str(tmp_path)!r})):
    print("held", flush=True); time.sleep(60)
"""
    holder = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(RefusedError, match="another run"), study_lock(tmp_path):
        pass
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    started = time.monotonic()
    with study_lock(tmp_path):
        assert time.monotonic() - started < 1


PERSON = {
    "contributor_id": "c1",
    "source_id": "s",
    "name": "Canary Quixar",
    "email": "",
    "organisation": "",
    "role": "",
}
PEOPLE = pd.DataFrame(
    [{**PERSON, "stakeholder_group": "", "other_identifiers": "", "consent_wording": "No", "wave": 1}]
)


def test_restricted_tables_lie_in_private_and_nowhere_else(tmp_path: Path) -> None:
    run = Run(tmp_path, "r1")
    run.save("ingest", "k", Output({"contributors": PEOPLE, "questions": QUESTIONS}), {})
    files = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.parquet")}
    assert files == {"private/runs/r1/ingest/contributors.parquet", "runs/r1/ingest/questions.parquet"}
    assert list(run.read("contributors")["name"]) == ["Canary Quixar"]


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "file").mkdir()
    (tmp_path / "file" / "inside").touch()
    with pytest.raises(OSError):
        write_atomic(tmp_path / "file", b"respondents' words")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"run_id": "r1"}', "\udcff"])
def test_a_damaged_manifest_says_nothing_and_the_run_begins_again(tmp_path: Path, content: str) -> None:
    run = saved(tmp_path)
    (run.folder / "run.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    assert run.manifest == {"run_id": "r1", "stages": {}}
    assert not run.is_finished("ingest", "k1")
    assert saved(tmp_path).is_finished("ingest", "k1")


def test_a_run_holds_a_stage_only_while_its_files_are_what_it_wrote(tmp_path: Path) -> None:
    run = saved(tmp_path)
    assert run.holds("ingest") and not run.holds("redact")
    path = run.stage_folder("ingest", Zone.WORKING) / "questions.parquet"
    path.write_bytes(path.read_bytes()[::-1])
    assert not run.holds("ingest")


def test_a_stage_done_again_holds_only_what_it_wrote_last(tmp_path: Path) -> None:
    run = saved(tmp_path)
    left = run.stage_folder("ingest", Zone.WORKING).with_name("ingest.partial")
    left.mkdir()
    (left / "half.parquet").write_text("of a run that was killed")
    run.save("ingest", "k2", Output({"questions": QUESTIONS[:1]}), {})
    assert [p.name for p in run.stage_folder("ingest", Zone.WORKING).iterdir()] == ["questions.parquet"]
    assert list(run.entry("ingest")["files"]) == ["runs/r1/ingest/questions.parquet"]
    assert run.is_finished("ingest", "k2") and not run.is_finished("ingest", "k1")
    assert list(run.read("questions")["question_id"]) == ["b"]


def test_a_stage_done_again_makes_later_ones_undone_and_keeps_earlier_ones(tmp_path: Path) -> None:
    run = Run(tmp_path, "r1")
    for position, stage in enumerate(("ingest", "split", "quotes")):
        run.save(stage, "k", Output({}), {"position": position})
    run.save("split", "k2", Output({}), {"position": 1})
    assert set(run.manifest["stages"]) == {"ingest", "split"}


def test_what_was_set_aside_is_read_from_all_stages_at_once(tmp_path: Path) -> None:
    run = Run(tmp_path, "r1")
    assert run.read("set_aside").empty
    for position, (stage, reason) in enumerate((("consent", "consent_missing"), ("split", "too_short"))):
        aside = pd.DataFrame({"stage": stage, "what": "segment", "id": ["x"], "reason": reason})
        run.save(stage, "k", Output({"set_aside": aside}), {"position": position})
    assert list(run.read("set_aside")["reason"]) == ["consent_missing", "too_short"]


def test_a_table_changed_behind_the_runs_back_is_not_handed_out(tmp_path: Path) -> None:
    run = saved(tmp_path)
    path = run.stage_folder("ingest", Zone.WORKING) / "questions.parquet"
    pd.DataFrame({"question_id": ["a", "a"], "text": ["x", "y"]}).to_parquet(path, index=False)
    with pytest.raises(ContractBroken, match="unique"):
        run.read("questions")
    with pytest.raises(RefusedError, match="not come that far"):
        run.read("passages")


def test_a_table_from_before_a_column_is_read_with_what_it_stood_for_then(tmp_path: Path) -> None:
    run, then = Run(tmp_path, "r1"), {"question_id": "", "label_source": "machine"}
    row = dict.fromkeys(THEMES.names, "T01") | {"low_confidence": False, **then}
    themes = conform(pd.DataFrame([row | {"n_passages": 2, "n_contributors": 2}]), THEMES)
    run.save("themes", "k1", Output({"themes": themes}), {})
    path = run.stage_folder("themes", Zone.WORKING) / "themes.parquet"
    for later in (["question_id"], list(then)):
        themes.drop(columns=later).to_parquet(path, index=False)
        pd.testing.assert_frame_equal(run.read("themes"), themes)
    themes.drop(columns="label").to_parquet(path, index=False)
    with pytest.raises(ContractBroken, match="other columns"):
        run.read("themes")


def test_the_latest_run_changes_when_another_is_pointed_to(tmp_path: Path) -> None:
    point_to(saved(tmp_path))
    before = (tmp_path / "runs" / "LATEST").stat().st_mtime_ns
    point_to(Run(tmp_path, "r1"))
    assert (tmp_path / "runs" / "LATEST").stat().st_mtime_ns == before
    second = Run(tmp_path, "r2")
    second.save("ingest", "k", Output({}), {})
    point_to(second)
    assert latest_run(tmp_path).run_id == "r2"
