"""Calls to member clusters."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from kubesphere_client import (
    AsyncKubeSphere,
    ClientClosedError,
    InvalidArgumentError,
    KubeSphere,
    NotFoundError,
    ServerError,
)
from tests.client.fake_server import Answer, FakeServer, data


@pytest.fixture
def ks(server: FakeServer) -> Iterator[KubeSphere]:
    with KubeSphere(server.url, username="admin", password="P@88w0rd") as client:
        yield client


MEMBER_NODES = "/kapis/clusters/member-1/resources.kubesphere.io/v1alpha3/nodes"


def test_the_cluster_comes_after_the_root_of_the_api(server: FakeServer, ks: KubeSphere) -> None:  # mc-031, mc-035
    server.answers["GET", MEMBER_NODES] = data({"items": [{"metadata": {"name": "far"}}], "totalItems": 1})
    member = ks.on_cluster("member-1")

    assert [node.metadata.name for node in member.resources.v1alpha3.list_cluster_resources("nodes")] == ["far"]
    assert len(ks.resources.v1alpha3.list_cluster_resources("nodes")) == 5  # the host is still there

    for path in (
        "/apis/clusters/member-1/tenant.kubesphere.io/v1alpha1/workspaces",
        "/kapis/clusters/member-1/iam.kubesphere.io/v1alpha2/users",
    ):
        server.answers["GET", path] = data({"items": []})
    member.crd.tenant.v1alpha1.list_workspaces()
    member.iam.v1alpha2.list_users()
    server.answers["GET", "/api/clusters/member-1/v1/pods"] = data({"items": []})
    member.request("GET", "/api/v1/pods?limit=1")

    assert [seen.path for seen in server.seen[-3:]] == [
        "/apis/clusters/member-1/tenant.kubesphere.io/v1alpha1/workspaces",
        "/kapis/clusters/member-1/iam.kubesphere.io/v1alpha2/users",
        "/api/clusters/member-1/v1/pods",
    ]
    assert server.seen[-1].query == "limit=1"


def test_async_clients_have_members_too(server: FakeServer) -> None:
    server.answers["GET", MEMBER_NODES] = data({"items": [], "totalItems": 0})

    async def run() -> int:
        async with AsyncKubeSphere(server.url, token=server.issue()) as ks:
            return len(await ks.on_cluster("member-1").resources.v1alpha3.list_cluster_resources("nodes"))

    assert asyncio.run(run()) == 0


def test_what_members_do_not_serve_is_refused(server: FakeServer, ks: KubeSphere) -> None:
    before = len(server.seen)
    with pytest.raises(InvalidArgumentError, match="/oauth/token is not served for a member cluster"):
        ks.on_cluster("member-1").oauth.issue_token({"grant_type": "password"})
    assert len(server.seen) == before


@pytest.mark.parametrize("name", ["", "a/b", "..", "a\nb"])
def test_a_name_that_leads_elsewhere_is_refused(name: str, ks: KubeSphere) -> None:
    with pytest.raises(InvalidArgumentError, match="on_cluster: name "):
        ks.on_cluster(name)


def test_the_server_tells_an_unknown_cluster_from_one_that_is_not_ready(server: FakeServer, ks: KubeSphere) -> None:
    server.answers["GET", MEMBER_NODES] = Answer(404, b"cluster member-1 not found", "text/plain")  # mc-004-on
    with pytest.raises(NotFoundError, match="cluster member-1 not found"):
        ks.on_cluster("member-1").resources.v1alpha3.list_cluster_resources("nodes")
    server.answers["GET", MEMBER_NODES] = Answer(500, b"cluster member-1 is not ready", "text/plain")  # mc-006-on
    with pytest.raises(ServerError, match="cluster member-1 is not ready"):
        ks.on_cluster("member-1").resources.v1alpha3.list_cluster_resources("nodes")


def test_closing_a_member_leaves_the_host_open_and_not_the_other_way_round(server: FakeServer, ks: KubeSphere) -> None:
    server.answers["GET", MEMBER_NODES] = data({"items": [], "totalItems": 0})
    with ks.on_cluster("member-1") as member:
        member.resources.v1alpha3.list_cluster_resources("nodes")
    with pytest.raises(ClientClosedError):
        member.resources.v1alpha3.list_cluster_resources("nodes")
    other = ks.on_cluster("member-1")
    assert len(ks.resources.v1alpha3.list_cluster_resources("nodes")) == 5
    ks.close()
    with pytest.raises(ClientClosedError):
        other.resources.v1alpha3.list_cluster_resources("nodes")
