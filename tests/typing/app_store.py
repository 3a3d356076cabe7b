"""The app store, and what it answers where a query value asks for something else."""

from __future__ import annotations

from typing import assert_type

from kubesphere_client import AsyncKubeSphere, KubeSphere, Page
from kubesphere_client.models import (
    App,
    AppVersion,
    Attachment,
    CreateAppRequest,
    CreateAppResponse,
    CreateRepoRequest,
    CreateRepoResponse,
    DeployedApplication,
    Deployment,
    Message,
    Repo,
    Service,
    ValidatePackageResponse,
    ValidateRepoResponse,
)


def lists(ks: KubeSphere) -> None:
    store = ks.openpitrix.v1
    assert_type(store.list_apps(conditions="status=active", limit=20, page=1, statistics=True), Page[App])
    assert_type(store.list_workspace_apps("demo"), Page[App])
    assert_type(store.list_app_versions("app-1"), Page[AppVersion])
    assert_type(store.list_repos(), Page[Repo])
    assert_type(store.list_namespace_applications("demo", "demo-project"), Page[DeployedApplication])


def variants(ks: KubeSphere) -> None:
    store = ks.openpitrix.v1
    app = CreateAppRequest(name="redis", version_package="H4sIAAAAAAAA")
    assert_type(store.create_app(app), CreateAppResponse)
    assert_type(store.validate_app(app), ValidatePackageResponse)
    repo = CreateRepoRequest(name="stable", url="https://charts.example.com")
    assert_type(store.create_workspace_repo("demo", repo), CreateRepoResponse)
    assert_type(store.validate_workspace_repo("demo", repo), ValidateRepoResponse)
    assert_type(store.get_attachment("att-1"), Attachment)
    assert_type(store.get_attachment_file("att-1", filename="raw"), bytes)


def applications(ks: KubeSphere) -> None:
    store = ks.openpitrix.v1
    application = store.get_cluster_namespace_application("demo", "host", "demo-project", "cl-1")
    assert_type(application, DeployedApplication)
    assert_type(application.name, str)
    assert_type(application.services, list[Service] | None)
    if application.workloads is not None:
        assert_type(application.workloads.deployments, list[Deployment] | None)
    assert_type(store.delete_cluster_namespace_application("demo", "host", "demo-project", "cl-1"), Message)


async def asynchronous(ks: AsyncKubeSphere) -> None:
    assert_type(await ks.openpitrix.v1.perform_app_action("app-1", {"action": "suspend"}), Message)
