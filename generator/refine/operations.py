"""Operations become methods: arguments, body, answers, pages and watches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from attrs import evolve
from openapi_python_client.parser.openapi import Endpoint

from generator.document import (
    FOLLOWS,
    GROWING_LOG,
    KINDS,
    ONLY_WATCHED,
    PASSTHROUGH,
    WATCH,
    WEBSOCKET,
    operations,
    primary_media,
)
from generator.errors import GeneratorError
from generator.naming import python_names
from generator.package import Argument, Body, Kind, Operation, Response, Watch
from generator.parse import Parsed, lowered_name, name_of
from generator.pytypes import BYTES, NONE, RESPONSE, STR, PyType, union_of
from generator.refine.paging import pages_of, with_keywords
from generator.refine.text import summary, text
from generator.refine.variants import FIXED, VARIANT_OF, variants
from generator.schema import Schema, reference
from generator.typing_rules import argument_type, media_kind, type_of, unix_units

_RESERVED_ARGUMENTS = frozenset(
    "self body options timeout max_retries extra_headers extra_query data content_type method wait wait_timeout".split()
) | {"on_gone", "reconnect"}
# A watch has no pages, and a line of it that is printed prettily would be many.
_NOT_WATCHED = ("limit", "continue", "pretty")


def operations_by_group(parsed: Parsed) -> dict[str, list[Operation]]:
    """Every method that calls an operation, by the group it lives in.

    Raises:
        GeneratorError: an operation asks for something that the client cannot say.
    """
    by_group: dict[str, list[Operation]] = defaultdict(list)
    for method, path, operation in operations(parsed.document):
        group, _, _ = operation["operationId"].rpartition(".")
        endpoint = parsed.endpoints[operation["operationId"]]
        for one in (operation, *variants(operation)):
            by_group[group].append(_operation(parsed.document, method, path, one, endpoint))
    for group, members in by_group.items():
        _check_names(group, members)
        by_group[group] = _with_gets(members)
    return {group: sorted(members, key=lambda one: one.name) for group, members in by_group.items()}


def _operation(
    document: Mapping[str, Any], method: str, path: str, operation: Mapping[str, Any], endpoint: Endpoint
) -> Operation:
    schemas = document.get("components", {}).get("schemas", {})
    group, _, name = operation["operationId"].rpartition(".")
    where = f"{method.upper()} {path}"
    if endpoint.cookie_parameters:
        raise GeneratorError(
            f"{where} takes a cookie, which the client cannot send.\nRemove the parameter with an overlay."
        )
    in_path, in_query, in_header = _parameters(operation, endpoint)
    fixed = {**operation.get(FIXED, {}), **_only_values(in_query)}
    in_query = [one for one in in_query if one["name"] not in fixed]
    taken = _RESERVED_ARGUMENTS | {key.rpartition(".")[0] for key in schemas}
    arguments: list[tuple[Argument, ...]] = []
    for group_of_parameters in (in_path, in_query, in_header):
        arguments.append(_arguments(group_of_parameters, schemas, taken))
        taken |= {argument.name for argument in arguments[-1]}
    passthrough = bool(operation.get(PASSTHROUGH))
    responses, errors, reads = _responses(operation, schemas, where)
    returns = union_of(tuple(response.type for response in responses))
    pages = pages_of(returns, arguments[1], schemas) if method == "get" and reads == "json" else None
    page_item, family = (None, None) if pages is None else (pages.item, pages.family)
    kind_argument, kinds = _kinds(in_path, arguments[0], schemas)
    return Operation(
        group=group,
        name=name,
        called=name.removesuffix(f"_{method}") if passthrough else name,
        method=method.upper(),
        path=path,
        published=_published(operation),
        summary=summary(operation.get("summary"), path),
        description=text(operation.get("description")),
        deprecated=bool(operation.get("deprecated")),
        authenticated=_authenticated(document, operation),
        path_arguments=arguments[0],
        tail=tuple(one["name"] for one in in_path if one.get("x-kubesphere-tail")),
        query=with_keywords(_without_watch(operation, arguments[1]), family),
        joined=tuple((one["name"], joiner) for one in in_query if (joiner := _joiner(one)) is not None),
        headers=arguments[2],
        body=_body(operation, schemas),
        responses=responses,
        errors=errors,
        reads="response" if passthrough else reads,
        returns=RESPONSE if passthrough else returns,
        page_item=page_item,
        paging=family,
        watch=_watch(operation, page_item, arguments[1], where),
        passthrough=passthrough,
        follows=bool(operation.get(FOLLOWS)),
        websocket=bool(operation.get(WEBSOCKET)),
        growing_log=bool(operation.get(GROWING_LOG)),
        kinds=kinds,
        kind_argument=kind_argument,
        fixed=tuple((wire, ascii(value)) for wire, value in fixed.items()),
        variant_of=operation.get(VARIANT_OF),
    )


def _parameters(operation: Mapping[str, Any], endpoint: Endpoint) -> tuple[list[Any], list[Any], list[Any]]:
    """The parameters in path, query and header, in the parser's order; what only a variant has comes last."""
    every = operation.get("parameters", [])
    arrived = enumerate(endpoint.iter_all_parameters())
    order = {(str(place.value), name_of(prop)): number for number, (place, prop) in arrived}

    def there(place: str) -> list[Any]:
        named = [one for one in every if one["in"] == place]
        return sorted(named, key=lambda one: order.get((place, lowered_name(one["name"])), len(order)))

    return there("path"), there("query"), there("header")


