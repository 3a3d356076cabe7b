"""What a list gives: a page whose items have the type of what is listed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_type

from kubesphere_client import KubeSphere, Page
from kubesphere_client.models import (
    Cluster,
    ClusterRole,
    DevOpsProject,
    GlobalRole,
    LoginRecord,
    Namespace,
    Role,
    User,
    WorkspaceRole,
    WorkspaceTemplate,
)


def members_and_roles(ks: KubeSphere) -> None:
    iam = ks.iam.v1alpha2
    assert_type(iam.list_users(), Page[User])
    assert_type(iam.list_cluster_members(), Page[User])
    assert_type(iam.list_workspace_members("demo"), Page[User])
    assert_type(iam.list_namespace_members("demo-project"), Page[User])
    assert_type(iam.list_global_roles(), Page[GlobalRole])
    assert_type(iam.list_cluster_roles(), Page[ClusterRole])
    assert_type(iam.list_workspace_roles("demo"), Page[WorkspaceRole])
    assert_type(iam.list_namespace_roles("demo-project"), Page[Role])
    assert_type(iam.list_user_login_records("admin"), Page[LoginRecord])


def role_templates(ks: KubeSphere) -> None:
    iam = ks.iam.v1alpha2
    assert_type(iam.list_user_role_templates("admin"), list[GlobalRole])
    assert_type(iam.list_cluster_member_role_templates("admin"), list[ClusterRole])
    assert_type(iam.list_workspace_member_role_templates("demo", "admin"), list[WorkspaceRole])
    assert_type(iam.list_namespace_member_role_templates("demo-project", "admin"), list[Role])


def workspaces(ks: KubeSphere) -> None:
    tenant = ks.tenant.v1alpha2
    assert_type(tenant.list_workspaces(), Page[WorkspaceTemplate])
    assert_type(tenant.list_namespaces(), Page[Namespace])
    assert_type(tenant.list_workspace_namespaces("demo"), Page[Namespace])
    assert_type(tenant.list_workspace_member_namespaces("demo", "admin"), Page[Namespace])
    assert_type(tenant.list_workspace_devops_projects("demo"), Page[DevOpsProject])
    assert_type(tenant.list_workspace_clusters("demo"), Page[Cluster])


def a_page(ks: KubeSphere) -> None:
    page = ks.iam.v1alpha2.list_users(page=1, limit=10, sort_by="createTime", ascending=True, names=["admin", "jane"])
    assert_type(page.items, Sequence[User])
    assert_type(page.total_items, int | None)
    assert_type(len(page), int)
    assert_type([user.metadata.name for user in page], list[str])
