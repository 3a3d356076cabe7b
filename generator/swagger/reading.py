"""Reads a source file: strict JSON in which nothing is ambiguous and nothing can break a later stage."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any, Never

from generator.swagger.mistaken import is_cut_off, what_it_is
from generator.swagger.place import Place, shown

# The published files are 8 deep. Later stages walk a document recursively, so this keeps them far from Python's limit.
DEEPEST = 64

_WRONG_FILE = "Look at the file; if it is the wrong one, name another path, branch or commit."


def load(data: bytes, *, source: str) -> dict[str, Any]:
    """The Swagger 2.0 document that a source's bytes hold.

    Args:
        data: JSON in UTF-8, with or without a byte order mark.
        source: the name of the source, for errors.

    Raises:
        GeneratorError: it is not JSON as RFC 8259 has it, has a key twice in one object, or is not Swagger 2.0.
    """
    return check_swagger(parse(data, source=source), Place(source))


def parse(data: bytes, *, source: str) -> Any:
    """The JSON that bytes hold, whatever it says.

    Raises:
        GeneratorError: they are not JSON as RFC 8259 has it; the message says what they are instead, where that shows.
    """
    place = Place(source)
    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_refuse)
    except RecursionError:
        raise place.error(f"nested deeper than {DEEPEST} levels", _WRONG_FILE) from None
    except ValueError as error:
        raise place.error(f"not JSON: {_reason(error, data)}", _WRONG_FILE) from None


def check_swagger(document: Any, place: Place) -> dict[str, Any]:
    """The document, if it is plain JSON that says it is Swagger 2.0.

    Raises:
        GeneratorError: it is not.
    """
    if not isinstance(document, dict) or document.get("swagger") != "2.0":
        raise place.error(f"JSON, but not Swagger 2.0 ({_what_it_is(document)})", _WRONG_FILE)
    for inner, problem in _problems(document, place.source):
        raise inner.error(problem)
    return document


def _reason(error: ValueError, data: bytes) -> str:
    """Why bytes are not JSON: what they are instead, where that can be seen, else where the reader stumbled."""
    mistaken = what_it_is(data)
    if mistaken is not None:
        return f"the file is {mistaken}"
    if is_cut_off(error):
        return f"the file ends in the middle, after {len(data)} bytes, as one that was written in part"
    if isinstance(error, UnicodeDecodeError):
        return f"the byte at offset {error.start} is not UTF-8"
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at line {error.lineno} column {error.colno}"
    return shown(error)


class _Ambiguous(dict[str, Any]):
    """An object that has a key twice; it is reported once its place is known."""

    key = ""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) == len(pairs):
        return result
    ambiguous = _Ambiguous(result)
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            ambiguous.key = key
        seen.add(key)
    return ambiguous


def _refuse(constant: str) -> Never:
    raise ValueError(f"{constant} is not a number in JSON")


def _what_it_is(document: Any) -> str:
    if not isinstance(document, dict):
        return "it holds no object"
    for key in ("swagger", "openapi"):
        if key in document:
            return f"{key} is {shown(json.dumps(document[key], default=repr))}"
    return "it has no member 'swagger'"


def _problems(document: dict[str, Any], source: str) -> Iterator[tuple[Place, str]]:
    """What no JSON file should hold, found without recursion."""
    waiting: list[tuple[Any, tuple[object, ...]]] = [(document, ())]
    while waiting:
        node, steps = waiting.pop()
        problem = _problem(node)
        if problem is not None:
            yield Place(source, steps), problem
        elif len(steps) > DEEPEST:
            yield Place(source, steps[:6]), f"nested deeper than {DEEPEST} levels"
        elif isinstance(node, dict):
            waiting += [(value, (*steps, key)) for key, value in node.items()]
        elif isinstance(node, list):
            waiting += [(value, (*steps, index)) for index, value in enumerate(node)]


def _problem(node: Any) -> str | None:
    match node:
        case _Ambiguous():
            return f"the key '{shown(node.key)}' stands twice in one object, and only one of the two would be read"
        case dict():
            if not all(isinstance(key, str) for key in node):
                return "a key that is not a string"
            if not all(_is_text(key) for key in node):
                return "a key that is not Unicode text (half of a surrogate pair)"
        case str():
            return None if _is_text(node) else "not Unicode text (half of a surrogate pair)"
        case float():
            return None if math.isfinite(node) else "a number too large to be kept"
        case None | bool() | int() | list():
            return None
        case _:
            return f"a {type(node).__name__}, which JSON does not know"
    return None


def _is_text(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text)
