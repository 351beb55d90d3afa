"""A study seen from further off: headings in place of the themes under them."""

from dataclasses import replace

import pandas as pd

from pipeline.frames import StudyFrames


def by_heading(frames: StudyFrames) -> StudyFrames:
    """The same frames with a heading in place of the themes that stand under it.

    Whoever mentions several of these themes mentions the heading once, and so does a passage. Its id is its first
    theme's with H for T. A theme that a heading is called after stands under it, too; one without a heading stands for
    itself. `themes`, `mentions` and `n_themes` of `people` change; `codings` and `quotes` stay what they are.
    """
    of_theme = frames.themes.set_index("theme_id")["heading"].astype("str")
    labels = frames.themes.set_index("theme_id")["label"]
    of_theme = of_theme.mask(labels.isin(set(of_theme) - {""}), labels)
    headed = of_theme[of_theme != ""]
    first = {heading: min(rows.index) for heading, rows in headed.groupby(headed)}
    ids = {theme: f"H{first[heading].removeprefix('T')}" for theme, heading in headed.items()}
    names = dict(labels) | dict(headed)
    said = frames.mentions.assign(
        theme_id=frames.mentions["theme_id"].map(lambda theme: ids.get(theme, theme)).astype("str"),
        theme=frames.mentions["theme_id"].map(names).astype("str"),
    )
    said = said.drop_duplicates(["passage_id", "theme_id"], ignore_index=True)  # the main one comes first
    n_themes = said.groupby("contributor_id")["theme_id"].nunique()
    people = frames.people.assign(n_themes=frames.people["contributor_id"].map(n_themes).fillna(0).astype("int64"))
    return replace(frames, people=people, themes=_themes(frames.themes, ids, names, said), mentions=said)


def _themes(themes: pd.DataFrame, ids: dict[str, str], names: dict[str, str], said: pd.DataFrame) -> pd.DataFrame:
    """The columns of `themes`; of a heading, nothing is said but its name and how many mention it."""
    table = themes.assign(label=themes["theme_id"].map(names), theme_id=themes["theme_id"].map(lambda t: ids.get(t, t)))
    is_heading = table["theme_id"].isin(set(ids.values()))
    for column in {"keywords", "description", "heading"} & set(table.columns):
        table[column] = table[column].mask(is_heading, "")
    table = table.drop_duplicates("theme_id")
    counted = said.groupby("theme_id").agg(
        n_passages=("passage_id", "nunique"), n_contributors=("contributor_id", "nunique")
    )
    for column in counted.columns:
        table[column] = table["theme_id"].map(counted[column]).fillna(0).astype("int64")
    return table.sort_values(
        ["n_contributors", "n_passages", "theme_id"], ascending=[False, False, True], ignore_index=True
    )
