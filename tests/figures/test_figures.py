"""Figures: the same bytes each time, words that stay words, nothing of what is suppressed, labels apart."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.comparison import co_occurrence, compare, saturation
from pipeline.errors import ConfigError
from pipeline.figures import (
    co_occurrence_map,
    figure_bytes,
    heat_map,
    lineage,
    places,
    plane,
    prevalence_bars,
    saturation_curve,
    save,
    theme_map,
)
from pipeline.figures.plane import apart
from pipeline.frames import StudyFrames
from tests.comparison.helpers import Said, drawn, study_of


@pytest.fixture(scope="module")
def frames() -> StudyFrames:
    shares = {"Officer": (0.5, 0.3, 0.6), "Buyer": (0.5, 0.8, 0.3)}
    return drawn({"Officer": 60, "Buyer": 40}, shares, seed=2)


def placed() -> tuple[pd.DataFrame, pd.DataFrame]:
    lots = np.random.default_rng(1)
    of = [f"T{n % 5}" for n in range(60)] + [""] * 10
    where = plane(lots.normal(size=(70, 12)) + np.repeat(np.arange(70) % 5, 12).reshape(70, 12), of)
    themes = pd.DataFrame(
        {"theme_id": [f"T{n}" for n in range(5)], "label": [f"A label of theme {n}" for n in range(5)], "people": 9}
    )
    return pd.DataFrame({"x": where[:, 0], "y": where[:, 1], "theme_id": of}), themes


WAVES = pd.DataFrame(
    [
        ("T01", "Radio", 1, 40.0, ""), ("T02", "Laptops", 1, 30.0, ""), ("T03", "Printers", 1, 9.0, ""),
        ("T01", "Radio", 2, 33.0, "T01"), ("T04", "Log-in", 2, 20.0, "T02, T03"), ("T05", "Costs $ and $", 2, np.nan, ""),
    ],
    columns=["theme_id", "label", "wave", "people", "came_from"],
)  # fmt: skip


def drawn_figures(frames: StudyFrames) -> dict[str, object]:
    return {
        "bars": prevalence_bars(compare(frames, "group", 6)),
        "heat": heat_map(compare(frames, "group", 6)),
        "pairs": co_occurrence_map(co_occurrence(frames, 6)),
        "saturation": saturation_curve(saturation(frames, 6)),
        "map": theme_map(*placed()),
        "lineage": lineage(WAVES, {1: 80, 2: 70}),
    }


def words_of(figure: object) -> str:
    svg = figure_bytes(figure, "svg").decode()  # pyright: ignore[reportArgumentType]
    return " ".join(re.findall(r">([^<>]+)</(?:text|tspan)>", svg))


def test_the_same_figure_is_the_same_bytes_without_dates_and_with_its_words(frames: StudyFrames) -> None:
    first, second = drawn_figures(frames), drawn_figures(frames)
    for name, figure in first.items():
        for kind in ("svg", "png"):
            made = figure_bytes(figure, kind)
            assert made == figure_bytes(second[name], kind), (name, kind)
            assert b"Matplotlib v" not in made and not re.search(rb"20\d\d-\d\d-\d\d", made[:3000]), name
        assert "n = " in words_of(figure), f"{name} says how many"


def test_titles_say_the_unit(frames: StudyFrames) -> None:
    said = {name: words_of(figure) for name, figure in drawn_figures(frames).items()}
    assert "Share of people who mention each theme" in said["bars"]
    assert "People who mention" in said["pairs"] and "by number of people asked" in said["saturation"]
    assert "Costs $ and $, suppressed" in said["lineage"] and "Hatched: suppressed (1)" in said["lineage"]


def test_what_is_suppressed_is_hatched_said_and_not_named() -> None:
    people = [Said("Officer", ("A",))] * 20 + [Said("Officer")] * 20 + [Said("Buyer", ("A",))] * 9 + [Said("Buyer")] * 9
    people += [Said("Chief of Borsetshire", ("A", "B"))] * 2 + [Said("Vendor", ("A",))] * 4 + [Said("Vendor")] * 5
    compared = compare(study_of(people), "group", least=6)
    for figure in (heat_map(compared), prevalence_bars(compared)):
        said = words_of(figure)
        assert "Borsetshire" not in said and "small group" not in said
        assert "Hatched: suppressed" in said
    assert "2 stakeholder groups suppressed" in words_of(heat_map(compared))


def test_a_study_of_nobody_that_may_be_shown_still_draws() -> None:
    frames = study_of([Said(themes=("A",))] * 3)
    compared = compare(frames, "group", least=6)
    assert "Too few people to show" in words_of(prevalence_bars(compared))
    for figure in (
        heat_map(compared),
        co_occurrence_map(co_occurrence(frames, 6)),
        saturation_curve(saturation(frames, 6)),
    ):
        assert figure_bytes(figure, "png").startswith(b"\x89PNG")


def test_a_figure_goes_where_its_name_says_and_is_closed_to_others(tmp_path: Path, frames: StudyFrames) -> None:
    figure = saturation_curve(saturation(frames, 6))
    save(figure, tmp_path / "curve.svg")
    assert (tmp_path / "curve.svg").stat().st_mode & 0o777 == 0o600
    with pytest.raises(ConfigError, match=r"curve\.pdf"):
        save(figure, tmp_path / "curve.pdf")


def test_labels_lie_apart_within_the_frame_and_off_the_dots() -> None:
    lots = np.random.default_rng(7)
    dots = lots.uniform((80, 60), (520, 340), size=(22, 2))
    sizes = np.column_stack([lots.uniform(40, 90, 22), np.full(22, 14.0)])
    frame = (0.0, 0.0, 600.0, 400.0)
    placed = apart(sizes, dots, np.full(22, 6.0), frame)
    low, high = placed - sizes / 2, placed + sizes / 2
    assert (low >= -0.01).all() and (high[:, 0] <= 600.01).all() and (high[:, 1] <= 400.01).all()
    for one in range(22):
        for other in range(one):
            over = np.minimum(high[one], high[other]) - np.maximum(low[one], low[other])
            assert (over <= 1.0).any(), (one, other)
    gaps = np.hypot(*np.moveaxis(np.clip(np.abs(placed[:, None] - dots) - sizes[:, None] / 2, 0, None), -1, 0))
    assert (gaps >= 6.0 - 0.01).all(), "no label lies on a dot"
    assert gaps.diagonal().mean() < 10, "most lie right beside their own"


def test_a_map_is_the_same_whatever_the_order_of_passages() -> None:
    lots = np.random.default_rng(1)
    vectors, of = lots.normal(size=(40, 8)), np.array([f"T{n % 4}" for n in range(40)])
    order = lots.permutation(40)
    assert np.allclose(plane(vectors, of.tolist())[order], plane(vectors[order], of[order].tolist()))
    assert plane(vectors[:6], ["T1"] * 6).shape == (6, 2), "one theme has no plane of its own"


def test_a_theme_unlike_all_others_leaves_these_room_on_the_map() -> None:
    angles = 2 * np.pi * np.arange(11) / 11
    middles = np.vstack([np.column_stack([np.cos(angles), np.sin(angles)]), (20.0, 0.0)])
    where = plane(np.repeat(middles, 5, axis=0), [f"T{n:02d}" for n in range(12) for _ in range(5)])[::5]
    room = np.ptp(where[:11], axis=0) / np.ptp(where, axis=0)
    assert (room > 0.2).all(), "as distances are, they would have a tenth of it"
    assert room.min() < 0.7, "it is far off still"


@pytest.mark.parametrize("n_themes", [1, 2, 3])
def test_a_map_of_few_themes_shows_their_passages(n_themes: int) -> None:
    lots = np.random.default_rng(3)
    of = np.repeat([f"T{n}" for n in range(n_themes)], 40)
    vectors = (np.repeat(np.eye(n_themes, 12), 40, axis=0) + lots.normal(0, 0.2, (len(of), 12))).astype(np.float32)
    found = pd.DataFrame(plane(vectors, of.tolist()), columns=["x", "y"]).assign(theme_id=of)
    themes = pd.DataFrame({"theme_id": sorted(set(of)), "label": sorted(set(of)), "people": 9})
    (axes,) = theme_map(found, themes).axes[:1]
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    assert (found["x"].between(left, right) & found["y"].between(low, high)).mean() > 0.5


def test_places_are_those_of_main_themes_in_the_order_of_the_vectors() -> None:
    vectors = np.random.default_rng(1).normal(size=(4, 6))
    mentions = pd.DataFrame(
        [("d", "T2", 1), ("b", "T2", 2), ("b", "T1", 1), ("a", "T1", 1)], columns=["passage_id", "theme_id", "rank"]
    )
    found = places(vectors, ["d", "c", "b", "a"], mentions)
    assert found["passage_id"].tolist() == ["d", "c", "b", "a"]
    assert found["theme_id"].tolist() == ["T2", "", "T1", "T1"]
    assert np.allclose(found[["x", "y"]], plane(vectors, ["T2", "", "T1", "T1"]))


def test_labels_do_not_hide_the_middles_of_themes() -> None:
    figure = theme_map(*placed())
    (axes,) = figure.axes
    middles = min(one.get_zorder() for one in axes.collections if one.get_zorder() > 3)
    assert axes.patches and all(box.get_zorder() < middles for box in axes.patches)
    assert all(text.get_bbox_patch() is None for text in axes.texts), "a box of a text lies as high as the text"


def test_a_wave_between_others_says_how_many_and_what_is_new_or_renamed() -> None:
    rows = [
        ("T01", "Radio", 1, 40.0, ""), ("T02", "Log-in", 1, 30.0, ""),
        ("T01", "Radio", 2, 33.0, "T01"), ("T02", "Passwords", 2, 21.0, "T02"), ("T03", "Costs", 2, 17.0, ""),
        ("T01", "Radio", 3, 31.0, "T01"), ("T02", "Passwords", 3, 22.0, "T02"), ("T03", "Costs", 3, 18.0, "T03"),
    ]  # fmt: skip
    said = [text.get_text() for text in lineage(pd.DataFrame(rows, columns=WAVES.columns)).axes[0].texts]
    assert {"33", "Passwords, 21", "Costs, 17"} <= set(said) and "Radio, 33" not in said


def test_nothing_of_matplotlib_is_changed_for_others(frames: StudyFrames) -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    drawn_figures(frames)
    assert dict(mpl.rcParams) == before
