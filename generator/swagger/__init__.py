"""Swagger 2.0 becomes OpenAPI 3.1, one source at a time, with nothing repaired and nothing lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.swagger.definitions import Definitions
from generator.swagger.operations import Surroundings, convert_path, media_types
from generator.swagger.place import LIST, OBJECT, TEXT, TEXTS, Place, extensions
from generator.swagger.reading import check_swagger, load, parse
from generator.swagger.schemas import convert_schema, external_docs
from generator.swagger.security import check_requirements, convert_security_scheme
from generator.swagger.servers import Address

__all__ = ["convert", "load", "parse"]

_FIELDS = {
    "swagger": TEXT,
    "info": OBJECT,
    "host": TEXT,
    "basePath": TEXT,
    "schemes": TEXTS,
    "consumes": TEXTS,
    "produces": TEXTS,
    "paths": OBJECT,
    "definitions": OBJECT,
    "parameters": OBJECT,
    "responses": OBJECT,
    "securityDefinitions": OBJECT,
    "security": LIST,
    "tags": LIST,
    "externalDocs": OBJECT,
}
_INFO_FIELDS = {
    "title": TEXT,
    "version": TEXT,
    "description": TEXT,
    "termsOfService": TEXT,
    "contact": OBJECT,
    "license": OBJECT,
}


def convert(document: Mapping[str, Any], *, source: str) -> dict[str, Any]:
    """The OpenAPI 3.1.0 document that says what a Swagger 2.0 document says.

    Every operation carries `x-kubesphere-published` {source, method, path, operationId}. Definitions keep their keys
    under components/schemas; shared parameters and responses stand where they are used, and those of a path in each of
    its operations. What OpenAPI 3.1 cannot say is kept in extensions: `x-collection-format`, `x-body-name`,
    `x-allow-empty-value` (of a form's field), `x-schemes` (without a host) and `x-paths` (extensions among the paths).

    Args:
        document: as `load` gives it; it is not changed, and the result shares parts with it.
        source: the name of the source.

    Raises:
        GeneratorError: it is not Swagger 2.0 through and through; the message names the place.
    """
    place = Place(source)
    root = place.object(check_swagger(document, place), _FIELDS, required=("info", "paths"))
    definitions = Definitions.of(root.get("definitions", {}))
    schemes = root.get("securityDefinitions", {})
    address = Address.of(root, place)
    around = Surroundings(
        source=source,
        definitions=definitions,
        parameters=root.get("parameters", {}),
        responses=root.get("responses", {}),
        schemes=frozenset(schemes),
        consumes=media_types(root, "consumes", ()),
        produces=media_types(root, "produces", ()),
        address=address,
    )
    return {
        "openapi": "3.1.0",
        "info": _info(root["info"], place / "info"),
        **_documentation(root, place),
        **address.of_document(),
        **(
            {"security": check_requirements(root["security"], place / "security", schemes)}
            if "security" in root
            else {}
        ),
        **_paths(root["paths"], place / "paths", around),
        "components": _components(root, place, definitions),
        **extensions(root),
    }


def _info(value: Any, place: Place) -> dict[str, Any]:
    info = place.object(value, _INFO_FIELDS, required=("title", "version"))
    if "contact" in info:
        (place / "contact").object(info["contact"], {"name": TEXT, "url": TEXT, "email": TEXT})
    if "license" in info:
        (place / "license").object(info["license"], {"name": TEXT, "url": TEXT}, required=("name",))
    return info


def _documentation(root: Mapping[str, Any], place: Place) -> dict[str, Any]:
    result: dict[str, Any] = {}
    if "externalDocs" in root:
        result["externalDocs"] = external_docs(root["externalDocs"], place / "externalDocs")
    if "tags" in root:
        fields = {"name": TEXT, "description": TEXT, "externalDocs": OBJECT}
        for index, tag in enumerate(root["tags"]):
            inner = place / "tags" / index
            inner.object(tag, fields, required=("name",))
            external_docs(tag.get("externalDocs", {"url": ""}), inner / "externalDocs")
        result["tags"] = root["tags"]
    return result


def _paths(paths: Mapping[str, Any], place: Place, around: Surroundings) -> dict[str, Any]:
    """The paths; extensions among them move out, so that every key under paths is a path."""
    among = extensions(paths)
    converted = {
        path: convert_path(path, item, place / path, around) for path, item in paths.items() if path not in among
    }
    return {"paths": converted, **({"x-paths": among} if among else {})}


def _components(root: Mapping[str, Any], place: Place, definitions: Definitions) -> dict[str, Any]:
    schemas = {
        definitions.keys[key]: convert_schema(schema, place / "definitions" / key, definitions, definition=key)
        for key, schema in root.get("definitions", {}).items()
    }
    security = {
        name: convert_security_scheme(name, scheme, place / "securityDefinitions" / name)
        for name, scheme in root.get("securityDefinitions", {}).items()
    }
    return {"schemas": schemas, **({"securitySchemes": security} if security else {})}
