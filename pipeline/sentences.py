"""Where sentences begin and end, for splitting long passages and for cutting quotes."""

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language


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
            for sentence in _sentencizer()(line).sents:
                stripped = sentence.text.strip()
                if stripped:
                    start = offset + sentence.start_char + sentence.text.index(stripped)
                    spans.append((start, start + len(stripped)))
        offset += len(line) + 1
    return spans


def count_words(text: str) -> int:
    return len(text.split())
