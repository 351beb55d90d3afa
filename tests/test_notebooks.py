"""Every notebook runs from top to bottom on the sample study, and is committed without outputs."""

import os
from pathlib import Path

import nbformat
import pytest

from tests.conftest import SampleRun
from tests.helpers import guard

NOTEBOOKS = sorted((guard.ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_is_committed_without_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    assert all(not cell.get("outputs") and not cell.get("execution_count") for cell in notebook.cells)
    assert len(notebook.cells) < 30


@pytest.mark.models
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_runs_on_the_sample_study(path: Path, sample_run: SampleRun, monkeypatch: pytest.MonkeyPatch) -> None:
    from nbclient import NotebookClient

    monkeypatch.setenv("QUOTEBANK_STUDY", str(sample_run.root))
    monkeypatch.setenv("PYTHONPATH", str(guard.ROOT))
    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    notebook = nbformat.read(path, as_version=4)
    done = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}).execute()
    kinds = [kind for cell in done.cells for output in cell.get("outputs", []) for kind in output.get("data", {})]
    assert kinds.count("image/png") >= 2
    assert kinds.count("text/html") >= 3
    errors = [output for cell in done.cells for output in cell.get("outputs", []) if output.output_type == "error"]
    assert errors == []
    assert os.environ["QUOTEBANK_STUDY"] == str(sample_run.root)
