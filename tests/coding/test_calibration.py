"""Whether confidence means what it says: of codings that are 70% likely, about 70% are right. Invented texts, no model.

A passage is a few words, some of its code, some of another, most of none: so it is often in doubt, and how far cannot
be told from the codebook, only from what people coded.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest

from pipeline.coding import Code, Coding, Passages, calibration, code_passages
from pipeline.evaluation.coding import calibration_error
from tests.coding.test_coder import encode

N_CODES, N_CODED, N_REST = 6, 150, 800
OWN, OTHER, WITHOUT = 0.25, 0.3, 0.1  # shares of words of the code, and of any; share of passages without a code
WORDS = [[f"{letter}{n}word" for n in range(12)] for letter in "abcdef"]
COMMON = [f"common{n}" for n in range(40)]
CODES = [Code(f"T{n}", f"Code {n}", definition=", ".join(words[:4])) for n, words in enumerate(WORDS)]


def invented(seed: int) -> tuple[list[str], np.ndarray]:
    """Texts and bool (n, N_CODES), which code each has, if any."""
    chance = np.random.default_rng(seed)
    truth = np.zeros((N_CODED + N_REST, N_CODES), dtype=bool)
    texts: list[str] = []
    for row in truth:
        code = int(chance.integers(N_CODES))
        row[code] = chance.random() >= WITHOUT
        drawn = chance.random(chance.integers(4, 10))
        lists = [
            WORDS[code] if row[code] and d < OWN else WORDS[chance.integers(N_CODES)] if d < OWN + OTHER else COMMON
            for d in drawn
        ]
        texts.append(" ".join(str(chance.choice(words)) for words in lists))
    return texts, truth


def coded(seed: int) -> tuple[Coding, np.ndarray]:
    texts, truth = invented(seed)
    ids = [f"p{row:04d}" for row in range(len(texts))]
    human = {ids[row]: frozenset(CODES[n].theme_id for n in np.flatnonzero(truth[row])) for row in range(N_CODED)}
    return code_passages(Passages(ids, texts, encode(texts)), CODES, encode, human, n_next=0), truth


@dataclass(frozen=True)
class Judged:
    """What nobody coded, of two studies. probability, truth: (n, N_CODES); unsure: bool (n,)."""

    probability: np.ndarray
    truth: np.ndarray
    unsure: np.ndarray

    @classmethod
    def make(cls) -> "Judged":
        made = [coded(seed) for seed in range(2)]
        return cls(
            np.concatenate([coding.probability[N_CODED:] for coding, _ in made]),
            np.concatenate([truth[N_CODED:] for _, truth in made]),
            np.concatenate([coding.unsure[N_CODED:] for coding, _ in made]),
        )

    @property
    def confidence(self) -> np.ndarray:
        """Of the best code of each passage: float (n,)."""
        return self.probability.max(axis=1)

    @property
    def right(self) -> np.ndarray:
        """Whether the best code of each passage is its code: bool (n,)."""
        return np.take_along_axis(self.truth, self.probability.argmax(axis=1)[:, None], axis=1)[:, 0]

    def fifths(self) -> list[tuple[float, float]]:
        """From the least to the most confident fifth: mean confidence, and share right."""
        parts = np.array_split(np.argsort(self.confidence, kind="stable"), 5)
        return [(float(self.confidence[part].mean()), float(self.right[part].mean())) for part in parts]


@pytest.fixture(scope="module")
def judged() -> Judged:
    return Judged.make()


def test_of_codings_as_likely_as_that_so_many_are_right(judged: Judged) -> None:
    said, right = np.array(judged.fifths()).T
    assert said[-1] - said[0] > 0.4, "or else there would be nothing to tell apart"
    assert np.abs(said - right).max() < 0.1
    assert calibration_error(judged.probability, judged.truth) < 0.07  # .04 when this was written, and .31 without


def test_the_more_confident_the_more_are_right(judged: Judged) -> None:
    right = [share for _, share in judged.fifths()]
    assert right == sorted(right) and right[-1] > right[0] + 0.35


def test_codes_that_are_not_the_best_are_as_likely_as_said_too(judged: Judged) -> None:
    edges = [0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0]
    for low, high in pairwise(edges):
        within = (judged.probability >= low) & (judged.probability < high)
        assert abs(judged.probability[within].mean() - judged.truth[within].mean()) < 0.08, (low, high)


def test_what_is_left_to_a_person_is_wrong_more_often_than_not_and_the_rest_right(judged: Judged) -> None:
    assert 0.2 < judged.unsure.mean() < 0.8
    assert judged.right[judged.unsure].mean() < 0.5 < judged.right[~judged.unsure].mean()


def test_without_calibration_confidence_would_mean_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights as they were for other sets, whatever people coded: nearly all seems sure, and much of it is wrong."""

    def default(evidence: np.ndarray, codings: np.ndarray) -> tuple[np.ndarray, float]:
        return np.concatenate([calibration._DEFAULTS, np.zeros(codings.shape[1])]), 0.0

    monkeypatch.setattr(calibration, "_fit", default)
    without = Judged.make()
    assert calibration_error(without.probability, without.truth) > 0.2
    assert max(abs(said - right) for said, right in without.fifths()) > 0.3
