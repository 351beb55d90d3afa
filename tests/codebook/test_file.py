"""codebook.yaml with lists and prose in it: read as people write it, changed only where it differs."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.codebook import Code, Codebook, read_codebook, write_codebook
from pipeline.codebook.events import dated
from pipeline.codebook.hand_edits import hand_edits, shown
from pipeline.codebook.replay import replay
from pipeline.codebook.state import State
from pipeline.errors import ConfigError

OURS = """\
# Our codebook, agreed in March

themes:
  - id: T01   # the radios
    label: 'Poor signal'   # agreed with the board
    machine_label: Bad signal
    definition: >
      Whether a radio can be heard,
      indoors and out.

    # when in doubt, ask
    include:
    - Dead zones.   # as in 2024
    - Masts.
    exclude: Flat batteries go to T02.
    seeds: [no signal, "dead: zone"]

  # ── kit ──
  - id: T02
    label: Flat batteries
    machine_label: Flat batteries
    examples:
      - |
        Two hours,
        and it was dead.
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "codebook.yaml").write_text(OURS, "utf-8")
    return tmp_path / "codebook.yaml"


def read(path: Path) -> Codebook:
    book = read_codebook(path)
    assert book is not None
    return book


def changed(book: Codebook, theme: str, **values: object) -> Codebook:
    return Codebook(themes=tuple(c.model_copy(update=values) if c.id == theme else c for c in book.themes))


def lines_that_differ(path: Path) -> tuple[set[str], set[str]]:
    before, after = set(OURS.splitlines()), set(path.read_text("utf-8").splitlines())
    return before - after, after - before


def test_lists_and_prose_are_read_as_people_write_them(path: Path) -> None:
    one, other = read(path).themes
    assert one.definition == "Whether a radio can be heard, indoors and out."
    assert (one.include, one.exclude) == (("Dead zones.", "Masts."), ("Flat batteries go to T02.",))
    assert one.seeds == ("no signal", "dead: zone") and other.examples == ("Two hours,\nand it was dead.",)


CHANGES = {
    "a label": ({"label": "Signal"}, {"    label: 'Poor signal'   # agreed with the board"}, {"    label: Signal   # agreed with the board"}),
    "a list": ({"include": ("Masts.",)}, {"    - Dead zones.   # as in 2024", "    - Masts."}, {"      - Masts."}),
    "no list": ({"include": ()}, {"    include:", "    - Dead zones.   # as in 2024", "    - Masts."}, set()),
    "a sentence to a list": ({"exclude": ("A.", "B: c")}, {"    exclude: Flat batteries go to T02."}, {"    exclude:", "      - A.", "      - 'B: c'"}),
    "a list on one line": ({"seeds": ("x",)}, {'    seeds: [no signal, "dead: zone"]'}, {"    seeds:", "      - x"}),
    "prose": (
        {"definition": "First.\n\nSecond."},
        {"    definition: >", "      Whether a radio can be heard,", "      indoors and out."},
        {"    definition: |-", "      First.", "      Second."},
    ),
    "something new": ({"retired": True, "parent": "T02"}, set(), {"    retired: true", "    parent: T02"}),
}  # fmt: skip


@pytest.mark.parametrize("case", CHANGES)
def test_only_the_lines_of_a_changed_value_change(path: Path, case: str) -> None:
    values, gone, new = CHANGES[case]
    wanted = changed(read(path), "T01", **values)
    write_codebook(path, wanted)
    assert read(path) == wanted
    assert lines_that_differ(path) == (gone, new)
    write_codebook(path, wanted)
    assert lines_that_differ(path) == (gone, new)


def test_everything_can_change_at_once_and_back(path: Path) -> None:
    before = read(path)
    wanted = changed(
        before, "T01", label="x", definition="a\nb", include=("c",), exclude=(), seeds=(), examples=("d\ne",)
    )
    wanted = changed(wanted, "T02", set_aside=True, examples=(), label="y")
    wanted = Codebook(themes=(*wanted.themes, Code(id="T03", label="new", definition="p\nq", seeds=("s",))))
    write_codebook(path, wanted)
    assert read(path) == wanted
    kept = path.read_text("utf-8")
    for comment in (
        "# Our codebook, agreed in March",
        "# the radios",
        "# when in doubt, ask",
        "  # ── kit ──",
        "# agreed with",
    ):
        assert comment in kept
    write_codebook(path, before)
    assert (
        read(path) == before
        and "T03" not in path.read_text("utf-8")
        and "# when in doubt, ask" in path.read_text("utf-8")
    )


def test_windows_line_ends_stay(path: Path) -> None:
    path.write_bytes(OURS.replace("\n", "\r\n").encode())
    write_codebook(path, changed(read(path), "T01", include=("Masts.", "Vans."), label="Signal"))
    content = path.read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n") and b"# agreed with the board" in content


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("    seeds:", "    parent: T01\n    seeds:", "own parent"),
        ("    seeds:", "    parent: T09\n    seeds:", "not in the file"),
        ("    seeds: [no signal", "    seeds: [''", "at least 1"),
        ("    examples:\n", "    parent: T03\n    examples:\n", "not in the file"),
    ],
)
def test_mistakes_are_told_by_place(path: Path, old: str, new: str, complaint: str) -> None:
    path.write_text(OURS.replace(old, new), "utf-8")
    with pytest.raises(ConfigError, match=complaint):
        read_codebook(path)


def test_a_third_level_is_refused(path: Path) -> None:
    path.write_text(
        OURS.replace("  - id: T02\n", "  - id: T02\n    parent: T01\n") + "  - {id: T03, label: x, parent: T02}\n",
        "utf-8",
    )
    with pytest.raises(ConfigError, match="two levels"):
        read_codebook(path)


words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).map(str.strip).filter(bool)
lists = st.lists(words, max_size=3).map(tuple)
prose = st.text(st.sampled_from(["a", " ", "\n", ":", "#", "-", "é", "\u2028", "\t", "'"]), max_size=30).map(str.strip)


@given(label=words, definition=prose, include=lists, seeds=lists, merged=st.booleans(), retired=st.booleans())
def test_whatever_a_person_can_say_can_be_written_and_read_back(
    tmp_path_factory: pytest.TempPathFactory, label: str, definition: str, include: tuple[str, ...],
    seeds: tuple[str, ...], merged: bool, retired: bool,
) -> None:  # fmt: skip
    path = tmp_path_factory.mktemp("book") / "codebook.yaml"
    path.write_text(OURS, "utf-8")
    into = "T02" if merged else None
    values = {"definition": definition, "include": include, "seeds": seeds, "merge_into": into, "retired": retired}
    wanted = changed(read(path), "T01", **values, label=label)
    write_codebook(path, wanted)
    assert read(path) == wanted
    assert "# ── kit ──" in path.read_text("utf-8"), "changed in place, not written anew"
    events = dated("file", hand_edits(State(), wanted))
    state = replay(events)
    assert hand_edits(state, wanted) == [], "what became events is in the log"
    assert hand_edits(state, shown(state, wanted)) == []
    assert shown(state, wanted).decisions() == wanted.decisions()
