"""Pairs of documents written by hand, as somebody would who does not believe the diff: what is told of each."""

from __future__ import annotations

from typing import Any

import pytest

from generator.drift.api import compare
from generator.drift.finding import Level
from tests.drift.api_documents import OK, document, gives, in_short, only, ref, takes

TEXT, NUMBER = {"type": "string"}, {"type": "integer"}


def model(*required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, **({"required": list(required)} if required else {})}


def both_ways(schema: Any) -> dict[str, Any]:
    return {**takes(schema), **gives(schema)}


def put(user: Any, **more: Any) -> dict[str, Any]:
    """A user that is sent and answered."""
    return document({"/user": {"put": both_ways(ref("User"))}}, {"User": user, **more})


def asks(*parameters: Any, **shared: Any) -> dict[str, Any]:
    made = document({"/a": {"get": {"parameters": list(parameters), "responses": OK}}})
    made["components"]["parameters"] = shared
    return made


def query(name: str, schema: Any = TEXT, **rest: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, **rest}


def test_a_property_that_moved_into_a_parent_is_still_there() -> None:
    old = put({"allOf": [ref("Named"), model(mail=TEXT, age=TEXT)]}, Named=model(name=TEXT))
    new = put({"allOf": [ref("Named"), model(mail=TEXT)]}, Named=model(name=TEXT, age=TEXT))
    assert compare(old, new) == ()
    assert compare(new, old) == ()


def test_what_a_parent_won_is_told_of_the_operations_that_had_it_not_before() -> None:
    def documents(user: Any, named: Any) -> dict[str, Any]:
        paths = {"/user": {"put": both_ways(ref("User"))}, "/named": {"get": gives(ref("Named"))}}
        return document(paths, {"User": user, "Named": named})

    old = documents({"allOf": [ref("Named"), model(age=TEXT)]}, model(name=TEXT))
    finding = only(old, documents({"allOf": [ref("Named"), {}]}, model(name=TEXT, age=TEXT)))
    assert (finding.check, finding.operations) == ("response-optional-property-added", ("GET /named",))


def test_two_parents_that_became_one_are_no_change() -> None:
    old = put({"allOf": [ref("Named"), ref("Aged")]}, Named=model(name=TEXT), Aged=model(age=TEXT))
    assert compare(old, put({"allOf": [ref("Named")]}, Named=model(name=TEXT, age=TEXT))) == ()


def test_what_is_required_by_a_parent_now_was_required_before() -> None:
    old = put({"allOf": [ref("Named"), {"required": ["name"]}]}, Named=model(name=TEXT))
    assert compare(old, put({"allOf": [ref("Named")]}, Named=model("name", name=TEXT))) == ()


def test_a_property_that_came_with_a_parent_and_is_required_beside_it_breaks() -> None:
    def many(named: Any, *required: str) -> dict[str, Any]:
        item = {"allOf": [ref("Named"), {"required": [*required]}]}
        return document({"/a": {"post": takes({"type": "array", "items": item})}}, {"Named": named})

    assert in_short(many(model(a=TEXT), "a"), many(model(a=TEXT, b=TEXT), "a", "b")) == [
        ("request-property-became-required", "POST /a body [].b"),
        ("new-optional-request-property", "schema Named b"),
    ]


def test_a_model_in_two_parts_is_the_same_model() -> None:
    parts = {"allOf": [ref("Named"), ref("Aged")]}
    assert compare(put(model(name=TEXT, age=TEXT)), put(parts, Named=model(name=TEXT), Aged=model(age=TEXT))) == ()


def test_two_models_that_became_one_are_told_by_what_each_won() -> None:
    paths = {f"/{name}": {"get": gives(ref(name))} for name in ("A", "B")}
    merged = {f"/{name}": {"get": gives(ref("Both"))} for name in ("A", "B")}
    finding = only(
        document(paths, {"A": model(a=TEXT), "B": model(a=TEXT, b=TEXT)}),
        document(merged, {"Both": model(a=TEXT, b=TEXT)}),
    )
    assert (finding.check, finding.operations) == ("response-optional-property-added", ("GET /A",))


