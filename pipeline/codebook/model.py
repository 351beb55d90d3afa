"""What codebook.yaml holds, as types: one Code a theme, checked as a whole."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from pipeline.study import Filled

ThemeId = Annotated[str, StringConstraints(pattern=r"^T[0-9]{2,6}$")]
LabelSource = Literal["machine", "endpoint", "person"]
Prose = Annotated[str, StringConstraints(strip_whitespace=True)]


def _as_list(value: object) -> object:
    return () if value is None else (value,) if isinstance(value, str) else value


Sentences = Annotated[tuple[Filled, ...], BeforeValidator(_as_list)]
"""One sentence, or a list of them."""


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Code(Section):
    """One theme as people see it. `description` is for readers; the rest says what belongs to it, for coders.

    question: id of the question whose answers it was found among, where themes are found per question; the machine's.
    """

    id: ThemeId
    label: Filled
    question: str = ""
    machine_label: str = ""
    named_by: LabelSource = "machine"
    description: Prose = ""
    definition: Prose = ""
    include: Sentences = ()
    exclude: Sentences = ()
    parent: ThemeId | None = None
    seeds: Sentences = ()
    examples: Sentences = ()
    merge_into: ThemeId | None = None
    set_aside: bool = False
    retired: bool = False
    stale: bool = False

    @property
    def is_named_by_person(self) -> bool:
        return self.named_by == "person" or self.label != self.machine_label

    @property
    def label_source(self) -> LabelSource:
        """Who gave the label."""
        return "person" if self.is_named_by_person else self.named_by

    @property
    def is_decided(self) -> bool:
        """True if a person decided anything about it."""
        return self.is_named_by_person or any(getattr(self, name) for name in DECIDABLE)

    @property
    def for_readers(self) -> str:
        """One line that readers see beside the theme: its description, or else how its definition begins."""
        return " ".join((self.description or self.definition.split("\n\n")[0]).split())


DEFINING = ("description", "definition", "include", "exclude", "parent", "seeds", "examples")
DECIDABLE = (*DEFINING, "merge_into", "set_aside", "retired")


class Codebook(Section):
    """All themes of a study, past and present, by the id they keep."""

    themes: tuple[Code, ...] = Field(default=())

    @model_validator(mode="after")
    def _is_consistent(self) -> "Codebook":
        codes = {code.id: code for code in self.themes}
        if len(codes) != len(self.themes):
            raise ValueError("two themes have the same id")
        for code in self.themes:
            _refuse_circles(code, codes)
            _refuse_third_level(code, codes)
        live = [code for code in self.themes if not (code.merge_into or code.retired)]
        named = [code.label.casefold() for code in live if code.is_named_by_person]
        if len(set(named)) != len(named):
            raise ValueError("two themes were given the same label; merge one into the other with merge_into")
        return self

    def get(self, theme_id: str) -> Code | None:
        return next((code for code in self.themes if code.id == theme_id), None)

    def decisions(self) -> list[dict[str, Any]]:
        """What people decided, as plain values in the order of ids; nothing of what only the machine wrote."""
        always = ("description", "merge_into", "set_aside")
        return [
            {
                "id": code.id,
                "label": code.label if code.is_named_by_person else "",
                **{name: getattr(code, name) for name in DECIDABLE if name in always or getattr(code, name)},
            }
            for code in sorted(self.themes, key=lambda code: code.id)
            if code.is_decided
        ]


def _refuse_circles(code: Code, codes: Mapping[str, Code]) -> None:
    seen, target = {code.id}, code.merge_into
    while target is not None:
        if target not in codes:
            raise ValueError(f"{code.id} is merged into {target}, which is not in the file")
        if target in seen:
            raise ValueError(f"{code.id} is merged into itself, directly or by way of others")
        seen.add(target)
        target = codes[target].merge_into


def _refuse_third_level(code: Code, codes: Mapping[str, Code]) -> None:
    if code.parent is None:
        return
    if code.parent not in codes:
        raise ValueError(f"{code.id} has the parent {code.parent}, which is not in the file")
    if code.parent == code.id:
        raise ValueError(f"{code.id} is its own parent")
    if codes[code.parent].parent is not None:
        raise ValueError(f"{code.id} has the parent {code.parent}, which has one itself; there are two levels")
