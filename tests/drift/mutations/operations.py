"""Changes of operations, their parameters, bodies and answers."""

from __future__ import annotations

from typing import Any

from generator.drift.finding import Level
from tests.drift.mutations.case import BREAKING, COMPATIBLE, RISKY, Case, Planted, Said, State, answer, body

TEXT = {"type": "string"}
_GET = {"responses": answer()}
_LIST = {"type": "array", "items": TEXT}


def _case(before: Any, after: Any, check: str, level: Level, where: str = "", method: str = "get") -> Case:
    """A change of one operation, told in it at `where`."""

    def plant(mark: str) -> Planted:
        name = f"{method.upper()} /{mark}"
        said = Said(check, level, f"{name} {where}".rstrip(), (name,))
        other = {"head": {"responses": answer()}}  # the path stays, whatever becomes of the operation
        states = (State({f"/{mark}": {**other, **({method: one} if one else {})}}) for one in (before, after))
        return Planted.between(states, (said,))

    return Case(f"{check} {where}".rstrip(), plant)


def _path_case(before: str, after: str, check: str, level: Level, where: str = "") -> Case:
    """A change of the path, which every operation there is part of."""

    def plant(mark: str) -> Planted:
        states = (State({_path(path, mark): {"get": _with_variables(path)}}) for path in (before, after))
        name = f"GET {_path(after, mark)}"
        return Planted.between(states, (Said(check, level, f"{name} {where}".rstrip(), (name,)),))

    return Case(f"{check}: {before} to {after}", plant)


def _path(path: str, mark: str) -> str:
    return path.replace("MARK", mark)


def _with_variables(path: str) -> dict[str, Any]:
    names = [one[1:-1] for one in path.split("/") if one.startswith("{")]
    return {**_GET, "parameters": [{"name": name, "in": "path", "required": True, "schema": TEXT} for name in names]}


def _operations() -> tuple[Case, ...]:
    deprecated = {**_GET, "deprecated": True}
    return (
        _case(None, _GET, "endpoint-added", COMPATIBLE),
        _case(_GET, None, "api-removed-without-deprecation", BREAKING),
        _case(deprecated, None, "api-removed-with-deprecation", BREAKING),
        _case(_GET, deprecated, "endpoint-deprecated", COMPATIBLE),
        _case(deprecated, _GET, "endpoint-reactivated", COMPATIBLE),
        _path_case("/kapis/MARK/v1alpha2/users/{user}", "/kapis/MARK/v1beta1/users/{user}", "endpoint-moved", BREAKING),
        _path_case("/MARK/a/b/users/{user}", "/MARK/a/b/c/users/{user}", "endpoint-moved", BREAKING),
        _path_case("/MARK/{a}/b/{c}", "/MARK/{a}/b/{d}", "request-path-parameter-renamed", RISKY, "path:d"),
    )


def _parameter(name: str = "limit", where: str = "query", schema: Any = TEXT, **rest: Any) -> dict[str, Any]:
    return {"name": name, "in": where, "schema": schema, **rest}


def _takes(*parameters: Any) -> dict[str, Any]:
    return {**_GET, "parameters": [_parameter("other"), *parameters]}


def _parameters() -> tuple[Case, ...]:
    must = _parameter(required=True)
    plain, header = _parameter(), _parameter(where="header")
    joined = _parameter(schema=_LIST, explode=False)
    return (
        _case(_takes(), _takes(must), "new-required-request-parameter", BREAKING, "query:limit"),
        _case(_takes(), _takes(plain), "new-optional-request-parameter", COMPATIBLE, "query:limit"),
        _case(_takes(must), _takes(), "request-parameter-removed", BREAKING, "query:limit"),
        _case(_takes(plain), _takes(must), "request-parameter-became-required", BREAKING, "query:limit"),
        _case(_takes(must), _takes(plain), "request-parameter-became-optional", COMPATIBLE, "query:limit"),
        _case(_takes(header), _takes(plain), "request-parameter-location-changed", BREAKING, "query:limit"),
        _case(
            _takes(_parameter(schema=_LIST)),
            _takes(joined),
            "request-parameter-serialization-changed",
            BREAKING,
            "query:limit",
        ),
        _case(
            _takes(_parameter("page_size")),
            _takes(_parameter("pageSize")),
            "request-parameter-renamed",
            BREAKING,
            "query:pageSize",
        ),
        _case(
            _takes(_parameter("q", description="What to look for.")),
            _takes(_parameter("keyword", description="What to look for.")),
            "request-parameter-renamed",
            BREAKING,
            "query:keyword",
        ),
        _case(
            _takes(plain),
            _takes({**plain, "deprecated": True}),
            "request-parameter-deprecated",
            COMPATIBLE,
            "query:limit",
        ),
        _case(
            _takes({**plain, "deprecated": True}),
            _takes(plain),
            "request-parameter-reactivated",
            COMPATIBLE,
            "query:limit",
        ),
    )


def _sends(**content: Any) -> dict[str, Any]:
    return {**_GET, "requestBody": content}


def _bodies() -> tuple[Case, ...]:
    optional, required = _sends(**body(TEXT)), _sends(**body(TEXT, required=True))
    patch = {"content": {"application/json": {"schema": TEXT}, "application/merge-patch+json": {"schema": TEXT}}}
    return tuple(
        _case(before, after, check, level, "body", "post")
        for before, after, check, level in (
            (_GET, required, "request-body-added-required", BREAKING),
            (_GET, optional, "request-body-added-optional", COMPATIBLE),
            (required, _GET, "request-body-removed", BREAKING),
            (optional, required, "request-body-became-required", BREAKING),
            (required, optional, "request-body-became-optional", COMPATIBLE),
            (optional, _sends(**patch), "request-body-media-type-added", COMPATIBLE),
            (_sends(**patch), optional, "request-body-media-type-removed", BREAKING),
        )
    )


def _gives(status: str = "200", **rest: Any) -> dict[str, Any]:
    return {"responses": {**answer(), status: {"description": "ok", **rest}}}


def _answers() -> tuple[Case, ...]:
    both = {"application/json": {"schema": TEXT}, "application/yaml": {"schema": TEXT}}
    one = {"application/json": {"schema": TEXT}}

    def header(**rest: Any) -> dict[str, Any]:
        return _gives(headers={"X-Total": {"schema": {"type": "integer"}, **rest}})

    place = "200 header:x-total"
    return (
        _case(_gives(), _gives("201"), "response-success-status-added", RISKY, "201"),
        _case(_gives("202"), _gives(), "response-success-status-removed", BREAKING, "202"),
        _case(_gives(), _gives("404"), "response-non-success-status-added", COMPATIBLE, "404"),
        _case(_gives("default"), _gives(), "response-non-success-status-removed", COMPATIBLE, "default"),
        _case(_gives(content=one), _gives(content=both), "response-media-type-added", RISKY, "200"),
        _case(_gives(content=both), _gives(content=one), "response-media-type-removed", BREAKING, "200"),
        _case(_gives(), header(), "response-header-added", COMPATIBLE, place),
        _case(header(required=True), _gives(), "required-response-header-removed", BREAKING, place),
        _case(header(), _gives(), "optional-response-header-removed", RISKY, place),
        _case(header(required=True), header(), "response-header-became-optional", BREAKING, place),
        _case(header(), header(schema=TEXT), "response-header-type-changed", BREAKING, place),
    )


def cases() -> tuple[Case, ...]:
    return (*_operations(), *_parameters(), *_bodies(), *_answers())
