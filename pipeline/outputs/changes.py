"""changes.md: what became of each theme since the run before, and what the machine would change if it were let."""

from collections.abc import Collection, Mapping

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


def unjudged(changes: pd.DataFrame, judged: Collection[tuple[str, frozenset[str]]]) -> pd.DataFrame:
    """CHANGES without the proposals that a person has accepted or rejected: nobody is asked twice.

    Args:
        judged: "split" or "merge", and the themes it was about.
    """
    asked = [
        (row["change"], frozenset([row["theme_id"], *row["related"].split(",")]) - {""}) not in judged
        for row in records(changes)
    ]
    return changes[asked]


def has_news(changes: pd.DataFrame, counts: Mapping[str, int]) -> bool:
    """False for a first run, in which everything is new, and where all themes went on as they were."""
    kinds = set(changes["change"])
    went = any(changes[f"passages_{how}"].any() for how in ("new", "waited", "moved", "left"))
    return not kinds <= {"new"} and (kinds != {"kept"} or went or counts.get("new_ideas", 0) > 0)


def changes_bytes(
    changes: pd.DataFrame, labels: Mapping[str, str], passages: Mapping[str, str], counts: Mapping[str, int]
) -> bytes:
    """The page in UTF-8.

    Args:
        changes: CHANGES of a run.
        labels: theme id → what it is called.
        passages: passage id → redacted text, of passages that may be shown; others are left out of the examples.
        counts: new_ideas, joined_ideas (had waited) and waiting_ideas of the run.
    """
    rows = records(changes)
    sections = [f"# What changed about the themes\n\n**{draft_notice('Draft')}**", _summary(rows, counts)]
    for change, title in _WORDS.items():
        entries = [_entry(row, labels, passages) for row in rows if row["change"] == change]
        sections += [f"## {title}\n\n" + "\n\n".join(entries)] if entries else []
    proposals = [_proposal(row, labels, passages) for row in rows if row["change"] in ("split", "merge")]
    if proposals:
        asks = "Nothing of this was done: a fresh look at all passages would do it, and a person decides."
        sections.append("\n\n".join(["## Proposed", asks, *proposals]))
    return ("\n\n".join(sections) + "\n").encode()


def _summary(rows: list[dict[str, object]], counts: Mapping[str, int]) -> str:
    kept = sum(row["change"] in ("kept", "grown", "shrunk", "renamed") for row in rows)
    moved, left = (sum(int(str(row[f"passages_{how}"])) for row in rows) for how in ("moved", "left"))
    went = [f"{counted(moved, 'passage', 'passages')} moved between them"] if moved else []
    went += [f"{left:,} left a theme"] if left else []
    held = " and ".join(went) or "passages that had a theme kept it"
    parts = [f"{counted(kept, 'theme', 'themes')} went on; {held}."]
    if new := counts.get("new_ideas", 0):
        parts.append(f"{counted(new, 'idea was', 'ideas were')} new.")
    if joined := counts.get("joined_ideas", 0):
        parts.append(f"{counted(joined, 'idea', 'ideas')} that had waited joined a theme.")
    if waiting := counts.get("waiting_ideas", 0):
        fits = counted(waiting, "idea fits no theme and waits", "ideas fit no theme and wait")
        parts.append(f"{fits} until more of the kind come.")
    return " ".join(parts)


def joined(row: Mapping[str, object]) -> str:
    """What joined and left a theme, in words, of a row of CHANGES: "12 new, 3 that had waited"; "" for nothing."""
    return ", ".join(f"{n} {said}" for name, said in _JOINED.items() if (n := row[name]))


def _entry(row: Mapping[str, object], labels: Mapping[str, str], passages: Mapping[str, str]) -> str:
    was = f", was “{markdown(str(row['detail']))}”" if row["change"] == "renamed" else ""
    sizes = (f"{unit} {row[f'{unit}_before']} → {row[f'{unit}_after']}" for unit in ("people", "passages"))
    line = f"**{_name(str(row['theme_id']), labels)}**{was}: {', '.join(sizes)}"
    line += f" ({what})" if (what := joined(row)) else ""
    return "\n".join([line, *_examples(str(row["examples"]), passages)]) if row["change"] in _QUOTED else line


def _proposal(row: Mapping[str, object], labels: Mapping[str, str], passages: Mapping[str, str]) -> str:
    theme, parts = str(row["theme_id"]), str(row["examples"]).split("|")
    if row["change"] == "split":
        sizes = str(row["detail"]).split("|")
        lines = [f"**Split {_name(theme, labels)}**: it speaks of {len(parts)} things."]
        names = [f"{n} passages, such as" for n in sizes]
        commands = [f"split STUDY {theme} --parts {len(parts)}"]
    else:
        others = str(row["related"]).split(",")
        named = " and ".join(_name(other, labels) for other in [theme, *others])
        lines = [f"**Merge {named}**: a fresh look sees one theme."]
        names = [_name(other, labels) for other in [theme, *others]]
        commands = [f"merge STUDY {other} {theme}" for other in others]
    for name, part in zip(names, parts, strict=True):
        lines += [f"\n{name}", *_examples(part, passages)]
    return "\n".join([*lines, "", *(f"    quotebank codebook {command}" for command in commands)])


def _examples(ids: str, passages: Mapping[str, str]) -> list[str]:
    shown = [passages[passage] for passage in ids.split(",") if passage in passages]
    return [
        f"- “{markdown(text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(' ', 1)[0] + ' …')}”" for text in shown
    ]


def _name(theme: str, labels: Mapping[str, str]) -> str:
    label = labels.get(theme, "")
    return f"{markdown(label)} ({theme})" if label else theme
