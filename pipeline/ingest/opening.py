"""Opening every file of a study once: what reading and checking both begin with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.errors import Problem
from pipeline.ingest.files import NOT_READ, SourceFile, find_files, load
from pipeline.ingest.people import RosterRow, read_roster, rows_for_file
from pipeline.ingest.speech import Speech
from pipeline.ingest.submission import Submission, read_submission
from pipeline.ingest.survey import Survey, find_columns
from pipeline.ingest.tabular import SheetMissing, read_table
from pipeline.ingest.text import folded, is_blank
from pipeline.ingest.transcript import read_transcript
from pipeline.ingest.unreadable import Unreadable
from pipeline.study import Source, Study

Progress = Callable[[int, int], None]  # files done, of how many


@dataclass(frozen=True)
class Opened:
    """A file and what is in it; `problem`, a key of FILE_REASONS, says why there is nothing."""

    file: SourceFile
    sha256: str
    problem: str = ""
    content: Survey | Speech | Submission | None = None


@dataclass(frozen=True)
class Opening:
    """All files of a study, its contributors.csv, and whatever makes the study unusable as it stands."""

    files: list[Opened]
    roster: list[RosterRow]
    problems: list[Problem]

    def of(self, source: Source) -> list[Opened]:
        return [opened for opened in self.files if opened.file.source.id == source.id]

    def roster_of(self, file: SourceFile) -> list[RosterRow]:
        """The rows of contributors.csv that name the file."""
        return rows_for_file(self.roster, file.path, [opened.file.path for opened in self.files])


def open_study(study: Study, progress: Progress | None = None) -> Opening:
    """Opens what study.yaml names. Never raises for a file's sake: see `problem` and `problems`."""
    roster, problems = read_roster(study)
    found: list[SourceFile] = []
    for source in study.sources:
        files, unusable = find_files(study, source)
        found += files
        problems += unusable
    opened: list[Opened] = []
    seen: set[tuple[str, str]] = set()
    for n, file in enumerate(found, start=1):
        one, unusable = _open(file, roster, seen)
        opened.append(one)
        problems += unusable
        if progress:
            progress(n, len(found))
    return Opening(opened, roster, problems)


def _open(file: SourceFile, roster: Sequence[RosterRow], seen: set[tuple[str, str]]) -> tuple[Opened, list[Problem]]:
    sha256 = NOT_READ
    source = file.source
    try:
        data, sha256 = load(file)
        if (source.id, sha256) in seen:
            raise Unreadable("duplicate_file")
        seen.add((source.id, sha256))
        match source.kind:
            case "survey":
                return _open_survey(file, sha256, data)
            case "transcript":
                return Opened(file, sha256, content=_speech(file, data, roster)), []
            case "submission":
                return Opened(file, sha256, content=read_submission(data, source.encoding)), []
    except Unreadable as error:
        return Opened(file, sha256, error.reason), []


def _open_survey(file: SourceFile, sha256: str, data: bytes) -> tuple[Opened, list[Problem]]:
    source = file.source
    try:
        table = read_table(data, source.header_rows, source.sheet, source.encoding)
    except SheetMissing:
        where = f"study.yaml [sources.{source.id}.sheet]"
        return Opened(file, sha256), [Problem(where, f"{file.path} has no such worksheet that can be seen", "check it")]
    layout, problems = find_columns(source, table.headers, file.path)
    if problems:
        return Opened(file, sha256), problems
    asked = [at for columns in layout.questions.values() for at in columns]
    answered = any(not is_blank(cells[at]) for cells in table.rows for at in asked)
    if not answered and not table.misaligned:
        raise Unreadable("no_answers")
    return Opened(file, sha256, content=Survey(table, layout)), []


def _speech(file: SourceFile, data: bytes, roster: Sequence[RosterRow]) -> Speech:
    named = [*file.source.interviewers, *(cell for row in roster for cell in (row["speaker"], row["name"]) if cell)]
    speech = read_transcript(data, {folded(label) for label in named}, file.source.encoding)
    if not speech.turns:
        raise Unreadable("no_text")
    if not speech.labels and file.source.unlabelled_speech == "set_aside":
        raise Unreadable("no_speakers")
    return speech
