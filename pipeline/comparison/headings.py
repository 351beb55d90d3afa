"""A study seen from further off: headings in place of the themes under them."""

from dataclasses import replace

import pandas as pd

from pipeline.frames import StudyFrames
from pipeline.tables import records


def by_heading(frames: StudyFrames) -> StudyFrames:
    """The same frames with a heading in place of the themes that stand under it.

    Whoever mentions several of these themes mentions the heading once, and so does a passage. Its id is its first
    theme's with H for T. A theme that a heading is called after stands under it, too; one without a heading stands for
    itself. `themes`, `mentions` and `n_themes` of `people` change; `codings` and `quotes` stay what they are.
    """
    ids, labels = _above(frames.themes)
    theme_of = frames.mentions["theme_id"]
    said = frames.mentions.assign(theme_id=theme_of.map(ids).astype("str"), theme=theme_of.map(labels).astype("str"))
    said = said.drop_duplicates(["passage_id", "theme_id"], ignore_index=True)  # the main one comes first
    n_themes = said.groupby("contributor_id")["theme_id"].nunique()
    people = frames.people.assign(n_themes=frames.people["contributor_id"].map(n_themes).fillna(0).astype("int64"))
    return replace(frames, people=people, themes=_themes(frames.themes, ids, labels, said), mentions=said)


def _above(themes: pd.DataFrame) -> tuple[dict[str, str], dict[str, str]]:
    """By theme id, the id and the label of what stands in its place: its heading, or itself. Where
    themes are of questions, so are headings."""
    rows = sorted(records(themes), key=lambda row: (len(row["theme_id"]), row["theme_id"]))
    headings = {(row["question_id"], row["heading"]) for row in rows if row["heading"]}
    ids: dict[str, str] = {}
    labels: dict[str, str] = {}
    first: dict[tuple[str, str], str] = {}
    for row in rows:
        theme, of = row["theme_id"], row["question_id"]
        heading = row["label"] if (of, row["label"]) in headings else row["heading"]
        ids[theme] = first.setdefault((of, heading), f"H{theme.removeprefix('T')}") if heading else theme
        labels[theme] = heading or row["label"]
    return ids, labels


def _themes(themes: pd.DataFrame, ids: dict[str, str], labels: dict[str, str], said: pd.DataFrame) -> pd.DataFrame:
    """The columns of `themes`; of a heading nothing is said but its name and how many mention it."""
    counted = {
        str(theme): (rows["passage_id"].nunique(), rows["contributor_id"].nunique())
        for theme, rows in said.groupby("theme_id")
    }
    found: dict[str, dict[str, object]] = {}
    for row in records(themes):
        theme = ids[row["theme_id"]]
        n_passages, n_contributors = counted.get(theme, (0, 0))
        silent = (
            {} if theme == row["theme_id"] else dict.fromkeys(("question_id", "keywords", "description", "heading"), "")
        )
        counts = {"n_passages": n_passages, "n_contributors": n_contributors}
        found.setdefault(theme, {**row, **silent, **counts, "theme_id": theme, "label": labels[row["theme_id"]]})
    table = pd.DataFrame(list(found.values()), columns=themes.columns)
    largest_first = ["n_contributors", "n_passages", "theme_id"]
    return table.sort_values(largest_first, ascending=[False, False, True], ignore_index=True)
