"""How the coder is taught: what its corpus holds, what its losses reward, and that it learns what it is told."""

import hashlib
import random
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline.coding import Code
from tests.helpers import guard

SCRIPTS = guard.ROOT / "models" / "coder"
CORPUS = guard.ROOT / "data" / "training" / "codebooks"
BARE_NAMES = ("base", "coded", "counting", "train")  # other models have scripts of these names
pytestmark = pytest.mark.models


@pytest.fixture(autouse=True)
def scripts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """They import each other by their bare names."""
    monkeypatch.setattr(sys, "path", [str(SCRIPTS), *sys.path])
    others = {name: sys.modules.pop(name) for name in BARE_NAMES if name in sys.modules}
    yield
    for name in BARE_NAMES:
        sys.modules.pop(name, None)
    sys.modules.update(others)


CODES = (
    Code("signal", "No signal", "Places without reception; villages, basements"),
    Code("kit", "Worn-out kit", "Old laptops; cracked screens and flat batteries"),
    Code("words", "Passwords"),
)


def book() -> Any:
    from coded import Codebook

    said = {
        "signal": ["no bars down in the valley", "dead spot behind the church", "cannot get a line in the cellar"],
        "kit": ["the glass is cracked", "it dies by three", "my laptop is from the ark"],
        "words": ["four logins before breakfast", "locked out again", "it wants a capital and a sign"],
    }
    answers = [(text, (name,)) for name, texts in said.items() for text in texts]
    answers.append(("cracked, and no bars", ("kit", "signal")))
    return Codebook("99_none", CODES, tuple(text for text, _ in answers), tuple(names for _, names in answers))


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Any]:
    """In place of MPNet, something that starts at random and learns in seconds."""
    import train
    from transformers import MPNetConfig, MPNetModel

    size = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}

    class Tiny:
        @staticmethod
        def from_pretrained(*_: Any, **__: Any) -> Any:
            import torch

            with torch.random.fork_rng():
                torch.manual_seed(1)
                return MPNetModel(MPNetConfig(**size, initializer_range=0.3))  # else layers change next to nothing

    monkeypatch.setattr(train, "AutoModel", Tiny)
    monkeypatch.setattr(train, "TAUGHT", 1)
    monkeypatch.setattr(train, "RATE", 1e-2)
    monkeypatch.setattr(train, "KEPT", 0.0)
    return lambda: train.Encoder(SCRIPTS / "weights")  # of which it reads the tokenizer


def test_the_corpus_is_what_its_guideline_says() -> None:
    from coded import HELD_OUT, read

    training, held_out = read(CORPUS)
    assert {book.name for book in held_out} == HELD_OUT
    assert len(training) > 10 * len(held_out) and not {book.name for book in training} & HELD_OUT
    answers = Counter(text for book in training + held_out for text in book.answers)
    assert sum(answers.values()) > 23_000
    twice = [text for text, n in answers.items() if n > 1 and len(text.split()) > 4]
    assert not twice
    for one in training + held_out:
        count = Counter(name for names in one.given for name in names)
        assert min(count[code.theme_id] for code in one.codes) >= 3, one.name
        assert all(len(set(names)) == len(names) for names in one.given), one.name


def test_a_code_that_the_codebook_lacks_is_refused(tmp_path: Any) -> None:
    from coded import read

    (tmp_path / "01_x.yaml").write_text("codes: {a: {label: A}}\nanswers: |\n  a, b | some words\n", "utf-8")
    with pytest.raises(ValueError, match=r"01_x.yaml.*'b'"):
        read(tmp_path)


def test_what_the_losses_reward() -> None:
    import torch
    from train import losses

    axes = torch.eye(3)
    given = torch.tensor([[1.0, 0, 0], [1, 0, 0], [0, 1, 0]])
    right = losses(axes[[0, 0, 1]], axes, given)
    for answers in ([0, 1, 1], [1, 1, 0], [2, 2, 2]):
        assert losses(axes[answers], axes, given) > right + 1
    assert losses(axes[[0, 1, 2]], axes, torch.eye(3)) < right, "both codes have one answer, and none another like it"
    assert losses(axes[[0, 2]], axes, torch.zeros(2, 3)) == 0, "answers without a code teach nothing"


def test_codes_are_read_as_codebooks_have_them() -> None:
    from train import text_of

    chance = random.Random(0)
    assert {text_of(CODES[2], chance) for _ in range(50)} == {"Passwords"}
    forms = {text_of(CODES[0], chance) for _ in range(300)}
    assert forms == {"No signal", CODES[0].meaning, CODES[0].definition, *CODES[0].aspects}


