"""Swagger 2.0 becomes OpenAPI 3.1: every feature, every refusal, and no crash on whatever else comes."""

from __future__ import annotations

import contextlib
import copy
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV31SpecValidator

from generator.errors import GeneratorError
from generator.swagger import convert, load
from tests.generator.documents import places

_MIRROR = Path(__file__).parents[3] / "shared" / "specs"
PUBLISHED_FILES = sorted(_MIRROR.glob("release-*/api/*/swagger.json"))

OK = {"200": {"description": "ok"}}
WHOLE = '{"swagger": "2.0", "x": [1.5, -2, true, null, "a\\u00fcü", {}], "paths": {"/x": {}}}'.encode()


def swagger(paths: Any = None, definitions: Any = None, **members: Any) -> dict[str, Any]:
    """A Swagger 2.0 document."""
    return {
        "swagger": "2.0",
        "info": {"title": "Test", "version": "1"},
        "paths": paths or {},
        **({} if definitions is None else {"definitions": definitions}),
        **members,
    }


def converted(document: dict[str, Any]) -> dict[str, Any]:
    return convert(document, source="kubesphere")


def operation(document: dict[str, Any], method: str = "get", path: str = "/x") -> dict[str, Any]:
    found: dict[str, Any] = converted(document)["paths"][path][method]
    return found


def with_operation(method: str = "get", /, **members: Any) -> dict[str, Any]:
    return swagger({"/x": {method: {"responses": OK, **members}}})


def with_parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    """The parameter of OpenAPI 3.1 that one of Swagger 2.0 gives."""
    found: dict[str, Any] = operation(with_operation(parameters=[parameter]))["parameters"][0]
    return found


def schema(value: dict[str, Any], **others: Any) -> dict[str, Any]:
    """The schema of OpenAPI 3.1 that one of Swagger 2.0 gives."""
    found: dict[str, Any] = converted(swagger(definitions={"A": value, **others}))["components"]["schemas"]["A"]
    return found


def refusal(document: Any) -> str:
    with pytest.raises(GeneratorError) as caught:
        convert(document, source="kubesphere")
    message = str(caught.value)
    assert len(message.splitlines()) <= 3
    return message


# -- the document --------------------------------------------------------------------------------------------------


def test_a_document_without_operations_is_converted_whole() -> None:
    assert converted(swagger()) == {
        "openapi": "3.1.0",
        "info": {"title": "Test", "version": "1"},
        "servers": [{"url": "/"}],
        "paths": {},
        "components": {"schemas": {}},
    }


def test_every_operation_says_where_it_was_published() -> None:
    document = swagger({"/x/{a}": {"delete": {"operationId": "Drop", "responses": OK}, "get": {"responses": OK}}})
    item = converted(document)["paths"]["/x/{a}"]
    mark = {"source": "kubesphere", "method": "DELETE", "path": "/x/{a}", "operationId": "Drop"}
    assert item["delete"]["x-kubesphere-published"] == mark
    assert item["get"]["x-kubesphere-published"] == {"source": "kubesphere", "method": "GET", "path": "/x/{a}"}


def test_each_method_of_each_path_gives_one_operation() -> None:
    methods = ("get", "put", "post", "delete", "options", "head", "patch")
    document = swagger({path: {method: {"responses": OK} for method in methods} for path in ("/a", "/b")})
    assert {path: tuple(item) for path, item in converted(document)["paths"].items()} == {"/a": methods, "/b": methods}


def test_the_result_is_valid() -> None:
    assert list(OpenAPIV31SpecValidator(converted(_everything())).iter_errors()) == []


def test_the_input_is_not_changed() -> None:
    document = _everything()
    before = copy.deepcopy(document)
    converted(document)
    assert document == before


def test_documentation_and_extensions_are_kept() -> None:
    tags = [{"name": "a", "description": "A", "externalDocs": {"url": "https://a.example"}}]
    info = {"title": "T", "version": "1", "contact": {"name": "c"}, "license": {"name": "l"}, "x-logo": 1}
    document = swagger(tags=tags, externalDocs={"url": "https://b.example"}, info=info, **{"x-root": [1]})
    result = converted(document)
    assert (result["tags"], result["externalDocs"], result["info"]) == (tags, {"url": "https://b.example"}, info)
    assert result["x-root"] == [1]


def test_what_an_operation_says_of_itself_is_kept() -> None:
    said = {
        "tags": ["a"],
        "summary": "s",
        "description": "d",
        "operationId": "o",
        "deprecated": True,
        "externalDocs": {"url": "https://a.example"},
        "x-kubernetes-action": "list",
    }
    result = operation(with_operation(**said))
    assert {key: result[key] for key in said} == said


def test_extensions_among_the_paths_are_not_paths() -> None:
    result = converted(swagger({"x-note": "n", "/x": {"x-item": 1, "get": {"responses": OK}}}))
    assert list(result["paths"]) == ["/x"]
    assert result["x-paths"] == {"x-note": "n"}
    assert result["paths"]["/x"]["x-item"] == 1


