"""Operations become methods: arguments, body, answers, pages and watches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from attrs import evolve

from generator.document import (
    FOLLOWS,
    GROWING_LOG,
    ONLY_WATCHED,
    PASSTHROUGH,
    PUBLISHED,
    TAIL,
    WATCH,
    WEBSOCKET,
    operations,
    primary_media,
)
from generator.errors import GeneratorError
from generator.package import Argument, Body, Operation
from generator.parse import Arrived, Parsed
from generator.pytypes import BYTES, RESPONSE, union_of
from generator.refine.answers import answers_of
from generator.refine.arguments import arguments_of, joiner_of, kinds_of, only_values, parameters_of
from generator.refine.paging import pages_of, with_keywords
from generator.refine.streams import check_streams, watch_of
from generator.refine.text import summary, text
from generator.refine.variants import FIXED, VARIANT_OF, variants
from generator.schema import Schema, reference
from generator.typing_rules import type_of

_RESERVED_ARGUMENTS = frozenset(
    "self body options timeout max_retries extra_headers extra_query data content_type method wait wait_timeout".split()
) | {"on_gone", "reconnect"}


def operations_by_group(parsed: Parsed) -> dict[str, list[Operation]]:
    """Every method that calls an operation, by the group it lives in.

    Raises:
        GeneratorError: an operation asks for something that the client cannot say.
    """
    by_group: dict[str, list[Operation]] = defaultdict(list)
    # An argument may not hide the module of a model from the annotations beside it.
    modules = {key.rpartition(".")[0] for key in parsed.document.get("components", {}).get("schemas", {})}
    reserved = _RESERVED_ARGUMENTS | modules
    for method, path, operation in operations(parsed.document):
        group, _, _ = operation["operationId"].rpartition(".")
        arrived = parsed.endpoints[operation["operationId"]]
        for one in (operation, *variants(operation)):
            by_group[group].append(_operation(parsed.document, method, path, one, arrived, reserved))
    for group, members in by_group.items():
        _check_names(group, members)
        check_streams(members)
        by_group[group] = _with_gets(members)
    return {group: sorted(members, key=lambda one: one.name) for group, members in by_group.items()}


def _operation(
    document: Mapping[str, Any],
    method: str,
    path: str,
    operation: Mapping[str, Any],
    arrived: Arrived,
    taken: frozenset[str],
) -> Operation:
    schemas = document.get("components", {}).get("schemas", {})
    group, _, name = operation["operationId"].rpartition(".")
    where = f"{method.upper()} {path}"
    if any(place == "cookie" for place, _ in arrived.parameters):
        raise GeneratorError(
            f"{where} takes a cookie, which the client cannot send.\nRemove the parameter with an overlay."
        )
    in_path, in_query, in_header = parameters_of(operation, arrived)
    fixed = {**operation.get(FIXED, {}), **only_values(in_query)}
    in_query = [one for one in in_query if one["name"] not in fixed]
    arguments: list[tuple[Argument, ...]] = []
    for group_of_parameters in (in_path, in_query, in_header):
        arguments.append(arguments_of(group_of_parameters, schemas, taken))
        taken |= {argument.name for argument in arguments[-1]}
    passthrough = bool(operation.get(PASSTHROUGH))
    responses, errors, reads = answers_of(operation, schemas, where)
    returns = union_of(tuple(response.type for response in responses))
    pages = pages_of(returns, arguments[1], schemas) if method == "get" and reads == "json" else None
    page_item, family = (None, None) if pages is None else (pages.item, pages.family)
    kind_argument, kinds = kinds_of(in_path, arguments[0], schemas)
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
        tail=tuple(one["name"] for one in in_path if one.get(TAIL)),
        query=with_keywords(_without_watch(operation, arguments[1]), family),
        joined=tuple((one["name"], joiner) for one in in_query if (joiner := joiner_of(one)) is not None),
        headers=arguments[2],
        body=_body(operation, schemas),
        responses=responses,
        errors=errors,
        reads="response" if passthrough else reads,
        returns=RESPONSE if passthrough else returns,
        page_item=page_item,
        paging=family,
        watch=watch_of(operation, page_item, arguments[1], where),
        passthrough=passthrough,
        follows=bool(operation.get(FOLLOWS)),
        websocket=bool(operation.get(WEBSOCKET)),
        growing_log=bool(operation.get(GROWING_LOG)),
        kinds=kinds,
        kind_argument=kind_argument,
        fixed=tuple((wire, ascii(value)) for wire, value in fixed.items()),
        variant_of=operation.get(VARIANT_OF),
    )


def _without_watch(operation: Mapping[str, Any], query: tuple[Argument, ...]) -> tuple[Argument, ...]:
    """The arguments of a list without those that only its watch heeds."""
    return query if WATCH not in operation else tuple(one for one in query if one.wire not in ONLY_WATCHED)


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
        # What is passed on has one method for all the operations of an address.
        for name in (one.name,) if one.passthrough else one.methods:
            other = seen.setdefault(name, one)
            if other is not one:
                raise GeneratorError(
                    f"{one.method} {one.path} and {other.method} {other.path} would both be {group}.{name}.\n"
                    "Give a variant another name in the overlay, or the operation one in specs/names.toml."
                )


def _published(operation: Mapping[str, Any]) -> str | None:
    mark = operation.get(PUBLISHED)
    return None if mark is None else f"{mark['method']} {mark['path']}"


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


def _authenticated(document: Mapping[str, Any], operation: Mapping[str, Any]) -> bool:
    """Whether the token is sent: always, unless the operation says that it takes no credentials."""
    security = operation.get("security", document.get("security"))
    return security is None or (security != [] and {} not in security)
