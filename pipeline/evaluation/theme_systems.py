"""A way to find themes as it is compared, and ours, as a study would use it."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd

from pipeline.evaluation.stream import Method, passages_of
from pipeline.study import Disclosure, Embedding, Themes

OURS = "quotebank"
_SEED = 7
_FOUND = 50  # percent: what `find_themes` says once themes are found and not yet named


@dataclass(frozen=True)
class Found:
    """Themes of n texts.

    Attributes:
        themes: str (n,), the id of each text's main theme, "" for none.
        members: rows of each theme; a row may be in several.
        names: what a theme is called, for those that have a name.
        fit_seconds, naming_seconds, load_seconds: spent on each; the last on libraries that finding themes needs.
    """

    themes: np.ndarray
    members: Mapping[str, np.ndarray] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    fit_seconds: float = 0.0
    naming_seconds: float = 0.0
    load_seconds: float = 0.0


class Discover(Protocol):
    """A way to find themes: texts and their vectors, float32 (n, dimension), to what is found."""

    def __call__(self, texts: Sequence[str], vectors: np.ndarray) -> Found: ...


def members_of(themes: np.ndarray) -> dict[str, np.ndarray]:
    """The rows of each theme, where no row is in several."""
    return {theme: np.flatnonzero(themes == theme) for theme in sorted(set(themes.tolist()) - {""})}


@dataclass(frozen=True)
class OurState:
    """What a study remembers from run to run: its last tables, and every id that was ever given."""

    themes: pd.DataFrame
    ideas: pd.DataFrame
    assignments: pd.DataFrame
    taken: frozenset[str]


def run_ours(
    passages: pd.DataFrame,
    vectors: np.ndarray,
    previous: OurState | None,
    settings: Themes,
    cache: Path,
    progress: Callable[[int], object] | None = None,
    named: bool = True,
) -> OurState:
    """The themes stage, as a study would run it. The only place that knows how it is called."""
    from pipeline.themes import Past, find_themes

    found = find_themes(
        passages,
        vectors,
        settings=settings,
        disclosure=Disclosure(min_keyword_contributors=2),
        embedding=Embedding(),
        cache=cache,
        seed=_SEED,
        questions={},
        blocked=frozenset(),
        past=Past(previous.themes, previous.ideas) if previous else None,
        progress=progress,
        taken=previous.taken if previous else frozenset(),
        named=named,
    )
    taken = (previous.taken if previous else frozenset[str]()) | set(found.themes["theme_id"])
    return OurState(found.themes, found.ideas, found.assignments, taken)


@dataclass(frozen=True)
class Ours:
    """Ours with these settings; `cache` keeps the vectors of names. Where only themes are measured, names can wait."""

    settings: Themes
    cache: Path
    named: bool = True

    def __call__(self, texts: Sequence[str], vectors: np.ndarray) -> Found:
        started = time.perf_counter()
        _load()
        passages = passages_of(texts)
        loaded = time.perf_counter() - started
        told = {0: time.perf_counter()}  # percent done → when

        def tell(percent: int) -> None:
            told.setdefault(percent, time.perf_counter())

        state = run_ours(passages, vectors, None, self.settings, self.cache, tell, self.named)
        done = time.perf_counter()
        fitted = min((at for percent, at in told.items() if percent >= _FOUND), default=done)
        ids = passages["passage_id"]
        rows = dict(zip(ids, range(len(ids)), strict=True))
        assigned = state.assignments[state.assignments["theme_id"] != ""]
        members = {
            str(theme): np.array(sorted(rows[passage] for passage in group["passage_id"]))
            for theme, group in assigned.groupby("theme_id", sort=True)
        }
        names = dict(zip(state.themes["theme_id"], state.themes["label"], strict=True)) if self.named else {}
        return Found(_main_themes(state, passages), members, names, fitted - told[0], done - fitted, loaded)


def _load() -> None:
    """Libraries that are loaded late by what uses them."""
    from pipeline.sentences import sentence_spans
    from pipeline.themes.topics import load_bertopic

    sentence_spans("None is split before spaCy is there.")
    load_bertopic()
    for name in ("graspologic_native", "sklearn.metrics"):
        import_module(name)


def unnamed(discover: Discover) -> Discover:
    """The same without the time that names take, where it can do without."""
    return replace(discover, named=False) if isinstance(discover, Ours) else discover


def ours_growing(settings: Themes, cache: Path) -> Method:
    """Ours as it is run again and again."""

    def method(passages: pd.DataFrame, vectors: np.ndarray, previous: Any | None) -> tuple[np.ndarray, Any]:
        state = run_ours(passages, vectors, previous, settings, cache, named=False)
        return _main_themes(state, passages), state

    return method


def _main_themes(state: OurState, passages: pd.DataFrame) -> np.ndarray:
    """Each passage's first theme, where it may have several."""
    assignments = state.assignments[state.assignments["rank"] == 1]
    return passages["passage_id"].map(assignments.set_index("passage_id")["theme_id"]).fillna("").to_numpy(str)