@pytest.mark.parametrize(
    ("address", "servers"),
    [
        ({}, [{"url": "/"}]),
        ({"basePath": "/v1"}, [{"url": "/v1"}]),
        ({"basePath": "/v1/"}, [{"url": "/v1"}]),
        ({"host": "a.example:80"}, [{"url": "//a.example:80"}]),
        (
            {"host": "a.example", "basePath": "/v1", "schemes": ["https", "http"]},
            [{"url": "https://a.example/v1"}, {"url": "http://a.example/v1"}],
        ),
        (
            {"host": "{region}.example", "schemes": ["https"]},
            [{"url": "https://{region}.example", "variables": {"region": {"default": "region"}}}],
        ),
    ],
)
def test_host_base_path_and_schemes_become_servers(address: dict[str, Any], servers: list[Any]) -> None:
    assert converted(swagger(**address))["servers"] == servers


def test_schemes_of_an_operation_become_its_servers() -> None:
    document = with_operation(schemes=["ws"])
    assert operation({**document, "host": "a.example", "schemes": ["https"]})["servers"] == [{"url": "ws://a.example"}]
    assert "servers" not in operation({**document, "host": "a.example", "schemes": ["ws"]})


def test_schemes_without_a_host_are_kept_as_an_extension() -> None:
    assert operation(with_operation(schemes=["https"]))["x-schemes"] == ["https"]
    assert converted(swagger(schemes=["https"]))["x-schemes"] == ["https"]


# -- security ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ({"type": "basic", "description": "d"}, {"type": "http", "scheme": "basic", "description": "d"}),
        ({"type": "apiKey", "name": "X", "in": "header"}, {"type": "apiKey", "name": "X", "in": "header"}),
        (
            {"type": "oauth2", "flow": "implicit", "authorizationUrl": "/a", "scopes": {"r": "read"}},
            {"type": "oauth2", "flows": {"implicit": {"authorizationUrl": "/a", "scopes": {"r": "read"}}}},
        ),
        (
            {"type": "oauth2", "flow": "password", "tokenUrl": "/t", "scopes": {}, "x-a": 1},
            {"type": "oauth2", "flows": {"password": {"tokenUrl": "/t", "scopes": {}}}, "x-a": 1},
        ),
        (
            {"type": "oauth2", "flow": "application", "tokenUrl": "/t"},
            {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "/t", "scopes": {}}}},
        ),
        (
            {"type": "oauth2", "flow": "accessCode", "authorizationUrl": "/a", "tokenUrl": "/t"},
            {
                "type": "oauth2",
                "flows": {"authorizationCode": {"authorizationUrl": "/a", "tokenUrl": "/t", "scopes": {}}},
            },
        ),
    ],
)
def test_security_definitions_become_security_schemes(published: dict[str, Any], expected: dict[str, Any]) -> None:
    assert converted(swagger(securityDefinitions={"s": published}))["components"]["securitySchemes"] == {"s": expected}


def test_security_requirements_are_kept_and_an_empty_list_too() -> None:
    document = {
        **with_operation(security=[]),
        "securityDefinitions": {"jwt": {"type": "basic"}},
        "security": [{"jwt": []}],
    }
    assert converted(document)["security"] == [{"jwt": []}]
    assert operation(document)["security"] == []


# -- parameters ----------------------------------------------------------------------------------------------------


def test_a_parameter_keeps_what_it_says_and_gets_a_schema() -> None:
    published = {
        "name": "limit",
        "in": "query",
        "description": "d",
        "required": False,
        "allowEmptyValue": True,
        "type": "integer",
        "format": "int32",
        "default": 10,
        "minimum": 1,
        "maximum": 9,
        "exclusiveMaximum": True,
        "x-a": 1,
    }
    assert with_parameter(published) == {
        "name": "limit",
        "in": "query",
        "description": "d",
        "required": False,
        "allowEmptyValue": True,
        "schema": {"type": "integer", "format": "int32", "default": 10, "minimum": 1, "exclusiveMaximum": 9},
        "x-a": 1,
    }


def test_a_path_parameter_is_always_required() -> None:
    assert with_parameter({"name": "a", "in": "path", "type": "string", "required": False})["required"] is True


def test_a_nullable_parameter_has_a_nullable_schema() -> None:
    parameter = with_parameter({"name": "a", "in": "query", "type": "string", "x-nullable": True})
    assert parameter == {"name": "a", "in": "query", "schema": {"type": ["string", "null"]}}


def test_a_parameter_without_a_type_may_be_anything() -> None:
    assert with_parameter({"name": "a", "in": "query"})["schema"] == {}


