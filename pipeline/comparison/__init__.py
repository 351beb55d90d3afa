"""Comparing themes: who mentions what, more or less than others, and which of these numbers may be shown.

    frames = study_frames(run)
    compared = compare(frames, "group", least=study.disclosure.min_group)
    compared.cells  # themes × groups: people, share, interval, words, comparison

Pure functions over the frames of a run (`pipeline.frames`). Numbers are people first: one talkative person is not a
trend. Nothing here draws lots: tests count all permutations, and the one interval that needs orders is seeded.
"""

from pipeline.comparison.axes import By
from pipeline.comparison.prevalence import Comparison, compare
from pipeline.comparison.saturation import Saturation, saturation
from pipeline.comparison.together import Together, co_occurrence
from pipeline.comparison.words import SUPPRESSED, Floor, share_words

__all__ = [
    "SUPPRESSED",
    "By",
    "Comparison",
    "Floor",
    "Saturation",
    "Together",
    "co_occurrence",
    "compare",
    "saturation",
    "share_words",
]
