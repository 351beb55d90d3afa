"""A sheet for a blind reading: would you print this name as the heading over these answers?

    .venv/bin/python -m tests.bench.reading FILE.csv [--text COLUMN] [--limit N] [--max-themes K] [--themes 10] [--answers 10]

Names themes as `quotebank evaluate themes` does, draws some by chance, and writes to standard output of each its name,
its keywords and answers: half of them those most like the theme, half drawn from the rest, of long ones the ideas that
are in the theme. Above them stands the question, so that all are asked the same: of the same names, readers asked in
other words printed three to seven in a hundred fewer. Whoever reads it knows nothing of the method. Which names are
marked as working titles is written to standard error, for whoever counts. The sheet holds the file's answers: it is not
for a repository.
"""

import argparse
import sys
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pandas as pd

from pipeline.encoder import embed_texts
from pipeline.evaluation.stream import passages_of
from pipeline.evaluation.theme_systems import run_ours
from pipeline.passages import is_non_answer
from pipeline.study import Embedding, Themes

_LONGEST = 400  # characters of an answer that are shown
_QUESTION = """\
You prepare a bank of quotes from a survey for publication. Each theme below has a name, a line of keywords and some of
the answers in it. Would you print this name as the heading over these answers – yes or no?

Yes if whoever sees the heading would rightly expect what most of these answers are about, and it reads as a heading; it
need not be the best one imaginable. No if it misleads, says what only few of the answers are about, is so broad or bare
that it tells nothing, or reads oddly. Judge the name by itself: the keywords are only printed below it in small.
"""


def main(options: argparse.Namespace) -> None:
    table = pd.read_csv(options.file, dtype=str, keep_default_na=False)
    texts = table.loc[~table[options.text].map(is_non_answer), options.text]  # which no study puts into a theme
    if options.limit:
        texts = texts.sample(n=min(options.limit, len(texts)), random_state=1)
    cache = Path(mkdtemp())
    passages = passages_of(texts.tolist())
    vectors = embed_texts(passages["text"].tolist(), Embedding(), cache)
    state = run_ours(passages, vectors, None, Themes(max_themes=options.max_themes), cache)
    whole = dict(zip(passages["passage_id"], passages["text"], strict=True))
    chance = np.random.default_rng(options.seed)
    drawn = state.themes.iloc[sorted(chance.permutation(len(state.themes))[: options.themes])]
    marked = drawn.loc[drawn["low_confidence"].astype(bool), "label"]
    sys.stderr.write("".join(f"marked: {label}\n" for label in marked))
    sys.stdout.write(_QUESTION)
    for theme in drawn.itertuples():
        own = state.assignments[state.assignments["theme_id"] == theme.theme_id]
        ordered = own.sort_values(["similarity", "passage_id"], ascending=[False, True])["passage_id"].tolist()
        typical = ordered[: options.answers // 2]
        others = chance.permutation(ordered[len(typical) :])[: options.answers - len(typical)].tolist()
        sys.stdout.write(f"\n## {theme.label}\n\n{theme.keywords} – {len(ordered)} answers, of which\n\n")
        inside = state.ideas[state.ideas["theme_id"] == theme.theme_id].sort_values("start").groupby("passage_id")
        for passage in typical + others:
            spans = inside.get_group(passage)[["start", "end"]].to_numpy().tolist()
            said = " … ".join(whole[passage][start:end] for start, end in spans)
            sys.stdout.write(f"- {' '.join(said.split())[:_LONGEST]}\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("--text", default="text")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--max-themes", type=int, default=40)
    parser.add_argument("--themes", type=int, default=10)
    parser.add_argument("--answers", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    main(parser.parse_args())
