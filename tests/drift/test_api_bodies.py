"""What became of bodies, statuses, media types and headers."""

from __future__ import annotations

from typing import Any

from generator.drift.api import compare
from tests.drift.api_documents import document, gives, in_short, only, takes

TEXT, NUMBER = {"type": "string"}, {"type": "integer"}


def answers(**responses: Any) -> dict[str, Any]:
    found = {status.lstrip("_"): {"description": "an answer", **one} for status, one in responses.items()}
    return document({"/a": {"get": {"responses": found}}})


def of(schema: Any, *media: str) -> dict[str, Any]:
    return {"content": {one: {"schema": schema} for one in media or ("application/json",)}}


def test_a_change_that_each_media_type_has_is_told_once() -> None:
    old, new = (answers(_200=of(schema, "application/json", "application/yaml")) for schema in (TEXT, NUMBER))
    assert in_short(old, new) == [("response-body-type-changed", "GET /a 200")]


def test_a_change_of_one_media_type_names_it() -> None:
    def patch(schema: Any) -> dict[str, Any]:
        content = {"application/json": {"schema": TEXT}, "application/merge-patch+json": {"schema": schema}}
        return document({"/a": {"patch": {"requestBody": {"content": content}}}})

    assert in_short(patch(TEXT), patch(NUMBER)) == [
        ("request-body-type-changed", "PATCH /a body application/merge-patch+json")
    ]


def test_a_charset_makes_no_other_media_type() -> None:
    assert compare(answers(_200=of(TEXT, "text/plain")), answers(_200=of(TEXT, "Text/Plain; charset=utf-8"))) == ()


def test_an_answer_that_is_repeated_for_another_status_is_told_once() -> None:
    old, new = (answers(_200=of(schema), default=of(schema)) for schema in (TEXT, NUMBER))
    assert in_short(old, new) == [("response-body-type-changed", "GET /a 200")]


def test_default_is_an_error_beside_a_success_and_a_success_alone() -> None:
    success = of(TEXT)
    assert in_short(answers(_200=success, default={}), answers(_200=success)) == [
        ("response-non-success-status-removed", "GET /a default")
    ]
    assert ("response-success-status-removed", "GET /a default") in in_short(answers(default=success), answers(_404={}))


def test_a_shared_answer_is_told_once_with_all_operations() -> None:
    def errors(schema: Any) -> dict[str, Any]:
        operation = {"responses": {"default": {"$ref": "#/components/responses/Error"}}}
        parts = {"responses": {"Error": {"description": "an error", **of(schema)}}}
        return {"openapi": "3.1.0", "paths": {"/a": {"get": operation, "put": operation}}, "components": parts}

    finding = only(errors(TEXT), errors(NUMBER))
    assert (finding.check, finding.place) == ("response-body-type-changed", "response Error")
    assert finding.operations == ("GET /a", "PUT /a")


def test_a_shared_answer_that_stands_in_its_operation_now_is_the_same() -> None:
    old = document({"/a": {"get": {"responses": {"200": {"$ref": "#/components/responses/Users"}}}}})
    old["components"]["responses"] = {"Users": {"description": "users", **of(TEXT)}}
    assert compare(old, document({"/a": {"get": gives(TEXT)}})) == ()


def test_a_header_that_is_gone() -> None:
    old = answers(_302={"headers": {"Location": {"required": True, "schema": TEXT}}})
    finding = only(old, answers(_302={}))
    assert (finding.check, finding.place) == ("required-response-header-removed", "GET /a 302 header:location")
    assert finding.subject == "GET /a 302 header location"


def test_a_body_that_came_and_one_that_went() -> None:
    none = document({"/a": {"post": {"responses": {}}}})
    body = document({"/a": {"post": {**takes(TEXT), "responses": {}}}})
    assert in_short(none, body) == [("request-body-added-optional", "POST /a body")]
    assert in_short(body, none) == [("request-body-removed", "POST /a body")]
