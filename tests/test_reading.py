"""What methods.md says of a whole run: saturation, agreement, and the rule for names. The real stages, without models."""

import re
from dataclasses import replace

from pipeline.agreement.codings import Coding, State, record_codings, record_sample
from pipeline.agreement.sampling import draw
from pipeline.reading import agreement_facts, facts
from pipeline.steps import plan, run_study
from pipeline.store import Run
from pipeline.study import Study


def methods(run: Run) -> str:
    return (run.folder / "draft" / "methods.md").read_text("utf-8")


def test_a_run_says_how_saturated_it_is_and_that_nobody_coded_twice(finished: Study) -> None:
    run = plan(finished).run
    assert "No double-coding was done" in methods(run) and agreement_facts(run) == {}
    found = facts(finished, run)["saturation"]
    people, themes, new = zip(*found["curve"], strict=True)
    assert people == (2, 5, 12, 24, 48)
    assert themes[-1] == run.read("coded_themes")["theme_id"].nunique() == 6
    assert list(themes) == sorted(themes) and list(new) == sorted(new, reverse=True)
    assert f"| 48 | 6.0 | {new[-1]:.2f} |" in methods(run) and found["reading"] in methods(run)
    careful = finished.model_copy(update={"disclosure": finished.disclosure.model_copy(update={"min_group": 49})})
    assert facts(careful, run)["saturation"] == {"reading": "Too few people to say.", "curve": []}


def test_codings_renew_the_draft_and_nothing_before_it(finished: Study) -> None:
    run = plan(finished).run
    passages, assigned = run.read("passages"), run.read("coded_assignments")
    theme = dict(zip(assigned["passage_id"], assigned["theme_id"], strict=True))
    sample = draw(passages, assigned, {}, sorted(set(theme.values())), 20, ("A", "B"), 7)
    record_sample(finished.root, sample)
    said = [
        Coding(sample.sample_id, "A", one.passage_id, one.text_hash, State.CODED, (theme[one.passage_id],))
        for one in sample.drawn
    ]
    record_codings(finished.root, said)
    assert agreement_facts(run)["by_two"] == 0
    record_codings(finished.root, [replace(one, coder="B") for one in said[:-2]])
    record_codings(finished.root, [replace(one, coder="B", themes=()) for one in said[-2:]])
    assert plan(finished, "quotes").finished and not plan(finished).finished
    again = run_study(finished)
    assert again.run_id == run.run_id and plan(finished).finished
    assert "20 passages were coded by two people or more" in methods(again)
    assert "| A and B | 90% (" in methods(again) and re.search(r"people would put 9\d% \(", methods(again))


def test_the_rule_for_names_is_told_as_it_was_applied(finished: Study) -> None:
    run = plan(finished).run
    assert "only words that at least 3 people used" in methods(run)
    path = finished.root / "study.yaml"
    path.write_text(path.read_text("utf-8").replace("'No': non_attributable", "'No': attributable"), "utf-8")
    named = run_study(Study.load(finished.root))
    assert "even if only one person used them" in methods(named)
