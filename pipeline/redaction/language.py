"""Which language a text is in, as far as it matters: English, Welsh at least in part, or another one."""

import re
from collections.abc import Sequence

_MIN_WORDS = 8  # a shorter text is no evidence of another language
_WINDOW = 8  # words; a clause
_WELSH_IN_WINDOW = 3
_ENGLISH = frozenset(
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
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def language(text: str) -> str:
    """ "english", "welsh" or "other" for a shadow text; a clause of Welsh makes an English text Welsh."""
    words = [word.casefold() for word in _WORD.findall(text)]
    if _has_welsh(words):
        return "welsh"
    english = sum(map(_ENGLISH.__contains__, words))
    return "other" if len(words) >= _MIN_WORDS and english / len(words) < 0.12 else "english"


def _has_welsh(words: Sequence[str]) -> bool:
    """Whether several different Welsh words stand close together; one or two are a greeting or part of a name."""
    if _WELSH.isdisjoint(words):
        return False
    return any(
        len(_WELSH.intersection(words[start : start + _WINDOW])) >= _WELSH_IN_WINDOW for start in range(len(words))
    )
