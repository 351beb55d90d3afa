"""quotebank codebook, as a person types it."""

import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipeline.cli import app
from pipeline.edits import Edits
from pipeline.errors import QuotebankError, RefusedError
from pipeline.steps import run_study
from pipeline.study import Study
from tests import quick
from tests.codebook.test_refi import code, qdc
from tests.edits.studies import five_subjects
from tests.helpers import guard


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("five") / "study"
    five_subjects(root)
    return root


@pytest.fixture
def study(once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(once, tmp_path / "study"))


def type_in(study: Path, command: str, *arguments: str) -> str:
    result: Result = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["codebook", command, str(study), *arguments])
    if isinstance(result.exception, QuotebankError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_themes_go_by_id_or_label_in_any_case(study: Path) -> None:
    type_in(study, "merge", "t04", "poor SIGNAL")
    type_in(study, "pin", "label", "No training")
    type_in(study, "move", *Edits.open(study).members("T05")[:1], "--to", "t03", "--from", "long forms")
    assert [(e["verb"], e.get("theme"), e.get("into"), e.get("to")) for e in Edits.open(study).events] == [
        ("merge", "T04", "T01", None), ("pin", "T03", None, None), ("move", None, None, "T03")
    ]  # fmt: skip
    type_in(study, "restore", "flat batteries")
    for said, remedy in (
        ("Long form", r"T05 \(Long forms\)"),
        ("T77", "codebook show"),
        ("something else", "codebook show"),
    ):
        with pytest.raises(RefusedError, match=f"no theme of this study.*{remedy}"):
            type_in(study, "retire", said)


def test_show_gives_sizes(study: Path) -> None:
    edits = Edits.open(study)
    edits.merge("T04", "T01")
    rows = {line.split()[0]: line for line in type_in(study, "show").splitlines()}
    assert "people  passages" in rows["id"] and re.search(r"Poor signal +16 +16", rows["T01"])
    assert re.search(r"Flat batteries +0 +0 .*merged into T01", rows["T04"])


def test_every_command_does_what_it_says_and_is_in_the_log(study: Path) -> None:
    passages = Edits.open(study).members("T01")
    typed = [
        ("rename", "T01", "Signal [in] valleys".replace("[in] ", ""), "--role", "study lead"),
        ("define", "T01", "--definition", "Radios.", "--include", "a", "--include", "b", "--seed", "no signal"),
        ("merge", "T04", "T02"),
        ("split", "T03", "--passage", Edits.open(study).members("T03")[0], "--label", "Videos"),
        ("move", *passages[:2], "--to", "T05"),
        ("code", passages[2], "--theme", "T05", "--theme", "T01"),
        ("pin", "label", "T05"),
        ("pin", "quote", passages[3]),
        ("unpin", "quote", passages[3]),
        ("retire", "T05"),
        ("restore", "T05"),
        ("set-aside", "T05"),
        ("add", "Heat", "--parent", "T01"),
    ]
    for command, *arguments in typed:
        said = type_in(study, command, *arguments)
        assert re.search(r"\[[0-9a-f]{8}\]", said) and "quotebank run" in said
    said = type_in(study, "log")
    verbs = "rename define merge split move code pin pin unpin retire restore set_aside add".split()
    assert [event["verb"] for event in Edits.open(study).events if event["verb"] != "applied"] == verbs
    assert "study lead" in said and "T04 → T02" in said and "(2 passage(s))" in said
    shown = type_in(study, "show")
    assert "Signal valleys" in shown and "merged into T02" in shown and "set aside" in shown
    undone = type_in(study, "undo", Edits.open(study).events[0]["hash"][:8])
    assert "undone" in undone and "rename (undone)" in type_in(study, "log")


def test_the_question_of_a_theme_is_shown_where_it_has_one(study: Path) -> None:
    assert "question" not in type_in(study, "show").splitlines()[0]
    book = study / "codebook.yaml"
    book.write_text(book.read_text("utf-8").replace("id: T02\n", "id: T02\n    question: hinders\n", 1), "utf-8")
    header, first, second, *_ = type_in(study, "show").splitlines()
    assert header.split()[:3] == ["id", "label", "question"]
    assert "–" in first and "hinders" in second


def test_conflicts_are_shown_with_a_remedy_and_settled(study: Path) -> None:
    assert "No conflicts" in type_in(study, "conflicts")
    passages = Edits.open(study).members("T01")[:2]
    type_in(study, "move", *passages, "--to", "T05")
    assert "1 conflict(s)" in type_in(study, "retire", "T05")
    said = type_in(study, "conflicts")
    assert "T05" in said and "2 passage(s)" in said and "restore" in said
    event = re.findall(r"\[([0-9a-f]{8})\]", said)[0]
    type_in(study, "settle", event)
    assert "No conflicts" in type_in(study, "conflicts")


def test_a_codebook_of_other_software_comes_in(study: Path, tmp_path: Path) -> None:
    path = qdc(tmp_path, code("Kit", code("poor signal")) + code(""), '<Sets><Set guid="1" name="x"/></Sets>')
    said = type_in(study, "import", str(path))
    assert "added" in said and "here already" in said and "has no name" in said and "1 set(s)" in said
    assert Edits.open(study).codebook.get("T06").label == "Kit"  # pyright: ignore[reportOptionalMemberAccess]


def test_a_codebook_of_another_study_comes_in(study: Path, once: Path) -> None:
    said = type_in(study, "import", str(once))
    assert said.count("here already") == 5
    with pytest.raises(QuotebankError, match="name another study"):
        type_in(study, "import", str(once / "sources"))


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("rename", "T77", "x"), "no theme"),
        (("pin", "everything", "T01"), "cannot be pinned"),
        (("rename", "T01", "x", "--role", "Jo Bloggs"), "--role"),
        (("split", "T01", "--parts", "2", "--phrase", "x"), "one of the three"),
    ],
)
def test_mistakes_are_told(study: Path, arguments: tuple[str, ...], complaint: str) -> None:
    with pytest.raises(QuotebankError, match=complaint):
        type_in(study, *arguments)


