"""Passages as vectors."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.encoder import Encoder, embed_texts
from pipeline.placeholders import without_placeholders
from pipeline.study import Embedding

__all__ = ["embed", "embed_texts"]


def embed(
    passages: pd.DataFrame,
    settings: Embedding,
    cache: Path,
    progress: Callable[[int], object] | None = None,
    encoder: Encoder | None = None,
) -> np.ndarray:
    """Unit vectors of passages, made from their text without placeholders, which must not become themes.

    Args:
        passages: PASSAGES.
        settings: which model.
        cache: folder that keeps vectors between runs.
        progress: told how many passages are done so far.
        encoder: instead of the model in `settings`.

    Returns:
        float32 (n_passages, dimension), row i for row i of `passages`; zeros where only placeholders were said.

    Raises:
        ModelError: the model is missing or cannot be loaded.
    """
    texts = [without_placeholders(text) for text in passages["text"].tolist()]
    return embed_texts(texts, settings, cache, progress, encoder)
