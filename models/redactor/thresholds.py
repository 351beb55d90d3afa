"""Chooses the classifier's thresholds on the held-out strands: for each label as low as it pays.

    make train            (trains, exports, then chooses)

A label's threshold is the lowest at which one in so many of the words that are rather no detail is one all the same;
direct identifiers are worth more. Below them all lies the band of doubt, as wide as a reviewer's patience: words in it
are not masked, and send a share of passages to a person.
"""

import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from corpus import Passage, read
from train import ROOT

from pipeline.labels import DIRECT
from pipeline.redaction.token_model import TokenModel, Word

SURE = 0.5  # likelier a detail than not
STEPS = np.round(np.arange(0.05, SURE, 0.05), 2)
WORTH = {True: 0.35, False: 0.45}  # share of details among words below SURE that are masked, for direct and others
PATIENCE = 0.10  # share of passages that doubt may send to a person


def main() -> None:
    path = Path(__file__).parent / "weights" / "labels.json"
    facts = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(facts) + "\n", "utf-8")
    model = TokenModel(str(path.parent))
    _, held_out = read(ROOT / "data" / "training")
    judged = [(passage, model.words(passage.text)) for passage in held_out]
    thresholds = {label: _threshold(label, judged) for label in facts["labels"]}
    facts |= {"thresholds": thresholds, "doubt": _doubt(thresholds, judged)}
    path.write_text(json.dumps(facts, indent=1) + "\n", "utf-8")
    sys.stdout.write(path.read_text("utf-8"))


def _threshold(label: str, judged: list[tuple[Passage, list[Word]]]) -> float:
    words = [
        (word.risk, _is_marked(passage, word))
        for passage, found in judged
        for word in found
        if word.label == label and any(c.isalnum() for c in passage.text[word.start : word.end])
    ]
    for low in STEPS:
        unsure = [marked for risk, marked in words if low <= risk < SURE]
        if unsure and np.mean(unsure) >= WORTH[label in DIRECT]:
            return float(low)
    return SURE


def _doubt(thresholds: dict[str, float], judged: list[tuple[Passage, list[Word]]]) -> float:
    """The risk from which a word left standing sends at most PATIENCE of the passages to a person."""
    highest = sorted(
        max((word.risk for word in found if word.risk < thresholds[word.label]), default=0.0) for _, found in judged
    )
    return round(highest[int((1 - PATIENCE) * len(highest))], 4)


def _is_marked(passage: Passage, word: Word) -> bool:
    return any(word.start < span.end and span.start < word.end for span in passage.spans)


if __name__ == "__main__":
    main()
