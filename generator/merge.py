"""The documents of all sources become one; types that two of them describe become one, the better described wins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from generator.document import (
    ALWAYS,
    BUILT_IN_KINDS,
    CUSTOM_RESOURCES,
    MISREPORTED,
    PUBLISHED,
    REPAIRS,
    SECRET,
    WITHDRAWN,
    operations,
)
from generator.errors import GeneratorError
from generator.evidence import EVIDENCE, joined
from generator.schema import SCHEMAS, Schema

# How much of its properties two descriptions must share to be of one type.
_SHARED_PROPERTIES = 0.5
# What one component is called, of the kinds that are one for all documents.
# Of the document; an overlay of each source can write them.
_LISTS = (BUILT_IN_KINDS, CUSTOM_RESOURCES, MISREPORTED)
_ONE_OF = {"securitySchemes": "security scheme", "responses": "response"}


def merge(documents: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One document with all operations and schemas of some documents.

    Two schemas are one type when the last two parts of their names agree (`v1.ObjectMeta` is
    `io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta`) and they share at least half of their properties.

    Raises:
        GeneratorError: two documents describe one operation, or a security scheme or response in two ways.
    """
    first = documents[0]
    final = _final_names(documents)
    # An overlay of one document may refer to a schema of another: what the others' are called, own names first.
    every = {old: new for names in reversed(final) for old, new in names.items()}
    renamed = [_rename(document, names, {**every, **names}) for document, names in zip(documents, final, strict=True)]
    merged: dict[str, Any] = {name: value for name, value in first.items() if not name.startswith("x-")}
    merged["servers"] = [{"url": "/"}]  # the address of the server is the user's
    merged["paths"] = _paths(renamed)
    merged["components"] = {"schemas": _schemas(renamed), **_shared_components(renamed)}
    merged["tags"] = []
    for document in documents:
        merged["tags"] += [tag for tag in document.get("tags", []) if tag not in merged["tags"]]
    if not merged["tags"]:
        del merged["tags"]
    merged[REPAIRS] = _repairs(documents)
    withdrawn = [entry for document in documents for entry in document.get(WITHDRAWN, [])]
    merged[WITHDRAWN] = sorted(withdrawn, key=lambda one: (one["path"], one["method"]))
    if known := joined(*documents):
        merged[EVIDENCE] = known
    for document in renamed:
        for name, value in document.items():
            if name in _LISTS:
                merged[name] = [*merged.get(name, []), *value]
            elif name.startswith("x-") and name != "x-schemes":
                merged.setdefault(name, value)
    return merged


