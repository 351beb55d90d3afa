"""Where passages were in the run before."""

import pandas as pd

from pipeline.deduction import with_codings
from pipeline.tables import EARLIER, conform


def earlier_of(
    themes: pd.DataFrame,
    ideas: pd.DataFrame,
    assignments: pd.DataFrame,
    codings: pd.DataFrame,
    passages: pd.DataFrame,
    changes: pd.DataFrame,
) -> pd.DataFrame:
    """EARLIER from tables of the run before: its themes as the machine and definitions found them, so that today's
    decisions can be applied to them.

    Args:
        themes: CODED_THEMES, or THEMES if it did not come as far as its codebook.
        ideas: IDEAS.
        assignments: ASSIGNMENTS.
        codings: CODINGS.
        passages: PASSAGES.
        changes: CHANGES.
    """
    if passages.empty:
        return EARLIER.empty()
    who = dict(zip(passages["passage_id"], passages["contributor_id"], strict=True))
    called = dict(zip(themes["theme_id"], themes["label"], strict=True))
    waiting = set(ideas.loc[ideas["theme_id"] == "", "passage_id"])
    found = with_codings(assignments, codings)
    told = found.assign(
        contributor_id=found["passage_id"].map(who),
        waits=found["passage_id"].isin(waiting),
        label=found["theme_id"].map(called).fillna(""),
        proposed=found["theme_id"].isin(changes.loc[changes["proposed"], "theme_id"]),
    )
    return conform(told, EARLIER)
