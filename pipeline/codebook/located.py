"""Where the passages that decisions name are now: by id while the words are the same, else wherever the words are."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from pipeline.codebook.state import Conflict, Ref, State, refs


def located(state: State, passages: pd.DataFrame) -> State:
    """The state about these passages alone, and a conflict for each decision that names others.

    A passage that still has its id and its words is the one that was meant. Where the id is gone, or stands for other
    words, the decision follows the words, to every passage with just these that no decision names by its id.

    Args:
        passages: PASSAGES.
    """
    finder = _Finder(passages, _named(state))
    themes = {
        theme: replace(decided, members=frozenset(at for ref in decided.members for at in finder.find(ref)))
        if decided.members is not None
        else decided
        for theme, decided in state.themes.items()
    }
    examples = {old: found[0].passage_id for old, ref in state.examples.items() if (found := finder.find(ref))}
    themes = {
        theme: replace(decided, examples=tuple(examples.get(words, words) for words in decided.examples))
        for theme, decided in themes.items()
    }
    steps = tuple(replace(step, ref=at) for step in state.steps for at in finder.find(step.ref))
    return replace(state, themes=themes, steps=steps, conflicts=(*state.conflicts, *_lost(state, finder)))


def _named(state: State) -> list[Ref]:
    members = [ref for decided in state.themes.values() for ref in decided.members or ()]
    return sorted({*(step.ref for step in state.steps), *state.examples.values(), *members})


class _Finder:
    def __init__(self, passages: pd.DataFrame, named: Iterable[Ref]) -> None:
        self._by_id = refs(passages)
        self._exact = {ref.passage_id for ref in named if self.is_exact(ref)}
        self._by_seen: dict[str, list[Ref]] = {}
        self._by_words: dict[str, list[Ref]] = {}
        for ref in self._by_id.values():
            self._by_seen.setdefault(ref.text_hash, []).append(ref)
            self._by_words.setdefault(ref.words, []).append(ref)

    def is_exact(self, ref: Ref) -> bool:
        now = self._by_id.get(ref.passage_id)
        return now is not None and (now.text_hash == ref.text_hash or now.words == ref.words)

    def is_there(self, ref: Ref) -> bool:
        return ref.passage_id in self._by_id

    def find(self, ref: Ref) -> list[Ref]:
        if self.is_exact(ref):
            return [self._by_id[ref.passage_id]]
        same = self._by_seen.get(ref.text_hash) or self._by_words.get(ref.words) or []
        return [at for at in same if at.passage_id not in self._exact] or same  # or it went by an earlier id


def _lost(state: State, finder: _Finder) -> list[Conflict]:
    """One conflict for each decision with passages that cannot be found, saying how many."""
    named = [(ref, (*placement.themes, "")[0], "a decision names") for ref, placement in state.placements.items()]
    named += [(ref, "", "a pinned quote is of") for ref in state.quotes]
    named += [(ref, "", "an example is") for ref in state.examples.values()]
    for theme, decided in state.themes.items():
        named += [(ref, theme, "its pinned membership names") for ref in decided.members or ()]
    counts = Counter(
        (theme, state.named_by.get(ref, ""), says, finder.is_there(ref))
        for ref, theme, says in named
        if not finder.find(ref)
    )
    return [
        Conflict(
            theme,
            f"{says} {n} passage(s) " + ("whose words have changed since" if changed else "that are no longer there"),
            "decide about the new words, or settle it" if changed else "settle it, or undo the decision",
            event,
        )
        for (theme, event, says, changed), n in sorted(counts.items())
    ]