@pytest.mark.parametrize(
    ("location", "collection_format", "expected"),
    [
        ("query", None, {"style": "form", "explode": False}),
        ("query", "csv", {"style": "form", "explode": False}),
        ("query", "multi", {"style": "form", "explode": True}),
        ("query", "ssv", {"style": "spaceDelimited", "explode": False}),
        ("query", "pipes", {"style": "pipeDelimited", "explode": False}),
        ("query", "tsv", {"x-collection-format": "tsv"}),
        ("header", None, {"style": "simple", "explode": False}),
        ("path", "csv", {"style": "simple", "explode": False}),
        ("path", "pipes", {"x-collection-format": "pipes"}),
    ],
)
def test_a_collection_format_becomes_a_style(
    location: str, collection_format: str | None, expected: dict[str, Any]
) -> None:
    written = {} if collection_format is None else {"collectionFormat": collection_format}
    result = with_parameter({"name": "a", "in": location, "type": "array", "items": {"type": "string"}, **written})
    assert {key: value for key, value in result.items() if key not in ("name", "in", "required", "schema")} == expected


def test_a_collection_format_inside_an_array_is_kept_as_an_extension() -> None:
    items = {"type": "array", "items": {"type": "string"}, "collectionFormat": "pipes"}
    result = with_parameter({"name": "a", "in": "query", "type": "array", "items": items})
    assert result["schema"]["items"] == {"type": "array", "items": {"type": "string"}, "x-collection-format": "pipes"}


def test_parameters_of_a_path_move_into_its_operations_unless_overridden() -> None:
    shared = [{"name": "a", "in": "query", "type": "string"}, {"name": "b", "in": "query", "type": "string"}]
    own = [{"name": "b", "in": "query", "type": "integer"}, {"name": "a", "in": "header", "type": "string"}]
    document = swagger({"/x": {"parameters": shared, "get": {"responses": OK, "parameters": own}}})
    result = converted(document)["paths"]["/x"]
    assert "parameters" not in result
    assert [(one["name"], one["in"], one["schema"]["type"]) for one in result["get"]["parameters"]] == [
        ("a", "query", "string"),
        ("b", "query", "integer"),
        ("a", "header", "string"),
    ]


def test_shared_parameters_stand_where_they_are_used() -> None:
    shared = {
        "limit": {"name": "limit", "in": "query", "type": "integer"},
        "thing": {"name": "thing", "in": "body", "schema": {"type": "string"}},
    }
    references = [{"$ref": "#/parameters/limit"}, {"$ref": "#/parameters/thing"}]
    result = operation({**with_operation("post", parameters=references), "parameters": shared}, "post")
    assert result["parameters"] == [{"name": "limit", "in": "query", "schema": {"type": "integer"}}]
    assert result["requestBody"]["content"] == {"application/json": {"schema": {"type": "string"}}}


# -- bodies and forms ----------------------------------------------------------------------------------------------


def test_a_body_becomes_a_request_body() -> None:
    body = {"name": "body", "in": "body", "required": True, "description": "d", "schema": {"type": "object"}}
    assert operation(with_operation("post", parameters=[body]), "post")["requestBody"] == {
        "description": "d",
        "required": True,
        "content": {"application/json": {"schema": {"type": "object"}}},
    }


def test_the_name_of_a_body_is_kept_if_it_says_something() -> None:
    body = {"name": "cluster", "in": "body", "schema": {}, "x-a": 1}
    result = operation(with_operation("post", parameters=[body]), "post")["requestBody"]
    assert (result["x-body-name"], result["x-a"]) == ("cluster", 1)


def test_a_body_without_a_schema_may_be_anything() -> None:
    body = {"name": "body", "in": "body"}
    result = operation(with_operation("post", parameters=[body]), "post")["requestBody"]
    assert result == {"content": {"application/json": {"schema": {}}}}


@pytest.mark.parametrize(
    ("of_document", "of_operation", "expected"),
    [
        (None, None, ["application/json"]),
        (["text/plain"], None, ["text/plain"]),
        (["text/plain"], ["application/xml", "application/json"], ["application/xml", "application/json"]),
        (["text/plain"], [], ["application/json"]),
        (None, ["application/json", "charset=utf-8"], ["application/json", "charset=utf-8"]),
    ],
)
def test_consumes_and_produces_name_the_media_types(
    of_document: list[str] | None, of_operation: list[str] | None, expected: list[str]
) -> None:
    body = {"name": "body", "in": "body", "schema": {"type": "string"}}
    responses = {"200": {"description": "ok", "schema": {"type": "string"}}}
    for_operation = {} if of_operation is None else {"consumes": of_operation, "produces": of_operation}
    document = with_operation("post", parameters=[body], **{**for_operation, "responses": responses})
    if of_document is not None:
        document |= {"consumes": of_document, "produces": of_document}
    result = operation(document, "post")
    assert list(result["requestBody"]["content"]) == expected
    assert list(result["responses"]["200"]["content"]) == expected


def test_form_fields_become_a_request_body_with_their_schema() -> None:
    fields = [
        {"name": "a", "in": "formData", "type": "string", "required": True, "description": "A", "x-a": 1},
        {"name": "b", "in": "formData", "type": "integer", "allowEmptyValue": True},
    ]
    assert operation(with_operation("post", parameters=fields), "post")["requestBody"] == {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "a": {"type": "string", "description": "A", "x-a": 1},
                        "b": {"type": "integer", "x-allow-empty-value": True},
                    },
                    "required": ["a"],
                }
            }
        },
    }


