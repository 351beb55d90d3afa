"""A study's runs on disk: atomic, hashed, locked, closed to other users.

A stage writes into `<stage>.partial`, every file is fsynced, the folder is renamed, and only then does `run.json` name
the stage with the hash of each file. A stage is finished if and only if that entry exists and every file still has
that hash; anything else is done again.
"""

import fcntl
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline.errors import Problem, RefusedError
from pipeline.tables import ALL_TABLES, Zone, check, conform, of_today

MANIFEST = "run.json"


def file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def canonical_hash(value: Any) -> str:
    """SHA-256 of a JSON-able value, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def write_atomic(path: Path, content: bytes) -> None:
    """`path` holds all of `content` or what it held before, even if the power fails. Mode 0600."""
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    _fsync_folder(path.parent)


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def private_folder(path: Path) -> Path:
    """`path` as a folder nobody else can enter (0700)."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    return path


@contextmanager
def study_lock(root: Path) -> Generator[None]:
    """One run at a time for one study. The kernel frees the lock however the holder ends. Raises RefusedError."""
    private = private_folder(root / "private")
    descriptor = os.open(private / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RefusedError(Problem("study", "another run is at work on it", "wait for it to end")) from None
        yield
    finally:
        os.close(descriptor)


def study_key(root: Path) -> bytes:
    """The study's random key for opaque ids, made once and never leaving private/."""
    path = private_folder(root / "private") / "key"
    if not path.exists():
        write_atomic(path, secrets.token_bytes(32))
    return path.read_bytes()


@dataclass(frozen=True)
class Output:
    """What a stage hands over: tables and arrays by name, counts for the record, and a writer of further files.

    `written` are the ids that the further files hold; `made_with` is a hash of what a later run may not change without
    the stage's being done from scratch.
    """

    tables: Mapping[str, pd.DataFrame]
    arrays: Mapping[str, np.ndarray] | None = None
    counts: Mapping[str, int] | None = None
    write_files: Callable[[Path], object] | None = None
    written: tuple[str, ...] = ()
    made_with: str = ""


class Run:
    """One run of a study: where its stages lie, and what its manifest says."""

    def __init__(self, root: Path, run_id: str) -> None:
        self.root = root
        self.run_id = run_id
        self.folder = root / "runs" / run_id
        self.private = root / "private" / "runs" / run_id

    @classmethod
    def open(cls, folder: Path | str) -> "Run":
        """The run in `folder`, as printed by quotebank run; or the latest run of the study in `folder`."""
        path = Path(folder).resolve()
        if (path / MANIFEST).is_file():
            return cls(path.parent.parent, path.name)
        latest = latest_run(path)
        if latest is None:
            raise RefusedError(Problem(path.name, "holds no run", "quotebank run STUDY makes one"))
        return latest

    # ── manifest ────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def manifest(self) -> dict[str, Any]:
        path = self.folder / MANIFEST
        try:
            found = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            found = None  # not there, or damaged: nothing in it can be relied on
        return found if isinstance(found, dict) and "stages" in found else {"run_id": self.run_id, "stages": {}}

    def note(self, **facts: Any) -> None:
        """Adds facts (never text of respondents) to the manifest."""
        private_folder(self.root / "runs")
        private_folder(self.folder)
        content = json.dumps({**self.manifest, **facts}, indent=1, ensure_ascii=False, sort_keys=True)
        write_atomic(self.folder / MANIFEST, content.encode())

    def entry(self, stage: str) -> dict[str, Any] | None:
        return self.manifest["stages"].get(stage)

    def holds(self, stage: str) -> bool:
        """True if the stage is noted as done and its files are what it wrote, whatever they were made from."""
        entry = self.entry(stage)
        return entry is not None and self._verifies(entry)

    def has_table(self, table: str) -> bool:
        """True if a stage that is noted as done wrote it; false also where that was before the table existed."""
        entries = self.manifest["stages"].values()
        return any(Path(name).stem == table for entry in entries for name in entry["files"])

    def is_finished(self, stage: str, key: str) -> bool:
        """True if the stage ran with exactly these inputs and every file it wrote is still what it wrote."""
        entry = self.entry(stage)
        return entry is not None and entry["key"] == key and self._verifies(entry)

    def _verifies(self, entry: Mapping[str, Any]) -> bool:
        files: Mapping[str, str] = entry["files"]
        return all((path := self.root / name).is_file() and file_sha256(path) == sha for name, sha in files.items())

    # ── stages ──────────────────────────────────────────────────────────────────────────────────────────────────

    def stage_folder(self, stage: str, zone: Zone) -> Path:
        return (self.private if zone is Zone.PRIVATE else self.folder) / stage

    def save(self, stage: str, key: str, output: Output, facts: Mapping[str, Any]) -> None:
        """Writes a stage's tables and arrays, then its manifest entry. Raises ContractBroken before writing."""
        tables = {name: conform(table, ALL_TABLES[name]) for name, table in output.tables.items()}
        with self.stage_writer(stage, key, facts) as folders:
            for name, table in tables.items():
                table.to_parquet(folders[ALL_TABLES[name].zone] / f"{name}.parquet", index=False)
            for name, array in (output.arrays or {}).items():
                np.save(folders[Zone.WORKING] / f"{name}.npy", array, allow_pickle=False)
            if output.write_files:
                output.write_files(folders[Zone.WORKING])

    @contextmanager
    def stage_writer(self, stage: str, key: str, facts: Mapping[str, Any]) -> Generator[dict[Zone, Path]]:
        """Folders to write a stage's files into; they become the stage only if the block ends without an error."""
        final = {zone: self.stage_folder(stage, zone) for zone in Zone}
        partial = {zone: path.with_name(f"{path.name}.partial") for zone, path in final.items()}
        for folder in (self.root / "runs", self.folder, self.root / "private" / "runs", self.private):
            private_folder(folder)
        for folder in partial.values():
            shutil.rmtree(folder, ignore_errors=True)
            private_folder(folder)
        yield partial
        files: dict[str, str] = {}
        for zone, folder in partial.items():
            for path in sorted(p for p in folder.rglob("*") if p.is_file()):
                path.chmod(0o600)
                _fsync_file(path)
                name = (final[zone] / path.relative_to(folder)).relative_to(self.root)
                files[name.as_posix()] = file_sha256(path)
            shutil.rmtree(final[zone], ignore_errors=True)
            if any(folder.iterdir()):
                folder.replace(final[zone])
            else:
                folder.rmdir()
            _fsync_folder(final[zone].parent)
        position = facts.get("position", 0)
        earlier = {n: e for n, e in self.manifest["stages"].items() if n != stage and e.get("position", 0) <= position}
        self.note(stages={**earlier, stage: {"key": key, "files": files, **facts}})  # what came after is out of date

    def adopt(self, stage: str, key: str, other: "Run") -> bool:
        """Takes over a finished stage of another run with the same inputs, by hard link. False if there is none."""
        if other.run_id == self.run_id or not other.is_finished(stage, key):
            return False
        facts = {name: value for name, value in (other.entry(stage) or {}).items() if name not in ("key", "files")}
        with self.stage_writer(stage, key, {**facts, "adopted_from": other.run_id}) as folders:
            for zone, folder in folders.items():
                source = other.stage_folder(stage, zone)
                for path in sorted(source.rglob("*")) if source.is_dir() else ():
                    target = folder / path.relative_to(source)
                    if path.is_dir():
                        private_folder(target)
                    else:
                        os.link(path, target)
        return True

    # ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────

    def read(self, table: str) -> pd.DataFrame:
        """A finished stage's table by name, checked against its contract. Raises RefusedError if there is none.

        Privacy: the working tables hold redacted text only; restricted ones are read from private/.
        """
        spec = ALL_TABLES[table]
        for stage in self.manifest["stages"]:
            path = self.stage_folder(stage, spec.zone) / f"{table}.parquet"
            if path.is_file() and table != "set_aside":
                return check(of_today(pd.read_parquet(path), spec), spec)
        if table == "set_aside":
            return self._all_set_aside()
        raise RefusedError(Problem(table, "this run has not come that far", "quotebank status STUDY shows how far"))

    def _all_set_aside(self) -> pd.DataFrame:
        paths = [self.stage_folder(stage, Zone.WORKING) / "set_aside.parquet" for stage in self.manifest["stages"]]
        parts = [pd.read_parquet(path) for path in paths if path.is_file()]
        spec = ALL_TABLES["set_aside"]
        return conform(pd.concat(parts), spec) if parts else spec.empty()

    def read_array(self, stage: str, name: str) -> np.ndarray:
        return np.load(self.stage_folder(stage, Zone.WORKING) / f"{name}.npy", allow_pickle=False)


def _fsync_file(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def latest_run(root: Path) -> Run | None:
    """The run that runs/LATEST points to, if it is still there."""
    pointer = root / "runs" / "LATEST"
    if not pointer.is_file():
        return None
    run = Run(root, pointer.read_text("utf-8").strip())
    return run if (run.folder / MANIFEST).is_file() else None


def point_to(run: Run) -> None:
    """Makes `run` the study's latest, if it is not."""
    latest = latest_run(run.root)
    if latest is None or latest.run_id != run.run_id:
        write_atomic(run.root / "runs" / "LATEST", f"{run.run_id}\n".encode())
