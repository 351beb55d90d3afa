"""Chooses on the held-out strands from which risk on a word is masked, and from which a person should look.

    make train            (trains, exports, then chooses)

A detail that is missed is weighed against words masked in vain, label by label. What stays below its threshold and is
still not beyond doubt sends its passage to a person: as many passages as a reviewer has patience for.
"""

import json
import sys
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from corpus import LABELS, Passage, Span, read

from pipeline.labels import DIRECT
from pipeline.redaction.details import Word
from pipeline.redaction.token_model import TokenModel

ROOT = Path(__file__).parent.parent.parent
A_MISS = {True: 20.0, False: 12.0}  # in words masked in vain, of a direct and of another label
A_TRAP = 2.0  # a trap masked, likewise
LOWEST, HIGHEST, STEP = 0.15, 0.5, 0.05  # what is likelier a detail than not is never let stand
PATIENCE = 0.08  # share of passages that doubt may send to a person

Judged = list[tuple[Passage, list[Word]]]


def main() -> None:
    path = Path(__file__).parent / "weights" / "labels.json"
    facts = json.loads(path.read_text("utf-8"))
    model = TokenModel(str(path.parent))
    _, held_out = read(ROOT / "data" / "training")
    judged = list(zip(held_out, model.words([passage.text for passage in held_out]), strict=True))
    thresholds = best_thresholds(judged)
    facts |= {"thresholds": thresholds, "doubt": _doubt(thresholds, judged)}
    path.write_text(json.dumps(facts, indent=1) + "\n", "utf-8")
    sys.stdout.write(path.read_text("utf-8"))


def best_thresholds(judged: Judged) -> dict[str, float]:
    """For each label the threshold at which misses and words masked in vain weigh least."""
    found: dict[str, list[float]] = defaultdict(list)  # of every must-span, the risk at which all of it is masked
    vain: dict[str, list[tuple[float, float]]] = defaultdict(list)  # risk and weight of every other word
    for passage, words in judged:
        for span in passage.spans:
            inside = [word.risk for word in words if _meet(word, span)]
            if not span.optional and inside:
                found[span.label].append(min(inside))
        for word in words:
            if not any(_meet(word, span) for span in passage.spans):
                weight = A_TRAP if any(_meet(word, trap) for trap in passage.traps) else 1.0
                vain[word.label].append((word.risk, weight))
    steps = [round(LOWEST + n * STEP, 2) for n in range(round((HIGHEST - LOWEST) / STEP) + 1)]

    def weight(label: str, threshold: float) -> float:
        missed = sum(risk < threshold for risk in found[label])
        return A_MISS[label in DIRECT] * missed + sum(w for risk, w in vain[label] if risk >= threshold)

    return {label: min(steps, key=lambda step, label=label: (weight(label, step), step)) for label in LABELS}


def _meet(word: Word, span: Span) -> bool:
    return word.start < span.end and span.start < word.end


def _doubt(thresholds: dict[str, float], judged: Judged) -> float:
    """The risk from which a word left standing sends at most PATIENCE of the passages to a person."""
    highest = sorted(
        max((word.risk for word in found if word.risk < thresholds[word.label]), default=0.0) for _, found in judged
    )
    return round(highest[int((1 - PATIENCE) * len(highest))], 4)


if __name__ == "__main__":
    main()
