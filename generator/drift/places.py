"""The places in a document that corrections are about, and what a person calls them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from generator.document import METHODS

_SHOWN_PLACES = 3

Parts = tuple[Any, ...]


def owner(parts: Parts) -> Parts:
    """The operation, path or schema that a place is in; the place itself where it is in none."""
    if parts[:1] == ("paths",):
        return parts[:3] if len(parts) > 2 and parts[2] in METHODS else parts[:2]
    return parts[:3] if parts[:2] == ("components", "schemas") else parts


def is_there(document: Any, parts: Parts) -> bool:
    node = document
    for part in parts:
        inside = isinstance(node, dict) and part in node
        if not inside and not (isinstance(node, list) and isinstance(part, int) and part < len(node)):
            return False
        node = node[part]
    return True


def named(places: Sequence[Parts]) -> str:
    return some(sorted({_label(owner(parts)) for parts in places}))


def some(names: Sequence[Any]) -> str:
    shown = [_label(name) if isinstance(name, tuple) else name for name in names[:_SHOWN_PLACES]]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _label(place: Parts) -> str:
    """An operation, path or schema as a person names it."""
    match place:
        case ("paths", path, method):
            return f"{str(method).upper()} {path}"
        case ("paths", path):
            return str(path)
        case ("components", "schemas", key):
            return f"schema {key}"
    return "/".join(str(part) for part in place) or "the document"
