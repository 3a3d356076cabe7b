"""Custom resources at the addresses where kube-apiserver serves them, from what an overlay declares of each kind.

`x-kubesphere-custom-resources` is a list of {group, version, plural, kind, scope, status, schema, evidence} at the
document's root. kube-openapi's small server, with which the file was written, knows no namespaced kinds, serves a status
subresource of every kind, and was told of some kinds only. Here a published operation moves to the address it has, one
that cannot exist is withdrawn, and one that is missing is made after the pattern of those that are published.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen

from generator.document import ADDED, KIND_OF, PUBLISHED, operations
from generator.errors import GeneratorError
from generator.evidence import EVIDENCE, record
from generator.repair.rule import withdraw
from generator.schema import SCHEMAS, Schema, reference, references

CUSTOM_RESOURCES = "x-kubesphere-custom-resources"
WATCHABLE = "x-kubesphere-watchable"

_ACTION = "x-kubernetes-action"
_SCOPES = ("Namespaced", "Cluster")
_KEYS = frozenset(("group", "version", "plural", "kind", "scope", "status", "schema", "evidence"))
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
_STATUS_OBJECT = re.compile(r"meta\.v1\.Status\Z")


@frozen
class Resource:
    """A kind of custom resource as the server's discovery describes it."""

    group: str
    version: str
    plural: str
    kind: str
    scope: str
    status: bool
    schema: Schema
    evidence: Any

    @property
    def api(self) -> str:
        return f"/apis/{self.group}/{self.version}"

    @property
    def everywhere(self) -> str:
        """The address of all objects of the kind, in whatever namespace."""
        return f"{self.api}/{self.plural}"

    @property
    def collection(self) -> str:
        """The address where objects are created."""
        namespace = "/namespaces/{namespace}" if self.namespaced else ""
        return f"{self.api}{namespace}/{self.plural}"

    @property
    def namespaced(self) -> bool:
        return self.scope == "Namespaced"

    @property
    def key(self) -> str:
        return reference(self.schema) or ""

    def entry(self, says: str) -> dict[str, Any]:
        return {"by": "stage custom_resources", "says": says, "evidence": self.evidence}


