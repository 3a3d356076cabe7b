"""Formats and defaults of parameters that are examples in disguise; free tails; flags that mean nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from generator.document import TAIL, operations
from generator.repair.rule import GO_RESTFUL, KUBE_OPENAPI, Document, Rule
from generator.schema import Schema

_ONE_VERB = re.compile(r"\w*=?%([dst])\Z")
_TEMPLATE = re.compile(r"\{([^{}]*)\}")
_VERBS = {"d": "integer", "t": "boolean", "s": "string"}
_BOOLEANS = {"true": True, "false": False}


def _parameters(document: Document) -> Iterator[tuple[str, dict[str, Any], Schema]]:
    for method, path, operation in operations(document):
        for parameter in operation.get("parameters", []):
            yield f"{method.upper()} {path} {parameter['name']}", parameter, parameter["schema"]


def _read_formats(document: Document) -> list[str]:
    places = []
    for where, parameter, schema in _parameters(document):
        published = schema.get("format", "")
        if "%" not in published and "=" not in published:
            continue
        verb = _ONE_VERB.match(published)
        if verb is not None:
            schema["type"] = _VERBS[verb[1]]
        del schema["format"]
        parameter["x-published-format"] = published
        places.append(where)
    return places


def _read_defaults(document: Document) -> list[str]:
    places = []
    for where, parameter, schema in _parameters(document):
        published = schema.get("default")
        if schema.get("type") == "string" and isinstance(published, bool | int | float):
            # A text parameter with the default 1800 has the default "1800"; it may take more than numbers.
            schema["default"] = str(published).lower()
            places.append(where)
        if not isinstance(published, str):
            continue
        value = published.removeprefix(f"{parameter['name']}=").rstrip(".")
        if value != published and value in _BOOLEANS:
            schema["type"] = "boolean"
        typed = _typed(value, schema.get("type"))
        if typed == published:
            continue
        del schema["default"]
        if typed is not None:
            schema["default"] = typed
        parameter["x-published-default"] = published
        places.append(where)
    return places


def _typed(value: str, kind: Any) -> str | int | bool | None:
    """A default as its type says; None where the text is no value but a remark."""
    if kind == "integer":
        return int(value) if re.fullmatch(r"-?\d{1,18}", value) else None
    if kind == "boolean":
        return _BOOLEANS.get(value.lower())
    return None if value in ("", "[]") or " " in value else value


def _mark_tails(document: Document) -> list[str]:
    places = []
    for where, parameter, schema in _parameters(document):
        if parameter["in"] == "path" and schema.get("pattern") in ("[*]", "*", ".*"):
            del schema["pattern"]
            parameter[TAIL] = True
            places.append(where)
    return places


def _drop_unique_items(document: Document) -> list[str]:
    return [
        where
        for where, _, schema in _parameters(document)
        if schema.get("type") != "array" and schema.pop("uniqueItems", None)
    ]


def _agree_with_path(document: Document) -> list[str]:
    places = []
    for method, path, operation in operations(document):
        in_template = list(dict.fromkeys(_TEMPLATE.findall(path)))
        parameters = operation.get("parameters", [])
        kept = [one for one in parameters if one["in"] != "path" or one["name"] in in_template]
        declared = {one["name"] for one in kept if one["in"] == "path"}
        missing = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in in_template
            if name not in declared
        ]
        if missing or len(kept) < len(parameters):
            operation["parameters"] = missing + kept
            places.append(f"{method.upper()} {path}")
    return places


PATH_PARAMETERS = Rule(
    "path-parameters",
    "go-restful declares path parameters apart from the path: those of the path are taken, others address nothing",
    (GO_RESTFUL,),
    _agree_with_path,
)
FORMATS = Rule(
    "parameter-formats",
    'a format such as "limit=%d" is Go\'s way to print the parameter: its verb gives the type',
    (GO_RESTFUL,),
    _read_formats,
)
DEFAULTS = Rule(
    "parameter-defaults",
    'a default such as "ascending=false" is the value after the name, in the parameter\'s type; remarks are no defaults',
    (GO_RESTFUL,),
    _read_defaults,
)
FREE_TAIL = Rule(
    "free-tails",
    'a path parameter with the pattern "[*]" takes the rest of the path, slashes included',
    (GO_RESTFUL,),
    _mark_tails,
)
UNIQUE_ITEMS = Rule(
    "unique-items",
    "uniqueItems says nothing about what is no array",
    (GO_RESTFUL, KUBE_OPENAPI),
    _drop_unique_items,
)
