"""Watches: what is there, then what happens, until the time is up."""

from __future__ import annotations

import time
from collections.abc import Iterator

from kubesphere_client.testing._kinds import Kind
from kubesphere_client.testing._messages import Answer, JsonObject, compact_line, kubernetes_status
from kubesphere_client.testing._selectors import Matcher
from kubesphere_client.testing._site import Call
from kubesphere_client.testing._store import Change, Store
from kubesphere_client.testing._wire import StreamBroken

# A watch that names no time ends after half an hour or more; no test waits for that.
_FOREVER = 1800.0


def watch(call: Call, kind: Kind, namespace: str | None, matchers: list[Matcher]) -> Answer:
    """The stream of events (recordings watch-01 to watch-15)."""
    query = call.request.parameters
    accepted = call.request.headers.get("accept", "*/*")
    if "json" not in accepted and "*/*" not in accepted:  # recording watch-15
        message = "only the following media types are accepted: application/json;stream=watch"
        return kubernetes_status(406, "NotAcceptable", message)
    wanted = query.get("resourceVersion", "")
    if wanted and not wanted.isdigit():  # recording watch-06
        problem = f'strconv.ParseUint: parsing "{wanted}": invalid syntax'
        return kubernetes_status(500, "", f'resourceVersion: Invalid value: "{wanted}": {problem}')
    seconds = float(query.get("timeoutSeconds") or _FOREVER)
    bookmarks = query.get("allowWatchBookmarks") in ("true", "1")
    events = _Events(call, kind, namespace, matchers, int(wanted or 0), bookmarks)
    return Answer(stream=events.lines(time.monotonic() + seconds))


def expired(store: Store, version: int) -> bool:
    """Whether the history no longer reaches back to this version."""
    return 0 < version < store.compacted


class _Events:
    def __init__(
        self, call: Call, kind: Kind, namespace: str | None, matchers: list[Matcher], since: int, bookmarks: bool
    ) -> None:
        self._call = call
        self._kind = kind
        self._namespace = namespace
        self._matchers = matchers
        self._since = since
        self._bookmarks = bookmarks

    def lines(self, deadline: float) -> Iterator[bytes]:
        """One event a line; an empty chunk now and then, which asks whether the client is still there."""
        store, stopping = self._call.store, self._call.world.stopping
        breaks = self._call.site.watch_breaks
        if not self._since:
            yield b"".join(self._present())
        while not stopping.is_set():
            if expired(store, self._since):
                yield _line("ERROR", _too_old(self._since, store.compacted))
                return
            if self._call.site.watch_breaks != breaks:
                raise StreamBroken
            fresh = self._fresh()
            left = deadline - time.monotonic()
            if not fresh and left <= 0:
                break
            if not fresh:
                with store.changed:
                    if store.version <= self._since:
                        store.changed.wait(min(left, 0.05))
            yield b"".join(fresh)
        if self._bookmarks:
            metadata = {"resourceVersion": str(self._since), "creationTimestamp": None}
            bookmark = {"kind": self._kind.kind, "apiVersion": self._kind.api_version, "metadata": metadata}
            yield _line("BOOKMARK", bookmark)

    def _present(self) -> list[bytes]:
        with self._call.store.changed:
            self._since = self._call.store.version
            things = self._call.store.objects(self._kind, self._namespace)
        return [_line("ADDED", thing) for thing in things if self._wanted(thing)]

    def _fresh(self) -> list[bytes]:
        lines = []
        for change in self._call.store.changes(self._since):
            self._since = change.version
            if change.kind == self._kind and self._in_scope(change.object):
                happened = self._as_seen(change)
                if happened is not None:
                    lines.append(_line(happened, change.object))
        return lines

    def _as_seen(self, change: Change) -> str | None:
        """What the change is for a watch with selectors: an object comes in, or drops out, when its labels change."""
        before = change.before is not None and self._wanted(change.before)
        if change.type == "DELETED":
            return "DELETED" if before else None
        if self._wanted(change.object):
            return "MODIFIED" if before else "ADDED"
        return "DELETED" if before else None

    def _wanted(self, thing: JsonObject) -> bool:
        return self._in_scope(thing) and all(matches(thing) for matches in self._matchers)

    def _in_scope(self, thing: JsonObject) -> bool:
        return not self._namespace or thing["metadata"].get("namespace") == self._namespace


def _too_old(version: int, oldest: int) -> JsonObject:
    """What a watch gets that starts before the history does (recording watch-05)."""
    status = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure"}
    return {**status, "message": f"too old resource version: {version} ({oldest})", "reason": "Expired", "code": 410}


def _line(event: str, thing: JsonObject) -> bytes:
    return compact_line({"type": event, "object": thing})
