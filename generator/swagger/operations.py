"""Paths, operations and responses of Swagger 2.0."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from attrs import frozen

from generator.document import PUBLISHED
from generator.swagger.definitions import Definitions
from generator.swagger.parameters import (
    COLLECTION_FORMATS,
    Published,
    array_style,
    convert_body,
    convert_parameters,
    published_parameters,
    resolved,
)
from generator.swagger.place import ANYTHING, FLAG, OBJECT, TEXT, TEXTS, Place, extensions, shown
from generator.swagger.schemas import SIMPLE_FIELDS, SIMPLE_TYPES, convert_schema, external_docs
from generator.swagger.security import check_requirements
from generator.swagger.servers import Address

METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
JSON = "application/json"

_OPERATION_FIELDS = {
    "tags": TEXTS,
    "summary": TEXT,
    "description": TEXT,
    "externalDocs": OBJECT,
    "operationId": TEXT,
    "consumes": TEXTS,
    "produces": TEXTS,
    "parameters": ANYTHING,
    "responses": OBJECT,
    "schemes": TEXTS,
    "deprecated": FLAG,
    "security": ANYTHING,
}
_SAME_IN_BOTH = ("tags", "summary", "description", "operationId", "deprecated")
_RESPONSE_FIELDS = {"description": TEXT, "schema": OBJECT, "headers": OBJECT, "examples": OBJECT}
_HEADER_FIELDS = {**SIMPLE_FIELDS, "description": TEXT, "collectionFormat": TEXT, "x-nullable": FLAG}


@frozen
class Surroundings:
    """What an operation inherits from the document it stands in."""

    source: str
    definitions: Definitions
    parameters: Mapping[str, Any]
    responses: Mapping[str, Any]
    schemes: frozenset[str]  # of security
    consumes: tuple[str, ...]
    produces: tuple[str, ...]
    address: Address


def media_types(node: Mapping[str, Any], key: str, inherited: tuple[str, ...]) -> tuple[str, ...]:
    """What a document or operation consumes or produces; JSON when nothing is said, or the list is empty."""
    return tuple(dict.fromkeys(node.get(key, inherited))) or (JSON,)


def convert_path(path: str, value: Any, place: Place, around: Surroundings) -> dict[str, Any]:
    """A path item. What its operations share moves into each of them.

    Raises:
        GeneratorError: something in it is no part of a path item.
    """
    if not path.startswith("/"):
        raise place.error("a path that does not start with '/'")
    if isinstance(value, dict) and "$ref" in value:
        raise place.error("a path given by a reference to another file, which is not read")
    item = place.object(value, {**dict.fromkeys(METHODS, OBJECT), "parameters": ANYTHING})
    shared = published_parameters(item.get("parameters", []), place / "parameters", around.parameters)
    return {
        key: _operation(path, key, member, place / key, shared, around) if key in METHODS else member
        for key, member in item.items()
        if key != "parameters"
    }


def _operation(
    path: str, method: str, value: Any, place: Place, inherited: tuple[Published, ...], around: Surroundings
) -> dict[str, Any]:
    node = place.object(value, _OPERATION_FIELDS, required=("responses",))
    published = {"source": around.source, "method": method.upper(), "path": path}
    if "operationId" in node:
        published["operationId"] = node["operationId"]
    result: dict[str, Any] = {key: node[key] for key in _SAME_IN_BOTH if key in node}
    if "externalDocs" in node:
        result["externalDocs"] = external_docs(node["externalDocs"], place / "externalDocs")
    result.update(_sent(node, place, inherited, around))
    result["responses"] = _responses(node, place / "responses", around)
    if "security" in node:
        result["security"] = check_requirements(node["security"], place / "security", around.schemes)
    if "schemes" in node:
        result.update(around.address.of_operation(node["schemes"], place / "schemes"))
    return {**result, **extensions(node), PUBLISHED: published}


def _sent(
    node: Mapping[str, Any], place: Place, inherited: tuple[Published, ...], around: Surroundings
) -> dict[str, Any]:
    """The parameters and the request body, as far as there are any."""
    own = published_parameters(node.get("parameters", []), place / "parameters", around.parameters)
    overridden = {one.identity for one in own}
    parameters = (*(one for one in inherited if one.identity not in overridden), *own)
    sent: dict[str, Any] = {}
    if converted := convert_parameters(parameters, around.definitions):
        sent["parameters"] = converted
    body = convert_body(parameters, media_types(node, "consumes", around.consumes), around.definitions, place)
    if body is not None:
        sent["requestBody"] = body
    return sent


def _responses(node: Mapping[str, Any], place: Place, around: Surroundings) -> dict[str, Any]:
    produces = media_types(node, "produces", around.produces)
    result: dict[str, Any] = {}
    for status, value in node["responses"].items():
        if re.fullmatch(r"[1-5][0-9]{2}|default", status):
            response, there = resolved(value, place / status, "responses", around.responses)
            result[status] = _response(response, there, produces, around.definitions)
        elif status.startswith("x-"):
            result[status] = value
        else:
            raise place.error(f"'{shown(status)}' where a status such as '200', or 'default', belongs")
    if not result:
        raise place.error("an operation without any response")
    return result


def _response(value: Any, place: Place, produces: tuple[str, ...], definitions: Definitions) -> dict[str, Any]:
    node = place.object(value, _RESPONSE_FIELDS)
    result: dict[str, Any] = {"description": node.get("description", "")}  # OpenAPI 3.1 wants one
    if "headers" in node:
        result["headers"] = {
            name: _header(header, place / "headers" / name, definitions) for name, header in node["headers"].items()
        }
    content: dict[str, dict[str, Any]] = {}
    if "schema" in node:
        schema = convert_schema(node["schema"], place / "schema", definitions, may_be_file=True)
        content = {media: {"schema": schema} for media in produces}
    for media, example in node.get("examples", {}).items():
        content[media] = {**content.get(media, {}), "example": example}
    # What the operation says it produces is all that is known of an answer without a schema.
    return {**result, **({"content": content} if content else {"x-produces": list(produces)}), **extensions(node)}


def _header(value: Any, place: Place, definitions: Definitions) -> dict[str, Any]:
    node = place.object(value, _HEADER_FIELDS)
    if "type" in node:
        (place / "type").one_of(node["type"], SIMPLE_TYPES)
    collection_format = node.get("collectionFormat", "csv")
    (place / "collectionFormat").one_of(collection_format, COLLECTION_FORMATS[:-1])
    schema = {key: member for key, member in node.items() if key in SIMPLE_FIELDS or key == "x-nullable"}
    return {
        **({"description": node["description"]} if "description" in node else {}),
        **array_style(collection_format if node.get("type") == "array" else None, "header"),
        "schema": convert_schema(schema, place, definitions),
        **{key: member for key, member in extensions(node).items() if key != "x-nullable"},
    }
