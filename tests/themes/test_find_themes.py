"""From answers to named themes, with the real models."""

import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_mutual_info_score

from pipeline.embedding import embed
from pipeline.study import Disclosure, Embedding, Namer, Themes
from pipeline.tables import ASSIGNMENTS, IDEAS, THEMES, check
from pipeline.themes import Found, Past, find_themes, topics
from pipeline.themes.clustering import LeidenClusterer
from pipeline.themes.labels import Naming
from tests.fakes import answers, passages_table
from tests.helpers import guard

pytestmark = pytest.mark.models
QUESTIONS = {"q1": "What gets in the way of your work?"}


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def find(passages: pd.DataFrame, cache: Path, **changes: object) -> Found:
    given = {
        "settings": Themes(min_themes=2),
        "disclosure": Disclosure(),
        "embedding": Embedding(),
        "cache": cache,
        "seed": 7,
        "questions": QUESTIONS,
        "blocked": frozenset(),
    }
    found = find_themes(passages, embed(passages, Embedding(), cache), **{**given, **changes})
    check(found.themes, THEMES)
    check(found.ideas, IDEAS)
    assignments = check(found.assignments, ASSIGNMENTS)
    assert sorted(set(assignments["passage_id"])) == sorted(passages["passage_id"])
    sizes = assignments[assignments["theme_id"] != ""].groupby("theme_id").size()
    assert dict(sizes) == dict(zip(found.themes["theme_id"], found.themes["n_passages"], strict=True))
    return found


def main_themes(found: Found) -> dict[str, str]:
    main = found.assignments[found.assignments["rank"] == 1]
    return dict(zip(main["passage_id"], main["theme_id"], strict=True))


def test_subjects_become_themes_with_names_of_their_own_words(cache: Path) -> None:
    texts, subjects = answers()
    passages = passages_table(texts)
    done = find(passages, cache)
    found, assignments = done.themes, main_themes(done)
    truth = dict(zip(texts, subjects, strict=True))
    by_id = dict(zip(passages["passage_id"], passages["text"], strict=True))
    gold = [truth[by_id[passage]] for passage in assignments]
    assert adjusted_mutual_info_score(gold, list(assignments.values())) > 0.6
    assert list(assignments.values()).count("") <= 0.1 * len(assignments)
    said = set(re.findall(r"\w+", " ".join(texts).casefold()))
    for label in found["label"]:
        assert label[0].isupper()
        assert any(word in said for word in re.findall(r"\w+", label.casefold()))


