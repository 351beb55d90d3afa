"""Numbers of cards, accounts, taxpayers and devices: by their check digit, or by being called what they are."""
# ruff: noqa: E501 (a pattern reads best in one piece)

from collections.abc import Callable

import regex

from pipeline.redaction.check_digits import is_iban, is_luhn, is_utr, is_vat_number
from pipeline.redaction.findings import CERTAIN
from pipeline.redaction.recognisers.base import Match, Rule

_I = regex.IGNORECASE


def _checked(is_right: Callable[[str], bool]) -> Callable[[Match], bool]:
    return lambda match: is_right(regex.sub(r"[^A-Z0-9]", "", match["x"]))


# Between a word and its number: "my card number, the long one, was".
_UP_TO = r"\b[^.\n\d]{0,30}?"
_NUMBER = r"(?: (?:numbers?|num|no\.?|nos))?"

CARDS = (
    Rule(
        "REFERENCE_NUMBER",
        r"(?<![\w.-])(?P<x>[3-6]\d{3}[ -]?(?:\d{4}[ -]?\d{4}[ -]?\d{1,4}(?:[ -]?\d{3})?|\d{6}[ -]?\d{4,5}))(?![\w-])",
        CERTAIN,
        _checked(is_luhn),
    ),
    Rule(
        "REFERENCE_NUMBER",
        rf"\b(?:card|visa|mastercard|amex){_NUMBER}{_UP_TO}(?P<x>\d{{4}}(?:[ -]?\d{{4}}){{3}}|\d{{4}}[ -]?\d{{6}}[ -]?\d{{5}})(?![\w-])",
        CERTAIN,
        flags=_I,
    ),
)

ACCOUNTS = (
    Rule(
        "REFERENCE_NUMBER",
        r"(?<!\w)(?P<x>[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?)(?!\w)",
        CERTAIN,
        _checked(is_iban),
    ),
    Rule(
        "REFERENCE_NUMBER",
        rf"\bIBAN{_NUMBER}{_UP_TO}(?P<x>\b[A-Z]{{2}}\d{{2}}(?:[ -]?[A-Z0-9]{{4}}){{2,7}}(?:[ -]?(?=[A-Z]?\d)[A-Z0-9]{{1,3}})?)\b",
        CERTAIN,
        flags=_I,
    ),
    Rule(
        "REFERENCE_NUMBER",
        rf"(?:\bsort[ -]?codes?|\bs/c){_UP_TO}(?P<x>\d{{2}}[ -]?\d{{2}}[ -]?\d{{2}})(?![\w-])",
        CERTAIN,
        flags=_I,
    ),
    Rule(
        "REFERENCE_NUMBER",
        rf"(?:\baccount|\bacc|\bacct|\ba/c){_NUMBER}{_UP_TO}(?P<x>\d{{4}} ?\d{{4}}|\d{{7}})(?![\w-])",
        CERTAIN,
        flags=_I,
    ),
    # Sort code and account number beside each other are no date.
    Rule("REFERENCE_NUMBER", r"(?<![\w-])(?P<x>\d{2}-\d{2}-\d{2}),? {0,2}(?P<x>\d{4} ?\d{4})(?![\w-])", CERTAIN),
)

TAXES = (
    Rule("REFERENCE_NUMBER", r"\bGB ?(?P<x>\d{3} ?\d{4} ?\d{2}(?: ?\d{3})?)(?!\w)", CERTAIN, _checked(is_vat_number)),
    Rule(
        "REFERENCE_NUMBER",
        rf"\bVAT(?: (?:reg(?:istration)?|id))?{_NUMBER}{_UP_TO}(?P<x>(?:\bGB ?)?\d{{3}} ?\d{{4}} ?\d{{2}}(?: ?\d{{3}})?)(?!\w)",
        CERTAIN,
        flags=_I,
    ),
    Rule("NATIONAL_ID", r"(?<![\w.,£$-])(?P<x>\d{5} ?\d{5})(?![\w-]|[.,]\d)", 0.9, _checked(is_utr)),
    Rule(
        "NATIONAL_ID",
        rf"\b(?:UTR|tax(?:payer)?(?:'?s)? ref(?:erence)?|self[ -]assessment){_NUMBER}{_UP_TO}(?P<x>\d{{5}} ?\d{{5}}|\d{{3}} \d{{3}} \d{{4}})(?!\w)",
        CERTAIN,
        flags=_I,
    ),
)

_IMEI = r"\d{2}[ -]?\d{6}[ -]?\d{6}[ -]?\d"

DEVICES = (
    Rule("REFERENCE_NUMBER", rf"(?<![\w.-])(?P<x>{_IMEI})(?![\w-])", CERTAIN, _checked(is_luhn)),
    Rule("REFERENCE_NUMBER", rf"\bIMEI{_NUMBER}{_UP_TO}(?P<x>{_IMEI}\d?)(?![\w-])", CERTAIN, flags=_I),
)
