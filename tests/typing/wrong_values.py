"""Values that do not fit: what is marked is wrong, and for that reason; the rest is right."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import kubesphere_client
from kubesphere_client import AsyncKubeSphere, KubeSphere, Page, Upload
from kubesphere_client.models import (
    KubernetesObject,
    Namespace,
    ObjectMeta,
    Pod,
    ResourceRequirements,
    S2iBinaryUpload,
    User,
    WorkspaceTemplate,
)


def names() -> None:
    kubesphere_client.Kubesphere("http://ks.test")  # E: attr-defined
    kubesphere_client.preload(1)  # E: arg-type


def parameters(ks: KubeSphere) -> None:
    ks.iam.v1alpha2.list_users(limit=10, names=["admin"])
    ks.iam.v1alpha2.list_users(limit="10")  # E: arg-type
    ks.iam.v1alpha2.list_users(names=[1])  # E: list-item
    ks.iam.v1alpha2.get_user(1)  # E: arg-type
    ks.iam.v1alpha2.get_user("admin", timeout="5s")  # E: arg-type
    ks.tenant.v1alpha2.query_logs(operation="export")  # E: arg-type
    ks.tenant.v1alpha2.query_events(sort="descending")  # E: arg-type
    ks.crd.tenant.v1alpha1.watch_workspaces(timeout_seconds="60")  # E: arg-type


def times(ks: KubeSphere) -> None:
    ks.tenant.v1alpha2.query_logs(operation="query", start_time=datetime(2026, 11, 24, tzinfo=UTC), end_time=1795484162)
    ks.monitoring.v1alpha3.get_cluster_metrics(start=datetime(2026, 11, 24, tzinfo=UTC), end="now")  # E: arg-type
    ks.tenant.v1alpha2.query_logs(operation="query", start=datetime(2026, 11, 24, tzinfo=UTC))  # E: arg-type


def files() -> None:
    S2iBinaryUpload(s2ibinary=Path("app.jar"))
    S2iBinaryUpload(s2ibinary=("app.jar", b"content"))
    S2iBinaryUpload(s2ibinary=Upload("app.jar", progress=print))
    S2iBinaryUpload(s2ibinary="app.jar")  # E: arg-type


def fields() -> None:
    WorkspaceTemplate(metadata=ObjectMeta(name="demo", labels={"team": "infra"}))
    WorkspaceTemplate(name="demo")  # E: call-arg
    WorkspaceTemplate(metadata={"name": "demo"})  # E: arg-type
    ObjectMeta(name=None)  # E: arg-type
    ObjectMeta(labels={"team": 1})  # E: dict-item
    ObjectMeta(creation_timestamp="2020-09-01T00:00:00Z")  # E: arg-type
    ResourceRequirements(limits={"cpu": 1})  # E: dict-item


def answers(ks: KubeSphere, pod: Pod) -> None:
    name: str = ks.iam.v1alpha2.get_user("admin").metadata.name
    number: int = ks.iam.v1alpha2.get_user("admin").metadata.name  # E: assignment
    kind: str = ks.iam.v1alpha2.get_user("admin").kind  # E: assignment
    created: datetime = pod.metadata.creation_timestamp  # E: assignment
    print(name, number, kind, created)
    print(pod.metadata.nmae)  # E: attr-defined
    print(pod.spec.containers)  # E: union-attr


def pages(ks: KubeSphere) -> None:
    objects: Page[KubernetesObject] = ks.iam.v1alpha2.list_users()
    users: Page[User] = ks.tenant.v1alpha2.list_namespaces()  # E: assignment
    first: Namespace = ks.resources.v1alpha3.list_cluster_resources("nodes").items[0]  # E: assignment
    print(objects, users, first)
    ks.iam.v1alpha2.list_users().items.append(User())  # E: attr-defined


async def asynchronous(ks: AsyncKubeSphere) -> None:
    for user in ks.iam.v1alpha2.list_users():  # E: attr-defined
        print(user)
    print(ks.iam.v1alpha2.list_users().items)  # E: attr-defined
    print(ks.iam.v1alpha2.get_user("admin").metadata)  # E: attr-defined
