"""The codebook and its log as tables on a screen. Part of the command line."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pipeline.cli_shown import row
from pipeline.cli_shown import table as new_table

if TYPE_CHECKING:
    from pipeline.edits import Edits


def codebook_table(edits: "Edits") -> Any:
    """A row a theme: what it is called, how many people and passages are in it, and what was decided about it."""
    questions = {code.question for code in edits.codebook.themes}
    of = ["question"] if questions - {""} else []  # only where themes are found per question
    sizes = edits.sizes() if edits.material.latest else {}
    counted = ["people", "passages"] if sizes else []
    state, table = edits.state, new_table("id", "label", *of, *counted, "named by", "part of", "is", "definition")
    for code in edits.codebook.themes:
        decided = state.themes.get(code.id)
        gone = [f"merged into {state.resolve(code.id)}"] if code.merge_into else []
        gone += ["set aside"] * code.set_aside + ["retired"] * code.retired + ["stale"] * code.stale
        gone += ["pinned"] * bool(decided and decided.members is not None)
        asked = [code.question or "–"] if of else []
        named = code.label_source
        size = map(str, sizes.get(code.id, (0, 0))) if sizes else ()
        row(table, code.id, code.label, *asked, *size, named, code.parent or "", ", ".join(gone), code.for_readers)
    return table


def log_table(events: Sequence[Mapping[str, Any]]) -> Any:
    """A row a decision, oldest first."""
    from pipeline.codebook.events import in_force

    counting = {event["hash"] for event in in_force(events)}
    table = new_table("event", "at", "role", "decision", "of")
    for event in events:
        undone = "" if event["hash"] in counting or event["verb"] == "undo" else " (undone)"
        row(table, event["hash"][:8], event["at"], event["role"], event["verb"] + undone, _said(event))
    return table


def _said(event: Mapping[str, Any]) -> str:
    """An event's content on one line; passages as a count."""
    parts = [str(event[name]) for name in ("theme", "change", "what") if event.get(name)]
    parts += [", ".join(event["themes"])] if event.get("themes") else []
    parts += [f"→ {event[name]}" for name in ("into", "to", "label") if event.get(name)]
    parts += [f"→ {', '.join(part['theme'] for part in event['parts'])}"] if event.get("parts") else []
    parts += [str(event[name])[:12] for name in ("event", "run") if event.get(name)]
    n = len(event.get("passages", ())) + sum(len(part["passages"]) for part in event.get("parts", ()))
    return " ".join([*parts, *([f"({n} passage(s))"] if n else [])])
