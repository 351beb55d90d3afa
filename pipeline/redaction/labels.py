"""The labels, whether each identifies directly, and what a reader sees in its place."""

import re

DIRECT = frozenset(
    {
        "PERSON", "EMAIL", "PHONE", "NATIONAL_ID", "OFFICER_NUMBER", "REFERENCE_NUMBER", "VEHICLE", "POSTCODE",
        "ADDRESS", "HANDLE", "URL", "REDACTED",
    }
)  # fmt: skip
QUASI = frozenset({"FORCE", "LOCATION", "ORGANISATION", "UNIT", "ROLE", "DATE", "AGE", "HEALTH", "FAMILY"})
LABELS = DIRECT | QUASI

PLACEHOLDERS = {
    "PERSON": "person",
    "EMAIL": "email",
    "PHONE": "phone number",
    "NATIONAL_ID": "national id",
    "OFFICER_NUMBER": "officer number",
    "REFERENCE_NUMBER": "reference number",
    "VEHICLE": "vehicle",
    "POSTCODE": "postcode",
    "ADDRESS": "address",
    "HANDLE": "handle",
    "URL": "web address",
    "FORCE": "police force",
    "LOCATION": "place",
    "ORGANISATION": "organisation",
    "UNIT": "unit",
    "ROLE": "role",
    "DATE": "date",
    "AGE": "age",
    "HEALTH": "health detail",
    "FAMILY": "family detail",
    "REDACTED": "redacted",
}
SUPPLIER_NAME = "SUPPLIER_NAME"  # a finding only: a firm or product, masked in a supplier's own text alone
SUPPLIER = "supplier"  # an ORGANISATION that employs a contributor of the Supplier group
NUMBERED = frozenset({"PERSON", "FORCE", "LOCATION", "ORGANISATION"})

PLACEHOLDER = re.compile(r"\[(?:" + "|".join([*PLACEHOLDERS.values(), SUPPLIER]) + r")(?: [0-9]{1,4})?\]")


def kind(label: str) -> str:
    """ "direct" or "quasi"."""
    return "direct" if label in DIRECT else "quasi"
