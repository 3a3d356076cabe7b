"""Whether openapi-spec-validator surely has no objection to what a document of the right form means.

It looks at the same places in the same order, once each; where something could be wrong, or is too unusual to be judged
here, that is for `objections`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from string import Formatter
from typing import Any

from jsonschema_rs import Draft202012Validator

from generator.document import METHODS

_REFERENCE = re.compile(r"#/components/(schemas|parameters|responses)/([\w.-]+)", re.ASCII)
_MOST_REFERENCES = 100  # one that leads to another and so on
_PARTS = ("allOf", "anyOf", "oneOf", "not", "items")

# What a schema with a default may say for the two to be compared here, besides pattern, format and annotations.
_COMPARED = frozenset("type enum const minimum maximum exclusiveMinimum exclusiveMaximum minLength maxLength".split())
_ANNOTATIONS = frozenset(
    "title description default example examples deprecated readOnly writeOnly externalDocs xml".split()
)
_BITS = {"int32": 31, "int64": 63}  # what openapi-schema-validator asserts of them; a JSON value fits the others
_OTHER_FORMATS = ("double", "float", "password")


def is_sound(document: Mapping[str, Any]) -> bool:
    """Whether defaults fit, what is required is defined, and parameters are those of their path; False if unsure."""
    try:
        _Walk(document).whole()
    except (_Doubtful, RecursionError):
        return False
    return True


class _Doubtful(Exception):
    """Something that may be wrong."""


class _Walk:
    """One walk through a document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._seen: set[int] = set()
        self._names: dict[int, set[str]] = {}

    def whole(self) -> None:
        _assure("jsonSchemaDialect" not in self._document)
        tags = [str(self._object(tag).get("name")) for tag in self._list(self._document.get("tags", []))]
        _assure(len(tags) == len(set(tags)))
        identifiers: set[str] = set()
        for path, node in self._object(self._document.get("paths", {})).items():
            self._path_item(path, self._object(node), identifiers)
        for schema in self._object(self._object(self._document.get("components", {})).get("schemas", {})).values():
            self._schema(schema)

    def _path_item(self, path: str, item: Mapping[str, Any], identifiers: set[str]) -> None:
        try:
            in_path = {field for _, field, _, _ in Formatter().parse(path) if field}
        except ValueError:
            raise _Doubtful from None
        shared = self._parameters(item)
        for method in METHODS:
            if method in item:
                operation = self._object(item[method])
                identifier = operation.get("operationId")
                _assure(isinstance(identifier, str) and identifier not in identifiers)
                identifiers.add(str(identifier))
                for response in self._object(operation.get("responses", {})).values():
                    self._content(self._object(response))
                _assure(shared | self._parameters(operation) == in_path)

    def _parameters(self, owner: Mapping[str, Any]) -> set[str]:
        """The names of those in the path."""
        found: set[tuple[str, str]] = set()
        for one in self._list(owner.get("parameters", [])):
            parameter = self._object(one)
            key = parameter.get("name"), parameter.get("in")
            match key:
                case str(name), str(place) if (name, place) not in found:
                    found.add((name, place))
                case _:
                    raise _Doubtful
            if "schema" in parameter:
                self._schema(parameter["schema"])
        return {name for name, place in found if place == "path"}

    def _content(self, response: Mapping[str, Any]) -> None:
        for media in self._object(response.get("content", {})).values():
            if "schema" in (of_media := self._object(media)):
                self._schema(of_media["schema"])

    def _schema(self, node: Any) -> None:
        schema = self._resolved(node)
        if isinstance(schema, bool) or id(schema) in self._seen:
            return
        self._seen.add(id(schema))
        schema = self._object(schema)
        _assure("$id" not in schema and "$schema" not in schema)  # its references, or words, may mean something else
        for part in self._parts(schema):
            self._schema(part)
        properties = self._object(schema.get("properties", {}))
        for part in properties.values():
            self._schema(part)
        if "allOf" in schema:
            defined = set(properties).union(*map(self._defined, self._list(schema["allOf"])))
            _assure(defined.issuperset(self._list(schema.get("required", []))))
        if "default" in schema:
            _assure(_fits(schema["default"], schema))

    def _defined(self, node: Any) -> set[str]:
        """The names of all properties that a schema, and those applied in place of it, have."""
        schema = self._object(node)
        if id(schema) not in self._names:
            names = set(self._object(schema.get("properties", {}))).union(*map(self._defined, self._parts(schema)))
            self._names[id(schema)] = names
        return self._names[id(schema)]

    def _parts(self, schema: Mapping[str, Any]) -> Iterator[Any]:
        for key in _PARTS:
            if key in schema:
                yield from self._list(schema[key]) if key in ("allOf", "anyOf", "oneOf") else (schema[key],)

    def _object(self, node: Any) -> Mapping[str, Any]:
        target = self._resolved(node)
        if not isinstance(target, dict):
            raise _Doubtful
        return target

    def _list(self, node: Any) -> list[Any]:
        if not isinstance(node, list):
            raise _Doubtful
        return node

    def _resolved(self, node: Any) -> Any:
        """What a node is, or refers to; the validator too leaves out what stands beside `$ref`."""
        for _ in range(_MOST_REFERENCES):
            if not isinstance(node, dict) or not isinstance(node.get("$ref"), str):
                return node
            reference = _REFERENCE.fullmatch(node["$ref"])
            section = self._document.get("components", {}).get(reference[1]) if reference else None
            if reference is None or not isinstance(section, dict) or reference[2] not in section:
                raise _Doubtful
            node = section[reference[2]]
        raise _Doubtful


def _assure(condition: bool) -> None:
    if not condition:
        raise _Doubtful


def _fits(value: Any, schema: Mapping[str, Any]) -> bool:
    """Whether a default surely is what its schema describes."""
    kept = {key: schema[key] for key in schema.keys() & _COMPARED}
    others = schema.keys() - _COMPARED - _ANNOTATIONS - {"pattern", "format"}
    form = schema.get("format", "double")
    if not isinstance(value, str | int | float) or any(not key.startswith("x-") for key in others):
        return False
    # jsonschema-rs ends the process where a value is nested too deeply.
    if any(isinstance(one, dict | list) for one in (schema.get("const"), *schema.get("enum", ()))):
        return False
    if isinstance(value, str) and "pattern" in schema and not re.search(schema["pattern"], value):
        return False
    if form in _BITS:
        if type(value) is int and not -(1 << _BITS[form]) <= value < 1 << _BITS[form]:
            return False
    elif form not in _OTHER_FORMATS:
        return False
    try:
        return Draft202012Validator(kept).is_valid(value)
    except ValueError:
        return False
