"""The demo world: small, but with something behind every common call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kubesphere_client.testing._cluster import FakeCluster
    from kubesphere_client.testing._fake import FakeKubeSphere

_IN_DEMO = {"kubesphere.io/workspace": "demo"}
_IMAGES = {"web": "nginx:1.19", "cart": "redis:6.0"}


def fill(fake: FakeKubeSphere) -> None:
    """Put the demo world into a server."""
    for role in ("platform-admin", "platform-regular", "users-manager", "workspaces-manager"):
        fake.add("globalroles", {"metadata": {"name": role}, "rules": _ALL if role == "platform-admin" else []})
    for role in ("cluster-admin", "cluster-viewer"):
        fake.add("clusterroles", {"metadata": {"name": role}, "rules": _ALL if role == "cluster-admin" else []})
    fake.add_user("sam", "P@88w0rd", email="sam@example.com")
    template = {"metadata": {"name": "demo", "annotations": {"kubesphere.io/creator": "admin"}}}
    fake.add("workspacetemplates", {**template, "spec": {"template": {"spec": {"manager": "admin"}}}})
    _member(fake, "admin", "demo-admin")
    _fill_cluster(fake)
    _devops(fake)
    _observed(fake)
    member = fake.add_cluster("member-1")
    _fill_cluster(member)


_ALL = [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]


def _fill_cluster(cluster: FakeCluster) -> None:
    for name in ("node-1", "node-2", "node-3"):
        cluster.add("nodes", _node(name))
    for name, labels in (("default", {}), ("kube-system", {}), ("shop", _IN_DEMO)):
        cluster.add("namespaces", {"metadata": {"name": name, "labels": labels}, "status": {"phase": "Active"}})
    for app, image in _IMAGES.items():
        cluster.add("deployments", _deployment(app, image), namespace="shop")
        cluster.add("services", _service(app), namespace="shop")
        for number in range(2):
            cluster.add("pods", _pod(f"{app}-{number}", app, image), namespace="shop")
    cluster.append_log("web-0", "starting\nlistening on port 80\n", namespace="shop")
    cluster.end_log("web-0", namespace="shop")
    cluster.add("configmaps", {"metadata": {"name": "settings"}, "data": {"colour": "blue"}}, namespace="shop")
    cluster.add("secrets", {"metadata": {"name": "database"}, "type": "Opaque", "data": _SECRET}, namespace="shop")
    for role in ("admin", "operator", "viewer"):
        cluster.add("roles", {"metadata": {"name": role}, "rules": []}, namespace="shop")
    cluster.add("storageclasses", {"metadata": {"name": "local"}, "provisioner": "openebs.io/local"})


_SECRET = {"password": "c2VjcmV0"}


def _node(name: str) -> dict[str, Any]:
    capacity = {"cpu": "4", "memory": "8Gi", "pods": "110"}
    status = {"capacity": capacity, "allocatable": capacity, "conditions": [{"type": "Ready", "status": "True"}]}
    return {"metadata": {"name": name, "labels": {"kubernetes.io/hostname": name}}, "spec": {}, "status": status}


def _pod(name: str, app: str, image: str) -> dict[str, Any]:
    container = {"name": app, "image": image, "resources": {}}
    statuses = [{"name": app, "ready": True, "restartCount": 0, "image": image, "imageID": ""}]
    status = {"phase": "Running", "podIP": "10.233.0.10", "containerStatuses": statuses}
    spec = {"nodeName": "node-1", "containers": [container]}
    return {"metadata": {"name": name, "labels": {"app": app}}, "spec": spec, "status": status}


def _deployment(app: str, image: str) -> dict[str, Any]:
    labels = {"app": app}
    pod = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": app, "image": image, "resources": {}}]}}
    spec = {"replicas": 2, "selector": {"matchLabels": labels}, "template": pod, "strategy": {}}
    status = {"replicas": 2, "readyReplicas": 2, "updatedReplicas": 2, "availableReplicas": 2}
    return {"metadata": {"name": app, "labels": labels}, "spec": spec, "status": status}


def _service(app: str) -> dict[str, Any]:
    spec = {"type": "ClusterIP", "clusterIP": "10.233.1.1", "selector": {"app": app}, "ports": [{"port": 80}]}
    return {"metadata": {"name": app, "labels": {"app": app}}, "spec": spec, "status": {"loadBalancer": {}}}


def _member(fake: FakeKubeSphere, user: str, role: str) -> None:
    labels = {**_IN_DEMO, "iam.kubesphere.io/user-ref": user}
    reference = {"apiGroup": "iam.kubesphere.io", "kind": "WorkspaceRole", "name": role}
    metadata = {"name": f"{user}-{role}", "labels": labels}
    fake.add("workspacerolebindings", {"metadata": metadata, "roleRef": reference, "subjects": []})


def _observed(fake: FakeKubeSphere) -> None:
    """What Elasticsearch and Prometheus have to say."""
    nodes = ("node-1", "node-2", "node-3")
    for node in nodes:
        usage = {"cpu": "250m", "memory": "2Gi"}
        metrics = {"kind": "NodeMetrics", "metadata": {"name": node}, "usage": usage}
        fake.add("metrics.k8s.io/v1beta1/nodes", metrics)
    rows = [{"metric": {"node": node}, "value": [1609459200, f"0.{9 - number}"]} for number, node in enumerate(nodes)]
    ranked = {"metric_name": "node_cpu_utilisation", "data": {"resultType": "vector", "result": rows}}
    fake.serve_list("/kapis/monitoring.kubesphere.io/v1alpha3/nodes", [ranked], family="E")
    lines = [
        {"time": f"2026-01-01T00:00:{second:02}Z", "namespace": "shop", "pod": "web-0", "container": "web", "log": text}
        for second, text in enumerate(("starting\n", "listening on port 80\n"))
    ]
    fake.serve_list("/kapis/tenant.kubesphere.io/v1alpha2/logs", lines, family="D")


def _devops(fake: FakeKubeSphere) -> None:
    """The DevOps project `build-demo` with the pipeline `release`, of which one run has ended, and a binary to build from."""
    metadata = {"name": "build-demo", "generateName": "build-", "labels": _IN_DEMO}
    fake.add("devopsprojects", {"metadata": metadata, "spec": {}, "status": {"adminNamespace": "build-demo"}})
    pipeline = {"name": "release", "jenkinsfile": "pipeline { agent any }"}
    spec = {"type": "pipeline", "pipeline": pipeline}
    fake.add("pipelines", {"metadata": {"name": "release"}, "spec": spec}, namespace="build-demo")
    path = "/kapis/devops.kubesphere.io/v1alpha2/devops/build-demo/pipelines/release"
    run = {"id": "1", "organization": "jenkins", "pipeline": "release", "result": "SUCCESS", "state": "FINISHED"}
    fake.answer("GET", f"{path}/runs", 200, {"items": [run], "totalItems": 1})
    fake.answer("GET", f"{path}/runs/1", 200, run)
    fake.append_text(f"{path}/runs/1/log", "Started by user admin\nFinished: SUCCESS\n")
    fake.append_text(f"{path}/runs/1/nodes/2/steps/3/log", "+ make\nall is built\n")
    binary = "/kapis/devops.kubesphere.io/v1alpha2/namespaces/shop/s2ibinaries/app/file"
    fake.answer("PUT", binary, 200, {"kind": "S2iBinary", "metadata": {"name": "app", "namespace": "shop"}})
    fake.serve_file(f"{binary}/app.jar", b"PK\x03\x04", content_type="application/java-archive")
