"""The document as openapi-python-client reads it, and the proof that all of it arrived.

That parser knows less than the document says and gives things up with a warning, so it is handed a copy in its own
dialect: opaque names that cannot collide, one media type per content, maps as arrays, no defaults and no enumerations.
`refine` reads the copy and the document side by side and puts back what was lowered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError as ParserFailure
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import ModelProperty
from openapi_python_client.parser.properties.any import AnyProperty
from openapi_python_client.parser.properties.boolean import BooleanProperty
from openapi_python_client.parser.properties.datetime import DateTimeProperty
from openapi_python_client.parser.properties.file import FileProperty
from openapi_python_client.parser.properties.float import FloatProperty
from openapi_python_client.parser.properties.int import IntProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.parser.properties.string import StringProperty
from openapi_python_client.parser.properties.union import UnionProperty

from generator.document import operations, primary_media
from generator.errors import GeneratorError
from generator.flatten import flatten
from generator.schema import Schema, allows_null, is_map, is_model, reference, without_null

_PLAIN_NAME = re.compile(r"[a-z][a-zA-Z0-9]*\Z")
_KINDS: dict[Any, type[PropertyProtocol]] = {
    "array": ListProperty,
    "boolean": BooleanProperty,
    "integer": IntProperty,
    "number": FloatProperty,
}
_STRINGS: dict[str, type[PropertyProtocol]] = {"date-time": DateTimeProperty, "binary": FileProperty}
_PATH_PARAMETER = re.compile(r"\{([^{}]*)\}")


@frozen
class Parsed:
    """A document, and what the parser made of it.

    `models` has one entry per component schema with properties, by its key in the document; `endpoints` has one per
    operation, by its operationId.
    """

    document: Mapping[str, Any]
    models: Mapping[str, ModelProperty]
    endpoints: Mapping[str, Endpoint]


def parse(document: Mapping[str, Any]) -> Parsed:
    """Read the corrected document with openapi-python-client's parser.

    Raises:
        GeneratorError: the parser complained, or something of the document did not arrive.
    """
    flat = flatten(document)
    lowering = _Lowering(flat)
    data = GeneratorData.from_dict(lowering.document(), config=_config())
    if isinstance(data, ParserFailure):
        raise GeneratorError(
            f"openapi-python-client cannot read the corrected document: {_one_line(data.detail)}.\n"
            "Correct it with an overlay."
        )
    _raise_for_warnings(data, lowering)
    parsed = Parsed(
        document=flat,
        models={lowering.schema_keys[str(model.class_info.name)]: model for model in data.models},
        endpoints={
            lowering.operation_ids[str(endpoint.name)]: endpoint
            for collection in data.endpoint_collections_by_tag.values()
            for endpoint in collection.endpoints
        },
    )
    _check_arrival(parsed)
    return parsed


def lowered_name(wire: str) -> str:
    """A name the parser leaves alone: itself where it is plain, else its UTF-8 bytes in hex; never ambiguous."""
    return wire if _PLAIN_NAME.match(wire) else "x_" + wire.encode("utf-8", "surrogatepass").hex()


def name_of(prop: PropertyProtocol) -> str:
    """The lowered name of a property or parameter; nothing that is printed is ever taken from it."""
    return prop.name.get_untrusted_value()


class _Lowering:
    """Makes the copy in the parser's dialect and remembers which name stands for what."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._source = document
        self._schemas: dict[str, Schema] = document.get("components", {}).get("schemas", {})
        self._placeholder = {key: f"Schema{number}" for number, key in enumerate(self._schemas)}
        self.schema_keys = {placeholder: key for key, placeholder in self._placeholder.items()}
        self.operation_ids = {
            f"operation{number}": operation["operationId"]
            for number, (_, _, operation) in enumerate(operations(document))
        }

    def document(self) -> dict[str, Any]:
        paths: dict[str, dict[str, Any]] = {}
        for number, (method, path, operation) in enumerate(operations(self._source)):
            lowered_path = _PATH_PARAMETER.sub(lambda match: "{" + lowered_name(match[1]) + "}", path)
            paths.setdefault(lowered_path, {})[method] = self._operation(f"operation{number}", operation)
        return {
            "openapi": "3.1.0",
            "info": {"title": "lowered", "version": "0"},
            "paths": paths,
            "components": {
                "schemas": {self._placeholder[key]: self._component(schema) for key, schema in self._schemas.items()}
            },
        }

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
        if "$ref" in schema:
            return {
                "$ref": "#/components/schemas/"
                + self._placeholder[schema["$ref"].removeprefix("#/components/schemas/")]
            }
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


