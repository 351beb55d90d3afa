"""The log of decisions: whole or refused, and without a word of anybody's."""

import json
import stat
from pathlib import Path

import pytest

from pipeline import chain
from pipeline.errors import RefusedError
from pipeline.review.decisions import (
    Decision,
    Mask,
    Remark,
    decisions_in_force,
    decisions_path,
    read_decisions,
    record,
    text_key,
)
from pipeline.review.vocabulary import Choice
from tests.review.conftest import FIRST, KEY


def some(segment: str = "s1", choice: Choice = Choice.AS_PROPOSED) -> Decision:
    masks = (Mask(30, 33, "person"),) if choice is Choice.REDACT_ALSO else ()
    return Decision(segment, "d", text_key(KEY, FIRST), (choice,), ((0, 5),), masks)


def test_the_last_decision_about_a_segment_counts(tmp_path: Path) -> None:
    record(tmp_path, KEY, [(some(), Remark("AB", "")), (some("s2"), Remark("AB", ""))])
    first = decisions_in_force(tmp_path)
    record(tmp_path, KEY, [(some(choice=Choice.REDACT_ALSO), Remark("CD", ""))])
    assert read_decisions(tmp_path).in_force == {"s1": some(choice=Choice.REDACT_ALSO), "s2": some("s2")}
    assert decisions_in_force(tmp_path) != first
    record(tmp_path, KEY, [(some(), Remark("EF", ""))])
    assert decisions_in_force(tmp_path) == first, "who decided and when does not make a run another"


def test_the_log_holds_no_words_and_private_holds_them_closed(tmp_path: Path) -> None:
    record(tmp_path, KEY, [(some(choice=Choice.REDACT_ALSO), Remark("Zed", "Gaz is known to everybody"))])
    log = decisions_path(tmp_path).read_text("utf-8")
    assert not any(word in log for word in ("Zed", "Gaz", "Gemma", "Niche", "everybody"))
    remarks = tmp_path / "private" / "review" / "remarks.jsonl"
    assert "Gaz is known" in remarks.read_text("utf-8")
    for path in (remarks, decisions_path(tmp_path)):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077


def test_hashes_in_the_log_cannot_be_tested_against_a_guess(tmp_path: Path) -> None:
    """Whoever knows the text, or a reviewer's initials, still needs the study's key."""
    record(tmp_path, KEY, [(some(), Remark("ab", ""))])
    other = tmp_path / "other"
    record(other, b"x" * 32, [(Decision("s1", "d", text_key(b"x" * 32, FIRST), (Choice.DROP,)), Remark("ab", ""))])
    one, two = (json.loads(decisions_path(root).read_text("utf-8")) for root in (tmp_path, other))
    assert one["text_key"] != two["text_key"] and one["reviewer"] != two["reviewer"]


@pytest.mark.parametrize("spoil", ["edit", "remove", "reorder", "junk", "forge"])
def test_a_log_that_was_tampered_with_is_refused_by_line(tmp_path: Path, spoil: str) -> None:
    record(tmp_path, KEY, [(some(f"s{n}"), Remark("", "")) for n in range(4)])
    path = decisions_path(tmp_path)
    lines = path.read_text("utf-8").splitlines()
    if spoil == "edit":
        lines[1] = lines[1].replace("redact as proposed", "keep as it stands")
    elif spoil == "remove":
        del lines[1]
    elif spoil == "reorder":
        lines[1], lines[2] = lines[2], lines[1]
    elif spoil == "junk":
        lines[1] = "{not json"
    else:
        forged = {**json.loads(lines[0]), "choices": ["keep as it stands"]}
        lines.insert(1, json.dumps(forged))
    path.write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(RefusedError, match=r"line 2.*restore"):
        read_decisions(tmp_path)
    with pytest.raises(RefusedError):
        record(tmp_path, KEY, [(some(), Remark("", ""))])


def test_a_whole_line_of_another_version_is_refused(tmp_path: Path) -> None:
    chain.append(decisions_path(tmp_path), [{**some().content(), "choices": ["publish at once"]}])
    with pytest.raises(RefusedError, match="line 1: is not a decision"):
        read_decisions(tmp_path)


def test_no_log_means_no_decisions(tmp_path: Path) -> None:
    assert read_decisions(tmp_path).in_force == {}
