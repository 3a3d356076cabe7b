"""Schema objects of Swagger 2.0 become schemas of JSON Schema 2020-12, as OpenAPI 3.1 has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from generator.swagger.definitions import Definitions
from generator.swagger.place import ANYTHING, COUNT, FLAG, LIST, NUMBER, OBJECT, TEXT, TEXTS, Place

SIMPLE_TYPES = ("string", "number", "integer", "boolean", "array")

# What a schema has in common with a parameter that is not a body, with a header and with the items of both.
SIMPLE_FIELDS = {
    "type": ANYTHING,
    "format": TEXT,
    "items": ANYTHING,
    "default": ANYTHING,
    "maximum": NUMBER,
    "exclusiveMaximum": FLAG,
    "minimum": NUMBER,
    "exclusiveMinimum": FLAG,
    "maxLength": COUNT,
    "minLength": COUNT,
    "pattern": TEXT,
    "maxItems": COUNT,
    "minItems": COUNT,
    "uniqueItems": FLAG,
    "enum": LIST,
    "multipleOf": NUMBER,
}

# Not Swagger 2.0, but written in its files so often that their meaning is plain.
_BORROWED_FIELDS = {"anyOf": LIST, "oneOf": LIST, "not": OBJECT, "nullable": FLAG}

_FIELDS = {
    **SIMPLE_FIELDS,
    **_BORROWED_FIELDS,
    "$ref": TEXT,
    "title": TEXT,
    "description": TEXT,
    "collectionFormat": TEXT,
    "maxProperties": COUNT,
    "minProperties": COUNT,
    "required": TEXTS,
    "allOf": LIST,
    "properties": OBJECT,
    "additionalProperties": ANYTHING,
    "discriminator": TEXT,
    "readOnly": FLAG,
    "xml": OBJECT,
    "externalDocs": OBJECT,
    "example": ANYTHING,
    "x-nullable": FLAG,
}

_TYPES = (*SIMPLE_TYPES, "object", "null")
_FILE = {"type": "string", "format": "binary"}
_COMBINING = ("$ref", "allOf", "anyOf", "oneOf", "not")
_ANNOTATIONS = ("title", "description", "default", "examples", "readOnly", "externalDocs")


def convert_schema(
    value: Any, place: Place, definitions: Definitions, *, definition: str | None = None, may_be_file: bool = False
) -> dict[str, Any]:
    """A schema of OpenAPI 3.1 that says the same.

    Args:
        value: the schema of Swagger 2.0.
        place: where it stands.
        definitions: what references in it may name.
        definition: its key, if it is itself a definition.
        may_be_file: whether `type: file` may stand here, as it may at the top of a response.

    Raises:
        GeneratorError: something in it is no part of a schema.
    """
    node = place.object(value, _FIELDS)
    result: dict[str, Any] = {}
    for key, member in node.items():
        inner = place / key
        match key:
            case "$ref":
                result[key] = definitions.reference(member, inner)
            case "type":
                result.update(_typed(member, inner, may_be_file=may_be_file))
            case "items" if isinstance(member, list):
                result["prefixItems"] = _converted_list(member, inner, definitions)
            case "items" | "not":
                result[key] = convert_schema(member, inner, definitions)
            case "allOf" | "anyOf" | "oneOf":
                result[key] = _converted_list(member, inner, definitions)
            case "properties":
                result[key] = {name: convert_schema(part, inner / name, definitions) for name, part in member.items()}
            case "additionalProperties":
                result[key] = member if isinstance(member, bool) else convert_schema(member, inner, definitions)
            case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum":
                result.update(_bound(key, node, inner))
            case "discriminator":
                result[key] = _discriminator(member, definition, definitions)
            case "example":
                result["examples"] = [member]
            case "collectionFormat":
                result["x-collection-format"] = member
            case "xml":
                result[key] = inner.object(member, _XML_FIELDS)
            case "externalDocs":
                result[key] = external_docs(member, inner)
            case "x-nullable" | "nullable":
                pass
            case "format" if node.get("type") == "file":
                pass
            case _:
                result[key] = member
    return _nullable(result) if node.get("x-nullable") or node.get("nullable") else result


_XML_FIELDS = {"name": TEXT, "namespace": TEXT, "prefix": TEXT, "attribute": FLAG, "wrapped": FLAG}


def external_docs(value: Any, place: Place) -> dict[str, Any]:
    """Documentation elsewhere: the same in both versions."""
    return place.object(value, {"url": TEXT, "description": TEXT}, required=("url",))


def _converted_list(values: Iterable[Any], place: Place, definitions: Definitions) -> list[dict[str, Any]]:
    parts = [convert_schema(part, place / index, definitions) for index, part in enumerate(values)]
    if not parts:
        raise place.error("an empty list where schemas belong")
    return parts


def _typed(value: Any, place: Place, *, may_be_file: bool) -> dict[str, Any]:
    if value == "file" and may_be_file:
        return _FILE
    if isinstance(value, list) and value:
        return {"type": [place.one_of(one, _TYPES) for one in value]}
    return {"type": place.one_of(value, _TYPES)}


def _bound(key: str, node: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """A limit: `maximum: 3, exclusiveMaximum: true` was JSON Schema 4, `exclusiveMaximum: 3` is 2020-12."""
    if key.startswith("exclusive"):
        limit = key.removeprefix("exclusive").lower()
        if node[key] and limit not in node:
            raise place.error(f"'{key}' without '{limit}'")
        return {key: node[limit]} if node[key] else {}
    exclusive = "exclusive" + key.capitalize()
    return {} if node.get(exclusive) else {key: node[key]}


def _discriminator(name: str, definition: str | None, definitions: Definitions) -> dict[str, Any]:
    mapping = definitions.discriminator_mapping(definition) if definition is not None else {}
    return {"propertyName": name, **({"mapping": mapping} if mapping else {})}


def _nullable(schema: Mapping[str, Any]) -> dict[str, Any]:
    if any(key in schema for key in _COMBINING):
        outside = {key: part for key, part in schema.items() if key in _ANNOTATIONS or key.startswith("x-")}
        inside = {key: part for key, part in schema.items() if key not in outside}
        return {"anyOf": [inside, {"type": "null"}], **outside}
    result = dict(schema)
    if "type" in schema:
        types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        result["type"] = [*types, *(() if "null" in types else ("null",))]
    if "enum" in schema and None not in schema["enum"]:
        result["enum"] = [*schema["enum"], None]
    return result
