"""`quotebank check`: everything at once, by file, row and column, and never what stands in a cell."""

import pytest

from pipeline.errors import InputError
from pipeline.ingest import check_sources, read_sources
from tests.ingest.helpers import KEY, PROMISE, docx, study_in, submission, survey, transcript, write, xlsx

CANARY = "Canary Quillfeather"


def problems(folder, *sources, **settings):
    return [str(problem) for problem in check_sources(study_in(folder, *sources, **settings))]


def test_a_study_without_problems_has_none(tmp_path):
    write(tmp_path, "survey.csv", "ID,Consent,What works?\n1,Role only,Radio\n2,,\n")
    write(tmp_path, "talk.txt", "Q: Well?\nA: Slow.\n")
    write(tmp_path, "letter.txt", "Vans do not.")
    roster = "file,name,consent\ntalk.txt,Ida Quill,Role only\nletter.txt,Max Orr,Do not name me\n"
    write(tmp_path, "contributors.csv", roster)
    columns = {"respondent": "ID", "consent": "Consent"}
    assert problems(tmp_path, survey(columns=columns), transcript(), submission()) == []


def test_consent_is_reported_as_rows_and_counts_never_as_words(tmp_path):
    cells = ["Role only", f"{CANARY} one", "", f"{CANARY} two", f"{CANARY} one", "Do not name me;"]
    rows = "".join(f"{n},{cell},Radio\n" for n, cell in enumerate(cells, start=1))
    write(tmp_path, "survey.csv", "ID,Consent,What works?\n" + rows)
    found = problems(tmp_path, survey(columns={"respondent": "ID", "consent": "Consent"}))
    assert [line.split(" → ")[0] for line in found] == [
        "survey.csv, row 4: no consent in 1; those contributors will be held",
        "survey.csv, rows 3 and 6: a consent wording that study.yaml does not list, 2 time(s); "
        "those contributors will be held",
        "survey.csv, row 5: a consent wording that study.yaml does not list, 1 time(s); those contributors will be held",
    ]


def test_many_rows_are_cut_short(tmp_path):
    write(tmp_path, "survey.csv", "Consent,What works?\n" + ",Radio\n" * 40)
    found, nobody = problems(tmp_path, survey(columns={"consent": "Consent"}))
    assert "nobody's consent is known" in nobody
    assert "rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 30 more: no consent in 40" in found


def test_a_survey_without_any_consent(tmp_path):
    write(tmp_path, "survey.csv", "What works?\nRadio\n")
    found, _ = problems(tmp_path, survey())
    assert "no consent for any of 1 rows" in found and "sources.survey.consent" in found
    assert problems(tmp_path, survey(consent=PROMISE)) == []


def test_duplicates_and_misaligned_rows(tmp_path):
    write(tmp_path, "survey.csv", "ID,What works?\n1,Radio\n1,Van\n2,Phone,spare\n")
    found = problems(tmp_path, survey(columns={"respondent": "ID"}, consent=PROMISE))
    assert [line.split(":")[0] for line in found] == ["survey.csv, rows 2 and 3", "survey.csv, row 4"]


