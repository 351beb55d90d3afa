"""Ways of writing an identifier so that a reader still sees it and a plain search does not, and what to try them on.

Each disguise turns a string into one or none; what it turns into itself is no disguise of it.
"""

import html
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.redaction import Person

PERSON = Person(
    "c1", "Tamsin Oakhurst", "tamsin.oakhurst@northmoor.police.example", "Northmoor Systems Ltd", "Analyst", "Supplier"
)
COLLEAGUE = Person("c2", "Bernadette Quillfeather", "b.quillfeather@intranet.local")
ROSTER = [PERSON, COLLEAGUE]


@dataclass(frozen=True)
class Target:
    """Something that must not get out, and a sentence of ordinary words around it."""

    name: str
    secret: str
    before: str
    after: str = " and nothing came of it."


ASKED = "Then we had to ask "
TARGETS = (
    Target("roster full name", "Bernadette Quillfeather", ASKED),
    Target("roster surname", "Quillfeather", ASKED),
    Target("own first name", "Tamsin", ASKED),
    Target("full name", "Imogen Thackeray", ASKED),
    Target("rank and surname", "Thackeray", "Then we had to ask Sergeant "),
    Target("hyphened name", "Rosalind Pike-Okonjo", ASKED),
    Target("roster e-mail", "b.quillfeather@intranet.local", "Then we had to write to "),
    Target("e-mail", "jo.bloggs@hq-mail01.corp", "Then we had to write to "),
    Target("plain e-mail", "jobloggs@gmail.com", "Then we had to write to "),
    Target("mobile", "07700 900123", "Then we had to ring "),
    Target("landline", "01632 960 983", "Then we had to ring "),
    Target("nino", "AB 12 34 56 C", "Then we had to type "),
    Target("nhs number", "943 476 5919", "Then we had to type "),
    Target("postcode", "ZE1 0AA", "Then we had to drive to "),
    Target("vehicle", "LK19 XTR", "Then we had to move "),
    Target("collar number", "4471", "Then we had to use collar number "),
    Target("crime reference", "42/19384/23", "Then we had to type "),
    Target("handle", "@northmoor_bobby", "Then somebody wrote it as "),
    Target("web address", "https://forms.northmoor.example/a1", "Then we had to go to "),
    Target("force", "West Yorkshire Police", "Then I went to "),
    Target("place", "Middlesbrough", "Then I was sent to "),
    Target("supplier", "Northmoor Systems", "Then we bought one from "),
)  # fmt: skip

CONTROLS = tuple(f"{before}the office{TARGETS[0].after}" for before in sorted({target.before for target in TARGETS}))


def _each_word(change: Callable[[str], str]) -> Callable[[str], str]:
    return lambda secret: " ".join(change(word) for word in secret.split(" "))


