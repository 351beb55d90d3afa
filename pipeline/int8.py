"""Our own int8 models (models/encoder_graph.py): how they are loaded, and which texts may run together.

Their graphs give each token a scale of its own and take no padding. Texts of one length run together, and what else
runs with a text, and in which order, does not change a bit of what comes out.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

_Made = TypeVar("_Made")
_BUDGET = 1024  # tokens of a batch: more gains nothing, for its numbers leave the processor's cache


def load_int8(folder: Path, inputs: Sequence[str]) -> tuple[Any, Any]:
    """The session and the tokenizer in a model's folder. Raises whatever is wrong with its files."""
    import onnxruntime
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # whole batches are spread over cores, which waits less
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC  # as exported
    options.log_severity_level = 3
    session: Any = onnxruntime.InferenceSession(str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"])
    if [given.name for given in session.get_inputs()] != list(inputs):
        raise ValueError("another graph than ours")
    return session, Tokenizer.from_file(str(folder / "tokenizer.json"))


def batches_of_one_length(lengths: Sequence[int], budget: int = _BUDGET) -> list[list[int]]:
    """Rows of equal length together, as many as the budget of tokens allows; the longest first, to end evenly."""
    alike: defaultdict[int, list[int]] = defaultdict(list)
    for row, length in enumerate(lengths):
        alike[length].append(row)
    batches: list[list[int]] = []
    for length, rows in sorted(alike.items(), reverse=True):
        size = max(1, budget // length)
        batches += [rows[first : first + size] for first in range(0, len(rows), size)]
    return batches


def run_batches(run: Callable[[list[int]], _Made], batches: Sequence[list[int]], threads: int) -> Iterator[_Made]:
    """What `run` makes of each batch, in order. onnxruntime leaves the interpreter while it computes, so that each
    thread keeps a core busy."""
    if threads == 1:
        yield from map(run, batches)
        return
    with ThreadPoolExecutor(threads) as pool:
        yield from pool.map(run, batches)
