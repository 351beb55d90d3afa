"""Who says what in a transcript written as lines: a plain text, a Word document or a PDF.

Labels come in many dialects. A wrong guess would put one person's words in another's mouth, so whatever looks like a
name is taken for a label: at worst its words go to somebody unknown, and are held.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.ingest.text import folded, is_blank

_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?"
_RANGE = r"\[?-?\d[\d:.,-]*\s*-->\s*-?\d[\d:.,-]*\]?"
_STAMP = rf"(?:[\[(]\s*{_CLOCK}\s*[\])]|#{_CLOCK}(?:-\d+)?#|\d{{1,2}}:\d{{2}}:\d{{2}}(?:[.,]\d{{1,3}})?)"
_NAME = r"(?P<label>[^\W\d_][\w .,'’()&/-]{0,58}?)"

_ONLY_RANGE = re.compile(rf"\s*{_RANGE}\s*")
_ONLY_TIME = re.compile(rf"\s*(?:{_RANGE}|{_STAMP}|{_CLOCK}|\d{{1,4}}\s*/\s*\d{{1,4}})\s*")  # or a page mark, 1/5
_LEADING_STAMP = re.compile(rf"\s*(?:{_RANGE}|{_STAMP})[\s-]+(?=\S)")
_LEADING_CLOCK = re.compile(rf"\s*{_CLOCK}\s+(?=\S)")
COLON_LABEL = re.compile(rf"#?{_NAME}(?:\s*[\[(]{_CLOCK}[\])]|\s+{_CLOCK})?\s*:(?:\s+|$)(?P<text>.*)")
_BRACKETS = re.compile(r"(?:\[(?P<label>[^\[\]]{1,58})\]|\{(?P<curly>[^{}]{1,58})\})\s*:?\s*(?P<text>.*)")
_HASH = re.compile(rf"#{_NAME}(?P<text>)")
_NAME_TIME = re.compile(rf"{_NAME}(?P<gap>\s{{2,}}|\t|\xa0|\s*[\[(]|\s){_CLOCK}[\])]?(?P<text>)")
_ZOOM_TIME = re.compile(rf"\[(?P<label>[^\[\]]{{1,58}})\]\s*{_CLOCK}(?P<text>)")
_TABBED = re.compile(rf"{_CLOCK}\t+(?P<label>[^\t]{{1,58}}?):?\t+(?P<text>.*)")
_TOOL_LINE = re.compile(
    r".{0,60}\b(?:started|stopped) transcription|transcribed by (?:https?://)?otter\.ai.*|timespan\tspeaker\tcontent"
    r"|(?:this editable )?transcript(?:ion)? (?:was computer generated|ended after).*",
    re.IGNORECASE,
)

INTERVIEWER = re.compile(r"(?:interviewer|researcher|moderator|facilitator|q)\s*(?:[\d(].*)?")  # of a folded label
GENERIC = re.compile(  # of a folded label: says which speaker, not who it is
    r"(?:unknown\s+)?(?:participant|respondent|speaker|interviewee|guest|person|voice|officer|subject|male|female|man"
    r"|woman|answer)(?:\s*(?:no\.?|#)?\s*\d+|\s+[a-z])?|[a-z]|[a-z]{1,3}\s?\d+"
)
# What is written before a colon at the head of a transcript, and means that the head goes on at least until here.
_METADATA = frozenset(
    "date|time|place|location|venue|duration|length|file|recording|project|study|title|topic|interview|interview date"
    "|interview number|interview no|interviewee name|interviewer name|participants|attendees|present|apologies|agenda"
    "|participant id|participant number|transcriber|transcript|version".split("|")
)
# Words before a colon, or in brackets, that are nobody.
_NOBODY = _METADATA | frozenset(
    "note|notes|nb|n.b|n.b.|ps|p.s|p.s.|re|example|examples|for example|eg|e.g|e.g.|ie|i.e|i.e.|summary|update|warning"
    "|conclusion|question|questions|answers|first|second|third|one|two|three|firstly|secondly|thirdly|finally|also|but"
    "|and|so|well|yes|no|however|again|anyway|because|now|then|here|there|this|that|it|the|what|why|how|when|where|who"
    "|problem|solution|result|meeting|page|part|section|introduction|background|http|https|mailto|redacted|inaudible"
    "|unclear|unintelligible|crosstalk|cross talk|laughter|laughs|laughing|pause|pauses|long pause|silence|applause"
    "|music|noise|sighs|coughs|overlapping|end of recording|recording starts|recording ends|break|name|person|place"
    "|force|organisation".split("|")
)
_ROLES = ("interviewer", "interviewee", "participant", "respondent", "researcher", "moderator", "facilitator")
_SMALL_WORDS = frozenset("de la le van von der den of the and al el bin ibn ap ab o".split())


@dataclass(frozen=True)
class Turn:
    """What one speaker says before another does. `label` is as it stands in the file, empty where nobody is named."""

    label: str
    text: str


@dataclass
class Speech:
    """A transcript's turns, in order, and what belongs to no speaker of a file that otherwise names them."""

    turns: list[Turn] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)

    @property
    def labels(self) -> list[str]:
        """Distinct labels, as first written."""
        return list({folded(turn.label): turn.label for turn in reversed(self.turns) if turn.label}.values())[::-1]


