"""Object schemas that stand inside others become components of their own, so that each of them is a class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from generator.document import VARIANTS, operations
from generator.naming.python_names import camel_case
from generator.schema import SCHEMAS, Schema, is_model

_ONE = {"items": "Item", "additionalProperties": "Value"}
_SEVERAL = ("allOf", "anyOf", "oneOf")


@frozen
class Hoisted:
    """A document without nested objects; `stems` has what each new component's class is called after, by its key."""

    document: dict[str, Any]
    stems: Mapping[str, str]


def hoisted(document: Mapping[str, Any]) -> Hoisted:
    """The document with a component for every object schema with properties."""
    schemas: dict[str, Schema] = document["components"]["schemas"]
    hoist = _Hoist(taken=set(schemas))
    own = {key: hoist.inside(schema, key, camel_case(key.rpartition(".")[2])) for key, schema in schemas.items()}
    paths: dict[str, Any] = {path: dict(item) for path, item in document["paths"].items()}
    for method, path, operation in operations(document):
        paths[path][method] = _operation(operation, hoist)
    components = {**document["components"], "schemas": {**own, **hoist.found}}
    return Hoisted({**document, "paths": paths, "components": components}, hoist.stems)


def _operation(operation: Mapping[str, Any], hoist: _Hoist) -> dict[str, Any]:
    name = operation["operationId"]
    stem = camel_case(name.rpartition(".")[2])
    result = dict(operation)
    if "requestBody" in operation:
        result["requestBody"] = _contents(operation["requestBody"], hoist, f"{name}.Body", f"{stem}Body")
    result["responses"] = {
        status: _contents(response, hoist, f"{name}.Response", f"{stem}Response")
        for status, response in operation["responses"].items()
    }
    if VARIANTS in operation:
        result[VARIANTS] = {
            method: _contents(one, hoist, f"{name}.{method}", f"{camel_case(method)}Response")
            for method, one in operation[VARIANTS].items()
        }
    return result


def _contents(holder: Mapping[str, Any], hoist: _Hoist, key: str, stem: str) -> dict[str, Any]:
    if "content" not in holder:
        return dict(holder)
    seen: dict[int, Schema] = {}
    content = {}
    for media, described in holder["content"].items():
        schema = described.get("schema")
        if isinstance(schema, dict) and id(schema) not in seen:
            seen[id(schema)] = hoist.reference(schema, key, stem)
        content[media] = {**described, "schema": seen[id(schema)]} if isinstance(schema, dict) else described
    return {**holder, "content": content}


@frozen
class _Hoist:
    taken: set[str]
    found: dict[str, Schema] = field(factory=dict)
    stems: dict[str, str] = field(factory=dict)

    def reference(self, schema: Schema, key: str, stem: str) -> Schema:
        """The schema, or a reference to a new component where it is an object with properties."""
        if not is_model(schema):
            return self.inside(schema, key, stem)
        while key in self.taken:
            key += "_"
        self.taken.add(key)
        self.stems[key] = stem
        self.found[key] = self.inside(schema, key, stem)
        return {"$ref": SCHEMAS + key}

    def inside(self, schema: Schema, key: str, stem: str) -> Schema:
        """The schema with references in place of the objects in it."""
        result = dict(schema)
        if "properties" in schema:
            result["properties"] = {
                name: self.reference(value, f"{key}.{camel_case(name)}", stem + camel_case(name))
                for name, value in schema["properties"].items()
            }
        for keyword, suffix in _ONE.items():
            if isinstance(schema.get(keyword), dict):
                result[keyword] = self.reference(schema[keyword], f"{key}.{suffix}", stem + suffix)
        for keyword in _SEVERAL:
            if keyword in schema:
                # The parts of a composition make one class; alternatives are classes of their own.
                each = self.inside if keyword == "allOf" else self.reference
                result[keyword] = [each(part, key, stem) for part in schema[keyword]]
        return result
