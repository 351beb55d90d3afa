"""quotebank codebook: what people decide about themes, one command a decision. Part of the command line."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline import cli_proposals
from pipeline.cli_shown import Role, Study, out
from pipeline.cli_shown import done as _done
from pipeline.cli_shown import edits_of as _edits
from pipeline.cli_shown import row as _row
from pipeline.cli_shown import table as _table
from pipeline.cli_tables import codebook_table, log_table

app = typer.Typer(no_args_is_help=True, help="Rename, merge, split and otherwise decide about themes.")

Theme = Annotated[str, typer.Argument(help="A theme's id or label, such as T03.", show_default=False)]
Passages = Annotated[list[str], typer.Argument(help="Ids of passages.", show_default=False)]


@app.command()
def show(study: Study) -> None:
    """Show the codebook as a table."""
    out.print(codebook_table(_edits(study)))


@app.command()
def log(study: Study) -> None:
    """Show every decision, oldest first."""
    out.print(log_table(_edits(study).events))


@app.command()
def conflicts(study: Study) -> None:
    """Show what only a person can settle, and how."""
    found = _edits(study).conflicts
    if not found:
        out.print("No conflicts.")
    for conflict in found:
        event = f" [{conflict.event[:8]}]" if conflict.event else ""
        theme = conflict.theme_id or "passages"
        out.print(f"{theme}: {conflict.what} → {conflict.remedy}{event}", markup=False, soft_wrap=True)


app.command()(cli_proposals.changes)
app.command()(cli_proposals.accept)
app.command()(cli_proposals.reject)


@app.command("next")
def next_(
    study: Study,
    n: Annotated[
        int | None, typer.Option("-n", min=1, help="So many passages; 20, with --unsure all.", show_default=False)
    ] = None,
    unsure: Annotated[
        bool, typer.Option("--unsure", help="Those whose coding is not sure enough to count, most doubtful first.")
    ] = False,
) -> None:
    """Show passages that a person should code next, for the coder to learn most from. Prints redacted words."""
    from pipeline import deduction
    from pipeline.codebook import located
    from pipeline.store import Run
    from pipeline.tables import records

    run = Run.open(study)
    codings, passages = run.read("codings"), run.read("passages")
    if codings.empty:
        out.print("Nothing to code: give a code a definition first (quotebank codebook add or define), then run.")
        return
    texts = dict(zip(passages["passage_id"], passages["text"], strict=True))
    free = set(passages.loc[passages["review"] == "", "passage_id"])
    decided = located(_edits(study).state, passages).human_codings  # also since that run
    left = codings[~codings["passage_id"].isin(list(decided))]
    doubtful = deduction.unsure(left)
    teaching = left[(left["next"] > 0) & left["passage_id"].isin(free)]
    teaching = teaching.sort_values(["next", "probability"], ascending=[True, False])
    shown = list((doubtful if unsure else teaching).groupby("passage_id", sort=False))
    for passage, rows in shown[: n or (None if unsure else 20)]:
        guesses = ", ".join(f"{row['theme_id']} {row['probability']:.0%}" for row in records(rows))
        words = texts[passage] if passage in free else f"(held: quotebank review export {study})"
        out.print(f"{passage}  {guesses}\n  {words}", markup=False, soft_wrap=True)
    n_unsure = doubtful["passage_id"].nunique()
    told = f"{n_unsure} passage(s) have no code with a confidence of {deduction.SURE:.0%} or more"
    command = "." if unsure or not n_unsure else f": quotebank codebook next {study} --unsure"
    out.print(f"{told}{command}", markup=False, soft_wrap=True)
    out.print(f"Next: quotebank codebook code {study} --help", markup=False, soft_wrap=True)


# ── themes ──────────────────────────────────────────────────────────────────────────────────────────────────────


@app.command()
def rename(study: Study, theme: Theme, label: str, role: Role = "analyst") -> None:
    """Give a theme a label that no later run changes."""
    edits = _edits(study, role)
    theme = edits.find(theme)
    edits.rename(theme, label)
    _done(study, edits, f"{theme} is renamed.")


Definition = Annotated[str | None, typer.Option(help="What belongs to it, for coders.")]
Description = Annotated[str | None, typer.Option(help="One line for readers.")]
Include = Annotated[list[str] | None, typer.Option(help="When to include a passage; may be repeated.")]
Exclude = Annotated[list[str] | None, typer.Option(help="When not to; may be repeated.")]
Seed = Annotated[list[str] | None, typer.Option(help="A phrase that stands for it; may be repeated.")]
Example = Annotated[list[str] | None, typer.Option(help="An example, or a passage id; may be repeated.")]
Parent = Annotated[str | None, typer.Option(help="The theme it is a part of.")]


@app.command()
def define(
    study: Study,
    theme: Theme,
    definition: Definition = None,
    description: Description = None,
    include: Include = None,
    exclude: Exclude = None,
    seed: Seed = None,
    example: Example = None,
    parent: Parent = None,
    role: Role = "analyst",
) -> None:
    """Say what belongs to a theme. What is left out stays as it is; "" takes it away."""
    edits = _edits(study, role)
    theme = edits.find(theme)
    edits.define(
        theme,
        definition=definition,
        description=description,
        include=include or None,
        exclude=exclude or None,
        seeds=seed or None,
        examples=example or None,
        parent=edits.find(parent) if parent else parent,
    )
    _done(study, edits, f"{theme} is defined.")


@app.command()
def add(
    study: Study,
    label: str,
    definition: Definition = None,
    description: Description = None,
    include: Include = None,
    exclude: Exclude = None,
    seed: Seed = None,
    example: Example = None,
    parent: Parent = None,
    role: Role = "analyst",
) -> None:
    """Make a theme, before or after there are any data."""
    edits = _edits(study, role)
    theme = edits.add(
        label,
        definition=definition,
        description=description,
        include=include or None,
        exclude=exclude or None,
        seeds=seed or None,
        examples=example or None,
        parent=edits.find(parent) if parent else parent,
    )
    _done(study, edits, f"{theme} is added.")


@app.command()
def merge(study: Study, theme: Theme, into: Theme, role: Role = "analyst") -> None:
    """Put all passages of a theme into another; the old id stays an alias."""
    edits = _edits(study, role)
    theme, into = edits.find(theme), edits.find(into)
    edits.merge(theme, into)
    _done(study, edits, f"{theme} is merged into {into}.")


@app.command()
def split(
    study: Study,
    theme: Theme,
    phrase: Annotated[str, typer.Option(help="Take out the passages nearer to this than to the rest.")] = "",
    parts: Annotated[int | None, typer.Option(min=2, help="So many clusters, the largest of which stays.")] = None,
    passage: Annotated[list[str] | None, typer.Option(help="Take out just these; may be repeated.")] = None,
    label: Annotated[list[str] | None, typer.Option(help="Of each new theme; may be repeated.")] = None,
    role: Role = "analyst",
) -> None:
    """Take parts of a theme out into new themes: by clusters, by a phrase, or by naming passages."""
    edits = _edits(study, role)
    theme = edits.find(theme)
    new = edits.split(theme, phrase=phrase, n_parts=parts, passages=passage or None, labels=label or ())
    called = {code.id: code.label for code in edits.codebook.themes}
    sizes = ", ".join(f"{made} “{called[made]}” ({len(edits.members(made))})" for made in new)
    _done(study, edits, f"{theme} is split: {sizes}; {len(edits.members(theme))} passage(s) stay.")
    if parts and len(new) + 1 != parts:
        out.print(f"It comes apart into {len(new) + 1}, not into {parts}.", markup=False)


@app.command()
def retire(study: Study, theme: Theme, role: Role = "analyst") -> None:
    """End a theme for good; its passages become unassigned."""
    edits = _edits(study, role)
    theme = edits.find(theme)
    edits.retire(theme)
    _done(study, edits, f"{theme} is retired.")


@app.command("set-aside")
def set_aside(study: Study, theme: Theme, role: Role = "analyst") -> None:
    """Leave a theme out of the quote bank; its passages become unassigned."""
    edits = _edits(study, role)
    theme = edits.find(theme)
    edits.set_aside(theme)
    _done(study, edits, f"{theme} is set aside.")


@app.command()
def restore(study: Study, theme: Theme, role: Role = "analyst") -> None:
    """End whatever merged a theme, set it aside or retired it."""
    edits = _edits(study, role)
    theme = edits.find(theme)
    edits.restore(theme)
    _done(study, edits, f"{theme} is restored.")


# ── passages ────────────────────────────────────────────────────────────────────────────────────────────────────


@app.command()
def move(
    study: Study,
    passages: Passages,
    to: Annotated[str, typer.Option(help="The theme to put them into; none if left out.")] = "",
    origin: Annotated[str, typer.Option("--from", help="Leave their other themes as they are.")] = "",
    role: Role = "analyst",
) -> None:
    """Put passages into a theme, or out of all themes."""
    edits = _edits(study, role)
    to, origin = (edits.find(theme) if theme else "" for theme in (to, origin))
    edits.move(passages, to, origin)
    _done(study, edits, f"{len(passages)} passage(s) are moved {f'to {to}' if to else 'out of all themes'}.")


@app.command()
def code(
    study: Study,
    passages: Passages,
    theme: Annotated[
        list[str] | None, typer.Option(help="A theme they have; may be repeated. Left out: none of the codes.")
    ] = None,
    role: Role = "analyst",
) -> None:
    """Say exactly which themes passages have, the main one first."""
    edits = _edits(study, role)
    themes = [edits.find(name) for name in theme or ()]
    edits.code(passages, themes)
    what = ", ".join(themes) or "none of the codes"
    _done(study, edits, f"{len(passages)} passage(s) are coded with {what}.")


Pinned = Annotated[list[str], typer.Argument(help="A theme's id or label, or with quote the ids of passages.")]


@app.command()
def pin(
    study: Study,
    what: Annotated[str, typer.Argument(help="label, membership or quote.")],
    ids: Pinned,
    role: Role = "analyst",
) -> None:
    """Keep a label or a theme's passages from the machine, or have passages quoted."""
    _pin(study, what, ids, role, "pin")


