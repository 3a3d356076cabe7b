"""Kubernetes' create, replace, patch and delete, with its errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kubesphere_client.testing._controllers import NAMESPACES
from kubesphere_client.testing._kinds import Kind
from kubesphere_client.testing._messages import Answer, JsonObject, compact, kubernetes_status
from kubesphere_client.testing._patches import merged
from kubesphere_client.testing._patches import patched as after_steps
from kubesphere_client.testing._site import Call
from kubesphere_client.testing._store import Exists, Missing, Stale

_MERGE, _STEPS = "application/merge-patch+json", "application/json-patch+json"
_STRATEGIC, _APPLY = "application/strategic-merge-patch+json", "application/apply-patch+yaml"
_WRITTEN = "application/json, application/yaml, application/vnd.kubernetes.protobuf"
_UNKNOWN_FORMAT = "the body of the request was in an unknown format - accepted media types include: "


class _Invalid(Exception):
    """The body cannot be taken; `answer` says why."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def created(call: Call, kind: Kind, namespace: str | None) -> Answer:
    """POST to a collection: 201 and the object."""
    try:
        manifest = _manifest(call, kind)
        metadata = manifest.setdefault("metadata", {})
        if namespace is not None:
            if metadata.get("namespace", namespace) != namespace:  # recording more-crd-pipelines-009
                message = "the namespace of the provided object does not match the namespace sent on the request"
                return kubernetes_status(400, "BadRequest", message)
            metadata["namespace"] = namespace
            call.store.get(NAMESPACES, None, namespace)
        if not (metadata.get("name") or metadata.get("generateName")):
            return _nameless(kind)
        if metadata.get("resourceVersion"):  # recording more-odd-083
            return kubernetes_status(500, "", "resourceVersion should not be set on objects to be created")
        if is_dry(call):
            return compact(manifest, 201)
        return compact(call.site.controllers.create(kind, manifest), 201)
    except _Invalid as invalid:
        return invalid.answer
    except Missing:
        return not_found(NAMESPACES, namespace or "")
    except Exists as error:
        message = f'{kind.qualified} "{error}" already exists'
        return kubernetes_status(409, "AlreadyExists", message, details(kind, str(error)))


def replaced(call: Call, kind: Kind, namespace: str | None, name: str) -> Answer:
    """PUT of an object; a custom resource must say which version it replaces (recording more-crd-…-replace-no-rv)."""
    try:
        manifest = _manifest(call, kind)
    except _Invalid as invalid:
        return invalid.answer
    metadata = manifest.get("metadata", {})
    if metadata.get("name", name) != name:  # recording cluster-021
        message = f"the name of the object ({metadata['name']}) does not match the name on the URL ({name})"
        return kubernetes_status(400, "BadRequest", message)

    def change(old: JsonObject) -> JsonObject:
        if not kind.built_in and not metadata.get("resourceVersion"):
            raise _Invalid(_versionless(kind, name))
        return manifest

    return _changed(call, kind, namespace, name, change)


def patched(call: Call, kind: Kind, namespace: str | None, name: str) -> Answer:
    """PATCH of an object: by merge, by steps, strategic for the built-in kinds, or applied."""
    media = call.request.headers.get("content-type", "").partition(";")[0].strip()
    accepted = [_STEPS, _MERGE, *([_STRATEGIC] if kind.built_in else []), _APPLY]
    if media not in accepted:
        return kubernetes_status(415, "UnsupportedMediaType", _UNKNOWN_FORMAT + ", ".join(accepted))
    try:
        patch = call.request.json()
    except ValueError:
        return kubernetes_status(500, "", "Invalid JSON Patch")  # recording more-crd-…-patch-invalid
    if media == _APPLY and _is_missing(call, kind, namespace, name):
        metadata = {**patch.get("metadata", {}), "name": name, **({"namespace": namespace} if namespace else {})}
        return compact(call.site.controllers.create(kind, {**patch, "metadata": metadata}), 201)

    def change(old: JsonObject) -> JsonObject:
        if media != _STEPS:
            return dict(merged(old, patch))
        try:
            return dict(after_steps(old, patch))
        except (LookupError, TypeError, ValueError):  # recording cluster-024
            message = "the server rejected our request due to an error in our request"
            raise _Invalid(kubernetes_status(422, "Invalid", message, {})) from None

    return _changed(call, kind, namespace, name, change)


