"""Questions about one JSON schema that several stages ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Schema = dict[str, Any]

SCHEMAS = "#/components/schemas/"
# What `flatten` makes of an envelope that says what its items are; see `page_of`.
PAGE_ITEMS = "x-kubesphere-page-items"

# Of an integer parameter: it is a Unix time, and this is its unit.
UNIX_TIME = "x-kubesphere-unix-time"


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


def page_of(schema: Mapping[str, Any]) -> tuple[str, Schema] | None:
    """The envelope's key and the schema of the items, where a schema is a list's envelope refined by what it holds.

    That is `allOf: [{$ref: envelope}, {properties: {items: {items: ...}}}]`: one envelope serves many lists.
    """
    parts = schema.get("allOf")
    if not isinstance(parts, list) or len(parts) != 2:
        return None
    envelope, items = reference(parts[0]), parts[1].get("properties", {}).get("items", {}).get("items")
    if envelope is None or not isinstance(items, dict) or set(parts[1]["properties"]) != {"items"}:
        return None
    return envelope, items


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
