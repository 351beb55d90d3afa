"""quotebank: themed banks of publishable verbatim quotes, without exposing the people who spoke in confidence.

    from pipeline import Study, run_study

    run = run_study(Study.load("my-study"))
    run.read("quotes")

Nothing heavy is imported until it is used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.errors import QuotebankError
    from pipeline.frames import StudyFrames, passages_with_themes, study_frames
    from pipeline.ingest import check_sources, propose_study
    from pipeline.redaction import Document, Person, Redactor, Segment
    from pipeline.steps import run_study, summary
    from pipeline.store import Run
    from pipeline.study import Study

_HOMES = {
    "Study": "pipeline.study",
    "Run": "pipeline.store",
    "run_study": "pipeline.steps",
    "summary": "pipeline.steps",
    "check_sources": "pipeline.ingest",
    "propose_study": "pipeline.ingest",
    "StudyFrames": "pipeline.frames",
    "study_frames": "pipeline.frames",
    "passages_with_themes": "pipeline.frames",
    "Redactor": "pipeline.redaction",
    "Document": "pipeline.redaction",
    "Segment": "pipeline.redaction",
    "Person": "pipeline.redaction",
    "QuotebankError": "pipeline.errors",
}

__all__ = [
    "Document",
    "Person",
    "QuotebankError",
    "Redactor",
    "Run",
    "Segment",
    "Study",
    "StudyFrames",
    "check_sources",
    "passages_with_themes",
    "propose_study",
    "run_study",
    "study_frames",
    "summary",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"pipeline has no public name {name!r}")
    return getattr(import_module(_HOMES[name]), name)