def test_files_that_cannot_be_read_come_with_a_remedy(tmp_path):
    write(tmp_path, "letter1.docx", docx("x" * 5000)[:-300])
    write(tmp_path, "letter2.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    write(tmp_path, "talk.txt", "nobody is named here")
    found = problems(tmp_path, submission(consent=PROMISE), transcript(consent=PROMISE))
    assert [line.split(":")[0] for line in found] == ["letter1.docx", "letter2.docx", "talk.txt"]
    assert all(" → " in line for line in found)


def test_people_and_files_that_do_not_meet(tmp_path):
    write(tmp_path, "talk1.txt", f"Q: Well?\nIda Quill: Slow.\n{CANARY}: Fast.\n")
    write(tmp_path, "talk2.txt", "Q: Well?\nA: Slow.\n")
    roster = (
        "file,speaker,name,respondent,consent\n"
        "talk1.txt,Ida Quill,Ida Quill,,\n"
        f"talk9.txt,,{CANARY},,Role only\n"
        f",,{CANARY},,Role only\n"
        f",,{CANARY},77,{CANARY}\n"
        "talk1.txt,ida quill,Ida Quill,,Role only\n"
    )
    write(tmp_path, "contributors.csv", roster)
    found = problems(tmp_path, transcript())
    expected = [
        "talk1.txt: 1 of 2 speakers are not in contributors.csv",
        "talk2.txt: contributors.csv does not list it",
        "contributors.csv, row 2: names the same speaker of a file as another row",
        "contributors.csv, row 2: no consent in 1",
        "contributors.csv, row 3: names a file that no source has",
        "contributors.csv, row 4: names neither a file nor a respondent",
        "contributors.csv, row 5: a consent wording that study.yaml does not list",
        "contributors.csv, row 5: names a respondent that no survey has",
        "contributors.csv, row 6: names the same speaker of a file as another row",
    ]
    assert [line[: len(start)] for line, start in zip(sorted(found), sorted(expected), strict=True)] == sorted(expected)


def test_contributors_csv_itself(tmp_path):
    write(tmp_path, "letter.txt", "Vans do not.")
    write(tmp_path, "contributors.csv", "who,name,Name\nx,y,z\n")
    found = problems(tmp_path, submission(consent=PROMISE))
    assert any("columns 2, 3: have the same header" in line for line in found)
    assert any("neither a column `file` nor `respondent`" in line for line in found)
    with pytest.raises(InputError, match="same header"):
        read_sources(study_in(tmp_path, submission()), KEY)
    write(tmp_path, "contributors.csv", b"PK\x03\x04")
    assert any("contributors.csv: cannot be read" in line for line in problems(tmp_path, submission(consent=PROMISE)))


def test_no_message_holds_what_stands_in_a_cell(tmp_path):
    """Every kind of mistake at once, over files where nearly every cell is the canary."""
    row = [CANARY, f"{CANARY}@force.example", CANARY, CANARY, "1"]
    header = ["Name", "Email", "Consent", "What work?", "ID"]
    write(tmp_path, "survey.1.xlsx", xlsx([header, row, row, [*row, CANARY]]))
    write(tmp_path, "survey.2.csv", f'{",".join(header)}\n"{CANARY}" {CANARY},x\n')
    write(tmp_path, "survey.3.csv", ",".join(header) + "\n" + ",".join(row) + "\n" + ",".join([*row, CANARY]) + "\n")
    write(tmp_path, "talk.txt", f"Q: {CANARY}\n{CANARY}: {CANARY}\nSomebody Else: {CANARY}\n")
    write(tmp_path, "talk2.txt", f"{CANARY.lower()} says nothing")
    write(tmp_path, "letter.docx", b"PK\x03\x04" + CANARY.encode())
    write(
        tmp_path,
        "contributors.csv",
        f"file,speaker,name,consent\n{CANARY}.txt,{CANARY},{CANARY},{CANARY}\ntalk.txt,x,y,\n",
    )
    columns = {"respondent": "ID", "name": "Name", "email": "Email", "consent": "Consent"}
    asked = [{"id": "works", "columns": ["What work?"]}]
    good = (survey(columns=columns, questions=asked), transcript(), submission())
    bad = (survey(columns={**columns, "role": "Rôle"}), transcript(files="none/*"), submission())
    for sources in (good, bad):
        found = problems(tmp_path, *sources)
        assert len(found) > 5 and CANARY.lower() not in "\n".join(found).lower()
    with pytest.raises(InputError) as error:
        read_sources(study_in(tmp_path, *bad), KEY)
    assert CANARY not in str(error.value) and error.value.__cause__ is None


def test_two_files_of_one_talk_are_noted_once(tmp_path):
    for name in ("talk/one.txt", "talk/one.vtt", "talk/two.txt", "more/one.txt"):
        spoken = (
            "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ida>Slow." if name.endswith("vtt") else f"Q: Well?\nA: {name}.\n"
        )
        write(tmp_path, name, spoken)
    talks = transcript(files="*/*", consent=PROMISE)
    noted = [line for line in problems(tmp_path, talks) if "have one name" in line]
    assert noted == [
        "talk/one.txt and talk/one.vtt: have one name but for its ending: if they hold the same words, all of them, and "
        "whoever says them, count twice → keep one of them"
    ]
    assert len(read_sources(study_in(tmp_path, talks), KEY).files) == 4, "a note; nothing is left out"
