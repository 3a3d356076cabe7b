"""The objects of one cluster, their versions and the history that watches follow."""

from __future__ import annotations

import copy
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from kubesphere_client.testing._kinds import Kind
from kubesphere_client.testing._messages import JsonObject


class Missing(LookupError):
    """There is no such object."""


class Exists(LookupError):
    """There is such an object already."""


class Stale(LookupError):
    """The object has been changed since it was read."""


@dataclass(frozen=True)
class Change:
    """One event of the history: ADDED, MODIFIED or DELETED, and the object as it was before."""

    version: int
    type: str
    kind: Kind
    object: JsonObject
    before: JsonObject | None


Key = tuple[str, str]


class Store:
    """Objects by kind, namespace and name. All that comes out is a copy; all methods may be called by any thread."""

    def __init__(self) -> None:
        self.changed = threading.Condition(threading.RLock())
        self.version = 1000
        self.compacted = 0
        self._kinds: dict[str, Kind] = {}
        self._objects: dict[str, dict[Key, JsonObject]] = {}
        self._history: list[Change] = []
        self._created = 0

    def add(self, kind: Kind, manifest: JsonObject) -> JsonObject:
        """Put in a new object, with the metadata that a server gives it.

        Raises:
            Exists: an object of this kind has the name.
        """
        with self.changed:
            thing = copy.deepcopy(manifest)
            metadata = thing.setdefault("metadata", {})
            if not metadata.get("name"):
                metadata["name"] = f"{metadata.get('generateName', 'unnamed-')}{uuid.uuid4().hex[:5]}"
            key = self._key(kind, metadata.get("namespace"), metadata["name"])
            if key in self._objects.setdefault(kind.qualified, {}):
                raise Exists(metadata["name"])
            self._created += 1
            thing = {"kind": kind.kind, "apiVersion": kind.api_version, **thing}
            thing["metadata"] = {
                **metadata,
                "selfLink": kind.path(metadata.get("namespace"), metadata["name"]),
                "uid": metadata.get("uid") or str(uuid.uuid4()),
                "creationTimestamp": metadata.get("creationTimestamp") or _timestamp(self._created),
            }
            self._kinds[kind.qualified] = kind
            return self._record("ADDED", kind, key, thing)

    def get(self, kind: Kind, namespace: str | None, name: str) -> JsonObject:
        """One object.

        Raises:
            Missing: there is none of this name.
        """
        with self.changed:
            thing = self._objects.get(kind.qualified, {}).get(self._key(kind, namespace, name))
            if thing is None:
                raise Missing(name)
            return copy.deepcopy(thing)

    def objects(self, kind: Kind, namespace: str | None = None) -> list[JsonObject]:
        """All objects of a kind, by namespace and name."""
        with self.changed:
            things = self._objects.get(kind.qualified, {})
            return [copy.deepcopy(things[key]) for key in sorted(things) if not namespace or key[0] == namespace]

    def replace(self, kind: Kind, namespace: str | None, name: str, manifest: JsonObject) -> JsonObject:
        """Put the object in the place of the one of the same name; what the server keeps stays.

        Raises:
            Missing: there is none.
            Stale: the manifest names another resourceVersion than the stored one.
        """
        with self.changed:
            old = self.get(kind, namespace, name)
            metadata = dict(manifest.get("metadata", {}))
            wanted = metadata.get("resourceVersion")
            if wanted and wanted != old["metadata"]["resourceVersion"]:
                raise Stale(name)
            kept = ("name", "namespace", "uid", "creationTimestamp", "selfLink", "deletionTimestamp", "resourceVersion")
            metadata |= {field: old["metadata"][field] for field in kept if field in old["metadata"]}
            thing = {"kind": kind.kind, "apiVersion": kind.api_version, **copy.deepcopy(manifest), "metadata": metadata}
            if thing == old:
                return old
            return self._record("MODIFIED", kind, self._key(kind, namespace, name), thing)

    def update(self, kind: Kind, namespace: str | None, name: str, change: Callable[[JsonObject], Any]) -> JsonObject:
        """Change an object in place, as a controller does."""
        with self.changed:
            thing = self.get(kind, namespace, name)
            change(thing)
            return self._record("MODIFIED", kind, self._key(kind, namespace, name), thing)

    def remove(self, kind: Kind, namespace: str | None, name: str) -> JsonObject:
        """Take an object out at once.

        Raises:
            Missing: there is none.
        """
        with self.changed:
            thing = self.get(kind, namespace, name)
            return self._record("DELETED", kind, self._key(kind, namespace, name), thing)

    def mark_deleted(self, kind: Kind, namespace: str | None, name: str) -> JsonObject:
        """Give the object a deletionTimestamp: it is on its way out, but still there."""
        stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        with self.changed:
            thing = self.get(kind, namespace, name)
            if "deletionTimestamp" in thing["metadata"]:
                return thing
            return self.update(kind, namespace, name, lambda thing: thing["metadata"].update(deletionTimestamp=stamp))

    def kind_at(self, group: str, version: str, plural: str) -> Kind | None:
        """A kind that a test brought with its objects."""
        kind = self._kinds.get(f"{plural}.{group}" if group else plural)
        return kind if kind is not None and kind.version == version else None

    def kinds(self) -> list[Kind]:
        """The kinds that have or had objects."""
        return [self._kinds[name] for name in sorted(self._kinds)]

    def compact(self) -> None:
        """Forget the history: who asks for what came before gets 410 (recordings watch-05, watch-08)."""
        with self.changed:
            self.version += 1
            self._history.clear()
            self.compacted = self.version
            self.changed.notify_all()

    def changes(self, since: int) -> Iterator[Change]:
        """What happened after a version, as far as it is known now."""
        with self.changed:
            return iter([change for change in self._history if change.version > since])

    def _record(self, happened: str, kind: Kind, key: Key, thing: JsonObject) -> JsonObject:
        self.version += 1
        thing["metadata"]["resourceVersion"] = str(self.version)
        before = self._objects[kind.qualified].pop(key, None)
        if happened != "DELETED":
            self._objects[kind.qualified][key] = thing
        self._history.append(Change(self.version, happened, kind, copy.deepcopy(thing), before))
        self.changed.notify_all()
        return copy.deepcopy(thing)

    @staticmethod
    def _key(kind: Kind, namespace: str | None, name: str) -> Key:
        return (namespace or "") if kind.namespaced else "", name


def _timestamp(number: int) -> str:
    """Times that grow with each object, so that sorting by creation has one right answer."""
    minutes, seconds = divmod(number, 60)
    hours, minutes = divmod(minutes, 60)
    return f"2026-01-{1 + hours // 24:02}T{hours % 24:02}:{minutes:02}:{seconds:02}Z"
