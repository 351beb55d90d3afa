"""The theme registry, registry/themes.jsonl: every theme a study ever had, what it was called, and what became of it.

Append-only and chained (`pipeline.chain`): one line whenever anything about a theme changes, the last one counts. It
outlives runs, so that no id is ever given twice and an old report's T07 can always be looked up.
"""

import time
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

import pandas as pd

from pipeline import chain
from pipeline.codebook import Code, Codebook
from pipeline.codebook.model import LabelSource

Status = Literal["proposed", "active", "merged", "set_aside", "retired", "gone"]
_EXEMPLARS = 3


@dataclass(frozen=True)
class Entry:
    """A theme as of some run.

    label_source: who gave the name. came_from: themes it was split from. into: the theme it was merged into.
    exemplars: text hashes of the ideas most like it when it was found; they say nothing to anybody without the text.
    question: whose answers it was found among, where themes are found per question.
    """

    theme_id: str
    label: str
    label_source: LabelSource
    status: Status
    came_from: tuple[str, ...] = ()
    into: str = ""
    exemplars: tuple[str, ...] = ()
    question: str = ""


def registry_path(root: Path) -> Path:
    return root / "registry" / "themes.jsonl"


def read_registry(root: Path) -> dict[str, Entry]:
    """The latest entry of every theme, by id. Raises RefusedError for a registry that was tampered with or lost."""
    entries: dict[str, Entry] = {}
    for event in chain.read_on(root, registry_path(root)):
        entries[event["theme_id"]] = Entry(
            theme_id=event["theme_id"],
            label=event["label"],
            label_source=event["label_source"],
            status=event["status"],
            came_from=tuple(event["came_from"]),
            into=event["into"],
            exemplars=tuple(event["exemplars"]),
            question=event.get("question", ""),  # a line from before there was a choice holds none
        )
    return entries


def note(root: Path, run_id: str, entries: Mapping[str, Entry]) -> int:
    """Appends what is new about themes, and returns how many lines that took. A theme's first exemplars stay."""
    known = read_registry(root)
    first = {theme: replace(entry, exemplars=_first(known.get(theme), entry)) for theme, entry in entries.items()}
    changed = [entry for theme, entry in sorted(first.items()) if _key(known.get(theme)) != _key(entry)]
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    chain.append(registry_path(root), [{"at": at, "run_id": run_id, **asdict(entry)} for entry in changed])
    return len(changed)


def _first(known: Entry | None, now: Entry) -> tuple[str, ...]:
    return known.exemplars if known and known.exemplars else now.exemplars


def _key(entry: Entry | None) -> dict[str, object]:
    """All that makes a theme another one than before: not what it is most like, which every passage may change."""
    return {name: value for name, value in asdict(entry).items() if name != "exemplars"} if entry else {}


def entries_of(
    themes: pd.DataFrame,
    ideas: pd.DataFrame,
    book: Codebook,
    came_from: Mapping[str, tuple[str, ...]],
    decided: Collection[str],
    known: Mapping[str, Entry],
) -> dict[str, Entry]:
    """An entry for every theme that a run found or the codebook knows.

    Args:
        themes: THEMES of the run.
        ideas: IDEAS of the run.
        book: with the run's themes in it.
        came_from: theme id → the themes that people split it from.
        decided: themes that people decided something about.
        known: the registry before; where it is empty no theme is a proposal, for all are new.
    """
    present, typical = set(themes["theme_id"]), exemplars(ideas)
    new = {code.id for code in book.themes if known and (code.id not in known or known[code.id].status == "proposed")}
    return {
        code.id: Entry(
            theme_id=code.id,
            label=code.label,
            label_source=code.label_source,
            status=_status(code, code.id in present, code.id in new.difference(decided)),
            came_from=came_from.get(code.id, ()),
            into=code.merge_into or "",
            exemplars=typical.get(code.id, ()),
            question=code.question,
        )
        for code in book.themes
    }


def _status(code: Code, is_present: bool, is_proposed: bool) -> Status:
    if code.retired or code.set_aside:
        return "retired" if code.retired else "set_aside"
    if code.merge_into:
        return "merged"
    return "gone" if code.stale and not is_present else "proposed" if is_proposed else "active"


def exemplars(ideas: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Theme id → text hashes of the ideas (IDEAS) most like it."""
    themed = ideas[ideas["theme_id"] != ""].sort_values(["similarity", "text_hash"], ascending=[False, True])
    best = themed.drop_duplicates(["theme_id", "text_hash"]).groupby("theme_id", sort=True)["text_hash"]
    return {str(theme): tuple(hashes.head(_EXEMPLARS)) for theme, hashes in best}