@pytest.mark.parametrize(
    ("kind", "consumes", "expected"),
    [
        ("string", [], ["application/x-www-form-urlencoded"]),
        ("string", ["multipart/form-data"], ["multipart/form-data"]),
        (
            "string",
            ["multipart/form-data", "application/x-www-form-urlencoded"],
            ["multipart/form-data", "application/x-www-form-urlencoded"],
        ),
        ("string", ["application/json"], ["application/x-www-form-urlencoded"]),
        (
            "string",
            ["application/x-www-form-urlencoded", "charset=utf-8"],
            ["application/x-www-form-urlencoded", "charset=utf-8"],
        ),
        ("file", [], ["multipart/form-data"]),
        ("file", ["application/x-www-form-urlencoded", "multipart/form-data"], ["multipart/form-data"]),
    ],
)
def test_the_media_type_of_a_form(kind: str, consumes: list[str], expected: list[str]) -> None:
    document = with_operation("post", consumes=consumes, parameters=[{"name": "a", "in": "formData", "type": kind}])
    assert list(operation(document, "post")["requestBody"]["content"]) == expected


def test_a_file_is_binary() -> None:
    fields = [{"name": "a", "in": "formData", "type": "file"}]
    content = operation(with_operation("post", parameters=fields), "post")["requestBody"]["content"]
    field = content["multipart/form-data"]["schema"]["properties"]["a"]
    assert field == {"type": "string", "format": "binary"}


@pytest.mark.parametrize(
    ("collection_format", "encoding"),
    [("multi", {"style": "form", "explode": True}), ("ssv", {"style": "spaceDelimited", "explode": False})],
)
def test_an_array_in_a_form_says_how_it_is_written(collection_format: str, encoding: dict[str, Any]) -> None:
    items = {"type": "array", "items": {"type": "string"}, "collectionFormat": collection_format}
    document = with_operation("post", parameters=[{"name": "a", "in": "formData", **items}])
    content = operation(document, "post")["requestBody"]["content"]
    assert content["application/x-www-form-urlencoded"]["encoding"] == {"a": encoding}


# -- responses -----------------------------------------------------------------------------------------------------


def response(value: dict[str, Any], **members: Any) -> dict[str, Any]:
    found: dict[str, Any] = operation(with_operation(responses={"200": value}, **members))["responses"]["200"]
    return found


def test_a_response_without_a_schema_keeps_what_the_operation_produces() -> None:
    assert response({"description": "ok"}, produces=["text/plain"]) == {
        "description": "ok",
        "x-produces": ["text/plain"],
    }


def test_a_response_gets_a_description_if_it_has_none() -> None:
    assert response({"x-a": 1})["description"] == ""


def test_a_file_as_response_is_binary() -> None:
    content = response({"description": "ok", "schema": {"type": "file"}}, produces=["application/zip"])["content"]
    assert content == {"application/zip": {"schema": {"type": "string", "format": "binary"}}}


def test_an_example_of_a_response_belongs_to_its_media_type() -> None:
    value = {"description": "ok", "schema": {"type": "object"}, "examples": {"application/json": {"a": 1}, "a/b": "c"}}
    assert response(value)["content"] == {
        "application/json": {"schema": {"type": "object"}, "example": {"a": 1}},
        "a/b": {"example": "c"},
    }


def test_headers_of_a_response_get_a_schema() -> None:
    headers = {
        "X-Count": {"type": "integer", "description": "d", "x-a": 1},
        "X-Names": {"type": "array", "items": {"type": "string"}},
        "X-Pipes": {"type": "array", "items": {"type": "string"}, "collectionFormat": "pipes"},
    }
    names = {"schema": {"type": "array", "items": {"type": "string"}}}
    assert response({"description": "ok", "headers": headers})["headers"] == {
        "X-Count": {"description": "d", "schema": {"type": "integer"}, "x-a": 1},
        "X-Names": {"style": "simple", "explode": False, **names},
        "X-Pipes": {"x-collection-format": "pipes", **names},
    }


def test_shared_responses_stand_where_they_are_used() -> None:
    document = {
        **with_operation(responses={"404": {"$ref": "#/responses/missing"}}, produces=["text/plain"]),
        "responses": {"missing": {"description": "m", "schema": {"type": "string"}}},
    }
    expected = {"description": "m", "content": {"text/plain": {"schema": {"type": "string"}}}}
    assert operation(document)["responses"] == {"404": expected}


