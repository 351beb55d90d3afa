"""What people decided holds through any number of later runs, whatever the machine finds in them."""

from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pandas as pd
import pytest

from pipeline.codebook import apply_codebook, current_state, known_themes, read_codebook
from pipeline.codebook.applying import coded_assignments
from pipeline.codebook.located import located
from pipeline.edits import Edits
from pipeline.ids import text_hash
from pipeline.tables import CODED_ASSIGNMENTS, CODED_THEMES, check
from tests.edits.studies import bare_study, found, run_found
from tests.fakes import passages_table

N_RUNS = 12


@dataclass
class Expected:
    """What must be true after every run, by words and theme ids."""

    labels: dict[str, str] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    placed: dict[str, tuple[str, ...]] = field(default_factory=dict)  # words → exactly these themes
    parted: dict[str, tuple[str, str]] = field(default_factory=dict)  # words → split into, out of
    closed: dict[str, set[str]] = field(default_factory=dict)  # theme → exactly these words

    def now(self, theme: str) -> str:
        while theme in self.merged:
            theme = self.merged[theme]
        return "" if theme in self.gone else theme


class Machine:
    """Finds something else every time: other labels, other themes, other passages in them, and gives other ids."""

    def __init__(self, random: Random, root: Path) -> None:
        self.random, self.root = random, root
        self.texts = [f"answer number {n} of somebody" for n in range(24)]
        self.themes = ["T01", "T02", "T03", "T04"]

    def run(self, number: int) -> pd.DataFrame:
        random = self.random
        self.texts += [f"answer {number}-{n} of somebody new" for n in range(random.randint(0, 4))]
        if number and random.random() < 0.4:
            highest = max(int(theme[1:]) for theme in known_themes(self.root))
            self.themes.append(f"T{highest + 1:02d}")
        themes = [theme for theme in self.themes if random.random() < 0.85] or self.themes[:1]
        order = random.sample(self.texts, len(self.texts))  # the id of a passage is its row: all ids change
        passages = passages_table(order if random.random() < 0.5 else self.texts)
        if random.random() < 0.3:
            passages = passages.assign(text_hash=[text_hash(str(number), text) for text in passages["text"]])
        placed = {passage: random.choice([*themes, ""]) for passage in passages["passage_id"]}
        labels = {theme: f"Found {theme} in {number}" for theme in themes}
        run_found(self.root, f"run{number:02d}", passages, *found(labels, placed))
        return passages


def decide(random: Random, edits: Edits, expected: Expected, number: int) -> None:
    """One decision of any kind, and what must be true from now on."""
    ids = [
        code.id for code in edits.codebook.themes if expected.now(code.id) == code.id and code.id not in expected.closed
    ]
    passages = edits.material.passages
    words = dict(zip(passages["passage_id"], passages["text"], strict=True))
    free = [p for p in words if not any(words[p] in inside for inside in expected.closed.values())]
    chosen = random.sample(free, min(2, len(free)))
    if len(ids) < 3:
        expected.labels[edits.add(f"Added {number}")] = f"Added {number}"
        return
    one, other = random.sample(ids, 2)
    verb = random.choice(["rename", "merge", "split", "move", "out", "code", "retire", "pin", "add", "by hand"])
    if verb == "rename":
        edits.rename(one, f"Named {number}")
        expected.labels[one] = f"Named {number}"
    elif verb == "by hand":
        path = edits.study.codebook_path
        label = next(code.label for code in edits.codebook.themes if code.id == one)
        path.write_text(
            path.read_text("utf-8").replace(f"    label: {label}\n", f"    label: By hand {number}\n"), "utf-8"
        )
        expected.labels[one] = f"By hand {number}"
    elif verb == "add":
        expected.labels[edits.add(f"Added {number}", seeds=["a phrase"])] = f"Added {number}"
    elif verb == "merge":
        edits.merge(one, other)
        expected.merged[one] = other
    elif verb == "retire":
        edits.retire(one)
        expected.gone.add(one)
    elif verb in ("move", "out"):
        edits.move(chosen, one if verb == "move" else "")
        put(expected, [words[p] for p in chosen], (one,) if verb == "move" else ())
    elif verb == "code":
        edits.code(chosen, [one, other])
        put(expected, [words[p] for p in chosen], (one, other))
    elif verb == "split":
        inside = edits.members(one)
        if len(inside) > 2 and not any(words[p] in expected.placed for p in inside[:2]):
            (new,) = edits.split(one, passages=inside[:2], labels=[f"Part {number}"])
            expected.labels[new] = f"Part {number}"
            expected.parted |= {words[p]: (new, one) for p in inside[:2]}
    elif edits.members(one) and not any(t == one for pair in expected.parted.values() for t in pair):
        edits.pin(one, "membership")
        edits.pin(one, "label")
        expected.labels[one] = next(code.label for code in edits.codebook.themes if code.id == one)
        expected.closed[one] = {words[p] for p in edits.members(one)}


