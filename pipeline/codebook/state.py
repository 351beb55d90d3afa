"""What all decisions taken together come to: the result of a replay, without anything of the machine's."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import Any

import pandas as pd

from pipeline.ids import text_hash


@dataclass(frozen=True, order=True)
class Ref:
    """A passage as a decision names it: by its id, by all that a reader could see of it, and by its words alone."""

    passage_id: str
    text_hash: str
    words: str = ""

    @property
    def content(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True)
class Conflict:
    """Something about the decisions that only a person can settle. `event` is the hash of the decision it is about."""

    theme_id: str
    what: str
    remedy: str
    event: str = ""


@dataclass(frozen=True)
class Decided:
    """What people decided about one theme. An empty label is the machine's to give.

    title: what the machine calls a theme that people made without naming it, until it finds it itself.
    added: people made it (by add, split or import), so it exists though no run found it.
    members: the only passages that may be in it, where its membership is pinned.
    """

    theme_id: str
    label: str = ""
    title: str = ""
    description: str = ""
    definition: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    parent: str = ""
    seeds: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()  # passages in people's own words, or passage ids
    merge_into: str = ""
    set_aside: bool = False
    retired: bool = False
    added: bool = False
    centroid: str = ""  # of its passages in the study it comes from; see `pipeline.codebook.centroids`
    members: frozenset[Ref] | None = None

    @property
    def is_live(self) -> bool:
        return not (self.merge_into or self.set_aside or self.retired)


@dataclass(frozen=True)
class Placement:
    """Where people put a passage.

    themes: in order, the main one first.
    only: nothing else may be added, as after a coding; else the machine's other themes stay,
    out: save these.
    coded: by a person who said exactly which codes it has: what deductive coding learns from.
    event: the last decision it follows from.
    """

    themes: tuple[str, ...] = ()
    only: bool = False
    out: frozenset[str] = frozenset()
    coded: bool = False
    event: str = ""


@dataclass(frozen=True)
class Step:
    """One decision about one passage: into which themes, out of which (`only`: of all others), or whether to quote it.

    The same passage may go by another id in a later step, so steps become placements only where passages are known.
    """

    ref: Ref
    event: str
    put: tuple[str, ...] = ()
    out: frozenset[str] = frozenset()
    only: bool = False
    coded: bool = False
    quote: bool | None = None  # None: it is not about quoting


def placements(steps: Iterable[Step]) -> dict[Ref, Placement]:
    """What the steps about each passage come to, the later one deciding."""
    placed: dict[Ref, Placement] = {}
    for step in steps:
        if step.quote is not None:
            continue
        if step.only:
            placed[step.ref] = Placement(step.put, only=True, coded=step.coded, event=step.event)
            continue
        before, out = placed.get(step.ref, Placement()), step.out - set(step.put)
        kept = tuple(theme for theme in before.themes if theme not in out and theme not in step.put)
        placed[step.ref] = replace(
            before,
            themes=(*step.put, *kept),
            out=(before.out | out) - set(step.put),
            coded=False,
            event=step.event,
        )
    return placed


def quoted(steps: Iterable[Step]) -> dict[Ref, str]:
    """Passages that must be quoted → the event that says so."""
    pinned: dict[Ref, str] = {}
    for step in steps:
        if step.quote is False:
            pinned.pop(step.ref, None)
        elif step.quote:
            pinned[step.ref] = step.event
    return pinned


@dataclass(frozen=True)
class Verdict:
    """What people said of a proposal to split or merge themes, or to make a new one."""

    change: str
    themes: tuple[str, ...]
    passages: tuple[Ref, ...]
    accepted: bool


@dataclass(frozen=True)
class State:
    """The decisions in force. See `replay`; `located` finds the passages they name in a run's."""

    themes: Mapping[str, Decided] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()  # about passages, oldest first
    examples: Mapping[str, Ref] = field(default_factory=dict)  # passages that are examples of a theme, by id
    verdicts: tuple[Verdict, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    settled: frozenset[tuple[str, str]] = frozenset()  # conflicts somebody has seen: event, what
    named_by: Mapping[Ref, str] = field(default_factory=dict)  # passage → the last event that names it
    undone: Mapping[str, str] = field(default_factory=dict)  # theme whose making was undone → what it was split from

    def unmade(self, theme_id: str) -> str:
        """The theme itself; of one whose making was undone the theme it was split from, or none."""
        while theme_id in self.undone:
            theme_id = self.undone[theme_id]
        return theme_id

    def resolve(self, theme_id: str) -> str:
        """The theme that `theme_id` is now, after all merges: an old id keeps its meaning."""
        theme_id = self.unmade(theme_id)
        decided = self.themes.get(theme_id)
        while decided is not None and decided.merge_into and not (decided.set_aside or decided.retired):
            theme_id = decided.merge_into
            decided = self.themes.get(theme_id)
        return theme_id

    def target(self, theme_id: str) -> str:
        """Where passages of a theme go: `resolve`, but empty if that theme is set aside or retired."""
        theme_id = self.resolve(theme_id)
        decided = self.themes.get(theme_id)
        return "" if decided and (decided.set_aside or decided.retired) else theme_id

    @cached_property
    def placements(self) -> dict[Ref, Placement]:
        return placements(self.steps)

    @cached_property
    def quotes(self) -> dict[Ref, str]:
        return quoted(self.steps)

    @property
    def human_codings(self) -> dict[str, frozenset[str]]:
        """Passage id → exactly the themes a person coded it with, merges followed; maybe none."""
        return {
            ref.passage_id: frozenset(filter(None, map(self.target, placement.themes)))
            for ref, placement in sorted(self.placements.items())
            if placement.coded
        }

    @property
    def codes(self) -> dict[str, Decided]:
        """Live themes that people said something about that a coder can go by."""
        return {
            theme: decided
            for theme, decided in self.themes.items()
            if decided.is_live and (decided.definition or decided.include or decided.seeds or decided.examples)
        }

    @property
    def pinned_quotes(self) -> frozenset[str]:
        """Ids of passages that must be quoted, if they may be."""
        return frozenset(ref.passage_id for ref in self.quotes)

    def decisions(self) -> dict[str, Any]:
        """Everything decided as plain values: the same for the same decisions, whoever took them and when."""
        empty = Decided("")
        return {
            "themes": {
                theme: {
                    name: sorted(map(str, value)) if isinstance(value, frozenset) else value
                    for name, value in vars(decided).items()
                    if value != getattr(empty, name)
                }
                for theme, decided in sorted(self.themes.items())
                if any(value != getattr(empty, name) for name, value in vars(decided).items() if name != "theme_id")
            },
            "placements": [
                (ref.content, placement.themes, placement.only, sorted(placement.out), placement.coded)
                for ref, placement in sorted(self.placements.items(), key=lambda item: item[0])
            ],
            "quotes": [ref.content for ref in sorted(self.quotes)],
            "verdicts": [asdict(verdict) for verdict in self.verdicts],
        }


def refs(passages: pd.DataFrame) -> dict[str, Ref]:
    """Passage id → Ref of every row of PASSAGES."""
    columns = (passages["passage_id"], passages["text_hash"], passages["text"])
    return {name: Ref(name, seen, text_hash(text)[:32]) for name, seen, text in zip(*columns, strict=True)}
