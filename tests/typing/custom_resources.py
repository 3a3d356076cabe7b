"""Custom resources, as Kubernetes serves them."""

from __future__ import annotations

from typing import assert_type

from kubesphere_client import AsyncKubeSphere, AsyncPageRequest, KubeSphere, Page
from kubesphere_client.models import Application, Cluster, ObjectMeta, Pipeline, S2iBuilder, User, Workspace


def lists(ks: KubeSphere) -> None:
    crd = ks.crd
    assert_type(crd.tenant.v1alpha1.list_workspaces(limit=100, label_selector="team=infra"), Page[Workspace])
    assert_type(crd.iam.v1alpha2.list_users(), Page[User])
    assert_type(crd.cluster.v1alpha1.list_clusters(), Page[Cluster])
    assert_type(crd.devops.v1alpha3.list_pipelines(), Page[Pipeline])
    assert_type(crd.devops.v1alpha3.list_namespaced_pipelines("demo-devops"), Page[Pipeline])
    assert_type(crd.devops.v1alpha1.list_namespaced_s2i_builders("demo-project"), Page[S2iBuilder])
    assert_type(crd.app.v1beta1.list_applications(), Page[Application])


def objects(ks: KubeSphere) -> None:
    crd = ks.crd
    assert_type(crd.tenant.v1alpha1.get_workspace("demo"), Workspace)
    assert_type(crd.tenant.v1alpha1.create_workspace(Workspace(metadata=ObjectMeta(name="demo"))), Workspace)
    assert_type(crd.devops.v1alpha3.get_pipeline("demo-devops", "build"), Pipeline)
    assert_type(crd.devops.v1alpha3.replace_pipeline("demo-devops", "build", Pipeline()), Pipeline)


async def asynchronous(ks: AsyncKubeSphere) -> None:
    crd = ks.crd
    assert_type(crd.tenant.v1alpha1.list_workspaces(), AsyncPageRequest[Workspace])
    assert_type(await crd.tenant.v1alpha1.get_workspace("demo"), Workspace)
