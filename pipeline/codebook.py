"""codebook.yaml: what people decided about themes. Their word is law; the machine only adds to the file.

A theme whose label in the file is no longer the one the machine wrote was named by a person. Everything else in the
file is changed line by line, so that people's comments, order and spelling stay as they are.
"""

import re
from pathlib import Path
from typing import Annotated, Any, Literal

import pandas as pd
import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from pipeline.errors import ConfigError, Problem
from pipeline.store import write_atomic
from pipeline.study import Filled, read_yaml, reason
from pipeline.tables import ASSIGNMENTS, CODED_ASSIGNMENTS, CODED_THEMES, THEMES, conform, records

ThemeId = Annotated[str, StringConstraints(pattern=r"^T[0-9]{2,6}$")]

_HEADER = """\
# Codebook: what people decided about the themes of this study. Edit it as you like and run quotebank again.
#
#   rename      change label. Yours stays, whatever later runs find (machine_label shows what the machine says).
#   describe    description: One sentence that readers see beside the theme.
#   merge       merge_into: T02       puts all passages of this theme into T02
#   set aside   set_aside: true       leaves this theme out of the quote bank; its passages become unassigned
#   keep        named_by: person      keeps a label as it is, without changing it
#
# New themes are added at the end. A theme that was not found again is marked stale: true and kept.
"""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Code(_Section):
    """One theme as people see it."""

    id: ThemeId
    label: Filled
    machine_label: str = ""
    named_by: Literal["machine", "person"] = "machine"
    description: str = ""
    merge_into: ThemeId | None = None
    set_aside: bool = False
    stale: bool = False

    @property
    def is_named_by_person(self) -> bool:
        return self.named_by == "person" or self.label != self.machine_label

    @property
    def is_decided(self) -> bool:
        """True if a person decided anything about it."""
        return self.is_named_by_person or bool(self.description or self.merge_into or self.set_aside)


class Codebook(_Section):
    """All themes of a study, past and present, by the id they keep."""

    themes: tuple[Code, ...] = Field(default=())

    @model_validator(mode="after")
    def _is_consistent(self) -> "Codebook":
        codes = {code.id: code for code in self.themes}
        if len(codes) != len(self.themes):
            raise ValueError("two themes have the same id")
        for code in self.themes:
            seen, target = {code.id}, code.merge_into
            while target is not None:
                if target not in codes:
                    raise ValueError(f"{code.id} is merged into {target}, which is not in the file")
                if target in seen:
                    raise ValueError(f"{code.id} is merged into itself, directly or by way of others")
                seen.add(target)
                target = codes[target].merge_into
        named = [code.label.casefold() for code in self.themes if code.is_named_by_person and not code.merge_into]
        if len(set(named)) != len(named):
            raise ValueError("two themes were given the same label; merge one into the other with merge_into")
        return self

    def target(self, theme_id: str) -> str:
        """Where passages of a theme end up after all merges; empty if that theme is set aside."""
        codes = {code.id: code for code in self.themes}
        code = codes.get(theme_id)
        while code is not None and code.merge_into is not None and not code.set_aside:
            code = codes[code.merge_into]
        if code is None:
            return theme_id
        return "" if code.set_aside else code.id

    def decisions(self) -> list[dict[str, Any]]:
        """What people decided, as plain values in the order of ids; nothing of what only the machine wrote."""
        return [
            {
                "id": code.id,
                "label": code.label if code.is_named_by_person else "",
                **code.model_dump(include={"description", "merge_into", "set_aside"}),
            }
            for code in sorted(self.themes, key=lambda code: code.id)
            if code.is_decided
        ]


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
    found = {row["theme_id"]: row["label"] for row in records(themes)}
    codes: list[Code] = []
    for code in existing.themes if existing else ():
        machine = found.pop(code.id, None)
        update: dict[str, Any] = {"stale": machine is None}
        if machine is not None:
            update["machine_label"] = machine
            update["label"] = code.label if code.is_named_by_person else machine
            # a person's label stays a person's even where the machine comes round to it
            update["named_by"] = "person" if code.is_named_by_person and code.label == machine else code.named_by
        codes.append(code.model_copy(update=update))
    new = (Code(id=theme, label=label, machine_label=label) for theme, label in sorted(found.items()))
    return Codebook(themes=(*codes, *new))


