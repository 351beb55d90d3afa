"""What changed about themes, and what a person says to what is proposed. Part of the command line."""

from dataclasses import replace
from typing import Annotated

import typer

from pipeline.cli_shown import Role, Study, done, edits_of, out, row, table

Change = Annotated[str, typer.Argument(help="merge, split or new.", show_default=False)]
Themes = Annotated[list[str], typer.Argument(help="The themes it is about, as changes shows them.", show_default=False)]


def changes(study: Study) -> None:
    """Show what the latest run changed about themes, and what it proposes."""
    from pipeline.edits import proposals
    from pipeline.outputs.changes import joined
    from pipeline.store import Run
    from pipeline.tables import records

    run = Run.open(study)
    labels = {
        said["theme_id"]: said["label"] for name in ("themes", "coded_themes") for said in records(run.read(name))
    }
    shown = table("theme", "label", "change", "people", "passages", "of these", "with")
    for said in records(run.read("changes")):
        if said["change"] in ("split", "merge"):
            continue
        sizes = [f"{said[f'{unit}_before']} → {said[f'{unit}_after']}" for unit in ("people", "passages")]
        change = said["detail"] if said["change"] == "ended" else said["change"]
        change = f"{change}, proposed" if said["proposed"] else change
        row(shown, said["theme_id"], labels.get(said["theme_id"], ""), change, *sizes, joined(said), said["related"])
    out.print(shown)
    for proposal in proposals(edits_of(study)):
        named = " and ".join(f"{theme} ({labels.get(theme, '')})" for theme in proposal.themes)
        out.print(f"\nProposed: {proposal.change} {named}", markup=False, soft_wrap=True)
        for verb in ("accept", "reject"):
            out.print(f"  quotebank codebook {verb} {study} {proposal.named}", markup=False, soft_wrap=True)


def accept(
    study: Study,
    change: Change,
    themes: Themes,
    label: Annotated[list[str] | None, typer.Option(help="Of each new theme; may be repeated.")] = None,
    role: Role = "analyst",
) -> None:
    """Do what the latest run proposes: merge into the first theme, take a theme's parts out, let a new theme stay."""
    from pipeline import edits as deciding

    edits = edits_of(study, role)
    proposal = deciding.proposal_of(edits, change, themes)
    made = deciding.accept(edits, replace(proposal, themes=tuple(dict.fromkeys(themes))), label or ())
    sizes = ", ".join(f"{theme} ({len(edits.members(theme))} passages)" for theme in made)
    done(study, edits, f"{proposal.named} is accepted: {sizes}.")


def reject(study: Study, change: Change, themes: Themes, role: Role = "analyst") -> None:
    """Say no to what the latest run proposes; it is not proposed again. A new theme ends, and its passages wait."""
    from pipeline import edits as deciding

    edits = edits_of(study, role)
    proposal = deciding.proposal_of(edits, change, themes)
    deciding.reject(edits, proposal)
    done(study, edits, f"{proposal.named} is rejected, and will not be proposed again.")
