"""Models of sentence-transformers, run by torch.

Every batch of a padded length has the same shape, full or not, so that a vector does not depend on what else is in it.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.errors import ModelError, Problem
from pipeline.ids import text_hash
from pipeline.models import model_folder, weights_hash
from pipeline.study import Embedding

_ROUNDING = 16  # padded lengths are multiples of it, so that few shapes exist
_BUDGET = 1024  # tokens of a batch: a lone long text is filled up by three rows of nothing rather than by sixty-three
_CPU_FACTS = Path("/proc/cpuinfo")


class SentenceEncoder:
    """A sentence-transformers model from an installed package or a folder; never from the network.

    Loaded on first use. Raises ModelError where it is missing or is no such model.
    """

    def __init__(self, settings: Embedding) -> None:
        self._settings = settings
        package = model_folder(settings.model)
        self._folder = package / "model" if (package / "model" / "modules.json").is_file() else package
        if not (self._folder / "modules.json").is_file():
            raise ModelError(
                Problem("embedding model", "is not a sentence-transformers model", "name a folder with modules.json")
            )
        # bfloat16 halves the time at the same quality, but only where the processor has it: elsewhere it is slower.
        self.precision = "bfloat16" if _has_bfloat16() else "float32"
        shapes = [str(size) for size in (_ROUNDING, _BUDGET, settings.batch_size)]  # another shape may round otherwise
        self.key = text_hash(weights_hash(self._folder), self.precision, *shapes)
        self._model: Any = None

    @property
    def dimension(self) -> int:
        return int(self._load().get_embedding_dimension())

    def encode(self, texts: Sequence[str], progress: Callable[[int], object] | None = None) -> np.ndarray:
        import torch

        model = self._load()
        tokenizer, longest = model.tokenizer, model.max_seq_length or 512
        counts = [len(ids) for ids in tokenizer(list(texts), truncation=True, max_length=longest)["input_ids"]]
        padded = np.minimum(-(-np.array(counts) // _ROUNDING) * _ROUNDING, longest)
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for length in np.unique(padded).tolist():
            same, size = np.flatnonzero(padded == length).tolist(), rows_at_a_time(length, self._settings.batch_size)
            for rows in (same[first : first + size] for first in range(0, len(same), size)):
                batch = [texts[row] for row in rows] + [""] * (size - len(rows))
                features = tokenizer(
                    batch, truncation=True, padding="max_length", max_length=length, return_tensors="pt"
                )
                with torch.inference_mode():
                    found = model(dict(features))["sentence_embedding"].float().numpy()
                vectors[rows] = found[: len(rows)]
                if progress:
                    progress(len(rows))
        return vectors

    def _load(self) -> Any:
        if self._model is None:
            for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
                os.environ[name] = "1"
            import torch
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging

            logging.disable_progress_bar()
            try:
                self._model = SentenceTransformer(
                    str(self._folder),
                    device="cpu",
                    local_files_only=True,
                    model_kwargs={"dtype": getattr(torch, self.precision)},
                )
            except (OSError, ValueError, KeyError) as error:
                raise ModelError(
                    Problem("embedding model", f"cannot be loaded ({type(error).__name__})", "install it again")
                ) from None
            self._model.eval()
        return self._model


def rows_at_a_time(length: int, most: int) -> int:
    """Rows of a batch of `length` tokens each: as many as the budget allows, but 1 at least and `most` at most."""
    return max(1, min(most, _BUDGET // length))


def _has_bfloat16() -> bool:
    try:
        facts = _CPU_FACTS.read_text("utf-8", "replace")
    except OSError:
        return False
    return "avx512_bf16" in facts or "amx_bf16" in facts
