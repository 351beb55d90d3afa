"""`quotebank evaluate themes --baseline bertopic` from a CSV to numbers, on answers about four things, made by template."""

import csv
import json
from pathlib import Path

import pytest

from tests.helpers import guard

pytestmark = pytest.mark.models

# of each subject five things and four complaints that go with all of them: twenty answers that share their words crosswise
ANSWERS = {
    "parking": (
        ("The car park", "Parking my car", "Staff parking", "A parking space", "The parking bay by the gate"),
        ("costs me nine pounds a day.", "is impossible after eight.", "is taken by visitors' cars.", "is miles from the door."),
    ),
    "canteen": (
        ("Lunch in the canteen", "The canteen food", "A hot meal at lunch", "The canteen's sandwich", "Food on a late shift"),
        ("is cold and greasy.", "costs more than at home.", "has run out by noon.", "is not fit to eat."),
    ),
    "printers": (
        ("The printer", "Our shared printer", "Printing a page", "The new colour printer", "The printer upstairs"),
        ("jams the paper every time.", "wastes toner and paper.", "needs three tries.", "leaves smears of toner."),
    ),
    "heating": (
        ("The heating", "Our old radiator", "The boiler", "The office heating", "Every radiator in the building"),
        ("is cold all winter.", "breaks down when it freezes.", "never warms the room.", "cannot be turned up in the cold."),
    ),
}  # fmt: skip
TEXTS = [
    (f"{thing} {complaint}", subject)
    for subject, (things, complaints) in ANSWERS.items()
    for thing in things
    for complaint in complaints
]
AGREEMENT = {"ami", "ari", "v", "f1_macro", "f1_weighted", "themes", "unassigned"}
COST = {"fit_seconds", "memory_mb"}


def test_both_are_measured_and_ours_finds_what_people_coded(tmp_path: Path) -> None:
    with (tmp_path / "coded.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("text", "label"), *TEXTS])
    options = ("--baseline", "bertopic", "--trials", "0", "--max-themes", "8", "--json")
    ran = guard.run("evaluate", "themes", str(tmp_path / "coded.csv"), *options, home=tmp_path / "home")
    assert (ran.code, ran.connections) == (0, []), ran.err
    assert not any(text in ran.out + ran.err for text, _ in TEXTS), "numbers only"
    found = json.loads(ran.out)
    assert (found["texts"], found["coded"], found["codes"], found["trials"]) == (80, 80, 4, 0)
    assert list(found["systems"]) == ["quotebank", "BERTopic"]
    for measures in found["systems"].values():
        assert measures.keys() >= AGREEMENT | COST | {"naming", "without"}
        assert measures.keys().isdisjoint({"drop_one", "shuffled", "grown"}), "no trials, nothing of stability"
        assert all(0 <= measures[name] <= 1 for name in ("v", "f1_macro", "f1_weighted", "unassigned", "naming"))
        assert measures["themes"] >= 1 and measures["fit_seconds"] > 0 and measures["memory_mb"] > 0
    ours = found["systems"]["quotebank"]
    assert ours["f1_macro"] > 0.8 and ours["ami"] > 0.8 and ours["naming"] > 0.7, ours
