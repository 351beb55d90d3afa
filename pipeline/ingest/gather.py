"""From opened files to people and to what each of them said, one kind of source at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.ingest.files import SourceFile
from pipeline.ingest.opening import Opening
from pipeline.ingest.people import Person, RosterRow, consents, identity
from pipeline.ingest.speech import GENERIC, INTERVIEWER, Speech
from pipeline.ingest.submission import Submission
from pipeline.ingest.survey import Row, Survey, duplicates, has_answer, rows_of
from pipeline.ingest.text import folded, is_blank
from pipeline.study import Source, Study

ROSTER_ONLY = "contributors"  # source of the people in contributors.csv of whom nothing was read


@dataclass(frozen=True)
class Piece:
    """A segment to be. `key` tells it from the others of its document; `person` is None for the interviewer."""

    key: tuple[str, ...]
    kind: str
    text: str
    person: Person | None
    question_id: str = ""


@dataclass(frozen=True)
class Item:
    """A document to be."""

    source: Source
    key: tuple[str, ...]
    pieces: list[Piece]
    aside: list[tuple[tuple[str, ...], str]] = field(default_factory=list)  # keys of segments left out, and why
    row_id: str = ""  # the survey row it comes from


@dataclass
class Gathered:
    """Everything read so far."""

    people: dict[tuple[str, ...], Person] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    rows_aside: list[tuple[str, str]] = field(default_factory=list)  # (id, reason)
    linked: set[int] = field(default_factory=set)  # rows of contributors.csv whose person was found

    def person(self, source_id: str, key: tuple[str, ...], wave: int = 1) -> Person:
        return self.people.setdefault((source_id, *key), Person(key, source_id, wave))


def gather(study: Study, opening: Opening) -> Gathered:
    """People, documents and what was left out, over all sources."""
    gathered = Gathered()
    for source in study.sources:
        surveys: list[tuple[SourceFile, Survey]] = []
        for opened in opening.of(source):
            match opened.content:
                case Survey():
                    surveys.append((opened.file, opened.content))
                case Speech():
                    _transcript(gathered, study, opened.file, opened.content, opening.roster_of(opened.file))
                case Submission():
                    _submission(gathered, study, opened.file, opened.content, opening.roster_of(opened.file))
                case None:
                    pass
        if source.rows_are_people:
            _people_survey(gathered, study, source, surveys, opening.roster)
        else:
            _cells_survey(gathered, source, surveys)
    for row in opening.roster:
        if row.number not in gathered.linked:
            _learn(gathered.person(ROSTER_ONLY, row.key), row, study)
    for person in gathered.people.values():
        person.group = person.group or next((s.group or "" for s in study.sources if s.id == person.source_id), "")
    return gathered


def _learn(person: Person, row: RosterRow, study: Study) -> None:
    person.learn(row.cells, row.identifying, consents(row["consent"], study.consent.wording))


def row_id(file: SourceFile, number: int) -> str:
    """What a survey row is called in the records of a run: `number` counts as a spreadsheet does."""
    return f"{file.file_id}:{number}"


# ── surveys ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _people_survey(
    gathered: Gathered,
    study: Study,
    source: Source,
    surveys: Sequence[tuple[SourceFile, Survey]],
    roster: Sequence[RosterRow],
) -> None:
    answered: list[tuple[SourceFile, Row]] = []
    for file, survey in surveys:
        rows = _rows(gathered, file, survey)
        twice = duplicates(rows)
        for row in rows:
            reason = "duplicate_respondent" if row.number in twice else "" if has_answer(row) else "blank"
            if not reason:
                answered.append((file, row))
                continue
            gathered.rows_aside.append((row_id(file, row.number), reason))
            if any(not is_blank(row.person.get(part, "")) for part in ("name", "email")):
                # Nothing of theirs is used, but other people may name them.
                key = ("aside", file.path, str(row.number))
                _learn_row(gathered.person(source.id, key, source.wave), row, study)
    by_respondent: dict[str, list[Person]] = {}
    documents: dict[tuple[str, ...], int] = {}
    for file, row, key in _with_keys(answered):
        person = gathered.person(source.id, key, source.wave)
        _learn_row(person, row, study)
        by_respondent.setdefault(folded(row.person.get("respondent", "")), []).append(person)
        documents[key] = documents.get(key, 0) + 1
        pieces = [
            Piece((question, str(n)), "answer", cell, person, question)
            for n, (question, _, cell) in enumerate(row.answers)
        ]
        gathered.items.append(_item(source, (*key, str(documents[key])), pieces, row_id(file, row.number)))
    _share_consent(gathered, source)
    for row in roster:
        for person in by_respondent.get(folded(row["respondent"]), []) if row["respondent"] else []:
            _learn(person, row, study)
            gathered.linked.add(row.number)


def _rows(gathered: Gathered, file: SourceFile, survey: Survey) -> list[Row]:
    gathered.rows_aside += [(row_id(file, number), "row_misaligned") for number in survey.table.misaligned]
    return list(rows_of(survey))


def _learn_row(person: Person, row: Row, study: Study) -> None:
    wordings = consents(row.person.get("consent", ""), study.consent.wording)
    person.learn(row.person, row.identifying, wordings)


def _with_keys(answered: Sequence[tuple[SourceFile, Row]]) -> Iterable[tuple[SourceFile, Row, tuple[str, ...]]]:
    """Each row with its file and what its contributor is known by.

    The same e-mail address, or else respondent id, is the same person. Where such rows disagree about the name, an
    address is a shared mailbox, or the id was counted anew in each file: they are different people.
    """
    names: dict[tuple[str, ...], set[tuple[str, str]]] = {}
    for _, row in answered:
        who = tuple(folded(row.person.get(part, "")) for part in ("name", "email"))
        names.setdefault(identity(row.person), set()).add((who[0], who[1]))
    for file, row in answered:
        key = identity(row.person)
        if not key:
            yield file, row, ("row", file.path, str(row.number), folded(row.person.get("name", "")))
        elif len({name for name, _ in names[key] if name}) > 1 or len({mail for _, mail in names[key] if mail}) > 1:
            yield file, row, (*key, folded(row.person.get("name", "")), folded(row.person.get("email", "")))
        else:
            yield file, row, key


def _share_consent(gathered: Gathered, source: Source) -> None:
    """People who answered from one address share what was said about consent: the strictest will apply to all."""
    boxes: dict[str, list[Person]] = {}
    for person in gathered.people.values():
        if person.source_id == source.id and person.key[0] == "email":
            boxes.setdefault(person.key[1], []).append(person)
    for people in boxes.values():
        said = list(dict.fromkeys(wording for person in people for wording in person.wordings))
        for person in people:
            person.wordings = list(said)


def _cells_survey(gathered: Gathered, source: Source, surveys: Sequence[tuple[SourceFile, Survey]]) -> None:
    """Rows that mix several people's answers: each filled cell is a document and a contributor of its own."""
    for file, survey in surveys:
        for row in _rows(gathered, file, survey):
            if not has_answer(row):
                gathered.rows_aside.append((row_id(file, row.number), "blank"))
                continue
            for question, at, cell in row.answers:
                key = ("cell", file.path, str(row.number), str(at + 1))
                if is_blank(cell):
                    gathered.items.append(Item(source, key, [], [((question,), "blank")], row_id(file, row.number)))
                    continue
                person = gathered.person(source.id, key, source.wave)
                piece = Piece((question,), "answer", cell, person, question)
                gathered.items.append(Item(source, key, [piece], row_id=row_id(file, row.number)))


