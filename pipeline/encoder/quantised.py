"""Our own encoder and coder: MiniLM and MPNet as int8 ONNX (see models/encoder/README.md), without torch."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from pipeline.errors import ModelError, Problem
from pipeline.ids import text_hash
from pipeline.int8 import batches_of_one_length, load_int8, run_batches
from pipeline.models import model_folder, weights_hash
from pipeline.process import usable_cores
from pipeline.study import Embedding

MODULE = "pipeline.encoder.module.Int8Module"  # who runs these models within sentence-transformers
# An export's modules.json, as sentence-transformers would write it.
MODULES = json.dumps([{"idx": 0, "name": "0", "path": "", "type": MODULE}], indent=2) + "\n"
_MOST_THREADS = 4


class QuantisedEncoder:
    """Loaded on first use. Raises ModelError where the model is missing, another than pinned, or no such model."""

    def __init__(self, settings: Embedding, threads: int | None = None) -> None:
        self.folder = model_folder(settings.model).resolve()
        self._threads = threads or min(usable_cores(), _MOST_THREADS)
        self.key = text_hash(weights_hash(self.folder))  # how it is quantised is part of its weights
        self._loaded: tuple[Any, Any] | None = None

    @property
    def dimension(self) -> int:
        session, _ = self._load()
        return int(session.get_outputs()[0].shape[1])

    @property
    def tokenizer(self) -> Any:
        return self._load()[1]

    def encode(self, texts: Sequence[str], progress: Callable[[int], object] | None = None) -> np.ndarray:
        return self.vectors([encoded.ids for encoded in self.tokenizer.encode_batch(list(texts))], progress)

    def vectors(self, tokens: Sequence[Sequence[int]], progress: Callable[[int], object] | None = None) -> np.ndarray:
        """float32 (len(tokens), dimension), of texts as the ids of their tokens; rows of length 1."""
        session, _ = self._load()

        def run(rows: Sequence[int]) -> np.ndarray:
            return session.run(None, {"input_ids": np.array([tokens[row] for row in rows], dtype=np.int64)})[0]

        vectors = np.zeros((len(tokens), self.dimension), dtype=np.float32)
        batches = batches_of_one_length([len(ids) for ids in tokens])
        for rows, found in zip(batches, run_batches(run, batches, self._threads), strict=True):
            vectors[rows] = found
            if progress:
                progress(len(rows))
        return vectors

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_loaded": None}  # a session cannot be copied or sent; it is loaded there again

    def _load(self) -> tuple[Any, Any]:
        if self._loaded is None:
            try:
                self._loaded = load_int8(self.folder, ["input_ids"])
            except Exception as error:  # noqa: BLE001 (whatever is wrong with the files, the remedy is the same)
                what = f"cannot be loaded ({type(error).__name__})"
                raise ModelError(Problem("embedding model", what, "check out models/ again")) from None
        return self._loaded