def apply_codebook(
    codebook: Codebook | None, themes: pd.DataFrame, assignments: pd.DataFrame, passages: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Themes and assignments as people decided: renamed, merged, set aside.

    Args:
        codebook: None changes nothing.
        themes: THEMES.
        assignments: ASSIGNMENTS; of merged themes, similarity and margin stay those of the theme as found.
        passages: PASSAGES, to count contributors anew.

    Returns:
        CODED_THEMES and CODED_ASSIGNMENTS.
    """
    book = codebook or Codebook()
    targets = {theme: book.target(theme) for theme in themes["theme_id"]}
    coded = assignments.assign(theme_id=assignments["theme_id"].map(lambda theme: targets.get(theme, "")))
    codes = {code.id: code for code in book.themes}
    who = dict(zip(passages["passage_id"], passages["contributor_id"], strict=True))
    people = coded.assign(contributor_id=coded["passage_id"].map(who)).groupby("theme_id")["contributor_id"]
    n_passages, n_contributors = people.size(), people.nunique()
    largest_first = themes.sort_values(["n_passages", "theme_id"], ascending=[False, True])
    rows: dict[str, dict[str, Any]] = {}
    for row in records(largest_first):
        target = targets[row["theme_id"]]
        if target and (target not in rows or row["theme_id"] == target):
            rows[target] = {**row, "theme_id": target}  # keywords: its own, or else the largest merged theme's
    for theme, row in rows.items():
        code = codes.get(theme)
        if code is not None and (code.is_named_by_person or code.stale):
            row |= {"label": code.label, "low_confidence": row["low_confidence"] and not code.is_named_by_person}
        row |= {"n_passages": int(n_passages.get(theme, 0)), "n_contributors": int(n_contributors.get(theme, 0))}
    table = pd.DataFrame([rows[theme] for theme in sorted(rows)], columns=THEMES.names)
    return (
        conform(table, CODED_THEMES) if len(table) else CODED_THEMES.empty(),
        conform(coded, CODED_ASSIGNMENTS) if len(coded) else ASSIGNMENTS.empty(),
    )


# ── writing ─────────────────────────────────────────────────────────────────────────────────────────────────────


def write_codebook(path: Path, codebook: Codebook) -> None:
    """Writes the codebook. A file that exists is changed only in the lines that differ, and not at all if none do.

    Only where that cannot be done (a layout of a person's own that has to change) is the file written anew, without
    the comments that were in it.
    """
    existing = read_codebook(path)
    if existing == codebook:
        return
    fresh = _HEADER + "themes:\n" + "".join(_entry(code, "  ") for code in codebook.themes)
    text = fresh
    if existing is not None:
        edited = _edited(path.read_text("utf-8-sig"), existing, codebook)
        text = edited if _reads_as(edited, codebook) else fresh
    write_atomic(path, (text if codebook.themes else _HEADER + "themes: []\n").encode())


def _entry(code: Code, indent: str) -> str:
    values = code.model_dump(exclude_defaults=True)
    lines = [f"{indent}{'- ' if key == 'id' else '  '}{key}: {_scalar(value)}\n" for key, value in values.items()]
    return "".join(lines)


def _scalar(value: Any) -> str:
    """The value as YAML on one line."""
    return yaml.safe_dump(value, allow_unicode=True, width=10**6, default_flow_style=True).split("\n...")[0].strip()


def _edited(text: str, existing: Codebook, wanted: Codebook) -> str:
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    before = {code.id: code for code in existing.themes}
    indent = "  "
    for code in wanted.themes:
        old = before.get(code.id)
        if old is None:
            continue
        first = next(
            (n for n, line in enumerate(lines) if re.match(rf"\s*- +id: *[\"']?{code.id}[\"']?\s*(#|$)", line)), -1
        )
        if first < 0:
            continue
        indent = re.match(r"\s*", lines[first])[0]  # pyright: ignore[reportOptionalSubscript] (always matches)
        for key, value in code.model_dump().items():
            if value != getattr(old, key):
                _set_line(lines, first, key, None if value == Code.model_fields[key].default else value)
    new = [_entry(code, indent) for code in wanted.themes if code.id not in before]
    return "".join([*lines, *new])


def _set_line(lines: list[str], first: int, key: str, value: Any) -> None:
    """Replaces, adds or (None) removes one `key: value` line of the entry that begins at line `first`."""
    inner = re.match(r"\s*- +", lines[first])
    indent = " " * (len(inner[0]) if inner else 0)
    last = first + 1
    while last < len(lines) and (lines[last].startswith(indent) or not lines[last].strip()):
        last += 1
    at = next((n for n in range(first + 1, last) if lines[n].startswith(f"{indent}{key}:")), None)
    line = [] if value is None else [f"{indent}{key}: {_scalar(value)}\n"]
    if at is not None:
        lines[at : at + 1] = line
    else:
        lines[first + 1 : first + 1] = line


def _reads_as(text: str, wanted: Codebook) -> bool:
    try:
        return _parsed(yaml.safe_load(text), "codebook.yaml") == wanted
    except (yaml.YAMLError, ConfigError):
        return False
