"""Exports the trained redactor as int8 ONNX into models/redactor/weights/, and says how much was lost by it.

    make train            (trains, then exports)

The weights folder is what the library loads; its hash is pinned in pipeline/models.py.
"""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import AutoModelForTokenClassification

sys.path.insert(0, str(Path(__file__).parent))
from corpus import LABELS
from train import ROOT

SUSPICION = 0.03  # a word that looks like an unknown name is not worth a look below it; smoothing leaves 0.02 at least
THRESHOLD = 0.5  # until thresholds.py has chosen one for each label


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trained", type=Path, default=ROOT / "build" / "redactor" / "model")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "weights")
    options = parser.parse_args()
    model = AutoModelForTokenClassification.from_pretrained(options.trained, local_files_only=True).eval()
    example = torch.ones((1, 16), dtype=torch.long)
    axes = {0: "batch", 1: "tokens"}
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        torch.onnx.export(
            _Logits(model),
            (example, example),
            str(full),
            input_names=["input_ids", "attention_mask"],
            output_names=["logits"],
            dynamic_axes={"input_ids": axes, "attention_mask": axes, "logits": axes},
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(full, options.out / "model.onnx", weight_type=QuantType.QInt8, per_channel=True)
    shutil.copy(options.trained / "tokenizer.json", options.out / "tokenizer.json")
    path = options.out / "labels.json"
    facts = {
        "labels": LABELS,
        "thresholds": dict.fromkeys(LABELS, THRESHOLD),
        "doubt": THRESHOLD,
        "suspicion": SUSPICION,
    }
    path.write_text(json.dumps(facts, indent=1) + "\n", "utf-8")


class _Logits(torch.nn.Module):
    """The model with plain tensors in and out, as the exporter wants it."""

    def __init__(self, model: torch.nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        return self.model(input_ids=input_ids, attention_mask=attention_mask).logits


if __name__ == "__main__":
    main()
