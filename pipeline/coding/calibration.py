"""From evidence to probabilities, and from probabilities to codes.

One logistic regression for all codes on evidence that left the coding itself out, so that it weighs the views and
calibrates at once. Its weights begin at what held on other sets and move only as far as codings carry them (a normal
prior): with no coding they are the defaults, with a thousand the data's own.
"""

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from pipeline.coding.evidence import NAMES

# Intercept, then a weight for each of NAMES, with the spread of the prior around it. Chosen on banking77, three of the
# Jupyter sets, gambling_synth and half of nhs_pxtextmining; see tests/bench/coding.py.
_DEFAULTS = np.array([-2.0, 7.0, 2.5, 0.5, 0.1, 0.2, -1.0, 0.1])
_SPREAD = np.array([2.0, 4.0, 3.0, 0.5, 0.3, 0.3, 2.0, 0.5])


def fit_weights(evidence: np.ndarray, codings: np.ndarray) -> np.ndarray:
    """Intercept and weights, float (1 + len(NAMES),). evidence: (n_coded, n_codes, len(NAMES)); codings: bool."""
    if codings.size == 0:
        return _DEFAULTS
    seen = np.concatenate([np.ones((codings.size, 1)), evidence.reshape(-1, len(NAMES))], axis=1)
    truth = codings.reshape(-1).astype(float)

    def loss(scaled: np.ndarray) -> tuple[float, np.ndarray]:
        logit = seen @ (_DEFAULTS + _SPREAD * scaled)
        value = np.sum(np.logaddexp(0.0, logit) - truth * logit) + 0.5 * scaled @ scaled
        return float(value), _SPREAD * (seen.T @ (expit(logit) - truth)) + scaled

    found = minimize(loss, np.zeros(len(_DEFAULTS)), jac=True, method="L-BFGS-B")
    return _DEFAULTS + _SPREAD * found.x


def probabilities(evidence: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Float (n, n_codes) in 0..1."""
    return expit(weights[0] + evidence @ weights[1:])


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
