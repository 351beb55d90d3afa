"""Coding by a codebook, with words for vectors: small invented texts, no model."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.coding import Code, Coding, Ideas, Passages, code_passages, learning
from pipeline.coding.calibration import calibrated, threshold
from pipeline.coding.codes import pointed_at
from pipeline.coding.evidence import NAMES, Evidence, gather
from pipeline.coding.views import Views, make_views
from tests.fakes import SUBJECTS, HashEncoder

CODES = (
    Code("T01", "Radio", "radio signal and coverage", include="dead spots"),
    Code("T02", "Passwords", "passwords, logins and resets", exclude="radio signal"),
    Code("T03", "Lockers", "lockers; keys to cupboards", seeds=("locker",)),
)
TEXTS = [text for subject in ("radio", "passwords") for text in SUBJECTS[subject]]
RADIO = len(SUBJECTS["radio"])
IDS = [f"p{row:02d}" for row in range(len(TEXTS))]
NOTHING = np.zeros((0, 64), dtype=np.float32)


def encode(texts: list[str]) -> np.ndarray:
    if not texts:
        return NOTHING
    vectors = HashEncoder().encode(texts)
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def passages(texts: list[str] = TEXTS, ids: list[str] = IDS, ideas: Ideas | None = None) -> Passages:
    return Passages(ids, texts, encode(texts), ideas)


def table(coding: Coding) -> dict[tuple[str, str], tuple[float, bool]]:
    return {
        (name, theme): (coding.probability[row, column], bool(coding.accepted[row, column]))
        for row, name in enumerate(coding.ids)
        for column, theme in enumerate(coding.theme_ids)
    }


CODINGS = st.dictionaries(
    st.sampled_from(IDS), st.frozensets(st.sampled_from([code.theme_id for code in CODES])), max_size=len(IDS)
)


def test_definitions_alone_find_what_they_speak_of() -> None:
    coding = code_passages(passages(), CODES, encode, {})
    best = [coding.theme_ids[column] for column in coding.probability.argmax(axis=1)]
    assert best == ["T01"] * RADIO + ["T02"] * (len(TEXTS) - RADIO)
    assert not coding.by_person.any()


def test_a_code_alone_is_not_in_every_passage() -> None:
    coding = code_passages(passages(), CODES[:1], encode, {})
    assert (coding.probability[RADIO:] < 0.5).mean() >= 0.9
    (found,) = gather(
        make_views(passages(), [CODES[0]], encode),
        np.zeros(0, dtype=int),
        np.zeros((0, 1), bool),
        np.zeros(0, dtype=int),
    )
    definition = found.passages[:, 0, NAMES.index("definition")]
    assert definition[:RADIO].mean() > definition[RADIO:].mean() + 0.5


def test_codings_teach_what_no_definition_says() -> None:
    bare = [Code("T01", "First"), Code("T02", "Second")]
    human = {
        IDS[0]: frozenset({"T01"}),
        IDS[1]: frozenset({"T01"}),
        IDS[-1]: frozenset({"T02"}),
        IDS[-2]: frozenset({"T02"}),
    }
    truth = np.arange(len(IDS)) >= RADIO
    before = code_passages(passages(), bare, encode, {}).probability.argmax(axis=1) == truth
    after = code_passages(passages(), bare, encode, human).probability.argmax(axis=1) == truth
    assert after.mean() >= 0.85 and after.sum() > before.sum()


def test_examples_teach_before_anybody_has_coded() -> None:
    bare = [Code("T01", "First", examples=tuple(TEXTS[:3])), Code("T02", "Second", examples=tuple(TEXTS[-3:]))]
    coding = code_passages(passages(), bare, encode, {})
    truth = np.arange(len(IDS)) >= RADIO
    assert (coding.probability.argmax(axis=1) == truth).mean() >= 0.85


def test_a_label_is_not_drowned_by_a_long_definition() -> None:
    long = replace(CODES[0], definition="what crackles, hisses, whistles, fades, roars, drones, beeps, jams")
    texts = ["Radio", *TEXTS[RADIO:]]
    coding = code_passages(passages(texts, IDS[: len(texts)]), [long, *CODES[1:]], encode, {})
    assert coding.probability[0, 0] > 0.5


def test_words_alike_in_meaning_bring_passages_together() -> None:
    def encode_words(texts: list[str]) -> np.ndarray:
        return encode(["cost" if text in ("invoice", "bill") else text for text in texts])

    texts = ["An invoice!", "Our bill", "The canteen"]
    words = make_views(Passages(["a", "b", "c"], texts, encode(texts)), list(CODES), encode_words).words
    alike = (words @ words.T).toarray()
    assert alike[0, 1] > 0.5 > 0.3 > alike[0, 2]


def test_a_code_that_people_give_readily_is_likelier_on_the_same_evidence() -> None:
    nothing = Evidence(np.zeros((1, 2, len(NAMES))), np.zeros((20, 2, len(NAMES))))
    codings = np.column_stack([np.arange(20) < 15, np.arange(20) < 5])
    often, seldom = calibrated([nothing], codings)[0]
    assert often > 0.5 > seldom > 0.2


def test_what_a_code_excludes_counts_against_it() -> None:
    text = "radio signal drops in rural areas"
    without, with_it = (
        code_passages(passages([text, "x y"], ["a", "b"]), [replace(CODES[1], exclude=words), CODES[2]], encode, {})
        for words in ("", text)
    )
    assert with_it.probability[0, 0] < without.probability[0, 0]
    assert with_it.probability[1, 0] == without.probability[1, 0]


@settings(max_examples=20)
@given(CODINGS)
def test_human_codings_are_law_and_probabilities_are_probabilities(human: dict[str, frozenset[str]]) -> None:
    coding = code_passages(passages(), CODES, encode, human)
    assert np.isfinite(coding.probability).all() and 0 <= coding.probability.min() <= coding.probability.max() <= 1
    for row, name in enumerate(coding.ids):
        assert coding.by_person[row] == (name in human)
        if name in human:
            assert set(coding.codes_of(row)) == human[name]
            assert not coding.unsure[row]
    assert not set(coding.to_code_next) & set(human)
    assert len(coding.to_code_next) == len(set(coding.to_code_next)) == len(IDS) - len(human)  # all of so few


@settings(max_examples=20)
@given(CODINGS, st.randoms(use_true_random=False))
def test_the_order_of_passages_and_codes_makes_no_difference(human: dict[str, frozenset[str]], random: object) -> None:
    shuffle = random.shuffle  # type: ignore[attr-defined]
    rows, codes = list(range(len(IDS))), list(CODES)
    shuffle(rows), shuffle(codes)
    parts = [(row, half) for row in (0, 5, 9) for half in (TEXTS[row][:12], TEXTS[row][12:])]
    said = [half for _, half in parts]
    first = code_passages(
        passages(ideas=Ideas(said, encode(said), np.array([row for row, _ in parts]))), CODES, encode, human
    )
    shuffle(parts)
    said, place = [half for _, half in parts], {row: at for at, row in enumerate(rows)}
    ideas = Ideas(said, encode(said), np.array([place[row] for row, _ in parts]))
    again = passages([TEXTS[row] for row in rows], [IDS[row] for row in rows], ideas)
    second = code_passages(again, codes, encode, dict(reversed(human.items())))
    assert table(first) == table(second)
    assert (first.to_code_next, first.threshold) == (second.to_code_next, second.threshold)


@settings(max_examples=20)
@given(CODINGS, st.sampled_from(IDS), st.sampled_from([code.theme_id for code in CODES]))
def test_one_more_coding_takes_away_no_other(human: dict[str, frozenset[str]], name: str, theme: str) -> None:
    coding = code_passages(passages(), CODES, encode, {**human, name: frozenset({theme})})
    for row, other in enumerate(coding.ids):
        assert set(coding.codes_of(row)) == human.get(other, set(coding.codes_of(row))) or other == name


def test_an_idea_brings_its_passage_a_code() -> None:
    long = "We moved office in spring and the canteen is nicer now and parking is fine. No radio signal"
    texts = [*TEXTS, long]
    ids = [*IDS, "zz"]
    parts = [
        "We moved office in spring and the canteen is nicer now and parking is fine",
        "No radio signal",
    ]
    ideas = Ideas(parts, encode(parts), np.array([len(TEXTS)] * 2))
    whole, by_idea = (code_passages(passages(texts, ids, i), CODES, encode, {}) for i in (None, ideas))
    assert by_idea.probability[-1, 0] > whole.probability[-1, 0] + 0.05


def test_a_code_of_a_passage_is_learned_from_the_idea_that_speaks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    chatter, radio = "The canteen is nicer now", "No radio signal"
    texts = [*(f"{radio} {n}. {chatter} {n}" for n in range(4)), *TEXTS, chatter]
    said = [part for n in range(4) for part in (f"{radio} {n}", f"{chatter} {n}")]
    ideas = Ideas(said, encode(said), np.repeat(np.arange(4), 2))
    views = make_views(passages(texts, [str(row) for row in range(len(texts))], ideas), list(CODES), encode)

    def learned() -> float:
        codings = np.tile([True, False, False], (4, 1))
        (scores,) = learning.learn(views, np.arange(4), codings, ideas.owner, [1.0])
        return scores.all[len(texts) - 1, 0]

    by_speaking = learned()
    monkeypatch.setattr(learning, "_SPEAKING", 0.0)
    assert by_speaking < learned() - 0.1


@pytest.mark.parametrize("most", [1000, 5])
def test_what_is_left_out_is_as_if_nobody_had_coded_it(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(learning, "_ROUNDS", 0)  # then an idea's codes do not hang on other passages
    monkeypatch.setattr(learning, "_MOST_IDEAS", most)
    parts = [(row, half) for row in (0, 5, 9, 9) for half in (TEXTS[row][:12], TEXTS[row][12:])]
    said, owner = [half for _, half in parts], np.array([row for row, _ in parts])
    views = make_views(passages(ideas=Ideas(said, encode(said), owner)), list(CODES), encode)
    coded, codings = np.array([0, 3, 9]), np.eye(3, dtype=bool)
    similarity, points = Views.similarity, list[int]()

    def counted(self: Views, columns: np.ndarray) -> np.ndarray:
        points.append(len(columns))
        return similarity(self, columns)

    monkeypatch.setattr(Views, "similarity", counted)
    (scores,) = learning.learn(views, coded, codings, owner, [1.0])
    assert scores.whose.tolist() == [0, 0, 2, 2, 2, 2]
    assert points == [3 + min(most, 6) + len(views.anchor_of)]
    if most > len(said):
        (without,) = learning.learn(views, coded[:2], codings[:2], owner, [1.0])
        ideas = len(TEXTS) + np.flatnonzero(owner == 9)
        assert np.allclose(scores.left_out[2], without.all[9])
        assert np.allclose(scores.left_out[-4:], without.all[ideas])
    assert not np.allclose(scores.left_out[2], scores.all[9], atol=0.01)


def test_evidence_tells_how_far_a_code_is_behind_the_passages_best() -> None:
    views = make_views(passages(), list(CODES), encode)
    (found,) = gather(views, np.array([0, 9]), np.eye(3, dtype=bool)[:2], np.zeros(0, dtype=int))
    for evidence in (found.passages, found.left_out):
        best_idea, behind = evidence[..., 1], evidence[..., 2]
        assert np.allclose(behind.max(axis=1), 0.0)
        assert np.allclose(behind - best_idea, (behind - best_idea)[:, :1])


def test_of_two_codes_learned_alike_that_is_likelier_which_has_no_better_beside_it() -> None:
    behind = [name.startswith("learned, behind") for name in NAMES]
    evidence = Evidence(np.array([[np.zeros(len(NAMES)), -0.5 * np.array(behind)]]), np.zeros((0, 2, len(NAMES))))
    best, other = calibrated([evidence], np.zeros((0, 2), dtype=bool))[0]
    assert best > other + 0.05


def test_those_proposed_first_belong_to_codes_nobody_used_and_say_different_things() -> None:
    human = {IDS[0]: frozenset({"T01"})}
    coding = code_passages(passages(), CODES, encode, human, n_next=4)
    assert len(coding.to_code_next) == 4
    assert int(coding.to_code_next[0][1:]) >= RADIO  # of passwords and lockers, passwords are there
    twins = passages([TEXTS[0]] * 6 + TEXTS[RADIO:], IDS[: 6 + len(TEXTS) - RADIO])
    proposed = code_passages(twins, CODES, encode, {}, n_next=4).to_code_next
    assert sum(name in IDS[:6] for name in proposed) <= 2  # copies teach nothing new


@pytest.mark.parametrize("n", [0, 1, 2])
def test_next_to_nothing_works(n: int) -> None:
    coding = code_passages(
        passages(TEXTS[:n], IDS[:n]), CODES, encode, {name: frozenset({"T01"}) for name in IDS[:n][:1]}
    )
    assert coding.probability.shape == (n, 3)
    assert code_passages(passages(TEXTS[:n], IDS[:n]), (), encode, {}).accepted.shape == (n, 0)
    assert code_passages(passages(["?!"] * n, IDS[:n]), [Code("T01", "!")], encode, {}).probability.shape == (n, 1)


def test_codings_of_passages_and_codes_that_are_gone_are_ignored() -> None:
    human = {"gone": frozenset({"T01"}), IDS[3]: frozenset({"T01", "T99"})}
    coding = code_passages(passages(), CODES, encode, human)
    assert coding.by_person.sum() == 1 and coding.codes_of(3) == ["T01"]


def test_what_a_code_leaves_to_another_tells_of_the_other() -> None:
    codes = [
        Code("T01", "Fast lane", exclude="The radio has no signal (see `Dead spots`); Shouting"),
        Code("T02", "Dead_spots"),
    ]
    assert pointed_at(codes) == {"T02": ["The radio has no signal"]}
    assert pointed_at([replace(codes[0], exclude="Radios (Fast lane)")]) == {}  # nothing of its own


def test_ids_that_are_not_unique_are_refused() -> None:
    with pytest.raises(ValueError, match="passages"):
        passages(TEXTS[:2], ["a", "a"])
    with pytest.raises(ValueError, match="codes"):
        code_passages(passages(), [CODES[0], CODES[0]], encode, {})


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60))
def test_the_threshold_gives_the_largest_expected_f1(values: list[float]) -> None:
    probability = np.array(values)

    def expected(limit: float) -> float:
        accepted = probability >= limit
        return 2 * probability[accepted].sum() / max(accepted.sum() + probability.sum(), 1e-12)

    best = max(expected(limit) for limit in values)
    assert expected(threshold(probability) - 1e-12) == pytest.approx(best)