def put(expected: Expected, words: list[str], themes: tuple[str, ...]) -> None:
    for said in words:
        expected.placed[said] = themes
        expected.parted.pop(said, None)


def verify(root: Path, passages: pd.DataFrame, expected: Expected, machine: pd.DataFrame, themes: pd.DataFrame) -> None:
    state, book = current_state(root), read_codebook(root / "codebook.yaml")
    assert book is not None
    table, main = apply_codebook(book, themes, machine, passages, state)
    check(table, CODED_THEMES), check(main, CODED_ASSIGNMENTS)
    rows = coded_assignments(located(state, passages), machine)
    assert set(rows["passage_id"]) == set(passages["passage_id"]), "nothing is lost"
    said = dict(zip(passages["passage_id"], passages["text"], strict=True))
    where: dict[str, list[str]] = {}
    sources: dict[str, set[str]] = {}
    for row in rows.itertuples():
        where.setdefault(said[row.passage_id], []).append(row.theme_id)
        sources.setdefault(said[row.passage_id], set()).add(row.source)
    labels = {code.id: code.label for code in book.themes}
    for theme, label in expected.labels.items():
        assert labels[theme] == label
    coded = dict(zip(table["theme_id"], table["label"], strict=True))
    assert {t: coded[t] for t in coded if t in expected.labels} == {
        t: expected.labels[t] for t in coded if t in expected.labels
    }
    used = {theme for given in where.values() for theme in given}
    assert not used & (expected.gone | set(expected.merged)), "what is merged or retired holds nothing"
    for words, themes_ in expected.placed.items():
        wanted = list(dict.fromkeys(t for t in map(expected.now, themes_) if t)) or [""]
        assert where[words] == wanted and sources[words] == {"person"}
    for words, (new, old) in expected.parted.items():
        now = expected.now(new)
        assert not now or where[words][0] == now
        assert expected.now(old) not in where[words] or expected.now(old) in (now, "")
    for theme, inside in expected.closed.items():
        members = {words for words, given in where.items() if theme in given}
        assert members == inside | {w for w, t in expected.placed.items() if theme in map(expected.now, t)}


@pytest.mark.parametrize("seed", range(6))
def test_every_decision_survives_every_later_run(seed: int, tmp_path: Path) -> None:
    random, root = Random(seed), tmp_path / "study"
    edits = Edits.open(bare_study(root))
    machine, expected = Machine(random, root), Expected()
    for number in range(N_RUNS):
        passages = machine.run(number)
        run = edits.material.run
        verify(root, passages, expected, run.read("assignments"), run.read("themes"))
        for n in range(random.randint(0, 2)):
            decide(random, edits, expected, 10 * number + n)
            verify(root, passages, expected, run.read("assignments"), run.read("themes"))
    assert not [c for c in edits.conflicts if "no longer there" in c.what or "have changed" in c.what]


def test_the_order_of_rows_makes_no_difference(tmp_path: Path) -> None:
    edits = Edits.open(bare_study(tmp_path / "study"))
    passages = Machine(Random(3), edits.study.root).run(0)
    run = edits.material.run
    edits.move(list(passages["passage_id"][:3]), edits.codebook.themes[0].id)
    state, book = edits.state, edits.codebook
    themes, assignments = run.read("themes"), run.read("assignments")
    one = apply_codebook(book, themes, assignments, passages, state)
    other = apply_codebook(book, themes[::-1], assignments.sample(frac=1, random_state=1), passages[::-1], state)
    assert one[0].equals(other[0]) and one[1].equals(other[1])