# -- schemas -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ({}, {}),
        ({"$ref": "#/definitions/B"}, {"$ref": "#/components/schemas/B"}),
        ({"$ref": "#/definitions/B", "description": "d"}, {"$ref": "#/components/schemas/B", "description": "d"}),
        ({"$ref": "#/definitions/v1.Nowhere"}, {"$ref": "#/components/schemas/v1.Nowhere"}),
        ({"type": ["string", "integer"]}, {"type": ["string", "integer"]}),
        ({"type": "string", "x-nullable": True}, {"type": ["string", "null"]}),
        ({"type": "string", "x-nullable": False}, {"type": "string"}),
        ({"type": "string", "enum": ["a"], "x-nullable": True}, {"type": ["string", "null"], "enum": ["a", None]}),
        (
            {"$ref": "#/definitions/B", "x-nullable": True, "description": "d"},
            {"anyOf": [{"$ref": "#/components/schemas/B"}, {"type": "null"}], "description": "d"},
        ),
        (
            {"allOf": [{"$ref": "#/definitions/B"}], "type": "object", "x-nullable": True},
            {"anyOf": [{"allOf": [{"$ref": "#/components/schemas/B"}], "type": "object"}, {"type": "null"}]},
        ),
        ({"minimum": 1, "exclusiveMinimum": True}, {"exclusiveMinimum": 1}),
        ({"exclusiveMaximum": True, "maximum": 1.5}, {"exclusiveMaximum": 1.5}),
        ({"maximum": 1, "exclusiveMaximum": False}, {"maximum": 1}),
        ({"example": {"type": "file"}}, {"examples": [{"type": "file"}]}),
        ({"default": {"$ref": "data"}}, {"default": {"$ref": "data"}}),
        ({"readOnly": True, "title": "t"}, {"readOnly": True, "title": "t"}),
        ({"xml": {"name": "n", "wrapped": True}}, {"xml": {"name": "n", "wrapped": True}}),
        ({"externalDocs": {"url": "/d"}}, {"externalDocs": {"url": "/d"}}),
        ({"additionalProperties": False}, {"additionalProperties": False}),
        ({"items": [{"type": "string"}]}, {"prefixItems": [{"type": "string"}]}),
        ({"x-kubernetes-patch-strategy": "merge"}, {"x-kubernetes-patch-strategy": "merge"}),
        (
            {"discriminator": "kind"},
            {"discriminator": {"propertyName": "kind", "mapping": {"A": "#/components/schemas/A"}}},
        ),
    ],
)
def test_a_schema_says_the_same(published: dict[str, Any], expected: dict[str, Any]) -> None:
    assert schema(published, B={}) == expected


@pytest.mark.parametrize(
    "around",
    [
        lambda inner: {"items": inner},
        lambda inner: {"additionalProperties": inner},
        lambda inner: {"properties": {"a": inner}},
        lambda inner: {"allOf": [inner]},
        lambda inner: {"anyOf": [inner]},
        lambda inner: {"oneOf": [inner]},
        lambda inner: {"not": inner},
        lambda inner: {"properties": {"x-nullable": {"items": {"allOf": [inner]}}}},
    ],
)
def test_schemas_within_schemas_are_converted(around: Any) -> None:
    inner = {"type": "string", "x-nullable": True, "example": "e"}
    assert schema(around(inner)) == around({"type": ["string", "null"], "examples": ["e"]})


def test_a_discriminator_names_all_that_extend_its_schema() -> None:
    definitions = {
        "Pet": {"discriminator": "kind", "properties": {"kind": {"type": "string"}}},
        "Cat": {"allOf": [{"$ref": "#/definitions/Pet"}]},
        "Lion": {"allOf": [{"$ref": "#/definitions/Cat"}]},
        "Stone": {},
    }
    pet = converted(swagger(definitions=definitions))["components"]["schemas"]["Pet"]
    assert pet["discriminator"] == {
        "propertyName": "kind",
        "mapping": {name: f"#/components/schemas/{name}" for name in ("Pet", "Cat", "Lion")},
    }


def test_a_definition_whose_key_openapi_forbids_gets_another_and_references_follow() -> None:
    definitions = {
        "List«Pod»": {},
        "List_Pod_": {},
        "": {},
        "a/b": {},
        "User": {
            "properties": {
                "raw": {"$ref": "#/definitions/List«Pod»"},
                "encoded": {"$ref": "#/definitions/List%C2%ABPod%C2%BB"},
                "other": {"$ref": "#/definitions/List_Pod_"},
                "escaped": {"$ref": "#/definitions/a~1b"},
            }
        },
    }
    schemas = converted(swagger(definitions=definitions))["components"]["schemas"]
    assert list(schemas) == ["List_Pod__2", "List_Pod_", "_", "a_b", "User"]
    assert {name: part["$ref"].rpartition("/")[2] for name, part in schemas["User"]["properties"].items()} == {
        "raw": "List_Pod__2",
        "encoded": "List_Pod__2",
        "other": "List_Pod_",
        "escaped": "a_b",
    }


# -- what is refused -----------------------------------------------------------------------------------------------

BODY = {"name": "body", "in": "body", "schema": {}}
FIELD = {"name": "a", "in": "formData", "type": "string"}
QUERY = {"name": "a", "in": "query", "type": "string"}


