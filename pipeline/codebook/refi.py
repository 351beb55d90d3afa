"""Codebooks of other software: REFI-QDA's exchange format .qdc (REFI-QDA Standard 1.0, qdasoftware.org).

<CodeBook><Codes><Code guid name isCodable color><Description/><Code …/></Code></Codes><Sets/></CodeBook>, all in the
namespace below. Codes may be nested at will; ours have two levels.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.codebook.importing import Imported
from pipeline.errors import InputError, Problem

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

NAMESPACE = "urn:QDA-XML:codebook:1.0"
_TAG = f"{{{NAMESPACE}}}"
_LARGEST = 20_000_000  # bytes
_MOST = 20_000  # codes
_DEEPEST = 50
_OURS = "export the codebook again, as REFI-QDA codebook (.qdc)"


def read_refi(path: Path) -> tuple[list[Imported], list[str]]:
    """The codes of a .qdc file, parents first, and notes on what of it has no place here. Raises InputError.

    Of a code below the second level, the top one becomes the parent, and its path is told in its definition. Codes of
    the same name are told apart by the name of the code above them.
    """
    root = _root(path)
    found = list(_walk(root))
    if len(found) > _MOST:
        raise InputError(Problem(path.name, f"holds more than {_MOST} codes", "split the codebook"))
    notes = []
    n_sets = sum(1 for sets in root.findall(f"{_TAG}Sets") for _ in sets)
    if n_sets:
        notes.append(f"{n_sets} set(s) of codes were left out: there is nothing like them here")
    names = [code.name.casefold() for code in found]
    seen: dict[str, str] = {}
    codes: list[Imported] = []
    for code in found:
        label = code.name
        if names.count(label.casefold()) > 1 and len(code.path) > 1:
            label = f"{code.path[-2]}: {label}"
        skipped = "" if code.name else "has no name"
        if code.name and label.casefold() in seen:
            skipped = f"has the same name as {seen[label.casefold()]}"
        seen.setdefault(label.casefold(), code.where)
        codes.append(Imported(code.where, label, parent=code.top, definition=_definition(code), skipped=skipped))
    return codes, notes


@dataclass(frozen=True)
class _Code:
    where: str  # e.g. "code 3.1": its place among its siblings, from the top
    top: str  # the place of the code at the top of its branch; empty if that is itself
    name: str
    path: tuple[str, ...]  # names from the top down to its own
    description: str


def _walk(root: "Element") -> Iterator[_Code]:
    """Codes in the order of the file; those without a name do not count as a level."""
    waiting: list[tuple[Element, tuple[int, ...], tuple[str, ...], str]] = []

    def note(parent: "Element", place: tuple[int, ...], path: tuple[str, ...], top: str) -> None:
        children = parent.findall(f"{_TAG}Code")
        waiting.extend((child, (*place, n), path, top) for n, child in reversed(list(enumerate(children, start=1))))

    codes = root.find(f"{_TAG}Codes")
    if codes is not None:
        note(codes, (), (), "")
    while waiting:
        element, place, above, top = waiting.pop()
        name = " ".join(element.get("name", "").split())
        where = "code " + ".".join(map(str, place))
        path = (*above, name) if name else above
        description = (element.findtext(f"{_TAG}Description") or "").strip()
        yield _Code(where, top, name, path, description)
        note(element, place, path, top or (where if name else ""))


def _definition(code: _Code) -> str:
    above = " › ".join(code.path[:-1]) if len(code.path) > 2 else ""
    return "\n\n".join(filter(None, (code.description, above and f"Under: {above}")))


def _root(path: Path) -> "Element":
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        if path.stat().st_size > _LARGEST:
            raise InputError(Problem(path.name, "is larger than any codebook should be", _OURS))
        data = path.read_bytes()
    except OSError:
        raise InputError(Problem(path.name, "cannot be read", "check its name and that it may be read")) from None
    if _depth(data) > _DEEPEST:
        raise InputError(Problem(path.name, f"is nested deeper than {_DEEPEST} levels", _OURS))
    try:
        root = fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        raise InputError(
            Problem(path.name, "declares a document type or entities, which no codebook does", _OURS)
        ) from None
    except (ParseError, ValueError, LookupError):
        raise InputError(Problem(path.name, "is not well-formed XML", _OURS)) from None
    if root.tag != f"{_TAG}CodeBook":
        raise InputError(Problem(path.name, f"is not a codebook of {NAMESPACE}", _OURS))
    return root


def _depth(data: bytes) -> int:
    """How deep its elements are nested, without building a tree; 0 for what is not XML."""
    from xml.parsers import expat

    deepest = depth = 0

    def start(name: str, attributes: object) -> None:  # noqa: ARG001 (the parser's signature)
        nonlocal deepest, depth
        depth += 1
        deepest = max(deepest, depth)

    def end(name: str) -> None:  # noqa: ARG001
        nonlocal depth
        depth -= 1

    def refuse(*_: object) -> None:
        raise ValueError

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError):
        return 0
    return deepest
