"""What interviewers say: it is no passage, and where people only repeat it, it names no theme."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.beside import sayable
from pipeline.steps import run_study
from pipeline.study import Study
from tests import quick
from tests.helpers.files import edit


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    """A survey of six, two of whom speak of radios, and two interviews about the handover and about radios."""
    quick.without_models(monkeypatch)
    sources = tmp_path / "sources"
    sources.mkdir()
    answers = ["Radios cut out on the hill.", "The radio is too heavy.", *["My laptop is slow to start."] * 4]
    pd.DataFrame({"Answer": answers}).assign(Consent="No").to_csv(sources / "answers.csv", index=False)
    (tmp_path / "contributors.csv").write_text("file,name,consent\na.txt,Ann Ash,No\nb.txt,Bob Birk,No\n", "utf-8")
    for name, who in (("a", "Ann Ash"), ("b", "Bob Birk")):
        (sources / f"{name}.txt").write_text(
            f"Interviewer: What about the handover between shifts, {quick.SECRET}?\n"
            f"{who}: The handover between shifts is always rushed, I would say.\n"
            f"Interviewer: {'And the radios?' if name == 'a' else 'And what else is there?'}\n"
            f"{who}: Those radios are the same as they always were.\n",
            "utf-8",
        )
    (tmp_path / "study.yaml").write_text(
        "study: t\ntitle: T\nsources:\n"
        "  - id: answers\n    kind: survey\n    files: sources/*.csv\n    columns: {consent: Consent}\n"
        "    questions:\n      - {id: kit, text: 'What of your kit?', columns: [Answer]}\n"
        "  - {id: talks, kind: transcript, files: sources/*.txt, interviewers: [Interviewer]}\n"
        "contributors: contributors.csv\n"
        "consent:\n  wording: {'No': non_attributable}\n",
        "utf-8",
    )
    return Study.load(tmp_path)


def told(study: Study) -> str:
    """All wordings that may come back as no name, as the themes stage hands them over."""
    run_study(study)
    return " ".join(next(told for stage, told in reversed(quick.CALLS) if stage == "themes")["questions"].values())


def test_what_is_only_said_because_it_was_asked_names_no_theme(study: Study) -> None:
    said = told(study)
    assert "What of your kit?" in said
    assert "handover" in said and "shifts" in said
    assert "radio" not in said, "one was asked about radios, three speak of them unasked"
    assert "rushed" not in said and quick.SECRET.casefold() not in said.casefold()


def test_nor_does_it_name_what_people_make_of_themes(study: Study) -> None:
    run = run_study(study)
    asked = " ".join(sayable(study, run).questions)
    assert "What of your kit?" in asked and "handover" in asked and "radio" not in asked


def test_no_turn_of_an_interviewer_is_a_passage(study: Study) -> None:
    texts = run_study(study).read("passages")["text"]
    assert len(texts) == 10 and not texts.str.contains(r"\?").any()


def test_without_interviews_nothing_but_the_studys_questions_is_kept_out(study: Study) -> None:
    for path in (study.root / "sources").glob("*.txt"):
        path.unlink()
    edit(
        study.root / "study.yaml",
        "  - {id: talks, kind: transcript, files: sources/*.txt, interviewers: [Interviewer]}\n",
        "",
    )
    edit(study.root / "study.yaml", "contributors: contributors.csv\n", "")
    assert told(Study.load(study.root)) == "What of your kit?"


def test_another_question_in_an_interview_names_themes_anew(study: Study) -> None:
    """Though no answer has changed, nor where it stands."""
    before = run_study(study).read("passages")
    for name in "ab":
        edit(study.root / "sources" / f"{name}.txt", "What about the handover", "What about the headsets")
    assert "handover" not in told(Study.load(study.root))
    pd.testing.assert_frame_equal(run_study(Study.load(study.root)).read("passages"), before)