@pytest.mark.parametrize(
    ("document", "place", "reason"),
    [
        ([], "#", "not Swagger 2.0"),
        ({"openapi": "3.0.1"}, "#", 'openapi is "3.0.1"'),
        ({"swagger": "1.2"}, "#", 'swagger is "1.2"'),
        ({"swagger": "2.0", "paths": {}}, "#", "'info' is missing"),
        (swagger(info={"title": "T"}), "#/info", "'version' is missing"),
        (swagger(paths=[1]), "#/paths", "a list where an object belongs"),
        (swagger(servers=[]), "#", "'servers' has no meaning"),
        (swagger(host="https://a.example"), "#/host", "where a host"),
        (swagger(basePath="v1"), "#/basePath", "starts with '/'"),
        (swagger(schemes=["ftp"]), "#/schemes", "one of http, https"),
        (swagger(security=[{"jwt": []}]), "#/security/0", "none of the security definitions"),
        (swagger(securityDefinitions={"s": {"type": "digest"}}), "#/securityDefinitions/s/type", "one of basic"),
        (
            swagger(securityDefinitions={"s": {"type": "oauth2", "flow": "password"}}),
            "#/securityDefinitions/s",
            "tokenUrl",
        ),
        (swagger(securityDefinitions={"a b": {"type": "basic"}}), "#/securityDefinitions/a b", "letters"),
        (swagger({"x": {}}), "#/paths/x", "does not start with '/'"),
        (swagger({"/x": {"GET": {"responses": OK}}}), "#/paths/~1x", "'GET' has no meaning"),
        (swagger({"/x": {"$ref": "other.json"}}), "#/paths/~1x", "reference to another file"),
        (swagger({"/x": {"get": []}}), "#/paths/~1x/get", "a list where an object belongs"),
        (swagger({"/x": {"get": {}}}), "#/paths/~1x/get", "'responses' is missing"),
        (with_operation(responses={}), "#/paths/~1x/get/responses", "without any response"),
        (with_operation(responses={"2xx": {}}), "#/paths/~1x/get/responses", "'2xx' where a status"),
        (
            with_operation(responses={"200": {"$ref": "#/responses/r"}}),
            "responses/200/$ref",
            "none of the shared responses",
        ),
        (with_operation(tags="a"), "#/paths/~1x/get/tags", "'a' where a list of strings belongs"),
        (with_operation(requestBody={}), "#/paths/~1x/get", "'requestBody' has no meaning"),
        (with_operation(parameters={}), "#/paths/~1x/get/parameters", "where a list belongs"),
        (with_operation(parameters=[BODY, FIELD]), "#/paths/~1x/get", "both a body and form fields"),
        (
            with_operation(parameters=[BODY, {**BODY, "name": "b"}]),
            "#/paths/~1x/get",
            "more than one body ('body' and 'b')",
        ),
        (
            with_operation(parameters=[QUERY, QUERY]),
            "#/paths/~1x/get/parameters/1",
            "second parameter 'a' in the query",
        ),
        (with_operation(parameters=[{**QUERY, "in": "cookie"}]), "parameters/0/in", "'cookie' where one of path"),
        (with_operation(parameters=[{**QUERY, "type": "file"}]), "parameters/0/type", "'file' where one of string"),
        (with_operation(parameters=[{**QUERY, "type": "text"}]), "parameters/0/type", "'text' where one of string"),
        (with_operation(parameters=[{**QUERY, "schema": {}}]), "parameters/0", "'schema' has no meaning"),
        (with_operation(parameters=[{"$ref": "#/parameters/p"}]), "parameters/0/$ref", "none of the shared parameters"),
        (
            {
                **with_operation(parameters=[{"$ref": "#/parameters/p"}]),
                "parameters": {"p": {"$ref": "#/parameters/p"}},
            },
            "#/parameters/p",
            "a reference where the thing itself belongs",
        ),
        (
            with_operation(parameters=[{**QUERY, "in": "header", "type": "array", "collectionFormat": "multi"}]),
            "parameters/0/collectionFormat",
            "'multi' where one of csv",
        ),
        (swagger(definitions={"A": []}), "#/definitions/A", "a list where an object belongs"),
        (swagger(definitions={"A": {"type": "Date"}}), "#/definitions/A/type", "'Date' where one of string"),
        (swagger(definitions={"A": {"type": "file"}}), "#/definitions/A/type", "'file' where one of string"),
        (swagger(definitions={"A": {"type": {}}}), "#/definitions/A/type", "an object where one of string"),
        (
            swagger(definitions={"A": {"properties": {"a": None}}}),
            "#/definitions/A/properties/a",
            "null where an object",
        ),
        (swagger(definitions={"A": {"required": True}}), "#/definitions/A/required", "true where a list of strings"),
        (swagger(definitions={"A": {"minLength": 1.5}}), "#/definitions/A/minLength", "a whole number from 0"),
        (swagger(definitions={"A": {"allOf": []}}), "#/definitions/A/allOf", "an empty list"),
        (swagger(definitions={"A": {"const": 1}}), "#/definitions/A", "'const' has no meaning"),
        (swagger(definitions={"A": {"exclusiveMinimum": True}}), "#/definitions/A", "without 'minimum'"),
        (swagger(definitions={"A": {"exclusiveMinimum": 1}}), "#/definitions/A/exclusiveMinimum", "true or false"),
        (swagger(definitions={"A": {"discriminator": {}}}), "#/definitions/A/discriminator", "where a string belongs"),
        (swagger(definitions={"A": {"$ref": "b.json#/B"}}), "#/definitions/A/$ref", "of the form '#/definitions/…'"),
        (swagger(definitions={"A": {"$ref": "#/definitions/A/items"}}), "#/definitions/A/$ref", "of the form"),
        (swagger(definitions={"A": {"$ref": "#/definitions/no where"}}), "#/definitions/A/$ref", "leads nowhere"),
        (
            swagger(definitions={"a b": {}, "A": {"$ref": "#/definitions/a_b"}}),
            "#/definitions/A/$ref",
            "leads nowhere",
        ),
        (swagger(definitions={"A": {"x-kubesphere-secret": True}}), "#/definitions/A", "is reserved"),
        (with_operation(**{"x-kubesphere-added": True}), "#/paths/~1x/get", "is reserved"),
        (swagger(definitions={"A": {"default": float("nan")}}), "#/definitions/A/default", "a number too large"),
        (swagger(definitions={"A": {"default": "\ud800"}}), "#/definitions/A/default", "not Unicode text"),
        (swagger(definitions={"A": {"default": {1: 2}}}), "#/definitions/A/default", "a key that is not a string"),
        (swagger(definitions={"A": {"default": (1,)}}), "#/definitions/A/default", "a tuple"),
    ],
)
def test_what_is_not_swagger_is_refused_by_its_place(document: Any, place: str, reason: str) -> None:
    message = refusal(document)
    first, last = message.splitlines()
    assert place in first
    assert reason in first
    assert last.startswith(("Have the file corrected", "Look at the file"))


