"""What people in interviews say because they were asked with it: like a question's wording, it names no theme."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

import pandas as pd

from pipeline.placeholders import without_placeholders
from pipeline.tables import records
from pipeline.themes.usage import stem

_WORD = re.compile(r"[^\W\d_]+")


def echoes(documents: pd.DataFrame, segments: pd.DataFrame, passages: pd.DataFrame) -> dict[str, str]:
    """Interviewers' words that people only repeat, to be treated as the wordings of questions are.

    A word is one of them if most of those who use it were asked with it: their first use answers a turn that has it. So
    a question to one person takes no word from forty who use it of their own accord.

    Args:
        documents, segments: REDACTED_DOCUMENTS and REDACTED_SEGMENTS.
        passages: PASSAGES.

    Returns:
        A key that no question has → one form of such a word, as a thing and as what is done: "the record" of a question
        may be "recording" in the answer. Empty where nobody is interviewed.
    """
    texts = dict(zip(documents["document_id"], documents["text"], strict=True))
    turns = [
        (turn["document_id"], turn["start"], "", _words(texts[turn["document_id"]][turn["start"] : turn["end"]]))
        for turn in records(segments[segments["speaker"] == "interviewer"])
    ]
    if not turns:
        return {}
    answers = [
        (said["document_id"], said["start"], said["contributor_id"], _words(said["text"])) for said in records(passages)
    ]
    people: dict[str, set[str]] = defaultdict(set)  # stem → those who use it,
    unasked: dict[str, set[str]] = defaultdict(set)  # and of them those who were not asked with it
    for _, talk in groupby(sorted([*turns, *answers]), key=itemgetter(0)):
        for who, word, was_asked in _first_uses((speaker, set(map(stem, words))) for *_, speaker, words in talk):
            people[word].add(who)
            if not was_asked:
                unasked[word].add(who)
    repeated = {word for word, who in people.items() if 2 * len(unasked[word]) < len(who)}
    forms = sorted({word for *_, words in (*turns, *answers) for word in words if stem(word) in repeated})
    return {f"[interviewer: {form}]": f"the {form}, to {form}" for form in forms}


def _words(text: str) -> list[str]:
    return _WORD.findall(without_placeholders(text).casefold())


def _first_uses(talk: Iterable[tuple[str, set[str]]]) -> Iterator[tuple[str, str, bool]]:
    """Who uses a word for the first time in an interview, the word, and whether they were asked with it.

    Turns with no answer between them are one question; passages with no turn between them are one answer.

    Args:
        talk: who speaks, "" for an interviewer, and what words, in order.
    """
    asked: set[str] = set()
    used: set[tuple[str, str]] = set()
    is_answered = True
    for who, words in talk:
        if who:
            new = {(who, word) for word in words} - used
            used |= new
            yield from ((*use, use[1] in asked) for use in sorted(new))
        else:
            asked = words if is_answered else asked | words
        is_answered = bool(who)
