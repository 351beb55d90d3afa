"""Decisions as events, one a line of decisions/codebook.jsonl: who (a role, never a name), when, a verb, and of what.

verb        further keys
rename      theme, label
define      theme, and those of description, definition, include, exclude, parent, seeds, examples that change
merge       theme, into
split       theme, parts: [{theme, label, passages}], by: cluster | query | passages, phrase; a title of the machine's
            in place of a label
move        passages, to ("" for none), from ("" for wherever they are)
code        passages, themes: exactly these, maybe none
pin, unpin  what: label (theme, label), membership (theme, passages) or quote (passages)
retire, set_aside   theme
restore     theme, what: those of merge_into, set_aside, retired that end
add         theme, label (or a title of the machine's), what define may have, and of an imported one its centroid
accept      change: split | merge | new, themes, passages, parts; of a new theme its label, if it got one
reject      change, themes, passages
undo        event: the hash of an earlier one
settle      event, what: a conflict that somebody has seen
applied     run: a run has followed all of the above
"""

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.codebook.state import Ref
from pipeline.errors import Problem, RefusedError

Event = Mapping[str, Any]
Drafted = dict[str, Any]

FILE = "file"  # the role of whoever edited codebook.yaml by hand
MACHINE = "machine"
VERBS = frozenset(
    """
    rename define merge split move code pin unpin retire set_aside restore add accept reject undo settle applied
    """.split()
)
_NAME = re.compile(r"\b[^\W\d_a-zß-ÿ][\w'’-]*[\s.]+[^\W\d_a-zß-ÿ]")
_PLACEHOLDER = re.compile(r"\[[^\]]*\]")
LONGEST_LABEL = 120  # characters


def check_role(role: str) -> str:
    """The role itself. Raises RefusedError for what could be a person's name or address."""
    said = " ".join(role.split())
    remedy = "say what you are, such as analyst or study lead"
    if not said or len(said) > 40:
        raise RefusedError(Problem("--role", "is empty or too long", remedy))
    if "@" in said or _NAME.search(said):
        raise RefusedError(Problem("--role", "looks like a name or an address, which the log must not hold", remedy))
    if said.casefold() in (FILE, MACHINE):
        raise RefusedError(Problem("--role", "is kept for what no command did", remedy))
    return said


def check_label(label: str) -> str:
    """The label with single spaces. Raises RefusedError."""
    said = " ".join(label.split())
    if not said:
        raise RefusedError(Problem("label", "is empty", "say in a few words what the theme is about"))
    if len(said) > LONGEST_LABEL:
        raise RefusedError(Problem("label", f"is longer than {LONGEST_LABEL} characters", "define can say the rest"))
    if _PLACEHOLDER.search(said):
        raise RefusedError(Problem("label", "holds a placeholder in square brackets", "say it without"))
    return said


def has_placeholder(label: str) -> bool:
    return _PLACEHOLDER.search(label) is not None


def dated(role: str, events: Iterable[Drafted]) -> list[Drafted]:
    """The events as they go into the log."""
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return [{"at": at, "role": role, **event} for event in events]


def named(passages: Iterable[Ref]) -> list[dict[str, str]]:
    return [ref.content for ref in sorted(set(passages))]


def passages_of(event: Event) -> tuple[Ref, ...]:
    return tuple(Ref(**passage) for passage in event.get("passages", ()))


def made(event: Event) -> dict[str, str]:
    """The themes that an event makes → the one it takes them out of, "" for none."""
    if event["verb"] == "add":
        return {} if event.get("centroid") else {event["theme"]: ""}  # one of another study is found, not made
    source = event["theme"] if event["verb"] == "split" else ""
    if event.get("change") == "split":
        source = event["themes"][0]
    return {part["theme"]: source for part in event.get("parts", ())}


def in_force(events: Sequence[Event]) -> list[Event]:
    """The events that count, oldest first: those that no undo in force names. An undo can be undone."""
    undone: set[str] = set()
    kept: list[Event] = []
    for event in reversed(events):
        if event.get("hash", "") in undone:
            continue
        if event["verb"] == "undo":
            undone.add(event["event"])
        else:
            kept.append(event)
    return kept[::-1]
