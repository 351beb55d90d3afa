"""Scores of a redaction against marks, as pure functions of text, marks and masked spans.

Every measure is a ratio of two counts. Passages are counted one by one; what is summed, and resampled for intervals,
are groups of passages: contributors, or documents where no contributor is known.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.evaluation.gold import NAME_LIKE, GoldPassage, Kind, Mark, Stretch

Counts = dict[str, tuple[int, int]]
"""Measure → (how many, of how many)."""

_TOKEN = re.compile(r"\w+")


@dataclass(frozen=True)
class Prediction:
    """What a system would mask in one passage, as (start, end, label), and whether a person would have to look."""

    spans: tuple[tuple[int, int, str], ...] = ()
    held: bool = False

    @property
    def stretches(self) -> list[Stretch]:
        return [(start, end) for start, end, _ in self.spans]


def coverage(length: int, stretches: Iterable[Stretch]) -> list[bool]:
    """For each of `length` characters, whether any stretch covers it."""
    covered = [False] * length
    for start, end in stretches:
        covered[start:end] = [True] * (min(end, length) - start)
    return covered


def is_masked(text: str, gone: Sequence[bool], start: int, end: int) -> bool:
    """Whether every letter and digit of text[start:end] is `gone`; punctuation and spaces may stay."""
    return all(gone[n] or not text[n].isalnum() for n in range(start, end))


def is_mark_masked(text: str, gone: Sequence[bool], mark: Mark) -> bool:
    """Whether the mark, or its core alone where it has one, is masked."""
    return is_masked(text, gone, *(mark.core or (mark.start, mark.end)))


def missed(passage: GoldPassage, prediction: Prediction) -> list[Mark]:
    """The marks that must go and did not."""
    gone = _gone(passage, prediction)
    return [mark for mark in passage.marks if mark.must and not is_mark_masked(passage.text, gone, mark)]


def merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same characters as stretches that do not overlap, in order; ones that only touch stay apart."""
    result: list[Stretch] = []
    for start, end in sorted(stretches):
        if result and start < result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def tokens(text: str, start: int, end: int) -> list[Stretch]:
    """Where the words and numbers of text[start:end] are."""
    return [match.span() for match in _TOKEN.finditer(text, start, end)]


def count_passage(passage: GoldPassage, prediction: Prediction, annotated: bool, names_only: bool) -> Counts:
    """All counts of one passage.

    - `recall.<kind>`, `label_recall.<LABEL>`: marks that must go and are masked whole.
    - `recall_after_holding.<kind>`: the same, a held passage's marks counting as masked.
    - `traps_hit`: traps of which any character is masked.
    - `other_words_masked`: words outside all marks of which any character is masked.
    - `held`, `passages_with_leak`, `passages_with_leak_after_holding`: 0 or 1 of 1.
    - annotated gold only: see `count_annotated`.
    """
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    missing = set(missed(passage, prediction))
    for mark in passage.marks:
        if mark.must:
            found = mark not in missing
            for name in (f"recall.{mark.kind}", f"label_recall.{mark.label}"):
                _add(counts, name, found)
            _add(counts, f"recall_after_holding.{mark.kind}", found or prediction.held)
    charged = coverage(len(passage.text), _charged(prediction, names_only))
    for start, end in passage.traps:
        _add(counts, "traps_hit", any(charged[start:end]))
    marked = coverage(len(passage.text), [(mark.start, mark.end) for mark in passage.marks])
    for start, end in tokens(passage.text, 0, len(passage.text)):
        if not any(marked[start:end]):
            _add(counts, "other_words_masked", any(charged[start:end]))
    _add(counts, "held", prediction.held)
    _add(counts, "passages_with_leak", bool(missing))
    _add(counts, "passages_with_leak_after_holding", bool(missing) and not prediction.held)
    plain = {name: (some, of) for name, (some, of) in counts.items()}
    return {**plain, **count_annotated(passage, prediction, names_only)} if annotated else plain


