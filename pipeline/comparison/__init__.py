"""Comparing themes: who mentions what, more or less than others, and which of these numbers may be shown.

    frames = study_frames(run)
    compared = compare(frames, "group", least=study.disclosure.min_group)
    compared.cells  # themes × groups: people, share, interval, words, comparison

Pure functions over the frames of a run (`pipeline.frames`). Numbers are people first: one talkative person is not a
trend. Nothing here draws lots: tests count all permutations, and the one interval that needs orders is seeded. Each
table protects those in it by itself; two of the same people, by group and by force type, may differ by a few of them,
and should not stand side by side before somebody has looked.
"""

from pipeline.comparison.axes import By
from pipeline.comparison.foreign import Foreignness, foreignness
from pipeline.comparison.headings import by_heading
from pipeline.comparison.prevalence import Comparison, compare
from pipeline.comparison.saturation import Saturation, saturation
from pipeline.comparison.together import Together, co_occurrence
from pipeline.comparison.waves import wave_by_wave
from pipeline.comparison.words import SUPPRESSED, Floor, share_words
from pipeline.comparison.written import as_json, csv_bytes

__all__ = [
    "SUPPRESSED",
    "By",
    "Comparison",
    "Floor",
    "Foreignness",
    "Saturation",
    "Together",
    "as_json",
    "by_heading",
    "co_occurrence",
    "compare",
    "csv_bytes",
    "foreignness",
    "saturation",
    "share_words",
    "wave_by_wave",
]
