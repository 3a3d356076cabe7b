"""What became of the parameters of an operation."""

from __future__ import annotations

from typing import Any

from generator.drift.api import compare
from generator.drift.finding import Level
from tests.drift.api_documents import OK, document, in_short, only

TEXT = {"type": "string"}


def asks(*parameters: Any, **members: Any) -> dict[str, Any]:
    return document({"/a": {"get": {"parameters": list(parameters), "responses": OK}, **members}})


def query(name: str = "limit", schema: Any = TEXT, **rest: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, **rest}


def test_a_removed_parameter_is_breaking_since_its_argument_is_gone() -> None:
    finding = only(asks(query()), asks())
    assert (finding.check, finding.level) == ("request-parameter-removed", Level.BREAKING)
    assert finding.subject == "GET /a query limit"
    assert (finding.text, finding.before) == ('the query parameter "limit" was removed', "string")


def test_a_parameter_in_another_place_is_no_removal() -> None:
    assert in_short(asks({**query(), "in": "header"}), asks(query())) == [
        ("request-parameter-location-changed", "GET /a query:limit")
    ]


def test_the_name_of_a_header_has_no_case() -> None:
    old, new = ({**query(name), "in": "header"} for name in ("X-Token", "x-token"))
    assert compare(asks(old), asks(new)) == ()


def test_the_items_of_arrays_in_arrays_are_compared() -> None:
    old, new = (
        query(schema={"type": "array", "items": {"type": "array", "items": {"type": "string", "enum": values}}})
        for values in (["a", "b"], ["a"])
    )
    finding = only(asks(old), asks(new))
    assert (finding.check, finding.place) == ("request-parameter-enum-value-removed", "GET /a query:limit[][]")
    assert finding.text == 'the value "b" was removed'


def test_a_parameter_of_the_path_is_one_of_each_operation() -> None:
    assert compare(asks(query()), asks(parameters=[query()])) == ()
    finding = only(asks(parameters=[query()]), asks(parameters=[query(required=True)]))
    assert (finding.check, finding.place) == ("request-parameter-became-required", "GET /a query:limit")


def test_an_operation_overrules_a_parameter_of_its_path() -> None:
    assert compare(asks(query(), parameters=[query(required=True)]), asks(query())) == ()


def test_a_shared_parameter_is_told_once() -> None:
    def lists(schema: Any) -> dict[str, Any]:
        shared = {"parameters": [{"$ref": "#/components/parameters/Limit"}], "responses": OK}
        parts = {"parameters": {"Limit": query(schema=schema)}}
        return {"openapi": "3.1.0", "paths": {"/a": {"get": shared}, "/b": {"get": shared}}, "components": parts}

    finding = only(lists({"type": "integer", "minimum": 1}), lists({"type": "integer", "minimum": 2}))
    assert (finding.check, finding.place) == ("request-parameter-min-increased", "parameter Limit query:limit")
    assert finding.operations == ("GET /a", "GET /b")


def test_a_shared_parameter_that_stands_in_its_operation_now_is_the_same() -> None:
    old = asks({"$ref": "#/components/parameters/Limit"})
    old["components"]["parameters"] = {"Limit": query()}
    assert compare(old, asks(query())) == ()


def test_how_a_list_is_written_matters_and_how_a_word_is_does_not() -> None:
    many = {"type": "array", "items": TEXT}
    finding = only(asks(query(schema=many, explode=False)), asks(query(schema=many)))
    assert finding.text == "it is written as form, exploded, not as form, not exploded"
    assert compare(asks(query(explode=False)), asks(query())) == ()
