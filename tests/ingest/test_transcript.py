"""Transcripts in every dialect we know, and who is held to have said what."""

import datetime

import pytest
import srt
import webvtt

from pipeline.ingest.cues import read_cues, seconds
from pipeline.ingest.speech import looks_like_a_label
from pipeline.ingest.transcript import read_transcript
from pipeline.tables import records
from tests.ingest.helpers import PROMISE, aside, docx, pdf, read, said, transcript, write

ROSTER = "file,speaker,name,email,consent\ntalk.txt,,Ida Quill,ida@force.example,Do not name me\n"

# Each says: Tess asks "How is it?", Ida answers "Slow. Very slow.", Tess says "Why?", Ida "Forms."
DIALECTS = {
    "labels": "Tess: How is it?\nIda: Slow.\nVery slow.\nTess: Why?\nIda: Forms.\n",
    "labels on their own line": "Tess:\nHow is it?\n\nIda:\nSlow.\nVery slow.\n\nTess:\nWhy?\n\nIda:\nForms.\n",
    "square brackets": "[Tess] How is it?\n[Ida] Slow.\nVery slow.\n[Tess] Why?\n[Ida] Forms.\n",
    "curly brackets": "{Tess} How is it?\n{Ida} Slow.\nVery slow.\n{Tess} Why?\n{Ida} Forms.\n",
    "hash": "#Tess: How is it?\n#Ida: Slow.\nVery slow.\n#Tess: Why?\n#Ida: Forms.\n",
    "hash alone": "#Tess\nHow is it?\n#Ida\nSlow.\nVery slow.\n#Tess\nWhy?\n#Ida\nForms.\n",
    "otter": "Tess  0:01\nHow is it?\n\nIda  0:04\nSlow.\nVery slow.\n\nTess  1:00:05\nWhy?\n\nIda  1:00:07\nForms.\n\n"
    "Transcribed by https://otter.ai\n",
    "stamped": "[00:00:01] Tess: How is it?\n[00:00:02] Ida: Slow.\nVery slow.\n[00:00:09] Tess: Why?\n[00:01:00] Ida: Forms.",
    "stamp after the name": "Tess (00:01):\nHow is it?\nIda (00:04):\nSlow.\nVery slow.\nTess (00:09):\nWhy?\nIda (00:12): Forms.",
    "clock in front": "0:01 Tess: How is it?\n0:04 Ida: Slow.\nVery slow.\n0:09 Tess: Why?\n0:12 Ida: Forms.\n",
    "bold": "**Tess:** How is it?\n**Ida:** Slow.\nVery slow.\n**Tess**: Why?\n**Ida:** Forms.\n",
    "tabs": "Timespan\tSpeaker\tContent\n00:00:04\tTess\tHow is it?\n00:00:05\tIda\tSlow.\n00:00:06\tIda\tVery slow.\n"
    "00:00:07\tTess\tWhy?\n00:00:08\tIda\tForms.\n",
    "zoom text": "[Tess] 00:00:04\nHow is it?\n[Ida] 00:00:05\nSlow.\nVery slow.\n[Tess] 00:00:09\nWhy?\n[Ida] 00:00:12\nForms.\n",
    "older teams": "0:0:0.0 --> 0:0:3.40\nTess\nHow is it?\n\n0:0:4.0 --> 0:0:5.0\nIda\nSlow.\nVery slow.\n\n"
    "0:0:6.0 --> 0:0:7.0\nTess\nWhy?\n\n0:0:8.0 --> 0:0:9.0\nIda\nForms.\n",
    "vtt voices": "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Tess>How is it?</v>\n\n00:02.000 --> 00:03.000\n<v Ida>Slow.\n\n"
    "00:03.000 --> 00:04.000\n<v Ida>Very\nslow.</v>\n\n00:04.000 --> 00:05.000\n<v Tess>Why?</v>\n\nNOTE nothing\n\n"
    "00:05.000 --> 00:06.000\n<v Ida>Forms.</v>\n",
    "vtt in one cue": "WEBVTT\n\n00:01.000 --> 00:09.000\n<v Tess>How is it?</v><v Ida>Slow. Very slow.</v>\n<v Tess>Why?</v>"
    "<v Ida>Forms.</v>\n",
    "vtt broken times": "\ufeffWEBVTT\r\n\r\n0:0:-6.-820 --> 0:0:1.0\r\n<v Tess>How is it?</v>\r\n\r\n0:0:1.20 --> 0:0:2.490\r\n"
    "<v Ida>Slow. Very slow.</v>\r\n\r\n0:0:3.0 --> 0:0:4.0\r\n<v Tess>Why?</v>\r\n\r\n0:0:5.0 --> 0:0:6.0\r\n<v Ida>Forms.</v>",
    "vtt with ids": "WEBVTT\n\nab-12/1-0\n00:00:01.000 --> 00:00:02.000\n<v Tess>How is it?</v>\n\nab-12/2-0\n"
    "00:00:02.000 --> 00:00:03.000\n<v Ida>Slow. Very slow.</v>\n\nab-12/3-0\n00:00:03.000 --> 00:00:04.000\n"
    "<v Tess>Why?</v>\n\nab-12/4-0\n00:00:05.000 --> 00:00:06.000\n<v Ida>Forms.</v>\n",
    "zoom vtt": "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\nTess: How is it?\n\n2\n00:00:02.000 --> 00:00:03.000\nIda: Slow.\n\n"
    "3\n00:00:03.000 --> 00:00:04.000\nIda: Very slow.\n\n4\n00:00:04.000 --> 00:00:05.000\nTess: Why?\n\n5\n"
    "00:00:05.000 --> 00:00:06.000\nIda: Forms.\n",
    "srt": "1\n00:00:01,000 --> 00:00:02,000\nTess: How is it?\n\n2\n00:00:02,000 --> 00:00:03,000\nIda: Slow.\n<i>Very</i> slow.\n\n"
    "3\n00:00:04,000 --> 00:00:05,000\nTess: Why?\n\n4\n00:00:05,000 --> 00:00:06,000\nIda: Forms.\n",
    "word": docx("Tess: How is it?", "Ida: Slow.", "Very slow.", "Tess: Why?", "Ida: Forms."),
    "word, teams": docx(
        "Weekly call-20260901-Meeting Recording", "September 1, 2026, 9:00AM", "Tess started transcription",
        "Tess   0:01\nHow is it?", "Ida   0:04\nSlow. Very slow.", "Tess   0:09\nWhy?", "Ida   0:12\nForms.",
        "Tess stopped transcription",
    ),
    "word, older teams": docx(
        "0:0:0.0 --> 0:0:3.4\nTess\nHow is it?", "0:0:4.0 --> 0:0:5.0\nIda\nSlow. Very slow.",
        "0:0:6.0 --> 0:0:7.0\nTess\nWhy?", "0:0:8.0 --> 0:0:9.0\nIda\nForms.",
    ),
    "word, google meet": docx(
        "Notes made by a machine", "Summary: it is slow.", "00:00:00", "Tess: How is it?", "Ida: Slow. Very slow.",
        "00:05:00", "Tess: Why?", "Ida: Forms.", "Transcription ended after 00:06:00",
    ),
    "pdf": pdf(
        [(50, 100, "Tess:"), (50, 112, "How is it?"), (50, 140, "Ida: Slow."), (50, 152, "Very slow."), (290, 820, "1/2")],
        [(50, 100, "Tess: Why?"), (50, 112, "Ida: Forms."), (290, 820, "2/2")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("dialect", DIALECTS)
def test_who_says_what(tmp_path, dialect):
    write(tmp_path, "talk.txt", DIALECTS[dialect])
    write(tmp_path, "contributors.csv", ROSTER)
    got = read(tmp_path, transcript(interviewers=["tess"]))
    assert [(who, " ".join(text.split())) for who, text in said(got)] == [
        ("interviewer", "How is it?"),
        ("Ida Quill", "Slow. Very slow."),
        ("interviewer", "Why?"),
        ("Ida Quill", "Forms."),
    ]
    assert ("segment", "no_speaker") not in aside(got) or "word" in dialect


@pytest.mark.parametrize(
    "label", ["Interviewer", "INTERVIEWER 2", "Q", "Q1", "Moderator", "Interviewer (JS)", "Interviwer"]
)
def test_usual_interviewer_labels_need_no_configuration(tmp_path, label):
    write(tmp_path, "talk.txt", f"{label}: How is it?\nA: Slow.\n")
    write(tmp_path, "contributors.csv", ROSTER)
    assert said(read(tmp_path, transcript())) == [("interviewer", "How is it?"), ("Ida Quill", "Slow.")]


@pytest.mark.parametrize(
    "line",
    ["10:30 Meeting: we all went", "See http: it is broken", "Three things: time, money, people", "Note: off the record",
     "https://force.example/a", "[laughs] not at all", "[inaudible] and so on", "We left at 10:30",
     "It said: no", "He rang and said: come in."],
)  # fmt: skip
def test_what_only_looks_like_a_label_stays_in_the_turn(line):
    speech = read_transcript(f"Q: How is it?\nA: Slow.\n{line}\nQ: Why?\n".encode(), ())
    assert [turn.label for turn in speech.turns] == ["Q", "A", "Q"]
    assert speech.turns[1].text == f"Slow.\n{line}"


@pytest.mark.parametrize(
    ("label", "is_one"),
    [("Wright, Steve", True), ("DC Malik", True), ("participant 3", True), ("P1", True), ("Ana de la Cruz", True),
     ("Three things", False), ("note", False), ("Inaudible", False), ("Dr. Orr", True), ("I said. Then", False)],
)  # fmt: skip
def test_labels(label, is_one):
    assert looks_like_a_label(label, ()) is is_one
    assert looks_like_a_label(label, {label.casefold()})


def test_a_head_is_set_aside_and_is_nobody_s_speech(tmp_path):
    head = "Interview 7\nDate: 3 May\nInterviewee: Ida Quill\nLocation: North\n\n"
    write(tmp_path, "talk.txt", head + "Interviewer: How is it?\nIda Quill: Slow.\n")
    write(tmp_path, "contributors.csv", ROSTER)
    got = read(tmp_path, transcript())
    assert said(got) == [("interviewer", "How is it?"), ("Ida Quill", "Slow.")]
    assert aside(got) == {("segment", "no_speaker"): 4}


def test_unknown_speakers_among_several_get_a_contributor_without_consent(tmp_path):
    write(tmp_path, "talk.txt", "Q: Well?\nIda Quill: Slow.\nMax Orr: Fast.\nSpeaker 3: Hm.\n")
    roster = "file,speaker,name,consent,collar\ntalk.txt,Ida Quill,Ida Quill,Role only,T44\n"
    write(tmp_path, "contributors.csv", roster)
    got = read(tmp_path, transcript())
    consent = {row["name"]: row["consent_wording"] for row in records(got.contributors)}
    assert consent == {"Ida Quill": "Role only", "Max Orr": "", "": ""}
    assert [who for who, _ in said(got)] == ["interviewer", "Ida Quill", "Max Orr", ""]


def test_a_speaker_label_that_fits_nobody_links_nobody(tmp_path):
    write(tmp_path, "talk.txt", "Q: Well?\nIda: Slow.\n")
    write(tmp_path, "contributors.csv", "file,speaker,name,consent\ntalk.txt,Max,Max Orr,You may name me\n")
    got = read(tmp_path, transcript())
    assert said(got) == [("interviewer", "Well?"), ("Ida", "Slow.")]
    assert {row["name"]: row["source_id"] for row in records(got.contributors)} == {
        "Ida": "talks",
        "Max Orr": "contributors",
    }


def test_names_turned_round_and_labels_that_differ_from_the_name(tmp_path):
    write(tmp_path, "talk.txt", "Quill, Ida (North): Slow.\nOrr, Max: Fast.\nQ: Well?\n")
    roster = "file,speaker,name,consent\ntalk.txt,,Ida Quill,Role only\ntalk.txt,Max Orr,Maximilian Orr,Role only\n"
    write(tmp_path, "contributors.csv", roster)
    got = read(tmp_path, transcript())
    assert said(got)[:2] == [("Ida Quill", "Slow."), ("Maximilian Orr", "Fast.")]
    others = {row["name"]: row["other_identifiers"] for row in records(got.contributors)}
    assert others == {"Ida Quill": "", "Maximilian Orr": "Orr, Max"}


def test_one_person_in_two_talks_is_one_contributor(tmp_path):
    for n in (1, 2):
        write(tmp_path, f"talk{n}.txt", f"Q: Well {n}?\nA: Slow.\n")
    roster = (
        "file,name,email,consent\ntalk1.txt,Ida Quill,ida@x.example,Role only\ntalk2.txt,Ida Quill,ida@x.example,\n"
    )
    write(tmp_path, "contributors.csv", roster)
    got = read(tmp_path, transcript())
    assert len(got.contributors) == 1 and len(got.documents) == 2


NOBODY = (
    "WEBVTT\n\n00:01.000 --> 00:02.000\nSo hello.\n\n00:02.100 --> 00:03.000\nHello.\n\n00:09.000 --> 00:10.000\nBye.\n"
)


def test_nobody_named_is_set_aside_unless_the_study_says_otherwise(tmp_path):
    write(tmp_path, "talk.vtt", NOBODY)
    got = read(tmp_path, transcript())
    assert aside(got) == {("file", "no_speakers"): 1} and not len(got.documents)
    got = read(tmp_path, transcript(unlabelled_speech="contributor", consent=PROMISE))
    assert [text for _, text in said(got)] == ["So hello. Hello.", "Bye."]


def test_whisper_lines_and_plain_paragraphs_without_speakers():
    whisper = read_transcript(b"[00:01.000 --> 00:02.000]  So hello.\n[00:02.100 --> 00:03.000]  Hello.\n", ())
    assert [(turn.label, turn.text) for turn in whisper.turns] == [("", "So hello. Hello.")]
    plain = read_transcript(b"It was slow.\nVery.\n\nThen it broke.\n", ())
    assert [turn.text for turn in plain.turns] == ["It was slow.\nVery.", "Then it broke."]


def test_a_cue_without_a_voice_among_cues_with_one_is_nobody_s():
    speech = read_transcript(
        b"WEBVTT\n\n00:01.0 --> 00:02.0\n<v Ida>Slow.</v>\n\n00:02.0 --> 00:03.0\nWho said this?\n", ()
    )
    assert [turn.text for turn in speech.turns] == ["Slow."] and speech.loose == ["Who said this?"]


def test_lines_of_fixed_width_are_joined_again():
    text = "A: " + "\n".join(["This is a line of speech that a typist broke at the right hand edge"] * 6)
    (turn,) = read_transcript(text.encode(), ()).turns
    assert "\n" not in turn.text


def test_cues_agree_with_the_libraries_on_well_formed_files(tmp_path):
    vtt = write(tmp_path, "a.vtt", DIALECTS["vtt voices"])
    ours = [(cue.start, cue.end, cue.text) for cue in read_cues(DIALECTS["vtt voices"])]
    theirs = [(c.start_in_seconds, c.end_in_seconds, " ".join(c.text.split())) for c in webvtt.read(str(vtt))]
    assert [(int(a), int(b), text) for a, b, text in ours] == [(int(a), int(b), text) for a, b, text in theirs]
    made = [
        srt.Subtitle(n, datetime.timedelta(seconds=n), datetime.timedelta(seconds=n + 1.5), f"line {n}\nand more")
        for n in range(1, 9)
    ]
    ours = [(cue.start, cue.end, cue.text) for cue in read_cues(srt.compose(made))]
    assert ours == [(n, n + 1.5, f"line {n} and more") for n in range(1, 9)]


@pytest.mark.parametrize(
    ("time", "value"), [("0:0:-6.-820", -6.82), ("00:01.500", 1.5), ("1:00:00,250", 3600.25), ("0:0:10.20", 10.2)]
)
def test_times(time, value):
    assert seconds(time) == pytest.approx(value)


@pytest.mark.parametrize(
    ("label", "name"), [("Ida", "Ida"), ("P1", ""), ("Participant", ""), ("Speaker B", ""), ("A", "")]
)
def test_a_label_that_is_a_name_joins_the_roster_and_one_that_is_not_does_not(tmp_path, label, name):
    write(tmp_path, "talk.txt", f"Q: Well?\n{label}: Slow.\n")
    assert list(read(tmp_path, transcript()).contributors["name"]) == [name]
