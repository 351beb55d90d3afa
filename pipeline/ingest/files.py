"""Which files a study's sources are, and what each is called outside the private tables."""

import glob
import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline.errors import Problem
from pipeline.ingest.safety import read_bytes
from pipeline.ingest.unreadable import Unreadable
from pipeline.study import Source, Study

_WILD = "*?["
NOT_READ = "not read"  # in place of a hash


@dataclass(frozen=True)
class SourceFile:
    """One file of a source. `path` is relative to the study and may identify a person; `file_id` never does."""

    source: Source
    file_id: str
    path: str
    location: Path
    linked_away: bool = False  # a link that leads out of its folder: never opened


def source_files(study: Study) -> dict[str, list[Path]]:
    """Source id → the files it is made of and that may be opened, sorted; no link that leads out of its folder."""
    return {
        source.id: [file.location for file in find_files(study, source)[0] if not file.linked_away]
        for source in study.sources
    }


def file_hashes(study: Study) -> dict[str, str]:
    """Path (as in `files`) → SHA-256 of every source file; NOT_READ where it may not be opened or cannot be read."""
    return {file.path: _hash(file) for source in study.sources for file in find_files(study, source)[0]}


def _hash(file: SourceFile) -> str:
    if file.linked_away:
        return NOT_READ
    try:
        with file.location.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        return NOT_READ


def find_files(study: Study, source: Source) -> tuple[list[SourceFile], list[Problem]]:
    """The files that match the source's pattern, in order of their paths; links that lead away are marked.

    `..` may open the pattern, because study.yaml then says plainly where it leads; nothing found by matching, and no
    link on the way, may lead out of the folder named there.
    """
    where = f"study.yaml [sources.{source.id}.files]"
    fixed, pattern = _split(source.files, os.path.isfile(study.root / source.files))  # noqa: PTH113
    if Path(source.files).is_absolute() or ".." in Path(pattern).parts:
        return [], [Problem(where, "is not a path relative to the study", "write it relative to study.yaml")]
    root = study.root.absolute()
    base = Path(os.path.normpath(root / fixed))
    named_outside = not base.is_relative_to(root)
    allowed = _real(base) if named_outside else _real(root)
    if not _real(base).is_relative_to(allowed):
        return [], [Problem(where, "leads out of the study through a link", "name the folder itself")]
    found = glob.glob(pattern, root_dir=base, recursive=True)  # noqa: PTH207 (Path.glob finds hidden files, too)
    names = sorted(name for name in found if _is_file(base / name) and not Path(name).name.startswith("~$"))
    files = [
        SourceFile(
            source,
            file_id=f"{source.id}-{n}",
            path=Path(os.path.relpath(base / name, root)).as_posix(),
            location=base / name,
            linked_away=not _real(base / name).is_relative_to(_real(base)),
        )
        for n, name in enumerate(names, start=1)
    ]
    return files, [] if files else [Problem(where, "matches no file", "check the path; it is relative to study.yaml")]


def same_talks(files: Iterable[tuple[str, str]]) -> list[Problem]:
    """A note for each set of files of one source and folder whose names differ in nothing but their ending.

    Args:
        files: source id and path of each file that was read.
    """
    alike: dict[tuple[str, str], list[str]] = {}
    for source, path in files:
        alike.setdefault((source, PurePosixPath(path).with_suffix("").as_posix()), []).append(path)
    what = (
        "have one name but for its ending: if they hold the same words, all of them, and whoever says them, count twice"
    )
    return [
        Problem(" and ".join(sorted(paths)), what, "keep one of them", holds=True)
        for paths in alike.values()
        if len(paths) > 1
    ]


def _is_file(path: Path) -> bool:
    """Also for what cannot be looked at, such as a link to nothing: it is set aside later rather than passed over."""
    return os.path.isfile(path) or not os.path.exists(path)  # noqa: PTH110, PTH113 (pathlib's raise, with the path)


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))  # pathlib's raises on a ring of links


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
