"""Finding the words a reviewer names in the original text, however a spreadsheet has rendered them."""

import regex

from pipeline.redaction.shadow import make_shadow

_QUOTATION_MARKS = "\"'“”‘’ \t"


def named_words(cell: str) -> list[str]:
    """The words of a cell, one a line or separated by semicolons."""
    parts = (part.strip(_QUOTATION_MARKS) for line in cell.splitlines() for part in line.split(";"))
    return list(dict.fromkeys(part for part in parts if part))


def find_words(text: str, words: str) -> list[tuple[int, int]]:
    """Extents of `words` in `text`, whole words only; in any capitals only if they do not occur as written.

    Spaces match line ends, and look-alike characters each other: both sides are compared as shadows.
    """
    shadow = make_shadow(text)
    parts = make_shadow(words).text.split()
    if not parts:
        return []
    pattern = r"\s+".join(regex.escape(part) for part in parts)
    pattern = (r"(?<!\w)" if parts[0][0].isalnum() else "") + pattern + (r"(?!\w)" if parts[-1][-1].isalnum() else "")
    found = list(regex.finditer(pattern, shadow.text)) or list(regex.finditer(pattern, shadow.text, regex.IGNORECASE))
    return [shadow.to_original(*match.span()) for match in found]
