"""What each layer of redaction earns, and where the classifier's line could be drawn: variants on the same gold.

    .venv/bin/python -m tests.bench.redaction build/held_out.jsonl [VARIANT ...]

Prints a row of BENCHMARKS.md a variant, and then what the traps that all layers hit were taken for. The known-answer document is always redacted by the whole stack.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pipeline.redaction
from pipeline.evaluation.gold import GoldPassage
from pipeline.evaluation.readers import read_gold
from pipeline.evaluation.redaction import score
from pipeline.evaluation.scoring import Prediction
from pipeline.evaluation.systems import quotebank
from pipeline.redaction import Redactor
from pipeline.redaction.findings import Entity, Finding
from pipeline.redaction.token_model import TokenModel

MEASURES = (
    "recall.direct",
    "recall_after_holding.direct",
    "recall.quasi",
    "recall_after_holding.quasi",
    "traps_hit",
    "other_words_masked",
    "held",
)


@contextmanager
def without_source(layer: str) -> Iterator[None]:
    """Findings of one layer are dropped before anything is made of them."""

    class Without(Redactor):
        def _find(self, text: str, tagged: list[Entity], contributors: Sequence[str]) -> list[Finding]:
            return [finding for finding in super()._find(text, tagged, contributors) if finding.source != layer]

    with patch.object(pipeline.redaction, "Redactor", Without):
        yield


@contextmanager
def without_classifier() -> Iterator[None]:
    """It finds nothing; every unknown word is suspect."""
    with ExitStack() as stack:
        module = "pipeline.redaction.redactor"
        stack.enter_context(patch(f"{module}._suspects", lambda *_: ()))
        reasons = pipeline.redaction.redactor.unknown.add_reason
        stack.enter_context(patch(f"{module}.unknown.add_reason", lambda documents, _: reasons(documents, {})))

        class Without(Redactor):
            def _mark_batch(self, documents, said, classify=True):
                return super()._mark_batch(documents, said, False)

        stack.enter_context(patch.object(pipeline.redaction, "Redactor", Without))
        yield


@contextmanager
def at(threshold: float) -> Iterator[None]:
    """One threshold for every label instead of each its own."""
    load = TokenModel.__init__

    def loaded(self: TokenModel, name: str, threads: int = 1) -> None:
        load(self, name, threads)
        self._thresholds = dict.fromkeys(self._thresholds, threshold)

    with patch.object(TokenModel, "__init__", loaded):
        yield


def replaced(name: str, value: Callable) -> Callable:
    return lambda: patch(f"pipeline.redaction.redactor.{name}", value)


VARIANTS = {
    "all layers": ExitStack,
    "without rules": lambda: without_source("rules"),
    "without gazetteers": lambda: without_source("gazetteer"),
    "without roster": lambda: without_source("roster"),
    "without classifier": without_classifier,
    "without propagation": replaced("propagate", lambda texts, _: [[] for _ in texts]),
    "without holding unknown names": replaced("unknown.add_reason", lambda documents, _: list(documents)),
    **{f"all labels at {threshold}": partial(at, threshold) for threshold in (0.1, 0.2, 0.3, 0.5, 0.7, 0.9)},
}


def main(path: Path, wanted: Sequence[str]) -> None:
    gold, taken = read_gold(path), Counter[str]()
    sys.stdout.write("| | " + " | ".join(MEASURES) + " | characters a CPU second |\n")
    for name, variant in VARIANTS.items():
        if wanted and name not in wanted:
            continue
        with variant():
            outcome = quotebank(gold.passages, lambda *_: None)
        scored = score(gold, outcome)
        values = [f"{scored.measures[measure].value:.3f}" for measure in MEASURES]
        sys.stdout.write(f"| {name} | {' | '.join(values)} | {scored.characters_per_second:,.0f} |\n")
        sys.stdout.flush()
        if name == "all layers":
            taken = taken_for(gold.passages, outcome.predictions)
    sys.stdout.write(f"\n{', '.join(f'{label} {n}' for label, n in taken.most_common())}\n")


def taken_for(passages: Sequence[GoldPassage], predictions: Sequence[Prediction]) -> Counter[str]:
    """By label, how many traps a span of it touches."""
    return Counter(
        label
        for passage, prediction in zip(passages, predictions, strict=True)
        for first, last in passage.traps
        for label in {label for start, end, label in prediction.spans if start < last and first < end}
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