def test_an_epoch_has_every_answer_once() -> None:
    from coded import Codebook
    from train import ANSWERS, BOOKS, steps

    n = [3, ANSWERS, ANSWERS + 1, 2 * ANSWERS + 5]
    books = [Codebook(str(k), CODES, ("said",) * k, (("kit",),) * k) for k in n]
    seen = [
        (step.book.name, row) for together in steps(books, random.Random(2)) for step in together for row in step.rows
    ]
    assert sorted(seen) == sorted((str(k), row) for k in n for row in range(k))
    assert all(len(together) <= BOOKS for together in steps(books, random.Random(2)))


def test_it_learns_what_belongs_together_and_the_same_from_the_same_seed(tiny: Callable[[], Any]) -> None:
    from train import found_by_definition, train

    models = [tiny() for _ in range(3)]
    before = found_by_definition(models[0], [book()])
    for model, seed in zip(models, (3, 3, 4), strict=True):
        train(model, [book()], epochs=25, seed=seed)
    assert before < 0.7 < 0.9 < found_by_definition(models[0], [book()])
    first, same, other = (model.upper.state_dict() for model in models)
    assert all((first[name] == same[name]).all() for name in first)
    assert any((first[name] != other[name]).any() for name in first)


def test_only_the_upper_layers_learn(tiny: Callable[[], Any]) -> None:
    from train import train

    model, was = tiny(), tiny().bert.state_dict()
    train(model, [book()], epochs=2, seed=3)
    moved = {name for name, values in model.bert.state_dict().items() if (values != was[name]).any()}
    assert moved and all(name.startswith("encoder.layer.1.") for name in moved)


def test_a_vector_is_what_the_whole_model_makes_of_the_text_in_any_company(tiny: Callable[[], Any]) -> None:
    import torch

    model, texts = tiny(), [*book().answers, "no", " ".join(["on and on"] * 30)]
    together = model(texts)
    for text, vector in zip(texts, together, strict=True):
        ids = torch.tensor([model.tokenizer.encode(text).ids])
        rows = model.bert(input_ids=ids).last_hidden_state[0]
        mean = (rows * model.counts[ids[0]].unsqueeze(-1)).sum(0)
        assert torch.cosine_similarity(mean, vector, dim=0) > 0.999


def test_what_texts_were_to_each_other_is_kept_if_asked(
    tiny: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch
    import train

    texts = list(book().answers)
    moved = []
    for kept in (0.0, 1e4):
        monkeypatch.setattr(train, "KEPT", kept)
        model = tiny()
        first = train.remembered(model)(texts)
        train.train(model, [book()], epochs=5, seed=3)
        last = train.remembered(model)(texts)
        moved.append(float(((first @ first.T) - (last @ last.T)).pow(2).mean()))
    assert moved[1] < moved[0] / 3 and torch.isfinite(torch.tensor(moved)).all()


def test_the_base_is_put_together_and_refused_if_it_is_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import base

    with zipfile.ZipFile(tmp_path / "whole.zip", "w") as packed:
        for name in base.FILES:
            packed.writestr(f"all-mpnet-base-v2/{name}", f"this is {name}")
    content = (tmp_path / "whole.zip").read_bytes()
    cut = len(content) // len(base.PACKAGES) + 1
    for n, package in enumerate(base.PACKAGES):
        (tmp_path / package).mkdir()
        (tmp_path / package / f"whole.zip.{n}").write_bytes(content[n * cut : (n + 1) * cut])

    def installed(package: str) -> Any:
        files = [Path("__init__.py"), Path(next((tmp_path / package).iterdir()).name)]
        return SimpleNamespace(files=files, locate_file=lambda file: tmp_path / package / file)

    monkeypatch.setattr(base, "distribution", installed)
    with pytest.raises(ValueError, match="is not all-mpnet-base-v2"):
        base.base(tmp_path / "other")
    monkeypatch.setattr(base, "WEIGHTS", hashlib.sha256(b"this is model.safetensors").hexdigest())
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "model.safetensors").write_text("this is mod")  # what an interrupted run left
    folder = base.base(tmp_path / "base")
    assert {path.name: path.read_text() for path in folder.iterdir()} == {
        name: f"this is {name}" for name in base.FILES
    }
