"""Logs of pods, whole or followed."""

from __future__ import annotations

import contextlib

from kubesphere_client.testing._kinds import KINDS
from kubesphere_client.testing._messages import Answer, JsonObject, kubernetes_status
from kubesphere_client.testing._site import Call, Site
from kubesphere_client.testing._store import Missing
from kubesphere_client.testing._texts import GrowingText


def pod_log(call: Call, namespace: str, name: str) -> Answer:
    """The log of one container; the first one's, where none is named (recordings proxy-032 to proxy-045)."""
    query = call.request.parameters
    try:
        pod = call.store.get(KINDS["pods"], namespace, name)
    except Missing:
        details = {"name": name, "kind": "pods"}
        return kubernetes_status(404, "NotFound", f'pods "{name}" not found', details)
    containers, wanted = _containers(pod), query.get("container", "")
    if wanted and containers and wanted not in containers:
        return kubernetes_status(400, "BadRequest", f"container {wanted} is not valid for pod {name}")
    log = log_of(call.site, namespace, name, wanted)
    tail = int(query["tailLines"]) if query.get("tailLines", "").isdigit() else None
    if query.get("follow") in ("true", "1"):
        return Answer(media="text/plain", stream=log.follow(call.world.stopping, tail=tail))
    return Answer(media="text/plain", body=log.read(tail=tail))


def log_of(site: Site, namespace: str, pod: str, container: str) -> GrowingText:
    """The log of a container; no name means the first one."""
    with contextlib.suppress(Missing):
        first = _containers(site.store.get(KINDS["pods"], namespace, pod))[:1]
        container = "" if container in first else container
    return site.log(namespace, pod, container)


def _containers(pod: JsonObject) -> list[str]:
    return [str(one["name"]) for one in pod.get("spec", {}).get("containers", ())]
