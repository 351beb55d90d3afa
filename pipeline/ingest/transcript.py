"""Transcripts: from a file to turns, whatever it is written in."""

import re
from collections.abc import Collection, Sequence
from itertools import groupby

from pipeline.ingest.cues import CUE_TIME, Cue, looks_like_cues, read_cues, seconds
from pipeline.ingest.pdf import joined, paragraphs, read_pdf, word_counts
from pipeline.ingest.safety import FileType, sniff
from pipeline.ingest.speech import COLON_LABEL, Speech, Turn, as_meant, looks_like_a_label, read_lines
from pipeline.ingest.text import clean, decode, folded, is_blank
from pipeline.ingest.unreadable import Unreadable
from pipeline.ingest.word import read_word

_PAUSE = 2.0  # seconds of silence that end a turn where nobody is named


def read_transcript(data: bytes, known: Collection[str], encoding: str | None = None) -> Speech:
    """What is said in a transcript, by speaker. Raises Unreadable.

    Args:
        known: folded speaker labels that study.yaml and contributors.csv name.
    """
    match sniff(data):
        case FileType.TEXT:
            return _from_text(clean(decode(data, encoding)), known)
        case FileType.WORD:
            lines = [line for block in read_word(data) for line in (*block.text.split("\n"), "")]
            return read_lines(lines, known, _as_written)
        case FileType.PDF:
            lines = read_pdf(data)
            words = word_counts([line.text for line in lines])
            said = read_lines(
                [line.text for line in lines],
                known,
                lambda part: joined([line for line in part if line] or [""], words),
            )
            return said if said.labels else Speech([Turn("", paragraph.text) for paragraph in paragraphs(lines)])
        case _:
            raise Unreadable("unsupported_type")


def _from_text(text: str, known: Collection[str]) -> Speech:
    if looks_like_cues(text):
        return _from_cues(read_cues(text), known)
    lines = text.split("\n")
    filled = [line for line in lines if not is_blank(line)]
    timed = [found for line in filled if (found := CUE_TIME.match(line)) and line[found.end() :].strip()]
    if len(timed) > 0.5 * len(filled):  # [00:43.810 --> 00:47.850]  speech
        cues = [Cue(seconds(f[1]), seconds(f[2]), "", f.string[f.end() :].strip()) for f in timed]
        return _from_cues(cues, known)
    return read_lines(lines, known, _unwrapped if _is_wrapped(filled) else _as_written)


def _from_cues(cues: Sequence[Cue], known: Collection[str]) -> Speech:
    """Turns from cues: by voice, else by `Name: text` where most cues begin so, else by pauses and without a name."""
    if not any(cue.speaker for cue in cues):
        labelled = [_by_colon(cue, known) for cue in cues]
        if sum(bool(cue.speaker) for cue in labelled) <= 0.5 * len(cues):
            return Speech([Turn("", " ".join(cue.text for cue in group)) for group in _by_pause(cues)])
        cues = labelled
    named = [cue for cue in cues if cue.speaker]
    turns = [list(group) for _, group in groupby(named, key=lambda cue: folded(cue.speaker))]
    return Speech(
        [Turn(turn[0].speaker, " ".join(cue.text for cue in turn if cue.text)) for turn in turns],
        [cue.text for cue in cues if not cue.speaker],
    )


def _by_colon(cue: Cue, known: Collection[str]) -> Cue:
    found = COLON_LABEL.fullmatch(cue.text)
    if found is None or not looks_like_a_label(found["label"], known):
        return cue
    return Cue(cue.start, cue.end, as_meant(found["label"].strip()), found["text"].strip())


def _by_pause(cues: Sequence[Cue]) -> list[list[Cue]]:
    groups: list[list[Cue]] = []
    for cue in cues:
        if groups and cue.start - groups[-1][-1].end < _PAUSE:
            groups[-1].append(cue)
        else:
            groups.append([cue])
    return groups


def _is_wrapped(lines: Sequence[str]) -> bool:
    """True if the writer broke lines at a fixed width: none is long, and many end near the longest."""
    longest = max(map(len, lines), default=0)
    return 50 <= longest <= 100 and sum(len(line) > 0.8 * longest for line in lines) > 0.3 * len(lines)


def _as_written(lines: Sequence[str]) -> str:
    return re.sub(r"\n{2,}", "\n", "\n".join(line.strip() for line in lines)).strip()


def _unwrapped(lines: Sequence[str]) -> str:
    paragraphs = "\n".join(line.strip() for line in lines).split("\n\n")
    return "\n".join(" ".join(paragraph.split()) for paragraph in paragraphs if not is_blank(paragraph))
