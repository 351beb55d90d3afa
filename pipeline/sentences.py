"""Where sentences begin and end, for splitting long passages and for cutting quotes."""

from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc

_OPENING = "([{“‘«"


@lru_cache(maxsize=1)
def _sentencizer() -> "Callable[[str], Doc]":
    """spaCy's rules for English sentences, without a pipeline around them.

    Making a pipeline loads every add-on of spaCy that is installed, Presidio and with it transformers among them, which
    takes seconds.
    """
    from spacy.lang.en import English
    from spacy.pipeline import Sentencizer
    from spacy.tokenizer import Tokenizer
    from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex
    from spacy.vocab import create_vocab

    rules = English.Defaults
    tokenizer = Tokenizer(
        create_vocab("en", rules),
        rules=rules.tokenizer_exceptions,
        prefix_search=compile_prefix_regex(rules.prefixes or ()).search,
        suffix_search=compile_suffix_regex(rules.suffixes or ()).search,
        infix_finditer=compile_infix_regex(rules.infixes or ()).finditer,
        token_match=rules.token_match,
        url_match=rules.url_match,
    )
    sentencizer = Sentencizer()
    return lambda text: sentencizer(tokenizer(text))


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
