"""How often the machine is right, and how much it finds: shares of a sample, weighted back to the study.

Each coded passage counts for as many passages of the study as were drawn from in its stratum for each that was coded
(Horvitz and Thompson 1952). Where people disagree and nobody has settled it, each coder counts in part, so that hard
passages are not left out, which would flatter the machine. Intervals are Wilson's with the effective number of
passages, (sum of weights)² / sum of squares (Kish 1965): unlike resampling, they do not shrink to nothing where a
handful of passages all agree.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.agreement.sampling import Sample
from pipeline.agreement.statistics import wilson

TOO_FEW = 5  # passages: below, no share is given


@dataclass(frozen=True)
class Share:
    """A weighted share with its 95% interval. `n`: passages it rests on; `hits` of them count, in part or whole.

    `value` is None where there are too few to say.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    hits: float


@dataclass(frozen=True)
class Judged:
    """A coded passage: its weight, what the machine says, and for each code the share of people who gave it."""

    weight: float
    machine: frozenset[str]
    people: Mapping[str, float]


@dataclass(frozen=True)
class ThemeScore:
    """A theme's precision (of what the machine put there) and recall (of what people put there)."""

    theme_id: str
    precision: Share
    recall: Share


def weights(sample: Sample, coded: Iterable[str]) -> tuple[dict[str, float], int]:
    """Passage id → how many passages of the study it stands for, of those coded; and how many none stands for."""
    present = set(coded)
    strata = {one.passage_id: one.stratum for one in sample.drawn if one.passage_id in present}
    counts = Counter(strata.values())
    found = {passage: sample.sizes[stratum] / counts[stratum] for passage, stratum in strata.items()}
    return found, sum(size for stratum, size in sample.sizes.items() if stratum not in counts)


def in_part(codings: Sequence[frozenset[str]]) -> dict[str, float]:
    """Code → the share of a passage's coders who gave it."""
    counts = Counter(code for themes in codings for code in themes)
    return {code: n / len(codings) for code, n in sorted(counts.items())}


def score(theme_id: str, judged: Sequence[Judged], too_few: int = TOO_FEW) -> ThemeScore:
    """One theme's precision and recall."""
    put = [(one.weight, one.people.get(theme_id, 0.0)) for one in judged if theme_id in one.machine]
    held = [
        (one.weight * one.people[theme_id], float(theme_id in one.machine)) for one in judged if theme_id in one.people
    ]
    return ThemeScore(theme_id, weighted_share(put, too_few), weighted_share(held, too_few))


def score_all(judged: Sequence[Judged], themes: Sequence[str], too_few: int = TOO_FEW) -> ThemeScore:
    """Precision and recall over all `themes`: every code of every passage counts once."""
    put = [(one.weight, one.people.get(theme, 0.0)) for one in judged for theme in sorted(one.machine & set(themes))]
    held = [
        (one.weight * share, float(theme in one.machine))
        for one in judged
        for theme, share in one.people.items()
        if theme in themes
    ]
    return ThemeScore("", weighted_share(put, too_few), weighted_share(held, too_few))


def weighted_share(cases: Sequence[tuple[float, float]], too_few: int = TOO_FEW) -> Share:
    """The share of cases, each a weight and how far it counts (0 to 1)."""
    n, hits = len(cases), sum(hit for _, hit in cases)
    total = sum(weight for weight, _ in cases)
    if n < too_few or total <= 0:
        return Share(None, None, None, n, hits)
    value = min(1.0, sum(weight * hit for weight, hit in cases) / total)
    effective = total**2 / sum(weight**2 for weight, _ in cases)
    return Share(value, *wilson(value, effective), n, hits)
