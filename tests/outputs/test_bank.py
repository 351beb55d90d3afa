"""Assembling the bank from tables, and writing it."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.outputs import Bank, assemble_bank, write_bank
from pipeline.outputs.bank import printable_bank, shelves
from pipeline.outputs.text import counted, pieces, printable
from pipeline.placeholders import PLACEHOLDER
from pipeline.tables import CODED_ASSIGNMENTS, CODED_THEMES, PASSAGES, QUOTES, ContractBroken, conform

GROUPS = {"a": "Police officer", "b": "Police officer", "c": "Buyer", "d": "Contributor"}
# passage: contributor, theme, question
PLACES = [
    ("p1", "a", "T1", "q2"),
    ("p2", "a", "T1", "q1"),
    ("p3", "b", "T1", ""),
    ("p4", "c", "T2", "q1"),
    ("p5", "b", "T2", "q1"),
    ("p6", "d", "", "q1"),
    ("p7", "c", "T3", "q1"),
    ("p8", "d", "T3", "q1"),
    ("p9", "d", "T3", "q1"),
    ("p10", "d", "T2", "q1"),
    ("p11", "d", "T3", "q1"),
]


def tables() -> dict[str, pd.DataFrame]:
    filler = {
        "segment_id": "s",
        "document_id": "d",
        "source_kind": "survey",
        "wave": 1,
        "kind": "answer",
        "start": 0,
        "end": 5,
    }
    passages = [
        {
            **filler,
            "passage_id": p,
            "contributor_id": c,
            "question_id": q,
            "text": "words",
            "text_hash": p,
            "review": "",
        }
        for p, c, _, q in PLACES
    ]
    assignments = [
        {"passage_id": p, "theme_id": t, "rank": 1, "similarity": 0.5, "margin": 0.1, "source": "machine"}
        for p, _, t, _ in PLACES
    ]
    themes = [
        {"theme_id": t, "question_id": "", "label": f"Theme {t}", "label_source": "machine", "keywords": "one, two,", "low_confidence": t == "T3",
         "description": "About two." if t == "T2" else "", "heading": "Kit" if t == "T1" else "", "n_passages": n, "n_contributors": people} for t, n, people in (("T1", 3, 2), ("T2", 3, 3), ("T3", 4, 2))
    ]  # fmt: skip
    quotes = [
        {**filler, "quote_id": f"{t}-Q{rank}", "theme_id": t, "rank": rank, "passage_id": p, "text": f"words of {p}",
         "attribution_line": GROUPS[c], "stakeholder_group": GROUPS[c], "question_id": q}
        for rank, (p, c, t, q) in enumerate(PLACES[:5], start=1)
    ]  # fmt: skip
    return {
        "passages": conform(pd.DataFrame(passages), PASSAGES),
        "assignments": conform(pd.DataFrame(assignments), CODED_ASSIGNMENTS),
        "themes": conform(pd.DataFrame(themes), CODED_THEMES),
        "quotes": conform(pd.DataFrame(quotes), QUOTES),
    }


def assemble(found: dict[str, pd.DataFrame]) -> Bank:
    return assemble_bank(
        title="A study",
        status="DRAFT",
        run_id="1",
        shown_groups=GROUPS,
        questions={"q2": "Second?", "q1": "First?", "q9": "Never answered?"},
        facts={},
        **found,
    )


def test_a_bank_holds_what_its_tables_hold():
    bank = assemble(tables())
    assert [theme.theme_id for theme in bank.themes] == ["T2", "T3", "T1"]  # people, then passages, then id
    assert (bank.n_contributors, bank.n_passages, bank.n_quotes, bank.unassigned_passages) == (4, 11, 5, 1)
    assert bank.groups == ("Police officer", "Buyer", "Contributor")
    assert bank.questions == ("Second?", "First?")
    second, third, first = bank.themes
    assert first.by_group == {"Police officer": 2}
    assert second.by_group == {"Police officer": 1, "Buyer": 1, "Contributor": 1}
    assert first.keywords == ("one", "two")
    assert (third.low_confidence, second.description, first.description) == (True, "About two.", "")
    assert (first.heading, second.heading) == ("Kit", "")
    assert [quote.quote_id for quote in first.quotes] == ["T1-Q1", "T1-Q2", "T1-Q3"]
    assert [quote.question for quote in first.quotes] == ["Second?", "First?", ""]
    assert third.quotes == ()


@settings(max_examples=20)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(random):
    found = tables()
    shuffled = {
        name: table.sample(frac=1, random_state=random.randrange(2**32)).reset_index(drop=True)
        for name, table in found.items()
    }
    assert assemble(shuffled) == assemble(found)


def test_counts_that_differ_from_the_assignments_are_refused():
    for column in ("n_contributors", "n_passages"):
        found = tables()
        found["themes"].loc[0, column] += 1
        with pytest.raises(ContractBroken):
            assemble(found)


def test_a_passage_without_an_assignment_is_refused():
    found = tables()
    found["assignments"] = found["assignments"].iloc[1:]
    with pytest.raises(ContractBroken):
        assemble(found)


def test_a_quote_without_its_theme_is_refused():
    found = tables()
    found["quotes"].loc[0, "theme_id"] = "T9"
    with pytest.raises(ContractBroken):
        assemble(found)


def test_the_same_bank_gives_the_same_bytes(bank: Bank, hostile_bank: Bank, tmp_path: Path):
    for name, some in (("plain", bank), ("hostile", hostile_bank)):
        first, second = (write_bank(tmp_path / f"{name}{n}", some) for n in (1, 2))
        assert [path.name for path in first] == ["quote_bank.html", "quote_bank.xlsx", "quote_bank.csv", "methods.md"]
        assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
        assert sorted(path.name for path in (tmp_path / f"{name}1").iterdir()) == sorted(p.name for p in first)


def test_a_bank_without_themes_is_written(bank: Bank, tmp_path: Path):
    empty = replace(bank, themes=(), groups=(), questions=(), n_quotes=0, facts={})
    for path in write_bank(tmp_path, empty):
        assert path.stat().st_size > 0


def test_printing_changes_nothing_in_ordinary_text(bank: Bank):
    assert printable_bank(bank) == bank


@given(st.text())
def test_printable_text_is_stable_and_can_be_written(text: str):
    once = printable(text)
    assert printable(once) == once
    once.encode()
    assert not set(once) & set("\0\r\x0b\x1b\u202e\u2066\u2028")


@given(st.text(alphabet="[]ab 12/-"))
def test_pieces_join_to_the_text(text: str):
    found = list(pieces(text))
    assert "".join(part for _, part in found) == text
    assert all(bool(PLACEHOLDER.fullmatch(part)) == masked for masked, part in found if masked)


def test_placeholders_are_found():
    text = "[person 2] of [police force], [in 40s], of [NHS trust 2] in [2017] said [sic] [Sic] [1]"
    assert [part for masked, part in pieces(text) if masked] == [
        "[person 2]",
        "[police force]",
        "[in 40s]",
        "[NHS trust 2]",
        "[2017]",
    ]


def test_passages_and_assignments_must_be_the_same_ones():
    """Also those that no theme counts: a passage that is lost without trace is the one nobody would miss."""
    for change in (
        lambda table: table[table["passage_id"] != "p6"],
        lambda table: pd.concat([table, table[table["passage_id"] == "p6"].assign(passage_id="p99")]),
    ):
        found = tables()
        found["assignments"] = change(found["assignments"])
        with pytest.raises(ContractBroken, match="different passages"):
            assemble(found)


def test_a_quote_keeps_its_line_and_its_group_apart():
    found = tables()
    found["quotes"] = found["quotes"].assign(attribution_line="PC, Acme", stakeholder_group="Police officer")
    quotes = [quote for theme in assemble(found).themes for quote in theme.quotes]
    assert {(quote.attribution_line, quote.group) for quote in quotes} == {("PC, Acme", "Police officer")}


UNSAFE = [
    *range(9),
    11,
    12,
    *range(14, 32),
    *range(127, 160),
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
    0xFFFE,
    0xFFFF,
]


def test_no_character_that_hides_or_turns_round_what_it_stands_in_is_printed():
    assert [hex(code) for code in UNSAFE if printable(f"a{chr(code)}b") != "ab"] == []
    for end in ("\r\n", "\r", "\n", "\u2028", "\u2029"):
        assert printable(f"a{end}b") == "a\nb"
    assert printable("a\tb") == "a\tb"
    assert printable("a\ud83db") == "a\ufffdb"


def test_numbers_read_as_people_say_them():
    assert [counted(n, "person", "people") for n in (0, 1, 2, 1034)] == [
        "0 people",
        "1 person",
        "2 people",
        "1,034 people",
    ]


def per_question(**questions: str) -> dict[str, pd.DataFrame]:
    found = tables()
    found["themes"] = found["themes"].assign(question_id=[questions[theme] for theme in found["themes"]["theme_id"]])
    return found


def test_themes_of_one_question_stand_together_in_the_order_they_were_asked():
    bank = assemble(per_question(T1="q2", T2="q1", T3="q1"))
    assert [(t.theme_id, t.question) for t in bank.themes] == [("T1", "Second?"), ("T2", "First?"), ("T3", "First?")]
    said = [(q.wording, q.n_passages, q.unassigned_passages) for q in bank.themed]
    assert said == [("Second?", 1, 0), ("First?", 9, 1), ("Outside a question", 1, 0)]
    plain = assemble(tables())
    assert plain.themed == () and {theme.question for theme in plain.themes} == {""}


def test_a_theme_without_a_question_is_across_them_or_outside():
    bank = assemble(per_question(T1="", T2="", T3="q1"))
    across = [("T3", "First?"), ("T2", "Across questions"), ("T1", "Across questions")]
    assert [(theme.theme_id, theme.question) for theme in bank.themes] == across
    assert [q.wording for q in bank.themed] == ["Second?", "First?", "Outside a question", "Across questions"]
    found = per_question(T1="", T2="q1", T3="q1")
    alone = found["passages"]["passage_id"].isin(["p1", "p2", "p3"])
    found["passages"]["question_id"] = found["passages"]["question_id"].where(~alone, "")
    assert {t.theme_id: t.question for t in assemble(found).themes}["T1"] == "Outside a question"


def test_headings_count_people_once_and_hold_the_theme_they_are_named_after():
    found = tables()
    found["themes"]["heading"] = ["Kit", "Theme T1", ""]
    bank = assemble(found)
    assert {theme.theme_id: theme.heading for theme in bank.themes} == {"T1": "Theme T1", "T2": "Theme T1", "T3": ""}
    assert bank.headings == {("", "Theme T1"): 4}, "of T1 speak a and b, of T2 b, c and d"
    assert [(heading, [t.theme_id for t in themes]) for heading, themes in shelves(bank)] == [
        ("Theme T1", ["T1", "T2"]),  # T2 is larger, but a part of T1
        ("", ["T3"]),
    ]
    found["themes"]["heading"] = ["Few", "Many", "Many"]
    assert [(heading, [t.theme_id for t in themes]) for heading, themes in shelves(assemble(found))] == [
        ("Many", ["T2", "T3"]),
        ("Few", ["T1"]),
    ]


def test_headings_are_counted_and_held_within_their_question():
    found = per_question(T1="q1", T2="q1", T3="q2")
    found["themes"]["heading"] = ["", "Theme T1", "Theme T1"]
    bank = assemble(found)
    assert bank.headings == {("First?", "Theme T1"): 4, ("Second?", "Theme T1"): 2}
    assert [(heading, [t.theme_id for t in themes]) for heading, themes in shelves(bank, "First?")] == [
        ("Theme T1", ["T1", "T2"])
    ]
    found["themes"]["heading"] = ["", "", "Theme T1"]
    assert {t.theme_id: t.heading for t in assemble(found).themes} == {"T1": "", "T2": "", "T3": "Theme T1"}


def test_who_put_passages_into_a_theme_is_counted():
    found = tables()
    where = found["assignments"]["theme_id"] == "T3"
    found["assignments"].loc[where, "source"] = ["person", "definition", "machine", "definition"]
    by_source = {theme.theme_id: theme.by_source for theme in assemble(found).themes}
    assert by_source["T3"] == {"machine": 1, "person": 1, "definition": 2}
    assert by_source["T1"] == {"machine": 3}
