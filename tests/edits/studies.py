"""Studies that look as if they had been run, in milliseconds: tables on disk as the stages up to themes leave them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.codebook import apply_codebook, current_state, read_codebook, synchronise
from pipeline.edits import Edits
from pipeline.store import Output, Run, latest_run, point_to
from pipeline.study import Study
from pipeline.tables import ASSIGNMENTS, THEMES, conform
from tests.fakes import SUBJECTS, HashEncoder, passages_table
from tests.helpers.files import edit

LABELS = {
    "T01": "Poor signal",
    "T02": "Too many passwords",
    "T03": "No training",
    "T04": "Flat batteries",
    "T05": "Long forms",
}


def bare_study(root: Path) -> Study:
    root.mkdir(parents=True, exist_ok=True)
    (root / "study.yaml").write_text(
        "study: fictional\ntitle: A fictional study\nsources:\n  - {id: a, kind: survey, files: sources/a.csv,"
        " questions: [{id: q1, columns: [Q]}]}\n",
        "utf-8",
    )
    return Study.load(root)


def encode(texts: Sequence[str]) -> np.ndarray:
    vectors = HashEncoder().encode(list(texts))
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def found(labels: Mapping[str, str], placed: Mapping[str, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """THEMES of these labels and ASSIGNMENTS of passage ids to theme ids ("" for none)."""
    sizes = pd.Series(list(placed.values())).value_counts()
    themes = [
        {"theme_id": theme, "question_id": "", "label": label, "label_source": "machine", "keywords": "some, key, words",
         "description": "", "heading": "", "low_confidence": True, "n_passages": int(sizes.get(theme, 0)), "n_contributors": 1}
        for theme, label in labels.items()
    ]  # fmt: skip
    rows = pd.DataFrame({"passage_id": list(placed), "theme_id": list(placed.values())})
    assigned = rows.assign(rank=1, similarity=0.5, margin=0.1)
    return (
        conform(pd.DataFrame(themes), THEMES) if themes else THEMES.empty(),
        conform(assigned, ASSIGNMENTS) if len(rows) else ASSIGNMENTS.empty(),
    )


def run_found(root: Path, run_id: str, passages: pd.DataFrame, themes: pd.DataFrame, assignments: pd.DataFrame) -> Run:
    """A run of the study that came as far as the codebook."""
    run = Run(root, run_id)
    vectors = encode(passages["text"].tolist())
    run.save("split", "key", Output({"passages": passages}), {"position": 3})
    run.save("embed", "key", Output({}, arrays={"vectors": vectors}), {"position": 4})
    run.save("themes", "key", Output({"themes": themes, "assignments": assignments}), {"position": 5})
    point_to(run)
    synchronise(root, themes, run_id)
    return run


def five_subjects(root: Path) -> Study:
    """A study of forty passages about five subjects, T01 to T05, as the machine would find them."""
    study = bare_study(root)
    texts = [text for subject in SUBJECTS.values() for text in subject]
    passages = passages_table(texts)
    subject = {text: f"T{n:02d}" for n, lines in enumerate(SUBJECTS.values(), start=1) for text in lines}
    placed = {row.passage_id: subject[row.text] for row in passages.itertuples()}
    run_found(root, "run1", passages, *found(LABELS, placed))
    return study


def coded(edits: Edits) -> tuple[dict[str, str], dict[str, str]]:
    """Theme id → label and passage id → main theme, as the stage would make them now."""
    themes, assignments = _coded(edits)
    return (
        dict(zip(themes["theme_id"], themes["label"], strict=True)),
        dict(zip(assignments["passage_id"], assignments["theme_id"], strict=True)),
    )


def coded_table(edits: Edits) -> pd.DataFrame:
    """CODED_THEMES by theme id, as the stage would make them now."""
    return _coded(edits)[0].set_index("theme_id")


def _coded(edits: Edits) -> tuple[pd.DataFrame, pd.DataFrame]:
    root = edits.study.root
    run = Run.open(root)
    tables = (run.read(name) for name in ("themes", "assignments", "passages"))
    return apply_codebook(read_codebook(root / "codebook.yaml"), *tables, current_state(root))


def file_label(edits: Edits, theme: str) -> str:
    code = edits.codebook.get(theme)
    assert code is not None
    return code.label


def hand_edit(edits: Edits, old: str, new: str) -> None:
    edit(edits.study.codebook_path, old, new)


def rerun(edits: Edits, passages: pd.DataFrame) -> None:
    run = latest_run(edits.study.root)
    assert run is not None
    theme = "T01"
    run_found(
        edits.study.root, "run2", passages, *found({theme: "Poor signal"}, dict.fromkeys(passages["passage_id"], theme))
    )


def text_of(edits: Edits, passage: str) -> str:
    return str(edits.material.passages.set_index("passage_id").loc[passage, "text"])
