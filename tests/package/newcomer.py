"""What somebody writes who has read the README of the package and nothing else: a team gets its workspace."""

from __future__ import annotations

import sys

from kubesphere_client import KubeSphere, NotFoundError
from kubesphere_client.models import (
    FederatedWorkspaceSpec,
    FederatedWorkspaceTemplate,
    Member,
    Namespace,
    ObjectMeta,
    PolicyRule,
    Role,
    WorkspaceRole,
    WorkspaceSpec,
    WorkspaceTemplate,
)


def create(ks: KubeSphere) -> None:
    workspace = ks.tenant.v1alpha2.create_workspace(
        WorkspaceTemplate(
            metadata=ObjectMeta(name="demo-ws", annotations={"kubesphere.io/alias-name": "Demo"}),
            spec=FederatedWorkspaceSpec(template=FederatedWorkspaceTemplate(spec=WorkspaceSpec(manager="admin"))),
        )
    )
    print("created", workspace.metadata.name, workspace.metadata.creation_timestamp)
    page = ks.tenant.v1alpha2.list_workspaces(limit=1)
    print("one of", page.total_items, "workspaces:", page.items[0].metadata.name)

    project = ks.tenant.v1alpha2.create_workspace_namespace(
        "demo-ws", Namespace(metadata=ObjectMeta(name="ns1", labels={"kubesphere.io/workspace": "demo-ws"}))
    )
    print("project", project.metadata.name, "is", project.status.phase)

    ks.iam.v1alpha2.create_workspace_role(
        "demo-ws",
        WorkspaceRole(
            metadata=ObjectMeta(name="wr1"), rules=[PolicyRule(api_groups=["*"], resources=["*"], verbs=["get"])]
        ),
    )
    ks.iam.v1alpha2.create_namespace_role(
        "ns1",
        Role(metadata=ObjectMeta(name="r1"), rules=[PolicyRule(api_groups=[""], resources=["pods"], verbs=["get"])]),
    )


def invite(ks: KubeSphere) -> None:
    ks.iam.v1alpha2.create_workspace_members("demo-ws", [Member(username="alice", role_ref="demo-ws-viewer")])
    alice = ks.iam.v1alpha2.get_workspace_member("demo-ws", "alice")
    print("member", alice.metadata.name, alice.spec.email)
    member = ks.iam.v1alpha2.replace_workspace_member(
        "demo-ws", "alice", Member(username="alice", role_ref="demo-ws-regular")
    )
    print(member.username, "is now", member.role_ref)


def look_around(ks: KubeSphere) -> None:
    for project in ks.tenant.v1alpha2.list_workspace_namespaces("demo-ws"):
        print("project", project.metadata.name, project.metadata.labels)
    for member in ks.iam.v1alpha2.list_namespace_members("ns1"):
        print("member", member.metadata.name, "is", (member.metadata.annotations or {}).get("iam.kubesphere.io/role"))


def change(ks: KubeSphere) -> None:
    workspace = ks.tenant.v1alpha2.patch_workspace("demo-ws", {"metadata": {"annotations": {"p": "1"}}})
    print("workspace", workspace.metadata.annotations)
    change = Namespace(metadata=ObjectMeta(annotations={"p": "1"}))
    project = ks.tenant.v1alpha2.patch_workspace_namespace("demo-ws", "ns1", change)
    print("project", project.metadata.annotations)
    role = ks.iam.v1alpha2.patch_namespace_role("ns1", "r1", Role(metadata=ObjectMeta(annotations={"p": "1"})))
    print("role", role.metadata.annotations)


def clean_up(ks: KubeSphere) -> None:
    try:
        ks.tenant.v1alpha2.get_workspace("zzz")
    except NotFoundError as error:
        print("no workspace zzz:", error.status_code, error.message)
    print("role r1:", ks.iam.v1alpha2.delete_namespace_role("ns1", "r1").message)
    print("member alice:", ks.iam.v1alpha2.delete_namespace_member("ns1", "alice").message)


def main(address: str) -> None:
    with KubeSphere(address, username="admin", password="P@88w0rd") as ks:
        create(ks)
        invite(ks)
        look_around(ks)
        change(ks)
        clean_up(ks)


if __name__ == "__main__":
    main(sys.argv[1])
