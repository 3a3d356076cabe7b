"""Whether a corrected document has the shape that the later stages rely on: parts of operations, and our extensions.

An overlay can put anything anywhere. What has the wrong shape stops the run here, with its place, before a stage trips
over it or passes it by.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from generator.document import (
    ADDED,
    BASE,
    BUILT_IN_KINDS,
    FOLLOWS,
    GROWING_LOG,
    KIND_OF,
    KINDS,
    METHODS,
    MISREPORTED,
    PASSTHROUGH,
    PUBLISHED,
    VARIANTS,
    WATCHABLE,
    WEBSOCKET,
)
from generator.errors import GeneratorError
from generator.evidence import EVIDENCE
from generator.swagger.place import shown

_METHOD_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_API_VERSION = re.compile(r"([a-z0-9.-]+/)?v[0-9]+[a-z0-9]*")
_KIND = re.compile(r"[A-Z][A-Za-z0-9]*")
_PLURAL = re.compile(r"[a-z0-9]+")


def _is_table(value: Any) -> bool:
    return isinstance(value, dict)


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_table, value))


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_kind(value: Any) -> bool:
    return isinstance(value, dict) and {"version", "kind"} <= value.keys() and all(map(_is_text, value.values()))


def _is_watchable(value: Any) -> bool:
    return value is True or (isinstance(value, dict) and value.keys() <= {"list", "object"})


def _is_misreported(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_refusal, value))


def _is_refusal(value: Any) -> bool:
    """One kind of refusal: the status that comes, on which paths, with which words, and the status that is meant."""
    if not isinstance(value, dict) or value.keys() != {"status", "path", "message", "means"}:
        return False
    if not all(type(value[name]) is int and 400 <= value[name] < 600 for name in ("status", "means")):
        return False
    return all(map(_is_pattern, (value["path"], value["message"])))


def _are_built_in(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_built_in, value))


def _is_built_in(value: Any) -> bool:
    """A kind of Kubernetes' own: the parts of its address, and whether its objects are in namespaces."""
    if not isinstance(value, dict) or value.keys() != {"apiVersion", "kind", "plural", "namespaced"}:
        return False
    if not _is_flag(value["namespaced"]):
        return False
    shapes = (("apiVersion", _API_VERSION), ("kind", _KIND), ("plural", _PLURAL))
    return all(_is_text(value[name]) and shape.fullmatch(value[name]) for name, shape in shapes)


def _is_pattern(value: Any) -> bool:
    try:
        return isinstance(value, str) and re.compile(value) is not None
    except re.error:
        return False


_Check = tuple[Callable[[Any], bool], str]
_OF_OPERATION: dict[str, _Check] = {
    "responses": (lambda value: _is_table(value) and bool(value) and all(map(_is_table, value.values())), "objects"),
    "parameters": (_is_tables, "a list of objects"),
    "requestBody": (_is_table, "an object"),
    "summary": (_is_text, "text"),
    "description": (_is_text, "text"),
    PASSTHROUGH: (_is_flag, "true or false"),
    FOLLOWS: (_is_flag, "true or false"),
    WEBSOCKET: (_is_flag, "true or false"),
    GROWING_LOG: (_is_flag, "true or false"),
    ADDED: (_is_flag, "true or false"),
    PUBLISHED: (_is_table, "an object"),
    EVIDENCE: (_is_tables, "a list of objects"),
    WATCHABLE: (_is_watchable, "an object with list and object"),
    KIND_OF: (_is_kind, "an object of texts with version and kind"),
    "x-kubernetes-action": (_is_text, "text"),
    VARIANTS: (_is_table, "an object"),
}
_OF_SCHEMA: dict[str, _Check] = {
    "properties": (lambda value: _is_table(value) and all(map(_is_table, value.values())), "an object of schemas"),
    "description": (_is_text, "text"),
    "x-always-serialised": (_is_texts, "a list of names"),
    KIND_OF: (lambda value: isinstance(value, list) and all(map(_is_kind, value)), "a list of version and kind"),
    BASE: (_is_flag, "true or false"),
    EVIDENCE: (_is_tables, "a list of objects"),
}
_OF_DOCUMENT: dict[str, _Check] = {
    EVIDENCE: (_is_tables, "a list of objects"),
    MISREPORTED: (
        _is_misreported,
        "a list of objects with status and means (400 to 599), path and message (regular expressions)",
    ),
    BUILT_IN_KINDS: (_are_built_in, "a list of objects with apiVersion, kind, plural and namespaced"),
    "x-kubesphere-withdrawn": (_is_tables, "a list of objects"),
    "x-kubesphere-repairs": (_is_tables, "a list of objects"),
    "x-kubesphere-custom-resources": (_is_tables, "a list of objects"),
}


