"""What the passages of a theme say on average, by which another study can find it again. It holds nobody's words."""

import base64
from collections import Counter
from pathlib import Path

import numpy as np

from pipeline.codebook.log import current_state
from pipeline.store import latest_run


def centroids(root: Path, min_contributors: int) -> dict[str, np.ndarray]:
    """Theme → mean of its ideas' vectors in the study's latest run, float32 (dimension,), of length 1.

    min_contributors: a theme of fewer people has none, for it would be what they said.
    """
    run = latest_run(root)
    if run is None or not (run.has_table("ideas") and run.has_table("coded_assignments")):
        return {}
    state, coded, ideas = current_state(root), run.read("coded_assignments"), run.read("ideas")
    is_in = set(zip(coded["passage_id"], coded["theme_id"], strict=True))
    main = dict(zip(*(coded.loc[coded["rank"] == 1, name] for name in ("passage_id", "theme_id")), strict=True))
    own = zip(ideas["passage_id"], ideas["theme_id"].map(state.target), strict=True)
    themes = np.array([theme if (p, theme) in is_in else main.get(p, "") for p, theme in own], dtype=object)
    people = Counter(theme for theme, _ in set(zip(themes, ideas["contributor_id"], strict=True)))
    vectors = run.read_array("themes", "idea_vectors")
    sums = {str(theme): vectors[themes == theme].sum(axis=0) for theme in set(themes) - {""}}
    return {
        theme: total / max(float(np.linalg.norm(total)), 1e-12)
        for theme, total in sorted(sums.items())
        if people[theme] >= min_contributors
    }


def packed(vector: np.ndarray) -> str:
    """The vector as a log holds it: numbers of 16 bits in base64."""
    return base64.b64encode(vector.astype("<f2").tobytes()).decode()


def unpacked(text: str) -> np.ndarray:
    """The vector, float32 (dimension,), of length 1."""
    vector = np.frombuffer(base64.b64decode(text), dtype="<f2").astype(np.float32)
    return vector / max(float(np.linalg.norm(vector)), 1e-12)
