"""A document may hold anything: what cannot be read says nothing, and no run fails or never ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from generator.drift.api import compare

SELF = {"$ref": "#/components/schemas/Self"}
COMPONENTS = {
    "Loop": {"$ref": "#/components/schemas/Pool"},
    "Pool": {"$ref": "#/components/schemas/Loop"},
    "Self": {"allOf": [SELF, {"properties": {"again": SELF}}]},
    5: {"type": "string"},
}
ODD: list[Any] = [
    *(None, 1, "x", [], {}, [1], [None], True, False),
    *({"$ref": "#/nothing"}, {"$ref": 5}, {"$ref": "#/components/schemas/Loop"}, {"$ref": "other.json#/a"}, SELF),
    *(
        {"type": 5},
        {"type": ["string", {}]},
        {"oneOf": 3},
        {"oneOf": [1, None, {}]},
        {"anyOf": [{"type": ["null"]}, {}]},
    ),
    *({"properties": [1]}, {"properties": {"a": True, "b": None}}, {"required": "x"}, {"additionalProperties": 3}),
    *({"enum": {"a": 1}}, {"enum": [[1], {"a": 2}, None]}, {"const": None}, {"default": {"a": [1]}}),
    *({"minimum": "1"}, {"minimum": True}, {"pattern": {}}, {"format": {}}, {"items": [{}]}, {"prefixItems": {"a": 1}}),
    *(
        {"oneOf": [{}, {}], "discriminator": {"mapping": [1], "propertyName": {}}},
        {"oneOf": [SELF, {}], "discriminator": 1},
    ),
    {"allOf": [SELF, {"properties": {"again": {"allOf": [SELF, {"properties": {"again": {}}}]}}}]},
]


def _schema(odd: Any) -> dict[str, Any]:
    return _operation(responses={"200": {"content": {"application/json": {"schema": odd}}}})


def _operation(**members: Any) -> dict[str, Any]:
    return {"paths": {"/a": {"get": members}}, "components": {"schemas": COMPONENTS}}


PLACES: dict[str, Callable[[Any], dict[str, Any]]] = {
    "the paths": lambda odd: {"paths": odd},
    "a path": lambda odd: {"paths": {"/a": odd}},
    "an operation": lambda odd: {"paths": {"/a": {"get": odd}}},
    "an id": lambda odd: _operation(operationId=odd, **{"x-kubesphere-published": odd}),
    "the parameters": lambda odd: _operation(parameters=odd),
    "the parameters of a path": lambda odd: {"paths": {"/a": {"get": {}, "parameters": odd}}},
    "a parameter": lambda odd: _operation(parameters=[odd, {"name": odd, "in": "query"}, {"name": "a", "in": odd}]),
    "the schema of a parameter": lambda odd: _operation(parameters=[{"name": "a", "in": "query", "schema": odd}]),
    "the body": lambda odd: _operation(requestBody=odd),
    "the schema of a body": lambda odd: _operation(requestBody={"content": {"a/b": {"schema": odd}}}),
    "the responses": lambda odd: _operation(responses=odd),
    "a response": lambda odd: _operation(responses={"200": odd, 404: odd}),
    "the content": lambda odd: _operation(responses={"200": {"content": odd, "headers": odd}}),
    "a header": lambda odd: _operation(responses={"200": {"headers": {"A": odd, "B": {"schema": odd}}}}),
    "a schema": _schema,
    "a property": lambda odd: _schema({"properties": {"a": odd, "b": {"items": odd}}, "required": [odd]}),
    "a variant": lambda odd: _schema({"oneOf": [odd, {"type": "string"}, SELF]}),
    "a component": lambda odd: {**_schema({"$ref": "#/components/schemas/A"}), "components": {"schemas": {"A": odd}}},
    "the components": lambda odd: {**_schema(SELF), "components": odd},
    "the schemas": lambda odd: {**_schema(SELF), "components": {"schemas": odd, "securitySchemes": odd}},
    "the security": lambda odd: {**_operation(security=odd), "security": odd, "servers": odd},
    "a scheme": lambda odd: {
        **_operation(security=[{"a": odd}]),
        "components": {"securitySchemes": {"a": odd, "b": {"flows": odd}}},
    },
}


@pytest.mark.parametrize("place", PLACES)
def test_odd_parts_are_compared_with_each_other(place: str) -> None:
    make = PLACES[place]
    for odd in ODD:
        assert compare(make(odd), make(odd)) == ()
        for other in ODD:
            assert all(finding.text and finding.place for finding in compare(make(odd), make(other)))


def test_a_reference_to_nothing_is_any_value() -> None:
    (finding,) = compare(_schema({"type": "string"}), _schema({"$ref": "#/components/schemas/Nobody"}))
    assert finding.check == "response-body-type-changed"
    assert finding.text == "the type changed from string to any value"


def test_circles_of_references_are_any_value() -> None:
    assert compare(_schema({"$ref": "#/components/schemas/Loop"}), _schema({})) == ()


def test_a_chain_of_a_thousand_components_ends() -> None:
    def chain(last: str) -> dict[str, Any]:
        keys = [f"Link{number}" for number in range(1000)]
        links = {
            key: {"type": "object", "properties": {"next": {"$ref": f"#/components/schemas/{after}"}}}
            for key, after in zip(keys, [*keys[1:], "Last"], strict=True)
        }
        links["Last"] = {"type": last}
        return {**_schema({"$ref": "#/components/schemas/Link0"}), "components": {"schemas": links}}

    (finding,) = compare(chain("string"), chain("integer"))
    assert (finding.check, finding.place) == ("response-property-type-changed", "schema Last")


def test_hostile_words_stay_on_one_line_of_a_sentence() -> None:
    old = _schema({"type": "string", "enum": ["a"]})
    new = _schema({"type": "string", "enum": ["a", "b\n\x1b[31m"]})
    (finding,) = compare(old, new)
    assert finding.text == 'the value "b\\n\\u001b[31m" was added'
