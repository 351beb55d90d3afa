"""Which language a text is in, as far as it matters: English, Welsh at least in part, or another one."""

import re
from collections.abc import Sequence

from pipeline.redaction import gazetteer

_MIN_WORDS = 8  # a shorter text is no evidence of another language
_FEWEST_FUNCTION_WORDS = 0.12  # of all words
_FEWEST_ORDINARY, _FEWEST_ORDINARY_IN_NOTES = 0.4, 0.5
_WINDOW = 8  # words; a clause
_WELSH_IN_WINDOW = 3
_FUNCTION_WORDS = frozenset(
    "the a an and or but of to in on at for with from by as is are was were be been it its that this these those i you "
    "he she we they my our your his her their me us them not no do does did have has had can could will would "
    "should if when what which who there so just about into out up than then all any some more very get got "
    "too like because only "
    "how where don't it's i'm can't too still now one also nothing every never always".split()
)
# Also as they are mutated; nothing that English or an abbreviation of the field spells alike (a, ni, pan, eu, dim).
_WELSH = frozenset(
    "yn yr mae mae'n mae'r maen sy'n sydd yw ydy ydi dw dwi dwi'n ddim nid oes wedi gyda gyda'r ond hefyd hyn hwn "
    "hynny fel ein eich roedd oedd bydd byddai fydd fyddai i'r o'r a'r mewn bob iawn gwaith waith cael gael gallu "
    "roedden rhaid angen heddlu heddlu'r rhy araf chi nhw ydyn ydym dyna beth pryd wnes wnaeth gwneud wneud dweud "
    "ddweud gwybod wybod meddwl gweithio weithio dylai ddylai eisiau ers wrth trwy drwy rhwng pawb popeth "
    "cymraeg gymraeg saesneg cymru gymru nghymru rwy'n rydw rydyn rydym mwy llai bod fod".split()
)
# Lists of common words hold them, too; what English spells alike is left out (on, in, no, van, as).
_ELSEWHERE = frozenset(
    "de la le les des et est une que ne nous vous dans sont aux sur el los las del con por para il di che und der das "
    "ist nicht ein eine mit het een niet hai ho nao com em os um uma".split()
)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def language(text: str) -> str:
    """ "english", "welsh" or "other" for a shadow text; a clause of Welsh makes an English text Welsh."""
    words = [word.casefold() for word in _WORD.findall(text)]
    if _has_welsh(words):
        return "welsh"
    if len(words) < _MIN_WORDS:
        return "english"
    # Notes do without function words, and languages share some; hardly any English text is half of uncommon words.
    ordinary = sum(gazetteer.is_ordinary(word) and word not in _ELSEWHERE for word in words)
    has_function_words = sum(map(_FUNCTION_WORDS.__contains__, words)) >= _FEWEST_FUNCTION_WORDS * len(words)
    least = _FEWEST_ORDINARY if has_function_words else _FEWEST_ORDINARY_IN_NOTES
    return "english" if ordinary >= least * len(words) else "other"


def _has_welsh(words: Sequence[str]) -> bool:
    """Whether several different Welsh words stand close together; one or two are a greeting or part of a name."""
    if _WELSH.isdisjoint(words):
        return False
    return any(
        len(_WELSH.intersection(words[start : start + _WINDOW])) >= _WELSH_IN_WINDOW for start in range(len(words))
    )
