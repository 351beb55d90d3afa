"""Codes from elsewhere: from the codebook of another study or wave, or from other software (refi.py)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.codebook.centroids import centroids, packed
from pipeline.codebook.events import LONGEST_LABEL, Drafted
from pipeline.codebook.file import read_codebook
from pipeline.codebook.model import Codebook
from pipeline.errors import InputError, Problem
from pipeline.study import Study

_PASSAGE_ID = re.compile(r"^[0-9a-f]{16}$")
_LISTS = ("include", "exclude", "seeds", "examples")


@dataclass(frozen=True)
class Imported:
    """A code as it comes in. `was` names it where it comes from: an id, or its place in the file.

    theme_id: the id it had, if it was one of ours; it keeps it where that is free.
    parent: the `was` of its parent, which comes before it.
    skipped: why it does not come in; empty if it does.
    by_machine: its label is the machine's, and stays so.
    centroid: what its passages say on average, in the vectors of `model`, if its study has been run.
    """

    was: str
    label: str = ""
    theme_id: str = ""
    parent: str = ""
    description: str = ""
    definition: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    seeds: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    skipped: str = ""
    by_machine: bool = False
    centroid: np.ndarray | None = None
    model: str = ""


@dataclass(frozen=True)
class Arrived:
    """What became of a code: the theme it is now, or none, and how."""

    was: str
    theme_id: str
    what: str


def codes_of(path: Path) -> list[Imported]:
    """The live codes of a codebook.yaml, or of the study in a folder, parents first. Raises ConfigError, InputError."""
    file = path / "codebook.yaml" if path.is_dir() else path
    book = read_codebook(file)
    if book is None:
        raise InputError(Problem(file.name, "is not there", "name another study, its codebook.yaml or a .qdc file"))
    codes = {code.id: code for code in book.themes}
    study = Study.load(path) if path.is_dir() else None
    found = centroids(study.root, study.disclosure.min_keyword_contributors) if study else {}
    return [
        Imported(
            code.id,
            " ".join(code.label.split()),
            code.id,
            code.parent if code.parent and not _skipped(book, code.parent) else "",
            **{name: _without_passages(getattr(code, name)) for name in ("description", "definition", *_LISTS)},
            skipped=_skipped(book, code.id),
            by_machine=not code.is_named_by_person,
            centroid=found.get(code.id),
            model=study.embedding.model if study else "",
        )
        for code in sorted(codes.values(), key=lambda code: (code.parent is not None, code.id))
    ]


def _without_passages(said: Any) -> Any:
    """Examples without ids of passages: those are words of people in another study."""
    return tuple(entry for entry in said if not _PASSAGE_ID.match(entry)) if isinstance(said, tuple) else said


def _skipped(book: Codebook, theme: str) -> str:
    code = book.get(theme)
    if code is None or code.retired:
        return "is retired there"
    if code.merge_into:
        return f"is merged into {code.merge_into} there"
    return "is set aside there" if code.set_aside else ""


def arrive(
    codes: Sequence[Imported], taken: Iterable[str], labels: Mapping[str, str], same: Mapping[str, str] | None = None
) -> tuple[list[Drafted], list[Arrived]]:
    """Events that add the codes, and what became of each.

    Args:
        codes: parents first.
        taken: theme ids that may not be given again.
        labels: label, without regard to capitals → the theme that has it.
        same: `was` of a code → the theme here whose passages say the same.
    """
    taken, labels = set(taken), dict(labels)
    kept_ids = {code.theme_id for code in codes if code.theme_id and not code.skipped} - taken
    highest = max((int(theme[1:]) for theme in taken | kept_ids), default=0)
    now: dict[str, str] = {}
    events: list[Drafted] = []
    arrived: list[Arrived] = []
    for code in codes:
        label = " ".join(code.label.replace("[", "(").replace("]", ")").split())[:LONGEST_LABEL].strip()
        there = labels.get(label.casefold())
        if code.skipped or not label:
            arrived.append(Arrived(code.was, "", f"left out: {code.skipped or 'has no name'}"))
            continue
        if there is not None:
            now[code.was] = there
            arrived.append(Arrived(code.was, there, "is here already under this label, and was left as it is"))
            continue
        if code.was in (same or {}):
            now[code.was] = (same or {})[code.was]
            arrived.append(Arrived(code.was, now[code.was], f"is here under another label; there it is “{label}”"))
            continue
        if code.theme_id and code.theme_id not in taken:
            theme, what = code.theme_id, "added"
        else:
            highest += 1
            theme = f"T{highest:02d}"
            what = "added; its id was taken" if code.theme_id else "added"
        if label != " ".join(code.label.split()):
            what += ", its label changed"
        taken.add(theme)
        labels[label.casefold()] = theme
        now[code.was] = theme
        event: Drafted = {"verb": "add", "theme": theme, "title" if code.by_machine else "label": label}
        event |= {} if code.centroid is None else {"centroid": packed(code.centroid)}
        event |= {name: text for name in ("description", "definition") if (text := getattr(code, name))}
        event |= {name: list(entries) for name in _LISTS if (entries := getattr(code, name))}
        if code.parent in now and now[code.parent] != theme:
            event["parent"] = now[code.parent]
        events.append(event)
        arrived.append(Arrived(code.was, theme, what))
    return events, arrived
