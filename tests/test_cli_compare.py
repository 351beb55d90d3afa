"""quotebank compare: what it prints and writes, and that neither holds a word of anybody's."""

import csv
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipeline.cli import app
from pipeline.edits import Edits
from pipeline.errors import ConfigError, RefusedError
from pipeline.steps import run_study
from pipeline.study import Study
from tests import quick
from tests.conftest import SampleRun
from tests.helpers import guard


@pytest.fixture
def study(small_study: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Forty-eight people of two groups; six themes of eight people, four of each group."""
    quick.without_models(monkeypatch)
    path = small_study / "study.yaml"
    path.write_text(path.read_text("utf-8") + "disclosure: {min_group: 4}\n", "utf-8")
    run_study(Study.load(small_study))
    return small_study


def compare(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["compare", *arguments], catch_exceptions=True, env={"COLUMNS": "140"})


def test_it_prints_a_table_in_words_and_says_what_is_left_out(study: Path) -> None:
    said = compare(str(study)).output
    assert "Police officer" in said and "24 people" in said
    assert "some" in said and "Suppressed: " in said and "brought no new theme" in said
    assert "every single morning" not in said, "no passage is shown"


def test_it_writes_a_spreadsheet_and_figures_closed_to_others(study: Path) -> None:
    folder = study / "compared"
    said = compare(str(study), "--out", str(folder), "--json")
    names = {path.name for path in folder.iterdir()}
    figures = {
        f"{name}.{kind}"
        for name in ("prevalence", "by_group", "together", "saturation", "theme_map")
        for kind in ("png", "svg")
    }
    assert names == figures | {"comparison.csv"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    printed = json.loads(said.stdout)
    assert {Path(file).name for file in printed["files"]} == names
    rows = list(csv.DictReader((folder / "comparison.csv").read_text("utf-8-sig").splitlines()))
    assert len(rows) == len(printed["overall"]) + len(printed["cells"])
    curve = printed["saturation"]["curve"]
    assert [point["people"] for point in curve] == list(range(1, 49)) and curve[-1]["themes"] == 6
    assert sum(point["new"] for point in curve) == pytest.approx(6, abs=0.01)
    for row in (*printed["overall"], *printed["cells"], *rows):
        shares = [row[name] for name in ("passage_low", "passage_share", "passage_high")]
        assert (
            shares in ([None] * 3, [""] * 3) if row["passages"] in (None, "") else shares == sorted(shares, key=float)
        )
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    compare(str(study), "--out", str(folder))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before, "the same run, the same bytes"
    assert not any(b"every single morning" in content for content in before.values())


def test_waves_are_also_drawn_as_a_lineage(small_study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quick.without_models(monkeypatch)
    sources, path = small_study / "sources", small_study / "study.yaml"
    rows = (sources / "answers.csv").read_text("utf-8").splitlines()
    (sources / "later.csv").write_text("\n".join([rows[0], *rows[13:]]) + "\n", "utf-8")
    first = path.read_text("utf-8").split("  - id: answers\n")[1].split("consent:\n")[0]
    second = "  - id: later\n    wave: 2\n" + first.replace("answers.csv", "later.csv").replace("id: q,", "id: q2,")
    text = path.read_text("utf-8").replace("consent:\n", second + "consent:\n", 1)
    path.write_text(text + "disclosure: {min_group: 4}\n", "utf-8")
    run_study(Study.load(small_study))
    folder = small_study / "compared"
    compare(str(small_study), "--by", "wave", "--out", str(folder))
    drawn = (folder / "lineage.svg").read_text("utf-8")
    assert (folder / "lineage.png").is_file() and "wave 1: 48; wave 2: 36" in drawn
    compare(str(small_study), "--by", "group", "--out", str(small_study / "by_group"))
    assert not (small_study / "by_group" / "lineage.svg").exists()


def test_headings_stand_in_place_of_their_themes(study: Path) -> None:
    refused = compare(str(study), "--headings").exception
    assert isinstance(refused, ConfigError) and "no theme of this run stands under one" in str(refused)
    edits = Edits.open(study)
    edits.rename("T02", "Kit")
    edits.define("T01", parent="T02")
    edits.define("T03", parent="T02")
    run_study(Study.load(study))
    themes, headings = (json.loads(compare(str(study), "--json", *more).stdout) for more in ((), ("--headings",)))
    people = {row["theme"]: (row["people"], row["of"]) for row in headings["overall"]}
    assert people["Kit"] == (24, 48) and len(people) == 4 and len(themes["overall"]) == 6
    assert {row["theme_id"] for row in headings["cells"]} == {"H01", "T04", "T05", "T06"}
    said = compare(str(study), "--headings", "--out", str(study / "above")).output
    assert "heading " in said and "Kit" in (study / "above" / "by_group.svg").read_text("utf-8")


def test_every_axis_and_mistakes(study: Path, tmp_path: Path) -> None:
    for by in ("group", "force-type", "question", "wave"):
        printed = json.loads(compare(str(study), "--by", by, "--json").stdout)
        assert printed["by"] == by and printed["overall"][0]["of"] == 48
    assert isinstance(compare(str(study), "--by", "colour").exception, ConfigError)
    assert isinstance(compare(str(study), "--out", str(study / "study.yaml")).exception, ConfigError)
    assert isinstance(compare(str(study), "--out", str(tmp_path / "no" / "where")).exception, ConfigError)


def test_a_study_that_never_ran_is_refused(small_study: Path) -> None:
    assert isinstance(compare(str(small_study)).exception, RefusedError)


def test_figures_are_the_same_bytes_in_another_process() -> None:
    code = (
        "import sys, hashlib; from tests.comparison.helpers import drawn; from pipeline.comparison import compare; "
        "from pipeline.figures import heat_map, figure_bytes; "
        "f = heat_map(compare(drawn({'A': 40, 'B': 30}, {'A': (.3, .5), 'B': (.6, .5)}, 1), 'group', 6)); "
        "print(hashlib.sha256(figure_bytes(f, 'svg') + figure_bytes(f, 'png')).hexdigest())"
    )
    run = [sys.executable, "-c", code]
    seen = {
        subprocess.run(
            run, cwd=guard.ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1


@pytest.mark.models
def test_the_sample_study_compared(sample_run: SampleRun, tmp_path: Path) -> None:
    ran = guard.run("compare", str(sample_run.root), "--out", str(tmp_path / "out"), "--json", home=sample_run.home)
    assert ran.code == 0, ran.err
    assert ran.connections == []
    printed = json.loads(ran.out)
    assert printed["min_group"] == 6 and len(printed["levels"]) == 5
    assert all(cell["people"] is None for cell in printed["cells"] if not cell["shown"])
    assert (tmp_path / "out" / "by_group.svg").is_file()
