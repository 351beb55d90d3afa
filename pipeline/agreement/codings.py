"""What people coded: decisions/codings.jsonl, one line a coding, the last one of a coder about a passage counts.

No line holds a word or a name: coders are letters, passages and themes ids. Lines of samples say what was drawn and
from how many, so that what was coded can be weighted back to the study. Notes of coders stay in private/agreement/.
"""

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from pipeline import chain
from pipeline.agreement.sampling import Drawn, Sample
from pipeline.errors import Problem, RefusedError
from pipeline.store import canonical_hash, private_folder, write_atomic

SETTLED = "settled"  # stands where a coder's letter stands: decided after coders disagreed


class State(StrEnum):
    """What a line says about a passage."""

    CODED = "coded"  # with its themes; none of them is a coding, too
    CANNOT_TELL = "cannot tell"
    WITHDRAWN = "withdrawn"  # coded before, and left empty in a corrected sheet


class Status(StrEnum):
    """How the coders of a passage stand to each other."""

    ONE = "one coder"
    AGREED = "agreed"
    SETTLED = "settled"
    DISAGREEMENT = "disagreement"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True)
class Coding:
    """What one coder said about one passage that read as `text_hash` says."""

    sample: str  # empty for what was settled
    coder: str
    passage_id: str
    text_hash: str
    state: State
    themes: tuple[str, ...] = ()  # the best first

    @property
    def key(self) -> tuple[str, str, str]:
        return self.sample, self.coder, self.passage_id


@dataclass(frozen=True)
class Coded:
    """A passage as its coders see it. `themes` is None where they disagree or nobody can tell."""

    passage_id: str
    text_hash: str
    by_coder: Mapping[str, frozenset[str]]  # without those who could not tell
    unsure: tuple[str, ...]  # coders who could not tell
    status: Status
    themes: frozenset[str] | None

    @property
    def shared(self) -> frozenset[str]:
        """The codes that everybody gave who could tell."""
        sets = list(self.by_coder.values())
        return sets[0].intersection(*sets) if sets else frozenset()


@dataclass(frozen=True)
class Codings:
    """A study's samples by id, and the codings in force in the order in which they came in."""

    samples: Mapping[str, Sample]
    in_force: tuple[Coding, ...]

    def settled(self) -> dict[str, Coding]:
        """Passage id → what was decided about it after coders disagreed."""
        return {coding.passage_id: coding for coding in self.in_force if coding.coder == SETTLED}

    def passages(self) -> dict[str, Coded]:
        """Passage id → its codes, for every passage that somebody coded; about the words that were read last.

        This is what deductive coding learns from: those with `themes`, wherever `text_hash` is still the passage's own.
        """
        about: dict[str, dict[str, Coding]] = {}
        for coding in self.in_force:
            about.setdefault(coding.passage_id, {}).pop(coding.coder, None)
            about[coding.passage_id][coding.coder] = coding  # the latest at the end
        return {passage: _coded(list(codings.values())) for passage, codings in sorted(about.items())}


def codings_path(root: Path) -> Path:
    return root / "decisions" / "codings.jsonl"


def read_codings(root: Path) -> Codings:
    """A study's codings. Raises RefusedError for a log that was tampered with."""
    path = codings_path(root)
    samples: dict[str, Sample] = {}
    in_force: dict[tuple[str, str, str], Coding] = {}
    for number, event in enumerate(chain.read(path), start=1):
        where = f"{path.name}, line {number}"
        if event.get("kind") == "sample":
            sample = _sample(event, where)
            samples[sample.sample_id] = sample
            continue
        coding = _coding(event, where)
        in_force.pop(coding.key, None)
        if coding.state is not State.WITHDRAWN:
            in_force[coding.key] = coding
    return Codings(samples, tuple(in_force.values()))


def codings_in_force(root: Path) -> str:
    """A hash of all codings in force, whenever they came in."""
    found = read_codings(root).in_force
    return canonical_hash([list(_plain(coding).values()) for coding in sorted(found, key=lambda coding: coding.key)])


