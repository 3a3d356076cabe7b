"""Kubernetes' own API: the paths below /api and /apis that the server passes on."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

from kubesphere_client.testing._kinds import KINDS, Kind
from kubesphere_client.testing._messages import Answer, JsonObject, compact, kubernetes_status, path_not_found
from kubesphere_client.testing._pod_logs import pod_log
from kubesphere_client.testing._scale import SCALED, scale
from kubesphere_client.testing._selectors import Matcher, field_selector, label_selector
from kubesphere_client.testing._site import Call
from kubesphere_client.testing._store import Missing
from kubesphere_client.testing._watching import expired, watch
from kubesphere_client.testing._writing import created, is_dry, not_found, patched, removed, replaced

_EXPIRED_LIST = "The resourceVersion for the provided list is too old."
_EXPIRED_TOKEN = (
    "The provided continue parameter is too old to display a consistent list result. You can start a new list "
    "without the continue parameter, or use the continue token in this response to retrieve the remainder of the "
    "results. Continuing with the provided token results in an inconsistent list - objects that were created, "
    "modified, or deleted between the time the first chunk was returned and now may show up in the list."
)


@dataclass(frozen=True)
class Target:
    """What a path addresses."""

    kind: Kind
    namespace: str | None
    name: str | None
    part: str | None


def kubernetes(call: Call) -> Answer:
    """What Kubernetes answers through the server."""
    if "//" in call.path:  # recording odd-011
        return _no_such_resource()
    segments = [segment for segment in call.path.split("/") if segment]
    if len(segments) < 3:  # only from three segments on is a path passed on (recordings proxy-007 to proxy-014)
        return path_not_found()
    core = segments[0] == "api"
    group, version = ("", segments[1]) if core else (segments[1], segments[2])
    rest = segments[2 if core else 3 :]
    if not rest:
        return _discovery(call, group, version)
    watching = rest[0] == "watch"
    target = _target(call, group, version, rest[1:] if watching else rest)
    if target is None:
        return path_not_found()
    if target.name is None:
        return _collection(call, target, watching=watching)
    return _object(call, target) if target.part is None else _part(call, target)


def _target(call: Call, group: str, version: str, rest: list[str]) -> Target | None:
    namespace: str | None = None
    if rest[:1] == ["namespaces"] and len(rest) > 2 and rest[2] not in ("status", "finalize"):
        namespace, rest = rest[1], rest[2:]
    if not rest or len(rest) > 3:
        return None
    known = KINDS.get(rest[0])
    kind = known if known is not None and (known.group, known.version) == (group, version) else None
    kind = kind or call.store.kind_at(group, version, rest[0])
    if kind is None or (namespace is not None and not kind.namespaced):
        return None
    # The objects of a namespaced kind have no path without a namespace (recordings more-declared-001 to -012).
    if kind.namespaced and namespace is None and len(rest) > 1:
        return None
    name, part = [*rest[1:], None, None][:2]
    return Target(kind, namespace, name, part)


def _collection(call: Call, target: Target, *, watching: bool) -> Answer:
    if call.request.method == "POST":
        if target.kind.namespaced and target.namespace is None:  # recording crd-064
            return path_not_found()
        return created(call, target.kind, target.namespace)
    if call.request.method not in ("GET", "DELETE"):
        return _not_allowed()
    query = call.request.parameters
    try:
        matchers = [label_selector(query.get("labelSelector", "")), field_selector(query.get("fieldSelector", ""))]
    except ValueError as error:
        return kubernetes_status(400, "BadRequest", str(error))
    if call.request.method == "DELETE":
        if target.kind.namespaced and target.namespace is None:
            return path_not_found()
        return _delete_collection(call, target, matchers)
    if watching or query.get("watch") in ("true", "1"):
        return watch(call, target.kind, target.namespace, matchers)
    return _list(call, target, matchers)


def _object(call: Call, target: Target) -> Answer:
    assert target.name is not None
    match call.request.method:
        case "GET":
            try:
                return compact(call.store.get(target.kind, target.namespace, target.name))
            except Missing:
                return not_found(target.kind, target.name)
        case "PUT":
            return replaced(call, target.kind, target.namespace, target.name)
        case "PATCH":
            return patched(call, target.kind, target.namespace, target.name)
        case "DELETE":
            return removed(call, target.kind, target.namespace, target.name)
    return _not_allowed()


def _part(call: Call, target: Target) -> Answer:
    """A part of an object: the log of a pod, the status of a built-in kind."""
    assert target.name is not None
    if (target.kind.plural, target.part, call.request.method) == ("pods", "log", "GET"):
        return pod_log(call, target.namespace or "", target.name)
    if target.part == "scale" and target.kind.plural in SCALED:
        return scale(call, target.kind, target.namespace, target.name)
    # Custom resources have no status of their own, but for these two (evidence: discovery of the running server).
    if target.part != "status" and target.kind.built_in:
        return _no_such_resource()
    if target.part != "status" or not (target.kind.built_in or target.kind.plural in ("s2ibuilders", "s2iruns")):
        return not_found(target.kind, target.name)
    return _object(call, Target(target.kind, target.namespace, target.name, None))


def _list(call: Call, target: Target, matchers: list[Matcher]) -> Answer:
    query, store = call.request.parameters, call.store
    wanted = query.get("resourceVersion", "")
    exact = query.get("resourceVersionMatch") == "Exact"
    if exact and wanted.isdigit() and 0 < int(wanted) <= store.compacted:
        return kubernetes_status(410, "Expired", _EXPIRED_LIST)  # recording watch-08
    with store.changed:
        things, version = store.objects(target.kind, target.namespace), store.version
    things = [thing for thing in things if all(matches(thing) for matches in matchers)]
    start = ""
    if query.get("continue"):
        try:
            token = json.loads(base64.urlsafe_b64decode(query["continue"] + "=="))
            start, version = token["start"], token["rv"]
        except (ValueError, KeyError, TypeError):
            message = "invalid continue token: continue key is not valid: invalid character"
            return kubernetes_status(400, "BadRequest", message)  # recording crd-041
        if expired(store, version):
            return kubernetes_status(410, "Expired", _EXPIRED_TOKEN)
        if version > store.version:  # recording more-page-018
            return kubernetes_status(500, "", "etcdserver: mvcc: required revision is a future revision")
    left = [thing for thing in things if _position(target, thing) >= start]
    limit = int(query.get("limit") or 0) or len(left)
    return compact(_envelope(target, left[:limit], version, len(left) - limit))


def _envelope(target: Target, things: list[JsonObject], version: int, remaining: int) -> JsonObject:
    kind = target.kind
    metadata: JsonObject = {"selfLink": kind.path(target.namespace), "resourceVersion": str(version)}
    if remaining > 0:
        token = {"v": "meta.k8s.io/v1", "rv": version, "start": _position(target, things[-1]) + "\0"}
        raw = base64.urlsafe_b64encode(json.dumps(token, separators=(",", ":")).encode())
        metadata |= {"continue": raw.decode().rstrip("="), "remainingItemCount": remaining}
    elif not kind.built_in:
        metadata["continue"] = ""
    if kind.built_in:  # their items carry neither kind nor apiVersion (recording proxy-026)
        things = [{key: value for key, value in one.items() if key not in ("kind", "apiVersion")} for one in things]
    return {"kind": f"{kind.kind}List", "apiVersion": kind.api_version, "metadata": metadata, "items": things}


def _position(target: Target, thing: JsonObject) -> str:
    """Where an object is in the order of the list, as a token says it."""
    metadata = thing["metadata"]
    across = target.kind.namespaced and target.namespace is None
    return f"{metadata.get('namespace', '')}/{metadata['name']}" if across else str(metadata["name"])


def _delete_collection(call: Call, target: Target, matchers: list[Matcher]) -> Answer:
    """Delete what the selectors choose; the answer lists it (recording more-crs-071)."""
    gone: list[JsonObject] = []
    for thing in call.store.objects(target.kind, target.namespace):
        if all(matches(thing) for matches in matchers):
            metadata = thing["metadata"]
            where = target.kind, metadata.get("namespace"), metadata["name"]
            gone.append(thing if is_dry(call) else call.site.controllers.delete(*where))
    return compact(_envelope(target, gone, call.store.version, 0))


def _discovery(call: Call, group: str, version: str) -> Answer:
    """The kinds of one group and version (recording proxy-014)."""
    verbs = "create delete deletecollection get list patch update watch".split()
    known = {(kind.api_version, kind.plural): kind for kind in [*KINDS.values(), *call.store.kinds()]}
    resources: list[dict[str, Any]] = [
        {"name": kind.plural, "singularName": "", "namespaced": kind.namespaced, "kind": kind.kind, "verbs": verbs}
        for kind in known.values()
        if (kind.group, kind.version) == (group, version)
    ]
    if not resources:
        return path_not_found()
    listed = {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": f"{group}/{version}"}
    return compact({**listed, "resources": sorted(resources, key=lambda one: str(one["name"]))})


def _no_such_resource() -> Answer:
    return kubernetes_status(404, "NotFound", "the server could not find the requested resource", {})


def _not_allowed() -> Answer:
    message = "the server does not allow this method on the requested resource"
    return kubernetes_status(405, "MethodNotAllowed", message, {})
