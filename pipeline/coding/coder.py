"""Codes every passage by a codebook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.coding.calibration import calibrated, threshold
from pipeline.coding.choosing import choose
from pipeline.coding.codes import Code, Encode, Passages, by_id
from pipeline.coding.evidence import gather
from pipeline.coding.views import make_views

_DOUBTS = (0.25, 1.0, 4.0)  # how far the codebook may be from what people do with it


@dataclass(frozen=True)
class Coding:
    """Passages as coded, in the order they were given in; codes likewise.

    probability: float (n, n_codes) in 0..1, calibrated; 1 or 0 where a person coded the passage.
    accepted: bool (n, n_codes), the codes of each passage: one, several or none; a person's exactly as they gave them.
    by_person: bool (n,). unsure: bool (n,), passages whose best code is too improbable: a person should decide.
    to_code_next: ids of passages that a person should code next, best first.
    threshold: the probability from which on a code was accepted.
    """

    ids: tuple[str, ...]
    theme_ids: tuple[str, ...]
    probability: np.ndarray
    accepted: np.ndarray
    by_person: np.ndarray
    unsure: np.ndarray
    to_code_next: tuple[str, ...]
    threshold: float

    def codes_of(self, row: int) -> list[str]:
        """The accepted codes of a passage, likeliest first."""
        ordered = np.argsort(-self.probability[row], kind="stable")
        return [self.theme_ids[code] for code in ordered if self.accepted[row, code]]


def code_passages(
    passages: Passages,
    codes: Sequence[Code],
    encode: Encode,
    human: Mapping[str, frozenset[str]],
    *,
    min_confidence: float = 0.5,
    n_next: int = 20,
) -> Coding:
    """Codes passages from definitions, examples and people's codings. The order of passages and codes does not matter.

    Args:
        passages: all passages: those that nobody coded say which of them are alike.
        codes: of the codebook, with distinct ids.
        encode: makes vectors of the codes' texts and of single words, by the model that made the passages' vectors.
        human: passage id → all codes a person gave it, none included. Passages and codes that are gone are ignored.
        min_confidence: passages whose best code has a smaller probability are marked unsure.
        n_next: how many passages to propose to be coded next.
    """
    if len({code.theme_id for code in codes}) != len(codes):
        raise ValueError("ids of codes must be unique")
    n, ids = len(passages.ids), tuple(passages.ids)
    sorted_codes = sorted(codes, key=lambda code: code.theme_id)
    columns = {code.theme_id: column for column, code in enumerate(sorted_codes)}
    ordered = by_id(passages)
    known = [(row, human[name]) for row, name in enumerate(ordered.ids) if name in human]
    coded = np.array([row for row, _ in known], dtype=int)
    codings = np.zeros((len(known), len(codes)), dtype=bool)
    for row, (_, themes) in enumerate(known):
        codings[row, [columns[theme] for theme in themes if theme in columns]] = True

    if n and len(codes):
        probability, following = _coded(ordered, sorted_codes, encode, coded, codings, n_next)
    else:
        probability, following = np.zeros((n, len(codes))), []
    by_person = np.zeros(n, dtype=bool)
    by_person[coded] = True
    probability[coded] = codings
    limit = threshold(probability[~by_person])
    accepted = probability >= limit
    accepted[coded] = codings

    rows = np.argsort(np.argsort(np.asarray(ids, dtype=str), kind="stable"))  # where each passage went
    order = [columns[code.theme_id] for code in codes]
    best = probability.max(axis=1, initial=0.0)
    return Coding(
        ids=ids,
        theme_ids=tuple(code.theme_id for code in codes),
        probability=probability[rows][:, order],
        accepted=accepted[rows][:, order],
        by_person=by_person[rows],
        unsure=((best < min_confidence) & ~by_person)[rows],
        to_code_next=tuple(ordered.ids[row] for row in following),
        threshold=limit,
    )


def _coded(
    passages: Passages, codes: list[Code], encode: Encode, coded: np.ndarray, codings: np.ndarray, n_next: int
) -> tuple[np.ndarray, list[int]]:
    """Probability of each passage and code, and rows to code next."""
    views = make_views(passages, codes, encode)
    owner = passages.ideas.owner if passages.ideas is not None else np.zeros(0, dtype=int)
    probability = calibrated(gather(views, coded, codings, owner, _DOUBTS), codings)
    return probability, choose(views, probability, coded, codings, n_next)
