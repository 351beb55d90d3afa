"""An evaluation as a person reads it, and as a program does. Numbers only: no passage is ever shown."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pipeline.evaluation.intervals import Estimate
from pipeline.evaluation.redaction import OURS, Evaluation

if TYPE_CHECKING:
    from rich.table import Table

_AFTER = "… after holding"
_RECALL = {
    "recall.direct": "direct",
    "recall_after_holding.direct": _AFTER,
    "recall.quasi": "quasi",
    "recall_after_holding.quasi": _AFTER,
    "entity_recall.direct": "entities, direct (ER_di)",
    "entity_recall.quasi": "entities, quasi (ER_qi)",
    "token_recall": "words",
    "token_recall.direct": "words, direct",
    "token_recall.quasi": "words, quasi",
    "token_precision": "precision, words",
    "mention_precision": "precision, spans",
    "f2": "F2, words",
}
_LEAKS = {
    "groups_with_direct_leak": "{unit}, direct leak",
    "groups_with_direct_leak_after_holding": _AFTER,
    "groups_with_leak": "{unit}, any leak",
    "groups_with_leak_after_holding": _AFTER,
    "passages_with_leak": "passages, any leak",
    "passages_with_leak_after_holding": _AFTER,
}
_COST = {"held": "passages held for review", "traps_hit": "traps hit", "other_words_masked": "other words masked"}


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """Everything, by system and measure: value and interval as shares of 1, and the counts behind them."""
    systems = {
        name: {
            "measures": {
                measure: {
                    "value": round(e.value, 4),
                    "low": round(e.low, 4),
                    "high": round(e.high, 4),
                    **({"count": e.count, "of": e.of} if e.of else {}),
                }
                for measure, e in score.measures.items()
            },
            "characters_per_second": round(score.characters_per_second),
        }
        for name, score in evaluation.systems.items()
    }
    ratio = evaluation.speed_ratio
    return {
        "passages": evaluation.n_passages,
        "characters": evaluation.n_characters,
        evaluation.unit: evaluation.n_groups,
        "cores": evaluation.n_cores,
        "interval": "95%, bootstrap over " + evaluation.unit,
        "systems": systems,
        **({} if ratio is None else {"speed_ratio": round(ratio, 2)}),
    }


def tables(evaluation: Evaluation) -> "list[Table]":
    """Tables for a terminal: recall, recall by label, leaks and cost, a column for each system."""
    names = [measure for score in evaluation.systems.values() for measure in score.measures]
    labels = sorted({name for name in names if name.startswith("label_recall.")})
    leaks = {name: words.format(unit=evaluation.unit) for name, words in _LEAKS.items()}
    return [
        _table("recall of what must go", _RECALL, evaluation),
        _table("recall by label", {name: name.removeprefix("label_recall.") for name in labels}, evaluation),
        _table("leaks", leaks, evaluation),
        _cost(evaluation),
    ]


def _table(title: str, rows: Mapping[str, str], evaluation: Evaluation) -> "Table":
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(title, min_width=26)
    for system in evaluation.systems:
        table.add_column(system, justify="right")
    for measure, words in rows.items():
        if any(measure in score.measures for score in evaluation.systems.values()):
            table.add_row(words, *(_cell(evaluation, system, measure) for system in evaluation.systems))
    return table


def _cost(evaluation: Evaluation) -> "Table":
    table = _table("cost", _COST, evaluation)
    speeds = [f"{score.characters_per_second:,.0f}" for score in evaluation.systems.values()]
    one = evaluation.n_cores == 1
    table.add_row("characters a CPU second" if one else f"characters a second, {evaluation.n_cores} cores", *speeds)
    if evaluation.speed_ratio is not None:
        table.add_row("speed, of the baseline's", f"{evaluation.speed_ratio:.2f}", "1.00")
    return table


def _cell(evaluation: Evaluation, system: str, measure: str) -> str:
    estimate = evaluation.systems[system].measures.get(measure)
    no_holding = system != OURS and ("after_holding" in measure or measure == "held")
    return "–" if estimate is None or no_holding else _words(estimate)


def _words(estimate: Estimate) -> str:
    """ ".897 [.851, .937] 130/145": two systems fit into eighty columns."""
    value, low, high = (f"{share:.3f}".removeprefix("0") for share in (estimate.value, estimate.low, estimate.high))
    counts = f" {estimate.count}/{estimate.of}" if estimate.of else ""
    return rf"{value} \[{low}, {high}]{counts}"
