"""Kubernetes objects to decode: Pods as a server sends them, 11 KB of JSON each, the same ones for one seed.

python benchmarks/pods.py COUNT FILE
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SIZE = 11 * 1024  # bytes of compact JSON; one Pod is within 5 % of it
_SPREAD = 0.04
_SEED = 3000
_START = 1_600_000_000
_VERBS = ("serve", "watch", "sync", "store", "route", "check")


def document(count: int, *, seed: int = _SEED) -> bytes:
    """A list of Pods in the envelope of resources.kubesphere.io/v1alpha3, which says how many there are."""
    return b'{"items":[' + b",".join(map(compact, pods(count, seed=seed))) + b'],"totalItems":%d}' % count


def pods(count: int, *, seed: int = _SEED) -> Iterator[dict[str, Any]]:
    """Pods of a Deployment each: two or three containers, bound, running, last written by four managers."""
    for number in range(count):
        yield _pod(random.Random(f"{seed}-{number}"), number)


def compact(value: Any) -> bytes:
    """JSON without spaces, as the server writes it."""
    return json.dumps(value, separators=(",", ":")).encode()


def _pod(chance: random.Random, number: int) -> dict[str, Any]:
    app = f"{chance.choice(_VERBS)}-{chance.randrange(1000):03}"
    revision = _digits(chance, 10)
    name = f"{app}-{revision}-{_digits(chance, 5)}"
    volumes = ["config", "data", "cache", f"default-token-{_digits(chance, 5)}"]
    containers = [_container(chance, app, one, volumes) for one in range(chance.choice((2, 2, 3)))]
    pod: dict[str, Any] = {
        "kind": "Pod",
        "apiVersion": "v1",
        "metadata": _metadata(chance, app, name, revision, number, containers),
        "spec": _spec(chance, app, containers, volumes),
        "status": _status(chance, containers),
    }
    missing = int(SIZE * (1 + chance.uniform(-_SPREAD, _SPREAD))) - len(compact(pod))
    # What is left to the size is the text that `kubectl apply` keeps; a Pod with three containers has little room.
    pod["metadata"]["annotations"]["kubectl.kubernetes.io/last-applied-configuration"] = _text(chance, missing)
    return pod


def _metadata(
    chance: random.Random, app: str, name: str, revision: str, number: int, containers: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "name": name,
        "generateName": f"{app}-{revision}-",
        "namespace": "shop",
        "selfLink": f"/api/v1/namespaces/shop/pods/{name}",
        "uid": _uid(chance),
        "resourceVersion": str(4000 + number),
        "creationTimestamp": _time(chance),
        "labels": {
            "app": app,
            "app.kubernetes.io/name": app,
            "app.kubernetes.io/version": f"v{chance.randrange(9)}.{chance.randrange(20)}",
            "pod-template-hash": revision,
            "tier": chance.choice(("front", "back")),
        },
        "annotations": {
            "cni.projectcalico.org/podIP": f"10.233.{chance.randrange(256)}.{chance.randrange(256)}/32",
            "kubesphere.io/creator": "admin",
            "logging.kubesphere.io/logsidecar-config": "{}",
        },
        "ownerReferences": [
            {
                "apiVersion": "apps/v1",
                "kind": "ReplicaSet",
                "name": f"{app}-{revision}",
                "uid": _uid(chance),
                "controller": True,
                "blockOwnerDeletion": True,
            }
        ],
        "managedFields": [
            _managed(chance, "kube-controller-manager", {"f:spec": _owned_spec(containers)}),
            _managed(chance, "calico", {"f:metadata": {"f:annotations": {"f:cni.projectcalico.org/podIP": {}}}}),
            _managed(chance, "kubelet", {"f:status": _owned_status()}),
        ],
    }


def _managed(chance: random.Random, manager: str, fields: dict[str, Any]) -> dict[str, Any]:
    return {
        "manager": manager,
        "operation": "Update",
        "apiVersion": "v1",
        "time": _time(chance),
        "fieldsType": "FieldsV1",
        "fieldsV1": fields,
    }


def _owned_spec(containers: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "f:containers": {
            f'k:{{"name":"{one["name"]}"}}': {".": {}, **{f"f:{field}": _owned(value) for field, value in one.items()}}
            for one in containers
        },
        "f:dnsPolicy": {},
        "f:restartPolicy": {},
        "f:securityContext": {},
        "f:volumes": {".": {}, 'k:{"name":"config"}': {".": {}, "f:configMap": {".": {}, "f:name": {}}, "f:name": {}}},
    }


def _owned(value: Any) -> dict[str, Any]:
    """Of a field of a container what a manager of it writes down: its own fields, and those of what it lists by name."""
    if isinstance(value, dict):
        return {".": {}, **{f"f:{name}": {} for name in value}}
    named = [one for one in value if isinstance(one, dict) and "name" in one] if isinstance(value, list) else []
    return {f'k:{{"name":"{one["name"]}"}}': {".": {}, **{f"f:{name}": {} for name in one}} for one in named}


def _owned_status() -> dict[str, Any]:
    kinds = ("ContainersReady", "Initialized", "Ready")
    fields = (".", "f:lastProbeTime", "f:lastTransitionTime", "f:status", "f:type")
    return {
        "f:conditions": {f'k:{{"type":"{kind}"}}': {field: {} for field in fields} for kind in kinds},
        "f:containerStatuses": {},
        "f:hostIP": {},
        "f:phase": {},
        "f:podIP": {},
        "f:podIPs": {".": {}, 'k:{"ip":"10.233.70.12"}': {".": {}, "f:ip": {}}},
    }


def _container(chance: random.Random, app: str, number: int, volumes: list[str]) -> dict[str, Any]:
    port = 8080 + number
    probe = {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3}
    container = {
        "name": app if number == 0 else f"sidecar-{number}",
        "image": f"registry.example.org/shop/{app}:{chance.randrange(1, 40)}.{chance.randrange(10)}",
        "args": [f"--port={port}", "--log-format=json"],
        "ports": [{"name": "http", "containerPort": port, "protocol": "TCP"}],
        "env": [
            {"name": "LOG_LEVEL", "value": chance.choice(("info", "warning"))},
            {"name": "POD_IP", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "status.podIP"}}},
            {"name": "STORE_PASSWORD", "valueFrom": {"secretKeyRef": {"name": f"{app}-store", "key": "password"}}},
        ],
        "resources": {
            "limits": {"cpu": f"{chance.randrange(1, 4)}", "memory": f"{chance.choice((256, 512, 1024))}Mi"},
            "requests": {"cpu": f"{chance.randrange(1, 9) * 50}m", "memory": "64Mi"},
        },
        "volumeMounts": [
            {"name": name, "readOnly": name != "data", "mountPath": f"/var/lib/{app}/{name}"} for name in volumes
        ],
        "livenessProbe": {"httpGet": {"path": "/live", "port": "http", "scheme": "HTTP"}, **probe},
        "readinessProbe": {"httpGet": {"path": "/ready", "port": port, "scheme": "HTTP"}, **probe},
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
        "imagePullPolicy": "IfNotPresent",
        "securityContext": {"runAsNonRoot": True, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}},
    }
    if number == 2:  # so that the third fits: a plain sidecar
        for name in ("args", "env", "readinessProbe", "volumeMounts"):
            del container[name]
    return container


def _spec(chance: random.Random, app: str, containers: list[dict[str, Any]], volumes: list[str]) -> dict[str, Any]:
    config, data, cache, token = volumes
    return {
        "volumes": [
            {"name": config, "configMap": {"name": f"{app}-config", "defaultMode": 420}},
            {"name": data, "persistentVolumeClaim": {"claimName": f"{app}-data"}},
            {"name": cache, "emptyDir": {"medium": "Memory", "sizeLimit": "64Mi"}},
            {"name": token, "secret": {"secretName": token, "defaultMode": 420}},
        ],
        "containers": containers,
        "restartPolicy": "Always",
        "terminationGracePeriodSeconds": 30,
        "dnsPolicy": "ClusterFirst",
        "nodeSelector": {"kubernetes.io/os": "linux"},
        "serviceAccountName": app,
        "serviceAccount": app,
        "nodeName": f"node-{chance.randrange(1, 40)}",
        "securityContext": {"fsGroup": 2000, "runAsUser": 1000},
        "schedulerName": "default-scheduler",
        "tolerations": [
            {
                "key": f"node.kubernetes.io/{state}",
                "operator": "Exists",
                "effect": "NoExecute",
                "tolerationSeconds": 300,
            }
            for state in ("not-ready", "unreachable")
        ],
        "priority": 0,
        "enableServiceLinks": True,
        "preemptionPolicy": "PreemptLowerPriority",
    }


def _status(chance: random.Random, containers: list[dict[str, Any]]) -> dict[str, Any]:
    address = f"10.233.{chance.randrange(256)}.{chance.randrange(256)}"
    kinds = ("Initialized", "Ready", "ContainersReady", "PodScheduled")
    return {
        "phase": "Running",
        "conditions": [
            {"type": kind, "status": "True", "lastProbeTime": None, "lastTransitionTime": _time(chance)}
            for kind in kinds
        ],
        "hostIP": f"192.168.0.{chance.randrange(2, 250)}",
        "podIP": address,
        "podIPs": [{"ip": address}],
        "startTime": _time(chance),
        "containerStatuses": [
            {
                "name": one["name"],
                "state": {"running": {"startedAt": _time(chance)}},
                "lastState": {},
                "ready": True,
                "restartCount": chance.randrange(3),
                "image": one["image"],
                "imageID": f"docker-pullable://{one['image'].partition(':')[0]}@sha256:{_hexadecimal(chance, 64)}",
                "containerID": f"docker://{_hexadecimal(chance, 64)}",
                "started": True,
            }
            for one in containers
        ],
        "qosClass": "Burstable",
    }


def _text(chance: random.Random, length: int) -> str:
    words = (_digits(chance, chance.randrange(3, 9)) for _ in range(max(length, 0) // 3 + 1))
    return " ".join(words)[: max(length - len(',"kubectl.kubernetes.io/last-applied-configuration":""'), 0)]


def _time(chance: random.Random) -> str:
    seconds = _START + chance.randrange(100_000_000)
    days, rest = divmod(seconds, 86_400)
    year, day = 1970 + days // 366, days % 28 + 1  # any date of that shape will do
    return f"{year}-{days % 12 + 1:02}-{day:02}T{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}Z"


def _uid(chance: random.Random) -> str:
    text = _hexadecimal(chance, 32)
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _hexadecimal(chance: random.Random, length: int) -> str:
    return hashlib.sha256(chance.randbytes(16)).hexdigest()[:length]


def _digits(chance: random.Random, length: int) -> str:
    return "".join(chance.choices("bcdfghjklmnpqrstvwxz2456789", k=length))


if __name__ == "__main__":
    new = Path(f"{sys.argv[2]}.new")
    new.write_bytes(document(int(sys.argv[1])))
    new.replace(sys.argv[2])
