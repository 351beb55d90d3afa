"""The command as a person runs it."""

import json
import stat
from pathlib import Path

import pytest

from tests.helpers import guard

PERSON = {"name": "Tamsin Oakhurst", "email": "t.oakhurst@kent.police.example"}
TEXTS = (
    ("Ring Tamsin on 07700 900123 about the rota.", [(5, 11, "PERSON", "direct"), (15, 27, "PHONE", "direct")]),
    ("The canaryword was late again and nobody knew why it was.", [(4, 14, "HANDLE", "direct")]),
    ("The form is too long for a phone.", []),
)


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    rows = [
        {
            "passage_id": str(n),
            "document_id": "d",
            "text": text,
            "contributor": PERSON,
            "spans": [dict(zip(("start", "end", "label", "kind"), span, strict=True)) for span in spans],
            "traps": [],
        }
        for n, (text, spans) in enumerate(TEXTS)
    ]
    path = tmp_path / "gold.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return path


@pytest.mark.models
def test_numbers_for_a_program_beside_presidio_and_what_was_missed(gold: Path, tmp_path: Path) -> None:
    errors = tmp_path / "missed.jsonl"
    ran = guard.run(
        "evaluate",
        "redaction",
        str(gold),
        "--baseline",
        "presidio",
        "--json",
        "--errors",
        str(errors),
        home=tmp_path / "home",
    )
    assert ran.code == 0, ran.err
    assert ran.connections == []
    assert "canaryword" not in ran.out + ran.err and "Tamsin" not in ran.out + ran.err
    report = json.loads(ran.out)
    assert (report["passages"], report["contributors"]) == (3, 1)
    ours = report["systems"]["quotebank"]["measures"]
    assert (ours["recall.direct"]["count"], ours["recall.direct"]["of"]) == (2, 3)
    assert ours["groups_with_direct_leak"]["value"] == 1.0
    assert set(report["systems"]["presidio"]["measures"]) == set(ours)
    assert report["speed_ratio"] > 0
    assert stat.S_IMODE(errors.stat().st_mode) == 0o600 and errors.name in ran.err
    (missed,) = [json.loads(line) for line in errors.read_text("utf-8").splitlines()]
    assert (missed["passage_id"], missed["label"], missed["missed"], missed["held"]) == (
        "1",
        "HANDLE",
        "canaryword",
        False,
    )


@pytest.mark.models
def test_tables_for_a_person_show_no_passage(gold: Path, tmp_path: Path) -> None:
    ran = guard.run("evaluate", "redaction", str(gold), "--limit", "1", home=tmp_path / "home")
    assert ran.code == 0, ran.err
    assert "1 passages, 43 characters, 1 contributors" in ran.out
    assert "1.000 [1.000, 1.000] 2/2" in ran.out and "presidio" not in ran.out
    assert "Tamsin" not in ran.out + ran.err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["nowhere.jsonl"], 11, "nowhere.jsonl: is not there"),
        (["gold.jsonl", "--errors", "gold.jsonl"], 11, "is the gold itself"),
        (["gold.jsonl", "--errors", "no/such/folder"], 11, "cannot be written"),
        (["gold.jsonl", "--baseline", "magic"], 2, "presidio"),
        (["gold.jsonl", "--limit", "0"], 2, "limit"),
    ],
)
def test_mistakes_end_in_one_clear_line(
    gold: Path, tmp_path: Path, arguments: list[str], code: int, words: str
) -> None:
    ran = guard.run("evaluate", "redaction", *arguments, cwd=gold.parent, home=tmp_path / "home")
    assert (ran.code, "Traceback" in ran.err) == (code, False), ran.err
    assert words in ran.err
