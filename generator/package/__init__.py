"""What the renderer prints: the client package as frozen values, with every decision taken.

A template may read everything here and decides nothing.
"""

from __future__ import annotations

from attrs import frozen

from generator.package.groups import Group, RawMethod
from generator.package.models import Alias, Field, Model, ModelModule
from generator.package.operations import Argument, Body, Kind, Operation, Response, Watch
from generator.pytypes import ModelType
from generator.unproven import Untyped

__all__ = [
    "Alias",
    "Argument",
    "Body",
    "Field",
    "Group",
    "Kind",
    "Misreported",
    "Model",
    "ModelModule",
    "ObjectKind",
    "Operation",
    "Package",
    "RawMethod",
    "Response",
    "Watch",
    "Withdrawn",
]


@frozen
class Withdrawn:
    """A published operation that the client does not offer, and why."""

    method: str
    path: str
    name: str
    reason: str


@frozen
class Misreported:
    """A kind of refusal whose status says something else than what is meant."""

    status: int
    path: str
    message: str
    means: int


@frozen
class ObjectKind:
    """A kind of Kubernetes objects: where its objects are, and the class that describes them if there is one."""

    api_version: str
    kind: str
    plural: str
    namespaced: bool
    model: ModelType | None


@frozen
class Package:
    """The whole client."""

    release: str
    version: str
    title: str
    checked: bool  # against a server of this release
    token_path: str | None
    misreported: tuple[Misreported, ...]
    object_kinds: tuple[ObjectKind, ...]
    groups: tuple[Group, ...]
    modules: tuple[ModelModule, ...]
    withdrawn: tuple[Withdrawn, ...]
    untyped: tuple[Untyped, ...]
    as_published: tuple[str, ...]

    def all_groups(self) -> tuple[Group, ...]:
        return tuple(node for group in self.groups for node in group.walk())

    def operations(self) -> tuple[Operation, ...]:
        return tuple(operation for group in self.all_groups() for operation in group.operations)

    def exports(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Every class name of the models, with the modules that have one of that name."""
        modules: dict[str, list[str]] = {}
        for module in self.modules:
            for name in module.exports:
                modules.setdefault(name, []).append(module.name)
        return tuple((name, tuple(modules[name])) for name in sorted(modules))

    def plain_exports(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """By module, the class names that no other module has."""
        unique = {name for name, modules in self.exports() if len(modules) == 1}
        return tuple(
            (module.name, names)
            for module in self.modules
            if (names := tuple(n for n in module.exports if n in unique))
        )
