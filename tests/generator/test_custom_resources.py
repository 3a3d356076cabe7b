"""Custom resources stand where the server has them."""

from __future__ import annotations

from typing import Any

import pytest

from generator.custom_resources import CUSTOM_RESOURCES, expand
from generator.document import operations
from generator.errors import GeneratorError
from tests.generator.documents import answers, document, parameter, ref

Document = dict[str, Any]
API = "/apis/g.kubesphere.io/v1"
THING, THINGS = "g.v1.Thing", "g.v1.ThingList"
SCHEMAS = {
    THING: {"type": "object", "properties": {"apiVersion": {}, "kind": {}, "metadata": ref("meta.v1.ObjectMeta")}},
    THINGS: {"type": "object", "properties": {"items": {"type": "array", "items": ref(THING)}}},
    "g.v1.Other": {"type": "object", "properties": {"apiVersion": {}, "kind": {}}},
    "meta.v1.ObjectMeta": {"type": "object", "properties": {"name": {}}},
    "meta.v1.ListMeta": {"type": "object", "properties": {"continue": {}}},
    "meta.v1.Status": {"type": "object", "properties": {"message": {}}},
}
BODY = {"requestBody": {"content": {"application/json": {"schema": ref(THING)}}}}
PATCH = {"content": {f"application/{kind}": {"schema": {}} for kind in ("merge-patch+json", "json-patch+json")}}
NAME = parameter("name", "path")


def published(method: str, path: str, action: str, answer: str, **members: Any) -> Document:
    return {
        "summary": f"{action} the Thing",
        "responses": answers(ref(answer)),
        "x-kubernetes-action": action,
        "x-kubernetes-group-version-kind": {"group": "g.kubesphere.io", "version": "v1", "kind": "Thing"},
        "x-kubesphere-published": {"source": "crd", "method": method, "path": path},
        **members,
    }


def the_document(**resources: Any) -> Document:
    """A file that publishes one kind in full, as if it lived in the cluster and had a status of its own."""
    collection, one = f"{API}/things", f"{API}/things/{{name}}"
    paths = {
        API: {
            "get": {"responses": answers({}), "x-kubesphere-published": {"source": "crd", "method": "GET", "path": API}}
        },
        collection: {
            "get": published("GET", collection, "list", THINGS, **{"x-kubesphere-watchable": {"list": True}}),
            "post": published("POST", collection, "post", THING, **BODY),
            "delete": published("DELETE", collection, "deletecollection", "meta.v1.Status"),
        },
        one: {
            "get": published("GET", one, "get", THING, parameters=[NAME]),
            "put": published("PUT", one, "put", THING, parameters=[NAME], **BODY),
            "patch": published("PATCH", one, "patch", THING, parameters=[NAME], requestBody=PATCH),
            "delete": published("DELETE", one, "delete", "meta.v1.Status", parameters=[NAME]),
        },
        f"{one}/status": {"get": published("GET", f"{one}/status", "get", THING, parameters=[NAME])},
    }
    return document(paths, SCHEMAS, **{CUSTOM_RESOURCES: [resource(**resources)]})


def resource(**members: Any) -> Document:
    return {
        "group": "g.kubesphere.io",
        "version": "v1",
        "plural": "things",
        "kind": "Thing",
        "scope": "Namespaced",
        "status": False,
        "schema": ref(THING),
        "evidence": {"file": "discovery"},
        **members,
    }


def addresses(after: Document) -> set[str]:
    return {f"{method.upper()} {path.removeprefix(API)}" for method, path, _ in operations(after)}


def test_a_kind_that_lives_in_a_namespace_is_reached_through_it() -> None:
    after = expand(the_document())

    in_namespace = "/namespaces/{namespace}/things"
    assert addresses(after) == {
        "GET ",
        "GET /things",
        *(f"{method} {in_namespace}" for method in ("GET", "POST", "DELETE")),
        *(f"{method} {in_namespace}/{{name}}" for method in ("GET", "PUT", "PATCH", "DELETE")),
    }
    moved = after["paths"][f"{API}{in_namespace}"]["post"]
    assert moved["parameters"][0]["name"] == "namespace"
    assert moved["x-kubesphere-published"]["path"] == f"{API}/things"
    added = after["paths"][f"{API}{in_namespace}"]["get"]
    assert added["x-kubesphere-added"] is True
    assert added["x-kubesphere-watchable"] == {"list": True, "object": True}


