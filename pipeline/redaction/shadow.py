"""A plain shadow of a text, on which everything is detected, and the way back to the original's offsets.

Hidden characters, look-alike letters, entities and typographic variants defeat name matching; a reader does not see
them. The shadow removes them, and only offsets ever travel back, so the text outside placeholders stays as it was.
"""

import html
import re
import unicodedata
from dataclasses import dataclass

# Letters of other scripts that look like Latin ones in running text. Upper and lower case of Cyrillic and Greek.
_LOOKALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТУХЗаеорсухіјѕԁһԛԝӏ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαονρυιϲ",
    "ABESIJKMHOPCTYX3aeopcyxijsdhqwl" + "ABEZHIKMNOPTYXaovpuic",
)
_TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´ʼʹ", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−﹘", "-"),
        "ı": "i", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "æ": "ae", "Æ": "AE", "ß": "ss",
        "‹": "<", "›": ">", "…": "...",
    }
)  # fmt: skip
_DROPPED = frozenset({"Cf", "Mn", "Me"})
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


@dataclass(frozen=True)
class Shadow:
    """`text` is the shadow; character i of it stands for original[starts[i]:ends[i]]."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def to_original(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the original of the non-empty shadow[start:end]; never cuts a character of the original."""
        return self.starts[start], self.ends[end - 1]


def make_shadow(original: str) -> Shadow:
    """The shadow of `original`. Case and line breaks are kept."""
    if original.isascii() and "&" not in original and "`" not in original:
        offsets = tuple(range(len(original) + 1))
        return Shadow(original, offsets[:-1], offsets[1:])
    text: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end, character in _units(original):
        plain = _plain(character)
        if not plain and ends:
            ends[-1] = end  # a hidden character belongs to the one before it, so that a mask covers it too
            for i in range(len(ends) - 2, -1, -1):
                if starts[i] != starts[-1]:
                    break
                ends[i] = end
        for letter in plain:
            text.append(letter)
            starts.append(start)
            ends.append(end)
    return Shadow("".join(text), tuple(starts), tuple(ends))


def _units(original: str) -> list[tuple[int, int, str]]:
    """Start, end and character of every character or HTML entity."""
    units: list[tuple[int, int, str]] = []
    position = 0
    for entity in _ENTITY.finditer(original):
        decoded = html.unescape(entity.group())
        if decoded == entity.group() or len(decoded) > 2:
            continue
        units += [(i, i + 1, original[i]) for i in range(position, entity.start())]
        units.append((entity.start(), entity.end(), decoded))
        position = entity.end()
    units += [(i, i + 1, original[i]) for i in range(position, len(original))]
    return units


def _plain(character: str) -> str:
    if character.isascii() and character != "`":
        return character
    out: list[str] = []
    for letter in unicodedata.normalize("NFKD", character.translate(_TYPOGRAPHY)):
        category = unicodedata.category(letter)
        if category in _DROPPED:
            continue
        out.append(" " if category == "Zs" else letter.translate(_LOOKALIKES).translate(_TYPOGRAPHY))
    return "".join(out)


_WORD = re.compile(r"[^\W\d_]{2,}")
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")


def has_mixed_script(original: str) -> bool:
    """Whether a word of the original mixes alphabets that look alike, or hides a format character inside."""
    if original.isascii():
        return False
    for match in _WORD.finditer(original):
        scripts = {_script(letter) for letter in match.group()} - {""}
        if len(scripts) > 1:
            return True
    return _HIDDEN.search(original) is not None


_HIDDEN = re.compile(r"\w[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]+\w")
_SPACED = re.compile(r"(?<![\w'])(?:[A-Za-z][ .\-_*]{1,2}){3,}[A-Za-z](?![\w'])")


def has_spaced_letters(shadow: str) -> bool:
    """Whether single letters are set apart to spell a word, as in "b l o g g s"."""
    return any(any(c in " *_-" for c in match.group()) for match in _SPACED.finditer(shadow))


def _script(letter: str) -> str:
    if letter.isascii():
        return "LATIN"
    name = unicodedata.name(letter, "")
    return next((script for script in _SCRIPTS if name.startswith(script)), "")
