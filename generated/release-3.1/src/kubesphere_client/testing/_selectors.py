"""Label and field selectors, as Kubernetes understands them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

Matcher = Callable[[Mapping[str, Any]], bool]

_SET = re.compile(r"^(\S+)\s+(in|notin)\s+\(([^)]*)\)$")
_EQUALITY = re.compile(r"^([^\s!=]+)\s*(==|=|!=)\s*(\S*)$")
_PRESENCE = re.compile(r"^(!?)\s*([A-Za-z0-9][\w./-]*)$")


def labels_of(thing: Mapping[str, Any]) -> Mapping[str, str]:
    return thing.get("metadata", {}).get("labels") or {}


def label_selector(text: str) -> Matcher:
    """What the selector asks for; an empty one matches everything.

    Raises:
        ValueError: it is malformed.
    """
    requirements = [_requirement(one.strip()) for one in re.split(r",(?![^(]*\))", text) if one.strip()]
    return lambda thing: all(requirement(labels_of(thing)) for requirement in requirements)


def field_selector(text: str) -> Matcher:
    """What the selector asks for: paths such as `metadata.name`, compared for equality.

    Raises:
        ValueError: it is malformed.
    """
    wanted: list[tuple[str, bool, str]] = []
    for one in filter(None, text.split(",")):
        match = _EQUALITY.match(one)
        if match is None:
            raise ValueError(f"invalid selector: {one!r}; can't understand {one!r}")
        wanted.append((match[1], match[2] != "!=", match[3]))
    return lambda thing: all((_field(thing, path) == value) is equal for path, equal, value in wanted)


def _requirement(text: str) -> Matcher:
    if (match := _SET.match(text)) is not None:
        key, inside = match[1], match[2] == "in"
        values = {value.strip() for value in match[3].split(",")}
        return lambda labels: (labels.get(key) in values) is inside
    if (match := _EQUALITY.match(text)) is not None:
        key, equal, value = match[1], match[2] != "!=", match[3]
        return lambda labels: (labels.get(key) == value) is equal
    if (match := _PRESENCE.match(text)) is not None:
        absent, key = bool(match[1]), match[2]
        return lambda labels: (key in labels) is not absent
    found = text.lstrip("!")[:1] if not text.startswith("!!") else "!"
    raise ValueError(f"unable to parse requirement: found '{found}', expected: identifier")


def _field(thing: Any, path: str) -> str:
    for part in path.split("."):
        thing = thing.get(part, "") if isinstance(thing, Mapping) else ""
    return str(thing)
