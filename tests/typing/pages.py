"""Walking a list, sync and async."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any, assert_type

from kubesphere_client import AsyncKubeSphere, AsyncPage, AsyncPageRequest, KubeSphere, Page
from kubesphere_client.models import (
    App,
    Artifact,
    Event,
    JenkinsPipeline,
    KubernetesObject,
    LogRecord,
    Node,
    Pipeline,
    PipelineBranchItem,
    PipelineRun,
    Pod,
    Repository,
    User,
    Workspace,
    WorkspaceTemplate,
)
from kubesphere_client.models.monitoring_v1alpha3 import Metric


def sync(ks: KubeSphere) -> None:
    page = ks.iam.v1alpha2.list_users(limit=10)
    assert_type(iter(page), Iterator[User])
    assert_type(page.pages(), Iterator[Page[User]])
    for user in page:
        assert_type(user, User)
    for following in page.pages():
        assert_type(following.items, Sequence[User])
        assert_type(following.to_dict(), Any)


async def asynchronous(ks: AsyncKubeSphere) -> None:
    asked = ks.iam.v1alpha2.list_users(limit=10)
    assert_type(asked, AsyncPageRequest[User])
    page = await asked
    assert_type(page, AsyncPage[User])
    assert_type(page.items, Sequence[User])
    assert_type(page.total_items, int | None)
    async for user in ks.iam.v1alpha2.list_users(limit=10):
        assert_type(user, User)
    async for following in ks.iam.v1alpha2.list_users(limit=10).pages():
        assert_type(following, AsyncPage[User])


async def one_of_each(ks: AsyncKubeSphere) -> None:
    assert_type(await ks.iam.v1alpha2.get_user("admin"), User)
    assert_type(await ks.tenant.v1alpha2.create_workspace({"metadata": {"name": "demo"}}), WorkspaceTemplate)
    assert_type([pod async for pod in ks.resources.v1alpha3.list_cluster_resources("pods", limit=100)], list[Pod])


def names(page: Page[KubernetesObject]) -> list[str]:
    return [one.metadata.name for one in page]


def any_page_of_objects(ks: KubeSphere) -> list[str]:
    # A page is read only, so one of users is one of objects.
    return names(ks.iam.v1alpha2.list_users())


async def async_names(found: AsyncIterator[User]) -> list[str]:
    return [user.metadata.name async for user in found]


async def an_iterator(ks: AsyncKubeSphere) -> list[str]:
    return await async_names(aiter(ks.iam.v1alpha2.list_users()))


def of_each_family(ks: KubeSphere) -> None:
    assert_type(ks.resources.v1alpha3.list_cluster_resources("nodes", limit=10, page=2), Page[Node])
    assert_type(ks.resources.v1alpha2.list_cluster_resources("nodes", limit=10, page=2), Page[Node])
    assert_type(ks.openpitrix.v1.list_apps(limit=10, page=2), Page[App])
    assert_type(ks.devops.v1alpha3.list_devops_pipelines("project", limit=10, page=2), Page[Pipeline])
    jenkins = ks.devops.v1alpha2
    assert_type(jenkins.list_branches("project", "pipeline", limit=10, start=20), Page[PipelineBranchItem])
    assert_type(jenkins.list_run_artifacts("project", "pipeline", "1", limit=10, page=2), Page[Artifact])
    assert_type(jenkins.list_runs("project", "pipeline", limit=10, page=2), Page[PipelineRun])
    assert_type(jenkins.search_pipelines(q="type:pipeline", limit=10, page=2), Page[JenkinsPipeline])
    assert_type(
        jenkins.list_scm_repositories("github", "kubesphere", credential_id="token", limit=10, page=2), Page[Repository]
    )
    assert_type(ks.tenant.v1alpha2.list_logs(limit=10, page=2), Page[LogRecord])
    assert_type(ks.tenant.v1alpha2.list_events(limit=10, start=20), Page[Event])
    assert_type(ks.tenant.v1alpha2.list_audit_events(limit=10, page=2), Page[dict[str, Any]])
    assert_type(ks.monitoring.v1alpha3.rank_node_metrics(sort_metric="node_cpu_usage", limit=10, page=2), Page[Metric])
    assert_type(ks.crd.tenant.v1alpha1.list_workspaces(limit=10, continue_="token"), Page[Workspace])


async def of_some_families(ks: AsyncKubeSphere) -> None:
    assert_type(ks.openpitrix.v1.list_apps(limit=10), AsyncPageRequest[App])
    assert_type(await ks.tenant.v1alpha2.list_logs(limit=10), AsyncPage[LogRecord])
    assert_type([run async for run in ks.devops.v1alpha2.list_runs("project", "pipeline")], list[PipelineRun])
    assert_type([one async for one in ks.monitoring.v1alpha3.rank_node_metrics(sort_metric="cpu")], list[Metric])
