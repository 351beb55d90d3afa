"""Where sentences begin and end, for splitting long passages and for cutting quotes."""

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language

_OPENING = "([{“‘«"


@lru_cache(maxsize=1)
def _sentencizer() -> "Language":
    import spacy

    language = spacy.blank("en")
    language.add_pipe("sentencizer")
    language.max_length = 10_000_000  # the sentencizer alone needs little memory
    return language


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Half-open character spans of the sentences of `text`, in order, without surrounding white space.

    A line break ends a sentence too: people write lists without full stops.
    """
    spans: list[tuple[int, int]] = []
    offset = 0
    for line in text.split("\n"):
        if line.strip():
            starts = [_with_bracket(line, sentence.start_char) for sentence in _sentencizer()(line).sents]
            for start, end in pairwise([*starts, len(line)]):
                if stripped := line[start:end].strip():
                    first = offset + start + line[start:end].index(stripped)
                    spans.append((first, first + len(stripped)))
        offset += len(line) + 1
    return spans


def _with_bracket(line: str, start: int) -> int:
    """Where a sentence starts, with the bracket before it: spaCy leaves "[" of "[person] said so" to the one before."""
    while start > 0 and line[start - 1] in _OPENING:
        start -= 1
    return start


def count_words(text: str) -> int:
    return len(text.split())
