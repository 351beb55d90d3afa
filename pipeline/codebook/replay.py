"""Decisions applied in the order they were taken. Pure: the same events, the same state, whatever the machine found."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from pipeline.codebook.events import FILE, Event, has_placeholder, in_force, made, passages_of
from pipeline.codebook.model import DEFINING
from pipeline.codebook.state import Conflict, Decided, Ref, State, Step, Verdict
from pipeline.errors import Problem, RefusedError

_ENDED: dict[str, Any] = {"merge_into": "", "set_aside": False, "retired": False}


def replay(events: Sequence[Event]) -> State:
    """The state that `events`, oldest first, come to. Raises RefusedError for an event of no known form.

    What cannot be applied, or only in part, becomes a conflict; nothing is dropped without one.
    """
    known = {event.get("hash", "") for event in events}
    replaying = _Replay()
    try:
        replaying.undone = {theme: source for event in events for theme, source in made(event).items()}
        for event in in_force(events):
            replaying.apply(event)
    except (KeyError, TypeError, ValueError, AttributeError):
        problem = Problem("codebook.jsonl", "holds a decision of another version", "restore the file from a backup")
        raise RefusedError(problem) from None
    for event in events:
        if event["verb"] == "undo" and event["event"] not in known:
            replaying.conflict(event, "", "undoes a decision that is not in the log", "settle it, or undo another one")
    return replaying.state()


class _Replay:
    """The state while it grows."""

    def __init__(self) -> None:
        self.themes: dict[str, Decided] = {}
        self.undone: dict[str, str] = {}  # themes that nothing in force makes again
        self.steps: list[Step] = []
        self.named_by: dict[Ref, str] = {}
        self.examples: dict[str, Ref] = {}
        self.verdicts: list[Verdict] = []
        self.settled: set[tuple[str, str]] = set()
        self.conflicts: dict[tuple[str, str, str], Conflict] = {}
        self.since_run: dict[tuple[str, str], tuple[bool, object]] = {}  # theme, field → by hand?, value

    def apply(self, event: Event) -> None:
        for passages in (event, *event.get("parts", ())):
            self.named_by |= dict.fromkeys(passages_of(passages), str(event.get("hash", "")))
        verb: Callable[[Event], None] = getattr(self, f"_{event['verb']}")
        verb(event)

    def conflict(self, event: Event, theme: str, what: str, remedy: str, key: str = "") -> None:
        hash_ = event.get("hash", "")
        self.conflicts[theme, key, hash_] = Conflict(theme, what, remedy, hash_)

    def state(self) -> State:
        return State(
            self.themes,
            tuple(self.steps),
            self.examples,
            tuple(self.verdicts),
            tuple(self.conflicts.values()),
            frozenset(self.settled),
            self.named_by,
            {theme: source for theme, source in self.undone.items() if theme not in self.themes},
        )

    # ── themes ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _set(self, event: Event, **changes: Any) -> None:
        theme = event["theme"]
        before = self.themes.get(theme, Decided(theme))
        for name, value in changes.items():
            self._note(event, theme, name, value)
        self.themes[theme] = replace(before, **changes)

    def _note(self, event: Event, theme: str, name: str, value: object) -> None:
        """Two ways of deciding the same thing between two runs may be two people who do not know of each other."""
        by_hand = event["role"] == FILE
        earlier = self.since_run.get((theme, name))
        for key in [key for key in self.conflicts if key[:2] == (theme, name)]:
            del self.conflicts[key]  # decided once more
        if earlier is not None and earlier[0] != by_hand and earlier[1] != value:
            last = "edit of the file" if by_hand else "command"
            what = f"{name} was changed in codebook.yaml and by a command since the last run; the {last} came last"
            self.conflict(event, theme, what, "decide once more, or settle it", key=name)
        self.since_run[theme, name] = (by_hand, value)

    def _applied(self, event: Event) -> None:  # noqa: ARG002 (every verb's signature)
        self.since_run.clear()

    def _rename(self, event: Event) -> None:
        self._set(event, label=event["label"])
        if has_placeholder(event["label"]):
            self.conflict(event, event["theme"], "its label holds a placeholder in square brackets", "rename it")

    def _define(self, event: Event) -> None:
        self.examples |= {ref.passage_id: ref for ref in passages_of(event)}
        changes = {name: event[name] for name in DEFINING if name in event}
        self._set(event, **{name: tuple(v) if isinstance(v, list) else v for name, v in changes.items()})

    def _add(self, event: Event) -> None:
        self._define(event)
        named = {name: event[name] for name in ("label", "title", "centroid") if name in event}
        self._set(event, added=True, **named)

    def _merge(self, event: Event) -> None:
        theme, into = event["theme"], event["into"]
        at: str = into
        while at:
            if at == theme:
                self.conflict(event, theme, f"would be merged into itself by way of {into}", "undo one of the merges")
                return
            at = self.themes[at].merge_into if at in self.themes else ""
        self._set(event, merge_into=into)
        if event["role"] == FILE and into in self.themes and self.themes[into].members is not None:
            what = f"was merged by hand into {into}, whose membership is pinned: its passages stay out"
            self.conflict(event, theme, what, f"pin the membership of {into} again, or move them")

    def _retire(self, event: Event) -> None:
        self._set(event, retired=True)

    def _set_aside(self, event: Event) -> None:
        self._set(event, set_aside=True)

    def _restore(self, event: Event) -> None:
        self._set(event, **{name: _ENDED[name] for name in event["what"]})

    # ── passages ────────────────────────────────────────────────────────────────────────────────────────────────

    def _step(self, event: Event, **what: Any) -> None:
        self.steps += [Step(ref, event.get("hash", ""), **what) for ref in passages_of(event)]

    def _move(self, event: Event) -> None:
        put = (event["to"],) if event["to"] else ()
        if event.get("from"):
            self._step(event, put=put, out=frozenset({event["from"]}))
        else:
            self._step(event, put=put, only=True)

    def _code(self, event: Event) -> None:
        self._step(event, put=tuple(event["themes"]), only=True, coded=True)

    def _split(self, event: Event) -> None:
        for part in event["parts"]:
            named = {name: part[name] for name in ("label", "title") if name in part}
            self._set({**event, "theme": part["theme"]}, added=True, **named)
            part_of = {**part, "hash": event.get("hash", "")}
            self._step(part_of, put=(part["theme"],), out=frozenset({event["theme"]} - {""}))

    def _pin(self, event: Event) -> None:
        if event["what"] == "label":
            self._set(event, label=event["label"])
        elif event["what"] == "membership":
            self._set(event, members=frozenset(passages_of(event)))
        else:
            self._step(event, quote=True)

    def _unpin(self, event: Event) -> None:
        if event["what"] == "label":
            self._set(event, label="")
        elif event["what"] == "membership":
            self._set(event, members=None)
        else:
            self._step(event, quote=False)

    # ── proposals, and the log itself ───────────────────────────────────────────────────────────────────────────

    def _accept(self, event: Event) -> None:
        self._judge(event, accepted=True)
        if event["change"] == "merge":
            for theme in event["themes"][1:]:
                self._merge({**event, "theme": theme, "into": event["themes"][0]})
        elif event["change"] == "new":
            self._set({**event, "theme": event["themes"][0]}, **({"label": event["label"]} if "label" in event else {}))
        else:
            self._split({**event, "theme": event["themes"][0]})

    def _reject(self, event: Event) -> None:
        self._judge(event, accepted=False)
        if event["change"] == "new":
            self._retire({**event, "theme": event["themes"][0]})

    def _judge(self, event: Event, accepted: bool) -> None:
        verdict = Verdict(event["change"], tuple(event["themes"]), passages_of(event), accepted)
        same = (verdict.change, verdict.themes, verdict.passages)
        self.verdicts = [v for v in self.verdicts if (v.change, v.themes, v.passages) != same] + [verdict]

    def _settle(self, event: Event) -> None:
        self.settled.add((event["event"], event["what"]))
