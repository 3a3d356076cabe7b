"""The finished document is OpenAPI 3.1, everything in it leads somewhere, and no published operation is missing."""

from __future__ import annotations

import contextlib
import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV31SpecValidator

from generator.errors import GeneratorError
from generator.validate import check_nothing_lost, validate
from tests.generator.documents import answers, document, operation, parameter, places, ref


def published(method: str = "GET", path: str = "/x", source: str = "kubesphere") -> dict[str, str]:
    return {"source": source, "method": method, "path": path}


def marked(name: str, path: str = "/x", **members: Any) -> dict[str, Any]:
    """An operation that was published with GET."""
    return operation(name, **{"x-kubesphere-published": published(path=path), **members})


def one(**members: Any) -> dict[str, Any]:
    """A document with one operation."""
    return document({"/x": {"get": marked("a", **members)}})


def refusal(value: Any) -> str:
    with pytest.raises(GeneratorError) as caught:
        validate(value)
    message = str(caught.value)
    assert len(message.splitlines()) in (2, 3)
    assert message.endswith("Correct it with an overlay, or add a rule to generator/repair.")
    return message


# -- what is accepted ----------------------------------------------------------------------------------------------


def test_a_sound_document_is_accepted() -> None:
    body = {"content": {"application/json": {"schema": ref("v1.User")}}}
    validate(
        document(
            {
                "/users/{user}": {
                    "put": marked("a", "/users/{user}", parameters=[parameter("user", "path")], requestBody=body),
                    "post": operation("b", parameters=[parameter("user", "path")], **{"x-kubesphere-added": True}),
                }
            },
            {"v1.User": {"type": "object", "properties": {"$ref": {"type": "string"}, "next": ref("v1.User")}}},
        )
    )


@pytest.mark.parametrize(
    "media",
    [
        "application/json",
        "Application/JSON; charset=utf-8",
        "application/json;stream=watch",
        "application/merge-patch+json",
        "application/apply-patch+yaml",
        "application/yaml",
        "application/x-www-form-urlencoded",
        'multipart/form-data; boundary="a b"',
        "text/html; charset=utf-8",
        "application/octet-stream",
        "application/xml",
        "application/zip",
        "application/vnd.kubernetes.protobuf;stream=watch",
        "image/svg+xml",
        "*/*",
    ],
)
def test_a_known_media_type_is_accepted(media: str) -> None:
    validate(one(responses=answers({}, media), requestBody={"content": {media: {}}}))


def test_what_looks_like_a_reference_in_data_is_none() -> None:
    looks = {"$ref": "#/nowhere"}
    schema = {"enum": [looks, {}], "default": {}, "examples": [looks], "const": {}, "x-data": looks}
    validate(document({"/x": {"get": marked("a")}}, {"A": schema}))


# -- what is refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "reason", "place"),
    [
        ({}, "'openapi' is a required property", "#"),
        (document(info={"title": "T"}), "'version' is a required property", "#/info"),
        (one(responses=[]), "[] is not of type 'object'", "GET /x #/responses"),
        (one(summary=1), "1 is not of type 'string'", "GET /x #/summary"),
        (one(surprise={}), "'surprise' was unexpected", "GET /x #"),
        (document(schemas={"A": {"type": "date"}}), "'date' is not", "#/components/schemas/A/type"),
        (
            document(schemas={"A": {"type": "integer", "default": "limit=100"}}),
            "'limit=100' is not of type 'integer'",
            "#",
        ),
        (document(schemas={"A": {"required": ["a"], "allOf": [{}]}}), "has not defined properties: ['a']", "#"),
        (one(parameters=[parameter("a"), parameter("a")]), "Duplicate parameter 'a'", "#"),
    ],
)
def test_what_openapi_forbids_is_refused_by_its_place(value: dict[str, Any], reason: str, place: str) -> None:
    first = refusal(value).splitlines()[0]
    assert first.startswith("Not OpenAPI 3.1: ")
    assert reason in first
    assert first.endswith(f", at {place}.")


