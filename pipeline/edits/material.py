"""What there is to decide about: the latest run's passages and their themes, as decided up to now."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypedDict, cast

import numpy as np
import pandas as pd

from pipeline import chain
from pipeline.codebook import current_state, known_themes
from pipeline.codebook.applying import coded_assignments
from pipeline.codebook.checks import listed
from pipeline.codebook.events import Drafted, named
from pipeline.codebook.located import located
from pipeline.codebook.state import Ref, refs
from pipeline.errors import Problem, RefusedError
from pipeline.store import MANIFEST, Run, latest_run
from pipeline.study import Study

Encode = Callable[[Sequence[str]], np.ndarray]  # texts → float32 (n, dimension)


class Defining(TypedDict, total=False):
    """What may be said of a theme. What is left out or None stays as it is; "" or an empty list takes it away.

    description: one line for readers.
    definition: for coders; with when to `include` and when to `exclude`.
    seeds: phrases that stand for it.
    examples: short passages in one's own words, or ids of passages.
    parent: the theme it is a part of.
    """

    description: str | None
    definition: str | None
    include: Iterable[str] | None
    exclude: Iterable[str] | None
    seeds: Iterable[str] | None
    examples: Iterable[str] | None
    parent: str | None


_PROSE = ("description", "definition", "parent")


class Material:
    """A study's passages and themes, read anew whenever there is another run."""

    def __init__(self, study: Study, encode: Encode | None = None) -> None:
        self.study = study
        self._encode = encode
        self._read: tuple[str, pd.DataFrame, dict[str, Ref]] | None = None

    @property
    def latest(self) -> Run | None:
        """The latest run, or else the newest that came as far as themes."""
        latest = latest_run(self.study.root)
        if latest and latest.entry("themes"):
            return latest
        found = sorted(self.study.root.glob(f"runs/*/{MANIFEST}"), key=lambda path: (path.stat().st_mtime, path))
        runs = [run for path in found if (run := Run(self.study.root, path.parent.name)).entry("themes")]
        return runs[-1] if runs else None

    @property
    def run(self) -> Run:
        """The run whose passages decisions are about. Raises RefusedError if there is none."""
        latest = self.latest
        if latest is None:
            raise RefusedError(Problem(self.study.study, "has no passages yet", "quotebank run STUDY"))
        return latest

    @property
    def passages(self) -> pd.DataFrame:
        return self._tables()[1]

    @property
    def refs(self) -> dict[str, Ref]:
        return self._tables()[2]

    def _tables(self) -> tuple[str, pd.DataFrame, dict[str, Ref]]:
        run = self.run
        made = str(run.entry("split"))  # with hashes: a run of the same name may have been done again
        if self._read is None or self._read[0] != made:
            passages = run.read("passages")
            self._read = (made, passages, refs(passages))
        return self._read

    def named(self, passages: Iterable[str]) -> list[Ref]:
        """The passages of these ids. Raises RefusedError, which counts the unknown ones."""
        chosen, known = listed(passages), self.refs
        unknown = [name for name in chosen if name not in known]
        if not chosen or unknown:
            what = f"are unknown to run {self.run.run_id}: {len(unknown)}" if chosen else "are not named"
            raise RefusedError(Problem("passages", what, "take ids from that run's table of passages"))
        return [known[name] for name in chosen]

    def defining(self, given: Defining) -> Drafted:
        """What is said of a theme, as an event holds it: nothing of what is None. Raises TypeError for other keys."""
        if unknown := sorted(set(given) - Defining.__annotations__.keys()):
            raise TypeError(f"a theme has no {', '.join(unknown)}")
        said: Drafted = {
            name: value.strip() if name in _PROSE else listed(value)
            for name, value in cast(dict[str, Any], given).items()
            if value is not None
        }
        known = self.refs if self.latest is not None and said.get("examples") else {}
        quoted = [known[words] for words in said.get("examples", ()) if words in known]
        return {**said, "passages": named(quoted)} if quoted else said

    def assignments(self) -> pd.DataFrame:
        """The run's assignments with every decision up to now applied: one row for each passage and theme."""
        state = current_state(self.study.root)
        return coded_assignments(located(state, self.passages), self.run.read("assignments"))

    def members(self, theme: str) -> list[str]:
        """Ids of the passages now in a theme, in the canonical order of passages."""
        coded, now = self.assignments(), current_state(self.study.root).resolve(theme)
        inside = set(coded.loc[coded["theme_id"] == now, "passage_id"])
        return [passage for passage in self.passages["passage_id"] if passage in inside]

    def parts(self, members: Sequence[str], phrase: str, n_parts: int | None) -> list[list[str]]:
        """Passages of `members` that come apart from the rest: those nearer to a phrase, or all communities but one.

        Raises RefusedError for a phrase that none of them has to do with.
        """
        from pipeline.themes.parting import communities, nearer_to_phrase, speaks_of

        row = {passage: n for n, passage in enumerate(self.passages["passage_id"])}
        vectors = self.run.read_array("embed", "vectors")[[row[passage] for passage in members]]
        if phrase:
            wanted = self._encoded(phrase)
            if not speaks_of(vectors, wanted):
                what = "is near to nothing that is said in this theme"
                raise RefusedError(Problem("phrase", what, "say it in the words people use, or name the passages"))
            found = nearer_to_phrase(vectors, wanted).astype(np.int64)
        else:
            found = communities(vectors, self.study.seed, n_parts)
        return [
            [passage for passage, part in zip(members, found, strict=True) if part == number]
            for number in range(1, int(found.max(initial=0)) + 1)
        ]

    def _encoded(self, phrase: str) -> np.ndarray:
        if self._encode is not None:
            vector = self._encode([phrase])[0]
        else:
            from pipeline.embedding import embed_texts

            vector = embed_texts([phrase], self.study.embedding, self.study.root / "private" / "cache")[0]
        return vector / max(float(np.linalg.norm(vector)), 1e-12)

    def titles(self, event: Drafted, labels: Mapping[str, str]) -> dict[str, str]:
        """Names the machine would give to the themes that an event makes; none where a run holds no ideas or names.

        labels: of all other themes.
        """
        from pipeline.beside import sayable, titles

        run = self.run
        if not (run.has_table("ideas") and run.holds("ingest")):
            return {}
        state = located(current_state(self.study.root, [event]), self.passages)
        rows = coded_assignments(state, run.read("assignments"))
        return titles(rows, state, labels, sayable(self.study, run), self.study.themes.spacy_model)

    def taken(self) -> frozenset[str]:
        """Every theme id ever given: by people, by the present run, or by the registry of found themes."""
        latest, registry = self.latest, self.study.root / "registry" / "themes.jsonl"
        found: set[str] = set(latest.read("themes")["theme_id"]) if latest is not None else set()
        registered = frozenset(line["theme_id"] for line in chain.read_on(self.study.root, registry))
        return known_themes(self.study.root) | found | registered

    def new_ids(self, n: int) -> list[str]:
        highest = max((int(theme[1:]) for theme in self.taken()), default=0)
        return [f"T{number:02d}" for number in range(highest + 1, highest + 1 + n)]
