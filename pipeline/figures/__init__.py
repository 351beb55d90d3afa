"""Figures for a report: what was compared, as pictures that print well and say what they leave out.

    figure = heat_map(compare(frames, "group", least=6))
    save(figure, Path("by group.svg"))

Of what people said, only the labels of themes are in a figure; what may not be shown arrives here as missing already.
"""

from pipeline.figures.growth import saturation_curve
from pipeline.figures.lineage import lineage
from pipeline.figures.pairs import co_occurrence_map
from pipeline.figures.plane import places, plane, theme_map
from pipeline.figures.shares import heat_map, prevalence_bars
from pipeline.figures.style import figure_bytes, save, save_each, style

__all__ = [
    "co_occurrence_map",
    "figure_bytes",
    "heat_map",
    "lineage",
    "places",
    "plane",
    "prevalence_bars",
    "saturation_curve",
    "save",
    "save_each",
    "style",
    "theme_map",
]
