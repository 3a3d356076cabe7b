"""Lists and objects of any kind: the name of the resource decides what they are."""

from __future__ import annotations

from typing import Literal, assert_type

from kubesphere_client import AsyncKubeSphere, AsyncPageRequest, KubeSphere, Page
from kubesphere_client.models import (
    ConfigMap,
    Deployment,
    KubernetesObject,
    Namespace,
    Node,
    Pod,
    Secret,
    StorageClass,
    User,
    Workspace,
)


def lists(ks: KubeSphere) -> None:
    resources = ks.resources.v1alpha3
    assert_type(resources.list_cluster_resources("nodes"), Page[Node])
    assert_type(resources.list_cluster_resources("namespaces", limit=10, sort_by="name"), Page[Namespace])
    assert_type(resources.list_cluster_resources("users"), Page[User])
    assert_type(resources.list_cluster_resources("workspaces"), Page[Workspace])
    assert_type(resources.list_cluster_resources("storageclasses"), Page[StorageClass])
    assert_type(resources.list_namespaced_resources("default", "pods"), Page[Pod])
    assert_type(resources.list_namespaced_resources("default", "deployments", status="running"), Page[Deployment])
    assert_type(resources.list_namespaced_resources("default", "secrets", timeout=5), Page[Secret])


def unknown_kinds(ks: KubeSphere, kind: str) -> None:
    resources = ks.resources.v1alpha3
    assert_type(resources.list_cluster_resources("surprises"), Page[KubernetesObject])
    assert_type(resources.list_cluster_resources(kind, limit=10), Page[KubernetesObject])
    assert_type(resources.list_namespaced_resources("default", kind), Page[KubernetesObject])
    assert_type(resources.get_namespaced_resource("default", kind, "web"), KubernetesObject)


def objects(ks: KubeSphere) -> None:
    resources = ks.resources.v1alpha3
    assert_type(resources.get_cluster_resource("nodes", "node-0"), Node)
    assert_type(resources.get_cluster_resource("namespaces", "default"), Namespace)
    assert_type(resources.get_namespaced_resource("default", "pods", "web"), Pod)
    assert_type(resources.get_namespaced_resource("default", "configmaps", "settings"), ConfigMap)


def what_narrows(ks: KubeSphere, kind: Literal["pods"]) -> None:
    assert_type(ks.resources.v1alpha3.list_namespaced_resources("default", kind), Page[Pod])


def every_kind_has_metadata(ks: KubeSphere, kind: str) -> list[str]:
    return [one.metadata.name for one in ks.resources.v1alpha3.list_cluster_resources(kind)]


def earlier_version(ks: KubeSphere, kind: str) -> None:
    resources = ks.resources.v1alpha2
    assert_type(resources.list_cluster_resources("nodes", limit=10, page=1), Page[Node])
    assert_type(resources.list_namespaced_resources("default", "pods"), Page[Pod])
    assert_type(resources.list_cluster_resources(kind), Page[KubernetesObject])


async def asynchronous(ks: AsyncKubeSphere, kind: str) -> None:
    resources = ks.resources.v1alpha3
    assert_type(resources.list_cluster_resources("nodes"), AsyncPageRequest[Node])
    assert_type(resources.list_cluster_resources(kind), AsyncPageRequest[KubernetesObject])
    assert_type(await resources.get_namespaced_resource("default", "pods", "web"), Pod)
    async for pod in resources.list_namespaced_resources("default", "pods", limit=50):
        assert_type(pod, Pod)
