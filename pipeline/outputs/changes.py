"""changes.md: what became of each theme since the run before, and what the machine would change if it were let."""

from collections.abc import Mapping

import pandas as pd

from pipeline.outputs.text import counted, draft_notice, markdown
from pipeline.tables import records

_WORDS = {"new": "New", "gone": "No longer found", "grown": "Grown", "shrunk": "Shrunk", "renamed": "Renamed"}
_JOINED = {
    "passages_new": "new",
    "passages_waited": "that had waited",
    "passages_moved": "from other themes",
    "passages_left": "left",
}
_QUOTED = {"new", "grown", "renamed"}
_LONGEST = 300  # characters of an example


def has_news(changes: pd.DataFrame, counts: Mapping[str, int]) -> bool:
    """False for a first run, in which everything is new, and where all themes went on as they were."""
    kinds = set(changes["change"])
    went = any(changes[f"passages_{how}"].any() for how in ("new", "waited", "moved", "left", "out"))
    return not kinds <= {"new"} and (kinds != {"kept"} or went or counts.get("new_ideas", 0) > 0)


def changes_bytes(
    changes: pd.DataFrame,
    labels: Mapping[str, str],
    passages: Mapping[str, str],
    counts: Mapping[str, int],
    foreign: str = "",
) -> bytes:
    """The page in UTF-8.

    Args:
        changes: CHANGES of a run.
        labels: theme id → what it is called.
        passages: passage id → redacted text, of passages that may be shown; others are left out of the examples.
        counts: new_ideas, joined_ideas (had waited), waiting_ideas and waiting_new_ideas (of these) of the run.
        foreign: how well the themes known before fit what is new, in words.
    """
    rows = records(changes)
    sections = [f"# What changed about the themes\n\n**{draft_notice('Draft')}**", _summary(rows, counts)]
    sections += [foreign] if foreign else []
    for change, title in _WORDS.items():
        own = [row for row in rows if row["change"] == change]
        entries = [_entry(row, labels, passages) for row in own if change != "new" or not row["proposed"]]
        sections += [f"## {title}\n\n" + "\n\n".join(entries)] if entries else []
    barred = [_barred(row, labels, passages) for row in rows if row["passages_out"]]
    if barred:
        why = "New passages most like a theme in which people said they may not be; only people can say otherwise."
        sections.append("\n\n".join(["## Kept out by a decision", why, *barred]))
    found = [_found(row, labels, passages) for row in rows if row["proposed"]]
    sizes = {str(row["theme_id"]): _size_of(row) for row in rows if row["change"] not in ("split", "merge")}
    others = [_proposal(row, labels, passages, sizes) for row in rows if row["change"] in ("split", "merge")]
    if found or others:
        asks = "A person decides. The next run does what is accepted; what is rejected is not proposed again."
        sections.append("\n\n".join(["## Proposed", asks]))
    if found:
        stays = "Their passages fit no theme of before. They are in the bank unless they are rejected."
        sections.append("\n\n".join(["### New themes", stays, *found]))
    if others:
        undone = "Nothing of this was done: a fresh look at all passages would do it."
        sections.append("\n\n".join(["### Splits and merges", undone, *others]))
    return ("\n\n".join(sections) + "\n").encode()


def _summary(rows: list[dict[str, object]], counts: Mapping[str, int]) -> str:
    kept = sum(row["change"] in ("kept", "grown", "shrunk", "renamed") for row in rows)
    moved, left = (sum(int(str(row[f"passages_{how}"])) for row in rows) for how in ("moved", "left"))
    went = [f"{counted(moved, 'passage', 'passages')} moved between them"] if moved else []
    went += [f"{left:,} left a theme"] if left else []
    held = " and ".join(went) or "passages that had a theme kept it"
    parts = [f"{counted(kept, 'theme', 'themes')} went on; {held}."]
    new, waiting = counts.get("new_ideas", 0), counts.get("waiting_ideas", 0)
    waiting_new = counts.get("waiting_new_ideas", 0)
    if new:
        parts.append(f"{counted(new, 'idea was', 'ideas were')} new{_waiting_of(waiting_new)}.")
    if joined := counts.get("joined_ideas", 0):
        parts.append(f"{counted(joined, 'idea', 'ideas')} that had waited joined a theme.")
    if waiting > waiting_new:
        fits = counted(waiting - waiting_new, "idea of before", "ideas of before")
        parts.append(f"{fits} still {'waits' if waiting - waiting_new == 1 else 'wait'} for more of the kind.")
    return " ".join(parts)


