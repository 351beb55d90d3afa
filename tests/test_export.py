"""The exported graph against the model that it is made of: MPNet's, small and at random."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.helpers import guard

SCRIPTS = [str(guard.ROOT / "models" / "encoder"), str(guard.ROOT / "models")]
BARE_NAMES = ("counting", "encoder_graph", "export")  # other models have scripts of these names
WORDS, LAYERS, WIDTH, HEADS, EPSILON = 60, 2, 48, 2, 1e-5
pytestmark = pytest.mark.models


@pytest.fixture(autouse=True)
def scripts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """They import each other by their bare names."""
    monkeypatch.setattr(sys, "path", [*SCRIPTS, *sys.path])
    others = {name: sys.modules.pop(name) for name in BARE_NAMES if name in sys.modules}
    import encoder_graph
    import export

    monkeypatch.setattr(export, "MPNET", encoder_graph.Size(LAYERS, WIDTH, HEADS, EPSILON))
    monkeypatch.setattr(export, "TAKES_A_FILE", WORDS * WIDTH - 1)
    yield
    for name in BARE_NAMES:
        sys.modules.pop(name, None)
    sys.modules.update(others)


@pytest.fixture(scope="module")
def mpnet() -> Any:
    import torch
    from transformers import MPNetConfig, MPNetModel

    with torch.random.fork_rng():
        torch.manual_seed(1)
        config = MPNetConfig(
            vocab_size=WORDS,
            hidden_size=WIDTH,
            num_hidden_layers=LAYERS,
            num_attention_heads=HEADS,
            intermediate_size=2 * WIDTH,
            layer_norm_eps=EPSILON,
            initializer_range=0.3,  # as much as makes each part of a layer count
        )
        model = MPNetModel(config).eval()
        model.embeddings.word_embeddings.weight.data[config.pad_token_id] = 1.0  # trained ones have no row of zeros
        return model


def exported(mpnet: Any, counts: np.ndarray, folder: Path) -> Any:
    import onnxruntime
    from export import build, save

    save(build({name: values.numpy() for name, values in mpnet.state_dict().items()}, counts, "small"), folder)
    return onnxruntime.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])


@pytest.mark.parametrize("length", [3, 20, 90, 256])
def test_the_graph_computes_what_the_model_does(mpnet: Any, tmp_path: Path, length: int) -> None:
    import torch

    chance = np.random.default_rng(length)
    counts = chance.uniform(0.1, 1, WORDS)
    session = exported(mpnet, counts, tmp_path)
    ids = chance.integers(2, WORDS, (5, length))  # 1 stands for no word
    with torch.inference_mode():
        rows = mpnet(input_ids=torch.tensor(ids)).last_hidden_state.numpy()
    mean = (rows * counts[ids][..., None]).sum(axis=1)
    (vectors,) = session.run(None, {"input_ids": ids})
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert ((vectors * mean).sum(axis=1) / np.linalg.norm(mean, axis=1)).min() > 0.995


def test_distances_are_of_the_kinds_that_the_model_was_trained_with() -> None:
    import torch
    from encoder_graph import LONGEST, distance_kinds
    from transformers.models.mpnet.modeling_mpnet import MPNetEncoder

    places = np.arange(LONGEST)
    theirs = MPNetEncoder.relative_position_bucket(torch.tensor(places[None, :] - places[:, None]))
    assert (distance_kinds(places, 32) == theirs.numpy()).all()


def test_what_is_large_is_a_file_of_its_own_and_the_same_each_time(mpnet: Any, tmp_path: Path) -> None:
    counts = np.ones(WORDS)
    exported(mpnet, counts, tmp_path)
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(first) >= {"model.onnx", "words.bin"} and len(first["words.bin"]) == WORDS * WIDTH
    (tmp_path / "former.bin").write_bytes(b"of another model")
    exported(mpnet, counts, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == first
