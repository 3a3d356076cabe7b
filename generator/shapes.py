"""Whether a value of a document has one shape or another: flags, texts, tables, and what our extensions hold."""

from __future__ import annotations

import re
from typing import Any

_API_VERSION = re.compile(r"([a-z0-9]([a-z0-9.-]*[a-z0-9])?/)?v[0-9]+[a-z0-9]*")
_KIND = re.compile(r"[A-Z][A-Za-z0-9]*")
_PLURAL = re.compile(r"[a-z0-9]+")


def is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def is_text(value: Any) -> bool:
    return isinstance(value, str)


def is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(is_text, value))


def is_table(value: Any) -> bool:
    return isinstance(value, dict)


def is_tables(value: Any) -> bool:
    return isinstance(value, list) and all(map(is_table, value))


def is_table_of_tables(value: Any) -> bool:
    return isinstance(value, dict) and all(map(is_table, value.values()))


def are_responses(value: Any) -> bool:
    return bool(value) and is_table_of_tables(value)


def is_published(value: Any) -> bool:
    """Where an operation was published: `operationId` is null where it had none."""
    return is_table(value) and all(is_text(value.get(name)) for name in ("source", "method", "path"))


def are_withdrawn(value: Any) -> bool:
    """Published operations that are left out, each with its reason."""
    return isinstance(value, list) and all(is_published(one) and is_text(one.get("reason")) for one in value)


def are_repairs(value: Any) -> bool:
    """What the rules did: how often each was applied."""
    return is_tables(value) and all({"rule", "title", "places"} <= one.keys() for one in value)


def is_kind(value: Any) -> bool:
    return is_table(value) and {"version", "kind"} <= value.keys() and all(map(is_text, value.values()))


def are_kinds(value: Any) -> bool:
    return isinstance(value, list) and all(map(is_kind, value))


def are_references(value: Any) -> bool:
    return is_table_of_tables(value) and all(is_text(one.get("$ref")) for one in value.values())


def is_watchable(value: Any) -> bool:
    return value is True or (is_table(value) and value.keys() <= {"list", "object"})


def are_misreported(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_refusal, value))


def are_built_in(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_built_in, value))


def _is_refusal(value: Any) -> bool:
    """One kind of refusal: the status that comes, on which paths, with which words, and the status that is meant."""
    if not is_table(value) or value.keys() != {"status", "path", "message", "means"}:
        return False
    if not all(type(value[name]) is int and 400 <= value[name] < 600 for name in ("status", "means")):
        return False
    return all(map(_is_pattern, (value["path"], value["message"])))


def _is_built_in(value: Any) -> bool:
    """A kind of Kubernetes' own: the parts of its address, and whether its objects are in namespaces."""
    if not is_table(value) or value.keys() != {"apiVersion", "kind", "plural", "namespaced"}:
        return False
    if not is_flag(value["namespaced"]):
        return False
    shapes = (("apiVersion", _API_VERSION), ("kind", _KIND), ("plural", _PLURAL))
    return all(is_text(value[name]) and shape.fullmatch(value[name]) for name, shape in shapes)


def _is_pattern(value: Any) -> bool:
    try:
        return is_text(value) and re.compile(value) is not None
    except (re.error, OverflowError, RecursionError):
        return False
