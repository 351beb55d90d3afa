"""Themes of ideas beside themes of whole answers: the same texts, model and settings.

    .venv/bin/python -m tests.bench.ideas FILE.csv [the options of `quotebank evaluate themes` that say what is in it]

Options: --text, --no-code (may be repeated), --limit, --max-themes.
"""

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from unittest import mock

import numpy as np

from pipeline.encoder import embed_texts
from pipeline.evaluation.labelled import read_labelled
from pipeline.evaluation.theme_systems import Found, Ours
from pipeline.evaluation.themes import evaluate
from pipeline.study import Embedding, Themes
from pipeline.themes.ideas import idea_spans

MEASURES = ("ami", "f1_macro", "f1_weighted", "naming", "unassigned", "themes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--text", default="text")
    parser.add_argument("--no-code", action="append", default=[])
    parser.add_argument("--limit", type=int)
    parser.add_argument("--max-themes", type=int, default=40)
    asked = parser.parse_args()
    gold = read_labelled(asked.file, asked.text, None, None, None, asked.no_code).draw(asked.limit)
    cache = Path(mkdtemp())
    ideas = Ours(Themes(max_themes=asked.max_themes), cache)

    def whole(texts: Sequence[str], vectors: np.ndarray) -> Found:
        with mock.patch("pipeline.themes.ideas.idea_spans", lambda text: [(0, len(text))]):
            return ideas(texts, vectors)

    encode = partial(embed_texts, settings=Embedding(), cache=cache)
    found = evaluate(gold, ideas.settings, None, 0, cache, lambda _: None, {"ideas": ideas, "whole": whole}, encode)
    several = np.mean([len(idea_spans(text)) > 1 for text in gold.texts])
    sys.stdout.write(
        f"{len(gold.texts)} texts, {several:.0%} of several ideas\n\n| themes of | {' | '.join(MEASURES)} |\n"
    )
    sys.stdout.write(f"|---|{'---|' * len(MEASURES)}\n")
    for name, score in found.systems.items():
        cells = (f"{score.measures[measure]:.3f}" for measure in MEASURES)
        sys.stdout.write(f"| {name} | {' | '.join(cells)} |\n")


if __name__ == "__main__":
    main()