def _inside(hidden: str) -> Callable[[str], str]:
    """The hidden characters in the middle of every word."""
    return _each_word(lambda word: word[: len(word) // 2] + hidden + word[len(word) // 2 :])


def _between(joint: str) -> Callable[[str], str]:
    """The joint between all characters of every word, and three of it between words."""
    return lambda secret: (joint * 3 if joint.isspace() else joint).join(joint.join(word) for word in secret.split(" "))


def _table(plain: str, other: str, most: int = 99) -> Callable[[str], str]:
    """Characters of `plain` by those of `other`, `most` times."""
    swaps = dict(zip(plain, other, strict=True))

    def change(secret: str) -> str:
        left = most
        done: list[str] = []
        for c in secret:
            done.append(swaps[c] if c in swaps and left else c)
            left -= c in swaps and left > 0
        return "".join(done)

    return change


def _shifted(upper: int, lower: int, digit: int = 0) -> Callable[[str], str]:
    """Letters and digits moved to alphabets that begin at these code points."""

    def one(c: str) -> str:
        if "A" <= c <= "Z":
            return chr(upper + ord(c) - 65)
        if "a" <= c <= "z":
            return chr(lower + ord(c) - 97)
        return chr(digit + ord(c) - 48) if "0" <= c <= "9" and digit else c

    return lambda secret: "".join(map(one, secret))


def _entities(form: str) -> Callable[[str], str]:
    return lambda secret: "".join(form.format(ord(c)) if c.isalnum() or c in "@." else c for c in secret)


def _spoken(at: str, dot: str) -> Callable[[str], str]:
    return lambda secret: secret.replace("@", at).replace(".", dot) if "@" in secret[1:] else secret


def _full_width(secret: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else "\u3000" if c == " " else c for c in secret)


CYRILLIC = ("ABEHIKMOPCTXaeopcyxis", "АВЕНІКМОРСТХаеорсухіѕ")
GREEK = ("ABEHIKMNOPTXZovu", "ΑΒΕΗΙΚΜΝΟΡΤΧΖονυ")
SMALL_CAPITALS = ("abcdefghijklmnoprstuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ")

DISGUISES: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "zero-width space": _inside("\u200b"),
    "zero-width space throughout": _between("\u200b"),
    "zero-width joiner": _inside("\u200d"),
    "zero-width non-joiner": _inside("\u200c"),
    "word joiner": _inside("\u2060"),
    "byte order mark": _inside("\ufeff"),
    "soft hyphen": _inside("\u00ad"),
    "combining grapheme joiner": _inside("\u034f"),
    "variation selector": _inside("\ufe0f"),
    "tag character": _inside("\U000e0061"),
    "Hangul filler": _inside("\u3164"),
    "braille blank": _inside("\u2800"),
    "control character": _inside("\x1f"),
    "bidi override around": lambda s: f"\u202d{s}\u202c",
    "bidi isolate inside": _inside("\u2066\u2069"),
    "backwards under a bidi override": lambda s: f"\u202e{s[::-1]}\u202c",
    "full width": _full_width,
    "mathematical bold": _shifted(0x1D400, 0x1D41A, 0x1D7CE),
    "mathematical fraktur": _shifted(0x1D56C, 0x1D586),
    "circled": _shifted(0x24B6, 0x24D0),
    "negative circled": lambda s: _shifted(0x1F150, 0x1F150)(s.upper()),
    "squared": lambda s: _shifted(0x1F130, 0x1F130)(s.upper()),
    "regional indicators": lambda s: _shifted(0x1F1E6, 0x1F1E6)(s.upper()),
    "small capitals": lambda s: _table(*SMALL_CAPITALS)(s.lower()),
    "one Cyrillic letter": _table(*CYRILLIC, most=1),
    "Cyrillic letters": _table(*CYRILLIC),
    "one Greek letter": _table(*GREEK, most=1),
    "Greek letters": _table(*GREEK),
    "Armenian letters": _table("ohSUu", "օհՏՍս"),
    "dotless and script letters": _table("ialg", "ıɑⅼɡ"),
    "precomposed accents": _table("aeiounsc", "áèîöüñšç"),
    "combining accents": lambda s: "".join(c + "\u0301" if c in "aeioun" else c for c in s),
    "decomposed": lambda s: unicodedata.normalize("NFD", _table("aeiou", "áèîöü")(s)),
    "struck through": lambda s: "".join(c + "\u0336" for c in s),
    "decimal entities": _entities("&#{};"),
    "hexadecimal entities": _entities("&#x{:x};"),
    "entities without a semicolon": _entities("&#{}"),
    "entities of entities": lambda s: html.escape(_entities("&#{};")(s)),
    "named entities": lambda s: s.replace("@", "&commat;").replace(".", "&period;").replace(" ", "&nbsp;"),
    "percent-encoded": lambda s: s.replace("@", "%40").replace(" ", "%20"),
    "spaced letters": _between(" "),
    "dotted letters": _between("."),
    "hyphened letters": _between("-"),
    "underscored letters": _between("_"),
    "starred letters": _between("*"),
    "slashed letters": _between("/"),
    "no-break space": lambda s: s.replace(" ", "\u00a0"),
    "thin space": lambda s: s.replace(" ", "\u2009"),
    "two spaces": lambda s: s.replace(" ", "  "),
    "tab": lambda s: s.replace(" ", "\t"),
    "line break between words": lambda s: s.replace(" ", "\n"),
    "line and paragraph separators": lambda s: s.replace(" ", "\u2028"),
    "line break inside": _inside("\n"),
    "hyphen and line break inside": _inside("-\n"),
    "no space": lambda s: s.replace(" ", ""),
    "leet": _table("aeios", "43105"),
    "leet with signs": _table("aeis", "@3!$"),
    "one digit for a letter": _table("oie", "013", most=1),
    "one star for a vowel": _table("aeiou", "*****", most=1),
    "capitals": str.upper,
    "lower case": str.lower,
    "swapped case": str.swapcase,
    "alternating case": lambda s: "".join(c.upper() if i % 2 else c.lower() for i, c in enumerate(s)),
    "underscore between words": lambda s: s.replace(" ", "_"),
    "bold markup": lambda s: f"**{s[:2]}**{s[2:]}",
    "tags inside": _inside("<b></b>"),
    "comment inside": _inside("<!-- -->"),
    "possessive": lambda s: f"{s}'s" if s[-1].isalpha() else s,
    "in brackets": lambda s: f"({s})",
    "in quotes": lambda s: f"“{s}”",
    "hashtag": lambda s: "#" + s.replace(" ", ""),
    "(at) and (dot)": _spoken("(at)", "(dot)"),
    "[at] and [dot]": _spoken(" [at] ", " [dot] "),
    "{at} and {dot}": _spoken("{at}", "{dot}"),
    "at and dot": _spoken(" at ", " dot "),
    "AT and DOT": _spoken(" AT ", " DOT "),
    "-at- and -dot-": _spoken("-at-", "-dot-"),
    "_at_": _spoken("_at_", "."),
    "at alone": _spoken(" at ", "."),
    "spaces round the at": _spoken(" @ ", "."),
    "spaces round the dots": _spoken(" @ ", " . "),
    "full-width at": _spoken("＠", "．"),
    "small at": _spoken("﹫", "."),
    "zero-width in the domain": _spoken("@\u200b", "\u200b."),
    "Arabic digits": _shifted(65, 97, 0x0660),
    "superscript digits": _table("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"),
    "letters for digits": _table("01", "Ol"),
    "numbers with dots": lambda s: s.replace(" ", ".") if any(c.isdigit() for c in s) else s,
    "numbers with dashes": lambda s: s.replace(" ", "–") if any(c.isdigit() for c in s) else s,
    "numbers with slashes": lambda s: s.replace(" ", "/") if any(c.isdigit() for c in s) else s,
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A disguised target in its sentence; text[start:end] must be masked, or the passage held."""

    disguise: str
    target: str
    text: str
    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.target}, {self.disguise}"


def cases() -> Iterator[Case]:
    """Every disguise of every target that it changes, once."""
    seen: set[str] = set()
    for target in TARGETS:
        for name, disguise in DISGUISES.items():
            written = disguise(target.secret)
            text = f"{target.before}{written}{target.after}"
            if text not in seen:
                seen.add(text)
                secret = written.removesuffix("'s")
                yield Case(name, target.name, text, len(target.before), len(target.before) + len(secret))
