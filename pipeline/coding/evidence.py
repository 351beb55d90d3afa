"""From codings to a score for every passage and code, and what the score would have been had nobody coded the passage.

Kernel ridge regression (equal to the mean of a Gaussian process; Rasmussen and Williams 2006, chapter 2) on the
people's codings. Definitions, what they list, and examples take part as codings of one code each that are trusted
less, so that there is something to go by before anybody has coded. Leaving one coding out has a closed form (ibid.,
section 5.4.2), which gives honest evidence on coded passages without a second fit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.coding.views import Views

_CODING_NOISE = 0.2  # how far a person's coding may be off, as a variance
_CONSTANT = 0.1  # variance of how frequent a code is
_SHARPNESS = 7.0  # of the softmax over cosines to definitions
_FLOOR = 1e-4
NAMES = ("learned", "learned, best idea", "definition", "definition, best idea", "words", "excluded", "frequency")


@dataclass(frozen=True)
class Evidence:
    """Float (n, n_codes, len(NAMES)): of all passages, and of the coded ones as if each itself were not coded."""

    passages: np.ndarray
    left_out: np.ndarray


def gather(
    views: Views, coded: np.ndarray, codings: np.ndarray, owner: np.ndarray, doubts: Sequence[float] = (1.0,)
) -> Iterator[Evidence]:
    """The evidence for each passage and code, once for each doubt about the codebook.

    Args:
        views: of n passages, their ideas, the codes and the codes' examples.
        coded: int (n_coded,), rows of passages that people coded.
        codings: bool (n_coded, n_codes).
        owner: int (n_ideas,), the passage each idea belongs to.
        doubts: multiples of the variance that definitions, what they list, and examples are trusted with.
    """
    points = np.concatenate([coded, np.arange(len(views.nearness), len(views.meaning))]).astype(int)
    kernel = views.similarity(points) + _CONSTANT
    for doubt in doubts:
        noise = np.concatenate([np.full(len(coded), _CODING_NOISE), doubt * views.anchor_noise])
        inverse = np.linalg.inv(kernel[points] + np.diag(noise))
        yield _evidence(views, kernel[: len(views.nearness)], inverse, coded, codings, owner)


def _evidence(
    views: Views, kernel: np.ndarray, inverse: np.ndarray, coded: np.ndarray, codings: np.ndarray, owner: np.ndarray
) -> Evidence:
    """kernel: float (n_passages + n_ideas, n_coded + n_anchors). inverse: of that among the latter, noise added."""
    n_codes = codings.shape[1]
    n_said, n_ideas, n_coded = len(views.nearness), len(owner), len(coded)
    n = n_said - n_ideas
    targets = np.concatenate([codings.astype(float), np.eye(n_codes)[views.anchor_of]])
    weights = inverse @ targets
    score = kernel @ weights
    residual = weights[:n_coded] / np.diag(inverse)[:n_coded, None]
    score_left_out = codings - residual

    definition = _log_softmax(views.nearness)
    place = np.full(n, -1)
    place[coded] = np.arange(n_coded)
    mine = np.flatnonzero(place[owner] >= 0) if n_ideas else np.zeros(0, dtype=int)
    whose = place[owner[mine]] if n_ideas else mine
    # An idea's score without the coding of the passage it belongs to.
    pull = np.einsum("ip,pi->i", kernel[n + mine], inverse[:, whose])
    idea_left_out = score[n + mine] - pull[:, None] * residual[whose]

    counts = codings.sum(axis=0)
    best_idea = _best(score[:n], score[n:], owner)
    near_idea = _best(definition[:n], definition[n:], owner)
    words, excluded = views.lexical[:n], views.exclusion[:n]
    frequency = np.broadcast_to(np.log((counts + 0.5) / (n_coded + 1)), (n, n_codes))
    frequency_left_out = np.log((counts - codings + 0.5) / (n_coded + 1))
    return Evidence(
        np.stack([score[:n], best_idea, definition[:n], near_idea, words, excluded, frequency], axis=-1),
        np.stack(
            [
                score_left_out,
                _best(score_left_out, idea_left_out, whose),
                definition[coded],
                near_idea[coded],
                words[coded],
                excluded[coded],
                frequency_left_out,
            ],
            axis=-1,
        ),
    )


def _log_softmax(nearness: np.ndarray) -> np.ndarray:
    scaled = np.exp(_SHARPNESS * (nearness - nearness.max(axis=1, keepdims=True)))
    return np.log(scaled / scaled.sum(axis=1, keepdims=True) + _FLOOR)


def _best(whole: np.ndarray, parts: np.ndarray, owner: np.ndarray) -> np.ndarray:
    """The larger of a passage's own score and that of its best idea."""
    best = whole.copy()
    np.maximum.at(best, owner, parts)
    return best
