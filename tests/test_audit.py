"""The audit log: no identifier in it, and every change to it shows where it was made."""

import json
from pathlib import Path

import pytest

from pipeline.audit import LOG, changed, record, verify
from pipeline.store import Output, Run
from pipeline.tables import records
from tests.fakes import passages_table


def a_run(root: Path) -> Run:
    run = Run(root, "abc")
    for position, stage in enumerate(("one", "two", "three")):
        table = passages_table([f"Text of {stage}."])
        facts = {
            "position": position,
            "balances": [{"unit": "file", "in": 1, "out": 1, "set_aside": 0}],
            "counts": {"PERSON": position},
        }
        run.save(stage, f"key {stage}", Output({"passages": table}), facts)
        record(run, stage, {"models": {"spacy": "f" * 64}})
    return run


def test_a_whole_log_verifies_and_names_every_stage_once(tmp_path: Path) -> None:
    run = a_run(tmp_path)
    record(run, "two", {"models": {"spacy": "f" * 64}})
    events = [json.loads(line) for line in (run.folder / LOG).read_text("utf-8").splitlines()]
    assert [event["stage"] for event in events] == ["one", "two", "three"]
    assert events[2]["counts"] == {"PERSON": 2} and events[0]["models"] and events[0]["files"]
    assert verify(run.folder) is None and verify(run.folder / LOG) is None


@pytest.mark.parametrize(("spoil", "line"), [("edit", 2), ("remove", 2), ("reorder", 1), ("cut", 3), ("empty", 1)])
def test_a_change_shows_where_it_was_made(tmp_path: Path, spoil: str, line: int) -> None:
    run = a_run(tmp_path)
    path = run.folder / LOG
    lines = path.read_text("utf-8").splitlines()
    changed = {
        "edit": [lines[0], lines[1].replace('"PERSON": 1', '"PERSON": 0'), lines[2]],
        "remove": [lines[0], lines[2]],
        "reorder": [lines[1], lines[0], lines[2]],
        "cut": lines[:2],
        "empty": [],
    }[spoil]
    path.write_text("".join(f"{text}\n" for text in changed), "utf-8")
    found = verify(run.folder)
    assert found is not None and found.line == line
    record(run, "three", {"models": {"spacy": "e" * 64}})
    after = verify(run.folder)
    assert after is not None and after.line == line, "what is added later must not hide it"


def test_each_run_whose_log_was_changed_is_named(tmp_path: Path) -> None:
    run = a_run(tmp_path)
    assert changed(tmp_path) == {}
    log = run.folder / LOG
    log.write_text(log.read_text("utf-8").replace('"PERSON": 1', '"PERSON": 0'), "utf-8")
    assert {run_id: broken.line for run_id, broken in changed(tmp_path).items()} == {"abc": 2}
    log.unlink()
    assert {run_id: broken.line for run_id, broken in changed(tmp_path).items()} == {"abc": 1}


def test_texts_and_ids_stay_out(tmp_path: Path) -> None:
    run = a_run(tmp_path)
    log = (run.folder / LOG).read_text("utf-8")
    for row in records(run.read("passages")):
        assert not any(row[name] in log for name in ("text", "passage_id", "segment_id"))