def test_the_names_of_two_models_may_be_swapped() -> None:
    first = document({"/a": {"get": gives(ref("X"))}, "/b": {"get": gives(ref("Y"))}}, {"X": TEXT, "Y": NUMBER})
    second = document({"/a": {"get": gives(ref("Y"))}, "/b": {"get": gives(ref("X"))}}, {"Y": TEXT, "X": NUMBER})
    assert compare(first, second) == ()


def test_a_file_is_no_text() -> None:
    old, new = (
        document({"/a": {"post": takes(model(file={"type": "string", **more}))}}) for more in ({"format": "binary"}, {})
    )
    for one, other in ((old, new), (new, old)):
        finding = only(one, other)
        assert (finding.check, finding.level) == ("request-property-type-changed", Level.BREAKING)


def test_null_that_an_enum_no_longer_lists_is_gone() -> None:
    old, new = ({"type": ["string", "null"], "enum": values} for values in (["a", None], ["a"]))
    assert in_short(put(model(state=old)), put(model(state=new))) == [
        ("request-property-became-not-nullable", "schema User state"),
        ("response-property-became-not-nullable", "schema User state"),
    ]


def test_a_default_of_null_is_none() -> None:
    assert compare(asks(query("a", {**TEXT, "default": None})), asks(query("a"))) == ()


def test_types_that_are_called_the_same_are_told_apart() -> None:
    finding = only(
        document({"/a": {"post": takes(model(spec={"type": "object"}))}}),
        document({"/a": {"post": takes(model(spec=model(a=TEXT, b=TEXT, c=TEXT, d=TEXT)))}}),
    )
    assert finding.text == 'the type changed from object to object with "a", "b", "c" and 1 more'


def test_a_header_of_a_component_is_told_by_its_type() -> None:
    def answers(kind: Any) -> dict[str, Any]:
        response = {"description": "ok", "headers": {"Age": {"schema": ref("Age")}}}
        return document({"/a": {"get": {"responses": {"200": response}}}}, {"Age": kind})

    assert only(answers(TEXT), answers(NUMBER)).text == "the type changed from string to integer"


def test_a_shared_body_is_called_what_it_is() -> None:
    def shared(**rest: Any) -> dict[str, Any]:
        operation = {"requestBody": {"$ref": "#/components/requestBodies/User"}, "responses": OK}
        made = document({"/a": {"post": operation}, "/b": {"post": operation}})
        made["components"]["requestBodies"] = {"User": {"content": {"application/json": {"schema": TEXT}}, **rest}}
        return made

    finding = only(shared(), shared(required=True))
    assert (finding.check, finding.place) == ("request-body-became-required", "requestBody User body")
    assert finding.operations == ("POST /a", "POST /b")


def test_a_status_may_be_written_as_a_number() -> None:
    first, second = (document({"/a": {"get": {"responses": {status: OK["200"]}}}}) for status in (200, "200"))
    assert compare(first, second) == ()


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("minCount", "maxCount"),
        ("cpuLimit", "gpuLimit"),
        ("source", "resource"),
        ("end", "endpoint"),
        ("start", "start_time"),
        ("http", "https"),
        ("ipv4", "ipv6"),
    ],
)
def test_names_of_two_things_are_no_rename(name: str, other: str) -> None:
    assert [check for check, _ in in_short(asks(query(name)), asks(query(other)))] == [
        "request-parameter-removed",
        "new-optional-request-parameter",
    ]
    assert [check for check, _ in in_short(put(model(**{name: TEXT})), put(model(**{other: TEXT})))] == [
        "request-property-removed",
        "response-optional-property-removed",
        "new-optional-request-property",
        "response-optional-property-added",
    ]


def test_swapped_types_are_no_renames() -> None:
    old = asks(query("pageno", NUMBER), query("limit", TEXT))
    new = asks(query("pagenos", TEXT), query("limits", NUMBER))
    assert not [check for check, _ in in_short(old, new) if check.endswith("renamed")]


