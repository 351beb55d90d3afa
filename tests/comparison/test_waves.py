"""Waves as the figure of lineage wants them: where each theme was before, and nothing that is suppressed."""

import pandas as pd

from pipeline.comparison import compare, wave_by_wave
from pipeline.figures import figure_bytes, lineage
from tests.comparison.helpers import Said, study_of


def test_themes_go_on_come_of_splits_and_are_new() -> None:
    people = [Said(waves={1: ("A",), 3: ("A", "B")})] * 8 + [Said(waves={1: (), 3: ("C",)})] * 9
    people += [Said(waves={1: ("A",), 3: ()})] * 8
    compared = compare(study_of(people), "wave", least=2)
    rows, took_part = wave_by_wave(compared, {"B": ("A", "Z")})
    found = {(row.theme_id, row.wave): (row.people, row.came_from) for row in rows.itertuples()}
    assert found == {("A", 1): (16, ""), ("A", 3): (8, "A"), ("B", 3): (8, "A"), ("C", 3): (9, "")}
    assert took_part == {1: 25, 3: 25}
    assert figure_bytes(lineage(rows, took_part), "png").startswith(b"\x89PNG")


def test_what_is_suppressed_has_no_number() -> None:
    many = [Said(waves={1: ("A",), 2: ("A",)})] * 20 + [Said(waves={1: (), 2: ()})] * 20
    few = [Said(waves={1: ("B",), 2: ()})] * 3 + [Said(waves={3: ("A",)})] * 2
    rows, took_part = wave_by_wave(compare(study_of(many + few), "wave", least=6))
    found = rows.set_index(["theme_id", "wave"])
    assert 3 not in took_part and pd.isna(found.loc[("A", 3), "people"]) and pd.isna(found.loc[("B", 1), "people"])
    assert found.loc[("A", 2), "came_from"] == "A"
