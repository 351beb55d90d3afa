"""Survey exports: columns, people, consent, and what is set aside."""

import pytest

from pipeline.errors import InputError
from pipeline.ingest import read_sources
from pipeline.tables import records
from tests.ingest.helpers import KEY, aside, only, read, said, study_in, submission, survey, texts, write, xlsx

PEOPLE = {"respondent": "ID", "name": "Name", "email": "Email", "consent": "Consent"}


def people(ingested):
    return {row["name"]: row for row in records(ingested.contributors)}


def test_answers_become_segments_that_are_slices_of_their_document(tmp_path):
    write(tmp_path, "survey.csv", "ID,What works?,What hinders?\n7,The radio,  Passwords \n8,,Forms\n")
    asked = [{"id": "works", "columns": ["What works?"]}, {"id": "hinders", "columns": ["What hinders?"]}]
    got = read(tmp_path, survey(columns={"respondent": "ID"}, questions=asked))
    assert sorted(texts(got)) == ["  Passwords ", "Forms", "The radio"]
    assert sorted(got.documents["text"]) == ["Forms", "The radio\n\n  Passwords "]
    assert aside(got) == {("segment", "blank"): 1}
    assert records(got.questions) == [
        {"question_id": "hinders", "text": "What hinders?"},
        {"question_id": "works", "text": "What works?"},
    ]


@pytest.mark.parametrize("named", ["What  works ?".replace(" ?", "?"), "what works?", "column 2", "B:", "b :"])
def test_a_column_may_be_named_by_header_position_or_letter(tmp_path, named):
    write(tmp_path, "survey.csv", "ID,\u200bWhat\u00a0works? \n1,Radio\n")
    got = read(tmp_path, survey(questions=[{"id": "works", "columns": [named]}]))
    assert texts(got) == ["Radio"]
    assert list(got.questions["text"]) == ["What works?"]


def test_repeat_columns_are_segments_of_one_question(tmp_path):
    write(tmp_path, "survey.csv", "First thing,Second thing,Third thing\nRadio,,Van\n")
    asked = {"id": "things", "text": "Three things", "columns": ["A:", "B:", "C:"]}
    got = read(tmp_path, survey(questions=[asked]))
    assert texts(got) == ["Radio", "Van"]
    assert set(got.segments["question_id"]) == {"things"}
    assert got.segments["segment_id"].is_unique
    assert aside(got) == {("segment", "blank"): 1}


def test_a_missing_column_is_named_by_file_and_key_with_a_near_match(tmp_path):
    write(tmp_path, "survey.csv", "ID,What work?\n1,canary-4471\n")
    with pytest.raises(InputError) as error:
        read(tmp_path, survey())
    assert "survey.csv" in str(error.value) and "questions.works" in str(error.value)
    assert "column 2" in str(error.value) and "canary" not in str(error.value)


def test_a_duplicate_header_is_refused_only_where_it_is_used(tmp_path):
    write(tmp_path, "survey.csv", "Note,What works?,What works?,Note\nx,Radio,Van,y\n")
    with pytest.raises(InputError, match="columns: 2, 3"):
        read(tmp_path, survey())
    assert texts(read(tmp_path, survey(questions=[{"id": "works", "columns": ["column 3"]}]))) == ["Van"]


def test_every_problem_is_reported_at_once(tmp_path):
    write(tmp_path, "survey.csv", "A,B\n1,2\n")
    with pytest.raises(InputError) as error:
        read(tmp_path, survey(columns=PEOPLE), survey(id="other", files="nothing/*.csv"))
    assert len(error.value.messages) == 6


def test_blank_rows_and_invisible_answers_are_set_aside(tmp_path):
    write(tmp_path, "survey.csv", "ID,What works?\n1,Radio\n2, \n3,\u200b\u00a0\n4,\n,\n5,Van\n")
    got = read(tmp_path, survey(columns={"respondent": "ID"}))
    assert sorted(texts(got)) == ["Radio", "Van"]
    assert list(got.set_aside["id"]) == ["survey-1:3", "survey-1:4", "survey-1:5", "survey-1:6"]
    assert set(got.set_aside["reason"]) == {"blank"}


def test_rows_with_one_respondent_id_are_all_held_and_their_names_kept_for_the_roster(tmp_path):
    write(tmp_path, "survey.csv", "ID,Name,What works?\n1,Ida Quill,Radio\n1,Max Orr,Van\n2,Bo Lund,Phone\n")
    got = read(tmp_path, survey(columns={"respondent": "ID", "name": "Name"}))
    assert texts(got) == ["Phone"]
    assert aside(got) == {("row", "duplicate_respondent"): 2}
    assert set(people(got)) == {"Ida Quill", "Max Orr", "Bo Lund"}


