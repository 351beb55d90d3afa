"""A study's decisions about themes: read, followed and added to."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import chain
from pipeline.codebook.events import FILE, MACHINE, VERBS, Drafted, dated, in_force, made
from pipeline.codebook.file import propose, read_codebook, write_codebook
from pipeline.codebook.hand_edits import hand_edits, shown
from pipeline.codebook.model import Codebook
from pipeline.codebook.replay import replay
from pipeline.codebook.state import State
from pipeline.errors import Problem, RefusedError
from pipeline.store import latest_run


def codebook_log(root: Path) -> Path:
    return root / "decisions" / "codebook.jsonl"


def codebook_file(root: Path) -> Path:
    return root / "codebook.yaml"


def read_events(root: Path) -> list[dict[str, Any]]:
    """All events, oldest first. Raises RefusedError for a log that was tampered with, or lost since the latest run."""
    path = codebook_log(root)
    events = chain.read_on(root, path)
    for number, event in enumerate(events, start=1):
        if event.get("verb") not in VERBS or "role" not in event:
            where = f"{path.name}, line {number}"
            raise RefusedError(Problem(where, "is not a decision of this version", "restore the file from a backup"))
    return events


def current_state(root: Path, more: Sequence[Drafted] = ()) -> State:
    """The decisions in force, those in codebook.yaml that the log does not hold yet among them. Writes nothing.

    more: what would be decided next.
    """
    return replay([*read_events(root), *_unlogged(root), *dated(MACHINE, more)])


def known_themes(root: Path) -> frozenset[str]:
    """Every theme id that the codebook or a decision ever named: none may be given to another theme."""
    book = read_codebook(codebook_file(root))
    parts = [part["theme"] for event in read_events(root) for part in event.get("parts", ())]
    said = [event["theme"] for event in read_events(root) if event.get("theme")]
    return frozenset([*said, *parts, *(code.id for code in (book.themes if book else ()))])


def came_from(root: Path) -> dict[str, tuple[str, ...]]:
    """Theme id → the themes that people split it from, for themes that a split in force made."""
    sources = {theme: source for event in in_force(read_events(root)) for theme, source in made(event).items()}
    return {theme: (source,) for theme, source in sources.items() if source}


def _unlogged(root: Path) -> list[Drafted]:
    book = read_codebook(codebook_file(root))
    return dated(FILE, hand_edits(replay(read_events(root)), book)) if book else []


def whole_codebook(root: Path) -> Codebook:
    """codebook.yaml, with the themes of the latest run that somebody took out of it: they are there all the same."""
    book, run = read_codebook(codebook_file(root)) or Codebook(), latest_run(root)
    if run is None or not run.has_table("themes"):
        return book
    themes = run.read("themes")
    missing = propose(themes[~themes["theme_id"].isin([code.id for code in book.themes])]).themes
    return shown(current_state(root), Codebook(themes=(*book.themes, *missing))) if missing else book


def record(root: Path, role: str, events: Sequence[Drafted]) -> State:
    """Adds decisions to the log and shows them in codebook.yaml; what was changed there by hand goes first.

    The caller holds the study's lock.
    """
    new = [*_unlogged(root), *dated(role, events)]
    book = shown(replay([*read_events(root), *new]), whole_codebook(root))
    chain.append(codebook_log(root), new)
    if new and (run := latest_run(root)):
        chain.remember(run, codebook_log(root))
    write_codebook(codebook_file(root), book)
    return replay(read_events(root))


def synchronise(root: Path, themes: pd.DataFrame, run_id: str) -> None:
    """After themes were found: hand edits go into the log, new themes into codebook.yaml, and the log notes the run.

    Args:
        themes: THEMES of the run.
    """
    state = record(root, MACHINE, [])
    path = codebook_file(root)
    write_codebook(path, shown(state, propose(themes, read_codebook(path))))
    events = read_events(root)
    if events and events[-1]["verb"] != "applied":
        chain.append(codebook_log(root), dated(MACHINE, [{"verb": "applied", "run": run_id}]))
