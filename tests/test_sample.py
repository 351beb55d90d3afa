"""The sample study: what was planted in it by hand must not come out of it."""

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from pipeline.store import Run
from pipeline.study import Study
from tests.conftest import SAMPLE, SampleRun
from tests.privacy.scanner import find

# What is cleared from the words of somebody who agreed to be named or described: other people, numbers, health.
ALWAYS_CLEARED = {
    "PERSON",
    "EMAIL",
    "PHONE",
    "NATIONAL_ID",
    "OFFICER_NUMBER",
    "REFERENCE_NUMBER",
    "VEHICLE",
    "POSTCODE",
}
ALWAYS_CLEARED |= {"ADDRESS", "HANDLE", "HEALTH", "FAMILY", "AGE"}
UNMISTAKABLE = {"EMAIL", "PHONE", "NATIONAL_ID", "REFERENCE_NUMBER", "VEHICLE", "POSTCODE", "HANDLE", "URL", "ADDRESS"}


def fold(text: str) -> str:
    return " ".join(text.casefold().split())


def must_go(row: dict[str, Any]) -> list[str]:
    """The strings of a passage that may not be printed, given what its contributor agreed to."""
    spans = [span for span in row["spans"] if span["must"]]
    if row["consent"] in ("attributable", "role_only"):
        spans = [span for span in spans if span["label"] in ALWAYS_CLEARED]
        names = fold(row["contributor"]["name"]).split() if row["consent"] == "attributable" else []
        own = {*names, "".join(name[:1] for name in names)}
        spans = [
            s
            for s in spans
            if s["label"] != "PERSON" or not set(fold(row["text"][s["start"] : s["end"]]).split()) <= own
        ]
    return [row["text"][span["start"] : span["end"]] for span in spans]


def occurrences(word: str, text: str) -> int:
    return len(re.findall(rf"(?<!\w){re.escape(fold(word))}(?!\w)", fold(text)))


def test_the_study_is_as_rich_as_it_says(gold: list[dict[str, Any]]) -> None:
    survey = [row for row in gold if row["source_type"] == "survey"]
    labels = Counter(span["label"] for row in gold for span in row["spans"] if span["must"])
    assert len({row["document_id"] for row in survey}) == 160
    assert len(labels) == 20 and min(labels.values()) >= 5
    groups = {row["contributor"]["stakeholder_group"] for row in survey}
    assert groups == {"Police officer", "Police staff", "Supplier", "Buyer", "Other stakeholder"}
    assert 0.3 < sum(bool(must_go(row)) for row in survey) / len(survey) < 0.6
    texts = [row["text"] for row in gold if len(row["text"]) > 30]
    assert len(set(texts)) == len(texts)


def test_marks_lie_at_word_edges(gold: list[dict[str, Any]]) -> None:
    for row in gold:
        for place in [*row["spans"], *row["traps"]]:
            before, after = row["text"][: place["start"]], row["text"][place["end"] :]
            inside = row["text"][place["start"] : place["end"]]
            assert inside == inside.strip() != ""
            assert not (before[-1:].isalnum() and inside[0].isalnum()), row["passage_id"]
            assert not (after[:1].isalnum() and inside[-1].isalnum()), row["passage_id"]


