"""What may be said about who spoke: small groups vanish, also by elimination."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.disclosure import ANYBODY, attribution_lines, keyword_rule, shown_groups
from pipeline.study import Disclosure

N = "non_attributable"
K6 = Disclosure(min_group=6)


def people(*groups: tuple[str, str, int]) -> pd.DataFrame:
    """(group, attribution, how many) → attributions."""
    rows = [
        {
            "stakeholder_group": group,
            "attribution": attribution,
            "attribution_line": "" if attribution == N else "Jo, Acme",
        }
        for group, attribution, n in groups
        for _ in range(n)
    ]
    return pd.DataFrame(rows).assign(contributor_id=[f"c{n}" for n in range(len(rows))], quotable=True, wave=1)


def passages(table: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"contributor_id": table["contributor_id"]})


@pytest.mark.parametrize(
    ("groups", "shown"),
    [
        ([("Officer", N, 6)], {"Officer"}),
        ([("Officer", N, 5)], {ANYBODY}),
        # five of six are named: the sixth would be known by elimination
        ([("Officer", N, 1), ("Officer", "attributable", 5)], {"Officer", ANYBODY}),
        # two buyers alone among "Contributors" would be the buyers: the smallest shown group joins them
        ([("Officer", N, 20), ("Supplier", N, 8), ("Buyer", N, 2)], {"Officer", ANYBODY}),
        ([("Officer", N, 20), ("Supplier", N, 4), ("Buyer", N, 2)], {"Officer", ANYBODY}),
        # one short of a crowd is no crowd: the smallest shown group joins them, and that alone
        ([("Officer", N, 20), ("Supplier", N, 8), ("Buyer", N, 5)], {"Officer", ANYBODY}),
        ([("Officer", N, 20), ("Supplier", N, 8), ("Buyer", N, 6)], {"Officer", "Supplier", "Buyer"}),
        ([("Officer", N, 20), ("Supplier", N, 8), ("Buyer", N, 4), ("Other", N, 2)], {"Officer", "Supplier", ANYBODY}),
        ([("Officer", N, 4), (" Officer ", N, 4)], {"Officer"}),
        ([("", N, 9)], {ANYBODY}),
        ([("", "attributable", 1)], {ANYBODY}),
    ],
)  # fmt: skip
def test_cases(groups: list[tuple[str, str, int]], shown: set[str]) -> None:
    table = people(*groups)
    assert set(shown_groups(table, passages(table), K6).values()) == shown


def test_somebody_who_said_nothing_does_not_make_a_crowd() -> None:
    table = people(("Officer", N, 8))
    assert set(shown_groups(table, passages(table).iloc[:5], K6).values()) == {ANYBODY}


NAMES = st.sampled_from(["Officer", "Staff", "Supplier", "Buyer", ""])
KINDS = st.sampled_from(["attributable", "role_only", N])


@given(st.lists(st.tuples(NAMES, KINDS, st.integers(1, 12)), min_size=1, max_size=8), st.integers(2, 10))
def test_every_shown_group_hides_each_non_attributable_contributor_in_a_crowd(groups, k: int) -> None:
    table = people(*groups)
    shown = shown_groups(table, passages(table), Disclosure(min_group=k))
    hidden = table[table["attribution"] == N]
    sizes = hidden["contributor_id"].map(shown).value_counts()
    named = sizes.drop(ANYBODY, errors="ignore")
    assert (named >= k).all()
    if ANYBODY in sizes and len(named):
        assert sizes[ANYBODY] >= k


def test_a_line_is_what_was_agreed_or_the_group() -> None:
    table = people(("Buyer", "attributable", 1), ("Buyer", N, 6))
    lines = attribution_lines(table, shown_groups(table, passages(table), K6))
    assert lines["c0"] == "Jo, Acme"
    assert {lines[f"c{n}"] for n in range(1, 7)} == {"Buyer"}


@pytest.mark.parametrize(
    ("groups", "silent", "least"),
    [
        ([("Officer", "attributable", 3)], 0, 1),
        ([("Officer", "attributable", 3), ("Buyer", "role_only", 1)], 0, 3),
        ([("Officer", "attributable", 3), ("Buyer", N, 1)], 0, 3),
        ([("Officer", "attributable", 3), ("Buyer", N, 1)], 1, 1),  # who says nothing is not told of
    ],
)
def test_one_person_is_enough_for_a_word_only_where_all_who_speak_may_be_named(groups, silent: int, least: int):
    table = people(*groups)
    heard = passages(table.iloc[: len(table) - silent])
    assert keyword_rule(Disclosure(), table, heard).min_keyword_contributors == least
