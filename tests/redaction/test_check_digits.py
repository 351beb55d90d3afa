"""Every check digit lets the right number through, and next to none that is off by one digit."""

from collections.abc import Callable

import pytest

from pipeline.redaction.check_digits import is_iban, is_luhn, is_nhs_number, is_utr, is_vat_number

NUMBERS = [
    (is_nhs_number, "9434765919"),
    (is_luhn, "4539148803436467"),
    (is_luhn, "490154203237518"),
    (is_iban, "GB29NWBK60161331926819"),
    (is_iban, "DE89370400440532013000"),
    (is_vat_number, "980780684"),
    (is_vat_number, "434031494"),  # by the older sum
    (is_utr, "1955839661"),
]


@pytest.mark.parametrize(("is_right", "number"), NUMBERS)
def test_one_digit_decides(is_right: Callable[[str], bool], number: str) -> None:
    assert is_right(number)
    slips = [
        f"{number[:n]}{other}{number[n + 1 :]}"
        for n, digit in enumerate(number)
        if digit.isdigit()
        for other in "0123456789"
    ]
    passed = sum(is_right(slip) for slip in slips if slip != number)
    # A VAT number may be right by either of two sums, and two remainders have one check digit in a UTR.
    assert passed <= (10 if is_right in {is_vat_number, is_utr} else 0)


@pytest.mark.parametrize(("is_right", "number"), NUMBERS)
def test_as_many_digits_as_there_are(is_right: Callable[[str], bool], number: str) -> None:
    if is_right is not is_luhn:
        assert not is_right(number[:-1]) and not is_right(f"{number}{number}")


def test_a_digit_repeated_is_no_number() -> None:
    assert not any(
        is_right("0" * n)
        for is_right, n in ((is_nhs_number, 10), (is_luhn, 16), (is_vat_number, 9), (is_utr, 10), (is_iban, 22))
    )