def test_a_mistake_is_one_line_on_the_terminal(study: Path, tmp_path: Path) -> None:
    ran = guard.run("codebook", "rename", str(study), "T77", "x", home=tmp_path)
    assert ran.code == RefusedError.exit_code and len(ran.err.strip().splitlines()) == 1 and ran.connections == []


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    code = "import sys, pipeline.cli; sys.exit(any(m in sys.modules for m in ('pandas', 'numpy', 'pydantic', 'yaml')))"
    assert guard.run_command([guard.QUOTEBANK[0], "-c", code], home=tmp_path).code == 0


def test_proposals_are_shown_with_how_to_say_yes_or_no(small_study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quick.without_models(monkeypatch)
    run_study(Study.load(small_study))
    with (small_study / "sources" / "answers.csv").open("a", encoding="utf-8") as file:
        file.write('90,No,Police staff,"The radios are dead in the lift."\n')
    run_study(Study.load(small_study))
    with pytest.raises(QuotebankError, match="not proposed"):
        type_in(small_study, "accept", "merge", "T01", "T02")
    said = type_in(small_study, "changes")
    assert "Proposed: merge T" in said and "merge?" not in said
    commands = [line.split()[2:] for line in said.splitlines() if line.strip().startswith("quotebank codebook")]
    assert [command[:3] for command in commands] == [[verb, str(small_study), "merge"] for verb in ("accept", "reject")]
    themes = commands[0][3:]
    assert "not be proposed again" in type_in(small_study, "reject", "merge", *themes)
    assert "Proposed" not in type_in(small_study, "changes")
    type_in(small_study, "undo", Edits.open(small_study).events[-1]["hash"])
    first, *others = reversed(themes)
    assert f"{first} (" in type_in(small_study, "accept", "merge", first, *others)
    assert "Proposed" not in type_in(small_study, "changes")
    assert {code.merge_into for code in Edits.open(small_study).codebook.themes} == {None, first}


def test_what_changed_and_what_to_code_next_are_shown(small_study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quick.without_models(monkeypatch)
    loaded = Study.load(small_study)
    run = run_study(loaded)
    said = type_in(small_study, "changes")
    sizes = run.read("themes").set_index("theme_id").loc["T01"]
    assert re.search(
        rf"T01 .* new +0 → {sizes['n_contributors']} +0 → {sizes['n_passages']} +{sizes['n_passages']} new", said
    )
    assert "Nothing to code" in type_in(small_study, "next")
    texts = run.read("passages")["text"].tolist()
    Edits.open(loaded, encode=lambda found: quick.HashEncoder().encode(list(found))).add("Kit", examples=texts[:2])
    run = run_study(loaded)
    said = type_in(small_study, "next", "-n", "3")
    codings, passages = run.read("codings"), run.read("passages").set_index("passage_id")
    shown = [passage for passage in passages.index if passage in said]
    asked = codings[codings["next"] > 0].sort_values("next")["passage_id"].drop_duplicates()
    assert 1 <= len(shown) <= 3
    assert set(shown) == {p for p in asked if passages.loc[p, "review"] == ""} & set(shown)
    assert all(passages.loc[passage, "text"] in said for passage in shown)
