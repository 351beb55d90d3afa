"""The command line as a person meets it: quick, clear, and with an exit code for each kind of trouble."""

import json
import resource
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from pipeline.steps import run_study
from pipeline.study import Study
from pipeline.themes import Found
from tests import quick
from tests.helpers import guard


def cpu_of_children() -> float:
    """Seconds of processor time: unlike the clock's, they do not depend on what else the machine does."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_help_answers_at_once_and_imports_nothing_heavy(tmp_path: Path) -> None:
    quickest = 9.0
    for _ in range(3):
        started = cpu_of_children()
        ran = guard.run("--help", home=tmp_path)
        quickest = min(quickest, cpu_of_children() - started)
        assert ran.code == 0
    for command in ("init", "check", "run", "status", "review", "agreement", "redact", "evaluate"):
        assert command in ran.out
        assert guard.run(command, "--help", home=tmp_path).code == 0
    assert quickest < 0.5


CASES = [
    # what is done to the study, the command, the exit code, words of the message
    (lambda s: (s / "study.yaml").unlink(), ["check"], 10, "no study.yaml here"),
    (lambda s: edit(s, "kind: survey", "kind: servey"), ["check"], 10, "[sources.0.kind]"),
    (lambda s: edit(s, "consent: Consent", "consent: Agreement"), ["check"], 11, "no such column"),
    (lambda s: (s / "sources" / "answers.csv").unlink(), ["check"], 11, "[sources.answers.files]"),
    (lambda s: (s / "sources" / "answers.csv").unlink(), ["run"], 11, "[sources.answers.files]"),
    (lambda s: edit(s, "'No'", "'Nope'"), ["check"], 12, "consent"),
    (lambda s: edit(s, "'No'", "'Nope'"), ["run"], 12, "consent"),
    (lambda s: None, ["status"], 13, "has not been run yet"),
    (lambda s: None, ["run", "--until", "paint"], 10, "is not a stage"),
    (lambda s: edit(s, "themes: {", "embedding: {model: nowhere-model}\nthemes: {"), ["run"], 14, "model"),
]


def edit(study: Path, old: str, new: str) -> None:
    path = study / "study.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


@pytest.mark.prefect
@pytest.mark.parametrize(("spoil", "command", "code", "words"), CASES, ids=[f"{c[1][0]} {c[3]}" for c in CASES])
def test_each_mistake_ends_in_one_line_and_its_own_code(
    small_study: Path, tmp_path: Path, spoil, command, code: int, words: str
) -> None:
    spoil(small_study)
    ran = guard.run(command[0], str(small_study), *command[1:], home=tmp_path / "home")
    assert (ran.code, "Traceback" in ran.err) == (code, False), ran.err
    assert words in ran.err
    assert all(len(line) < 400 for line in ran.err.splitlines())


def test_check_computes_nothing(small_study: Path, tmp_path: Path) -> None:
    before = sorted(small_study.rglob("*"))
    ran = guard.run("check", str(small_study), home=tmp_path / "home")
    assert (ran.code, "no problem found" in ran.out) == (0, True), ran.err
    assert sorted(small_study.rglob("*")) == before


def test_check_names_rows_and_never_what_they_say(small_study: Path, tmp_path: Path) -> None:
    answers = small_study / "sources" / "answers.csv"
    answers.write_text(
        answers.read_text("utf-8") + "77,canary wording,Police officer,canary answer here\n77,No,,other\n", "utf-8"
    )
    ran = guard.run("check", str(small_study), home=tmp_path / "home")
    assert ran.code == 0
    assert "canary" not in ran.out + ran.err
    assert "row 50: a consent wording that study.yaml does not list" in ran.err
    assert "rows 50 and 51: the same respondent" in ran.err


def test_names_in_brackets_are_printed_as_they_stand(small_study: Path, tmp_path: Path) -> None:
    answers = small_study / "sources" / "answers.csv"
    answers.write_text(answers.read_text("utf-8") + "77,eh,Police officer,An answer here.\n", "utf-8")
    answers.rename(answers.with_name("answers [bold].csv"))
    edit(small_study, "sources/answers.csv", "sources/*.csv")
    ran = guard.run("check", str(small_study), home=tmp_path / "home")
    assert ran.code == 0 and "answers [bold].csv" in ran.err, ran.err


def test_init_makes_a_study_that_loads_and_overwrites_nothing(tmp_path: Path) -> None:
    ran = guard.run("init", str(tmp_path / "new"), home=tmp_path / "home")
    assert ran.code == 0 and "quotebank check" in ran.out
    assert Study.load(tmp_path / "new").study == "new"
    again = guard.run("init", str(tmp_path / "new"), home=tmp_path / "home")
    assert again.code == 10 and "holds a study already" in again.err


def test_init_from_an_export_proposes_a_study_that_checks(sample_sources: Path, tmp_path: Path) -> None:
    for name in ("officers_and_staff.xlsx", "partners.csv"):
        folder = tmp_path / name.split(".")[0]
        ran = guard.run("init", str(folder), "--from", str(sample_sources / name), home=tmp_path / "home")
        assert ran.code == 0, ran.err
        study = Study.load(folder)
        source = study.sources[0]
        assert source.columns.consent == "May we associate you with your remarks?"
        assert len(source.questions) == 3
        assert source.columns.email and source.columns.organisation and source.columns.role and source.columns.group
        meanings = set(study.consent.wording.values())
        assert {"attributable", "role_only", "non_attributable"} <= meanings
        checked = guard.run("check", str(folder), home=tmp_path / "home")
        assert checked.code == 0, checked.err
        assert "does not list" in checked.err  # the odd consent wordings are left for a person


@pytest.fixture
def sample_sources() -> Path:
    return guard.ROOT / "data" / "sample" / "sources"


@pytest.mark.models
def test_redact_adds_to_each_line_what_it_found(tmp_path: Path) -> None:
    contributor = {
        "name": "Tamsin Oakhurst",
        "email": "t.oakhurst@gmp.police.example",
        "force_or_organisation": "GMP",
        "role": "PC",
        "stakeholder_group": "Police officer",
    }
    rows = [
        {
            "passage_id": "a",
            "document_id": "d",
            "text": "Ring Tamsin on 07700 900123.",
            "contributor": contributor,
            "extra": [1],
        },
        {"passage_id": "b", "document_id": "d", "text": "The form is too long.", "contributor": contributor},
        {"passage_id": "c", "text": "Nothing to do with anybody."},
    ]
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    ran = guard.run("redact", "--in", str(source), "--out", str(target), home=tmp_path / "home")
    assert ran.code == 0, ran.err
    out = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
    assert [row["passage_id"] for row in out] == ["a", "b", "c"]
    assert out[0]["extra"] == [1] and out[0]["text"] == rows[0]["text"]
    assert out[0]["redacted_text"] == "Ring [person] on [phone number]."
    assert {(s["label"], rows[0]["text"][s["start"] : s["end"]]) for s in out[0]["spans"]} == {
        ("PERSON", "Tamsin"),
        ("PHONE", "07700 900123"),
    }
    assert {"start", "end", "label", "kind", "score", "source"} == set(out[0]["spans"][0])
    assert out[1]["redacted_text"] == rows[1]["text"] and out[1]["spans"] == [] and out[1]["held"] is False
    assert ran.connections == []


def test_redact_names_the_lines_it_cannot_read(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(
        '{"passage_id": "a", "text": "fine"}\n{"passage_id": "b", "text": canary}\n{"text": "canary"}\n', "utf-8"
    )
    ran = guard.run("redact", "--in", str(source), "--out", str(tmp_path / "out.jsonl"), home=tmp_path / "home")
    assert ran.code == 11
    assert "line 2" in ran.err and "line 3" in ran.err and "canary" not in ran.err
    assert not (tmp_path / "out.jsonl").exists()


def test_the_public_surface_is_small_and_whole() -> None:
    import pipeline

    assert len(pipeline.__all__) <= 14
    for name in pipeline.__all__:
        assert getattr(pipeline, name).__doc__, name
    with pytest.raises(AttributeError):
        pipeline.nothing_of_that_name  # noqa: B018


def test_the_scaffold_is_valid_yaml_of_about_thirty_lines(tmp_path: Path) -> None:
    from pipeline.scaffold import scaffold

    scaffold(tmp_path / "s")
    assert isinstance(yaml.safe_load((tmp_path / "s" / "study.yaml").read_text("utf-8")), dict)


def said_by_run(root: Path, command: str = "run") -> str:
    """What `quotebank run`, or another command, prints of a study that is run already; it starts no server then."""
    from typer.testing import CliRunner

    from pipeline.cli import app

    ran = CliRunner().invoke(app, [command, str(root)])
    assert ran.exit_code == 0, ran.output
    return " ".join(ran.output.split())


def test_run_ends_with_where_the_bank_is_and_what_changed(small_study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quick.without_models(monkeypatch)
    draft = run_study(Study.load(small_study)).folder / "draft"
    assert said_by_run(small_study).endswith(f"{draft / 'quote_bank.html'}"), "in a first run nothing changed"
    answers = small_study / "sources" / "answers.csv"
    answers.write_text(answers.read_text("utf-8").replace("Training was", "Nobody told", 3), "utf-8")
    draft = run_study(Study.load(small_study)).folder / "draft"
    assert said_by_run(small_study).endswith(f"{draft / 'quote_bank.html'} What changed: {draft / 'changes.md'}")


def test_run_notes_two_files_of_one_name(small_study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quick.without_models(monkeypatch)
    edit(small_study, "sources/answers.csv", "sources/answers.*")
    run_study(Study.load(small_study))
    assert "Please look" not in said_by_run(small_study)
    twin = small_study / "sources" / "answers.txt"
    twin.write_text((small_study / "sources" / "answers.csv").read_text("utf-8") + "99,No,,Another.\n", "utf-8")
    run_study(Study.load(small_study))
    assert "Please look: sources/answers.csv and sources/answers.txt: have one name" in said_by_run(small_study)


def test_run_and_methods_tell_what_came_of_asking_an_endpoint(
    small_study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick.without_models(monkeypatch)
    counts = {"namer_unreachable": 3, "namer_not_asked": 2, "namer_proposed": 1}

    def asking(passages: pd.DataFrame, vectors: np.ndarray, **told: Any) -> Found:
        return replace(quick.find_by_first_words(passages, vectors, **told), counts=counts)

    monkeypatch.setattr("pipeline.themes.find_themes", asking)
    draft = run_study(Study.load(small_study)).folder / "draft"
    told = ("1 taken over", "3 not given, because nobody listens there", "2 not asked for any more, after three")
    assert f"Names asked of the endpoint {told[0]} {told[1]} {told[2]}" in said_by_run(small_study)
    assert f"Its names: {told[0]}; {told[1]}; {told[2]}" in (draft / "methods.md").read_text("utf-8")


@pytest.mark.parametrize("command", ["status", "run"])
def test_a_changed_audit_log_is_named(small_study: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    quick.without_models(monkeypatch)
    run = run_study(Study.load(small_study))
    assert "was changed" not in said_by_run(small_study, command)
    log = run.folder / "audit.jsonl"
    first, *rest = log.read_text("utf-8").splitlines(keepends=True)
    log.write_text("".join([first.replace('"stage": "ingest"', '"stage": "indigest"'), *rest]), "utf-8")
    said = said_by_run(small_study, command)
    assert f"Please look: the log of run {run.run_id} was changed: audit.jsonl, line 1 does not follow" in said
