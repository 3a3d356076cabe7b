"""What a rule is, and how rules walk a document."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from attrs import frozen

from generator.document import PUBLISHED, WITHDRAWN, operations
from generator.evidence import EVIDENCE
from generator.schema import SCHEMAS, Schema

GO_RESTFUL = "go-restful"
KUBE_OPENAPI = "kube-openapi"
Document = dict[str, Any]


@frozen
class Rule:
    """A habit of a writer and its remedy.

    `apply` changes the document it is given, which is the repair stage's own copy, and names each place it mended.
    """

    name: str
    title: str
    writers: tuple[str, ...]
    apply: Callable[[Document], list[str]]


def components(document: Document) -> dict[str, Schema]:
    schemas: dict[str, Schema] = document["components"].setdefault("schemas", {})
    return schemas


def schemas_of(document: Document) -> Iterator[tuple[str, Schema]]:
    """Every schema of the document, however deep, with where it stands; parents before children."""
    for name, schema in components(document).items():
        yield from _nested(f"schema {name}", schema)
    for method, path, operation in operations(document):
        where = f"{method.upper()} {path}"
        for parameter in operation.get("parameters", []):
            yield from _nested(f"{where} {parameter['name']}", parameter.get("schema", {}))
        for holder in (operation.get("requestBody", {}), *operation["responses"].values()):
            # One schema object may stand under several media types; it is visited once.
            for schema in {
                id(one.get("schema")): one.get("schema", {}) for one in holder.get("content", {}).values()
            }.values():
                yield from _nested(where, schema)


def references_in(document: Document) -> Iterator[tuple[str, Schema, str]]:
    """Every schema that refers to a component: where, the schema, and the component's key."""
    for where, schema in schemas_of(document):
        target = schema.get("$ref")
        if isinstance(target, str) and target.startswith(SCHEMAS):
            yield where, schema, target.removeprefix(SCHEMAS)


def replace(schema: Schema, by: Schema) -> None:
    """Put another schema in a schema's place, keeping what stands beside a reference."""
    schema.pop("$ref", None)
    schema.update({name: value for name, value in by.items() if name not in schema or name == "type"})


def withdraw(document: Document, method: str, path: str, reason: str) -> str:
    """Take an operation out of the document and record that and why."""
    operation = document["paths"][path].pop(method)
    if not document["paths"][path]:
        del document["paths"][path]
    published = operation.get(PUBLISHED, {"method": method.upper(), "path": path})
    known = {"evidence": operation[EVIDENCE]} if EVIDENCE in operation else {}
    document.setdefault(WITHDRAWN, []).append({**published, "reason": reason, **known})
    return f"{method.upper()} {path}"


def _nested(where: str, schema: Any) -> Iterator[tuple[str, Schema]]:
    if not isinstance(schema, dict):
        return
    yield where, schema
    for name, value in schema.get("properties", {}).items():
        yield from _nested(f"{where}.{name}", value)
    for keyword in ("items", "additionalProperties", "not"):
        yield from _nested(where, schema.get(keyword))
    for keyword in ("allOf", "anyOf", "oneOf", "prefixItems"):
        for value in schema.get(keyword, ()):
            yield from _nested(where, value)
