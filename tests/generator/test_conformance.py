"""What is told at a glance about a document is what openapi-spec-validator says of it."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV31SpecValidator
from openapi_spec_validator.schemas import schema_v31

from generator import conformance
from generator.conformance import form, meaning, objections
from generator.errors import GeneratorError
from tests.generator.documents import answers, document, operation, parameter, places, ref

ROOT = Path(__file__).parents[2]

# Something of all that the two look at.
SOUND = document(
    {
        "/x/{id}/{part}": {
            "parameters": [parameter("id", "path")],
            "get": operation(
                "a",
                tags=["one"],
                parameters=[
                    parameter("part", "path", {"enum": ["b", "c"], "default": "b"}),
                    {"$ref": "#/components/parameters/limit"},
                    parameter("page", schema={"type": "integer", "format": "int32", "minimum": 1, "default": 1}),
                ],
                requestBody={"content": {"text/plain": {"schema": ref("A")}}},
                responses={
                    **answers({"type": "array", "items": ref("B")}),
                    "404": {"$ref": "#/components/responses/no"},
                },
            ),
        }
    },
    {
        "A": {
            "type": "object",
            "properties": {"a": {"type": "string", "pattern": "^[a-z]+$", "default": "a"}, "next": ref("A")},
            "required": ["a"],
        },
        "B": {
            "allOf": [ref("A"), {"properties": {"b": {"type": ["number", "null"], "default": 0.5}}}],
            "required": ["a", "b"],
        },
        "C": {"oneOf": [ref("A"), ref("B")], "not": {"type": "null"}, "patternProperties": {"^x": True}},
        "D": ref("C"),
    },
    tags=[{"name": "one"}, {"name": "two"}],
)
SOUND["components"] |= {
    "parameters": {"limit": parameter("limit", schema={"type": "boolean", "default": True})},
    "responses": {"no": {"description": "no", "content": {"application/json": {"schema": {"anyOf": [ref("B"), {}]}}}}},
}
PLACES = places(SOUND)[1:]
WORDS = sorted(
    {str(step) for steps in PLACES for step in steps}
    | set("$ref $id $schema discriminator if then const deprecated example examples exclusiveMaximum x-a".split())
    | set("maximum maxLength minItems minLength multipleOf nullable title uniqueItems unevaluatedProperties".split())
)
VALUES = [
    *("#/components/schemas/A", "#/components/schemas/D", "#/components/responses/no", "#/paths", "#/nowhere", "a", ""),
    *("b\n", "[", "a{99999999999}", "٣", "string", "integer", "number", "null", "int32", "int64", "date", "regex"),
    *("path", "query", "/y/{id}", "/x/{id", "{id!r}", "http://x/", "\ud800"),
    *(0, 1, -1, 1.0, 0.5, 2**31, -(2**31) - 1, 10**30),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.sampled_from(VALUES) | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=3),
    max_leaves=5,
)


@st.composite
def mutations(draw: st.DrawFn) -> dict[str, Any]:
    """The sound document with some of it replaced, added, removed, renamed, or put where something else was."""
    mutated = copy.deepcopy(SOUND)
    for _ in range(draw(st.integers(1, 2))):
        *steps, last = draw(st.sampled_from(places(mutated)[1:]))
        node = _at(mutated, steps)
        match draw(st.sampled_from(["replace", "add", "remove", "rename", "move"])):
            case "replace":
                node[last] = draw(JSON)
            case "add" if isinstance(node[last], dict):
                node[last][draw(st.sampled_from(WORDS))] = draw(JSON)
            case "rename" if isinstance(node, dict):
                node[draw(st.sampled_from([*WORDS, *map(str, VALUES)]))] = node.pop(last)
            case "move":
                node[last] = copy.deepcopy(_at(mutated, draw(st.sampled_from(places(mutated)[1:]))))
            case _:
                del node[last]
    return mutated


def _at(node: Any, steps: Any) -> Any:
    for step in steps:
        node = node[step]
    return node


class Authority(OpenAPIV31SpecValidator):
    """openapi-spec-validator as it comes, with jsonschema for its schema, also where jsonschema-rs is installed."""

    schema_validator = jsonschema.Draft202012Validator(dict(schema_v31))


def accepts(value: dict[str, Any]) -> bool:
    """Whether openapi-spec-validator does, as it comes and as `objections` asks it; a crash is no yes."""
    try:
        objections.check_form(value)
        objections.check_meaning(value)
        return Authority(value).is_valid()
    except Exception:
        return False


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(value=mutations())
def test_what_is_accepted_at_a_glance_is_accepted_by_openapi_spec_validator(value: dict[str, Any]) -> None:
    if form.is_sound(value) and meaning.is_sound(value):
        assert accepts(value)


@pytest.mark.parametrize(
    ("schema", "accepted"),
    [
        ({"type": "string", "pattern": "^a$", "default": "a\n"}, True),  # as Python reads it
        ({"type": "integer", "default": True}, False),
        ({"type": "integer", "default": 1.0}, True),
        ({"type": "integer", "format": "int32", "default": 2**31}, False),
        ({"type": "integer", "minimum": 2, "default": 1}, False),
        ({"enum": [0, 1], "default": False}, False),
        ({"type": "string", "format": "date", "default": "today"}, False),
        ({"type": "string", "default": None}, False),
        ({"type": "object", "properties": {"a": {"type": "string"}}, "default": {"a": 1}}, False),
        ({"$ref": "#/components/schemas/A", "default": 1}, False),  # as a schema that refers to itself only
        ({"allOf": [{"properties": {"a": {}}}], "required": ["a"]}, True),
        ({"allOf": [{"properties": {"a": {}}}], "required": ["b"]}, False),
        ({"allOf": [{"items": ref("A")}]}, False),  # as one whose properties have no end
        ({"properties": {"a": ref("A")}}, True),
        ({"pattern": "[*"}, False),
        ({"patternProperties": {"[*": {}}}, False),
        ({"pattern": "a{99999999999}"}, False),
        ({"$id": "http://example.test/", "properties": {"a": {"default": 1}}}, True),
        ({"$schema": "http://example.test/"}, False),
    ],
)
def test_what_is_accepted_at_a_glance_or_asked_for_is_the_same(schema: dict[str, Any], accepted: bool) -> None:
    value = document(schemas={"A": schema})
    assert accepts(value) is accepted
    assert verdict(value) is accepted
    assert accepted or not (form.is_sound(value) and meaning.is_sound(value))


@pytest.mark.parametrize(
    ("dialect", "accepted"), [("https://spec.openapis.org/oas/3.1/dialect/base", True), ("x", False)]
)
def test_schemas_in_a_dialect_that_nobody_knows_are_refused(dialect: str, accepted: bool) -> None:
    value = {**document(schemas={"A": {"type": "string"}}), "jsonSchemaDialect": dialect}

    assert accepts(value) is accepted
    assert verdict(value) is accepted


def verdict(value: dict[str, Any]) -> bool:
    try:
        conformance.check_form(value)
        conformance.check_meaning(value)
    except GeneratorError:
        return False
    return True


@pytest.mark.parametrize("release", sorted(path.name for path in (ROOT / "generated").iterdir()))
def test_the_corrected_document_is_told_at_a_glance(release: str) -> None:
    value = json.loads((ROOT / "generated" / release / "openapi.json").read_bytes())

    assert form.is_sound(value)
    assert meaning.is_sound(value)


def test_a_document_that_is_told_at_a_glance_needs_no_openapi_spec_validator() -> None:
    """It and what it imports take longer than all the rest of the check."""
    program = (
        "import sys, json\n"
        "from generator import conformance\n"
        "value = json.loads(sys.argv[1])\n"
        "conformance.check_form(value)\n"
        "conformance.check_meaning(value)\n"
        "print('jsonschema' in sys.modules, 'openapi_spec_validator' in sys.modules)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, json.dumps(SOUND)], capture_output=True, text=True, cwd=ROOT, check=False
    )

    assert (run.stdout, run.stderr) == ("False False\n", "")


def test_a_document_that_is_nested_too_deeply_is_refused_and_ends_no_process() -> None:
    schema: dict[str, Any] = {}
    for _ in range(100_000):
        schema = {"not": schema}

    assert not form.is_sound(document(schemas={"A": schema}))
    with pytest.raises(GeneratorError, match="nested too deeply"):
        conformance.check_form(document(schemas={"A": schema}))


@pytest.mark.parametrize("levels", [1_000, 100_000])
def test_a_value_that_is_nested_too_deeply_is_refused_and_ends_no_process(levels: int) -> None:
    value: list[Any] = []
    for _ in range(levels):
        value = [value]

    assert not meaning.is_sound(document(schemas={"A": {"enum": ["a", value], "default": "a"}}))
    with pytest.raises(GeneratorError, match="nested too deeply"):
        conformance.check_form(document(schemas={"A": {"enum": ["a", value], "default": "a"}}))


def test_what_is_composed_of_one_schema_over_and_over_takes_no_longer_for_it() -> None:
    """Each of fifty schemas has the next one twice: the last one is reached in 2**50 ways."""
    schemas: dict[str, Any] = {f"A{number}": {"allOf": [ref(f"A{number + 1}")] * 2} for number in range(50)}
    schemas["A50"] = {"properties": {"a": {"type": "string"}}}

    assert verdict(document(schemas=schemas | {"B": {"allOf": [ref("A0")], "required": ["a"]}}))
