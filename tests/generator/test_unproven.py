"""What is left where no correction helps: JSON of no known type, and operations that their file alone describes."""

from __future__ import annotations

from typing import Any

from generator.unproven import as_published, untyped

PATH = "/kapis/iam.kubesphere.io/v1alpha2/users"


def _document(operation: dict[str, Any], schemas: dict[str, Any] | None = None) -> dict[str, Any]:
    known = {"operationId": "iam.v1alpha2.list_users", "responses": {}, **operation}
    return {"paths": {PATH: {"get": known}}, "components": {"schemas": schemas or {}}}


def _answer(schema: dict[str, Any]) -> dict[str, Any]:
    return {"responses": {"200": {"description": "ok", "content": {"application/json": {"schema": schema}}}}}


def _found(operation: dict[str, Any], schemas: dict[str, Any] | None = None) -> list[tuple[str, str]]:
    return [(one.call, one.what) for one in untyped(_document(operation, schemas))]


def test_an_answer_without_a_type_is_found() -> None:
    assert _found(_answer({"description": "Health."})) == [("iam.v1alpha2.list_users", "answer")]


def test_an_answer_of_a_known_type_is_not() -> None:
    assert _found(_answer({"type": "string"})) == []
    assert (
        _found(
            _answer(
                {"$ref": "#/components/schemas/User"},
            ),
            {"User": {"properties": {"name": {}}}},
        )
        == []
    )


def test_a_type_that_says_nothing_is_found_behind_its_name() -> None:
    assert _found(_answer({"$ref": "#/components/schemas/User"}), {"User": {"x-kubesphere-evidence": []}}) != []


def test_a_list_and_a_page_of_what_has_no_type_are_found() -> None:
    envelope = {"List": {"type": "object", "properties": {"items": {"type": "array", "items": {}}}}}
    page = {"allOf": [{"$ref": "#/components/schemas/List"}, {"properties": {"items": {"items": {}}}}]}

    assert _found(_answer({"type": "array", "items": {}})) != []
    assert _found(_answer(page), envelope) != []
    assert _found(_answer({"type": "array", "items": {"type": "string"}})) == []


def test_a_pair_is_no_list_without_a_type() -> None:
    assert _found(_answer({"type": "array", "prefixItems": [{"type": "number"}, {"type": "string"}]})) == []


def test_bytes_and_refusals_need_no_type() -> None:
    refusal = {"404": {"description": "no", "content": {"application/json": {"schema": {}}}}}
    passed_on = {"200": {"description": "ok", "content": {"*/*": {}}}}

    assert _found({"responses": refusal}) == []
    assert _found({"responses": passed_on}) == []


def test_a_body_and_a_variant_are_found_by_their_names() -> None:
    nothing = {"application/json": {"schema": {}}}
    operation = {
        "requestBody": {"content": nothing},
        "x-kubesphere-variants": {"export_users": {"query": {"export": True}, "content": nothing}},
    }

    assert _found(operation) == [("iam.v1alpha2.export_users", "answer"), ("iam.v1alpha2.list_users", "body")]


def _published(name: str, *evidence: dict[str, Any], source: str = "kubesphere") -> dict[str, Any]:
    mark = {"source": source, "method": "GET", "path": f"/{name}"}
    return {"operationId": name, "x-kubesphere-published": mark, "x-kubesphere-evidence": list(evidence)}


def test_what_is_said_of_every_operation_and_what_a_rule_does_is_about_none_of_them() -> None:
    errors = {"by": "last/errors.yaml, action 2", "says": "No errors.", "evidence": {"source": ["a.go:1"]}}
    own = {"by": "shared/iam.yaml, action 1", "says": "A list of users.", "evidence": {"source": ["a.go:2"]}}
    rule = {"by": "rule formats", "says": "A format."}
    document = {
        "paths": {
            "/a": {"get": _published("a", errors, own)},
            "/b": {"get": _published("b", errors, rule)},
            "/c": {"get": {"operationId": "c", "x-kubesphere-added": True}},
        }
    }

    assert as_published(document) == ("b",)
