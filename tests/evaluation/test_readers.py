"""Gold in every format, told apart by content, and what is wrong with it named by line."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import InputError
from pipeline.evaluation.gold import GoldPassage, Mark
from pipeline.evaluation.readers import read_gold
from tests.conftest import SAMPLE

SPAN = {"start": 4, "end": 14, "label": "PERSON", "kind": "direct", "must": True}
ROW = {"passage_id": "a", "text": "Ask Anwen Pugh now.", "spans": [SPAN]}


def write(tmp_path: Path, *rows: Any, name: str = "gold.jsonl") -> Path:
    path = tmp_path / name
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows), "utf-8")
    return path


def test_passages(tmp_path: Path) -> None:
    person = {"name": "Jo Vale"}
    rows = [
        {**ROW, "document_id": "d", "contributor": person, "traps": [{"start": 15, "end": 18}]},
        {**ROW, "passage_id": 7},
    ]
    gold = read_gold(write(tmp_path, "", *rows))
    first, second = gold.passages
    assert first == GoldPassage(
        "a",
        "d",
        '{"name": "Jo Vale"}',
        ROW["text"],
        (Mark(4, 14, "PERSON", "direct"),),
        ((15, 18),),
        contributor=person,
    )
    assert (second.passage_id, second.document_id, second.group) == ("7", "line 3", "line 3")
    assert (gold.annotated, gold.names_only, gold.unit) == (False, False, "contributors")
    assert len(gold.first(1).passages) == 1 and gold.first(None) is gold


@pytest.mark.parametrize(
    ("core", "expected"),
    [
        ({"core_start": 10, "core_text": "Pugh"}, (10, 14)),
        ({"core_end": 9}, (4, 9)),
        ({"core_start": 10, "core_end": 14}, (10, 14)),
        ({}, None),
    ],
)
def test_cores(tmp_path: Path, core: dict[str, Any], expected: tuple[int, int] | None) -> None:
    gold = read_gold(write(tmp_path, {**ROW, "spans": [{**SPAN, **core}]}))
    assert gold.passages[0].marks[0].core == expected


def test_annotated_documents(tmp_path: Path) -> None:
    mentions = [
        [4, 14, "PERSON", "e1", "DIRECT", ""],
        [15, 18, "DATETIME", "e2", "QUASI", ""],
        [0, 3, "MISC", "e3", "NO_MASK", ""],
    ]
    row = {"id": "x", "text": ROW["text"], "annotators": {"a": mentions, "b": []}, "ignorable": [[15, 18]]}
    gold = read_gold(write(tmp_path, row))
    (passage,) = gold.passages
    assert passage.marks == (
        Mark(4, 14, "PERSON", "direct", entity="e1", annotator="a"),
        Mark(15, 18, "DATETIME", "quasi", entity="e2", annotator="a"),
    )
    assert (passage.annotators, passage.ignorable, passage.group) == (("a", "b"), ((15, 18),), "x")
    assert (gold.annotated, gold.names_only, gold.unit) == (True, False, "documents")
    assert read_gold(write(tmp_path, {**row, "annotators": {"a": mentions[:1]}})).names_only


def test_tagged_tokens_become_text_as_somebody_would_type_it(tmp_path: Path) -> None:
    lines = "@\tB-PER\njo_vale\tB-PER\nsaw\tO\nAnwen\tB-PER\nPugh\tI-PER\n,\tO\ndid\tO\nn't\tO\n(\tO\n\tO\nKent\tB-LOC\n)\tO\n\t\n\nE\tB-product\nKent\tB-LOC\nBBC\tB-ORG\nITV\tB-ORG"
    gold = read_gold(write(tmp_path, lines, name="tweets.conll"))
    first, second = gold.passages
    assert first.text == "@jo_vale saw Anwen Pugh, didn't (Kent)"
    assert [(first.text[m.start : m.end], m.label, m.kind) for m in first.marks] == [
        ("@jo_vale", "PER", "direct"),
        ("Anwen Pugh", "PER", "direct"),
        ("Kent", "LOC", "quasi"),
    ]
    assert [(second.text[m.start : m.end], m.must) for m in second.marks] == [
        ("E", False),
        ("Kent", True),
        ("BBC", True),
        ("ITV", True),
    ]
    assert gold.annotated and gold.names_only


BAD_ROWS = [
    ("canary", "not a JSON object"),
    ({**ROW, "text": 5}, "no text"),
    ({"text": "canary", "spans": []}, "no passage_id"),
    ({**ROW, "contributor": "canary"}, "contributor that is not an object"),
    ({**ROW, "spans": {"canary": 1}}, "spans that are not a list"),
    ({**ROW, "spans": ["canary"]}, "span that is not an object"),
    ({**ROW, "spans": [{**SPAN, "end": 99}]}, "does not lie in the text"),
    ({**ROW, "spans": [{**SPAN, "end": 4}]}, "does not lie in the text"),
    ({**ROW, "spans": [{**SPAN, "start": True}]}, "does not lie in the text"),
    ({**ROW, "spans": [{**SPAN, "kind": "canary"}]}, "neither direct nor quasi"),
    ({**ROW, "spans": [{**SPAN, "label": ""}]}, "without a label"),
    ({**ROW, "spans": [{**SPAN, "must": "canary"}]}, "neither true nor false"),
    ({**ROW, "spans": [{**SPAN, "core_start": 2}]}, "core is not inside"),
    ({**ROW, "spans": [{**SPAN, "core_start": "x", "core_text": "canary"}]}, "core is not inside"),
    ({**ROW, "spans": [{**SPAN, "core_start": 4, "core_text": "canar"}]}, "core_text is not at its offsets"),
    ({**ROW, "traps": [{"start": 3, "end": 3}]}, "trap that does not lie"),
]


@pytest.mark.parametrize(("row", "words"), BAD_ROWS, ids=[words for _, words in BAD_ROWS])
def test_a_bad_row_is_named_by_file_and_line_and_not_quoted(tmp_path: Path, row: Any, words: str) -> None:
    with pytest.raises(InputError) as raised:
        read_gold(write(tmp_path, ROW, "", row))
    (message,) = raised.value.messages
    assert message.startswith("gold.jsonl, line 3: ") and words in message and "→" in message
    assert "canar" not in message


ANNOTATED = {"id": "x", "text": "Ask Anwen Pugh now.", "annotators": {}}


@pytest.mark.parametrize(
    ("annotators", "words"),
    [([], "annotators"), ({"a": [[4, 14, "PERSON"]]}, "five parts"), ({"a": [[4, 99, "P", "e", "DIRECT"]]}, "does not lie"),
     ({"a": [[4, 14, "P", 5, "DIRECT"]]}, "not a string"), ({"a": [[4, 14, "P", "e", "canary"]]}, "none of DIRECT")],
)  # fmt: skip
def test_a_bad_document_is_named_too(tmp_path: Path, annotators: Any, words: str) -> None:
    with pytest.raises(InputError, match=f"gold.jsonl, line 2: .*{words}"):
        read_gold(write(tmp_path, ANNOTATED, {**ANNOTATED, "annotators": annotators}))


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "is empty"), (b"a,b\n1,2\n", "line 1: is in no format"), (b'\n{"text": "canary"}\n', "line 2: is in no format"),
     (b"\xff\xfe\x00c", "not UTF-8"), (b"Kent\tB-LOC\ncanary\n", "line 2: is not a token and its tag")],
)  # fmt: skip
def test_anything_else_is_refused_in_one_line(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_bytes(content)
    with pytest.raises(InputError) as raised:
        read_gold(path)
    (message,) = raised.value.messages
    assert message.startswith("gold.jsonl") and words in message and "canary" not in message
    with pytest.raises(InputError, match="is not there"):
        read_gold(tmp_path / "nowhere.jsonl")


def test_a_thousand_bad_lines_are_not_all_listed(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        read_gold(write(tmp_path, ROW, *["x"] * 1000))
    assert len(raised.value.messages) == 21 and "980 more" in raised.value.messages[-1]


def test_the_sample_gold_is_read() -> None:
    gold = read_gold(SAMPLE / "gold.jsonl")
    assert (len(gold.passages), gold.unit) == (693, "contributors")


@pytest.mark.real
def test_the_public_sets_are_read(shared: Path) -> None:
    """Texts, marks, and whether only names are marked."""
    expected = {
        "btc_b.conll": (2000, 1524, True),
        "btc_f.jsonl": (1000, 1301, True),
        "btc_h.conll": (2000, 2206, True),
        "tab100.jsonl": (100, 4773, False),
        "wnut17train.conll": (3394, 1975, True),
    }
    for name, counts in expected.items():
        gold = read_gold(shared / "redaction-train" / name)
        assert (len(gold.passages), sum(len(p.marks) for p in gold.passages), gold.names_only) == counts, name
