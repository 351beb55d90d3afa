"""Passages: the units that are embedded, themed and quoted, cut from redacted documents and nothing else."""

import re
from typing import Any

import pandas as pd

from pipeline.ids import opaque_id, text_hash
from pipeline.sentences import count_words, sentence_spans
from pipeline.study import Passages
from pipeline.tables import PASSAGES, SET_ASIDE, conform, records, set_aside_rows

# What people type when they have nothing to say. Compared letters and digits only, lower case.
_MARKS = "n a|na|nil|tbc|tbd|x|xx|xxx|test|asdf|skip|pass|blank|same|same again|ditto|(see|as) (above|below)"
_WORDINGS = """
    not applicable|none|nothing|no|nope|no comments?|no idea|no opinion|no answer|did not answer|no thanks?|dunno|idk
    |dont know|do not know|not sure|unsure|not really|hard to say|too early to say|prefer not to say|rather not say
    |nothing else|nothing more|nothing really|nothing specific|not a thing|not relevant
    |nothing (comes|springs) to mind|(none|nothing|not) (that )?i can think of
    |(cant|cannot|can not) think of (any|anything|one|something)|same as above|see previous|as previous
    |already (said|answered|mentioned)|(answered|mentioned|said) above|refer to above
    """
_BEFORE = (
    "well|sorry|please|so far|honestly|to be honest|personally|currently|at the moment|um|er|hmm|im|i am|i|ive|i have"
    "|really"
)
_AFTER = """
    yet|so far|really|sorry|thanks|thank you|at the moment|at present|at this (time|point|stage)|right now|currently
    |for now|as yet|off ?hand|to be honest|tbh|to (add|say|report)|at all|for me|in particular
    """
# An answer that only points to another one: "see my answers to question 7", "same as Q1".
_WHICH = "((my|the|your|previous|earlier|other|last|first|above) )*"
_QUESTION = "((questions?|q)( ?[0-9]+)?|number [0-9]+)"
_OTHER = f"(answers?|responses?|comments?|entry|entries|reply|replies|{_QUESTION})"
_ELSEWHERE = f"""
    (see|as|same as|as in|as per|refer to)( from| in| to)? {_WHICH}{_OTHER}
    ( (to|in|for|from) {_WHICH}{_QUESTION})?( above| below| before| earlier)?
    |as (described|discussed|explained|mentioned|noted|said|stated) (above|already|before|earlier|previously)
    """


def _pattern(alternatives: str) -> str:
    """The lines of a long pattern as one, whose spaces at the ends of lines mean nothing."""
    return f"({''.join(line.strip() for line in alternatives.splitlines())})"


_NON_ANSWER = re.compile(
    f"({_pattern(_BEFORE)} )*({_pattern(_WORDINGS)}|{_pattern(_ELSEWHERE)})( {_pattern(_AFTER)})*|{_pattern(_MARKS)}|"
)
_LETTERS = re.compile(r"[^a-z0-9]+")


def _folded(text: str) -> str:
    return _LETTERS.sub(" ", text.casefold().replace("'", "").replace("’", "")).strip()


def is_non_answer(text: str, more: tuple[str, ...] = ()) -> bool:
    """True for answers that say nothing, such as "n/a", "See above." or "-"."""
    folded = _folded(text)
    return _NON_ANSWER.fullmatch(folded) is not None or folded in {_folded(wording) for wording in more}


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
