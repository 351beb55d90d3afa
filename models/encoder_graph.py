"""The layers of MiniLM or MPNet as an int8 ONNX graph in which nothing that a text becomes depends on its neighbours.

The usual int8 export scales each layer's input by the largest number in the whole batch. Here every token has a scale
of its own: all that tokens share are integers, which add up exactly, so that what comes out is the same alone and in
company, and nearer to the original too. Texts of one run must be equally long: there is no padding, nothing to mask.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

CONTRIB = "com.microsoft"  # onnxruntime's own operators: an integer product that comes out scaled, and Gelu
ZERO = 128  # what stands for 0 among the unsigned bytes of what is passed from layer to layer
WEIGHT_STEPS = 63  # 7 bits: x86 processors without VNNI add two products in 16 bits, which 8 would overflow unnoticed
LONGEST = 256  # tokens; longer texts are cut, as by MiniLM (MPNet as shipped reads 384)
GELU_ZERO, GELU_LEAST = 24, 0.17  # Gelu is never below -0.17, so that most of the byte is left for what is positive

Weights = dict[str, np.ndarray]  # by BERT's names
DISTANCES = "encoder.relative_attention_bias.weight"  # MPNet's: (kinds of distance, heads)


@dataclass(frozen=True)
class Size:
    layers: int
    width: int
    heads: int
    epsilon: float  # of layer normalisation


MINILM = Size(layers=6, width=384, heads=12, epsilon=1e-12)
MPNET = Size(layers=12, width=768, heads=12, epsilon=1e-5)


class Graph:
    """Collects nodes and constants. Every method that adds a node returns the name of its output."""

    def __init__(self, size: Size = MINILM) -> None:
        self.size = size
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, values: Any, kind: Any = np.float32) -> str:
        if name in self.constants:
            raise ValueError(f"two constants are called {name}")
        self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(values, dtype=kind), name)
        return name

    def shared(self, name: str, values: Any, kind: Any = np.float32) -> str:
        return name if name in self.constants else self.constant(name, values, kind)

    def add(self, operator: str, *inputs: str, domain: str = "", output: str = "", **settings: Any) -> str:
        output = output or f"{operator}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [output], domain=domain, **settings))
        return output


def quantised(values: np.ndarray, axis: int, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Signed bytes from -steps to steps, and the scales, one for each line along `axis`."""
    scales = np.abs(values).max(axis=axis, keepdims=True) / steps
    return np.rint(values / scales).astype(np.int8), scales


def bytes_of_rows(graph: Graph, rows: str, after_gelu: bool = False) -> tuple[str, str, str]:
    """Each row of a matrix as bytes with a scale of its own: the bytes, the scales as a column, and the zero point."""
    last = graph.shared("last_axis", [1], np.int64)
    if after_gelu:
        zero, room = GELU_ZERO, 255 - GELU_ZERO
        largest, least = graph.add("ReduceMax", rows, last), room * GELU_LEAST / GELU_ZERO
    else:
        zero, room = ZERO, 127
        largest, least = graph.add("ReduceMax", graph.add("Abs", rows), last), 1e-8
    largest = graph.add("Max", largest, graph.shared(f"least_{zero}", least))
    scales = graph.add("Mul", largest, graph.shared(f"one_over_{room}", 1 / room))
    flat = graph.add("Reshape", scales, graph.shared("flat", [-1], np.int64))
    zeros = graph.add(
        "ConstantOfShape", graph.add("Shape", flat), value=helper.make_tensor("zero", TensorProto.UINT8, [1], [zero])
    )
    values = graph.add("QuantizeLinear", rows, flat, zeros, axis=0)
    return values, scales, graph.shared(f"zero_{zero}", zero, np.uint8)


def linear(graph: Graph, rows: tuple[str, str, str], name: str, weights: Weights, factor: float = 1.0) -> str:
    """What the layer `name` makes of the rows, times `factor`; the products are of integers."""
    values, scales, zero = rows
    weight, columns = quantised(weights[f"{name}.weight"].T * factor, 0, WEIGHT_STEPS)
    product = graph.add(
        "MatMulIntegerToFloat",
        values,
        graph.constant(f"{name}.weight", weight, np.int8),
        graph.shared("one", 1.0),
        graph.constant(f"{name}.scale", columns[0]),
        zero,
        domain=CONTRIB,
    )
    # The bias has two dimensions to keep onnxruntime from joining it with Gelu, which is slower.
    bias = graph.constant(f"{name}.bias", weights[f"{name}.bias"][None] * factor)
    return graph.add("Add", graph.add("Mul", product, scales), bias)


def normalised(graph: Graph, rows: str, name: str, weights: Weights) -> str:
    weight, bias = (graph.constant(f"{name}.{part}", weights[f"{name}.{part}"]) for part in ("weight", "bias"))
    return graph.add("LayerNormalization", rows, weight, bias, axis=-1, epsilon=graph.size.epsilon)


