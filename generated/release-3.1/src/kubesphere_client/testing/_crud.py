"""Create, read, replace, patch and delete below /kapis, with the statuses that each handler has."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kubesphere_client.testing._kinds import Kind
from kubesphere_client.testing._listing import family_a
from kubesphere_client.testing._messages import Answer, JsonObject, data, plain, refusal, success
from kubesphere_client.testing._patches import merged
from kubesphere_client.testing._routes import Routes
from kubesphere_client.testing._selectors import labels_of
from kubesphere_client.testing._site import Call
from kubesphere_client.testing._store import Exists, Missing, Stale

_STALE = (
    'Operation cannot be fulfilled on {kind} "{name}": the object has been modified; '
    "please apply your changes to the latest version and try again"
)
_VERSIONLESS = (
    '{kind} "{name}" is invalid: metadata.resourceVersion: Invalid value: 0x0: must be specified for an update'
)
_JSON = ("application/json", "application/merge-patch+json", "application/json-patch+json")


class Unreadable(ValueError):
    """The body is not what the handler expects; the message is the server's."""


@dataclass(frozen=True)
class Collection:
    """One kind of object below /kapis, and how its handler reports what goes wrong.

    Attributes:
        go_type: how a JSON error calls the type.
        duplicate, stale, missing: the statuses for an existing name, an old version and an unknown name.
        versioned: whether a replacement must say which version it replaces.
        scope: the label that ties an object to the workspace of the path.
        array_patch: what a JSON patch gets, where it is not the usual 400.
        looked_up: whether the handler looks for the object before it changes it, which words the error differently.
        always: the parts that the server sends even where they are empty.
    """

    kind: Kind
    go_type: str
    duplicate: int = 409
    stale: int = 500
    missing: int = 404
    versioned: bool = True
    patches: bool = True
    scope: str | None = None
    array_patch: Callable[[Call], Answer] | None = None
    looked_up: bool = False
    always: tuple[str, ...] = ()

    def routes(self, path: str) -> Routes:
        """The routes of the collection at a path such as `/kapis/…/workspaces/{workspace}/workspaceroles`."""
        routes = Routes()
        routes.add("GET", path, self.page)
        routes.add("POST", path, self.create)
        one = path + "/{name}"
        routes.add("GET", one, self.get)
        routes.add("PUT", one, self.replace)
        if self.patches:
            routes.add("PATCH", one, self.patch)
        routes.add("DELETE", one, self.delete)
        return routes

    def page(self, call: Call, **where: str) -> Answer:
        things = [self.shown(thing) for thing in self._all(call, where)]
        return family_a(things, call.request.parameters)

    def get(self, call: Call, name: str, **where: str) -> Answer:
        try:
            return data(self.shown(self._one(call, name, where)))
        except Missing:
            return self._not_found(name)

    def create(self, call: Call, **where: str) -> Answer:
        try:
            manifest = object_in(call, self.go_type)
        except Unreadable as error:
            return refusal(400, str(error))
        metadata = manifest.setdefault("metadata", {})
        if not (metadata.get("name") or metadata.get("generateName")):
            problem = "metadata.name: Required value: name or generateName is required"
            return refusal(400, f'{self.kind.kind}.{self.kind.group} "" is invalid: {problem}')
        self._place(manifest, where)
        try:
            return data(self.shown(call.site.controllers.create(self.kind, manifest)))
        except Exists:
            return refusal(self.duplicate, f'{self.kind.qualified} "{metadata["name"]}" already exists')

    def replace(self, call: Call, name: str, **where: str) -> Answer:
        try:
            manifest = object_in(call, self.go_type)
        except Unreadable as error:
            return refusal(400, str(error))
        given = manifest.get("metadata", {}).get("name")
        if given != name:
            return refusal(400, f"the name of the object ({given or ''}) does not match the name on the URL ({name})")
        if self.versioned and not manifest["metadata"].get("resourceVersion"):
            return refusal(400, _VERSIONLESS.format(kind=self.kind.qualified, name=name))
        self._place(manifest, where)
        return self._replaced(call, name, where, lambda old: manifest)

    def patch(self, call: Call, name: str, **where: str) -> Answer:
        media = call.request.headers.get("content-type", "").partition(";")[0]
        if media not in _JSON:
            return plain(415, "415: Unsupported Media Type")
        if self.array_patch is not None and call.request.body.startswith(b"["):
            return self.array_patch(call)
        try:
            patch = object_in(call, self.go_type)
        except Unreadable as error:
            return refusal(400, str(error))
        return self._replaced(call, name, where, lambda old: merged(old, patch))

    def delete(self, call: Call, name: str, **where: str) -> Answer:
        try:
            self._one(call, name, where)
            call.site.controllers.delete(self.kind, where.get("namespace"), name)
        except Missing:
            return self._nothing_to_change(name)
        return success()

    def shown(self, thing: JsonObject) -> JsonObject:
        """The object as /kapis shows it: mostly without kind and apiVersion, a user without the hash."""
        seen = {key: value for key, value in thing.items() if key not in ("kind", "apiVersion")}
        seen |= {part: {} for part in self.always if part not in seen}
        if self.kind.plural == "users":
            seen["spec"] = {key: value for key, value in thing.get("spec", {}).items() if key != "password"}
        return seen

    def _all(self, call: Call, where: Mapping[str, str]) -> list[JsonObject]:
        things = call.store.objects(self.kind, where.get("namespace"))
        if self.scope is None or "workspace" not in where:
            return things
        return [thing for thing in things if labels_of(thing).get(self.scope) == where["workspace"]]

    def _one(self, call: Call, name: str, where: Mapping[str, str]) -> JsonObject:
        thing = call.store.get(self.kind, where.get("namespace"), name)
        wanted = where.get("workspace")
        if self.scope is not None and wanted is not None and labels_of(thing).get(self.scope) != wanted:
            raise Missing(name)
        return thing

    def _place(self, manifest: JsonObject, where: Mapping[str, str]) -> None:
        metadata = manifest["metadata"]
        if self.kind.namespaced:
            metadata["namespace"] = where.get("namespace", "")
        if self.scope is not None and "workspace" in where:
            metadata["labels"] = {**(metadata.get("labels") or {}), self.scope: where["workspace"]}

    def _replaced(
        self,
        call: Call,
        name: str,
        where: Mapping[str, str],
        change: Callable[[JsonObject], JsonObject],
    ) -> Answer:
        try:
            manifest = change(self._one(call, name, where))
            thing = call.site.controllers.replace(self.kind, where.get("namespace"), name, manifest)
        except Missing:
            return self._nothing_to_change(name)
        except Stale:
            return refusal(self.stale, _STALE.format(kind=self.kind.qualified, name=name))
        return data(self.shown(thing))

    def _nothing_to_change(self, name: str) -> Answer:
        called = self.kind.qualified_singular if self.looked_up else self.kind.qualified
        return refusal(404, f'{called} "{name}" not found')

    def _not_found(self, name: str) -> Answer:
        return refusal(self.missing, f'{self.kind.qualified_singular} "{name}" not found')