def _config() -> Config:
    return Config.from_sources(ConfigFile(post_hooks=[]), MetaType.NONE, "openapi.json", "utf-8", True, None)


def _raise_for_warnings(data: GeneratorData, lowering: _Lowering) -> None:
    problems = [f"{error.header}: {error.detail}" for error in data.errors]
    for collection in data.endpoint_collections_by_tag.values():
        problems += [f"{error.header} {error.detail}" for error in collection.parse_errors]
    if not problems:
        return
    first = re.sub(r"Schema\d+", lambda match: lowering.schema_keys.get(match[0], match[0]), _one_line(problems[0]))
    raise GeneratorError(
        f"openapi-python-client would lose part of the document: {first}"
        + (f" (and {len(problems) - 1} more)" if len(problems) > 1 else "")
        + "\nCorrect the document with an overlay so that the parser can read it."
    )


def _check_arrival(parsed: Parsed) -> None:
    """Every model with its properties, every operation with its parameters, body and responses: all are there."""
    lost: list[str] = []
    schemas = parsed.document.get("components", {}).get("schemas", {})
    for key in (key for key, schema in schemas.items() if is_model(schema)):
        model = parsed.models.get(key)
        if model is None:
            lost.append(f"schema {key}")
            continue
        arrived = {
            name_of(prop): prop for prop in (model.required_properties or []) + (model.optional_properties or [])
        }
        for wire, schema in schemas[key]["properties"].items():
            prop = arrived.get(lowered_name(wire))
            if prop is None or not _agrees(schema, prop, schemas):
                lost.append(f"property {wire!r} of schema {key}")
    for method, path, operation in operations(parsed.document):
        where = f"{method.upper()} {path}"
        endpoint = parsed.endpoints.get(operation["operationId"])
        if endpoint is None:
            lost.append(where)
            continue
        lost += [f"{part} of {where}" for part in _missing_parts(operation, endpoint, schemas)]
    if lost:
        raise GeneratorError(
            f"openapi-python-client lost {lost[0]}" + (f" and {len(lost) - 1} more" if len(lost) > 1 else "") + ".\n"
            "Correct the document with an overlay so that the parser can read it."
        )


def _missing_parts(operation: Mapping[str, Any], endpoint: Endpoint, schemas: Mapping[str, Schema]) -> Iterator[str]:
    arrived = {(str(location.value), name_of(prop)): prop for location, prop in endpoint.iter_all_parameters()}
    for parameter in operation.get("parameters", []):
        prop = arrived.get((parameter["in"], lowered_name(parameter["name"])))
        if prop is None or not _agrees(parameter.get("schema", {}), prop, schemas):
            yield f"the {parameter['in']} parameter {parameter['name']!r}"
    if ("requestBody" in operation) != bool(endpoint.bodies):
        yield "the body"
    statuses = {response.status_code.pattern for response in endpoint.responses}
    for status in operation["responses"]:
        if status not in statuses:
            yield f"the response {status}"


def _agrees(schema: Schema, prop: PropertyProtocol, schemas: Mapping[str, Schema]) -> bool:
    """Whether the parser read a schema as what it says; what the parser has no word for it reads as anything."""
    key = reference(schema)
    if key is not None:
        return isinstance(prop, ModelProperty) if is_model(schemas[key]) else _agrees(schemas[key], prop, schemas)
    if allows_null(schema):
        return _agrees(without_null(schema), prop, schemas)
    kind = schema.get("type")
    if "anyOf" in schema or "oneOf" in schema or isinstance(kind, list):
        return isinstance(prop, UnionProperty)
    if kind == "string":
        return isinstance(prop, _STRINGS.get(schema.get("format", ""), StringProperty))
    return isinstance(prop, ListProperty if is_map(schema) else _KINDS.get(kind, AnyProperty))


def _one_line(text: str | None) -> str:
    return " ".join((text or "no reason given").split())[:300]
