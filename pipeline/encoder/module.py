"""Our own models as sentence-transformers models, for tools that take a SentenceTransformer.

They give the vectors of `QuantisedEncoder`, bit for bit. Only sentence-transformers, and who wants a model for it,
imports this file: it brings torch, which the pipeline's own way to the same vectors does without.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule

from pipeline.encoder.quantised import QuantisedEncoder
from pipeline.study import ENCODER, Embedding


def sentence_transformer(model: str = ENCODER) -> SentenceTransformer:
    """One of our own models, by its name or its folder; by its name, its weights must be the pinned ones.

    As `SentenceTransformer(folder, trust_remote_code=True)`, which asks before it imports a class that is not its own.

    Raises:
        ModelError: the model is missing, another than pinned, or no such model.
    """
    return SentenceTransformer(modules=[Int8Module(model)], device="cpu", local_files_only=True)


class Int8Module(InputModule):
    """Tokenizes, runs the layers and takes the mean in one: a model's only module. Nothing in it can be trained.

    Runs on processors only; its vectors go to wherever the ids of the tokens were. Raises ModelError.
    """

    def __init__(self, model: str) -> None:
        super().__init__()
        self._encoder = QuantisedEncoder(Embedding(model=model))
        self.tokenizer: Any = self._encoder.tokenizer  # which loads the model: what is wrong with it is said now

    @property
    def max_seq_length(self) -> int:
        return self.tokenizer.truncation["max_length"]

    def get_embedding_dimension(self) -> int:
        return self._encoder.dimension

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **_: Any) -> dict[str, torch.Tensor]:
        """`input_ids` and `attention_mask`, int64 (texts, tokens of the longest), with 0 where a text has ended."""
        texts = [(prompt or "") + text for text in inputs]
        tokens = [encoded.ids for encoded in self.tokenizer.encode_batch(texts)]
        ids = np.zeros((len(tokens), max(map(len, tokens), default=0)), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, found in enumerate(tokens):
            ids[row, : len(found)] = found
            mask[row, : len(found)] = 1
        return {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        """With `sentence_embedding`, float32 (texts, dimension), rows of length 1. What pads a text takes no part."""
        ids, mask = features["input_ids"], features["attention_mask"]
        rows = zip(ids.cpu().numpy(), mask.cpu().numpy().astype(bool), strict=True)
        vectors = self._encoder.vectors([row[there].tolist() for row, there in rows])
        return {**features, "sentence_embedding": torch.from_numpy(vectors).to(ids.device)}

    def save(self, output_path: str, *_: Any, **__: Any) -> None:
        """The model's files into another folder; sentence-transformers writes modules.json beside them."""
        folder, target = self._encoder.folder, Path(output_path).resolve()
        if folder != target:
            for path in (folder / "model.onnx", folder / "tokenizer.json", *folder.glob("*.bin")):
                shutil.copyfile(path, target / path.name)

    @classmethod
    def load(cls, model_name_or_path: str, subfolder: str = "", *_: Any, **__: Any) -> Self:
        return cls(str(Path(model_name_or_path, subfolder)))
