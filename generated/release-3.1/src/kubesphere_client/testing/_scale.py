"""The scale of workloads, which is an object of another kind (recording proxy-014-get)."""

from __future__ import annotations

from typing import Any

from kubesphere_client.testing._kinds import Kind
from kubesphere_client.testing._messages import Answer, JsonObject, compact, kubernetes_status
from kubesphere_client.testing._patches import merged, patched
from kubesphere_client.testing._site import Call
from kubesphere_client.testing._store import Missing
from kubesphere_client.testing._writing import is_dry, not_found

SCALED = ("deployments", "replicasets", "statefulsets", "replicationcontrollers")
_KEPT = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")


def scale(call: Call, kind: Kind, namespace: str | None, name: str) -> Answer:
    """GET, PUT or PATCH of a scale."""
    method = call.request.method
    if method not in ("GET", "PUT", "PATCH"):
        return kubernetes_status(
            405, "MethodNotAllowed", "the server does not allow this method on the requested resource"
        )
    with call.store.changed:
        try:
            thing = call.store.get(kind, namespace, name)
        except Missing:
            return not_found(kind, name)
        if method == "GET":
            return compact(_scale_of(thing))
        try:
            wanted = _changed(_scale_of(thing), method, call.request.json())
        except (LookupError, TypeError, ValueError):
            return kubernetes_status(400, "BadRequest", "the object provided is unrecognized (must be of type Scale)")
        thing = {**thing, "spec": {**thing.get("spec", {}), "replicas": wanted["spec"].get("replicas", 0)}}
        if is_dry(call):
            return compact(_scale_of(thing))
        return compact(_scale_of(call.site.controllers.replace(kind, namespace, name, thing)))


def _changed(old: JsonObject, method: str, body: Any) -> JsonObject:
    if method == "PUT":
        return dict(body)
    return dict(patched(old, body) if isinstance(body, list) else merged(old, body))


def _scale_of(thing: JsonObject) -> JsonObject:
    metadata = {key: thing["metadata"][key] for key in _KEPT if key in thing["metadata"]}
    status = {"replicas": thing.get("status", {}).get("replicas", 0)}
    spec = {"replicas": thing.get("spec", {}).get("replicas", 1)}
    return {"kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": metadata, "spec": spec, "status": status}