def _only_values(in_query: list[Any]) -> dict[str, Any]:
    """The parameters that must be given and have one value, which is sent without asking."""
    values = {one["name"]: one.get("schema", {}).get("enum") for one in in_query if one.get("required")}
    return {name: enum[0] for name, enum in values.items() if isinstance(enum, list) and len(enum) == 1}


def _without_watch(operation: Mapping[str, Any], query: tuple[Argument, ...]) -> tuple[Argument, ...]:
    """The arguments of a list without those that only its watch heeds."""
    return query if WATCH not in operation else tuple(one for one in query if one.wire not in ONLY_WATCHED)


def _kinds(
    in_path: list[Any], arguments: tuple[Argument, ...], schemas: Mapping[str, Schema]
) -> tuple[str, tuple[Kind, ...]]:
    """The argument that names a kind of objects, and the kinds whose type is known."""
    for parameter, argument in zip(in_path, arguments, strict=True):
        known = parameter.get(KINDS)
        if known:
            return argument.name, tuple(Kind(name, type_of(known[name], schemas)) for name in sorted(known))
    return "", ()


def _with_gets(members: list[Operation]) -> list[Operation]:
    """Each DELETE of one object with the operation of its group that gets the object."""
    gets = {
        one.path: one.name for one in members if one.method == "GET" and one.path.endswith("}") and _gets_an_object(one)
    }
    return [
        evolve(one, get=gets[one.path]) if one.method == "DELETE" and one.path in gets and not one.passthrough else one
        for one in members
    ]


def _gets_an_object(one: Operation) -> bool:
    required = any(argument.required for argument in (*one.query, *one.headers))
    return one.reads == "json" and one.page_item is None and not (required or one.passthrough or one.variant_of)


def _check_names(group: str, members: list[Operation]) -> None:
    seen: dict[str, Operation] = {}
    for one in members:
        other = seen.setdefault(one.name, one)
        if other is not one:
            raise GeneratorError(
                f"{one.method} {one.path} and {other.method} {other.path} would both be {group}.{one.name}.\n"
                "Give a variant another name in the overlay, or the operation one in specs/names.toml."
            )


def _published(operation: Mapping[str, Any]) -> str | None:
    mark = operation.get("x-kubesphere-published")
    return None if mark is None else f"{mark['method']} {mark['path']}"


def _arguments(parameters: list[Any], schemas: Mapping[str, Schema], taken: frozenset[str]) -> tuple[Argument, ...]:
    names = python_names([one["name"] for one in parameters], reserved=taken)
    return tuple(
        Argument(
            name=names[one["name"]],
            wire=one["name"],
            type=argument_type(one.get("schema", {}), schemas),
            required=bool(one.get("required")),
            description=text(one.get("description")),
            unix=unix_units(one.get("schema", {})),
        )
        for one in parameters
    )


def _joiner(parameter: Mapping[str, Any]) -> str | None:
    """What joins the values of an array parameter into one; None where the key is repeated."""
    if parameter.get("x-collection-format") == "tsv":
        return "\t"
    style = parameter.get("style", "form")
    if style == "form":
        return None if parameter.get("explode", True) else ","
    return {"spaceDelimited": " ", "pipeDelimited": "|"}.get(style)


