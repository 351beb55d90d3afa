"""What people say because an interviewer said it first."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.embedding import embed
from pipeline.ids import text_hash
from pipeline.study import Disclosure, Embedding, Themes
from pipeline.tables import PASSAGES, REDACTED_DOCUMENTS, REDACTED_SEGMENTS, check, conform
from pipeline.themes import find_themes
from pipeline.themes.echoes import echoes
from tests.fakes import SUBJECTS

Talk = list[tuple[str, str]]  # who speaks, "" for the interviewer, and what
Tables = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]


def tables(*talks: Talk) -> Tables:
    """Redacted documents and segments, and passages, one of each turn that is not the interviewer's."""
    documents, segments, passages = [], [], []
    for n, talk in enumerate(talks):
        text = ""
        for position, (who, said) in enumerate(talk):
            start = len(text)
            text += f"{said}\n\n"
            place = {"document_id": f"d{n:02}", "segment_id": f"s{n:02}-{position:03}", "contributor_id": who,
                     "start": start, "end": start + len(said), "kind": "turn", "question_id": "", "review": ""}  # fmt: skip
            segments.append({**place, "position": position, "speaker": "contributor" if who else "interviewer"})
            if who:
                passages.append({**place, "passage_id": f"p{place['segment_id']}", "source_kind": "transcript", "wave": 1,
                                 "text": said, "text_hash": text_hash(said, who)})  # fmt: skip
        documents.append({"document_id": f"d{n:02}", "source_kind": "transcript", "wave": 1, "text": text,
                          "sha256": text_hash(text), "n_redactions": 0})  # fmt: skip
    found = (
        conform(pd.DataFrame(documents), REDACTED_DOCUMENTS),
        conform(pd.DataFrame(segments), REDACTED_SEGMENTS),
        conform(pd.DataFrame(passages), PASSAGES),
    )
    for table, spec in zip(found, (REDACTED_DOCUMENTS, REDACTED_SEGMENTS, PASSAGES), strict=True):
        check(table, spec)
    return found


def words(*talks: Talk) -> set[str]:
    """The words that are only repeated."""
    return {wording.split()[-1] for wording in echoes(*tables(*talks)).values()}


ASKED = "What about the handover between shifts?"


def test_what_people_repeat_of_the_question_they_were_asked_is_found_in_every_form() -> None:
    found = words(
        [("", ASKED), ("ann", "The handover between shifts, well, is rushed.")],
        [("", ASKED), ("bob", "Handovers are rushed when a shift is late.")],
    )
    assert {"handover", "handovers", "shift", "shifts"} <= found
    assert not {"rushed", "late"} & found, "that was their own"


def test_a_question_to_one_takes_no_word_from_many() -> None:
    asked = [("", ASKED), ("ann", "The handover, well, is rushed.")]
    free = [[("", "What is hard?"), (f"c{n}", "Handover is hard to do.")] for n in range(3)]
    assert "handover" not in words(asked, *free)
    assert "handover" in words(asked, [("", ASKED), ("bob", "A handover? Never.")], free[0])
    assert "handover" not in words(asked, free[0]), "one of each is not most"


def test_what_somebody_said_before_they_were_asked_is_their_own() -> None:
    asked_back = [
        ("", "What is hard?"),
        ("ann", "The handover is."),
        ("", "The handover?"),
        ("ann", "The handover, yes."),
    ]
    assert "handover" not in words(asked_back)
    assert "handover" in words(asked_back[2:]), "though it is in the first question"


def test_what_somebody_was_asked_with_is_not_their_own_later() -> None:
    talk = [("", ASKED), ("ann", "The handover is rushed."), ("", "What else?"), ("ann", "As I said, the handover.")]
    assert "handover" in words(talk)


def test_a_word_of_an_earlier_question_is_their_own_and_turns_in_a_row_are_one_question() -> None:
    later = [("", ASKED), ("ann", "It is quiet."), ("", "And the radios?"), ("ann", "The handover is worse.")]
    assert "handover" not in words(later)
    in_a_row = [("", ASKED), ("", "Take your time."), ("ann", "It is rushed."), ("ann", "The handover, I mean.")]
    assert "handover" in words(in_a_row), "two passages of one answer answer one question"


def test_a_word_asked_of_one_and_also_used_in_a_survey_is_their_own() -> None:
    assert "handover" not in words([("", ASKED), ("ann", "The handover is rushed.")], [("ann", "Handover is hard.")])


def test_placeholders_are_no_words_and_a_survey_has_no_interviewer() -> None:
    assert not {"person", "place"} & words(
        [("", "What does [person] say of [place 2]?"), ("ann", "[person] says little.")]
    )
    assert echoes(*tables([("ann", "The handover is rushed.")])) == {}
    _, _, passages = tables([("ann", "The handover is rushed.")])
    assert echoes(REDACTED_DOCUMENTS.empty(), REDACTED_SEGMENTS.empty(), passages) == {}


@pytest.mark.models
def test_the_interviewers_wording_names_no_theme_and_a_word_that_others_use_too_may(tmp_path: Path) -> None:
    """All are asked about radio signal and repeat it; passwords are asked about once, and many speak of them unasked."""

    def names(*talks: Talk) -> set[str]:
        documents, segments, passages = tables(*talks)
        found = find_themes(
            passages, embed(passages, Embedding(), tmp_path), settings=Themes(min_themes=2), disclosure=Disclosure(),
            embedding=Embedding(), cache=tmp_path, seed=7, questions=echoes(documents, segments, passages),
            blocked=frozenset(),
        )  # fmt: skip
        return {label.casefold() for label in found.themes["label"]}

    def interviews(radio: str, passwords: str) -> list[Talk]:
        lines = list(zip(*(SUBJECTS[name] for name in ("radio", "passwords", "training", "laptops")), strict=True))
        return [
            [("", radio), (f"c{n}", first), ("", passwords if n == 0 else "And then?"),
             *((f"c{n}", line) for line in (second, *rest))]
            for n, (first, second, *rest) in enumerate(lines)
        ]  # fmt: skip

    free = names(*interviews("What gets in the way?", "What else?"))
    asked = names(*interviews("How is the radio signal in rural areas?", "Do you remember passwords?"))
    said = set("radio radios signal signals in rural area areas and".split())
    assert any(set(name.split()) <= said for name in free)
    assert not any(set(name.split()) <= said for name in asked)
    assert "passwords" in free and "passwords" in asked
