"""What is printed beside themes is made of the passages that people left in them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest

from pipeline.beside import Sayable, restated, titles
from pipeline.codebook import Code, Codebook, State, apply_codebook
from pipeline.codebook.state import Decided, Step, refs
from pipeline.embedding import embed
from pipeline.encoder import embed_texts
from pipeline.study import Disclosure, Embedding, Themes
from pipeline.tables import CODED_THEMES, check
from pipeline.themes import Found, find_themes
from tests.fakes import answers, passages_table

pytestmark = pytest.mark.models
TEXTS = [f"{text}, {end}" for text in answers()[0] for end in ("as we told them in the spring", "and nobody listens")]


@dataclass(frozen=True)
class Told:
    """A study of five subjects, found and told apart by the real models."""

    passages: pd.DataFrame
    found: Found
    sayable: Sayable

    def inside(self, *themes: str) -> list[str]:
        rows = self.found.assignments
        return [str(p) for p in rows.loc[rows["theme_id"].isin(themes) & (rows["rank"] == 1), "passage_id"]]

    def words(self, passages: list[str]) -> str:
        return " ".join(self.passages.loc[self.passages["passage_id"].isin(passages), "text"])

    def now(self, state: State, book: Codebook | None = None, themes: pd.DataFrame | None = None) -> pd.DataFrame:
        found, book = self.found.themes if themes is None else themes, book or Codebook()
        coded, rows = apply_codebook(book, found, self.found.assignments, self.passages, state)
        return check(restated(coded, rows, found, state, book, self.sayable), CODED_THEMES).set_index("theme_id")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    cache, passages = tmp_path_factory.mktemp("cache"), passages_table(TEXTS)
    found = find_themes(
        passages, embed(passages, Embedding(), cache), settings=Themes(min_themes=4), disclosure=Disclosure(),
        embedding=Embedding(), cache=cache, seed=7, questions={}, blocked=frozenset(),
    )  # fmt: skip
    said = Sayable(
        passages, found.ideas, found.vectors, frozenset(passages["passage_id"]), frozenset(), [], 3,
        lambda texts: embed_texts(texts, Embedding(), cache),
    )  # fmt: skip
    return Told(passages, found, said)


def split(told: Told, parts: Mapping[str, list[str]], source: str) -> State:
    known = refs(told.passages)
    steps = [
        Step(known[p], "e", put=(part,), out=frozenset({source})) for part, inside in parts.items() for p in inside
    ]
    return State({part: Decided(part, label=f"Part {part}", added=True) for part in parts}, steps=tuple(steps))


def quotes(line: str) -> list[str]:
    return re.findall("“([^”]+)”", line)


def test_themes_that_nobody_touched_keep_what_was_said_of_them(told: Told) -> None:
    pd.testing.assert_frame_equal(told.now(State()).reset_index(), told.found.themes)


def test_after_a_merge_words_and_line_are_of_all_its_passages(told: Told) -> None:
    one, other, *rest = told.found.themes["theme_id"]
    before = told.found.themes.set_index("theme_id")
    now = told.now(State({other: Decided(other, merge_into=one)}))
    assert now.loc[one, "keywords"] != before.loc[one, "keywords"]
    theirs = set(re.findall(r"\w+", told.words(told.inside(other)).casefold()))
    own = set(re.findall(r"\w+", told.words(told.inside(one)).casefold()))
    said = set(re.findall(r"\w+", f"{now.loc[one, 'keywords']} {now.loc[one, 'label']}".casefold()))
    assert said & (theirs - own) and said & own
    assert now.loc[rest, ["keywords", "description"]].equals(before.loc[rest, ["keywords", "description"]])


def test_after_a_split_each_part_speaks_for_itself(told: Told) -> None:
    themes = told.found.themes
    one, other = (
        themes["theme_id"][themes["description"] == ""].iloc[0],
        themes["theme_id"][themes["description"] != ""].iloc[0],
    )
    state = State({other: Decided(other, merge_into=one)})
    parts = split(told, {"T70": told.inside(other)}, one)
    now = told.now(replace(parts, themes={**state.themes, **parts.themes}))
    assert now.loc["T70", "description"]
    for theme, inside in ((one, told.inside(one)), ("T70", told.inside(other))):
        said = told.words(inside)
        assert now.loc[theme, "keywords"]
        assert all(fragment in said for fragment in quotes(str(now.loc[theme, "description"])))
        assert all(word in said.casefold() for word in re.findall(r"\w+", str(now.loc[theme, "keywords"])))


def test_what_is_said_anew_keeps_the_rules(told: Told) -> None:
    one, other = told.found.themes["theme_id"][:2]
    state, plain = State({other: Decided(other, merge_into=one)}), replace
    shown = told.now(state).loc[one]
    hidden = [p for p in told.passages["passage_id"] if any(q in told.words([p]) for q in quotes(shown["description"]))]
    words = frozenset(re.findall(r"\w+", str(shown["keywords"])))
    strict = plain(
        told,
        sayable=plain(told.sayable, quotable=told.sayable.quotable - set(hidden), blocked=words),  # pyright: ignore
    )
    now = strict.now(state).loc[one]
    assert not set(quotes(now["description"])) & set(quotes(shown["description"]))
    assert not words & set(re.findall(r"\w+", str(now["keywords"])))
    few = replace(told, sayable=replace(told.sayable, min_contributors=len(TEXTS)))
    assert few.now(state).loc[one, "keywords"] == ""


def test_what_a_person_wrote_stays(told: Told) -> None:
    one, other = told.found.themes["theme_id"][:2]
    book = Codebook(themes=(Code(id=one, label="Ours", description="As we see it."),))
    assert told.now(State({other: Decided(other, merge_into=one)}), book).loc[one, "description"] == "As we see it."


def test_headings_name_the_themes_that_are_there(told: Told) -> None:
    one, other, third, *rest = told.found.themes["theme_id"]
    labels = dict(zip(told.found.themes["theme_id"], told.found.themes["label"], strict=True))
    made = f"{labels[one]} · {labels[other]} · …"
    headed = told.found.themes.assign(heading=[made] * 3 + ["Kit"] * len(rest))
    assert set(told.now(State(), themes=headed)["heading"]) == {made, "Kit"}
    renamed = told.now(State({one: Decided(one, label="Ours")}), themes=headed)
    assert "Ours" in renamed.loc[third, "heading"] and labels[one] not in renamed.loc[third, "heading"]
    merged = told.now(State({other: Decided(other, merge_into=one)}), themes=headed)
    assert labels[other] not in merged.loc[one, "heading"] and labels[third] in merged.loc[one, "heading"]
    alone = told.now(State({t: Decided(t, merge_into=one) for t in (other, third)}), themes=headed)
    assert alone.loc[one, "heading"] == "" and alone.loc[rest[0], "heading"] == "Kit"
    part = told.now(split(told, {"T70": told.inside(rest[0])[:6]}, rest[0]), themes=headed)
    assert part.loc["T70", "heading"] == "Kit"
    below = told.now(
        State({third: Decided(third, parent=one)}), Codebook(themes=(Code(id=one, label=labels[one]),)), headed
    )
    assert below.loc[third, "heading"] == labels[one]


def test_parts_without_a_label_are_named_by_their_words(told: Told) -> None:
    one, other, *rest = told.found.themes["theme_id"]
    merged = State({other: Decided(other, merge_into=one)})
    parts = split(told, {"T70": told.inside(other)}, one)
    state = replace(parts, themes={**merged.themes, **parts.themes})
    labels = dict(zip(told.found.themes["theme_id"], told.found.themes["label"], strict=True))
    _, rows = apply_codebook(Codebook(), told.found.themes, told.found.assignments, told.passages, state)
    known = {theme: labels[theme] for theme in (one, *rest)}
    named = titles(rows, state, known, told.sayable, Themes().spacy_model)
    assert set(named) == {"T70"} and named["T70"] not in known.values()
    said = told.words(told.inside(other)).casefold()
    assert all(word[:4] in said for word in re.findall(r"\w+", named["T70"].casefold()))
    assert not titles(rows, state, known, replace(told.sayable, min_contributors=len(TEXTS)), Themes().spacy_model)


def test_nothing_found(told: Told) -> None:
    nothing = told.found.themes[:0]
    assert len(restated(nothing, told.found.assignments[:0], nothing, State(), Codebook(), told.sayable)) == 0
    assert np.isfinite(told.sayable.vectors).all()
