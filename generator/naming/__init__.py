"""Every operation and every schema of a merged document gets its one final name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.document import PUBLISHED_NAME, WATCH, WATCHABLE, WITHDRAWN
from generator.errors import GeneratorError
from generator.naming.hoist import hoisted
from generator.naming.modules import check_layers, modules
from generator.naming.operations import OperationName, operation_name, operation_names
from generator.naming.python_names import python_name, python_names
from generator.naming.references import rename_references
from generator.naming.schemas import class_names
from generator.naming.table import Names, load_names

__all__ = ["Names", "load_names", "name", "python_name", "python_names"]


def name(document: Mapping[str, Any], exceptions: Names) -> dict[str, Any]:
    """The document with `operationId`s such as `iam.v1alpha2.list_users` and schemas such as `iam_v1alpha2.User`.

    Args:
        document: OpenAPI 3.1 as `merge` leaves it; it is not changed.
        exceptions: what specs/names.toml says.

    Raises:
        GeneratorError: a path has no place in the client, a name cannot be derived from it, two operations or two
            schemas end in one name, or a reference leads nowhere.
    """
    inline = hoisted(_with_operation_names(document, exceptions))
    schemas = inline.document["components"]["schemas"]
    module_of = modules(inline.document)
    class_of = class_names(schemas, module_of, inline.stems, exceptions)
    final = {key: f"{module_of[key]}.{class_of[key]}" for key in schemas}
    renamed = rename_references(inline.document, final)
    published = {final[key]: key for key in schemas if key not in inline.stems}
    result: dict[str, Any] = {
        **renamed,
        "components": {
            **renamed["components"],
            "schemas": {
                key: {**schema, PUBLISHED_NAME: published[key]} if key in published else schema
                for key, schema in sorted(renamed["components"]["schemas"].items())
            },
        },
    }
    check_layers(result)
    return result


def _with_operation_names(document: Mapping[str, Any], exceptions: Names) -> dict[str, Any]:
    names = operation_names(document, exceptions)
    paths = {
        path: {
            method: _named(operation, names[method, path]) if (method, path) in names else operation
            for method, operation in item.items()
        }
        for path, item in document["paths"].items()
    }
    tags = [{"name": tag} for tag in sorted({one.attribute for one in names.values()})]
    return {**document, "paths": paths, "tags": tags, **_withdrawn(document, exceptions)}


def _named(operation: Mapping[str, Any], given: OperationName) -> dict[str, Any]:
    rest = {key: value for key, value in operation.items() if key != WATCHABLE}
    watch = {WATCH: given.watch} if given.watch else {}
    return {**rest, "operationId": given.identifier, "tags": [given.attribute], **watch}


def _withdrawn(document: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """What was withdrawn, under the name it would have had; one that cannot be named stays without."""
    if WITHDRAWN not in document:
        return {}
    entries = []
    for entry in document[WITHDRAWN]:
        try:
            given = operation_name(entry["method"], entry["path"], names)
        except GeneratorError:
            entries.append(entry)
        else:
            entries.append({**entry, "name": given.identifier})
    return {WITHDRAWN: entries}
