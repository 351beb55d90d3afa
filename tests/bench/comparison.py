"""How often a comparison finds what is not there, and what is: invented studies, counted.

    python -m tests.bench.comparison [--studies 200]

Null studies have no difference between their three groups; in the others one group says four themes of eight more often by so many
points. Nobody's words are needed, so the numbers are the same everywhere.
"""

import argparse
from collections import Counter

from pipeline.comparison import compare
from tests.comparison.helpers import drawn

SIZES = {"Officer": 80, "Staff": 50, "Supplier": 30}
BASE = (0.08, 0.12, 0.16, 0.2, 0.25, 0.3, 0.4, 0.5)
LEAST = 2  # so that suppression hides as little as may be: what is measured is the words


def words(moved: float, seed: int) -> tuple[Counter[str], Counter[str]]:
    """What is said of cells that were moved, and of all cells of themes that nobody moved."""
    shares = dict.fromkeys(SIZES, BASE)
    shares["Supplier"] = tuple(min(1.0, share + moved) if n < 4 else share for n, share in enumerate(BASE))
    cells = compare(drawn(SIZES, shares, seed), "group", LEAST).cells
    themes = cells["theme_id"].isin(["T00", "T01", "T02", "T03"])
    moved_cells = themes & (cells["level"] == "Supplier")
    return Counter(cells.loc[moved_cells, "comparison"]), Counter(
        cells.loc[~themes if moved else ~moved_cells, "comparison"]
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--studies", type=int, default=200)
    n = parser.parse_args().studies
    for moved in (0.0, 0.15, 0.25, 0.4):
        inside, outside, n_false = Counter[str](), Counter[str](), 0
        for seed in range(n):
            found, rest = words(moved, seed)
            inside, outside = inside + found, outside + rest
            wrong = rest if moved else rest + found
            n_false += bool(wrong["more"] + wrong["less"])
        print(
            f"moved by {moved:.2f}: of moved cells {share(inside)}; tables with a difference elsewhere: {n_false}/{n}"
        )


def share(counts: Counter[str]) -> str:
    total = sum(counts.values())
    return ", ".join(f"{word} {count / total:.0%}" for word, count in sorted(counts.items()))


if __name__ == "__main__":
    main()
