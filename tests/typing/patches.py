"""A merge patch is a part of the object, or a mapping; a JSON patch is a list of operations."""

from __future__ import annotations

from typing import assert_type

from kubesphere_client import AsyncKubeSphere, KubeSphere
from kubesphere_client.models import (
    GlobalRole,
    Message,
    ModifyAppRequest,
    Namespace,
    ObjectMeta,
    Pipeline,
    PolicyRule,
    Role,
    Workspace,
    WorkspaceRole,
    WorkspaceTemplate,
)


def a_partial_object(ks: KubeSphere) -> None:
    change = WorkspaceTemplate(metadata=ObjectMeta(annotations={"team": "infra"}))
    assert_type(ks.tenant.v1alpha2.patch_workspace("demo", change), WorkspaceTemplate)

    rules = Role(rules=[PolicyRule(verbs=["get"], resources=["pods"])])
    assert_type(ks.iam.v1alpha2.patch_namespace_role("demo-project", "reader", rules), Role)


def a_mapping(ks: KubeSphere) -> None:
    label = {"metadata": {"labels": {"team": None}}}
    assert_type(ks.tenant.v1alpha2.patch_workspace("demo", label), WorkspaceTemplate)
    assert_type(ks.tenant.v1alpha2.patch_workspace_namespace("demo", "demo-project", label), Namespace)
    assert_type(ks.iam.v1alpha2.patch_global_role("reader", label), GlobalRole)
    assert_type(ks.iam.v1alpha2.patch_workspace_role("demo", "reader", label), WorkspaceRole)


def in_another_media_type(ks: KubeSphere) -> None:
    label = {"metadata": {"labels": {"team": "infra"}}}
    changed = ks.tenant.v1alpha2.patch_workspace("demo", label, content_type="application/merge-patch+json")
    assert_type(changed, WorkspaceTemplate)


def custom_resources(ks: KubeSphere) -> None:
    crd = ks.crd
    assert_type(
        crd.tenant.v1alpha1.patch_workspace("demo", Workspace(metadata=ObjectMeta(labels={"a": "b"}))), Workspace
    )
    operations = [{"op": "add", "path": "/metadata/labels/team", "value": "infra"}]
    assert_type(crd.devops.v1alpha3.patch_pipeline("demo-devops", "build", operations), Pipeline)


def app_store(ks: KubeSphere) -> None:
    assert_type(ks.openpitrix.v1.patch_app("app-1", ModifyAppRequest(description="A cache")), Message)


async def asynchronous(ks: AsyncKubeSphere) -> None:
    assert_type(await ks.tenant.v1alpha2.patch_workspace("demo", {"metadata": {}}), WorkspaceTemplate)
