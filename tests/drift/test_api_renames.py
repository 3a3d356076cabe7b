"""What only got another name, or another path, is told as that; what may be two things is not."""

from __future__ import annotations

from typing import Any

from generator.drift.api import compare
from tests.drift.api_documents import OK, document, gives, in_short, only, ref, takes

TEXT = {"type": "string"}


def _asks(*parameters: Any) -> dict[str, Any]:
    found = [{"in": "query", "schema": TEXT, **one} for one in parameters]
    return document({"/a": {"get": {"parameters": found, "responses": OK}}})


def _holds(**properties: Any) -> dict[str, Any]:
    return document({"/a": {"get": gives(ref("v1.User"))}}, {"v1.User": {"type": "object", "properties": properties}})


def test_another_version_of_a_path_is_one_move() -> None:
    old, new = (
        document({f"/kapis/iam.kubesphere.io/{v}/users": {"get": gives(TEXT)}}) for v in ("v1alpha2", "v1beta1")
    )
    finding = only(old, new)
    assert (finding.check, finding.place) == ("endpoint-moved", "GET /kapis/iam.kubesphere.io/v1beta1/users")
    assert finding.before == "GET /kapis/iam.kubesphere.io/v1alpha2/users"


def test_an_operation_that_moved_is_compared_with_its_old_self() -> None:
    old = document({"/v1/users": {"get": gives(TEXT)}})
    new = document({"/v2/users": {"get": gives({"type": "integer"})}})
    assert in_short(old, new) == [
        ("endpoint-moved", "GET /v2/users"),
        ("response-body-type-changed", "GET /v2/users 200"),
    ]


def test_an_operation_with_the_same_id_at_a_similar_path_moved() -> None:
    old = document({"/pods/{pod}": {"get": {**gives(TEXT), "operationId": "Exec"}}})
    new = document({"/pods/{pod}/exec": {"get": {**gives(TEXT, parameters=[]), "operationId": "Exec"}}})
    assert in_short(old, new) == [("endpoint-moved", "GET /pods/{pod}/exec")]


def test_a_version_that_was_there_before_is_no_move() -> None:
    paths = {f"/{version}/users": {"get": gives(TEXT)} for version in ("v1", "v2")}
    new = document({"/v2/users": paths["/v2/users"]})
    assert in_short(document(paths), new) == [("api-removed-without-deprecation", "GET /v1/users")]


def test_two_places_where_it_may_have_gone_are_no_move() -> None:
    old = document({"/v1/users": {"get": gives(TEXT)}})
    new = document({f"/{version}/users": {"get": gives(TEXT)} for version in ("v2", "v3")})
    assert [check for check, _ in in_short(old, new)] == [
        "api-removed-without-deprecation",
        "endpoint-added",
        "endpoint-added",
    ]


def test_a_variable_of_a_path_is_known_by_its_place() -> None:
    def users(name: str) -> dict[str, Any]:
        parameters = [{"name": name, "in": "path", "required": True, "schema": TEXT}]
        return document({f"/users/{{{name}}}": {"get": {"parameters": parameters, "responses": OK}}})

    finding = only(users("user"), users("username"))
    assert (finding.check, finding.place) == ("request-path-parameter-renamed", "GET /users/{username} path:username")


def test_a_parameter_with_a_similar_name_was_renamed() -> None:
    finding = only(_asks({"name": "page_size"}), _asks({"name": "pageSize"}))
    assert (finding.check, finding.before, finding.after) == (
        "request-parameter-renamed",
        "query:page_size",
        "query:pageSize",
    )


def test_a_parameter_of_another_type_was_not_renamed() -> None:
    new = _asks({"name": "pageSize", "schema": {"type": "integer"}})
    assert [check for check, _ in in_short(_asks({"name": "page_size"}), new)] == [
        "request-parameter-removed",
        "new-optional-request-parameter",
    ]


def test_one_of_two_parameters_that_it_may_be_is_no_rename() -> None:
    new = _asks({"name": "pageSize"}, {"name": "page-size"})
    assert [check for check, _ in in_short(_asks({"name": "page_size"}), new)].count(
        "new-optional-request-parameter"
    ) == 2


def test_a_property_with_a_similar_name_was_renamed() -> None:
    finding = only(_holds(name=TEXT, descriptio=TEXT), _holds(name=TEXT, description=TEXT))
    assert (finding.check, finding.subject) == ("response-property-renamed", "User.descriptio")
    assert finding.text == 'the property is called "description" now'


def test_properties_with_unlike_names_are_two() -> None:
    assert [check for check, _ in in_short(_holds(name=TEXT, mail=TEXT), _holds(name=TEXT, phone=TEXT))] == [
        "response-optional-property-removed",
        "response-optional-property-added",
    ]


def test_another_name_of_a_component_is_no_change() -> None:
    user = {"type": "object", "properties": {"name": TEXT, "boss": ref("v1.User")}}
    person = {"type": "object", "properties": {"name": TEXT, "boss": ref("v1.Person")}}
    old = document({"/a": {"put": takes(ref("v1.User"))}}, {"v1.User": user})
    assert compare(old, document({"/a": {"put": takes(ref("v1.Person"))}}, {"v1.Person": person})) == ()


def test_a_component_with_another_name_is_compared_with_its_old_self() -> None:
    old = document({"/a": {"get": gives(ref("v1.User"))}}, {"v1.User": {"properties": {"name": TEXT, "age": TEXT}}})
    new = document({"/a": {"get": gives(ref("v1.Person"))}}, {"v1.Person": {"properties": {"name": TEXT}}})
    assert in_short(old, new) == [("response-optional-property-removed", "schema v1.Person age")]


def test_a_component_of_another_kind_is_another_type() -> None:
    schemas = {"v1.User": {"properties": {"name": TEXT, "mail": TEXT}}, "v1.Role": {"properties": {"rules": TEXT}}}
    old, new = (
        document({"/a": {"get": gives(ref(key))}, "/b": {"get": gives(ref("v1.Role"))}}, schemas) for key in schemas
    )
    finding = only(old, new)
    assert (finding.check, finding.place) == ("response-body-type-changed", "GET /a 200")
    assert finding.text == "the type changed from User to Role"