def check_extensions(document: Mapping[str, Any]) -> None:
    """Make sure of the shape of a document after its overlays.

    Raises:
        GeneratorError: something has another shape; the message has the first place.
    """
    for place, wrong in _findings(document):
        raise GeneratorError(
            f"After the overlays, {shown(place)} {wrong}.\nCorrect the overlay that wrote it; `x-evidence` names its actions."
        )


def _findings(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from _members("the document", document, _OF_DOCUMENT)
    paths, components = document.get("paths"), document.get("components")
    schemas = components.get("schemas", {}) if isinstance(components, dict) else None
    if not isinstance(paths, dict) or not isinstance(schemas, dict):
        yield "the document", "has no objects `paths` and `components`"
        return
    for key, schema in schemas.items():
        if not isinstance(schema, dict):
            yield f"the schema {key}", "is no object"
            return
        yield from _members(f"the schema {key}", schema, _OF_SCHEMA)
        for name, value in schema.get("properties", {}).items():
            if not isinstance(value.get("x-kubesphere-secret", False), bool):
                yield f"the property {name} of the schema {key}", "has an x-kubesphere-secret that is not true or false"
    for path, item in paths.items():
        if not isinstance(item, dict):
            yield path, "is no object"
            return
        for method in METHODS:
            if method in item:
                yield from _operation(f"{method.upper()} {path}", item[method])


def _operation(place: str, operation: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(operation, dict) or "responses" not in operation:
        yield place, "is no operation with responses"
        return
    yield from _members(place, operation, _OF_OPERATION)
    for parameter in operation.get("parameters", []):
        if not _is_text(parameter.get("name")) or parameter.get("in") not in ("path", "query", "header", "cookie"):
            yield place, "has a parameter without a name, or in no place that there is"
            return
        yield from _kinds(f"{place}, parameter {parameter['name']},", parameter)
    declared = {one["name"] for one in operation.get("parameters", []) if one["in"] == "query"}
    for name, variant in operation.get(VARIANTS, {}).items():
        yield from _variant(f"{place}, variant {name!a},", name, variant, declared)


def _kinds(place: str, parameter: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    kinds = parameter.get(KINDS)
    if kinds is None:
        return
    if parameter["in"] != "path":
        yield place, f"has {KINDS}, which only a parameter of the path can have"
    elif not isinstance(kinds, dict) or not all(_is_table(one) and _is_text(one.get("$ref")) for one in kinds.values()):
        yield place, f"has {KINDS} that is no object of references"


def _variant(place: str, name: str, variant: Any, declared: set[str]) -> Iterator[tuple[str, str]]:
    if not _METHOD_NAME.match(name) or keyword.iskeyword(name):
        yield place, "is called as no method can be called"
    elif not _is_table(variant) or not _is_table(variant.get("query")) or not _is_table(variant.get("content", {})):
        yield place, "has no object `query`, or a `content` that is none"
    elif not all(_is_text(variant.get(member, "")) for member in ("summary", "description")):
        yield place, "has a summary or description that is no text"
    elif not _is_texts(variant.get("without", [])) or not set(variant.get("without", [])) <= declared:
        yield place, "leaves out what is no query parameter of the operation"
    else:
        for wire, value in variant["query"].items():
            if not isinstance(value, str | int | float | dict | None):
                yield place, f"sends something else than one value as {wire!a}"
            elif value is None and wire not in declared:
                yield place, f"requires {wire!a}, which is no query parameter of the operation"


def _members(place: str, node: Mapping[str, Any], checks: Mapping[str, _Check]) -> Iterator[tuple[str, str]]:
    for member, (fits, shape) in checks.items():
        if member in node and not fits(node[member]):
            yield place, f"has `{member}` that is not {shape}"
            return
