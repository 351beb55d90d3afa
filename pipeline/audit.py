"""A run's audit log, runs/<id>/audit.jsonl: what was done with what, in counts and hashes, each line chained.

It holds no identifier and no word of a respondent, so that it can be shown to whoever asks how a bank was made.
"""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline import chain
from pipeline.store import MANIFEST, Run

LOG = "audit.jsonl"


@dataclass(frozen=True)
class Break:
    """Where an audit log stops being what was written: a line number from 1, and what is wrong there."""

    line: int
    what: str


def record(run: Run, stage: str, facts: Mapping[str, Any]) -> None:
    """Notes that a stage was finished, unless that is the last thing noted of it.

    Args:
        facts: hashes of models, inputs and decisions; the rest comes from the run's manifest and its reviews.
    """
    entry = run.entry(stage)
    if entry is None:
        return
    event = {
        "stage": stage,
        "key": entry["key"],
        **{name: entry[name] for name in ("adopted_from", "balances", "set_aside", "counts", "files") if name in entry},
        **facts,
    }
    if "reviews" in {Path(name).stem for name in entry["files"]}:
        reviews = run.read("reviews")
        held = reviews.loc[reviews["state"].isin(["waiting", "void"]), "reasons"]
        reasons = [reason for given in held for reason in str(given).split(",") if reason]
        event["reviews"] = dict(sorted(Counter(map(str, reviews["state"])).items()))
        event["reasons"] = dict(sorted(Counter(reasons).items()))
    path = run.folder / LOG
    if _last(path, stage) == event:
        return
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    run.note(audit=chain.append(path, [{"at": at, **event}], run.manifest.get("audit")))


def verify(path: Path) -> Break | None:
    """Where the log of a run (the file, or the run's folder) was changed; None if it is whole.

    Lines missing from its end show because run.json, beside it, names the line it must hold.
    """
    path = path / LOG if path.is_dir() else path
    broken = chain.first_broken_line(path)
    if broken is not None:
        return Break(broken, "does not follow from the line before")
    events = chain.read(path)
    expected = Run.open(path.parent).manifest.get("audit") if (path.parent / MANIFEST).is_file() else None
    if expected and expected not in {event["hash"] for event in events}:
        return Break(len(events) + 1, "is missing, which run.json names")
    return None


def changed(root: Path) -> dict[str, Break]:
    """Where the audit log of each run of a study was changed, by run id; empty if all are whole."""
    runs = sorted(path.parent for path in root.glob(f"runs/*/{MANIFEST}"))
    return {run.name: broken for run in runs if (broken := verify(run)) is not None}


def _last(path: Path, stage: str) -> dict[str, Any] | None:
    """The last event of a stage, without what the log itself adds."""
    if chain.first_broken_line(path) is not None:
        return None
    events = [event for event in chain.read(path) if event["stage"] == stage]
    added = ("at", "previous", "hash")
    return {name: value for name, value in events[-1].items() if name not in added} if events else None
