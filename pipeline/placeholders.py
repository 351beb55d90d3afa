"""Placeholders such as `[person]`, `[police force 2]` and `[in 40s]`: every word they may say, and how to see them."""

import re

# What a reader sees in place of a masked detail, by label.
MASKED = {
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
SUPPLIER = "supplier"  # an ORGANISATION that employs a contributor of the Supplier group
# What may stand in place of a generalised one: wide classes, by label.
GENERALISED = {
    "FORCE": ("county force", "metropolitan force", "national force"),
    "LOCATION": ("city", "county"),
    "ORGANISATION": ("university", "school", "council", "hospital", "NHS trust", "charity", "company"),
    "UNIT": ("operation",),
    "ROLE": ("police officer", "senior manager"),
    "AGE": ("under 20", "in 20s", "in 30s", "in 40s", "in 50s", "in 60s", "in 70s", "80 or over"),
    "FAMILY": ("family member",),
}

_NOUNS = (*MASKED.values(), SUPPLIER, *(noun for nouns in GENERALISED.values() for noun in nouns))
# A generalised DATE is a year, the one placeholder that no list can hold.
PLACEHOLDER = re.compile(rf"\[(?:(?P<noun>{'|'.join(map(re.escape, _NOUNS))})(?: [0-9]{{1,4}})?|(?:19|20)[0-9]{{2}})\]")
# Nor is a transcriber's "[inaudible]" a theme, nor the "[Name Redacted]" of whoever had the text before us.
_NOTE = re.compile(
    r"\[(?:[a-z][a-z' -]{0,40}(?: \d{1,4})?"
    r"|[^\[\]]{0,40}\b(?i:redacted|removed|withheld|anonymi[sz]ed|names?|unreadable|illegible|inaudible)\b[^\[\]]{0,40})\]"
)
_BEFORE_PUNCTUATION = re.compile(r"\s+([,.;:!?)])")


def without_placeholders(text: str) -> str:
    """The text with every placeholder taken out and the gaps closed; empty if there was nothing else."""
    if "[" not in text:
        return " ".join(text.split())
    words = _NOTE.sub(" ", PLACEHOLDER.sub(" ", text))
    return _BEFORE_PUNCTUATION.sub(r"\1", " ".join(words.split()))