def _item(source: Source, key: tuple[str, ...], pieces: Sequence[Piece], row: str) -> Item:
    filled = [piece for piece in pieces if not is_blank(piece.text)]
    return Item(source, key, filled, [(piece.key, "blank") for piece in pieces if is_blank(piece.text)], row)


# ── transcripts and submissions ─────────────────────────────────────────────────────────────────────────────────


def is_interviewer(label: str, source: Source) -> bool:
    """True for the labels that study.yaml names and for the usual ones, such as `Interviewer 2` or `Q`."""
    plain = folded(label)
    return plain in {folded(one) for one in source.interviewers} or INTERVIEWER.fullmatch(plain) is not None


def row_of_label(label: str, labels: Sequence[str], rows: Sequence[RosterRow]) -> list[RosterRow]:
    """The rows of contributors.csv that a speaker of a file is: by speaker label, else by name, else the only one left.

    Args:
        labels: all of the file's labels that are not the interviewer's.
        rows: the rows that name the file.
    """
    said = {folded(label), _turned(folded(label))}
    by_speaker = [row for row in rows if row["speaker"] and folded(row["speaker"]) in said]
    by_name = [row for row in rows if not row["speaker"] and row["name"] and folded(row["name"]) in said]
    only = [row for row in rows if not row["speaker"]] if len(rows) == 1 and len(labels) == 1 else []
    return by_speaker or by_name or only


def _turned(name: str) -> str:
    """`wright, steve` → `steve wright`, without a bracketed remark."""
    surname, comma, first = name.partition("(")[0].strip().partition(", ")
    return f"{first} {surname}" if comma else name.partition("(")[0].strip()


def _transcript(gathered: Gathered, study: Study, file: SourceFile, speech: Speech, rows: Sequence[RosterRow]) -> None:
    source = file.source
    labels = [label for label in speech.labels if not is_interviewer(label, source)]
    speakers: dict[str, Person] = {}
    for label in labels or ([""] if not speech.labels else []):
        found = row_of_label(label, labels, rows) if label else (list(rows) if len(rows) == 1 else [])
        key = found[0].key if found else ("speaker", file.path, folded(label))
        person = gathered.person(source.id, key, source.wave)
        for row in found:
            _learn(person, row, study)
            gathered.linked.add(row.number)
        if label and GENERIC.fullmatch(folded(label)) is None:
            person.learn({"name": label} if not person.name else {}, [label] if _is_news(label, person) else [])
        speakers[folded(label)] = person
    pieces = [
        Piece(
            (str(n),), "turn", turn.text, None if is_interviewer(turn.label, source) else speakers[folded(turn.label)]
        )
        for n, turn in enumerate(speech.turns)
    ]
    loose = [(("loose", str(n)), "no_speaker") for n, _ in enumerate(speech.loose)]
    gathered.items.append(Item(source, ("file", file.path), pieces, loose))


def _is_news(label: str, person: Person) -> bool:
    return bool(person.name) and folded(person.name) not in (folded(label), _turned(folded(label)))


def _submission(
    gathered: Gathered, study: Study, file: SourceFile, content: Submission, rows: Sequence[RosterRow]
) -> None:
    """One contributor for the whole file; a joint submission is held if its authors said different things."""
    source = file.source
    key = tuple(part for row in rows for part in row.key) or ("file", file.path)
    person = gathered.person(source.id, key, source.wave)
    for row in rows:
        _learn(person, row, study)
        gathered.linked.add(row.number)
    pieces = [Piece((str(n),), block.kind, block.text, person) for n, block in enumerate(content.blocks)]
    gathered.items.append(Item(source, ("file", file.path), pieces))