def test_more_cells_than_headers_set_the_row_aside(tmp_path):
    write(tmp_path, "survey.csv", "Consent,What works?\nYou may name me,Radio\nNo, but fine,Do not,Van\n")
    got = read(tmp_path, survey(columns={"consent": "Consent"}))
    assert texts(got) == ["Radio"]
    assert aside(got) == {("row", "row_misaligned"): 1}


def test_the_same_address_in_two_files_is_one_person_with_all_their_consents(tmp_path):
    header = "ID,Name,Email,Consent,What works?\n"
    write(tmp_path, "survey.1.csv", header + "1,Ida Quill,ida@force.example,You may name me,Radio\n")
    write(tmp_path, "survey.2.csv", header + "9,ida quill,IDA@force.example,Do not name me,Van\n")
    got = read(tmp_path, survey(columns=PEOPLE))
    assert only(got)["consent_wording"] == "You may name me\nDo not name me"
    assert len(got.documents) == 2


def test_a_respondent_id_counted_anew_in_each_file_does_not_merge_people(tmp_path):
    header = "ID,Name,Email,Consent,What works?\n"
    write(tmp_path, "survey.1.csv", header + "1,Ida Quill,,You may name me,Radio\n")
    write(tmp_path, "survey.2.csv", header + "1,Max Orr,,Do not name me,Van\n")
    got = read(tmp_path, survey(columns=PEOPLE))
    assert sorted(said(got)) == [("Ida Quill", "Radio"), ("Max Orr", "Van")]
    assert people(got)["Ida Quill"]["consent_wording"] == "You may name me"


def test_people_behind_a_shared_mailbox_stay_apart_but_share_consent(tmp_path):
    header = "ID,Name,Email,Consent,What works?\n"
    rows = "1,Ida Quill,team@force.example,You may name me,Radio\n2,Max Orr,team@force.example,Do not name me,Van\n"
    write(tmp_path, "survey.csv", header + rows)
    got = read(tmp_path, survey(columns=PEOPLE))
    assert sorted(said(got)) == [("Ida Quill", "Radio"), ("Max Orr", "Van")]
    assert {row["consent_wording"] for row in people(got).values()} == {"You may name me\nDo not name me"}


def test_anonymous_is_no_name_and_no_address(tmp_path):
    header = "ID,Name,Email,Consent,What works?\n"
    write(tmp_path, "survey.csv", header + "1,anonymous,anonymous,Role only,Radio\n2,Anonymous,anonymous,,Van\n")
    got = read(tmp_path, survey(columns=PEOPLE))
    assert len(got.contributors) == 2
    assert set(got.contributors["name"]) == set(got.contributors["email"]) == {""}


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("You may name me;", "You may name me"),
        ("You may name me;Do not name me;", "You may name me\nDo not name me"),
        ("You may name me;but ask", "You may name me;but ask"),
        ("  You may\u00a0name  me ", "You may name me"),
        ("you may name me", "you may name me"),
        ("", ""),
    ],
)
def test_multiple_choice_consent_is_split_only_into_known_wordings(tmp_path, cell, expected):
    write(tmp_path, "survey.csv", f'Consent,What works?\n"{cell}",Radio\n')
    assert only(read(tmp_path, survey(columns={"consent": "Consent"})))["consent_wording"] == expected


def test_microsoft_forms(tmp_path):
    header = [
        "ID",
        "Start time",
        "Completion time",
        "Email",
        "Name",
        "Your\u00a0role\u200b",
        "May we name you?",
        "What works?",
    ]
    rows = [header, ["001", "t", "t", "ida@force.example", "Ida Quill", "Sergeant;", "You may name me;", "Radio;Van;"]]
    write(tmp_path, "survey.xlsx", xlsx(rows))
    columns = {**PEOPLE, "role": "Your role", "consent": "May we name you?"}
    got = read(tmp_path, survey(columns=columns))
    assert only(got)["role"] == "Sergeant" and only(got)["consent_wording"] == "You may name me"
    assert texts(got) == ["Radio;Van;"]


def test_google_forms(tmp_path):
    text = '"Timestamp","Email Address","What works?"\n"2026/09/01 9:00:00 am GMT+1","","Two\nlines, ""quoted"""\n'
    write(tmp_path, "survey.csv", text)
    assert texts(read(tmp_path, survey(columns={"email": "Email Address"}))) == ['Two\nlines, "quoted"']


def test_two_header_rows_are_filled_forward_and_joined(tmp_path):
    rows = "Who are you?,,What works?,What hinders?,\nName,Force,Open-Ended Response,Response,Please explain\n"
    write(tmp_path, "survey.csv", rows + "Ida Quill,North,Radio,Yes,Passwords\n")
    asked = [
        {"id": "works", "columns": ["What works?"]},
        {"id": "why", "columns": ["What hinders? - please explain"]},
    ]
    columns = {"name": "Who are you? — Name", "organisation": "Who are you? — Force"}
    got = read(tmp_path, survey(header_rows=2, columns=columns, questions=asked))
    assert texts(got) == ["Radio", "Passwords"]
    assert only(got)["organisation"] == "North"


