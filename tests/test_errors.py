"""Errors: a schedule acts on their codes, a person on their words; both must be all there."""

import pytest

from pipeline import errors
from pipeline.errors import InputError, Problem, QuotebankError, StageFailed


@pytest.mark.parametrize(
    ("name", "code", "kind"),
    [
        ("QuotebankError", 1, "internal"),
        ("ConfigError", 10, "configuration"),
        ("InputError", 11, "input"),
        ("ConsentError", 12, "consent"),
        ("RefusedError", 13, "refused"),
        ("ModelError", 14, "model"),
        ("StageFailed", 1, "internal"),
    ],
)
def test_each_kind_has_its_exit_code(name: str, code: int, kind: str) -> None:
    error = getattr(errors, name)
    assert issubclass(error, QuotebankError)
    assert (error.exit_code, error.kind) == (code, kind)


def test_every_problem_is_told_with_its_remedy() -> None:
    error = InputError(Problem("a.csv", "is empty", "export it again"), Problem("b.csv", "is damaged"))
    assert error.messages == ["a.csv: is empty → export it again", "b.csv: is damaged"]
    assert str(error) == "\n".join(error.messages)


def test_a_failed_stage_says_which_and_of_what_kind() -> None:
    assert "stage quotes" in str(StageFailed("quotes", "ValueError"))
    assert "ValueError" in str(StageFailed("quotes", "ValueError"))
    assert "private/errors.log" in str(StageFailed("quotes", "ValueError"))
