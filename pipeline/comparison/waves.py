"""A comparison of waves as `pipeline.figures.lineage` draws it."""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.comparison.prevalence import Comparison

COLUMNS = ["theme_id", "label", "wave", "people", "came_from"]


def wave_by_wave(
    compared: Comparison, came_from: Mapping[str, Sequence[str]] | None = None
) -> tuple[pd.DataFrame, dict[int, int]]:
    """Themes of each wave, and how many people took part in it.

    Args:
        compared: by wave.
        came_from: theme id → the themes that people split it from.

    Returns:
        themes: a row a theme and wave, save where nobody mentions it: theme_id, label, wave, people (NaN: suppressed),
            came_from (of the wave before: itself if it was there, else what it was split from; empty: new).
        took_part: wave → people, of waves that may be shown.
    """
    wave_of = {level: int(level.removeprefix("wave ")) for level in compared.levels["level"]}
    cells = compared.cells[(compared.cells["people"] > 0) | ~compared.cells["shown"]]
    cells = cells.assign(wave=cells["level"].map(wave_of)).rename(columns={"theme": "label"})
    waves = sorted(wave_of.values())
    before = dict(zip(waves[1:], waves, strict=False))
    there = set(zip(cells["theme_id"], cells["wave"], strict=True))

    def sources(theme: str, wave: int) -> str:
        known = [one for one in (theme, *(came_from or {}).get(theme, ())) if (one, before.get(wave)) in there]
        return theme if theme in known else ",".join(known)

    cells["came_from"] = [sources(theme, wave) for theme, wave in zip(cells["theme_id"], cells["wave"], strict=True)]
    shown = compared.levels[compared.levels["shown"]]
    took_part = {wave_of[level]: int(n) for level, n in zip(shown["level"], shown["people"], strict=True)}
    return cells[COLUMNS].reset_index(drop=True), took_part
