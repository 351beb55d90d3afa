"""What the codings of a study show: how far people agree, with each other and the machine, and how often it is right.

Agreement is that of the sample as it was drawn, passages near a theme more often than the rest: a hard test. Precision
and recall are weighted back to the study.

*Agree where coded* leaves out what neither of two coders gave anything, of which there is as much as anybody cares to
draw. Of one code it is Jaccard's coefficient: of the passages to which at least one of the two gave it, the share to
which both did. (Not the proportion of positive agreement of Cicchetti and Feinstein 1990, which counts those twice and
is higher: 2J / (1 + J).) Of all codes it is, of the passages to which at least one of the two gave any, the share to
which they gave one in common; with one code in the codebook the two are the same.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import pandas as pd

from pipeline.agreement.codings import Codings, State
from pipeline.agreement.precision import (
    TOO_FEW,
    Judged,
    ThemeScore,
    in_part,
    score,
    score_all,
    weighted_share,
    weights,
)
from pipeline.agreement.sampling import themes_of
from pipeline.agreement.statistics import (
    Figure,
    alphas,
    figure,
    kappas,
    kappas_with_last,
    masi,
    mean_kappas,
    ratings,
    share,
)

Codes = frozenset[str]
MACHINE, CONSENSUS = "machine", "people where they agree"
BANDS = ((0.0, "slight"), (0.2, "fair"), (0.4, "moderate"), (0.6, "substantial"), (0.8, "almost perfect"))


@dataclass(frozen=True)
class Pair:
    """Two who coded the same passages.

    same: with the same codes. shared: with a code in common, or none each. agree_where_coded: with a code in common, of
    the passages to which at least one of the two gave any.
    """

    one: str
    other: str
    same: Figure
    shared: Figure
    agree_where_coded: Figure
    kappa: Figure  # sets of codes compared by MASI


@dataclass(frozen=True)
class ThemeAgreement:
    """How far people agree about one code, given or not. `given`: passages that anybody gave it.

    agree_where_coded: of the passages to which at least one of two gave it, those to which both did, in all pairs of
    coders; `n` counts passages. Likewise with the machine.
    """

    theme_id: str
    given: int
    kappa: Figure  # the mean of all pairs of coders
    alpha: Figure
    machine_kappa: Figure  # the mean of each coder's with the machine
    agree_where_coded: Figure
    machine_agree_where_coded: Figure

    @property
    def too_few(self) -> bool:
        return self.given < TOO_FEW


@dataclass(frozen=True)
class Report:
    """Everything the codings of a study show. Counts are of passages, those of two samples in both."""

    drawn: int
    population: int  # passages that the latest sample was drawn from
    present: int  # passages that it would be drawn from now
    coded: int  # by anybody
    coded_by_two: int
    uncoded: Mapping[str, int]  # coder → passages not come to yet
    cannot_tell: Mapping[str, int]
    changed: int  # codings about passages that have changed or gone since: they do not count
    disagreements: int
    settled: int
    people: tuple[Pair, ...]
    alpha: Figure  # each set of codes as one value
    alpha_masi: Figure
    with_machine: tuple[Pair, ...]
    themes: tuple[ThemeAgreement, ...]
    scores: tuple[ThemeScore, ...]
    overall: ThemeScore
    unrepresented: int  # passages of the study that no coded passage stands for


@dataclass(frozen=True)
class _Unit:
    """A passage of a sample as it was coded. Codes are cut down to those its coders were offered."""

    sample: str
    passage_id: str
    offered: Codes
    by_coder: Mapping[str, Codes]
    unsure: int
    settled: Codes | None
    machine: Codes

    @property
    def consensus(self) -> Codes | None:
        """What was settled, or what all of several coders say; None where there is neither."""
        if self.settled is not None:
            return self.settled
        sets = set(self.by_coder.values())
        return next(iter(sets)) if len(sets) == 1 and len(self.by_coder) > 1 and not self.unsure else None

    @property
    def reference(self) -> list[Codes]:
        return [self.settled] if self.settled is not None else list(self.by_coder.values())


def report(codings: Codings, passages: pd.DataFrame, assignments: pd.DataFrame, target: Callable[[str], str]) -> Report:
    """Compares everything that was coded. Samples of which nothing was coded do not count.

    Args:
        passages: PASSAGES of the run to compare with.
        assignments: CODED_ASSIGNMENTS of it, one row or several a passage.
        target: theme id → the theme it is merged into; itself if it stands, empty if it is set aside.
    """
    begun = {coding.sample for coding in codings.in_force}
    codings = replace(codings, samples={name: one for name, one in codings.samples.items() if name in begun})
    hashes = dict(zip(passages["passage_id"], passages["text_hash"], strict=True))
    units, changed = _units(codings, hashes, themes_of(assignments), target)
    coders = sorted({coder for sample in codings.samples.values() for coder in sample.coders})
    said = [[unit.by_coder.get(coder) for coder in coders] for unit in units]
    judged, unrepresented = _judged(codings, units)
    themes = sorted({theme for unit in units for theme in unit.offered})
    by_theme = {theme: [one for offered, one in judged if theme in offered] for theme in themes}
    coded = [unit for unit in units if unit.by_coder]
    statuses = [unit for unit in coded if len(unit.by_coder) + unit.unsure > 1]
    latest = list(codings.samples.values())[-1:]
    return Report(
        drawn=sum(len(sample.drawn) for sample in codings.samples.values()),
        population=sum(sum(sample.sizes.values()) for sample in latest),
        present=int((passages["review"] == "").sum()),
        coded=len(coded),
        coded_by_two=sum(len(unit.by_coder) > 1 for unit in units),
        uncoded=_uncoded(codings),
        cannot_tell=_unsure(codings),
        changed=changed,
        disagreements=sum(unit.consensus is None for unit in statuses),
        settled=sum(unit.settled is not None for unit in units),
        people=tuple(
            _pair(one, other, [(u.by_coder.get(one), u.by_coder.get(other)) for u in units])
            for n, one in enumerate(coders)
            for other in coders[n + 1 :]
        ),
        alpha=figure(alphas, ratings(said)),
        alpha_masi=figure(alphas, ratings(said, masi)),
        with_machine=(
            *(_pair(coder, MACHINE, [(unit.by_coder.get(coder), unit.machine) for unit in coded]) for coder in coders),
            _pair(CONSENSUS, MACHINE, [(unit.consensus, unit.machine) for unit in units]),
        ),
        themes=tuple(_theme(theme, coders, [unit for unit in units if theme in unit.offered]) for theme in themes),
        scores=tuple(score(theme, by_theme[theme]) for theme in themes),
        overall=score_all([one for _, one in judged], themes),
        unrepresented=unrepresented,
    )


def kappa_in_words(found: Figure) -> str:
    """The band that Landis and Koch (1977) put a kappa in: a convention, no finding."""
    if found.value is None:
        return "nothing to compare" if not found.n else "says nothing: only one answer was ever given"
    if found.value < 0:
        return "less than by chance"
    return next(name for low, name in reversed(BANDS) if found.value >= low)


def _units(
    codings: Codings, hashes: Mapping[str, str], machine: Mapping[str, Sequence[str]], target: Callable[[str], str]
) -> tuple[list[_Unit], int]:
    """The coded passages that still read as they were coded, and how many codings are about others."""

    def codes(themes: Iterable[str], offered: Codes) -> Codes:
        return frozenset(target(theme) for theme in themes) & offered

    settled = codings.settled()
    given: dict[tuple[str, str], dict[str, Codes | None]] = {}
    offered = {name: frozenset(filter(None, map(target, sample.themes))) for name, sample in codings.samples.items()}
    changed = 0
    for coding in codings.in_force:
        if hashes.get(coding.passage_id) != coding.text_hash:
            changed += 1
        elif coding.sample in offered:
            value = codes(coding.themes, offered[coding.sample]) if coding.state is State.CODED else None
            given.setdefault((coding.sample, coding.passage_id), {})[coding.coder] = value
    units: list[_Unit] = []
    for (sample, passage), by_coder in sorted(given.items()):
        decision = settled.get(passage)
        stands = decision is not None and hashes.get(passage) == decision.text_hash and decision.state is State.CODED
        units.append(
            _Unit(
                sample,
                passage,
                offered[sample],
                {coder: value for coder, value in sorted(by_coder.items()) if value is not None},
                sum(value is None for value in by_coder.values()),
                codes(decision.themes, offered[sample]) if decision and stands else None,
                codes(machine.get(passage, ()), offered[sample]),
            )
        )
    return units, changed


def _pair(one: str, other: str, said: Sequence[tuple[Codes | None, Codes | None]]) -> Pair:
    both = [(a, b) for a, b in said if a is not None and b is not None]
    return Pair(
        one,
        other,
        share([a == b for a, b in both]),
        share([bool(a & b) or a == b for a, b in both]),
        share([bool(a & b) for a, b in both if a | b]),
        figure(kappas, ratings(both, masi)),
    )


def _theme(theme: str, coders: Sequence[str], units: Sequence[_Unit]) -> ThemeAgreement:
    said = [
        [None if (codes := unit.by_coder.get(coder)) is None else theme in codes for coder in coders] for unit in units
    ]
    by_two = [row for row in said if sum(value is not None for value in row) > 1]
    with_machine = [
        [*row, theme in unit.machine] for row, unit in zip(said, units, strict=True) if row.count(None) < len(row)
    ]
    return ThemeAgreement(
        theme,
        sum(any(row) for row in by_two),
        figure(mean_kappas, ratings(by_two)),
        figure(alphas, ratings(by_two)),
        figure(kappas_with_last, ratings(with_machine)),
        _where_given([list(combinations(_known(row), 2)) for row in said]),
        _where_given([[(value, row[-1]) for value in _known(row[:-1])] for row in with_machine]),
    )


def _known(row: Sequence[bool | None]) -> list[bool]:
    return [value for value in row if value is not None]


def _where_given(by_passage: Sequence[Sequence[tuple[bool, bool | None]]]) -> Figure:
    """Of the pairs of which at least one gave a code, the share of which both did.

    Pairs that speak of one passage are not independent: a passage counts as often as it has such pairs, and the
    interval is that of as many passages as would weigh the same (Kish); of two coders, it is Wilson's.

    Args:
        by_passage: for each passage, its pairs of codings: whether the one and the other gave the code.
    """
    given = [[bool(one and other) for one, other in pairs if one or other] for pairs in by_passage]
    found = weighted_share([(len(pairs), sum(pairs) / len(pairs)) for pairs in given if pairs], too_few=1)
    return Figure(found.value, found.low, found.high, found.n)


def _judged(codings: Codings, units: Sequence[_Unit]) -> tuple[list[tuple[Codes, Judged]], int]:
    """The coded passages with what they were offered and their weights; and how many passages none stands for.

    Of several samples, each counts by how much of it was coded.
    """
    found: list[tuple[Codes, Judged]] = []
    unrepresented = 0
    for name, sample in codings.samples.items():
        mine = {unit.passage_id: unit for unit in units if unit.sample == name and unit.reference}
        if not mine:
            continue
        stands_for, none = weights(sample, mine)
        unrepresented = max(unrepresented, none)
        for passage, unit in mine.items():
            weight = stands_for[passage] * len(mine)
            found.append((unit.offered, Judged(weight, unit.machine, in_part(unit.reference))))
    return found, unrepresented


def _uncoded(codings: Codings) -> dict[str, int]:
    left: dict[str, int] = {}
    done = {coding.key for coding in codings.in_force}
    for name, sample in codings.samples.items():
        for coder in sample.coders:
            waiting = sum((name, coder, one.passage_id) not in done for one in sample.drawn)
            left[coder] = left.get(coder, 0) + waiting
    return dict(sorted(left.items()))


def _unsure(codings: Codings) -> dict[str, int]:
    found: dict[str, int] = {}
    for coding in codings.in_force:
        if coding.sample and coding.state is State.CANNOT_TELL:
            found[coding.coder] = found.get(coding.coder, 0) + 1
    return dict(sorted(found.items()))
