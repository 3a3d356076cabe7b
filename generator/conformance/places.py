"""The objects of a document whose keys have a meaning in OpenAPI, and how errors call a place among them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from generator.swagger.place import pointer

WAY_OUT = "Correct it with an overlay, or add a rule to generator/repair."

# Members whose own keys are names that somebody chose, and members that hold values as they go over the wire.
_NAMED = frozenset(
    "paths responses headers content encoding schemas parameters requestBodies securitySchemes links callbacks "
    "pathItems properties patternProperties dependentSchemas $defs".split()
)
_DATA = frozenset(("example", "examples", "default", "enum", "const"))
_FOREIGN = re.compile(r"x-(?!kubesphere-)")


def objects(document: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], tuple[object, ...]]]:
    """Every object whose keys have a meaning in OpenAPI, with the steps that lead to it, in the document's order."""
    waiting: list[tuple[Any, tuple[object, ...], bool]] = [(document, (), False)]
    while waiting:
        node, steps, keys_are_names = waiting.pop()
        if isinstance(node, list):
            parts = [(index, part) for index, part in enumerate(node) if isinstance(part, (dict, list))]
            waiting += [(part, (*steps, index), False) for index, part in reversed(parts)]
            continue
        if not keys_are_names:
            yield node, steps
        waiting += [
            (part, (*steps, key), not keys_are_names and key in _NAMED)
            for key, part in reversed(node.items())
            if isinstance(part, (dict, list)) and (keys_are_names or not (key in _DATA or _FOREIGN.match(key)))
        ]


def schemas(document: Mapping[str, Any]) -> Iterator[tuple[tuple[object, ...], Any]]:
    """Every outermost schema under the steps that lead to it."""
    for key, schema in document.get("components", {}).get("schemas", {}).items():
        yield ("components", "schemas", key), schema
    for node, steps in objects(document):
        if "schema" in node:
            yield (*steps, "schema"), node["schema"]


def place_in(steps: Iterable[object]) -> str:
    """What stands at the end of these steps, for an error: the operation, if it is in one, and the pointer in it."""
    match list(steps):
        case ["paths", path, str(method), *rest]:
            return f"{method.upper()} {path} {pointer(rest)}"
        case whole:
            return pointer(whole)
