"""Rules as Presidio recognisers that cannot fail silently.

Presidio's own PatternRecognizer logs a regex timeout and returns nothing, and its engine takes None for "found
nothing". Either would publish a name. Here a timeout, an exception or None always leaves the engine as an exception,
and the redactor holds the document.
"""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

import regex
from presidio_analyzer import EntityRecognizer, PatternRecognizer, RecognizerResult

from pipeline.redaction.prefilter import Clause, Prefilter, needs, one_of

Match = regex.Match[str]


class RecogniserFailed(Exception):
    """A recogniser gave no answer. Carries the recogniser's name, never text."""


@dataclass(frozen=True)
class Rule:
    """One pattern. The group `x` is what is masked (every capture of it), or the whole match without such a group.

    `among`: words, casefolded and without signs, of which whatever passes the check holds one.
    """

    label: str
    pattern: str
    score: float
    check: Callable[[Match], bool] | None = None
    flags: int = 0
    among: Set[str] = frozenset()
    compiled: "regex.Pattern[str]" = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if not all(map(str.isalpha, self.among)):
            raise ValueError("a word with a sign in it is never one piece of a text, and would hide what it names")
        object.__setattr__(self, "compiled", regex.compile(_loose(self.pattern), self.flags | regex.V1))

    @property
    def needs(self) -> tuple[Clause, ...]:
        """Clauses that every text fulfils in which there is something to find."""
        return (*needs(self.compiled.pattern), *([one_of(self.among)] if self.among else []))

    def find(self, text: str, timeout: float) -> list[RecognizerResult]:
        """What the pattern matches and the check lets through. `timeout` in seconds; TimeoutError is not caught."""
        results: list[RecognizerResult] = []
        for match in self.compiled.finditer(text, timeout=timeout):
            if self.check is None or self.check(match):
                spans = match.spans("x") if "x" in self.compiled.groupindex else [match.span()]
                results += [
                    RecognizerResult(self.label, start, end, self.score) for start, end in spans if end > start >= 0
                ]
        return results


def _loose(pattern: str) -> str:
    """People type "Im", "hes" and "shes"; a pattern is written with the apostrophe and read without it too."""
    return regex.sub(r"\b(I|he|she|who|[Tt]hey)'(m|s|ve|re)\b", r"\1'?\2", pattern)


class RuleRecogniser(EntityRecognizer):
    """A named set of rules. `timeout` is in seconds, for one rule on one text; TimeoutError is not caught."""

    def __init__(self, name: str, rules: Sequence[Rule], timeout: float) -> None:
        self.rules = tuple(rules)
        self.timeout = timeout
        self._prefilter = Prefilter(rule.needs for rule in rules)
        super().__init__(supported_entities=sorted({rule.label for rule in rules}), name=f"rules:{name}")

    def load(self) -> None:
        """Nothing to load: patterns compile when the module does."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:  # noqa: ARG002
        fulfilled = self._prefilter.fulfilled(text)
        results: list[RecognizerResult] = []
        for rule, needed in zip(self.rules, self._prefilter.needed, strict=True):
            if needed & fulfilled == needed:
                results += rule.find(text, self.timeout)
        return results


# Presidio keeps either of two equal results, another in every process; a hair between the layers decides which.
_HAIR = 1e-6
_HAIRS = {"rules": 0, "gazetteer": 1, "model": 2}


def layer(recogniser: str) -> str:
    """Which layer a recogniser is of: `rules:people` → `rules`."""
    return recogniser.split(":")[0]


def threshold(score: float) -> float:
    """The score that lets the same results through as `score` did before a hair was taken off."""
    return score - _HAIR * (max(_HAIRS.values()) + 1)


def without_hair(score: float) -> float:
    return round(score, 4)


class Guarded(EntityRecognizer):
    """Another recogniser, whose None is an error, and whose scores are a hair lower the less its layer is believed."""

    def __init__(self, inner: EntityRecognizer) -> None:
        if isinstance(inner, PatternRecognizer):
            raise TypeError("Presidio's PatternRecognizer hides timeouts; write the pattern as a Rule")
        self.inner = inner
        super().__init__(supported_entities=inner.supported_entities, name=inner.name)

    def load(self) -> None:
        """The inner recogniser loaded itself."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        results: list[RecognizerResult] | None = self.inner.analyze(text, entities, nlp_artifacts)
        if results is None:  # pyright: ignore[reportUnnecessaryComparison] (not what Presidio promises, but what happens)
            raise RecogniserFailed(self.name)
        for result in results:
            result.score -= _HAIR * _HAIRS.get(layer(self.name), 0)
        return results
