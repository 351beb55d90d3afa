"""What a token counts in the mean that makes a vector."""

import numpy as np
from tokenizers import Tokenizer

HALF = 30  # rank of the word that counts half


def counted(tokenizer: Tokenizer) -> np.ndarray:
    """Of each token that the tokenizer knows, float (tokens,): the rarer, the more, up to 1.

    a / (a + p) for a word of frequency p (Arora, Liang and Ma, "A simple but tough-to-beat baseline for sentence
    embeddings", 2017). The vocabulary of BERT, which is MPNet's too, is in order of frequency, which by Zipf's law goes
    with one over the rank. What frames a text, single letters and signs come before "the"; they count as it does.
    """
    first = tokenizer.token_to_id("the")
    rank = np.maximum(np.arange(tokenizer.get_vocab_size()) - first + 1, 1)
    return rank / (rank + HALF)
