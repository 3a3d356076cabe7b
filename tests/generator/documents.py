"""Small documents as the naming stage leaves them, for the tests of the stages after it."""

from __future__ import annotations

from typing import Any


def document(
    paths: dict[str, Any] | None = None, schemas: dict[str, Any] | None = None, **members: Any
) -> dict[str, Any]:
    """A corrected document with the given paths and component schemas."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Test", "version": "1.0.0"},
        "paths": paths or {},
        "components": {"schemas": schemas or {}},
        **members,
    }


def operation(name: str, **members: Any) -> dict[str, Any]:
    """An operation that answers 200 with any JSON, unless `responses` says otherwise."""
    return {"operationId": name, "responses": answers({}), **members}


def answers(schema: dict[str, Any], media: str = "application/json", status: str = "200") -> dict[str, Any]:
    """The responses of an operation that has one."""
    return {status: {"description": "ok", "content": {media: {"schema": schema}}}}


def parameter(name: str, where: str = "query", schema: dict[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    """A parameter; one in the path is required."""
    return {"name": name, "in": where, "required": where == "path", "schema": schema or {"type": "string"}, **members}


def without_evidence(node: Any) -> Any:
    """The same without what says who made it so."""
    if isinstance(node, list):
        return [without_evidence(one) for one in node]
    if isinstance(node, dict):
        hidden = ("x-kubesphere-evidence", "evidence")
        return {key: without_evidence(value) for key, value in node.items() if key not in hidden}
    return node


def ref(key: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{key}"}


def places(node: Any, steps: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document, as the steps that lead to it."""
    parts = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [steps, *(place for key, part in parts for place in places(part, (*steps, key)))]
