"""Themes against people's codes: how well they agree, and how still they hold.

Agreement with the gold counts unassigned texts as one theme: leaving the hard ones out earns nothing. A text with
several codes is scored by the best F1 that any theme reaches for each code, and left out of the other measures.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import fmean, median

import numpy as np

from pipeline.evaluation.apart import run_apart
from pipeline.evaluation.bertopic_systems import BERTOPIC, bertopic
from pipeline.evaluation.labelled import Labelled
from pipeline.evaluation.naming import naming_accuracy
from pipeline.evaluation.stream import SEED, f1
from pipeline.evaluation.theme_systems import OURS, Discover, Found, Ours, unnamed
from pipeline.passages import says_too_little
from pipeline.process import peak_memory_mb
from pipeline.study import Embedding, Passages, Themes

LITTLE = Passages().min_turn_words  # a text of fewer words says little
_GROWN = 0.1  # share of texts that come on top
Encode = Callable[[Sequence[str]], np.ndarray]


@dataclass(frozen=True)
class ThemeScore:
    """One system. `measures` by name, see `measure`; `unassigned`: rows that it left without a theme."""

    measures: Mapping[str, float]
    unassigned: tuple[int, ...]


@dataclass(frozen=True)
class ThemeEvaluation:
    """Scores by system, `quotebank` first."""

    n_texts: int
    n_blank: int
    n_non_answers: int
    n_coded: int
    n_codes: int
    trials: int
    systems: Mapping[str, ThemeScore]


def evaluate(
    gold: Labelled,
    settings: Themes,
    baseline: str | None,
    trials: int,
    cache: Path,
    progress: Callable[[str], object],
    systems: Mapping[str, Discover] | None = None,
    encode: Encode | None = None,
) -> ThemeEvaluation:
    """Every system on the same texts and vectors, each in a process of its own.

    Args:
        gold: the coded texts.
        settings: of ours.
        baseline: "bertopic" or None.
        trials: how often each measure of stability is taken.
        cache: folder for vectors.
        progress: told what is being done.
        systems, encode: instead of these, and of the model that makes vectors; run in this process.

    Raises:
        ModelError: a model is missing.
    """
    from pipeline.encoder import embed_texts

    to_vectors: Encode = encode or partial(embed_texts, settings=Embedding(), cache=cache)
    progress("embedding")
    vectors = to_vectors(list(gold.texts))
    wanted = systems or {OURS: Ours(settings, cache), **({BERTOPIC: bertopic()} if baseline else {})}
    scores: dict[str, ThemeScore] = {}
    for name, discover in wanted.items():
        progress(name)
        run = measure if systems else partial(run_apart, measure)
        scores[name] = run(discover, gold, vectors, trials, to_vectors)
    coded = [codes for codes in gold.codes if codes]
    return ThemeEvaluation(
        n_texts=len(gold.texts),
        n_blank=gold.n_blank,
        n_non_answers=gold.n_non_answers,
        n_coded=len(coded),
        n_codes=len(frozenset().union(*coded)),
        trials=trials,
        systems=scores,
    )


def measure(
    discover: Discover, gold: Labelled, vectors: np.ndarray, trials: int, encode: Encode | None = None
) -> ThemeScore:
    """All measures of one system.

    - ami, ari, v: with the codes of texts that have exactly one; unassigned texts are one theme.
    - f1_macro, f1_weighted: for each code the best F1 of any theme over all coded texts, and their mean; weighted by
      how many texts have the code.
    - unassigned: share of all texts. unassigned_little: share of these that are non-answers or too short, by the rule
      that a study has for what is spoken; little: the same of all texts, to compare. themes: how many.
    - without, without_non_answer, without_short, without_other: see `without_theme`.
    - drop_one, shuffled, grown: AMI with the first run, over the rows of both, of a run without one text, in another
      order, and without a tenth; means of `trials`.
    - naming: see `naming_accuracy`; needs `encode`. naming_of_all: the same as a share of all texts, those left without
      a theme among them.
    - load_seconds, fit_seconds, naming_seconds: of the first run; libraries that finding needs, finding, compiling
      included, and naming; again_seconds: median of finding alone in later runs. memory_mb: the process's peak.
    """
    first = discover(gold.texts, vectors)
    values: dict[str, float] = {**agreement(first, gold)}
    left_out = first.themes == ""
    little = np.array([bool(says_too_little(text, LITTLE)) for text in gold.texts])
    values["unassigned"], values["little"] = float(left_out.mean()), float(little.mean())
    if left_out.any():
        values["unassigned_little"] = float(little[left_out].mean())
    values |= without_theme(left_out, little, gold.n_non_answers)
    values["themes"] = len(set(first.themes.tolist()) - {""})
    again: list[float] = []
    if trials:
        values |= stability(unnamed(discover), first, gold.texts, vectors, trials, again)
    values["load_seconds"] = first.load_seconds
    values["fit_seconds"], values["naming_seconds"] = first.fit_seconds, first.naming_seconds
    if again:
        values["again_seconds"] = median(again)
    values["memory_mb"] = peak_memory_mb()
    if encode is not None and first.names:
        values["naming"] = _naming(first, vectors, encode)
        values["naming_of_all"] = values["naming"] * (1 - values["unassigned"])
    return ThemeScore(values, tuple(np.flatnonzero(left_out).tolist()))


def without_theme(left_out: np.ndarray, little: np.ndarray, n_non_answers: int) -> dict[str, float]:
    """Share of all answers that end without a theme, and of these the share of each reason.

    Args:
        left_out, little: bool (n,), of each text: it has no theme; it says little.
        n_non_answers: answers that were set aside before, which no system sees.

    Returns:
        without: of all texts and non-answers. Of these, if there are any, without_non_answer: set aside before;
        without_short: say little, and fit no theme; without_other: fit no theme, whatever they say.
    """
    n_short, n_without = int((left_out & little).sum()), int(left_out.sum()) + n_non_answers
    values = {"without": n_without / (len(left_out) + n_non_answers)}
    if n_without:
        values["without_non_answer"] = n_non_answers / n_without
        values["without_short"] = n_short / n_without
        values["without_other"] = 1 - (n_non_answers + n_short) / n_without
    return values


def agreement(found: Found, gold: Labelled) -> dict[str, float]:
    """With the codes; see `measure`."""
    from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score, v_measure_score

    single = np.array(gold.single, dtype=str)
    coded = single != ""
    values: dict[str, float] = {}
    if coded.any():
        values["ami"] = float(adjusted_mutual_info_score(single[coded], found.themes[coded]))
        values["ari"] = float(adjusted_rand_score(single[coded], found.themes[coded]))
        values["v"] = float(v_measure_score(single[coded], found.themes[coded]))
    best = best_f1(found, gold.codes)
    values["f1_macro"] = fmean(score for score, _ in best.values())
    values["f1_weighted"] = fmean((score for score, _ in best.values()), [size for _, size in best.values()])
    return values


def best_f1(found: Found, codes: Sequence[frozenset[str]]) -> dict[str, tuple[float, int]]:
    """For each code the best F1 of any theme, over coded texts only, and how many texts have the code."""
    coded = np.array([bool(given) for given in codes])
    wanted = {
        code: np.array([row for row, given in enumerate(codes) if code in given])
        for code in sorted(frozenset().union(*codes))
    }
    members = [rows[coded[rows]] for rows in found.members.values()]
    return {code: (max((f1(rows, gold) for rows in members), default=0.0), len(gold)) for code, gold in wanted.items()}


def stability(
    discover: Discover,
    first: Found,
    texts: Sequence[str],
    vectors: np.ndarray,
    trials: int,
    seconds: list[float] | None = None,
) -> dict[str, float]:
    """drop_one, shuffled, grown: see `measure`. `seconds` is given what each run took."""
    from sklearn.metrics import adjusted_mutual_info_score

    rng = np.random.default_rng(SEED)
    n = len(texts)
    agreements: dict[str, list[float]] = {"drop_one": [], "shuffled": [], "grown": []}
    for _ in range(trials):
        draws = {
            "drop_one": np.delete(np.arange(n), rng.integers(n)),
            "shuffled": rng.permutation(n),
            "grown": np.sort(rng.permutation(n)[: n - round(_GROWN * n)]),
        }
        for name, rows in draws.items():
            again = discover([texts[row] for row in rows.tolist()], vectors[rows])
            agreements[name].append(float(adjusted_mutual_info_score(first.themes[rows], again.themes)))
            if seconds is not None:
                seconds.append(again.fit_seconds + again.naming_seconds)
    return {name: fmean(values) for name, values in agreements.items()}


def _naming(found: Found, vectors: np.ndarray, encode: Encode) -> float:
    themes = sorted(found.names)
    place = {theme: number for number, theme in enumerate(themes)}
    own = [place.get(theme, len(themes)) if theme else -1 for theme in found.themes.tolist()]
    return naming_accuracy(vectors, own, encode([found.names[theme] for theme in themes]))
