"""The report as a person reads it: a few sentences and five tables."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipeline.agreement.precision import TOO_FEW, Share
from pipeline.agreement.report import Pair, Report, kappa_in_words
from pipeline.agreement.statistics import Figure
from pipeline.outputs.text import counted

if TYPE_CHECKING:
    from rich.table import Table

TOO_FEW_TO_SAY = "too few to say"
CAVEAT = (
    "Kappa and alpha are 1 where people always agree, and 0 where they agree as often as chance would have it. The "
    "words beside them are those of Landis and Koch (1977): a habit of the field, not a measure. Of codes that are "
    "very rare or very common, kappa is low even where people hardly ever differ: read it with its n and interval."
)


def paragraph(report: Report) -> list[str]:
    """What was coded, in sentences."""
    lines = [
        f"{counted(report.drawn, 'passage', 'passages')} drawn from {report.population:,}; {report.coded} coded, "
        f"{report.coded_by_two} of them by two people or more."
    ]
    left = [f"coder {coder} has {n} left" for coder, n in report.uncoded.items() if n]
    unsure = [f"coder {coder} could not tell {n}" for coder, n in report.cannot_tell.items() if n]
    if left or unsure:
        said = "; ".join(left + unsure)
        lines.append(f"{said[0].upper()}{said[1:]}.")
    if report.disagreements or report.settled:
        lines.append(f"{report.disagreements} coded differently and not settled, {report.settled} settled.")
    if report.changed:
        lines.append(f"{counted(report.changed, 'coding is', 'codings are')} about passages that have changed since.")
    if report.present != report.population:
        lines.append(f"The study has {report.present:,} passages now: the sample says nothing of what came since.")
    if report.unrepresented:
        lines.append(f"No coded passage stands for {report.unrepresented:,} of the study's: code further.")
    return lines


def tables(report: Report, labels: Mapping[str, str]) -> "list[Table]":
    """Between people, with the machine, where anything was coded, by code, and how often the machine is right."""
    between = _table("Between people", "coders", "same codes", "a code in common", "kappa (MASI)", "in words", "n")
    for pair in report.people:
        between.add_row(*_pair(pair))
    for name, figure in (("alpha (MASI)", report.alpha_masi), ("alpha (nominal)", report.alpha)):
        between.add_row(f"all: {name}", "", "", _figure(figure), kappa_in_words(figure), str(figure.n))
    machine = _table(
        "People and the machine", "coder", "same codes", "a code in common", "kappa (MASI)", "in words", "n"
    )
    for pair in report.with_machine:
        machine.add_row(*_pair(pair))
    by_code = _table("By code: given or not", "code", "given", "kappa", "alpha", "in words", "n", "kappa with machine")
    for theme in report.themes:
        few = theme.too_few
        by_code.add_row(
            _label(theme.theme_id, labels),
            str(theme.given),
            TOO_FEW_TO_SAY if few else _figure(theme.kappa),
            "" if few else _figure(theme.alpha),
            "" if few else kappa_in_words(theme.kappa),
            str(theme.kappa.n),
            "" if few else _figure(theme.machine_kappa),
        )
    scores = _table(
        "How often the machine is right, weighted back to the study",
        "code", "precision", "n", "recall", "n",
    )  # fmt: skip
    for one in (*report.scores, report.overall):
        name = _label(one.theme_id, labels) if one.theme_id else "all codes"
        scores.add_row(name, _share(one.precision), str(one.precision.n), _share(one.recall), str(one.recall.n))
    scores.caption = (
        "Precision: of what the machine put there, how much people would put there. Recall: of what people would put "
        "there, how much the machine did. With 95% intervals; n counts passages, in the last line codes of passages."
    )
    between.caption = CAVEAT
    machine.caption = "Where people agree, a passage is easy: the last line flatters the machine."
    tables = (between, machine, _where_coded(report, labels), by_code, scores)
    return [table for table in tables if table.row_count]


def _where_coded(report: Report, labels: Mapping[str, str]) -> "Table":
    """Agree where coded: of any code for each two, then of each code."""
    table = _table("Agree where coded", "of", "between people", "n", "with the machine", "n")
    for pair in report.people:
        table.add_row(f"any code: {pair.one} and {pair.other}", *_counted(pair.agree_where_coded), "", "")
    for pair in report.with_machine:
        table.add_row(f"any code: {pair.one}", "", "", *_counted(pair.agree_where_coded))
    for theme in report.themes:
        figures = (*_counted(theme.agree_where_coded), *_counted(theme.machine_agree_where_coded))
        table.add_row(_label(theme.theme_id, labels), *figures)
    table.caption = (
        "Of the passages to which at least one of the two gave a code, the share to which both did; of any code, the "
        "share with a code in common. What neither gave any is left out, or it would flatter. n counts passages."
    )
    return table


def _counted(figure: Figure) -> tuple[str, str]:
    return TOO_FEW_TO_SAY if figure.n < TOO_FEW else _figure(figure), str(figure.n)


def _table(title: str, *columns: str) -> "Table":
    from rich.table import Table

    table = Table(
        title=title, title_justify="left", title_style="bold", caption_justify="left", box=None, pad_edge=False
    )
    for number, name in enumerate(columns):
        is_number = number > 0 and name != "in words"
        table.add_column(name, justify="right" if is_number else "left", no_wrap=is_number)
    return table


def _pair(pair: Pair) -> tuple[str, ...]:
    name = f"{pair.one} and {pair.other}"
    figures = (_figure(pair.same), _figure(pair.shared), _figure(pair.kappa))
    return (name, *figures, kappa_in_words(pair.kappa), str(pair.kappa.n))


def _figure(figure: Figure) -> str:
    return "–" if figure.value is None else _with_interval(figure.value, figure.low, figure.high)


def _share(share: Share) -> str:
    return TOO_FEW_TO_SAY if share.value is None else _with_interval(share.value, share.low, share.high)


def _with_interval(value: float, low: float | None, high: float | None) -> str:
    return f"{value:.2f}" + ("" if low is None or high is None else f" ({low:.2f} to {high:.2f})")


def _label(theme_id: str, labels: Mapping[str, str]) -> str:
    return f"{theme_id} {labels.get(theme_id, '')}".strip()
