"""How many operations were published, corrected, withdrawn and are callable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from generator.document import PUBLISHED, operations
from generator.schema import reachable

# What names and groups an operation says nothing about what goes over the wire.
_NOT_CORRECTIONS = frozenset(("operationId", "tags", "summary", "description"))


def published(documents: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, str, str], ...]:
    """Every operation of the converted documents as (source, METHOD, path)."""
    return tuple(
        (operation[PUBLISHED]["source"], method.upper(), path)
        for document in documents
        for method, path, operation in operations(document)
    )


def count_corrected(before: Mapping[str, Any], after: Mapping[str, Any]) -> int:
    """How many operations of one source say something else than published, in themselves or in a schema they use."""
    changed = _changed_schemas(before, after)
    original = {(method.upper(), path): operation for method, path, operation in operations(before)}
    schemas = {
        **_schemas(after),
        **{key: value for key, value in _schemas(before).items() if key not in _schemas(after)},
    }
    count = 0
    for _, _, operation in operations(after):
        mark = operation.get(PUBLISHED)
        if mark is None:
            continue
        old = original.get((mark["method"], mark["path"]), {})
        count += _content(old) != _content(operation) or bool(changed & reachable(operation, schemas))
    return count


def _content(operation: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in operation.items() if key not in _NOT_CORRECTIONS and not key.startswith("x-")}


def _schemas(document: Mapping[str, Any]) -> Mapping[str, Any]:
    schemas: Mapping[str, Any] = document.get("components", {}).get("schemas", {})
    return schemas


def _changed_schemas(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    old, new = _schemas(before), _schemas(after)
    return {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