def removed(call: Call, kind: Kind, namespace: str | None, name: str) -> Answer:
    """DELETE of an object: a Status, or the object where it goes later (recordings cluster-030, cluster-031)."""
    try:
        there = call.store.get(kind, namespace, name)
        thing = there if is_dry(call) else call.site.controllers.delete(kind, namespace, name)
    except Missing:
        return not_found(kind, name)
    if "deletionTimestamp" in thing["metadata"]:
        return compact(thing)
    status = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success"}
    return compact({**status, "details": {**details(kind, name), "uid": thing["metadata"]["uid"]}})


def _changed(
    call: Call, kind: Kind, namespace: str | None, name: str, change: Callable[[JsonObject], JsonObject]
) -> Answer:
    try:
        with call.store.changed:
            manifest = change(call.store.get(kind, namespace, name))
            if is_dry(call):
                return compact(manifest)
            return compact(call.site.controllers.replace(kind, namespace, name, manifest))
    except _Invalid as invalid:
        return invalid.answer
    except Missing:
        return not_found(kind, name)
    except Stale:
        message = (
            f'Operation cannot be fulfilled on {kind.qualified} "{name}": the object has been modified; '
            "please apply your changes to the latest version and try again"
        )
        return kubernetes_status(409, "Conflict", message, details(kind, name))


def is_dry(call: Call) -> bool:
    """Whether the server is to check and to change nothing."""
    return call.request.parameters.get("dryRun") == "All"


def _is_missing(call: Call, kind: Kind, namespace: str | None, name: str) -> bool:
    try:
        call.store.get(kind, namespace, name)
    except Missing:
        return True
    return False


def _manifest(call: Call, kind: Kind) -> JsonObject:
    """The object in the body, which must say what it is."""
    media = call.request.headers.get("content-type", "application/json").partition(";")[0].strip()
    if media != "application/json":
        raise _Invalid(kubernetes_status(415, "UnsupportedMediaType", _UNKNOWN_FORMAT + _WRITTEN))
    try:
        manifest: Any = call.request.json()
    except ValueError:
        text = call.request.body.decode("utf-8", "replace")
        problem = f"couldn't get version/kind; json parse error: invalid character ({text})"
        message = f"the object provided is unrecognized (must be of type {kind.kind}): {problem}"
        raise _Invalid(kubernetes_status(400, "BadRequest", message)) from None
    if not isinstance(manifest, dict) or not manifest.get("kind"):  # recording crd-029
        problem = f"unmarshalerDecoder: Object 'Kind' is missing in '{call.request.body.decode('utf-8', 'replace')}'"
        message = f'{kind.kind} in version "{kind.version}" cannot be handled as a {kind.kind}: {problem}'
        raise _Invalid(kubernetes_status(400, "BadRequest", message))
    if manifest.get("apiVersion") != kind.api_version:  # recording crd-043
        given = manifest.get("apiVersion", "")
        message = f"the API version in the data ({given}) does not match the expected API version ({kind.api_version})"
        raise _Invalid(kubernetes_status(400, "BadRequest", message))
    return manifest


def _nameless(kind: Kind) -> Answer:
    """An object that has no name and wants none (recording more-odd-052)."""
    problem = "Required value: name or generateName is required"
    cause = {"reason": "FieldValueRequired", "message": problem, "field": "metadata.name"}
    detail = {**({"group": kind.group} if kind.group else {}), "kind": kind.kind, "causes": [cause]}
    subject = f"{kind.kind}.{kind.group}" if kind.group else kind.kind
    return kubernetes_status(422, "Invalid", f'{subject} "" is invalid: metadata.name: {problem}', detail)


def _versionless(kind: Kind, name: str) -> Answer:
    """A replacement that does not say what it replaces (recording more-crd-devopsprojects-018)."""
    problem = "Invalid value: 0x0: must be specified for an update"
    cause = {"reason": "FieldValueInvalid", "message": problem, "field": "metadata.resourceVersion"}
    message = f'{kind.qualified} "{name}" is invalid: metadata.resourceVersion: {problem}'
    return kubernetes_status(422, "Invalid", message, {**details(kind, name), "causes": [cause]})


def not_found(kind: Kind, name: str) -> Answer:
    """No such object, as Kubernetes says it (recording cluster-011)."""
    return kubernetes_status(404, "NotFound", f'{kind.qualified} "{name}" not found', details(kind, name))


def details(kind: Kind, name: str) -> JsonObject:
    return {"name": name, **({"group": kind.group} if kind.group else {}), "kind": kind.plural}
