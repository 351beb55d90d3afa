"""A study of forty passages that has been run, to edit."""

import shutil
from pathlib import Path

import pytest

from pipeline.edits import Edits
from tests.edits.studies import encode, five_subjects


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("five") / "study"
    five_subjects(root)
    return root


@pytest.fixture
def edits(once: Path, tmp_path: Path) -> Edits:
    return Edits.open(shutil.copytree(once, tmp_path / "study"), encode=encode)
