"""quote_bank.html: one page that holds everything, needs no network and runs no script but its own."""

import base64
import hashlib
from importlib import resources

from pipeline.outputs.bank import Bank, BankTheme, shelves
from pipeline.outputs.notes import HOW_TO_READ
from pipeline.outputs.text import DRAFT_NOTICE, SOURCE_WORDS, counted, pieces


def html_bytes(bank: Bank) -> bytes:
    """The page in UTF-8: page/page.html with page.css and page.js inside. The same bank, the same bytes.

    Every text goes through Jinja's escaping. The page's own security policy names its style and its script by hash
    and forbids everything else, so that markup which slipped through would still not run or load anything.
    """
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    style, script = _part("page.css"), _part("page.js")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    answered = {quote.question for theme in bank.themes for quote in theme.quotes}
    quoted = {quote.group for theme in bank.themes for quote in theme.quotes}
    asked = [(question, shelves(bank, question.wording)) for question in bank.themed] or [(None, shelves(bank))]
    in_order = [theme for _, shelved in asked for _, themes in shelved for theme in themes]
    page = environment.from_string(_part("page.html")).render(
        bank=bank,
        asked=asked,
        place=_place,
        themes=in_order,
        numbers={theme.theme_id: n for n, theme in enumerate(in_order, start=1)},
        counted=counted,
        pieces=pieces,
        style=Markup(style),  # noqa: S704 (our own files, not data)
        script=Markup(script),  # noqa: S704
        policy=f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'",
        draft=DRAFT_NOTICE,
        notes=HOW_TO_READ,
        sources=SOURCE_WORDS,
        groups=[group for group in bank.groups if group in quoted],
        question_numbers={question: n for n, question in enumerate(bank.questions, start=1)},
        unasked="" in answered,
        largest=max((theme.n_contributors for theme in bank.themes), default=0) or 1,
    )
    return page.encode()


def _place(theme: BankTheme) -> str:
    """What the page knows a heading by: two questions can have the same."""
    return f"{theme.question} · {theme.heading}" if theme.question and theme.heading else theme.heading


def _part(name: str) -> str:
    """A file of the page. Line ends are normalised because the browser hashes what it parsed, not what was sent."""
    text = (resources.files("pipeline.outputs") / "page" / name).read_text("utf-8")
    return text.replace("\r\n", "\n")


def _hash(part: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()}"
