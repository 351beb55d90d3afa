"""The codebook: people's decisions are law, and their file stays theirs."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.codebook import Codebook, State, apply_codebook, found_in, propose, read_codebook, write_codebook
from pipeline.codebook.state import Decided, Step, refs
from pipeline.errors import ConfigError
from pipeline.tables import ASSIGNMENTS, CODED_ASSIGNMENTS, CODED_THEMES, THEMES, check, conform
from tests.fakes import passages_table
from tests.helpers.files import edit


def themes(source: str = "machine", **labels: str) -> pd.DataFrame:
    rows = [
        {"theme_id": theme, "label": label, "keywords": f"{theme} word", "low_confidence": True, "n_passages": 2}
        for theme, label in labels.items()
    ]
    told = {"n_contributors": 1, "description": "", "heading": "", "question_id": "", "label_source": source}
    return conform(pd.DataFrame(rows).assign(**told), THEMES)


FOUND = themes(T01="Poor signal", T02="Slow: laptops # all", T03="Too many passwords")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write_codebook(tmp_path / "codebook.yaml", propose(FOUND))
    return tmp_path / "codebook.yaml"


def read(path: Path) -> Codebook:
    book = read_codebook(path)
    assert book is not None
    return book


def test_no_file_is_no_codebook(tmp_path: Path) -> None:
    assert read_codebook(tmp_path / "codebook.yaml") is None


def test_the_first_run_lists_every_theme_and_decides_nothing(path: Path) -> None:
    book = read(path)
    assert [(code.id, code.label) for code in book.themes] == list(zip(FOUND["theme_id"], FOUND["label"], strict=True))
    assert book == propose(FOUND)
    assert book.decisions() == []
    assert "merge_into" in path.read_text("utf-8").split("themes:\n")[0], "the header teaches how to merge"


def test_an_unchanged_codebook_is_not_written(path: Path) -> None:
    before = path.stat().st_mtime_ns
    write_codebook(path, propose(FOUND, read(path)))
    assert path.stat().st_mtime_ns == before


def test_a_rename_survives_runs_that_find_other_labels(path: Path) -> None:
    edit(path, "label: Poor signal", "label: Rural coverage   # agreed with the board")
    for label in ("Bad signal", "Rural coverage", "Weak signal"):
        write_codebook(path, propose(themes(T01=label, T02="Slow: laptops # all"), read(path)))
        code = read(path).themes[0]
        assert (code.label, code.machine_label) == ("Rural coverage", label)
        assert code.is_named_by_person
    assert "# agreed with the board" in path.read_text("utf-8")


def test_a_machine_label_follows_the_machine(path: Path) -> None:
    write_codebook(path, propose(themes(T01="Weak signal"), read(path)))
    assert read(path).themes[0].label == "Weak signal"
    assert not read(path).themes[0].is_named_by_person


def test_who_proposed_a_label_is_listed_until_a_person_names_the_theme(path: Path) -> None:
    edit(path, "label: Too many passwords", "label: Passwords")
    for source in ("endpoint", "machine", "endpoint"):
        found = themes(source, T01="Bad signal", T03="Log-in", T04="Duplicate forms")
        write_codebook(path, propose(found, read(path)))
        sources = {code.id: code.label_source for code in read(path).themes}
        assert sources == {"T01": source, "T02": "machine", "T03": "person", "T04": source}
    edit(path, "named_by: endpoint", "named_by: person")
    assert read(path).themes[0].label_source == "person"


def test_new_themes_are_appended_and_the_rest_is_untouched_byte_for_byte(path: Path) -> None:
    edit(path, "  - id: T02\n", "\n  # ours: do not touch\n  - id: T02  # laptops\n    description: 'Kit'\n")
    before = path.read_bytes()
    more = pd.concat([FOUND, themes(T04="Duplicate forms")], ignore_index=True)
    write_codebook(path, propose(more, read(path)))
    assert path.read_bytes().startswith(before)
    assert read(path).themes[-1].id == "T04"
    assert read(path).themes[1].description == "Kit"


def test_a_vanished_theme_is_marked_stale_and_comes_back(path: Path) -> None:
    before = path.read_bytes()
    write_codebook(path, propose(themes(T01="Poor signal", T03="Too many passwords"), read(path)))
    assert [code.stale for code in read(path).themes] == [False, True, False]
    write_codebook(path, propose(FOUND, read(path)))
    assert path.read_bytes() == before


def test_a_layout_of_a_persons_own_is_read_and_extended(path: Path) -> None:
    path.write_text("themes: [{label: Mine, id: T01, machine_label: Poor signal}]", "utf-8")
    write_codebook(path, propose(FOUND, read(path)))
    assert [code.label for code in read(path).themes] == ["Mine", "Slow: laptops # all", "Too many passwords"]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("label: Poor signal", "label: Poor signal\n    colour: red", "not a setting"),
        ("id: T02", "id: T01", "same id"),
        ("id: T01\n", "id: T01\n    merge_into: T09\n", "not in the file"),
        ("id: T01\n", "id: T01\n    merge_into: T01\n", "into itself"),
        ("id: T01", "id: radios", "T\\[0-9\\]"),
        ("label: Poor signal\n", "label: [\n", "not valid YAML"),
    ],
)
def test_mistakes_are_refused_by_place_and_never_by_value(path: Path, old: str, new: str, complaint: str) -> None:
    edit(path, old, new)
    with pytest.raises(ConfigError, match=complaint) as raised:
        read_codebook(path)
    assert "Poor signal" not in str(raised.value)
    assert "red" not in str(raised.value).split()


def test_all_mistakes_are_reported_at_once(path: Path) -> None:
    edit(path, "label: Poor signal", "label: ''")
    edit(path, "label: Too many passwords", "set_aside: perhaps")
    with pytest.raises(ConfigError) as raised:
        read_codebook(path)
    assert len(raised.value.messages) >= 2


def test_a_merge_in_a_circle_is_refused(path: Path) -> None:
    edit(path, "id: T01\n", "id: T01\n    merge_into: T02\n")
    edit(path, "id: T02\n", "id: T02\n    merge_into: T01\n")
    with pytest.raises(ConfigError, match="into itself"):
        read_codebook(path)


PASSAGES = passages_table([f"answer {n}" for n in range(7)], contributors=["a", "b", "a", "c", "c", "d", "e"])
IN_ORDER = sorted(PASSAGES["passage_id"], key=lambda p: PASSAGES.set_index("passage_id").loc[p, "text"])
ASSIGNED = conform(
    pd.DataFrame({"passage_id": IN_ORDER, "theme_id": ["T01", "T01", "T02", "T02", "T03", "T03", ""]}).assign(
        rank=1, similarity=0.5, margin=0.1
    ),
    ASSIGNMENTS,
)


def coded(path: Path) -> tuple[pd.DataFrame, dict[str, str]]:
    table, assignments = apply_codebook(read(path), FOUND, ASSIGNED, PASSAGES)
    check(table, CODED_THEMES)
    check(assignments, CODED_ASSIGNMENTS)
    assert set(assignments["passage_id"]) == set(PASSAGES["passage_id"])
    return table.set_index("theme_id"), dict(zip(assignments["passage_id"], assignments["theme_id"], strict=True))


def test_without_decisions_nothing_changes(path: Path) -> None:
    table, assignments = coded(path)
    assert list(table["label"]) == list(FOUND["label"])
    assert assignments == dict(zip(ASSIGNED["passage_id"], ASSIGNED["theme_id"], strict=True))
    none, _ = apply_codebook(None, FOUND, ASSIGNED, PASSAGES)
    assert list(none["label"]) == list(FOUND["label"])
    assert list(none["n_contributors"]) == [2, 2, 2]


def test_coded_themes_say_who_named_them(path: Path) -> None:
    edit(path, "label: Poor signal", "label: Ours")
    found = themes("endpoint", **dict(zip(FOUND["theme_id"], FOUND["label"], strict=True)))
    table, _ = apply_codebook(read(path), found, ASSIGNED, PASSAGES)
    assert table["label_source"].tolist() == ["person", "endpoint", "endpoint"]


def test_merges_go_all_the_way_and_count_people_once(path: Path) -> None:
    edit(path, "id: T01\n", "id: T01\n    merge_into: T02\n")
    edit(path, "id: T02\n", "id: T02\n    merge_into: T03\n")
    edit(path, "label: Too many passwords", "label: Everything else")
    table, assignments = coded(path)
    assert list(table.index) == ["T03"]
    assert (table.loc["T03", "n_passages"], table.loc["T03", "n_contributors"]) == (6, 4)
    assert table.loc["T03", "label"] == "Everything else"
    assert not table.loc["T03", "low_confidence"]
    assert [assignments[p] for p in IN_ORDER] == ["T03"] * 6 + [""]


def test_a_theme_set_aside_leaves_its_passages_unassigned(path: Path) -> None:
    edit(path, "id: T02\n", "id: T02\n    set_aside: true\n")
    edit(path, "id: T01\n", "id: T01\n    merge_into: T02\n")
    table, assignments = coded(path)
    assert list(table.index) == ["T03"]
    assert [assignments[p] for p in IN_ORDER] == [""] * 4 + ["T03"] * 2 + [""]
    assert len(read(path).decisions()) == 2


def test_a_merge_into_a_theme_of_an_earlier_run_brings_it_back(path: Path) -> None:
    edit(path, "id: T01\n", "id: T01\n    merge_into: T03\n")
    write_codebook(path, propose(themes(T01="Poor signal", T02="Slow: laptops # all"), read(path)))
    table, _ = apply_codebook(
        read(path),
        FOUND[FOUND["theme_id"] != "T03"],
        ASSIGNED.assign(theme_id=ASSIGNED["theme_id"].replace("T03", "")),
        PASSAGES,
    )
    labels = dict(zip(table["theme_id"], table["label"], strict=True))
    assert labels == {"T02": "Slow: laptops # all", "T03": "Too many passwords"}


def test_nothing_found(tmp_path: Path) -> None:
    table, assignments = apply_codebook(None, THEMES.empty(), ASSIGNMENTS.empty(), passages_table([]))
    assert len(table) == len(assignments) == 0
    write_codebook(tmp_path / "codebook.yaml", propose(THEMES.empty()))
    assert read(tmp_path / "codebook.yaml").themes == ()
    write_codebook(tmp_path / "codebook.yaml", propose(FOUND, read(tmp_path / "codebook.yaml")))
    assert len(read(tmp_path / "codebook.yaml").themes) == 3


def test_a_circle_further_on_is_refused_too(path: Path) -> None:
    edit(path, "id: T01\n", "id: T01\n    merge_into: T02\n")
    edit(path, "id: T02\n", "id: T02\n    merge_into: T03\n")
    edit(path, "id: T03\n", "id: T03\n    merge_into: T02\n")
    with pytest.raises(ConfigError, match="into itself"):
        read_codebook(path)


def test_one_label_for_two_themes_is_refused_unless_they_are_merged(path: Path) -> None:
    edit(path, "label: Poor signal", "label: Our radios")
    edit(path, "label: Too many passwords", "label: our Radios")
    with pytest.raises(ConfigError, match="same label"):
        read_codebook(path)
    edit(path, "id: T03\n", "id: T03\n    merge_into: T01\n")
    assert len(read(path).themes) == 3


def test_a_theme_set_aside_stays_out_even_where_it_was_merged_before(path: Path) -> None:
    edit(path, "id: T01\n", "id: T01\n    merge_into: T02\n    set_aside: true\n")
    table, assignments = coded(path)
    assert list(table.index) == ["T02", "T03"]
    assert [assignments[p] for p in IN_ORDER] == ["", "", "T02", "T02", "T03", "T03", ""]


def test_every_decision_counts_as_one(path: Path) -> None:
    """The codebook stage is done again if and only if these change."""
    edit(path, "label: Poor signal", "label: Rural coverage")
    edit(path, "id: T02\n", "id: T02\n    set_aside: true\n    description: Kit\n")
    edit(path, "id: T03\n", "id: T03\n    merge_into: T01\n")
    assert read(path).decisions() == [
        {"id": "T01", "label": "Rural coverage", "description": "", "merge_into": None, "set_aside": False},
        {"id": "T02", "label": "", "description": "Kit", "merge_into": None, "set_aside": True},
        {"id": "T03", "label": "", "description": "", "merge_into": "T01", "set_aside": False},
    ]


ASKED = PASSAGES.assign(question_id=PASSAGES["passage_id"].map(dict(zip(IN_ORDER, "aabbbbb", strict=True))))
PER_QUESTION = FOUND.assign(question_id=["a", "b", "b"])


def questions(path: Path, found: pd.DataFrame = PER_QUESTION) -> dict[str, str]:
    table, _ = apply_codebook(read(path), found, ASSIGNED, ASKED)
    return dict(zip(table["theme_id"], table["question_id"], strict=True))


def test_the_codebook_says_which_question_a_theme_is_of(path: Path) -> None:
    assert "question:" not in path.read_text("utf-8")
    write_codebook(path, propose(PER_QUESTION, read(path)))
    assert [code.question for code in read(path).themes] == ["a", "b", "b"]
    assert read(path).decisions() == []  # that is the machine's to say
    write_codebook(path, propose(FOUND, read(path)))
    assert "question:" not in path.read_text("utf-8")


def test_a_theme_keeps_its_question_until_it_is_merged_across(path: Path) -> None:
    assert questions(path) == {"T01": "a", "T02": "b", "T03": "b"}
    edit(path, "id: T03\n", "id: T03\n    merge_into: T02\n")
    assert questions(path) == {"T01": "a", "T02": "b"}
    edit(path, "id: T02\n", "id: T02\n    merge_into: T01\n")
    assert questions(path) == {"T01": ""}
    assert questions(path, FOUND) == {"T01": ""}


def test_a_theme_that_people_made_is_of_the_question_all_its_passages_answer() -> None:
    def of(passages: list[str], found: pd.DataFrame = PER_QUESTION) -> tuple[str, dict[str, str]]:
        refs_of = refs(ASKED)
        placed = tuple(Step(refs_of[passage], "e", put=("T09",), only=True) for passage in passages)
        state = State({"T09": Decided("T09", label="Kit", added=True)}, steps=placed)
        table, _ = apply_codebook(Codebook(), found, ASSIGNED, ASKED, state)
        return table.set_index("theme_id")["question_id"]["T09"], found_in(state, found)

    known = {"T01": "a", "T02": "b", "T03": "b"}
    assert of(IN_ORDER[:1]) == ("a", known)
    assert of(IN_ORDER[:3]) == ("", known)
    assert of(IN_ORDER[:1], FOUND) == ("", {})
    followed = pd.concat([PER_QUESTION, PER_QUESTION.iloc[:1].assign(theme_id="T09")], ignore_index=True)
    assert of(IN_ORDER[:3], followed) == ("", known)  # the machine found more like it in one question


@pytest.mark.parametrize("label", ["(unnamed theme)", "(unnamed theme 2)", ""])
def test_a_theme_without_a_name_has_a_working_title(label: str, path: Path) -> None:
    edit(path, "label: Poor signal", f"label: {label or 'T01'}")
    table, _ = coded(path)
    assert table.loc["T01", "low_confidence"], "whoever wrote it: it is no name"
    sure = FOUND.assign(low_confidence=False, label=[label or "T01", *FOUND["label"][1:]])
    table, _ = apply_codebook(None, sure, ASSIGNED, PASSAGES)
    assert table["low_confidence"].tolist() == [True, False, False]
