"""What codings show: known answers for agreement, precision and recall, and honesty where there is little to go on."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.agreement.codes import code_lines
from pipeline.agreement.codings import SETTLED, Coding, Codings, State, read_codings, record_codings, record_sample
from pipeline.agreement.precision import Judged, in_part, score, weighted_share
from pipeline.agreement.report import Report, kappa_in_words, report
from pipeline.agreement.sampling import Sample, draw
from pipeline.agreement.statistics import Figure, wilson
from pipeline.agreement.tables import paragraph, tables
from pipeline.codebook import Code, Codebook
from tests.agreement.conftest import LABELS, Small


def codings(sample: Sample, **by_coder: Mapping[str, Sequence[str] | None]) -> Codings:
    """Codings of one sample; None: cannot tell. The coder `settled` decides."""
    hashes = {one.passage_id: one.text_hash for one in sample.drawn}
    given = tuple(
        Coding(
            "" if coder == SETTLED else sample.sample_id,
            coder,
            passage,
            hashes[passage],
            State.CANNOT_TELL if themes is None else State.CODED,
            tuple(themes or ()),
        )
        for coder, said in by_coder.items()
        for passage, themes in said.items()
    )
    return Codings({sample.sample_id: sample}, given)


def compare(small: Small, found: Codings, target=lambda theme: theme) -> Report:
    return report(found, small.passages, small.assignments, target)


def test_people_who_say_what_is_so_and_a_machine_that_misses_some(small: Small) -> None:
    sample = small.sample(40)
    found = compare(small, codings(sample, A=small.truth, B=small.truth))
    (pair,) = found.people
    assert (pair.kappa.value, pair.same.value, pair.kappa.n) == (1.0, 1.0, 40)
    assert found.alpha.value == found.alpha_masi.value == 1.0 and found.disagreements == 0
    scores = {one.theme_id: one for one in found.scores}
    # the machine leaves out two of each theme's eight, and gives T01 to four others, T02 to one
    assert {theme: one.recall.value for theme, one in scores.items()} == pytest.approx(dict.fromkeys(LABELS, 0.75))
    assert scores["T01"].precision.value == pytest.approx(6 / 10)
    assert scores["T02"].precision.value == pytest.approx(6 / 7)
    assert scores["T03"].precision.value == pytest.approx(1.0)
    assert scores["T03"].precision.low is not None and scores["T03"].precision.low < 0.7, "six passages prove little"
    assert found.overall.recall.value == pytest.approx(0.75) and found.overall.precision.value == pytest.approx(30 / 35)
    machine = {pair.one: pair for pair in found.with_machine}
    assert machine["A"].same.value == pytest.approx(25 / 40) and machine["A"].shared.value == pytest.approx(30 / 40)
    assert (machine["A"].agree_where_coded.value, machine["A"].agree_where_coded.n) == (pytest.approx(30 / 40), 40)
    theme = found.themes[0]
    assert theme.kappa.value == 1.0 and theme.machine_kappa.value is not None and theme.machine_kappa.value < 0.8
    assert theme.agree_where_coded == Figure(1.0, *wilson(1, 8), 8)
    assert theme.machine_agree_where_coded == Figure(0.5, *wilson(0.5, 12), 12), "two say the same: no more passages"


def test_agree_where_coded_is_of_what_either_coded(small: Small) -> None:
    """A gives T01 to eight and T02 to eight; B leaves out two of the first eight and takes two others for T02."""
    one = {passage: codes & {"T01", "T02"} for passage, codes in small.truth.items()}
    first = [passage for passage, codes in one.items() if "T01" in codes]
    other = one | dict.fromkeys(first[:2], ()) | dict.fromkeys(first[2:4], ("T02",))
    found = compare(small, codings(small.sample(40), A=one, B=other))
    (pair,) = found.people
    assert pair.agree_where_coded == Figure(12 / 16, *wilson(12 / 16, 16), 16)
    assert pair.shared.value == 36 / 40, "which counts the 24 that neither coded as agreed"
    by_code = {theme.theme_id: theme.agree_where_coded for theme in found.themes}
    assert by_code["T01"] == Figure(4 / 8, *wilson(4 / 8, 8), 8)
    assert by_code["T02"] == Figure(8 / 10, *wilson(8 / 10, 10), 10)
    assert by_code["T03"] == Figure(None, None, None, 0), "nobody gave it"
    unsure = compare(small, codings(small.sample(40), A=one, B=other | {first[0]: None}))
    assert unsure.people[0].agree_where_coded.n == 15 and unsure.themes[0].agree_where_coded.n == 7

    third = compare(small, codings(small.sample(40, coders="ABC"), A=one, B=other, C=one))
    by_code = {theme.theme_id: theme.agree_where_coded for theme in third.themes}
    # eight passages of three pairs each; in four of them one pair of the three
    assert by_code["T01"] == Figure(pytest.approx(16 / 24), *map(pytest.approx, wilson(16 / 24, 8)), 8)
    # eight of three pairs, and two of two pairs in which nobody agrees
    fewer = wilson(24 / 28, 28**2 / (8 * 9 + 2 * 4))
    assert by_code["T02"] == Figure(pytest.approx(24 / 28), *map(pytest.approx, fewer), 10)


def test_agree_where_coded_is_shown_under_its_name(small: Small) -> None:
    few = {p: codes for p, codes in small.truth.items() if "T03" not in codes}
    few |= dict.fromkeys([p for p, codes in small.truth.items() if "T03" in codes][:4], frozenset({"T03"}))
    found = compare(small, codings(small.sample(40), A=few, B=few))
    (table,) = [table for table in tables(found, LABELS) if table.title == "Agree where coded"]
    rows = {row[0]: row[1:] for row in zip(*(column.cells for column in table.columns), strict=True)}
    assert rows["any code: A and B"] == ("1.00 (0.90 to 1.00)", "36", "", "")
    assert rows["any code: A"][:2] == ("", "") and rows["any code: A"][3] == "36"
    assert rows["T01 Radio signal"][:2] == ("1.00 (0.68 to 1.00)", "8") and rows["T01 Radio signal"][2][:4] == "0.50"
    assert rows["T03 Training"][:2] == ("too few to say", "4")


def test_a_slanted_sample_is_weighted_back(small: Small) -> None:
    """Of 2,000 passages, 200 are in a theme, half of them rightly; the 100 that it misses are among those near it."""
    ids = [f"p{n:04}" for n in range(2000)]
    passages = pd.DataFrame({"passage_id": ids, "text_hash": ids, "review": ""})
    rows = [(p, "T01" if n < 200 else "", 1, 0.5, 0.5) for n, p in enumerate(ids)]
    assignments = pd.DataFrame(rows, columns=["passage_id", "theme_id", "rank", "similarity", "margin"])
    truth = {p: ["T01"] if (n % 2 == 0 and n < 200) or 200 <= n < 300 else [] for n, p in enumerate(ids)}
    estimates = []
    for seed in range(25):
        sample = draw(passages, assignments, dict.fromkeys(ids[200:300], 1.0), ["T01"], 200, ["A"], seed)
        drawn = [one.passage_id for one in sample.drawn]
        found = report(codings(sample, A={p: truth[p] for p in drawn}), passages, assignments, lambda theme: theme)
        estimates.append((found.scores[0].precision.value, found.scores[0].recall.value))
    precision, recall = np.mean(np.array(estimates, dtype=float), axis=0)
    assert precision == pytest.approx(0.5, abs=0.02) and recall == pytest.approx(0.5, abs=0.05)


def test_where_people_disagree_each_counts_in_part(small: Small) -> None:
    judged = [Judged(1.0, frozenset({"T01"}), in_part([frozenset({"T01"}), frozenset()]))] * 6
    assert judged[0].people == {"T01": 0.5}
    found = score("T01", judged)
    assert found.precision.value == pytest.approx(0.5) and found.recall.value == pytest.approx(1.0)
    sample = small.sample(40)
    other = {passage: frozenset({"T05"}) - codes for passage, codes in small.truth.items()}
    split = compare(small, codings(sample, A=small.truth, B=other))
    settled = compare(small, codings(sample, A=small.truth, B=other, settled=small.truth))
    assert split.overall.precision.value == pytest.approx(15 / 35, abs=0.1)
    assert settled.overall.precision.value == pytest.approx(30 / 35) and settled.settled == 40
    assert (split.disagreements, settled.disagreements) == (40, 0)
    assert settled.people == split.people, "agreement stays what it was before anybody settled anything"


def test_small_themes_say_so(small: Small) -> None:
    sample = small.sample(40)
    few = [p for p, codes in small.truth.items() if "T03" in codes][:3]
    rest = {p: codes for p, codes in small.truth.items() if "T03" not in codes} | {p: small.truth[p] for p in few}
    found = compare(small, codings(sample, A=rest, B=rest))
    theme = next(one for one in found.themes if one.theme_id == "T03")
    assert theme.too_few and theme.given == 3
    share = next(one for one in found.scores if one.theme_id == "T03").recall
    assert (share.value, share.low, share.n) == (None, None, 3)
    assert weighted_share([(1.0, 1.0)] * 4).value is None and weighted_share([(1.0, 1.0)] * 5).value == 1.0
    shown = " ".join(
        cell for table in tables(found, LABELS) for column in table.columns for cell in map(str, column.cells)
    )
    assert "too few to say" in shown and "T03 Training" in shown


def test_half_filled_sheets_and_cannot_tell(small: Small) -> None:
    sample = small.sample(40)
    mine = dict(list(small.truth.items())[:25])
    theirs: dict = dict(list(small.truth.items())[10:40])
    theirs[next(iter(theirs))] = None
    found = compare(small, codings(sample, A=mine, B=theirs))
    assert found.uncoded == {"A": 15, "B": 10} and found.cannot_tell == {"B": 1}
    assert (found.coded, found.coded_by_two, found.people[0].kappa.n) == (40, 14, 14)
    assert found.disagreements == 1, "one could tell and the other could not"
    assert "coder A has 15 left" in " ".join(paragraph(found)).lower().replace("a has", "A has")


def test_three_coders(small: Small) -> None:
    sample = small.sample(40, coders="ABC")
    third = dict.fromkeys(small.truth, ("T01",))
    found = compare(small, codings(sample, A=small.truth, B=small.truth, C=third))
    assert [(pair.one, pair.other) for pair in found.people] == [("A", "B"), ("A", "C"), ("B", "C")]
    assert found.people[0].kappa.value == 1.0 and found.people[1].kappa.value == pytest.approx(0.0)
    assert 0 < (found.alpha_masi.value or 0) < 1


def test_merged_and_set_aside_codes_follow_the_codebook(small: Small) -> None:
    sample = small.sample(40)
    merged = {p: ["T05"] if "T04" in codes else codes for p, codes in small.truth.items()}
    apart = compare(small, codings(sample, A=small.truth, B=merged))
    together = compare(small, codings(sample, A=small.truth, B=merged), lambda t: "T04" if t == "T05" else t)
    assert apart.people[0].same.value == pytest.approx(32 / 40) and together.people[0].same.value == 1.0
    aside = compare(small, codings(sample, A=small.truth, B=merged), lambda t: "" if t in ("T04", "T05") else t)
    assert [theme.theme_id for theme in aside.themes] == ["T01", "T02", "T03"] and aside.people[0].same.value == 1.0


def test_passages_that_changed_do_not_count_and_are_told(small: Small) -> None:
    sample = small.sample(40)
    found = codings(sample, A=small.truth, B=small.truth)
    changed = small.passages.assign(text_hash=["x" if n < 10 else h for n, h in enumerate(small.passages["text_hash"])])
    compared = report(found, changed.iloc[:35], small.assignments, lambda theme: theme)
    assert (compared.coded, compared.changed, compared.present) == (25, 30, 35)
    text = " ".join(paragraph(compared))
    assert "30 codings are about passages that have changed" in text and "35 passages now" in text


def test_nothing_but_counts_and_codes_is_shown(small: Small, tmp_path: Path) -> None:
    from dataclasses import asdict
    from json import dumps

    sample = small.sample(40)
    record_sample(tmp_path, sample)
    record_codings(tmp_path, codings(sample, A=small.truth, B=small.truth).in_force)
    found = dumps(asdict(compare(small, read_codings(tmp_path))))
    assert not any(text in found for text in small.passages["text"])
    assert not any(passage in found for passage in small.passages["passage_id"])


def test_bands_are_those_of_landis_and_koch() -> None:
    names = [kappa_in_words(Figure(value, None, None, 9)) for value in (-0.1, 0.1, 0.3, 0.5, 0.7, 0.9)]
    assert names == ["less than by chance", "slight", "fair", "moderate", "substantial", "almost perfect"]
    assert "only one answer" in kappa_in_words(Figure(None, None, None, 9))


def test_codes_as_coders_are_told_them() -> None:
    themes = pd.DataFrame(
        {
            "theme_id": ["T01", "T02", "T03", "T04"],
            "label": ["Forms", "Radios", "Vetting", "Laptops"],
            "keywords": "a, b",
            "heading": ["", "Kit", "", "Kit"],
            "description": ["", "", "what the machine says", ""],
        }
    )
    book = Codebook(themes=(Code(id="T02", label="Radios", description="Anything about radios."),))
    lines = code_lines(themes, book)
    assert [(line.theme_id, line.group) for line in lines] == [("T01", ""), ("T02", "Kit"), ("T04", "Kit"), ("T03", "")]
    assert [line.definition for line in lines] == ["", "Anything about radios.", "", ""]
