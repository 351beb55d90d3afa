"""What each view adds to coding, how far codings carry, and whether those we choose teach more than random ones.

    .venv/bin/python -m tests.bench.coding GOLD --codebook CODEBOOK [--text COLUMN] [--half]

GOLD, CODEBOOK: as for `quotebank evaluate coding`. --half: only passages the method was not developed on, those whose
text has an odd SHA-256; it was developed on the others of nhs_pxtextmining, on the Jupyter sets, banking77,
gambling_synth and world_after_covid.
Any-match over draws, or for the last table over all passages, those coded counting as right. Passages without a code
are left out.
"""

import argparse
import hashlib
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp
from unittest import mock

import numpy as np

from pipeline.coding import Code, Coding, Passages, calibration, code_passages, coder, views
from pipeline.encoder import embed_texts
from pipeline.evaluation.coded_gold import CodedGold, read_coded
from pipeline.evaluation.coding import any_match, sentences
from pipeline.study import CODER, Embedding

DRAWS = 5
WITHOUT = {
    "everything": {},
    "without vectors": {"_MEANING": 0.0, "_SMOOTHED": 0.0},
    "without smoothing": {"_MEANING": 1.0, "_SMOOTHED": 0.0},
    "without words and their parts": {"_WORDS": 0.0, "_PARTS": 0.0},
    "words without those like them": {"_ALIKE": 0.0},
}


class Bench:
    """A coded set with its vectors and its codes."""

    def __init__(self, gold: CodedGold) -> None:
        cache = Path(mkdtemp())
        self.encode = lambda texts: embed_texts(texts, Embedding(model=CODER), cache)
        self.codes, self.labels = gold.codes, gold.labels
        self.ids = [f"{row:06d}" for row in range(len(gold.texts))]
        texts = list(gold.texts)
        self.passages = Passages(self.ids, texts, self.encode(texts), sentences(texts, self.encode))
        self.truth = np.array([[code.theme_id in labels for code in gold.codes] for labels in gold.labels])

    def code(self, rows: list[int], n_next: int = 0, codes: tuple[Code, ...] = (), ideas: bool = True) -> Coding:
        human = {self.ids[row]: self.labels[row] for row in rows}
        passages = self.passages if ideas else replace(self.passages, ideas=None)
        return code_passages(passages, codes or self.codes, self.encode, human, n_next=n_next)

    def draws(self, n: int) -> Iterator[tuple[list[int], np.ndarray]]:
        for seed in range(DRAWS if n else 1):
            order = np.random.default_rng(seed).permutation(len(self.ids))
            yield order[:n].tolist(), order[n:]

    def any_match(self, n: int, codes: tuple[Code, ...] = (), ideas: bool = True) -> float:
        found = [
            any_match(self.code(drawn, codes=codes, ideas=ideas).probability[rest], self.truth[rest])
            for drawn, rest in self.draws(n)
        ]
        return float(np.mean(found))


def growth(bench: Bench) -> None:
    print("\n| codings | any-match |\n|---|---|")
    for n in (0, 10, 30, 100, 300):
        if n < len(bench.ids) / 2:
            print(f"| {n} | {bench.any_match(n):.3f} |")


def ablation(bench: Bench) -> None:
    bare = tuple(Code(code.theme_id, code.label) for code in bench.codes)
    print("\n| | definitions only | 100 codings |\n|---|---|---|")
    for name, weights in WITHOUT.items():
        with ExitStack() as patches:
            for constant, value in weights.items():
                patches.enter_context(mock.patch.object(views, constant, value))
            print(f"| {name} | {bench.any_match(0):.3f} | {bench.any_match(100):.3f} |")
    print(f"| without ideas | {bench.any_match(0, ideas=False):.3f} | {bench.any_match(100, ideas=False):.3f} |")
    print(f"| without definitions | {bench.any_match(0, bare):.3f} | {bench.any_match(100, bare):.3f} |")
    with mock.patch.object(Code, "aspects", ()), mock.patch.object(views, "pointed_at", lambda codes: {}):
        print(f"| definitions only as a whole | {bench.any_match(0):.3f} | {bench.any_match(100):.3f} |")
    with mock.patch.object(coder, "_DOUBTS", (1.0,)):
        print(f"| one trust in the codebook | {bench.any_match(0):.3f} | {bench.any_match(100):.3f} |")
    with mock.patch.object(calibration, "_LEANING", 1e-3):
        print(f"| all codes given as readily | {bench.any_match(0):.3f} | {bench.any_match(100):.3f} |")
    with (
        mock.patch.object(calibration, "_SPREAD", calibration._SPREAD * 1e-3),
        mock.patch.object(calibration, "_LEANING", 1e-3),
    ):
        print(f"| weights fixed | {bench.any_match(0):.3f} | {bench.any_match(100):.3f} |")


def chosen(bench: Bench, step: int = 10) -> None:
    def right(rows: list[int]) -> float:
        return any_match(bench.code(rows).probability, bench.truth)

    print("\n| codings | drawn at random | as proposed, ten at a time |\n|---|---|---|")
    rows: list[int] = []
    place = {name: row for row, name in enumerate(bench.ids)}
    while len(rows) < 100:
        rows += [place[name] for name in bench.code(rows, n_next=step).to_code_next]
        if len(rows) in (30, 50, 100):
            at_random = np.mean([right(drawn) for drawn, _ in bench.draws(len(rows))])
            print(f"| {len(rows)} | {at_random:.3f} | {right(rows):.3f} |")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("gold", type=Path)
    parser.add_argument("--codebook", type=Path)
    parser.add_argument("--text")
    parser.add_argument("--half", action="store_true")
    asked = parser.parse_args()
    gold = read_coded(asked.gold, asked.codebook, asked.text)
    kept = [
        row
        for row, text in enumerate(gold.texts)
        if gold.labels[row] and (not asked.half or int(hashlib.sha256(text.strip().encode()).hexdigest(), 16) % 2)
    ]
    gold = replace(gold, texts=tuple(gold.texts[row] for row in kept), labels=tuple(gold.labels[row] for row in kept))
    bench = Bench(gold)
    print(f"{asked.gold.stem}, {len(kept)} passages with a code, {len(gold.codes)} codes")
    for table in (growth, ablation, chosen):
        table(bench)
        sys.stdout.flush()


if __name__ == "__main__":
    main()
