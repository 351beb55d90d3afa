"""Sentence vectors: the one place that runs an embedding model, and the cache that saves running it twice.

A text's vector depends on the text and the model alone, to the last bit: batches have a fixed shape, so what else is
in the study cannot change the rounding. The cache may therefore be deleted at any time without changing a result.
"""

import io
import os
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from pipeline.errors import ModelError, Problem
from pipeline.ids import text_hash
from pipeline.models import model_folder, weights_hash
from pipeline.store import private_folder, write_atomic
from pipeline.study import Embedding

_ROUNDING = 16  # padded lengths are multiples of it, so that few shapes exist
_CPU_FACTS = Path("/proc/cpuinfo")


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
        self.key = text_hash(weights_hash(self._folder), self.precision, str(settings.batch_size))
        self._model: Any = None

    @property
    def dimension(self) -> int:
        return int(self._load().get_embedding_dimension())

    def encode(self, texts: Sequence[str], progress: Callable[[int], object] | None = None) -> np.ndarray:
        import torch

        model = self._load()
        tokenizer, longest, size = model.tokenizer, model.max_seq_length or 512, self._settings.batch_size
        counts = [len(ids) for ids in tokenizer(list(texts), truncation=True, max_length=longest)["input_ids"]]
        padded = np.minimum(-(-np.array(counts) // _ROUNDING) * _ROUNDING, longest)
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for length in np.unique(padded).tolist():
            same = np.flatnonzero(padded == length).tolist()
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


def _has_bfloat16() -> bool:
    try:
        facts = _CPU_FACTS.read_text("utf-8", "replace")
    except OSError:
        return False
    return "avx512_bf16" in facts or "amx_bf16" in facts


def embed_texts(
    texts: Sequence[str],
    settings: Embedding,
    cache: Path,
    progress: Callable[[int], object] | None = None,
    encoder: Encoder | None = None,
) -> np.ndarray:
    """Unit vectors of texts, each computed once and then read from the cache.

    Args:
        texts: redacted text only, for the cache outlives the run; it stores hashes and vectors, no text.
        settings: which model.
        cache: folder of the cache; made if missing.
        progress: told how many texts are done so far.
        encoder: instead of the model in `settings`.

    Returns:
        float32 (len(texts), dimension), each row of length 1; an empty text gives a row of zeros.

    Raises:
        ModelError: the model is missing or cannot be loaded.
    """
    encoder = encoder or SentenceEncoder(settings)
    keys = [text_hash(encoder.key, text) for text in texts]
    path = cache / f"vectors-{encoder.key[:16]}.npz"
    known = _read(path)
    wanted = {key: text for key, text in zip(keys, texts, strict=True) if key not in known and text.strip()}
    done = len(texts) - len(wanted)
    if progress:
        progress(done)
    if wanted:

        def count(more: int) -> None:
            nonlocal done
            done += more
            if progress:
                progress(done)

        ordered = sorted(wanted)  # by hash: the order of rows leaves no trace
        found = _unit(encoder.encode([wanted[key] for key in ordered], count))
        known |= dict(zip(ordered, found, strict=True))
        _write(path, known)
    dimension = len(next(iter(known.values()))) if known else encoder.dimension
    nothing = np.zeros(dimension, dtype=np.float32)
    rows = [known.get(key, nothing) for key in keys]
    return np.stack(rows) if rows else np.zeros((0, dimension), dtype=np.float32)


def _unit(vectors: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)


def _read(path: Path) -> dict[str, np.ndarray]:
    """What an earlier run stored; nothing if the file is missing or damaged, for it can be made again."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            keys, vectors = stored["keys"], stored["vectors"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}
    sound = keys.dtype == "S64" and vectors.dtype == np.float32 and vectors.ndim == 2 and len(keys) == len(vectors)
    if not sound or not np.isfinite(vectors).all():
        return {}
    return dict(zip(keys.astype(str).tolist(), vectors, strict=True))


def _write(path: Path, known: dict[str, np.ndarray]) -> None:
    ordered = sorted(known)
    content = io.BytesIO()
    np.savez(content, keys=np.array(ordered, dtype="S64"), vectors=np.stack([known[key] for key in ordered]))
    private_folder(path.parent)
    write_atomic(path, content.getvalue())
