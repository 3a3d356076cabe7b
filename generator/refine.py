"""What the parser cannot say: maps, groups, pages, watches, forms, secrets; the package as it will be printed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from openapi_python_client.parser.openapi import Endpoint

from generator.document import operations, primary_media
from generator.errors import GeneratorError
from generator.naming import python_names
from generator.package import (
    Alias,
    Argument,
    Body,
    Field,
    Group,
    Model,
    ModelModule,
    Operation,
    Package,
    Response,
    Watch,
    Withdrawn,
)
from generator.parse import Parsed, lowered_name, name_of
from generator.pytypes import NONE, EnvelopeOf, ListOf, ModelType, Nullable, PyType, union_of
from generator.release import Release
from generator.schema import Schema, is_model, reference
from generator.typing_rules import argument_type, media_kind, type_of

# Names that an attribute of a model cannot have: what the class body, its annotations and the base class use.
_RESERVED_ATTRIBUTES = frozenset(
    "cls data extra nulls get self field define classmethod property str int float bool list dict object bytes "
    "tuple from_dict to_dict from_json to_json decode copy evolve encode leftovers decode_list decode_map "
    "decode_items decode_page decode_tuple".split()
)
_RESERVED_ARGUMENTS = frozenset("self body options timeout max_retries extra_headers extra_query data".split())


def refine(parsed: Parsed, release: Release) -> Package:
    """Decide everything that the templates print.

    Raises:
        GeneratorError: the document asks for something that Python or the client cannot say.
    """
    document = parsed.document
    operations_by_group = _operations(parsed)
    lazy_lists = {
        operation.returns.envelope if isinstance(operation.returns, EnvelopeOf) else operation.returns
        for group in operations_by_group.values()
        for operation in group
        if operation.page_item is not None
    }
    return Package(
        release=release.name,
        version=release.version,
        title=release.title,
        token_path=_token_path(document),
        groups=_tree(operations_by_group),
        modules=_model_modules(parsed, lazy_lists),
        withdrawn=tuple(
            Withdrawn(method=entry["method"], path=entry["path"], name=entry.get("name", ""), reason=entry["reason"])
            for entry in document.get("x-kubesphere-withdrawn", [])
        ),
    )


# models


def _model_modules(parsed: Parsed, lazy_lists: set[PyType]) -> tuple[ModelModule, ...]:
    schemas: Mapping[str, Schema] = parsed.document.get("components", {}).get("schemas", {})
    names = {key.rpartition(".")[0] for key in schemas}
    models: dict[str, list[Model]] = defaultdict(list)
    aliases: dict[str, list[Alias]] = defaultdict(list)
    for key, schema in sorted(schemas.items()):
        module, _, name = key.rpartition(".")
        if is_model(schema):
            lazy = ModelType(module, name) in lazy_lists
            models[module].append(_model(parsed, key, schema, reserved=_RESERVED_ATTRIBUTES | names, lazy=lazy))
        else:
            aliases[module].append(Alias(module, name, type_of(schema, schemas), _text(schema.get("description"))))
    return tuple(
        ModelModule(name=module, title=module, models=tuple(models[module]), aliases=tuple(aliases[module]))
        for module in sorted(names)
    )


def _model(parsed: Parsed, key: str, schema: Schema, *, reserved: frozenset[str], lazy: bool) -> Model:
    schemas = parsed.document["components"]["schemas"]
    module, _, name = key.rpartition(".")
    model = parsed.models[key]
    arrived = {name_of(prop) for prop in (model.required_properties or []) + (model.optional_properties or [])}
    properties = {wire: value for wire, value in schema["properties"].items() if lowered_name(wire) in arrived}
    always = {*schema.get("required", ()), *schema.get("x-always-serialised", ())}
    attribute = python_names(sorted(properties), reserved=reserved)
    defaults = _object_identity(schema)
    fields = []
    for wire, value in sorted(properties.items()):
        kind = type_of(value, schemas)
        nullable = isinstance(kind, Nullable)
        kind = kind.inner if isinstance(kind, Nullable) else kind
        if lazy and wire == "items" and isinstance(kind, ListOf):
            kind = ListOf(kind.item, lazy=True)
        fields.append(
            Field(
                name=attribute[wire],
                wire=wire,
                type=kind,
                always=wire in always and not nullable,
                secret=bool(value.get("x-kubesphere-secret")),
                default=defaults.get(wire),
                description=_text(value.get("description")),
            )
        )
    published = schema.get("x-kubesphere-published-name", "")
    return Model(module, name, _text(published), _text(schema.get("description")), tuple(fields))


def _object_identity(schema: Schema) -> dict[str, str]:
    """`kind` and `apiVersion` of a custom resource, which Kubernetes asks for in every body (recording crd-026 ff.)."""
    kinds = schema.get("x-kubernetes-group-version-kind")
    if not isinstance(kinds, list) or len(kinds) != 1 or not {"kind", "apiVersion"} <= set(schema["properties"]):
        return {}
    (one,) = kinds
    api_version = f"{one['group']}/{one['version']}" if one.get("group") else one["version"]
    return {"apiVersion": ascii(api_version), "kind": ascii(one["kind"])}


# operations


def _operations(parsed: Parsed) -> dict[str, list[Operation]]:
    by_group: dict[str, list[Operation]] = defaultdict(list)
    for method, path, operation in operations(parsed.document):
        group, _, _ = operation["operationId"].rpartition(".")
        endpoint = parsed.endpoints[operation["operationId"]]
        by_group[group].append(_operation(parsed.document, method, path, operation, endpoint))
    return {group: sorted(members, key=lambda one: one.name) for group, members in by_group.items()}


def _operation(
    document: Mapping[str, Any], method: str, path: str, operation: Mapping[str, Any], endpoint: Endpoint
) -> Operation:
    schemas = document.get("components", {}).get("schemas", {})
    group, _, name = operation["operationId"].rpartition(".")
    where = f"{method.upper()} {path}"
    declared = {(one["in"], lowered_name(one["name"])): one for one in operation.get("parameters", [])}
    in_path = [declared["path", name_of(prop)] for prop in endpoint.path_parameters]
    in_query = [declared["query", name_of(prop)] for prop in endpoint.query_parameters]
    in_header = [declared["header", name_of(prop)] for prop in endpoint.header_parameters]
    if endpoint.cookie_parameters:
        raise GeneratorError(
            f"{where} takes a cookie, which the client cannot send.\nRemove the parameter with an overlay."
        )
    taken = _RESERVED_ARGUMENTS | {key.rpartition(".")[0] for key in schemas}
    arguments: list[tuple[Argument, ...]] = []
    for group_of_parameters in (in_path, in_query, in_header):
        arguments.append(_arguments(group_of_parameters, schemas, taken))
        taken |= {argument.name for argument in arguments[-1]}
    responses, errors, reads = _responses(operation, schemas, where)
    returns = union_of(tuple(response.type for response in responses))
    page_item = _page_item(returns, schemas) if method == "get" and reads == "json" else None
    return Operation(
        group=group,
        name=name,
        method=method.upper(),
        path=path,
        published=_published(operation),
        summary=_text(operation.get("summary")),
        description=_text(operation.get("description")),
        deprecated=bool(operation.get("deprecated")),
        authenticated=_authenticated(document, operation),
        path_arguments=arguments[0],
        tail=tuple(one["name"] for one in in_path if one.get("x-kubesphere-tail")),
        query=arguments[1],
        joined=tuple((one["name"], joiner) for one in in_query if (joiner := _joiner(one)) is not None),
        headers=arguments[2],
        body=_body(operation, schemas),
        responses=responses,
        errors=errors,
        reads=reads,
        returns=returns,
        page_item=page_item,
        paging=None if page_item is None else _paging({one["name"] for one in in_query}),
        watch=_watch(operation, page_item, arguments[1], where),
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
            description=_text(one.get("description")),
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
        description=_text(body.get("description")),
    )


def _responses(
    operation: Mapping[str, Any], schemas: Mapping[str, Schema], where: str
) -> tuple[tuple[Response, ...], tuple[tuple[str, str], ...], str]:
    """The declared successes, the declared errors with their descriptions, and how a success's body is read."""
    successes = {status: one for status, one in operation["responses"].items() if status[:1] in ("2", "3")}
    errors = {status: one for status, one in operation["responses"].items() if status not in successes}
    if not successes:
        # Nothing else is declared, so what `default` describes is the success.
        successes = {"200": errors.pop("default", {})}
    kinds = {_reads(one) for one in successes.values() if one.get("content")} or {"json"}
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
    return (
        responses,
        tuple((status, _text(one.get("description"))) for status, one in sorted(errors.items())),
        reads,
    )


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


