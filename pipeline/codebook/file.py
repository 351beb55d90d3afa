"""Reading and writing codebook.yaml. The machine only adds to it: what differs is changed, value by value, so that
people's comments, order and spelling stay as they are.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from pydantic import ValidationError

from pipeline.codebook.model import Code, Codebook
from pipeline.errors import ConfigError, Problem
from pipeline.store import write_atomic
from pipeline.study import read_yaml, reason
from pipeline.tables import records

_HEADER = """\
# Codebook: what people decided about the themes of this study. Edit it as you like and run quotebank again, or let
# quotebank codebook --help show the commands that do the same. decisions/codebook.jsonl remembers both.
#
#   rename      change label. Yours stays, whatever later runs find (machine_label shows what the machine says).
#   describe    description: One sentence that readers see beside the theme.
#   define      definition, include, exclude: what belongs to it and what does not; seeds: phrases that stand for it;
#               examples: short passages in your own words, or passage ids; parent: T01  makes it a part of that theme
#   merge       merge_into: T02       puts all passages of this theme into T02
#   set aside   set_aside: true       leaves this theme out of the quote bank; its passages become unassigned
#   retire      retired: true         the same, for good: its label may be used again, its id never
#   keep        named_by: person      keeps a label as it is, without changing it (endpoint: a language model on this
#                                     machine proposed it)
#
# question tells which question a theme is of, where study.yaml asks for themes per question; runs write it.
# New themes are added at the end. A theme that was not found again is marked stale: true and kept.
"""


def read_codebook(path: Path) -> Codebook | None:
    """The codebook in `path`, or None where there is no file. Raises ConfigError with every problem."""
    if not path.is_file():
        return None
    return _parsed(read_yaml(path), path.name)


def _parsed(content: Any, name: str) -> Codebook:
    if content is None:
        return Codebook()
    if not isinstance(content, dict):
        raise ConfigError(Problem(name, "is not a codebook", "it begins with themes: and a list"))
    try:
        return Codebook.model_validate({**content, "themes": content.get("themes") or ()})
    except ValidationError as error:
        problems = [
            Problem(f"{name} [{'.'.join(str(part) for part in item['loc']) or 'themes'}]", reason(item))
            for item in error.errors(include_url=False, include_input=False, include_context=False)
        ]
    raise ConfigError(*problems)


def propose(themes: pd.DataFrame, existing: Codebook | None = None) -> Codebook:
    """The codebook with new themes added and vanished ones marked stale; what people decided stays.

    Args:
        themes: THEMES of a run.
        existing: the codebook so far.
    """
    found = {row["theme_id"]: row for row in records(themes)}
    codes: list[Code] = []
    for code in existing.themes if existing else ():
        machine = found.pop(code.id, None)
        # a theme that people added was never found, so it cannot have vanished
        update: dict[str, Any] = {"stale": machine is None and bool(code.machine_label)}
        if machine is not None:
            update |= {"machine_label": machine["label"], "question": machine["question_id"]}
            if not code.is_named_by_person:
                update |= {"label": machine["label"], "named_by": machine["label_source"]}
            elif code.label == machine["label"]:  # a person's stays a person's even where the machine comes round to it
                update |= {"named_by": "person"}
        codes.append(code.model_copy(update=update))
    new = (
        Code(
            id=theme,
            label=row["label"],
            question=row["question_id"],
            machine_label=row["label"],
            named_by=row["label_source"],
        )
        for theme, row in sorted(found.items())
    )
    return Codebook(themes=(*codes, *new))


# ── writing ─────────────────────────────────────────────────────────────────────────────────────────────────────


def write_codebook(path: Path, codebook: Codebook) -> None:
    """Writes the codebook. A file that exists is changed only in the values that differ, and not at all if none do.

    Only where that cannot be done (a layout of a person's own that has to change) is the file written anew, without
    the comments that were in it.
    """
    existing = read_codebook(path)
    if existing == codebook:
        return
    fresh = _HEADER + "themes:\n" + "".join(_entry(code, "  ") for code in codebook.themes)
    text = fresh
    if existing is not None:
        edited = _edited(path.read_bytes().decode("utf-8-sig"), existing, codebook)
        text = edited if _reads_as(edited, codebook) else fresh
    write_atomic(path, (text if codebook.themes else _HEADER + "themes: []\n").encode())


def _entry(code: Code, indent: str) -> str:
    values = code.model_dump(exclude_defaults=True)
    return "".join(_lines(f"{indent}{'- ' if key == 'id' else '  '}", key, value) for key, value in values.items())


def _lines(indent: str, key: str, value: Any) -> str:
    """`key: value` as one or more lines: a list has a line an entry, and so has prose of several lines."""
    inner = " " * len(indent) + "  "
    if isinstance(value, tuple):
        return f"{indent}{key}:\n" + "".join(f"{inner}- {_scalar(entry)}\n" for entry in value)
    if isinstance(value, str) and "\n" in value and all(_is_plain(line) for line in value.split("\n")):
        return f"{indent}{key}: |-\n" + "".join(f"{inner}{line}".rstrip() + "\n" for line in value.split("\n"))
    return f"{indent}{key}: {_scalar(value)}\n"


def _is_plain(line: str) -> bool:
    return line.isprintable() and line == line.strip()


def _scalar(value: Any) -> str:
    """The value as YAML on one line."""
    text = yaml.safe_dump(value, allow_unicode=True, width=10**6, default_flow_style=True).split("\n...")[0].strip()
    if len(text.splitlines()) <= 1:
        return text
    return yaml.safe_dump(value, allow_unicode=True, width=10**6, default_style='"').strip()  # escapes line ends


@dataclass(frozen=True)
class _Place:
    """Where a value stands: lines and columns as YAML's parser counts them; `last` is the first line after it."""

    line: int
    column: int
    last: int
    end_column: int
    value_line: int


def _edited(text: str, existing: Codebook, wanted: Codebook) -> str:
    lines = text.split("\n")
    if lines[-1]:
        lines.append("")
    end = "\r" if lines[0].endswith("\r") else ""
    before = {code.id: code for code in existing.themes}
    places = _places(text)
    indent = 2
    after = {code.id: code for code in wanted.themes}
    for theme, entry in reversed(places.items()):
        old, code = before.get(theme), after.get(theme)
        if old is None:
            continue
        if code is None:
            last = max(_trimmed(lines, place) for place in entry.values())
            del lines[entry["id"].line : last]
            continue
        indent = entry["id"].column - 2
        changed = [key for key in reversed(Code.model_fields) if getattr(code, key) != getattr(old, key)]
        lines_of = {key: place.line for key, place in entry.items()}
        # from the last line up, so that the places of the others stay true; what is new goes after the first line
        for key in sorted(changed, key=lambda key: -lines_of.get(key, -1)):
            value = getattr(code, key)
            wiped = value == Code.model_fields[key].default
            _set_value(lines, entry, key, None if wiped else value, end)
    new = "".join(_entry(code, " " * indent) for code in wanted.themes if code.id not in before)
    return "\n".join(lines) + new.replace("\n", f"{end}\n")


def _places(text: str) -> dict[str, dict[str, _Place]]:
    """Theme id → key → place, of a file in which every entry begins with its id and has a line a key."""
    root: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    themes = next((value for key, value in root.value if key.value == "themes"), None) if root else None
    found: dict[str, dict[str, _Place]] = {}
    for entry in getattr(themes, "value", ()):
        if entry.flow_style or entry.value[0][0].value != "id":
            continue
        keys: dict[str, _Place] = {}
        for key, value in entry.value:
            start, end = key.start_mark, value.end_mark
            last = end.line if end.column <= start.column and end.line > start.line else end.line + 1
            keys[key.value] = _Place(start.line, start.column, last, end.column, value.start_mark.line)
        found[entry.value[0][1].value] = keys
    return found


def _set_value(lines: list[str], entry: dict[str, _Place], key: str, value: Any, end: str) -> None:
    """Replaces, adds or (None) removes one key of an entry; a comment beside a value on one line stays."""
    place, indent = entry.get(key), " " * entry["id"].column
    new = [] if value is None else [f"{line}{end}" for line in _lines(indent, key, value).split("\n")[:-1]]
    if place is None:
        at = entry["id"].line + 1
        lines[at:at] = new
        return
    last = _trimmed(lines, place)
    if len(new) == 1 and last == place.line + 1 == place.value_line + 1:
        new = [new[0].removesuffix(end) + lines[place.line][place.end_column :]]
    lines[place.line : last] = new


def _trimmed(lines: list[str], place: _Place) -> int:
    """The first line after a value: blank lines and comments after it belong to what follows."""
    last = min(place.last, len(lines))
    while last > place.line + 1 and (not lines[last - 1].strip() or lines[last - 1].lstrip().startswith("#")):
        last -= 1
    return last


def _reads_as(text: str, wanted: Codebook) -> bool:
    try:
        return _parsed(yaml.safe_load(text), "codebook.yaml") == wanted
    except (yaml.YAMLError, ConfigError):
        return False
