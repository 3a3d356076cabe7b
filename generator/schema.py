"""Questions about one JSON schema that several stages ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Schema = dict[str, Any]

SCHEMAS = "#/components/schemas/"


def reference(schema: Mapping[str, Any]) -> str | None:
    """The key of the component that a schema refers to, or None."""
    target = schema.get("$ref")
    return target.removeprefix(SCHEMAS) if isinstance(target, str) else None


def is_model(schema: Mapping[str, Any]) -> bool:
    """Whether a schema is an object with named properties: a class in the client."""
    return bool(schema.get("properties"))


def is_map(schema: Mapping[str, Any]) -> bool:
    """Whether a schema is an object whose property names are data: a dict in the client."""
    return schema.get("type") == "object" and not schema.get("properties")


def allows_null(schema: Mapping[str, Any]) -> bool:
    """Whether null is one of the values a schema spells out."""
    kind = schema.get("type")
    if kind == "null" or (isinstance(kind, list) and "null" in kind):
        return True
    return any(variant.get("type") == "null" for variant in (*schema.get("anyOf", ()), *schema.get("oneOf", ())))


def without_null(schema: Mapping[str, Any]) -> Schema:
    """The same schema for all values but null."""
    kind = schema.get("type")
    if kind == "null":
        return {}
    if isinstance(kind, list):
        rest = [one for one in kind if one != "null"]
        return {**schema, "type": rest[0] if len(rest) == 1 else rest}
    for union in ("anyOf", "oneOf"):
        if union in schema:
            rest = [variant for variant in schema[union] if variant.get("type") != "null"]
            others = {key: value for key, value in schema.items() if key != union}
            return {**others, **rest[0]} if len(rest) == 1 else {**others, union: rest}
    return dict(schema)


def references(node: Any) -> Iterator[str]:
    """The key of every component that something refers to, however deep."""
    if isinstance(node, dict):
        key = reference(node)
        if key is not None:
            yield key
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def reachable(node: Any, schemas: Mapping[str, Schema]) -> set[str]:
    """The keys of all components that something refers to, directly or through others."""
    seen: set[str] = set()
    waiting = list(references(node))
    while waiting:
        key = waiting.pop()
        if key not in seen:
            seen.add(key)
            waiting += references(schemas.get(key, {}))
    return seen