def _page_item(returns: PyType, schemas: Mapping[str, Schema]) -> PyType | None:
    """The type of the items when an answer is a list in an envelope: `items` beside a total or a list's metadata."""
    if isinstance(returns, EnvelopeOf):
        return returns.item
    if not isinstance(returns, ModelType):
        return None
    properties = schemas[f"{returns.module}.{returns.name}"]["properties"]
    items = type_of(properties["items"], schemas) if "items" in properties else None
    items = items.inner if isinstance(items, Nullable) else items
    metadata = reference(properties.get("metadata", {})) or ""
    if not isinstance(items, ListOf) or not (
        {"totalItems", "total_count"} & set(properties) or metadata.endswith(".ListMeta")
    ):
        return None
    return items.item


def _paging(query: set[str]) -> str | None:
    """How the next page is asked for (evidence/pagination.md: families A and F)."""
    if {"page", "limit"} <= query:
        return "page"
    return "continue" if {"continue", "limit"} <= query else None


def _watch(operation: Mapping[str, Any], item: PyType | None, query: tuple[Argument, ...], where: str) -> Watch | None:
    names = operation.get("x-kubesphere-watch")
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
        query=tuple(one for one in query if one.wire not in ("limit", "continue")),
    )


def _authenticated(document: Mapping[str, Any], operation: Mapping[str, Any]) -> bool:
    """Whether the token is sent: always, unless the operation says that it takes no credentials."""
    security = operation.get("security", document.get("security"))
    return security is None or (security != [] and {} not in security)


