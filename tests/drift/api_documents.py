"""Small documents for the tests of the semantic diff, and its findings in short."""

from __future__ import annotations

from typing import Any

from generator.drift.api import compare
from generator.drift.finding import Finding

OK = {"200": {"description": "ok"}}


def document(paths: dict[str, Any], schemas: dict[str, Any] | None = None, **rest: Any) -> dict[str, Any]:
    info = {"title": "t", "version": "1"}
    return {"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": schemas or {}}, **rest}


def gives(schema: Any, **rest: Any) -> dict[str, Any]:
    """An operation that answers with a schema."""
    content = {"application/json": {"schema": schema}}
    return {"responses": {"200": {"description": "ok", "content": content}}, **rest}


def takes(schema: Any, **rest: Any) -> dict[str, Any]:
    """An operation that takes a body of a schema."""
    return {"requestBody": {"content": {"application/json": {"schema": schema}}}, "responses": OK, **rest}


def ref(key: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{key}"}


def only(old: dict[str, Any], new: dict[str, Any]) -> Finding:
    """The one finding between two documents."""
    (finding,) = compare(old, new)
    return finding


def in_short(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str]]:
    return [(finding.check, finding.place) for finding in compare(old, new)]
