"""Ids in = ids out + ids set aside, or the stage fails."""

import numpy as np
import pandas as pd
import pytest

from pipeline.balance import FILES, Balance, reasons, weigh
from pipeline.steps import STAGES
from pipeline.store import Output
from pipeline.tables import ContractBroken

BALANCE = Balance("passage", ("passages", "passage_id"), ("quotes", "passage_id"))


def output(quoted: list[str], aside: list[str], what: str = "passage") -> Output:
    set_aside = pd.DataFrame({"stage": "quotes", "what": what, "id": aside, "reason": "unassigned"})
    return Output({"quotes": pd.DataFrame({"passage_id": quoted}), "set_aside": set_aside})


def test_what_adds_up_is_counted() -> None:
    found = weigh("quotes", BALANCE, {"a", "b", "c"}, output(["a", "a"], ["b", "c"]))
    assert found == {"unit": "passage", "in": 3, "out": 1, "set_aside": 2}
    assert reasons(output(["a"], ["b", "c"])) == {"passage": {"unassigned": 2}}


@pytest.mark.parametrize(
    ("quoted", "aside", "what"),
    [
        (["a"], ["b"], "passage"),  # c is lost
        (["a", "x"], ["b", "c"], "passage"),  # x came from nowhere
        (["a", "b"], ["b", "c"], "passage"),  # b is both
        (["a"], ["b", "c"], "segment"),  # not what was counted
        (["a", "b", "x"], [], "passage"),  # the number is right, the ids are not
    ],
)
def test_what_does_not_add_up_stops_the_stage(quoted: list[str], aside: list[str], what: str) -> None:
    with pytest.raises(ContractBroken, match="stage quotes does not add up"):
        weigh("quotes", BALANCE, {"a", "b", "c"}, output(quoted, aside, what))


def test_held_rows_that_stay_in_their_table_count_as_set_aside() -> None:
    people = pd.DataFrame({"contributor_id": ["a", "b"], "quotable": [True, False]})
    aside = pd.DataFrame({"stage": "consent", "what": "contributor", "id": ["b"], "reason": "consent_missing"})
    balance = Balance("contributor", ("x", "y"), ("attributions", "contributor_id"), where=("quotable", True))
    assert weigh("consent", balance, {"a", "b"}, Output({"attributions": people, "set_aside": aside}))["out"] == 1
    with pytest.raises(ContractBroken):
        weigh("consent", balance, {"a", "b"}, Output({"attributions": people}))


def test_an_array_has_a_row_for_each_and_files_name_every_id() -> None:
    array = Balance("passage", ("passages", "passage_id"), "vectors")
    assert weigh("embed", array, {"a", "b"}, Output({}, arrays={"vectors": np.zeros((2, 3))}))["out"] == 2
    with pytest.raises(ContractBroken):
        weigh("embed", array, {"a", "b"}, Output({}, arrays={"vectors": np.zeros((1, 3))}))
    files = Balance("quote", ("quotes", "quote_id"), FILES)
    assert weigh("draft", files, {"a", "b"}, Output({}, written=("b", "a")))["out"] == 2
    with pytest.raises(ContractBroken):
        weigh("draft", files, {"a", "b"}, Output({}, written=("a",)))


def test_every_stage_is_weighed() -> None:
    assert [stage.name for stage in STAGES if not stage.balances] == []