def test_a_large_value_is_not_quoted() -> None:
    first = refusal(document({"/x": {"get": marked("a", parameters=[{"name": "a" * 1000}])}})).splitlines()[0]
    assert first == "Not OpenAPI 3.1: 'in' is a required property, at GET /x #/parameters/0."


@pytest.mark.parametrize(
    ("value", "finding"),
    [
        (
            one(responses=answers(ref("No"))),
            "the reference '#/components/schemas/No' leads nowhere, at GET /x #/responses",
        ),
        (one(responses=answers({"$ref": "a.json"})), "the reference 'a.json' leads nowhere"),
        (
            document({"/x": {"get": marked("a")}}, {"A": {"properties": {"example": ref("No")}}}),
            "at #/components/schemas/A/properties/example",
        ),
        (
            document(
                schemas={"A": {"discriminator": {"propertyName": "k", "mapping": {"b": "#/components/schemas/B"}}}}
            ),
            "the reference '#/components/schemas/B' leads nowhere",
        ),
        (document({"x-note": "get"}), "'x-note' stands where paths that start with '/' belong"),
        ({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "components": {}}, "the document has no paths"),
        (document({"/x": {"get": {**marked("a"), "operationId": ""}}}), "GET /x: it has no operationId"),
        (
            document({"/x": {"get": marked("a")}, "/y": {"get": marked("a", "/y")}}),
            "GET /y: the operationId 'a' is that of GET /x too",
        ),
        (
            document({"/x": {"get": operation("a")}}),
            "GET /x: it has neither x-kubesphere-published nor x-kubesphere-added",
        ),
        (
            document({"/x": {"get": operation("a", **{"x-kubesphere-added": "yes"})}}),
            "GET /x: it has neither x-kubesphere-published nor x-kubesphere-added",
        ),
        (one(**{"x-kubesphere-published": {"path": "/x"}}), "GET /x: its x-kubesphere-published lacks"),
        (
            one(responses=answers({}, "charset=utf-8", "201")),
            "GET /x: 'charset=utf-8' of the response 201 is not a media type",
        ),
        (
            one(requestBody={"content": {"application/x-evil": {}}}),
            "GET /x: 'application/x-evil' of the request body is a media type the client does not know",
        ),
        (one(parameters=[parameter("id", "path")]), "GET /x: the path parameter 'id' is not in the path"),
        (
            document({"/x/{id}": {"get": marked("a", "/x/{id}")}}),
            "GET /x/{id}: the path has {id}, and no parameter declares it",
        ),
        (
            document({"/x/{id}/{id}": {"get": marked("a", parameters=[parameter("id", "path")])}}),
            "the path has {id} 2 times",
        ),
    ],
)
def test_a_finding_of_our_own_is_refused(value: dict[str, Any], finding: str) -> None:
    assert finding in refusal(value).splitlines()[0]


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ({"$ref": "#/components/schemas/A", "default": 1}, "refers to itself only"),
        (
            {"type": "string", "pattern": "[*", "default": "a"},
            "'[*' is not a 'regex', at #/components/schemas/A/pattern",
        ),
    ],
)
def test_a_schema_that_cannot_be_applied_is_refused(schema: dict[str, Any], reason: str) -> None:
    assert reason in refusal(document(schemas={"A": schema}))


def test_of_many_findings_the_first_is_shown_and_the_others_counted() -> None:
    paths = {f"/{letter}": {"get": operation(letter)} for letter in "abc"}
    lines = refusal(document(paths)).splitlines()
    assert lines[0].startswith("GET /a: ")
    assert lines[1] == "This is the first of 3 findings."


def test_the_schema_is_the_one_openapi_spec_validator_has() -> None:
    broken: list[dict[str, Any]] = [{}, document(info={}), one(responses=[]), one(parameters=[{"in": "body"}])]
    for value in broken:
        assert not OpenAPIV31SpecValidator(value).is_valid()
        refusal(value)


