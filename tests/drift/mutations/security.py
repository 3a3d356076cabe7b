"""Changes of what callers are asked for: by the document, and by one operation."""

from __future__ import annotations

from typing import Any

from generator.drift.finding import Level
from tests.drift.mutations.case import BREAKING, COMPATIBLE, RISKY, Case, Planted, Said, State, answer

EVERY = ("*",)  # stands for all operations of the document


def _flows(**urls: str) -> dict[str, Any]:
    return {"type": "oauth2", "flows": {"password": {"scopes": {}, "tokenUrl": "/token", **urls}}}


BASIC = {"type": "http", "scheme": "basic"}
SCHEMES = {"oauth": _flows(), "basic": BASIC}
_OAUTH: dict[str, Any] = {"oauth": []}
_BASIC: dict[str, Any] = {"basic": []}
# What is asked for before and after, and what is said of it after `api-security` or `api-global-security`.
_ASKED: tuple[tuple[list[Any], list[Any], str, Level], ...] = (
    ([_OAUTH], [_BASIC, _OAUTH], "added", COMPATIBLE),
    ([_OAUTH, _BASIC], [_OAUTH], "removed", BREAKING),
    ([], [_OAUTH], "became-required", BREAKING),
    ([_OAUTH, {}], [_OAUTH], "became-required", BREAKING),
    ([_OAUTH], [], "became-optional", COMPATIBLE),
    ([_OAUTH], [{"oauth": ["admin"]}], "scope-added", BREAKING),
    ([{"oauth": ["admin", "read"]}], [{"oauth": ["read"]}], "scope-removed", COMPATIBLE),
)


def _of_operation(before: list[Any], after: list[Any], end: str, level: Level) -> Case:
    def plant(mark: str) -> Planted:
        states = (State({f"/{mark}": {"get": {"security": asked, "responses": answer()}}}) for asked in (before, after))
        name = f"GET /{mark}"
        return Planted.between(states, (Said(f"api-security-{end}", level, f"{name} security", (name,)),))

    return Case(f"operation: security {end}", plant)


def _of_document(before: dict[str, Any], after: dict[str, Any], check: str, level: Level, place: str) -> Case:
    def plant(mark: str) -> Planted:
        paths = {f"/{mark}": {"get": {"responses": answer()}}}
        known = {"securitySchemes": SCHEMES, "security": [_OAUTH]}
        states = (State(paths, rest={**known, **rest}) for rest in (before, after))
        return Planted.between(states, (Said(check, level, place, EVERY),))

    return Case(f"document: {check}", plant)


def _scheme(before: Any, after: Any, end: str, level: Level) -> Case:
    old, new = ({"securitySchemes": {"oauth": scheme}} for scheme in (before, after))
    return _of_document(old, new, f"api-security-component-{end}", level, "security oauth")


def cases_of_operations() -> tuple[Case, ...]:
    return tuple(_of_operation(*asked) for asked in _ASKED)


def cases_of_documents() -> tuple[Case, ...]:
    return (
        *(
            _of_document({"security": before}, {"security": after}, f"api-global-security-{end}", level, "security")
            for before, after, end, level in _ASKED
        ),
        _scheme(_flows(), BASIC, "type-changed", BREAKING),
        _scheme(_flows(), _flows(tokenUrl="/login"), "oauth-token-url-changed", RISKY),
        _scheme(_flows(authorizationUrl="/a"), _flows(authorizationUrl="/b"), "oauth-url-changed", RISKY),
        _of_document({}, {"servers": [{"url": "/v2/"}]}, "api-servers-changed", RISKY, "servers"),
    )
