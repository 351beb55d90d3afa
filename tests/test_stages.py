"""Where the stages meet: what each is given, and what it may hand on. Redaction itself is a stand-in here."""

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from pipeline import passages_with_themes
from pipeline.disclosure import roster_words
from pipeline.ids import text_hash
from pipeline.reading import facts
from pipeline.steps import plan, run_study
from pipeline.store import Run
from pipeline.study import Attribution, Study
from tests import quick
from tests.quick import HOLD, MASK, SECRET, FakeRedactor

ROWS = [
    # name, collar number, group, consent, two answers
    ("Anwen Pugh", "4471", "Officer", "Yes", f"The radios cut out and {SECRET} said so to {SECRET}.", "My laptop is slow to start."),
    ("", "", "Officer", "No", f"My laptop met {SECRET} in the rain, poor thing.", "The radios are heavy and ill made."),
    ("Ida Okri", "4472", "Staff", "No", f"The radios are {HOLD} and {SECRET}.", "My laptop has a secret of its own."),
    ("Lee Fox", "", "Staff", "Role only", "My laptop is fine as it is.", f"The radios could be lighter, {SECRET} says."),
    ("Max Orr", "", "Staff", "Do not quote me", "The radios said something about me.", "My laptop says it too, I fear."),
    ("Bo Tran", "", "Staff", "", "The radios are mine, said nobody.", "My laptop said nothing to me."),
]  # fmt: skip


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    quick.without_models(monkeypatch)
    (tmp_path / "sources").mkdir()
    columns = ["Name", "Collar", "Group", "Consent", "Radios", "Laptops"]
    pd.DataFrame(ROWS, columns=columns).assign(Organisation="Acme", Role="PC", Phone="0161 496").to_csv(
        tmp_path / "sources" / "answers.csv", index=False
    )
    (tmp_path / "sources" / "talk.txt").write_text(
        "Jo Bloggs: And how are the radios?\nInterviewer: And the laptop?\n", "utf-8"
    )
    (tmp_path / "study.yaml").write_text(
        "study: t\ntitle: T\nsources:\n  - id: answers\n    kind: survey\n    files: sources/*.csv\n"
        "    columns: {name: Name, group: Group, consent: Consent, organisation: Organisation, role: Role, identifying: [Collar, Phone]}\n"
        "    questions:\n      - {id: radios, text: 'What of the radios?', columns: [Radios]}\n"
        "      - {id: laptops, columns: [Laptops]}\n"
        "  - {id: talks, kind: transcript, files: sources/*.txt, interviewers: [Jo Bloggs, Interviewer]}\n"
        "consent:\n  version: 3\n  wording: {'Yes': attributable, 'No': non_attributable, 'Role only': role_only,"
        " 'Do not quote me': do_not_quote}\n",
        "utf-8",
    )
    return Study.load(tmp_path)


def by_name(run: Run) -> dict[str, str]:
    people = run.read("contributors")
    return dict(zip(people["name"], people["contributor_id"], strict=True))


def test_redaction_is_told_of_everybody_and_what_they_agreed_to(study: Study) -> None:
    run_study(study, until="redact")
    people = {person.name: person for person in FakeRedactor.roster}
    assert set(people) == {"Anwen Pugh", "", "Ida Okri", "Lee Fox", "Max Orr", "Bo Tran", "Jo Bloggs"}
    assert {name: person.attribution for name, person in people.items()} == {
        "Anwen Pugh": Attribution.ATTRIBUTABLE,
        "": Attribution.NON_ATTRIBUTABLE,
        "Ida Okri": Attribution.NON_ATTRIBUTABLE,
        "Lee Fox": Attribution.ROLE_ONLY,
        "Max Orr": Attribution.NON_ATTRIBUTABLE,  # who may not be quoted is masked like anybody else
        "Bo Tran": Attribution.NON_ATTRIBUTABLE,  # and so is who is held
        "Jo Bloggs": Attribution.NON_ATTRIBUTABLE,
    }
    assert set(people["Anwen Pugh"].other) == {"4471", "0161 496"}
    assert people["Lee Fox"].other == ("0161 496",)
    assert (people["Lee Fox"].organisation, people["Lee Fox"].role) == ("Acme", "PC")
    assert people["Lee Fox"].stakeholder_group == "Staff"


def test_redaction_is_given_every_segment_with_its_own_words_and_speaker(study: Study) -> None:
    run = run_study(study, until="redact")
    given = {
        segment.text: segment.contributor_id for document in FakeRedactor.documents for segment in document.segments
    }
    ids = by_name(run)
    for name, *_, first, second in ROWS:
        assert given[first] == given[second] == ids[name]


def test_only_what_redaction_hands_back_goes_on_and_it_adds_up(study: Study) -> None:
    run = run_study(study, until="redact")
    original = run.read("documents").set_index("document_id")["text"]
    documents = run.read("redacted_documents").set_index("document_id")
    assert len(documents) == len(original) - 1  # one is held
    for row in documents.itertuples():
        assert SECRET not in row.text and HOLD not in row.text
        assert row.sha256 == text_hash(row.text)
    for segment in run.read("redacted_segments").itertuples():
        text = documents.loc[segment.document_id, "text"][segment.start : segment.end]
        assert text == text.strip() != ""
        assert segment.review == ("health" if "ill" in text else "")
    redactions = run.read("redactions")
    assert len(redactions) == documents["n_redactions"].sum() == 4
    for span in redactions.itertuples():  # offsets into the original, for whoever checks
        assert original[span.document_id][span.start : span.end] == SECRET
    assert run.entry("redact")["counts"] == {"PERSON": 4}


