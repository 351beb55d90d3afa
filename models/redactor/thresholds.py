"""Chooses on the held-out strands from where on a word that is not masked sends its passage to a person.

    make train            (trains, exports, then chooses)

A word is masked where it is likelier a detail than not. Lower thresholds were tried (see BENCHMARKS.md): they find a
little more and mangle what people mistyped. Below lies the band of doubt, as wide as a reviewer's patience: words in it
are not masked, and send a share of passages to a person.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from corpus import Passage, read
from train import ROOT

from pipeline.redaction.token_model import TokenModel, Word

SURE = 0.5  # likelier a detail than not
PATIENCE = 0.15  # share of passages that doubt may send to a person


def main() -> None:
    path = Path(__file__).parent / "weights" / "labels.json"
    facts = json.loads(path.read_text("utf-8"))
    model = TokenModel(str(path.parent))
    _, held_out = read(ROOT / "data" / "training")
    judged = [(passage, model.words(passage.text)) for passage in held_out]
    thresholds = dict.fromkeys(facts["labels"], SURE)
    facts |= {"thresholds": thresholds, "doubt": _doubt(thresholds, judged)}
    path.write_text(json.dumps(facts, indent=1) + "\n", "utf-8")
    sys.stdout.write(path.read_text("utf-8"))


def _doubt(thresholds: dict[str, float], judged: list[tuple[Passage, list[Word]]]) -> float:
    """The risk from which a word left standing sends at most PATIENCE of the passages to a person."""
    highest = sorted(
        max((word.risk for word in found if word.risk < thresholds[word.label]), default=0.0) for _, found in judged
    )
    return round(highest[int((1 - PATIENCE) * len(highest))], 4)


if __name__ == "__main__":
    main()
