"""What the latest run proposes about themes, and a person's yes or no to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.edits.verbs import Edits
from pipeline.errors import Problem, RefusedError
from pipeline.tables import records


@dataclass(frozen=True)
class Proposal:
    """A merge of themes, the largest first; a split of one into `parts`: ids of passages, the largest part first; or a
    theme that is new, and in the bank unless it is rejected."""

    change: Literal["merge", "split", "new"]
    themes: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...] = ()

    @property
    def named(self) -> str:
        """As commands take it: merge T03 T30."""
        return " ".join([self.change, *self.themes])


def proposals(edits: Edits) -> list[Proposal]:
    """What the latest run proposes and nobody has said yes or no to since, nor ended or pinned a theme of. A new theme
    is proposed until somebody decides anything about it."""
    run = edits.material.latest
    if run is None or not run.has_table("changes"):
        return []
    state, changes = edits.state, run.read("changes")
    found = [
        Proposal(
            row["change"],
            tuple(filter(None, [row["theme_id"], *row["related"].split(",")])),
            tuple(tuple(part.split(",")) for part in row["members"].split("|")) if row["members"] else (),
        )
        for row in records(changes[changes["change"].isin(["merge", "split"])])
    ]
    new = sorted(set(changes.loc[changes["proposed"], "theme_id"]) - set(state.themes))
    found = [*(Proposal("new", (theme,)) for theme in new), *found]
    pinned = {theme for theme, decided in state.themes.items() if decided.members is not None}
    judged = {(said.change, frozenset(said.themes)) for said in state.verdicts}
    return [
        proposal
        for proposal in found
        if (proposal.change, frozenset(proposal.themes)) not in judged
        and all(state.target(theme) == theme and theme not in pinned for theme in proposal.themes)
    ]


def proposal_of(edits: Edits, change: str, themes: Sequence[str]) -> Proposal:
    """The open proposal of this change to these themes. Raises RefusedError if there is none."""
    for proposal in proposals(edits):
        if (proposal.change, frozenset(proposal.themes)) == (change, frozenset(themes)):
            return proposal
    what = "is not proposed by the latest run, or decided already"
    raise RefusedError(Problem(" ".join([change, *themes]), what, "quotebank codebook changes STUDY shows what is"))


def accept(edits: Edits, proposal: Proposal, labels: Sequence[str] = ()) -> list[str]:
    """Merges the others into the first theme, makes a theme of every part but the largest, which keeps the id, or lets
    a new theme stay.

    Args:
        labels: of the new themes; what the machine calls them, if left out.

    Returns:
        The ids of the theme that stays, or of those made. Raises RefusedError.
    """
    if proposal.change == "merge":
        return [edits.accept("merge", proposal.themes)]
    theme, parts = proposal.themes[0], proposal.parts[1:]
    n_new = 1 if proposal.change == "new" else len(parts)
    if labels and len(labels) != n_new:
        what = f"are {len(labels)}, but there are {n_new} new theme(s)"
        raise RefusedError(Problem("labels", what, "give one for each, or none"))
    if proposal.change == "new":
        return [edits.accept("new", [theme], label=labels[0] if labels else "")]
    inside = set(edits.members(theme))
    titles = labels or [""] * len(parts)
    return [
        edits.accept("split", [theme], [passage for passage in part if passage in inside], title)
        for part, title in zip(parts, titles, strict=True)
    ]


def reject(edits: Edits, proposal: Proposal) -> None:
    """Says no, so that it is not proposed again. Raises RefusedError."""
    known = edits.material.refs
    edits.reject(proposal.change, proposal.themes, [p for part in proposal.parts for p in part if p in known])