def test_qualtrics_third_header_row_is_no_answer(tmp_path):
    ids = '"{""ImportId"":""QID1""}","{""ImportId"":""QID2_TEXT""}"'
    write(tmp_path, "survey.csv", f"Q1,Q2\nYour force,What works?\n{ids}\nNorth,Radio\n")
    got = read(tmp_path, survey(questions=[{"id": "works", "text": "What works?", "columns": ["Q2"]}]))
    assert texts(got) == ["Radio"]


def test_rows_that_mix_people_give_each_cell_a_contributor_of_its_own(tmp_path):
    write(tmp_path, "survey.csv", "What works?,What hinders?\n,\nRadio,Forms\nVan,\n")
    asked = [{"id": "works", "columns": ["A:"]}, {"id": "hinders", "columns": ["B:"]}]
    got = read(tmp_path, survey(rows_are_people=False, questions=asked))
    assert len(got.contributors) == len(got.documents) == 3
    assert aside(got) == {("segment", "blank"): 1, ("row", "blank"): 1}
    with pytest.raises(InputError, match="rows_are_people"):
        read(tmp_path, survey(rows_are_people=False, columns={"name": "A:"}, questions=[asked[1]]))


def test_contributors_csv_adds_to_a_respondent(tmp_path):
    write(tmp_path, "survey.csv", "ID,Consent,What works?\n001,,Radio\n002,You may name me,Van\n")
    roster = "respondent,name,consent,collar\n001,Ida Quill,Role only,4471\n002,Max Orr,Do not name me,\n"
    write(tmp_path, "contributors.csv", roster)
    got = people(read(tmp_path, survey(columns={"respondent": "ID", "consent": "Consent"})))
    assert got["Ida Quill"]["consent_wording"] == "Role only"
    assert got["Ida Quill"]["other_identifiers"] == "4471"
    assert got["Max Orr"]["consent_wording"] == "You may name me\nDo not name me"


def test_further_identifying_columns_and_the_group_of_a_source(tmp_path):
    write(tmp_path, "survey.csv", "Phone,Collar,What works?\n07700 900123,T 44,Radio\n")
    columns = {"identifying": ["Phone", "Collar"]}
    got = only(read(tmp_path, survey(columns=columns, group="Officer", wave=3)))
    assert (got["other_identifiers"], got["stakeholder_group"], got["wave"]) == ("07700 900123\nT 44", "Officer", 3)


def test_ids_are_the_same_again_and_without_the_order_of_rows(tmp_path):
    header, rows = "ID,What works?\n", ["1,Radio\n", "2,Van\n", "3,Phone\n"]
    write(tmp_path, "survey.csv", header + "".join(rows))
    study = study_in(tmp_path, survey(columns={"respondent": "ID"}))
    first, again = read_sources(study, KEY), read_sources(study, KEY)
    write(tmp_path, "survey.csv", header + "".join(reversed(rows)))
    turned = read_sources(study, KEY)
    for table in ("contributors", "documents", "segments", "questions", "set_aside"):
        assert getattr(first, table).equals(getattr(again, table))
        assert getattr(first, table).equals(getattr(turned, table))
    assert not set(first.segments["segment_id"]) & set(read_sources(study, b"other").segments["segment_id"])


def test_progress_counts_files(tmp_path):
    for n in (1, 2):
        write(tmp_path, f"survey.{n}.csv", f"What works?\nRadio {n}\n")
    seen: list[tuple[int, int]] = []
    read_sources(study_in(tmp_path, survey()), KEY, lambda done, of: seen.append((done, of)))
    assert seen == [(1, 2), (2, 2)]


@pytest.mark.parametrize(
    ("columns", "names"),
    [
        ({"identifying": ["First name", "Last name"]}, {"Tamsin Quell", "Bo"}),
        ({"name": "First name", "identifying": ["Last name"]}, {"Tamsin Quell", "Bo"}),
        ({"name": "Name", "identifying": ["First name", "Last name"]}, {"Tam Q", "Bo"}),
    ],
)
def test_first_and_last_name_make_a_name_where_there_is_none(tmp_path, columns, names):
    write(tmp_path, "survey.csv", "First name,Last name,Name,What works?\nTamsin,Quell,Tam Q,Radio\nBo,,,Van\n")
    got = people(read(tmp_path, survey(columns=columns)))
    assert set(got) == names
    if "Tamsin Quell" in got:
        assert "Quell" in got["Tamsin Quell"]["other_identifiers"]


def test_first_and_last_name_in_contributors_csv_make_a_name(tmp_path):
    write(tmp_path, "letter.txt", "Radio works.")
    write(tmp_path, "contributors.csv", "file,First name,Last name\nletter.txt,Tamsin,Quell\n")
    assert only(read(tmp_path, submission()))["name"] == "Tamsin Quell"
