"""Which passages a person should code next: those that teach most."""

import numpy as np

from pipeline.coding.views import Views

_CANDIDATES = 2000  # that are weighed against each other; the most uncertain ones
_COVERING = 0.5  # share of the choice that may go to codes nobody has used yet


def choose(views: Views, probability: np.ndarray, coded: np.ndarray, codings: np.ndarray, n_wanted: int) -> list[int]:
    """Rows of at most `n_wanted` passages that nobody coded, best first.

    First the likeliest passage of each code that has no coding yet. Then, one by one, whichever passage lies nearest to
    most of what is still uncertain and far from what is coded or chosen: greedy facility location, weighted by
    uncertainty.

    Args:
        probability: float (n, n_codes).
        coded: int (n_coded,), rows; codings: bool (n_coded, n_codes).
    """
    uncoded = np.setdiff1d(np.arange(len(probability)), coded)
    n_wanted = min(n_wanted, len(uncoded))
    if n_wanted < 1:
        return []
    chosen: list[int] = []
    unused = np.flatnonzero(~codings.any(axis=0))
    likely_first = unused[np.argsort(-probability[:, unused].sum(axis=0), kind="stable")]
    for code in likely_first[: int(np.ceil(n_wanted * _COVERING))]:
        left = np.setdiff1d(uncoded, chosen)
        if len(left):
            chosen.append(int(left[np.argmax(probability[left, code])]))

    unsure = 1.0 - probability.max(axis=1, initial=0.0)
    candidates = np.sort(uncoded[np.argsort(-unsure[uncoded], kind="stable")[:_CANDIDATES]])
    known = np.concatenate([coded, chosen]).astype(int)
    alike = np.maximum(views.smoothed[candidates] @ views.smoothed[candidates].T, 0.0).astype(float)
    covered = (
        np.maximum(views.smoothed[candidates] @ views.smoothed[known].T, 0.0).max(axis=1, initial=0.0).astype(float)
    )
    free = ~np.isin(candidates, known)
    while len(chosen) < n_wanted and free.any():
        gain = unsure[candidates] @ np.maximum(alike - covered[:, None], 0.0)
        best = int(np.argmax(np.where(free, gain, -1.0)))
        chosen.append(int(candidates[best]))
        free[best] = False
        covered = np.maximum(covered, alike[:, best])
    return chosen[:n_wanted]
