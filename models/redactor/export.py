"""Exports the trained redactor as int8 ONNX into models/redactor/weights/.

    make train            (trains, then exports)

What it says of a text is the same alone and in company (see models/encoder_graph.py). The weights folder is what the
library loads; its hash is pinned in pipeline/models.py.
"""

import argparse
import json
import shutil
import sys
from pathlib import Path

import onnx
from safetensors.numpy import load_file

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent))
from corpus import LABELS
from encoder_graph import Graph, Weights, by_text, bytes_of_rows, encoded, linear, model

ROOT = Path(__file__).parent.parent.parent
SUSPICION = 0.12  # a word that looks like an unknown name is not worth a look below it
THRESHOLD = 0.5  # until thresholds.py has chosen one for each label


def build(weights: Weights) -> onnx.ModelProto:
    """Token ids and how each is written (texts, tokens) to logits of tags (texts, tokens, tags)."""
    graph = Graph()
    rows = encoded(graph, weights, kinds="casings")
    logits = linear(graph, bytes_of_rows(graph, rows), "classifier", weights)
    n_tags = len(weights["classifier.bias"])
    by_text(graph, logits, n_tags, output="logits")
    return model(graph, "quotebank-redactor", ["input_ids", "casings"], "logits", ["texts", "tokens", n_tags])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trained", type=Path, default=ROOT / "build" / "redactor" / "model")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "weights")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    weights = load_file(options.trained / "model.safetensors")
    onnx.save(
        build({name.removeprefix("bert."): values for name, values in weights.items()}), options.out / "model.onnx"
    )
    shutil.copy(options.trained / "tokenizer.json", options.out / "tokenizer.json")
    facts = {
        "labels": LABELS,
        "thresholds": dict.fromkeys(LABELS, THRESHOLD),
        "doubt": THRESHOLD,
        "suspicion": SUSPICION,
    }
    (options.out / "labels.json").write_text(json.dumps(facts, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