def test_a_kind_of_the_cluster_stays_where_it_is() -> None:
    after = expand(the_document(scope="Cluster"))

    assert not [path for path in after["paths"] if "{namespace}" in path]


def test_a_status_without_a_subresource_is_withdrawn() -> None:
    after = expand(the_document(scope="Cluster"))

    (withdrawn,) = after["x-kubesphere-withdrawn"]
    assert withdrawn["path"] == f"{API}/things/{{name}}/status"
    assert "no status subresource" in withdrawn["reason"]
    assert withdrawn["evidence"][-1]["evidence"] == {"file": "discovery"}


def test_a_status_subresource_is_completed() -> None:
    before = the_document(status=True)
    path = f"{API}/things/{{name}}/status"
    for method in ("put", "patch"):
        before["paths"][path][method] = published(method.upper(), path, method, THING, parameters=[NAME])

    after = expand(before)

    status = f"{API}/namespaces/{{namespace}}/things/{{name}}/status"
    assert set(after["paths"][status]) == {"get", "put", "patch"}


def test_a_kind_that_the_file_forgot_is_made_after_one_that_it_has() -> None:
    before = the_document(scope="Cluster")
    before[CUSTOM_RESOURCES].append(
        resource(group="h.kubesphere.io", plural="others", kind="Other", scope="Cluster", schema=ref("g.v1.Other"))
    )

    after = expand(before)

    create = after["paths"]["/apis/h.kubesphere.io/v1/others"]["post"]
    assert create["requestBody"]["content"]["application/json"]["schema"] == ref("g.v1.Other")
    assert create["summary"] == "post the Other"
    assert "x-kubesphere-published" not in create
    listing = after["paths"]["/apis/h.kubesphere.io/v1/others"]["get"]
    assert listing["responses"]["200"]["content"]["application/json"]["schema"] == ref("g.v1.OtherList")
    assert after["components"]["schemas"]["g.v1.OtherList"]["properties"]["items"]["items"] == ref("g.v1.Other")
    assert after["components"]["schemas"]["g.v1.Other"]["x-kubernetes-group-version-kind"][0]["kind"] == "Other"
    assert "get" in after["paths"]["/apis/h.kubesphere.io/v1"]


def test_deleting_gives_a_status_or_the_object() -> None:
    after = expand(the_document(scope="Cluster"))["paths"]

    one = after[f"{API}/things/{{name}}"]["delete"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert one["oneOf"] == [ref("meta.v1.Status"), ref(THING)]
    assert one["discriminator"]["mapping"]["Thing"] == ref(THING)["$ref"]
    all_of_them = after[f"{API}/things"]["delete"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert all_of_them == ref(THINGS)


def test_a_patch_is_part_of_the_object_or_a_list_of_steps() -> None:
    content = expand(the_document(scope="Cluster"))["paths"][f"{API}/things/{{name}}"]["patch"]["requestBody"][
        "content"
    ]

    assert content["application/merge-patch+json"]["schema"] == ref(THING)
    assert content["application/json-patch+json"]["schema"]["type"] == "array"


def test_a_document_without_declarations_stays_as_it_is() -> None:
    assert expand(document({"/a": {"get": {"responses": {}}}})) == document({"/a": {"get": {"responses": {}}}})


@pytest.mark.parametrize("members", [{"scope": "Universe"}, {"extra": 1}])
def test_a_declaration_that_is_none_is_refused(members: Document) -> None:
    with pytest.raises(GeneratorError, match="A custom resource is declared"):
        expand(document(schemas=SCHEMAS, **{CUSTOM_RESOURCES: [resource(**members)]}))


def test_a_schema_that_is_not_there_is_refused() -> None:
    with pytest.raises(GeneratorError, match="which is not there"):
        expand(the_document(schema=ref("g.v1.Nothing")))


def test_without_a_pattern_nothing_can_be_made() -> None:
    with pytest.raises(GeneratorError, match="No custom resource of the published files has the operation"):
        expand(document(schemas=SCHEMAS, **{CUSTOM_RESOURCES: [resource()]}))
