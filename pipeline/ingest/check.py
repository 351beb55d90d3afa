"""What `quotebank check` says about a study's inputs: all of it at once, and never what stands in a cell."""

from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline.errors import Problem
from pipeline.ingest.files import same_talks
from pipeline.ingest.gather import is_interviewer, row_of_label
from pipeline.ingest.opening import Opened, Opening, open_study
from pipeline.ingest.people import RosterRow, consents
from pipeline.ingest.speech import Speech
from pipeline.ingest.survey import Survey, duplicates, has_answer, rows_of
from pipeline.ingest.text import folded
from pipeline.reasons import FILE_REASONS, ROW_REASONS
from pipeline.study import Attribution, Source, Study

NO_CONSENT = "study.yaml [consent.wording]"
_SHOWN = 10  # row numbers in one message
_HELD = "those contributors will be held"


def check_sources(study: Study) -> list[Problem]:
    """Everything in the inputs that stops a run or holds somebody, with its file, rows and remedy. Never raises."""
    opening = open_study(study)
    problems = list(opening.problems)
    for opened in opening.files:
        if opened.problem:
            problems.append(Problem(opened.file.path, *FILE_REASONS[opened.problem], holds=True))
        match opened.content:
            case Survey():
                problems += _survey(study, opened, opened.content, opening.roster)
            case Speech():
                problems += _speakers(opened, opened.content, opening.roster_of(opened.file))
            case _:
                pass
        if opened.content is not None and opened.file.source.kind != "survey":
            problems += _unlisted(study, opened, opening.roster_of(opened.file))
    problems += same_talks((one.file.source.id, one.file.path) for one in opening.files if not one.problem)
    problems += _roster(study, opening)
    if opening.files and not _anybody_known(study, opening):
        what = "nobody's consent is known: no contributor gave an answer that is listed here"
        problems.append(Problem(NO_CONSENT, what, "list each answer to the consent question exactly, with its meaning"))
    return problems


def _anybody_known(study: Study, opening: Opening) -> bool:
    """True if at least one contributor would not be held for want of a known consent."""
    known = _known(study)
    said = [cell for row in opening.roster for cell in consents(row["consent"], study.consent.wording)]
    for opened in opening.files:
        if opened.file.source.consent is not None:
            return True
        if isinstance(opened.content, Survey) and "consent" in opened.content.layout.person:
            for row in rows_of(opened.content):
                said += consents(row.person["consent"], study.consent.wording)
    return any(wording in known for wording in said)


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
            yield Problem(f"{path}, {rows_in_words(numbers)}", what, remedy, holds=True)
    answered = [row for row in rows if has_answer(row)]
    if "consent" not in survey.layout.person:
        if source.consent is None and answered:
            yield Problem(
                path, f"no consent for any of {len(answered)} rows; {_HELD}", _consent_remedy(source), holds=True
            )
        return
    cells = [(row.number, consents(row.person["consent"], study.consent.wording)) for row in answered]
    settled = {folded(row["respondent"]) for row in roster if row["respondent"] and row["consent"]}
    asked = {row.number for row in answered if folded(row.person.get("respondent", "")) not in settled}
    missing = [number for number, wordings in cells if not wordings and number in asked]
    if missing and source.consent is None:
        where = f"{path}, {rows_in_words(missing)}"
        yield Problem(where, f"no consent in {len(missing)}; {_HELD}", "ask them, or leave them held", holds=True)
    yield from _conflicting(study, path, cells)
    yield from _unknown_wordings(study, path, [(n, wording) for n, wordings in cells for wording in wordings])


def _conflicting(study: Study, path: str, cells: Sequence[tuple[int, Sequence[str]]]) -> Iterator[Problem]:
    known = _known(study)
    meanings = [(number, {known[wording] for wording in wordings if wording in known}) for number, wordings in cells]
    numbers = [number for number, found in meanings if len(found) > 1]
    if numbers:
        what = f"consents that disagree in {len(numbers)}; {_HELD}"
        yield Problem(f"{path}, {rows_in_words(numbers)}", what, "ask them, or leave them held", holds=True)


def _known(study: Study) -> dict[str, Attribution]:
    return {" ".join(wording.split()): meaning for wording, meaning in study.consent.wording.items()}


def _unknown_wordings(study: Study, path: str, said: Sequence[tuple[int, str]]) -> Iterator[Problem]:
    known = _known(study)
    unknown: dict[str, list[int]] = {}
    for number, wording in said:
        if wording not in known:
            unknown.setdefault(wording, []).append(number)
    for numbers in unknown.values():
        where = f"{path}, {rows_in_words(numbers)}"
        what = f"a consent wording that study.yaml does not list, {len(numbers)} time(s); {_HELD}"
        yield Problem(where, what, "list it under consent.wording, exactly as it stands there", holds=True)


def _consent_remedy(source: Source) -> str:
    return f"name its consent column, or say in [sources.{source.id}.consent] what they were told"


def _speakers(opened: Opened, speech: Speech, rows: Sequence[RosterRow]) -> Iterator[Problem]:
    source = opened.file.source
    labels = [label for label in speech.labels if not is_interviewer(label, source)]
    unknown = [label for label in labels if not row_of_label(label, labels, rows)]
    if unknown and rows and source.consent is None:
        what = f"{len(unknown)} of {len(labels)} speakers are not in contributors.csv; what they say will be held"
        yield Problem(
            opened.file.path, what, "give the speaker label in contributors.csv, or add it to interviewers", holds=True
        )
    if labels and len(labels) == len(speech.labels) and len(labels) > 1:
        where = f"study.yaml [sources.{source.id}.interviewers]"
        yield Problem(
            where, f"nobody in {opened.file.path} is an interviewer", "name their speaker labels, if any", holds=True
        )
    if speech.loose:
        what = f"{len(speech.loose)} passage(s) that nobody is named for; they will be set aside"
        yield Problem(opened.file.path, what, "label their speaker, or leave them out", holds=True)


def _unlisted(study: Study, opened: Opened, rows: Sequence[RosterRow]) -> Iterator[Problem]:
    if not rows and opened.file.source.consent is None:
        what = f"{study.contributors} does not list it; what it says will be held"
        yield Problem(
            opened.file.path, what, f"add a row with its name and consent to {study.contributors}", holds=True
        )


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
        yield Problem(where, f"no consent in {len(missing)}; {_HELD}", "ask them, or leave them held", holds=True)
