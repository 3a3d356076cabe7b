"""One way to change a document: what stands there before and after, and what the diff must say of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from attrs import field, frozen

from generator.drift.finding import Finding, Level

BREAKING, RISKY, COMPATIBLE = Level.BREAKING, Level.RISKY, Level.COMPATIBLE


@frozen
class Said:
    """What is compared of a finding."""

    check: str
    level: Level
    place: str
    operations: tuple[str, ...]

    @classmethod
    def of(cls, finding: Finding) -> Said:
        return cls(finding.check, finding.level, finding.place, finding.operations)


@frozen
class State:
    """A part of a document."""

    paths: Mapping[str, Any] = field(factory=dict)
    schemas: Mapping[str, Any] = field(factory=dict)
    rest: Mapping[str, Any] = field(factory=dict)  # of the document: servers, security and securitySchemes


@frozen
class Planted:
    """A change in its place."""

    before: State
    after: State
    said: tuple[Said, ...]

    @classmethod
    def between(cls, states: Iterable[State], said: tuple[Said, ...]) -> Planted:
        before, after = states
        return cls(before, after, said)


@frozen
class Case:
    """A way to change a document; `plant` puts it where the mark, a word of its own, makes all names unique."""

    name: str
    plant: Callable[[str], Planted]


def document(states: Iterable[State]) -> dict[str, Any]:
    """The document that holds all of some states."""
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {}
    rest: dict[str, Any] = {}
    for state in states:
        paths |= state.paths
        schemas |= state.schemas
        rest |= state.rest
    components = {"schemas": schemas, "securitySchemes": rest.pop("securitySchemes", {})}
    return {
        "openapi": "3.1.0",
        "info": {"title": "mutated", "version": "1"},
        "paths": paths,
        "components": components,
        **rest,
    }


def answer(schema: Any = None) -> dict[str, Any]:
    content = {} if schema is None else {"content": {"application/json": {"schema": schema}}}
    return {"200": {"description": "ok", **content}}


def body(schema: Any, **rest: Any) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}, **rest}


def ref(key: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{key}"}
