"""A new study: closed to others, kept out of version control, and never over one that is there."""

import stat
import subprocess
from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.scaffold import CONTRIBUTORS_CSV, scaffold
from pipeline.study import Study

EXPORT = "Name,May we quote you?,What gets in the way?\n" + "".join(
    f"Jo Fenn {n},Yes,Everything about the {n} radios that we have been given this year.\n" for n in range(20)
)


def test_everything_is_there_and_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "My Study – 2"
    written = scaffold(folder)
    assert {path.name for path in written} == {"study.yaml", "contributors.csv", ".gitignore"}
    assert Study.load(folder).title == "My Study – 2"
    for path in (*written, folder / "sources", folder / "private"):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path
    assert (folder / "contributors.csv").read_text("utf-8") == CONTRIBUTORS_CSV


def test_a_study_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text("study: mine")
    with pytest.raises(ConfigError, match="holds a study already"):
        scaffold(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["study.yaml"]
    assert (tmp_path / "study.yaml").read_text() == "study: mine"


def test_files_that_are_there_are_kept(tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    export.write_text(EXPORT, "utf-8")
    folder = tmp_path / "new"
    (folder / "sources").mkdir(parents=True)
    (folder / "contributors.csv").write_text("ours")
    (folder / "sources" / "export.csv").write_text("ours")
    scaffold(folder, export)
    assert (folder / "contributors.csv").read_text() == (folder / "sources" / "export.csv").read_text() == "ours"


def test_an_export_is_copied_in_and_closed_to_others(tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    export.write_text(EXPORT, "utf-8")
    export.chmod(0o644)
    scaffold(tmp_path / "new", export)
    copy = tmp_path / "new" / "sources" / "export.csv"
    assert copy.read_bytes() == export.read_bytes()
    assert not stat.S_IMODE(copy.stat().st_mode) & 0o077


def test_version_control_takes_the_configuration_and_nobodys_words(tmp_path: Path) -> None:
    scaffold(tmp_path)
    for name in (
        "private/key",
        "runs/1/draft/quote_bank.csv",
        "sources/export.xlsx",
        "contributors.csv",
        "codebook.yaml",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    listed = subprocess.run(
        ["git", "ls-files", "--others", "--exclude-standard"], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout.split()
    assert sorted(listed) == [".gitignore", "codebook.yaml", "study.yaml"]
