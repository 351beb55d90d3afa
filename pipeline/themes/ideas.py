"""Ideas: the one or two sentences of a passage that say one thing. Themes are found among ideas, not passages.

A long answer says several things; its vector is an average of them and lies near none. On coded patient feedback, ideas
find the analysts' codes better than whole answers do (BENCHMARKS.md).
"""

import numpy as np
import pandas as pd

from pipeline.ids import text_hash
from pipeline.placeholders import without_placeholders
from pipeline.sentences import count_words, sentence_spans

_FEWEST_WORDS = 8  # what is shorter leans on what stands before it, or behind
_FEWEST_OF_SENTENCE = 6


def idea_spans(text: str) -> list[tuple[int, int]]:
    """Half-open character spans of the ideas of a passage, in order; the whole of it if it has no sentence."""
    spans: list[tuple[int, int]] = []
    for start, end in sentence_spans(text):
        opening = spans and count_words(text[slice(*spans[-1])]) < _FEWEST_WORDS
        if spans and (opening or count_words(text[start:end]) < _FEWEST_OF_SENTENCE):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    if len(spans) > 1 and count_words(text[slice(*spans[-1])]) < _FEWEST_WORDS:
        spans[-2:] = [(spans[-2][0], spans[-1][1])]
    return spans or [(0, len(text))]


def split_ideas(passages: pd.DataFrame) -> pd.DataFrame:
    """The ideas of PASSAGES, in an order that only what a reader may see of them decides, whatever that of the rows.

    Returns:
        idea_id, passage_id, contributor_id, start, end (half-open into the redacted document), redacted, text (the same
        without placeholders), is_whole (nothing else is in its passage), text_hash (of `text`), row (of its passage).
    """
    order = np.lexsort((passages["passage_id"].to_numpy(str), passages["text_hash"].to_numpy(str))).tolist()
    columns = [passages[name].tolist() for name in ("passage_id", "contributor_id", "start", "text")]
    rows = []
    for row in order:
        passage_id, contributor_id, offset, text = (column[row] for column in columns)
        spans = idea_spans(text)
        for start, end in spans:
            redacted = text if len(spans) == 1 else text[start:end]
            words = without_placeholders(redacted)
            rows.append(
                {
                    "idea_id": f"{passage_id}-{start}",
                    "passage_id": passage_id,
                    "contributor_id": contributor_id,
                    "start": offset + start,
                    "end": offset + end,
                    "text": words,
                    "redacted": redacted,
                    "is_whole": len(spans) == 1,
                    "text_hash": text_hash(words),
                    "row": row,
                }
            )
    return pd.DataFrame(rows)
