"""The quote bank: what report writers open, as one frozen value, and the files it is written to."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.outputs.text import printable
from pipeline.tables import ContractBroken, records

ACROSS, OUTSIDE = "Across questions", "Outside a question"  # of a theme that has no question of its own


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
        assignments[["passage_id", "theme_id"]], on="passage_id", validate="one_to_many"
    )
    if len(placed) != len(assignments) or placed["passage_id"].nunique() != len(passages):
        raise ContractBroken("tables passages and coded_assignments hold different passages")
    if not set(quotes["theme_id"]) <= set(themes["theme_id"]):
        raise ContractBroken("table quotes, column theme_id: a theme that table coded_themes lacks")
    placed["group"] = [shown_groups[str(contributor)] for contributor in placed["contributor_id"]]
    people = placed.drop_duplicates(["theme_id", "contributor_id"])
    groups = _by_size(placed.drop_duplicates("contributor_id")["group"])
    wordings = _wordings(themes, placed, questions)
    built = [
        BankTheme(
            theme_id=row["theme_id"],
            label=row["label"],
            keywords=tuple(word for part in row["keywords"].split(",") if (word := part.strip())),
            description=row["description"],
            heading=row["heading"],
            question=wordings.get(row["theme_id"], ""),
            low_confidence=row["low_confidence"],
            n_contributors=row["n_contributors"],
            n_passages=row["n_passages"],
            by_group=_counts(people.loc[people["theme_id"] == row["theme_id"], "group"], groups),
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
        groups=tuple(groups),
        questions=tuple(dict.fromkeys(wording for wording in questions.values() if wording in used)),
        unassigned_passages=int((placed["theme_id"] == "").sum()),
        n_contributors=int(placed["contributor_id"].nunique()),
        n_passages=len(passages),
        n_quotes=len(quotes),
        facts=facts,
        themed=themed,
    )


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


def _by_size(groups: pd.Series) -> list[str]:
    counts = Counter(str(group) for group in groups)
    return sorted(counts, key=lambda group: (-counts[group], group))


def _counts(groups: pd.Series, order: list[str]) -> dict[str, int]:
    counts = Counter(str(group) for group in groups)
    return {group: counts[group] for group in order if counts[group]}
