"""The labels of identifying details, and whether each identifies directly."""

DIRECT = frozenset(
    {
        "PERSON", "EMAIL", "PHONE", "NATIONAL_ID", "OFFICER_NUMBER", "REFERENCE_NUMBER", "VEHICLE", "POSTCODE",
        "ADDRESS", "HANDLE", "URL", "REDACTED",
    }
)  # fmt: skip
QUASI = frozenset({"FORCE", "LOCATION", "ORGANISATION", "UNIT", "ROLE", "DATE", "AGE", "HEALTH", "FAMILY"})
LABELS = DIRECT | QUASI


def kind(label: str) -> str:
    """ "direct" or "quasi"."""
    return "direct" if label in DIRECT else "quasi"
