"""methods.md: what was done to make the bank, in words and numbers. No names, files, times or wordings of consent."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.outputs.bank import SOURCES, Bank
from pipeline.outputs.notes import HOW_TO_READ
from pipeline.outputs.text import SOURCE_OF, counted, draft_notice, markdown
from pipeline.placeholders import MASKED
from pipeline.reasons import endpoint_in_words, in_words

STAGES = {
    "ingest": "Reading the sources",
    "consent": "Checking what each contributor agreed to",
    "redact": "Removing what could identify somebody",
    "split": "Cutting into passages",
    "embed": "Measuring likeness of meaning",
    "themes": "Finding themes",
    "codebook": "Applying people’s decisions about themes",
    "quotes": "Choosing quotes",
}
ATTRIBUTIONS = {
    "attributable": "may be quoted by name",
    "role_only": "may be quoted by role or organisation only",
    "non_attributable": "may be quoted without being identified",
    "held": "held until a person has decided, or asked not to be quoted",
}
TREATMENTS = {
    "keep": "kept",
    "own": "kept if the contributor’s own",
    "generalise": "a wider class instead",
    "mask": "masked",
}
_SETTING_WORDS = ("model", "spacy_model", "clusterer", "profile", "per")  # settings whose value may be shown
_PATH = re.compile(r"\\|^[./~]|/.*/|^[A-Za-z]:")  # owner/model is a name; anything longer is a place on a disk


def methods_bytes(bank: Bank) -> bytes:
    """The page in UTF-8. A fact that the bank does not carry leaves its section out, never a false number."""
    facts = bank.facts
    sections = [
        f"# How this quote bank was made\n\n**{markdown(draft_notice(bank.status))}**",
        f"{markdown(bank.title)}, run {markdown(bank.run_id)}",
        _summary(bank),
        _section("What happened to every contribution", _stages(facts.get("stages", []))),
        _section("What contributors agreed to", _attribution(facts.get("attribution", {}), facts)),
        _section("What was removed", _redactions(facts.get("redactions", {}))),
        _section("What was decided about each kind of detail", _treatments(facts.get("treatments"))),
        _section("How themes were found", _finding(facts, bank)),
        _section("Themes and their size", _themes(bank)),
        _section("Who put passages into themes", _sources(bank)),
        _section("Whether more people would have brought more themes", _saturation(facts.get("saturation", {}))),
        _section("How far people agree about the themes", _agreement(facts.get("agreement"))),
        _section("How quotes were chosen", _QUOTES),
        _section("How to read the bank", "\n\n".join(f"**{head}.** {markdown(text)}" for head, text in HOW_TO_READ)),
        _section("What is caught, what is missed, what cannot be detected", _limits(facts.get("limits", []))),
        _section("Models", _models(facts.get("models", []))),
        _section("Settings", _settings(facts.get("settings", {}))),
        _section("Software", _table(("Part", "Version"), sorted(facts.get("software", {}).items()))),
    ]
    return ("\n\n".join(section for section in sections if section) + "\n").encode()


_THEMES = """Long answers were cut into ideas of a sentence or two. Every idea was turned into a list of numbers by a \
language model, together with a little of the passage it stands in, so that ideas which mean much the same lie \
close to each other. Groups of ideas that lie close together are the themes; a passage has the themes of its \
ideas, and can count in several. The model saw redacted text only, and placeholders were left out of it. Ideas \
that are unlike all others were left without a theme and were not forced into one. What had a theme in an earlier \
run keeps it; what is new joins a theme, waits, or makes one of its own. A theme’s name and keywords are words \
that its people use more than others do{only_shared}; a line of what people say is made of their own words. \
{each_question}Analysts may then have renamed, merged, split or set aside themes, moved passages, and defined \
codes, which were looked for in every passage; their decisions win."""

_EACH_QUESTION = """All this was done for each question by itself, as if it were a study of its own, and once for what \
answers no question: so two questions can have much the same theme, and a question with very few answers has none. """

_ENDPOINT = """A language model on the same machine was asked for names of new themes, from quotes that any reader may \
see. What it said had to pass the checks that the machine’s own names pass, or these stayed. Its names: """

_QUOTES = """A quote is an exact slice of a redacted passage, checked against it. For each theme quotes were picked \
one after the other, each time the one that adds most to what the theme’s passages say together, so that the quotes \
cover a theme rather than repeat its middle. A contributor is quoted at most once in a theme, and no more often in the \
whole bank than the settings allow. Contributors who are held or asked not to be quoted, passages marked for review, \
and slices that are too short, too long or mostly placeholders were never candidates. The order within a theme is the \
order of picking; it says nothing about the order in which people answered."""

_LIMITS = """**Caught:** names and contact details of everybody on the contributor list, in their usual forms; other \
people’s names, police forces, organisations and places that the language model and the rules recognise; telephone \
numbers, e-mail and web addresses, post codes, vehicle, national insurance and other numbers with a known form.

