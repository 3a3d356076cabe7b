"""One cluster of the fake: its objects, logs, and what a test serves by path; and what the clusters share."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from kubesphere_client.testing._accounts import Accounts
from kubesphere_client.testing._controllers import NAMESPACES, Controllers
from kubesphere_client.testing._faults import Fault
from kubesphere_client.testing._kinds import Kind, kind_named
from kubesphere_client.testing._listing import Family
from kubesphere_client.testing._messages import Answer, JsonObject, ReceivedRequest
from kubesphere_client.testing._store import Exists, Store
from kubesphere_client.testing._texts import GrowingText

Scripted = Answer | Callable[[ReceivedRequest], Answer]


@dataclass
class Site:
    """What one cluster holds."""

    name: str
    store: Store
    controllers: Controllers
    logs: dict[tuple[str, str, str], GrowingText] = field(default_factory=dict)
    texts: dict[str, GrowingText] = field(default_factory=dict)
    files: dict[str, Answer] = field(default_factory=dict)
    lists: dict[str, tuple[list[object], Family]] = field(default_factory=dict)
    scripted: dict[tuple[str, str], Scripted] = field(default_factory=dict)
    watch_breaks: int = 0

    def add(self, name: str, manifest: JsonObject, namespace: str | None = None) -> tuple[Kind, JsonObject]:
        """Put in an object; see FakeKubeSphere.add."""
        metadata = dict(manifest.get("metadata", {}))
        where = namespace or metadata.get("namespace")
        kind = kind_named(name, manifest, namespaced=where is not None)
        if kind.namespaced:
            metadata["namespace"] = where or "default"
            self._need_namespace(metadata["namespace"])
        elif namespace is not None:
            raise ValueError(f"{kind.plural} live in no namespace. Leave out namespace={namespace!r}.")
        return kind, self.controllers.create(kind, {**manifest, "metadata": metadata}, settled=True)

    def log(self, namespace: str, pod: str, container: str) -> GrowingText:
        return self.logs.setdefault((namespace, pod, container), GrowingText())

    def text(self, path: str) -> GrowingText:
        return self.texts.setdefault(path, GrowingText())

    def _need_namespace(self, name: str) -> None:
        with contextlib.suppress(Exists):
            self.controllers.create(NAMESPACES, {"metadata": {"name": name}, "status": {"phase": "Active"}})

    def serve_list(self, path: str, items: Iterable[object], family: Family) -> None:
        self.lists[path.rstrip("/")] = list(items), family


State = Literal["ready", "not-ready", "unreachable"]


@dataclass
class Member:
    """A cluster that the host knows."""

    site: Site
    state: State = "ready"


@dataclass
class World:
    """What all clusters share."""

    accounts: Accounts
    host: Site
    members: dict[str, Member] = field(default_factory=dict)
    forbidden: list[tuple[str, Fault]] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def forbids(self, user: str, request: ReceivedRequest) -> bool:
        """Whether a test said that this user may not do this."""
        return any(who == user and what.matches(request) for who, what in self.forbidden)


@dataclass(frozen=True)
class Call:
    """A request that was let in, on its way to the cluster that it is for."""

    world: World
    site: Site
    request: ReceivedRequest
    user: str
    path: str

    @property
    def store(self) -> Store:
        return self.site.store
