"""The contracts between stages: one frozen spec per table, checked whenever a table is written or read."""

from typing import Any

import pandas as pd

from pipeline.contracts import Column, ContractBroken, TableSpec, Zone, check, conform, of_today

__all__ = ["Column", "ContractBroken", "TableSpec", "Zone", "check", "conform", "of_today"]

SOURCE_KINDS = ("survey", "transcript", "submission")
FORCE_TYPES = ("county force", "metropolitan force", "national force", "")
LABEL_SOURCES = ("machine", "endpoint", "person")  # an endpoint: a language model on this machine
SEGMENT_KINDS = ("answer", "turn", "heading", "paragraph", "item", "cell")

# ── restricted ──────────────────────────────────────────────────────────────────────────────────────────────────

FILES = TableSpec(
    "files",
    Zone.PRIVATE,
    (
        Column("file_id", unique=True, filled=True),  # <source_id>-<n>: what every other table calls this file
        Column("source_id", filled=True),
        Column("path", filled=True),  # relative to the study; a file name can identify, so it stays here
        Column("sha256", filled=True),
        Column("problem"),  # why it was set aside; empty if it was read
    ),
    ("file_id",),
)

ROWS = TableSpec(
    "rows",
    Zone.PRIVATE,
    (
        Column("row_id", unique=True, filled=True),  # all rows of all surveys that were opened
        Column("file_id", filled=True),
        Column("is_used", "bool"),  # a document was made from it
    ),
    ("row_id",),
)

CONTRIBUTORS = TableSpec(
    "contributors",
    Zone.PRIVATE,
    (
        Column("contributor_id", unique=True, filled=True),
        Column("source_id", filled=True),  # one a line, for a person who spoke in several
        Column("name"),
        Column("email"),
        Column("organisation"),
        Column("role"),
        Column("stakeholder_group"),
        Column("other_identifiers"),  # further identifying cells (telephone, collar number), one a line
        Column("consent_wording"),  # every wording found for this contributor, as it stood, one a line
        Column("wave", "int", low=1),
    ),
    ("contributor_id",),
)

DOCUMENTS = TableSpec(
    "documents",
    Zone.PRIVATE,
    (
        Column("document_id", unique=True, filled=True),
        Column("source_id", filled=True),
        Column("source_kind", allowed=SOURCE_KINDS),
        Column("text"),
    ),
    ("document_id",),
)

_SEGMENT_COLUMNS = (
    Column("segment_id", unique=True, filled=True),
    Column("document_id", filled=True),
    Column("position", "int", low=0),  # order inside the document
    Column("start", "int", low=0),  # half-open characters into the document's text
    Column("end", "int", low=0),
    Column("kind", allowed=SEGMENT_KINDS),
    Column("speaker", allowed=("contributor", "interviewer")),
    Column("contributor_id"),  # empty for the interviewer
    Column("question_id"),  # empty where there is no question
)

SEGMENTS = TableSpec("segments", Zone.PRIVATE, _SEGMENT_COLUMNS, ("document_id", "position"))

REDACTIONS = TableSpec(
    "redactions",
    Zone.PRIVATE,
    (
        Column("document_id", filled=True),
        Column("start", "int", low=0),  # half-open characters into the ORIGINAL document
        Column("end", "int", low=1),
        Column("label", filled=True),
        Column("kind", allowed=("direct", "quasi")),
        Column("score", "float", low=0.0, high=1.0),
        Column("source", filled=True),  # the recogniser that found it
        Column("placeholder", filled=True),
    ),
    ("document_id", "start"),
)

REVIEWS = TableSpec(
    "reviews",
    Zone.PRIVATE,
    (
        Column("segment_id", unique=True, filled=True),  # every segment that a contributor said
        Column("document_id", filled=True),
        Column("reasons"),  # why a person should look; empty if no reason
        Column("state", allowed=("none", "waiting", "void", "decided", "dropped")),  # void: decided about other words
        Column("proposal"),  # JSON: the spans of redaction.documents.Span, before this segment's own decision
        Column("protected"),  # JSON: extents that nobody may decide to keep
        Column("text_key", filled=True),  # keyed hash of the original
        Column("check", filled=True),  # keyed hash of the original and of what is proposed
    ),
    ("document_id", "segment_id"),
)

# ── working ─────────────────────────────────────────────────────────────────────────────────────────────────────

QUESTIONS = TableSpec(
    "questions",
    Zone.WORKING,
    (Column("question_id", unique=True, filled=True), Column("text", filled=True)),
    ("question_id",),
)

