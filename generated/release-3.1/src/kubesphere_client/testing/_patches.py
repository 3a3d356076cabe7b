"""JSON merge patches (RFC 7396) and JSON patches (RFC 6902)."""

from __future__ import annotations

import copy
from typing import Any


def merged(target: Any, patch: Any) -> Any:
    """The target as the merge patch wants it; neither is changed."""
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value)
    return result


def patched(target: Any, steps: list[dict[str, Any]]) -> Any:
    """The target after the steps of a JSON patch; the target itself is not changed.

    Raises:
        LookupError, TypeError, ValueError: a step does not fit.
    """
    document = copy.deepcopy(target)
    for step in steps:
        document = _step(document, step)
    return document


def _step(document: Any, step: dict[str, Any]) -> Any:
    path = _keys(step["path"])
    match step["op"]:
        case "add" | "replace" as operation:
            return _put(document, path, copy.deepcopy(step["value"]), inserting=operation == "add")
        case "remove":
            return _taken(document, path)[0]
        case "move":
            document, value = _taken(document, _keys(step["from"]))
            return _put(document, path, value, inserting=True)
        case "copy":
            return _put(document, path, copy.deepcopy(_at(document, _keys(step["from"]))), inserting=True)
        case "test":
            if _at(document, path) != step["value"]:
                raise ValueError("a test of the patch failed")
            return document
        case other:
            raise ValueError(f"unknown operation {other}")


def _keys(pointer: str) -> list[str]:
    if pointer and not pointer.startswith("/"):
        raise ValueError(f"{pointer} is no JSON pointer")
    return [key.replace("~1", "/").replace("~0", "~") for key in pointer.split("/")[1:]]


def _at(document: Any, path: list[str]) -> Any:
    for key in path:
        document = document[int(key)] if isinstance(document, list) else document[key]
    return document


def _put(document: Any, path: list[str], value: Any, *, inserting: bool) -> Any:
    if not path:
        return value
    parent, key = _at(document, path[:-1]), path[-1]
    if not isinstance(parent, list):
        if not inserting and key not in parent:
            raise KeyError(key)
        parent[key] = value
    elif not inserting:
        parent[int(key)] = value
    elif key == "-":
        parent.append(value)
    else:
        parent.insert(int(key), value)
    return document


def _taken(document: Any, path: list[str]) -> tuple[Any, Any]:
    parent, key = _at(document, path[:-1]), path[-1]
    return document, parent.pop(int(key)) if isinstance(parent, list) else parent.pop(key)