@app.command()
def unpin(
    study: Study,
    what: Annotated[str, typer.Argument(help="label, membership or quote.")],
    ids: Pinned,
    role: Role = "analyst",
) -> None:
    """Take a pin away again."""
    _pin(study, what, ids, role, "unpin")


def _pin(study: Path, what: str, ids: list[str], role: str, verb: str) -> None:
    from pipeline.errors import ConfigError, Problem

    edits = _edits(study, role)
    if what == "quote":
        (edits.pin_quote if verb == "pin" else edits.unpin_quote)(ids)
    elif what == "label" or what == "membership":
        for theme in map(edits.find, ids):
            (edits.pin if verb == "pin" else edits.unpin)(theme, what)
    else:
        raise ConfigError(Problem(what, "cannot be pinned", "label, membership or quote"))
    _done(study, edits, f"{what} is {verb}ned: {len(ids)}.")


# ── the log itself, and codes from elsewhere ────────────────────────────────────────────────────────────────────


@app.command()
def undo(study: Study, event: Annotated[str, typer.Argument(help="As log shows it.")], role: Role = "analyst") -> None:
    """Take a decision back; an undo, too."""
    edits = _edits(study, role)
    edits.undo(event)
    _done(study, edits, f"{event} is undone.")


@app.command()
def settle(
    study: Study, event: Annotated[str, typer.Argument(help="As conflicts shows it.")], role: Role = "analyst"
) -> None:
    """Note that somebody has seen a decision's conflicts, and leaves things as they are."""
    edits = _edits(study, role)
    edits.settle(event)
    _done(study, edits, f"Conflicts about {event} are settled.")


@app.command("import")
def import_(
    study: Study,
    source: Annotated[
        Path, typer.Argument(help="Another study, its codebook.yaml, or a .qdc file.", show_default=False)
    ],
    role: Role = "analyst",
) -> None:
    """Add the codes of another codebook, and say what became of each."""
    from pipeline.codebook.importing import codes_of
    from pipeline.codebook.refi import read_refi

    edits = _edits(study, role)
    is_refi = source.suffix.lower() == ".qdc"
    codes, notes = read_refi(source) if is_refi else (codes_of(source), [])
    table = _table("there", "here", "what became of it")
    for arrived in edits.import_codes(codes, "refi-qda" if is_refi else "codebook"):
        _row(table, arrived.was, arrived.theme_id, arrived.what)
    out.print(table)
    for note in notes:
        out.print(note, markup=False, soft_wrap=True)
    out.print(f"Next: quotebank codebook show {study}", markup=False, soft_wrap=True)