def count_annotated(passage: GoldPassage, prediction: Prediction, names_only: bool) -> Counts:
    """The measures of the Text Anonymization Benchmark, pooled over annotators (a micro-average).

    - `entity_recall.<kind>` (ER_di, ER_qi): an entity counts if all its mentions that must go are masked. It is direct
      if any mention is.
    - `token_recall`: words of mentions that must go and are masked; `token_recall.<kind>` by kind.
    - `token_precision`: words the system masks, once for every annotator, that the annotator wanted masked.
    - `mention_precision`: the same of whole masked spans, overlapping ones merged; one mark must hold all of it but
      for punctuation at its ends.

    A word in `ignorable` counts as masked. Where only names are marked, a span of another label (a date, an e-mail
    address) counts for recall, since what it hides has not leaked, but is not held against precision.
    """
    text, gone = passage.text, _gone(passage, prediction)
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    entities: dict[tuple[str, str], list[Mark]] = defaultdict(list)
    for n, mark in enumerate(passage.marks):
        if mark.must:
            entities[mark.annotator, mark.entity or f"mark {n}"].append(mark)
            for start, end in tokens(text, mark.start, mark.end):
                found = is_masked(text, gone, start, end)
                _add(counts, "token_recall", found)
                _add(counts, f"token_recall.{mark.kind}", found)
    for mentions in entities.values():
        kind: Kind = "direct" if any(mark.kind == "direct" for mark in mentions) else "quasi"
        _add(counts, f"entity_recall.{kind}", all(is_mark_masked(text, gone, mark) for mark in mentions))
    wanted = [[(m.start, m.end) for m in passage.marks if m.must and m.annotator == a] for a in passage.annotators]
    for start, end in merged(_charged(prediction, names_only)):
        for marks in wanted:
            _add(counts, "mention_precision", _holds(marks, *_trimmed(text, start, end)))
            for token in tokens(text, start, end):
                _add(counts, "token_precision", _holds(marks, *token))
    return {name: (some, of) for name, (some, of) in counts.items()}


def count_groups(passages: Sequence[GoldPassage], counted: Sequence[Counts]) -> dict[str, Counts]:
    """Counts summed for each group, with whether the group has a leak: `groups_with_leak` and `…_direct_leak`, and both
    after holding, 0 or 1 of 1."""
    sums: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for passage, counts in zip(passages, counted, strict=True):
        for name, (some, of) in counts.items():
            entry = sums[passage.group][name]
            entry[0] += some
            entry[1] += of
    for counts in sums.values():
        for suffix in ("", "_after_holding"):
            leaks = {kind: _leaks(counts, f"recall{suffix}.{kind}") for kind in ("direct", "quasi")}
            _add(counts, f"groups_with_direct_leak{suffix}", leaks["direct"])
            _add(counts, f"groups_with_leak{suffix}", any(leaks.values()))
    return {group: {name: (some, of) for name, (some, of) in counts.items()} for group, counts in sums.items()}


def f_beta(precision: float, recall: float, beta: float = 2.0) -> float:
    """Weighted harmonic mean; with beta 2, recall counts for twice as much as precision. 0 where both are 0."""
    weight = beta * beta
    below = weight * precision + recall
    return (1 + weight) * precision * recall / below if below else 0.0


def _gone(passage: GoldPassage, prediction: Prediction) -> list[bool]:
    return coverage(len(passage.text), [*prediction.stretches, *passage.ignorable])


def _charged(prediction: Prediction, names_only: bool) -> list[Stretch]:
    return [(start, end) for start, end, label in prediction.spans if not names_only or label in NAME_LIKE]


def _trimmed(text: str, start: int, end: int) -> Stretch:
    """Without what is neither letter nor digit at the ends; as it was if there is nothing else."""
    inside = [n for n in range(start, end) if text[n].isalnum()]
    return (inside[0], inside[-1] + 1) if inside else (start, end)


def _holds(stretches: Sequence[Stretch], start: int, end: int) -> bool:
    return any(s <= start and end <= e for s, e in stretches)


def _leaks(counts: Mapping[str, Sequence[int]], name: str) -> bool:
    some, of = counts.get(name, (0, 0))
    return some < of


def _add(counts: dict[str, list[int]], name: str, hit: bool) -> None:
    entry = counts[name]
    entry[0] += hit
    entry[1] += 1
