"""Fields that every response has and that may be null all the same."""

from __future__ import annotations

from generator.repair.rule import GO_RESTFUL, Document, Rule, components
from generator.schema import is_map, reference


def _allow_null(document: Document) -> list[str]:
    """A slice or map of Go that holds nothing is written as null unless it is left out (encoding/json)."""
    schemas = components(document)
    places = []
    for name, schema in schemas.items():
        for member in schema.get("required", ()):
            value = schema.get("properties", {}).get(member, {})
            key = reference(value)
            target = value if key is None else schemas.get(key, {})
            if target.get("type") != "array" and not is_map(target):
                continue
            if key is None:
                value["type"] = [value["type"], "null"]
            else:
                value["anyOf"] = [{"$ref": value.pop("$ref")}, {"type": "null"}]
            places.append(f"schema {name}.{member}")
    return places


NIL_SLICES = Rule(
    "nil-slices",
    "an array or a map that a response always has may be null: so Go writes one that holds nothing",
    (GO_RESTFUL,),
    _allow_null,
)