ATTRIBUTIONS = TableSpec(
    "attributions",
    Zone.WORKING,
    (
        Column("contributor_id", unique=True, filled=True),
        Column("attribution", allowed=("attributable", "role_only", "non_attributable")),
        Column("quotable", "bool"),  # false: held for a person, or asked not to be quoted
        Column("stakeholder_group"),
        Column("force_type", allowed=FORCE_TYPES),  # class of the contributor's police force; empty: none, or not known
        Column("attribution_line"),  # what the contributor agreed to have printed; empty if non-attributable
        Column("wave", "int", low=1),
    ),
    ("contributor_id",),
)

REDACTED_DOCUMENTS = TableSpec(
    "redacted_documents",
    Zone.WORKING,
    (
        Column("document_id", unique=True, filled=True),
        Column("source_kind", allowed=SOURCE_KINDS),
        Column("wave", "int", low=1),
        Column("text"),
        Column("sha256", filled=True),
        Column("n_redactions", "int", low=0),
    ),
    ("document_id",),
)

REDACTED_SEGMENTS = TableSpec(
    "redacted_segments",
    Zone.WORKING,
    (*_SEGMENT_COLUMNS, Column("review")),  # why a person should look before it is quoted; empty if no reason
    ("document_id", "position"),
)

PASSAGES = TableSpec(
    "passages",
    Zone.WORKING,
    (
        Column("passage_id", unique=True, filled=True),
        Column("segment_id", filled=True),
        Column("document_id", filled=True),
        Column("contributor_id", filled=True),
        Column("source_kind", allowed=SOURCE_KINDS),
        Column("kind", allowed=SEGMENT_KINDS),
        Column("wave", "int", low=1),
        Column("question_id"),
        Column("start", "int", low=0),  # half-open characters into the REDACTED document
        Column("end", "int", low=1),
        Column("text", filled=True),
        Column("text_hash", filled=True),  # of all that a reader could see of it: the canonical order of rows
        Column("review"),
    ),
    ("text_hash", "passage_id"),
)

UNNAMED = "(unnamed theme)"  # in brackets, so that nobody takes it for a name

THEMES = TableSpec(
    "themes",
    Zone.WORKING,
    (
        Column("theme_id", unique=True, filled=True),
        Column("question_id", before=""),  # the one whose answers it was found among; empty: all, or what has none
        Column("label", filled=True),
        Column("label_source", allowed=LABEL_SOURCES, before="machine"),
        Column("keywords"),  # three words or phrases, comma-separated
        Column("description"),  # one line; empty if there is none
        Column("heading"),  # what it and the themes beside it have in common; empty in a short list of themes
        Column("low_confidence", "bool"),
        Column("n_passages", "int", low=0),
        Column("n_contributors", "int", low=0),
    ),
    ("theme_id",),
)

_PLACE = (
    Column("similarity", "float", low=-1.001, high=1.001),  # cosine to the theme's centroid
    Column("margin", "float", low=-2.002, high=2.002),  # that, less the best other theme's
)

IDEAS = TableSpec(
    "ideas",
    Zone.WORKING,
    (
        Column("idea_id", unique=True, filled=True),
        Column("passage_id", filled=True),
        Column("contributor_id", filled=True),
        Column("start", "int", low=0),  # half-open characters into the redacted document
        Column("end", "int", low=1),
        Column("text_hash", filled=True),  # of its words without placeholders
        Column("theme_id"),  # empty: unassigned
        *_PLACE,
        Column("cluster", "int", low=-1, before=-1),  # found anew in this run, -1 for none: what proposals are made by
        Column("is_new", "bool", before=0),  # of a passage that was not in the run before
        Column("nearest", "float", low=-1.001, high=1.001, before=0),  # cosine to the nearest theme known before
    ),
    ("passage_id", "start"),
)

_ASSIGNMENT_COLUMNS = (
    Column("passage_id", filled=True),  # a row a theme; one with an empty theme_id where it has none
    Column("theme_id"),
    Column("rank", "int", low=1),  # 1 is what most of the passage is about
    *_PLACE,
)

ASSIGNMENTS = TableSpec("assignments", Zone.WORKING, _ASSIGNMENT_COLUMNS, ("passage_id", "rank"))

EARLIER = TableSpec(
    "earlier",
    Zone.WORKING,
    (
        Column("passage_id", filled=True),  # a row a theme of the run before, as in assignments
        Column("contributor_id", filled=True),
        Column("theme_id"),
        Column("rank", "int", low=1),
        Column("source", allowed=("machine", "definition")),
        Column("label"),  # of the theme
        Column("waits", "bool"),  # one of its ideas had no theme
        Column("proposed", "bool", before=0),  # the theme was found after the first run; nobody had said yes or no
    ),
    ("passage_id", "rank"),
)