def _token_path(document: Mapping[str, Any]) -> str | None:
    """The address of the token endpoint, relative to the server's."""
    schemes = document.get("components", {}).get("securitySchemes", {})
    for scheme in schemes.values():
        address = scheme.get("flows", {}).get("password", {}).get("tokenUrl")
        if address is None:
            continue
        if (
            not isinstance(address, str)
            or not address.startswith("/")
            or address.startswith("//")
            or not address.isprintable()
        ):
            raise GeneratorError(
                f"The token address {address!a} is not a path of the server; passwords would be sent elsewhere.\n"
                "Correct the security scheme with an overlay."
            )
        return address
    return None


# groups


def _tree(operations_by_group: Mapping[str, list[Operation]]) -> tuple[Group, ...]:
    paths = {tuple(group.split(".")) for group in operations_by_group}
    nodes = sorted({path[:length] for path in paths for length in range(1, len(path) + 1)})
    return tuple(_node(path, nodes, operations_by_group) for path in nodes if len(path) == 1)


def _node(
    path: tuple[str, ...],
    nodes: Iterable[tuple[str, ...]],
    operations_by_group: Mapping[str, list[Operation]],
) -> Group:
    members = tuple(operations_by_group.get(".".join(path), ()))
    children = tuple(
        _node(other, nodes, operations_by_group)
        for other in nodes
        if len(other) == len(path) + 1 and other[: len(path)] == path
    )
    clash = {child.attribute for child in children} & {name for one in members for name in one.methods}
    if clash:
        raise GeneratorError(
            f"{'.'.join(path)}.{min(clash)} is both a group and an operation.\n"
            "Rename the operation in specs/names.toml."
        )
    return Group(
        path=path,
        class_name="".join(part[:1].upper() + part[1:] for part in path),
        title=_common_prefix(members) or ".".join(path),
        operations=members,
        children=children,
    )


def _common_prefix(members: tuple[Operation, ...]) -> str:
    """The leading segments that all paths of a group share, such as /kapis/iam.kubesphere.io/v1alpha2."""
    if not members:
        return ""
    split = [one.path.split("/") for one in members]
    shared = []
    for parts in zip(*split, strict=False):
        if len(set(parts)) > 1 or "{" in parts[0]:
            break
        shared.append(parts[0])
    return "/".join(shared[:4])


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
