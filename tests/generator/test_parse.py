"""The document as the parser reads it: lowered without loss, and a loss stops the run."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import ModelProperty

from generator import parse as parsing
from generator.errors import GeneratorError
from generator.lowering import Lowering, lowered_name
from generator.parse import parse
from tests.generator.documents import answers, document, operation, parameter, ref

USER = {"type": "object", "properties": {"name": {"type": "string"}}}


def test_operations_arrive_under_their_own_names() -> None:
    parsed = parse(document({"/a": {"get": operation("iam.v1.list_a"), "post": operation("iam.v1.create_a")}}))

    assert sorted(parsed.endpoints) == ["iam.v1.create_a", "iam.v1.list_a"]


def test_schemas_arrive_under_their_own_keys() -> None:
    parsed = parse(document(schemas={"iam_v1.User": USER, "iam_v1.user": USER}))

    assert sorted(parsed.models) == ["iam_v1.User", "iam_v1.user"]


@pytest.mark.parametrize(
    "wire", ["kubesphere.io/creator", "_links", "$ref", 'a"b', "class", "ä", "a b", "x_61", "\ud800"]
)
def test_property_names_that_are_no_identifiers_arrive(wire: str) -> None:
    parsed = parse(document(schemas={"iam_v1.User": {"type": "object", "properties": {wire: {"type": "integer"}}}}))

    assert parsed.models["iam_v1.User"] == {wire}


def test_lowered_names_are_never_ambiguous() -> None:
    wires = ["a", "A", "_a", "a_b", "a-b", "a b", "x_615f62", "aB", "ab", ""]

    assert len({lowered_name(wire) for wire in wires}) == len(wires)


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": "object"},
        {"type": "object", "additionalProperties": {"type": "string"}},
        {"type": "object", "additionalProperties": False},
        {"type": "array"},
        {"type": "array", "items": {"type": "array", "items": {"type": "number"}}},
        {"type": ["string", "null"]},
        {"type": ["integer", "string"], "format": "int-or-string"},
        {"anyOf": [ref("iam_v1.User"), {"type": "null"}]},
        {"oneOf": [{"type": "string"}, {"type": "integer"}]},
        {"type": "string", "format": "date-time"},
        {"type": "string", "format": "limit=%d"},
        {"type": "string", "enum": ["a", "a", "", "\n"], "default": 3},
        {"enum": [1, "a", None, {}]},
        {"type": "boolean"},
        {**ref("iam_v1.User"), "description": "beside a reference"},
        {"allOf": [ref("iam_v1.User")], "description": "one of one"},
    ],
)
def test_every_kind_of_schema_arrives(schema: dict[str, Any]) -> None:
    holder = {"type": "object", "properties": {"value": schema}, "required": ["value"]}
    parsed = parse(
        document(
            {"/a": {"get": operation("g.a", responses=answers(schema))}}, {"iam_v1.User": USER, "iam_v1.Holder": holder}
        )
    )

    assert parsed.models["iam_v1.Holder"] == {"value"}
    assert len(parsed.endpoints["g.a"].responses) == 1


def test_a_component_that_is_no_object_stands_for_its_type() -> None:
    schemas = {"a.Name": {"type": "string"}, "a.Other": ref("a.Name"), "a.User": {"properties": {"x": ref("a.Other")}}}

    parsed = parse(document(schemas=schemas))

    assert list(parsed.models) == ["a.User"]


@pytest.mark.parametrize(
    "media", ["*/*", "application/yaml", "application/apply-patch+yaml", "text/plain", "image/png"]
)
def test_bodies_and_responses_of_every_media_type_arrive(media: str) -> None:
    body = {"required": True, "content": {media: {"schema": {"type": "string"}}}}

    parsed = parse(
        document({"/a": {"put": operation("g.a", requestBody=body, responses=answers({"type": "string"}, media))}})
    )

    assert parsed.endpoints["g.a"].bodies == 1
    assert len(parsed.endpoints["g.a"].responses) == 1


def test_parameters_of_one_name_in_two_places_both_arrive() -> None:
    parameters = [parameter("namespace", "path"), parameter("namespace"), parameter("X-Trace", "header")]

    parsed = parse(document({"/a/{namespace}": {"get": operation("g.a", parameters=parameters)}}))

    assert parsed.endpoints["g.a"].parameters == (("path", "namespace"), ("query", "namespace"), ("header", "X-Trace"))


def test_composed_schemas_have_the_properties_of_all_parts() -> None:
    admin = {"allOf": [ref("a.User"), {"type": "object", "properties": {"role": {"type": "string"}}}]}

    parsed = parse(document(schemas={"a.User": USER, "a.Admin": admin}))

    assert parsed.models["a.Admin"] == {"name", "role"}


def test_a_schema_that_is_composed_of_itself_stops_the_run() -> None:
    with pytest.raises(GeneratorError, match=r"a\.Loop is composed of itself"):
        parse(document(schemas={"a.Loop": {"allOf": [ref("a.Loop"), USER]}}))


def test_an_array_of_nothing_but_itself_stops_the_run() -> None:
    with pytest.raises(GeneratorError, match=r"a\.Loop"):
        parse(document(schemas={"a.Loop": {"type": "array", "items": ref("a.Loop")}}))


def test_what_the_parser_gives_up_stops_the_run_with_method_and_path() -> None:
    missing_from_path = operation("g.a", parameters=[parameter("name", "path")])

    with pytest.raises(GeneratorError, match="GET /a"):
        parse(document({"/a": {"get": missing_from_path}}))


def test_a_document_of_many_parts_arrives_whole_and_in_its_own_order() -> None:
    keys = [f"a.User{number}" for number in range(100)]
    schemas = {
        key: {"type": "object", "properties": {"next": ref(other), "name": {"type": "string"}}}
        for key, other in zip(keys, [*keys[1:], keys[0]], strict=True)
    }
    paths = {f"/{key}": {"get": operation(f"g.{key}", responses=answers(ref(key)))} for key in keys}

    parsed = parse(document(paths, schemas))

    assert list(parsed.models.items()) == [(key, {"next", "name"}) for key in keys]
    assert list(parsed.endpoints) == [f"g.{key}" for key in keys]


def test_a_complaint_about_a_schema_is_made_once_however_often_it_is_referred_to() -> None:
    users = {f"a.User{number}": {"type": "object", "properties": {"x": ref("a.Loop")}} for number in range(100)}

    with pytest.raises(GeneratorError) as failure:
        parse(document(schemas={"a.Loop": {"type": "array", "items": ref("a.Loop")}, **users}))

    assert "schema /components/schemas/a.Loop" in str(failure.value)
    assert "(and 100 more)" in str(failure.value)


WHOLE = document(
    {
        "/a/{name}": {
            "put": operation(
                "g.a",
                parameters=[parameter("name", "path"), parameter("limit"), parameter("X-Trace", "header")],
                requestBody={"content": {"application/json": {"schema": ref("a.User")}}},
                responses={**answers(ref("a.User")), "404": {"description": "no"}},
            ),
            "delete": operation("g.b", parameters=[parameter("name", "path")]),
        }
    },
    {"a.User": {"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer"}}}},
)


def _endpoints(data: GeneratorData) -> list[Endpoint]:
    (collection,) = data.endpoint_collections_by_tag.values()
    return collection.endpoints


def _model(data: GeneratorData) -> ModelProperty:
    model, *_ = data.models = list(data.models)
    return model


def _lose_type(data: GeneratorData) -> None:
    age, name = sorted(_model(data).optional_properties or [], key=lambda one: one.name.get_untrusted_value())
    _model(data).optional_properties = [evolve(name, name=age.name), name]


@pytest.mark.parametrize(
    ("part", "lose", "lost"),
    [
        (0, lambda data: setattr(data, "models", []), "schema a.User"),
        (0, lambda data: (_model(data).optional_properties or []).clear(), "property 'name' of schema a.User and 1"),
        (0, _lose_type, "property 'age' of schema a.User"),
        (1, lambda data: data.endpoint_collections_by_tag.clear(), "PUT /a/{name} and 1 more"),
        (1, lambda data: _endpoints(data).pop(), "DELETE /a/{name}"),
        (1, lambda data: _endpoints(data)[0].path_parameters.clear(), "the path parameter 'name' of PUT /a/{name}"),
        (1, lambda data: _endpoints(data)[0].query_parameters.clear(), "the query parameter 'limit' of PUT"),
        (1, lambda data: _endpoints(data)[0].header_parameters.clear(), "the header parameter 'X-Trace' of PUT"),
        (1, lambda data: _endpoints(data)[0].bodies.clear(), "the body of PUT /a/{name}"),
        (1, lambda data: _endpoints(data)[0].responses.patterns.pop(), "the response 404 of PUT /a/{name}"),
    ],
)
def test_whatever_the_parser_loses_stops_the_run(
    part: int, lose: Callable[[GeneratorData], object], lost: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, parts = parsing._read, itertools.count()

    def losing(*args: Any) -> GeneratorData:
        data = read(*args)
        if next(parts) == part:
            lose(data)
        return data

    monkeypatch.setattr(parsing, "_read", losing)
    with pytest.raises(GeneratorError, match=re.escape(f"openapi-python-client lost {lost}")):
        parse(WHOLE)


@pytest.mark.parametrize(("part", "lost"), [(0, "schema a.User"), (1, "PUT /a/{name} and 1 more")])
def test_a_part_that_is_never_read_stops_the_run(part: int, lost: str, monkeypatch: pytest.MonkeyPatch) -> None:
    every = Lowering.parts
    monkeypatch.setattr(
        Lowering, "parts", lambda self: (one for number, one in enumerate(every(self)) if number != part)
    )

    with pytest.raises(GeneratorError, match=re.escape(f"openapi-python-client lost {lost}")):
        parse(WHOLE)
