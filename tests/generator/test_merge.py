"""Several documents become one, and nothing of any of them is overwritten."""

from __future__ import annotations

from typing import Any

import pytest

from generator.errors import GeneratorError
from generator.merge import merge
from tests.generator.documents import answers, document, operation, ref

Document = dict[str, Any]
LONG = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"


def meta(**properties: Document) -> Document:
    return {"type": "object", "properties": {"name": {"type": "string"}, "uid": {"type": "string"}, **properties}}


def merged(*documents: Document) -> Document:
    return merge(documents)


def test_paths_and_schemas_of_all_documents_are_there() -> None:
    after = merged(
        document({"/b": {"get": operation("b")}}, {"a.B": {}}), document({"/a": {"get": operation("a")}}, {"c.D": {}})
    )

    assert list(after["paths"]) == ["/a", "/b"]
    assert list(after["components"]["schemas"]) == ["a.B", "c.D"]


def test_a_type_that_both_describe_is_one_under_its_full_name() -> None:
    user = {"type": "object", "properties": {"metadata": ref("v1.ObjectMeta")}}

    schemas = merged(document(schemas={"v1.ObjectMeta": meta(), "a.User": user}), document(schemas={LONG: meta()}))[
        "components"
    ]["schemas"]

    assert list(schemas) == ["a.User", LONG]
    assert schemas["a.User"]["properties"]["metadata"] == ref(LONG)


def test_each_property_is_described_by_the_one_that_says_more() -> None:
    vague = meta(created={"type": "string", "description": "when"}, only={"type": "boolean"})
    precise = meta(created=ref("io.k8s.meta.v1.Time"))

    schemas = merged(document(schemas={"v1.ObjectMeta": vague}), document(schemas={LONG: precise}))["components"][
        "schemas"
    ]

    assert schemas[LONG]["properties"]["created"] == {"description": "when", **ref("io.k8s.meta.v1.Time")}
    assert schemas[LONG]["properties"]["only"] == {"type": "boolean"}


def test_required_is_what_both_require_and_always_what_either_says() -> None:
    one = {**meta(), "x-always-serialised": ["uid"]}
    other = {**meta(), "required": ["name"]}

    schema = merged(document(schemas={"v1.ObjectMeta": one}), document(schemas={LONG: other}))["components"]["schemas"][
        LONG
    ]

    assert "required" not in schema
    assert schema["x-always-serialised"] == ["name", "uid"]


def test_types_that_only_share_their_name_stay_apart() -> None:
    other = {"type": "object", "properties": {"quite": {}, "different": {}, "name": {}}}

    schemas = merged(document(schemas={"v1.ObjectMeta": meta()}), document(schemas={LONG: other}))["components"][
        "schemas"
    ]

    assert set(schemas) == {"v1.ObjectMeta", LONG}


def test_different_schemas_of_one_key_are_both_kept() -> None:
    first = {"type": "object", "properties": {"a": {}}}
    second = {"type": "object", "properties": {"b": {}}}
    other = document({"/x": {"get": operation("x", responses=answers(ref("a.B")))}}, {"a.B": second})

    after = merged(document(schemas={"a.B": first}), other)

    assert after["components"]["schemas"] == {"a.B": first, "a.B.2": second}
    assert after["paths"]["/x"]["get"]["responses"] == answers(ref("a.B.2"))


def test_one_operation_in_two_documents_is_an_error_that_names_both() -> None:
    one, two = (
        document({"/a": {"get": operation("a", **{"x-kubesphere-published": {"source": name}})}})
        for name in ("ks", "crd")
    )

    with pytest.raises(GeneratorError, match="GET /a is described by ks and by crd"):
        merged(one, two)


def test_the_security_of_the_first_document_holds_for_all_that_have_none() -> None:
    first = document(security=[{"oauth": []}])
    first["components"]["securitySchemes"] = {"oauth": {"type": "oauth2"}}

    after = merged(first, document({"/a": {"get": operation("a")}}))

    assert after["security"] == [{"oauth": []}]
    assert "security" not in after["paths"]["/a"]["get"]


def test_another_security_goes_with_its_operations() -> None:
    other = document({"/a": {"get": operation("a"), "put": operation("b", security=[])}}, security=[{"key": []}])

    item = merged(document(security=[{"oauth": []}]), other)["paths"]["/a"]

    assert (item["get"]["security"], item["put"]["security"]) == ([{"key": []}], [])


def test_a_security_scheme_described_in_two_ways_is_an_error() -> None:
    one, two = document(), document()
    one["components"]["securitySchemes"] = {"jwt": {"type": "http"}}
    two["components"]["securitySchemes"] = {"jwt": {"type": "apiKey"}}

    with pytest.raises(GeneratorError, match="security scheme 'jwt'"):
        merged(one, two)


def test_shared_responses_are_kept_and_their_references_follow_a_renamed_schema() -> None:
    status = {"type": "object", "properties": {"message": {"type": "string"}}}
    one, two = document(schemas={"v1.Status": status}), document(schemas={"io.k8s.meta.v1.Status": status})
    one["components"]["responses"] = {"Error": {"content": {"application/json": {"schema": ref("v1.Status")}}}}

    responses = merged(one, two)["components"]["responses"]

    assert responses["Error"]["content"]["application/json"]["schema"] == ref("io.k8s.meta.v1.Status")


def test_the_base_path_goes_into_the_paths_and_the_address_is_the_users() -> None:
    after = merged(document({"/a": {"get": operation("a")}}, servers=[{"url": "https://h/base"}]), document())

    assert list(after["paths"]) == ["/base/a"]
    assert after["servers"] == [{"url": "/"}]


def test_what_was_repaired_and_withdrawn_is_kept() -> None:
    def one(path: str, places: int) -> Document:
        withdrawn = [{"source": "s", "method": "GET", "path": path, "reason": "r"}]
        repairs = [{"rule": "a", "title": "t", "places": places}]
        return document(**{"x-kubesphere-withdrawn": withdrawn, "x-kubesphere-repairs": repairs})

    after = merged(one("/b", 1), one("/a", 2))

    assert [entry["path"] for entry in after["x-kubesphere-withdrawn"]] == ["/a", "/b"]
    assert after["x-kubesphere-repairs"] == [{"rule": "a", "title": "t", "places": 3}]


def test_a_reference_or_null_says_as_much_as_the_reference() -> None:
    nullable = {"anyOf": [ref("c.Owner"), {"type": "null"}]}
    owner = {"c.Owner": {"type": "object", "properties": {"a": {}}}}

    schemas = merged(
        document(schemas={"v1.ObjectMeta": meta(owner=nullable, described={"description": "d"}), **owner}),
        document(schemas={LONG: meta(owner=ref("c.Owner"))}),
    )["components"]["schemas"]

    assert schemas[LONG]["properties"]["owner"] == nullable


def test_what_both_documents_say_for_the_client_as_a_whole_is_joined() -> None:
    for word in ("x-kubesphere-misreported", "x-kubesphere-built-in-kinds"):
        after = merged({**document(), word: [{"a": 1}]}, {**document(), word: [{"b": 2}]})

        assert after[word] == [{"a": 1}, {"b": 2}]
