"""What speaks for each code of each passage, and what would had nobody coded the passage."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.coding.learning import learn
from pipeline.coding.views import Views

_SHARPNESS = 7.0  # of the softmax over cosines to definitions
_ELSE = 0.5  # as near as this, so to speak, is to every passage what no code is for
_FLOOR = 1e-4
NAMES = (
    "learned",
    "learned, best idea",
    "learned, behind the passage's best code",
    "definition",
    "definition, best idea",
    "words",
    "excluded",
    "frequency",
)


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
    n, n_coded = len(views.nearness) - len(owner), len(coded)
    definition = _log_softmax(views.nearness)
    near_idea = _best(definition[:n], definition[n:], owner)
    fixed = [definition[:n], near_idea, views.lexical[:n], views.exclusion[:n]]
    counts = codings.sum(axis=0)
    frequency = np.broadcast_to(np.log((counts + 0.5) / (n_coded + 1)), (n, len(counts)))
    frequency_left_out = np.log((counts - codings + 0.5) / (n_coded + 1))
    for scores in learn(views, coded, codings, owner, doubts):
        learned = _learned(scores.all, n, owner)
        left_out = _learned(scores.left_out, n_coded, scores.whose)
        yield Evidence(
            np.stack([*learned, *fixed, frequency], axis=-1),
            np.stack([*left_out, *(kind[coded] for kind in fixed), frequency_left_out], axis=-1),
        )


def _learned(scores: np.ndarray, n: int, owner: np.ndarray) -> list[np.ndarray]:
    """Of n passages, by their scores and those of their ideas. Nearly all have some code, however little was learned of
    them, so that it counts, too, how far a code is behind the best one."""
    best_idea = _best(scores[:n], scores[n:], owner)
    return [scores[:n], best_idea, best_idea - best_idea.max(axis=1, keepdims=True)]


def _log_softmax(nearness: np.ndarray) -> np.ndarray:
    """Over the codes and whatever else there is to say; without the latter, the only code would be in every passage."""
    scaled = np.exp(_SHARPNESS * nearness)
    return np.log(scaled / (scaled.sum(axis=1, keepdims=True) + np.exp(_SHARPNESS * _ELSE)) + _FLOOR)


def _best(whole: np.ndarray, parts: np.ndarray, owner: np.ndarray) -> np.ndarray:
    """The larger of a passage's own score and that of its best idea."""
    best = whole.copy()
    np.maximum.at(best, owner, parts)
    return best
