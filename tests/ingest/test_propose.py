"""A first study.yaml from an export: it loads, its guesses are right on ordinary exports, and it decides nothing."""

import pytest
import yaml

from pipeline.errors import InputError
from pipeline.ingest import propose_study, read_sources
from pipeline.ingest.propose import proposed_meaning
from pipeline.study import Study
from tests.ingest.helpers import KEY, docx, write, xlsx

ANSWERS = [
    "The radio works well because everyone knows it",
    "Not much, since the van and the phone never agree",
    "Our supplier answers the telephone, which is rare",
    "I could not do without the map on my handset now",
]


def proposed(file, folder) -> Study:
    return Study.parse(yaml.safe_load(propose_study(file)), root=folder)


def forms_file(folder):
    header = ["ID", "Start time", "Completion time", "Email", "Name", "Which force do you work for?", "What is your rank?",
              "Which best describes you?", "May we attribute your remarks to you?", "What works?", "Mobile number"]  # fmt: skip
    wordings = ["Yes, name me;", "Not attributable;", "Yes, name me;", "ask me later"]
    rows = [
        [
            str(n),
            "9:00",
            "9:05",
            f"p{n}@force.example",
            f"Person {n}",
            "North",
            "Sergeant",
            "Officer",
            wordings[n],
            text,
            "077",
        ]
        for n, text in enumerate(ANSWERS)
    ]
    return write(folder, "sources/My export (1).xlsx", xlsx([header, *rows]))


def test_microsoft_forms(tmp_path):
    file = forms_file(tmp_path)
    assert "Microsoft Forms" in propose_study(file)
    study = proposed(file, tmp_path)
    (source,) = study.sources
    assert source.columns.model_dump(exclude={"identifying"}) == {
        "respondent": "ID",
        "name": "Name",
        "email": "Email",
        "organisation": "Which force do you work for?",
        "role": "What is your rank?",
        "group": "Which best describes you?",
        "consent": "May we attribute your remarks to you?",
    }
    assert source.columns.identifying == ("Mobile number",)
    assert [question.columns for question in source.questions] == [("What works?",)]
    assert study.consent.wording == {"Yes, name me": "attributable", "Not attributable": "non_attributable"}
    assert "ask me later" not in propose_study(file) and "not understood; please read it in the export, row 5." in (
        propose_study(file)
    )
    assert len(read_sources(study, KEY).documents) == 4


def test_google_forms_with_repeated_and_duplicate_columns(tmp_path):
    header = '"Timestamp","Thing #1: what works?","Thing #2: what works?","Why?","Why?","Age"\n'
    rows = "".join(
        f'"2026-09-0{n + 1} 9:00","{text}","","{text} indeed","{text} again","4{n}"\n' for n, text in enumerate(ANSWERS)
    )
    file = write(tmp_path, "sources/answers.csv", header + rows)
    assert "Google Forms" in propose_study(file) and "No consent question was found" in propose_study(file)
    study = proposed(file, tmp_path)
    columns = [question.columns for question in study.sources[0].questions]
    assert columns == [("Thing #1: what works?", "Thing #2: what works?"), ("column 4",), ("column 5",)]
    assert study.sources[0].questions[0].text == "what works?"


def test_first_and_last_names_are_identifying_and_make_a_name(tmp_path):
    rows = "".join(f"Tamsin,Quell{n},{text.replace(',', '')}\n" for n, text in enumerate(ANSWERS))
    file = write(tmp_path, "sources/answers.csv", "First name,Surname,What works?\n" + rows)
    study = proposed(file, tmp_path)
    assert study.sources[0].columns.identifying == ("First name", "Surname") and "A name is made of" in propose_study(
        file
    )
    assert sorted(read_sources(study, KEY).contributors["name"]) == [f"Tamsin Quell{n}" for n in range(4)]


def test_two_header_rows_are_noticed(tmp_path):
    rows = "Respondent ID,What works?\n,Open-Ended Response\n" + "".join(f"{n},{t}\n" for n, t in enumerate(ANSWERS))
    file = write(tmp_path, "sources/monkey.csv", rows.replace(", ", " "))
    assert proposed(file, tmp_path).sources[0].header_rows == 2


def test_odd_headers_and_names_still_make_valid_yaml(tmp_path):
    header = '"# What: works? - [x] {y} \'z\' ""q"" & *a !b %c @d `e` \\ \U0001f600","No"'
    file = write(tmp_path, "sources/1 #é & [x].csv", header + "\n" + "".join(f'"{text}",1\n' for text in ANSWERS))
    assert len(read_sources(proposed(file, tmp_path), KEY).documents) == 4


@pytest.mark.parametrize(
    ("wording", "meaning"),
    [
        ("Yes, you may name me", "attributable"),
        ("I am happy to be named", "attributable"),
        ("Yes", None),
        ("Yes, I consent to take part", None),
        ("Yes, but not my name", None),
        ("You may name me if you ask first", None),
        ("My role and organisation only", "role_only"),
        ("You may give my role, but not my name", "role_only"),
        ("No", "non_attributable"),
        ("Keep it anonymous", "non_attributable"),
        ("Non-attributable please", "non_attributable"),
        ("Do not quote me", "do_not_quote"),
        ("No, I do not consent", "do_not_quote"),
        ("whatever", None),
    ],
)
def test_meanings_are_only_proposed_where_they_are_plain(wording, meaning):
    assert proposed_meaning(wording) == meaning


def test_a_bare_yes_means_what_the_question_asked():
    assert proposed_meaning("Yes", "May we name you?") == "attributable"
    assert proposed_meaning("Yes", "Do you consent to take part?") is None


@pytest.mark.parametrize("content", [b"", b"A,B\n1,2\n", docx("x"), b"PK\x03\x04"])
def test_what_is_no_export_is_refused_with_its_name(tmp_path, content):
    with pytest.raises(InputError, match=r"export\.csv"):
        propose_study(write(tmp_path, "export.csv", content))
