"""A whole run with a language model on this machine to ask for names: a stub that answers well, badly and with names."""

import csv
import json
import re
import socket
from pathlib import Path
from typing import Any

import pytest

from pipeline.reading import endpoint_facts
from pipeline.steps import run_study
from pipeline.store import Run
from pipeline.study import Study
from tests.helpers import guard
from tests.privacy.scanner import find, fold
from tests.themes.test_endpoint import says, serving

# subject → how people complain of it, what the stub calls it, and what becomes of that; "" where it is taken over
SUBJECTS = {
    "radio": ("The radio cuts out inside the custody block", "Custody block radio", ""),
    "laptop": ("My laptop takes ten minutes to start", "Starting the laptop.", ""),
    "form": ("The crime form asks for the same address four times", "Oakhurst's form", "blocked_word"),
    "training": ("Training was one video and a leaflet", "Training of [person]", "placeholder"),
    "parking": ("There is never a parking space for the van", "Parking in 24 spaces", "odd_characters"),
    "uniform": ("The uniform trousers tear at the knee", "Zebras", "unknown_word"),
}
TOLD = {
    "blocked_word": "with a word that may be in no name",
    "placeholder": "with a placeholder",
    "odd_characters": "with figures or odd characters",
    "unknown_word": "with words that too few people of the theme used",
}
TAILS = (
    "on nights", "at weekends", "when it rains", "before every shift", "and it costs us hours", "whatever we do",
    "as everyone on my shift says", "since the spring",
)  # fmt: skip
FIRST = ("Tamsin", "Ewan", "Priya", "Marguerite", "Callum", "Deirdre", "Hamish", "Roisin")
ANIMALS = ("marmoset", "ocelot", "tapir", "pangolin", "wombat", "lemur")  # one each, said by nobody else
LAST = ("Oakhurst", "Pellworth", "Quennell", "Strathearn", "Tollemache", "Uttridge")


def write_study(root: Path, namer: str = "") -> Study:
    """Forty-eight people, eight a subject: of each subject one asked not to be quoted, one was unclear, one waits."""
    (root / "sources").mkdir(parents=True)
    with (root / "sources" / "answers.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["ID", "Name", "Email", "Consent", "Group", "Answer"])
        for row in range(48):
            n, subject = divmod(row, 6)
            first, last = FIRST[n], LAST[row % 6]
            colleague = f"{FIRST[(n + 1) % 8]} {LAST[(row + 1) % 6]}"
            said = f"{list(SUBJECTS.values())[subject][0]} {TAILS[n]}"
            said += {
                0: f", so ring {colleague}.",
                1: ", says the porcupine.",
                2: ", says the walrus.",
                3: f", and my diabetes, says the {ANIMALS[subject]}, is the worse for it.",
            }.get(n, ".")
            consent = {1: "Leave me out", 2: "Perhaps"}.get(n, "Yes" if n % 2 else "No")
            mail = f"{first}.{last}@kent.example".lower()
            table.writerow([row, f"{first} {last}", mail, consent, "Police staff", said])
    (root / "study.yaml").write_text(
        "study: named\ntitle: Named\nsources:\n  - id: answers\n    kind: survey\n    files: sources/*.csv\n"
        "    columns: {respondent: ID, name: Name, email: Email, consent: Consent, group: Group}\n"
        "    questions: [{id: q, text: What gets in the way, columns: [Answer]}]\n"
        "consent: {wording: {'Yes': attributable, 'No': non_attributable, 'Leave me out': do_not_quote}}\n"
        f"themes: {{min_themes: 2, max_themes: 8{namer}}}\n",
        "utf-8",
    )
    return Study.load(root)


def subject_of(told: str) -> str:
    """What most of the quotes are about."""
    return max(SUBJECTS, key=lambda subject: len(re.findall(rf"\b{subject}\b", told.casefold())))


def quotes_in(body: dict[str, Any]) -> list[str]:
    return [line.removeprefix("- ") for line in body["messages"][1]["content"].splitlines() if line.startswith("- ")]


@pytest.mark.prefect
@pytest.mark.models
def test_names_that_pass_are_in_the_bank_and_no_quote_is_sent_that_may_not_be_read(tmp_path: Path) -> None:
    asked: list[str] = []

    def reply(handler: Any) -> None:
        asked.append(subject_of(heard[-1][1]["messages"][1]["content"]))
        says(SUBJECTS[asked[-1]][1])(handler)

    with serving(reply) as (settings, heard):
        study = write_study(tmp_path / "s", f', namer: {{url: "{settings.url}", model: m, timeout_seconds: 60}}')
        ran = guard.run("run", str(study.root), home=tmp_path / "home")
    assert ran.code == 0, ran.err
    assert ran.connections == []
    run = Run.open(study.root)

    themes = run.read("themes")
    proposed = {"Custody block radio", "Starting the laptop"}
    assert sorted(asked) == sorted(SUBJECTS), "each theme once"
    assert set(themes.loc[themes["label_source"] == "endpoint", "label"]) == proposed
    assert len(themes) == len(SUBJECTS) and (themes.loc[~themes["label"].isin(proposed), "label"] != "").all()
    reasons = {reason: 1 for _, _, reason in SUBJECTS.values() if reason}
    assert endpoint_facts(run) == {"proposed": 2, **reasons}
    said, methods = " ".join(ran.out.split()), (run.folder / "draft" / "methods.md").read_text("utf-8")
    assert "Names asked of the endpoint 2 taken over" in said and "Its names: 2 taken over; " in methods
    for reason in reasons:
        assert f"1 {TOLD[reason]}" in said and f"1 {TOLD[reason]}" in methods
    bank = (run.folder / "draft" / "quote_bank.csv").read_text("utf-8-sig")
    assert all(label in bank for label in proposed)
    assert find(run.folder, ["Zebras", "Oakhurst's form", "Parking in 24 spaces"]) == {}, "nothing refused is kept"

    passages, people = run.read("passages"), run.read("attributions").set_index("contributor_id")["quotable"]
    may = (passages["review"] == "") & passages["contributor_id"].map(people)
    waits = passages["text"].str.contains("|".join(ANIMALS))  # the words of some are masked, but their passages wait
    assert waits.any() and not may[waits].any() and (passages["review"] != "").sum() >= 6 and may.sum() >= 24
    released = [" ".join(text.split()) for text in passages.loc[may, "text"]]
    sent = [quote for _, body in heard for quote in quotes_in(body)]
    assert len(sent) >= 24 and [quote for quote in sent if not any(quote in text for text in released)] == []
    everything = fold(json.dumps([body for _, body in heard], ensure_ascii=False))
    assert "[person]" in everything, "a redacted quote is among them"
    for word in (*FIRST, *LAST, "kent.example", "porcupine", "walrus", "diabetes", *ANIMALS):
        assert not re.search(rf"\b{re.escape(word.casefold())}\b", everything), word


@pytest.mark.models
def test_where_nobody_asked_for_it_nothing_connects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reached: list[Any] = []

    def connect(self: socket.socket, address: Any) -> None:
        reached.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    run = run_study(write_study(tmp_path / "s"))
    assert reached == []
    assert set(run.read("themes")["label_source"]) == {"machine"} and endpoint_facts(run) == {}
    assert "was asked for names" not in (run.folder / "draft" / "methods.md").read_text("utf-8")
