"""codebook.yaml and the log say the same: hand edits become events, and what events decide is shown in the file."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pydantic import ValidationError

from pipeline.codebook.events import Drafted
from pipeline.codebook.model import DECIDABLE, DEFINING, Code, Codebook
from pipeline.codebook.state import Decided, State
from pipeline.errors import Problem, RefusedError
from pipeline.study import reason

_UNTOUCHED = ("merge_into", "set_aside", "retired")


def hand_edits(state: State, book: Codebook | None) -> list[Drafted]:
    """The decisions that the file shows and the log does not hold. A theme missing in the file decides nothing."""
    events: list[Drafted] = []
    added: list[Drafted] = []
    for code in book.themes if book else ():
        decided = state.themes.get(code.id)
        if decided is None and not code.machine_label and not code.stale:
            defining = {name: value for name, value in _defining(code).items() if value}
            added.append({"verb": "add", "theme": code.id, "label": code.label, **_plain(defining)})
            decided = Decided(code.id, label=code.label, added=True, **defining)
        events += _changes(decided or Decided(code.id), code)
    return [*added, *events]


def _changes(decided: Decided, code: Code) -> list[Drafted]:
    theme = {"theme": code.id}
    events: list[Drafted] = []
    if code.label != decided.label and (code.is_named_by_person or decided.label):
        events.append({"verb": "rename", **theme, "label": code.label})
    changed = {name: value for name, value in _defining(code).items() if value != getattr(decided, name)}
    if changed:
        events.append({"verb": "define", **theme, **_plain(changed)})
    if code.merge_into and code.merge_into != decided.merge_into:
        events.append({"verb": "merge", **theme, "into": code.merge_into})
    events += [
        {"verb": verb, **theme}
        for verb, name in (("set_aside", "set_aside"), ("retire", "retired"))
        if getattr(code, name) and not getattr(decided, name)
    ]
    ended = [name for name in _UNTOUCHED if getattr(decided, name) and not getattr(code, name)]
    return [*events, {"verb": "restore", **theme, "what": ended}] if ended else events


def _defining(code: Code) -> dict[str, Any]:
    return {name: getattr(code, name) or ("" if name == "parent" else getattr(code, name)) for name in DEFINING}


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def shown(state: State, book: Codebook | None) -> Codebook:
    """The codebook with everything that the file expresses of a state; what it does not, stays.

    Themes that people made and took back are left out, whatever runs have put into them since.
    """
    codes = {
        code.id: code
        for code in (book.themes if book else ())
        if code.id in state.themes or (code.machine_label and code.id not in state.undone)
    }
    for theme in [*codes, *sorted(set(state.themes) - set(codes))]:
        code, decided = codes.get(theme), state.themes.get(theme, Decided(theme))
        if code is None and not (decided.label or decided.title):
            continue  # nothing is known of it but what the log says; the next run that finds it adds it
        values = {name: value for name, value in asdict(decided).items() if name in DECIDABLE}
        values |= {"merge_into": decided.merge_into or None, "parent": decided.parent or None}
        if code is None:
            codes[theme] = Code(id=theme, label=decided.label or decided.title, machine_label=decided.title, **values)
            continue
        if decided.added:
            values |= {"stale": False}  # no run has to find what people made
        if decided.label:
            named = "person" if decided.label == code.machine_label else code.named_by
            values |= {"label": decided.label, "named_by": named}
        elif code.is_named_by_person:
            values |= {"label": code.machine_label or code.label, "named_by": "machine"}
        codes[theme] = code.model_copy(update=values)
    try:
        return Codebook(themes=tuple(codes.values()))
    except ValidationError as error:
        what = "; ".join(reason(item) for item in error.errors(include_url=False, include_input=False))
    raise RefusedError(Problem("codebook", f"would no longer hold together: {what}", "undo or change that first"))
