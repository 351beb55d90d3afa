"""Texts on which a pattern would take long if it can, made from the pattern itself; and every pattern of redaction.

A pattern takes long where a repeat can eat the same text in many ways and what follows then fails. So for each repeat:
what the pattern needs before it, many copies of what the repeat eats, and an end that nothing matches.
"""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterable, Iterator
from re import _constants as sre
from re import _parser
from types import ModuleType
from typing import Any

import regex

import pipeline.redaction
from pipeline import placeholders
from pipeline.redaction.prefilter import Searcher
from pipeline.redaction.recognisers.base import Rule

_MANY = 4  # a repeat that is allowed more copies is pumped
_COPIES = (26, 500)  # enough for what doubles with each copy, and for what grows with their cube
_ENDS = ("", "\n!")
_BREAK = "\x01"  # before a whole match: `regex` gives up at once where a sign that it needs is nowhere
_TYPICAL = "aA1 .-'@/_\n"
_SAMPLES = 6
_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)
_CATEGORIES = {
    sre.CATEGORY_DIGIT: r"\d",
    sre.CATEGORY_NOT_DIGIT: r"\D",
    sre.CATEGORY_SPACE: r"\s",
    sre.CATEGORY_NOT_SPACE: r"\S",
    sre.CATEGORY_WORD: r"\w",
    sre.CATEGORY_NOT_WORD: r"\W",
}


def attacks(pattern: str) -> list[str]:
    """Texts made to keep `pattern` busy, the short ones first."""
    tree = list(_tree(pattern))
    pumped = sorted({(prefix, pump) for prefix, pump in _pumped(tree, "") if pump})
    ends = (*_ENDS, _BREAK + next(iter(_samples(tree)), ""))
    return [prefix + pump * copies + end for copies in _COPIES for prefix, pump in pumped for end in ends]


def _tree(pattern: str) -> Any:
    """As the standard library reads it; a name that is given to several groups, as `regex` allows, is dropped."""
    return _parser.parse(re.sub(r"\(\?P<\w+>", "(", re.sub(r"\(\?P=\w+\)", "", pattern)))


def _pumped(nodes: list[Any], prefix: str) -> Iterator[tuple[str, str]]:
    """What comes before each repeat, and one copy of what it eats, for every repeat in a row of nodes."""
    for node in nodes:
        kind, value = node
        for row in _rows_in(node):
            yield from _pumped(row, prefix)
        if kind in _REPEATS and value[1] > _MANY:
            yield from ((prefix, pump) for pump in _samples(list(value[2])))
        looks_behind = kind is sre.ASSERT and value[0] < 0 and not prefix
        prefix += next(iter(_samples(list(value[1]) if looks_behind else [node])), "")


def _rows_in(node: Any) -> list[list[Any]]:
    kind, value = node
    if kind is sre.BRANCH:
        return [list(row) for row in value[1]]
    if kind is sre.SUBPATTERN:
        return [list(value[3])]
    if kind in _REPEATS:
        return [list(value[2])]
    if kind in (sre.ASSERT, sre.ASSERT_NOT):
        return [list(value[1])]
    return [list(value)] if kind is sre.ATOMIC_GROUP else []


def _samples(row: list[Any]) -> list[str]:
    """A few short texts that a row of nodes matches, what looks around aside: each node in turn as it can be."""
    of_nodes = [_of_node(node) for node in row]
    if not all(of_nodes):
        return []
    plain = [options[0] for options in of_nodes]
    varied = [
        "".join([*plain[:n], option, *plain[n + 1 :]])
        for n, options in enumerate(of_nodes)
        for option in options[:_SAMPLES]
    ]
    return list(dict.fromkeys(["".join(plain), *varied]))[: 3 * _SAMPLES]


def _of_node(node: Any) -> list[str]:
    kind, value = node
    if kind is sre.LITERAL:
        return [chr(value)]
    if kind in (sre.IN, sre.ANY, sre.NOT_LITERAL):
        return _characters(node)
    if kind in _REPEATS:
        least, most, inner = value
        some = _samples(list(inner))
        return [sample * max(least, 1) for sample in some] if least else ["", *some] if most else [""]
    rows = _rows_in(node)
    if kind in (sre.BRANCH, sre.SUBPATTERN, sre.ATOMIC_GROUP):
        return [sample for row in rows for sample in _samples(row)]
    return [""]  # edges, and what looks around


def _characters(node: Any) -> list[str]:
    kind, value = node
    if kind is sre.ANY:
        return list(_TYPICAL)
    items = [(sre.NEGATE, None), (sre.LITERAL, value)] if kind is sre.NOT_LITERAL else value
    named = [chr(item if what is sre.LITERAL else item[0]) for what, item in items if what in (sre.LITERAL, sre.RANGE)]
    negated = any(what is sre.NEGATE for what, _ in items)
    return [c for c in dict.fromkeys([*_TYPICAL, *named]) if negated != any(_is(c, item) for item in items)]


def _is(character: str, item: Any) -> bool:
    what, value = item
    if what is sre.LITERAL:
        return ord(character) == value
    if what is sre.RANGE:
        return value[0] <= ord(character) <= value[1]
    return what is sre.CATEGORY and re.match(_CATEGORIES[value], character) is not None


# ── every pattern ───────────────────────────────────────────────────────────────────────────────────────────────


def patterns() -> dict[str, Any]:
    """Every compiled pattern of the redaction package, and of the placeholders that it writes, by where it stands."""
    found: dict[str, Any] = {}
    for module in _modules():
        name = module.__name__.removeprefix("pipeline.")
        for where, value in [*vars(module).items(), *_of_classes(module)]:
            for n, pattern in enumerate(_compiled(value, module)):
                found[f"{name}.{where}[{n}]"] = pattern
        for line, pattern in _inline(module):
            found[f"{name}:{line}"] = pattern
    return found


def _modules() -> list[ModuleType]:
    package = pipeline.redaction
    names = [info.name for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]
    return [placeholders, *map(importlib.import_module, names)]


def _of_classes(module: ModuleType) -> Iterator[tuple[str, Any]]:
    for name, owner in vars(module).items():
        if inspect.isclass(owner) and owner.__module__ == module.__name__:
            yield from ((f"{name}.{attribute}", value) for attribute, value in vars(owner).items())


def _compiled(value: Any, module: ModuleType) -> Iterator[Any]:
    if isinstance(value, re.Pattern | regex.Pattern):
        yield value
    elif isinstance(value, Rule):
        yield value.compiled
    elif isinstance(value, Searcher):
        yield from _compiled(value.patterns, module)
    elif isinstance(value, dict | tuple | list):
        members: Iterable[Any] = value.values() if isinstance(value, dict) else value
        for member in members:
            yield from _compiled(member, module)
    elif _makes_searcher(value) and value.__module__ == module.__name__:
        yield from _compiled(value().patterns, module)


def _makes_searcher(value: Any) -> bool:
    return callable(value) and getattr(value, "__annotations__", {}).get("return") is Searcher


def _inline(module: ModuleType) -> Iterator[tuple[int, Any]]:
    """Patterns given as they are to a function of `re` or `regex`. Those put together on the spot are refused."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        called = node.func if isinstance(node, ast.Call) else None
        if not (isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name)):
            continue
        library = {"re": re, "regex": regex}.get(called.value.id)
        if library is None or called.attr in ("compile", "escape"):
            continue
        first = node.args[0]
        given = getattr(module, first.id) if isinstance(first, ast.Name) else ast.literal_eval(first)
        ignoring = library.IGNORECASE if "IGNORECASE" in ast.unparse(node) else 0
        yield node.lineno, library.compile(given, ignoring)
