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
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    compare(str(study), "--out", str(folder))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before, "the same run, the same bytes"
    assert not any(b"every single morning" in content for content in before.values())


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
