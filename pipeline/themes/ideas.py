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
    """Half-open character spans of the ideas of a passage, in order; the whole of it if it has no sentence.

    Of one sentence or two; of more only where these are too short to stand alone.
    """
    ideas: list[list[tuple[int, int]]] = []
    for sentence in sentence_spans(text):
        is_short = _n_words(text, [sentence]) < _FEWEST_OF_SENTENCE
        if ideas and (_n_words(text, ideas[-1]) < _FEWEST_WORDS or (is_short and len(ideas[-1]) == 1)):
            ideas[-1].append(sentence)
        else:
            ideas.append([sentence])
    if len(ideas) > 1 and len(ideas[-1]) == 1 and _n_words(text, ideas[-1]) < _FEWEST_WORDS:
        ideas[-2:] = [ideas[-2] + ideas[-1]]
    return [(idea[0][0], idea[-1][1]) for idea in ideas] or [(0, len(text))]


def _n_words(text: str, sentences: list[tuple[int, int]]) -> int:
    return count_words(text[sentences[0][0] : sentences[-1][1]])


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
