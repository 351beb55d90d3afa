"""Which of a theme's phrases may name it: words of enough people that say something and no more than is so."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.themes.choice import GENERIC, SUBJECTS
from pipeline.themes.phrases import Phrase, Read
from pipeline.themes.usage import Usage, stem

_CANDIDATES = 40  # phrases a theme that are compared by meaning
_DENYING = frozenset("no not".split())
_MORE_OR_LESS = frozenset("more less fewer".split())
_DENIED = 0.3  # share of those who speak of a thing who must have none of it,
_WISHED = 0.15  # or want more or less, each in so many words
_MOST_DENYING = 0.5  # share of those who speak of a thing above which it is none of it that names the theme
_PLURAL = 3  # a plural is preferred if the singular is at most so many times as frequent
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Rules:
    """What may be in a label or a keyword.

    blocked: words of the roster and such, casefolded. asked: lemmas of the questions' wording. min_contributors: a
    word that fewer distinct contributors used describes nothing. said_by: how many used each word, casefolded.
    """

    blocked: frozenset[str]
    asked: frozenset[str]
    min_contributors: int
    said_by: Counter[str]


def phrases_for(
    theme: int, labels: np.ndarray, reads: Sequence[Read], usage: Usage, rules: Rules, last: str
) -> dict[Phrase, int]:
    """The phrases of a theme that may name it and how many contributors put it in such words.

    One wording for each set of lemmas, most promising first, before them those of which the last label was made.
    Where nothing is said by many, what two have said must do; so it must for the last label.
    """
    before = {last, *last.split(" and ")}
    able = [
        (row, phrase)
        for row in np.flatnonzero(labels == theme).tolist()
        for phrase in reads[row].phrases
        if may_name(phrase, usage, rules, theme) and usage.is_shared(phrase, theme, by=0.0)
    ]
    shared = [
        (row, phrase)
        for row, phrase in able
        if usage.is_shared(phrase, theme) or any(same_words(phrase.text, label) for label in before)
    ]
    wordings: dict[frozenset[str], Counter[Phrase]] = {}
    people: dict[frozenset[str], set[str]] = {}
    for row, phrase in shared or able:
        wordings.setdefault(frozenset(phrase.lemmas), Counter())[phrase] += 1
        people.setdefault(frozenset(phrase.lemmas), set()).add(usage.contributors[row])
    best = {
        wording: n_people
        for lemmas, counts in wordings.items()
        if _may_stand((wording := _best_wording(counts)), (n_people := len(people[lemmas])), usage.in_theme[theme])
        and not _is_denied(wording, people, usage.said(wording, theme))
    }
    promise = {phrase: usage.coverage(phrase, theme) ** 0.5 + 0.25 * usage.lift(phrase, theme) for phrase in best}
    kept = {phrase: any(same_words(phrase.text, label) for label in before) for phrase in best}
    ordered = sorted(best, key=lambda phrase: (not kept[phrase], -promise[phrase], phrase.text))
    return {phrase: best[phrase] for phrase in ordered[:_CANDIDATES]}


def _may_stand(phrase: Phrase, n_people: int, used: Counter[str]) -> bool:
    """False for "no signal" where few of those who speak of signal have none, and for what one person judged."""
    if phrase.kind == "sentence":
        return n_people > 1
    denied, wished = _DENYING & set(phrase.lemmas), _MORE_OR_LESS & set(phrase.lemmas)
    return n_people >= (_DENIED if denied else _WISHED if wished else 0.0) * used[phrase.head]


def _is_denied(phrase: Phrase, people: Mapping[frozenset[str], set[str]], n_saying: int) -> bool:
    """True for "complaints" where most of those who speak of them say "no complaints"."""
    lemmas = frozenset(phrase.lemmas)
    return not _DENYING & lemmas and len(people.get(lemmas | {"no"}, ())) > _MOST_DENYING * n_saying


def _best_wording(counts: Counter[Phrase]) -> Phrase:
    """The most frequent, rather a thing than an action; the plural if people use it, which makes the better heading."""
    best = min(counts, key=lambda phrase: (-counts[phrase], phrase.is_action, len(phrase.text), phrase.text))
    plurals = [phrase for phrase in counts if phrase.text == f"{best.text}s"]
    return next((phrase for phrase in plurals if _PLURAL * counts[phrase] >= counts[best]), best)


def may_name(phrase: Phrase, usage: Usage, rules: Rules, theme: int) -> bool:
    """False for blocked words, words of too few people, mere generic words and mere echoes of the question.

    theme: what many say or do there, and hardly anybody elsewhere, may name it though its words say little.
    """
    if (words_of(phrase.text) | words_of(" ".join(phrase.lemmas))) & rules.blocked:
        return False
    if any(usage.in_all[lemma] < rules.min_contributors for lemma in phrase.lemmas):
        return False
    judged = phrase.is_judgement or _tells_by_verb(phrase, usage, theme)
    return bool(phrase.about - (frozenset[str]() if judged else _generic(phrase, usage, theme)) - rules.asked)


def _generic(phrase: Phrase, usage: Usage, theme: int) -> frozenset[str]:
    """What names nothing by itself; but "questions" does where many speak of them and hardly anybody elsewhere."""
    may_be = phrase.kind in ("thing", "action") and phrase.head in SUBJECTS and usage.n_all > usage.people[theme]
    is_subject = may_be and usage.is_typical(phrase.head, theme)
    return GENERIC - {phrase.head} if is_subject else GENERIC


def _tells_by_verb(phrase: Phrase, usage: Usage, theme: int) -> bool:
    """True for "changing name" where many do and nobody else."""
    return phrase.is_action and usage.sets_apart(phrase, theme)


def telling(phrase: Phrase, usage: Usage, theme: int) -> frozenset[str]:
    """The words that tell one theme from another; a generic noun does so behind another, as in "response time"."""
    if phrase.is_judgement:
        return frozenset(phrase.lemmas)
    generic = _generic(phrase, usage, theme)
    plain = generic - {phrase.head} if phrase.is_compound else generic
    return frozenset(phrase.lemmas) - plain - usage.common if phrase.about - generic - usage.common else frozenset()


def words_of(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}


def same_words(one: str, other: str) -> bool:
    """True for labels that differ in nothing but capitals and endings."""
    stems = [[stem(word) for word in _WORD.findall(label.casefold())] for label in (one, other)]
    return bool(stems[0]) and stems[0] == stems[1]
