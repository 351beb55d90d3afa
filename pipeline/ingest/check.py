"""What `quotebank check` says about a study's inputs: all of it at once, and never what stands in a cell."""

from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline.errors import Problem
from pipeline.ingest.gather import is_interviewer, row_of_label
from pipeline.ingest.opening import Opened, Opening, open_study
from pipeline.ingest.people import RosterRow, consents
from pipeline.ingest.reasons import FILE_REASONS, ROW_REASONS
from pipeline.ingest.speech import Speech
from pipeline.ingest.survey import Survey, duplicates, has_answer, rows_of
from pipeline.ingest.text import folded
from pipeline.study import Source, Study

_SHOWN = 10  # row numbers in one message
_HELD = "those contributors will be held"


def check_sources(study: Study) -> list[Problem]:
    """Everything in the inputs that stops a run or holds somebody, with its file, rows and remedy. Never raises."""
    opening = open_study(study)
    problems = list(opening.problems)
    for opened in opening.files:
        if opened.problem:
            problems.append(Problem(opened.file.path, *FILE_REASONS[opened.problem]))
        match opened.content:
            case Survey():
                problems += _survey(study, opened, opened.content, opening.roster)
            case Speech():
                problems += _speakers(opened, opened.content, opening.roster_of(opened.file))
            case _:
                pass
        if opened.content is not None and opened.file.source.kind != "survey":
            problems += _unlisted(study, opened, opening.roster_of(opened.file))
    return [*problems, *_roster(study, opening)]


def rows_in_words(numbers: Sequence[int]) -> str:
    """`row 7`; `rows 4, 9 and 31`; `rows 1, 2, 3, … and 40 more`."""
    shown = [str(number) for number in sorted(numbers)[:_SHOWN]]
    if len(numbers) > _SHOWN:
        return f"rows {', '.join(shown)} and {len(numbers) - _SHOWN} more"
    return f"row {shown[0]}" if len(shown) == 1 else f"rows {', '.join(shown[:-1])} and {shown[-1]}"


def _survey(study: Study, opened: Opened, survey: Survey, roster: Sequence[RosterRow]) -> Iterator[Problem]:
    path, source = opened.file.path, opened.file.source
    rows = list(rows_of(survey))
    for reason, numbers in (
        ("duplicate_respondent", sorted(duplicates(rows))),
        ("row_misaligned", survey.table.misaligned),
    ):
        if numbers:
            what, remedy = ROW_REASONS[reason]
            yield Problem(f"{path}, {rows_in_words(numbers)}", what, remedy)
    answered = [row for row in rows if has_answer(row)]
    if "consent" not in survey.layout.person:
        if source.consent is None and answered:
            yield Problem(path, f"no consent for any of {len(answered)} rows; {_HELD}", _consent_remedy(source))
        return
    cells = [(row.number, consents(row.person["consent"], study.consent.wording)) for row in answered]
    settled = {folded(row["respondent"]) for row in roster if row["respondent"] and row["consent"]}
    asked = {row.number for row in answered if folded(row.person.get("respondent", "")) not in settled}
    missing = [number for number, wordings in cells if not wordings and number in asked]
    if missing and source.consent is None:
        where = f"{path}, {rows_in_words(missing)}"
        yield Problem(where, f"no consent in {len(missing)}; {_HELD}", "ask them, or leave them held")
    yield from _unknown_wordings(study, path, [(n, wording) for n, wordings in cells for wording in wordings])


def _unknown_wordings(study: Study, path: str, said: Sequence[tuple[int, str]]) -> Iterator[Problem]:
    known = {" ".join(wording.split()) for wording in study.consent.wording}
    unknown: dict[str, list[int]] = {}
    for number, wording in said:
        if wording not in known:
            unknown.setdefault(wording, []).append(number)
    for numbers in unknown.values():
        where = f"{path}, {rows_in_words(numbers)}"
        what = f"a consent wording that study.yaml does not list, {len(numbers)} time(s); {_HELD}"
        yield Problem(where, what, "add it under consent.wording, exactly as it stands there, with its meaning")


def _consent_remedy(source: Source) -> str:
    return f"name its consent column, or say in [sources.{source.id}.consent] what they were told"


def _speakers(opened: Opened, speech: Speech, rows: Sequence[RosterRow]) -> Iterator[Problem]:
    source = opened.file.source
    labels = [label for label in speech.labels if not is_interviewer(label, source)]
    unknown = [label for label in labels if not row_of_label(label, labels, rows)]
    if unknown and rows and source.consent is None:
        what = f"{len(unknown)} of {len(labels)} speakers are not in contributors.csv; what they say will be held"
        yield Problem(opened.file.path, what, "give the speaker label in contributors.csv, or add it to interviewers")
    if labels and len(labels) == len(speech.labels) and len(labels) > 1:
        where = f"study.yaml [sources.{source.id}.interviewers]"
        yield Problem(where, f"nobody in {opened.file.path} is an interviewer", "name their speaker labels, if any")
    if speech.loose:
        what = f"{len(speech.loose)} passage(s) that nobody is named for; they will be set aside"
        yield Problem(opened.file.path, what, "label their speaker, or leave them out")


def _unlisted(study: Study, opened: Opened, rows: Sequence[RosterRow]) -> Iterator[Problem]:
    if not rows and opened.file.source.consent is None:
        what = f"{study.contributors} does not list it; what it says will be held"
        yield Problem(opened.file.path, what, f"add a row with its name and consent to {study.contributors}")


def _roster(study: Study, opening: Opening) -> Iterator[Problem]:
    name = study.contributors
    listed = {row.number for opened in opening.files for row in opening.roster_of(opened.file)}
    surveys = [opened.content for opened in opening.files if isinstance(opened.content, Survey)]
    respondents = {folded(row.person.get("respondent", "")) for survey in surveys for row in rows_of(survey)}
    for row in opening.roster:
        if not row["file"] and not row["respondent"]:
            yield Problem(f"{name}, row {row.number}", "names neither a file nor a respondent", "fill one in")
        if row["file"] and row.number not in listed:
            yield Problem(f"{name}, row {row.number}", "names a file that no source has, or several have", "check it")
        if row["respondent"] and folded(row["respondent"]) not in respondents:
            yield Problem(f"{name}, row {row.number}", "names a respondent that no survey has", "check it")
    pairs = [(folded(row["file"]), folded(row["speaker"])) for row in opening.roster]
    times = Counter(pair for pair in pairs if all(pair))
    for row, pair in zip(opening.roster, pairs, strict=True):
        if times[pair] > 1:
            yield Problem(f"{name}, row {row.number}", "names the same speaker of a file as another row", "remove one")
    said = [(row.number, consents(row["consent"], study.consent.wording)) for row in opening.roster]
    yield from _unknown_wordings(study, name, [(n, wording) for n, wordings in said for wording in wordings])
    assumed = {one.file.path for one in opening.files if one.file.source.consent is not None}
    by_row = {row.number: one.file.path for one in opening.files for row in opening.roster_of(one.file)}
    missing = [n for n, wordings in said if not wordings and by_row.get(n, "") not in assumed and n in by_row]
    if missing:
        where = f"{name}, {rows_in_words(missing)}"
        yield Problem(where, f"no consent in {len(missing)}; {_HELD}", "ask them, or leave them held")
