"""Each rule mends its habit, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from generator.repair import RULES, repair
from tests.generator.documents import answers, operation, parameter, ref, without_evidence

Document = dict[str, Any]


def document(paths: Document | None = None, schemas: Document | None = None) -> Document:
    return {"openapi": "3.1.0", "paths": paths or {}, "components": {"schemas": schemas or {}}}


def with_parameter(one: Document) -> Document:
    path = "/a/{name}" if one["in"] == "path" else "/a"
    return document({path: {"get": operation("a", parameters=[one])}})


def repaired(before: Document, writer: str = "go-restful") -> Document:
    return repair(before, writer=writer)


def schemas(before: Document, writer: str = "go-restful") -> Document:
    found: Document = repaired(document(schemas=before), writer)["components"]["schemas"]
    return found


def the_parameter(one: Document, writer: str = "go-restful") -> Document:
    ((item,),) = [[*path.values()] for path in repaired(with_parameter(one), writer)["paths"].values()]
    (found,) = item["parameters"]
    return dict(found)


def places(after: Document, rule: str) -> int:
    (line,) = [line for line in after["x-kubesphere-repairs"] if line["rule"] == rule]
    return int(line["places"])


def test_the_input_is_not_changed() -> None:
    before = document(schemas={"a.B": {"properties": {"c": {}}}})

    repaired(before)

    assert before == document(schemas={"a.B": {"properties": {"c": {}}}})


def test_every_rule_of_a_writer_has_a_line_in_the_report_even_when_it_matched_nothing() -> None:
    report = repaired(document(), "kube-openapi")["x-kubesphere-repairs"]

    assert [line["rule"] for line in report] == [rule.name for rule in RULES if "kube-openapi" in rule.writers]
    assert {line["places"] for line in report} == {0}


def test_rule_names_are_unique() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)


@pytest.mark.parametrize(
    ("target", "becomes"),
    [
        ("error", {}),
        ("inf.Scale", {"type": "integer", "format": "int32"}),
        ("strfmt.Base64", {"type": "string", "format": "byte"}),
        ("v1.Secret.data", {"type": "string", "format": "byte"}),
    ],
)
def test_references_to_go_scalars_become_what_they_are(target: str, becomes: Document) -> None:
    after = schemas({"v1.Secret": {"properties": {"x": {**ref(target), "description": "kept"}}}})

    assert after["v1.Secret"]["properties"]["x"] == {**becomes, "description": "kept"}


def test_a_reference_that_no_rule_covers_stays_for_validation() -> None:
    after = schemas({"a.B": {"properties": {"x": ref("does.NotExist")}}})

    assert after["a.B"]["properties"]["x"] == ref("does.NotExist")


def test_empty_definitions_are_any_value() -> None:
    after = repaired(
        document(schemas={"a.B": {"properties": {"x": {**ref("a.B.x"), "description": "d"}}}, "a.B.x": {}})
    )

    assert without_evidence(after["components"]["schemas"]) == {
        "a.B": {"type": "object", "properties": {"x": {"description": "d"}}}
    }
    assert places(after, "empty-definitions") == 1


def test_schemas_with_properties_or_items_get_their_type() -> None:
    after = schemas({"a.B": {"properties": {"x": {"items": {"properties": {"y": {"type": "string"}}}}}}})

    assert after["a.B"]["type"] == "object"
    assert after["a.B"]["properties"]["x"]["type"] == "array"
    assert after["a.B"]["properties"]["x"]["items"]["type"] == "object"


def test_a_quantity_is_what_it_sends_and_its_insides_go() -> None:
    after = schemas(
        {
            "resource.Quantity": {"properties": {"d": ref("resource.infDecAmount"), "i": ref("resource.int64Amount")}},
            "resource.infDecAmount": {"properties": {"dec": ref("inf.Dec")}},
            "resource.int64Amount": {"properties": {"value": {"type": "integer"}}},
            "inf.Dec": {"properties": {"scale": ref("inf.Scale")}},
        }
    )

    assert list(after) == ["resource.Quantity"]
    assert (after["resource.Quantity"]["type"], after["resource.Quantity"]["format"]) == ("string", "quantity")


@pytest.mark.parametrize(
    ("name", "published", "becomes"),
    [
        (
            "io.k8s.apimachinery.pkg.apis.meta.v1.Time",
            {"type": "string"},
            {"type": ["string", "null"], "format": "date-time"},
        ),
        (
            "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
            {"type": "string"},
            {"type": ["integer", "string"], "format": "int-or-string"},
        ),
        (
            "io.k8s.apimachinery.pkg.runtime.RawExtension",
            {"type": "object", "properties": {"Raw": {"type": "string"}}},
            {"type": "object", "additionalProperties": True},
        ),
    ],
)
def test_types_that_encode_themselves_are_what_they_send(name: str, published: Document, becomes: Document) -> None:
    assert without_evidence(schemas({name: published}, "kube-openapi")[name]) == becomes


@pytest.mark.parametrize(
    ("published", "kind"),
    [
        ("limit=%d", "integer"),
        ("page=%d", "integer"),
        ("blocking=%t", "boolean"),
        ("url=%s", "string"),
        ("%d", "integer"),
    ],
)
def test_a_format_with_one_verb_gives_the_type(published: str, kind: str) -> None:
    after = the_parameter(parameter("x", schema={"type": "string", "format": published}))

    assert after["schema"] == {"type": kind}
    assert after["x-published-format"] == published


@pytest.mark.parametrize("published", ["limit=%d,page=%d", "key=%s,key~%s", "key=value,key~value"])
def test_a_format_with_several_values_is_text(published: str) -> None:
    assert the_parameter(parameter("x", schema={"type": "string", "format": published}))["schema"] == {"type": "string"}


@pytest.mark.parametrize("published", ["int32", "date-time"])
def test_a_real_format_stays(published: str) -> None:
    schema = {"type": "string", "format": published}

    assert the_parameter(parameter("x", schema=schema))["schema"] == schema


@pytest.mark.parametrize(
    ("schema", "after"),
    [
        ({"type": "string", "default": "x=false"}, {"type": "boolean", "default": False}),
        ({"type": "integer", "default": "x=100"}, {"type": "integer", "default": 100}),
        ({"type": "integer", "default": "5"}, {"type": "integer", "default": 5}),
        ({"type": "boolean", "default": "False"}, {"type": "boolean", "default": False}),
        ({"type": "string", "default": "desc."}, {"type": "string", "default": "desc"}),
        ({"type": "string", "default": "[]"}, {"type": "string"}),
        ({"type": "string", "default": "all protocols"}, {"type": "string"}),
        ({"type": "string", "default": "10m"}, {"type": "string", "default": "10m"}),
        ({"type": "string", "default": 1800}, {"type": "string", "default": "1800"}),
        ({"type": "string", "default": False}, {"type": "string", "default": "false"}),
        ({"type": "string", "default": "limit=10,page=1"}, {"type": "string", "default": "limit=10,page=1"}),
    ],
)
def test_a_default_is_a_value_of_the_type(schema: Document, after: Document) -> None:
    assert the_parameter(parameter("x", schema=schema))["schema"] == after


def test_a_free_tail_is_marked() -> None:
    after = the_parameter(parameter("name", "path", {"type": "string", "pattern": "[*]"}))

    assert after["x-kubesphere-tail"] is True
    assert after["schema"] == {"type": "string"}


def test_path_parameters_are_those_of_the_path() -> None:
    published = operation("a", parameters=[parameter("other", "path"), parameter("q")])
    after = repaired(document({"/a/{name}": {"get": published}}))

    assert [(one["name"], one["in"]) for one in after["paths"]["/a/{name}"]["get"]["parameters"]] == [
        ("name", "path"),
        ("q", "query"),
    ]


def test_unique_items_stays_on_arrays_only() -> None:
    one = the_parameter(parameter("x", schema={"type": "string", "uniqueItems": True}), "kube-openapi")
    many = the_parameter(parameter("x", schema={"type": "array", "uniqueItems": True}), "kube-openapi")

    assert one["schema"] == {"type": "string"}
    assert many["schema"] == {"type": "array", "uniqueItems": True}


def content(*media: str) -> Document:
    return {one: {"schema": {"type": "string"}} for one in media}


def the_operation(before: Document, writer: str = "go-restful", method: str = "get") -> Document:
    return dict(repaired(document({"/kapis/a/b": {method: before}}), writer)["paths"]["/kapis/a/b"][method])


@pytest.mark.parametrize(
    ("published", "kept"),
    [
        (("application/json", "charset=utf-8"), ["application/json"]),
        (("charset=utf-8",), ["application/json"]),
        (("application/json", "application/vnd.kubernetes.protobuf"), ["application/json"]),
        (("application/json", "application/json;stream=watch"), ["application/json"]),
        (("text/plain; charset=utf-8",), ["text/plain; charset=utf-8"]),
    ],
)
def test_media_types_that_are_none_or_not_spoken_go(published: tuple[str, ...], kept: list[str]) -> None:
    after = the_operation(operation("a", responses={"200": {"description": "", "content": content(*published)}}))

    assert list(after["responses"]["200"]["content"]) == kept


def test_a_body_of_any_kind_is_json() -> None:
    after = the_operation(operation("a", requestBody={"content": content("*/*")}), "kube-openapi", "post")

    assert list(after["requestBody"]["content"]) == ["application/json"]


def test_a_default_response_that_repeats_the_success_goes() -> None:
    ok = answers({"type": "string"})
    different = answers({"type": "object"}, status="default")

    assert list(the_operation(operation("a", responses={**ok, "default": ok["200"]}))["responses"]) == ["200"]
    assert list(the_operation(operation("a", responses={**ok, **different}))["responses"]) == ["200", "default"]


@pytest.mark.parametrize(
    ("produces", "expected"),
    [
        (["text/plain; charset=utf-8"], {"text/plain; charset=utf-8": {"schema": {"type": "string"}}}),
        (["application/json"], {"application/json": {"schema": {}}}),
        (["charset=utf-8"], {"application/json": {"schema": {}}}),
    ],
)
def test_a_success_without_a_schema_is_unknown_and_not_nothing(produces: list[str], expected: Document) -> None:
    after = the_operation(operation("a", responses={"200": {"description": "", "x-produces": produces}}))

    assert after["responses"]["200"] == {"description": "", "content": expected}


def test_204_stays_without_content() -> None:
    after = the_operation(operation("a", responses={"204": {"description": "", "x-produces": ["application/json"]}}))

    assert after["responses"]["204"] == {"description": ""}


def test_a_patch_is_open_and_merge_patch_comes_first() -> None:
    name = "io.k8s.apimachinery.pkg.apis.meta.v1.Patch"
    body = {
        "content": {
            media: {"schema": ref(name)} for media in ("application/json-patch+json", "application/merge-patch+json")
        }
    }
    before = document(
        {"/a": {"patch": operation("a", requestBody=body)}}, {name: {"type": "object", "description": "d"}}
    )

    after = repaired(before, "kube-openapi")

    assert without_evidence(after["components"]["schemas"][name]) == {"description": "d"}
    assert next(iter(after["paths"]["/a"]["patch"]["requestBody"]["content"])) == "application/merge-patch+json"


def test_what_responses_always_have_is_not_required_of_requests() -> None:
    inner = {"type": "object", "properties": {"x": {"type": "string"}}, "required": ["x"]}
    outer = {"type": "object", "properties": {"in": ref("a.Inner")}, "required": ["in"]}
    only_sent = {"type": "object", "properties": {"y": {"type": "string"}}, "required": ["y"]}
    put = operation("a", requestBody={"content": {"application/json": {"schema": ref("a.Outer")}}})
    before = document({"/a": {"put": put}}, {"a.Outer": outer, "a.Inner": inner, "a.Sent": only_sent})

    after = repaired(before)["components"]["schemas"]

    assert "required" not in after["a.Outer"]
    assert "required" not in after["a.Inner"]
    assert after["a.Inner"]["x-always-serialised"] == ["x"]
    assert after["a.Sent"]["required"] == after["a.Sent"]["x-always-serialised"] == ["y"]


def test_watch_paths_are_folded_into_the_list() -> None:
    published = {"source": "crd", "method": "GET", "path": "/apis/g/v1/watch/things"}
    watch = [parameter("watch", schema={"type": "boolean"}), parameter("limit")]
    before = document(
        {
            "/apis/g/v1/things": {"get": operation("list", parameters=watch)},
            "/apis/g/v1/watch/things": {
                "get": operation("w", **{"x-kubernetes-action": "watchlist", "x-kubesphere-published": published})
            },
            "/apis/g/v1/watch/things/{name}": {"get": operation("w1", **{"x-kubernetes-action": "watch"})},
        }
    )

    after = repaired(before, "kube-openapi")

    assert list(after["paths"]) == ["/apis/g/v1/things"]
    listing = after["paths"]["/apis/g/v1/things"]["get"]
    assert listing["x-kubesphere-watchable"] == {"list": True, "object": True}
    assert [one["name"] for one in listing["parameters"]] == ["limit"]
    first = after["x-kubesphere-withdrawn"][0]
    assert first == {**published, "reason": first["reason"]}
    assert "GET /apis/g/v1/things?watch=true" in first["reason"]


def test_a_watch_without_a_list_stays() -> None:
    watch = operation("w", **{"x-kubernetes-action": "watchlist"})

    assert repaired(document({"/apis/g/v1/watch/things": {"get": watch}}), "kube-openapi")["paths"]


def test_discovery_that_is_not_passed_on_is_withdrawn() -> None:
    paths = {path: {"get": operation(path)} for path in ("/apis/", "/apis/g/", "/apis/g/v1/", "/kapis/version")}

    after = repaired(document(paths), "kube-openapi")

    assert list(after["paths"]) == ["/apis/g/v1", "/kapis/version"]
    assert len(after["x-kubesphere-withdrawn"]) == 2


def test_secret_fields_are_marked() -> None:
    user = {
        "properties": {
            "password": {"type": "string"},
            "currentPassword": {"type": "string"},
            "name": {"type": "string"},
        }
    }
    secret = {"properties": {"data": {"type": "object"}, "type": {"type": "string"}}}

    after = schemas({"v1alpha2.User": user, "v1.Secret": secret})

    marked = {
        name for one in after.values() for name, field in one["properties"].items() if field.get("x-kubesphere-secret")
    }
    assert marked == {"password", "currentPassword", "data"}


def test_a_slash_at_the_end_of_a_path_goes_unless_both_are_published() -> None:
    paths = {path: {"get": operation(path)} for path in ("/a/", "/b", "/b/")}

    assert list(repaired(document(paths))["paths"]) == ["/a", "/b", "/b/"]


def test_a_description_without_a_summary_is_the_summary() -> None:
    after = the_operation(operation("a", description="list things"), "kube-openapi")

    assert after["summary"] == "list things"
    assert "description" not in after


def test_objects_always_have_metadata_and_metadata_a_name() -> None:
    thing = {"properties": {"apiVersion": {}, "kind": {}, "metadata": ref("v1.ObjectMeta")}}
    after = schemas(
        {
            "v1.ObjectMeta": {"properties": {"name": {"type": "string"}}},
            "a.Thing": thing,
            "a.Other": {"properties": {"name": {}}},
        }
    )

    assert after["a.Thing"]["x-always-serialised"] == ["metadata"]
    assert after["v1.ObjectMeta"]["x-always-serialised"] == ["name"]
    assert "x-always-serialised" not in after["a.Other"]


def test_an_array_or_map_that_is_always_there_may_be_null() -> None:
    before = document(
        schemas={
            "a.List": {"type": "array", "items": {"type": "string"}},
            "a.Holder": {
                "type": "object",
                "required": ["items", "labels", "named", "name"],
                "properties": {
                    "items": {"type": "array", "items": {"type": "string"}},
                    "labels": {"type": "object", "additionalProperties": {"type": "string"}},
                    "named": ref("a.List"),
                    "name": {"type": "string"},
                    "optional": {"type": "array", "items": {"type": "string"}},
                },
            },
        }
    )

    properties = repaired(before)["components"]["schemas"]["a.Holder"]["properties"]

    assert properties["items"]["type"] == ["array", "null"]
    assert properties["labels"]["type"] == ["object", "null"]
    assert properties["named"] == {"anyOf": [ref("a.List"), {"type": "null"}]}
    assert properties["name"]["type"] == "string"
    assert properties["optional"]["type"] == "array"


def test_a_custom_resource_takes_no_strategic_merge_patch() -> None:
    kinds = ("merge-patch+json", "json-patch+json", "strategic-merge-patch+json", "apply-patch+yaml")
    body = {"content": {f"application/{kind}": {"schema": {}} for kind in kinds}}

    after = repaired(document({"/a": {"patch": operation("a", requestBody=body)}}), "kube-openapi")

    assert list(after["paths"]["/a"]["patch"]["requestBody"]["content"]) == [
        "application/merge-patch+json",
        "application/json-patch+json",
        "application/apply-patch+yaml",
    ]
    done = after["paths"]["/a"]["patch"]["x-kubesphere-evidence"]
    assert "rule custom-resource-patch" in [entry["by"] for entry in done]


def test_an_apply_patch_may_create() -> None:
    def statuses(media: str) -> list[str]:
        body = {"content": {media: {"schema": {}}}}
        one = operation("a", requestBody=body, responses=answers({"type": "object"}))
        return list(repaired(document({"/a": {"patch": one}}), "kube-openapi")["paths"]["/a"]["patch"]["responses"])

    assert statuses("application/apply-patch+yaml") == ["200", "201"]
    assert statuses("application/merge-patch+json") == ["200"]
