"""What a test does to one cluster of the fake: objects, logs, lists, files and scripted answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol, overload

from kubesphere_client.testing._kinds import Kind, kind_named
from kubesphere_client.testing._listing import Family
from kubesphere_client.testing._messages import JSON, TEXT, Answer, JsonObject, ReceivedRequest
from kubesphere_client.testing._patches import merged
from kubesphere_client.testing._pod_logs import log_of
from kubesphere_client.testing._site import Site

Body = bytes | str | Mapping[str, Any] | list[Any] | None


class Model(Protocol):
    """An object of `kubesphere_client.models`."""

    def to_dict(self) -> dict[str, Any]: ...


class FakeCluster:
    """One cluster. Everything may be called while clients are being served, from any thread."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def add(self, kind: str, thing: str | Mapping[str, Any] | Model, *, namespace: str | None = None) -> JsonObject:
        """Put in an object, which all views show from then on: /api, /apis and /kapis.

        Args:
            kind: the plural name, such as `pods`, or `group/version/plural` for a kind that the fake does not know.
            thing: the object, or its name where nothing else matters.
            namespace: where it lives, if the object does not say; `default` otherwise. It is made if it is missing.

        Returns:
            The object with what the server adds: uid, resourceVersion, creationTimestamp.

        Raises:
            ValueError: the kind is not known, or has no namespaces.
            LookupError: there is such an object already.
        """
        manifest = {"metadata": {"name": thing}} if isinstance(thing, str) else _plain(thing)
        return self._site.add(kind, manifest, namespace)[1]

    def get(self, kind: str, name: str, *, namespace: str | None = None) -> JsonObject:
        """The object as it is now.

        Raises:
            LookupError: there is none.
        """
        return self._site.store.get(self._kind(kind), namespace, name)

    def objects(self, kind: str, *, namespace: str | None = None) -> list[JsonObject]:
        """All objects of a kind."""
        return self._site.store.objects(self._kind(kind), namespace)

    def update(self, kind: str, name: str, patch: Mapping[str, Any], *, namespace: str | None = None) -> JsonObject:
        """Change an object by a merge patch, as if a controller had done it; watches see it.

        Raises:
            LookupError: there is none.
        """
        found = self._kind(kind)

        def change(thing: JsonObject) -> None:
            thing.update(merged(thing, dict(patch)))

        return self._site.store.update(found, namespace, name, change)

    def remove(self, kind: str, name: str, *, namespace: str | None = None) -> None:
        """Take an object out at once, whatever a controller would do first; watches see it.

        Raises:
            LookupError: there is none.
        """
        self._site.store.remove(self._kind(kind), namespace, name)

    def compact(self) -> None:
        """Forget the history: watches and `continue` tokens that start before now get 410."""
        self._site.store.compact()

    def break_watches(self) -> None:
        """Cut all running watches in the middle, as a proxy does that gives up."""
        with self._site.store.changed:
            self._site.watch_breaks += 1
            self._site.store.changed.notify_all()

    def settle(self) -> None:
        """Do at once what the server would do in a moment: deletions, and the activation of new users."""
        self._site.controllers.settle()

    def append_log(self, pod: str, text: str, *, namespace: str = "default", container: str | None = None) -> None:
        """Add lines to the log of a pod's container (the first one by default); who follows it gets them at once."""
        log_of(self._site, namespace, pod, container or "").append(text)

    def end_log(self, pod: str, *, namespace: str = "default", container: str | None = None) -> None:
        """The container has ended: who follows its log gets to the end."""
        log_of(self._site, namespace, pod, container or "").end()

    def append_text(self, path: str, text: str) -> None:
        """Serve a text at a path, such as the log of a pipeline run, and let it grow with each call."""
        self._site.text(path.rstrip("/")).append(text)

    def serve_list(self, path: str, items: Iterable[object], *, family: Family = "A") -> None:
        """Serve a list at a path, in pages.

        Args:
            items: the objects, in the order of the server.
            family: how the list is asked for and answered; see `Family`.
        """
        self._site.serve_list(path, items, family)

    def serve_file(self, path: str, content: bytes, *, content_type: str = "application/octet-stream") -> None:
        """Serve bytes at a path; a PUT or POST to it replaces them by the body that comes."""
        self._site.files[path.rstrip("/")] = Answer(200, content, content_type)

    def file(self, path: str) -> bytes:
        """What is served at a path, or was uploaded to it.

        Raises:
            LookupError: nothing was.
        """
        return self._site.files[path.rstrip("/")].body

    @overload
    def answer(
        self,
        method: str,
        path: str,
        status: int = 200,
        body: Body = None,
        content_type: str | None = None,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None: ...

    @overload
    def answer(self, method: str, path: str, status: Callable[[ReceivedRequest], Answer]) -> None: ...

    def answer(
        self,
        method: str,
        path: str,
        status: int | Callable[[ReceivedRequest], Answer] = 200,
        body: Body = None,
        content_type: str | None = None,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Answer requests to a path with this, whatever else is there.

        Args:
            status: the status; or a function that gets the request and makes the `Answer`.
            body: bytes or text as it stands, anything else as JSON.
            content_type: by default what fits the body.
        """
        scripted = status if callable(status) else _answer(status, body, content_type, headers)
        self._site.scripted[method.upper(), path.rstrip("/")] = scripted

    def _kind(self, name: str) -> Kind:
        return kind_named(name, {}, namespaced=True)


def _answer(status: int, body: Body, content_type: str | None, headers: Mapping[str, str] | None) -> Answer:
    media = content_type or (TEXT if isinstance(body, str) else JSON)
    content = body if isinstance(body, bytes) else b"" if body is None else None
    if content is None:
        content = body.encode() if isinstance(body, str) else json.dumps(body, indent=1).encode()
    return Answer(status, content, media, dict(headers or {}))


def _plain(thing: Mapping[str, Any] | Model) -> JsonObject:
    return dict(thing) if isinstance(thing, Mapping) else thing.to_dict()