def test_a_short_description_is_no_sign_of_a_rename() -> None:
    old, new = (asks(query(name, description="a timestamp")) for name in ("from", "until"))
    assert [check for check, _ in in_short(old, new)] == ["request-parameter-removed", "new-optional-request-parameter"]


def test_a_name_that_is_spelled_otherwise_is_compared_inside() -> None:
    old, new = (query(name, {**TEXT, "enum": values}) for name, values in (("page_by", ["a", "b"]), ("pageBy", ["a"])))
    assert in_short(asks(old), asks(new)) == [
        ("request-parameter-enum-value-removed", "GET /a query:pageBy"),
        ("request-parameter-renamed", "GET /a query:pageBy"),
    ]
    before, after = (
        document({"/a": {"get": gives(model(**{name: ref("Spec")}))}}, {"Spec": model(a=kind)})
        for name, kind in (("user_spec", TEXT), ("userSpec", NUMBER))
    )
    assert in_short(before, after) == [
        ("response-property-renamed", "GET /a 200 user_spec"),
        ("response-property-type-changed", "schema Spec a"),
    ]


def test_a_path_of_another_version_may_take_something_else() -> None:
    path = "/kapis/iam.kubesphere.io/{}/users"
    old = document({path.format("v1alpha2"): {"get": gives(TEXT)}})
    new = document({path.format("v1beta1"): {"get": {"parameters": [query("limit")], **gives(TEXT)}}})
    assert in_short(old, new) == [
        ("endpoint-moved", "GET /kapis/iam.kubesphere.io/v1beta1/users"),
        ("new-optional-request-parameter", "GET /kapis/iam.kubesphere.io/v1beta1/users query:limit"),
    ]


def test_an_id_that_another_path_has_now_is_no_move() -> None:
    old = document({"/kapis/a/v1/users": {"get": {**gives(TEXT), "operationId": "List"}}})
    new = document({"/kapis/b/v2/things/{x}/pods": {"get": {**gives(TEXT), "operationId": "List"}}})
    assert [check for check, _ in in_short(old, new)] == ["api-removed-without-deprecation", "endpoint-added"]


def test_two_operations_that_swapped_their_ids_are_compared_by_their_paths() -> None:
    old, new = (
        document({f"/{path}": {"get": {**gives(TEXT), "operationId": f"Get{name}"}} for path, name in pairs})
        for pairs in ((("a", "A"), ("b", "B")), (("a", "B"), ("b", "A")))
    )
    assert compare(old, new) == ()


def test_properties_with_the_names_of_keywords_are_properties() -> None:
    names = ("properties", "type", "enum", "default", "description", "x-note", "$ref", "required")
    old, new = (document({"/a": {"get": gives(model(**dict.fromkeys(names, kind)))}}) for kind in (TEXT, NUMBER))
    assert {place for _, place in in_short(old, new)} == {f"GET /a 200 {name}" for name in names}


def test_an_enum_in_a_parameter_and_in_models_is_told_once_for_each_direction() -> None:
    def states(*values: str) -> dict[str, Any]:
        paths = {
            "/a": {
                "get": {"parameters": [query("state", ref("State"))], **gives({"type": "array", "items": ref("State")})}
            },
            "/b": {"post": both_ways(model(state=ref("State")))},
        }
        return document(paths, {"State": {"type": "string", "enum": [*values]}})

    found = compare(states("a", "b"), states("a"))
    assert [(one.check, one.place, one.operations) for one in found] == [
        ("request-property-enum-value-removed", "schema State", ("GET /a", "POST /b")),
        ("response-property-enum-value-removed", "schema State", ("GET /a", "POST /b")),
    ]


def test_a_model_inside_itself_that_is_written_out_once_is_the_same() -> None:
    many = {"type": "array", "items": ref("User")}
    inner = {"type": "array", "items": model(name=TEXT, staff=many)}
    assert compare(put(model(name=TEXT, staff=many)), put(model(name=TEXT, staff=inner))) == ()