def json_in(call: Call) -> Any:
    """The body as JSON.

    Raises:
        Unreadable: as the server words it (recordings crud-013, crd-006).
    """
    media = call.request.headers.get("content-type", "")
    if media.partition(";")[0].strip() not in _JSON:
        raise Unreadable(f"[ServiceError:400] Unable to unmarshal content of type:{media}")
    if not call.request.body:
        raise Unreadable("EOF")
    try:
        return call.request.json()
    except ValueError:
        text = call.request.body.decode("utf-8", "replace")
        where, wrong = ("object key string", text[1:2]) if text.startswith("{") else ("value", text[:1])
        raise Unreadable(f"invalid character '{wrong}' looking for beginning of {where}") from None


def object_in(call: Call, go_type: str) -> JsonObject:
    """The body as a JSON object.

    Raises:
        Unreadable: it is something else (recording crud-085).
    """
    body = json_in(call)
    if not isinstance(body, dict):
        raise Unreadable(f"json: cannot unmarshal {_go_name(body)} into Go value of type {go_type}")
    return body


def array_in(call: Call, go_type: str) -> list[Any]:
    """The body as a JSON array.

    Raises:
        Unreadable: it is something else (recording crud-067).
    """
    body = json_in(call)
    if not isinstance(body, list):
        raise Unreadable(f"json: cannot unmarshal {_go_name(body)} into Go value of type {go_type}")
    return body


def _go_name(value: Any) -> str:
    return {"{": "object", "[": "array", '"': "string", "t": "bool", "f": "bool", "n": "null"}.get(
        json.dumps(value)[0], "number"
    )
