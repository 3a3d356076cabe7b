"""What a body can be: an object, or a mapping of what goes over the wire; and what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, assert_type

from kubesphere_client import KubeSphere
from kubesphere_client.models import Member, Message, Namespace, ObjectMeta, Role, User, UserSpec, WorkspaceTemplate


def objects(ks: KubeSphere) -> None:
    workspace = WorkspaceTemplate(metadata=ObjectMeta(name="demo", labels={"team": "infra"}))
    assert_type(ks.tenant.v1alpha2.create_workspace(workspace), WorkspaceTemplate)
    assert_type(ks.tenant.v1alpha2.replace_workspace("demo", workspace), WorkspaceTemplate)

    user = User(metadata=ObjectMeta(name="jane"), spec=UserSpec(email="jane@example.com", password="P@88w0rd"))
    assert_type(ks.iam.v1alpha2.create_user(user), User)


def mappings(ks: KubeSphere, data: Mapping[str, Any]) -> None:
    assert_type(ks.iam.v1alpha2.create_user({"metadata": {"name": "jane"}}), User)
    assert_type(ks.tenant.v1alpha2.create_workspace_namespace("demo", data), Namespace)
    assert_type(ks.iam.v1alpha2.create_namespace_role("demo-project", {"metadata": {"name": "reader"}}), Role)


def arrays(ks: KubeSphere) -> None:
    iam = ks.iam.v1alpha2
    jane = Member(username="jane", role_ref="demo-viewer")
    assert_type(iam.create_workspace_members("demo", [jane]), list[Member])
    assert_type(
        iam.create_workspace_members("demo", (jane, {"username": "joe", "roleRef": "demo-viewer"})), list[Member]
    )
    assert_type(iam.replace_workspace_member("demo", "jane", jane), Member)


def deletions(ks: KubeSphere) -> None:
    deleted = ks.tenant.v1alpha2.delete_workspace("demo")
    assert_type(deleted, Message)
    assert_type(deleted.message, str)
    assert_type(ks.iam.v1alpha2.delete_workspace_member("demo", "jane"), Message)
