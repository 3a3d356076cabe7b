"""Calls that no type checker lets through: what is marked is wrong, and for that reason; the rest is right."""

from __future__ import annotations

from kubesphere_client import AsyncKubeSphere, KubeSphere
from kubesphere_client.models import Member, ObjectMeta, WorkspaceTemplate


def keywords(ks: KubeSphere) -> None:
    ks.iam.v1alpha2.list_users(limit=10)
    ks.iam.v1alpha2.list_users(field_selector="metadata.name=admin")  # E: call-arg
    ks.iam.v1alpha2.list_users(sortBy="name")  # E: call-arg
    ks.iam.v1alpha2.get_user("admin", retries=3)  # E: call-arg
    ks.resources.v1alpha3.list_cluster_resources("nodes", field_selector="a=b")  # E: call-overload
    ks.iam.v1alpha2.list_users(10)  # E: call-arg
    ks.openpitrix.v1.list_apps(paging="limit=10,page=1")  # E: call-arg
    ks.tenant.v1alpha2.list_logs(size=10)  # E: call-arg
    ks.crd.tenant.v1alpha1.list_workspaces(limit="10")  # E: arg-type
    ks.tenant.v1alpha2.patch_workspace("demo", {}, content_type="application/json-patch+json")  # E: arg-type


def arguments(ks: KubeSphere) -> None:
    ks.tenant.v1alpha2.create_workspace(WorkspaceTemplate(metadata=ObjectMeta(name="demo")))
    ks.tenant.v1alpha2.create_workspace()  # E: call-arg
    ks.tenant.v1alpha2.get_workspace()  # E: call-arg
    ks.tenant.v1alpha2.get_workspace_namespace("demo")  # E: call-arg
    ks.openpitrix.v1.get_attachment_file("att-1")  # E: call-arg
    ks.alerting.request("HEAD", "v1/policies")  # E: arg-type


def bodies(ks: KubeSphere) -> None:
    ks.iam.v1alpha2.create_workspace_members("demo", [Member(username="jane", role_ref="demo-viewer")])
    ks.iam.v1alpha2.create_workspace_members("demo", Member(username="jane", role_ref="demo-viewer"))  # E: arg-type
    ks.iam.v1alpha2.create_user(WorkspaceTemplate())  # E: arg-type
    ks.tenant.v1alpha2.create_workspace("demo")  # E: arg-type
    ks.tenant.v1alpha2.delete_workspace("demo", body={})  # E: call-arg


def names(ks: KubeSphere) -> None:
    ks.iam.v1alpha2.get_users("admin")  # E: attr-defined
    ks.iam.v1beta1.list_users()  # E: attr-defined
    ks.alerting.request_get("v1/policies")  # E: attr-defined


def client() -> None:
    KubeSphere("http://10.0.0.1:30881", token="t")
    KubeSphere("http://10.0.0.1:30881", user="admin")  # E: call-arg
    AsyncKubeSphere("http://10.0.0.1:30881", token=1)  # E: arg-type


def views(ks: KubeSphere) -> None:
    ks.with_options(retries=3)  # E: call-arg
    ks.with_raw_response.iam.v1alpha2.get_user(1)  # E: arg-type
    ks.with_raw_response.iam.v1alpha2.get_user("jane", page=1)  # E: call-arg
    ks.with_raw_response.close()  # E: attr-defined
    ks.iam.v1alpha2.get_user("jane", max_retries="2")  # E: arg-type
