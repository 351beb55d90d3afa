"""A plain shadow of a text, on which everything is detected, and the way back to the original's offsets.

Hidden characters, look-alike letters, entities and typographic variants defeat name matching; a reader does not see
them. The shadow removes them, and only offsets ever travel back, so the text outside placeholders stays as it was.
"""

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

# Letters of other scripts that look like Latin ones in running text. Upper and lower case of Cyrillic and Greek.
_LOOKALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТУХЗаеорсухіјѕԁһԛԝӏ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαονρυιϲ" + "ɑɡɩʟ" + "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋᴌᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ",
    "ABESIJKMHOPCTYX3aeopcyxijsdhqwl" + "ABEZHIKMNOPTYXaovpuic" + "agil" + "abcdefghijklmnoprstuvwyz",
)
# Alphabets of signs that do not decompose: negative circled, negative squared, and the letters of flags.
_SIGN_ALPHABETS = (0x1F150, 0x1F170, 0x1F1E6)
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
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and signs that print nothing
_LINE_ENDS = frozenset("\x0b\x0c\x85\u2028\u2029")
# An entity may have been escaped again on its way; a browser reads a numeric one without its semicolon.
_ENTITY = r"&(?:amp;)*(?:#[0-9]{1,7}(?![0-9]);?|#[xX][0-9a-fA-F]{1,6}(?![0-9a-fA-F]);?|[A-Za-z][A-Za-z0-9]{1,31};)"
# Tags of running text, comments, and a hyphen that only breaks a word at the end of a line: nothing a reader would see.
_UNSEEN = (
    r"</?(?:a|b|big|code|em|font|i|ins|mark|s|small|span|strong|sub|sup|tt|u|wbr)(?: [^<>]{0,80})?/?>"
    r"|<!--[^<>]{0,80}-->|(?<=[^\W\d_])[-‐]\r?\n(?=[a-z])"
)
_ENTITY_OR_UNSEEN = re.compile(rf"(?P<unseen>{_UNSEEN})|{_ENTITY}")
_TO_FOLD = re.compile(r"[&`\t<\x00-\x08\x0b-\x1f\x7f]|  |-\r?\n")


@dataclass(frozen=True)
class Shadow:
    """`text` is the shadow; character i of it stands for original[starts[i]:ends[i]]."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def to_original(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the original of the non-empty shadow[start:end]; never cuts a character of the original."""
        return self.starts[start], self.ends[end - 1]


def make_shadow(original: str) -> Shadow:
    """The shadow of `original`. Case and line breaks are kept; a run of spaces or tabs is one space."""
    if original.isascii() and not _TO_FOLD.search(original):
        return Shadow(original, range(len(original)), range(1, len(original) + 1))
    text: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end, character in _units(original):
        plain = _plain(character)
        if plain == " " and text and text[-1] == " ":
            plain = ""
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
    """Start, end and character of every character or HTML entity; none for what is unseen."""
    units: list[tuple[int, int, str]] = []
    position = 0
    for match in _ENTITY_OR_UNSEEN.finditer(original):
        decoded = "" if match["unseen"] else _decoded(match.group())
        if decoded == match.group() or len(decoded) > 2:
            continue
        units += [(i, i + 1, original[i]) for i in range(position, match.start())]
        units.append((match.start(), match.end(), decoded))
        position = match.end()
    units += [(i, i + 1, original[i]) for i in range(position, len(original))]
    return units


def _decoded(entity: str) -> str:
    """The character of an entity that may have been escaped several times."""
    while (decoded := html.unescape(entity)) != entity:
        entity = decoded
    return entity


def _plain(character: str) -> str:
    if character in _LINE_ENDS:
        return "\n"
    if character.isascii() and character != "`":
        return " " if character == "\t" else character if character.isprintable() or character in "\r\n" else ""
    out: list[str] = []
    for letter in unicodedata.normalize("NFKD", character.translate(_TYPOGRAPHY)):
        category = unicodedata.category(letter)
        if category in _DROPPED or letter in _BLANK:
            continue
        if category == "Zs":
            out.append(" ")
        elif category == "Nd":
            out.append(str(unicodedata.decimal(letter)))
        else:
            out.append(_sign_letter(letter) or letter.translate(_LOOKALIKES).translate(_TYPOGRAPHY))
    return "".join(out)


def _sign_letter(sign: str) -> str:
    """The capital that a circled or squared sign or half of a flag stands for; empty for anything else."""
    return next((chr(ord("A") + ord(sign) - first) for first in _SIGN_ALPHABETS if 0 <= ord(sign) - first < 26), "")


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


def _script(letter: str) -> str:
    if letter.isascii():
        return "LATIN"
    name = unicodedata.name(letter, "")
    return next((script for script in _SCRIPTS if name.startswith(script)), "")
