"""How like the themes known before every idea is, old or new by the same measure."""

import numpy as np


def nearest_known(vectors: np.ndarray, themes: np.ndarray, contributors: np.ndarray) -> np.ndarray:
    """Cosine of each row to the theme it is most like, float (n,); -1 where there is none.

    A theme is the mean of what other people said of it: else whoever is known already would be like themselves, and all
    who are new seem strangers.

    Args:
        vectors: float32 (n, dimension), rows of length 1.
        themes: the theme that each row had before; "" for none, and for rows that are new.
        contributors: who said it.
    """
    known, theme = np.unique(themes, return_inverse=True)
    member = np.eye(len(known), dtype=np.float32)[theme][:, known != ""]
    if not member.shape[1]:
        return np.full(len(vectors), -1.0)
    sums, sizes = member.T @ vectors, member.sum(axis=0)
    similar = vectors @ _unit(sums).T
    order = np.argsort(contributors, kind="stable")
    breaks = np.flatnonzero(contributors[order][1:] != contributors[order][:-1]) + 1
    for rows in np.split(order, breaks):
        own = member[rows].sum(axis=0)
        touched = np.flatnonzero(own)
        others = sums[touched] - member[rows][:, touched].T @ vectors[rows]
        nearest = vectors[rows] @ _unit(others).T
        similar[np.ix_(rows, touched)] = np.where(own[touched] < sizes[touched], nearest, -1.0)
    return similar.max(axis=1).astype(float)


def _unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