def test_an_error_shows_hostile_names_harmlessly() -> None:
    name = "a\n\x1b[31m\u202e" + "b" * 1000
    message = refusal(swagger({"/x": {name: {}}}))
    assert len(message) < 600
    assert all(char.isprintable() for char in message.replace("\n", ""))


@pytest.mark.parametrize("keyword", ["items", "additionalProperties", "not"])
def test_a_schema_nested_too_deeply_is_refused(keyword: str) -> None:
    bomb: dict[str, Any] = {}
    for _ in range(100_000):
        bomb = {keyword: bomb}
    assert "nested deeper than" in refusal(swagger(definitions={"A": bomb}))


# -- reading -------------------------------------------------------------------------------------------------------


def test_a_file_is_read_with_or_without_a_byte_order_mark() -> None:
    document = swagger({"/ü": {}})
    for encoding in ("utf-8", "utf-8-sig"):
        assert load(json.dumps(document, ensure_ascii=False).encode(encoding), source="crd") == document


def _file(definition: str) -> bytes:
    return b'{"swagger": "2.0", "definitions": {"A": %s}}' % definition.encode()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not JSON: the file is empty"),
        (b" \n\n", "not JSON: the file is empty"),
        (b'{\n "a": }', "at line 2 column 7"),
        (b"404: Not Found", "not JSON: Extra data at line 1 column 4"),
        (b"\n<!DOCTYPE html>\n<html>", "not JSON: the file is an HTML page"),
        (b"\xef\xbb\xbf<html>404</html>", "not JSON: the file is an HTML page"),
        (b'<?xml version="1.0"?>', "not JSON: the file is XML or HTML"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "not JSON: the file is a Git LFS pointer"),
        (gzip.compress(b'{"swagger": "2.0"}', mtime=0), "not JSON: the file is compressed with gzip"),
        (b"PK\x03\x04\x14", "not JSON: the file is a zip archive"),
        (b"swagger: '2.0'\n", "not JSON: the file is YAML"),
        ('{"swagger": "2.0"}'.encode("utf-16"), "not JSON: the file is UTF-16"),
        ('{"swagger": "2.0"}'.encode("utf-16-be"), "not JSON: the file is UTF-16"),
        ('{"swagger": "2.0"}'.encode("utf-32"), "not JSON: the file is UTF-32"),
        (b'{"a": "\xff"}', "the byte at offset 7 is not UTF-8"),
        (b"[]", "not Swagger 2.0 (it holds no object)"),
        (b'{"info": {}}', "it has no member 'swagger'"),
        (b'{"openapi": "3.1.0"}', 'openapi is "3.1.0"'),
        (b'{"swagger": 2.0}', "swagger is 2.0"),
        (b'{"swagger": "2.0", "swagger": "2.0"}', "#: the key 'swagger' stands twice"),
        (_file('{"type": "string", "type": "object"}'), "#/definitions/A: the key 'type' stands twice"),
        (_file('{"default": NaN}'), "NaN is not a number in JSON"),
        (_file('{"default": -Infinity}'), "-Infinity is not a number in JSON"),
        (_file('{"default": 1e999}'), "#/definitions/A/default: a number too large"),
        (_file('{"default": %s}' % ("9" * 5000)), "not JSON"),
        (_file('{"default": "\\ud800"}'), "#/definitions/A/default: not Unicode text"),
        (_file('{"\\udfff": 1}'), "#/definitions/A: a key that is not Unicode text"),
        (_file("[" * 100_000 + "]" * 100_000), "nested deeper than"),
        (_file("[" * 200 + "]" * 200), "nested deeper than"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(GeneratorError) as caught:
        load(data, source="crd")
    message = str(caught.value)
    assert message.startswith("crd, #")
    assert reason in message
    assert len(message.splitlines()) == 2


@pytest.mark.parametrize("end", range(1, len(WHOLE)))
def test_a_file_that_was_written_in_part_is_said_to_be(end: int) -> None:
    with pytest.raises(GeneratorError, match=f"the file ends in the middle, after {end} bytes"):
        load(WHOLE[:end], source="crd")


# -- whatever comes ------------------------------------------------------------------------------------------------


def _everything() -> dict[str, Any]:
    """A small document that uses nearly all of Swagger 2.0."""
    body = {"name": "b", "in": "body", "schema": {"$ref": "#/definitions/Cat"}}
    array = {"type": "array", "items": {"type": "string"}, "collectionFormat": "csv"}
    file = {"name": "f", "in": "formData", "type": "file", "required": True}
    found = {"description": "d", "schema": {"type": "file"}, "headers": {"H": array}, "examples": {"a/b": 1}}
    return swagger(
        {
            "/x/{id}": {
                "parameters": [{"$ref": "#/parameters/id"}],
                "get": {"parameters": [{"name": "q", "in": "query", **array}], "responses": {"200": found}},
                "post": {"parameters": [body], "consumes": ["a/b"], "responses": OK, "security": [{"o": ["s"]}]},
                "put": {"parameters": [file], "responses": {"default": {"$ref": "#/responses/r"}}, "schemes": ["ws"]},
            }
        },
        {
            "Pet": {"discriminator": "k", "properties": {"k": {"type": "string", "x-nullable": True}}},
            "Cat": {"allOf": [{"$ref": "#/definitions/Pet"}, {"minimum": 1, "exclusiveMinimum": True}]},
        },
        host="a.example",
        basePath="/v1",
        schemes=["https"],
        produces=["text/plain"],
        parameters={"id": {"name": "id", "in": "path", "type": "integer", "required": True}},
        responses={"r": {"description": "r"}},
        securityDefinitions={"o": {"type": "oauth2", "flow": "password", "tokenUrl": "/t", "scopes": {"s": "S"}}},
        security=[{"o": []}],
        tags=[{"name": "t", "externalDocs": {"url": "/d"}}],
    )


_WORDS = sorted({str(step) for steps in places(_everything()) for step in steps} | {"file", "#/definitions/Cat", "x-a"})
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.floats() | st.text(max_size=3) | st.sampled_from(_WORDS),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_WORDS) | st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    changes=st.lists(
        st.tuples(st.sampled_from(places(_everything())[1:]), st.sampled_from(["replace", "add", "remove"]), _JSON),
        min_size=1,
        max_size=3,
    ),
    word=st.sampled_from(_WORDS),
)
def test_a_mutilated_document_is_converted_or_refused(changes: list[Any], word: str) -> None:
    document = _everything()
    for steps, change, value in changes:
        _mutilate(document, steps, change, word, value)
    with contextlib.suppress(GeneratorError):
        json.dumps(converted(document), allow_nan=False, ensure_ascii=False).encode()


def _mutilate(document: dict[str, Any], steps: tuple[Any, ...], change: str, word: str, value: Any) -> None:
    node: Any = document
    for step in steps[:-1]:
        if not isinstance(node, dict | list) or (isinstance(node, dict) and step not in node):
            return
        if isinstance(node, list) and not (isinstance(step, int) and step < len(node)):
            return
        node = node[step]
    if isinstance(node, dict):
        if change == "replace":
            node[steps[-1]] = value
        elif change == "add":
            node[word] = value
        else:
            node.pop(steps[-1], None)


# -- the real files, where they can be read ------------------------------------------------------------------------


@pytest.mark.parametrize("file", PUBLISHED_FILES, ids=lambda file: "/".join(file.parts[-4:-1]))
def test_every_operation_of_a_published_file_arrives(file: Path) -> None:
    document = load(file.read_bytes(), source="kubesphere")
    result = converted(document)
    published = {(m, p) for p, item in document["paths"].items() for m in item if m != "parameters"}
    assert {(m, p) for p, item in result["paths"].items() for m in item} == published
    assert list(result["components"]["schemas"]) == list(document["definitions"])
