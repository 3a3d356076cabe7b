"""The keywords of a schema: which of them say something of its values, and what type they make of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.drift.api.checks import LIMITS
from generator.drift.api.document import mapping, sequence

# What says nothing of the values, or is read elsewhere.
_NO_MEANING = frozenset(
    (
        "$ref",
        "$comment",
        "$id",
        "$schema",
        "title",
        "description",
        "example",
        "examples",
        "externalDocs",
        "xml",
        "nullable",
    )
)
# Rules for values that are compared as a whole.
RULES = (
    *("uniqueItems", "multipleOf", "minProperties", "maxProperties", "patternProperties", "propertyNames", "not"),
    *("contains", "minContains", "maxContains", "dependentRequired", "dependentSchemas", "if", "then", "else"),
    *("contentEncoding", "contentMediaType", "readOnly", "writeOnly", "unevaluatedProperties", "unevaluatedItems"),
)
SINGLE = frozenset((*LIMITS, *RULES, "pattern"))  # all that limits single values
# Without meaning: the same as leaving them out.
_NOTHING = {
    "minLength": 0,
    "minItems": 0,
    "minProperties": 0,
    "uniqueItems": False,
    "readOnly": False,
    "writeOnly": False,
}
_SCALARS = frozenset(("string", "integer", "number", "boolean"))


def meaning(node: Any) -> dict[str, Any]:
    """The keywords of a schema that say something of its values."""
    return {
        word: value
        for word, value in mapping(node).items()
        if word not in _NO_MEANING
        and (not word.startswith("x-") or word == "x-null")
        and not (word in _NOTHING and _NOTHING[word] == value)
    }


def named_kinds(value: Any) -> tuple[frozenset[str], bool]:
    """The types that a `type` names, without null, and whether it names null."""
    named = [value] if isinstance(value, str) else [one for one in sequence(value) if isinstance(one, str)]
    return frozenset(named) - {"null"}, "null" in named


def implied_kinds(words: Mapping[str, Any], properties: Mapping[str, Any]) -> frozenset[str]:
    """The type of a schema that has none, but speaks of what only values of one type have."""
    if properties or isinstance(words.get("additionalProperties"), dict):
        return frozenset(("object",))
    return frozenset(("array",)) if words.keys() & {"items", "prefixItems"} else frozenset()


def is_null(node: Any) -> bool:
    return mapping(node).get("type") == "null"


def is_plain(node: Any) -> bool:
    words = meaning(node)
    kind = words.get("type")
    return len(words) == 1 and isinstance(kind, str) and kind in _SCALARS and "$ref" not in mapping(node)


def kind_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    names = {str: "string", float: "number", list: "array", dict: "object"}
    return names.get(type(value), "string")


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
