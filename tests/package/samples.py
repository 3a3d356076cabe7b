"""Values that fit a JSON schema, made the same way each time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_TEXTS = {
    "date-time": "2020-11-18T08:03:00.123456789Z",
    "quantity": "500m",
    "binary": b"\x00\x01",
    "byte": "cGFzc3dvcmQ=",
}


def sample(schema: Mapping[str, Any], document: Mapping[str, Any], depth: int = 0) -> Any:
    """A value with every property down to a depth where it would go round in circles."""
    if "$ref" in schema:
        key = schema["$ref"].removeprefix("#/components/schemas/")
        return sample(document["components"]["schemas"][key], document, depth + 1)
    if schema.get("format") == "int-or-string":
        return "80%"
    if "enum" in schema:
        return schema["enum"][0]
    for union in ("allOf", "anyOf", "oneOf"):
        if union in schema:
            return sample(schema[union][0], document, depth)
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if schema.get("properties"):
        if depth > 6:
            return {}
        return {name: sample(value, document, depth + 1) for name, value in schema["properties"].items()}
    if kind == "array":
        return [] if depth > 6 else [sample(schema.get("items", {}), document, depth + 1)]
    if kind == "object":
        values = schema.get("additionalProperties")
        return {"key": sample(values if isinstance(values, dict) else {}, document, depth + 1)}
    plain: dict[Any, Any] = {"integer": 7, "number": 1.5, "boolean": True, "null": None}
    if kind == "string":
        return _TEXTS.get(schema.get("format", ""), "text")
    return plain.get(kind, {"any": ["JSON", 1, None]})
