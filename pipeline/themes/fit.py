"""Themes from communities, and how well each passage fits its own."""

from dataclasses import dataclass

import numpy as np

from pipeline.themes.likeness import settle


@dataclass(frozen=True)
class Fit:
    """How well each passage fits its theme. Arrays of length n.

    labels: 0..k-1, or -1 for unassigned. similarity: cosine to the theme's centroid (for unassigned, to the nearest).
    margin: that, less the cosine to the best other theme's; 0 where there is only one.
    """

    labels: np.ndarray
    similarity: np.ndarray
    margin: np.ndarray
    centroids: np.ndarray


def assign(
    vectors: np.ndarray,
    found: np.ndarray,
    counts: np.ndarray,
    min_passages: int,
    min_similarity: float | None,
) -> Fit:
    """Themes from communities: small ones are dissolved into the nearest theme.

    Args:
        vectors: float32 (n, dimension), rows of length 1.
        found: community of each row, -1 for none; such rows stay unassigned.
        counts: how many passages each row stands for.
        min_passages: a community with fewer passages is no theme.
        min_similarity: what is less like any theme stays unassigned, too.
    """
    inside = found >= 0
    sizes = np.bincount(found[inside], weights=counts[inside], minlength=1)
    themes = np.flatnonzero(sizes >= min_passages)
    labels = np.full(len(found), -1)
    if len(themes) == 0:
        nothing = np.zeros(len(found))
        return Fit(labels, nothing, nothing, np.zeros((0, vectors.shape[1]), dtype=np.float32))
    member = found[:, None] == themes[None, :]
    centroids = centroids_of(vectors, member)
    similar = vectors @ centroids.T
    own = np.where(member.any(axis=1), member.argmax(axis=1), similar.argmax(axis=1))
    labels = np.where(inside, settle(similar, own, min_similarity), -1)
    left = np.bincount(labels[labels >= 0], weights=counts[labels >= 0], minlength=len(themes))
    if (left < min_passages).any():  # too many were in it only by their neighbours
        return assign(vectors, labels, counts, min_passages, min_similarity)
    return describe(vectors, labels, counts)


def describe(vectors: np.ndarray, labels: np.ndarray, counts: np.ndarray) -> Fit:
    """Similarity and margin of every row under the given labels, counted anew without those that nobody has."""
    sizes = np.bincount(labels[labels >= 0], weights=counts[labels >= 0], minlength=1)
    themes = np.flatnonzero(sizes >= 1)
    if len(themes) == 0:
        nothing = np.zeros(len(labels))
        return Fit(np.full(len(labels), -1), nothing, nothing, np.zeros((0, vectors.shape[1]), dtype=np.float32))
    member = labels[:, None] == themes[None, :]
    centroids = centroids_of(vectors, member)
    similar = vectors @ centroids.T
    labels = np.where(member.any(axis=1), member.argmax(axis=1), -1)
    nearest = np.where(labels >= 0, labels, similar.argmax(axis=1))
    own = similar[np.arange(len(labels)), nearest]
    similar[np.arange(len(labels)), nearest] = -np.inf
    margin = own - similar.max(axis=1) if len(themes) > 1 else np.zeros(len(labels))
    return Fit(labels, own, margin, centroids)


def centroids_of(vectors: np.ndarray, member: np.ndarray) -> np.ndarray:
    """Direction of the mean of each theme's members, float32 (k, dimension); member: bool (n, k)."""
    sums = member.T.astype(np.float32) @ vectors
    return sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