# -- nothing lost --------------------------------------------------------------------------------------------------

EXPECTED = [("kubesphere", "GET", "/x"), ("kubesphere", "GET", "/y")]


def with_withdrawn(
    *paths: str, present: tuple[str, ...], reason: str = "r", source: str = "kubesphere"
) -> dict[str, Any]:
    withdrawn = [{**published(path=path, source=source), "reason": reason} for path in paths]
    paths_present = {path: {"get": marked(path, path)} for path in present}
    return {**document(paths_present), "x-kubesphere-withdrawn": withdrawn}


def test_each_operation_is_present_or_withdrawn() -> None:
    check_nothing_lost(EXPECTED, with_withdrawn("/y", present=("/x",)))
    check_nothing_lost([], document({"/x": {"get": operation("a", **{"x-kubesphere-added": True})}}))


def test_an_operation_that_moved_is_known_by_where_it_was_published() -> None:
    check_nothing_lost(EXPECTED[:1], document({"/new/path": {"post": marked("a", "/x")}}))


@pytest.mark.parametrize(
    ("value", "finding"),
    [
        (with_withdrawn(present=("/x",)), "GET /y of kubesphere was lost: it is neither in the document nor withdrawn"),
        (with_withdrawn("/x", "/y", present=("/x",)), "GET /x of kubesphere is both in the document and withdrawn"),
        (with_withdrawn("/y", "/y", present=("/x",)), "GET /y of kubesphere is withdrawn 2 times"),
        (with_withdrawn("/y", "/z", present=("/x",)), "GET /z of kubesphere is said to be published, and is not"),
        (with_withdrawn("/y", present=("/x",), reason=""), "GET /y of kubesphere is withdrawn without a reason"),
        (
            document({"/x": {"get": marked("a")}, "/y": {"get": marked("b", "/y"), "put": marked("c", "/y")}}),
            "GET /y of kubesphere is in the document 2 times",
        ),
    ],
)
def test_a_lost_operation_is_named(value: dict[str, Any], finding: str) -> None:
    with pytest.raises(GeneratorError) as caught:
        check_nothing_lost(EXPECTED, value)
    assert str(caught.value).splitlines()[0] == f"{finding}."


def test_an_operation_of_one_source_does_not_stand_for_that_of_another() -> None:
    with pytest.raises(GeneratorError, match="GET /x of kubesphere was lost"):
        check_nothing_lost(EXPECTED[:1], with_withdrawn("/x", present=(), source="kubesphere2"))


# -- whatever comes ------------------------------------------------------------------------------------------------

_SOUND = document(
    {
        "/x/{id}": {
            "get": marked(
                "a",
                "/x/{id}",
                parameters=[parameter("id", "path")],
                requestBody={"content": {"text/plain": {"schema": ref("A")}}},
                responses=answers({"type": "array", "items": ref("A")}),
            )
        }
    },
    {
        "A": {
            "type": "object",
            "properties": {"a": {"type": "string", "pattern": "a", "default": "a"}},
            "required": ["a"],
        }
    },
)


_WORDS = sorted({str(step) for steps in places(_SOUND) for step in steps} | {"$ref", "default", "discriminator"})
_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-1, 1)
    | st.sampled_from([*_WORDS, "#/info", "#/components/schemas/A", "["]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(_WORDS), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.sampled_from(places(_SOUND)[1:]), word=st.none() | st.sampled_from(_WORDS), value=_JSON)
def test_a_mutilated_document_is_accepted_or_refused(steps: tuple[Any, ...], word: str | None, value: Any) -> None:
    mutilated = copy.deepcopy(_SOUND)
    node: Any = mutilated
    for step in steps[:-1]:
        node = node[step]
    if word is not None and isinstance(node[steps[-1]], dict):
        node[steps[-1]][word] = value
    else:
        node[steps[-1]] = value
    with contextlib.suppress(GeneratorError):
        validate(mutilated)
