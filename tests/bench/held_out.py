"""Coding of the held-out codebooks: what teaching the coder gave, beside the encoder and models as they are shipped.

    .venv/bin/python -m tests.bench.held_out [MODEL …]

MODEL: others to measure, as study.yaml names them; once the coder has been made, what it was made from can be had by
`.venv/bin/python models/encoder/export.py --base build/coder/base --out build/coder/untaught`.
The 32 codebooks of data/training/codebooks/ that nothing was trained on, about 60 answers each. Best code right, mean
of the codebooks, the worst and the best: nearest definition by cosine, ours without any coding, and with CODINGS, on the
rest, mean of DRAWS.
"""

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np

from pipeline.coding import Passages, code_passages
from pipeline.coding.codes import Encode
from pipeline.encoder import embed_texts
from pipeline.evaluation.coding import ORIGINAL, any_match, sentences
from pipeline.study import CODER, ENCODER, Embedding
from tests.helpers import guard

CODINGS, DRAWS = 25, 5
WAYS = ("definitions", "no codings", f"{CODINGS} codings")


def scores(book: Any, encode: Encode) -> list[float]:
    """One for each of WAYS."""
    texts, ids = list(book.answers), [f"{row:03d}" for row in range(len(book.answers))]
    passages = Passages(ids, texts, encode(texts), sentences(texts, encode))
    codes = sorted(book.codes, key=lambda code: code.theme_id)
    truth = np.array([[code.theme_id in given for code in codes] for given in book.given])
    found = [any_match(passages.vectors @ encode([code.meaning for code in codes]).T, truth)]
    for n in (0, CODINGS):
        draws = []
        for seed in range(DRAWS if n else 1):
            order = np.random.default_rng(seed).permutation(len(ids))
            human = {ids[row]: frozenset(book.given[row]) for row in order[:n]}
            coding = code_passages(passages, codes, encode, human, n_next=0)
            draws.append(any_match(coding.probability[order[n:]], truth[order[n:]]))
        found.append(float(np.mean(draws)))
    return found


def main() -> None:
    sys.path.insert(0, str(guard.ROOT / "models" / "coder"))
    from coded import read

    _, books = read(guard.ROOT / "data" / "training" / "codebooks")
    cache = Path(mkdtemp())
    print(f"{len(books)} codebooks, {sum(len(book.answers) for book in books)} answers\n")
    print(f"| vectors by | {' | '.join(WAYS)} |\n|---|{'---|' * len(WAYS)}")
    for name in (ORIGINAL, ENCODER, *sys.argv[1:], CODER):
        settings = Embedding(model=name)
        encode = partial(embed_texts, settings=settings, cache=cache)
        found: Sequence[list[float]] = [scores(book, lambda texts, f=encode: f(texts)) for book in books]
        cells = [f"{np.mean(way):.3f} [{min(way):.3f}, {max(way):.3f}]" for way in zip(*found, strict=True)]
        print(f"| {settings.model} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
