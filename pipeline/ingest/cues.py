"""Subtitle transcripts (WebVTT and SubRip), read tolerantly.

The exports of meeting software break both formats: unpadded and negative times, voices without an end, cues without
an id. webvtt-py and srt refuse those, so one tolerant reader serves all; the tests compare it with both libraries on
well-formed files.
"""

import html
import re
from dataclasses import dataclass

_TIME = r"-?(?:\d+:)?-?\d{1,3}:-?\d{1,2}(?:[.,]-?\d{1,4})?"
CUE_TIME = re.compile(rf"\s*\[?({_TIME})\s*-->\s*({_TIME})\]?")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]*)>")
_TAG = re.compile(r"</?(?:v|c|b|i|u|s|ruby|rt|lang|font)(?:[\s.][^>]*)?>|<-?[\d:.]+>|\{\\an\d\}", re.IGNORECASE)


@dataclass(frozen=True)
class Cue:
    """A stretch of speech. `speaker` is empty where the file does not say; times are seconds."""

    start: float
    end: float
    speaker: str
    text: str


def looks_like_cues(text: str) -> bool:
    """True for WebVTT and SubRip, whatever the file is called."""
    lines = [line for line in text[:4000].split("\n") if line.strip()]
    numbered = len(lines) > 1 and lines[0].strip().isdigit() and CUE_TIME.match(lines[1]) is not None
    return numbered or (bool(lines) and lines[0].startswith("WEBVTT"))


def read_cues(text: str) -> list[Cue]:
    """The cues in the file's order. Notes and styles are no speech; a text's own blank lines stay part of it."""
    cues: list[Cue] = []
    times: tuple[float, float] | None = None
    for block in re.split(r"\n[^\S\n]*\n+", text.strip()):
        lines = block.strip("\n").split("\n")
        at, found = next(((n, m) for n, line in enumerate(lines[:3]) if (m := _time_line(line))), (0, None))
        if found is None:
            if times is not None and not re.match(r"(NOTE|STYLE|REGION)\b", lines[0]):
                cues += _spoken(lines, times)
            continue
        times = (seconds(found[1]), seconds(found[2]))
        cues += _spoken(lines[at + 1 :], times)
    return cues


def _time_line(line: str) -> re.Match[str] | None:
    return None if line.lstrip().startswith("[") else CUE_TIME.match(line)


def _spoken(lines: list[str], times: tuple[float, float]) -> list[Cue]:
    """A cue for each voice in the text; words before the first voice have none."""
    parts = _VOICE.split(" ".join(line.strip() for line in lines))
    voices = [("", parts[0]), *zip(parts[1::2], parts[2::2], strict=True)]
    plain = [(html.unescape(who).strip(), html.unescape(_TAG.sub("", said)).strip()) for who, said in voices]
    return [Cue(*times, who, " ".join(said.split())) for who, said in plain if said]


def seconds(time: str) -> float:
    """`0:0:-6.-820` → -6.82; hours may be missing, and a comma may stand for the point."""
    sign = -1.0 if "-" in time else 1.0
    total = 0.0
    for part in time.replace("-", "").replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return sign * total
