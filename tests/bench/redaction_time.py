"""Where redaction spends its time: CPU microseconds a character of each stage, on one core.

python -m tests.bench.redaction_time build/held_out.jsonl
"""

import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

from pipeline.evaluation.readers import read_gold
from pipeline.evaluation.systems import quotebank
from pipeline.redaction import redactor, token_model, unknown
from pipeline.redaction.engine import Engine

spent: Counter[str] = Counter()


def timed(stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
    def working(*given: Any) -> Any:
        started = time.process_time()
        try:
            return work(*given)
        finally:
            spent[stage] += time.process_time() - started

    return working


class TimedSession:
    def __init__(self, session: Any) -> None:
        self.run = timed("onnxruntime", session.run)


def load(*given: Any) -> tuple[Any, Any]:
    session, tokenizer = load_int8(*given)
    return TimedSession(session), tokenizer


load_int8 = token_model.load_int8


def main() -> None:
    passages = read_gold(Path(sys.argv[1])).passages
    with ExitStack() as stack:
        for owner, name, stage in (
            (Engine, "classify", "classifier"),
            (Engine, "find", "rules and lists"),
            (redactor, "render", "rendering and review"),
            (unknown, "add_reason", "unknown names"),
        ):
            stack.enter_context(patch.object(owner, name, timed(stage, getattr(owner, name))))
        stack.enter_context(patch.object(token_model, "load_int8", load))
        # What loading the models and the known answer took does not count.
        total = quotebank(passages, lambda done, _: None if done else spent.clear()).seconds
    spent["roster, propagation, rest"] = total - sum(s for stage, s in spent.items() if stage != "onnxruntime")
    spent["classifier"] -= spent["onnxruntime"]
    spent["all"] = total
    characters = sum(len(passage.text) for passage in passages)
    for stage, seconds in spent.most_common():
        print(f"{stage:28}{1e6 * seconds / characters:6.1f}")


if __name__ == "__main__":
    main()