def expand(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with every operation that the declared kinds have, and none that they have not.

    Raises:
        GeneratorError: a declaration is not one, or there is no published operation to take as a pattern.
    """
    declared = document.get(CUSTOM_RESOURCES, [])
    working = {key: copy.deepcopy(value) for key, value in document.items() if key != CUSTOM_RESOURCES}
    resources = sorted((_resource(one) for one in declared), key=lambda one: one.everywhere)
    if resources:
        patterns = _Patterns(working)
        for resource in resources:
            _identify(working, resource)
            _settle(working, resource)
            _complete(working, resource, patterns)
        working["paths"] = {path: working["paths"][path] for path in sorted(working["paths"])}
        withdrawn = working.get("x-kubesphere-withdrawn", [])
        withdrawn.sort(key=lambda one: (one["path"], one["method"]))
    return working


def _resource(declared: Any) -> Resource:
    if not isinstance(declared, dict) or declared.keys() != _KEYS or declared["scope"] not in _SCOPES:
        raise GeneratorError(
            f"A custom resource is declared without one of {', '.join(sorted(_KEYS))}, or with more.\n"
            f"Correct {ascii(declared)[:160]} in the overlay; `scope` is one of {', '.join(_SCOPES)}."
        )
    return Resource(**declared)


def _identify(document: dict[str, Any], resource: Resource) -> None:
    """Say in the schema which kind it is of, so that the client fills in what Kubernetes asks for in every body."""
    schema = document["components"]["schemas"].get(resource.key)
    if schema is None:
        raise GeneratorError(
            f"The custom resource {resource.kind} is declared with the schema {ascii(resource.schema)[:160]}, "
            "which is not there.\nAdd the schema with an overlay, or correct the declaration."
        )
    schema.setdefault(KIND_OF, [{"group": resource.group, "version": resource.version, "kind": resource.kind}])


def _settle(document: dict[str, Any], resource: Resource) -> None:
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
            if action == "delete":
                _may_give_the_object(document, operation, resource)
            elif action == "deletecollection":
                _gives_the_list(document, operation, resource)


def _move(document: dict[str, Any], method: str, old: str, new: str, resource: Resource) -> None:
    paths = document["paths"]
    operation = paths[old].pop(method)
    if not paths[old]:
        del paths[old]
    operation["parameters"] = [copy.deepcopy(_NAMESPACE), *operation.get("parameters", [])]
    record(operation, resource.entry(f"{resource.kind} lives in a namespace: without one the server answers 404"))
    paths.setdefault(new, {})[method] = operation


def _complete(document: dict[str, Any], resource: Resource, patterns: _Patterns) -> None:
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
        operation = patterns.operation(action, status, resource, document)
        if "{namespace}" in path:
            operation["parameters"] = [copy.deepcopy(_NAMESPACE), *operation.get("parameters", [])]
        record(
            operation, resource.entry(f"the server's discovery names {resource.kind}; the file lacks this operation")
        )
        if action == "delete":
            _may_give_the_object(document, operation, resource)
        elif action == "deletecollection":
            _gives_the_list(document, operation, resource)
        paths.setdefault(path, {})[method] = operation
    if "get" not in paths.get(resource.api, {}):
        paths.setdefault(resource.api, {})["get"] = patterns.discovery(resource)


def _may_give_the_object(document: dict[str, Any], operation: dict[str, Any], resource: Resource) -> None:
    """Deleting answers with a Status, or with the object where finalizers keep it (evidence/server.md §4)."""
    status = _key_of_status(document)
    schema = {
        "oneOf": [{"$ref": SCHEMAS + status}, dict(resource.schema)],
        "discriminator": {
            "propertyName": "kind",
            "mapping": {"Status": SCHEMAS + status, resource.kind: SCHEMAS + resource.key},
        },
    }
    _answers(operation, schema)


def _gives_the_list(document: dict[str, Any], operation: dict[str, Any], resource: Resource) -> None:
    """Deleting a collection answers with the list of what was in it (recordings custom_resources.jsonl)."""
    _answers(operation, {"$ref": SCHEMAS + _list_key(document, resource)})


def _answers(operation: dict[str, Any], schema: Schema) -> None:
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            response["content"] = {media: {"schema": copy.deepcopy(schema)} for media in response.get("content", {})}


def _key_of_status(document: Mapping[str, Any]) -> str:
    for key in document["components"]["schemas"]:
        if _STATUS_OBJECT.search(key):
            return str(key)
    raise GeneratorError(
        "No schema describes Kubernetes' Status, with which deleting is answered.\nAdd it with an overlay."
    )


def _list_key(document: dict[str, Any], resource: Resource) -> str:
    """The key of the list of a kind, which is made where the file has none."""
    schemas = document["components"]["schemas"]
    key = f"{resource.key}List"
    if key not in schemas:
        metadata = next((one for one in schemas if one.endswith("meta.v1.ListMeta")), None)
        if metadata is None:
            raise GeneratorError("No schema describes Kubernetes' ListMeta.\nAdd it with an overlay.")
        described = {"group": resource.group, "version": resource.version, "kind": f"{resource.kind}List"}
        schemas[key] = {
            "type": "object",
            "description": f"A list of objects of kind {resource.kind}.",
            "properties": {
                "apiVersion": {"type": "string"},
                "items": {"type": "array", "items": dict(resource.schema)},
                "kind": {"type": "string"},
                "metadata": {"$ref": SCHEMAS + metadata},
            },
            "x-always-serialised": ["items", "metadata"],
            KIND_OF: [described],
            EVIDENCE: [resource.entry(f"the server lists {resource.kind}; the file has no type for it")],
        }
    return key


class _Patterns:
    """The published operations of one kind, after which those of others are made."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._found: dict[tuple[str, bool], tuple[str, dict[str, Any]]] = {}
        self._discovery: dict[str, Any] | None = None
        for method, path, operation in self._published(document):
            action = operation.get(_ACTION)
            if action is None and method == "get" and path.startswith("/apis/") and path.count("/") == 3:
                self._discovery = self._discovery or copy.deepcopy(operation)
            elif action is not None:
                kind = operation.get(KIND_OF, {}).get("kind", "")
                self._found.setdefault((action, path.endswith("/status")), (kind, copy.deepcopy(operation)))

    def operation(self, action: str, status: bool, resource: Resource, document: dict[str, Any]) -> dict[str, Any]:
        kind, pattern = self._pattern(action, status)
        objects = {key for key in references(pattern) if key.endswith(f".{kind}")}
        lists = {key for key in references(pattern) if key.endswith(f".{kind}List")}
        new = {SCHEMAS + key: SCHEMAS + resource.key for key in objects}
        if lists:
            new |= {SCHEMAS + key: SCHEMAS + _list_key(document, resource) for key in lists}
        made: dict[str, Any] = _rewritten(copy.deepcopy(pattern), new, kind, resource.kind)
        made = {key: value for key, value in made.items() if key not in (PUBLISHED, EVIDENCE, "operationId", "tags")}
        described = {"group": resource.group, "version": resource.version, "kind": resource.kind}
        watchable = {WATCHABLE: {"list": True, "object": True}} if action == "list" else {}
        return {**made, ADDED: True, KIND_OF: described, **watchable}

    def discovery(self, resource: Resource) -> dict[str, Any]:
        if self._discovery is None:
            raise self._missing("discovery", False)
        hidden = (PUBLISHED, EVIDENCE, "operationId", "tags")
        made = {key: value for key, value in copy.deepcopy(self._discovery).items() if key not in hidden}
        return {**made, ADDED: True, EVIDENCE: [resource.entry("the server has this group; the file lacks it")]}

    def _published(self, document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
        return ((method, path, one) for method, path, one in operations(document) if PUBLISHED in one)

    def _pattern(self, action: str, status: bool) -> tuple[str, dict[str, Any]]:
        if (action, status) in self._found:
            return self._found[action, status]
        raise self._missing(action, status)

    def _missing(self, action: str, status: bool) -> GeneratorError:
        what = f"{action} of a status" if status else action
        return GeneratorError(
            f"No custom resource of the published files has the operation {what}, after which others could be made.\n"
            "Publish one kind in full with an overlay, or remove the declarations of custom resources."
        )


def _rewritten(node: Any, new: Mapping[str, str], kind: str, by: str) -> Any:
    """A part of an operation that refers to other schemas and speaks of another kind."""
    if isinstance(node, list):
        return [_rewritten(one, new, kind, by) for one in node]
    if not isinstance(node, dict):
        return node
    return {
        key: new.get(value, value)
        if key == "$ref"
        else re.sub(rf"\b{re.escape(kind)}\b", by, value)
        if key in ("summary", "description") and isinstance(value, str)
        else _rewritten(value, new, kind, by)
        for key, value in node.items()
    }
