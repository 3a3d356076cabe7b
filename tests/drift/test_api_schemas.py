"""What became of models: in the direction that they travel, once for all operations, however they are written."""

from __future__ import annotations

from typing import Any

from generator.drift.api import compare
from generator.drift.finding import Level
from tests.drift.api_documents import document, gives, in_short, only, ref, takes

TEXT, NUMBER = {"type": "string"}, {"type": "integer"}


def model(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def users(user: Any, **more: Any) -> dict[str, Any]:
    """Users that are listed, read and written."""
    page = {"type": "array", "items": ref("iam.User")}
    paths = {
        "/users": {"get": gives(page), "post": takes(ref("iam.User"))},
        "/users/{name}": {"get": gives(ref("iam.User"))},
    }
    return document(paths, {"iam.User": user, **more})


def test_a_change_of_a_shared_model_is_told_once_for_each_direction() -> None:
    findings = compare(users(model(name=TEXT, mail=TEXT)), users(model(name=TEXT)))
    assert [(one.check, one.level, one.place, one.operations) for one in findings] == [
        ("request-property-removed", Level.BREAKING, "schema iam.User mail", ("POST /users",)),
        (
            "response-optional-property-removed",
            Level.RISKY,
            "schema iam.User mail",
            ("GET /users", "GET /users/{name}"),
        ),
    ]
    assert findings[0].subject == "User.mail"


def test_a_property_that_is_always_sent_is_missed_when_it_goes() -> None:
    always = {**model(name=TEXT, mail=TEXT), "x-always-serialised": ["mail"]}
    checks = [(one.check, one.level) for one in compare(users(always), users(model(name=TEXT)))]
    assert ("response-required-property-removed", Level.BREAKING) in checks


def test_a_model_that_nobody_meets_may_change() -> None:
    assert compare(users(model(name=TEXT), lost=model(a=TEXT)), users(model(name=TEXT), lost=model(a=NUMBER))) == ()


def test_a_change_deep_in_models_is_told_where_it_is() -> None:
    old, new = (
        users(model(spec=ref("iam.Spec")), **{"iam.Spec": model(groups={"type": "array", "items": model(name=kind)})})
        for kind in (TEXT, NUMBER)
    )
    assert in_short(old, new) == [
        ("request-property-type-changed", "schema iam.Spec groups[].name"),
        ("response-property-type-changed", "schema iam.Spec groups[].name"),
    ]


def test_a_model_that_holds_itself_ends() -> None:
    old, new = (
        users(model(boss=ref("iam.User"), staff={"type": "array", "items": ref("iam.User")}, name=kind))
        for kind in (TEXT, NUMBER)
    )
    assert len(compare(old, new)) == 2


def test_the_same_written_inline_is_no_change() -> None:
    old = document({"/a": {"get": gives(ref("iam.User"))}}, {"iam.User": model(name=TEXT)})
    assert compare(old, document({"/a": {"get": gives(model(name=TEXT))}})) == ()


def test_the_same_from_parts_is_no_change() -> None:
    parts = {"allOf": [ref("iam.Named"), {"properties": {"mail": TEXT}, "required": ["mail"]}]}
    named = {"iam.Named": model(name=TEXT)}
    assert compare(users(parts, **named), users({**model(name=TEXT, mail=TEXT), "required": ["mail"]}, **named)) == ()


def test_null_may_be_written_in_three_ways() -> None:
    ways: list[Any] = [
        {"type": ["string", "null"]},
        {"anyOf": [TEXT, {"type": "null"}]},
        {"oneOf": [{"type": "null"}, TEXT]},
    ]
    for one in ways:
        assert compare(users(model(name=ways[0])), users(model(name=one))) == ()


def test_null_beside_a_component_is_told_where_the_component_is_used() -> None:
    spec = {"iam.Spec": model(a=TEXT)}
    old = users(model(spec=ref("iam.Spec")), **spec)
    new = users(model(spec={"anyOf": [ref("iam.Spec"), {"type": "null"}]}), **spec)
    assert in_short(old, new) == [
        ("response-property-became-nullable", "schema iam.User spec"),
        ("request-property-became-nullable", "schema iam.User spec"),
    ]


def test_an_envelope_with_other_items_is_told_at_the_items() -> None:
    envelope = model(items={"type": ["array", "null"], "items": {}}, total=NUMBER)

    def listed(items: Any) -> dict[str, Any]:
        page = {"allOf": [ref("shared.List"), {"properties": {"items": {"items": items}}}]}
        return document({"/a": {"get": gives(page)}, "/b": {"get": gives(page)}}, {"shared.List": envelope})

    assert in_short(listed(TEXT), listed(NUMBER)) == [
        ("response-property-type-changed", "GET /a 200 items[]"),
        ("response-property-type-changed", "GET /b 200 items[]"),
    ]


def test_a_change_of_an_envelope_is_told_once() -> None:
    def listed(**more: Any) -> dict[str, Any]:
        pages = [{"allOf": [ref("shared.List"), {"properties": {"items": {"items": one}}}]} for one in (TEXT, NUMBER)]
        envelope = model(items={"type": "array", "items": {}}, **more)
        return document({"/a": {"get": gives(pages[0])}, "/b": {"get": gives(pages[1])}}, {"shared.List": envelope})

    finding = only(listed(), listed(total=NUMBER))
    assert (finding.check, finding.place) == ("response-optional-property-added", "schema shared.List total")
    assert finding.operations == ("GET /a", "GET /b")


def test_a_shared_enum_is_told_as_what_it_is_used_as() -> None:
    def state(*values: str) -> dict[str, Any]:
        return document({"/a": {"get": gives(model(state=ref("iam.State")))}}, {"iam.State": {"enum": list(values)}})

    finding = only(state("active"), state("active", "disabled"))
    assert (finding.check, finding.level) == ("response-property-enum-value-added", Level.RISKY)
    assert (finding.place, finding.subject, finding.after) == ("schema iam.State", "State", "disabled")


def test_a_wider_type_is_compatible_in_a_request_and_breaking_in_a_response() -> None:
    old, new = (users(model(age=kind)) for kind in (NUMBER, {"type": "number"}))
    assert [(one.check, one.level) for one in compare(old, new)] == [
        ("response-property-type-changed", Level.BREAKING),
        ("request-property-type-generalized", Level.COMPATIBLE),
    ]


def test_before_and_after_are_small() -> None:
    finding = only(
        document({"/a": {"get": gives(model(spec=TEXT))}}),
        document({"/a": {"get": gives(model(spec=ref("iam.Spec")))}}, {"iam.Spec": model(a=TEXT, b=TEXT)}),
    )
    assert (finding.before, finding.after) == ("string", "Spec")


def test_a_model_of_several_groups_is_shared() -> None:
    old, new = (
        document(
            {f"/{name}": {"get": gives(ref("v1.Meta"), operationId=f"{name}.v1.get")} for name in ("iam", "tenant")},
            {"v1.Meta": model(a=kind)},
        )
        for kind in (TEXT, NUMBER)
    )
    finding = only(old, new)
    assert (finding.group, finding.calls) == ("shared", ("iam.v1.get", "tenant.v1.get"))


def test_what_may_follow_a_tuple_that_is_full_is_no_change() -> None:
    pair = {"type": "array", "prefixItems": [NUMBER, TEXT], "minItems": 2, "maxItems": 2}
    assert compare(users(model(value={**pair, "items": NUMBER})), users(model(value=pair))) == ()
    longer, longer_now = {**pair, "items": NUMBER, "maxItems": 3}, {**pair, "maxItems": 3}
    assert in_short(users(model(value=longer)), users(model(value=longer_now))) != []


def test_text_in_base64_is_text_to_a_client() -> None:
    findings = compare(users(model(data={**TEXT, "format": "byte"})), users(model(data=TEXT)))
    assert [(one.check, one.level) for one in findings] == [
        ("request-property-type-compatible", Level.COMPATIBLE),
        ("response-property-type-compatible", Level.COMPATIBLE),
    ]


def test_a_model_that_gave_way_to_any_value_is_told_once_for_all_that_answer_with_it() -> None:
    def metrics(schema: Any, **models: Any) -> dict[str, Any]:
        return document({"/a": {"get": gives(schema)}, "/b": {"get": gives(schema)}}, models)

    finding = only(metrics(ref("a.Metrics"), **{"a.Metrics": model(name=TEXT)}), metrics({}))
    assert (finding.check, finding.place) == ("response-body-type-changed", "schema a.Metrics")
    assert (finding.before, finding.after) == ("Metrics", "any value")
    assert finding.operations == ("GET /a", "GET /b")

    back = only(metrics({}), metrics(ref("a.Metrics"), **{"a.Metrics": model(name=TEXT)}))
    assert (back.check, back.place) == ("response-body-type-specialized", "schema a.Metrics")
    assert back.operations == ("GET /a", "GET /b")


def test_a_model_that_gave_way_to_two_things_is_told_twice() -> None:
    old = document({"/a": {"get": gives(ref("a.B"))}, "/b": {"get": gives(ref("a.B"))}}, {"a.B": model(name=TEXT)})
    findings = compare(old, document({"/a": {"get": gives({})}, "/b": {"get": gives(TEXT)}}))
    assert sorted((one.after, one.operations) for one in findings) == [
        ("any value", ("GET /a",)),
        ("string", ("GET /b",)),
    ]
