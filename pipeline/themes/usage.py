"""Who says what where: counts of words by theme and contributor."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.themes.phrases import Phrase, Read

_MOST_OUTSIDE = 0.03  # share of other contributors who use a word that can name a theme by itself
_FEWEST_INSIDE = 0.3  # share of the theme's own who must
_FEWEST_SAYING = 2  # contributors of a theme who must use a phrase of several words,
_SHARED = 0.08  # and the share of them
_OFTEN = 0.2  # share of a theme's contributors who make a part of a phrase one that many say
_ELSEWHERE = 0.95  # share of the passages elsewhere that must be less like a phrase than a passage it describes


@dataclass(frozen=True)
class Usage:
    """How many distinct contributors use each lemma, in each theme and in all, and where lemmas meet."""

    labels: Sequence[int]  # theme of each passage
    contributors: Sequence[str]  # of each passage
    where: Mapping[str, frozenset[int]]  # lemma → passages that use it
    people: np.ndarray  # (k,) contributors of each theme
    in_theme: list[Counter[str]]
    in_all: Counter[str]
    n_all: int
    common: frozenset[str]  # lemmas that many themes share

    @classmethod
    def count(cls, labels: np.ndarray, reads: Sequence[Read], contributors: Sequence[str], k: int) -> "Usage":
        said: dict[tuple[int, str], set[str]] = {}
        for label, read, contributor in zip(labels.tolist(), reads, contributors, strict=True):
            said.setdefault((label, contributor), set()).update(read.lemmas)
        in_theme: list[Counter[str]] = [Counter() for _ in range(k)]
        people = np.zeros(k, dtype=int)
        everything: dict[str, set[str]] = {}
        for (label, contributor), lemmas in said.items():
            everything.setdefault(contributor, set()).update(lemmas)
            if label >= 0:
                in_theme[label].update(lemmas)
                people[label] += 1
        in_all: Counter[str] = Counter()
        for lemmas in everything.values():
            in_all.update(lemmas)
        shared = Counter(
            lemma for theme in range(k) for lemma, n in in_theme[theme].items() if n >= max(2, 0.15 * people[theme])
        )
        common = frozenset(lemma for lemma, n in shared.items() if n > max(2, 0.2 * k))
        where: dict[str, set[int]] = {}
        for row, read in enumerate(reads):
            for lemma in read.lemmas:
                where.setdefault(lemma, set()).add(row)
        rows = {lemma: frozenset(found) for lemma, found in where.items()}
        return cls(labels.tolist(), contributors, rows, people, in_theme, in_all, len(everything), common)

    def said(self, phrase: Phrase, theme: int | None = None) -> int:
        """Contributors who use all of its lemmas in one passage, in whatever order; of one theme or of all.

        Of a phrase that was put together, those who use either part.
        """
        return len(self._saying(phrase, theme))

    def _saying(self, phrase: Phrase, theme: int | None) -> frozenset[str]:
        if phrase.parts:
            return frozenset[str].union(*(self._saying(part, theme) for part in phrase.parts))
        rows = frozenset[int].intersection(*(self.where.get(lemma, frozenset()) for lemma in phrase.lemmas))
        return frozenset(self.contributors[row] for row in rows if theme is None or self.labels[row] == theme)

    def is_shared(self, phrase: Phrase, theme: int, by: float = _SHARED) -> bool:
        """False for the turn of phrase of a few people, which names nothing; `by`: the share of them that is enough.

        Several must have said each of its words, though not together: people who mean the same seldom put it the
        same way.
        """
        if self.people[theme] < _FEWEST_SAYING:
            return True
        share = by * int(self.people[theme]) if len(set(phrase.lemmas)) > 1 else 0
        return all(self.in_theme[theme][lemma] >= max(_FEWEST_SAYING, share) for lemma in phrase.lemmas)

    def coverage(self, phrase: Phrase, theme: int) -> float:
        """Share of the theme's contributors who say it."""
        return self.said(phrase, theme) / max(1, self.people[theme])

    def borne_out(self, phrase: Phrase, theme: int) -> float:
        """Share of the theme's contributors who use the word of it that is rarest among them.

        Of a thing with something else behind it, those who speak of both: "transfers from China"; of two things,
        those who speak of either.
        """
        if phrase.is_linked or phrase.parts:
            return self.coverage(phrase, theme)
        return min(self.in_theme[theme][lemma] for lemma in phrase.lemmas) / max(1, self.people[theme])

    def is_typical(self, lemma: str, theme: int) -> bool:
        """True for a word that many of the theme's contributors use and hardly any others."""
        inside = self.in_theme[theme][lemma]
        others = max(1, self.n_all - int(self.people[theme]))
        return inside >= _FEWEST_INSIDE * self.people[theme] and self.in_all[lemma] - inside <= _MOST_OUTSIDE * others

    def sets_apart(self, phrase: Phrase, theme: int) -> bool:
        """True for words that many of the theme's contributors put in one passage and hardly any others do."""
        inside, others = self.said(phrase, theme), self.n_all - int(self.people[theme])
        many = inside >= _FEWEST_INSIDE * self.people[theme]
        return many and others > 0 and self.said(phrase) - inside <= _MOST_OUTSIDE * others

    def lift(self, phrase: Phrase, theme: int) -> float:
        """log2 of how much more common its most telling word is in the theme than in all."""
        if phrase.parts:
            return float(np.mean([self.lift(part, theme) for part in phrase.parts]))
        inside = self.coverage(phrase, theme)
        outside = min(self.in_all[lemma] for lemma in phrase.lemmas) / max(1, self.n_all)
        return float(np.log2((inside + 0.01) / (outside + 0.01)))

    def reach(self, theme: int, similar: np.ndarray) -> np.ndarray:
        """Share of a theme's contributors with a passage more like a phrase than hardly any passage elsewhere is.

        It sees what `coverage` cannot: people who mean the same in other words.

        Args:
            theme: 0..k-1.
            similar: float (n_passages, n_phrases), cosines of the passages to phrases.

        Returns:
            float (n_phrases,), 0 to 1; ones where there is nothing elsewhere to compare with.
        """
        inside = np.array(self.labels) == theme
        if inside.all() or not inside.any():
            return np.ones(similar.shape[1])
        reached = similar[inside] > np.quantile(similar[~inside], _ELSEWHERE, axis=0)
        people = np.unique(np.array(self.contributors)[inside], return_inverse=True)[1]
        counts = np.zeros((people.max() + 1, similar.shape[1]), dtype=bool)
        np.logical_or.at(counts, people, reached)
        return counts.mean(axis=0)

    def meant(self, theme: int, phrases: Sequence[Phrase], similar: np.ndarray) -> np.ndarray:
        """Share of a theme's passages more like a phrase than like any other phrase that says a part of it.

        It sees whether people mean what its words add, though each tells it in words of their own: answers on top-ups
        that failed are more like "top-up failed" than like "top-up".

        Args:
            theme: 0..k-1.
            phrases: of the theme.
            similar: float (n_passages, n_phrases), cosines of the passages to phrases.

        Returns:
            float (n_phrases,), the least over such parts; no more than half where none of them is said by many.
        """
        inside = similar[np.array(self.labels) == theme]
        lemmas = [frozenset(phrase.lemmas) for phrase in phrases]
        often = [not phrase.parts and self.borne_out(phrase, theme) >= _OFTEN for phrase in phrases]
        shares: list[float] = []
        for n, whole in enumerate(lemmas):
            parts = [m for m, part in enumerate(lemmas) if part < whole]
            found = [float(np.mean(inside[:, n] > inside[:, m])) for m in parts]
            shares.append(min([*found, 1.0 if any(often[m] for m in parts) else 0.5]))
        return np.array(shares)


def stem(word: str) -> str:
    """Enough to see that "cells" and "cell", "reset" and "resetting" are one word; not for anything that is shown."""
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    word = word.rstrip("e")
    return word[:-1] if len(word) > 2 and word[-1] == word[-2] else word
