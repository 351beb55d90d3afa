"""Public data sets, for their layouts: each must come out with the counts that were verified by hand."""

from pathlib import Path

import pytest
import yaml

from pipeline.ingest import propose_study, read_sources
from pipeline.study import Study
from tests.ingest.helpers import KEY, PROMISE, aside, said

DATA = Path(__file__).parents[3] / "shared" / "data"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not DATA.is_dir(), reason="the public data sets are not beside the project"),
]


def read(**source):
    study = Study.parse({"study": "real", "title": "Real", "sources": [{"id": "s", **source}]}, root=DATA)
    got = read_sources(study, KEY)
    assert len(said(got)) == len(got.segments)
    return got


def test_repeat_columns_of_a_large_export():
    asked = {"id": "pleasant", "columns": ["column 18", "S:", "T:"]}
    got = read(kind="survey", files="jupyter_2015_ux/2016*.csv", consent=PROMISE, questions=[asked])
    assert len(got.segments) + len(got.set_aside[got.set_aside["what"] == "segment"]) == 3 * len(got.documents)
    assert len(got.documents) + aside(got)["row", "blank"] == 1706


@pytest.mark.parametrize("wave", ["", "-2", "-3", "-4", "-5", "-6-iowa", "-7"])
def test_named_and_anonymous_answers_in_their_encodings(wave):
    n_headers = 1 if wave == "" else 2
    asked = [{"id": "q", "columns": ["column 5", "column 6"]}]
    named = read(
        kind="survey", files=f"poll_of_pollsters/poll-of-pollsters{wave}.tsv", header_rows=n_headers, questions=asked,
        columns={"name": "column 2", "organisation": "column 1"} if wave == "" else {"name": "column 1"},
    )  # fmt: skip
    assert 8 <= len(named.contributors) <= 33 and set(named.files["problem"]) == {""}
    mixed = read(
        kind="survey", files=f"poll_of_pollsters/poll-of-pollsters-anonymous-answers{wave}.tsv",
        header_rows=n_headers, rows_are_people=False, questions=asked,
    )  # fmt: skip
    assert len(mixed.contributors) == len(mixed.documents) > 0


def test_google_forms_export():
    asked = [{"id": "causes", "columns": ["column 24"]}, {"id": "else", "columns": ["column 36"]}]
    got = read(kind="survey", files="flaky_survey/responses.tsv", questions=asked)
    assert len(got.documents) + aside(got)["row", "blank"] == 171


def test_pdf_transcripts_with_labels_margin_numbers_and_page_marks():
    got = read(kind="transcript", files="pdpilot_interviews/P[1-3].pdf", interviewers=["Dan"])
    assert len(got.documents) == len(got.contributors) == 3 and len(got.segments) > 300
    speakers = got.segments["speaker"].value_counts()
    assert abs(speakers["interviewer"] - speakers["contributor"]) < 20
    assert not [text for _, text in said(got) if text[:2].isdigit() or "\t" in text or "/5" in text]


def test_subtitles_without_speakers():
    for suffix in ("srt", "vtt", "txt"):
        got = read(kind="transcript", files=f"hitsave_interviews/*.{suffix}", unlabelled_speech="contributor")
        assert len(got.segments) == 45
        assert aside(read(kind="transcript", files=f"hitsave_interviews/*.{suffix}")) == {("file", "no_speakers"): 1}


@pytest.mark.parametrize(
    ("name", "labels", "turns"),
    [("TeamsPremium", 2, 10), ("teams_transcript", 2, 10), ("zoom_transcript", 5, None), ("Test teams*", 2, 100)],
)
def test_meeting_software(name, labels, turns):
    got = read(kind="transcript", files=f"teams2nvivo_vtt/{name}.vtt")
    assert len(got.contributors) == labels
    assert turns in (None, len(got.segments))


@pytest.mark.parametrize("name", ["New Teams Format", "Test OneDrive*"])
def test_meeting_software_that_names_nobody(name):
    assert aside(read(kind="transcript", files=f"teams2nvivo_vtt/{name}.vtt")) == {("file", "no_speakers"): 1}


def test_surveymonkey_and_qualtrics_headers():
    asked = [{"id": "shot", "columns": ["Which character shot first?"]}]
    got = read(
        kind="survey", files="surveymonkey_538/star-wars-survey_StarWars.csv", header_rows=2,
        columns={"respondent": "RespondentID"}, questions=asked,
    )  # fmt: skip
    assert len(got.documents) + aside(got)["row", "blank"] == 1186
    asked = [{"id": "text", "columns": ["Q2"]}]
    assert len(read(kind="survey", files="qualtrics_export_samples/sample.csv", questions=asked).segments) == 1


@pytest.mark.parametrize(
    "file",
    ["jupyter_2015_ux/20160115235816-SurveyExport.csv", "flaky_survey/responses.tsv", "poll_of_pollsters/poll-of-pollsters-5.tsv"],
)  # fmt: skip
def test_proposals_load_and_run(file):
    text = propose_study(DATA / file, files=file)
    got = read_sources(Study.parse(yaml.safe_load(text), root=DATA), KEY)
    assert len(got.documents) > 10
