"""Changes of schemas, at each site where a schema may stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from attrs import frozen

from generator.drift.finding import Level
from tests.drift.mutations.case import BREAKING, COMPATIBLE, RISKY, Case, Planted, Said, State, answer, body, ref


@frozen
class Facet:
    """A change of one schema: how its check ends, and how bad it is, in a request and in a response."""

    before: Any
    after: Any
    request: str
    request_level: Level
    response: str
    response_level: Level


def _both(before: Any, after: Any, end: str, request: Level, response: Level) -> Facet:
    return Facet(before, after, end, request, end, response)


TEXT, NUMBER = {"type": "string"}, {"type": "number"}
_A, _B = ({"type": "object", "properties": {"kind": TEXT, name: TEXT}} for name in ("cat", "dog"))

_VALUES = (
    _both(TEXT, {"type": "integer"}, "type-changed", BREAKING, BREAKING),
    _both({"type": "array", "items": TEXT}, TEXT, "type-changed", BREAKING, BREAKING),
    Facet(TEXT, {"type": "string", "format": "date-time"}, "type-changed", BREAKING, "type-specialized", COMPATIBLE),
    Facet({"type": "integer"}, NUMBER, "type-generalized", COMPATIBLE, "type-changed", BREAKING),
    Facet(TEXT, {}, "type-generalized", COMPATIBLE, "type-changed", BREAKING),
    Facet(TEXT, {"type": ["string", "integer"]}, "type-generalized", COMPATIBLE, "type-changed", BREAKING),
    Facet(NUMBER, {"type": "integer"}, "type-changed", BREAKING, "type-specialized", COMPATIBLE),
    Facet({}, TEXT, "type-changed", BREAKING, "type-specialized", COMPATIBLE),
    _both(
        {"type": "integer", "format": "int32"},
        {"type": "integer", "format": "int64"},
        "type-compatible",
        COMPATIBLE,
        COMPATIBLE,
    ),
    _both(TEXT, {"type": ["string", "null"]}, "became-nullable", COMPATIBLE, RISKY),
    _both({"anyOf": [TEXT, {"type": "null"}]}, TEXT, "became-not-nullable", BREAKING, COMPATIBLE),
    _both(TEXT, {"type": "string", "enum": ["a"]}, "became-enum", BREAKING, COMPATIBLE),
    _both({"type": "string", "enum": ["a"]}, TEXT, "became-not-enum", COMPATIBLE, RISKY),
    _both({"enum": ["a", "b"]}, {"enum": ["c", "b", "a"]}, "enum-value-added", COMPATIBLE, RISKY),
    _both({"enum": ["a", "b"]}, {"const": "b"}, "enum-value-removed", BREAKING, COMPATIBLE),
    _both(TEXT, {"type": "string", "default": "a"}, "default-value-added", COMPATIBLE, COMPATIBLE),
    _both(
        {"type": "boolean", "default": False},
        {"type": "boolean", "default": True},
        "default-value-changed",
        RISKY,
        COMPATIBLE,
    ),
    _both({"type": "integer", "default": 0}, {"type": "integer"}, "default-value-removed", RISKY, COMPATIBLE),
    _both(TEXT, {"type": "string", "pattern": "a"}, "pattern-added", BREAKING, COMPATIBLE),
    _both({"type": "string", "pattern": "a"}, {"type": "string", "pattern": "b"}, "pattern-changed", RISKY, COMPATIBLE),
    _both({"type": "string", "pattern": "a"}, TEXT, "pattern-removed", COMPATIBLE, COMPATIBLE),
    _both(NUMBER, {"type": "number", "multipleOf": 2}, "constraint-changed", RISKY, COMPATIBLE),
)
_LEAST = {"minimum": "min", "exclusiveMinimum": "exclusive-min", "minLength": "min-length", "minItems": "min-items"}
_MOST = {"maximum": "max", "exclusiveMaximum": "exclusive-max", "maxLength": "max-length", "maxItems": "max-items"}
_KINDS = {"Length": "string", "Items": "array"}


def _limits() -> Iterator[Facet]:
    for least, names in ((True, _LEAST), (False, _MOST)):
        for keyword, name in names.items():
            kind = next((kind for end, kind in _KINDS.items() if keyword.endswith(end)), "number")
            none, low, high = {"type": kind}, {"type": kind, keyword: 2}, {"type": kind, keyword: 7}
            yield _both(none, low, f"{name}-set", BREAKING, COMPATIBLE)
            yield _both(low, none, f"{name}-unset", COMPATIBLE, RISKY)
            tight, loose = (BREAKING, COMPATIBLE), (COMPATIBLE, RISKY)
            yield _both(low, high, f"{name}-increased", *(tight if least else loose))
            yield _both(high, low, f"{name}-decreased", *(loose if least else tight))


def _union(word: str, *variants: Any) -> dict[str, Any]:
    return {word: list(variants)}


def _told(name: str = "kind", **mapping: str) -> dict[str, Any]:
    return {
        "oneOf": [_A, _B],
        "discriminator": {
            "propertyName": name,
            "mapping": {k: f"#/components/schemas/{v}" for k, v in mapping.items()},
        },
    }


_TUPLE = {"type": "array", "prefixItems": [TEXT, NUMBER]}
_OPEN, _CLOSED = ({"type": "object", "properties": {"a": TEXT}, "additionalProperties": more} for more in (True, False))
_STRUCTURE = (
    *(
        facet
        for word, name in (("oneOf", "one-of"), ("anyOf", "any-of"))
        for facet in (
            _both(_union(word, _A, _B), _union(word, TEXT, _B, _A), f"{name}-added", COMPATIBLE, RISKY),
            _both(_union(word, _A, TEXT, _B), _union(word, _B, _A), f"{name}-removed", BREAKING, COMPATIBLE),
        )
    ),
    _both(_A, _union("oneOf", _B, _A), "one-of-added", COMPATIBLE, RISKY),
    _both(_union("anyOf", _B, _A), _B, "any-of-removed", BREAKING, COMPATIBLE),
    _both({"type": "array", "prefixItems": [TEXT]}, _TUPLE, "prefix-items-added", BREAKING, BREAKING),
    _both(_TUPLE, {"type": "array", "prefixItems": [TEXT]}, "prefix-items-removed", BREAKING, BREAKING),
    _both(_CLOSED, _OPEN, "additional-properties-allowed", COMPATIBLE, RISKY),
    _both(_OPEN, _CLOSED, "additional-properties-disallowed", BREAKING, COMPATIBLE),
    _both({"oneOf": [_A, _B]}, _told(), "discriminator-added", COMPATIBLE, COMPATIBLE),
    _both(_told(), {"oneOf": [_B, _A]}, "discriminator-removed", RISKY, RISKY),
    _both(_told("kind"), _told("type"), "discriminator-property-name-changed", BREAKING, BREAKING),
    _both(_told(a="A"), _told(a="A", b="B"), "discriminator-mapping-added", COMPATIBLE, RISKY),
    _both(_told(a="A", b="B"), _told(a="A"), "discriminator-mapping-deleted", BREAKING, COMPATIBLE),
    _both(_told(a="Kept"), _told(a="Kept2"), "discriminator-mapping-changed", BREAKING, BREAKING),
)
_PARAMETER_FACETS = (*_VALUES, *_limits())
_DEPRECATED = (
    _both(TEXT, {"type": "string", "deprecated": True}, "deprecated", COMPATIBLE, COMPATIBLE),
    _both({"type": "string", "deprecated": True}, TEXT, "reactivated", COMPATIBLE, COMPATIBLE),
)
# Two components that are in both states, so that neither is the other under another name.
KEPT = {
    "Kept": {"type": "object", "properties": {"one": TEXT}},
    "Kept2": {"type": "object", "properties": {"two": TEXT}},
}

_Site = Callable[[Facet, str], Planted]


def _parameter(facet: Facet, mark: str) -> Planted:
    before, after = (
        State(
            {
                f"/{mark}": {
                    "get": {"parameters": [{"name": "q", "in": "query", "schema": schema}], "responses": answer()}
                }
            },
            KEPT,
        )
        for schema in (facet.before, facet.after)
    )
    said = Said(f"request-parameter-{facet.request}", facet.request_level, f"GET /{mark} query:q", (f"GET /{mark}",))
    return Planted(before, after, (said,))


def _array_parameter(facet: Facet, mark: str) -> Planted:
    before, after = (
        State(
            {
                f"/{mark}": {
                    "parameters": [{"name": "q", "in": "query", "schema": {"type": "array", "items": schema}}],
                    "get": {"responses": answer()},
                }
            },
            KEPT,
        )
        for schema in (facet.before, facet.after)
    )
    said = Said(f"request-parameter-{facet.request}", facet.request_level, f"GET /{mark} query:q[]", (f"GET /{mark}",))
    return Planted(before, after, (said,))


def _request_body(facet: Facet, mark: str) -> Planted:
    before, after = (
        State({f"/{mark}": {"post": {"requestBody": body(schema), "responses": answer()}}}, KEPT)
        for schema in (facet.before, facet.after)
    )
    said = Said(f"request-body-{facet.request}", facet.request_level, f"POST /{mark} body", (f"POST /{mark}",))
    return Planted(before, after, (said,))


def _response_body(facet: Facet, mark: str) -> Planted:
    before, after = (
        State({f"/{mark}": {"get": {"responses": answer(schema)}}}, KEPT) for schema in (facet.before, facet.after)
    )
    said = Said(f"response-body-{facet.response}", facet.response_level, f"GET /{mark} 200", (f"GET /{mark}",))
    return Planted(before, after, (said,))


def model(mark: str, schema: Any) -> dict[str, Any]:
    """A model of two components, which are inside each other, with a property of the schema."""
    return {
        f"v1.{mark}": {"type": "object", "properties": {"spec": ref(f"v1.{mark}Spec"), "name": TEXT}},
        f"v1.{mark}Spec": {
            "type": "object",
            "properties": {"it": schema, "other": TEXT, "owners": {"type": "array", "items": ref(f"v1.{mark}")}},
        },
        **KEPT,
    }


def _request_property(facet: Facet, mark: str) -> Planted:
    paths = {
        f"/{mark}": {
            "post": {"requestBody": body(ref(f"v1.{mark}")), "responses": answer()},
            "put": {"requestBody": body({"type": "array", "items": ref(f"v1.{mark}")}), "responses": answer()},
        }
    }
    before, after = (State(paths, model(mark, schema)) for schema in (facet.before, facet.after))
    said = Said(
        f"request-property-{facet.request}",
        facet.request_level,
        f"schema v1.{mark}Spec it",
        (f"POST /{mark}", f"PUT /{mark}"),
    )
    return Planted(before, after, (said,))


def _response_property(facet: Facet, mark: str) -> Planted:
    paths = {
        f"/{mark}": {
            "get": {"responses": answer(ref(f"v1.{mark}"))},
            "delete": {"responses": answer(ref(f"v1.{mark}Spec"))},
        }
    }
    before, after = (State(paths, model(mark, schema)) for schema in (facet.before, facet.after))
    said = Said(
        f"response-property-{facet.response}",
        facet.response_level,
        f"schema v1.{mark}Spec it",
        (f"DELETE /{mark}", f"GET /{mark}"),
    )
    return Planted(before, after, (said,))


def _both_ways(facet: Facet, mark: str) -> Planted:
    """A component that is sent and received: one change for each way."""
    paths = {f"/{mark}": {"put": {"requestBody": body(ref(f"v1.{mark}")), "responses": answer(ref(f"v1.{mark}"))}}}
    before, after = (State(paths, model(mark, schema)) for schema in (facet.before, facet.after))
    place, operations = f"schema v1.{mark}Spec it", (f"PUT /{mark}",)
    return Planted(
        before,
        after,
        (
            Said(f"request-property-{facet.request}", facet.request_level, place, operations),
            Said(f"response-property-{facet.response}", facet.response_level, place, operations),
        ),
    )


def _case(facet: Facet, site: _Site) -> Case:
    return Case(f"{site.__name__.strip('_')}: {facet.request}", lambda mark: site(facet, mark))


def cases() -> tuple[Case, ...]:
    everywhere = (*_PARAMETER_FACETS, *_STRUCTURE, *_DEPRECATED)
    return (
        *(
            _case(facet, site)
            for facet in (*_PARAMETER_FACETS, *_DEPRECATED)
            for site in (_parameter, _array_parameter)
        ),
        *(
            _case(facet, site)
            for facet in everywhere
            for site in (_request_body, _response_body, _request_property, _response_property, _both_ways)
        ),
    )
