"""What an analyst does to the themes of a study: every command of `quotebank codebook`, for Python.

    edits = Edits.open(Study.load("my-study"), role="analyst")
    edits.rename("T03", "Signal in rural areas")
    new, = edits.split("T07", phrase="batteries", labels=["Flat batteries"])
    edits.move(["0123456789abcdef"], new)

Each is checked against what was decided so far, added to decisions/codebook.jsonl and shown in codebook.yaml; the next
run follows it. Nothing but a later decision of a person's changes it again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, Literal, ParamSpec, TypeVar, Unpack

import numpy as np
import pandas as pd

from pipeline.codebook import Codebook, Conflict, State, conflicts, current_state, kept_out, read_codebook
from pipeline.codebook.centroids import centroids
from pipeline.codebook.checks import Desk, listed
from pipeline.codebook.events import Drafted, check_label, check_role, named
from pipeline.codebook.importing import Arrived, Imported, arrive
from pipeline.codebook.located import located
from pipeline.codebook.log import read_events, record, whole_codebook
from pipeline.codebook.state import Decided
from pipeline.edits.material import Defining, Encode, Material
from pipeline.errors import Problem, RefusedError
from pipeline.store import study_lock
from pipeline.study import Study

Change = Literal["split", "merge", "new"]
_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


def _alone(
    verb: Callable[Concatenate["Edits", _Arguments], _Result],
) -> Callable[Concatenate["Edits", _Arguments], _Result]:
    """The verb while nobody else runs or edits the study, from its checks to its last write."""

    @wraps(verb)
    def locked(edits: "Edits", /, *args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Result:
        with study_lock(edits.study.root):
            return verb(edits, *args, **kwargs)

    return locked


class Edits:
    """The codebook of one study as somebody in one role edits it. `Edits.open` is the way in."""

    def __init__(self, study: Study, role: str, encode: Encode | None = None) -> None:
        self.study = study
        self.role = role
        self.material = Material(study, encode)

    @classmethod
    def open(cls, study: Study | Path | str, role: str = "analyst", encode: Encode | None = None) -> "Edits":
        """Ready to edit. `encode` stands in for the study's model. Raises RefusedError for a role that is a name."""
        return cls(study if isinstance(study, Study) else Study.load(study), check_role(role), encode)

    # ── what there is ───────────────────────────────────────────────────────────────────────────────────────────

    @property
    def state(self) -> State:
        """The decisions in force, about the latest run's passages if there is one."""
        state = current_state(self.study.root)
        return state if self.material.latest is None else located(state, self.material.passages)

    @property
    def codebook(self) -> Codebook:
        """codebook.yaml, and what is missing in it of the latest run's themes."""
        return whole_codebook(self.study.root)

    @property
    def events(self) -> list[dict[str, Any]]:
        """The log, oldest first."""
        return read_events(self.study.root)

    @property
    def conflicts(self) -> list[Conflict]:
        """What only a person can settle."""
        run, state = self.material.latest, current_state(self.study.root)
        passages = None if run is None else self.material.passages
        changed = run is not None and run.has_table("changes")
        data = kept_out(state, run.read("changes"), self.events) if run and changed else ()
        return conflicts(state, read_codebook(self.study.codebook_path), passages, data)

    def assignments(self) -> pd.DataFrame:
        """The latest run's assignments with every decision applied: one row for each passage and theme."""
        return self.material.assignments()

    def members(self, theme: str) -> list[str]:
        """Ids of the passages now in a theme."""
        return self.material.members(theme)

    def find(self, said: str) -> str:
        """The id of a theme, by its id or its label as a person types it. Raises RefusedError for neither."""
        return self._desk().find(said)

    def sizes(self) -> dict[str, tuple[int, int]]:
        """Theme id → how many people and passages are in it, after every decision up to now.

        Passages that only a definition brings are counted once a run has followed the latest decision.
        """
        passages, run, events = self.material.passages, self.material.run, self.events
        followed = run.has_table("coded_assignments") and (not events or events[-1]["verb"] == "applied")
        rows = run.read("coded_assignments") if followed else self.assignments()
        who = dict(zip(passages["passage_id"], passages["contributor_id"], strict=True))
        inside = rows.assign(who=rows["passage_id"].map(who)).groupby("theme_id")
        counted = inside.agg(people=("who", "nunique"), passages=("passage_id", "nunique"))
        return {str(theme): (int(people), int(n)) for theme, people, n in counted.itertuples() if theme}

    # ── themes ──────────────────────────────────────────────────────────────────────────────────────────────────

    @_alone
    def rename(self, theme: str, label: str) -> State:
        """Gives a theme a label that no later run changes."""
        desk = self._desk()
        desk.live(theme)
        return self._record({"verb": "rename", "theme": theme, "label": desk.free_label(label, theme)})

    @_alone
    def define(self, theme: str, **said: Unpack[Defining]) -> State:
        """Says what belongs to a theme: see `Defining`."""
        desk = self._desk()
        desk.live(theme)
        defining = self.material.defining(said)
        if not defining:
            raise RefusedError(Problem(theme, "is not defined by nothing", "give a definition, seeds, examples, …"))
        if defining.get("parent"):
            desk.parent(theme, defining["parent"])
        return self._record({"verb": "define", "theme": theme, **defining})

    @_alone
    def add(self, label: str, **said: Unpack[Defining]) -> str:
        """Makes a theme from what `define` may say, before or after any data. Returns its id."""
        desk = self._desk()
        theme = self.material.new_ids(1)[0]
        defining = self.material.defining(said)
        if defining.get("parent"):
            desk.parent(theme, defining["parent"])
        self._record({"verb": "add", "theme": theme, "label": desk.free_label(label), **defining})
        return theme

    @_alone
    def merge(self, theme: str, into: str) -> State:
        """Puts all passages of a theme, now and later, into another; its id stays an alias."""
        self._desk().mergeable(theme, into)
        merge = {"verb": "merge", "theme": theme, "into": into}
        if self.state.themes.get(into, Decided(into)).members is None:
            return self._record(merge)
        both = named(self.material.refs[passage] for name in (into, theme) for passage in self.members(name))
        return self._record(merge, {"verb": "pin", "what": "membership", "theme": into, "passages": both})

    @_alone
    def retire(self, theme: str) -> State:
        """Ends a theme: its passages become unassigned, its label may be used again, its id never."""
        self._desk().live(theme)
        return self._record({"verb": "retire", "theme": theme})

    @_alone
    def set_aside(self, theme: str) -> State:
        """Leaves a theme out of the quote bank; its passages become unassigned."""
        self._desk().live(theme)
        return self._record({"verb": "set_aside", "theme": theme})

    @_alone
    def restore(self, theme: str) -> State:
        """Ends whatever merged a theme, set it aside or retired it."""
        desk = self._desk()
        ended = desk.ended(theme)
        desk.free_label(desk.label(theme), theme)
        return self._record({"verb": "restore", "theme": theme, "what": ended})

    @_alone
    def split(
        self,
        theme: str,
        *,
        phrase: str = "",
        passages: Iterable[str] | None = None,
        n_parts: int | None = None,
        labels: Sequence[str] = (),
    ) -> list[str]:
        """Takes parts of a theme out into themes of their own; the largest or what is left keeps the id.

        Args:
            phrase: one part, of the passages nearer to it than to the rest.
            passages: one part, of just these.
            n_parts: communities among its passages, so many in all; with none of the three, as many as there are.
            labels: of the new themes; working titles of the machine's, if left out.

        Returns:
            The ids of the new themes.
        """
        desk = self._desk()
        desk.live(theme)
        if sum((bool(phrase), passages is not None, n_parts is not None)) > 1:
            raise RefusedError(
                Problem("split", "is by a phrase, by passages or by clusters", "choose one of the three")
            )
        members = self.members(theme)
        if passages is not None:
            parts, by = [[ref.passage_id for ref in self.material.named(passages)]], "passages"
            strangers = len(set(parts[0]) - set(members))
            if strangers:
                raise RefusedError(Problem(theme, f"does not hold {strangers} of the passages", "move them instead"))
        else:
            parts, by = self.material.parts(members, phrase, n_parts), "query" if phrase else "cluster"
        if not parts or sum(map(len, parts)) >= len(members):
            raise RefusedError(Problem(theme, "does not come apart that way", "try a phrase, or name the passages"))
        made = self._made(desk, theme, parts, labels)
        self._record({"verb": "split", "theme": theme, "parts": made, "by": by, "phrase": phrase})
        return [part["theme"] for part in made]

    def _made(self, desk: Desk, theme: str, parts: list[list[str]], labels: Sequence[str]) -> list[Drafted]:
        """The parts as an event holds them: with labels, or with titles of the machine's where a person gave none."""
        if labels and len(labels) != len(parts):
            what = f"are {len(labels)}, but there are {len(parts)} new theme(s)"
            raise RefusedError(Problem("labels", what, "give one for each, or none"))
        given = [desk.free_label(label) for label in labels]
        if len({label.casefold() for label in given}) != len(given):
            raise RefusedError(Problem("labels", "are the same", "give each new theme its own"))
        passages = [named(self.material.refs[passage] for passage in part) for part in parts]
        ids = self.material.new_ids(len(parts))
        made: list[Drafted] = [{"theme": new, "passages": part} for new, part in zip(ids, passages, strict=True)]
        if given:
            return [{**part, "label": label} for part, label in zip(made, given, strict=True)]
        worked: list[Drafted] = [
            {**part, "title": title} for part, title in zip(made, desk.working_titles(theme, len(parts)), strict=True)
        ]
        others = desk.labels()
        found = self.material.titles(
            {"verb": "split", "theme": theme, "parts": worked}, {other: desk.label(other) for other in others.values()}
        )
        free = {new: title for new, title in found.items() if title.casefold() not in others}
        return [{**part, "title": free.get(part["theme"], part["title"])} for part in worked]

    # ── passages ────────────────────────────────────────────────────────────────────────────────────────────────

    @_alone
    def move(self, passages: Iterable[str], to: str, origin: str = "") -> State:
        """Puts passages into a theme, or with "" out of all themes; out of `origin` alone, if it is given."""
        desk = self._desk()
        if to:
            desk.live(to)
        if origin:
            desk.known(origin)
        if origin and self.state.resolve(origin) == to:
            raise RefusedError(Problem(to, "is where they are", "name two different themes"))
        event = {"verb": "move", "passages": named(self.material.named(passages)), "to": to}
        return self._record({**event, "from": origin} if origin else event)

    @_alone
    def code(self, passages: Iterable[str], themes: Iterable[str]) -> State:
        """Says exactly which themes passages have, the main one first; none, if there is no theme they belong to."""
        desk, codes = self._desk(), list(dict.fromkeys(themes))
        for theme in codes:
            desk.live(theme)
        return self._record({"verb": "code", "passages": named(self.material.named(passages)), "themes": codes})

    @_alone
    def pin(self, theme: str, what: Literal["label", "membership"]) -> State:
        """Keeps a theme's label, or the passages that are in it and no others, from the machine."""
        desk = self._desk()
        desk.live(theme)
        if what == "label":
            return self._record(
                {"verb": "pin", "what": "label", "theme": theme, "label": check_label(desk.label(theme))}
            )
        inside = named(self.material.refs[passage] for passage in self.members(theme))
        return self._record({"verb": "pin", "what": "membership", "theme": theme, "passages": inside})

    @_alone
    def unpin(self, theme: str, what: Literal["label", "membership"]) -> State:
        """Leaves a theme's label or membership to the machine again."""
        decided = self.state.themes.get(theme)
        self._desk().known(theme)
        if decided is None or not (decided.label if what == "label" else decided.members is not None):
            raise RefusedError(Problem(theme, f"has no pinned {what}", "quotebank codebook log STUDY shows what was"))
        return self._record({"verb": "unpin", "what": what, "theme": theme})

    @_alone
    def pin_quote(self, passages: Iterable[str]) -> State:
        """Says that passages must be quoted, if they may be."""
        return self._record({"verb": "pin", "what": "quote", "passages": named(self.material.named(passages))})

    @_alone
    def unpin_quote(self, passages: Iterable[str]) -> State:
        """Leaves it to the machine again whether passages are quoted."""
        pinned = {ref.passage_id: ref for ref in self.state.quotes}
        chosen = listed(passages)
        if not set(chosen) <= set(pinned):
            raise RefusedError(Problem("passage", "is not pinned", "quotebank codebook log STUDY shows which are"))
        return self._record({"verb": "unpin", "what": "quote", "passages": named(pinned[name] for name in chosen)})

    # ── proposals and the log itself ────────────────────────────────────────────────────────────────────────────

    @_alone
    def accept(self, change: Change, themes: Sequence[str], passages: Iterable[str] = (), label: str = "") -> str:
        """Does what a drift report proposes.

        Args:
            change: merge puts the others of `themes` into the first; split takes `passages` out of the first; new
                lets a theme stay that the machine found.
            label: of the theme that comes of a split or is new.

        Returns:
            The id of the theme that it makes or keeps.
        """
        desk = self._desk()
        for theme in themes:
            desk.live(theme)
        judged = self._judged(change, themes, passages)
        if change != "split":
            for theme in themes[1:]:
                desk.mergeable(theme, themes[0])
            named_too = {"label": desk.free_label(label, themes[0])} if label and change == "new" else {}
            self._record({"verb": "accept", **judged, **named_too})
            return themes[0]
        part = [passage["passage_id"] for passage in judged["passages"]]
        made = self._made(desk, themes[0], [part], [label] if label else [])
        self._record({"verb": "accept", **judged, "parts": made})
        return made[0]["theme"]

    @_alone
    def reject(self, change: Change, themes: Sequence[str], passages: Iterable[str] = ()) -> State:
        """Says no to what a drift report proposes, so that it is not proposed again. A new theme ends."""
        desk = self._desk()
        for theme in themes:
            desk.known(theme)
        return self._record({"verb": "reject", **self._judged(change, themes, passages)})

    def _judged(self, change: Change, themes: Sequence[str], passages: Iterable[str]) -> Drafted:
        chosen = listed(passages)
        fewest = {"merge": 2, "split": 1, "new": 1}.get(change)
        if fewest is None or len(themes) < fewest or (change == "split" and not chosen):
            what = "is not a proposal that can be decided on"
            raise RefusedError(Problem(change, what, "merge needs two themes, split a theme and passages, new a theme"))
        return {
            "change": change,
            "themes": list(themes),
            "passages": named(self.material.named(chosen)) if chosen else [],
        }

    @_alone
    def undo(self, event: str) -> State:
        """Takes back an earlier decision, named by its hash or how that begins; an undo, too, can be undone."""
        events = self.events
        chosen = self._event(event, events)
        if chosen["verb"] == "applied":
            raise RefusedError(Problem(f"event {event}", "is a run, not a decision", "choose another"))
        if any(other["verb"] == "undo" and other["event"] == chosen["hash"] for other in events):
            raise RefusedError(Problem(f"event {event}", "was undone already", "undo the undoing to have it back"))
        self._desk().without(events, chosen["hash"])
        return self._record({"verb": "undo", "event": chosen["hash"]})

    @_alone
    def settle(self, event: str) -> State:
        """Notes that somebody has seen the conflicts about a decision; they are shown no more."""
        open_ = [conflict for conflict in self.conflicts if event and conflict.event.startswith(event)]
        if not open_:
            raise RefusedError(Problem(f"event {event}", "has no conflict", "quotebank codebook conflicts STUDY"))
        return self._record(*({"verb": "settle", "event": c.event, "what": c.what} for c in open_))

    @_alone
    def import_codes(self, codes: Sequence[Imported], origin: str) -> list[Arrived]:
        """Adds codes of another codebook. Returns what became of each. `origin`: codebook or refi-qda."""
        from pipeline.themes.identity import recognised

        taken = self.material.taken()
        labels = self._desk().labels()
        alike = [code if code.model == self.study.embedding.model else replace(code, centroid=None) for code in codes]
        wanted = {code.was: code.centroid for code in alike if code.centroid is not None and not code.skipped}
        here = centroids(self.study.root, 1)
        found = recognised(np.stack(list(here.values())), wanted) if here else {}
        events, arrived = arrive(alike, taken, labels, {was: list(here)[n] for n, was in found.items()})
        if events:
            self._record(*({**event, "origin": origin} for event in events))
        return arrived

    # ── inside ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _desk(self) -> Desk:
        return Desk(self.state, self.codebook)

    def _record(self, *events: Mapping[str, Any]) -> State:
        return record(self.study.root, self.role, [dict(event) for event in events])

    def _event(self, start: str, events: Sequence[dict[str, Any]]) -> dict[str, Any]:
        found = [event for event in events if start and event["hash"].startswith(start)]
        if len(found) != 1:
            what = "is the start of several events' hashes" if found else "is no event of the log"
            raise RefusedError(Problem(f"event {start}", what, "quotebank codebook log STUDY shows them"))
        return found[0]