def test_a_document_that_is_held_leaves_no_word_to_the_right(study: Study) -> None:
    run = run_study(study)
    held = run.read("set_aside").query("stage == 'redact'")
    assert sorted(set(zip(held["what"], held["reason"], strict=True))) == [
        ("document", "redaction_timeout"),
        ("segment", "document_held"),
    ]
    assert held["id"].iloc[0] not in set(run.read("redacted_segments")["document_id"])
    for path in run.folder.rglob("*"):
        assert path.is_dir() or b"a secret of its own" not in path.read_bytes(), path
    assert "secret of its own" not in " ".join(run.read("passages")["text"])


def test_passages_are_only_of_those_who_may_be_quoted_and_keep_their_question(study: Study) -> None:
    run = run_study(study)
    ids = by_name(run)
    passages = run.read("passages")
    assert set(passages["contributor_id"]) == {ids["Anwen Pugh"], ids[""], ids["Lee Fox"]}
    table = passages_with_themes(run)
    assert len(table) == len(passages) == 6
    lee = table[table["contributor_id"] == ids["Lee Fox"]].set_index("question")
    assert lee.loc["What of the radios?", "text"] == "My laptop is fine as it is."
    assert lee.loc["Laptops", "text"] == f"The radios could be lighter, {MASK} says."
    assert lee.loc["Laptops", "theme"] == "The radios"
    assert set(lee["attribution"]) == {"role_only"} and set(lee["stakeholder_group"]) == {"Staff"}


def test_quotes_stand_beside_what_was_agreed_and_none_that_needs_a_look(study: Study) -> None:
    run = run_study(study)
    quotes = run.read("quotes").set_index("text")
    assert quotes.loc["My laptop is slow to start.", "attribution_line"] == "Anwen Pugh, PC, Acme"
    assert quotes.loc["My laptop is fine as it is.", "attribution_line"] == "PC, Acme"
    assert not [text for text in quotes.index if "ill made" in text]
    hidden = quotes.loc[f"My laptop met {MASK} in the rain, poor thing."]
    assert (hidden["attribution_line"], hidden["stakeholder_group"]) == ("Contributor", "Contributor")
    book = openpyxl.load_workbook(run.folder / "draft" / "quote_bank.xlsx")
    heads = {str(cell.value) for row in book["Overview"].iter_rows() for cell in row if "People: " in str(cell.value)}
    assert heads == {"People: Officer", "People: Staff", "People: Contributor"}, "sizes tell no more than lines do"
    bank = (run.folder / "draft" / "quote_bank.csv").read_text("utf-8-sig")
    for words in quotes.index:
        assert words in bank
    for name in ("Ida Okri", "Max Orr", "Bo Tran", "Lee Fox", "4471", SECRET):
        assert name not in bank


def test_themes_are_told_whose_words_may_not_name_them_and_how_many_must_share_a_word(study: Study) -> None:
    run_study(study)
    told = quick.CALLS[-1][1]
    assert {"anwen", "pugh", "okri", "tran", "acme"} <= told["blocked"]
    assert told["disclosure"].min_keyword_contributors == 3
    assert told["questions"] == {"radios": "What of the radios?", "laptops": "Laptops"}


def test_words_need_not_be_shared_where_everybody_agreed_to_be_named(study: Study) -> None:
    path = study.root / "study.yaml"
    path.write_text(
        path.read_text("utf-8")
        .replace("'No': non_attributable", "'No': do_not_quote")
        .replace("role_only", "attributable")
    )
    run_study(Study.load(study.root))
    assert quick.CALLS[-1][1]["disclosure"].min_keyword_contributors == 1


def test_words_of_names_never_name_a_theme_but_ordinary_words_of_organisations_may() -> None:
    people = pd.DataFrame(
        {"name": ["Siân O'Rourke-Lloyd"], "email": ["jfenn.ict@x.example"], "organisation": ["Zorbax Police Systems Ltd"], "other_identifiers": ["Quill\nBy"]}
    )  # fmt: skip
    assert roster_words(people) == {"siân", "rourke", "lloyd", "jfenn", "ict", "zorbax", "quill"}


def test_a_runs_facts_are_its_numbers(study: Study) -> None:
    run = run_study(study)
    found = facts(study, run)
    assert found["attribution"] == {"attributable": 1, "role_only": 1, "non_attributable": 2, "held": 2}
    assert found["redactions"] == {"PERSON": 4}
    assert found["consent_version"] == 3
    stages = list(dict.fromkeys(stage["stage"] for stage in found["stages"]))
    assert stages[:4] == ["ingest", "consent", "redact", "split"]
    assert not {"sources", "consent", "title"} & set(found["settings"])  # free text that could name people
    assert not {"keep", "mask"} & set(found["settings"]["redaction"])
    assert len(found["limits"]) >= 4
    methods = (run.folder / "draft" / "methods.md").read_text("utf-8")
    for number_and_words in ("| 1 | may be quoted by name |", "| 2 | held until", "| Person | 4 |"):
        assert number_and_words in methods


def test_descriptions_are_what_people_wrote(study: Study) -> None:
    run_study(study)
    path = study.codebook_path
    path.write_text(path.read_text("utf-8").replace("- id: T01\n", "- id: T01\n    description: Kit that fails.\n"))
    run = run_study(study)
    assert "Kit that fails." in (run.folder / "draft" / "quote_bank.html").read_text("utf-8")
    assert plan(study).finished
