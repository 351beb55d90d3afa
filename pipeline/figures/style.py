"""How every figure looks, and how it is written: the same figure gives the same bytes.

Figures are made without pyplot, so that nothing global is left behind and none needs closing. Widths are those of text
on an A4 page. Colours are told apart by people who see fewer of them: Okabe & Ito 2008, and maps of one hue.
"""

import textwrap
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import ConfigError, Problem
from pipeline.store import write_atomic

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 6.7  # inches: 170 mm
TALLEST = 9.6  # inches: what an A4 page holds
INK, QUIET, PALE = "#222222", "#666666", "#e6e6e6"
BLUE, ORANGE, GREEN, VERMILION, SKY, PURPLE = (
    "#0072b2", "#e69f00", "#009e73", "#d55e00", "#56b4e9", "#cc79a7",
)  # fmt: skip
PALETTE = (BLUE, ORANGE, GREEN, VERMILION, SKY, PURPLE, "#332288", "#999933")  # the last two: Tol 2021
HATCH = "////"
_LINE = 100  # characters of a caption
_SETTINGS: dict[str, Any] = {
    "font.family": "DejaVu Sans",  # comes with matplotlib: the same on every machine
    "font.size": 8,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": QUIET,
    "axes.linewidth": 0.6,
    "xtick.color": QUIET,
    "ytick.color": INK,
    "xtick.labelcolor": INK,
    "hatch.linewidth": 0.5,
    "hatch.color": "#bdbdbd",
    "svg.fonttype": "none",  # words stay words: to be searched, read aloud and corrected
    "svg.hashsalt": "quotebank",
    "text.parse_math": False,  # a dollar sign in a label is a dollar sign
}


@contextmanager
def style() -> Generator[None]:
    """The project's settings while a figure is drawn or written."""
    import matplotlib as mpl

    settings: Any = {**mpl.rcParamsDefault, **_SETTINGS, "backend": mpl.rcParams["backend"]}
    with mpl.rc_context(settings):
        yield


def new_figure(height: float, title: str, caption: str) -> "tuple[Figure, Axes]":
    """A figure of text width with one pair of axes, a title that says the unit, and a caption that says how many."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, min(height, TALLEST)), layout="constrained", dpi=100)
    FigureCanvasAgg(figure)
    figure.get_layout_engine().set(w_pad=0.06, h_pad=0.06)  # pyright: ignore[reportOptionalMemberAccess, reportCallIssue]
    figure.suptitle(wrapped(title, 80), x=0.012, ha="left", fontsize=10.5, fontweight="bold")
    figure.supxlabel(wrapped(caption, _LINE), x=0.012, ha="left", fontsize=7.5, color=QUIET, linespacing=1.35)
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def wrapped(text: str, width: int, lines: int = 0) -> str:
    """`text` over several lines: at most `lines` of them, if given, and … where something is left out."""
    return "\n".join(
        textwrap.wrap(
            text, width, max_lines=lines or None, placeholder=" …", break_long_words=True, break_on_hyphens=False
        )
    )


def listed(parts: Sequence[str]) -> str:
    """The sentences of a caption, empty ones left out."""
    return " ".join(part for part in parts if part)


def save_each(pictures: "Mapping[str, Figure]", folder: Path) -> list[Path]:
    """Writes each figure into `folder` as NAME.png and NAME.svg, for its owner only. Makes the folder if need be.

    Returns:
        The files in the order of `pictures`. Others in the folder stay.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    files = {folder / f"{name}.{kind}": figure for name, figure in pictures.items() for kind in ("png", "svg")}
    for path, figure in files.items():
        save(figure, path)
    return list(files)


def save(figure: "Figure", path: Path) -> None:
    """Writes a figure as PNG (200 dots an inch) or SVG, by the ending of `path`. Mode 0600.

    Raises:
        ConfigError: another ending.
    """
    write_atomic(path, figure_bytes(figure, path.suffix.lower().removeprefix("."), path.name))


def figure_bytes(figure: "Figure", kind: str, name: str = "figure") -> bytes:
    """The figure's file, without dates or names of programs, so that the same figure gives the same bytes."""
    if kind not in ("png", "svg"):
        raise ConfigError(Problem(name, "is no picture that can be written", "end its name in .png or .svg"))
    stream = BytesIO()
    with style():
        metadata = {"Software": None} if kind == "png" else {"Date": None, "Creator": None}
        figure.savefig(stream, format=kind, dpi=200, metadata=metadata, facecolor="white")
    return stream.getvalue()
