"""Placeholders such as `[person]` and `[police force 2]`: how to see them, and text with them gone."""

import re

# Deliberately wider than the words redaction uses today: a bracketed note is no theme either.
PLACEHOLDER = re.compile(r"\[[a-z][a-z' -]{0,40}(?: \d{1,4})?\]")
_BEFORE_PUNCTUATION = re.compile(r"\s+([,.;:!?)])")


def without_placeholders(text: str) -> str:
    """The text with every placeholder taken out and the gaps closed; empty if there was nothing else."""
    if "[" not in text:
        return " ".join(text.split())
    return _BEFORE_PUNCTUATION.sub(r"\1", " ".join(PLACEHOLDER.sub(" ", text).split()))
