"""Kubernetes by kind, and waiting: what is given as a class is known as one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, assert_type

from kubesphere_client import (
    AsyncKubeSphere,
    AsyncLogLines,
    AsyncPage,
    AsyncPageRequest,
    AsyncWatch,
    KubeSphere,
    LogLines,
    Page,
    RawResponse,
    Watch,
)
from kubesphere_client.models import ConfigMap, Deployment, KubernetesObject, ObjectMeta, Pod, Status, User, Workspace


def sync(ks: KubeSphere) -> None:
    assert_type(ks.kubernetes.list(Deployment, namespace="shop", limit=10), Page[Deployment])
    assert_type(ks.kubernetes.list("Deployment"), Page[KubernetesObject])
    assert_type(ks.kubernetes.get(Deployment, "web", namespace="shop"), Deployment)
    assert_type(ks.kubernetes.get("ConfigMap", "settings", namespace="shop"), KubernetesObject)
    assert_type(ks.kubernetes.get(Deployment, "web", namespace="shop", subresource="status"), Deployment)
    assert_type(ks.kubernetes.get(Deployment, "web", namespace="shop", subresource="scale"), KubernetesObject)
    config = ConfigMap(metadata=ObjectMeta(name="settings", namespace="shop"), data={"a": "1"})
    assert_type(ks.kubernetes.create(config), ConfigMap)
    assert_type(ks.kubernetes.create({"apiVersion": "v1", "kind": "ConfigMap"}, namespace="shop"), KubernetesObject)
    assert_type(ks.kubernetes.replace(config, dry_run=True), ConfigMap)
    assert_type(ks.kubernetes.patch(Deployment, "web", {"spec": {}}, namespace="shop"), Deployment)
    assert_type(ks.kubernetes.patch("Deployment", "web", [], subresource="scale"), KubernetesObject)
    assert_type(ks.kubernetes.delete(Deployment, "web", namespace="shop", wait=True), Status | Deployment)
    assert_type(ks.kubernetes.delete_collection(Pod, namespace="shop"), Sequence[Pod])
    assert_type(ks.kubernetes.scale("Deployment", "web", 3, namespace="shop"), KubernetesObject)
    assert_type(ks.kubernetes.watch(Pod, namespace="shop"), Watch[Pod])
    assert_type(ks.kubernetes.logs("web-0", namespace="shop"), str)
    assert_type(ks.kubernetes.stream_logs("web-0", namespace="shop"), LogLines)
    assert_type(ks.with_raw_response.kubernetes.get("Pod", "web-0", namespace="shop"), RawResponse[Any])


async def asynchronous(ks: AsyncKubeSphere) -> None:
    assert_type(ks.kubernetes.list(Pod), AsyncPageRequest[Pod])
    assert_type(await ks.kubernetes.list(Pod), AsyncPage[Pod])
    assert_type(await ks.kubernetes.get(Pod, "web-0", namespace="shop"), Pod)
    assert_type(ks.kubernetes.watch("Pod", namespace="shop"), AsyncWatch[KubernetesObject])
    async with ks.kubernetes.stream_logs("web-0", namespace="shop") as log:
        assert_type(log, AsyncLogLines)
        assert_type([line async for line in log], list[str])


def waiting(ks: KubeSphere) -> None:
    assert_type(ks.wait_for(lambda: ks.iam.v1alpha2.get_user("jane"), until=lambda user: user.status), User)
    assert_type(ks.wait_for(lambda: 1 + 1), int)
    watch = ks.crd.tenant.v1alpha1.watch_workspace("demo")
    assert_type(ks.wait_for(watch, until=lambda workspace: workspace.metadata.uid), Workspace)
    ks.wait_for(lambda: ks.iam.v1alpha2.get_user("jane"), until="gone", timeout=60)
    ks.iam.v1alpha2.delete_user("jane", wait=True, wait_timeout=60)


async def waiting_in_tasks(ks: AsyncKubeSphere) -> None:
    user = await ks.wait_for(lambda: ks.iam.v1alpha2.get_user("jane"), until=lambda user: user.status)
    assert_type(user, User)
    await ks.wait_for(lambda: ks.iam.v1alpha2.get_user("jane"), until="gone")
    await ks.iam.v1alpha2.delete_user("jane", wait=True)