def _waiting_of(n: int) -> str:
    return f", {n:,} of which {'fits' if n == 1 else 'fit'} no theme and {'waits' if n == 1 else 'wait'}" if n else ""


def joined(row: Mapping[str, object]) -> str:
    """What joined and left a theme, in words, of a row of CHANGES: "12 new, 3 that had waited"; "" for nothing."""
    return ", ".join(f"{n} {said}" for name, said in _JOINED.items() if (n := row[name]))


def _entry(row: Mapping[str, object], labels: Mapping[str, str], passages: Mapping[str, str]) -> str:
    was = f", was “{markdown(str(row['detail']))}”" if row["change"] == "renamed" else ""
    sizes = (f"{unit} {row[f'{unit}_before']} → {row[f'{unit}_after']}" for unit in ("people", "passages"))
    line = f"**{_name(str(row['theme_id']), labels)}**{was}: {', '.join(sizes)}"
    line += f" ({what})" if (what := joined(row)) else ""
    is_quoted = row["change"] in _QUOTED and not row["passages_out"]  # whose examples are of what was kept out
    return "\n".join([line, *_examples(str(row["examples"]), passages)]) if is_quoted else line


def _barred(row: Mapping[str, object], labels: Mapping[str, str], passages: Mapping[str, str]) -> str:
    how = f"which was {row['detail']}" if row["change"] == "ended" else "whose passages are pinned"
    n = int(str(row["passages_out"]))
    are = counted(n, "new passage is", "new passages are")
    return "\n".join(
        [f"**{_name(str(row['theme_id']), labels)}**, {how}: {are} like it", *_examples(str(row["examples"]), passages)]
    )


def _found(row: Mapping[str, object], labels: Mapping[str, str], passages: Mapping[str, str]) -> str:
    theme, said = str(row["theme_id"]), _size_of(row)
    waits = "" if row["change"] == "new" else ", found in an earlier run"
    lines = [f"**New: {_name(theme, labels)}**{waits}: {said}", *_examples(str(row["examples"]), passages)]
    return "\n".join([*lines, "", *_commands(f"new {theme}")])


def _size_of(row: Mapping[str, object]) -> str:
    passages, people = int(str(row["passages_after"])), int(str(row["people_after"]))
    return f"{counted(passages, 'passage', 'passages')} of {counted(people, 'person', 'people')}"


def _commands(proposal: str) -> list[str]:
    return [f"    quotebank codebook {verb} STUDY {proposal}" for verb in ("accept", "reject")]


def _proposal(
    row: Mapping[str, object], labels: Mapping[str, str], passages: Mapping[str, str], sizes: Mapping[str, str]
) -> str:
    themes, parts = [str(row["theme_id"]), *str(row["related"]).split(",")], str(row["examples"]).split("|")
    if row["change"] == "split":
        themes = themes[:1]
        lines = [f"**Split {_name(themes[0], labels)}** ({_size_of(row)}): it speaks of {len(parts)} things."]
        names = [f"{n} passages, such as" for n in str(row["detail"]).split("|")]
    else:
        names = [_name(theme, labels) for theme in themes]
        lines = [f"**Merge {' and '.join(names)}**: a fresh look sees one theme."]
        names = [
            f"{name}, {sizes[theme]}" if theme in sizes else name for name, theme in zip(names, themes, strict=True)
        ]
    for name, part in zip(names, parts, strict=True):
        lines += [f"\n{name}", *_examples(part, passages)]
    return "\n".join([*lines, "", *_commands(f"{row['change']} {' '.join(themes)}")])


def _examples(ids: str, passages: Mapping[str, str]) -> list[str]:
    shown = dict.fromkeys(_cut(passages[passage]) for passage in ids.split(",") if passage in passages)
    return [f"- “{markdown(text)}”" for text in shown]


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0] + " …"


def _name(theme: str, labels: Mapping[str, str]) -> str:
    label = labels.get(theme, "")
    return f"{markdown(label)} ({theme})" if label else theme
