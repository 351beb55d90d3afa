"""A run's review as its reviewers need it: what was said, what is proposed, and what else the same person said.

Everything here holds original text: it comes from private/ and may go nowhere else.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import pandas as pd

from pipeline.disclosure import attribution_lines, shown_groups
from pipeline.redaction.documents import Span
from pipeline.redaction.unknown import COMMON, REASON, unknown_words
from pipeline.review.applying import redacted_text
from pipeline.review.decisions import Decision, Extent
from pipeline.review.vocabulary import CHANGED, REASONS_IN_WORDS, is_waiting
from pipeline.store import Run
from pipeline.study import Disclosure
from pipeline.tables import records

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


class Which(StrEnum):
    """Which segments a reviewer is shown."""

    WAITING = "waiting"  # a reason, and no decision in force
    DECIDED = "decided"
    QUOTED = "quoted"  # in the draft bank, whether or not there was a reason to look


@dataclass(frozen=True)
class Case:
    """One segment for a person to look at."""

    segment_id: str
    document_id: str
    contributor_id: str
    reasons: str
    original: str
    proposal: tuple[Span, ...]
    protected: tuple[Extent, ...]
    text_key: str
    check: str
    decision: Decision | None = None  # in force
    question: str = ""
    attribution: str = ""  # what the contributor agreed to
    shown_as: str = ""  # how readers would see them
    crowd: int = 0  # non-attributable contributors that readers would see described alike
    doubtful: tuple[str, ...] = ()  # words left standing that may be names
    others: tuple[str, ...] = ()  # their other passages, redacted


def all_cases(run: Run, decisions: Mapping[str, Decision]) -> dict[str, Case]:
    """Segment id → case, for every segment that a contributor said; with nothing but what an import must check."""
    originals = dict(zip(*(run.read("documents")[name] for name in ("document_id", "text")), strict=True))
    segments = {row["segment_id"]: row for row in records(run.read("segments"))}
    cases: dict[str, Case] = {}
    for row in records(run.read("reviews")):
        segment = segments[row["segment_id"]]
        cases[row["segment_id"]] = Case(
            segment_id=row["segment_id"],
            document_id=row["document_id"],
            contributor_id=segment["contributor_id"],
            reasons=row["reasons"],
            original=originals[row["document_id"]][segment["start"] : segment["end"]],
            proposal=tuple(Span(**span) for span in json.loads(row["proposal"])),
            protected=tuple((start, end) for start, end in json.loads(row["protected"])),
            text_key=row["text_key"],
            check=row["check"],
            decision=decisions.get(row["segment_id"]) if row["state"] in ("decided", "dropped") else None,
        )
    return cases


def chosen_cases(run: Run, decisions: Mapping[str, Decision], disclosure: Disclosure, which: Which) -> list[Case]:
    """The cases of one kind with their context, the most worrying first. Only what could be quoted at all is asked."""
    passages, attributions = run.read("passages"), run.read("attributions")
    questions = run.read("questions").set_index("question_id")["text"].to_dict()
    asked = dict(zip(passages["segment_id"], passages["question_id"], strict=True))
    groups = shown_groups(attributions, passages, disclosure)
    lines = attribution_lines(attributions, groups)
    consents = attributions.set_index("contributor_id")["attribution"].to_dict()
    crowds = _crowds(attributions, passages, groups)
    said: dict[str, list[tuple[str, str]]] = {}
    for row in records(passages.sort_values(["document_id", "start"])):
        said.setdefault(row["contributor_id"], []).append((row["segment_id"], row["text"]))
    states = {row["segment_id"]: row["state"] for row in records(run.read("reviews"))}
    wanted = _wanted(run, which, states, passages)
    cases = [
        replace(
            case,
            question=questions.get(asked[case.segment_id], ""),
            attribution=consents[case.contributor_id],
            shown_as=lines[case.contributor_id],
            crowd=crowds.get(case.contributor_id, 0),
            others=tuple(text for segment, text in said[case.contributor_id] if segment != case.segment_id),
        )
        for case in all_cases(run, decisions).values()
        if case.segment_id in wanted
    ]
    words = _doubtful_words(cases, list(run.read("redacted_documents")["text"]))
    cases = [replace(case, doubtful=words.get(case.segment_id, ())) for case in cases]
    place = {segment: n for n, segment in enumerate(run.read("segments")["segment_id"])}
    return sorted(cases, key=lambda case: (worry(case.reasons), place[case.segment_id]))


def worry(reasons: str) -> tuple[int, int]:
    """Sorts the most worrying reasons first; of equal ones, more of them."""
    order = list(REASONS_IN_WORDS)
    given = [order.index(reason) if reason in order else 0 for reason in reasons.split(",") if reason]
    return (min(given, default=len(order)), -len(given))


def _wanted(run: Run, which: Which, states: Mapping[str, str], passages: pd.DataFrame) -> set[str]:
    if which is Which.QUOTED:
        quoted = set(run.read("quotes")["passage_id"])
        return set(passages.loc[passages["passage_id"].isin(quoted), "segment_id"])
    wanted = ("waiting", "void") if which is Which.WAITING else ("decided", "dropped")
    return {segment for segment in passages["segment_id"] if states.get(segment) in wanted}


def _doubtful_words(cases: list[Case], documents: list[str]) -> dict[str, tuple[str, ...]]:
    """Segment id → words left standing in its proposed text that may be names, without those that many use."""
    found: dict[str, set[str]] = {}
    for case in cases:
        text = redacted_text(case.original, case.proposal)
        casefolded = unknown_words(text) if REASON in case.reasons.split(",") else set[str]()
        found[case.segment_id] = {word for word in _WORD.findall(text) if word.casefold() in casefolded}
    wanted = set[str]().union(*found.values())
    documents_with = Counter(word for text in documents for word in wanted & set(_WORD.findall(text)))
    return {
        segment: tuple(sorted(word for word in words if documents_with[word] < COMMON))
        for segment, words in found.items()
    }


def _crowds(attributions: pd.DataFrame, passages: pd.DataFrame, groups: Mapping[str, str]) -> dict[str, int]:
    """Non-attributable contributor → how many of them share the description that readers would see."""
    speaking = set(passages["contributor_id"])
    hidden = [
        str(person)
        for person, attribution in zip(attributions["contributor_id"], attributions["attribution"], strict=True)
        if attribution == "non_attributable" and person in speaking
    ]
    sizes = pd.Series([groups[person] for person in hidden], dtype="str").value_counts()
    return {person: int(sizes[groups[person]]) for person in hidden}


def count_waiting(run: Run) -> tuple[int, int]:
    """How many segments wait for a person, and how many of them were decided when they read differently.

    From working tables alone: private/ may be gone.
    """
    if run.entry("split") is None:
        return 0, 0
    reasons = run.read("passages").drop_duplicates("segment_id")["review"]
    waiting = [given for given in map(str, reasons) if is_waiting(given)]
    return len(waiting), sum(CHANGED in given.split(",") for given in waiting)
