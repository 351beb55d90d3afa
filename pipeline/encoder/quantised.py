"""Our own encoder and coder: MiniLM and MPNet as int8 ONNX (see models/encoder/README.md), without torch."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from pipeline.errors import ModelError, Problem
from pipeline.ids import text_hash
from pipeline.int8 import batches_of_one_length, load_int8, run_batches
from pipeline.models import model_folder, weights_hash
from pipeline.process import usable_cores
from pipeline.study import Embedding

_MOST_THREADS = 4


class QuantisedEncoder:
    """Loaded on first use. Raises ModelError where the model is missing, another than pinned, or no such model."""

    def __init__(self, settings: Embedding, threads: int | None = None) -> None:
        self._folder = model_folder(settings.model)
        self._threads = threads or min(usable_cores(), _MOST_THREADS)
        self.key = text_hash(weights_hash(self._folder))  # how it is quantised is part of its weights
        self._loaded: tuple[Any, Any] | None = None

    @property
    def dimension(self) -> int:
        session, _ = self._load()
        return int(session.get_outputs()[0].shape[1])

    def encode(self, texts: Sequence[str], progress: Callable[[int], object] | None = None) -> np.ndarray:
        session, tokenizer = self._load()
        tokens: list[list[int]] = [encoded.ids for encoded in tokenizer.encode_batch(list(texts))]

        def run(rows: Sequence[int]) -> np.ndarray:
            return session.run(None, {"input_ids": np.array([tokens[row] for row in rows], dtype=np.int64)})[0]

        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        batches = batches_of_one_length([len(ids) for ids in tokens])
        for rows, found in zip(batches, run_batches(run, batches, self._threads), strict=True):
            vectors[rows] = found
            if progress:
                progress(len(rows))
        return vectors

    def _load(self) -> tuple[Any, Any]:
        if self._loaded is None:
            try:
                self._loaded = load_int8(self._folder, ["input_ids"])
            except Exception as error:  # noqa: BLE001 (whatever is wrong with the files, the remedy is the same)
                what = f"cannot be loaded ({type(error).__name__})"
                raise ModelError(Problem("embedding model", what, "check out models/ again")) from None
        return self._loaded
