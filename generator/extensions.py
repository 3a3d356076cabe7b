"""Whether a corrected document has the shape that the later stages rely on: parts of operations, and our extensions.

An overlay can put anything anywhere. What has the wrong shape, or means nothing where it stands, stops the run here with
its place, before a stage trips over it or passes it by.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from generator.document import (
    ADDED,
    ALWAYS,
    BASE,
    BUILT_IN_KINDS,
    CUSTOM_RESOURCES,
    FOLLOWS,
    GROWING_LOG,
    KIND_OF,
    KINDS,
    METHODS,
    MISREPORTED,
    PASSTHROUGH,
    PUBLISHED,
    PUBLISHED_NAME,
    REPAIRS,
    SECRET,
    TAIL,
    VARIANTS,
    WATCHABLE,
    WEBSOCKET,
    WITHDRAWN,
)
from generator.errors import GeneratorError
from generator.evidence import EVIDENCE
from generator.schema import UNIX_TIME
from generator.shapes import (
    are_built_in,
    are_kinds,
    are_misreported,
    are_references,
    are_repairs,
    are_responses,
    are_withdrawn,
    is_flag,
    is_kind,
    is_published,
    is_table,
    is_table_of_tables,
    is_tables,
    is_text,
    is_texts,
    is_watchable,
)
from generator.swagger.place import shown

_METHOD_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_OURS = "x-kubesphere"
# Members that hold data or names, and no parts of a description.
_DATA = frozenset(("const", "default", "enum", "example", "examples", "mapping", EVIDENCE, KIND_OF))

_Check = tuple[Callable[[Any], bool], str]
_Checks = Mapping[str, _Check]
_FLAG: _Check = (is_flag, "true or false")
_TEXT: _Check = (is_text, "text")
_EVIDENCE: _Check = (is_tables, "a list of objects")
_OF_OPERATION: _Checks = {
    "responses": (are_responses, "objects"),
    "parameters": (is_tables, "a list of objects"),
    "requestBody": (is_table, "an object"),
    "summary": _TEXT,
    "description": _TEXT,
    PASSTHROUGH: _FLAG,
    FOLLOWS: _FLAG,
    WEBSOCKET: _FLAG,
    GROWING_LOG: _FLAG,
    ADDED: _FLAG,
    PUBLISHED: (is_published, "an object with the texts source, method and path"),
    EVIDENCE: _EVIDENCE,
    WATCHABLE: (is_watchable, "an object with list and object"),
    KIND_OF: (is_kind, "an object of texts with version and kind"),
    "x-kubernetes-action": _TEXT,
    VARIANTS: (is_table, "an object"),
}
_OF_PARAMETER: _Checks = {EVIDENCE: _EVIDENCE}
_OF_PATH_PARAMETER: _Checks = {
    **_OF_PARAMETER,
    KINDS: (are_references, "an object of references"),
    TAIL: _FLAG,
}
_OF_ANY_SCHEMA: _Checks = {
    "properties": (is_table_of_tables, "an object of schemas"),
    ALWAYS: (is_texts, "a list of names"),
    SECRET: _FLAG,
    EVIDENCE: _EVIDENCE,
}
_OF_QUERY: _Checks = {**_OF_ANY_SCHEMA, UNIX_TIME: (is_text, "text")}
_OF_SCHEMA: _Checks = {
    **_OF_ANY_SCHEMA,
    "description": _TEXT,
    KIND_OF: (are_kinds, "a list of version and kind"),
    BASE: _FLAG,
    PUBLISHED_NAME: _TEXT,
}
_OF_DOCUMENT: _Checks = {
    EVIDENCE: _EVIDENCE,
    MISREPORTED: (
        are_misreported,
        "a list of objects with status and means (400 to 599), path and message (regular expressions)",
    ),
    BUILT_IN_KINDS: (are_built_in, "a list of objects with apiVersion, kind, plural and namespaced"),
    WITHDRAWN: (are_withdrawn, "a list of objects with the texts source, method, path and reason"),
    REPAIRS: (are_repairs, "a list of objects with rule, title and places"),
    CUSTOM_RESOURCES: (is_tables, "a list of objects"),
}

KNOWN = (_OF_DOCUMENT, _OF_OPERATION, _OF_PATH_PARAMETER, _OF_QUERY, _OF_SCHEMA)  # by what they are members of


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
        yield from _schemas(f"a part of the schema {key}", _parts(schema))
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
        if not is_text(parameter.get("name")) or parameter.get("in") not in ("path", "query", "header", "cookie"):
            yield place, "has a parameter without a name, or in no place that there is"
            return
        yield from _parameter(f"{place}, parameter {parameter['name']},", parameter)
    yield from _schemas(f"{place}, a body or an answer,", [operation.get("requestBody"), operation["responses"]])
    declared = {one["name"] for one in operation.get("parameters", []) if one["in"] == "query"}
    for name, variant in operation.get(VARIANTS, {}).items():
        yield from _variant(f"{place}, variant {name!a},", name, variant, declared)


def _parameter(place: str, parameter: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from _members(place, parameter, _OF_PATH_PARAMETER if parameter["in"] == "path" else _OF_PARAMETER)
    schema = parameter.get("schema", {})
    if not isinstance(schema, dict):
        yield place, "has a schema that is no object"
        return
    yield from _members(place, schema, _OF_QUERY if parameter["in"] == "query" else _OF_ANY_SCHEMA)
    yield from _schemas(place, _parts(schema))


def _variant(place: str, name: str, variant: Any, declared: set[str]) -> Iterator[tuple[str, str]]:
    if not _METHOD_NAME.match(name) or keyword.iskeyword(name):
        yield place, "is called as no method can be called"
    elif not is_table(variant) or not is_table(variant.get("query")) or not is_table(variant.get("content", {})):
        yield place, "has no object `query`, or a `content` that is none"
    elif not all(is_text(variant.get(member, "")) for member in ("summary", "description")):
        yield place, "has a summary or description that is no text"
    elif not is_texts(variant.get("without", [])) or not set(variant.get("without", [])) <= declared:
        yield place, "leaves out what is no query parameter of the operation"
    else:
        for wire, value in variant["query"].items():
            if not isinstance(value, str | int | float | dict | None):
                yield place, f"sends something else than one value as {wire!a}"
            elif value is None and wire not in declared:
                yield place, f"requires {wire!a}, which is no query parameter of the operation"


def _schemas(place: str, nodes: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """What is wrong in the schemas somewhere in some parts of a description."""
    for node in nodes:
        if isinstance(node, dict):
            yield from _members(place, node, _OF_ANY_SCHEMA)
        yield from _schemas(place, _parts(node))


def _parts(node: Any) -> Iterator[Any]:
    """What a part of a description consists of, without the data in it and the names of properties."""
    if isinstance(node, list):
        yield from node
    elif isinstance(node, dict):
        for member, value in node.items():
            if member == "properties" and isinstance(value, dict):
                yield from value.values()
            elif member not in _DATA:
                yield value


def _members(place: str, node: Mapping[str, Any], checks: _Checks) -> Iterator[tuple[str, str]]:
    for member, value in node.items():
        if member in checks:
            fits, shape = checks[member]
            if not fits(value):
                yield place, f"has `{member}` that is not {shape}"
                return
        elif isinstance(member, str) and member.startswith(_OURS):
            yield place, f"has {member!a}, which means nothing there"
            return
