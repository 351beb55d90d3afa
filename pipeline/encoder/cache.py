"""Vectors of texts, each computed once and kept by the hash of its text and of the model."""

import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from pipeline.encoder.choice import Encoder, encoder_for
from pipeline.ids import text_hash
from pipeline.store import private_folder, write_atomic
from pipeline.study import Embedding


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
    encoder = encoder or encoder_for(settings)
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
