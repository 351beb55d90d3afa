"""What about a codebook only a person can settle."""

from collections import Counter
from collections.abc import Iterable, Sequence

import pandas as pd

from pipeline.codebook.events import Event, in_force
from pipeline.codebook.located import located
from pipeline.codebook.model import Codebook
from pipeline.codebook.state import Conflict, State
from pipeline.tables import records


def conflicts(
    state: State,
    book: Codebook | None = None,
    passages: pd.DataFrame | None = None,
    data: Iterable[Conflict] = (),
) -> list[Conflict]:
    """All that nobody has settled, by theme.

    Args:
        book: codebook.yaml as it stands, which also says what the machine calls its themes.
        passages: PASSAGES of a run, if there is one, for decisions about passages that have changed or gone.
        data: conflicts of decisions with what has come since, see `kept_out`.
    """
    now = located(state, passages) if passages is not None else state
    found = [*now.conflicts, *_ended_targets(now), *data]
    found += _missing(state, book) + _same_labels(book) + _lost_parents(state)
    open_ = {conflict for conflict in found if (conflict.event, conflict.what) not in state.settled}
    return sorted(open_, key=lambda conflict: (conflict.theme_id, conflict.event, conflict.what))


def _missing(state: State, book: Codebook | None) -> list[Conflict]:
    listed = {code.id for code in book.themes} if book else set[str]()
    gone = sorted(theme for theme in state.themes if theme not in listed)
    what = "is decided about, but is not in codebook.yaml"
    return [Conflict(theme, what, "the next run writes it again; to be rid of it, retire it") for theme in gone]


def _same_labels(book: Codebook | None) -> list[Conflict]:
    live = [code for code in (book.themes if book else ()) if not (code.merge_into or code.retired or code.stale)]
    named = {code.label.casefold(): code.id for code in live if code.is_named_by_person}
    return [
        Conflict(code.id, f"was found under the label that people gave to {theme}", "merge it there, or rename it")
        for code in live
        if (theme := named.get(code.label.casefold(), code.id)) != code.id and not code.is_named_by_person
    ]


def _lost_parents(state: State) -> list[Conflict]:
    return [
        Conflict(theme, f"has the parent {decided.parent}, which is set aside or retired", "define another parent")
        for theme, decided in sorted(state.themes.items())
        if decided.is_live and decided.parent and not state.target(decided.parent)
    ]


def _ended_targets(state: State) -> list[Conflict]:
    """Passages that people put into a theme which was retired or set aside later."""
    lost = Counter(
        (theme, placement.event)
        for placement in state.placements.values()
        for theme in placement.themes
        if not state.target(theme)
    )
    return [
        Conflict(
            theme,
            f"{_how_ended(state, theme)}, but {n} passage(s) were put into it by a person",
            "move them, or restore it",
            event,
        )
        for (theme, event), n in sorted(lost.items())
    ]


def kept_out(state: State, changes: pd.DataFrame, events: Sequence[Event]) -> list[Conflict]:
    """New passages that are like a theme which people retired, set aside or pinned, and are not in it.

    Args:
        changes: CHANGES of the latest run.
        events: the log, which says what decided it.
    """
    decided: dict[str, str] = {}
    for event in in_force(events):
        if event["verb"] in ("retire", "set_aside") or event.get("what") == "membership":
            decided[event["theme"]] = event.get("hash", "")
        if event["verb"] == "reject" and event["change"] == "new":
            decided[event["themes"][0]] = event.get("hash", "")
    found: list[Conflict] = []
    for row in records(changes[changes["passages_out"] > 0]):
        theme, new = row["theme_id"], row["passages_out"]
        answers = f"{new} new answer is" if new == 1 else f"{new} new answers are"
        if not state.target(theme):
            what = f"{answers} like {theme}, which {_how_ended(state, theme)}"
            found.append(Conflict(theme, what, "restore it, move them, or settle it", decided.get(theme, "")))
        elif theme in state.themes and state.themes[theme].members is not None:
            what = f"{answers} like {theme}, whose passages are pinned"
            found.append(Conflict(theme, what, "unpin it, move them, or settle it", decided.get(theme, "")))
    return found


def _how_ended(state: State, theme: str) -> str:
    return "was retired" if state.themes[state.resolve(theme)].retired else "was set aside"
