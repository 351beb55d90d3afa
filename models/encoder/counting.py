"""What a token counts in the mean that makes a vector."""

import numpy as np

BEFORE_WORDS = 1995  # tokens that frame a text, single letters and signs come first; they count as the commonest word
HALF = 30  # rank of the word that counts half


def counted(n: int) -> np.ndarray:
    """Of each of n tokens, float (n,): the rarer, the more, up to 1.

    a / (a + p) for a word of frequency p (Arora, Liang and Ma, "A simple but tough-to-beat baseline for sentence
    embeddings", 2017). BERT's vocabulary is in order of frequency, which by Zipf's law goes with one over the rank.
    """
    rank = np.maximum(np.arange(n) - BEFORE_WORDS, 1)
    return rank / (rank + HALF)