**Missed by its nature, now and then:** unusual spellings and nicknames, names that are also ordinary words, names \
without a capital letter, little-known places and companies.

**Cannot be detected:** a story that colleagues would recognise, a turn of phrase that gives its writer away, and what \
several harmless details say together. Only a person who knows the field can judge that: read before you publish."""


def _finding(facts: Mapping[str, Any], bank: Bank) -> str:
    n_people: int | None = facts.get("keyword_people")  # that must have used a word; one where all agreed to be named
    if n_people is None:
        only_shared = ""
    elif n_people == 1:
        only_shared = ", even if only one person used them, because everybody agreed to be named"
    else:
        only_shared = f", and only words that at least {n_people} people used"
    found = _THEMES.format(only_shared=only_shared, each_question=_EACH_QUESTION if bank.themed else "")
    proposals = endpoint_in_words(facts.get("endpoint", {}))
    return f"{found}\n\n{_ENDPOINT}{_listed(proposals)}." if proposals else found


def _listed(proposals: Sequence[tuple[int, str]]) -> str:
    return "; ".join(f"{n:,} {words}" for n, words in proposals)


def _summary(bank: Bank) -> str:
    people, passages = counted(bank.n_contributors, "person", "people"), counted(bank.n_passages, "passage", "passages")
    themes, quotes = counted(len(bank.themes), "theme", "themes"), counted(bank.n_quotes, "quote", "quotes")
    left = counted(bank.unassigned_passages, "passage was", "passages were")
    return f"{people} said {passages}. They fall into {themes}, shown with {quotes}; {left} like no theme and left out."


def _stages(stages: Sequence[Mapping[str, Any]]) -> str:
    rows: list[tuple[str, ...]] = []
    for stage in stages:
        unit = str(stage["unit"])
        aside = [f"{n:,}: {in_words(reason)}" for reason, n in sorted(stage["reasons"].items())]
        went_in = counted(stage["in"], unit, f"{unit}s")
        rows.append((STAGES[str(stage["stage"])], went_in, f"{stage['out']:,}", "; ".join(aside) or "none"))
    table = _table(("Step", "In", "Out", "Set aside, and why"), rows)
    return (
        f"Nothing was dropped silently: what went in came out or was set aside for a reason.\n\n{table}" if rows else ""
    )


def _attribution(counts: Mapping[str, int], facts: Mapping[str, Any]) -> str:
    rows = [(f"{counts[name]:,}", words) for name, words in ATTRIBUTIONS.items() if name in counts]
    version = facts.get("consent_version")
    basis = f"\n\nDecided by version {version} of the study’s list of consent wordings." if version else ""
    return _table(("Contributors", "Agreement"), rows) + basis if rows else ""


def _kind(label: str) -> str:
    """As its placeholder calls it."""
    return MASKED.get(label, label.replace("_", " ").lower()).capitalize()


def _redactions(counts: Mapping[str, int]) -> str:
    rows = [(_kind(label), f"{n:,}") for label, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
    return _table(("Kind of detail", "Times replaced"), rows)


def _treatments(treatments: Mapping[str, Mapping[str, str]] | None) -> str:
    """None: not known. Empty: every kind is masked whatever a contributor agreed to."""
    if treatments is None:
        return ""
    shown = [name for name in ATTRIBUTIONS if name != "held"]
    rows = [
        (_kind(label), *(TREATMENTS[by_attribution[name]] for name in shown))
        for label, by_attribution in treatments.items()
    ]
    rest = "Every other kind of detail is masked" if rows else "Every kind of detail is masked"
    table = _table(("Kind of detail", *(f"Of those who {ATTRIBUTIONS[name]}" for name in shown)), rows)
    return f"{table}\n\n{rest}, and so is whatever names another contributor.".strip()


def _themes(bank: Bank) -> str:
    """With the question each is of and what it stands under, where anything has one."""
    head = [*(["Question"] if bank.themed else []), *(["Heading"] if bank.headings else [])]
    rows = [
        (
            t.label + (" (working title)" if t.low_confidence else ""),
            *([t.question] if bank.themed else []),
            *([t.heading] if bank.headings else []),
            *(t.n_contributors, t.n_passages, len(t.quotes)),
        )
        for t in bank.themes
    ]
    table = _table(("Theme", *head, "People", "Passages", "Quotes"), rows)
    return "\n\n".join(part for part in (_questions(bank), table) if part)


def _questions(bank: Bank) -> str:
    rows = [
        (q.wording, q.n_passages, sum(t.question == q.wording for t in bank.themes), q.unassigned_passages)
        for q in bank.themed
        if q.n_passages
    ]
    return _table(("Question", "Passages", "Themes", "Passages of no theme"), rows)


def _sources(bank: Bank) -> str:
    counts = {source: sum(theme.by_source.get(source, 0) for theme in bank.themes) for source in SOURCES}
    total, passages = sum(counts.values()), bank.n_passages - bank.unassigned_passages
    if not total:
        return ""
    said = (
        f"{counted(passages, 'passage', 'passages')} count {total:,} times in all, because one can count in several "
        f"themes: the numbers of the table above add up to more than there are passages and people."
    )
    table = _table(("Put there", "Times"), [(SOURCE_OF[source].capitalize(), counts[source]) for source in SOURCES])
    explained = (
        "By the machine: found among like passages. By a person: somebody put it there, or it belongs to a theme whose "
        "passages they fixed. By a definition: a code that people defined was looked for and found. The sheet "
        "“Codebook” of the workbook says the same of each theme."
    )
    return f"{said}\n\n{table}\n\n{explained}"


def _saturation(found: Mapping[str, Any]) -> str:
    """The reading alone where too few people may be told of."""
    rows = [(n, f"{themes:.1f}", f"{new:.2f}") for n, themes, new in found.get("curve", ())]
    table = _table(("People asked", "Themes they mention", "New with the last of them"), rows)
    limit = (
        "These are means over all orders in which people could have been asked. The themes are those found in all "
        "the answers there are, so this says nothing of people who were not asked and differ from all of these."
    )
    return "\n\n".join(part for part in (table, f"{found.get('reading', '')} {limit if rows else ''}".strip()) if part)


def _agreement(found: Mapping[str, Any] | None) -> str:
    """None: not known. Empty: nobody has coded."""
    if found is None:
        return ""
    if not found.get("by_two"):
        coded = found.get("coded", 0)
        one = f" {counted(coded, 'passage was', 'passages were')} coded by one person only." if coded else ""
        return (
            "No double-coding was done: whether two people would put the same passages into the same themes is not "
            f"known.{one} `quotebank agreement export STUDY` draws passages for two people to code, each alone, and "
            "`quotebank agreement report STUDY` compares them, with each other and with the machine."
        )
    said = (
        f"{counted(found['by_two'], 'passage was', 'passages were')} coded by two people or more, each alone and "
        "without seeing what the machine said."
    )
    rows = [
        (f"{one} and {other}", _figure(same, ".0%"), _figure(kappa), f"{kappa[3]:,}")
        for one, other, same, kappa in found["pairs"]
    ]
    table = _table(("Coders", "Same themes", "Cohen’s kappa", "Passages"), rows)
    precision, recall = (_figure(found[name], ".0%") for name in ("precision", "recall"))
    alpha = (
        f"Krippendorff’s alpha over all coders: {_figure(found['alpha'])}. Kappa and alpha are 1 where people always "
        "agree and 0 where they agree as often as by chance; codings that share some themes agree in part (MASI). Of "
        f"what the machine put into a theme, people would put {precision} there; of what people would put there, the "
        f"machine put {recall}. In brackets: 95% intervals."
    )
    return f"{said}\n\n{table}\n\n{alpha}"


def _figure(found: Sequence[float | None], form: str = ".2f") -> str:
    """A number, and in brackets its interval."""
    value, low, high = found[:3]
    if value is None:
        return "too few to say"
    return f"{value:{form}}" + ("" if low is None or high is None else f" ({low:{form}} to {high:{form}})")


def _limits(sentences: Sequence[str]) -> str:
    measured = "\n".join(f"- {markdown(sentence)}" for sentence in sentences)
    return f"{_LIMITS}\n\n{measured}" if measured else _LIMITS


def _models(models: Sequence[Mapping[str, Any]]) -> str:
    fields = ("use", "licence", "sha256")
    rows = [(_name(str(model["name"])), *(str(model.get(field, "")) for field in fields)) for model in models]
    return _table(("Model", "Used for", "Licence", "SHA-256"), rows)


def _settings(settings: Mapping[str, Any]) -> str:
    """Only numbers, switches and the named words: free text in a study's settings can name people."""
    rows: list[tuple[str, str]] = []
    for section, values in settings.items():
        nested: Mapping[str, Any] = values if isinstance(values, Mapping) else {"": values}
        for key, value in nested.items():
            shown = _setting(str(key), value)
            if shown:
                rows.append((f"{section}: {key}".removesuffix(": ").replace("_", " "), shown))
    return _table(("Setting", "Value"), rows)


def _setting(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:.4g}" if isinstance(value, float) else str(value)
    if isinstance(value, str) and key in _SETTING_WORDS:
        return "a local model" if "/" in value else _name(value)
    return f"{len(value)} given" if isinstance(value, list | tuple) and value else ""


def _name(name: str) -> str:
    """A model's name; one that is a path could say whose machine it lay on."""
    return "a local model" if _PATH.search(name) else name


def _section(title: str, body: str) -> str:
    return f"## {title}\n\n{body}" if body else ""


def _table(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    if not rows:
        return ""
    lines = [header, ["---"] * len(header), *([markdown(_cell(cell)) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(cell: Any) -> str:
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
