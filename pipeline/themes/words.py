"""The words of a text that may stand for a topic."""

import re
from itertools import pairwise

from pipeline.themes.phrases import is_mask

_TOKEN = re.compile(r"[^\W\d_][\w'’+#-]*|\w+|[^\w\s]")


def words(text: str) -> list[str]:
    """The words of a text, casefolded, with "" wherever something else stands, or a mask such as "xxx"."""
    tokens = (token.casefold().rstrip("'’-") for token in _TOKEN.findall(text))
    return [token if token[:1].isalpha() and len(token) > 1 and not is_mask(token) else "" for token in tokens]


def words_and_pairs(text: str, stop: frozenset[str]) -> list[str]:
    """Words that are neither stop words nor contractions, and pairs of such words that stand side by side."""
    kept = ["" if word in stop or "'" in word or "’" in word else word for word in words(text)]
    pairs = [f"{one} {two}" for one, two in pairwise(kept) if one and two and one != two]
    return [word for word in kept if word] + pairs


# What people say while they think, and what transcripts are full of.
_SPOKEN = frozenset(
    """ah actually basically bit er erm get go going gonna got gotta guess hmm just kind know like literally lot maybe
    mean mm mhm obviously oh ok okay people really right say see sort stuff thing things think um uh want wanna way
    well whatever yeah yep yes aye ye nae
    """.split()
)


def english_stop_words() -> frozenset[str]:
    from spacy.lang.en.stop_words import STOP_WORDS

    return frozenset(STOP_WORDS) | _SPOKEN
