"""The quote bank: what report writers open, as one frozen value, and the files it is written to."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from pipeline.outputs.text import printable
from pipeline.tables import ContractBroken, records

ACROSS, OUTSIDE = "Across questions", "Outside a question"  # of a theme that has no question of its own
SOURCES = ("machine", "person", "definition")  # of an assignment
_Value = TypeVar("_Value", str, tuple[str, str])


@dataclass(frozen=True)
class BankQuote:
    """A quote with all that a reader may know about it."""

    quote_id: str
    text: str
    attribution_line: str
    group: str  # stakeholder group as it may be shown
    question: str  # wording; empty where there was none
    source_kind: str  # survey, transcript or submission


@dataclass(frozen=True)
class BankTheme:
    """A theme, its size and its quotes in order of rank."""

    theme_id: str
    label: str
    keywords: tuple[str, ...]
    description: str
    low_confidence: bool
    n_contributors: int
    n_passages: int
    by_group: dict[str, int]  # shown stakeholder group → people, in the order of Bank.groups
    by_source: dict[str, int]  # what put passages into it, of `SOURCES` → passages
    quotes: tuple[BankQuote, ...]
    heading: str = ""  # what it and others stand under; empty for none
    question: str = ""  # wording of the question it is of, ACROSS or OUTSIDE; empty where themes are of the study


@dataclass(frozen=True)
class BankQuestion:
    """A question whose answers were themed by themselves, or what stands for one."""

    wording: str
    n_passages: int
    unassigned_passages: int


@dataclass(frozen=True)
class Bank:
    """Everything the outputs show."""

    title: str
    status: str
    run_id: str
    themes: tuple[BankTheme, ...]  # largest first; where themes are per question, those of one question together
    headings: dict[
        tuple[str, str], int
    ]  # question and what its themes stand under → people who speak of any, most first
    groups: tuple[str, ...]  # of all contributors, most people first
    questions: tuple[str, ...]  # that a quote answers, in the order they were asked
    unassigned_passages: int
    n_contributors: int
    n_passages: int
    n_quotes: int
    facts: dict[str, Any]
    themed: tuple[BankQuestion, ...] = ()  # questions in the order of `themes`; empty unless themes are per question


def assemble_bank(
    *,
    title: str,
    status: str,
    run_id: str,
    themes: pd.DataFrame,
    assignments: pd.DataFrame,
    quotes: pd.DataFrame,
    passages: pd.DataFrame,
    shown_groups: Mapping[str, str],
    questions: Mapping[str, str],
    facts: dict[str, Any],
) -> Bank:
    """The bank of CODED_THEMES, CODED_ASSIGNMENTS, QUOTES and PASSAGES, whatever the order of their rows.

    Args:
        shown_groups: contributor id → stakeholder group as it may be shown.
        questions: question id → wording, in the order readers should see them.
        facts: numbers and names of models for methods.md; no text of respondents.

    Raises:
        ContractBroken: a theme's counts differ from its assignments, or a quote belongs to no theme.
    """
    placed = passages[["passage_id", "contributor_id", "question_id"]].merge(
        assignments[["passage_id", "theme_id", "source"]], on="passage_id", validate="one_to_many"
    )
    if len(placed) != len(assignments) or placed["passage_id"].nunique() != len(passages):
        raise ContractBroken("tables passages and coded_assignments hold different passages")
    if not set(quotes["theme_id"]) <= set(themes["theme_id"]):
        raise ContractBroken("table quotes, column theme_id: a theme that table coded_themes lacks")
    placed["group"] = [shown_groups[str(contributor)] for contributor in placed["contributor_id"]]
    people = placed.drop_duplicates(["theme_id", "contributor_id"])
    groups = _by_size(placed.drop_duplicates("contributor_id")["group"])
    wordings = _wordings(themes, placed, questions)
    above = _headings(themes)
    places = {theme: (wordings.get(theme, ""), heading) for theme, heading in above.items() if heading}
    under = people.assign(place=people["theme_id"].map(places)).drop_duplicates(["place", "contributor_id"])
    headings = _by_size(under["place"].dropna())
    built = [
        BankTheme(
            theme_id=row["theme_id"],
            label=row["label"],
            keywords=tuple(word for part in row["keywords"].split(",") if (word := part.strip())),
            description=row["description"],
            heading=above[row["theme_id"]],
            question=wordings.get(row["theme_id"], ""),
            low_confidence=row["low_confidence"],
            n_contributors=row["n_contributors"],
            n_passages=row["n_passages"],
            by_group=_counts(people.loc[people["theme_id"] == row["theme_id"], "group"], groups),
            by_source=_counts(placed.loc[placed["theme_id"] == row["theme_id"], "source"], SOURCES),
            quotes=_quotes_of(quotes[quotes["theme_id"] == row["theme_id"]], questions),
        )
        for row in records(themes)
    ]
    for theme in built:
        n_passages = int((placed["theme_id"] == theme.theme_id).sum())
        if (theme.n_contributors, theme.n_passages) != (sum(theme.by_group.values()), n_passages):
            raise ContractBroken("table coded_themes: a theme's counts differ from its assignments")
    themed = _themed(placed, questions, set(wordings.values()))
    order = {question.wording: place for place, question in enumerate(themed)}
    built.sort(
        key=lambda theme: (order.get(theme.question, 0), -theme.n_contributors, -theme.n_passages, theme.theme_id)
    )
    used = {quote.question for theme in built for quote in theme.quotes}
    return Bank(
        title=title,
        status=status,
        run_id=run_id,
        themes=tuple(built),
        headings=headings,
        groups=tuple(groups),
        questions=tuple(dict.fromkeys(wording for wording in questions.values() if wording in used)),
        unassigned_passages=int((placed["theme_id"] == "").sum()),
        n_contributors=int(placed["contributor_id"].nunique()),
        n_passages=len(passages),
        n_quotes=len(quotes),
        facts=facts,
        themed=themed,
    )


def shelves(bank: Bank, question: str = "") -> list[tuple[str, tuple[BankTheme, ...]]]:
    """The themes by heading, in the order of `Bank.headings`; those without one last, under "".

    Within a heading the largest comes first, but for one that is called as its heading is: it has the others as parts.

    Args:
        question: whose themes, by its wording; "" where themes are of the study.
    """
    headings = [heading for asked, heading in bank.headings if asked == question]
    themes = [theme for theme in bank.themes if theme.question == question]
    kept = {heading: [theme for theme in themes if theme.heading == heading] for heading in (*headings, "")}
    return [
        (heading, tuple(sorted(themes, key=lambda theme: theme.label != heading)))
        for heading, themes in kept.items()
        if themes
    ]


def write_bank(folder: Path, bank: Bank) -> list[Path]:
    """Writes the bank into `folder`: quote_bank.html, .xlsx, .csv and methods.md. The same bank, the same bytes."""
    from pipeline.outputs.csv_file import csv_bytes
    from pipeline.outputs.html import html_bytes
    from pipeline.outputs.methods import methods_bytes
    from pipeline.outputs.xlsx import xlsx_bytes

    safe = printable_bank(bank)
    contents = {
        "quote_bank.html": html_bytes(safe),
        "quote_bank.xlsx": xlsx_bytes(safe),
        "quote_bank.csv": csv_bytes(safe),
        "methods.md": methods_bytes(safe),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in contents]


def printable_bank(bank: Bank) -> Bank:
    """The bank with every text made safe to write, once, so that all files hold the same words."""
    return replace(
        bank,
        title=printable(bank.title),
        status=printable(bank.status),
        run_id=printable(bank.run_id),
        themes=tuple(_printable_theme(theme) for theme in bank.themes),
        headings={(printable(asked), printable(heading)): n for (asked, heading), n in bank.headings.items()},
        groups=tuple(printable(group) for group in bank.groups),
        questions=tuple(printable(question) for question in bank.questions),
        themed=tuple(replace(question, wording=printable(question.wording)) for question in bank.themed),
    )


def _printable_theme(theme: BankTheme) -> BankTheme:
    return replace(
        theme,
        theme_id=printable(theme.theme_id),
        label=printable(theme.label),
        keywords=tuple(printable(word) for word in theme.keywords),
        description=printable(theme.description),
        heading=printable(theme.heading),
        question=printable(theme.question),
        by_group={printable(group): n for group, n in theme.by_group.items()},
        quotes=tuple(BankQuote(**{name: printable(text) for name, text in vars(q).items()}) for q in theme.quotes),
    )


def _wordings(themes: pd.DataFrame, placed: pd.DataFrame, questions: Mapping[str, str]) -> dict[str, str]:
    """Theme → the wording of its question, or what stands for it; empty unless themes are per question."""
    if not (themes["question_id"] != "").any():
        return {}
    answering = set(placed.loc[placed["question_id"] != "", "theme_id"])
    return {
        row["theme_id"]: questions.get(row["question_id"], row["question_id"])
        or (ACROSS if row["theme_id"] in answering else OUTSIDE)
        for row in records(themes)
    }


def _themed(placed: pd.DataFrame, questions: Mapping[str, str], wordings: set[str]) -> tuple[BankQuestion, ...]:
    """Every question that was answered, in the order it was asked, also one without a theme; empty for no wordings."""
    if not wordings:
        return ()
    asked = placed["question_id"].map({"": OUTSIDE, **questions}).fillna(placed["question_id"])
    found = {*asked, *wordings}
    unknown = sorted(found - {*questions.values(), OUTSIDE, ACROSS})
    order = [*dict.fromkeys(questions.values()), *unknown, OUTSIDE, ACROSS]
    return tuple(
        BankQuestion(
            wording,
            int(placed.loc[asked == wording, "passage_id"].nunique()),
            int(((asked == wording) & (placed["theme_id"] == "")).sum()),
        )
        for wording in order
        if wording in found
    )


def _quotes_of(rows: pd.DataFrame, questions: Mapping[str, str]) -> tuple[BankQuote, ...]:
    return tuple(
        BankQuote(
            quote_id=row["quote_id"],
            text=row["text"],
            attribution_line=row["attribution_line"],
            group=row["stakeholder_group"],
            question=questions.get(row["question_id"], ""),
            source_kind=row["source_kind"],
        )
        for row in records(rows.sort_values(["rank", "quote_id"]))
    )


def _headings(themes: pd.DataFrame) -> dict[str, str]:
    """Theme id → what it stands under. A theme that others of its question are parts of stands with them, under its own
    name."""
    named = set(zip(themes["question_id"], themes["heading"], strict=True))
    return {
        row["theme_id"]: row["label"] if (row["question_id"], row["label"]) in named else row["heading"]
        for row in records(themes)
    }


def _by_size(values: Iterable[_Value]) -> dict[_Value, int]:
    """How often each value is there, the most frequent first."""
    counts = Counter(values)
    return {value: counts[value] for value in sorted(counts, key=lambda value: (-counts[value], value))}


def _counts(values: pd.Series, order: Iterable[str]) -> dict[str, int]:
    counts = Counter(str(value) for value in values)
    return {value: counts[value] for value in order if counts[value]}