def read_lines(lines: Sequence[str], known: Collection[str], join: Callable[[Sequence[str]], str]) -> Speech:
    """The turns in a transcript's lines.

    Args:
        lines: as printed; a blank line stands between paragraphs.
        known: folded labels that study.yaml and contributors.csv name.
        join: makes one text of a turn's lines.
    """
    lines = _from_the_meeting_on([line.rstrip() for line in lines])
    labeller = _Labeller.of(lines, known)
    head = _end_of_head(lines)
    speech = Speech()
    label, said, loose = "", [], [line for line in lines[:head] if not is_blank(line)]
    after_range = False
    for line in lines[head:]:
        if _ONLY_TIME.fullmatch(line):
            after_range = bool(_ONLY_RANGE.fullmatch(line))
            continue
        if _TOOL_LINE.fullmatch(line.strip()):
            continue
        found = labeller.split(line, after_range)
        after_range = after_range and is_blank(line)
        if found is None:
            (said if label else loose).append(labeller.without_stamp(line))
            continue
        if label and folded(found.label) != folded(label):
            speech.turns.append(Turn(label, join(said)))
            said = []
        label = found.label
        said.append(found.text)
    if label:
        speech.turns.append(Turn(label, join(said)))
        speech.loose = [line.strip() for line in loose if not is_blank(line)]
    else:
        plain = [labeller.without_stamp(line) for line in lines if not _ONLY_TIME.fullmatch(line)]
        speech.turns = [Turn("", join(part)) for part in _paragraphs(plain)]
    speech.turns = [turn for turn in speech.turns if not is_blank(turn.text)]
    return speech


def as_meant(label: str) -> str:
    """The label, a misspelt `Particpant` as `participant`: nobody else is meant by it."""
    from rapidfuzz import fuzz, process

    if not label.isalpha() or len(label) < 7:
        return label
    best = process.extractOne(folded(label), _ROLES, scorer=fuzz.ratio, score_cutoff=88)
    return label if best is None or best[0] == folded(label) else str(best[0])


def looks_like_a_label(label: str, known: Collection[str]) -> bool:
    """True for `Interviewer 2`, `P1`, `Wright, Steve`, `DC Malik`; false for `Three things` and `Note`."""
    plain = folded(label)
    if plain in known or INTERVIEWER.fullmatch(plain):
        return True
    if plain in _NOBODY or len(plain) > 50:
        return False
    if GENERIC.fullmatch(plain):
        return len(plain) > 1 or label.isupper()
    words = re.split(r"[\s,/&]+", label.strip())
    named = [word for word in words if word.casefold() not in _SMALL_WORDS]
    initials = all("." not in word or len(word) <= 4 for word in words)
    return 1 <= len(words) <= 6 and initials and bool(named) and all(_is_capitalised(word) for word in named)


def _is_capitalised(word: str) -> bool:
    letters = word.lstrip("('’")
    return not letters or letters[0].isupper() or letters[0].isdigit()


