"""Custom resources at the addresses where kube-apiserver serves them, from what an overlay declares of each kind.

`x-kubesphere-custom-resources` is a list of {group, version, plural, kind, scope, status, schema, evidence} at the
document's root. kube-openapi's small server, with which the file was written, knows no namespaced kinds, serves a status
subresource of every kind, and was told of some kinds only. Here a published operation moves to the address it has, one
that cannot exist is withdrawn, and one that is missing is made after the pattern of those that are published.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from generator.custom_resources.patterns import Patterns
from generator.custom_resources.resource import Resource, declaration
from generator.document import CUSTOM_RESOURCES, KIND_OF, WITHDRAWN
from generator.errors import GeneratorError
from generator.evidence import record
from generator.repair.rule import withdraw
from generator.schema import SCHEMAS, Schema

_NAMESPACE = {
    "name": "namespace",
    "in": "path",
    "required": True,
    "description": "Namespace that the objects are in.",
    "schema": {"type": "string"},
}
_COLLECTION = {"list": "get", "post": "post", "deletecollection": "delete"}
_OBJECT = {"get": "get", "put": "put", "patch": "patch", "delete": "delete"}
_STATUS = {"get": "get", "put": "put", "patch": "patch"}


def expand(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with every operation that the declared kinds have, and none that they have not.

    Raises:
        GeneratorError: a declaration is not one, or there is no published operation to take as a pattern.
    """
    declared = document.get(CUSTOM_RESOURCES, [])
    working = {key: copy.deepcopy(value) for key, value in document.items() if key != CUSTOM_RESOURCES}
    resources = sorted((declaration(one) for one in declared), key=lambda one: one.everywhere)
    if resources:
        patterns = Patterns(working)
        for resource in resources:
            _identify(working, resource)
            _settle(working, resource, patterns)
            _complete(working, resource, patterns)
        working["paths"] = {path: working["paths"][path] for path in sorted(working["paths"])}
        withdrawn = working.get(WITHDRAWN, [])
        withdrawn.sort(key=lambda one: (one["path"], one["method"]))
    return working


def _identify(document: dict[str, Any], resource: Resource) -> None:
    """Say in the schema which kind it is of, so that the client fills in what Kubernetes asks for in every body."""
    schema = document["components"]["schemas"].get(resource.key)
    if schema is None:
        raise GeneratorError(
            f"The custom resource {resource.kind} is declared with the schema {ascii(resource.schema)[:160]}, "
            "which is not there.\nAdd the schema with an overlay, or correct the declaration."
        )
    schema.setdefault(KIND_OF, [{"group": resource.group, "version": resource.version, "kind": resource.kind}])


def _settle(document: dict[str, Any], resource: Resource, patterns: Patterns) -> None:
    """Give the published operations the addresses they have, and withdraw those that have none."""
    paths = document["paths"]
    one = f"{resource.everywhere}/{{name}}"
    for suffix, methods in (("", _COLLECTION), ("/{name}", _OBJECT), ("/{name}/status", _STATUS)):
        old, new = resource.everywhere + suffix, resource.collection + suffix
        for action, method in methods.items():
            operation = paths.get(old, {}).get(method)
            if operation is None:
                continue
            if suffix.endswith("/status") and not resource.status:
                says = f"{resource.kind} has no status subresource: the server answers 404; its status is part of {one}"
                record(operation, resource.entry(says))
                withdraw(document, method, old, says)
            elif old != new and action != "list":
                _move(document, method, old, new, resource)
            _correct(patterns, action, operation, resource)


def _move(document: dict[str, Any], method: str, old: str, new: str, resource: Resource) -> None:
    paths = document["paths"]
    operation = paths[old].pop(method)
    if not paths[old]:
        del paths[old]
    operation["parameters"] = [copy.deepcopy(_NAMESPACE), *operation.get("parameters", [])]
    record(operation, resource.entry(f"{resource.kind} lives in a namespace: without one the server answers 404"))
    paths.setdefault(new, {})[method] = operation


def _complete(document: dict[str, Any], resource: Resource, patterns: Patterns) -> None:
    """Add what the server serves and the file does not know."""
    paths = document["paths"]
    wanted = [(resource.collection, action, method, False) for action, method in _COLLECTION.items()]
    wanted += [(f"{resource.collection}/{{name}}", action, method, False) for action, method in _OBJECT.items()]
    if resource.namespaced:
        wanted.append((resource.everywhere, "list", "get", False))
    if resource.status:
        wanted += [
            (f"{resource.collection}/{{name}}/status", action, method, True) for action, method in _STATUS.items()
        ]
    for path, action, method, status in wanted:
        if method in paths.get(path, {}):
            continue
        operation = patterns.operation(action, status, resource)
        if "{namespace}" in path:
            operation["parameters"] = [copy.deepcopy(_NAMESPACE), *operation.get("parameters", [])]
        record(
            operation, resource.entry(f"the server's discovery names {resource.kind}; the file lacks this operation")
        )
        _correct(patterns, action, operation, resource)
        paths.setdefault(path, {})[method] = operation
    if "get" not in paths.get(resource.api, {}):
        paths.setdefault(resource.api, {})["get"] = patterns.discovery(resource)


def _correct(patterns: Patterns, action: str, operation: dict[str, Any], resource: Resource) -> None:
    if action == "delete":
        _may_give_the_object(patterns, operation, resource)
    elif action == "deletecollection":
        _gives_the_list(patterns, operation, resource)
    elif action == "patch":
        _takes_patches(operation, resource)


def _takes_patches(operation: dict[str, Any], resource: Resource) -> None:
    """A merge or apply patch is part of the object; a JSON patch is a list of steps (RFC 6902)."""
    steps = {"type": "array", "items": {"type": "object", "additionalProperties": True}}
    for media, described in operation.get("requestBody", {}).get("content", {}).items():
        described["schema"] = copy.deepcopy(steps if "json-patch" in media else resource.schema)


def _may_give_the_object(patterns: Patterns, operation: dict[str, Any], resource: Resource) -> None:
    """Deleting answers with a Status, or with the object where finalizers keep it (evidence/server.md §4)."""
    status = patterns.status_key
    schema = {
        "oneOf": [{"$ref": SCHEMAS + status}, dict(resource.schema)],
        "discriminator": {
            "propertyName": "kind",
            "mapping": {"Status": SCHEMAS + status, resource.kind: SCHEMAS + resource.key},
        },
    }
    _answers(operation, schema)


def _gives_the_list(patterns: Patterns, operation: dict[str, Any], resource: Resource) -> None:
    """Deleting a collection answers with the list of what was in it (recordings custom_resources.jsonl)."""
    _answers(operation, {"$ref": SCHEMAS + patterns.list_key(resource)})


def _answers(operation: dict[str, Any], schema: Schema) -> None:
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            response["content"] = {media: {"schema": copy.deepcopy(schema)} for media in response.get("content", {})}
