"""allOf and shared responses resolved."""

from __future__ import annotations

from typing import Any

import pytest

from generator.errors import GeneratorError
from generator.flatten import flatten
from tests.generator.documents import document, ref


def flattened(schemas: dict[str, Any], key: str) -> Any:
    return flatten(document(schemas=schemas))["components"]["schemas"][key]


def test_properties_and_required_of_all_parts_come_together() -> None:
    base = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}
    composed = {"allOf": [ref("m.Base"), {"properties": {"b": {"type": "integer"}}, "required": ["b", "a"]}]}

    schema = flattened({"m.Base": base, "m.Composed": composed}, "m.Composed")

    assert schema == {
        "type": "object",
        "properties": {"a": {"type": "string"}, "b": {"type": "integer"}},
        "required": ["a", "b"],
    }


def test_one_reference_with_a_description_stays_a_reference() -> None:
    holder = {"properties": {"x": {"allOf": [ref("m.Base")], "description": "the base"}}}

    schema = flattened({"m.Base": {"properties": {"a": {}}}, "m.Holder": holder}, "m.Holder")

    assert schema["properties"]["x"] == {**ref("m.Base"), "description": "the base"}


def test_parts_of_parts_are_resolved() -> None:
    schemas = {
        "m.A": {"properties": {"a": {}}},
        "m.B": {"allOf": [ref("m.A"), {"properties": {"b": {}}}]},
        "m.C": {"allOf": [ref("m.B"), {"properties": {"c": {}}}]},
    }

    assert set(flattened(schemas, "m.C")["properties"]) == {"a", "b", "c"}


def test_a_property_that_is_called_allof_is_a_property() -> None:
    schema = {"properties": {"allOf": {"type": "string"}}}

    assert flattened({"m.A": schema}, "m.A") == schema


def test_a_reference_to_a_shared_response_becomes_the_response() -> None:
    described = {"get": {"responses": {"default": {"$ref": "#/components/responses/Error"}}}}
    given = document({"/a": described})
    given["components"]["responses"] = {"Error": {"description": "what went wrong"}}

    assert flatten(given)["paths"]["/a"]["get"]["responses"] == {"default": {"description": "what went wrong"}}


def test_what_is_composed_of_one_schema_over_and_over_takes_no_longer_for_it() -> None:
    """Each of fifty schemas has the next one twice: the last one is reached in 2**50 ways."""
    schemas: dict[str, Any] = {f"A{number}": {"allOf": [ref(f"A{number + 1}")] * 2} for number in range(50)}
    schemas["A50"] = {"type": "object", "properties": {"a": {"type": "string"}}}

    assert flatten(document(schemas=schemas))["components"]["schemas"]["A0"] == schemas["A50"]


def test_a_chain_of_compositions_without_end_in_sight_stops_the_run() -> None:
    own = {"properties": {"a": {"type": "string"}}}
    schemas: dict[str, Any] = {f"A{number}": {"allOf": [ref(f"A{number + 1}"), own]} for number in range(2_000)}

    with pytest.raises(GeneratorError, match="too many levels of allOf"):
        flatten(document(schemas=schemas | {"A2000": own}))
