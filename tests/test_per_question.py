"""A study that asks for themes per question, run after run. What is found is in themes/test_questions.py."""

from typing import Any

from pipeline.steps import run_study
from pipeline.store import canonical_hash
from pipeline.study import Study
from tests import quick
from tests.helpers.files import edit


def test_themes_per_question_are_found_anew_and_then_hold_still(finished: Study) -> None:
    def told_after(old: str, new: str) -> dict[str, Any]:
        edit(finished.root / "study.yaml", old, new)
        run_study(Study.load(finished.root))
        return quick.CALLS[-1][1]

    assert told_after("themes: {", "themes: {per: question, ")["past"].refit
    edit(finished.root / "sources" / "answers.csv", "radios", "radio sets")
    assert not told_after("title: A small", "title: The small")["past"].refit
    assert told_after("themes: {per: question, ", "themes: {")["past"].refit


def test_a_study_from_before_there_was_a_choice_is_not_themed_anew(study: Study) -> None:
    settings = study.themes.model_dump(
        mode="json", include={"clusterer", "min_themes", "max_themes", "min_passages", "min_similarity"}
    )
    before = canonical_hash({**settings, "embedding": study.embedding.model, "seed": study.seed})
    assert (run_study(study).entry("themes") or {})["made_with"] == before
