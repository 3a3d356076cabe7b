"""Two states that upstream did not change are the same once both are corrected."""

from __future__ import annotations

from typing import Any

from attrs import evolve

from generator.drift import alike
from generator.release import Source
from generator.repair.rule import KUBE_OPENAPI
from tests.generator.documents import answers, document, operation, ref

SOURCE = Source("kubesphere", "go-restful", "https://github.com/a/b", "main", "a" * 40, "api/swagger.json", "b" * 64)
NAMED = {"type": "object", "properties": {"name": {"type": "string"}}}
FULL = "io.k8s.api.rbac.v1.RoleRef"


def a_list(key: str, **schemas: Any) -> dict[str, Any]:
    return document({"/a": {"get": operation("a", responses=answers(ref(key)))}}, schemas)


def sends(key: str, **schemas: Any) -> dict[str, Any]:
    body = {"content": {"application/json": {"schema": ref(key)}}}
    return document({"/a": {"post": operation("a", requestBody=body)}}, schemas)


def keys(documents: list[dict[str, Any]]) -> list[str]:
    return sorted(key for one in documents for key in one["components"]["schemas"])


def test_a_type_of_ours_takes_the_place_of_the_same_type_that_the_file_publishes() -> None:
    published = a_list("v1.RoleRef", **{"v1.RoleRef": NAMED})
    corrected = a_list("v1.RoleRef", **{"v1.RoleRef": NAMED, FULL: NAMED})

    assert alike.take_place(published, corrected) == a_list(FULL, **{FULL: NAMED})


def test_another_type_of_the_same_short_name_stays_beside_ours() -> None:
    other = {"type": "object", "properties": {"kind": {"type": "string"}}}
    corrected = a_list("v1.RoleRef", **{"v1.RoleRef": other, FULL: NAMED})

    assert alike.take_place(a_list("v1.RoleRef", **{"v1.RoleRef": other}), corrected) == corrected


def test_two_types_that_the_file_publishes_stay_two() -> None:
    both = a_list("v1.RoleRef", **{"v1.RoleRef": NAMED, FULL: NAMED})

    assert alike.take_place(both, both) == both


def test_the_first_request_that_sends_a_schema_changes_nothing_of_those_that_there_were() -> None:
    must = {**NAMED, "required": ["name"], "x-always-serialised": ["name"]}
    free = {**NAMED, "x-always-serialised": ["name"]}
    read = a_list("a.B", **{"a.B": must})

    alike.free_requests(SOURCE, read, a_list("a.B", **{"a.B": must}), sends("a.B", **{"a.B": free}))

    assert read == a_list("a.B", **{"a.B": free})


def test_what_a_correction_requires_of_a_request_stays_required() -> None:
    must = {**NAMED, "required": ["name"]}
    read = a_list("a.B", **{"a.B": {**must, "required": ["name", "mail"]}})

    alike.free_requests(SOURCE, read, a_list("a.B", **{"a.B": must}), sends("a.B", **{"a.B": NAMED}))

    assert read["components"]["schemas"]["a.B"]["required"] == ["mail"]


def test_what_kube_openapi_requires_is_required_of_requests() -> None:
    must = {**NAMED, "required": ["name"]}
    read = a_list("a.B", **{"a.B": must})

    alike.free_requests(
        evolve(SOURCE, writer=KUBE_OPENAPI), read, a_list("a.B", **{"a.B": must}), sends("a.B", **{"a.B": NAMED})
    )

    assert read == a_list("a.B", **{"a.B": must})


def test_schemas_that_are_idle_because_a_file_was_corrected_are_left_out() -> None:
    published = a_list("a.Theirs", **{"a.Theirs": {**NAMED, "properties": {"b": ref("a.Inner")}}, "a.Inner": NAMED})
    ours = {**published["components"]["schemas"], "a.Ours": NAMED, "a.Unused": NAMED}

    kept = alike.without_idle({"x": published}, {"x": a_list("a.Ours", **ours)})

    assert keys(kept) == ["a.Ours"]


def test_schemas_that_are_idle_in_the_published_file_stay_with_all_that_they_refer_to() -> None:
    idle = {"a.Idle": {**NAMED, "properties": {"b": ref("a.B")}}, "a.B": NAMED}

    kept = alike.without_idle({"x": a_list("a.B", **idle)}, {"x": document(schemas=idle)})

    assert keys(kept) == ["a.B", "a.Idle"]


def test_a_schema_that_another_source_uses_is_not_idle() -> None:
    published = {"x": document(), "y": a_list("a.B", **{"a.B": NAMED})}
    corrected = {"x": document(schemas={"a.Ours": NAMED}), "y": a_list("a.Ours", **{"a.B": NAMED})}

    assert keys(alike.without_idle(published, corrected)) == ["a.Ours"]


def test_the_base_of_other_schemas_is_not_idle() -> None:
    base = {**NAMED, "x-kubesphere-base": True}

    assert keys(alike.without_idle({"x": document()}, {"x": document(schemas={"a.Base": base})})) == ["a.Base"]


def test_a_schema_is_lent_with_the_properties_that_the_state_knows_from_its_other_source() -> None:
    lent = {"type": "object", "properties": {"a": {}, "b": {}, "c": {}}, "required": ["a", "c"]}
    own = {"type": "object", "properties": {"a": {}, "b": {}, "typo": {}}}

    assert alike.of_twin("v1.Pipe", lent, [{"io.example.v1.Pipe": own}]) == {
        "type": "object",
        "properties": {"a": {}, "b": {}},
        "required": ["a"],
    }
    assert alike.of_twin("v1.Pipe", lent, [{"io.example.v2.Pipe": own}]) == lent
