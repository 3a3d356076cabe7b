"""Which operations were added, removed, deprecated and moved, and to which part of the client they belong."""

from __future__ import annotations

import pytest

from generator.drift.api import compare
from generator.drift.finding import Level
from tests.drift.api_documents import OK, document, gives, in_short, only

GET = {"responses": OK}


def test_equal_documents_have_no_findings() -> None:
    assert compare(document({"/users": {"get": GET}}), document({"/users": {"get": GET}})) == ()


def test_an_added_operation_is_compatible() -> None:
    finding = only(document({"/users": {"get": GET}}), document({"/users": {"get": GET, "post": GET}}))
    assert (finding.check, finding.level, finding.place) == ("endpoint-added", Level.COMPATIBLE, "POST /users")
    assert finding.operations == ("POST /users",)


def test_a_removed_operation_is_breaking_even_if_it_was_deprecated() -> None:
    old = document({"/a": {"get": GET}, "/b": {"get": {**GET, "deprecated": True}}})
    assert [(one.check, one.level) for one in compare(old, document({}))] == [
        ("api-removed-without-deprecation", Level.BREAKING),
        ("api-removed-with-deprecation", Level.BREAKING),
    ]


def test_another_method_is_another_operation() -> None:
    assert in_short(document({"/a": {"put": GET}}), document({"/a": {"patch": GET}})) == [
        ("api-removed-without-deprecation", "PUT /a"),
        ("endpoint-added", "PATCH /a"),
    ]


@pytest.mark.parametrize(
    ("operation", "path", "group"),
    [
        ({"operationId": "iam.v1alpha2.list_users"}, "/anything", "iam.v1alpha2"),
        ({"operationId": "ListUsers"}, "/kapis/iam.kubesphere.io/v1alpha2/users", "iam.v1alpha2"),
        ({}, "/apis/tenant.kubesphere.io/v1alpha1/workspaces", "crd.tenant.v1alpha1"),
        ({}, "/apis/types.kubefed.io/v1beta1/x", "crd.kubefed.v1beta1"),
        ({}, "/kapis/odd.example.org/v2/x y", "odd.v2"),
        ({}, "/elsewhere", ""),
    ],
)
def test_the_group_is_that_of_the_method_or_of_the_path(operation: dict[str, str], path: str, group: str) -> None:
    finding = only(document({}), document({path: {"get": {**GET, **operation}}}))
    assert finding.group == group


def test_calls_are_the_ids_that_are_names_of_methods() -> None:
    new = document({"/a": {"get": {**GET, "operationId": "iam.v1.get_a"}, "put": {**GET, "operationId": "PutA"}}})
    assert [one.calls for one in compare(document({}), new)] == [(), ("iam.v1.get_a",)]


def test_another_id_is_no_change() -> None:
    old, new = ({**gives({"type": "string"}), "operationId": name} for name in ("List", "ListUsers"))
    assert compare(document({"/a": {"get": old}}), document({"/a": {"get": new}})) == ()


def test_other_servers_touch_every_operation() -> None:
    paths = {"/a": {"get": GET}, "/b": {"get": GET}}
    finding = only(document(paths), document(paths, servers=[{"url": "/v2"}]))
    assert (finding.check, finding.operations) == ("api-servers-changed", ("GET /a", "GET /b"))
