"""Does a theme's name tell its passages from those of other themes?"""

from collections.abc import Sequence

import numpy as np


def naming_accuracy(
    passage_vectors: np.ndarray, labels: Sequence[int] | np.ndarray, label_vectors: np.ndarray
) -> float:
    """Share of the assigned passages whose own theme's name is the nearest of all names; nan where none is assigned.

    Only the printed name is embedded, so that it must do by itself. The encoder that chose names flatters them: an
    independent reading asks another encoder too, or people.

    Args:
        passage_vectors: float (n, dimension), rows of length 1.
        labels: theme of each passage, 0..k-1, or -1 for unassigned; k or more for a theme that has no name, by which
            nobody can know it.
        label_vectors: float (k, dimension), rows of length 1; row i is the name of theme i.
    """
    themes = np.asarray(labels)
    assigned = themes >= 0
    if not assigned.any():
        return float("nan")
    nearest = (passage_vectors[assigned] @ label_vectors.T).argmax(axis=1)
    return float((nearest == themes[assigned]).mean())
