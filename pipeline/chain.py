"""Append-only logs whose lines each hold a hash of the line before, so that no line can be changed unnoticed.

One JSON object a line. Whoever deletes lines from the end leaves a whole chain behind; its head is therefore noted
elsewhere, too, in the manifest of a run.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pipeline.errors import Problem, RefusedError
from pipeline.store import Run, canonical_hash, latest_run, private_folder, write_atomic

FIRST = "0" * 64  # what the first line holds in place of a hash before it
_REMEMBERED = "logs"  # in run.json: path of a log → hash of its last line


def append(path: Path, events: Iterable[Mapping[str, Any]], expected: str | None = None) -> str:
    """Adds a line an event. Returns the chain's new head.

    A broken chain stays broken at the same line, and so does one from which the line of hash `expected` is missing.
    """
    before = path.read_bytes() if path.is_file() else b""
    if before and not before.endswith(b"\n"):
        before += b"\n"
    lines: list[bytes] = []
    previous = head(path) if expected is None or expected.encode() in before else expected
    for event in events:
        linked = {**event, "previous": previous}
        previous = canonical_hash(linked)
        lines.append(json.dumps({**linked, "hash": previous}, ensure_ascii=False).encode() + b"\n")
    if lines:
        private_folder(path.parent)
        write_atomic(path, before + b"".join(lines))
    return previous


def head(path: Path) -> str:
    """The hash of the last line; of its bytes, if it is not one of ours."""
    lines = path.read_bytes().splitlines() if path.is_file() else []
    if not lines:
        return FIRST
    event = _parsed(lines[-1])
    return str(event["hash"]) if event and "hash" in event else hashlib.sha256(lines[-1]).hexdigest()


def first_broken_line(path: Path) -> int | None:
    """The number of the first line that does not follow from the one before; None for a whole or absent chain."""
    previous = FIRST
    for number, line in enumerate(path.read_bytes().splitlines() if path.is_file() else (), start=1):
        event = _parsed(line)
        if event is None or event.get("previous") != previous:
            return number
        previous = event.pop("hash", None)
        if previous != canonical_hash(event):
            return number
    return None


def read(path: Path) -> list[dict[str, Any]]:
    """All events, oldest first; none where there is no file. Raises RefusedError, which names the broken line."""
    broken = first_broken_line(path)
    if broken is not None:
        what = "does not follow from the line before: one was changed, removed or put in"
        raise RefusedError(Problem(f"{path.name}, line {broken}", what, "restore the file from a backup"))
    return [json.loads(line) for line in path.read_bytes().splitlines()] if path.is_file() else []


def read_on(root: Path, path: Path) -> list[dict[str, Any]]:
    """`read`, of a log of the study in `root` that goes on from where it was when it was last remembered.

    Raises RefusedError for one that is gone, was begun anew, or was put back as it had been earlier.
    """
    events, name = read(path), path.relative_to(root).as_posix()
    run = latest_run(root)
    known = run.manifest.get(_REMEMBERED, {}).get(name, FIRST) if run else FIRST
    if known != FIRST and all(event["hash"] != known for event in events):
        what = "does not go on from what the latest run followed" if path.is_file() else "is gone, and runs followed it"
        remedy = "restore it from a backup; or to begin anew, move registry/, runs/ and codebook.yaml away with it"
        raise RefusedError(Problem(name, what, remedy))
    return events


def remember(run: Run, *paths: Path) -> None:
    """Notes in a run's manifest where logs of its study end, so that `read_on` misses what is lost of them.

    Raises RefusedError for one of which something is lost already.
    """
    for path in paths:
        read_on(run.root, path)
    known = run.manifest.get(_REMEMBERED, {})
    heads = known | {path.relative_to(run.root).as_posix(): head(path) for path in paths if path.is_file()}
    if heads != known:
        run.note(**{_REMEMBERED: heads})


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) else None
