"""A run as a few small tidy tables that join on their ids: what analysts load, and what comparisons are made of.

Everything here is redacted text, opaque ids and facts about contributors that are not for publication as they stand:
`pipeline.comparison` says which numbers may be shown.
"""

from dataclasses import dataclass

import pandas as pd

from pipeline.store import Run
from pipeline.study import Attribution
from pipeline.tables import IDEAS, QUOTES


@dataclass(frozen=True)
class StudyFrames:
    """One row each a …; empty strings where something is not known, never missing values.

    people: contributor who has a passage. contributor_id, stakeholder_group, force_type, attribution, hidden (bool,
        non-attributable), wave (first they took part in), source_kinds ("survey", or several joined by " + "),
        n_passages, n_themes.
    passages: passage. passage_id, contributor_id, question_id, question (wording), wave, source_kind, text.
    themes: theme, largest first. The columns of table coded_themes.
    mentions: passage and theme it is about. passage_id, theme_id, theme (label), rank, similarity, contributor_id,
        question_id, wave. Passages of no theme have no row.
    codings: table coded_assignments as it is, passages of no theme included.
    ideas: table ideas as it is; `comparison.foreignness` says how like what was known before the new ones are.
    quotes: table quotes as it is; empty until they are chosen.
    questions: question. question_id, text.
    """

    people: pd.DataFrame
    passages: pd.DataFrame
    themes: pd.DataFrame
    mentions: pd.DataFrame
    codings: pd.DataFrame
    ideas: pd.DataFrame
    quotes: pd.DataFrame
    questions: pd.DataFrame


def study_frames(run: Run) -> StudyFrames:
    """The frames of a run that has come as far as its codebook. Raises RefusedError for one that has not."""
    return frames_of(
        **{name: run.read(name) for name in ("attributions", "passages", "questions")},
        quotes=run.read("quotes") if run.entry("quotes") else QUOTES.empty(),
        themes=run.read("coded_themes"),
        assignments=run.read("coded_assignments"),
        ideas=run.read("ideas"),
    )


def frames_of(
    *,
    attributions: pd.DataFrame,
    passages: pd.DataFrame,
    questions: pd.DataFrame,
    quotes: pd.DataFrame,
    themes: pd.DataFrame,
    assignments: pd.DataFrame,
    ideas: pd.DataFrame | None = None,
) -> StudyFrames:
    """The frames of working tables by their contracts, in the order of their ids whatever the order of their rows."""
    wordings = dict(zip(questions["question_id"], questions["text"], strict=True))
    said = passages.sort_values("passage_id", ignore_index=True)
    said["question"] = said["question_id"].map(wordings).fillna("").astype("str")
    codings = assignments if "rank" in assignments else assignments.assign(rank=1)
    labels = dict(zip(themes["theme_id"], themes["label"], strict=True))
    mentions = codings[codings["theme_id"] != ""].merge(
        said[["passage_id", "contributor_id", "question_id", "wave"]], on="passage_id", validate="many_to_one"
    )
    mentions["theme"] = mentions["theme_id"].map(labels).astype("str")
    columns = ["passage_id", "theme_id", "theme", "rank", "similarity", "contributor_id", "question_id", "wave"]
    return StudyFrames(
        people=_people(attributions, said, mentions),
        passages=said[["passage_id", "contributor_id", "question_id", "question", "wave", "source_kind", "text"]],
        themes=themes.sort_values(
            ["n_contributors", "n_passages", "theme_id"], ascending=[False, False, True], ignore_index=True
        ),
        mentions=mentions.sort_values(["passage_id", "rank", "theme_id"], ignore_index=True)[columns],
        codings=codings.sort_values(["passage_id", "rank", "theme_id"], ignore_index=True),
        ideas=IDEAS.empty() if ideas is None else ideas,
        quotes=quotes,
        questions=questions,
    )


def _people(attributions: pd.DataFrame, passages: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """Those who have a passage, with how they spoke and how much they said."""
    by_person = passages.groupby("contributor_id")
    spoke = pd.DataFrame(
        {
            "source_kinds": by_person["source_kind"].agg(lambda kinds: " + ".join(sorted(set(kinds)))),
            "n_passages": by_person.size(),
            "wave": by_person["wave"].min(),
        }
    )
    n_themes = mentions.groupby("contributor_id")["theme_id"].nunique()
    spoke["n_themes"] = n_themes.reindex(spoke.index, fill_value=0)
    people = attributions.drop(columns="wave").merge(spoke.reset_index(), on="contributor_id")
    people["hidden"] = people["attribution"] == Attribution.NON_ATTRIBUTABLE
    columns = ["contributor_id", "stakeholder_group", "force_type", "attribution", "hidden", "wave", "source_kinds"]
    people["stakeholder_group"] = people["stakeholder_group"].str.strip()
    return people.sort_values("contributor_id", ignore_index=True)[[*columns, "n_passages", "n_themes"]]


def passages_with_themes(run: Run) -> pd.DataFrame:
    """One tidy table for notebooks: every passage with its themes, question, group and source kind.

    A passage that is about several themes has a row for each, the main one first (`rank` 1).

    Returns:
        passage_id, text (redacted), theme_id, theme (empty: unassigned), rank, similarity, question, stakeholder_group,
        force_type, attribution, source_kind, contributor_id (opaque).
    """
    frames = study_frames(run)
    labels = dict(zip(frames.themes["theme_id"], frames.themes["label"], strict=True))
    table = frames.passages.merge(frames.codings, on="passage_id", validate="one_to_many")
    table["theme"] = table["theme_id"].map(labels).fillna("").astype("str")
    about = ["contributor_id", "stakeholder_group", "force_type", "attribution"]
    table = table.merge(frames.people[about], on="contributor_id", validate="many_to_one")
    shown = ["passage_id", "text", "theme_id", "theme", "rank", "similarity", "question", "stakeholder_group"]
    return table[[*shown, "force_type", "attribution", "source_kind", "contributor_id"]]
