"""Our own models behind sentence-transformers: what takes a SentenceTransformer gets what our encoders compute."""

import copy
import json
import pickle
import shutil
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.encoder import encoder_for
from pipeline.encoder.quantised import MODULES, QuantisedEncoder
from pipeline.errors import ModelError
from pipeline.models import OWN, PINS
from pipeline.study import CODER, ENCODER, Embedding
from tests.helpers import guard
from tests.test_imports import imports, library

pytestmark = pytest.mark.models
OURS = pytest.mark.parametrize(("model", "dimension"), [(ENCODER, 384), (CODER, 768)])
WORDS = "the radio is bad and we have no time for it when new police cars come in".split()
TEXTS = [
    *(" ".join((WORDS * 20)[n : n + 3 * n]) for n in range(1, 20)),
    *("The radio fails at night", "The radio fails at night", "Ünïcode 😀 – ja!", "?", "", " \n"),
    " ".join(WORDS * 40),  # longer than is read
]


@lru_cache(maxsize=2)
def loaded(model: str) -> Any:
    """As anybody loads a folder. The flag lets sentence-transformers import a class that is not its own."""
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(OWN[model]), device="cpu", local_files_only=True, trust_remote_code=True)


@lru_cache(maxsize=2)
def wanted(model: str) -> np.ndarray:
    return QuantisedEncoder(Embedding(model=model)).encode(TEXTS)


@OURS
@pytest.mark.parametrize("batch_size", [1, 7, 32])
def test_the_vectors_are_ours_to_the_last_bit_whatever_the_batches(model: str, dimension: int, batch_size: int) -> None:
    found = loaded(model).encode(TEXTS, batch_size=batch_size)
    assert found.dtype == np.float32 and found.shape == (len(TEXTS), dimension)
    assert np.array_equal(found, wanted(model))


@OURS
def test_a_tool_can_ask_what_it_asks_of_any_model(model: str, dimension: int) -> None:
    tool = loaded(model)
    assert tool.get_embedding_dimension() == tool.get_sentence_embedding_dimension() == dimension
    assert tool.max_seq_length == 256
    assert [len(ids) for ids in tool.preprocess(TEXTS)["input_ids"]] == [256] * len(TEXTS)
    assert tool.tokenizer.encode("a radio").tokens[1:-1] == ["a", "radio"]
    assert np.array_equal(tool.encode(TEXTS[0]), wanted(model)[0])
    assert np.array_equal(tool.encode(TEXTS, convert_to_tensor=True).numpy(), wanted(model))
    with_prompt = tool.encode(["fails at night"], prompt="The radio ")
    assert np.array_equal(with_prompt[0], wanted(model)[TEXTS.index("The radio fails at night")])


def test_what_pads_a_text_takes_no_part() -> None:
    import torch

    tool = loaded(ENCODER)
    features = tool.preprocess(TEXTS)
    unknown = torch.full((len(TEXTS), 9), tool.tokenizer.token_to_id("radio"))
    longer = {
        "input_ids": torch.cat([features["input_ids"], unknown], dim=1),
        "attention_mask": torch.cat([features["attention_mask"], torch.zeros_like(unknown)], dim=1),
    }
    assert np.array_equal(tool(longer)["sentence_embedding"].numpy(), wanted(ENCODER))


@OURS
def test_by_its_name_a_model_needs_no_flag(model: str, dimension: int) -> None:
    from sentence_transformers import SentenceTransformer

    from pipeline.encoder.module import sentence_transformer

    tool = sentence_transformer(model)
    assert type(tool) is SentenceTransformer and tool.device.type == "cpu"
    assert np.array_equal(tool.encode(TEXTS), wanted(model))


def test_bertopic_takes_it_for_its_embedding_model() -> None:
    from bertopic import BERTopic
    from bertopic.backend._utils import select_backend

    from pipeline.encoder.module import sentence_transformer

    tool = sentence_transformer()
    assert BERTopic(embedding_model=tool).embedding_model is tool
    assert np.array_equal(select_backend(tool).embed(TEXTS), wanted(ENCODER))


@pytest.mark.parametrize("again", [copy.deepcopy, lambda tool: pickle.loads(pickle.dumps(tool))])
def test_it_can_be_copied_and_sent_to_another_process(again: Any) -> None:
    assert np.array_equal(again(loaded(ENCODER)).encode(TEXTS), wanted(ENCODER))


def test_saved_it_is_the_same_model_for_sentence_transformers_and_for_us(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    loaded(ENCODER).save(str(tmp_path))
    saved = SentenceTransformer(str(tmp_path), device="cpu", local_files_only=True, trust_remote_code=True)
    saved.save(str(tmp_path))  # over itself
    assert np.array_equal(saved.encode(TEXTS), wanted(ENCODER))
    assert json.loads((tmp_path / "modules.json").read_text()) == json.loads(MODULES)
    ours = encoder_for(Embedding(model=str(tmp_path)))
    assert isinstance(ours, QuantisedEncoder)
    assert np.array_equal(ours.encode(TEXTS), wanted(ENCODER))


def test_what_lies_in_several_files_is_saved_whole(tmp_path: Path) -> None:
    loaded(CODER)[0].save(str(tmp_path))
    assert {path.name for path in OWN[CODER].iterdir()} - {path.name for path in tmp_path.iterdir()} == {"modules.json"}


def test_a_model_that_is_missing_broken_or_another_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.encoder.module import sentence_transformer

    with pytest.raises(ModelError, match="none is downloaded"):
        sentence_transformer("no-such-model")
    shutil.copytree(OWN[ENCODER], tmp_path / "copy")
    (tmp_path / "copy" / "model.onnx").write_bytes(b"not a model")
    with pytest.raises(ModelError, match="cannot be loaded"):
        sentence_transformer(str(tmp_path / "copy"))
    monkeypatch.setitem(PINS, ENCODER, "0" * 64)
    with pytest.raises(ModelError, match="not the pinned ones"):
        sentence_transformer()


def test_the_library_itself_never_takes_this_way() -> None:
    """It would bring torch, and the vectors are the same."""
    flows = (guard.ROOT / "flows").rglob("*.py")
    assert [path for path in [*library(), *flows] if "pipeline.encoder.module" in imports(path)] == []


def test_an_export_is_the_folder_that_is_pinned(tmp_path: Path) -> None:
    """But for the graph's bytes, which are another version of onnx's to choose."""
    script = guard.ROOT / "models" / "encoder" / "export.py"
    subprocess.run([sys.executable, str(script), "--out", str(tmp_path)], check=True, cwd=guard.ROOT)
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in OWN[ENCODER].iterdir()}
    for name in ("modules.json", "tokenizer.json"):
        assert (tmp_path / name).read_bytes() == (OWN[ENCODER] / name).read_bytes()
    assert (OWN[CODER] / "modules.json").read_text("utf-8") == MODULES
