"""Deductive coding of a study: its codebook's own codes, looked for in every passage, beside themes found.

Codes are looked for once people have said what belongs to them: by a definition, by seeds or examples, or by coding
passages. What the coder is sure of is assigned; the rest is for a person, who thereby teaches it.
"""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from pipeline.agreement.codings import Codings
from pipeline.codebook import Codebook, State
from pipeline.coding import Code, Ideas, Passages, code_passages
from pipeline.placeholders import without_placeholders
from pipeline.tables import CODINGS, conform, records

_SHOWN = 3  # likeliest codes of a passage that are kept, beside those it was given
SURE = 0.5  # probability from which on a code is assigned; what is less likely is for a person
_NEXT = 40  # passages that are proposed to be coded next


def codes_of(state: State, book: Codebook, texts: pd.DataFrame) -> list[Code]:
    """The codes that people said something about. Examples that are passage ids stand for those passages' words."""
    words = dict(zip(texts["passage_id"], texts["text"], strict=True))
    labels = {code.id: code.label for code in book.themes}
    taught = {theme for themes in state.human_codings.values() for theme in themes}
    return [
        Code(
            theme_id=theme,
            label=decided.label or labels.get(theme, theme),
            definition=decided.definition,
            include=" ".join(decided.include),
            exclude=" ".join(decided.exclude),
            seeds=decided.seeds,
            examples=tuple(without_placeholders(words.get(example, example)) for example in decided.examples),
        )
        for theme, decided in sorted(state.themes.items())
        if theme in state.codes or (theme in taught and decided.is_live)
    ]


def human_codings(state: State, blind: Codings, passages: pd.DataFrame) -> dict[str, frozenset[str]]:
    """Passage id → the codes a person gave it. A decision about the passage outranks a blind coding of it.

    A blind coding counts where its coders agree or settled it, and its passage still reads as they read it.
    """
    hashes = dict(zip(passages["passage_id"], passages["text_hash"], strict=True))
    found = {
        passage: frozenset(filter(None, map(state.target, coded.themes)))
        for passage, coded in blind.passages().items()
        if coded.themes is not None and hashes.get(passage) == coded.text_hash
    }
    return found | state.human_codings


def deduce(
    codes: list[Code],
    human: Mapping[str, frozenset[str]],
    passages: pd.DataFrame,
    ideas: pd.DataFrame,
    encode: Callable[[list[str]], np.ndarray],
    found_in: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """CODINGS of all passages by `codes`; empty where there are none.

    A theme of one question is no code of passages of another, unless a person coded them.

    Args:
        codes: see `codes_of`.
        human: see `human_codings`; codes that are not looked for are left out of them.
        passages, ideas: PASSAGES and IDEAS.
        encode: texts → unit vectors; asked for nothing where there are no codes.
        found_in: theme → the question it is of; themes that are looked for everywhere are not in it.
    """
    if not codes or passages.empty:
        return CODINGS.empty()
    ids = passages["passage_id"].tolist()
    row_of = {passage: row for row, passage in enumerate(ids)}
    spoken = [without_placeholders(text) for text in passages["text"]]
    parts = _parts(passages, ideas)
    owner = np.array([row_of[passage] for passage in ideas["passage_id"]], dtype=int)
    wanted = {code.theme_id for code in codes}
    vectors = encode([*spoken, *parts])
    coding = code_passages(
        Passages(ids, spoken, vectors[: len(ids)], Ideas(parts, vectors[len(ids) :], owner)),
        codes,
        encode,
        {passage: themes & wanted for passage, themes in human.items()},
        min_confidence=SURE,
        n_next=_NEXT,
    )
    homes = found_in or {}
    here = [[homes.get(theme, asked) == asked for theme in coding.theme_ids] for asked in passages["question_id"]]
    may_have = np.array(here) | coding.by_person[:, None]
    likely_first = np.argsort(np.where(may_have, -coding.probability, 1.0), kind="stable")
    turn = {passage: place for place, passage in enumerate(coding.to_code_next, start=1)}
    rows = [
        {
            "passage_id": passage,
            "theme_id": coding.theme_ids[code],
            "probability": round(float(coding.probability[row, code]), 6),
            "accepted": bool(coding.accepted[row, code] and coding.probability[row, code] >= SURE),
            "by_person": bool(coding.by_person[row]),
            "next": turn.get(passage, 0),
        }
        for row, passage in enumerate(ids)
        for code in range(len(codes))
        if may_have[row, code] and (coding.accepted[row, code] or code in likely_first[row, :_SHOWN])
    ]
    return conform(pd.DataFrame(rows), CODINGS) if rows else CODINGS.empty()


def with_codings(assignments: pd.DataFrame, codings: pd.DataFrame) -> pd.DataFrame:
    """ASSIGNMENTS with a column `source`, and the codes that passages were given before the themes they were found in.

    What blind coders said of a passage teaches, and assigns nothing: else they would be compared with themselves.
    """
    given = codings[codings["accepted"] & ~codings["by_person"]]
    rows = records(assignments.assign(source="machine"))
    has = {(row["passage_id"], row["theme_id"]) for row in rows}
    best = given.sort_values(["passage_id", "probability", "theme_id"], ascending=[True, False, True])
    new = [
        {"passage_id": row["passage_id"], "theme_id": row["theme_id"], "similarity": 0.0, "margin": 0.0,
         "source": "definition", "rank": 0}
        for row in records(best) if (row["passage_id"], row["theme_id"]) not in has
    ]  # fmt: skip
    coded = {row["passage_id"] for row in new}
    kept = [row for row in rows if row["theme_id"] or row["passage_id"] not in coded]
    table = pd.DataFrame([*new, *kept]).sort_values(["passage_id", "rank"], kind="stable")
    return table.assign(rank=table.groupby("passage_id").cumcount() + 1)


def unsure(codings: pd.DataFrame) -> pd.DataFrame:
    """The CODINGS of passages that nobody coded and that no code is likely enough for: a person should decide.

    Most doubtful first: passages that may as well have a code as not; last those that surely have none. Of a passage,
    the likeliest code stands first.
    """
    by_passage = codings.groupby("passage_id")
    settled = by_passage["accepted"].transform("any") | codings["by_person"]
    best = by_passage["probability"].transform("max")
    asked = codings.assign(best=best)[~settled.astype(bool)]
    order = ["best", "passage_id", "probability", "theme_id"]
    ordered = asked.sort_values(order, ascending=[False, True, False, True], ignore_index=True)
    return ordered.drop(columns="best")


def _parts(passages: pd.DataFrame, ideas: pd.DataFrame) -> list[str]:
    """The words of each idea, without placeholders."""
    starts = dict(zip(passages["passage_id"], passages["start"], strict=True))
    words = dict(zip(passages["passage_id"], passages["text"], strict=True))
    spans = zip(ideas["passage_id"], ideas["start"], ideas["end"], strict=True)
    return [without_placeholders(words[p][start - starts[p] : end - starts[p]]) for p, start, end in spans]
