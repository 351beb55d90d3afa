"""Loose passages: what the redactor is told, and what is written for each line. Redaction itself is a stand-in."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import InputError
from pipeline.redact_lines import redact_lines
from tests import quick
from tests.quick import HOLD, MASK, SECRET, FakeRedactor


@pytest.fixture(autouse=True)
def no_models(monkeypatch: pytest.MonkeyPatch) -> None:
    quick.without_models(monkeypatch)


def redact(tmp_path: Path, *rows: object) -> tuple[list[dict[str, Any]], dict[str, int]]:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("\n\n".join(json.dumps(row) for row in rows) + "\n", "utf-8")
    counts = redact_lines(source, target, lambda done, total: None)
    return [json.loads(line) for line in target.read_text("utf-8").splitlines()], counts


JO = {
    "name": "Jo Fenn",
    "email": "jo@x.example",
    "force_or_organisation": "GMP",
    "role": "PC",
    "stakeholder_group": "Officer",
}
AL = {"name": "Al Bo"}


def test_each_line_gains_what_was_found_in_it_in_the_order_given(tmp_path: Path) -> None:
    rows, counts = redact(
        tmp_path,
        {"passage_id": "b", "text": f"Ask {SECRET}.", "document_id": "d", "kept": [1]},
        {"passage_id": "a", "text": "I am ill.", "document_id": "e"},
        {"passage_id": "c", "text": "Nothing.", "document_id": "d"},
    )
    assert [row["passage_id"] for row in rows] == ["b", "a", "c"]
    assert rows[0]["redacted_text"] == f"Ask {MASK}." and rows[0]["kept"] == [1]
    assert [(s["start"], s["end"], s["label"]) for s in rows[0]["spans"]] == [(4, 4 + len(SECRET), "PERSON")]
    assert (rows[1]["held"], rows[1]["reasons"]) == (False, ["health"])
    assert (rows[2]["redacted_text"], rows[2]["spans"], rows[2]["reasons"]) == ("Nothing.", [], [])
    assert counts == {"passages": 3, "spans": 1, "held": 0}


def test_a_held_line_has_no_redacted_text_nor_has_any_of_its_document(tmp_path: Path) -> None:
    rows, counts = redact(
        tmp_path,
        {"passage_id": "a", "text": f"{HOLD} {SECRET}", "document_id": "d"},
        {"passage_id": "b", "text": "Same document.", "document_id": "d"},
        {"passage_id": "c", "text": "Another one."},
    )
    assert [row["redacted_text"] for row in rows] == [None, None, "Another one."]
    assert [row["held"] for row in rows] == [True, True, False]
    assert [row["reasons"] for row in rows] == [["timeout"], ["timeout"], []]
    assert counts["held"] == 2


def test_everybody_in_the_file_is_on_the_roster_once_and_speaks_for_themselves(tmp_path: Path) -> None:
    redact(
        tmp_path,
        {"passage_id": "a", "text": "One.", "contributor": JO},
        {"passage_id": "b", "text": "Two.", "contributor": AL},
        {"passage_id": "c", "text": "Three.", "contributor": dict(reversed(JO.items()))},
        {"passage_id": "d", "text": "Four.", "contributor": None},
    )
    people = {person.contributor_id: person for person in FakeRedactor.roster}
    assert sorted(person.name for person in people.values()) == ["Al Bo", "Jo Fenn"]
    (jo,) = (person for person in people.values() if person.name == "Jo Fenn")
    assert (jo.email, jo.organisation, jo.role, jo.stakeholder_group) == ("jo@x.example", "GMP", "PC", "Officer")
    assert {str(person.attribution) for person in people.values()} == {"non_attributable"}
    said = {
        s.text: people[s.contributor_id].name if s.contributor_id else ""
        for d in FakeRedactor.documents
        for s in d.segments
    }
    assert said == {"One.": "Jo Fenn", "Two.": "Al Bo", "Three.": "Jo Fenn", "Four.": ""}
    assert len(FakeRedactor.documents) == 4  # lines that name no document do not share one


BAD = {
    "no JSON": "canary",
    "no object": '["canary"]',
    "no text": '{"passage_id": "canary"}',
    "text that is none": '{"passage_id": "a", "text": 7}',
    "no id": '{"text": "canary"}',
    "a contributor that is none": '{"passage_id": "a", "text": "canary", "contributor": "canary"}',
}


@pytest.mark.parametrize("line", BAD.values(), ids=BAD)
def test_one_bad_line_stops_all_and_is_named_by_its_number(tmp_path: Path, line: str) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"passage_id": "a", "text": "fine"}\n' + line + "\n", "utf-8")
    with pytest.raises(InputError, match=r"in\.jsonl, line 2") as caught:
        redact_lines(source, tmp_path / "out.jsonl", lambda done, total: None)
    assert "canary" not in str(caught.value)
    assert not (tmp_path / "out.jsonl").exists()


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    with pytest.raises(InputError, match="is not there"):
        redact_lines(source, tmp_path / "out.jsonl", lambda done, total: None)
    source.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(InputError, match="not UTF-8"):
        redact_lines(source, tmp_path / "out.jsonl", lambda done, total: None)


def test_what_is_written_is_closed_to_others(tmp_path: Path) -> None:
    redact(tmp_path, {"passage_id": "a", "text": "One."})
    assert not stat.S_IMODE((tmp_path / "out.jsonl").stat().st_mode) & 0o077
