"""Hashes that stand for everything a run is made from: what has the same ones need not be done again."""

from functools import lru_cache
from pathlib import Path

from pipeline.models import ModelName, model_facts
from pipeline.store import canonical_hash, file_sha256
from pipeline.study import Study

MODELS: tuple[ModelName, ...] = ("spacy", "redactor", "encoder", "coder")


def run_id(study: Study) -> str:
    """Names a run by what goes into it: inputs, settings, people's decisions, code and models; not by time or key."""
    content = {
        "inputs": input_hashes(study),
        "settings": study.model_dump(mode="json", exclude={"schedule"}),
        "decisions": decisions_hash(study),
        "review": review_hash(study),
        "code": code_hash(),
        "models": {name: model_hash(name, study) for name in MODELS},
    }
    return canonical_hash(content)[:12]


def input_hashes(study: Study) -> dict[str, str]:
    """SHA-256 of every file the study names, by path. Paths may identify: this never leaves the machine's memory."""
    from pipeline.ingest import file_hashes

    contributors = study.root / study.contributors
    known = {study.contributors: file_sha256(contributors)} if contributors.is_file() else {}
    return {**file_hashes(study), **known}


def decisions_hash(study: Study) -> str:
    """What people decided about themes, and coded blind where that teaches. Raises RefusedError for a broken log."""
    from pipeline.agreement.codings import codings_in_force
    from pipeline.codebook import current_state

    state = current_state(study.root)
    teaches = state.codes or state.human_codings
    return canonical_hash([state.decisions(), codings_in_force(study.root) if teaches else ""])


def review_hash(study: Study) -> str:
    """What reviewers decided. Raises RefusedError for a log of decisions that was tampered with."""
    from pipeline.review.decisions import decisions_in_force

    return decisions_in_force(study.root)


@lru_cache(maxsize=1)
def code_hash() -> str:
    """SHA-256 over the library's own files, so that changed code redoes its work."""
    home = Path(__file__).parent
    files = sorted(path for path in home.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return canonical_hash({str(path.relative_to(home)): file_sha256(path) for path in files})


def model_hash(name: ModelName, study: Study) -> str:
    return str(model_facts(name, study)["sha256"])