def test_the_committed_files_are_what_the_written_study_makes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(SAMPLE / "build.py"), str(tmp_path)], check=True, timeout=120)
    made = {p.relative_to(tmp_path).as_posix(): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    assert len(made) == 9
    assert [name for name, content in made.items() if (SAMPLE / name).read_bytes() != content] == []


def test_the_configuration_reads_every_file() -> None:
    from pipeline.ingest import check_sources

    study = Study.load(SAMPLE)
    problems = check_sources(study)
    assert all(problem.holds and "consent" in problem.what for problem in problems)  # odd wordings are part of it
    assert len(problems) > 5


@pytest.mark.models
@pytest.mark.prefect
class TestTheRun:
    def test_every_file_was_read_and_everybody_was_met(self, sample_run: SampleRun) -> None:
        run = Run.open(sample_run.root)
        assert set(run.read("files")["problem"]) == {""}
        assert len(run.read("contributors")) == 160 + 6
        held = run.read("set_aside").query("stage == 'consent'")["reason"].value_counts()
        assert held.to_dict() == {"consent_missing": 6, "consent_conflicting": 5, "consent_unknown_wording": 6}

    def test_no_placeholder_is_cut_in_two(self, sample_run: SampleRun) -> None:
        run = Run.open(sample_run.root)
        texts = [*run.read("passages")["text"], *run.read("quotes")["text"]]
        whole = run.read("redacted_documents").set_index("document_id")["text"]
        of = run.read("passages").set_index("passage_id")["document_id"]
        texts += [whole[of[row.passage_id]][row.start : row.end] for row in run.read("ideas").itertuples()]
        assert sum("[" in text for text in texts) > 100
        assert [text for text in texts if text.count("[") != text.count("]")] == []

    def test_no_planted_identity_is_in_any_quote(self, sample_run: SampleRun, gold: list[dict[str, Any]]) -> None:
        """Each quote against the hand marks of the very passage it was cut from."""
        run = Run.open(sample_run.root)
        marked = {fold(row["text"]): row for row in gold}
        segments, documents = (
            run.read("segments").set_index("segment_id"),
            run.read("documents").set_index("document_id"),
        )
        passages = run.read("passages").set_index("passage_id")
        leaks, n_checked, n_marked = [], 0, 0
        for quote in run.read("quotes").to_dict("records"):
            segment = segments.loc[passages.loc[quote["passage_id"], "segment_id"]]
            original = documents.loc[segment["document_id"], "text"][segment["start"] : segment["end"]]
            row = marked.get(fold(original))
            if row is None:
                continue
            n_checked += 1
            n_marked += bool(row["spans"])
            for word in must_go(row):
                unmarked = occurrences(word, original) - sum(fold(word) == fold(w) for w in must_go(row))
                if occurrences(word, quote["text"]) > max(unmarked, 0):
                    leaks.append((quote["quote_id"], row["passage_id"], word))
        assert leaks == []
        assert n_checked > 0.9 * len(run.read("quotes")), "too few quotes could be traced for this to prove anything"
        assert n_marked > 10, "no quote came from a passage with identities: nothing was proved"

    def test_no_planted_identity_is_in_any_file(self, sample_run: SampleRun, gold: list[dict[str, Any]]) -> None:
        """Everything unmistakable, and everybody who did not agree to be named, in every decoded byte of the bank."""
        agreed = {fold(row["contributor"]["name"]) for row in gold if row["consent"] == "attributable"}
        words = set()
        for row in gold:
            name, email = row["contributor"]["name"], row["contributor"]["email"]
            words |= {name} if " " in name and fold(name) not in agreed else set()
            words |= {email} if "@" in email else set()
            for span in row["spans"]:
                text = row["text"][span["start"] : span["end"]]
                full_name = span["label"] == "PERSON" and " " in text and not any(fold(text) in name for name in agreed)
                if (
                    span["must"]
                    and len(text) > 4
                    and (full_name or (span["label"] in UNMISTAKABLE and span["label"] in ALWAYS_CLEARED))
                ):
                    words.add(text)
        assert len(words) > 300
        assert find(sample_run.draft, words) == {}

    def test_names_of_files_and_raw_consent_stay_inside(self, sample_run: SampleRun) -> None:
        words = ["officers_and_staff", "partners.csv", "interview_01", "submission_02", "anon pls", "ask my fed rep"]
        assert find(sample_run.draft, words) == {}

    def test_the_summary_says_what_was_held(self, sample_run: SampleRun) -> None:
        facts = json.loads(sample_run.ran.out)
        consent = next(stage for stage in facts["stages"] if stage["stage"] == "consent")
        assert consent["balances"] == [{"unit": "contributor", "in": 166, "out": 149, "set_aside": 17}]
        reasons = {"consent_conflicting": 5, "consent_missing": 6, "consent_unknown_wording": 6}
        assert consent["set_aside"] == {"contributor": reasons}
