"""Passages: the units that are embedded, themed and quoted, cut from redacted documents and nothing else."""

import re
from typing import Any

import pandas as pd

from pipeline.ids import opaque_id, text_hash
from pipeline.sentences import count_words, sentence_spans
from pipeline.study import Passages
from pipeline.tables import PASSAGES, SET_ASIDE, conform, records, set_aside_rows

# What people type when they have nothing to say. Compared letters and digits only, lower case.
NON_ANSWERS = """
    n a|na|n/a|not applicable|none|nothing|nil|no|nope|no comment|no comments|see above|as above|same as above
    |see previous|as previous|same|same again|ditto|dunno|dont know|do not know|idk|not sure|unsure|no idea
    |no opinion|no answer|did not answer|nothing to add|nothing else|nothing really|nothing comes to mind
    |cant think of any|cant think of anything|none that i can think of|not that i can think of|not really
    |no thanks|no thank you|skip|pass|blank|tbc|tbd|x|xx|xxx|test|asdf|see my other answer
    |see my earlier answer|see answer above|see last answer|see question 1|see q1|see q2|same as q1
    |same as q2|same as question 1|as q1|as q2|already answered|answered above|mentioned above|see below
    |as below|refer to above|prefer not to say
    """
_LETTERS = re.compile(r"[^a-z0-9]+")


def _folded(text: str) -> str:
    return _LETTERS.sub(" ", text.casefold().replace("'", "").replace("’", "")).strip()


_FOLDED_NON_ANSWERS = frozenset(_folded(wording) for wording in NON_ANSWERS.split("|"))


def is_non_answer(text: str, more: tuple[str, ...] = ()) -> bool:
    """True for answers that say nothing, such as "n/a", "See above." or "-"."""
    folded = _folded(text)
    return folded in _FOLDED_NON_ANSWERS or folded == "" or folded in {_folded(wording) for wording in more}


def says_too_little(text: str, least: int, more: tuple[str, ...] = ()) -> str:
    """Why nothing can be made of a text: non_answer, or too_short for fewer than `least` words; "" if it can."""
    if is_non_answer(text, more):
        return "non_answer"
    return "too_short" if count_words(text) < least else ""


def split_passages(
    redacted_documents: pd.DataFrame,
    redacted_segments: pd.DataFrame,
    attributions: pd.DataFrame,
    questions: dict[str, str],
    settings: Passages,
    key: bytes,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cuts segments into passages of at most `settings.max_words` words, between sentences.

    Interviewer turns, headings, held contributors, non-answers and fragments are set aside, each with its reason.

    Returns:
        passages: PASSAGES; `text` is the redacted document's [start:end].
        set_aside: every segment that made no passage.
    """
    texts = dict(zip(redacted_documents["document_id"], redacted_documents["text"], strict=True))
    kinds = dict(zip(redacted_documents["document_id"], redacted_documents["source_kind"], strict=True))
    waves = dict(zip(redacted_documents["document_id"], redacted_documents["wave"], strict=True))
    people = {person["contributor_id"]: person for person in records(attributions)}
    aside: dict[str, list[str]] = {}
    rows: list[dict[str, Any]] = []
    for segment in records(redacted_segments):
        document = texts[segment["document_id"]]
        text = document[segment["start"] : segment["end"]]
        person = people.get(segment["contributor_id"])
        reason = _reason_to_leave_out(segment, text, person, settings)
        if reason or person is None:
            aside.setdefault(reason or "no_contributor", []).append(segment["segment_id"])
            continue
        question = questions.get(segment["question_id"], "")
        for start, end in _chunks(document, segment["start"], segment["end"], settings.max_words):
            words = document[start:end]
            rows.append(
                {
                    **{name: segment[name] for name in ("segment_id", "document_id", "contributor_id", "kind")},
                    **{name: segment[name] for name in ("question_id", "review")},
                    "passage_id": opaque_id(key, "passage", segment["segment_id"], str(start - segment["start"])),
                    "source_kind": kinds[segment["document_id"]],
                    "wave": waves[segment["document_id"]],
                    "start": start,
                    "end": end,
                    "text": words,
                    "text_hash": text_hash(question, words, person["stakeholder_group"], person["attribution_line"]),
                }
            )
    passages = pd.DataFrame(rows) if rows else PASSAGES.empty()
    parts = [set_aside_rows("split", "segment", ids, reason) for reason, ids in sorted(aside.items())]
    return conform(passages, PASSAGES), conform(pd.concat(parts) if parts else SET_ASIDE.empty(), SET_ASIDE)


def _reason_to_leave_out(segment: dict[str, Any], text: str, person: dict[str, Any] | None, settings: Passages) -> str:
    if segment["speaker"] == "interviewer":
        return "interviewer"
    if segment["kind"] == "heading":
        return "heading"
    if person is None:
        return "no_contributor"
    if not person["quotable"]:
        return "consent_held"
    least = settings.min_words if segment["kind"] == "answer" else settings.min_turn_words
    return says_too_little(text, least, settings.non_answers)


def _chunks(document: str, start: int, end: int, max_words: int) -> list[tuple[int, int]]:
    """Spans that cover all sentences of document[start:end], of about equal length, none cut inside a sentence."""
    text = document[start:end]
    stripped = text.strip()
    whole = (start + text.index(stripped), start + text.index(stripped) + len(stripped))
    n_words = count_words(text)
    if n_words <= max_words:
        return [whole]
    target = n_words / -(-n_words // max_words)  # equal parts rather than full ones and a rest
    chunks: list[tuple[int, int]] = []
    length = 0
    for first, last in ((start + a, start + b) for a, b in sentence_spans(text)):
        words = count_words(document[first:last])
        if chunks and length + words / 2 <= target and length + words <= max_words:
            chunks[-1] = (chunks[-1][0], last)
            length += words
        else:
            chunks.append((first, last))
            length = words
    return chunks
