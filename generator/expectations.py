"""What a check of the ledger can expect of a place in the document, by the words of defects.toml."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

from attrs import frozen

from generator.lookup import Lookup, NotFoundError, steps
from generator.schema import allows_null

_SHOWN = 200  # characters of a value in a message
_NAMED = ("properties", "patternProperties")
# A schema with none of these allows any value, null too.
_CONSTRAINTS = {"type", "enum", "const", "anyOf", "oneOf", "properties", "items", "prefixItems", "additionalProperties"}


@frozen
class Expectation:
    """One word of the language: `unmet` says what is there instead, `fits` whether it can be given a value."""

    unmet: Callable[[Lookup, Any, Any], str | None]
    fits: Callable[[Any], bool]


def shown(value: Any, *, whole: bool = False) -> str:
    """A value as JSON, shortened."""
    text = value if isinstance(value, str) and value.startswith("$") else json.dumps(value, ensure_ascii=False)
    return text if whole or len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def is_json(value: Any) -> bool:
    """Whether a value can stand in a JSON document; TOML has times and infinities besides."""
    if isinstance(value, dict | list):
        return all(map(is_json, value.values() if isinstance(value, dict) else value))
    return isinstance(value, str | int) or (isinstance(value, float) and math.isfinite(value))


def _has(document: Lookup, node: Any, expected: Any) -> str | None:
    if not isinstance(node, dict):
        return f"it is {shown(node)}"
    missing = []
    for path in expected:
        try:
            document.property(node, steps(path) or ())
        except NotFoundError:
            missing.append(path)
    return f"there is no {', '.join(missing)}" if missing else None


def _is(document: Lookup, node: Any, expected: Any) -> str | None:
    return None if _same(node, expected) else f"it is {shown(node)}"


def _members(node: Any) -> list[Any]:
    """The keys of an object, or the members of a list; members that have a name are meant by it."""
    return [one["name"] if isinstance(one, dict) and "name" in one else one for one in node]


def _includes(document: Lookup, node: Any, expected: Any) -> str | None:
    if not isinstance(node, dict | list):
        return f"it is {shown(node)}"
    missing = [one for one in expected if one not in _members(node)]
    return f"there is no {', '.join(str(one) for one in missing)} in {shown(_members(node))}" if missing else None


def _excludes(document: Lookup, node: Any, expected: Any) -> str | None:
    if not isinstance(node, dict | list):
        return f"it is {shown(node)}"
    found = [one for one in expected if one in _members(node)]
    return f"there is {', '.join(str(one) for one in found)} in {shown(_members(node))}" if found else None


def _only(document: Lookup, node: Any, expected: Any) -> str | None:
    if not isinstance(node, dict | list):
        return f"it is {shown(node)}"
    members = _members(node)
    fits = len(members) == len(expected) and all(one in members for one in expected)
    return None if fits else f"there is {shown(members)}"


def _refers_to(document: Lookup, node: Any, expected: Any) -> str | None:
    if isinstance(expected, dict):
        if not isinstance(node, dict):
            return f"it is {shown(node)}"
        wrong = {
            member: _refers_to(document, node[member], name) if member in node else "it is missing"
            for member, name in expected.items()
        }
        return next((f"{member}: {problem}" for member, problem in wrong.items() if problem), None)
    key = document.referred(node) if isinstance(node, dict) else None
    if key is None:
        return f"it refers to nothing: {shown(node)}"
    return None if document.is_called(key, expected) else f"it refers to {key}"


def _reaches(document: Lookup, node: Any, expected: Any) -> str | None:
    reached = list(document.reached(node))
    return None if any(document.is_called(key, expected) for key in reached) else f"it reaches {shown(reached)}"


def _nullable(document: Lookup, node: Any, expected: Any) -> str | None:
    nullable = isinstance(node, dict) and (
        allows_null(node)
        or allows_null(document.schemas.get(document.referred(node) or "", {}))
        or not document.resolved(node).keys() & _CONSTRAINTS
    )
    return None if nullable is expected else f"it is {shown(node)}"


def _says(document: Lookup, node: Any, expected: Any) -> str | None:
    return _difference(document, node, expected, "it")


def _difference(document: Lookup, node: Any, expected: Any, way: str, *, names: bool = False) -> str | None:
    """Where a schema, references followed and null left aside, says less or something else than another.

    Of an object whose keys are names, such as `properties`, nothing is followed.
    """
    if isinstance(expected, dict):
        whole = {} if node is True else node if names or not isinstance(node, dict) else document.resolved(node)
        if not isinstance(whole, dict):
            return f"{way} is {shown(node)}"
        for name, value in expected.items():
            if name not in whole:
                return f"{way} has no {name}, but {', '.join(key for key in whole if not key.startswith('x-'))}"
            if not names and name == "type" and _types(whole[name]) == _types(value):
                continue
            inner = name if way == "it" else f"{way}.{name}"
            wrong = _difference(document, whole[name], value, inner, names=not names and name in _NAMED)
            if wrong is not None:
                return wrong
        return None
    if isinstance(expected, list) and isinstance(node, list) and len(node) == len(expected):
        pairs = enumerate(zip(node, expected, strict=True))
        found = (_difference(document, one, other, f"{way}[{number}]") for number, (one, other) in pairs)
        return next((wrong for wrong in found if wrong is not None), None)
    return None if _same(node, expected) else f"{way} is {shown(node)}"


def _types(value: Any) -> set[str]:
    return {one for one in (value if isinstance(value, list) else [value]) if one != "null"}


def _same(one: Any, other: Any) -> bool:
    """Equality of JSON values: true is not 1."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _is_true(value: Any) -> bool:
    return value is True


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value)


def _is_paths(value: Any) -> bool:
    return _is_list(value) and all(isinstance(one, str) and steps(one) is not None for one in value)


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _is_names(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and all(map(_is_name, value.values()))


def _present(document: Lookup, node: Any, expected: Any) -> str | None:
    return None


def _absent(document: Lookup, node: Any, expected: Any) -> str | None:
    return f"there is {shown(node)}"


EXPECTATIONS: Mapping[str, Expectation] = {
    "present": Expectation(_present, _is_true),
    "absent": Expectation(_absent, _is_true),
    "has": Expectation(_has, _is_paths),
    "is": Expectation(_is, lambda value: True),
    "includes": Expectation(_includes, _is_list),
    "excludes": Expectation(_excludes, _is_list),
    "only": Expectation(_only, _is_list),
    "refers_to": Expectation(_refers_to, lambda value: _is_name(value) or _is_names(value)),
    "reaches": Expectation(_reaches, _is_name),
    "says": Expectation(_says, lambda value: isinstance(value, dict) and bool(value)),
    "nullable": Expectation(_nullable, lambda value: isinstance(value, bool)),
}
