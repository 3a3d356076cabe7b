"""Which operations were added, removed, deprecated and moved."""

from __future__ import annotations

from typing import Any

from generator.drift.api import compare

OK = {"200": {"description": "ok"}}


def document(paths: dict[str, Any], **rest: Any) -> dict[str, Any]:
    return {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths, **rest}


def test_equal_documents_have_no_findings() -> None:
    one = document({"/users": {"get": {"responses": OK}}})
    assert compare(one, document({"/users": {"get": {"responses": OK}}})) == ()


def test_an_added_operation_is_compatible() -> None:
    old = document({"/users": {"get": {"responses": OK}}})
    new = document({"/users": {"get": {"responses": OK}, "post": {"responses": OK}}})
    (finding,) = compare(old, new)
    assert (finding.check, finding.level.value, finding.place) == ("endpoint-added", "compatible", "POST /users")
    assert finding.operations == ("POST /users",)