def _body(operation: Mapping[str, Any], schemas: Mapping[str, Schema]) -> Body | None:
    body = operation.get("requestBody")
    if body is None:
        return None
    media = primary_media(body["content"])
    schema = body["content"][media].get("schema", {}) if media else {}
    return Body(
        type=type_of(schema, schemas),
        required=bool(body.get("required")),
        media=tuple(body["content"]),
        description=text(body.get("description")),
        files=_files(schema, schemas) if media == "multipart/form-data" else (),
    )


def _files(form: Schema, schemas: Mapping[str, Schema]) -> tuple[str, ...]:
    """The fields of a form that are files."""
    key = reference(form)
    properties = (form if key is None else schemas[key]).get("properties", {})
    return tuple(name for name, field in sorted(properties.items()) if type_of(field, schemas) == BYTES)


def _responses(
    operation: Mapping[str, Any], schemas: Mapping[str, Schema], where: str
) -> tuple[tuple[Response, ...], tuple[tuple[str, str], ...], str]:
    """The declared successes, the declared errors with their descriptions, and how a success's body is read."""
    # 101 is the success of a request for a WebSocket.
    successes = {
        status: one for status, one in operation["responses"].items() if status == "101" or status[:1] in ("2", "3")
    }
    errors = {status: one for status, one in operation["responses"].items() if status not in successes}
    if not successes:
        # Nothing else is declared, so what `default` describes is the success.
        successes = {"200": errors.pop("default", {})}
    kinds = {_reads(one) for one in successes.values() if one.get("content")}
    if not kinds and all(_redirects(status, one) for status, one in successes.items()):
        return tuple(Response(_status(status, where), STR) for status in sorted(successes)), _errors(errors), "location"
    kinds = kinds or {"json"}
    if len(kinds) > 1:
        raise GeneratorError(
            f"{where} declares successes of different kinds ({', '.join(sorted(kinds))}).\n"
            "Correct its media types with an overlay."
        )
    (reads,) = kinds
    responses = tuple(
        Response(_status(status, where), _response_type(one, schemas, reads, where))
        for status, one in sorted(successes.items())
    )
    return responses, _errors(errors), reads


def _errors(errors: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((status, text(one.get("description"))) for status, one in sorted(errors.items()))


def _redirects(status: str, response: Mapping[str, Any]) -> bool:
    """Whether what an answer gives is the address that it sends the caller to."""
    return status.startswith("3") and "Location" in response.get("headers", {})


def _status(status: str, where: str) -> int:
    if not (status.isdecimal() and len(status) == 3):
        raise GeneratorError(
            f"{where} declares the success {status!r}, which is not one status code.\n"
            "Name the status codes that the server sends with an overlay."
        )
    return int(status)


def _reads(response: Mapping[str, Any]) -> str:
    return media_kind(primary_media(response["content"]) or "application/json")


def _response_type(response: Mapping[str, Any], schemas: Mapping[str, Schema], reads: str, where: str) -> PyType:
    content = response.get("content")
    if not content:
        return NONE
    described = {media: type_of(one.get("schema", {}), schemas) for media, one in content.items()}
    if len(set(described.values())) > 1:
        raise GeneratorError(
            f"{where} declares one response with different schemas for {', '.join(described)}.\n"
            "Correct it with an overlay so that one schema is left."
        )
    return {
        "text": type_of({"type": "string"}, {}),
        "bytes": type_of({"type": "string", "format": "binary"}, {}),
    }.get(reads, next(iter(described.values())))


def _watch(operation: Mapping[str, Any], item: PyType | None, query: tuple[Argument, ...], where: str) -> Watch | None:
    names = operation.get(WATCH)
    if names is None:
        return None
    if item is None:
        raise GeneratorError(
            f"{where} can be watched but does not return a list.\nCorrect its response with an overlay."
        )
    return Watch(
        list_method=names.get("list"),
        object_method=names.get("object") if any(one.wire == "fieldSelector" for one in query) else None,
        item=item,
        query=tuple(one for one in query if one.wire not in _NOT_WATCHED),
    )


def _authenticated(document: Mapping[str, Any], operation: Mapping[str, Any]) -> bool:
    """Whether the token is sent: always, unless the operation says that it takes no credentials."""
    security = operation.get("security", document.get("security"))
    return security is None or (security != [] and {} not in security)
