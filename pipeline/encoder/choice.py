"""What an encoder is, and which of ours runs the model that a study names."""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from pipeline.encoder.quantised import QuantisedEncoder
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
    """The encoder of a model's files: our own export, or anything that sentence-transformers can load.

    Raises:
        ModelError: the model is missing, is neither, or its weights are not the pinned ones.
    """
    folder = model_folder(settings.model)
    if (folder / "model.onnx").is_file() and not (folder / "modules.json").is_file():
        return QuantisedEncoder(settings)
    return SentenceEncoder(settings)
