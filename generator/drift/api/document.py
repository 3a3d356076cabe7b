"""A document as the diff reads it: its operations and their parts, with `$ref`s followed, whatever it may hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from attrs import define, field, frozen

from generator.document import METHODS

# A `$ref` that leads nowhere, or in circles, and whatever is no object where one belongs: nothing is known of it.
UNKNOWN: dict[str, Any] = {}
_SCHEMAS = "#/components/schemas/"
_VARIABLE = re.compile(r"\{[^{}]*\}")
_CALL = re.compile(r"[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)+\Z")


@frozen
class Part:
    """A part of an operation, and the shared component that it stands in, if any."""

    node: Mapping[str, Any]
    shared: str = ""  # such as "#/components/responses/Error"


@frozen(eq=False)
class Operation:
    """One operation; compared by identity."""

    method: str  # in upper case
    path: str
    node: Mapping[str, Any]
    inherited: tuple[Any, ...]  # the parameters of its path
    name: str  # `METHOD /path`
    wire: str  # what it is on the wire: the names of the variables in its path mean nothing there

    @property
    def variables(self) -> list[str]:
        return [one[1:-1] for one in _VARIABLE.findall(self.path)]

    @property
    def id(self) -> str:
        found = self.node.get("operationId")
        return found if isinstance(found, str) else ""

    @property
    def call(self) -> str:
        """The method of the client that calls it, where its id is the name of one."""
        return self.id if _CALL.match(self.id) else ""


@define(eq=False)
class Document:
    """An OpenAPI 3.1 document."""

    root: Mapping[str, Any]
    _resolved: dict[str, Any] = field(factory=dict, init=False)

    def operations(self) -> list[Operation]:
        return list(self._operations())

    def _operations(self) -> Iterator[Operation]:
        for path, item in mapping(self.root.get("paths")).items():
            path, node = str(path), self.part(item).node
            wire = _VARIABLE.sub("{}", path)
            inherited = tuple(sequence(node.get("parameters")))
            for method in METHODS:
                if isinstance(node.get(method), dict):
                    verb = method.upper()
                    yield Operation(verb, path, node[method], inherited, f"{verb} {path}", f"{verb} {wire}")

    def schemas(self) -> Mapping[str, Any]:
        return mapping(mapping(self.root.get("components")).get("schemas"))

    def part(self, value: Any) -> Part:
        """What a value is once its `$ref`s are followed; UNKNOWN where it is no object."""
        shared, seen = "", set()
        while isinstance(value, dict) and isinstance(value.get("$ref"), str):
            shared = value["$ref"]
            if shared in seen:
                return Part(UNKNOWN)
            seen.add(shared)
            value = self.at(shared)
        return Part(value, shared) if isinstance(value, dict) else Part(UNKNOWN)

    def at(self, pointer: str) -> Any:
        """What a `$ref` leads to, not followed further; UNKNOWN where it leads to nothing."""
        if pointer not in self._resolved:
            self._resolved[pointer] = self._walk(pointer)
        return self._resolved[pointer]

    def _walk(self, pointer: str) -> Any:
        if not pointer.startswith("#/"):
            return UNKNOWN
        node: Any = self.root
        for step in pointer[2:].split("/"):
            key = unescaped(step)
            if isinstance(node, dict) and key in node:
                node = node[key]
            elif isinstance(node, list) and key.isdecimal() and int(key) < len(node):
                node = node[int(key)]
            else:
                return UNKNOWN
        return node

    def parameters(self, operation: Operation) -> dict[tuple[str, str], Part]:
        """The parameters of an operation by (in, name); its own stand before those of its path."""
        found: dict[tuple[str, str], Part] = {}
        for value in (*operation.inherited, *sequence(operation.node.get("parameters"))):
            part = self.part(value)
            name, where = part.node.get("name"), part.node.get("in")
            if isinstance(name, str) and isinstance(where, str):
                found[(where, name.lower() if where == "header" else name)] = part
        return found

    def security(self, operation: Operation) -> Any:
        """What an operation asks of its caller: its own `security`, or the document's."""
        return operation.node["security"] if "security" in operation.node else self.root.get("security")


def mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else UNKNOWN


def sequence(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def schema_key(pointer: str) -> str:
    """The key of the schema component that a `$ref` names; "" where it names none."""
    return (
        unescaped(pointer[len(_SCHEMAS) :])
        if pointer.startswith(_SCHEMAS) and "/" not in pointer[len(_SCHEMAS) :]
        else ""
    )


def unescaped(step: str) -> str:
    """A step of a pointer as the key that it stands for."""
    if "%" in step:
        step = unquote(step)
    return step.replace("~1", "/").replace("~0", "~") if "~" in step else step
