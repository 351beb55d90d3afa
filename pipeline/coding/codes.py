"""What coding works on: the codes of a codebook, and passages with their ideas."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

_BETWEEN_ASPECTS = re.compile(r"[;:,.()/]|\band\b|\bor\b")
_SHORTEST_ASPECT = 4  # characters
_POINTER = re.compile(r"([^;()]+)\(([^()]+)\)")  # what a code excludes, and where it belongs
_NOT_OF_NAMES = re.compile(r"[`'\"→_\s-]+|^\s*(?:see|use|code)\b", re.IGNORECASE)

Encode = Callable[[list[str]], np.ndarray]  # texts → float32 (n, dimension), rows of length 1


@dataclass(frozen=True)
class Code:
    """One code of the codebook, as people wrote it; everything but the id and the label may be empty.

    definition: what the code is for. include: what belongs to it too. exclude: what does not, although it is near.
    seeds: words and phrases that point to it. examples: passages, or invented ones, that belong to it.
    """

    theme_id: str
    label: str
    definition: str = ""
    include: str = ""
    exclude: str = ""
    seeds: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()

    @property
    def meaning(self) -> str:
        """The code in one text: what it is about, without what it is not, which an embedding would take for it too."""
        about = ". ".join(part.strip().rstrip(".") for part in (self.definition, self.include) if part.strip())
        words = ", ".join(self.seeds)
        rest = ". ".join(part for part in (about, words) if part)
        return f"{self.label}: {rest}" if rest else self.label

    @property
    def aspects(self) -> tuple[str, ...]:
        """What the definition lists, one by one: a passage is about one of these, and hardly ever about all."""
        listed = [part.strip() for text in (self.definition, self.include) for part in _BETWEEN_ASPECTS.split(text)]
        return tuple(dict.fromkeys(part for part in (*listed, *self.seeds) if len(part) >= _SHORTEST_ASPECT))


@dataclass(frozen=True)
class Ideas:
    """Parts of passages. `owner`: int (n_ideas,), the row of the passage each belongs to; passages may have none."""

    texts: Sequence[str]
    vectors: np.ndarray
    owner: np.ndarray


@dataclass(frozen=True)
class Passages:
    """Passages by unique id, with a text each, and a row each of `vectors`: float32 (n, dimension), length 1."""

    ids: Sequence[str]
    texts: Sequence[str]
    vectors: np.ndarray
    ideas: Ideas | None = None

    def __post_init__(self) -> None:
        if len(set(self.ids)) != len(self.ids):
            raise ValueError("ids of passages must be unique")
        if not len(self.ids) == len(self.texts) == len(self.vectors):
            raise ValueError("ids, texts and vectors must be as many")


def pointed_at(codes: Sequence[Code]) -> dict[str, list[str]]:
    """Code → what other codes leave to it: "the radio has no signal (connectivity)" tells more of connectivity."""
    by_name = {_folded(name): code.theme_id for code in codes for name in (code.label, code.theme_id)}
    found: dict[str, list[str]] = {}
    for code in codes:
        for text, name in _POINTER.findall(code.exclude):
            target = by_name.get(_folded(name))
            if target is not None and target != code.theme_id and len(text.strip()) >= _SHORTEST_ASPECT:
                found.setdefault(target, []).append(text.strip())
    return found


def _folded(name: str) -> str:
    return _NOT_OF_NAMES.sub(" ", name).casefold().strip()


def by_id(passages: Passages) -> Passages:
    """The same passages in the order of their ids, and ideas in the order of theirs: rounding then cannot differ."""
    order = np.argsort(np.asarray(passages.ids, dtype=str), kind="stable")
    ideas = passages.ideas
    if ideas is not None:
        place = np.argsort(order)
        owner = place[np.asarray(ideas.owner, dtype=int)] if len(ideas.texts) else np.zeros(0, dtype=int)
        texts = list(ideas.texts)
        rows = sorted(range(len(texts)), key=lambda row: (owner[row], texts[row]))
        ideas = Ideas([texts[row] for row in rows], ideas.vectors[rows], owner[rows])
    ids, texts = list(passages.ids), list(passages.texts)
    rows = order.tolist()
    return Passages([ids[row] for row in rows], [texts[row] for row in rows], passages.vectors[order], ideas)
