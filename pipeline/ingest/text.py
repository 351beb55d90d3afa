"""Text as it comes out of files: encodings, control characters, and what counts as blank or as the same header."""

import codecs
import re
import unicodedata
from collections.abc import Iterable

from pipeline.ingest.unreadable import Unreadable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ONE_BYTE = ("cp1252", "mac_roman")  # what Excel writes on Windows and on older Macs; the first wins a tie
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_MOJIBAKE = re.compile("\ufffd|Ã[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€[\x80-\xbf™œ˜“”¦¢\x9d]|Â[£°·\xa0]")
_DAMAGE_SHARE = 0.002  # of all characters; a few answers pasted in from elsewhere stay below it
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))


def decode(data: bytes, encoding: str | None = None) -> str:
    """The text of a file, in `encoding` or the one it is found to be in. Raises Unreadable("encoding").

    UTF-8 or a byte order mark decide by themselves. What is left is almost always one of two one-byte encodings, which
    statistical detectors confuse with their neighbours on English text (charset-normalizer 3.5 took Mac Roman and
    Windows-1252 exports for cp1250), so the two are told apart by which gives likelier accents and quotation marks.
    """
    try:
        text = data.decode(encoding or _encoding(data))
    except (UnicodeDecodeError, LookupError):
        raise Unreadable("encoding") from None
    text = text.removeprefix("\ufeff")
    if len(_MOJIBAKE.findall(text)) > _DAMAGE_SHARE * len(text):
        raise Unreadable("encoding")
    return text


def _encoding(data: bytes) -> str:
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name
    sample = data[:4000]
    if sample.count(0) > len(sample) / 4:
        return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        scores = {name: _plausibility(data.decode(name, "replace")) for name in _ONE_BYTE}
        best = max(_ONE_BYTE, key=lambda name: scores[name])
        if scores[best] < -_DAMAGE_SHARE * len(data):
            raise Unreadable("encoding") from None
        return best
    return "utf-8"


def _plausibility(text: str) -> int:
    """Likely non-ASCII characters less unlikely ones: “don’t” against “donÕt”."""
    score = 0
    for found in re.finditer(r"[^\x00-\x7f]", text):
        char, before = found.group(), text[max(found.start() - 1, 0) : found.start()]
        if char in "‘’“”–—…£€•\xa0":
            score += 1
        elif char.islower():
            score += 1 if before.isalpha() else 0
        elif char.isupper():
            score -= 1 if before.islower() else 0
        else:
            score -= 2 if char == "\ufffd" or unicodedata.category(char)[0] == "C" else 1
    return score


def clean(text: str) -> str:
    """The text with every line break as one newline and without control characters; nothing else changes."""
    return _SURROGATES.sub("\ufffd", _CONTROLS.sub("", _BREAKS.sub("\n", text)))


def is_blank(text: str) -> bool:
    """True if nothing in it can be seen: white space and invisible characters only."""
    return all(char.isspace() or unicodedata.category(char) in ("Cf", "Cc", "Mn") for char in text)


def squeezed(text: str) -> str:
    """One line: invisible characters removed, every run of white space one space, none at the ends."""
    visible = (char for char in text.replace("_x000D_", " ") if unicodedata.category(char) != "Cf")
    return " ".join("".join(visible).split())


def folded(text: str) -> str:
    """How headers, speaker labels and file names are compared: squeezed, without case, every dash a hyphen."""
    return unicodedata.normalize("NFC", squeezed(text)).translate(_DASHES).casefold()


def unique(values: Iterable[str]) -> list[str]:
    """The values in order, without blanks and repeats."""
    return list(dict.fromkeys(value for value in values if not is_blank(value)))
