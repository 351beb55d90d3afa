"""Evaluations of themes as a person reads them, and as a program does. Numbers only."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pipeline.evaluation.stream import Outcome, mean_of
from pipeline.evaluation.themes import LITTLE, ThemeEvaluation

if TYPE_CHECKING:
    from rich.table import Table

_SHARE, _COUNT, _SECONDS, _MEMORY, _PERCENT = "{:.3f}", "{:.0f}", "{:.1f}", "{:,.0f} MB", "{:.1%}"
_AGREEMENT = {
    "ami": ("AMI", _SHARE),
    "ari": ("ARI", _SHARE),
    "v": ("V-measure", _SHARE),
    "f1_macro": ("best F1 of a code, mean", _SHARE),
    "f1_weighted": ("… weighted by size", _SHARE),
    "naming": ("theme known by its name", _SHARE),
    "naming_of_all": ("… of all texts", _SHARE),
    "themes": ("themes", _COUNT),
    "unassigned": ("unassigned", _PERCENT),
    "unassigned_little": (f"… non-answers or under {LITTLE} words", _PERCENT),
    "little": ("… as of all texts", _PERCENT),
}
_WITHOUT = {
    "without": ("of all answers", _PERCENT),
    "without_non_answer": ("… non-answers, set aside before", _PERCENT),
    "without_short": (f"… under {LITTLE} words, fit no theme", _PERCENT),
    "without_other": ("… others that fit no theme", _PERCENT),
}
_STABILITY = {
    "drop_one": ("one text less", _SHARE),
    "shuffled": ("another order", _SHARE),
    "grown": ("a tenth more", _SHARE),
}
_COST = {
    "load_seconds": ("seconds, loading", _SECONDS),
    "fit_seconds": ("seconds, finding", _SECONDS),
    "naming_seconds": ("seconds, naming", _SECONDS),
    "again_seconds": ("seconds, finding again", _SECONDS),
    "memory_mb": ("peak memory", _MEMORY),
}
_STREAM = {
    "same_id": ("themed passages that keep their id", _SHARE),
    "lost_ids": ("ids lost a step", _SHARE),
    "surviving": ("decisions that stand", _SHARE),
    "ami": ("AMI at the end", _SHARE),
    "refit_ami": ("AMI without a past", _SHARE),
    "refit_agreement": ("AMI of the two with each other", _SHARE),
    "late_themes": ("themes that came late", _COUNT),
    "late_f1": ("their best F1", _SHARE),
    "new_ids": ("new ids", "{:.1f}"),
    "spurious": ("of these for old themes", "{:.1f}"),
    "spurious_per_late": ("… for each late theme", "{:.2f}"),
}


def theme_tables(evaluation: ThemeEvaluation) -> "list[Table]":
    """Agreement, what has no theme and why, stability and cost, a column a system."""
    columns = {name: score.measures for name, score in evaluation.systems.items()}
    return [
        _table("agreement with codes", _AGREEMENT, columns),
        _table("without a theme", _WITHOUT, columns),
        _table("AMI with the first run", _STABILITY, columns),
        _table("cost", _COST, columns),
    ]


def stream_tables(draws: Mapping[str, Sequence[Outcome]]) -> "list[Table]":
    """Means over the draws, and each system step by step in the first draw."""
    columns = {name: _values(mean_of(outcomes)) for name, outcomes in draws.items()}
    return [_table("from run to run", _STREAM, columns), *(_steps(name, runs[0]) for name, runs in draws.items())]


def themes_as_json(evaluation: ThemeEvaluation) -> dict[str, Any]:
    """Everything but which texts are unassigned."""
    return {
        "texts": evaluation.n_texts,
        "blank": evaluation.n_blank,
        "non_answers": evaluation.n_non_answers,
        "coded": evaluation.n_coded,
        "codes": evaluation.n_codes,
        "trials": evaluation.trials,
        "systems": {
            name: {measure: round(value, 4) for measure, value in score.measures.items()}
            for name, score in evaluation.systems.items()
        },
    }


def stream_as_json(draws: Mapping[str, Sequence[Outcome]]) -> dict[str, Any]:
    """The mean over all draws, and each draw with its steps."""
    return {
        "systems": {
            name: {
                "mean": {measure: round(value, 4) for measure, value in _values(mean_of(outcomes)).items()},
                "draws": [asdict(outcome) for outcome in outcomes],
            }
            for name, outcomes in draws.items()
        }
    }


def _values(outcome: Outcome) -> dict[str, float]:
    return {name: float(getattr(outcome, name)) for name in _STREAM}


def _table(title: str, rows: Mapping[str, tuple[str, str]], columns: Mapping[str, Mapping[str, float]]) -> "Table":
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(title, min_width=34)
    for name in columns:
        table.add_column(name, justify="right")
    for measure, (words, form) in rows.items():
        if any(measure in values for values in columns.values()):
            cells = (form.format(values[measure]) if measure in values else "–" for values in columns.values())
            table.add_row(words, *cells)
    return table


def _steps(name: str, outcome: Outcome) -> "Table":
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in (f"{name}, first draw", "passages", "themes", "unassigned", "AMI", "same id", "lost ids"):
        table.add_column(title, justify="left" if title.startswith(name) else "right")
    for number, step in enumerate(outcome.steps):
        table.add_row(
            f"run {number + 1}",
            f"{step.n_passages:,}",
            str(step.themes),
            _PERCENT.format(step.unassigned),
            _SHARE.format(step.ami),
            "–" if step.same_id is None else _SHARE.format(step.same_id),
            "–" if step.lost_ids is None else _SHARE.format(step.lost_ids),
        )
    return table