def _final_names(documents: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """For each document, what its schemas are called in the merged one."""
    taken: dict[str, Schema] = {}
    names: list[dict[str, str]] = [{} for _ in documents]
    # The longest names first: a type's full name is the one that stays.
    everything = [
        (key, schema, number)
        for number, document in enumerate(documents)
        for key, schema in document["components"].get("schemas", {}).items()
    ]
    by_short_name: dict[str, list[str]] = {}
    for key, schema, number in sorted(everything, key=lambda one: (-one[0].count("."), one[0], one[2])):
        short = ".".join(key.split(".")[-2:])
        twins = [
            other
            for other in by_short_name.get(short, [])
            if other not in names[number].values() and same_type(taken[other], schema)
        ]
        if twins and key.count(".") > 0:
            names[number][key] = twins[0]
            continue
        final = key if key not in taken else f"{key}.{number + 1}"
        taken[final] = schema
        names[number][key] = final
        by_short_name.setdefault(short, []).append(final)
    return names


def same_type(one: Schema, other: Schema) -> bool:
    """Whether two schemas with one short name are descriptions of one type."""
    first, second = set(one.get("properties", ())), set(other.get("properties", ()))
    if not first or not second:
        return not first and not second and one.get("type") == other.get("type")
    return len(first & second) >= _SHARED_PROPERTIES * len(first | second)


def _rename(document: Mapping[str, Any], names: Mapping[str, str], targets: Mapping[str, str]) -> dict[str, Any]:
    changed = {SCHEMAS + old: SCHEMAS + new for old, new in targets.items() if old != new}
    renamed: dict[str, Any] = with_references(document, changed) if changed else dict(document)
    renamed["components"] = {
        **renamed["components"],
        "schemas": {names[key]: schema for key, schema in renamed["components"].get("schemas", {}).items()},
    }
    return renamed


def with_references(node: Any, changed: Mapping[str, str]) -> Any:
    """A part of a document with some of its `$ref`s changed."""
    if isinstance(node, list):
        return [with_references(one, changed) for one in node]
    if not isinstance(node, dict):
        return node
    out = {name: with_references(value, changed) for name, value in node.items()}
    target = out.get("$ref")
    if isinstance(target, str) and target in changed:
        out["$ref"] = changed[target]
    return out


def _paths(documents: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    origin: dict[tuple[str, str], str] = {}
    root_security = documents[0].get("security")
    for document in documents:
        base = _base_path(document)
        for method, path, operation in operations(document):
            source = operation.get(PUBLISHED, {}).get("source", "an overlay")
            if (method, path) in origin:
                raise GeneratorError(
                    f"{method.upper()} {path} is described by {origin[method, path]} and by {source}.\n"
                    "Withdraw one of the two with an overlay."
                )
            origin[method, path] = source
            own = document.get("security", root_security)
            inherits = own == root_security or "security" in operation
            # The server's address is the user's; what is left of the published one is its base path.
            kept = {name: value for name, value in operation.items() if name not in ("servers", "x-schemes")}
            paths.setdefault(base + path, {})[method] = kept if inherits else {**kept, "security": own}
    return dict(sorted(paths.items()))


def _base_path(document: Mapping[str, Any]) -> str:
    servers: list[dict[str, str]] = document.get("servers", [])
    return urlsplit(servers[0]["url"]).path.rstrip("/") if servers else ""


def _schemas(documents: Sequence[Mapping[str, Any]]) -> dict[str, Schema]:
    schemas: dict[str, Schema] = {}
    for document in documents:
        for key, schema in document["components"]["schemas"].items():
            schemas[key] = _both(schemas[key], schema) if key in schemas else schema
    return dict(sorted(schemas.items()))


def _both(one: Schema, other: Schema) -> Schema:
    """Two descriptions of one type: every property of either, each as the one that says more describes it."""
    better, worse = (one, other) if _says(one) >= _says(other) else (other, one)
    merged = {**worse, **better}
    names = sorted({*one.get("properties", ()), *other.get("properties", ())})
    if names:
        merged["properties"] = {
            name: _better_property(better.get("properties", {}).get(name), worse.get("properties", {}).get(name))
            for name in names
        }
    required = sorted(set(one.get("required", ())) & set(other.get("required", ())))
    always = {*one.get("required", ()), *other.get("required", ())}
    always |= {*one.get(ALWAYS, ()), *other.get(ALWAYS, ())}
    for name, value in (
        ("required", required),
        (ALWAYS, sorted(always)),
        (EVIDENCE, joined(one, other)),
    ):
        merged.pop(name, None)
        if value:
            merged[name] = value
    return merged


def _better_property(better: Schema | None, worse: Schema | None) -> Schema:
    if better is None or worse is None:
        return better or worse or {}
    chosen, other = (better, worse) if _precision(better) >= _precision(worse) else (worse, better)
    beside: Schema = {name: other[name] for name in ("description", SECRET) if name in other}
    return {**beside, **chosen}


def _says(schema: Schema) -> int:
    """How much a schema says: the precision of its properties and how many are described."""
    properties = schema.get("properties", {}).values()
    return sum(_precision(one) + ("description" in one) for one in properties) + ("description" in schema)


def _precision(schema: Schema) -> int:
    if "$ref" in schema:
        return 4
    variants = (*schema.get("anyOf", ()), *schema.get("oneOf", ()))
    if variants:  # a reference or null says as much as the reference
        return max(map(_precision, variants))
    inner = schema.get("items", schema.get("additionalProperties"))
    if isinstance(inner, dict):
        return 1 + _precision(inner)
    return ("type" in schema) + ("format" in schema) + ("enum" in schema)


def _shared_components(documents: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The security schemes and the responses, which are the same in all documents that have them."""
    shared: dict[str, dict[str, Any]] = {}
    for kind, what in _ONE_OF.items():
        for document in documents:
            for name, component in document["components"].get(kind, {}).items():
                if shared.setdefault(kind, {}).setdefault(name, component) != component:
                    raise GeneratorError(
                        f"Two sources describe the {what} {name!a} in two ways.\nMake them one with an overlay."
                    )
    return shared


def _repairs(documents: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rules' lines of the report; one that ran on several sources has one line with the sum."""
    lines: dict[str, dict[str, Any]] = {}
    for document in documents:
        for line in document.get(REPAIRS, []):
            known = lines.get(line["rule"])
            lines[line["rule"]] = {**line, "places": line["places"] + (known["places"] if known else 0)}
    return [lines[name] for name in sorted(lines)]