def encoded(graph: Graph, weights: Weights, kinds: str = "") -> str:
    """The rows that the layers make of `input_ids` (texts, tokens), one for each token.

    `kinds`: an input of the shape of `input_ids` that says of what kind each token is; otherwise all are of the first.
    """
    width, heads = graph.size.width, graph.size.heads
    shape = graph.add("Shape", "input_ids")
    graph.constant("to_rows", [-1, width], np.int64)
    to_heads = graph.add("Concat", shape, graph.constant("heads", [heads, width // heads], np.int64), axis=0)
    tokens = graph.add("Slice", shape, *(graph.constant(f"axis_{axis}", [axis], np.int64) for axis in (1, 2)))
    rows = graph.add("Reshape", embedded(graph, tokens, weights, kinds), "to_rows")
    rows = normalised(graph, rows, "embeddings.LayerNorm", weights)
    nearness = by_distance(graph, tokens, weights) if DISTANCES in weights else ""
    for at in (f"encoder.layer.{layer}" for layer in range(graph.size.layers)):
        seen = attention(graph, bytes_of_rows(graph, rows), f"{at}.attention", to_heads, nearness, weights)
        rows = normalised(graph, graph.add("Add", rows, seen), f"{at}.attention.output.LayerNorm", weights)
        inner = linear(graph, bytes_of_rows(graph, rows), f"{at}.intermediate.dense", weights)
        inner = bytes_of_rows(graph, graph.add("Gelu", inner, domain=CONTRIB), after_gelu=True)
        inner = linear(graph, inner, f"{at}.output.dense", weights)
        rows = normalised(graph, graph.add("Add", rows, inner), f"{at}.output.LayerNorm", weights)
    return rows


def by_text(graph: Graph, rows: str, width: int, output: str = "") -> str:
    """Rows of tokens (texts × tokens, width) as (texts, tokens, width)."""
    shape = graph.add("Shape", "input_ids")
    to_texts = graph.add("Concat", shape, graph.constant("width", [width], np.int64), axis=0)
    return graph.add("Reshape", rows, to_texts, output=output)


def model(graph: Graph, name: str, given: list[str], output: str, dimensions: list[Any]) -> onnx.ModelProto:
    """A model that takes the inputs `given`, integers (texts, tokens), and gives `output`."""
    taken = [helper.make_tensor_value_info(one, TensorProto.INT64, ["texts", "tokens"]) for one in given]
    made = helper.make_tensor_value_info(output, TensorProto.FLOAT, dimensions)
    inside = helper.make_graph(graph.nodes, name, taken, [made], list(graph.constants.values()))
    versions = [helper.make_opsetid("", 18), helper.make_opsetid(CONTRIB, 1)]
    return helper.make_model(inside, opset_imports=versions, ir_version=9, producer_name="quotebank")


def attention(graph: Graph, rows: tuple[str, str, str], at: str, to_heads: str, nearness: str, weights: Weights) -> str:
    """`nearness`: what is added to how alike two tokens are, by head (heads, tokens, tokens), if anything."""

    def by_head(part: str, order: list[int], factor: float = 1.0) -> str:
        found = graph.add("Reshape", linear(graph, rows, f"{at}.self.{part}", weights, factor), to_heads)
        return graph.add("Transpose", found, perm=order)

    query = by_head("query", [0, 2, 1, 3], (graph.size.width // graph.size.heads) ** -0.5)
    likeness = graph.add("MatMul", query, by_head("key", [0, 2, 3, 1]))
    likeness = graph.add("Softmax", graph.add("Add", likeness, nearness) if nearness else likeness, axis=-1)
    seen = graph.add("MatMul", likeness, by_head("value", [0, 2, 1, 3]))
    seen = graph.add("Reshape", graph.add("Transpose", seen, perm=[0, 2, 1, 3]), "to_rows")
    return linear(graph, bytes_of_rows(graph, seen), f"{at}.output.dense", weights)


def by_distance(graph: Graph, tokens: str, weights: Weights) -> str:
    """What MPNet adds to attention for the distance between two tokens (heads, tokens, tokens)."""
    of_kinds = weights[DISTANCES]
    kind = distance_kinds(np.arange(LONGEST), len(of_kinds))
    whole = graph.constant("distances", of_kinds[kind].transpose(2, 0, 1))
    first, ends = graph.constant("starts", [0, 0], np.int64), graph.add("Concat", tokens, tokens, axis=0)
    return graph.add("Slice", whole, first, ends, graph.constant("axes_1_2", [1, 2], np.int64))


def distance_kinds(places: np.ndarray, n: int) -> np.ndarray:
    """Of which of n kinds the distance from each place to each is, int (places, places).

    Half of the kinds are for what is before, half for what comes after; the nearest distances have one each, the
    others share them by their logarithm up to 128 (Raffel et al. 2020, "Exploring the limits of transfer learning").
    """
    distance = places[None, :] - places[:, None]
    half, near = n // 2, n // 4
    far = np.log(np.maximum(np.abs(distance), 1) / near) / math.log(128 / near) * (half - near)
    kind = np.where(np.abs(distance) < near, np.abs(distance), np.minimum(near + far.astype(np.int64), half - 1))
    return kind + half * (distance > 0)


def embedded(graph: Graph, tokens: str, weights: Weights, kinds: str = "") -> str:
    """The sum of what stands for each word, for its place and for its kind."""
    values, scales = quantised(weights["embeddings.word_embeddings.weight"], 1, 127)
    values = graph.add("Gather", graph.constant("words", values, np.int8), "input_ids")
    values = graph.add("Cast", values, to=TensorProto.FLOAT)
    scales = graph.add("Gather", graph.constant("words.scale", scales), "input_ids")
    places = weights["embeddings.position_embeddings.weight"][:LONGEST]
    of_kinds = weights.get("embeddings.token_type_embeddings.weight", np.zeros((1, graph.size.width)))
    places = graph.constant("places", places if kinds else places + of_kinds[0])
    first = graph.constant("axis_0", [0], np.int64)
    used = graph.add("Slice", places, first, tokens, first)
    words = graph.add("Add", graph.add("Mul", values, scales), used)
    return graph.add("Add", words, graph.add("Gather", graph.constant("kinds", of_kinds), kinds)) if kinds else words
