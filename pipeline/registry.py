"""The theme registry, registry/themes.jsonl: every theme a study ever had, what it was called, and what became of it.

Append-only and chained (`pipeline.chain`): one line whenever anything about a theme changes, the last one counts. It
outlives runs, so that no id is ever given twice and an old report's T07 can always be looked up.
"""

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from pipeline import chain

Status = Literal["active", "merged", "set_aside", "retired", "gone"]
_EXEMPLARS = 3


@dataclass(frozen=True)
class Entry:
    """A theme as of some run.

    label_source: who gave the name. came_from: themes it was split from. into: the theme it was merged into.
    exemplars: text hashes of the ideas most like it when it was found; they say nothing to anybody without the text.
    """

    theme_id: str
    label: str
    label_source: Literal["machine", "person"]
    status: Status
    came_from: tuple[str, ...] = ()
    into: str = ""
    exemplars: tuple[str, ...] = ()


def registry_path(root: Path) -> Path:
    return root / "registry" / "themes.jsonl"


def read_registry(root: Path) -> dict[str, Entry]:
    """The latest entry of every theme, by id. Raises RefusedError for a registry that was tampered with."""
    entries: dict[str, Entry] = {}
    for event in chain.read(registry_path(root)):
        entry = {name: event[name] for name in Entry.__dataclass_fields__}
        entries[event["theme_id"]] = Entry(**{k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()})
    return entries


def note(root: Path, run_id: str, entries: Mapping[str, Entry]) -> int:
    """Appends what is new about themes, and returns how many lines that took. A theme's first exemplars stay."""
    known = read_registry(root)
    changed = [
        entry for theme, entry in sorted(entries.items()) if _without_exemplars(known.get(theme)) != entry_key(entry)
    ]
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    chain.append(registry_path(root), [{"at": at, "run_id": run_id, **asdict(entry)} for entry in changed])
    return len(changed)


def entry_key(entry: Entry) -> dict[str, object]:
    """All that makes a theme another one than before."""
    return {name: value for name, value in asdict(entry).items() if name != "exemplars"}


def _without_exemplars(entry: Entry | None) -> dict[str, object]:
    return entry_key(entry) if entry else {}


def exemplars(ideas: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Theme id → text hashes of the ideas (IDEAS) most like it."""
    themed = ideas[ideas["theme_id"] != ""].sort_values(["similarity", "text_hash"], ascending=[False, True])
    best = themed.drop_duplicates(["theme_id", "text_hash"]).groupby("theme_id", sort=True)["text_hash"]
    return {str(theme): tuple(hashes.head(_EXEMPLARS)) for theme, hashes in best}
