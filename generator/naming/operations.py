"""The name of every operation: its place, and a method name made of its method and path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from generator.document import WATCHABLE, operations
from generator.errors import GeneratorError
from generator.naming.kapis_names import kapis_name
from generator.naming.kubernetes_names import kubernetes_name, watch_names
from generator.naming.placement import place
from generator.naming.table import Names


class SameName(GeneratorError):
    """Two operations would be called alike."""

    def __init__(self, one: str, other: str, identifier: str) -> None:
        super().__init__(
            f"{one} and {other} would both be {identifier}.\n"
            "Give one of them another name under [operations] in specs/names.toml."
        )
        self.operations = (one, other)  # each as METHOD /path


@frozen
class OperationName:
    """Where an operation lives (`iam.v1alpha2`), its method there, and the names of its watches."""

    attribute: str
    method: str
    watch: Mapping[str, str]

    @property
    def identifier(self) -> str:
        return f"{self.attribute}.{self.method}"


def operation_name(method: str, path: str, names: Names, watchable: Any = None) -> OperationName:
    """The name of one operation; `watchable` is the extension of that name.

    Raises:
        GeneratorError: the path has no place in the client, or says too little to make a name of it.
    """
    where = place(path)
    by_rule = kubernetes_name if where.kubernetes else kapis_name
    name = names.operations.get(f"{method.upper()} {path}") or by_rule(method.upper(), where, names)
    if name is None:
        raise GeneratorError(
            f"{method.upper()} {path} says too little to make a name of it.\n"
            "Name it under [operations] in specs/names.toml, or withdraw it with an overlay."
        )
    watch = watch_names(where, names) if watchable else {}
    if isinstance(watchable, dict):
        watch = {what: name for what, name in watch.items() if watchable.get(what)}
    return OperationName(where.attribute, name, watch)


def operation_names(document: Mapping[str, Any], names: Names) -> dict[tuple[str, str], OperationName]:
    """The name of each operation of a document, by method and path.

    Raises:
        GeneratorError: one cannot be named, or two end in one name.
    """
    found = {}
    for method, path, operation in operations(document):
        found[method, path] = operation_name(method, path, names, operation.get(WATCHABLE))
    for key, watch in _ambiguous_watches(found).items():
        found[key] = watch
    _check_unique(found)
    return found


def _ambiguous_watches(found: Mapping[tuple[str, str], OperationName]) -> dict[tuple[str, str], OperationName]:
    """Where a kind can be watched in one namespace and in all, one object of it is watched in its namespace."""
    in_namespace = {
        path.replace("/namespaces/{namespace}/", "/")
        for (_, path), name in found.items()
        if "/namespaces/{namespace}/" in path and "object" in name.watch
    }
    return {
        (method, path): OperationName(name.attribute, name.method, {"list": name.watch["list"]})
        for (method, path), name in found.items()
        if path in in_namespace and "list" in name.watch
    }


def _check_unique(found: Mapping[tuple[str, str], OperationName]) -> None:
    owners: dict[str, str] = {}
    for (method, path), name in found.items():
        here = f"{method.upper()} {path}"
        for one in (name.method, *name.watch.values()):
            identifier = f"{name.attribute}.{one}"
            other = owners.setdefault(identifier, here)
            if other != here or (one != name.method and one in name.watch.values() and identifier == name.identifier):
                raise SameName(other, here, identifier)
