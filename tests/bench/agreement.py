"""How good the sampled precision and recall are: studies with known truth, sampled and coded over and over.

    python -m tests.bench.agreement [--studies 200]

For each sample size: the mean error of precision and recall (bias), how often the 95% interval holds the truth, for
the interval the report gives and for two others, how wide it is, and how many themes have too few passages to say.
"""

import argparse

import numpy as np
import pandas as pd

from pipeline.agreement.precision import Judged, score, weights
from pipeline.agreement.sampling import draw, nearness, themes_of
from pipeline.agreement.statistics import interval, resampled

PASSAGES, THEMES, DIM = 1500, 12, 24


def study(rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray, list[frozenset[str]]]:
    """Passages as points around their themes; the machine takes the nearest theme, or none if none is near."""
    centres = rng.standard_normal((THEMES, DIM))
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    shares = rng.dirichlet(np.full(THEMES, 2.0)) * 0.8
    truth, vectors = [], []
    for _ in range(PASSAGES):
        own = [t for t in range(THEMES) if rng.random() < shares[t] * 1.2]
        truth.append(frozenset(f"T{t:02}" for t in own))
        middle = centres[own].mean(axis=0) if own else np.zeros(DIM)
        vectors.append(middle + rng.standard_normal(DIM) * 0.16)
    points = np.array(vectors)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    similarity = points @ centres.T
    ranked = np.sort(similarity, axis=1)
    ids = [f"p{n:05}" for n in range(PASSAGES)]
    best, near = similarity.argmax(axis=1), ranked[:, -1]
    themes = [f"T{t:02}" if s > 0.45 else "" for t, s in zip(best, near, strict=True)]
    passages = pd.DataFrame({"passage_id": ids, "text_hash": ids, "review": ""})
    margins = ranked[:, -1] - ranked[:, -2]
    assignments = pd.DataFrame(
        {"passage_id": ids, "theme_id": themes, "rank": 1, "similarity": near, "margin": margins}
    )
    return passages, assignments, points, truth


def resampling(judged: list[Judged], theme: str, recall: bool) -> tuple[float | None, float | None]:
    """The bootstrap interval, to compare with."""
    weight = np.array([one.weight for one in judged])
    machine = np.array([theme in one.machine for one in judged], dtype=float)
    people = np.array([one.people.get(theme, 0.0) for one in judged])
    draws = resampled(len(judged), 300)
    under = draws @ (weight * (people if recall else machine))
    both = draws @ (weight * people * machine)
    return interval(np.divide(both, under, out=np.full(len(under), np.nan), where=under > 0))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--studies", type=int, default=200)
    n_studies = parser.parse_args().studies
    print("| sample | measure | bias | covered | covered (bootstrap) | mean half width | too few to say |")
    print("|---|---|---|---|---|---|---|")
    for size in (60, 120, 240, 480):
        rows: dict[bool, list[tuple[float, float, bool, bool, float]]] = {False: [], True: []}
        few = {False: 0, True: 0}
        for seed in range(n_studies):
            passages, assignments, points, truth = study(np.random.default_rng(seed))
            names = [f"T{t:02}" for t in range(THEMES)]
            ids = passages["passage_id"].tolist()
            known = themes_of(assignments)
            true = dict(zip(ids, truth, strict=True))
            sample = draw(passages, assignments, nearness(points, ids, known, names), names, size, ["A"], seed)
            found, _ = weights(sample, ids)
            judged = [Judged(w, frozenset(known[p]), dict.fromkeys(true[p], 1.0)) for p, w in found.items()]
            for theme in names:
                put = [p for p in ids if theme in known[p]]
                held = [p for p in ids if theme in true[p]]
                both = len(set(put) & set(held))
                scored = score(theme, judged)
                for recall, share, of in ((False, scored.precision, put), (True, scored.recall, held)):
                    if share.value is None or share.low is None or share.high is None or not of:
                        few[recall] += 1
                        continue
                    real = both / len(of)
                    low, high = resampling(judged, theme, recall)
                    by_draws = low is not None and high is not None and low <= real <= high
                    covered = share.low <= real <= share.high
                    rows[recall].append((share.value - real, real, covered, by_draws, (share.high - share.low) / 2))
        for recall, name in ((False, "precision"), (True, "recall")):
            share = few[recall] / (n_studies * THEMES)
            if not rows[recall]:
                print(f"| {size} | {name} | – | – | – | – | {share:.0%} |")
                continue
            bias, _, covered, drawn, half = np.array(rows[recall], dtype=float).mean(axis=0)
            print(f"| {size} | {name} | {bias:+.3f} | {covered:.1%} | {drawn:.1%} | {half:.2f} | {share:.0%} |")


if __name__ == "__main__":
    main()