def test_a_clusterer_of_ours_finds_them_inside_bertopic(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[Any] = []
    made, reduction = topics.load_bertopic()

    def recorded(**seams: Any) -> Any:
        used.append(seams["hdbscan_model"])
        return made(**seams)

    monkeypatch.setattr(topics, "load_bertopic", lambda: (recorded, reduction))
    found = find(passages_table(answers()[0]), cache)
    (clusterer,) = used
    assert isinstance(clusterer, LeidenClusterer) and len(clusterer.labels_) == len(found.ideas)
    assert len(clusterer.themes_) == len(found.themes)


def test_the_order_of_rows_makes_no_difference(cache: Path) -> None:
    passages = passages_table(answers()[0])
    shuffled = passages.sample(frac=1, random_state=3)
    one, other = find(passages, cache), find(shuffled.reset_index(drop=True), cache)
    for table in ("themes", "ideas", "assignments"):
        pd.testing.assert_frame_equal(getattr(one, table), getattr(other, table))


def test_roster_words_placeholders_and_question_words_name_nothing(cache: Path) -> None:
    texts = [f"{text} and [person] [police force 2] Quillfeather told us so" for text in answers()[0]]
    found = find(
        passages_table(texts),
        cache,
        blocked=frozenset({"quillfeather"}),
        questions={"q1": "Tell us about passwords and laptop batteries"},
    ).themes
    shown = set(re.findall(r"\w+", " ".join([*found["label"], *found["keywords"]]).casefold()))
    assert not shown & {"quillfeather", "person", "police", "force"}
    assert not {label.casefold() for label in found["label"]} & {"passwords", "laptop batteries", "laptop battery"}


def test_words_of_one_person_name_nothing(cache: Path) -> None:
    texts, _ = answers()
    found = find(passages_table(texts, contributors=["one"] * len(texts)), cache).themes
    assert found["label"].str.startswith("(unnamed theme").all()
    assert (found["keywords"] == "").all()
    assert (found["n_contributors"] == 1).all()


def test_passages_keep_their_themes_and_themes_their_names_when_data_arrive(cache: Path) -> None:
    texts, _ = answers()
    # passage ids follow from the row here, so that the first thirty are the same in both tables
    first = find(passages_table(texts[:30]), cache)
    later = find(passages_table(texts), cache, past=Past(first.themes, first.ideas))
    was, now = main_themes(first), main_themes(later)
    assert {passage: now[passage] for passage, theme in was.items() if theme} == {p: t for p, t in was.items() if t}
    kept = later.themes.set_index("theme_id").loc[first.themes["theme_id"]]
    assert list(kept["label"]) == list(first.themes["label"])
    new = later.ideas[later.ideas["is_new"]]
    assert later.counts["new_ideas"] == len(new) == len(set(passages_table(texts)["passage_id"]) - set(was))
    assert later.counts["waiting_new_ideas"] == (new["theme_id"] == "").sum()
    assert later.ideas["nearest"].between(-1, 1).all() and (later.ideas["nearest"] != 0).any()
    assert (first.ideas["nearest"] == 0).all() and first.ideas["is_new"].all()


def test_what_people_moved_is_followed_and_where_it_was_found_is_remembered(cache: Path) -> None:
    texts, _ = answers()
    first = find(passages_table(texts[:30]), cache)
    was = main_themes(first)
    one = first.themes["theme_id"][0]
    moved = {passage: "T70" for passage, theme in was.items() if theme == one}
    later = find(passages_table([*texts[:30], *(f"{text} too" for text in texts[:30])]), cache,
                 past=Past(first.themes, first.ideas, moved=moved))  # fmt: skip
    now = main_themes(later)
    assert {passage: now[passage] for passage in was} == was
    followed = {passage for passage, theme in now.items() if theme == "T70"}
    assert len(followed) > 0.7 * len(moved) and not followed & set(was)
    labels = [dict(zip(found.themes["theme_id"], found.themes["label"], strict=True)) for found in (first, later)]
    assert labels[0][one] == labels[1][one]
    back = Past(later.themes, later.ideas.assign(theme_id=later.ideas["theme_id"].replace("T70", one)))
    again = main_themes(find(passages_table([*texts[:30], *(f"{text} too" for text in texts[:30])]), cache, past=back))
    assert {again[passage] for passage in (*moved, *followed)} == {one}


def test_themes_of_another_study_are_found_again_under_their_ids(cache: Path) -> None:
    texts, _ = answers()
    there = find(passages_table(texts[::2] + texts[1::4]), cache)
    ids = {theme: theme.replace("T0", "T9") for theme in there.themes["theme_id"]}
    sums = {ids[theme]: there.vectors[(there.ideas["theme_id"] == theme).to_numpy()].sum(axis=0) for theme in ids}
    awaited = {theme: total / np.linalg.norm(total) for theme, total in sums.items()}
    called = {"T91": there.themes["label"][0]}
    strange = np.zeros(len(there.vectors[0]), dtype=np.float32)
    strange[0] = 1
    here = find(passages_table(texts), cache, awaited=awaited | {"T80": strange, "T81": strange[:3]}, called=called,
                taken=frozenset(awaited) | {"T80", "T81"})  # fmt: skip
    assert set(here.themes["theme_id"]) & set(awaited) and not set(here.themes["theme_id"]) & {"T80", "T81"}
    was, now = main_themes(there), main_themes(here)
    text_there = passages_table(texts[::2] + texts[1::4]).set_index("passage_id")["text"]
    text_here = passages_table(texts).set_index("passage_id")["text"]
    by_text = {text_here[passage]: theme for passage, theme in now.items()}
    same = [by_text[text_there[passage]] == ids[theme] for passage, theme in was.items() if theme]
    assert sum(same) > 0.75 * len(same)
    assert dict(zip(here.themes["theme_id"], here.themes["label"], strict=True))["T91"] == called["T91"]


def test_a_fresh_look_is_kept_beside_what_holds_still(cache: Path) -> None:
    """Two themes that people threw together lie in different clusters still."""
    passages = passages_table(answers()[0])
    first = find(passages, cache)
    largest, *_, last = first.themes.sort_values("n_passages", ascending=False)["theme_id"]
    thrown = first.ideas.assign(theme_id=first.ideas["theme_id"].replace(last, largest))
    again = find(passages, cache, past=Past(first.themes, thrown)).ideas
    clusters = [set(again.loc[first.ideas["theme_id"] == theme, "cluster"]) for theme in (largest, last)]
    assert (again.loc[first.ideas["theme_id"] == last, "theme_id"] == largest).all()
    assert not clusters[0] & clusters[1]


def test_the_same_answers_again_change_nothing(cache: Path) -> None:
    """What the first run left waiting waits, though it is alike enough to be a theme or to join one."""
    passages = passages_table(answers()[0])
    first = find(passages, cache)
    theme = first.themes["theme_id"].iloc[-1]
    kept = first.ideas["theme_id"].where((first.ideas["theme_id"] != theme) & (first.ideas.index % 7 > 0), "")
    again = find(passages, cache, past=Past(first.themes, first.ideas.assign(theme_id=kept)))
    assert again.ideas["theme_id"].tolist() == kept.tolist()
    assert again.counts["new_ideas"] == again.counts["joined_ideas"] == 0
    assert again.counts["waiting_ideas"] == (kept == "").sum()


def test_what_waited_joins_when_more_of_its_kind_come(cache: Path) -> None:
    texts, subjects = answers()
    kind = subjects[-1]
    few = {text for text, subject in zip(texts, subjects, strict=True) if subject == kind and text != texts[-1]}
    passages = passages_table(texts)
    first = find(passages[passages["text"] != texts[-1]].reset_index(drop=True), cache)
    waits = set(passages.loc[passages["text"].isin(few), "passage_id"])
    waiting = first.ideas.assign(theme_id=first.ideas["theme_id"].where(~first.ideas["passage_id"].isin(waits), ""))
    again = find(passages, cache, past=Past(first.themes, waiting))
    assert again.counts["new_ideas"] == 1 and again.counts["joined_ideas"] >= 1
    assert again.counts["joined_ideas"] + again.counts["waiting_ideas"] >= (waiting["theme_id"] == "").sum()


def test_a_name_that_stays_is_still_the_proposal_of_whoever_made_it(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def propose(names: dict[int, Naming], *_: object) -> tuple[dict[int, Naming], Counter[str]]:
        return {theme: replace(name, label_source="endpoint") for theme, name in names.items()}, Counter()

    monkeypatch.setattr("pipeline.themes.naming.name_by_endpoint", propose)
    texts, namer = answers()[0], Namer(url="http://127.0.0.1:9/v1", model="m")
    first = find(passages_table(texts[:30]), cache, settings=Themes(min_themes=2, namer=namer))
    assert set(first.themes["label_source"]) == {"endpoint"}
    again = find(passages_table(texts), cache, past=Past(first.themes, first.ideas))
    sources = again.themes.set_index("theme_id")["label_source"]
    assert set(sources[first.themes["theme_id"]]) == {"endpoint"}


def test_changed_settings_find_themes_anew_and_keep_the_ids_of_those_that_match(cache: Path) -> None:
    passages = passages_table(answers()[0])
    first = find(passages, cache)
    past = Past(first.themes, first.ideas.assign(theme_id=first.ideas["theme_id"].str.replace("T0", "T7")), refit=True)
    again = find(passages, cache, past=past)
    assert main_themes(again) == {p: theme.replace("T0", "T7") for p, theme in main_themes(first).items()}


def test_a_passage_that_says_two_things_has_both_themes(cache: Path) -> None:
    texts, subjects = answers()
    long = [(text, subject) for text, subject in zip(texts, subjects, strict=True) if len(text.split()) >= 8]
    one, other = long[0][0], next(text for text, subject in long if subject != long[0][1])
    first = find(passages_table(texts), cache)
    joined = f"{one.rstrip('.')}. {other.rstrip('.')}."
    passages = passages_table([*texts, joined])
    found = find(passages, cache, past=Past(first.themes, first.ideas))
    by_text = dict(zip(passages["text"], passages["passage_id"], strict=True))
    both = set(found.assignments.loc[found.assignments["passage_id"] == by_text[joined], "theme_id"])
    assert both == {main_themes(found)[by_text[one]], main_themes(found)[by_text[other]]}


@pytest.mark.parametrize("n", [0, 1, 3, 5, 9])
def test_tiny_studies(cache: Path, n: int) -> None:
    found = find(passages_table(answers()[0][:n]), cache)
    assert len(main_themes(found)) == n
    assert len(found.themes) <= max(1, n // 4)


def test_nothing_but_placeholders(cache: Path) -> None:
    assert list(main_themes(find(passages_table([f"[person {n}]" for n in range(12)]), cache)).values()) == [""] * 12


def test_umap_and_hdbscan_can_be_chosen(cache: Path) -> None:
    texts = [f"{text} {end}" for text in answers()[0] for end in ("every day", "and nobody listens", "as ever")]
    settings = Themes(min_themes=2, clusterer="hdbscan")
    one, two = (find(passages_table(texts), cache, settings=settings) for _ in range(2))
    assert len(one.themes) >= 2
    pd.testing.assert_frame_equal(one.themes, two.themes)
    pd.testing.assert_frame_equal(one.assignments, two.assignments)
    fewer = find(passages_table(texts), cache, settings=Themes(min_themes=1, max_themes=2, clusterer="hdbscan"))
    assert 1 <= len(fewer.themes) <= 2 < len(one.themes)


def test_nothing_is_compiled_before_themes_are_found(cache: Path) -> None:
    """UMAP and HDBSCAN are compiled at their first call, for half a minute."""
    code = (
        "import sys; from pathlib import Path; from tests.fakes import answers, passages_table; "
        "from tests.themes.test_find_themes import find; "
        f"found = find(passages_table(answers()[0]), Path({str(cache)!r})); "
        "sys.exit(not len(found.themes) or bool({'numba', 'umap', 'hdbscan', 'pynndescent'} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=guard.ROOT)


def test_bertopic_leaves_no_trap_behind() -> None:
    import umap  # noqa: F401 (hidden from BERTopic while it is imported, and from nobody else)

    assert all(module is not None for module in sys.modules.values())
