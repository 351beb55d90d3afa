"""From evidence to probabilities, and from probabilities to codes.

One logistic regression for all codes on evidence that left the coding itself out, so that it weighs the views and
calibrates at once. Its weights begin at what held on other sets and move only as far as codings carry them (a normal
prior): with no coding they are the defaults, with a thousand the data's own. Each code has a leaning beside them, for
people give some codes more readily than the evidence says, and others less.
"""

from collections.abc import Iterable

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from pipeline.coding.evidence import NAMES, Evidence

# Intercept, then a weight for each of NAMES, with the spread of the prior around it. Chosen on banking77, the
# Jupyter sets, gambling_synth, world_after_covid and half of nhs_pxtextmining; see tests/bench/coding.py.
_DEFAULTS = np.array([-0.9, 2.5, 5.0, 1.4, 0.15, 0.5, 0.15, -1.0, 0.0])
_SPREAD = np.array([2.5, 5.0, 4.0, 1.3, 0.6, 0.4, 0.4, 2.5, 0.6])
_LEANING = 0.7  # spread of the codes' leanings around 0


def calibrated(evidences: Iterable[Evidence], codings: np.ndarray) -> np.ndarray:
    """Probability of each passage and code, float (n, n_codes) in 0..1, by several kinds of evidence.

    Each kind counts by how well it foretold the codings (Bayesian model averaging): where the codebook says well what
    people do, the evidence that trusts it; where it does not, the evidence that doubts it.
    """
    found = [(evidence, *_fit(evidence.left_out, codings)) for evidence in evidences]
    least = min(loss for *_, loss in found)
    shares = np.exp([least - loss for *_, loss in found])
    each = [expit(_logit(weights, evidence.passages)) for evidence, weights, _ in found]
    return np.tensordot(shares / shares.sum(), np.array(each), axes=1)


def _fit(evidence: np.ndarray, codings: np.ndarray) -> tuple[np.ndarray, float]:
    """Weights as in `_logit`, and the loss. evidence: (n_coded, n_codes, len(NAMES))."""
    n_codes = codings.shape[1]
    defaults = np.concatenate([_DEFAULTS, np.zeros(n_codes)])
    if codings.size == 0:
        return defaults, 0.0
    spread = np.concatenate([_SPREAD, np.full(n_codes, _LEANING)])

    def loss(scaled: np.ndarray) -> tuple[float, np.ndarray]:
        logit = _logit(defaults + spread * scaled, evidence)
        error = expit(logit) - codings
        slope = np.concatenate([[error.sum()], np.tensordot(error, evidence, axes=2), error.sum(axis=0)])
        value = np.sum(np.logaddexp(0.0, logit) - codings * logit) + 0.5 * scaled @ scaled
        return float(value), spread * slope + scaled

    found = minimize(loss, np.zeros(len(defaults)), jac=True, method="L-BFGS-B")
    return defaults + spread * found.x, float(found.fun)


def _logit(weights: np.ndarray, evidence: np.ndarray) -> np.ndarray:
    """Float (n, n_codes). weights: the intercept, one for each of NAMES, and the leaning of each code."""
    n = 1 + len(NAMES)
    return weights[0] + evidence @ weights[1:n] + weights[n:]


def threshold(probability: np.ndarray) -> float:
    """From which probability on to accept a code so that micro-F1 is largest, as far as probabilities are right.

    It needs no codings: the best threshold is half of the F1 that can be expected (Lipton, Elkan and Naryanaswamy 2014,
    "Optimal thresholding of classifiers to maximize F1 measure").
    """
    ordered = np.sort(probability.ravel())[::-1]
    if len(ordered) == 0:
        return 0.5
    expected = 2 * np.cumsum(ordered) / (np.arange(1, len(ordered) + 1) + ordered.sum())
    return float(expected.max() / 2)
