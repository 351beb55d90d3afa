"""An evaluation of redaction: systems run on the same gold in one process, and what each missed."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pipeline.evaluation.gold import Gold
from pipeline.evaluation.intervals import Estimate, estimates
from pipeline.evaluation.scoring import count_groups, count_passage, missed
from pipeline.evaluation.systems import BASELINES, Outcome, quotebank
from pipeline.store import write_atomic

OURS = "quotebank"
_AROUND = 40  # characters of context in the file of missed marks


@dataclass(frozen=True)
class SystemScore:
    """A system's measures by name (see `scoring`), and its speed."""

    measures: Mapping[str, Estimate]
    characters_per_second: float


@dataclass(frozen=True)
class Evaluation:
    """Scores by system, `quotebank` first. `unit`: what the groups are that leaks are counted for.

    Seconds are of one processor, or where several cores share our work, of the clock on the wall.
    """

    n_passages: int
    n_characters: int
    n_groups: int
    unit: str
    systems: Mapping[str, SystemScore]
    n_cores: int = 1

    @property
    def speed_ratio(self) -> float | None:
        """Our speed as a multiple of the baseline's, in the same run; None without a baseline."""
        ours, *others = (score.characters_per_second for score in self.systems.values())
        return ours / others[0] if others else None


def evaluate(
    gold: Gold,
    baseline: str | None,
    progress: Callable[[str, int, int], None],
    errors: Path | None = None,
    n_cores: int = 1,
) -> Evaluation:
    """Redacts the gold and scores it. `progress` gets the system's name, passages or documents done, and of how many.

    `errors`: a file to write our missed marks to, with their words. Raises whatever the redactor raises.
    """
    scores: dict[str, SystemScore] = {}
    clock = time.process_time if n_cores == 1 else time.perf_counter
    for name in [OURS, *([baseline] if baseline else [])]:
        run = partial(quotebank, n_cores=n_cores) if name == OURS else BASELINES[name]
        outcome = run(gold.passages, lambda done, total, name=name: progress(name, done, total), clock)
        scores[name] = score(gold, outcome)
        if name == OURS and errors is not None:
            write_errors(errors, gold, outcome)
    return Evaluation(
        len(gold.passages), _characters(gold), len({p.group for p in gold.passages}), gold.unit, scores, n_cores
    )


def score(gold: Gold, outcome: Outcome) -> SystemScore:
    """All measures of one system's outcome."""
    counted = [
        count_passage(passage, prediction, gold.annotated, gold.names_only)
        for passage, prediction in zip(gold.passages, outcome.predictions, strict=True)
    ]
    speed = _characters(gold) / max(outcome.seconds, 1e-9)
    return SystemScore(estimates(count_groups(gold.passages, counted)), speed)


def write_errors(path: Path, gold: Gold, outcome: Outcome) -> None:
    """Every missed mark as a JSON line with its words and those around it: restricted, mode 0600."""
    lines = [
        json.dumps(
            {
                "passage_id": passage.passage_id,
                "label": mark.label,
                "kind": mark.kind,
                "start": mark.start,
                "end": mark.end,
                "missed": passage.text[mark.start : mark.end],
                "around": passage.text[max(0, mark.start - _AROUND) : mark.end + _AROUND],
                "held": prediction.held,
            },
            ensure_ascii=False,
        )
        for passage, prediction in zip(gold.passages, outcome.predictions, strict=True)
        for mark in missed(passage, prediction)
    ]
    write_atomic(path, "".join(f"{line}\n" for line in lines).encode())


def _characters(gold: Gold) -> int:
    return sum(len(passage.text) for passage in gold.passages)
