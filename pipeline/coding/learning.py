"""From codings to a score for every text and code, and what the score would have been had nobody coded the passage.

Kernel ridge regression (equal to the mean of a Gaussian process; Rasmussen and Williams 2006, chapter 2) on the
people's codings. Definitions, what they list, and examples take part as codings of one code each that are trusted
less, so that there is something to go by before anybody has coded. So do the ideas of coded passages, each with those
codes of its passage that it speaks for more than the others do (multiple-instance learning by expectation and
maximisation). Leaving a passage and its ideas out has a closed form (ibid., section 5.4.2), which gives honest scores
for coded passages without a second fit. It had a say only in which ideas of other passages speak for a code.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.coding.views import Views

_CODING_NOISE = 0.2  # how far a person's coding may be off, as a variance
_IDEA_NOISE = 2.0  # the same of a code that an idea has from its passage
_MOST_IDEAS = 1000  # that are learned from; of more, so many drawn by chance, the same each time
_SPEAKING = 8.0  # how sharply a code goes to the ideas that speak for it
_ROUNDS = 2  # of asking the ideas anew
_CONSTANT = 0.1  # variance of how frequent a code is


@dataclass(frozen=True)
class Scores:
    """Float (n, n_codes). `all`: of passages, then of ideas. `left_out`: of coded passages, then of their ideas, as if
    nobody had coded the passage. `whose`: int, for each of these ideas which coded passage it is part of."""

    all: np.ndarray
    left_out: np.ndarray
    whose: np.ndarray


def learn(
    views: Views, coded: np.ndarray, codings: np.ndarray, owner: np.ndarray, doubts: Sequence[float]
) -> Iterator[Scores]:
    """Scores for each doubt about the codebook; arguments as in `evidence.gather`."""
    n_coded, n_said = len(coded), len(views.nearness)
    n = n_said - len(owner)
    place = np.full(n, -1)
    place[coded] = np.arange(n_coded)
    ideas = np.flatnonzero(place[owner] >= 0)
    whose = place[owner[ideas]]
    taught = np.sort(np.random.default_rng(0).permutation(len(ideas))[:_MOST_IDEAS])

    # Those asked for a score, and those that teach, with the anchors; then the places of each passage and its ideas.
    asked = np.concatenate([coded, n + ideas]).astype(int)
    points = np.concatenate([coded, n + ideas[taught], np.arange(n_said, len(views.meaning))]).astype(int)
    asked_of = _places(np.concatenate([np.arange(n_coded), whose]), n_coded)
    points_of = _places(np.concatenate([np.arange(n_coded), whose[taught]]), n_coded)
    kernel = views.similarity(points)
    kernel += _CONSTANT
    anchors = np.eye(codings.shape[1])[views.anchor_of]
    for doubt in doubts:
        noise = [np.full(n_coded, _CODING_NOISE), np.full(len(taught), _IDEA_NOISE), doubt * views.anchor_noise]
        inverse = np.linalg.inv(kernel[points] + np.diag(np.concatenate(noise)))

        def fit(spoken: np.ndarray, inverse: np.ndarray = inverse) -> tuple[np.ndarray, np.ndarray]:
            weights = inverse @ np.concatenate([codings, spoken[taught], anchors])
            left_out = kernel[asked] @ weights
            for rows, gone in zip(asked_of, points_of, strict=True):
                residual = np.linalg.solve(inverse[np.ix_(gone, gone)], weights[gone])
                left_out[rows] -= kernel[asked[rows]] @ inverse[:, gone] @ residual
            return weights, left_out

        weights, left_out = fit(codings[whose])
        for _ in range(_ROUNDS if len(ideas) else 0):
            weights, left_out = fit(codings[whose] * _share(left_out[n_coded:], whose, n_coded))
        yield Scores(kernel[:n_said] @ weights, left_out, whose)


def _places(of: np.ndarray, n: int) -> list[np.ndarray]:
    """For each of 0..n the places where it stands in `of`."""
    order = np.argsort(of, kind="stable")
    return np.split(order, np.searchsorted(of[order], np.arange(1, n))) if n else []


def _share(score: np.ndarray, whose: np.ndarray, n: int) -> np.ndarray:
    """How far each idea speaks for each code, beside the one of its passage that does most, which has 1."""
    speaks = np.exp(_SPEAKING * score)
    most = np.zeros((n, score.shape[1]))
    np.maximum.at(most, whose, speaks)
    return speaks / most[whose]
