"""What reviewers decided: one line a decision, appended to decisions/review.jsonl, the last one about a segment counts.

No line holds a word of a respondent or a reviewer: words are offsets into a segment whose text is known by a keyed
hash. Comments and initials stay in private/review/.
"""

import hmac
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from pipeline import chain
from pipeline.errors import Problem, RefusedError
from pipeline.ids import opaque_id
from pipeline.review.vocabulary import NOUNS, Choice
from pipeline.store import canonical_hash, private_folder, write_atomic

Extent = tuple[int, int]  # half-open characters into the original segment


@dataclass(frozen=True)
class Mask:
    """Words to redact, and the noun shown in their place."""

    start: int
    end: int
    noun: str


@dataclass(frozen=True)
class Decision:
    """What a person decided about one segment, having seen the text of `text_key` with the extents `seen` redacted."""

    segment_id: str
    document_id: str
    text_key: str
    choices: tuple[Choice, ...]
    seen: tuple[Extent, ...] = ()
    masks: tuple[Mask, ...] = ()
    keeps: tuple[Extent, ...] = ()

    @property
    def drops(self) -> bool:
        return Choice.DROP in self.choices

    def content(self) -> dict[str, Any]:
        """As plain values, the same for the same decision whoever takes it and when."""
        return json.loads(json.dumps(asdict(self)))


@dataclass(frozen=True)
class Remark:
    """What a reviewer wrote beside a decision. It may name people, and stays in private/."""

    initials: str
    comment: str


def text_key(key: bytes, text: str) -> str:
    """A segment's text as a hash that nobody without the study's key can test a guess against."""
    return keyed_hash(key, "text", text)


def keyed_hash(key: bytes, *parts: str) -> str:
    message = "\x1f".join(("review", *parts)).encode("utf-8", "surrogatepass")
    return hmac.new(key, message, sha256).hexdigest()


class Decisions:
    """The decisions in force, found by segment, or by text where a segment has moved within its document."""

    def __init__(self, decisions: Iterable[Decision]) -> None:
        self.in_force = {decision.segment_id: decision for decision in decisions}
        self._by_text = {(d.document_id, d.text_key): d for d in self.in_force.values()}

    def about(self, segment_id: str, document_id: str, key: str) -> Decision | None:
        """The decision about a segment with a text of this key; about the same words, if the segment has moved."""
        own = self.in_force.get(segment_id)
        return own if own and own.text_key == key else self._by_text.get((document_id, key))

    def is_void(self, segment_id: str, key: str) -> bool:
        """Whether something was decided about the segment when it had another text."""
        own = self.in_force.get(segment_id)
        return own is not None and own.text_key != key


def decisions_path(root: Path) -> Path:
    return root / "decisions" / "review.jsonl"


def read_decisions(root: Path) -> Decisions:
    """A study's decisions. Raises RefusedError for a log that was tampered with: no decision in it can be relied on."""
    path = decisions_path(root)
    return Decisions(_decision(event, f"{path.name}, line {n}") for n, event in enumerate(chain.read(path), start=1))


def decisions_in_force(root: Path) -> str:
    """A hash of all decisions in force, whoever took them and when."""
    found = read_decisions(root).in_force
    return canonical_hash([found[name].content() for name in sorted(found)])


def record(root: Path, key: bytes, decided: Sequence[tuple[Decision, Remark]]) -> None:
    """Appends decisions to the study's log, and what their reviewers wrote to private/."""
    path = decisions_path(root)
    chain.read(path)
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    remarks = [
        json.dumps({"at": at, "segment_id": decision.segment_id, **asdict(remark)}, ensure_ascii=False)
        for decision, remark in decided
        if remark.initials or remark.comment
    ]
    if remarks:
        private_folder(root / "private")
        notes = private_folder(root / "private" / "review") / "remarks.jsonl"
        before = notes.read_bytes() if notes.is_file() else b""
        write_atomic(notes, before + ("\n".join(remarks) + "\n").encode())
    chain.append(
        path,
        [{"at": at, "reviewer": _reviewer(key, remark.initials), **decision.content()} for decision, remark in decided],
    )


def _reviewer(key: bytes, initials: str) -> str:
    """The same for the same initials, and no help to anybody who wants to know whose they are."""
    return opaque_id(key, "reviewer", initials.casefold()) if initials else ""


def _decision(event: dict[str, Any], where: str) -> Decision:
    try:
        return Decision(
            segment_id=str(event["segment_id"]),
            document_id=str(event["document_id"]),
            text_key=str(event["text_key"]),
            choices=tuple(Choice(choice) for choice in event["choices"]),
            seen=tuple((int(start), int(end)) for start, end in event["seen"]),
            masks=tuple(_mask(mask) for mask in event["masks"]),
            keeps=tuple((int(start), int(end)) for start, end in event["keeps"]),
        )
    except (KeyError, TypeError, ValueError):
        problem = Problem(where, "is not a decision of this version", "restore the file from a backup")
    raise RefusedError(problem)


def _mask(mask: dict[str, Any]) -> Mask:
    if mask["noun"] not in NOUNS:
        raise ValueError
    return Mask(int(mask["start"]), int(mask["end"]), mask["noun"])
