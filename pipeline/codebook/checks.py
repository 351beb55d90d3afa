"""Whether a decision makes sense, given those taken so far. Refusals name ids and what to do, never a passage."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pipeline.codebook.events import Event, check_label
from pipeline.codebook.hand_edits import shown
from pipeline.codebook.model import Codebook
from pipeline.codebook.replay import replay
from pipeline.codebook.state import Decided, State
from pipeline.errors import Problem, RefusedError


def listed(entries: Iterable[str]) -> list[str]:
    """The entries that say something, each once; a single string is one entry."""
    given = (entries,) if isinstance(entries, str) else entries
    return list(dict.fromkeys(entry.strip() for entry in given if entry.strip()))


@dataclass(frozen=True)
class Desk:
    """The state and the file, as they are when somebody decides."""

    state: State
    book: Codebook

    def find(self, said: str) -> str:
        """The theme that is meant by its id, in any case, or by its label. Raises RefusedError for neither."""
        name = " ".join(said.split())
        ids = list(dict.fromkeys([*(code.id for code in self.book.themes), *self.state.themes]))
        if name.upper() in ids:
            return name.upper()
        live = self.labels()
        called = [theme for theme in ids if self.label(theme).casefold() == name.casefold()]
        found = [theme for theme in called if theme in live.values()] or called
        if len(found) == 1:
            return found[0]
        if found:
            raise RefusedError(Problem(name, f"is the label of {' and '.join(found)}", "name one by its id"))
        near = get_close_matches(name.casefold(), live, n=1)
        meant = live[near[0]] if near else ""
        remedy = f"did you mean {meant} ({self.label(meant)})?" if meant else "quotebank codebook show STUDY"
        raise RefusedError(Problem(name or "theme", "is no theme of this study", remedy))

    def known(self, theme: str) -> Decided:
        """What was decided about a theme. Raises RefusedError if there is no such theme."""
        if theme not in self.state.themes and self.book.get(theme) is None:
            raise RefusedError(Problem(theme or "theme", "is no theme of this study", "quotebank codebook show STUDY"))
        return self.state.themes.get(theme, Decided(theme))

    def live(self, theme: str) -> Decided:
        """The same for a theme that things can be put into. Raises RefusedError."""
        decided = self.known(theme)
        if decided.retired or decided.set_aside:
            how = "retired" if decided.retired else "set aside"
            raise RefusedError(
                Problem(theme, f"is {how}", f"quotebank codebook restore STUDY {theme}, or choose another")
            )
        if decided.merge_into:
            into = self.state.resolve(theme)
            raise RefusedError(Problem(theme, f"is merged into {into}", f"name {into}, or restore {theme}"))
        return decided

    def ended(self, theme: str) -> list[str]:
        """What keeps a theme out: names of fields. Raises RefusedError if nothing does."""
        decided = self.known(theme)
        ended = [name for name in ("merge_into", "set_aside", "retired") if getattr(decided, name)]
        if not ended:
            raise RefusedError(
                Problem(theme, "is neither merged, set aside nor retired", "there is nothing to restore")
            )
        return ended

    def mergeable(self, theme: str, into: str) -> None:
        if theme == into:
            raise RefusedError(Problem(theme, "cannot be merged into itself", "name another theme"))
        self.known(theme)
        self.live(into)
        if self.state.resolve(theme) == into:
            raise RefusedError(Problem(theme, f"is merged into {into} already", "there is nothing to do"))
        self.live(theme)

    def parent(self, theme: str, parent: str) -> None:
        """Two levels: a theme has a parent or children. Raises RefusedError."""
        if parent == theme:
            raise RefusedError(Problem(theme, "cannot be its own parent", "name another theme"))
        if self.live(parent).parent:
            raise RefusedError(Problem(parent, "has a parent itself, and there are two levels", "name that one"))
        if any(other.parent == theme for other in self.state.themes.values()):
            raise RefusedError(Problem(theme, "is a parent itself, and there are two levels", "move its parts first"))

    def label(self, theme: str) -> str:
        decided, code = self.state.themes.get(theme), self.book.get(theme)
        return (decided.label if decided else "") or (code.label if code else "")

    def labels(self) -> dict[str, str]:
        """Label, without regard to capitals → the theme that has it now."""
        ids = [*(code.id for code in self.book.themes), *self.state.themes]
        live = [
            theme for theme in dict.fromkeys(ids) if not (self.known(theme).merge_into or self.known(theme).retired)
        ]
        return {self.label(theme).casefold(): theme for theme in reversed(live)}

    def free_label(self, label: str, theme: str = "") -> str:
        """The label as it will stand. Raises RefusedError for one that cannot be, or that another theme has."""
        said = check_label(label)
        other = self.labels().get(said.casefold(), theme)
        if other != theme:
            what = f"is that of {other} already"
            raise RefusedError(
                Problem("label", what, f"choose another, or merge the two: merge {theme or '…'} {other}")
            )
        return said

    def working_titles(self, theme: str, n: int) -> list[str]:
        """Labels for parts of a theme until somebody finds better ones."""
        taken, base, titles = self.labels(), self.label(theme)[:100], list[str]()
        number = 2
        while len(titles) < n:
            title = f"{base} ({number})"
            titles += [title] if title.casefold() not in taken else []
            number += 1
        return titles

    def without(self, events: Sequence[Event], undone: str) -> None:
        """Raises RefusedError if what was decided later would hang in the air without one event."""
        rest: list[dict[str, Any]] = [*map(dict, events), {"verb": "undo", "event": undone, "role": ""}]
        state = replay(rest)
        lost = sorted(
            theme
            for theme in self.state.themes
            if self.state.themes[theme].added
            and not (theme in state.themes and state.themes[theme].added)
            and (theme in state.themes or _is_used(state, theme))
        )
        if lost:
            what = f"made {', '.join(lost)}, about which more was decided later"
            raise RefusedError(Problem(f"event {undone[:8]}", what, "undo that first, or retire the theme"))
        shown(state, self.book)  # refuses what the file could not express


def _is_used(state: State, theme: str) -> bool:
    placed = any(theme in placement.themes for placement in state.placements.values())
    return placed or any(theme in (other.merge_into, other.parent) for other in state.themes.values())
