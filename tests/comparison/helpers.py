"""Small invented studies: who spoke, in which group, and which themes they mentioned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pipeline.frames import StudyFrames, frames_of
from pipeline.tables import QUOTES


@dataclass(frozen=True)
class Said:
    """One person: what they mentioned, by question and wave."""

    group: str = "Officer"
    themes: tuple[str, ...] = ()
    hidden: bool = True
    force: str = ""
    kind: str = "survey"
    questions: dict[str, tuple[str, ...]] = field(default_factory=dict)  # instead of `themes`
    waves: dict[int, tuple[str, ...]] = field(default_factory=dict)  # instead of `themes`


def study_of(
    people: Sequence[Said], labels: Sequence[str] = ("A", "B", "C"), headings: Mapping[str, str] | None = None
) -> StudyFrames:
    """Frames of a study in which each person says one passage for each theme, or one of no theme.

    headings: theme → what stands above it.
    """
    attributions: list[dict[str, object]] = []
    passages: list[dict[str, object]] = []
    assignments: list[dict[str, object]] = []
    for n, person in enumerate(people):
        who = f"c{n:04}"
        attributions.append(
            {
                "contributor_id": who, "attribution": "non_attributable" if person.hidden else "attributable",
                "quotable": True, "stakeholder_group": person.group, "force_type": person.force,
                "attribution_line": "", "wave": 1,
            }
        )  # fmt: skip
        answers = [(q, 1, t) for q, t in person.questions.items()] + [("", w, t) for w, t in person.waves.items()]
        for question, wave, themes in answers or [("", 1, person.themes)]:
            for theme in themes or ("",):
                passage = f"p{len(passages):05}"
                passages.append(
                    {
                        "passage_id": passage, "contributor_id": who, "question_id": question, "wave": wave,
                        "source_kind": person.kind, "text": "Something.",
                    }
                )  # fmt: skip
                assignments.append(
                    {"passage_id": passage, "theme_id": theme, "rank": 1, "similarity": 0.5, "margin": 0.1}
                )
    themes = [
        {"theme_id": label, "label": f"Theme {label}", "question_id": "", "keywords": "", "heading": (headings or {}).get(label, ""),
         "low_confidence": False, "n_passages": 0, "n_contributors": 0}
        for label in labels
    ]  # fmt: skip
    questions = sorted({str(p["question_id"]) for p in passages} - {""})
    return frames_of(
        attributions=pd.DataFrame(attributions),
        passages=pd.DataFrame(passages),
        questions=pd.DataFrame({"question_id": questions, "text": [f"What of {q}?" for q in questions]}, dtype="str"),
        quotes=QUOTES.empty(),
        themes=pd.DataFrame(themes),
        assignments=pd.DataFrame(assignments),
    )


def drawn(sizes: dict[str, int], shares: dict[str, tuple[float, ...]], seed: int, hidden: float = 1.0) -> StudyFrames:
    """Groups of given sizes that mention theme n with a chance of shares[group][n]."""
    lots = np.random.default_rng(seed)
    labels = [f"T{n:02}" for n in range(len(next(iter(shares.values()))))]
    people = [
        Said(
            group,
            tuple(label for label, share in zip(labels, shares[group], strict=True) if lots.random() < share),
            hidden=bool(lots.random() < hidden),
        )
        for group, n in sizes.items()
        for _ in range(n)
    ]
    return study_of(people, labels)
