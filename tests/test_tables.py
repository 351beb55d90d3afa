"""Contracts: each rule refuses what breaks it, by table and column, and never says what stood there."""

import pandas as pd
import pytest

from pipeline.tables import ALL_TABLES, Column, ContractBroken, TableSpec, Zone, check, conform, set_aside_rows

SPEC = TableSpec(
    "things",
    Zone.WORKING,
    (
        Column("id", unique=True, filled=True),
        Column("kind", allowed=("good", "bad")),
        Column("n", "int", low=1, high=9),
        Column("share", "float", low=0.0),
        Column("sure", "bool"),
    ),
    ("n", "id"),
)


def rows(**changes: list[object]) -> pd.DataFrame:
    good = {"id": ["canary", "a"], "kind": ["good", "bad"], "n": [2, 1], "share": [0.5, 0.0], "sure": [True, False]}
    return pd.DataFrame({**good, **changes})


def test_rows_are_put_into_order_and_other_columns_left_out() -> None:
    table = conform(rows(extra=["canary", "canary"])[["n", "extra", "sure", "id", "share", "kind"]], SPEC)
    assert list(table.columns) == SPEC.names
    assert list(table["id"]) == ["a", "canary"] and list(table.index) == [0, 1]
    assert conform(rows().iloc[::-1], SPEC).equals(table)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"id": ["canary", "canary"]}, "column id: 1 row.* 'unique'"),
        ({"id": ["canary", ""]}, "column id: 1 row.* 'not empty'"),
        ({"id": ["canary", None]}, "column id: missing values"),
        ({"kind": ["good", "canary"]}, "column kind: 1 row.* 'known value'"),
        ({"n": [0, 1]}, "column n: 1 row.* 'at least 1'"),
        ({"n": [10, 1]}, "column n: 1 row.* 'at most 9'"),
        ({"share": [-0.1, 0.0]}, "column share: 1 row.* 'at least 0.0'"),
        ({"share": [float("nan"), 0.0]}, "column share: missing values"),
    ],
)
def test_each_rule_refuses_what_breaks_it(changes: dict[str, list[object]], complaint: str) -> None:
    with pytest.raises(ContractBroken, match=f"table things, {complaint}") as caught:
        conform(rows(**changes), SPEC)
    assert "canary" not in str(caught.value)


def test_a_table_that_is_read_is_held_to_the_same_rules() -> None:
    table = conform(rows(), SPEC)
    assert check(table, SPEC) is table
    for broken, complaint in (
        (table.assign(extra=1), "other columns"),
        (table[["kind", "id", "n", "share", "sure"]], "other columns"),
        (table.assign(share=[float("nan"), 1.0]), "no missing values"),
    ):
        with pytest.raises(ContractBroken, match=complaint):
            check(broken, SPEC)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ContractBroken, match=r"lacks column\(s\) kind, sure"):
        conform(rows().drop(columns=["kind", "sure"]), SPEC)


def test_what_identifies_may_lie_in_private_only() -> None:
    """Every column that holds names, addresses, file names or original words, by the table it belongs to."""
    private = {name for name, spec in ALL_TABLES.items() if spec.zone is Zone.PRIVATE}
    assert private == {"files", "rows", "contributors", "documents", "segments", "redactions", "reviews"}
    identifying = {"name", "email", "organisation", "role", "other_identifiers", "consent_wording", "path"}
    for name in set(ALL_TABLES) - private:
        assert not identifying & set(ALL_TABLES[name].names), name


def test_nobody_who_asked_not_to_be_quoted_can_be_described_as_anything_else() -> None:
    row = {"contributor_id": "c", "quotable": False, "stakeholder_group": "", "attribution_line": "", "wave": 1}
    with pytest.raises(ContractBroken, match="attribution"):
        conform(pd.DataFrame([{**row, "attribution": "do_not_quote"}]), ALL_TABLES["attributions"])


def test_a_quote_without_a_description_is_refused() -> None:
    row = {
        "quote_id": "T01-Q1",
        "theme_id": "T01",
        "rank": 1,
        "passage_id": "p",
        "document_id": "d",
        "start": 0,
        "end": 5,
    }
    row |= {
        "text": "words",
        "attribution_line": "PC",
        "stakeholder_group": "Officer",
        "question_id": "",
        "source_kind": "survey",
    }
    assert len(conform(pd.DataFrame([row]), ALL_TABLES["quotes"])) == 1
    for column in ("text", "attribution_line", "stakeholder_group", "passage_id"):
        with pytest.raises(ContractBroken, match=column):
            conform(pd.DataFrame([{**row, column: ""}]), ALL_TABLES["quotes"])


def test_an_empty_table_has_the_types_of_a_full_one() -> None:
    for spec in ALL_TABLES.values():
        assert check(spec.empty(), spec).empty
        assert conform(spec.empty(), spec).dtypes.equals(spec.empty().dtypes)


def test_what_is_set_aside_keeps_its_ids_and_reason() -> None:
    table = conform(set_aside_rows("split", "segment", ["b", "a"], "too_short"), ALL_TABLES["set_aside"])
    assert table.to_dict("list") == {
        "stage": ["split", "split"], "what": ["segment", "segment"], "id": ["a", "b"], "reason": ["too_short"] * 2
    }  # fmt: skip
