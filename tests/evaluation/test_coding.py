"""Coding measured against a coded set: what is read, what is compared, what is said."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from pipeline import cli_evaluate, encoder
from pipeline.coding import Code
from pipeline.errors import InputError
from pipeline.evaluation.coded_gold import CodedGold, read_coded, read_codes
from pipeline.evaluation.coding import ORIGINAL, any_match, as_json, calibration_error, evaluate_coding, linear_probe
from pipeline.study import CODER, ENCODER
from tests.fakes import SUBJECTS, HashEncoder

CODES = (
    Code("T01", "Radio", "radio signal and coverage"),
    Code("T02", "Passwords", "passwords, logins and resets"),
    Code("T03", "Laptops", "laptop battery"),
)
SAID = [(text, code.theme_id) for code in CODES for text in SUBJECTS[code.label.casefold()]]
GOLD = CodedGold(tuple(t for t, _ in SAID), tuple(frozenset({label}) for _, label in SAID), CODES, 0)


def encode(texts: list[str]) -> np.ndarray:
    vectors = HashEncoder().encode(texts) if texts else np.zeros((0, HashEncoder.dimension), dtype=np.float32)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def nonsense(texts: list[str]) -> np.ndarray:
    return np.ones((len(texts), 1), dtype=np.float32)


# ── what is compared ────────────────────────────────────────────────────────────────────────────────────────────


def test_all_systems_are_scored_on_what_was_not_drawn() -> None:
    told: list[tuple[int, int]] = []
    found = evaluate_coding(GOLD, encode, encode, 12, 3, lambda *at: told.append(at), nonsense)
    assert told == [(0, 3), (1, 3), (2, 3)]
    assert {system: len(values["any_match"]) for system, values in found.measures.items()} == dict.fromkeys(
        ("quotebank", "definitions", "probe", "definitions_by_coder", "shipped"), 3
    )
    ours, definitions = found.mean("quotebank", "any_match"), found.mean("definitions", "any_match")
    assert ours is not None and definitions is not None and ours >= definitions > 0.5
    first = [label == "T01" for _, label in SAID]
    rest = [np.random.default_rng(draw).permutation(len(SAID))[12:] for draw in range(3)]
    assert found.measures["shipped"]["any_match"] == pytest.approx([np.array(first)[rows].mean() for rows in rest])
    assert found.mean("definitions", "calibration_error") is None, "a cosine is no probability"
    assert found.n_by_code == {code.theme_id: len(SUBJECTS[code.label.casefold()]) for code in CODES}


def test_ours_codes_by_the_coder_and_the_baselines_by_what_themes_are_found_by() -> None:
    plain, blind = (evaluate_coding(GOLD, encode, way, 12, 3, lambda *at: None) for way in (encode, nonsense))
    for system in ("definitions", "probe"):
        assert blind.measures[system] == plain.measures[system]
    for system in ("quotebank", "definitions_by_coder"):
        assert blind.measures[system] != plain.measures[system]
    assert plain.measures["definitions_by_coder"] == plain.measures["definitions"]


def test_without_codings_nothing_is_learned_and_nothing_probed() -> None:
    found = evaluate_coding(GOLD, encode, encode, 0, 1, lambda *at: None)
    assert not found.measures["probe"] and not found.measures["shipped"]
    assert set(as_json(found)["systems"]) == {"quotebank", "definitions", "definitions_by_coder"}


def test_a_probe_tells_apart_what_it_was_shown() -> None:
    vectors, truth = encode([text for text, _ in SAID]), np.array([[t == c.theme_id for c in CODES] for _, t in SAID])
    found = linear_probe(vectors, np.arange(len(SAID)), truth)
    assert any_match(found, truth) == 1.0
    alone = linear_probe(vectors, np.flatnonzero(truth[:, 0]), truth[truth[:, 0]])
    assert (alone == [1.0, 0.0, 0.0]).all(), "of a code that every coding has, or none, there is nothing to learn"


def test_measures_by_hand() -> None:
    truth = np.array([[True, False], [False, True], [False, False], [True, True]])
    score = np.array([[0.95, 0.1], [0.75, 0.2], [0.9, 0.1], [0.0, 0.55]])
    assert any_match(score, truth) == pytest.approx(2 / 3), "a passage without a code has no best one"
    # bins of the best scores: .5–.6 one right, .7–.8 one wrong, .9–1 one right and one wrong
    assert calibration_error(score, truth) == pytest.approx((0.45 + 0.75 + 2 * abs(0.925 - 0.5)) / 4)


# ── what is read ────────────────────────────────────────────────────────────────────────────────────────────────


def write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_every_format_of_coded_passages_reads_alike(tmp_path: Path) -> None:
    book = write(
        tmp_path / "b.md", "# Codes\n\n| code | definition |\n|---|---|\n| `radio` | no signal |\n| `pay` | pay |\n"
    )
    lines = [{"text": "No\u2028signal", "labels": ["radio"]}, {"text": "Both of it", "labels": ["pay", "radio"]}]
    lines += [{"text": "Neither of them", "label": ""}, {"text": "n/a", "label": "pay"}]
    gold = read_coded(write(tmp_path / "g.jsonl", "\n\n".join(map(json.dumps, lines))), book)
    assert gold.texts == ("No\u2028signal", "Both of it", "Neither of them") and gold.n_left_out == 1
    assert gold.labels == (frozenset({"radio"}), frozenset({"pay", "radio"}), frozenset())
    long = write(
        tmp_path / "long.csv", "text,labels\nNo\u2028signal,radio\nBoth of it,pay|radio\nNeither of them,\nn/a,pay\n"
    )
    wide = write(
        tmp_path / "wide.csv", "said,radio,pay\nNo\u2028signal,1,0\nBoth of it,x,yes\nNeither of them,0.0,No\nn/a,,1\n"
    )
    assert read_coded(long, book) == read_coded(wide, book, "said") == gold
    assert [code.theme_id for code in read_coded(long, None).codes] == ["pay", "radio"], "all that is known of them"


def test_every_format_of_a_codebook_reads_alike(tmp_path: Path) -> None:
    table = "theme_id,label,definition,seeds\nT01,poor_signal,No signal,radio|mast\nT02,Pay,,\n"
    by_table = read_codes(write(tmp_path / "b.csv", table))
    assert by_table == (Code("T01", "poor signal", "No signal", seeds=("radio", "mast")), Code("T02", "Pay"))
    yaml = (
        "themes:\n- {id: T01, label: poor_signal, definition: No signal, seeds: [radio, mast]}\n- {id: T02, label: Pay}\n"
        "- {id: T03, label: Gone, set_aside: true}\n- {id: T04, label: Merged, merge_into: T01}\n"
    )
    assert read_codes(write(tmp_path / "b.yaml", yaml)) == by_table


@pytest.mark.parametrize(
    ("name", "text", "book", "said"),
    [
        ("g.csv", "text,labels\nNo signal,radio\nPay,gold\n", True, "g.csv, row 3: has a code that the codebook lacks"),
        ("g.csv", "answer,code\nNo signal,radio\n", True, "has no such columns"),
        (
            "g.jsonl",
            '{"text": "No signal", "label": "radio"}\n{"text": "zebra"}\n',
            True,
            "line 2: is no coded passage",
        ),
        ("g.csv", "text,labels\nNo signal,radio\n", False, "holds too few coded passages"),
        ("g.csv", "text,labels\nNo signal at all,\nNothing of that sort,\n", False, "holds too few coded passages"),
    ],
)
def test_what_cannot_be_read_is_named_and_never_quoted(
    name: str, text: str, book: bool, said: str, tmp_path: Path
) -> None:
    codes = write(tmp_path / "b.csv", "label\nradio\n") if book else None
    with pytest.raises(InputError) as refused:
        read_coded(write(tmp_path / name, text), codes)
    assert said in str(refused.value) and not {"signal", "zebra"} & set(str(refused.value).split())


def test_a_code_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has a code twice"):
        read_codes(write(tmp_path / "b.csv", "label\nradio\nradio\n"))
    with pytest.raises(InputError, match="holds no codes"):
        read_codes(write(tmp_path / "none.csv", "label\n"))


# ── as a person runs it ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_command_compares_and_shows_no_passage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[str] = set()

    def embed(texts: list[str], settings: object, *rest: object) -> np.ndarray:
        asked.add(settings.model)
        return encode(texts)

    monkeypatch.setattr(encoder, "embed_texts", embed)
    gold = write(tmp_path / "g.jsonl", "\n".join(json.dumps({"text": t, "label": c}) for t, c in SAID))
    book = "theme_id,label,definition\n" + "\n".join(f'{c.theme_id},{c.label},"{c.definition}"' for c in CODES)
    asking = ["coding", str(gold), "--codebook", str(write(tmp_path / "b.csv", book)), "--codings", "9", "--draws", "2"]
    plain = CliRunner().invoke(cli_evaluate.app, asking)
    assert plain.exit_code == 0 and f"{len(SAID)} passages, 3 codes; 9 codings drawn at random, 2 times" in plain.output
    assert "shipped" not in plain.output and asked == {ENCODER, CODER}
    beside = CliRunner().invoke(cli_evaluate.app, [*asking, "--baseline", "encoder", "--json"])
    systems = json.loads(beside.stdout)["systems"]
    assert ORIGINAL in asked and systems["shipped"] == systems["definitions"]
    assert not [text for text, _ in SAID if text in plain.output + beside.stdout]
    few = CliRunner().invoke(cli_evaluate.app, [*asking[:-3], str(len(SAID))])
    assert isinstance(few.exception, InputError) and "not enough to learn from" in str(few.exception)
