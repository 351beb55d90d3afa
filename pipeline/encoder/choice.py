"""What an encoder is, and which of ours runs the model that a study names."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from pipeline.encoder.quantised import MODULE, QuantisedEncoder
from pipeline.encoder.sentences import SentenceEncoder
from pipeline.models import model_folder
from pipeline.study import Embedding


class Encoder(Protocol):
    """Anything that turns texts into vectors. `key` differs whenever its vectors would."""

    @property
    def key(self) -> str: ...

    @property
    def dimension(self) -> int:
        """Of its vectors; asked for only when there is nothing to encode and nothing in the cache."""
        ...

    def encode(self, texts: Sequence[str], progress: Callable[[int], object] | None = None) -> np.ndarray:
        """float32 (len(texts), dimension). `progress` is told how many texts were done since it was last told."""
        ...


def encoder_for(settings: Embedding) -> Encoder:
    """The encoder of a model's files, as their modules.json has it: our own export's, or sentence-transformers'.

    Raises:
        ModelError: the model is missing, is neither, or its weights are not the pinned ones.
    """
    return (QuantisedEncoder if _ours(model_folder(settings.model)) else SentenceEncoder)(settings)


def _ours(folder: Path) -> bool:
    """Whether what runs the model is our own module, and nothing comes after it."""
    try:
        modules = json.loads((folder / "modules.json").read_text("utf-8"))
        return [module["type"] for module in modules] == [MODULE]
    except (OSError, ValueError, TypeError, KeyError):
        return False  # whoever loads it says what is wrong with it
