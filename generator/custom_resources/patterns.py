"""Published operations as patterns, after which those of other kinds are made."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from generator.custom_resources.resource import Resource
from generator.document import ADDED, ALWAYS, KIND_OF, PUBLISHED, WATCHABLE, operations
from generator.errors import GeneratorError
from generator.evidence import EVIDENCE
from generator.schema import SCHEMAS, Schema, references

_ACTION = "x-kubernetes-action"
_STATUS_OBJECT = re.compile(r"meta\.v1\.Status\Z")


class Patterns:
    """The published operations of one kind, after which those of others are made."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._schemas: dict[str, Schema] = document["components"]["schemas"]
        self._found: dict[tuple[str, bool], tuple[str, dict[str, Any]]] = {}
        self._discovery: dict[str, Any] | None = None
        for method, path, operation in self._published(document):
            action = operation.get(_ACTION)
            if action is None and method == "get" and path.startswith("/apis/") and path.count("/") == 3:
                self._discovery = self._discovery or copy.deepcopy(operation)
            elif action is not None:
                kind = operation.get(KIND_OF, {}).get("kind", "")
                self._found.setdefault((action, path.endswith("/status")), (kind, copy.deepcopy(operation)))

    def operation(self, action: str, status: bool, resource: Resource) -> dict[str, Any]:
        kind, pattern = self._pattern(action, status)
        referred = set(references(pattern))
        objects = {key for key in referred if key.endswith(f".{kind}")}
        lists = {key for key in referred if key.endswith(f".{kind}List")}
        new = {SCHEMAS + key: SCHEMAS + resource.key for key in objects}
        if lists:
            new |= {SCHEMAS + key: SCHEMAS + self.list_key(resource) for key in lists}
        made: dict[str, Any] = _rewritten(pattern, new, kind, resource.kind)
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

    def list_key(self, resource: Resource) -> str:
        """The key of the list of a kind, which is made where the file has none."""
        key = f"{resource.key}List"
        if key not in self._schemas:
            described = {"group": resource.group, "version": resource.version, "kind": f"{resource.kind}List"}
            self._schemas[key] = {
                "type": "object",
                "description": f"A list of objects of kind {resource.kind}.",
                "properties": {
                    "apiVersion": {"type": "string"},
                    "items": {"type": "array", "items": dict(resource.schema)},
                    "kind": {"type": "string"},
                    "metadata": {"$ref": SCHEMAS + self._list_metadata},
                },
                ALWAYS: ["items", "metadata"],
                KIND_OF: [described],
                EVIDENCE: [resource.entry(f"the server lists {resource.kind}; the file has no type for it")],
            }
        return key

    @cached_property
    def status_key(self) -> str:
        """The key of Kubernetes' Status."""
        for key in self._schemas:
            if _STATUS_OBJECT.search(key):
                return key
        raise GeneratorError(
            "No schema describes Kubernetes' Status, with which deleting is answered.\nAdd it with an overlay."
        )

    @cached_property
    def _list_metadata(self) -> str:
        for key in self._schemas:
            if key.endswith("meta.v1.ListMeta"):
                return key
        raise GeneratorError("No schema describes Kubernetes' ListMeta.\nAdd it with an overlay.")

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
