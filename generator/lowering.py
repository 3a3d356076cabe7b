"""The document in the dialect of openapi-python-client's parser, in parts that are read one after another.

The dialect has opaque names that cannot collide, one media type per content, maps as arrays, no defaults, no
enumerations and no words. A part has some of the schemas or some of the operations in full. Of a model that they only
refer to it says that it is an object, and no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen

from generator.document import operations, primary_media
from generator.schema import SCHEMAS, Schema, allows_null, is_map, is_model, reference, references, without_null

_PLAIN_NAME = re.compile(r"[a-z][a-zA-Z0-9]*\Z")
_PATH_PARAMETER = re.compile(r"\{([^{}]*)\}")
# How many schemas or operations a part has. The parser keeps all that it made of a part, and copies its tables of schemas
# for each schema: release-3.0 takes 5 MB in such parts and 28 MB as one, and a part's cost grows with its square.
_SIZE = 32


@frozen
class Part:
    """A lowered document, and what is in it in full.

    Attributes:
        schemas: the keys of component schemas.
        operations: operations with their methods and paths, by the names that they have in it.
    """

    document: dict[str, Any]
    schemas: tuple[str, ...]
    operations: Mapping[str, tuple[str, str, Mapping[str, Any]]]


def lowered_name(wire: str) -> str:
    """A name the parser leaves alone: itself where it is plain, else its UTF-8 bytes in hex; never ambiguous."""
    return wire if _PLAIN_NAME.match(wire) else "x_" + wire.encode("utf-8", "surrogatepass").hex()


class Lowering:
    """Makes the parts, and knows which name in them stands for which schema."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._schemas: Mapping[str, Schema] = document.get("components", {}).get("schemas", {})
        self.placeholders = {key: f"Schema{number}" for number, key in enumerate(self._schemas)}
        self.schema_keys = {placeholder: key for key, placeholder in self.placeholders.items()}

    def parts(self) -> Iterator[Part]:
        """The schemas, then the operations, each of them once."""
        keys = list(self._schemas)
        for start in range(0, len(keys), _SIZE):
            yield self._part(tuple(keys[start : start + _SIZE]), {})
        named = [(f"operation{number}", one) for number, one in enumerate(operations(self._document))]
        for start in range(0, len(named), _SIZE):
            yield self._part((), dict(named[start : start + _SIZE]))

    def _part(self, keys: tuple[str, ...], named: Mapping[str, tuple[str, str, Mapping[str, Any]]]) -> Part:
        paths: dict[str, dict[str, Any]] = {}
        for name, (method, path, operation) in named.items():
            lowered_path = _PATH_PARAMETER.sub(lambda match: "{" + lowered_name(match[1]) + "}", path)
            paths.setdefault(lowered_path, {})[method] = self._operation(name, operation)
        schemas = {self.placeholders[key]: self._component(self._schemas[key]) for key in keys}
        lowered = {
            "openapi": "3.1.0",
            "info": {"title": "lowered", "version": "0"},
            "paths": paths,
            "components": {"schemas": self._with_referred(schemas, paths)},
        }
        return Part(lowered, keys, named)

    def _with_referred(self, schemas: Mapping[str, Schema], paths: Mapping[str, Any]) -> dict[str, Schema]:
        """The schemas, and what they and the paths refer to, directly or through others."""
        every = dict(schemas)
        waiting = [*references(schemas), *references(paths)]
        while waiting:
            placeholder = waiting.pop()
            if placeholder not in every:
                schema = self._schemas[self.schema_keys[placeholder]]
                every[placeholder] = {"type": "object"} if is_model(schema) else self._component(schema)
                waiting += references(every[placeholder])
        return every

    def _operation(self, name: str, operation: Mapping[str, Any]) -> dict[str, Any]:
        lowered: dict[str, Any] = {"operationId": name, "tags": ["all"], "responses": {}}
        lowered["parameters"] = [
            {
                "name": lowered_name(parameter["name"]),
                "in": parameter["in"],
                "required": parameter.get("required", False),
                "schema": self._schema(parameter.get("schema", {})),
            }
            for parameter in operation.get("parameters", [])
        ]
        body = operation.get("requestBody")
        if body is not None:
            media = primary_media(body["content"])
            schema = body["content"][media].get("schema", {}) if media else {}
            lowered["requestBody"] = {
                "required": body.get("required", False),
                "content": {"application/json": {"schema": self._schema(schema)}},
            }
        for status, response in operation["responses"].items():
            media = primary_media(response.get("content", {}))
            content = (
                {}
                if media is None
                else {"application/json": {"schema": self._schema(response["content"][media].get("schema", {}))}}
            )
            lowered["responses"][status] = {"description": "", "content": content}
        return lowered

    def _component(self, schema: Schema) -> Schema:
        if not is_model(schema):
            lowered = self._schema(schema)
            # The parser refuses a component that is nothing but a reference; a union of one is the same to it.
            return {"allOf": [lowered]} if "$ref" in lowered else lowered
        required = set(schema.get("required", ())) & set(schema["properties"])
        return {
            "type": "object",
            "properties": {lowered_name(wire): self._schema(value) for wire, value in schema["properties"].items()},
            "required": sorted(lowered_name(wire) for wire in required),
        }

    def _schema(self, schema: Schema) -> Schema:
        key = reference(schema)
        if key is not None:
            return {"$ref": SCHEMAS + self.placeholders[key]}
        if allows_null(schema):
            return self._schema(without_null(schema))
        variants = schema.get("anyOf") or schema.get("oneOf")
        if variants:
            return {"anyOf": [self._schema(variant) for variant in variants]}
        kind = schema.get("type")
        if isinstance(kind, list):
            return {"anyOf": [self._schema({**schema, "type": one}) for one in kind]}
        if kind == "array":
            return {"type": "array", "items": self._schema(schema.get("items", {}))}
        if is_map(schema):
            values = schema.get("additionalProperties", True)
            return {"type": "array", "items": self._schema(values if isinstance(values, dict) else {})}
        if kind in ("boolean", "integer", "number"):
            return {"type": kind}
        if kind == "string":
            return {
                "type": "string",
                **({"format": schema["format"]} if schema.get("format") in ("date-time", "binary") else {}),
            }
        return {}