@dataclass(frozen=True)
class _Labeller:
    """Which of a file's line beginnings are labels: those that look like one, and those that keep coming back."""

    known: Collection[str]
    times: Counter[str]  # folded beginnings of lines that have the form of a label
    clocks: bool  # most lines begin with a bare clock, which is then a time stamp and no time of day
    own_line: frozenset[str]  # folded names that stand alone after a line of times

    @classmethod
    def of(cls, lines: Sequence[str], known: Collection[str]) -> "_Labeller":
        filled = [line for line in lines if not is_blank(line)]
        clocks = sum(bool(_LEADING_CLOCK.match(line)) for line in filled) > 0.3 * len(filled)
        after = [b for a, b in pairwise(filled) if _ONLY_RANGE.fullmatch(a)]
        names = Counter(folded(line) for line in after if looks_like_a_label(line, known))
        alone = (
            frozenset(names) if names.total() == len(after) and 2 * len(names) <= len(after) + 1 else frozenset[str]()
        )
        bare = cls(known, Counter(), clocks, alone)
        forms = (bare._form(line) for line in filled)
        return cls(known, Counter(folded(form[0].label) for form in forms if form), clocks, alone)

    def without_stamp(self, line: str) -> str:
        line = _LEADING_STAMP.sub("", line, count=1)
        return _LEADING_CLOCK.sub("", line, count=1) if self.clocks else line

    def split(self, line: str, after_range: bool) -> Turn | None:
        """The label that opens the line and what follows it, or None if the line goes on."""
        if after_range and folded(line) in self.own_line:
            return Turn(line.strip(), "")
        found = self._form(line)
        if found is None:
            return None
        turn, weak = found
        again = self.times[folded(turn.label)]
        if weak:
            believed = looks_like_a_label(turn.label, self.known) and (folded(turn.label) in self.known or again > 1)
        else:
            returning = again > 2 and len(turn.label.split()) <= 3 and folded(turn.label) not in _NOBODY
            believed = looks_like_a_label(turn.label, self.known) or returning
        return turn if believed else None

    def _form(self, line: str) -> tuple[Turn, bool] | None:
        """The line as label and text if it has the form of a labelled one, and whether that form has other uses."""
        if found := _TABBED.fullmatch(line.strip()):
            return _turn(found), False
        plain = self.without_stamp(line).strip().removeprefix("**").replace(":**", ":", 1).replace("**:", ":", 1)
        if found := _ZOOM_TIME.fullmatch(plain):
            return _turn(found), False
        if found := _NAME_TIME.fullmatch(plain):
            return _turn(found), found["gap"] == " "
        if found := _BRACKETS.fullmatch(plain):
            return _turn(found), True
        if found := COLON_LABEL.fullmatch(plain):
            return _turn(found), False
        if found := _HASH.fullmatch(plain):
            return _turn(found), False
        return None


def _turn(found: re.Match[str]) -> Turn:
    groups = found.groupdict()
    return Turn(as_meant((groups["label"] or groups.get("curly") or "").strip()), groups["text"].strip())


def _from_the_meeting_on(lines: list[str]) -> list[str]:
    """Google Meet puts machine-made notes before the transcript, whose first line is a time of the form 00:00:00."""
    starts = [at for at, line in enumerate(lines) if re.fullmatch(r"\s*00:0\d:\d\d\s*", line)]
    return lines[starts[0] :] if starts else lines


def _end_of_head(lines: Sequence[str]) -> int:
    """Where a head such as `Date: …`, `Interviewee: …` ends; 0 if there is none."""
    found = (re.match(r"\s*([^:]{1,40}):(?:\s|$)", line) for line in lines[:20])
    heads = [at for at, match in enumerate(found) if match and folded(match[1]) in _METADATA]
    if not heads:
        return 0
    end = heads[-1] + 1
    while end < min(len(lines), 25) and not is_blank(lines[end]) and len(lines[end].split()) <= 10:
        end += 1
    return end if end < len(lines) and is_blank(lines[end]) else heads[-1] + 1


def _paragraphs(lines: Sequence[str]) -> list[list[str]]:
    groups: list[list[str]] = [[]]
    for line in lines:
        if is_blank(line):
            groups.append([])
        else:
            groups[-1].append(line)
    return [group for group in groups if group]
