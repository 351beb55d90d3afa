"""Which files a study's sources are, and what each is called outside the private tables."""

import glob
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import Problem
from pipeline.ingest.reasons import Unreadable
from pipeline.ingest.safety import read_bytes
from pipeline.study import Source, Study

_WILD = "*?["


@dataclass(frozen=True)
class SourceFile:
    """One file of a source. `path` is relative to the study and may identify a person; `file_id` never does."""

    source: Source
    file_id: str
    path: str
    location: Path
    linked_away: bool = False  # a link that leads out of its folder: never opened


def source_files(study: Study) -> dict[str, list[Path]]:
    """Source id → the files it is made of, sorted; none where the pattern cannot be used or matches nothing."""
    return {source.id: [file.location for file in find_files(study, source)[0]] for source in study.sources}


def find_files(study: Study, source: Source) -> tuple[list[SourceFile], list[Problem]]:
    """The files that match the source's pattern, in order of their paths; links that lead away are marked.

    `..` may open the pattern, because study.yaml then says plainly where it leads; nothing found by matching, and no
    link on the way, may lead out of the folder named there.
    """
    where = f"study.yaml [sources.{source.id}.files]"
    fixed, pattern = _split(source.files, (study.root / source.files).is_file())
    if Path(source.files).is_absolute() or ".." in Path(pattern).parts:
        return [], [Problem(where, "is not a path relative to the study", "write it relative to study.yaml")]
    root = study.root.absolute()
    base = Path(os.path.normpath(root / fixed))
    named_outside = not base.is_relative_to(root)
    allowed = base.resolve() if named_outside else study.root.resolve()
    if not base.resolve().is_relative_to(allowed):
        return [], [Problem(where, "leads out of the study through a link", "name the folder itself")]
    found = glob.glob(pattern, root_dir=base, recursive=True)  # noqa: PTH207 (Path.glob finds hidden files, too)
    names = sorted(name for name in found if (base / name).is_file() and not Path(name).name.startswith("~$"))
    files = [
        SourceFile(
            source,
            file_id=f"{source.id}-{n}",
            path=Path(os.path.relpath(base / name, root)).as_posix(),
            location=base / name,
            linked_away=not (base / name).resolve().is_relative_to(base.resolve()),
        )
        for n, name in enumerate(names, start=1)
    ]
    return files, [] if files else [Problem(where, "matches no file", "check the path; it is relative to study.yaml")]


def load(file: SourceFile) -> tuple[bytes, str]:
    """The file's bytes and their SHA-256. Raises Unreadable."""
    if file.linked_away:
        raise Unreadable("symlink")
    data = read_bytes(file.location)
    return data, hashlib.sha256(data).hexdigest()


def _split(files: str, is_file: bool) -> tuple[str, str]:
    """The folder named outright, and the pattern to match in it: `a/b*/c` → `a`, `b*/c`.

    A file that is there under the very name given is meant as it stands, even with a `[1]` in it.
    """
    parts = Path(files).parts
    if is_file:
        return str(Path(*parts[:-1])), glob.escape(parts[-1])
    n_fixed = next((n for n, part in enumerate(parts) if any(sign in part for sign in _WILD)), len(parts) - 1)
    return str(Path(*parts[:n_fixed])), str(Path(*parts[n_fixed:]))
