"""Every notebook runs from top to bottom on the sample study, and is committed without outputs."""

import base64
import hashlib
import html
import re
import stat
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest

from pipeline.store import Run
from tests.conftest import SampleRun
from tests.helpers import guard
from tests.privacy.scanner import fold

NOTEBOOKS = sorted((guard.ROOT / "notebooks").glob("*.ipynb"))
# what each has to show: pictures, tables, and words that only come of doing what it is about
EXPECTED = {
    "01_explore_themes": (2, 6, ("<b>", "working title", "passages about both", "as before|first run")),
    "02_curate_codebook": (
        1,
        7,
        ("What people say most", "is new: [1-9][0-9]* passages nearer", r"\(True, False\)", "coded by a person", "were? put into it by a person",
         "0 conflicts are left", "label: Work on paper"),
    ),
    "03_compare_groups_and_waves": (6, 6, ("suppressed", "about the same|too few to say", "would have been enough", "one wave")),
    "04_review_redactions": (2, 7, ("people wait", "a word that could be a name", "redact as proposed", "still waiting", "no consent")),
}  # fmt: skip
# and what it leaves beside the run, each as PNG and SVG; the lineage of the sample study is of invented numbers
SAVED = {
    "01_explore_themes": ("prevalence", "theme_map"),
    "02_curate_codebook": ("coder_certainty",),
    "03_compare_groups_and_waves": ("by_group", "by_heading", "by_force_type", "together", "saturation"),
    "04_review_redactions": ("waiting", "placeholders"),
}


def executed(path: Path) -> Any:
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    return NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}).execute()


@pytest.fixture(scope="module")
def done(sample_run: SampleRun) -> Any:
    """A notebook's name → its outputs, of one execution for all tests, and whether the study's files are as before."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUOTEBANK_STUDY", str(sample_run.root))
        patch.setenv("PYTHONPATH", str(guard.ROOT))

        @cache
        def run(name: str) -> tuple[list[Any], bool]:
            before = files_of(sample_run.root)
            notebook = executed(guard.ROOT / "notebooks" / f"{name}.ipynb")
            outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
            return outputs, files_of(sample_run.root) == before

        yield run


def files_of(root: Path) -> dict[str, str]:
    """Every file of a study that people or the machine decided in, by its hash; locks and caches are nobody's, and
    pictures of a run are made from it."""
    left_out = ("private/tmp", "private/cache", "private/prefect")
    paths = [path for path in root.rglob("*") if path.is_file() and path.suffix != ".lock"]
    named = {str(path.relative_to(root)): path for path in paths}
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in sorted(named.items())
        if not name.startswith(left_out) and not re.match(r"runs/[0-9a-f]+/figures/", name)
    }


def words_of(outputs: list[Any]) -> str:
    """All that the outputs say; pictures left out, whose words are labels of themes."""
    said = [output.get("text", "") for output in outputs]
    said += [text for o in outputs for kind, text in o.get("data", {}).items() if kind.startswith("text/")]
    return "\n".join("".join(one) for one in said)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_is_committed_without_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    assert all(not cell.get("outputs") and not cell.get("execution_count") for cell in notebook.cells)
    assert len(notebook.cells) < 30


def test_each_notebook_is_expected() -> None:
    assert [path.stem for path in NOTEBOOKS] == list(EXPECTED)


@pytest.mark.models
@pytest.mark.parametrize("name", EXPECTED)
def test_runs_on_the_sample_study(name: str, done: Any) -> None:
    outputs, unchanged = done(name)
    pictures, tables, words = EXPECTED[name]
    kinds = [kind for output in outputs for kind in output.get("data", {})]
    assert kinds.count("image/png") == pictures
    assert kinds.count("text/html") >= tables
    for output in outputs:
        if picture := output.get("data", {}).get("image/png"):
            assert len(base64.b64decode(picture)) > 10_000, "an empty picture"
    said = words_of(outputs)
    assert [word for word in words if not re.search(word, said)] == []
    assert [output for output in outputs if output.output_type == "error"] == []
    assert "Warning" not in said
    assert unchanged, "reading and trying changes nothing of a study"


@pytest.mark.models
@pytest.mark.parametrize("name", EXPECTED)
def test_saves_its_pictures_beside_the_run_for_their_owner_only(name: str, done: Any, sample_run: SampleRun) -> None:
    said, folder = words_of(done(name)[0]), sample_run.draft.parent / "figures"
    files = {one: [folder / f"{picture}.{kind}" for picture in SAVED[one] for kind in ("png", "svg")] for one in SAVED}
    others = {path for one, paths in files.items() if one != name for path in paths}
    assert set(folder.iterdir()) - others == set(files[name])
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for path in files[name]:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600 and path.name in said
        content = path.read_bytes()
        assert content.startswith(b"\x89PNG" if path.suffix == ".png" else b"<?xml") and len(content) > 8_000
    assert str(folder) in said
    restricted = private_words(Run.open(sample_run.root))
    drawn = [fold(html.unescape(path.read_text("utf-8"))) for path in files[name] if path.suffix == ".svg"]
    assert [n for n, words in enumerate(sorted(restricted)) if any(words in one for one in drawn)] == []


@pytest.mark.models
@pytest.mark.parametrize("name", EXPECTED)
def test_shows_nothing_of_the_private_tables(name: str, done: Any, sample_run: SampleRun) -> None:
    restricted = private_words(Run.open(sample_run.root))
    assert len(restricted) > 500, "a search for nothing finds nothing"
    outputs, _ = done(name)
    said = fold(html.unescape(re.sub("<[^<>]*>", "", words_of(outputs))))
    found = [n for n, words in enumerate(sorted(restricted)) if words in said]
    assert found == [], "places in the list of private words, which are not for printing"


def private_words(run: Run) -> set[str]:
    """Names and addresses of contributors, and everything redacted with a few characters of what stands around it."""
    contributors, redactions = run.read("contributors"), run.read("redactions")
    texts = dict(zip(*(run.read("documents")[name] for name in ("document_id", "text")), strict=True))
    spans = zip(redactions["document_id"], redactions["start"], redactions["end"], strict=True)
    around = [texts[document][max(start - 8, 0) : end + 8] for document, start, end in spans]
    cells = pd.concat([contributors["name"], contributors["email"]]).str.split("\n").explode()
    return {fold(one) for one in [*cells[cells.str.contains("[ @]")], *around]}