def record_sample(root: Path, sample: Sample) -> bool:
    """Notes a sample, unless it is known. True if it is new."""
    if sample.sample_id in read_codings(root).samples:
        return False
    drawn = [[one.passage_id, one.text_hash, one.stratum] for one in sample.drawn]
    facts = {"themes": list(sample.themes), "coders": list(sample.coders), "seed": sample.seed}
    _append(
        root, [{"kind": "sample", "sample": sample.sample_id, **facts, "sizes": dict(sample.sizes), "drawn": drawn}]
    )
    return True


def record_codings(root: Path, codings: Iterable[Coding]) -> None:
    """Appends codings to the study's log."""
    _append(root, [{"kind": "coding", **_plain(coding)} for coding in codings])


def keep_notes(root: Path, sheet: str, notes: Mapping[str, str]) -> None:
    """Keeps what a coder wrote beside passages in private/agreement/, in place of what the same sheet held before."""
    private_folder(root / "private")
    path = private_folder(root / "private" / "agreement") / f"notes-{sheet}.json"
    if notes or path.is_file():
        write_atomic(path, json.dumps(dict(sorted(notes.items())), indent=1, ensure_ascii=False).encode() + b"\n")


def _append(root: Path, events: Sequence[Mapping[str, Any]]) -> None:
    path = codings_path(root)
    chain.read(path)
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    chain.append(path, [{"at": at, **event} for event in events])


def _plain(coding: Coding) -> dict[str, Any]:
    return {**asdict(coding), "state": str(coding.state), "themes": list(coding.themes)}


def _coded(codings: Sequence[Coding]) -> Coded:
    """One passage's codings, the latest last; those about other words than the latest do not count."""
    last = codings[-1]
    current = sorted((c for c in codings if c.text_hash == last.text_hash), key=lambda coding: coding.coder)
    coders = [coding for coding in current if coding.coder != SETTLED]
    by_coder = {coding.coder: frozenset(coding.themes) for coding in coders if coding.state is State.CODED}
    unsure = tuple(coding.coder for coding in coders if coding.state is State.CANNOT_TELL)
    settled = next((coding for coding in current if coding.coder == SETTLED), None)
    status, themes = _standing(by_coder, unsure, settled)
    return Coded(last.passage_id, last.text_hash, by_coder, unsure, status, themes)


def _standing(
    by_coder: Mapping[str, frozenset[str]], unsure: Sequence[str], settled: Coding | None
) -> tuple[Status, frozenset[str] | None]:
    if settled is not None:
        if settled.state is State.CANNOT_TELL:
            return Status.CANNOT_TELL, None
        return Status.SETTLED, frozenset(settled.themes)
    sets = set(by_coder.values())
    if not sets:
        return Status.CANNOT_TELL, None
    if len(sets) > 1 or unsure:
        return Status.DISAGREEMENT, None
    return Status.AGREED if len(by_coder) > 1 else Status.ONE, next(iter(sets))


def _sample(event: dict[str, Any], where: str) -> Sample:
    try:
        sample = Sample(
            tuple(Drawn(*map(str, one)) for one in event["drawn"]),
            {str(name): int(size) for name, size in event["sizes"].items()},
            tuple(map(str, event["themes"])),
            tuple(map(str, event["coders"])),
            int(event["seed"]),
        )
        if sample.sample_id == event["sample"]:
            return sample
    except (KeyError, TypeError, ValueError, AttributeError):
        pass
    raise RefusedError(Problem(where, "is not a sample of this version", "restore the file from a backup"))


def _coding(event: dict[str, Any], where: str) -> Coding:
    try:
        return Coding(
            sample=str(event["sample"]),
            coder=str(event["coder"]),
            passage_id=str(event["passage_id"]),
            text_hash=str(event["text_hash"]),
            state=State(event["state"]),
            themes=tuple(map(str, event["themes"])),
        )
    except (KeyError, TypeError, ValueError):
        problem = Problem(where, "is not a coding of this version", "restore the file from a backup")
    raise RefusedError(problem)