CHANGES = TableSpec(
    "changes",
    Zone.WORKING,
    (
        Column("theme_id", filled=True),
        # ended: retired or set aside, and yet there are new passages like it
        Column("change", allowed=("kept", "grown", "shrunk", "new", "gone", "renamed", "ended", "split", "merge")),
        Column("related"),  # of a merge: the other themes, comma-separated
        Column("passages_before", "int", low=0),
        Column("passages_after", "int", low=0),
        Column("passages_new", "int", low=0, before=0),  # of those that joined: were not in the last run
        Column("passages_waited", "int", low=0, before=0),  # … were there, and at least one of their ideas had no theme
        Column("passages_moved", "int", low=0, before=0),  # … were there, in other themes only
        Column("passages_left", "int", low=0, before=0),
        Column("passages_out", "int", low=0, before=0),  # new ones like it that it may not have: pinned, or ended
        Column("people_before", "int", low=0),
        Column("people_after", "int", low=0),
        Column("detail"),  # of a new name: the old one; of a split: sizes of the parts; of what ended: how
        Column("examples"),  # passage ids, comma-separated; of a split or a merge, by part: "a,b|c,d"
        Column("members", before=""),  # of a split: all passages of each part
        Column("proposed", "bool", before=0),  # found after the first run; nobody has said yes or no
    ),
    ("theme_id", "change", "related"),
)

CODINGS = TableSpec(
    "codings",
    Zone.WORKING,
    (
        Column("passage_id", filled=True),
        Column("theme_id", filled=True),
        Column("probability", "float", low=0.0, high=1.0),
        Column("accepted", "bool"),  # the coder is sure enough to assign it
        Column("by_person", "bool"),  # a person said so
        Column("next", "int", low=0),  # a person should code this passage next, 1 first; 0: no need
    ),
    ("passage_id", "theme_id"),
)

CODED_THEMES = TableSpec("coded_themes", Zone.WORKING, THEMES.columns, THEMES.order)
CODED_ASSIGNMENTS = TableSpec(
    "coded_assignments",
    Zone.WORKING,
    (*_ASSIGNMENT_COLUMNS, Column("source", allowed=("machine", "person", "definition"))),
    ASSIGNMENTS.order,
)

QUOTES = TableSpec(
    "quotes",
    Zone.WORKING,
    (
        Column("quote_id", unique=True, filled=True),  # place in the bank, e.g. T03-Q2: says nothing about input
        Column("theme_id", filled=True),
        Column("rank", "int", low=1),
        Column("passage_id", filled=True),
        Column("document_id", filled=True),
        Column("start", "int", low=0),  # half-open characters into the redacted document
        Column("end", "int", low=1),
        Column("text", filled=True),
        Column("attribution_line", filled=True),
        Column("stakeholder_group", filled=True),  # as it may be shown, after disclosure control
        Column("question_id"),
        Column("source_kind", allowed=SOURCE_KINDS),
    ),
    ("theme_id", "rank"),
)

SET_ASIDE = TableSpec(
    "set_aside",
    Zone.WORKING,
    (
        Column("stage", filled=True),
        Column("what", allowed=("file", "row", "contributor", "document", "segment", "passage")),
        Column("id", filled=True),
        Column("reason", filled=True),  # from a fixed vocabulary; see GLOSSARY
    ),
    ("stage", "what", "id", "reason"),
)


def is_unnamed(label: str) -> bool:
    """True for what a theme without a name is called: `UNNAMED`, or a second one, `(unnamed theme 2)`."""
    return label.startswith(UNNAMED.removesuffix(")"))


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table as dictionaries."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def set_aside_rows(stage: str, what: str, ids: list[str], reason: str) -> pd.DataFrame:
    """Rows of the set_aside table: `ids` left out at `stage` for one reason."""
    return pd.DataFrame({"stage": stage, "what": what, "id": ids, "reason": reason}, columns=SET_ASIDE.names)


ALL_TABLES = {
    spec.name: spec
    for spec in (
        FILES, ROWS, CONTRIBUTORS, DOCUMENTS, SEGMENTS, REDACTIONS, REVIEWS, QUESTIONS, ATTRIBUTIONS,
        REDACTED_DOCUMENTS, REDACTED_SEGMENTS, PASSAGES, THEMES, IDEAS, ASSIGNMENTS, EARLIER, CHANGES, CODINGS,
        CODED_THEMES, CODED_ASSIGNMENTS, QUOTES, SET_ASIDE,
    )
}  # fmt: skip
