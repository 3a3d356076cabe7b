"""In which module of the client each schema lives: its API group and version, `kubernetes`, or `shared`.

A kind of object lives with its own group, wherever else it is used. For the rest, group modules refer to `shared` and
`kubernetes`, `shared` refers to `kubernetes`, and `kubernetes` to itself alone. What classes everywhere derive from is
in `objects`, which is small.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from generator.document import BASE, KIND_OF, operations
from generator.errors import GeneratorError
from generator.naming.placement import place
from generator.naming.references import references

KUBERNETES, SHARED, OBJECTS = "kubernetes", "shared", "objects"
# kube-openapi spells Kubernetes' own types in full; go-restful gives only the last part of the Go package. `v1` is
# always Kubernetes there, because KubeSphere 3 has no v1 types of its own.
_KUBERNETES_KEYS = tuple("io.k8s. v1. resource. intstr. inf. big. runtime. types.".split())


def modules(document: Mapping[str, Any]) -> dict[str, str]:
    """The module of each component schema of a document whose operations are named."""
    schemas = document["components"]["schemas"]
    closure = _Closure(schemas)
    reached_from: dict[str, set[str]] = {key: set() for key in schemas}
    users = [
        (operation_module(operation["operationId"]), references(operation)) for _, _, operation in operations(document)
    ]
    kinds = _kinds(schemas, {module for module, _ in users})
    for module, used in users:
        for key in closure.of(used, until=kinds):
            reached_from[key].add(module)
    for kind, module in kinds.items():
        reached_from[kind] = {module}
        for key in closure.of(references(schemas[kind]), until=kinds) - kinds.keys():
            reached_from[key].add(module)
    kubernetes = closure.of(
        key for key in schemas if key.startswith(_KUBERNETES_KEYS) or reached_from[key] == {KUBERNETES}
    )
    homes = {key: next(iter(groups)) if len(groups) == 1 else SHARED for key, groups in reached_from.items()}
    _place_unreached(homes, [key for key in schemas if not reached_from[key]], closure, kubernetes)
    placed = {key: KUBERNETES if key in kubernetes else home for key, home in homes.items()}
    return {key: OBJECTS if schemas[key].get(BASE) is True else module for key, module in placed.items()}


def operation_module(identifier: str) -> str:
    """The models module of an operation's group: `crd.tenant.v1alpha1.list_workspaces` is of tenant_v1alpha1."""
    return "_".join(identifier.removeprefix("crd.").split(".")[:-1])


def check_layers(document: Mapping[str, Any]) -> None:
    """Raise GeneratorError if a module refers to one that is not below it."""
    below = {KUBERNETES: {KUBERNETES, OBJECTS}, OBJECTS: {KUBERNETES}, SHARED: {SHARED, KUBERNETES, OBJECTS}}
    for key, schema in document["components"]["schemas"].items():
        module = key.partition(".")[0]
        allowed = below.get(module, {module, SHARED, KUBERNETES, OBJECTS})
        for target in references(schema):
            if target.partition(".")[0] not in allowed and KIND_OF not in document["components"]["schemas"][target]:
                raise GeneratorError(
                    f"The schema {key} refers to {target}, which its module may not import.\n"
                    "This is a fault of generator/naming/modules.py: please report it with the release it happened in."
                )


def _kinds(schemas: Mapping[str, Any], known: Collection[str]) -> dict[str, str]:
    """The schemas that are a kind of object, with the module of its group where the client has operations of it."""
    found = {}
    for key, schema in schemas.items():
        match schema.get(KIND_OF):
            case [{"group": str(group), "version": str(version)}] if group:
                module = operation_module(f"{place(f'/apis/{group}/{version}').attribute}.")
                if module in known:
                    found[key] = module
    return found


def _place_unreached(homes: dict[str, str], unreached: list[str], closure: _Closure, kubernetes: set[str]) -> None:
    """A schema that no operation reaches joins the one group whose schemas it uses; else it is shared, and they are."""
    joining: dict[str, str] = {}
    for key in unreached:
        used = closure.of([key]) - kubernetes
        groups = {homes[one] for one in used} - {SHARED}
        if len(groups) == 1:
            joining[key] = groups.pop()
    for key in unreached:
        if key not in joining:
            homes.update(dict.fromkeys(closure.of([key]), SHARED))
    shared_by_use = {one for key in unreached if key not in joining for one in closure.of([key])}
    homes.update({key: group for key, group in joining.items() if key not in shared_by_use})


class _Closure:
    """What schemas refer to, and what those refer to, and so on."""

    def __init__(self, schemas: Mapping[str, Any]) -> None:
        self._direct: dict[str, set[str]] = defaultdict(set)
        for key, schema in schemas.items():
            self._direct[key] = set(references(schema)) & schemas.keys()

    def of(self, keys: Iterable[str], *, until: Collection[str] = ()) -> set[str]:
        """The given schemas and all that they lead to; what is in `until` is found, but not gone beyond."""
        found: set[str] = set()
        waiting = [key for key in keys if key in self._direct]
        while waiting:
            key = waiting.pop()
            if key not in found:
                found.add(key)
                waiting += () if key in until else self._direct[key]
        return found
