"""What each layer of redaction earns, and where the classifier's line could be drawn: variants on the same gold.

    .venv/bin/python -m tests.bench.redaction build/held_out.jsonl [VARIANT ...]

Prints a row of BENCHMARKS.md a variant, then of the whole stack what the traps it hit were taken for, its recall by label, and how
the people it missed are written; no words. The known answer, which no lesser stack gives, is
not asked for.
"""

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pipeline.redaction
from pipeline.evaluation.gold import Gold, GoldPassage
from pipeline.evaluation.readers import read_gold
from pipeline.evaluation.redaction import score
from pipeline.evaluation.scoring import Prediction, missed
from pipeline.evaluation.systems import Outcome, quotebank
from pipeline.redaction import Redactor, gazetteer
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
# Of gold whose marks are all that its annotators wanted masked (tweets, court cases).
OF_ANNOTATED = ("recall.direct", "entity_recall.direct", "entity_recall.quasi", "token_precision", "f2", "held")


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
    gold = read_gold(path)
    measures = OF_ANNOTATED if gold.annotated else MEASURES
    sys.stdout.write("| | " + " | ".join(measures) + " | characters a CPU second |\n")
    of_all = Outcome((), 0.0)
    for name, variant in VARIANTS.items():
        if wanted and name not in wanted:
            continue
        with variant(), patch.object(Redactor, "_check_known_answer", lambda self: None):
            outcome = quotebank(gold.passages, lambda *_: None)
        scored = score(gold, outcome)
        values = [f"{scored.measures[m].value:.3f}" if m in scored.measures else "–" for m in measures]
        sys.stdout.write(f"| {name} | {' | '.join(values)} | {scored.characters_per_second:,.0f} |\n")
        sys.stdout.flush()
        if name == "all layers":
            of_all = outcome
    if of_all.predictions:
        report(gold, of_all)


def report(gold: Gold, outcome: Outcome) -> None:
    """What the whole stack took traps for, found and missed, in counts."""
    taken = taken_for(gold.passages, outcome.predictions)
    sys.stdout.write(f"\ntraps: {', '.join(f'{label} {n}' for label, n in taken.most_common())}\n")
    recalls = {name: e for name, e in score(gold, outcome).measures.items() if name.startswith("label_recall.")}
    found = (f"{name.removeprefix('label_recall.')} {e.count}/{e.of} {e.value:.3f}" for name, e in recalls.items())
    sys.stdout.write(f"found: {', '.join(found)}\n")
    forms = Counter(
        form(passage.text[mark.start : mark.end])
        for passage, prediction in zip(gold.passages, outcome.predictions, strict=True)
        for mark in missed(passage, prediction)
        if mark.label in {"PERSON", "PER"}
    )
    sys.stdout.write(f"people missed: {', '.join(f'{how} {n}' for how, n in forms.most_common())}\n")


def form(name: str) -> str:
    """How a name is written, and whether its first word is a first name that we know."""
    words = re.findall(r"[^\W\d_]+", name)
    if name.startswith("@") or any(character.isdigit() or character == "_" for character in name):
        return "handles"
    known = "known first name" if words and gazetteer.is_first_name(words[0]) else "no first name we know"
    number = "one word" if len(words) < 2 else "several words"
    case = "small letters" if name.islower() else "capitals" if name.isupper() and len(name) > 1 else "as a name"
    return f"{number}, {case}, {known}"


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
