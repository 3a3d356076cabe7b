"""Changes of the properties that an object has."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from generator.drift.finding import Level
from tests.drift.mutations.case import BREAKING, COMPATIBLE, RISKY, Case, Planted, Said, State, answer, body, ref

TEXT = {"type": "string"}


@frozen
class Step:
    """A change of an object: what its properties are, and which must be there, before and after."""

    before: Any
    after: Any
    name: str  # the property that it is told of
    request: tuple[str, Level]
    response: tuple[str, Level]


def _object(*names: str, required: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    return {"type": "object", "properties": dict.fromkeys(("kind", *names), TEXT) | more, "required": list(required)}


_NONE, _MAY, _MUST = _object(), _object("email"), _object("email", required=("email",))
_ALWAYS = {**_MAY, "x-always-serialised": ["email"]}
_BASED = {"allOf": [_NONE, {"properties": {"email": TEXT}, "required": ["email"]}]}
_STEPS = (
    Step(
        _NONE,
        _MUST,
        "email",
        ("new-required-request-property", BREAKING),
        ("response-required-property-added", COMPATIBLE),
    ),
    Step(
        _NONE,
        _MAY,
        "email",
        ("new-optional-request-property", COMPATIBLE),
        ("response-optional-property-added", COMPATIBLE),
    ),
    Step(
        _NONE,
        _ALWAYS,
        "email",
        ("new-optional-request-property", COMPATIBLE),
        ("response-required-property-added", COMPATIBLE),
    ),
    Step(
        _BASED, _NONE, "email", ("request-property-removed", BREAKING), ("response-required-property-removed", BREAKING)
    ),
    Step(
        _ALWAYS,
        _NONE,
        "email",
        ("request-property-removed", BREAKING),
        ("response-required-property-removed", BREAKING),
    ),
    Step(_MAY, _NONE, "email", ("request-property-removed", BREAKING), ("response-optional-property-removed", RISKY)),
    Step(
        _MAY,
        _BASED,
        "email",
        ("request-property-became-required", BREAKING),
        ("response-property-became-required", COMPATIBLE),
    ),
    Step(
        _MUST,
        _MAY,
        "email",
        ("request-property-became-optional", COMPATIBLE),
        ("response-property-became-optional", BREAKING),
    ),
    Step(
        _object("create_time"),
        _object("createTime"),
        "create_time",
        ("request-property-renamed", BREAKING),
        ("response-property-renamed", BREAKING),
    ),
    Step(
        _object(mail={**TEXT, "description": "Where to write to."}),
        _object(address={**TEXT, "description": "Where to write to."}),
        "mail",
        ("request-property-renamed", BREAKING),
        ("response-property-renamed", BREAKING),
    ),
)


def _inline(step: Step, mark: str) -> Planted:
    paths = (
        {f"/{mark}": {"post": {"requestBody": body(schema), "responses": answer({"type": "array", "items": schema})}}}
        for schema in (step.before, step.after)
    )
    name = f"POST /{mark}"
    said = (
        Said(*step.request, f"{name} body {step.name}", (name,)),
        Said(*step.response, f"{name} 200 [].{step.name}", (name,)),
    )
    return Planted.between((State(one) for one in paths), said)


def _shared(step: Step, mark: str) -> Planted:
    """In a component that one operation takes, another gives in a list, and none takes directly."""
    holder = {"type": "object", "properties": {"user": ref(f"v1.{mark}"), "again": ref(f"v1.{mark}Holder")}}
    page = {"allOf": [ref(f"v1.{mark}Page"), {"properties": {"items": {"items": ref(f"v1.{mark}")}}}]}
    envelope = {
        "type": "object",
        "properties": {"items": {"type": ["array", "null"], "items": {}}, "total": {"type": "integer"}},
    }
    paths = {
        f"/{mark}": {
            "put": {"requestBody": body(ref(f"v1.{mark}Holder")), "responses": answer()},
            "get": {"responses": answer(page)},
        }
    }
    states = (
        State(paths, {f"v1.{mark}": schema, f"v1.{mark}Holder": holder, f"v1.{mark}Page": envelope})
        for schema in (step.before, step.after)
    )
    place = f"schema v1.{mark} {step.name}"
    return Planted.between(
        states, (Said(*step.request, place, (f"PUT /{mark}",)), Said(*step.response, place, (f"GET /{mark}",)))
    )


def _case(step: Step, where: Any) -> Case:
    return Case(f"{where.__name__.strip('_')}: {step.request[0]}", lambda mark: where(step, mark))


def cases() -> tuple[Case, ...]:
    return tuple(_case(step, where) for step in _STEPS for where in (_inline, _shared))
