"""Is what fits no theme left without one? Strange sentences among a study's answers, and how many of each end without.

    .venv/bin/python -m tests.bench.strange FILE.csv [the options of `quotebank evaluate themes` that say what is in it]

Options: --text, --limit, --max-themes. Six sentences on six subjects at a time, so that they cannot make a theme, five times; ours and BERTopic with its
defaults get the same texts and vectors.
"""

import argparse
import sys
from pathlib import Path
from tempfile import mkdtemp

import numpy as np

from pipeline.encoder import embed_texts
from pipeline.evaluation.bertopic_systems import bertopic
from pipeline.evaluation.labelled import read_labelled
from pipeline.evaluation.theme_systems import Ours
from pipeline.study import Embedding, Themes

AT_A_TIME = 6
_STRANGE = """
    The match was lost in extra time after a dubious penalty.
    My sister is getting married in Lisbon next spring.
    You should let the dough rest for an hour before baking.
    It rained for the whole of our holiday in Cornwall.
    The tomatoes in the greenhouse have caught blight again.
    A volcano erupted off the coast of Iceland last night.
    We watched the new detective series in one sitting.
    The baby cried until three in the morning.
    Whales migrate thousands of miles to feed.
    The choir sang the requiem beautifully in the cathedral.
    Grandad kept bees at the bottom of the orchard.
    The museum has a fine collection of Roman coins.
    Her horse refused at the second fence.
    He plays the cello in an amateur quartet.
    The dog needs to go to the vet for his jabs.
    Ferries to the island were cancelled because of fog.
    Elections in Brazil were held on Sunday.
    I prefer Earl Grey with a slice of lemon.
    The old oak was struck by lightning.
    The novel is set in nineteenth-century Paris.
    The cricket season starts in April.
    Penguins huddle together to keep warm.
    They climbed the ridge before dawn without ropes.
    The carpet in the hall is wearing thin.
    Knitting a jumper takes me about a month.
    The astronauts returned from the space station.
    The price of wheat rose after the drought.
    We painted the fence green last weekend.
    The wedding cake had three tiers and sugar roses.
    A fox got into the chicken coop.
    """


def strange_sentences() -> list[str]:
    return [line.strip() for line in _STRANGE.strip().splitlines()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--text", default="text")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--max-themes", type=int, default=40)
    asked = parser.parse_args()
    texts = list(read_labelled(asked.file, asked.text, None, None, None, []).draw(asked.limit).texts)
    strange = strange_sentences()
    cache = Path(mkdtemp())
    vectors = embed_texts([*texts, *strange], Embedding(), cache)
    systems = {"quotebank": Ours(Themes(max_themes=asked.max_themes), cache, named=False), "BERTopic": bertopic()}
    sys.stdout.write(f"{len(texts)} texts\n\n| without a theme | of the strange | of the others |\n|---|---|---|\n")
    for name, discover in systems.items():
        shares: list[tuple[float, float]] = []
        for first in range(0, len(strange), AT_A_TIME):
            rows = [*range(len(texts)), *range(len(texts) + first, len(texts) + first + AT_A_TIME)]
            without = discover([*texts, *strange[first : first + AT_A_TIME]], vectors[rows]).themes == ""
            shares.append((without[len(texts) :].mean(), without[: len(texts)].mean()))
        odd, others = np.mean(shares, axis=0)
        sys.stdout.write(f"| {name} | {odd:.0%} | {others:.1%} |\n")


if __name__ == "__main__":
    main()
