"""Two states of a published file: what was added, removed and changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import asdict, frozen

from generator.release import Source

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch")


@frozen
class Changes:
    """The names of what was added, removed and changed among operations or schemas."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


@frozen
class Drift:
    """How the tip of a branch differs from what is pinned; false when not a byte does."""

    source: str
    ref: str
    pinned: str
    found: str
    operations: Changes
    schemas: Changes

    def __bool__(self) -> bool:
        return self.pinned != self.found

    def lines(self) -> Iterator[str]:
        """The drift in words: a line for the digests, one for each count, and one for each name."""
        if not self:
            yield f"{self.source}: {self.ref} is what is pinned ({self.pinned})"
            return
        yield f"{self.source}: {self.ref} differs from what is pinned"
        yield f"  pinned {self.pinned}"
        yield f"  found  {self.found}"
        if not self.operations and not self.schemas:
            yield "  no operation and no schema differs"
        for what, changes in (("operations", self.operations), ("schemas", self.schemas)):
            counts = (len(changes.added), len(changes.removed), len(changes.changed))
            if changes:
                yield "  {}: {} added, {} removed, {} changed".format(what, *counts)
            for sign, names in (("+", changes.added), ("-", changes.removed), ("~", changes.changed)):
                yield from (f"    {sign} {name}" for name in names)

    def as_json(self) -> dict[str, Any]:
        return {"drift": bool(self), **asdict(self)}


def compare(source: Source, old: bytes, new: bytes, before: Mapping[str, Any], after: Mapping[str, Any]) -> Drift:
    """Compare two states of a source, each given as its bytes and as the document in them."""
    return Drift(
        source=source.name,
        ref=source.ref,
        pinned=hashlib.sha256(old).hexdigest(),
        found=hashlib.sha256(new).hexdigest(),
        operations=_changes(_operations(before), _operations(after)),
        schemas=_changes(_schemas(before), _schemas(after)),
    )


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Changes:
    return Changes(
        added=tuple(sorted(after.keys() - before.keys())),
        removed=tuple(sorted(before.keys() - after.keys())),
        changed=tuple(sorted(name for name in before.keys() & after.keys() if before[name] != after[name])),
    )


def _operations(document: Mapping[str, Any]) -> dict[str, Any]:
    """Every operation by method and path, with what its path says for all of its operations."""
    found = {}
    for path, item in _mapping(document, "paths").items():
        if isinstance(item, dict):
            for method in _METHODS:
                if method in item:
                    found[f"{method.upper()} {path}"] = (item[method], item.get("parameters", []))
    return found


def _schemas(document: Mapping[str, Any]) -> dict[str, Any]:
    return dict(_mapping(document, "definitions"))


def _mapping(document: Mapping[str, Any], member: str) -> Mapping[str, Any]:
    value = document.get(member)
    return value if isinstance(value, dict) else {}
